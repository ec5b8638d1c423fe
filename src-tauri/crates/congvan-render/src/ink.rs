//! Where a page carries ink, in cells of a millimetre: so that a stamp finds blank paper.

use pdfium_render::prelude::{PdfBitmap, PdfBitmapFormat, PdfPage, PdfRenderConfig, Pixels};

use crate::{code::INK, error::RenderError, image::MAX_PIXELS};

/// Dots a millimetre: the thinnest stroke of print still makes its cell darker than paper.
const DOTS: u32 = 4;
/// A0; what is larger is no letter.
const MOST_MM: f32 = 1_200.0;

/// Side of a part of a page whose paper is looked at by itself, in dots: a photograph is darker on one
/// side than on the other.
const TILE: usize = 64;
/// Of a tile's dots the lightest fifth is paper, also where there is much print.
const LIGHTEST: usize = 5;
/// A tile whose lightest dots are darker than this share of the page's paper, of 255, is a picture, a
/// shadow or what lay beside the page: all of it is ink.
const SHADOW: u32 = 140;

/// How much ink each square millimetre of a page carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageInk {
    /// Cells across.
    pub columns: u32,
    /// Cells down.
    pub rows: u32,
    /// `columns * rows` counts of inked dots, of the 16 of a cell, row by row from the top left.
    pub cells: Vec<u8>,
}

/// Draws the page and counts; `unit` is its /UserUnit, which PDFium leaves out of its sizes. Of
/// whatever colour the paper is, most of it is paper.
pub(crate) fn page_ink(page: &PdfPage<'_>, unit: f32) -> Result<PageInk, RenderError> {
    let too_large = || RenderError::TooLarge {
        max_pixels: MAX_PIXELS,
    };
    let mm = |points: f32| (points * unit).max(1.0) * 25.4 / 72.0;
    let (width_mm, height_mm) = (mm(page.width().value), mm(page.height().value));
    if width_mm > MOST_MM || height_mm > MOST_MM {
        return Err(too_large());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "at most 4,800 dots"
    )]
    let dots = |mm: f32| ((mm * DOTS as f32).round() as u32).max(1);
    let (width, height) = (dots(width_mm), dots(height_mm));
    let pixels = |side: u32| Pixels::try_from(side).map_err(|_| too_large());
    let mut bitmap = PdfBitmap::empty(pixels(width)?, pixels(height)?, PdfBitmapFormat::BGRx)?;
    let config = PdfRenderConfig::new()
        .set_fixed_size(pixels(width)?, pixels(height)?)
        .set_reverse_byte_order(false);
    page.render_into_bitmap_with_config(&mut bitmap, &config)?;
    Ok(counted(&bitmap.as_raw_bytes(), width))
}

/// `dots` has four bytes each and rows of `width` dots.
fn counted(dots: &[u8], width: u32) -> PageInk {
    let size = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    let (wide, step) = (size(width).max(1), size(DOTS));
    let dark: Vec<u8> = dots.chunks_exact(4).map(darkest).collect();
    let columns = wide.div_ceil(step);
    let mut cells = Vec::with_capacity(dark.len() / (step * step) + columns);
    let page = paper(dark.iter());
    for band in dark.chunks(wide * TILE) {
        let limits = limits(band, wide, page);
        for rows in band.chunks(wide * step) {
            let mut line = vec![0_u8; columns];
            for row in rows.chunks(wide) {
                for (at, (cell, dots)) in line.iter_mut().zip(row.chunks(step)).enumerate() {
                    let limit = limits.get(at * step / TILE).copied().unwrap_or(u8::MAX);
                    let inked = dots.iter().filter(|dot| **dot < limit).count();
                    *cell = cell.saturating_add(u8::try_from(inked).unwrap_or(u8::MAX));
                }
            }
            cells.append(&mut line);
        }
    }
    let rows = cells.len() / columns;
    PageInk {
        columns: u32::try_from(columns).unwrap_or(u32::MAX),
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
        cells,
    }
}

/// How light the paper is under these dots.
fn paper<'d>(dots: impl Iterator<Item = &'d u8>) -> u8 {
    let mut counts = [0_usize; 256];
    let mut all = 0_usize;
    for dot in dots {
        all += 1;
        if let Some(count) = counts.get_mut(usize::from(*dot)) {
            *count += 1;
        }
    }
    let mut lighter = 0;
    let found = counts.iter().enumerate().rev().find(|(_, count)| {
        lighter += **count;
        lighter >= all.div_ceil(LIGHTEST)
    });
    found.map_or(255, |(grey, _)| u8::try_from(grey).unwrap_or(255))
}

/// Darker than which a dot is ink, for each tile of a band of the page from the left. On grey paper
/// print stands out by less.
fn limits(band: &[u8], wide: usize, page: u8) -> Vec<u8> {
    (0..wide.div_ceil(TILE))
        .map(|tile| {
            let rows = band.chunks(wide);
            let own = paper(rows.flat_map(|row| row.chunks(TILE).nth(tile).unwrap_or_default()));
            if u32::from(own) * 255 < u32::from(page) * SHADOW {
                return u8::MAX;
            }
            let stands_out = u32::from(INK) * u32::from(own) / 255;
            own.saturating_sub(u8::try_from(stands_out).unwrap_or(INK))
        })
        .collect()
}

fn darkest(dot: &[u8]) -> u8 {
    match dot {
        [blue, green, red, ..] => *blue.min(green).min(red),
        _ => 255,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_counted_where_it_is_on_paper_of_any_colour() {
        for paper in [255_u8, 180] {
            let (width, height) = (10_u32, 6_u32);
            let mut dots = [paper, paper, paper, 255].repeat((width * height) as usize);
            let mut ink = |x: usize, y: usize, colour: [u8; 3]| {
                dots[(y * width as usize + x) * 4..][..3].copy_from_slice(&colour);
            };
            ink(0, 0, [20, 20, 20]);
            // Red ink is ink.
            ink(1, 0, [30, 30, 220]);
            ink(9, 5, [0, 0, 0]);
            let found = counted(&dots, width);
            assert_eq!((found.columns, found.rows), (3, 2));
            assert_eq!(found.cells, [2, 0, 0, 0, 0, 1], "paper of {paper}");
        }
    }

    /// A photograph: light on the left, in its own shadow on the right, on a black table.
    #[test]
    fn shade_is_no_ink_and_what_lies_beside_the_page_is() {
        let (width, height) = (512_u32, 128_u32);
        let mut dots = Vec::new();
        for _ in 0..height {
            for x in 0..width {
                let grey = match x {
                    0..448 => 235 - u8::try_from(x / 5).unwrap(),
                    _ => 20,
                };
                dots.extend_from_slice(&[grey, grey, grey, 255]);
            }
        }
        // Print: a third as light as the paper around it, on both sides.
        for x in [40_usize, 400] {
            let at = (60 * width as usize + x) * 4;
            let grey = dots[at] / 3;
            dots[at..at + 3].fill(grey);
        }
        let found = counted(&dots, width);
        let columns = usize::try_from(found.columns).unwrap();
        for (at, cell) in found.cells.iter().enumerate() {
            let wanted = match (at % columns, at / columns) {
                (112.., _) => 16,
                (10 | 100, 15) => 1,
                _ => 0,
            };
            assert_eq!(
                *cell,
                wanted,
                "column {} row {}",
                at % columns,
                at / columns
            );
        }
    }
}
