use pdfium_render::prelude::{
    PdfColorSpace, PdfPage, PdfPageImageObject, PdfPageObject, PdfPageObjectCommon,
    PdfPageObjectsCommon, PdfPoints, PdfRect, PdfRenderConfig, Pixels,
};

use crate::error::RenderError;

/// The text of a page in the file's order. Boxes are fractions of the page as shown, from its top
/// left corner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageText {
    /// The lines.
    pub lines: Vec<TextLine>,
    /// The pictures that cover the page, if they do: it is a scan, and its text somebody's reading
    /// of it.
    pub picture: Option<PagePicture>,
}

/// A page that is a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PagePicture {
    /// Dots per inch of the sharpest of its large pictures, the lesser of across and down.
    pub dpi: f32,
    /// Whether any of its pictures has colour.
    pub is_colour: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLine {
    /// Words separated by single spaces.
    pub text: String,
    /// Left edge, 0..1.
    pub x: f32,
    /// Top edge, 0..1.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// Its words.
    pub words: Vec<TextWord>,
}

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub struct TextWord {
    /// As the file has it: NFC or NFD.
    pub text: String,
    /// Left edge, 0..1.
    pub x: f32,
    /// Top edge, 0..1.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// A page has at most this many characters that are looked at; a page of a register has 10,000.
pub(crate) const MAX_CHARACTERS: usize = 200_000;

/// PDFium converts to whole pixels, so the page is taken to be this many wide and high.
pub(crate) const GRID: Pixels = 1_000_000;

/// A box in fractions of the page as shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Box4 {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
}

impl Box4 {
    pub(crate) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// Groups PDFium's characters into words and lines. PDFium puts them in reading order and makes up
/// spaces and line ends where the file has only positions.
pub(crate) fn page_text(page: &PdfPage<'_>) -> Result<PageText, RenderError> {
    let grid = PdfRenderConfig::new().set_fixed_size(GRID, GRID);
    let text = page.text()?;
    let mut lines = Lines::default();
    for character in text.chars().iter().take(MAX_CHARACTERS) {
        match character.unicode_char() {
            Some('\n' | '\r') => lines.end_line(),
            Some(blank) if blank.is_whitespace() => lines.end_word(),
            // Zero stands for a glyph the font has no letter for; U+0002 for a soft hyphen.
            Some('\0' | '\u{2}' | '\u{fffe}' | '\u{ffff}') | None => {}
            Some(letter) => {
                let bounds = character.loose_bounds().ok();
                lines.push(
                    letter,
                    bounds.and_then(|bounds| on_grid(page, &grid, bounds)),
                );
            }
        }
    }
    lines.end_line();
    Ok(PageText {
        lines: lines.done,
        picture: picture(page),
    })
}

/// Pictures over this share of a page make it a scan.
const COVERED: f32 = 0.6;

/// Objects of a page that are looked at; a scanner makes one picture, or some strips and layers.
const MAX_OBJECTS: usize = 2_000;

/// The pictures of a page as one.
pub(crate) fn picture(page: &PdfPage<'_>) -> Option<PagePicture> {
    let whole = page.width().value * page.height().value;
    let mut covered = 0.0;
    let mut pictures = Vec::new();
    let mut is_colour = false;
    for object in page.objects().iter().take(MAX_OBJECTS) {
        let Some(image) = object.as_image_object() else {
            continue;
        };
        let Ok(bounds) = object.bounds() else {
            continue;
        };
        let area = bounds.width().value.abs() * bounds.height().value.abs();
        covered += area;
        is_colour |= has_colour(image);
        pictures.push((area, density(image, &object)));
    }
    // A scanner may lay sharp print over a coarse picture of the paper: the sharpest of what is about
    // as large as the largest counts.
    let largest = pictures.iter().map(|(area, _)| *area).fold(0.0, f32::max);
    let sharpest = pictures.iter().filter(|(area, _)| *area >= largest / 2.0);
    let dpi = sharpest.map(|(_, dpi)| *dpi).fold(0.0, f32::max);
    (covered >= whole * COVERED).then_some(PagePicture { dpi, is_colour })
}

fn density(image: &PdfPageImageObject<'_>, object: &PdfPageObject<'_>) -> f32 {
    let sides = || {
        // A picture may lie turned on its page: its own sides count, not those of the box around it.
        let matrix = object.matrix().ok()?;
        let (wide, high) = (matrix.a().hypot(matrix.b()), matrix.c().hypot(matrix.d()));
        let (width, height) = (image.width().ok()?, image.height().ok()?);
        #[expect(
            clippy::cast_precision_loss,
            reason = "sides have fewer than 2^24 dots"
        )]
        let (across, down) = (
            width as f32 * 72.0 / wide.max(1.0),
            height as f32 * 72.0 / high.max(1.0),
        );
        Some(across.min(down))
    };
    sides().unwrap_or(0.0)
}

