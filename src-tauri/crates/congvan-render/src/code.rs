//! What tells a page of a letter from a separator sheet and from an empty back: a QR code, and how
//! much ink there is.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rqrr::PreparedImage;

/// Enough for a code of 60 mm and more with a hundred letters in it; a page is a million dots.
const DPI: u32 = 100;

/// Darker than the paper by so much is ink; grain, a fold and what shines through from the back are
/// less.
pub(crate) const INK: u8 = 70;

/// The edges of a page, where scanners leave shadows and holes are punched: a share of each side.
const EDGE: f32 = 0.04;

/// Codes looked at on one page; a page of a catalogue may have hundreds.
const CODES: usize = 8;

/// A code of ours is far shorter; a longer one is none of our business.
const LONGEST: usize = 512;

/// A page at about [`DPI`], as dark as its darkest colour.
pub(crate) struct Small {
    width: usize,
    height: usize,
    dots: Vec<u8>,
}

impl Small {
    /// Averages squares of dots. `dots` has four bytes each and rows of `width` dots.
    pub(crate) fn new(dots: &[u8], width: u32, dpi: u32) -> Self {
        let size = |dots: u32| usize::try_from(dots).unwrap_or(usize::MAX);
        let step = size((dpi / DPI).max(1));
        let wide = size(width).max(1);
        let columns = wide / step;
        let (area, mut height) = (step * step, 0);
        let mut small = Vec::with_capacity(dots.len() / 4 / area.max(1));
        for rows in dots.chunks_exact(wide * 4 * step) {
            let mut sums = vec![0_usize; columns];
            for row in rows.chunks_exact(wide * 4) {
                for (square, sum) in row.chunks_exact(4 * step).zip(&mut sums) {
                    *sum += square.chunks_exact(4).map(darkest).sum::<usize>();
                }
            }
            let grey = sums.iter().map(|sum| sum / area);
            small.extend(grey.map(|grey| u8::try_from(grey).unwrap_or(255)));
            height += 1;
        }
        Self {
            width: columns,
            height,
            dots: small,
        }
    }

    /// The share of dots that carry ink, 0..1, without the edges. Of whatever colour the paper is,
    /// most of it is paper.
    pub(crate) fn ink(&self) -> f32 {
        let margin = |side: usize| scaled(side, EDGE);
        let (across, down) = (margin(self.width), margin(self.height));
        let mut counts = [0_usize; 256];
        let rows = self.dots.chunks_exact(self.width.max(1));
        for row in rows.skip(down).take(self.height.saturating_sub(2 * down)) {
            let inner = row.get(across..self.width.saturating_sub(across));
            for dot in inner.unwrap_or_default() {
                if let Some(count) = counts.get_mut(usize::from(*dot)) {
                    *count += 1;
                }
            }
        }
        let paper = counts
            .iter()
            .enumerate()
            .max_by_key(|(_, count)| **count)
            .map_or(255, |(grey, _)| grey);
        let dark = paper.saturating_sub(usize::from(INK));
        let inked: usize = counts.iter().take(dark).sum();
        let all: usize = counts.iter().sum();
        share(inked, all)
    }

    /// The text of the first QR code that can be read. None, too, where the search itself fails: the
    /// page is then like any other.
    pub(crate) fn code(&self) -> Option<String> {
        // Its assertions are about shapes on a page, and the page is a stranger's.
        catch_unwind(AssertUnwindSafe(|| self.search())).ok()?
    }

    fn search(&self) -> Option<String> {
        let dot = |x: usize, y: usize| self.dots.get(y * self.width + x).copied().unwrap_or(255);
        let mut image = PreparedImage::prepare_from_greyscale(self.width, self.height, dot);
        image.detect_grids().iter().take(CODES).find_map(|grid| {
            let (_, text) = grid.decode().ok()?;
            (text.len() <= LONGEST).then_some(text)
        })
    }
}

fn darkest(dot: &[u8]) -> usize {
    match dot {
        [blue, green, red, ..] => usize::from(*blue.min(green).min(red)),
        _ => 255,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a side, which has fewer than 2^24 dots"
)]
fn scaled(side: usize, part: f32) -> usize {
    (side as f32 * part) as usize
}

#[expect(clippy::cast_precision_loss, reason = "fewer than 2^24 dots")]
fn share(part: usize, all: usize) -> f32 {
    if all == 0 {
        return 0.0;
    }
    part as f32 / all as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: u32 = 400;

    /// A square page of 200 dpi.
    fn page(dot: impl Fn(u32, u32) -> [u8; 3]) -> Small {
        let dots: Vec<u8> = (0..SIDE * SIDE)
            .flat_map(|at| {
                let [blue, green, red] = dot(at % SIDE, at / SIDE);
                [blue, green, red, 255]
            })
            .collect();
        Small::new(&dots, SIDE, 200)
    }

    #[test]
    fn coloured_paper_and_dark_edges_are_no_ink_and_ink_of_any_colour_is() {
        let grain = |x: u32, y: u32| u8::try_from((x * 7 + y * 13) % 40).unwrap();
        let pink = page(|x, y| [190 - grain(x, y), 170 - grain(x, y), 250]);
        assert_eq!(pink.ink(), 0.0, "pink paper with grain");
        let edges = page(|x, y| if x < 14 || y > 388 { [0; 3] } else { [250; 3] });
        assert_eq!(edges.ink(), 0.0, "shadows at the edges");
        for ink in [[20, 20, 20], [180, 40, 30], [30, 30, 220]] {
            let line = page(|x, y| {
                if (100..300).contains(&x) && (200..204).contains(&y) {
                    ink
                } else {
                    [250; 3]
                }
            });
            let share = line.ink();
            // 200 by 4 dots of the 368 by 368 within the edges.
            assert!((0.005..0.007).contains(&share), "{ink:?}: {share}");
        }
    }

    #[test]
    fn a_page_without_a_code_has_none_whatever_is_on_it() {
        assert_eq!(page(|_, _| [255; 3]).code(), None);
        assert_eq!(page(|_, _| [0; 3]).code(), None);
        // Rings like the corners of codes, all over the page.
        let rings = page(|x, y| {
            let ring = (x % 28).abs_diff(14).max((y % 28).abs_diff(14));
            if ring < 6 || (10..14).contains(&ring) {
                [0; 3]
            } else {
                [255; 3]
            }
        });
        assert_eq!(rings.code(), None);
    }
}
