//! The words of a letter's pages, from its text layer or by OCR: only as much as its fields need.
//!
//! The head stands on the upper part of the first page and the signature on the last page, so a
//! letter of many pages is not read whole to be registered. What is read goes to `congvan-intake`.

use std::sync::Arc;

use congvan_intake::{
    Area, Line, PageText, Source, Word, head_to_read_again, is_signed, signature_to_read_again,
    with_head, with_signature,
};
use congvan_model::ByteSource;

use crate::{
    DocumentHandle, GreyPicture, OcrClient, OcrError, OcrLayout, OcrLine, OcrTurn, PageScan,
    RenderClient, RenderError,
    crops::{cut, enlarged, hardened, upper},
    turning,
};

/// Enough to read print of 8 points; more dots take more time and read no better.
const DPI: u32 = 200;

/// How much of a first page holds the head: the subject of a long official letter ends above.
const HEAD: f32 = 0.45;

/// How many pages before the last are looked at for a signature: those after it are annexes.
const ANNEXES: usize = 2;

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
    /// The pages that were read, in order: the first, the one that is signed, and the last.
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

/// Who reads pictures: Tesseract's workers, or a measurement that remembers what they read before.
pub trait ReadPicture: Sync {
    /// As [`OcrClient::read`].
    ///
    /// # Errors
    /// As [`OcrClient::read`].
    fn read_picture(
        &self,
        picture: GreyPicture,
        layout: OcrLayout,
        turn: OcrTurn,
    ) -> impl Future<Output = Result<Vec<OcrLine>, OcrError>> + Send;
}

impl ReadPicture for OcrClient {
    async fn read_picture(
        &self,
        picture: GreyPicture,
        layout: OcrLayout,
        turn: OcrTurn,
    ) -> Result<Vec<OcrLine>, OcrError> {
        self.read(picture, layout, turn).await
    }
}

/// Reads as much of a PDF as the fields of a letter need.
///
/// # Errors
/// [`LetterError::Render`] when the file is no PDF, locked or damaged; [`LetterError::Ocr`] when it
/// is a scan and cannot be read.
pub async fn read_for_fields<R: ReadPicture>(
    render: &RenderClient,
    ocr: &R,
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
pub async fn read_head<R: ReadPicture>(
    render: &RenderClient,
    ocr: &R,
    pages: &[LetterPage],
) -> Result<LetterText, LetterError> {
    let page_count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    let nothing = RenderError::PageOutOfRange { pages: 0 };
    let first = *pages.first().ok_or(nothing)?;
    let desk = Desk {
        render,
        ocr,
        turn: OcrTurn::Fields,
    };
    let is_single = page_count == 1;
    let part = if is_single { 1.0 } else { HEAD };
    let head = match desk.layer(first, 0).await? {
        Some(text) => text,
        None => desk.scan(first, 0, (part, is_single)).await?,
    };
    let source = head.source;
    // From the last page back to the one that is signed: annexes follow it.
    let mut feet = Vec::new();
    let rest = (0..page_count).zip(pages).skip(1).rev();
    for (index, page) in rest.take(ANNEXES + 1) {
        let foot = desk.foot(*page, index).await?;
        let is_found = is_signed(&foot);
        feet.push(foot);
        if is_found {
            break;
        }
    }
    let is_found = feet.last().is_none_or(is_signed);
    let head = if is_found || pages.len() > ANNEXES + 1 || source == Source::TextLayer {
        head
    } else {
        desk.scan(first, 0, (1.0, true)).await?
    };
    let mut read = vec![head];
    // Nothing but a page that says something: the last, or the one that is signed.
    let count = feet.len();
    let kept = feet
        .into_iter()
        .enumerate()
        .filter(|(place, _)| *place == 0 || place + 1 == count);
    read.extend(
        kept.map(|(_, page)| page)
            .collect::<Vec<_>>()
            .into_iter()
            .rev(),
    );
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
pub async fn read_whole_page<R: ReadPicture>(
    render: &RenderClient,
    ocr: &R,
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
struct Desk<'a, R> {
    render: &'a RenderClient,
    ocr: &'a R,
    turn: OcrTurn,
}

impl<R: ReadPicture> Desk<'_, R> {
    /// A page that may be signed.
    async fn foot(&self, page: LetterPage, index: u32) -> Result<PageText, LetterError> {
        if let Some(text) = self.layer(page, index).await? {
            return Ok(text);
        }
        let scan = self.picture(page, 1.0).await?;
        let scan = PageScan { red: None, ..scan };
        self.read(index, (scan, true)).await
    }

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
        let is_head = page == 0;
        let wants_again = self.turn == OcrTurn::Fields && (is_last || is_head);
        let copy = wants_again.then(|| print.clone());
        let printed = self
            .ocr
            .read_picture(print, OcrLayout::Page, self.turn)
            .await?;
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
        let Some(print) = copy else {
            return Ok(read);
        };
        let read = if is_head {
            self.head_again(read, (&print, part)).await?
        } else {
            read
        };
        match signature_to_read_again(&read).filter(|_| is_last) {
            Some(area) => Ok(signature(self.ocr, read, &print, area).await?),
            None => Ok(read),
        }
    }

    /// Reads the doubtful parts of a head once more, each by itself as a block of larger letters:
    /// the search for columns and blocks that confuses them is left out.
    async fn head_again(
        &self,
        mut page: PageText,
        (print, part): (&GreyPicture, f32),
    ) -> Result<PageText, LetterError> {
        for area in head_to_read_again(&page) {
            let on_picture = Area {
                y: area.y / part,
                h: area.h / part,
                ..area
            };
            let Some((picture, taken)) = cut(print, on_picture) else {
                continue;
            };
            let read = self
                .ocr
                .read_picture(enlarged(&picture), OcrLayout::Block, self.turn)
                .await?;
            // Of the picture, which shows only this part of the page.
            let (shift, scale) = ((taken.x, taken.y * part), (taken.w, taken.h * part));
            let lines = read
                .into_iter()
                .map(|line| placed(line, shift, scale))
                .collect();
            page = with_head(page, area, lines);
        }
        Ok(page)
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
        let read = self
            .ocr
            .read_picture(picture, OcrLayout::Sparse, self.turn)
            .await?;
        Ok(read
            .into_iter()
            .map(|line| placed(line, shift, scale))
            .collect())
    }
}

/// Reads the place of the signature once more by itself, as scattered pieces: a seal and a signature
/// over the print confuse the search for blocks of text.
async fn signature<R: ReadPicture>(
    ocr: &R,
    page: PageText,
    print: &GreyPicture,
    area: Area,
) -> Result<PageText, OcrError> {
    let Some((picture, taken)) = cut(print, area) else {
        return Ok(page);
    };
    let read = ocr
        .read_picture(
            enlarged(&hardened(picture)),
            OcrLayout::Sparse,
            OcrTurn::Fields,
        )
        .await?;
    let lines = read
        .into_iter()
        .map(|line| placed(line, (taken.x, taken.y), (taken.w, taken.h)))
        .collect();
    Ok(with_signature(page, area, lines))
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
