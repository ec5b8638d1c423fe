//! How a page is set: face, size, weight, slant and colour of its words, and the strokes on it.

use pdfium_render::prelude::{
    PdfPage, PdfPageObject, PdfPageObjectCommon, PdfPageObjectsCommon, PdfPagePathObject,
    PdfPageTextChar, PdfPageTextRenderMode, PdfPathSegmentType, PdfPathSegments, PdfPoints,
    PdfRect, PdfRenderConfig,
};

use crate::{
    error::RenderError,
    text::{Box4, GRID, MAX_CHARACTERS, on_grid, picture},
};

/// A box in millimetres from the top left corner of the page as shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SetArea {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// How letters are set.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeStyle {
    /// The face as the file names it.
    pub font: String,
    /// Size as shown, in points.
    pub size_pt: f32,
    /// By the face, or by a stroke around the letters.
    pub is_bold: bool,
    /// By the face, or by slanting the letters.
    pub is_italic: bool,
    /// Red, green, blue.
    pub colour: [u8; 3],
}

/// A word in the style of its first letter.
#[derive(Clone, Debug, PartialEq)]
pub struct SetWord {
    /// As the file has it.
    pub text: String,
    /// From the ascent to the descent of the face.
    pub area: SetArea,
    /// Where its letters stand, in millimetres from the top.
    pub baseline: f32,
    /// How it is set.
    pub style: TypeStyle,
}

/// How a page is set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Typeset {
    /// Width as shown, in millimetres.
    pub width: f32,
    /// Height as shown, in millimetres.
    pub height: f32,
    /// Words by line, in the file's order.
    pub lines: Vec<Vec<SetWord>>,
    /// Strokes across and down: lines, thin boxes, sides of frames, pictures of lines.
    pub strokes: Vec<SetArea>,
    /// Whether every drawing was looked into.
    pub is_drawn_whole: bool,
    /// Pictures cover the page.
    pub is_picture: bool,
    /// Nothing stands on it: no word, no drawing, no picture.
    pub is_empty: bool,
}

const MM_PER_PT: f32 = 25.4 / 72.0;

/// A box no thicker than this is a stroke, in points.
const THIN: f32 = 4.0;

/// Shorter ones are dots, in points.
const SHORT: f32 = 8.0;

/// A page has at most this many objects and strokes that are looked at; a map has a million.
const MAX_OBJECTS: usize = 20_000;
const MAX_STROKES: usize = 5_000;

/// `unit` is the page's /UserUnit, which PDFium leaves out of all its sizes.
pub(crate) fn page_typeset(page: &PdfPage<'_>, unit: f32) -> Result<Typeset, RenderError> {
    let paper = Paper::new(page, unit);
    let (strokes, is_drawn_whole) = strokes(page, &paper);
    let lines = lines(page, &paper)?;
    // Where nobody writes, a word processor may still set a blank.
    let is_blank = |object: PdfPageObject<'_>| object.as_text_object().is_some();
    let mut objects = page.objects().iter().take(MAX_OBJECTS);
    let is_empty = lines.iter().all(Vec::is_empty) && objects.all(is_blank);
    Ok(Typeset {
        width: paper.width,
        height: paper.height,
        lines,
        strokes,
        is_drawn_whole,
        is_picture: picture(page).is_some(),
        is_empty,
    })
}

/// A page's sides as shown, and how to get from its points to millimetres.
struct Paper<'p, 'd> {
    page: &'p PdfPage<'d>,
    grid: PdfRenderConfig,
    width: f32,
    height: f32,
    unit: f32,
}

impl<'p, 'd> Paper<'p, 'd> {
    fn new(page: &'p PdfPage<'d>, unit: f32) -> Self {
        Self {
            page,
            grid: PdfRenderConfig::new().set_fixed_size(GRID, GRID),
            width: page.width().value * unit * MM_PER_PT,
            height: page.height().value * unit * MM_PER_PT,
            unit,
        }
    }

    fn place(&self, bounds: PdfRect) -> Option<Box4> {
        on_grid(self.page, &self.grid, bounds)
    }

    fn area(&self, bounds: Box4) -> SetArea {
        SetArea {
            x: bounds.left * self.width,
            y: bounds.top * self.height,
            w: (bounds.right - bounds.left) * self.width,
            h: (bounds.bottom - bounds.top) * self.height,
        }
    }
}

/// As for selecting text: PDFium puts characters in reading order and makes up spaces and line ends.
fn lines(page: &PdfPage<'_>, paper: &Paper<'_, '_>) -> Result<Vec<Vec<SetWord>>, RenderError> {
    let text = page.text()?;
    let mut lines = Lines::default();
    for character in text.chars().iter().take(MAX_CHARACTERS) {
        match character.unicode_char() {
            Some('\n' | '\r') => lines.end_line(paper),
            Some(blank) if blank.is_whitespace() => lines.end_word(paper),
            Some('\0' | '\u{2}' | '\u{fffe}' | '\u{ffff}') | None => {}
            Some(letter) => lines.push(letter, &character, paper),
        }
    }
    lines.end_line(paper);
    Ok(lines.done)
}

#[derive(Default)]
struct Lines {
    done: Vec<Vec<SetWord>>,
    words: Vec<SetWord>,
    word: String,
    bounds: Option<Box4>,
    baseline: f32,
    style: Option<TypeStyle>,
    /// The style is that of a letter or figure, not of a mark before it.
    is_settled: bool,
}

