//! Where the stamp ĐẾN and the words of a copy go on a page so that no print lies under them.
//!
//! A page is looked at as cells of a millimetre. Of all places that are allowed the nearest to the
//! wanted one that has no ink is taken; where every one has some, the one that covers the least.
//!
//! The stamp belongs to the head of the page, so it rather shrinks a little than goes far: see
//! [`Paper::stamp`]. The page never gets a margin of its own for it: a scan is the paper in its true
//! size, and a larger page would be printed smaller.

use congvan_pades::{MmRect, roles};
use congvan_worker::PageInk;

/// Fewer inked dots in a cell, of 16, are a speck of dust and no print.
const SPECK: u8 = 2;
/// Blank paper around what is drawn.
const CLEAR: usize = 1;
/// Nothing is drawn nearer to the edges than this: printers and scanners lose it.
const EDGE: usize = 3;
/// Widths and heights of the words of a copy, most wanted first. Three lines of the decree's 10 points
/// fit in the lowest; a longer name of an agency fits in one line of the widest.
const WORDS: [(f64, f64); 3] = [(70.0, 18.0), (85.0, 14.0), (70.0, 14.0)];
/// Share of the height that counts as the top of a page for the words of a copy.
const TOP: f64 = 0.25;
/// Share of the height that is the head of a page, where the stamp is looked for.
const HEAD: f64 = 1.0 / 3.0;
/// Parts of its true size (35 × 50 mm, Decree 30/2020, Appendix IV) that the stamp may have. In the last
/// its words have 7 points.
const SCALES: [f64; 4] = [1.0, 0.9, 0.8, 0.7];
/// From the right edge of the page to the words of a copy, and from the top, where it is blank.
const MARGIN: f64 = 8.0;

/// A place and what lies under it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    /// Millimetres from the top left of the page.
    pub(crate) rect: MmRect,
    /// Square millimetres under it, and close around it, that carry ink; 0 = blank paper.
    pub(crate) covered: u32,
}

/// Where the stamp stands, and why there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// On blank paper of the head of the page.
    Head,
    /// On blank paper further down, or in another margin: the head has none, also for a smaller stamp.
    Elsewhere,
    /// On print of the head, where it covers the least: the page has no blank paper for it at all.
    OnPrint,
}

/// A place for the stamp.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StampSpot {
    /// Where, and what lies under it.
    pub(crate) spot: Spot,
    /// Part of its true size that the stamp has.
    pub(crate) scale: f64,
    /// Why there.
    pub(crate) standing: Standing,
}

/// The ink of a page, so that the ink of any rectangle is known at once.
pub(crate) struct Paper {
    columns: usize,
    rows: usize,
    /// Inked cells above and to the left of each corner of a cell.
    sums: Vec<u32>,
}

impl Paper {
    /// None for a picture that is not as large as it says.
    pub(crate) fn new(ink: &PageInk) -> Option<Self> {
        let (columns, rows) = (
            usize::try_from(ink.columns).ok()?,
            usize::try_from(ink.rows).ok()?,
        );
        if columns == 0 || columns.checked_mul(rows)? != ink.cells.len() {
            return None;
        }
        let mut sums = vec![0_u32; columns + 1];
        let mut above = sums.clone();
        for row in ink.cells.chunks_exact(columns) {
            let mut line = Vec::with_capacity(columns + 1);
            line.push(0);
            let mut so_far = 0;
            for (cell, above) in row.iter().zip(above.iter().skip(1)) {
                so_far += u32::from(*cell >= SPECK);
                line.push(so_far + above);
            }
            sums.extend_from_slice(&line);
            above = line;
        }
        Some(Self {
            columns,
            rows,
            sums,
        })
    }

    /// Inked cells of a rectangle; what is beyond the page is blank.
    fn inked(&self, (left, top): (usize, usize), (width, height): (usize, usize)) -> u32 {
        let (right, bottom) = (
            (left + width).min(self.columns),
            (top + height).min(self.rows),
        );
        let at = |x: usize, y: usize| {
            let index = y.min(self.rows) * (self.columns + 1) + x.min(self.columns);
            self.sums.get(index).copied().unwrap_or(0)
        };
        (at(right, bottom) + at(left, top)).saturating_sub(at(left, bottom) + at(right, top))
    }

