//! The words of a letter's pages, from its text layer or by OCR: only as much as its fields need.
//!
//! The head stands on the upper part of the first page and the signature on the last page, so a
//! letter of many pages is not read whole to be registered. What is read goes to `congvan-intake`.

use std::sync::Arc;

use congvan_intake::{Area, Line, PageText, Source, Word, signature_to_read_again, with_signature};
use congvan_model::ByteSource;

use crate::{
    DocumentHandle, GreyPicture, OcrClient, OcrError, OcrLayout, OcrLine, OcrTurn, PageScan,
    RenderClient, RenderError, turning,
};

/// Enough to read print of 8 points; more dots take more time and read no better.
const DPI: u32 = 200;

/// How much of a first page holds the head: the subject of a long official letter ends above.
const HEAD: f32 = 0.45;

/// Stamps stand in the head; red ink further down is seals.
const STAMPS: f32 = 0.5;

/// Fewer letters on a page are a page number or a signature's text, not a text layer.
const FEW_LETTERS: usize = 60;

/// A page of a letter: of an open document, turned as a person turned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterPage {
    /// The document.
    pub document: DocumentHandle,
    /// Page of the document, from 0.
    pub page: u32,
    /// Quarter turns clockwise on top of the document's own.
    pub turns: u8,
}

/// What was read of a letter so that its fields can be found.
#[derive(Clone, Debug, PartialEq)]
pub struct LetterText {
    /// The pages that were read, in order: the first, and the last if it is another.
    pub pages: Vec<PageText>,
    /// How many pages the letter has.
    pub page_count: u32,
    /// Where the words of the first page come from.
    pub source: Source,
}

/// Why a letter could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The file cannot be opened or shown.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// Its picture cannot be read.
    #[error(transparent)]
    Ocr(#[from] OcrError),
}

/// Reads as much of a PDF as the fields of a letter need.
///
/// # Errors
/// [`LetterError::Render`] when the file is no PDF, locked or damaged; [`LetterError::Ocr`] when it
/// is a scan and cannot be read.
pub async fn read_for_fields(
    render: &RenderClient,
    ocr: &OcrClient,
    source: Arc<dyn ByteSource>,
) -> Result<LetterText, LetterError> {
    let document = render.open(source).await?;
    let count = u32::try_from(document.pages.len()).unwrap_or(u32::MAX);
    let pages: Vec<LetterPage> = (0..count)
        .map(|page| LetterPage {
            document: document.handle,
            page,
            turns: 0,
        })
        .collect();
    let read = read_head(render, ocr, &pages).await;
    render.close(document.handle);
    read
}

/// Reads as much of a letter as its fields need, from pages of open documents. A page with text of
/// its own is not read as a picture; one whose text lies on a picture is, because the text is
/// somebody's reading of it and says nothing of stamps.
///
/// # Errors
/// As [`read_for_fields`].
pub async fn read_head(
    render: &RenderClient,
    ocr: &OcrClient,
    pages: &[LetterPage],
) -> Result<LetterText, LetterError> {
    let page_count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    let nothing = RenderError::PageOutOfRange { pages: 0 };
    let (first, last) = (pages.first().ok_or(nothing.clone())?, pages.last());
    let last = last.filter(|_| page_count > 1);
    let desk = Desk {
        render,
        ocr,
        turn: OcrTurn::Fields,
    };
    let part = if last.is_some() { HEAD } else { 1.0 };
    let head = match desk.layer(*first, 0).await? {
        Some(text) => text,
        None => desk.scan(*first, 0, (part, last.is_none())).await?,
    };
    let source = head.source;
    let mut read = vec![head];
    if let Some(last) = last {
        let index = page_count.saturating_sub(1);
        let foot = match desk.layer(*last, index).await? {
            Some(text) => text,
            None => {
                let page = desk.picture(*last, 1.0).await?;
                let page = PageScan { red: None, ..page };
                desk.read(index, (page, true)).await?
            }
        };
        read.push(foot);
    }
    Ok(LetterText {
        pages: read,
        page_count,
        source,
    })
}

