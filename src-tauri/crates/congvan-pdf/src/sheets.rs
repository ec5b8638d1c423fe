//! A new PDF of pages that are drawn: registers and lists that people print.

use crate::{
    Appearance, Dict, Document, Increment, ObjRef, Object, PdfError, appearance::page_contents,
};

const POINTS_PER_MM: f64 = 72.0 / 25.4;

/// A PDF 1.7 with a page for each sheet, all of one size in millimetres, with the letters of one font
/// that are used in it.
///
/// # Errors
/// [`PdfError::Font`] when the font lacks a letter, [`PdfError::Image`], [`PdfError::Limit`].
pub fn pdf_of_sheets(
    sheets: &[Appearance],
    (width, height): (f64, f64),
    font: &[u8],
) -> Result<Vec<u8>, PdfError> {
    let blank = blank(
        sheets.len(),
        (width * POINTS_PER_MM, height * POINTS_PER_MM),
    );
    let document = Document::open(&blank)?;
    let mut increment = Increment::new(&document);
    let (contents, resources) = page_contents(&mut increment, sheets, height, font)?;
    let resources = increment.add(Object::Dict(resources))?;
    for (number, content) in (FIRST_PAGE..).zip(contents) {
        let page = ObjRef {
            num: number,
            generation: 0,
        };
        let content = increment.add_stream(Dict::new(), content.as_bytes())?;
        let Object::Dict(mut dict) = increment.current(page)? else {
            continue;
        };
        dict.set("Resources", Object::Ref(resources));
        dict.set("Contents", Object::Ref(content));
        increment.put(page, Object::Dict(dict));
    }
    let tail = increment.finish([0; 16])?;
    let mut bytes = blank.clone();
    bytes.extend_from_slice(&tail.bytes);
    Ok(bytes)
}

/// Object number of the first page.
const FIRST_PAGE: u32 = 3;

/// A file with so many empty pages.
fn blank(pages: usize, (width, height): (f64, f64)) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::with_capacity(pages + 2);
    let mut object = |bytes: &mut Vec<u8>, text: &str| {
        offsets.push(bytes.len());
        let number = offsets.len();
        bytes.extend_from_slice(format!("{number} 0 obj\n{text}\nendobj\n").as_bytes());
    };
    object(&mut bytes, "<</Type/Catalog/Pages 2 0 R>>");
    let kids: Vec<String> = (0..pages)
        .map(|page| format!("{} 0 R", page + FIRST_PAGE as usize))
        .collect();
    object(
        &mut bytes,
        &format!("<</Type/Pages/Count {pages}/Kids[{}]>>", kids.join(" ")),
    );
    for _ in 0..pages {
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.3} {height:.3}]>>");
        object(&mut bytes, &page);
    }
    let start = bytes.len();
    let count = offsets.len() + 1;
    bytes.extend_from_slice(format!("xref\n0 {count}\n0000000000 65535 f \n").as_bytes());
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend_from_slice(
        format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    bytes
}
