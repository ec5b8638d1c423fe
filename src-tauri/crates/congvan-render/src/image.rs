use pdfium_render::prelude::{PdfBitmap, PdfBitmapFormat, PdfPage, PdfRenderConfig, Pixels};

use crate::{
    error::RenderError,
    picture::{self, Lone},
};

/// No picture has more pixels: A4 at 580 dpi, or a plan of A0 at 145.
pub const MAX_PIXELS: u64 = 32_000_000;

/// Renders a page and encodes it. Where `lone` says so, which is asked only of what looks
/// like a scan, its picture is scaled by ourselves, which takes a fifth of PDFium's time for it.
pub(crate) fn page_png(
    page: &PdfPage<'_>,
    width_px: u32,
    lone: impl FnOnce() -> Lone,
) -> Result<Vec<u8>, RenderError> {
    let (width, height) = size(page, width_px)?;
    let samples = match picture::scaled(page, (width, height), lone) {
        Some(samples) => samples,
        None => drawn(page, width, height)?,
    };
    encode(&samples, width, height)
}

/// The picture's size for a page.
fn size(page: &PdfPage<'_>, width_px: u32) -> Result<(u32, u32), RenderError> {
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
        return Err(TOO_LARGE);
    }
    // Bounded by MAX_PIXELS, so nothing is cut off.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Ok((width, height as u32))
}

const TOO_LARGE: RenderError = RenderError::TooLarge {
    max_pixels: MAX_PIXELS,
};

/// Samples of a picture: one for each dot, or three.
pub(crate) enum Samples {
    Grey(Vec<u8>),
    Colour(Vec<u8>),
}

/// As PDFium draws it, with annotations and form fields, on white.
fn drawn(page: &PdfPage<'_>, width: u32, height: u32) -> Result<Samples, RenderError> {
    let pixels = |side: u32| Pixels::try_from(side).map_err(|_| TOO_LARGE);
    let (wide, high) = (pixels(width)?, pixels(height)?);
    // White, so that PDFium need not make it so.
    let mut dots = vec![0xff; width as usize * height as usize * 4];
    let mut bitmap = PdfBitmap::from_bytes(wide, high, PdfBitmapFormat::BGRx, &mut dots)?;
    let config = PdfRenderConfig::new()
        .set_fixed_size(wide, high)
        .set_reverse_byte_order(false)
        .clear_before_rendering(false);
    page.render_into_bitmap_with_config(&mut bitmap, &config)?;
    drop(bitmap);
    Ok(Samples::of_four(dots.as_chunks().0, width))
}

impl Samples {
    /// From rows of dots of blue, green, red and a byte that says nothing. Grey where no dot has a
    /// colour: a third of the bytes.
    pub(crate) fn of_four(dots: &[[u8; 4]], width: u32) -> Self {
        let width = (width as usize).max(1);
        let mut levels = Vec::with_capacity(dots.len());
        let mut above: &[[u8; 4]] = &[];
        // Row by row, so that the processor has at hand what it looks at twice, and many dots at
        // once, without leaving a row early.
        let is_grey = dots.chunks(width).all(|row| {
            // Most of a letter is paper between lines.
            if row.as_flattened() == above.as_flattened() {
                levels.extend_from_within(levels.len() - row.len()..);
                return true;
            }
            above = row;
            let differs = row.iter().fold(0, |differs, dot| {
                let word = u32::from_le_bytes(*dot);
                differs | (word ^ (word >> 8))
            });
            levels.extend(row.iter().map(|[level, ..]| *level));
            // Red against green and green against blue.
            differs.trailing_zeros() >= 16
        });
        if is_grey {
            return Self::Grey(levels);
        }
        let mut samples = vec![0; dots.len() * 3];
        let (colours, _) = samples.as_chunks_mut::<3>();
        for (colour, [blue, green, red, _]) in colours.iter_mut().zip(dots) {
            *colour = [*red, *green, *blue];
        }
        Self::Colour(samples)
    }

    /// The same from dots of blue, green and red.
    pub(crate) fn of_bgr(bytes: Vec<u8>) -> Self {
        match Self::of_rgb(bytes) {
            Self::Colour(mut bytes) => {
                let (dots, _) = bytes.as_chunks_mut::<3>();
                for [blue, _, red] in dots {
                    std::mem::swap(blue, red);
                }
                Self::Colour(bytes)
            }
            grey @ Self::Grey(_) => grey,
        }
    }

    /// The same from dots of red, green and blue.
    pub(crate) fn of_rgb(bytes: Vec<u8>) -> Self {
        let (dots, _) = bytes.as_chunks::<3>();
        let is_grey = dots.chunks(4096).all(|dots| {
            let differs = dots.iter().fold(0, |differs, [red, green, blue]| {
                differs | (blue ^ green) | (green ^ red)
            });
            differs == 0
        });
        if is_grey {
            return Self::Grey(dots.iter().map(|[level, ..]| *level).collect());
        }
        Self::Colour(bytes)
    }
}

/// The cheapest compression: time counts more than bytes, but what is not compressed at all takes a
/// webview longer to fetch than it takes to compress.
fn encode(samples: &Samples, width: u32, height: u32) -> Result<Vec<u8>, RenderError> {
    let failed = |error: png::EncodingError| RenderError::Engine {
        detail: error.to_string(),
    };
    let (colour, samples) = match samples {
        Samples::Grey(levels) => (png::ColorType::Grayscale, levels),
        Samples::Colour(colours) => (png::ColorType::Rgb, colours),
    };
    let mut file = Vec::with_capacity(samples.len() / 2);
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fastest);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(samples).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_repeat_are_told_like_any_other_and_one_colour_makes_a_colour_picture() {
        let (white, dark) = ([0xff; 4], [7, 7, 7, 0]);
        let rows = [[white; 3], [white; 3], [dark, white, dark], [white; 3]];
        let Samples::Grey(levels) = Samples::of_four(rows.as_flattened(), 3) else {
            panic!("no dot has a colour");
        };
        assert_eq!(
            levels,
            [255, 255, 255, 255, 255, 255, 7, 255, 7, 255, 255, 255]
        );
        let last = [[white; 3], [white; 3], [white, white, [1, 2, 3, 0]]];
        let Samples::Colour(samples) = Samples::of_four(last.as_flattened(), 3) else {
            panic!("the last dot has a colour");
        };
        assert_eq!(samples[24..], [3, 2, 1]);
    }
}