/// Reads all of a page for searching, after everything that a person waits for; `index` is its
/// place in the letter.
///
/// # Errors
/// As [`read_for_fields`].
pub async fn read_whole_page(
    render: &RenderClient,
    ocr: &OcrClient,
    page: LetterPage,
    index: u32,
) -> Result<PageText, LetterError> {
    let desk = Desk {
        render,
        ocr,
        turn: OcrTurn::Search,
    };
    if let Some(text) = desk.layer(page, index).await? {
        return Ok(text);
    }
    let scan = desk.picture(page, 1.0).await?;
    let scan = PageScan { red: None, ..scan };
    desk.read(index, (scan, false)).await
}

/// Where pages are drawn and read.
struct Desk<'a> {
    render: &'a RenderClient,
    ocr: &'a OcrClient,
    turn: OcrTurn,
}

impl Desk<'_> {
    /// The page's own text; none where it is a picture, or has next to none.
    async fn layer(&self, page: LetterPage, index: u32) -> Result<Option<PageText>, LetterError> {
        let text = self.render.page_text(page.document, page.page).await?;
        let letters: usize = text
            .lines
            .iter()
            .map(|line| line.text.chars().filter(|c| c.is_alphabetic()).count())
            .sum();
        let is_own = letters >= FEW_LETTERS && text.picture.is_none();
        Ok(is_own.then(|| from_layer(index, text, page.turns)))
    }

    async fn scan(
        &self,
        page: LetterPage,
        index: u32,
        (part, is_last): (f32, bool),
    ) -> Result<PageText, LetterError> {
        let scan = self.picture(page, part).await?;
        self.read(index, (scan, is_last)).await
    }

    /// The upper part of a page as it is shown after turning.
    async fn picture(&self, page: LetterPage, part: f32) -> Result<PageScan, LetterError> {
        let whole = if page.turns.is_multiple_of(4) {
            part
        } else {
            1.0
        };
        let scan = self
            .render
            .page_scan(page.document, page.page, (DPI, whole))
            .await?;
        Ok(turning::scan(scan, page.turns, part))
    }

    /// Reads print and stamps of one page.
    async fn read(
        &self,
        page: u32,
        (scan, is_last): (PageScan, bool),
    ) -> Result<PageText, LetterError> {
        let PageScan {
            print,
            page_height,
            red,
            ..
        } = scan;
        #[expect(
            clippy::cast_precision_loss,
            reason = "sides have fewer than 2^24 dots"
        )]
        let (width, height, part) = (
            print.width as f32,
            page_height as f32,
            print.height as f32 / page_height as f32,
        );
        let stamps = red.and_then(|(picture, place)| upper(picture, place, page_height));
        let copy = is_last.then(|| print.clone());
        let printed = self.ocr.read(print, OcrLayout::Page, self.turn).await?;
        let lines = printed
            .into_iter()
            .map(|line| placed(line, (0.0, 0.0), (1.0, part)))
            .collect();
        let red = match stamps {
            None => Vec::new(),
            Some(stamps) => self.stamps(stamps, (width, height)).await?,
        };
        let read = PageText {
            page,
            ratio: height / width,
            source: Source::Ocr,
            lines,
            red,
        };
        match copy.zip(signature_to_read_again(&read)) {
            Some((print, area)) => Ok(signature(self.ocr, read, &print, area).await?),
            None => Ok(read),
        }
    }

    /// Reads red ink, placed on a page of these sides in dots.
    async fn stamps(
        &self,
        (picture, (left, top)): (GreyPicture, (u32, u32)),
        (width, height): (f32, f32),
    ) -> Result<Vec<Line>, LetterError> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "sides have fewer than 2^24 dots"
        )]
        let (shift, scale) = (
            (left as f32 / width, top as f32 / height),
            (picture.width as f32 / width, picture.height as f32 / height),
        );
        let read = self.ocr.read(picture, OcrLayout::Sparse, self.turn).await?;
        Ok(read
            .into_iter()
            .map(|line| placed(line, shift, scale))
            .collect())
    }
}

