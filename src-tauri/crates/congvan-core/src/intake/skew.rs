//! By how much a scanned page lies askew.
//!
//! Lines of print make rows of ink and rows of paper; turned by the right angle the rows are the most
//! unlike each other. The angle with the greatest sum of squares of the rows' ink is the one.

use congvan_worker::GreyPicture;

/// Darker than this is print; red ink is as light as paper in these pictures.
const DARK: u8 = 110;
/// Scanners pull a sheet askew by less.
const MOST: f32 = 6.0;
/// So many dots of ink are enough to tell, and fewer are not.
const ENOUGH: usize = 40_000;
const FEWEST: usize = 400;
/// The best angle must stand out by this factor from lying straight: else the page has no lines.
const CLEARER: f64 = 1.02;

/// Degrees clockwise by which the print lies askew, to a twentieth of a degree; 0 for a page that is
/// straight or has no lines to tell by.
pub(super) fn skew_of(picture: &GreyPicture) -> f32 {
    let points = ink(picture);
    if points.len() < FEWEST {
        return 0.0;
    }
    let coarse = best(&points, (0.0, MOST), 0.5);
    let finer = best(&points, (coarse, 0.5), 0.1);
    let angle = best(&points, (finer, 0.1), 0.05);
    if sharpness(&points, angle) > sharpness(&points, 0.0) * CLEARER {
        angle
    } else {
        0.0
    }
}

/// The dark dots, from the middle of the page, thinned out evenly where there are many.
fn ink(picture: &GreyPicture) -> Vec<(f32, f32)> {
    let width = usize::try_from(picture.width).unwrap_or(usize::MAX).max(1);
    let height = picture.pixels.len() / width;
    let (edge_x, edge_y) = (width / 20, height / 20);
    let inner = |x: usize, y: usize| {
        x >= edge_x && x + edge_x < width && y >= edge_y && y + edge_y < height
    };
    let dark: Vec<(usize, usize)> = picture
        .pixels
        .iter()
        .enumerate()
        .filter(|(_, dot)| **dot < DARK)
        .map(|(at, _)| (at % width, at / width))
        .filter(|(x, y)| inner(*x, *y))
        .collect();
    let step = dark.len().div_ceil(ENOUGH).max(1);
    #[expect(
        clippy::cast_precision_loss,
        reason = "sides have fewer than 2^24 dots"
    )]
    let from_middle = |(x, y): (usize, usize)| {
        (
            x as f32 - width as f32 / 2.0,
            y as f32 - height as f32 / 2.0,
        )
    };
    dark.into_iter().step_by(step).map(from_middle).collect()
}

/// The sharpest of the angles around one.
fn best(points: &[(f32, f32)], (around, reach): (f32, f32), step: f32) -> f32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a few dozen steps of an angle"
    )]
    let steps = (reach / step).round() as i16;
    let mut found = (around, f64::MIN);
    for number in -steps..=steps {
        let angle = around + f32::from(number) * step;
        let sharp = sharpness(points, angle);
        if sharp > found.1 {
            found = (angle, sharp);
        }
    }
    found.0
}

/// How unlike the rows are when the page is turned back by so many degrees.
fn sharpness(points: &[(f32, f32)], degrees: f32) -> f64 {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let rows: Vec<f32> = points.iter().map(|(x, y)| y * cos - x * sin).collect();
    let top = rows.iter().copied().fold(f32::MAX, f32::min);
    let mut counts: Vec<u32> = Vec::new();
    for row in rows {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rows count from the topmost"
        )]
        let row = (row - top) as usize;
        if row >= counts.len() {
            counts.resize(row + 1, 0);
        }
        if let Some(count) = counts.get_mut(row) {
            *count += 1;
        }
    }
    counts
        .into_iter()
        .map(|count| f64::from(count) * f64::from(count))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of words that fall to the right by so many degrees.
    fn print(degrees: f32) -> GreyPicture {
        let (width, height) = (827_u32, 1169_u32);
        let mut pixels = vec![250_u8; (width * height) as usize];
        for line in 0..30 {
            for x in (120..700).filter(|x| x % 23 > 5) {
                let along = x as f32 - 413.0;
                let top = 200.0 + line as f32 * 26.0 + along * degrees.to_radians().tan();
                for dy in 0..9 {
                    let y = top.round() as usize + dy;
                    pixels[y * width as usize + x] = 30;
                }
            }
        }
        GreyPicture {
            width,
            height,
            dpi: 100,
            pixels,
        }
    }

    #[test]
    fn the_angle_of_print_is_found_to_a_tenth_of_a_degree() {
        for degrees in [-4.0, -1.3, -0.4, 0.0, 0.7, 2.5, 5.0] {
            let found = skew_of(&print(degrees));
            assert!((found - degrees).abs() <= 0.1, "{degrees}: found {found}");
        }
    }

    #[test]
    fn a_page_without_print_lies_straight() {
        let empty = GreyPicture {
            width: 100,
            height: 100,
            dpi: 100,
            pixels: vec![255; 10_000],
        };
        assert_eq!(skew_of(&empty), 0.0);
    }
}
