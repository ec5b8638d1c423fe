//! Pages that are nothing but one picture: what scanners make.

use crate::{Dict, Document, Object, Page, PdfError, Stream, pages, parser::Parser};

/// A scanner's page writes half a line; the words of a whole page, when they were read, some ten
/// thousand bytes.
const LONGEST: usize = 1 << 20;

/// How far, in points, the picture may miss the page's edges: less than a dot on the screen.
const SLACK: f64 = 0.5;

/// What says which colours a picture's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Nothing: they are the device's own.
    Device,
    /// An ICC profile.
    Profile,
}

/// Whether all that is seen of a page, `index` from 0, is one JPEG that fills it: nothing is drawn
/// over it, through it or beside it but words that are not seen (ISO 32000-2, 9.3.6, mode 3), and
/// nothing masks, turns or recolours it. Such a page may be shown by scaling its picture; whatever is
/// not known here for certain is for a renderer to draw. Answers how the picture's colours are meant.
///
/// # Errors
/// [`PdfError::NoSuchPage`], or where the document is damaged.
pub fn lone_picture(document: &Document<'_>, index: usize) -> Result<Option<Colours>, PdfError> {
    let all = pages(document)?;
    let page = all.get(index).ok_or(PdfError::NoSuchPage {
        index,
        count: all.len(),
    })?;
    if page.rotate != 0 || !is_nothing(document, &page.dict, "Annots")? {
        return Ok(None);
    }
    let Some(content) = content(document, page)? else {
        return Ok(None);
    };
    match drawn(&content) {
        Some((name, matrix)) if fills(page, matrix) => plain_jpeg(document, page, &name),
        _ => Ok(None),
    }
}

/// Absent, null or empty.
fn is_nothing(document: &Document<'_>, dict: &Dict, key: &str) -> Result<bool, PdfError> {
    let value = document.value(dict, key)?;
    Ok(value.is_null() || value.as_array().is_some_and(<[Object]>::is_empty))
}

/// What the page draws, as one; none where that is more than a scanner writes.
fn content(document: &Document<'_>, page: &Page) -> Result<Option<Vec<u8>>, PdfError> {
    let value = document.value(&page.dict, "Contents")?;
    let single = [(*value).clone()];
    let parts = value.as_array().unwrap_or(&single);
    let mut whole = Vec::new();
    for part in parts {
        let part = document.resolve(part)?;
        let Some(stream) = part.as_stream() else {
            return Ok(None);
        };
        whole.extend(document.stream_data(stream)?);
        whole.push(b'\n');
        if whole.len() > LONGEST {
            return Ok(None);
        }
    }
    Ok(Some(whole))
}

/// Rows of a matrix as `cm` takes them.
type Matrix = [f64; 6];

/// The first is applied first.
fn times(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

#[derive(Clone, Copy)]
struct State {
    matrix: Matrix,
    is_unseen: bool,
}

/// The name of the one thing that is drawn, and where; none where anything else happens.
fn drawn(content: &[u8]) -> Option<(Vec<u8>, Matrix)> {
    let mut parser = Parser::new(content, true);
    let mut now = State {
        matrix: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        is_unseen: false,
    };
    let mut saved = Vec::new();
    let mut operands: Vec<Object> = Vec::new();
    let mut found = None;
    loop {
        parser.skip_space().ok()?;
        match parser.peek().ok()? {
            None => break,
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'\'' | b'"') => {}
            Some(_) => {
                operands.push(parser.object().ok()?);
                // No operator takes more.
                if operands.len() > 6 {
                    return None;
                }
                continue;
            }
        }
        match (parser.word().ok()?, operands.as_slice()) {
            (b"q", []) => saved.push(now),
            (b"Q", []) => now = saved.pop()?,
            (b"cm", numbers) => {
                let numbers: Option<Vec<f64>> = numbers.iter().map(Object::as_number).collect();
                now.matrix = times(numbers?.try_into().ok()?, now.matrix);
            }
            (b"Do", [Object::Name(name)]) if found.is_none() => {
                found = Some((name.clone(), now.matrix));
            }
            (b"Tr", [mode]) => now.is_unseen = mode.as_int() == Some(3),
            (b"BT" | b"ET" | b"T*", []) => {}
            (b"Tf" | b"Tm" | b"Td" | b"TD" | b"Tz" | b"Tc" | b"Tw" | b"TL" | b"Ts", _) => {}
            (b"Tj" | b"TJ" | b"'" | b"\"", _) if now.is_unseen => {}
            _ => return None,
        }
        operands.clear();
    }
    found
}

