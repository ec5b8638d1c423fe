//! Parts of pictures of pages, as they are or larger.

use congvan_intake::Area;

use crate::GreyPicture;

/// Stamps stand in the head; red ink further down is seals.
const STAMPS: f32 = 0.5;

/// Dots that a doubtful part is read with again: Tesseract finds lines and marks better in larger
/// letters, and a part costs little.
const CLOSE_DPI: u32 = 300;

/// A part of a picture, and which part it is: what reaches over an edge is not in it, and dots are
/// whole.
pub(crate) fn cut(print: &GreyPicture, area: Area) -> Option<(GreyPicture, Area)> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "parts of a side, which has fewer than 2^24 dots"
    )]
    let dots = |part: f32, side: u32| ((part.clamp(0.0, 1.0) * side as f32) as u32).min(side);
    let (left, top) = (dots(area.x, print.width), dots(area.y, print.height));
    let (width, height) = (
        dots(area.w, print.width).min(print.width - left),
        dots(area.h, print.height).min(print.height - top),
    );
    if width < 100 || height < 60 {
        return None;
    }
    let size = |dots: u32| usize::try_from(dots).ok();
    let (row, skip, take) = (size(print.width)?, size(left)?, size(width)?);
    let pixels = print
        .pixels
        .chunks_exact(row)
        .skip(size(top)?)
        .take(size(height)?)
        .flat_map(|row| row.get(skip..skip + take).unwrap_or_default())
        .copied()
        .collect();
    #[expect(
        clippy::cast_precision_loss,
        reason = "sides have fewer than 2^24 dots"
    )]
    let part = |dots: u32, side: u32| dots as f32 / side as f32;
    let taken = Area {
        x: part(left, print.width),
        y: part(top, print.height),
        w: part(width, print.width),
        h: part(height, print.height),
    };
    let picture = GreyPicture {
        width,
        height,
        dpi: print.dpi,
        pixels,
    };
    Some((picture, taken))
}

/// A picture at [`CLOSE_DPI`]; dots in between are mixed.
pub(crate) fn enlarged(picture: &GreyPicture) -> GreyPicture {
    let scaled = |side: u32| side * CLOSE_DPI / picture.dpi.max(1);
    let (width, height) = (scaled(picture.width), scaled(picture.height));
    if picture.dpi >= CLOSE_DPI || width == 0 || height == 0 {
        return picture.clone();
    }
    let size = |dots: u32| usize::try_from(dots).unwrap_or(usize::MAX);
    // The two dots around a place, and how far it lies from the first, in parts of 256.
    let around = |at: u32, (from, to): (u32, u32)| {
        let exact = (u64::from(at) * 512 + 256) * u64::from(from) / (u64::from(to) * 2);
        let exact = exact.saturating_sub(128);
        let first = u32::try_from(exact / 256).unwrap_or(0).min(from - 1);
        let second = (first + 1).min(from - 1);
        (
            size(first),
            size(second),
            u32::try_from(exact % 256).unwrap_or(0),
        )
    };
    let columns: Vec<_> = (0..width)
        .map(|x| around(x, (picture.width, width)))
        .collect();
    let row = |y: usize| {
        let start = y * size(picture.width);
        picture
            .pixels
            .get(start..start + size(picture.width))
            .unwrap_or_default()
    };
    let mut pixels = Vec::with_capacity(size(width) * size(height));
    for y in 0..height {
        let (upper, lower, down) = around(y, (picture.height, height));
        let (upper, lower) = (row(upper), row(lower));
        pixels.extend(columns.iter().map(|(left, right, across)| {
            let tone = |row: &[u8], at: &usize| row.get(*at).copied().map_or(255, u32::from);
            let mix = |row: &[u8]| tone(row, left) * (256 - across) + tone(row, right) * across;
            let mixed = (mix(upper) * (256 - down) + mix(lower) * down) >> 16;
            u8::try_from(mixed).unwrap_or(255)
        }));
    }
    GreyPicture {
        width,
        height,
        dpi: CLOSE_DPI,
        pixels,
    }
}

