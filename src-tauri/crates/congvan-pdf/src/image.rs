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

    /// Whether anything under the image stays visible.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        self.alpha.is_some()
    }

    /// Writes the image, with its transparency as a soft mask (ISO 32000-2, 11.6.5.2).
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
        let mut dict = base().with("ColorSpace", Object::name("DeviceRGB"));
        if let Some(alpha) = &self.alpha {
            let mask = base().with("ColorSpace", Object::name("DeviceGray"));
            dict.set("SMask", Object::Ref(increment.add_stream(mask, alpha)?));
        }
        increment.add_stream(dict, &self.rgb)
    }
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
