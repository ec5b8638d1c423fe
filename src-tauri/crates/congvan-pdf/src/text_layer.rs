//! Words under the pictures of them: text that is not drawn but can be searched and copied.

use std::fmt::Write as _;

use crate::{
    Dict, Document, EmbeddedFont, Increment, ObjRef, Object, Page, PdfError, Tail, limits, pages,
};

/// A word and its box in shares of the page as displayed, 0..1 from its upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerWord {
    /// As read.
    pub text: String,
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// The words of one page.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerPage {
    /// Which page, from 0.
    pub index: usize,
    /// Its lines from top to bottom, each from left to right.
    pub lines: Vec<Vec<LayerWord>>,
}

/// What to append to a copy of a document so that the words of its pictures can be found, selected
/// and copied: text in rendering mode 3 (ISO 32000-2, 9.3.6) above what is there, in a font that
/// maps to Unicode. Pages that are not named stay as they are; nothing that is drawn changes.
///
/// `font` is a TrueType font for the widths; of it only the letters that occur are embedded. A line
/// has one base line and one size, or readers split its words.
///
/// None when there are no words.
///
/// # Errors
/// [`PdfError::NoSuchPage`]; where the document is damaged; [`PdfError::Font`]; as
/// [`Increment::finish`]. A signed document would count as changed: that is the caller's to know.
pub fn add_text_layer(
    document: &Document<'_>,
    layers: &[LayerPage],
    font: &[u8],
    id_seed: [u8; 16],
) -> Result<Option<Tail>, PdfError> {
    let all = pages(document)?;
    let mut increment = Increment::new(document);
    let mut letters = EmbeddedFont::new(font)?;
    let complete = !increment.rules().permits_missing_letters();
    let mut changed = Vec::new();
    for layer in layers {
        let page = all.get(layer.index).ok_or(PdfError::NoSuchPage {
            index: layer.index,
            count: all.len(),
        })?;
        let mut lines = layer.lines.clone();
        if complete {
            for word in lines.iter_mut().flatten() {
                word.text.retain(|letter| letters.has(letter));
            }
        }
        if let Some(content) = content(page, &lines, &mut letters)? {
            let text = increment.add_stream(Dict::new(), content.as_bytes())?;
            changed.push((page, text));
        }
    }
    if changed.is_empty() {
        return Ok(None);
    }
    let font = letters.embed(&mut increment)?;
    let save = increment.add_stream(Dict::new(), b"q\n")?;
    for (page, text) in changed {
        let mut contents = vec![Object::Ref(save)];
        contents.extend(contents_of(document, &page.dict)?);
        contents.push(Object::Ref(text));
        let mut dict = page.dict.clone();
        dict.set("Contents", Object::Array(contents));
        dict.set("Resources", resources(document, &page.dict, font)?);
        increment.put(page.id, Object::Dict(dict));
    }
    increment.finish(id_seed).map(Some)
}

/// The font's name among a page's resources: nobody else's by its length.
const FONT: &str = "CongVanTextLayer";

/// A gap wider than this share of the line's size is no space between words.
const SPACE: f64 = 1.6;

/// What draws the words; none where there are none.
fn content(
    page: &Page,
    lines: &[Vec<LayerWord>],
    font: &mut EmbeddedFont<'_>,
) -> Result<Option<String>, PdfError> {
    let [left, bottom, right, top] = page.visible;
    // From the page as displayed, upwards from its lower left corner, to user space.
    let (matrix, width, height) = match page.rotate {
        90 => (
            [0.0, 1.0, -1.0, 0.0, right, bottom],
            top - bottom,
            right - left,
        ),
        180 => (
            [-1.0, 0.0, 0.0, -1.0, right, top],
            right - left,
            top - bottom,
        ),
        270 => ([0.0, -1.0, 1.0, 0.0, left, top], top - bottom, right - left),
        _ => (
            [1.0, 0.0, 0.0, 1.0, left, bottom],
            right - left,
            top - bottom,
        ),
    };
    let mut text = String::new();
    for line in lines {
        draw_line(line, (width, height), font, &mut text)?;
    }
    if text.is_empty() {
        return Ok(None);
    }
    let numbers: Vec<String> = matrix.iter().map(|value| number(*value)).collect();
    Ok(Some(format!(
        "Q\nq {} cm BT 3 Tr\n{text}ET Q\n",
        numbers.join(" ")
    )))
}

