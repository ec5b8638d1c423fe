//! How the agency signs its scan of a paper (Decree 30/2020, Appendix I and IV): the words of a copy at
//! the top right of the first page, without a picture, and the stamp ĐẾN, as one signature.
//!
//! The stamp is drawn by the signature itself, which covers both places with one field. So one
//! incremental update holds both, nothing else is added to the file, every reader and the server see
//! a signature and nothing besides, and the stamp cannot be taken off without breaking it.

use congvan_model::Timestamp;
use congvan_pades::{
    Appearance, FieldChoice, Item, MmRect, PageSize,
    roles::{self, Arrival, CopyForm},
};
use congvan_protocol::Document;
use congvan_store::{Letter, SealWish};

use super::room::scaled;
use crate::{DeskError, Placement, Result};

/// Width and height of the words of a copy.
const WORDS: (f64, f64) = (70.0, 18.0);
/// From the edges of the page to these words, where nothing is known of the page.
const MARGIN: f64 = 8.0;
/// From the edges of the page to the stamp.
const EDGE: f64 = 3.0;
/// Left and top edge of the stamp where nothing is known of the page: under number and symbol.
pub(crate) const USUAL: (f64, f64) = (22.0, 50.0);
/// Between what was read and the stamp under it.
const GAP: f64 = 2.0;
/// Lowest top edge of the stamp: it belongs to the head of the page.
const LOWEST: f64 = 90.0;

/// Where the stamp is wanted by what was read of a letter: under number and symbol, or on an official
/// letter under its subject, which stands there on the left.
pub(super) fn wanted_place(letter: &Letter) -> (f64, f64) {
    under_the_number(letter).unwrap_or(USUAL)
}

fn under_the_number(letter: &Letter) -> Option<(f64, f64)> {
    let first = letter.pages.first()?;
    let (width_pt, height_pt) = first.turned_size();
    let mm = |share: f32, points: f32| f64::from(share) * f64::from(points) * 25.4 / 72.0;
    let lowest = |name: &str| {
        let reading = letter.readings.iter().find(|one| one.field == name)?;
        let on_first = reading.places.iter().filter(|place| place.page == 0);
        on_first
            .map(|place| (place.x, place.y + place.h))
            .max_by(|a, b| a.1.total_cmp(&b.1))
    };
    let notation = lowest("notation")?;
    let below = match letter.row.fields.kind.as_str() {
        "CV" => lowest("subject").filter(|(x, y)| *x < 0.5 && *y < 0.4),
        _ => None,
    };
    let (_, bottom) = below.unwrap_or(notation);
    let y = mm(bottom, height_pt) + GAP;
    (mm(1.0, width_pt) > 100.0 && y < LOWEST).then_some((USUAL.0, y))
}

/// The one field over both places, on the first page.
fn area(page: &PageSize, wish: SealWish) -> (MmRect, MmRect, Option<MmRect>) {
    let words = match wish.words {
        None => roles::top_right(*page, WORDS, MARGIN),
        Some([x, y, width, height]) => MmRect {
            x: x.min(page.width_mm - width).max(0.0),
            y: y.min(page.height_mm - height).max(0.0),
            width,
            height,
        },
    };
    let stamp = wish.stamp.then(|| {
        let (width, height) = scaled(wish.scale.unwrap_or(1.0));
        let (x, y) = wish.place.unwrap_or(USUAL);
        let (across, down) = (page.width_mm - width, page.height_mm - height);
        MmRect {
            x: x.min(across - EDGE).max(0.0),
            y: match wish.place {
                Some(_) => y.min(down - EDGE).max(0.0),
                // Of this page nothing is known: only the words are kept free.
                None => y.min(down - EDGE).max(words.y + words.height),
            },
            width,
            height,
        }
    });
    let whole = match stamp {
        None => words,
        Some(stamp) => {
            let (left, top) = (words.x.min(stamp.x), words.y.min(stamp.y));
            let right = (words.x + words.width).max(stamp.x + stamp.width);
            let bottom = (words.y + words.height).max(stamp.y + stamp.height);
            MmRect {
                x: left,
                y: top,
                width: right - left,
                height: bottom - top,
            }
        }
    };
    (whole, words, stamp)
}