/// The rows of a picture that lie in the upper part of the page; Tesseract finds nothing in a strip
/// lower than a letter.
pub(crate) fn upper(
    picture: GreyPicture,
    (left, top): (u32, u32),
    page_height: u32,
) -> Option<(GreyPicture, (u32, u32))> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a part of a side"
    )]
    let limit = (page_height as f32 * STAMPS) as u32;
    let height = picture.height.min(limit.saturating_sub(top));
    if height < 20 {
        return None;
    }
    let GreyPicture {
        width,
        dpi,
        mut pixels,
        ..
    } = picture;
    pixels.truncate(usize::try_from(u64::from(width) * u64::from(height)).ok()?);
    Some((
        GreyPicture {
            width,
            height,
            dpi,
            pixels,
        },
        (left, top),
    ))
}

/// A picture with what is lighter than print made paper: a seal that was scanned in grey is a tone
/// between the two.
pub(crate) fn hardened(mut picture: GreyPicture) -> GreyPicture {
    const SPAN: u32 = 110;
    let mut counts = [0_usize; 256];
    for dot in &picture.pixels {
        if let Some(count) = counts.get_mut(usize::from(*dot)) {
            *count += 1;
        }
    }
    // Print is the darkest hundredth of a signature's place.
    let wanted = picture.pixels.len() / 100;
    let mut darker = 0;
    let ink = (0_u32..).zip(counts).find_map(|(tone, count)| {
        darker += count;
        (darker > wanted).then_some(tone)
    });
    // Black and white has nothing between.
    let Some(ink) = ink.filter(|ink| (8..110).contains(ink)) else {
        return picture;
    };
    for dot in &mut picture.pixels {
        let above = u32::from(*dot).saturating_sub(ink);
        *dot = u8::try_from(above * 250 / SPAN).unwrap_or(250).min(250);
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_in_grey_is_lightened_and_print_stays_black() {
        let mut pixels = vec![245; 1000];
        pixels[..40].fill(30);
        pixels[40..90].fill(95);
        let hard = hardened(GreyPicture {
            width: 100,
            height: 10,
            dpi: 200,
            pixels,
        });
        assert_eq!((hard.pixels[0], hard.pixels[500]), (0, 250));
        assert!(hard.pixels[50] > 140, "{}", hard.pixels[50]);
    }

    #[test]
    fn a_part_that_reaches_over_an_edge_is_told_as_it_was_cut() {
        let print = GreyPicture {
            width: 400,
            height: 200,
            dpi: 200,
            pixels: vec![255; 80_000],
        };
        let area = |x, y, w, h| Area { x, y, w, h };
        let (inside, taken) = cut(&print, area(0.25, 0.25, 0.5, 0.5)).unwrap();
        assert_eq!((inside.width, inside.height), (200, 100));
        assert_eq!(taken, area(0.25, 0.25, 0.5, 0.5));
        let (over, taken) = cut(&print, area(0.5, 0.5, 1.0, 1.0)).unwrap();
        assert_eq!((over.width, over.height), (200, 100));
        assert_eq!(taken, area(0.5, 0.5, 0.5, 0.5), "half of what was asked");
        let (before, taken) = cut(&print, area(0.0, -0.25, 0.5, 0.5)).unwrap();
        assert_eq!(before.height, 100);
        assert_eq!((taken.y, taken.h), (0.0, 0.5), "never above the picture");
    }

    #[test]
    fn an_enlarged_part_keeps_its_edges_and_mixes_between_them() {
        let picture = GreyPicture {
            width: 4,
            height: 2,
            dpi: 150,
            pixels: vec![0, 0, 200, 200, 0, 0, 200, 200],
        };
        let large = enlarged(&picture);
        assert_eq!((large.width, large.height, large.dpi), (8, 4, 300));
        assert_eq!(&large.pixels[..8], [0, 0, 0, 50, 150, 200, 200, 200]);
        let close = GreyPicture {
            dpi: 300,
            ..picture
        };
        assert_eq!(enlarged(&close), close, "what is large enough stays");
    }
}