fn fills(page: &Page, [a, b, c, d, e, f]: Matrix) -> bool {
    let is_upright = b == 0.0 && c == 0.0 && a > 0.0 && d > 0.0;
    let near = [e, f, e + a, f + d]
        .iter()
        .zip(page.visible)
        .all(|(drawn, seen)| (drawn - seen).abs() <= SLACK);
    is_upright && near
}

/// All that the picture of a scanner's page says of itself.
const KNOWN: [&[u8]; 11] = [
    b"Type",
    b"Subtype",
    b"Width",
    b"Height",
    b"ColorSpace",
    b"BitsPerComponent",
    b"Filter",
    b"Length",
    b"Name",
    b"Interpolate",
    b"Metadata",
];

fn plain_jpeg(
    document: &Document<'_>,
    page: &Page,
    name: &[u8],
) -> Result<Option<Colours>, PdfError> {
    let resources = document.value(&page.dict, "Resources")?;
    // A page may say what plain colours mean on it.
    let Some(resources) = resources
        .as_dict()
        .filter(|dict| dict.get("ColorSpace").is_none())
    else {
        return Ok(None);
    };
    let pictures = document.value(resources, "XObject")?;
    let Some(named) = pictures.as_dict().and_then(|dict| dict.0.get(name)) else {
        return Ok(None);
    };
    let picture = document.resolve(named)?;
    let Some(Stream { dict, .. }) = picture.as_stream() else {
        return Ok(None);
    };
    if !dict.0.keys().all(|key| KNOWN.contains(&key.as_slice())) || !dict.is("Subtype", "Image") {
        return Ok(None);
    }
    let filter = document.value(dict, "Filter")?;
    let filter = match filter.as_array() {
        Some([only]) => document.resolve(only)?,
        Some(_) => return Ok(None),
        None => filter,
    };
    let bits = document.value(dict, "BitsPerComponent")?;
    let is_jpeg = filter.as_name() == Some(b"DCTDecode") && bits.as_int() == Some(8);
    if is_jpeg {
        colours(document, dict)
    } else {
        Ok(None)
    }
}

