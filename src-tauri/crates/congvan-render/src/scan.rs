//! Pages for OCR: what is printed without red ink, and red ink by itself.
//!
//! Stamps and seals are red (Decree 30/2020, Appendix I): in the red channel they are as light as
//! paper, and the print under them is read as if they were not there. What red ink says, the stamps
//! of urgency and secrecy, is its own picture.

use pdfium_render::prelude::{PdfBitmap, PdfBitmapFormat, PdfPage, PdfRenderConfig, Pixels};

use crate::{code::Small, error::RenderError, image::MAX_PIXELS};

/// The upper part of a page in grey.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// Dots.
    pub width: u32,
    /// Dots of the part.
    pub height: u32,
    /// Dots that the whole page would have.
    pub page_height: u32,
    /// The red channel, `width * height` bytes, black is 0.
    pub grey: Vec<u8>,
    /// The red ink, if there is enough for a word.
    pub red: Option<RedInk>,
    /// The text of a QR code on the part.
    pub code: Option<String>,
    /// The share of the part's dots that carry ink of any colour, 0..1, the edges left out.
    pub ink: f32,
}

/// Red ink as black on white, cut to where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedInk {
    /// Dots from the page's left edge.
    pub left: u32,
    /// Dots from the page's top edge.
    pub top: u32,
    /// Dots.
    pub width: u32,
    /// Dots.
    pub height: u32,
    /// `width * height` bytes.
    pub grey: Vec<u8>,
}

/// How much redder than green and blue a dot of a stamp is, a faded one too; white paper is not
/// redder than 10.
const RED: u8 = 38;

/// Fewer red dots at 200 dpi are no word.
const FEW: usize = 250;

/// `unit` is the page's /UserUnit, which PDFium leaves out of its sizes.
pub(crate) fn page_scan(
    page: &PdfPage<'_>,
    unit: f32,
    dpi: u32,
    part: f32,
) -> Result<Scan, RenderError> {
    let too_large = || RenderError::TooLarge {
        max_pixels: MAX_PIXELS,
    };
    let dots = |points: f32| {
        (f64::from((points * unit).max(1.0)) * f64::from(dpi.clamp(36, 1200)) / 72.0).round()
    };
    let (width, full) = (dots(page.width().value), dots(page.height().value));
    if width * full > MAX_PIXELS as f64 {
        return Err(too_large());
    }
    // Bounded by MAX_PIXELS, so nothing is cut off.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let (width, full, height) = (
        width as u32,
        full as u32,
        ((full * f64::from(part.clamp(0.01, 1.0))).round() as u32).max(1),
    );
    let pixels = |side: u32| Pixels::try_from(side).map_err(|_| too_large());
    // A bitmap lower than the page: PDFium draws what falls on it and decodes no more than it must.
    let mut bitmap = PdfBitmap::empty(pixels(width)?, pixels(height)?, PdfBitmapFormat::BGRx)?;
    // The bytes are looked at here, so blue comes first as the format says.
    let config = PdfRenderConfig::new()
        .set_fixed_size(pixels(width)?, pixels(full)?)
        .set_reverse_byte_order(false);
    page.render_into_bitmap_with_config(&mut bitmap, &config)?;
    let dots = bitmap.as_raw_bytes();
    let grey: Vec<u8> = dots
        .chunks_exact(4)
        .filter_map(|dot| dot.get(2).copied())
        .collect();
    let red = red_ink(&dots, width);
    let small = Small::new(&dots, width, dpi);
    Ok(Scan {
        width,
        height,
        page_height: full,
        grey,
        red,
        code: small.code(),
        ink: small.ink(),
    })
}

fn redness(dot: &[u8]) -> u8 {
    match dot {
        [blue, green, red, ..] => red.saturating_sub(*blue.max(green)),
        _ => 0,
    }
}

