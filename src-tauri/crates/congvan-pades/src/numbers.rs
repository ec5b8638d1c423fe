//! Number and date on a document that is signed already (Decree 30/2020, article 15: the number is
//! given after the leader has signed).
//!
//! A later revision may not write on a signed page; it may fill a form field that the signed
//! revision holds (ISO 32000-2, 12.8.2.2, P 2). So the first signature's revision brings empty text
//! fields along, in the blanks of the page; the number is filled in later, by itself or in the
//! seal's revision. Where the fields are missing, the seal's own appearance shows number and date:
//! a signature may always show itself.

use congvan_model::{ByteSource, Timestamp};
use congvan_pdf::{
    Appearance, Colour, Document, Field, FieldKind, Increment, Item, MmRect, Object, PdfError,
    TextAlign, TextField, fill_text_fields, form_fields,
};

use crate::{
    Completed, Permission, SignError, TrustAnchors,
    permissions::restrictions,
    placement::{PageWords, Place, date_places, number_place},
    prepare::TINOS,
    signatures::signed_fields,
    template::Stamp,
    timestamp::id_seed,
};

/// Names of the fields: number, day, month, year.
pub const NUMBER_FIELDS: [&str; 4] = ["So", "Ngay", "Thang", "Nam"];
/// Size of number and date (Decree 30/2020, Appendix I, II.3 and II.4).
const TEXT_SIZE: f64 = 13.0;

/// Number and date of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberDate {
    /// As it is to be read: below ten with a zero in front.
    pub number: String,
    /// Day of the month.
    pub day: u8,
    /// Month of the year.
    pub month: u8,
    /// Year.
    pub year: u16,
}

impl NumberDate {
    /// What goes into each of [`NUMBER_FIELDS`]: days below ten and the months one and two have a
    /// zero in front (Decree 30/2020, Appendix I, II.4).
    fn values(&self) -> [String; 4] {
        let month = if self.month < 3 {
            format!("{:02}", self.month)
        } else {
            self.month.to_string()
        };
        [
            self.number.clone(),
            format!("{:02}", self.day),
            month,
            self.year.to_string(),
        ]
    }
}

/// The fields to bring along with the first signature ([`crate::SignRequest::text_fields`]): one
/// for each blank of number and date that the page has.
#[must_use]
pub fn number_fields(pages: &[PageWords]) -> Vec<TextField> {
    blanks(pages)
        .into_iter()
        .filter_map(|(name, place)| {
            let place = place?;
            Some(TextField {
                name: name.to_owned(),
                page: place.page,
                rect: place.rect,
                size: TEXT_SIZE,
                align: TextAlign::Centre,
            })
        })
        .collect()
}

