//! Paper made white before reading: light falls unevenly on a photographed sheet, faded print has
//! little contrast, and Tesseract sets one threshold for the whole page.

/// Side of the squares whose paper is measured, in dots: larger than a letter, smaller than a
/// shadow.
const SQUARE: usize = 48;

/// Divides every dot by the tone of the paper around it.
pub(crate) fn whiten(pixels: &mut [u8], width: usize) {
    let height = pixels.len().checked_div(width).unwrap_or(0);
    if width < SQUARE * 2 || height < SQUARE * 2 {
        return;
    }
    let (columns, rows) = (width.div_ceil(SQUARE), height.div_ceil(SQUARE));
    let mut paper = vec![0_u8; columns * rows];
    for (row, tones) in paper.chunks_exact_mut(columns).enumerate() {
        for (column, tone) in tones.iter_mut().enumerate() {
            *tone = paper_tone(pixels, width, column * SQUARE, row * SQUARE);
        }
    }
    fill_dark(&mut paper);
    let (low, high) = paper.iter().fold((255, 0), |(low, high), tone| {
        (low.min(*tone), high.max(*tone))
    });
    // Even and white: nothing to do.
    if low > 225 && high - low < 20 {
        return;
    }
    for (y, line) in pixels.chunks_exact_mut(width).enumerate() {
        for (x, dot) in line.iter_mut().enumerate() {
            let tone = between(&paper, columns, rows, (x, y)).max(1);
            *dot = u8::try_from(u32::from(*dot) * 245 / tone).unwrap_or(255);
        }
    }
}

/// Ink that is lighter than this is faded.
const FADED: u8 = 96;

/// Makes faded ink black: tones between the darkest print and paper are drawn apart.
pub(crate) fn darken(pixels: &mut [u8]) {
    let mut counts = [0_usize; 256];
    for dot in pixels.iter() {
        if let Some(count) = counts.get_mut(usize::from(*dot)) {
            *count += 1;
        }
    }
    // The darkest 1 in 200 are the middles of strokes; dust and frames are fewer.
    let wanted = pixels.len() / 200;
    let mut darker = 0;
    let ink = (0_u8..=255).zip(counts).find_map(|(tone, count)| {
        darker += count;
        (darker > wanted).then_some(tone)
    });
    let Some(ink) = ink.filter(|ink| (FADED..200).contains(ink)) else {
        return;
    };
    let room = u32::from(245 - ink);
    for dot in pixels {
        let above = u32::from(dot.saturating_sub(ink));
        *dot = u8::try_from(above * 245 / room).unwrap_or(255);
    }
}

/// Softens the steps of a picture that is black and white only, as faxes are: the reader was taught
/// on grey letters.
pub(crate) fn soften(pixels: &mut [u8], width: usize) {
    let height = pixels.len().checked_div(width).unwrap_or(0);
    let between = pixels
        .iter()
        .filter(|dot| (12..=243).contains(*dot))
        .count();
    if width < 3 || height < 3 || between * 50 > pixels.len() {
        return;
    }
    let mix = |one: u8, middle: u8, other: u8| {
        let sum = u16::from(one) + 2 * u16::from(middle) + u16::from(other);
        u8::try_from(sum / 4).unwrap_or(255)
    };
    for row in pixels.chunks_exact_mut(width) {
        let mut before = row.first().copied().unwrap_or(255);
        for place in 0..width {
            let after = row.get(place + 1).or(row.get(place)).copied();
            if let Some(dot) = row.get_mut(place) {
                let own = *dot;
                *dot = mix(before, own, after.unwrap_or(own));
                before = own;
            }
        }
    }
    let mut above: Vec<u8> = pixels.get(..width).unwrap_or_default().to_vec();
    for y in 0..height {
        let start = y * width;
        let (head, below) = pixels.split_at_mut((start + width).min(width * height));
        let Some(row) = head.get_mut(start..) else {
            return;
        };
        for (place, dot) in row.iter_mut().enumerate() {
            let own = *dot;
            let under = below.get(place).copied().unwrap_or(own);
            if let Some(upper) = above.get_mut(place) {
                *dot = mix(*upper, own, under);
                *upper = own;
            }
        }
    }
}

