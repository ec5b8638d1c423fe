//! JPEG (ITU-T T.81): read as far as the size, never decoded.

use super::{ImagePage, Picture, number, page};
use crate::PdfError;

const BAD: PdfError = PdfError::Image {
    what: "damaged JPEG",
};

/// What the markers before the picture say.
#[derive(Default)]
struct Head {
    sides: Option<(u32, u32)>,
    components: u8,
    density: Option<(f32, f32)>,
    /// Adobe's marker: four components are inverted then.
    adobe: bool,
    orientation: u32,
}

pub(super) fn picture(data: &[u8]) -> Result<Picture, PdfError> {
    let head = head(data)?;
    let sides = head.sides.ok_or(BAD)?;
    let (space, decode) = match head.components {
        1 => ("/DeviceGray", ""),
        3 => ("/DeviceRGB", ""),
        4 if head.adobe => ("/DeviceCMYK", "/Decode[1 0 1 0 1 0 1 0]"),
        4 => ("/DeviceCMYK", ""),
        _ => return Err(BAD),
    };
    let page: ImagePage = page(sides, head.density, head.components > 1)?;
    let rotate = match head.orientation {
        3 => 180,
        6 => 90,
        8 => 270,
        _ => 0,
    };
    Ok(Picture {
        page,
        entries: format!("/ColorSpace{space}/BitsPerComponent 8/Filter/DCTDecode{decode}"),
        data: data.to_vec(),
        rotate,
    })
}

fn head(data: &[u8]) -> Result<Head, PdfError> {
    let mut head = Head::default();
    let mut at = 2;
    while head.sides.is_none() {
        let marker = number(data, at, 2, false).ok_or(BAD)?;
        if marker == 0xFFFF {
            // Fill bytes.
            at += 1;
            continue;
        }
        let length = number(data, at + 2, 2, false)
            .and_then(|length| usize::try_from(length).ok())
            .filter(|length| *length >= 2)
            .ok_or(BAD)?;
        let body = data.get(at + 4..at + 2 + length).ok_or(BAD)?;
        match marker {
            // Start of frame: baseline, extended, progressive; the arithmetic ones no PDF takes.
            0xFFC0..=0xFFC2 => {
                let (height, width) = (
                    number(body, 1, 2, false).ok_or(BAD)?,
                    number(body, 3, 2, false).ok_or(BAD)?,
                );
                if body.first() != Some(&8) {
                    return Err(PdfError::Image {
                        what: "JPEG of more than 8 bits",
                    });
                }
                head.components = *body.get(5).ok_or(BAD)?;
                head.sides = Some((width, height));
            }
            0xFFE0 if body.starts_with(b"JFIF\0") => head.density = jfif(body),
            0xFFE1 if body.starts_with(b"Exif\0\0") => {
                let (orientation, density) = exif(body.get(6..).unwrap_or_default());
                head.orientation = orientation;
                head.density = head.density.or(density);
            }
            0xFFEE if body.starts_with(b"Adobe") => head.adobe = true,
            0xFFC3 | 0xFFC5..=0xFFC7 | 0xFFC9..=0xFFCB | 0xFFCD..=0xFFCF | 0xFFD9 | 0xFFDA => {
                return Err(BAD);
            }
            0xFF01..=0xFFFE => {}
            _ => return Err(BAD),
        }
        at += 2 + length;
    }
    Ok(head)
}

fn jfif(body: &[u8]) -> Option<(f32, f32)> {
    let unit = match body.get(7)? {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    let across = u16::try_from(number(body, 8, 2, false)?).ok()?;
    let down = u16::try_from(number(body, 10, 2, false)?).ok()?;
    Some((f32::from(across) * unit, f32::from(down) * unit))
}

/// Orientation and resolution of the first directory of Exif.
fn exif(tiff: &[u8]) -> (u32, Option<(f32, f32)>) {
    let little = tiff.starts_with(b"II");
    let at = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
    let Some(start) = number(tiff, 4, 4, little).map(at) else {
        return (1, None);
    };
    let count = number(tiff, start, 2, little).unwrap_or(0).min(64);
    let (mut orientation, mut across, mut down, mut unit) = (1, None, None, 2);
    let ratio = |place: usize| {
        let place = at(number(tiff, place, 4, little)?);
        let (top, bottom) = (
            number(tiff, place, 4, little)?,
            number(tiff, place.checked_add(4)?, 4, little)?,
        );
        #[expect(clippy::cast_precision_loss, reason = "densities are small")]
        (bottom > 0).then(|| top as f32 / bottom as f32)
    };
    for index in 0..count {
        let Some(entry) = start.checked_add(2 + at(index) * 12) else {
            break;
        };
        let short = number(tiff, entry.saturating_add(8), 2, little).unwrap_or(0);
        match number(tiff, entry, 2, little) {
            Some(0x0112) => orientation = short,
            Some(0x011A) => across = ratio(entry.saturating_add(8)),
            Some(0x011B) => down = ratio(entry.saturating_add(8)),
            Some(0x0128) => unit = short,
            Some(_) | None => {}
        }
    }
    let scale = if unit == 3 { 2.54 } else { 1.0 };
    (
        orientation,
        across
            .zip(down)
            .map(|(across, down)| (across * scale, down * scale)),
    )
}
