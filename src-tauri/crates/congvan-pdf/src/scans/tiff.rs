//! TIFF of any number of pages, as fax gateways and scanners write them.

use std::io::Cursor;

use tiff::{
    ColorType, TiffError,
    decoder::{Decoder, Limits},
    tags::Tag,
};

use super::{Picture, deflate, page};
use crate::PdfError;

/// More pages are no letter.
const MAX_PAGES: usize = 2000;

/// No page decodes to more bytes.
const MAX_BYTES: usize = 200 << 20;

pub(super) fn pictures(data: &[u8]) -> Result<Vec<Picture>, PdfError> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_BYTES;
    limits.intermediate_buffer_size = MAX_BYTES;
    let mut decoder = Decoder::new(Cursor::new(data))
        .map_err(bad)?
        .with_limits(limits);
    let mut pictures = Vec::new();
    loop {
        pictures.push(picture(&mut decoder)?);
        if !decoder.more_images() || pictures.len() >= MAX_PAGES {
            return Ok(pictures);
        }
        decoder.next_image().map_err(bad)?;
    }
}

fn picture(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Picture, PdfError> {
    let sides = decoder.dimensions().map_err(bad)?;
    let (space, components, depth) = match decoder.colortype().map_err(bad)? {
        ColorType::Gray(depth @ (1 | 2 | 4 | 8)) => ("/DeviceGray", 1, depth),
        ColorType::RGB(8) => ("/DeviceRGB", 3, 8),
        // The JPEG inside is decoded to RGB by the decoder.
        ColorType::YCbCr(8) => ("/DeviceRGB", 3, 8),
        ColorType::CMYK(8) => ("/DeviceCMYK", 4, 8),
        _ => {
            return Err(PdfError::Image {
                what: "a kind of TIFF that is not read",
            });
        }
    };
    let page = page(sides, density(decoder), components > 1)?;
    let row = (u64::from(sides.0) * components * u64::from(depth)).div_ceil(8);
    let size = usize::try_from(row * u64::from(sides.1))
        .ok()
        .filter(|size| *size <= MAX_BYTES);
    let mut dots = vec![0; size.ok_or(PdfError::Image { what: "too large" })?];
    decoder.read_image_bytes(&mut dots).map_err(bad)?;
    let entries = format!("/ColorSpace{space}/BitsPerComponent {depth}/Filter/FlateDecode");
    Ok(Picture {
        page,
        entries,
        data: deflate(&dots)?,
        rotate: rotate(decoder),
    })
}

fn density(decoder: &mut Decoder<Cursor<&[u8]>>) -> Option<(f32, f32)> {
    let mut ratio = |tag| {
        let value = decoder.find_tag(tag).ok()??;
        match value {
            tiff::decoder::ifd::Value::Rational(top, bottom) if bottom > 0 =>
            {
                #[expect(clippy::cast_precision_loss, reason = "densities are small")]
                Some(top as f32 / bottom as f32)
            }
            _ => None,
        }
    };
    let both = ratio(Tag::XResolution).zip(ratio(Tag::YResolution))?;
    match decoder.find_tag_unsigned::<u16>(Tag::ResolutionUnit).ok()? {
        Some(3) => Some((both.0 * 2.54, both.1 * 2.54)),
        Some(1) => None,
        Some(_) | None => Some(both),
    }
}

fn rotate(decoder: &mut Decoder<Cursor<&[u8]>>) -> u16 {
    match decoder.find_tag_unsigned::<u16>(Tag::Orientation) {
        Ok(Some(3)) => 180,
        Ok(Some(6)) => 90,
        Ok(Some(8)) => 270,
        Ok(_) | Err(_) => 0,
    }
}

fn bad(error: TiffError) -> PdfError {
    PdfError::Image {
        what: match error {
            TiffError::FormatError(_) | TiffError::IoError(_) | TiffError::IntSizeError => {
                "damaged TIFF"
            }
            TiffError::UnsupportedError(_) => "a kind of TIFF that is not read",
            TiffError::LimitsExceeded => "too large",
            TiffError::UsageError(_) => "damaged TIFF",
        },
    }
}