    /// The best place of so many millimetres whose top left corner is allowed: without ink and nearest
    /// to the wanted corner, or with the least ink. None where it does not fit on the page.
    fn best(
        &self,
        size: (f64, f64),
        wanted: (f64, f64),
        is_allowed: impl Fn(f64, f64) -> bool,
    ) -> Option<Spot> {
        let (wide, high) = (ceil(size.0), ceil(size.1));
        let last_x = self.columns.checked_sub(wide + EDGE)?;
        let last_y = self.rows.checked_sub(high + EDGE)?;
        let mut found: Option<((u32, f64), Spot)> = None;
        for y in EDGE..=last_y {
            for x in EDGE..=last_x {
                let (left, top) = (mm(x), mm(y));
                if !is_allowed(left, top) {
                    continue;
                }
                let covered =
                    self.inked((x - CLEAR, y - CLEAR), (wide + 2 * CLEAR, high + 2 * CLEAR));
                let far = (left - wanted.0).powi(2) + (top - wanted.1).powi(2);
                let cost = (covered, far);
                if found.as_ref().is_none_or(|(best, _)| cost < *best) {
                    let rect = MmRect {
                        x: left,
                        y: top,
                        width: size.0,
                        height: size.1,
                    };
                    found = Some((cost, Spot { rect, covered }));
                }
            }
        }
        found.map(|(_, spot)| spot)
    }

    /// Where the words of a copy go: at the top right (Decree 30/2020, Appendix I), above the print or
    /// in a gap of it.
    pub(crate) fn words(&self) -> Option<Spot> {
        let (width, height) = (mm(self.columns), mm(self.rows));
        let mut least: Option<Spot> = None;
        for size in WORDS {
            let is_allowed =
                |x: f64, y: f64| x + size.0 / 2.0 > width / 2.0 && y + size.1 < height * TOP;
            let wanted = (width - size.0 - MARGIN, MARGIN);
            let Some(spot) = self.best(size, wanted, is_allowed) else {
                continue;
            };
            if least.is_none_or(|least| spot.covered < least.covered) {
                least = Some(spot);
            }
            if spot.covered == 0 {
                break;
            }
        }
        least
    }

    /// Where the stamp ĐẾN goes, never where the words of the copy stand. In this order: on blank paper
    /// of the head, as near as can be to the wanted corner, its margins included; the same beginning
    /// in the head; smaller on blank paper of the head; on blank paper anywhere on the left or in the
    /// upper half; and where the page has none at all, as small as it may be over the least print of
    /// the head. None for a page on which it does not fit.
    pub(crate) fn stamp(&self, wanted: (f64, f64), words: Option<MmRect>) -> Option<StampSpot> {
        let (width, height) = (mm(self.columns), mm(self.rows));
        let look = |scale: f64, standing: Standing, is_in: &dyn Fn(MmRect) -> bool| {
            let size = scaled(scale);
            let is_allowed = |x: f64, y: f64| {
                let rect = MmRect {
                    x,
                    y,
                    width: size.0,
                    height: size.1,
                };
                words.is_none_or(|words| are_apart(rect, words)) && is_in(rect)
            };
            let spot = self.best(size, wanted, is_allowed)?;
            Some(StampSpot {
                spot,
                scale,
                standing,
            })
        };
        let inside = |rect: MmRect| rect.y + rect.height <= height * HEAD;
        let begins = |rect: MmRect| rect.y <= height * HEAD;
        let anywhere = |rect: MmRect| {
            rect.x + rect.width / 2.0 <= width / 2.0 || rect.y + rect.height / 2.0 <= height / 2.0
        };
        let head = |scale| look(scale, Standing::Head, &inside);
        let mut tries = std::iter::once(1.0)
            .filter_map(&head)
            .chain(look(1.0, Standing::Head, &begins))
            .chain(SCALES.into_iter().skip(1).filter_map(&head))
            .chain(
                SCALES
                    .into_iter()
                    .filter_map(|scale| look(scale, Standing::Elsewhere, &anywhere)),
            );
        tries.find(|found| found.spot.covered == 0).or_else(|| {
            let smallest = SCALES.last().copied().unwrap_or(1.0);
            let least = head(smallest).or_else(|| look(smallest, Standing::Head, &anywhere))?;
            Some(StampSpot {
                standing: Standing::OnPrint,
                ..least
            })
        })
    }
}

/// Width and height of the stamp at a part of its true size.
pub(crate) fn scaled(scale: f64) -> (f64, f64) {
    let (width, height) = roles::ARRIVAL_SIZE;
    (width * scale, height * scale)
}

/// Whether there is blank paper between two places.
fn are_apart(one: MmRect, other: MmRect) -> bool {
    let gap = mm(CLEAR);
    one.x >= other.x + other.width + gap
        || one.x + one.width + gap <= other.x
        || one.y >= other.y + other.height + gap
        || one.y + one.height + gap <= other.y
}

