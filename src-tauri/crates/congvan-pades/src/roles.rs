//! What signatures look like by role: Decree 30/2020/NĐ-CP, Appendix I, parts I.I and I.II.

use congvan_model::Timestamp;
use congvan_pdf::{Appearance, Colour, Item, MmRect, TextAlign};

use crate::PageSize;

/// Size of text in signatures (Appendix I: Times New Roman, upright, size 10, black).
const TEXT_SIZE: f64 = 10.0;

/// The form of a copy, as its signature must say (Decree 30/2020, article 25).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyForm {
    /// A copy of the original: sao y.
    True,
    /// A copy of a copy: sao lục.
    OfCopy,
    /// An extract: trích sao.
    Extract,
}

impl CopyForm {
    /// The words of the decree.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::True => "SAO Y",
            Self::OfCopy => "SAO LỤC",
            Self::Extract => "TRÍCH SAO",
        }
    }
}

/// What goes onto the arrival stamp, "ĐẾN" (Decree 30/2020, Appendix IV).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// The receiving agency.
    pub agency: &'a str,
    /// Number of arrival; none leaves the line to be filled by hand.
    pub number: Option<&'a str>,
    /// Day of arrival.
    pub date: Option<&'a str>,
    /// To whom it is passed.
    pub passed_to: Option<&'a str>,
    /// Number and symbol of the dossier.
    pub dossier: Option<&'a str>,
}

/// Width and height of the arrival stamp in millimetres.
pub const ARRIVAL_SIZE: (f64, f64) = (50.0, 35.0);

fn whole(width: f64, height: f64) -> MmRect {
    MmRect {
        x: 0.0,
        y: 0.0,
        width,
        height,
    }
}

fn text(lines: Vec<String>, area: MmRect, align: TextAlign) -> Item {
    Item::Text {
        lines,
        area,
        size: TEXT_SIZE,
        colour: Colour::BLACK,
        align,
    }
}

/// A leader's signature or initials: the handwriting alone, centred, no text.
#[must_use]
pub fn leader(png: Vec<u8>, (width, height): (f64, f64)) -> Appearance {
    Appearance {
        items: vec![Item::Image {
            png,
            area: whole(width, height),
        }],
    }
}

/// The organisation's seal in true size, no text. The picture should fill its square.
#[must_use]
pub fn seal(png: Vec<u8>, (width, height): (f64, f64)) -> Appearance {
    leader(png, (width, height))
}

/// Where the seal goes: over a third of the leader's picture, from its left, at the same height.
#[must_use]
pub fn seal_over(leader: MmRect, (width, height): (f64, f64)) -> MmRect {
    MmRect {
        x: leader.x + leader.width / 3.0 - width,
        y: leader.y + (leader.height - height) / 2.0,
        width,
        height,
    }
}

/// The organisation's signature on a document or appendix in a file of its own: number and symbol
/// of the main document, and the time; no picture.
#[must_use]
pub fn appendix(notation: &str, time: Timestamp, (width, height): (f64, f64)) -> Appearance {
    let lines = vec![notation.to_owned(), time.iso_vietnam()];
    Appearance {
        items: vec![text(lines, whole(width, height), TextAlign::Left)],
    }
}

/// The organisation's signature on a scanned or electronic copy: form, agency, time; no picture.
#[must_use]
pub fn copy(
    form: CopyForm,
    agency: &str,
    time: Timestamp,
    (width, height): (f64, f64),
) -> Appearance {
    let lines = vec![
        form.words().to_owned(),
        agency.to_owned(),
        time.iso_vietnam(),
    ];
    Appearance {
        items: vec![text(lines, whole(width, height), TextAlign::Left)],
    }
}

/// The arrival stamp as the look of the clerk's signature on an incoming document: an allowed later
/// change in every reader, unlike an annotation.
#[must_use]
pub fn arrival(stamp: &Arrival<'_>) -> Appearance {
    let (width, height) = ARRIVAL_SIZE;
    let dots = "................................";
    let line = |label: &str, value: Option<&str>| format!("{label}: {}", value.unwrap_or(dots));
    let row = |index: f64, rows: f64| MmRect {
        x: 1.5,
        y: 1.0 + index * 5.5,
        width: width - 3.0,
        height: rows * 5.5,
    };
    let red = |lines: Vec<String>, area, align| Item::Text {
        lines,
        area,
        size: TEXT_SIZE,
        colour: Colour::RED,
        align,
    };
    Appearance {
        items: vec![
            Item::Frame {
                area: whole(width, height),
                width: 1.0,
                colour: Colour::RED,
            },
            red(
                vec![stamp.agency.to_owned(), "ĐẾN".to_owned()],
                row(0.0, 2.0),
                TextAlign::Centre,
            ),
            red(
                vec![
                    line("Số", stamp.number),
                    line("Ngày", stamp.date),
                    line("Chuyển", stamp.passed_to),
                    line("Số và ký hiệu HS", stamp.dossier),
                ],
                row(2.0, 4.0),
                TextAlign::Left,
            ),
        ],
    }
}

/// The upper right corner of a page: where separate appendices and copies are signed.
#[must_use]
pub fn top_right(page: PageSize, (width, height): (f64, f64), margin: f64) -> MmRect {
    MmRect {
        x: (page.width_mm - width - margin).max(0.0),
        y: margin,
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seal_covers_a_third_of_the_leaders_picture_on_its_left() {
        let leader = MmRect {
            x: 120.0,
            y: 200.0,
            width: 45.0,
            height: 20.0,
        };
        let seal = seal_over(leader, (36.0, 36.0));
        let covered = seal.x + seal.width - leader.x;
        assert!((covered / leader.width - 1.0 / 3.0).abs() < 1e-9);
        assert!(seal.x < leader.x);
        let middle = |rect: MmRect| rect.y + rect.height / 2.0;
        assert!((middle(seal) - middle(leader)).abs() < 1e-9);
    }
}