fn colours(document: &Document<'_>, dict: &Dict) -> Result<Option<Colours>, PdfError> {
    let space = document.value(dict, "ColorSpace")?;
    if let Some(name) = space.as_name() {
        let is_device = matches!(name, b"DeviceRGB" | b"DeviceGray");
        return Ok(is_device.then_some(Colours::Device));
    }
    let Some([kind, profile]) = space.as_array() else {
        return Ok(None);
    };
    let profile = document.resolve(profile)?;
    let components = match profile.as_dict() {
        Some(profile) => document.value(profile, "N")?.as_int(),
        None => None,
    };
    let is_profiled = kind.as_name() == Some(b"ICCBased") && matches!(components, Some(1 | 3));
    Ok(is_profiled.then_some(Colours::Profile))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALONE: &str = "q 595.2 0 0 841.68 0 0 cm /Im0 Do Q";

    fn answer(content: &str, picture: &str, page: &str) -> bool {
        let file = file(content, picture, page);
        let found = lone_picture(&Document::open(&file).unwrap(), 0).unwrap();
        found.is_some()
    }

    const PICTURE: &str = "/Type/XObject/Subtype/Image/Width 2480/Height 3507\
        /ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode";

    fn file(content: &str, picture: &str, page: &str) -> Vec<u8> {
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.2 841.68]/Contents 4 0 R\
                 /Resources<</XObject<</Im0 5 0 R>>>>{page}>>"
            ),
            format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
            format!("<<{picture}/Length 4>>stream\nabcd\nendstream"),
        ];
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut table = String::from("xref\n0 6\n0000000000 65535 f \n");
        for (number, object) in (1..).zip(objects) {
            table += &format!("{:010} 00000 n \n", file.len());
            file.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
        }
        let start = file.len();
        file.extend(table.bytes());
        file.extend(format!("trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
        file
    }

    #[test]
    fn a_scan_is_a_picture_alone_and_so_it_is_with_words_that_are_not_seen() {
        assert!(answer(ALONE, PICTURE, ""));
        let read = format!("q\n{ALONE}\nQ\nq 1 0 0 1 0 0 cm BT 3 Tr /F 9 Tf (so) Tj ET Q");
        assert!(answer(&read, PICTURE, ""));
        assert!(answer(ALONE, PICTURE, "/Annots[]"));
    }

    #[test]
    fn whatever_else_is_drawn_makes_it_a_page_like_any_other() {
        for content in [
            "",
            "q 595.2 0 0 841.68 0 0 cm /Im0 Do /Im0 Do Q",
            "q 595.2 0 0 841.68 0 0 cm /Im0 Do Q 0 0 9 9 re f",
            "q 595.2 0 0 841.68 0 0 cm /Im0 Do Q BT /F 9 Tf (seen) Tj ET",
            "q BT 3 Tr ET Q q 595.2 0 0 841.68 0 0 cm /Im0 Do Q BT (seen) Tj ET",
            "q /G gs 595.2 0 0 841.68 0 0 cm /Im0 Do Q",
            "0 0 99 99 re W n q 595.2 0 0 841.68 0 0 cm /Im0 Do Q",
            "/OC /M BDC q 595.2 0 0 841.68 0 0 cm /Im0 Do Q EMC",
            "q 595.2 0 0 841.68 0 0 cm /Im1 Do Q",
        ] {
            assert!(!answer(content, PICTURE, ""), "{content}");
        }
    }

    #[test]
    fn a_picture_that_does_not_fill_the_page_upright_is_not_the_page() {
        for content in [
            "q 500 0 0 841.68 0 0 cm /Im0 Do Q",
            "q 595.2 0 0 841.68 3 0 cm /Im0 Do Q",
            "q 595.2 0 0 -841.68 0 841.68 cm /Im0 Do Q",
            "q 0 841.68 -595.2 0 595.2 0 cm /Im0 Do Q",
            "q 2 0 0 2 0 0 cm 595.2 0 0 841.68 0 0 cm /Im0 Do Q",
        ] {
            assert!(!answer(content, PICTURE, ""), "{content}");
        }
        assert!(!answer(ALONE, PICTURE, "/Rotate 90"));
        assert!(!answer(ALONE, PICTURE, "/CropBox[0 0 300 300]"));
        assert!(answer(
            "q 2 0 0 2 0 0 cm 297.6 0 0 420.84 0 0 cm /Im0 Do Q",
            PICTURE,
            ""
        ));
    }

    #[test]
    fn a_masked_recoloured_or_otherwise_packed_picture_is_for_a_renderer() {
        for (change, to) in [
            ("/Filter/DCTDecode", "/Filter[/FlateDecode/DCTDecode]"),
            ("/Filter/DCTDecode", "/Filter/DCTDecode/SMask 5 0 R"),
            ("/Filter/DCTDecode", "/Filter/DCTDecode/Decode[1 0 1 0 1 0]"),
            ("/Filter/DCTDecode", "/Filter/JPXDecode"),
            ("/DeviceRGB", "/DeviceCMYK"),
            ("/DeviceRGB", "[/Indexed/DeviceRGB 1(abcdef)]"),
            ("/Subtype/Image", "/Subtype/Form"),
        ] {
            assert!(!answer(ALONE, &PICTURE.replace(change, to), ""), "{to}");
        }
        assert!(answer(
            ALONE,
            &PICTURE.replace("/DeviceRGB", "/DeviceGray"),
            ""
        ));
        assert!(!answer(ALONE, PICTURE, "/Annots[5 0 R]"));
    }
}