fn blanks(pages: &[PageWords]) -> [(&'static str, Option<Place>); 4] {
    let dates = date_places(pages);
    let date = |rect: Option<MmRect>| {
        let page = dates?.page;
        rect.map(|rect| Place { page, rect })
    };
    let [number, day, month, year] = NUMBER_FIELDS;
    [
        (number, number_place(pages)),
        (day, date(dates.and_then(|dates| dates.day))),
        (month, date(dates.and_then(|dates| dates.month))),
        (year, date(dates.and_then(|dates| dates.year))),
    ]
}

/// What a document's empty fields for number and date are to hold, for
/// [`crate::SignRequest::filled`] or [`fill_fields`]; empty where it has no such fields.
///
/// # Errors
/// [`PdfError`] where the file cannot be read.
pub fn number_values(
    source: &dyn ByteSource,
    number: &NumberDate,
) -> Result<Vec<(&'static str, String)>, PdfError> {
    let document = Document::open(source)?;
    let fields = form_fields(&document)?;
    let values = NUMBER_FIELDS.into_iter().zip(number.values());
    Ok(values
        .filter(|(name, _)| {
            let mut fields = fields.iter();
            fields.any(|field| {
                field.name == *name && field.kind == FieldKind::Input && field.value.is_none()
            })
        })
        .collect())
}

/// Fills text fields as a revision of its own; needs no token. Every signature stays what it was.
///
/// # Errors
/// [`SignError::Certified`] or [`SignError::Locked`] where an earlier signature forbids it,
/// [`SignError::Pdf`] where there is no such field or it is filled already.
pub fn fill_fields(
    source: &dyn ByteSource,
    values: &[(&str, &str)],
    trust: &TrustAnchors,
    now: Timestamp,
) -> Result<Completed, SignError> {
    let document = Document::open(source)?;
    check_fill(&document, values)?;
    let mut increment = Increment::new(&document);
    fill_text_fields(&mut increment, values, TINOS)?;
    let tail = increment.finish(id_seed(source, now.0 as u64))?.bytes;
    Completed::check(source, tail, trust, now)
}

/// Earlier signatures may forbid to fill a field (12.8.2.2 and 12.8.2.4).
pub(crate) fn check_fill(
    document: &Document<'_>,
    values: &[(&str, &str)],
) -> Result<(), SignError> {
    if values.is_empty() {
        return Ok(());
    }
    for signed in signed_fields(document)? {
        let restrictions = restrictions(document, &signed)?;
        let by = signed.field.name;
        if restrictions.certified == Some(Permission::Nothing) {
            return Err(SignError::Certified { field: by });
        }
        let lock = restrictions.lock;
        if values
            .iter()
            .any(|(name, _)| lock.as_ref().is_some_and(|lock| lock.locks(name)))
        {
            return Err(SignError::Locked { by });
        }
    }
    Ok(())
}

/// Whether a new field is one for number or date, and shows nothing yet.
pub(crate) fn is_blank(document: &Document<'_>, field: &Field) -> Result<bool, PdfError> {
    if !NUMBER_FIELDS.contains(&field.name.as_str())
        || field.kind != FieldKind::Input
        || field.value.is_some()
        || field.dict.get("AA").is_some()
        || field.dict.get("A").is_some()
    {
        return Ok(false);
    }
    for widget in &field.widgets {
        let widget = document.get(*widget)?;
        let Some(dict) = widget.as_dict() else {
            return Ok(false);
        };
        let looks = document.value(dict, "AP")?;
        let Some(looks) = looks.as_dict() else {
            continue;
        };
        for look in looks.0.values() {
            let look = document.resolve(look)?;
            let is_empty = match look.as_stream() {
                Some(stream) => document.stream_data(stream)?.is_empty(),
                None => false,
            };
            if !is_empty {
                return Ok(false);
            }
        }
    }
    Ok(field.dict.get("MK").is_none_or(Object::is_null))
}

/// A seal that shows number and date too, for documents without fields for them: in the blanks
/// where they are on the seal's page, else below the seal.
#[must_use]
pub fn seal_with_number(seal: &Stamp, pages: &[PageWords], number: &NumberDate) -> Stamp {
    let Some(at) = seal.place else {
        return seal.clone();
    };
    let values = number.values();
    let written: Vec<(MmRect, String)> = blanks(pages)
        .into_iter()
        .zip(values)
        .filter_map(|((_, place), value)| {
            let place = place.filter(|place| place.page == at.page)?;
            Some((place.rect, value))
        })
        .collect();
    let [day, month] = [number.day, number.month];
    let written = if written.is_empty() {
        let line = format!(
            "Số: {}, ngày {day:02}/{month:02}/{}",
            number.number, number.year
        );
        let below = MmRect {
            x: (at.rect.x + at.rect.width / 2.0 - 30.0).max(0.0),
            y: at.rect.y + at.rect.height + 0.5,
            width: 60.0,
            height: 6.0,
        };
        vec![(below, line)]
    } else {
        written
    };
    let whole = written
        .iter()
        .fold(at.rect, |whole, (rect, _)| union(whole, *rect));
    let (dx, dy) = (at.rect.x - whole.x, at.rect.y - whole.y);
    let mut items: Vec<Item> = seal
        .appearance
        .items
        .iter()
        .map(|item| moved(item, dx, dy))
        .collect();
    items.extend(written.into_iter().map(|(rect, text)| Item::Text {
        lines: vec![text],
        area: MmRect {
            x: rect.x - whole.x,
            y: rect.y - whole.y,
            width: rect.width,
            height: rect.height + 0.5,
        },
        size: TEXT_SIZE,
        colour: Colour::BLACK,
        align: TextAlign::Centre,
    }));
    Stamp {
        place: Some(Place {
            page: at.page,
            rect: whole,
        }),
        appearance: Appearance { items },
    }
}

fn union(a: MmRect, b: MmRect) -> MmRect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    MmRect {
        x,
        y,
        width: (a.x + a.width).max(b.x + b.width) - x,
        height: (a.y + a.height).max(b.y + b.height) - y,
    }
}

fn moved(item: &Item, dx: f64, dy: f64) -> Item {
    let mut item = item.clone();
    match &mut item {
        Item::Text { area, .. } | Item::Image { area, .. } | Item::Frame { area, .. } => {
            area.x += dx;
            area.y += dy;
        }
    }
    item
}
