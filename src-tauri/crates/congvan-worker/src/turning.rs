//! Pages turned by quarters: their pictures and the places on them.

use congvan_intake::Area;

use crate::{GreyPicture, PageInk, PageScan};

/// A place on a page after quarter turns clockwise.
pub(crate) fn area(area: Area, turns: u8) -> Area {
    let Area { x, y, w, h } = area;
    match turns % 4 {
        1 => Area {
            x: 1.0 - y - h,
            y: x,
            w: h,
            h: w,
        },
        2 => Area {
            x: 1.0 - x - w,
            y: 1.0 - y - h,
            w,
            h,
        },
        3 => Area {
            x: y,
            y: 1.0 - x - w,
            w: h,
            h: w,
        },
        _ => area,
    }
}

/// The upper `part` of a scan of a whole page after quarter turns clockwise. A scan that is not
/// turned is as it was asked for.
pub(crate) fn scan(scan: PageScan, turns: u8, part: f32) -> PageScan {
    if turns.is_multiple_of(4) {
        return scan;
    }
    let (mut print, mut red) = (scan.print, scan.red);
    for _ in 0..turns % 4 {
        let height = print.height;
        red = red.map(|(picture, (left, top))| {
            let at = (height.saturating_sub(top + picture.height), left);
            (turned(&picture), at)
        });
        print = turned(&print);
    }
    let page_height = print.height;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a part of a side, which has fewer than 2^24 dots"
    )]
    let rows = ((page_height as f32 * part.clamp(0.01, 1.0)).round() as u32).clamp(1, page_height);
    let size = usize::try_from(u64::from(rows) * u64::from(print.width)).unwrap_or(usize::MAX);
    print.pixels.truncate(size);
    print.height = rows;
    PageScan {
        print,
        page_height,
        red,
        ..scan
    }
}

impl PageInk {
    /// The same page after quarter turns clockwise.
    #[must_use]
    pub fn turned(self, turns: u8) -> Self {
        let mut picture = GreyPicture {
            width: self.columns,
            height: self.rows,
            dpi: 25,
            pixels: self.cells,
        };
        for _ in 0..turns % 4 {
            picture = turned(&picture);
        }
        Self {
            columns: picture.width,
            rows: picture.height,
            cells: picture.pixels,
        }
    }
}

/// One quarter turn clockwise: the left column, from its foot, is the first row.
fn turned(picture: &GreyPicture) -> GreyPicture {
    let width = usize::try_from(picture.width).unwrap_or(0);
    let rows: Vec<&[u8]> = picture.pixels.chunks_exact(width.max(1)).collect();
    let column = |at: usize| {
        rows.iter()
            .rev()
            .filter_map(move |row| row.get(at).copied())
    };
    GreyPicture {
        width: picture.height,
        height: picture.width,
        dpi: picture.dpi,
        pixels: (0..width).flat_map(column).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_brings_the_lower_left_corner_to_the_upper_left() {
        let picture = GreyPicture {
            width: 3,
            height: 2,
            dpi: 200,
            pixels: vec![1, 2, 3, 4, 5, 6],
        };
        let once = turned(&picture);
        assert_eq!((once.width, once.height), (2, 3));
        assert_eq!(once.pixels, [4, 1, 5, 2, 6, 3]);
        assert_eq!(turned(&turned(&turned(&once))), picture);
    }

    #[test]
    fn ink_turns_with_its_page() {
        let ink = PageInk {
            columns: 3,
            rows: 2,
            cells: vec![1, 2, 3, 4, 5, 6],
        };
        let once = ink.clone().turned(1);
        assert_eq!((once.columns, once.rows), (2, 3));
        assert_eq!(once.cells, [4, 1, 5, 2, 6, 3]);
        assert_eq!(ink.clone().turned(4), ink);
    }

    #[test]
    fn red_ink_and_words_turn_with_their_page() {
        let grey = |width, height| GreyPicture {
            width,
            height,
            dpi: 200,
            pixels: vec![255; (width * height) as usize],
        };
        let page = PageScan {
            print: grey(100, 200),
            page_height: 200,
            red: Some((grey(20, 10), (70, 30))),
            code: None,
            ink: 0.0,
        };
        for turns in 1..4 {
            let turned = scan(page.clone(), turns, 1.0);
            let (red, (left, top)) = turned.red.unwrap();
            let place = area(
                Area {
                    x: 0.7,
                    y: 0.15,
                    w: 0.2,
                    h: 0.05,
                },
                turns,
            );
            let (width, height) = (turned.print.width as f32, turned.page_height as f32);
            assert!((place.x * width - left as f32).abs() < 0.1, "{turns}");
            assert!((place.y * height - top as f32).abs() < 0.1, "{turns}");
            assert!((place.w * width - red.width as f32).abs() < 0.1, "{turns}");
        }
        assert_eq!(scan(page, 1, 0.5).print.height, 50);
    }
}