/// Reads the place of the signature once more by itself, as scattered pieces: a seal and a signature
/// over the print confuse the search for blocks of text.
async fn signature(
    ocr: &OcrClient,
    page: PageText,
    print: &GreyPicture,
    area: Area,
) -> Result<PageText, OcrError> {
    let Some(picture) = cut(print, area) else {
        return Ok(page);
    };
    let read = ocr
        .read(picture, OcrLayout::Sparse, OcrTurn::Fields)
        .await?;
    let lines = read
        .into_iter()
        .map(|line| placed(line, (area.x, area.y), (area.w, area.h)))
        .collect();
    Ok(with_signature(page, area, lines))
}

/// A part of a picture that shows a whole page.
fn cut(print: &GreyPicture, area: Area) -> Option<GreyPicture> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "parts of a side, which has fewer than 2^24 dots"
    )]
    let dots = |part: f32, side: u32| ((part.clamp(0.0, 1.0) * side as f32) as u32).min(side);
    let (left, top) = (dots(area.x, print.width), dots(area.y, print.height));
    let (width, height) = (
        dots(area.w, print.width).min(print.width - left),
        dots(area.h, print.height).min(print.height - top),
    );
    if width < 100 || height < 60 {
        return None;
    }
    let size = |dots: u32| usize::try_from(dots).ok();
    let (row, skip, take) = (size(print.width)?, size(left)?, size(width)?);
    let pixels = print
        .pixels
        .chunks_exact(row)
        .skip(size(top)?)
        .take(size(height)?)
        .flat_map(|row| row.get(skip..skip + take).unwrap_or_default())
        .copied()
        .collect();
    Some(GreyPicture {
        width,
        height,
        dpi: print.dpi,
        pixels,
    })
}

/// The rows of a picture that lie in the upper part of the page; Tesseract finds nothing in a strip
/// lower than a letter.
fn upper(
    picture: GreyPicture,
    (left, top): (u32, u32),
    page_height: u32,
) -> Option<(GreyPicture, (u32, u32))> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a part of a side"
    )]
    let limit = (page_height as f32 * STAMPS) as u32;
    let height = picture.height.min(limit.saturating_sub(top));
    if height < 20 {
        return None;
    }
    let GreyPicture {
        width,
        dpi,
        mut pixels,
        ..
    } = picture;
    pixels.truncate(usize::try_from(u64::from(width) * u64::from(height)).ok()?);
    Some((
        GreyPicture {
            width,
            height,
            dpi,
            pixels,
        },
        (left, top),
    ))
}

/// From fractions of a picture to fractions of the page.
fn placed(line: OcrLine, shift: (f32, f32), scale: (f32, f32)) -> Line {
    let words = line.words.into_iter().map(|word| Word {
        text: word.text,
        area: Area {
            x: shift.0 + word.x * scale.0,
            y: shift.1 + word.y * scale.1,
            w: word.w * scale.0,
            h: word.h * scale.1,
        },
        confidence: word.confidence,
    });
    Line {
        words: words.collect(),
    }
}

fn from_layer(page: u32, text: crate::PageText, turns: u8) -> PageText {
    let word = |word: crate::TextWord| Word {
        text: word.text,
        area: turning::area(
            Area {
                x: word.x,
                y: word.y,
                w: word.w,
                h: word.h,
            },
            turns,
        ),
        confidence: 1.0,
    };
    let lines = text
        .lines
        .into_iter()
        .map(|line| Line {
            words: line.words.into_iter().map(word).collect(),
        })
        .collect();
    // The text layer's page is A4 as far as gaps between words are concerned.
    PageText {
        page,
        ratio: std::f32::consts::SQRT_2,
        source: Source::TextLayer,
        lines,
        red: Vec::new(),
    }
}
