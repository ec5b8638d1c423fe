//! PNG: its deflated rows are what PDF's Flate filter with PNG predictors takes, as they are.

use super::{Picture, deflate, number, page};
use crate::{PdfError, RasterImage};

const BAD: PdfError = PdfError::Image {
    what: "damaged PNG",
};

/// What the chunks say.
#[derive(Default)]
struct Chunks {
    header: Vec<u8>,
    density: Option<(f32, f32)>,
    palette: Vec<u8>,
    data: Vec<u8>,
    has_transparency: bool,
}

pub(super) fn picture(file: &[u8]) -> Result<Picture, PdfError> {
    let chunks = chunks(file)?;
    let side = |at: usize| number(&chunks.header, at, 4, false).ok_or(BAD);
    let (width, height) = (side(0)?, side(4)?);
    let &[depth, colour, _, _, interlace] = chunks.header.get(8..13).ok_or(BAD)? else {
        return Err(BAD);
    };
    let page = page((width, height), chunks.density, colour != 0 && colour != 4)?;
    // Rows with transparency or in interlaced order are nothing that PDF takes.
    if interlace != 0 || chunks.has_transparency || colour == 4 || colour == 6 || depth == 16 {
        return decoded(file, page);
    }
    let (space, colours) = match colour {
        0 => ("/DeviceGray".to_owned(), 1),
        2 => ("/DeviceRGB".to_owned(), 3),
        3 => (indexed(&chunks.palette)?, 1),
        _ => return Err(BAD),
    };
    let entries = format!(
        "/ColorSpace{space}/BitsPerComponent {depth}/Filter/FlateDecode/DecodeParms\
         <</Predictor 15/Colors {colours}/BitsPerComponent {depth}/Columns {width}>>"
    );
    Ok(Picture {
        page,
        entries,
        data: chunks.data,
        rotate: 0,
    })
}

fn indexed(palette: &[u8]) -> Result<String, PdfError> {
    let last = (palette.len() / 3)
        .checked_sub(1)
        .filter(|last| *last < 256)
        .ok_or(BAD)?;
    let hex: String = palette.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("[/Indexed/DeviceRGB {last}<{hex}>]"))
}

/// On white paper, as a scanner would have seen it.
fn decoded(file: &[u8], page: super::ImagePage) -> Result<Picture, PdfError> {
    let rgb = RasterImage::from_png(file)?.on_white();
    let entries = "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode".to_owned();
    Ok(Picture {
        page,
        entries,
        data: deflate(&rgb)?,
        rotate: 0,
    })
}

fn chunks(file: &[u8]) -> Result<Chunks, PdfError> {
    let mut found = Chunks::default();
    let mut at = 8;
    loop {
        let length = number(file, at, 4, false)
            .and_then(|length| usize::try_from(length).ok())
            .ok_or(BAD)?;
        let name = file.get(at + 4..at + 8).ok_or(BAD)?;
        let end = (at + 8).checked_add(length).ok_or(BAD)?;
        let body = file.get(at + 8..end).ok_or(BAD)?;
        match name {
            b"IHDR" => found.header = body.to_vec(),
            b"PLTE" => found.palette = body.to_vec(),
            b"IDAT" => found.data.extend_from_slice(body),
            b"tRNS" => found.has_transparency = true,
            b"pHYs" if body.get(8) == Some(&1) => {
                let per_inch =
                    |at: usize| number(body, at, 4, false).map(|metre| metre as f32 * 0.0254);
                found.density = per_inch(0).zip(per_inch(4));
            }
            b"IEND" => break,
            _ => {}
        }
        at = end.checked_add(4).ok_or(BAD)?;
    }
    if found.data.is_empty() {
        Err(BAD)
    } else {
        Ok(found)
    }
}