/// Finds the box of red rows and columns and draws the ink in it, without the long straight strokes
/// of frames.
fn red_ink(dots: &[u8], width: u32) -> Option<RedInk> {
    let columns = usize::try_from(width).ok()?;
    let mut ink: Vec<u8> = dots.chunks_exact(4).map(redness).collect();
    if ink.iter().filter(|red| **red > RED).count() < FEW {
        return None;
    }
    erase_frames(&mut ink, columns);
    let mut across = vec![0_u32; columns];
    let mut down: Vec<u32> = Vec::with_capacity(ink.len() / columns.max(1));
    for row in ink.chunks_exact(columns) {
        let mut count = 0;
        for (red, column) in row.iter().zip(&mut across) {
            if *red > RED {
                count += 1;
                *column += 1;
            }
        }
        down.push(count);
    }
    // A speck or two in a row or column is noise.
    let span = |counts: &[u32]| {
        let first = counts.iter().position(|count| *count > 2)?;
        let last = counts.iter().rposition(|count| *count > 2)?;
        Some((first.saturating_sub(12), (last + 13).min(counts.len())))
    };
    let peak = ink.iter().copied().max().unwrap_or(255).max(RED);
    let ((left, right), (top, bottom)) = (span(&across)?, span(&down)?);
    let grey: Vec<u8> = ink
        .chunks_exact(columns)
        .skip(top)
        .take(bottom - top)
        .flat_map(|row| row.get(left..right).unwrap_or_default())
        .map(|red| 255 - stretched(*red, peak))
        .collect();
    Some(RedInk {
        left: u32::try_from(left).ok()?,
        top: u32::try_from(top).ok()?,
        width: u32::try_from(right - left).ok()?,
        height: u32::try_from(bottom - top).ok()?,
        grey,
    })
}

/// Two thirds of the reddest is as black as ink gets: what is faded is read like what is fresh.
fn stretched(red: u8, peak: u8) -> u8 {
    u8::try_from(u32::from(red) * 255 * 3 / (u32::from(peak) * 2)).unwrap_or(255)
}

/// Longer than any stroke of a stamp's letters at 200 dpi.
const STROKE: usize = 46;

/// Wipes runs of red that are longer than a stroke, along rows and along columns.
fn erase_frames(ink: &mut [u8], width: usize) {
    let mut wipe = vec![false; ink.len()];
    let rows = ink.len().checked_div(width).unwrap_or(0);
    for row in 0..rows {
        mark_runs(ink, &mut wipe, (row * width, 1, width));
    }
    for column in 0..width {
        mark_runs(ink, &mut wipe, (column, width, rows));
    }
    for (dot, wiped) in ink.iter_mut().zip(wipe) {
        if wiped {
            *dot = 0;
        }
    }
}

fn mark_runs(ink: &[u8], wipe: &mut [bool], (start, step, count): (usize, usize, usize)) {
    let mut run = 0;
    for index in 0..=count {
        let at = start + index * step;
        let is_red = index < count && ink.get(at).is_some_and(|red| *red > RED / 2);
        if is_red {
            run += 1;
            continue;
        }
        if run > STROKE {
            for back in 1..=run {
                if let Some(dot) = at.checked_sub(back * step).and_then(|at| wipe.get_mut(at)) {
                    *dot = true;
                }
            }
        }
        run = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// White dots with a red frame of 300 by 60 and some red strokes inside.
    fn stamp() -> (Vec<u8>, usize) {
        let width = 400;
        let mut dots = [250_u8, 250, 252, 255].repeat(width * 100);
        let mut red =
            |x: usize, y: usize| dots[(y * width + x) * 4..][..3].copy_from_slice(&[40, 40, 215]);
        for x in 50..350 {
            for y in [20, 21, 78, 79] {
                red(x, y);
            }
        }
        for y in 20..80 {
            for x in [50, 51, 348, 349] {
                red(x, y);
            }
        }
        for stroke in 0..10 {
            for x in 0..6 {
                for y in 40..64 {
                    red(100 + stroke * 20 + x, y);
                }
            }
        }
        (dots, width)
    }

    #[test]
    fn the_frame_of_a_stamp_goes_and_its_letters_stay() {
        let (dots, width) = stamp();
        let ink = red_ink(&dots, u32::try_from(width).unwrap()).unwrap();
        assert!(
            ink.left >= 80 && ink.top >= 25,
            "cut to the letters, not to the frame: {} {}",
            ink.left,
            ink.top
        );
        assert_eq!(ink.grey.len(), (ink.width * ink.height) as usize);
        let black = ink.grey.iter().filter(|dot| **dot < 60).count();
        assert_eq!(black, 10 * 6 * 24, "every stroke and nothing else");
    }

    #[test]
    fn black_print_is_no_red_ink() {
        let dots = [30_u8, 30, 34, 255].repeat(10_000);
        assert_eq!(red_ink(&dots, 100), None);
    }
}