#[expect(clippy::cast_precision_loss, reason = "a page has 1,200 cells a side")]
fn mm(cells: usize) -> f64 {
    cells as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place on a page; what is negative is its edge"
)]
fn ceil(mm: f64) -> usize {
    mm.max(0.0).ceil() as usize
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn blank() -> PageInk {
        PageInk {
            columns: 210,
            rows: 297,
            cells: vec![0; 210 * 297],
        }
    }

    /// Fills a rectangle of cells.
    fn print(ink: &mut PageInk, (left, top): (usize, usize), (width, height): (usize, usize)) {
        for y in top..(top + height).min(297) {
            for x in left..(left + width).min(210) {
                ink.cells[y * 210 + x] = 16;
            }
        }
    }

    /// A letter of the decree: state and agency at the top, the title in the middle, text below.
    fn letter() -> PageInk {
        let mut ink = blank();
        print(&mut ink, (30, 20), (60, 12));
        print(&mut ink, (110, 20), (85, 12));
        print(&mut ink, (40, 36), (35, 5));
        print(&mut ink, (125, 36), (60, 5));
        print(&mut ink, (75, 50), (70, 14));
        print(&mut ink, (30, 92), (165, 180));
        ink
    }

    fn floor(mm: f64) -> usize {
        ceil(mm.floor())
    }

    fn inked(ink: &PageInk, rect: MmRect) -> usize {
        let (left, top) = (floor(rect.x), floor(rect.y));
        let (right, bottom) = (ceil(rect.x + rect.width), ceil(rect.y + rect.height));
        (top..bottom)
            .flat_map(|y| (left..right).map(move |x| (x, y)))
            .filter(|(x, y)| ink.cells[y * 210 + x] >= SPECK)
            .count()
    }

    #[test]
    fn on_a_letter_of_the_decree_the_stamp_is_under_the_number_and_the_words_above_the_state() {
        let ink = letter();
        let paper = Paper::new(&ink).unwrap();
        let words = paper.words().unwrap();
        assert_eq!(
            (words.covered, inked(&ink, words.rect)),
            (0, 0),
            "{words:?}"
        );
        assert!(words.rect.x > 105.0 && words.rect.y + words.rect.height < 20.0);
        let stamp = paper.stamp((22.0, 43.0), Some(words.rect)).unwrap();
        assert_eq!((stamp.standing, stamp.scale), (Standing::Head, 1.0));
        let stamp = stamp.spot;
        assert_eq!(
            (stamp.covered, inked(&ink, stamp.rect)),
            (0, 0),
            "{stamp:?}"
        );
        assert_eq!((stamp.rect.width, stamp.rect.height), (50.0, 35.0));
        assert!((42.0..=57.0).contains(&stamp.rect.y), "{stamp:?}");
        assert!((5.0..=24.0).contains(&stamp.rect.x), "{stamp:?}");
    }

    #[test]
    fn what_is_wanted_and_blank_is_taken_as_it_is() {
        let paper = Paper::new(&blank()).unwrap();
        let stamp = paper.stamp((22.0, 50.0), None).unwrap().spot;
        assert_eq!((stamp.rect.x, stamp.rect.y, stamp.covered), (22.0, 50.0, 0));
        let words = paper.words().unwrap();
        assert_eq!((words.rect.x, words.rect.y), (132.0, 8.0));
    }

    /// A page of print from edge to edge with a gap in it.
    fn full((left, top): (usize, usize), (width, height): (usize, usize)) -> PageInk {
        let mut ink = blank();
        print(&mut ink, (0, 0), (210, 297));
        for y in top..top + height {
            ink.cells[y * 210 + left..y * 210 + left + width].fill(0);
        }
        ink
    }

    fn stamped(ink: &PageInk) -> StampSpot {
        let paper = Paper::new(ink).unwrap();
        let stamp = paper.stamp((22.0, 50.0), None).unwrap();
        let under = inked(ink, stamp.spot.rect);
        let is_covering = stamp.standing == Standing::OnPrint;
        assert_eq!(
            (stamp.spot.covered > 0, under > 0),
            (is_covering, is_covering)
        );
        stamp
    }

    #[test]
    fn on_a_full_page_the_stamp_shrinks_in_the_head_before_it_goes_elsewhere() {
        // Blank paper at the top right, as large as a stamp of nine tenths and what is around it.
        let stamp = stamped(&full((150, 8), (50, 36)));
        assert_eq!((stamp.standing, stamp.scale), (Standing::Head, 0.9));
        assert!(
            stamp.spot.rect.x >= 150.0 && stamp.spot.rect.y + 31.5 <= 44.0,
            "{stamp:?}"
        );
        // In full size where that begins in the head.
        let stamp = stamped(&full((10, 96), (60, 40)));
        assert_eq!((stamp.standing, stamp.scale), (Standing::Head, 1.0));
        // Too small at seven tenths; at the foot there is room for all of it.
        let mut ink = full((10, 40), (30, 20));
        for y in 250..297 {
            ink.cells[y * 210..y * 210 + 80].fill(0);
        }
        let stamp = stamped(&ink);
        assert_eq!((stamp.standing, stamp.scale), (Standing::Elsewhere, 1.0));
        assert!(stamp.spot.rect.y >= 250.0, "{stamp:?}");
    }

    #[test]
    fn a_page_without_room_says_so_and_the_least_of_the_head_is_covered() {
        // A gap that is too small for the stamp.
        let stamp = stamped(&full((20, 50), (30, 20)));
        assert_eq!((stamp.standing, stamp.scale), (Standing::OnPrint, 0.7));
        let rect = stamp.spot.rect;
        assert!(rect.y + rect.height <= 99.0, "{stamp:?}");
        assert!(rect.x <= 21.0 && rect.x + rect.width >= 49.0, "{stamp:?}");
        assert!(rect.y <= 51.0 && rect.y + rect.height >= 69.0, "{stamp:?}");
    }

    #[test]
    fn specks_of_dust_are_no_print() {
        let mut ink = blank();
        for (at, cell) in ink.cells.iter_mut().enumerate() {
            *cell = u8::from(at % 3 == 0);
        }
        let stamp = stamped(&ink);
        assert_eq!((stamp.spot.rect.x, stamp.spot.rect.y), (22.0, 50.0));
    }

    /// Tries every allowed place of a page, one by one, dot by dot.
    fn any_free(ink: &PageInk, words: Option<MmRect>) -> bool {
        let is_blank = |left: usize, top: usize| {
            (top..top + 37).all(|y| {
                let row = &ink.cells[y * 210 + left..y * 210 + left + 52];
                row.iter().all(|cell| *cell < SPECK)
            })
        };
        let is_apart = |left: f64, top: f64| {
            words.is_none_or(|words| {
                left >= words.x + words.width
                    || left + 52.0 <= words.x
                    || top >= words.y + words.height
                    || top + 37.0 <= words.y
            })
        };
        (2..=297 - 39)
            .flat_map(|top| (2..=210 - 54).map(move |left| (left, top)))
            .filter(|(left, top)| left + 26 <= 105 || *top as f64 + 18.5 <= 148.5)
            .any(|(left, top)| is_blank(left, top) && is_apart(left as f64, top as f64))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn print_is_never_covered_while_a_place_is_free(
            blocks in vec((0..210_usize, 0..297_usize, 1..40_usize, 1..9_usize), 0..90),
            wanted in (5.0..60.0_f64, 20.0..90.0_f64),
        ) {
            let mut ink = blank();
            for (left, top, width, height) in blocks {
                print(&mut ink, (left, top), (width, height));
            }
            let paper = Paper::new(&ink).unwrap();
            let words = paper.words().map(|spot| spot.rect);
            let stamp = paper.stamp(wanted, words).unwrap();
            let rect = stamp.spot.rect;
            prop_assert!(rect.x >= 3.0 && rect.x + rect.width <= 207.0, "{rect:?}");
            prop_assert!(rect.y >= 3.0 && rect.y + rect.height <= 294.0, "{rect:?}");
            let is_free = any_free(&ink, words);
            prop_assert!(!is_free || stamp.spot.covered == 0, "{stamp:?}");
            prop_assert_eq!(stamp.spot.covered == 0, stamp.standing != Standing::OnPrint);
            if stamp.spot.covered == 0 {
                prop_assert_eq!(inked(&ink, rect), 0, "{:?}", rect);
            }
            match stamp.standing {
                Standing::Head => {
                    prop_assert!(rect.y <= 99.0, "{stamp:?}");
                    prop_assert!(stamp.scale >= 1.0 || rect.y + rect.height <= 99.0, "{stamp:?}");
                }
                Standing::Elsewhere => {}
                Standing::OnPrint => prop_assert!(!is_free, "{stamp:?}"),
            }
        }
    }
}
