//! Separator sheets: a page to print and lay between letters, with a code that the desk reads.
//!
//! The code stands on the sheet twice, above and below, so that it is found whichever way the sheet
//! goes into the feeder, in the upper part of a page that is read first. It is so large that it is
//! read at 100 dots an inch.

use std::fmt::Write as _;

use congvan_intake::Separator;
use congvan_pades::TINOS;
use congvan_pdf::{Dict, Document, EmbeddedFont, Increment, ObjRef, Object, PdfError, pages};
use qrcodegen::{QrCode, QrCodeEcc};

/// Sheets printed at once.
pub(super) const SHEETS: usize = 200;
/// Letters of a department's name; with more the code would become too fine.
pub(super) const NAME: usize = 100;

const POINTS_PER_MM: f64 = 72.0 / 25.4;
/// A4 in points.
const PAGE: (f64, f64) = (595.276, 841.89);
/// Side of a code without its quiet zone.
const SIDE: f64 = 72.0 * POINTS_PER_MM;
/// From the edge of the page to the code: more than any printer leaves white.
const EDGE: f64 = 20.0 * POINTS_PER_MM;
/// Width of the text.
const COLUMN: f64 = 170.0 * POINTS_PER_MM;

/// The sheets as PDF, one page each; an empty name makes a plain sheet.
///
/// # Errors
/// When a name is longer than [`NAME`], or has letters that no face has.
pub(super) fn sheets(departments: &[String]) -> Result<Vec<u8>, PdfError> {
    let base = blank(departments.len());
    let document = Document::open(&base)?;
    let mut increment = Increment::new(&document);
    let mut face = EmbeddedFont::new(TINOS)?;
    let mut contents = Vec::with_capacity(departments.len());
    for department in departments {
        let content = sheet(department, &mut face)?;
        contents.push(increment.add_stream(Dict::new(), content.as_bytes())?);
    }
    let font = face.embed(&mut increment)?;
    for (page, content) in pages(&document)?.into_iter().zip(contents) {
        increment.put(page.id, Object::Dict(filled(page.dict, content, font)));
    }
    let tail = increment.finish(*b"congvan-to-ngan1")?;
    let mut file = base;
    file.extend_from_slice(&tail.bytes);
    Ok(file)
}

fn filled(page: Dict, content: ObjRef, font: ObjRef) -> Dict {
    let fonts = Dict::new().with("F", Object::Ref(font));
    let resources = Dict::new().with("Font", Object::Dict(fonts));
    page.with("Contents", Object::Ref(content))
        .with("Resources", Object::Dict(resources))
}