/// One component is grey or black and white, unless it points to a palette; what cannot be told
/// counts as colour.
fn has_colour(image: &PdfPageImageObject<'_>) -> bool {
    let space = image.color_space();
    if let Ok(PdfColorSpace::DeviceGray | PdfColorSpace::CalibratedCIEGray) = space {
        return false;
    }
    let is_palette = matches!(space, Ok(PdfColorSpace::Indexed));
    let bits = image.bits_per_pixel().unwrap_or(0);
    is_palette || !(1..=8).contains(&bits)
}

pub(crate) fn on_grid(page: &PdfPage<'_>, grid: &PdfRenderConfig, bounds: PdfRect) -> Option<Box4> {
    let corner = |x: PdfPoints, y: PdfPoints| page.points_to_pixels(x, y, grid).ok();
    let one = corner(bounds.left(), bounds.top())?;
    let other = corner(bounds.right(), bounds.bottom())?;
    // A rotated page swaps the corners. A fraction of a millionth is exact enough in f32.
    #[expect(clippy::cast_precision_loss)]
    let fraction = |pixels: Pixels| (pixels as f32 / GRID as f32).clamp(0.0, 1.0);
    Some(Box4 {
        left: fraction(one.0.min(other.0)),
        top: fraction(one.1.min(other.1)),
        right: fraction(one.0.max(other.0)),
        bottom: fraction(one.1.max(other.1)),
    })
}

#[derive(Default)]
struct Lines {
    done: Vec<TextLine>,
    words: Vec<(String, Box4)>,
    word: String,
    bounds: Option<Box4>,
}

impl Lines {
    /// A character without a box belongs to the word but does not widen it, as combining marks do.
    fn push(&mut self, letter: char, bounds: Option<Box4>) {
        self.word.push(letter);
        self.bounds = match (self.bounds, bounds) {
            (Some(so_far), Some(more)) => Some(so_far.union(more)),
            (so_far, more) => so_far.or(more),
        };
    }

    fn end_word(&mut self) {
        let text = std::mem::take(&mut self.word);
        if let (Some(bounds), false) = (self.bounds.take(), text.is_empty()) {
            self.words.push((text, bounds));
        }
    }

    fn end_line(&mut self) {
        self.end_word();
        let words = std::mem::take(&mut self.words);
        let Some(bounds) = words.iter().map(|(_, bounds)| *bounds).reduce(Box4::union) else {
            return;
        };
        let text = words
            .iter()
            .map(|(text, _)| text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        self.done.push(TextLine {
            text,
            x: bounds.left,
            y: bounds.top,
            w: bounds.right - bounds.left,
            h: bounds.bottom - bounds.top,
            words: words
                .into_iter()
                .map(|(text, bounds)| word(text, bounds))
                .collect(),
        });
    }
}

fn word(text: String, bounds: Box4) -> TextWord {
    TextWord {
        text,
        x: bounds.left,
        y: bounds.top,
        w: bounds.right - bounds.left,
        h: bounds.bottom - bounds.top,
    }
}
