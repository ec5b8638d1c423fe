//! Marks on pages as a PDF with embedded faces.

use std::io::Write as _;

use anyhow::{Context, Result};
use congvan_testkit::FontSubset;
use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str};

use crate::font::{Fonts, Style};

/// A mark; points from the top left corner, `y` of text is its baseline.
pub(super) enum Mark {
    Text {
        at: (f32, f32),
        size: f32,
        /// One of the four styles of the letter's face, or of the other one.
        style: Style,
        is_other: bool,
        text: String,
        extra: f32,
        ink: [u8; 3],
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
        ink: [u8; 3],
    },
    Frame {
        at: (f32, f32),
        sides: (f32, f32),
        ink: [u8; 3],
    },
}

const NAMES: [&[u8]; 8] = [b"F0", b"F1", b"F2", b"F3", b"G0", b"G1", b"G2", b"G3"];
const OTHER: [&str; 4] = [
    "ArialMT",
    "Arial-BoldMT",
    "Arial-ItalicMT",
    "Arial-BoldItalicMT",
];
const STYLES: [Style; 4] = [
    Style::Regular,
    Style::Bold,
    Style::Italic,
    Style::BoldItalic,
];

/// The file; `paper` in points.
pub(super) fn pdf(
    pages: &[Vec<Mark>],
    paper: (f32, f32),
    (fonts, other): (&Fonts, &Fonts),
    names: [&str; 4],
) -> Result<Vec<u8>> {
    let mut last = 0;
    let mut next = || {
        last += 1;
        Ref::new(last)
    };
    let (catalog, tree) = (next(), next());
    let mut faces = Vec::new();
    for (fonts, names) in [(fonts, names), (other, OTHER)] {
        for (style, name) in STYLES.into_iter().zip(names) {
            faces.push((next(), FontSubset::new(fonts.data(style), name)?));
        }
    }
    let mut pdf = Pdf::new();
    let mut kids = Vec::new();
    for marks in pages {
        let content = draw(marks, paper.1, &mut faces)?;
        let (page, stream) = (next(), next());
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&content)?;
        pdf.stream(stream, &encoder.finish()?)
            .filter(Filter::FlateDecode);
        let mut object = pdf.page(page);
        object
            .parent(tree)
            .media_box(Rect::new(0.0, 0.0, paper.0, paper.1))
            .contents(stream);
        let mut resources = object.resources();
        let mut dictionary = resources.fonts();
        for (name, (font, face)) in NAMES.iter().zip(&faces) {
            if face.is_used() {
                dictionary.pair(Name(name), *font);
            }
        }
        dictionary.finish();
        resources.finish();
        object.finish();
        kids.push(page);
    }
    for (font, face) in &faces {
        if face.is_used() {
            face.write(&mut pdf, *font, &mut next)?;
        }
    }
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).count(i32::try_from(kids.len())?).kids(kids);
    Ok(pdf.finish())
}

fn draw(marks: &[Mark], height: f32, faces: &mut [(Ref, FontSubset<'_>)]) -> Result<Vec<u8>> {
    let mut content = Content::new();
    content.set_line_width(0.7);
    let part = |ink: [u8; 3]| ink.map(|part| f32::from(part) / 255.0);
    for mark in marks {
        match mark {
            Mark::Line { from, to, ink } => {
                let [r, g, b] = part(*ink);
                content.set_stroke_rgb(r, g, b);
                content
                    .move_to(from.0, height - from.1)
                    .line_to(to.0, height - to.1)
                    .stroke();
            }
            Mark::Frame { at, sides, ink } => {
                let [r, g, b] = part(*ink);
                content.set_stroke_rgb(r, g, b);
                content
                    .rect(at.0, height - at.1 - sides.1, sides.0, sides.1)
                    .stroke();
            }
            Mark::Text {
                at,
                size,
                style,
                is_other,
                text,
                extra,
                ink,
            } => {
                let place = *style as usize + if *is_other { 4 } else { 0 };
                let [r, g, b] = part(*ink);
                let (_, face) = faces.get_mut(place).context("face")?;
                content.set_fill_rgb(r, g, b);
                content.begin_text();
                content.set_font(Name(NAMES[place]), *size);
                content.next_line(at.0, height - at.1);
                let mut positioned = content.show_positioned();
                let mut items = positioned.items();
                let mut run: Vec<u8> = Vec::new();
                for letter in text.chars() {
                    run.extend(face.encode(letter)?);
                    if letter == ' ' && *extra != 0.0 {
                        items.show(Str(&std::mem::take(&mut run)));
                        items.adjust(-extra / size * 1000.0);
                    }
                }
                if !run.is_empty() {
                    items.show(Str(&run));
                }
                items.finish();
                positioned.finish();
                content.end_text();
            }
        }
    }
    Ok(content.finish().into_vec())
}
