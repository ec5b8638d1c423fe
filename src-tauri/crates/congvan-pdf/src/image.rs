use png::{ColorType, Decoder, Limits, Transformations};

use crate::{Dict, Increment, ObjRef, Object, PdfError, limits};

/// A decoded stamp image: colour and, where it has any, transparency.
pub struct RasterImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Width and height in millimetres, where the file says how dense its pixels are (PNG, pHYs).
    pub size_mm: Option<(f64, f64)>,
    rgb: Vec<u8>,
    alpha: Option<Vec<u8>>,
}

impl RasterImage {
    /// Decodes a PNG.
    ///
    /// # Errors
    /// [`PdfError::Image`] when it is none or is too large.
    pub fn from_png(data: &[u8]) -> Result<Self, PdfError> {
        let bad = |what| PdfError::Image { what };
        let mut decoder = Decoder::new_with_limits(
            std::io::Cursor::new(data),
            Limits {
                bytes: limits::INFLATED,
            },
        );
        decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
        let mut reader = decoder.read_info().map_err(|_| bad("not a PNG"))?;
        let (width, height) = (reader.info().width, reader.info().height);
        let size_mm = size_mm(reader.info());
        if u64::from(width) * u64::from(height) > limits::PIXELS {
            return Err(bad("too large"));
        }
        let size = reader.output_buffer_size().ok_or(bad("too large"))?;
        let mut pixels = vec![0; size];
        let frame = reader
            .next_frame(&mut pixels)
            .map_err(|_| bad("damaged PNG"))?;
        pixels.truncate(frame.buffer_size());
        let (channels, grey, opaque) = match frame.color_type {
            ColorType::Grayscale => (1, true, true),
            ColorType::GrayscaleAlpha => (2, true, false),
            ColorType::Rgb => (3, false, true),
            ColorType::Rgba => (4, false, false),
            ColorType::Indexed => return Err(bad("palette")),
        };
        let mut rgb = Vec::with_capacity(pixels.len() / channels * 3);
        let mut alpha = Vec::new();
        for pixel in pixels.chunks_exact(channels) {
            match pixel {
                [value, ..] if grey => rgb.extend_from_slice(&[*value; 3]),
                [r, g, b, ..] => rgb.extend_from_slice(&[*r, *g, *b]),
                _ => {}
            }
            if let (false, Some(value)) = (opaque, pixel.last()) {
                alpha.push(*value);
            }
        }
        let alpha = (!opaque && alpha.iter().any(|value| *value != 255)).then_some(alpha);
        Ok(Self {
            width,
            height,
            size_mm,
            rgb,
            alpha,
        })
    }

    /// Its colours as on white paper, three bytes a dot.
    #[must_use]
    pub fn on_white(&self) -> Vec<u8> {
        let Some(alpha) = &self.alpha else {
            return self.rgb.clone();
        };
        self.rgb
            .chunks_exact(3)
            .zip(alpha)
            .flat_map(|(dot, alpha)| {
                dot.iter().map(move |value| {
                    let (value, alpha) = (u32::from(*value), u32::from(*alpha));
                    u8::try_from((value * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)
                })
            })
            .collect()
    }

    /// Whether anything under the image stays visible.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        self.alpha.is_some()
    }

    /// Writes the image, with its transparency as a soft mask (ISO 32000-2, 11.6.5.2); where a
    /// document for keeping permits none, each pixel is either shown, as on white paper, or not.
    ///
    /// # Errors
    /// [`PdfError::Limit`].
    pub fn embed(&self, increment: &mut Increment<'_, '_>) -> Result<ObjRef, PdfError> {
        let base = || {
            Dict::new()
                .with("Type", Object::name("XObject"))
                .with("Subtype", Object::name("Image"))
                .with("Width", Object::Int(i64::from(self.width)))
                .with("Height", Object::Int(i64::from(self.height)))
                .with("BitsPerComponent", Object::Int(8))
        };
        let rules = increment.rules();
        let mut dict = base().with("ColorSpace", rules.rgb());
        let Some(alpha) = &self.alpha else {
            return increment.add_stream(dict, &self.rgb);
        };
        if rules.permits_soft_masks() {
            let mask = base().with("ColorSpace", Object::name("DeviceGray"));
            dict.set("SMask", Object::Ref(increment.add_stream(mask, alpha)?));
            return increment.add_stream(dict, &self.rgb);
        }
        let mask = base()
            .with("ImageMask", Object::Bool(true))
            .with("BitsPerComponent", Object::Int(1));
        let stencil = stencil(alpha, self.width as usize);
        dict.set("Mask", Object::Ref(increment.add_stream(mask, &stencil)?));
        increment.add_stream(dict, &on_white(&self.rgb, alpha))
    }
}

/// Below this a pixel is not shown at all where there are no half-transparent ones.
const FAINT: u8 = 64;

/// One bit for each pixel, rows filled up to bytes; 1 hides the pixel (8.9.6.3).
fn stencil(alpha: &[u8], width: usize) -> Vec<u8> {
    let rows = alpha.chunks(width.max(1));
    rows.flat_map(|row| row.chunks(8))
        .map(|pixels| {
            let bits = pixels.iter().enumerate();
            bits.fold(0, |bits, (at, value)| {
                bits | (u8::from(*value < FAINT) << (7 - at))
            })
        })
        .collect()
}

/// The colours as they look on white paper.
fn on_white(rgb: &[u8], alpha: &[u8]) -> Vec<u8> {
    let pixels = rgb.chunks_exact(3).zip(alpha);
    pixels
        .flat_map(|(pixel, alpha)| {
            let alpha = u32::from(*alpha);
            pixel
                .iter()
                .map(move |part| ((u32::from(*part) * alpha + 255 * (255 - alpha)) / 255) as u8)
        })
        .collect()
}

/// The physical size; none where the density is unknown, or absurd for a stamp.
fn size_mm(info: &png::Info<'_>) -> Option<(f64, f64)> {
    let density = info.pixel_dims.filter(|one| one.unit == png::Unit::Meter)?;
    let length = |pixels: u32, per_metre: u32| {
        let length = f64::from(pixels) * 1000.0 / f64::from(per_metre);
        (1.0..=500.0).contains(&length).then_some(length)
    };
    Some((
        length(info.width, density.xppu)?,
        length(info.height, density.yppu)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_half_transparency_a_pixel_is_hidden_or_as_on_white() {
        let alpha = [
            0, 255, 63, 64, 128, 0, 0, 0, 255, /* second row */ 255, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        assert_eq!(
            stencil(&alpha, 9),
            [0b1010_0111, 0b0000_0000, 0b0111_1111, 0b1000_0000]
        );
        assert_eq!(
            on_white(&[200, 0, 0, 10, 20, 30], &[0, 255]),
            [255, 255, 255, 10, 20, 30]
        );
    }
}
