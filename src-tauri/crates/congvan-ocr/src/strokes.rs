//! Strokes that are no letters, taken off before reading: rules under names and mottoes, frames of
//! stamps, dust. Tesseract takes a line close under a name for a part of it, and what a frame
//! surrounds for a picture.

/// Darker is ink; the paper was made white before.
const INK: u8 = 150;

/// What is put where a stroke was.
const PAPER: u8 = 245;

/// Fewer dots within three of each other, with nothing near, are dust; the dot of an i has nine.
const DUST: usize = 5;

/// Takes off straight strokes across and down that are longer than any stroke of print: 0.3 inch,
/// and thin. Where a letter crosses a rule, the letter stays.
pub(crate) fn rules(pixels: &mut [u8], width: usize, dpi: u32) {
    let height = pixels.len().checked_div(width).unwrap_or(0);
    let dots = usize::try_from(dpi).unwrap_or(200);
    let (long, thin) = (dots * 3 / 10, (dots / 28).max(3));
    if width < long * 2 || height < long * 2 {
        return;
    }
    let mut wipe = vec![false; pixels.len()];
    let across = Sides {
        lines: height,
        along: width,
        line_step: width,
        step: 1,
    };
    let down = Sides {
        lines: width,
        along: height,
        line_step: 1,
        step: width,
    };
    for sides in [across, down] {
        for line in 0..sides.lines {
            sides.mark(pixels, &mut wipe, (line, long, thin));
        }
    }
    for (dot, wiped) in pixels.iter_mut().zip(wipe) {
        if wiped {
            *dot = PAPER;
        }
    }
}

/// A picture walked along its rows or its columns.
struct Sides {
    lines: usize,
    along: usize,
    line_step: usize,
    step: usize,
}

impl Sides {
    fn is_ink(&self, pixels: &[u8], line: usize, place: usize) -> bool {
        line < self.lines
            && pixels
                .get(line * self.line_step + place * self.step)
                .is_some_and(|dot| *dot < INK)
    }

    /// Marks the long thin runs of a line, with the lighter dots at their rims.
    fn mark(&self, pixels: &[u8], wipe: &mut [bool], (line, long, thin): (usize, usize, usize)) {
        let mut start = 0;
        for place in 0..=self.along {
            if place < self.along && self.is_ink(pixels, line, place) {
                continue;
            }
            // A missing dot does not end a stroke.
            if place + 1 < self.along && place > start && self.is_ink(pixels, line, place + 1) {
                continue;
            }
            if place - start >= long {
                self.wipe_run(pixels, wipe, (line, start, place, thin));
            }
            start = place + 1;
        }
    }

    fn wipe_run(
        &self,
        pixels: &[u8],
        wipe: &mut [bool],
        (line, start, end, thin): (usize, usize, usize, usize),
    ) {
        let extents: Vec<(usize, usize)> = (start..end)
            .map(|place| self.extent(pixels, (line, place), thin))
            .collect();
        let slim = |(before, after): &(usize, usize)| before + after < thin;
        // The edge of a dark area is no stroke.
        if extents.iter().filter(|extent| slim(extent)).count() * 2 < extents.len() {
            return;
        }
        for (place, extent) in (start..end).zip(&extents) {
            if !slim(extent) {
                continue;
            }
            let from = line.saturating_sub(extent.0 + 1);
            for side in from..=(line + extent.1 + 1).min(self.lines - 1) {
                if let Some(dot) = wipe.get_mut(side * self.line_step + place * self.step) {
                    *dot = true;
                }
            }
        }
    }

    /// How far ink goes on to both sides of a dot, up to `limit`.
    fn extent(&self, pixels: &[u8], (line, place): (usize, usize), limit: usize) -> (usize, usize) {
        let before = (1..=limit)
            .take_while(|far| line >= *far && self.is_ink(pixels, line - far, place))
            .count();
        let after = (1..=limit)
            .take_while(|far| self.is_ink(pixels, line + far, place))
            .count();
        (before, after)
    }
}

/// Takes off specks: a few dark dots with nothing near.
pub(crate) fn dust(pixels: &mut [u8], width: usize) {
    const REACH: usize = 3;
    let height = pixels.len().checked_div(width).unwrap_or(0);
    if width <= REACH * 2 || height <= REACH * 2 {
        return;
    }
    let mut specks = Vec::new();
    for y in REACH..height - REACH {
        for x in REACH..width - REACH {
            if pixels.get(y * width + x).is_none_or(|dot| *dot >= INK) {
                continue;
            }
            let mut near = 0;
            for row in y - REACH..=y + REACH {
                let start = row * width + x - REACH;
                let window = pixels.get(start..=start + REACH * 2).unwrap_or_default();
                near += window.iter().filter(|dot| **dot < INK).count();
                if near > DUST {
                    break;
                }
            }
            if near <= DUST {
                specks.push(y * width + x);
            }
        }
    }
    for at in specks {
        if let Some(dot) = pixels.get_mut(at) {
            *dot = PAPER;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 400;

    fn paper() -> Vec<u8> {
        vec![245; WIDTH * 300]
    }

    fn fill(pixels: &mut [u8], (left, top): (usize, usize), (wide, high): (usize, usize)) {
        for y in top..top + high {
            pixels[y * WIDTH + left..y * WIDTH + left + wide].fill(30);
        }
    }

    fn dark(pixels: &[u8]) -> usize {
        pixels.iter().filter(|dot| **dot < INK).count()
    }

    #[test]
    fn rules_and_frames_go_and_letters_stay() {
        let mut pixels = paper();
        fill(&mut pixels, (50, 100), (200, 3));
        fill(&mut pixels, (300, 50), (3, 150));
        // A slanted rule: steps of thirty dots.
        for step in 0..8 {
            fill(&mut pixels, (50 + step * 40, 250 + step), (42, 3));
        }
        // A letter's stem, a bar as wide as that of a T, and a stem that crosses the rule.
        fill(&mut pixels, (100, 40), (5, 30));
        fill(&mut pixels, (120, 40), (26, 4));
        fill(&mut pixels, (150, 80), (5, 40));
        rules(&mut pixels, WIDTH, 200);
        assert_eq!(dark(&pixels), 5 * 30 + 26 * 4 + 5 * 40);
    }

    #[test]
    fn the_edge_of_a_dark_bar_is_no_rule() {
        let mut pixels = paper();
        fill(&mut pixels, (0, 0), (40, 300));
        rules(&mut pixels, WIDTH, 200);
        assert_eq!(dark(&pixels), 40 * 300);
    }

    #[test]
    fn dust_goes_and_dots_of_letters_stay() {
        let mut pixels = paper();
        for at in [(20, 20), (90, 33), (200, 210)] {
            fill(&mut pixels, at, (2, 2));
        }
        fill(&mut pixels, (300, 100), (3, 3));
        dust(&mut pixels, WIDTH);
        assert_eq!(dark(&pixels), 9, "the dot of an i");
    }
}
