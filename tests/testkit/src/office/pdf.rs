//! Positioned text to a PDF with embedded subset fonts and text that extracts as typed.

use std::io::Write as _;

use anyhow::{Context, Result};
use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::{
    Fonts,
    font::Style,
    layout::{Ink, Item, PAGE_HEIGHT, PAGE_WIDTH, Page},
};
use crate::FontSubset;

const FONT_NAMES: [Name<'static>; 4] = [Name(b"F0"), Name(b"F1"), Name(b"F2"), Name(b"F3")];

pub(super) struct Numbers(i32);

impl Numbers {
    pub(super) fn new() -> Self {
        Self(0)
    }

    pub(super) fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

pub(super) fn text_pdf(fonts: &Fonts, pages: &[Page], title: &str) -> Result<Vec<u8>> {
    let mut numbers = Numbers::new();
    let mut pdf = Pdf::new();
    let (catalog, tree, info) = (numbers.next(), numbers.next(), numbers.next());
    let font_refs: Vec<Ref> = Style::ALL.iter().map(|_| numbers.next()).collect();
    let subset = |style: &Style| FontSubset::new(fonts.data(*style), style.postscript_name());
    let mut used: Vec<FontSubset<'_>> = Style::ALL.iter().map(subset).collect::<Result<_>>()?;
    let mut kids = Vec::new();
    for page in pages {
        let content = draw(page, &mut used)?;
        let (page_ref, content_ref) = (numbers.next(), numbers.next());
        pdf.stream(content_ref, &deflate(&content)?)
            .filter(Filter::FlateDecode);
        let mut object = pdf.page(page_ref);
        object
            .parent(tree)
            .media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT));
        object.contents(content_ref);
        let mut resources = object.resources();
        let mut dictionary = resources.fonts();
        for ((name, font), used) in FONT_NAMES.iter().zip(&font_refs).zip(&used) {
            if used.is_used() {
                dictionary.pair(*name, *font);
            }
        }
        dictionary.finish();
        resources.finish();
        object.finish();
        kids.push(page_ref);
    }
    for (font, used) in font_refs.into_iter().zip(&used) {
        if used.is_used() {
            used.write(&mut pdf, font, || numbers.next())?;
        }
    }
    let count = i32::try_from(kids.len()).context("too many pages")?;
    pdf.catalog(catalog).pages(tree).lang(TextStr("vi-VN"));
    pdf.pages(tree).count(count).kids(kids);
    pdf.document_info(info)
        .title(TextStr(title))
        .producer(TextStr("Công Văn (kiểm thử)"));
    let id = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, title.as_bytes());
    let id = id.as_ref().get(..16).context("digest")?.to_vec();
    pdf.set_file_id((id.clone(), id));
    Ok(pdf.finish())
}

fn draw(page: &Page, used: &mut [FontSubset<'_>]) -> Result<Vec<u8>> {
    let mut content = Content::new();
    content.set_line_width(0.7);
    for item in &page.items {
        match item {
            Item::Line { x1, y1, x2, y2 } => {
                content.set_stroke_rgb(0.0, 0.0, 0.0);
                content
                    .move_to(*x1, PAGE_HEIGHT - y1)
                    .line_to(*x2, PAGE_HEIGHT - y2)
                    .stroke();
            }
            Item::Frame {
                x,
                y,
                width,
                height,
                ink,
            } => {
                let (r, g, b) = colour(*ink);
                content.set_stroke_rgb(r, g, b);
                content
                    .rect(*x, PAGE_HEIGHT - y - height, *width, *height)
                    .stroke();
            }
            Item::Text {
                x,
                y,
                size,
                style,
                text,
                extra,
                ink,
            } => {
                let (r, g, b) = colour(*ink);
                let used = used.get_mut(style.index()).context("style")?;
                content.set_fill_rgb(r, g, b);
                content.begin_text();
                let name = FONT_NAMES.get(style.index()).context("style")?;
                content.set_font(*name, *size);
                content.next_line(*x, PAGE_HEIGHT - y);
                show(&mut content, used, text, extra / size * 1000.0)?;
                content.end_text();
            }
        }
    }
    Ok(content.finish().into_vec())
}

/// One TJ: the words, with the stretch of justified lines between them.
fn show(content: &mut Content, used: &mut FontSubset<'_>, text: &str, stretch: f32) -> Result<()> {
    let mut positioned = content.show_positioned();
    let mut items = positioned.items();
    let mut run: Vec<u8> = Vec::new();
    for letter in text.chars() {
        run.extend(used.encode(letter)?);
        if letter == ' ' && stretch != 0.0 {
            items.show(Str(&std::mem::take(&mut run)));
            items.adjust(-stretch);
        }
    }
    if !run.is_empty() {
        items.show(Str(&run));
    }
    Ok(())
}

fn colour(ink: Ink) -> (f32, f32, f32) {
    match ink {
        Ink::Black => (0.0, 0.0, 0.0),
        Ink::Red => (0.90, 0.05, 0.05),
    }
}

pub(crate) fn deflate(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish().context("deflate")
}
