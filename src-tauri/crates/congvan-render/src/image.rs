use pdfium_render::prelude::{PdfBitmap, PdfBitmapFormat, PdfPage, PdfRenderConfig, Pixels};

use crate::error::RenderError;

/// No picture has more pixels: A4 at 580 dpi, or a plan of A0 at 145.
pub const MAX_PIXELS: u64 = 32_000_000;

/// Renders a page and encodes it. Fast compression: the picture crosses a pipe and a webview, and
/// time counts more than bytes. Pages without colour become grey PNGs of a third of the size.
pub(crate) fn page_png(page: &PdfPage<'_>, width_px: u32) -> Result<Vec<u8>, RenderError> {
    let too_large = RenderError::TooLarge {
        max_pixels: MAX_PIXELS,
    };
    let (width_pt, height_pt) = (page.width().value, page.height().value);
    if !(width_pt > 0.0 && height_pt > 0.0) {
        return Err(RenderError::Engine {
            detail: "page without area".to_owned(),
        });
    }
    let width = width_px.max(1);
    let height = (f64::from(width) * f64::from(height_pt) / f64::from(width_pt))
        .round()
        .max(1.0);
    if f64::from(width) * height > MAX_PIXELS as f64 {
        return Err(too_large);
    }
    let bounds = |_| RenderError::TooLarge {
        max_pixels: MAX_PIXELS,
    };
    // Bounded by MAX_PIXELS, so nothing is cut off.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let height = height as u32;
    let pixels = (
        Pixels::try_from(width).map_err(bounds)?,
        Pixels::try_from(height).map_err(bounds)?,
    );
    let mut bitmap = PdfBitmap::empty(pixels.0, pixels.1, PdfBitmapFormat::BGRx)?;
    let config = PdfRenderConfig::new().set_fixed_size(pixels.0, pixels.1);
    page.render_into_bitmap_with_config(&mut bitmap, &config)?;
    let rgba = bitmap.as_rgba_bytes();
    drop(bitmap);
    encode(&rgba, width, height)
}

/// Without leaving early, so that the processor looks at many dots at once.
fn is_grey(dots: &[[u8; 4]]) -> bool {
    let differs = dots.iter().fold(0, |differs, dot| {
        let word = u32::from_le_bytes(*dot);
        differs | (word ^ (word >> 8))
    });
    // Red against green and green against blue; the fourth byte says nothing.
    differs.trailing_zeros() >= 16
}

fn encode(rgba: &[u8], width: u32, height: u32) -> Result<Vec<u8>, RenderError> {
    let (dots, _) = rgba.as_chunks::<4>();
    let grey = dots.chunks(4096).all(is_grey);
    let samples: Vec<u8> = if grey {
        dots.iter().map(|[level, ..]| *level).collect()
    } else {
        let mut samples = vec![0; dots.len() * 3];
        let (colours, _) = samples.as_chunks_mut::<3>();
        for (colour, [red, green, blue, _]) in colours.iter_mut().zip(dots) {
            *colour = [*red, *green, *blue];
        }
        samples
    };
    let failed = |error: png::EncodingError| RenderError::Engine {
        detail: error.to_string(),
    };
    let mut file = Vec::with_capacity(samples.len() / 8);
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(if grey {
        png::ColorType::Grayscale
    } else {
        png::ColorType::Rgb
    });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fastest);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&samples).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file)
}