impl Lines {
    fn push(&mut self, letter: char, character: &PdfPageTextChar<'_>, paper: &Paper<'_, '_>) {
        self.word.push(letter);
        let bounds = character.loose_bounds().ok();
        if let Some(bounds) = bounds.and_then(|bounds| paper.place(bounds)) {
            self.bounds = Some(
                self.bounds
                    .map_or(bounds, |so_far: Box4| so_far.union(bounds)),
            );
        }
        if self.style.is_none() || (!self.is_settled && letter.is_alphanumeric()) {
            self.is_settled = letter.is_alphanumeric();
            self.style = Some(style(character, paper.unit));
            let (x, y) = character
                .origin()
                .unwrap_or((PdfPoints::ZERO, PdfPoints::ZERO));
            let point = paper.place(PdfRect::new(y, x, y, x));
            self.baseline = point.map_or(0.0, |point| point.top * paper.height);
        }
    }

    fn end_word(&mut self, paper: &Paper<'_, '_>) {
        let text = std::mem::take(&mut self.word);
        let style = self.style.take();
        self.is_settled = false;
        if let (Some(bounds), Some(style)) = (self.bounds.take(), style) {
            self.words.push(SetWord {
                text,
                area: paper.area(bounds),
                baseline: self.baseline,
                style,
            });
        }
    }

    fn end_line(&mut self, paper: &Paper<'_, '_>) {
        self.end_word(paper);
        let words = std::mem::take(&mut self.words);
        if !words.is_empty() {
            self.done.push(words);
        }
    }
}

fn style(character: &PdfPageTextChar<'_>, unit: f32) -> TypeStyle {
    let font = character.font_name();
    let name = font.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // Programs embolden a face that has no bold by stroking it.
    let is_stroked = matches!(
        character.render_mode(),
        Ok(PdfPageTextRenderMode::FilledThenStroked
            | PdfPageTextRenderMode::FilledThenStrokedClipping)
    );
    // And slant one that has no italic.
    let is_slanted = character
        .matrix()
        .is_ok_and(|matrix| matrix.b().abs() < 0.01 && matrix.c().abs() > matrix.d().abs() * 0.1);
    let colour = character
        .fill_color()
        .map_or([0, 0, 0], |it| [it.red(), it.green(), it.blue()]);
    TypeStyle {
        size_pt: character.scaled_font_size().value.abs() * unit,
        is_bold: says(&["bold", "black", "heavy", "demi"])
            || character.font_is_bold_reenforced()
            || is_stroked,
        is_italic: says(&["italic", "oblique"]) || character.font_is_italic() || is_slanted,
        colour,
        font,
    }
}

/// The strokes, and whether they are all.
fn strokes(page: &PdfPage<'_>, paper: &Paper<'_, '_>) -> (Vec<SetArea>, bool) {
    let objects = page.objects();
    let mut all = Vec::new();
    let mut is_whole = true;
    for (count, object) in objects.iter().enumerate() {
        if count >= MAX_OBJECTS || all.len() >= MAX_STROKES {
            return (all, false);
        }
        // A drawing within a drawing has coordinates of its own.
        is_whole &= object.as_x_object_form_object().is_none();
        let bounds = object.bounds().ok().map(|bounds| bounds.to_rect());
        let is_drawn = object.as_path_object().is_some() || object.as_image_object().is_some();
        let Some(bounds) = bounds.filter(|_| is_drawn) else {
            continue;
        };
        let thin = bounds.width().value.min(bounds.height().value);
        if thin * paper.unit <= THIN {
            all.extend(stroke(bounds, paper));
        } else if let Some(path) = object.as_path_object() {
            sides(path, &object, paper, &mut all);
        }
    }
    (all, is_whole)
}

fn stroke(bounds: PdfRect, paper: &Paper<'_, '_>) -> Option<SetArea> {
    let long = bounds.width().value.max(bounds.height().value);
    (long * paper.unit >= SHORT)
        .then(|| paper.place(bounds))
        .flatten()
        .map(|bounds| paper.area(bounds))
}

/// The straight sides of a path that go across or down, if they are drawn.
fn sides(
    path: &PdfPagePathObject<'_>,
    object: &PdfPageObject<'_>,
    paper: &Paper<'_, '_>,
    all: &mut Vec<SetArea>,
) {
    let (Ok(matrix), Ok(true)) = (object.matrix(), path.is_stroked()) else {
        return;
    };
    let segments = path.segments().transform(matrix);
    let mut begun: Option<(PdfPoints, PdfPoints)> = None;
    let mut from: Option<(PdfPoints, PdfPoints)> = None;
    for segment in segments.iter().take(MAX_STROKES) {
        let to = segment.point();
        let is_line = matches!(segment.segment_type(), PdfPathSegmentType::LineTo);
        if let (Some(from), true) = (from, is_line) {
            all.extend(side(from, to, paper));
        }
        if matches!(segment.segment_type(), PdfPathSegmentType::MoveTo) {
            begun = Some(to);
        }
        if let (Some(begun), true) = (begun, segment.is_close()) {
            all.extend(side(to, begun, paper));
        }
        from = Some(to);
    }
}

fn side(
    from: (PdfPoints, PdfPoints),
    to: (PdfPoints, PdfPoints),
    paper: &Paper<'_, '_>,
) -> Option<SetArea> {
    let bounds = PdfRect::new(
        from.1.min(to.1),
        from.0.min(to.0),
        from.1.max(to.1),
        from.0.max(to.0),
    );
    let thin = bounds.width().value.min(bounds.height().value);
    (thin * paper.unit < 1.0)
        .then(|| stroke(bounds, paper))
        .flatten()
}