/// The tone that a fifth of the square's dots are lighter than.
fn paper_tone(pixels: &[u8], width: usize, left: usize, top: usize) -> u8 {
    let mut counts = [0_u32; 256];
    let mut all = 0;
    for line in pixels.chunks_exact(width).skip(top).take(SQUARE).step_by(2) {
        for dot in line.iter().skip(left).take(SQUARE).step_by(2) {
            if let Some(count) = counts.get_mut(usize::from(*dot)) {
                *count += 1;
                all += 1;
            }
        }
    }
    let mut lighter = 0;
    for (tone, count) in (0_u8..=255).zip(counts).rev() {
        lighter += count;
        if lighter * 5 >= all {
            return tone;
        }
    }
    255
}

/// A square that is dark throughout is no paper: the edge of the glass, a black bar. It takes the
/// page's common tone.
fn fill_dark(paper: &mut [u8]) {
    let mut sorted = paper.to_vec();
    sorted.sort_unstable();
    let common = sorted.get(sorted.len() / 2).copied().unwrap_or(255);
    for tone in paper.iter_mut().filter(|tone| **tone < common / 2) {
        *tone = common;
    }
}

/// The paper's tone at a dot, mixed from the four squares around it.
fn between(paper: &[u8], columns: usize, rows: usize, (x, y): (usize, usize)) -> u32 {
    let half = SQUARE / 2;
    let place = |at: usize, count: usize| {
        let shifted = at.saturating_sub(half);
        let first = (shifted / SQUARE).min(count - 1);
        let part = if at < half { 0 } else { shifted % SQUARE };
        (first, (first + 1).min(count - 1), part)
    };
    let ((left, right, px), (top, bottom, py)) = (place(x, columns), place(y, rows));
    let tone = |column: usize, row: usize| {
        paper
            .get(row * columns + column)
            .copied()
            .map_or(255, usize::from)
    };
    let upper = tone(left, top) * (SQUARE - px) + tone(right, top) * px;
    let lower = tone(left, bottom) * (SQUARE - px) + tone(right, bottom) * px;
    let mixed = (upper * (SQUARE - py) + lower * py) / (SQUARE * SQUARE);
    u32::try_from(mixed).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shadow_goes_and_print_stays() {
        let width = 400;
        let mut pixels: Vec<u8> = (0..width * 400)
            .map(|at| 230 - (at % width / 4) as u8)
            .collect();
        let ink = 200 * width + 350;
        pixels[ink] = 40;
        whiten(&mut pixels, width);
        assert!(
            pixels[100 * width + 20] > 225 && pixels[100 * width + 380] > 225,
            "paper is white on both sides"
        );
        assert!(pixels[ink] < 90, "ink is dark");
    }

    #[test]
    fn faded_print_becomes_black_and_good_print_stays() {
        let mut pixels = vec![245_u8; 2000];
        pixels[..100].fill(150);
        pixels[100..120].fill(200);
        darken(&mut pixels);
        assert_eq!((pixels[0], pixels[500]), (0, 245));
        assert!((100..150).contains(&pixels[110]), "{}", pixels[110]);
        let mut good = vec![245_u8; 2000];
        good[..100].fill(40);
        let before = good.clone();
        darken(&mut good);
        assert_eq!(good, before);
    }

    #[test]
    fn a_picture_of_two_tones_gets_soft_edges_and_grey_ones_stay() {
        let mut pixels = vec![255_u8; 90];
        for row in pixels.chunks_exact_mut(9) {
            row[4..].fill(0);
        }
        soften(&mut pixels, 9);
        assert_eq!(&pixels[9..18], [255, 255, 255, 191, 63, 0, 0, 0, 0]);
        let mut grey: Vec<u8> = (0..90).map(|at| at * 2 + 40).collect();
        let before = grey.clone();
        soften(&mut grey, 9);
        assert_eq!(grey, before);
    }

    #[test]
    fn white_paper_is_left_alone() {
        let mut pixels = vec![250_u8; 300 * 300];
        pixels[5000] = 3;
        let before = pixels.clone();
        whiten(&mut pixels, 300);
        assert_eq!(pixels, before);
    }
}