fn draw_line(
    line: &[LayerWord],
    (width, height): (f64, f64),
    font: &mut EmbeddedFont<'_>,
    out: &mut String,
) -> Result<(), PdfError> {
    let words: Vec<&LayerWord> = line.iter().filter(|word| is_sound(word)).collect();
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let of = |part: fn(&LayerWord) -> f32| {
        middle(words.iter().map(|word| f64::from(part(word))).collect())
    };
    let (Some(tall), Some(low)) = (of(|word| word.h), of(|word| word.y + word.h)) else {
        return Ok(());
    };
    // As large as the letters with their marks and tails.
    let size = (tall * height / (font.ascent(1.0) + font.descent(1.0))).clamp(1.0, 400.0);
    let base = (1.0 - low) * height + font.descent(size);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "/{FONT} {} Tf", number(size));
    for (place, word) in words.iter().enumerate() {
        let (x, wide) = (f64::from(word.x) * width, f64::from(word.w) * width);
        let _ = writeln!(out, "1 0 0 1 {} {} Tm", number(x), number(base));
        show(&word.text, wide, (font, size), out)?;
        let next = words.get(place + 1).map(|next| f64::from(next.x) * width);
        if let Some(gap) = next.map(|next| next - x - wide)
            && gap < size * SPACE
        {
            show(" ", gap.max(size * 0.05), (font, size), out)?;
        }
    }
    Ok(())
}

/// Shows a text stretched to a width.
fn show(
    text: &str,
    wide: f64,
    (font, size): (&mut EmbeddedFont<'_>, f64),
    out: &mut String,
) -> Result<(), PdfError> {
    let natural = font.width(text, size).max(0.01);
    let stretch = (100.0 * wide / natural).clamp(1.0, 10_000.0);
    let codes = font.encode(text)?;
    let _ = writeln!(out, "{} Tz {codes} Tj", number(stretch));
    Ok(())
}

fn is_sound(word: &LayerWord) -> bool {
    let inside = [word.x, word.y, word.w, word.h]
        .iter()
        .all(|value| (-0.5..=1.5).contains(value));
    let said = word.text.chars().any(|letter| !letter.is_whitespace());
    inside && said && word.w > 0.0 && word.h > 0.0 && !word.text.chars().any(char::is_control)
}

fn number(value: f64) -> String {
    let rounded = (value * 1000.0).round() / 1000.0;
    format!("{rounded}")
}

/// What the page draws now, as references.
fn contents_of(document: &Document<'_>, page: &Dict) -> Result<Vec<Object>, PdfError> {
    let Some(own) = page.get("Contents") else {
        return Ok(Vec::new());
    };
    let value = document.resolve(own)?;
    Ok(match value.as_array() {
        Some(items) => items.to_vec(),
        None if value.as_stream().is_some() => vec![own.clone()],
        None => Vec::new(),
    })
}

/// The page's resources, its own or inherited (7.7.3.4), with the font.
fn resources(document: &Document<'_>, page: &Dict, font: ObjRef) -> Result<Object, PdfError> {
    let mut node = page.clone();
    for _ in 0..limits::TREE_DEPTH {
        let found = document.value(&node, "Resources")?;
        if let Some(dict) = found.as_dict() {
            return with_font(document, dict.clone(), font);
        }
        let parent = document.value(&node, "Parent")?;
        match parent.as_dict() {
            Some(parent) => node = parent.clone(),
            None => break,
        }
    }
    with_font(document, Dict::new(), font)
}

fn with_font(document: &Document<'_>, mut dict: Dict, font: ObjRef) -> Result<Object, PdfError> {
    let fonts = document.value(&dict, "Font")?;
    let fonts = fonts.as_dict().cloned().unwrap_or_default();
    dict.set("Font", Object::Dict(fonts.with(FONT, Object::Ref(font))));
    Ok(Object::Dict(dict))
}