/// A PDF of empty pages.
fn blank(count: usize) -> Vec<u8> {
    let mut file = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    let mut object = |file: &mut String, text: &str| {
        offsets.push(file.len());
        let _ = write!(file, "{} 0 obj\n{text}\nendobj\n", offsets.len());
    };
    object(&mut file, "<</Type/Catalog/Pages 2 0 R>>");
    let kids: Vec<String> = (0..count).map(|page| format!("{} 0 R", page + 3)).collect();
    let tree = format!("<</Type/Pages/Count {count}/Kids[{}]>>", kids.join(" "));
    object(&mut file, &tree);
    for _ in 0..count {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {} {}]>>",
            PAGE.0, PAGE.1
        );
        object(&mut file, &page);
    }
    let (start, entries) = (file.len(), offsets.len() + 1);
    let _ = write!(file, "xref\n0 {entries}\n0000000000 65535 f \n");
    for offset in offsets {
        let _ = writeln!(file, "{offset:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer\n<</Size {entries}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

/// What is drawn on one sheet.
fn sheet(department: &str, face: &mut EmbeddedFont<'_>) -> Result<String, PdfError> {
    let name = congvan_model::nfc(department.trim());
    if name.chars().count() > NAME {
        return Err(PdfError::Limit {
            limit: "letters of a name",
        });
    }
    let separator = Separator {
        department: name.clone(),
    };
    let code = QrCode::encode_text(&separator.code(), QrCodeEcc::Quartile).map_err(|_| {
        PdfError::Limit {
            limit: "letters of a name",
        }
    })?;
    let mut content = String::new();
    draw(&mut content, &code, PAGE.1 - EDGE);
    draw(&mut content, &code, EDGE + SIDE);
    let mut middle = PAGE.1 / 2.0 + 62.0;
    line(&mut content, face, (18.0, middle), "PHIẾU TÁCH VĂN BẢN")?;
    middle -= 44.0;
    let title = if name.is_empty() {
        "Văn bản tiếp theo"
    } else {
        &name
    };
    let (size, lines) = fitted(face, title);
    for text in lines {
        line(&mut content, face, (size, middle), &text)?;
        middle -= size * 1.25;
    }
    middle -= 6.0;
    for text in [
        "Đặt tờ này lên trước mỗi văn bản, quét chung một lượt.",
        "Tờ này không vào sổ và dùng lại được nhiều lần.",
    ] {
        line(&mut content, face, (12.0, middle), text)?;
        middle -= 17.0;
    }
    Ok(content)
}

/// Dark modules as rectangles, a run of a row each; `top` is the code's upper edge.
fn draw(content: &mut String, code: &QrCode, top: f64) {
    let count = code.size();
    let module = SIDE / f64::from(count);
    let left = (PAGE.0 - SIDE) / 2.0;
    for y in 0..count {
        let mut x = 0;
        while x < count {
            let begin = x;
            while x < count && code.get_module(x, y) {
                x += 1;
            }
            if x > begin {
                let _ = writeln!(
                    content,
                    "{:.3} {:.3} {:.3} {module:.3} re",
                    left + f64::from(begin) * module,
                    top - f64::from(y + 1) * module,
                    f64::from(x - begin) * module,
                );
            }
            x += 1;
        }
    }
    content.push_str("f\n");
}

/// A centred line; `y` is its base line.
fn line(
    content: &mut String,
    face: &mut EmbeddedFont<'_>,
    (size, y): (f64, f64),
    text: &str,
) -> Result<(), PdfError> {
    let x = (PAGE.0 - face.width(text, size)) / 2.0;
    let shown = face.encode(text)?;
    let _ = writeln!(content, "BT /F {size:.1} Tf {x:.2} {y:.2} Td {shown} Tj ET");
    Ok(())
}

/// The largest size at which a name has at most three lines between the codes.
fn fitted(face: &EmbeddedFont<'_>, name: &str) -> (f64, Vec<String>) {
    let sizes = [34.0, 28.0, 22.0, 17.0, 13.0];
    let wrapped = |size: f64| {
        let mut lines: Vec<String> = Vec::new();
        for word in name.split_whitespace() {
            match lines.last_mut() {
                Some(last) if face.width(&format!("{last} {word}"), size) <= COLUMN => {
                    last.push(' ');
                    last.push_str(word);
                }
                Some(_) | None => lines.push(word.to_owned()),
            }
        }
        lines
    };
    let fits = |size: f64, lines: &[String]| {
        let height = f64::from(u8::try_from(lines.len()).unwrap_or(u8::MAX)) * size * 1.25;
        height <= 66.0 && lines.iter().all(|text| face.width(text, size) <= COLUMN)
    };
    sizes
        .iter()
        .map(|size| (*size, wrapped(*size)))
        .find(|(size, lines)| fits(*size, lines))
        .unwrap_or_else(|| (10.0, wrapped(10.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_too_long_for_its_code_is_refused() {
        let mut face = EmbeddedFont::new(TINOS).unwrap();
        assert!(sheet(&"ữ".repeat(NAME), &mut face).is_ok());
        assert!(sheet(&"ữ".repeat(NAME + 1), &mut face).is_err());
    }
}
