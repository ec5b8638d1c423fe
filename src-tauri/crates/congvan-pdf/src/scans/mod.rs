//! Scanned images as PDF pages, dot for dot.
//!
//! A JPEG or PNG goes into the PDF as the bytes it is, without being decoded; a TIFF, whose strips
//! no PDF takes as they are, is decoded and deflated: no dot changes. A page is as large as the
//! image says, so that it prints 1:1 (Decree 30/2020, Appendix I, part II: colour, 200 dpi and more,
//! 100 %, PDF 1.4 and more).

mod jpeg;
mod png;
mod tiff;

use std::io::Write as _;

use crate::PdfError;

/// Dots per inch that the decree wants of a scan.
pub const DECREE_DPI: f32 = 200.0;

/// A4 in inches: what an image without a density is taken to show.
const A4: (f32, f32) = (8.27, 11.69);

/// What is known of an image before it becomes a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImagePage {
    /// Dots.
    pub width: u32,
    /// Dots.
    pub height: u32,
    /// Dots per inch across and down; by the size of A4 where the file says nothing.
    pub dpi: (f32, f32),
    /// Whether the file itself says how dense its dots are.
    pub has_density: bool,
    /// Whether it has colour.
    pub is_colour: bool,
}

impl ImagePage {
    /// Whether it is what the decree wants of a scan: colour and at least 200 dpi.
    #[must_use]
    pub fn meets_the_decree(&self) -> bool {
        // Scanners round their densities: 199.9 is 200.
        self.is_colour && self.dpi.0.min(self.dpi.1) > DECREE_DPI - 1.0
    }
}

/// A PDF made of images.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagePdf {
    /// The file, PDF 1.7.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: Vec<ImagePage>,
}

/// An image ready to be written: its entries and its bytes.
struct Picture {
    page: ImagePage,
    /// `/ColorSpace`, `/BitsPerComponent`, `/Filter` and what belongs to them.
    entries: String,
    data: Vec<u8>,
    /// `/Rotate` of the page, from the camera's orientation.
    rotate: u16,
}

/// A PDF with one page for each image of a file: JPEG, PNG, or TIFF of several pages.
///
/// # Errors
/// [`PdfError::Image`] when it is none of these, damaged or too large.
pub fn pdf_of_image(data: &[u8]) -> Result<ImagePdf, PdfError> {
    let pictures = match data {
        [0xFF, 0xD8, 0xFF, ..] => vec![jpeg::picture(data)?],
        [0x89, b'P', b'N', b'G', ..] => vec![png::picture(data)?],
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => tiff::pictures(data)?,
        _ => {
            return Err(PdfError::Image {
                what: "neither JPEG, PNG nor TIFF",
            });
        }
    };
    write(pictures)
}

/// Objects in order, then their table.
struct Body {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl Body {
    fn object(&mut self, text: &str, data: Option<&[u8]>) {
        self.offsets.push(self.bytes.len());
        let number = self.offsets.len();
        self.bytes
            .extend(format!("{number} 0 obj\n{text}").into_bytes());
        if let Some(data) = data {
            self.bytes.extend(b"\nstream\n");
            self.bytes.extend(data);
            self.bytes.extend(b"\nendstream");
        }
        self.bytes.extend(b"\nendobj\n");
    }
}

fn write(pictures: Vec<Picture>) -> Result<ImagePdf, PdfError> {
    let pages: Vec<ImagePage> = pictures.iter().map(|picture| picture.page).collect();
    let mut body = Body {
        bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
        offsets: Vec::new(),
    };
    body.object("<</Type/Catalog/Pages 2 0 R>>", None);
    // Each picture makes three objects, from 3 on: page, content, image.
    let kids: Vec<String> = (0..pages.len())
        .map(|index| format!("{} 0 R", 3 + index * 3))
        .collect();
    body.object(
        &format!(
            "<</Type/Pages/Count {}/Kids[{}]>>",
            kids.len(),
            kids.join(" ")
        ),
        None,
    );
    for picture in pictures {
        let number = body.offsets.len() + 1;
        let Picture {
            page,
            entries,
            data,
            rotate,
        } = picture;
        let points = |dots: u32, dpi: f32| f64::from(dots) * 72.0 / f64::from(dpi);
        let (width, height) = (
            points(page.width, page.dpi.0),
            points(page.height, page.dpi.1),
        );
        let turned = if rotate == 0 {
            String::new()
        } else {
            format!("/Rotate {rotate}")
        };
        body.object(
            &format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.3} {height:.3}]{turned}\
                 /Resources<</XObject<</Im {} 0 R>>>>/Contents {} 0 R>>",
                number + 2,
                number + 1
            ),
            None,
        );
        let content = format!("q {width:.3} 0 0 {height:.3} 0 0 cm /Im Do Q");
        body.object(
            &format!("<</Length {}>>", content.len()),
            Some(content.as_bytes()),
        );
        let entries = format!(
            "<</Type/XObject/Subtype/Image/Width {}/Height {}{entries}/Length {}>>",
            page.width,
            page.height,
            data.len()
        );
        body.object(&entries, Some(&data));
    }
    let Body { mut bytes, offsets } = body;
    let start = bytes.len();
    let count = offsets.len() + 1;
    // Writing to a vector cannot fail.
    let failed = |_| PdfError::Image { what: "too large" };
    writeln!(bytes, "xref\n0 {count}\n0000000000 65535 f ").map_err(failed)?;
    for offset in offsets {
        writeln!(bytes, "{offset:010} 00000 n ").map_err(failed)?;
    }
    writeln!(
        bytes,
        "trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    )
    .map_err(failed)?;
    Ok(ImagePdf { bytes, pages })
}

/// The page of an image with these sides; densities that no scanner has count as none.
fn page(
    (width, height): (u32, u32),
    density: Option<(f32, f32)>,
    is_colour: bool,
) -> Result<ImagePage, PdfError> {
    if width == 0
        || height == 0
        || u64::from(width) * u64::from(height) > crate::limits::SCAN_PIXELS
    {
        return Err(PdfError::Image {
            what: "no dots, or too many",
        });
    }
    let sound = |dpi: f32| (50.0..=2400.0).contains(&dpi);
    let density = density.filter(|(across, down)| sound(*across) && sound(*down));
    #[expect(
        clippy::cast_precision_loss,
        reason = "sides have fewer than 2^24 dots"
    )]
    let (wide, tall) = (width as f32, height as f32);
    let paper = if wide > tall { (A4.1, A4.0) } else { A4 };
    let guess = (wide / paper.0).max(tall / paper.1).clamp(50.0, 2400.0);
    // 72 is what programs write that do not know.
    let known = density.filter(|(across, _)| *across > 73.0);
    Ok(ImagePage {
        width,
        height,
        dpi: known.unwrap_or((guess, guess)),
        has_density: known.is_some(),
        is_colour,
    })
}

fn deflate(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let failed = |_| PdfError::Image { what: "too large" };
    encoder.write_all(data).map_err(failed)?;
    encoder.finish().map_err(failed)
}

/// Reads big-endian or little-endian numbers at places.
fn number(data: &[u8], at: usize, bytes: usize, little: bool) -> Option<u32> {
    let part = data.get(at..at.checked_add(bytes)?)?;
    let fold = |value: u32, byte: &u8| value << 8 | u32::from(*byte);
    Some(if little {
        part.iter().rev().fold(0, fold)
    } else {
        part.iter().fold(0, fold)
    })
}