/// Where the field goes.
///
/// # Errors
/// `PdfCorrupt` for a file without a page.
pub(crate) fn placement(pages: &[PageSize], wish: SealWish) -> Result<Placement> {
    let page = pages.first().ok_or(DeskError::PdfCorrupt)?;
    let (whole, ..) = area(page, wish);
    Ok(Placement {
        page: 0,
        x: whole.x,
        y: whole.y,
        width: whole.width,
        height: whole.height,
    })
}

/// Field and appearance.
///
/// # Errors
/// `PdfCorrupt` for a file without a page.
pub(crate) fn drawn(
    pages: &[PageSize],
    (document, agency): (&Document, &str),
    wish: SealWish,
    now: Timestamp,
) -> Result<(FieldChoice, Appearance)> {
    let page = pages.first().ok_or(DeskError::PdfCorrupt)?;
    let (whole, words, stamp) = area(page, wish);
    let mut items = placed(
        roles::copy(CopyForm::True, agency, now, (words.width, words.height)),
        (words.x - whole.x, words.y - whole.y),
        1.0,
    );
    if let Some(stamp) = stamp {
        let number = document.arrival_number.map(|number| number.to_string());
        let day = document.arrived_at.vietnam_date();
        let date = format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year());
        let look = roles::arrival(&Arrival {
            agency,
            number: number.as_deref(),
            date: Some(&date),
            passed_to: None,
            dossier: None,
        });
        let (at, scale) = ((stamp.x - whole.x, stamp.y - whole.y), wish.scale);
        items.extend(placed(look, at, scale.unwrap_or(1.0)));
    }
    let field = FieldChoice::New {
        page: 0,
        rect: whole,
    };
    Ok((field, Appearance { items }))
}

/// The parts of a look at a place of the field, and at a part of their size.
fn placed(look: Appearance, (dx, dy): (f64, f64), scale: f64) -> Vec<Item> {
    let shift = |area: MmRect| MmRect {
        x: area.x * scale + dx,
        y: area.y * scale + dy,
        width: area.width * scale,
        height: area.height * scale,
    };
    let items = look.items.into_iter();
    items
        .map(|item| match item {
            Item::Text {
                lines,
                area,
                size,
                colour,
                align,
            } => Item::Text {
                lines,
                area: shift(area),
                size: size * scale,
                colour,
                align,
            },
            Item::Image { png, area } => Item::Image {
                png,
                area: shift(area),
            },
            Item::Frame {
                area,
                width,
                colour,
            } => Item::Frame {
                area: shift(area),
                width: width * scale,
                colour,
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A4: PageSize = PageSize {
        width_mm: 210.0,
        height_mm: 297.0,
        rotate: 0,
    };

    #[test]
    fn one_field_holds_the_words_at_the_top_right_and_the_stamp_under_them() {
        let wish = SealWish {
            stamp: true,
            ..SealWish::default()
        };
        let (whole, words, stamp) = area(&A4, wish);
        let stamp = stamp.unwrap();
        assert_eq!((words.x, words.y), (132.0, 8.0));
        assert_eq!((stamp.x, stamp.y), USUAL);
        assert_eq!((whole.x, whole.y), (22.0, 8.0));
        assert_eq!((whole.width, whole.height), (180.0, 77.0));
        let far = SealWish {
            stamp: true,
            place: Some((500.0, 500.0)),
            scale: None,
            words: Some([100.0, 2.0, 70.0, 14.0]),
        };
        let (whole, words, stamp) = area(&A4, far);
        let stamp = stamp.unwrap();
        assert_eq!((words.x, words.y, words.height), (100.0, 2.0, 14.0));
        assert!(whole.y <= words.y && whole.x <= words.x);
        assert!(stamp.x + stamp.width <= 210.0 && stamp.y + stamp.height <= 297.0);
        let small = SealWish {
            stamp: true,
            place: Some((22.0, 50.0)),
            scale: Some(0.8),
            ..SealWish::default()
        };
        let (_, _, stamp) = area(&A4, small);
        let stamp = stamp.unwrap();
        assert_eq!((stamp.width, stamp.height), (40.0, 28.0));
        let (whole, words, none) = area(&A4, SealWish::default());
        assert_eq!((whole, none), (words, None));
    }
}
