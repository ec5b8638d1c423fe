use congvan_model::{DocumentType, Notation, Urgency};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    agency, date, deadline, kind,
    knowledge::Knowledge,
    marks::{self, SecretMark},
    notation,
    page::{PageText, Place},
    segment::{Segment, red_segments, segments},
    signer::{self, Signer},
    subject,
    text::{contains_about, squeeze, trim_noise},
};

/// A field as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field<T> {
    /// The value.
    pub value: T,
    /// How sure the reading is, 0..1: the reader's own confidence times how well the place and the
    /// shape fit. Low values are for people to look at first.
    pub confidence: f32,
    /// Where it was read, one box a line; empty when it follows from something missing.
    pub places: Vec<Place>,
}

impl<T> Field<T> {
    pub(crate) fn new(value: T, confidence: f32, places: Vec<Place>) -> Self {
        Self {
            value,
            confidence: confidence.clamp(0.0, 1.0),
            places,
        }
    }
}

/// An agency's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyName {
    /// As printed, usually in capitals, lines joined.
    pub printed: String,
    /// As the register writes it; the learned spelling where it is known.
    pub name: String,
    /// The agency above, as printed.
    pub parent: Option<String>,
}

/// What was read of a letter. A field is missing when nothing on the pages looks like it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// CQ ban hành.
    pub agency: Option<Field<AgencyName>>,
    /// Số và ký hiệu.
    pub notation: Option<Field<Notation>>,
    /// Ngày văn bản.
    pub date: Option<Field<Date>>,
    /// Tên loại.
    pub kind: Field<DocumentType>,
    /// Trích yếu, without "V/v".
    pub subject: Option<Field<String>>,
    /// Mức độ khẩn; missing means no stamp was seen.
    pub urgency: Option<Field<Urgency>>,
    /// Độ mật; such a letter must be refused.
    pub secret: Option<Field<SecretMark>>,
    /// Who signed.
    pub signer: Option<Field<Signer>>,
    /// Those after "Kính gửi".
    pub addressees: Vec<Field<String>>,
    /// Dates of "trước ngày …", in order.
    pub deadlines: Vec<Field<Date>>,
}

/// Reads a letter from its pages, or from those that were read so far: the head is on the first,
/// the signature on the last.
#[must_use]
pub fn read_letter(pages: &[PageText], known: &Knowledge) -> Reading {
    let all: Vec<Vec<Segment>> = pages.iter().map(segments).collect();
    let empty = Vec::new();
    let first = all.first().unwrap_or(&empty);
    let last = all.last().unwrap_or(&empty);
    let red: Vec<Segment> = pages.iter().flat_map(red_segments).collect();
    let notation = notation::read(first, known);
    let edge = column_edge(first);
    let date = date::read(first);
    let about = notation
        .as_ref()
        .map(|(_, segment)| subject::about(first, segment, edge))
        .unwrap_or_default();
    let is_about = subject::begins_about(&about).is_some();
    let kind = kind::read(first, notation.as_ref(), about.first().filter(|_| is_about));
    let subject = match &kind.title {
        Some(title) => subject::of_title(first, title),
        None => subject::of_letter(&about),
    };
    // Without a number the head ends where its date stands.
    let bottom = notation.as_ref().map(|(_, segment)| segment).or_else(|| {
        first
            .iter()
            .find(|segment| date::in_words(&segment.text).is_some())
    });
    let symbol = notation
        .as_ref()
        .map(|(field, _)| field.value.symbol().to_owned());
    let agency = bottom.and_then(|bottom| agency::read(first, bottom, symbol.as_deref(), known));
    let notation = match (&agency, notation) {
        (Some(agency), Some((field, segment))) => {
            Some((notation::by_agency(field, &agency.value.printed), segment))
        }
        (_, notation) => notation,
    };
    let letter_day = date.as_ref().map(|field| field.value);
    Reading {
        agency,
        date,
        kind: kind.field,
        subject,
        urgency: marks::urgency(first, &red),
        secret: all
            .iter()
            .find_map(|segments| marks::secret(segments, &red)),
        // Annexes may follow the page that is signed.
        signer: all
            .iter()
            .rev()
            .find(|segments| signer::has_signature(segments))
            .and_then(|segments| signer::read(segments))
            .or_else(|| signer::read(last)),
        addressees: addressees(first),
        deadlines: all
            .iter()
            .flat_map(|segments| deadline::read(segments, letter_day))
            .collect(),
        notation: notation.map(|(field, _)| field),
    }
}

/// Where the right column of the head begins.
fn column_edge(segments: &[Segment]) -> f32 {
    let state = segments
        .iter()
        .find(|segment| contains_about(&segment.text, "chunghiavietnam", 2));
    state.map_or(0.48, |segment| segment.area.x.clamp(0.35, 0.55))
}

/// One after the colon, or a list with dashes below it.
fn addressees(segments: &[Segment]) -> Vec<Field<String>> {
    let Some(start) = segments
        .iter()
        .position(|segment| squeeze(&segment.text).starts_with("kinhgui"))
    else {
        return Vec::new();
    };
    let Some(label) = segments.get(start) else {
        return Vec::new();
    };
    let one = |text: &str, segment: &Segment| {
        let text = trim_noise(text)
            .trim_end_matches([';', '.', ','])
            .trim()
            .to_owned();
        (text.chars().filter(|c| c.is_alphabetic()).count() > 2)
            .then(|| Field::new(text, segment.confidence * 0.95, vec![segment.place()]))
    };
    let own = label
        .text
        .split_once(':')
        .map(|(_, rest)| rest)
        .unwrap_or_default();
    let mut found: Vec<Field<String>> = one(own, label).into_iter().collect();
    let mut last = label;
    for segment in segments.iter().skip(start + 1) {
        if segment.cy - last.cy > label.height * 4.5 {
            break;
        }
        let dashed = segment
            .text
            .trim_start_matches(['"', '\'', '.', ' '])
            .starts_with(['-', '–', '—']);
        // A dash may be lost; a list is indented and its items end so.
        let listed = segment.area.x > label.area.x + 0.03
            && segment.text.trim_end().ends_with([';', '.', ',']);
        if !dashed && !listed {
            if found.is_empty()
                && segment.cy - label.cy < label.height * 0.7
                && segment.cx > label.cx
            {
                found.extend(one(&segment.text, segment));
                continue;
            }
            break;
        }
        found.extend(one(&segment.text, segment));
        last = segment;
    }
    found
}
