//! The type: its name above the subject, checked against the code in the number.

use congvan_model::{DocumentType, Notation};

use crate::{
    reading::Field,
    segment::Segment,
    text::{capitals, distance, squeeze},
};

/// The type with the segment of its name, if it has one.
pub(crate) struct Kind {
    pub(crate) field: Field<DocumentType>,
    pub(crate) title: Option<Segment>,
}

/// Reads the type. `about` is the line "V/v …" under the number, if there is one.
pub(crate) fn read(
    segments: &[Segment],
    notation: Option<&(Field<Notation>, Segment)>,
    about: Option<&Segment>,
) -> Kind {
    let code = notation.and_then(|(field, _)| field.value.document_type());
    let top = notation.map_or(0.05, |(_, segment)| segment.cy);
    let title = titles(segments, top, code);
    match (title, code, about) {
        (Some((kind, segment, slips)), code, _) => {
            let sure = if code == Some(kind) {
                0.99
            } else if slips == 0 {
                0.85
            } else {
                0.6
            };
            let field = Field::new(kind, sure, vec![segment.place()]);
            Kind {
                field,
                title: Some(segment),
            }
        }
        // Agencies have abbreviations that are types too: Cục Thuế writes "12/CT-NVT".
        (None, code, Some(about)) => {
            let sure = if code.is_none() { 0.97 } else { 0.75 };
            Kind {
                field: Field::new(DocumentType::OfficialLetter, sure, vec![about.place()]),
                title: None,
            }
        }
        (None, Some(code), None) => {
            let places = notation
                .map(|(field, _)| field.places.clone())
                .unwrap_or_default();
            Kind {
                field: Field::new(code, 0.7, places),
                title: None,
            }
        }
        (None, None, None) => {
            let sure = if notation.is_some() { 0.6 } else { 0.3 };
            Kind {
                field: Field::new(DocumentType::OfficialLetter, sure, Vec::new()),
                title: None,
            }
        }
    }
}

/// The line that names a type, with its slips. The code in the number settles what is near to two:
/// THÔNG BÁO and THÔNG CÁO are one letter apart.
fn titles(
    segments: &[Segment],
    top: f32,
    code: Option<DocumentType>,
) -> Option<(DocumentType, Segment, usize)> {
    let lines = segments.iter().filter(|segment| {
        segment.cy > top
            && segment.cy < 0.6
            && (0.3..0.75).contains(&segment.cx)
            && capitals(&segment.text) > 0.8
    });
    let mut best: Option<(usize, DocumentType, &Segment)> = None;
    for line in lines {
        let read = squeeze(&line.text);
        for kind in DocumentType::ALL.iter().copied() {
            if kind == DocumentType::OfficialLetter {
                continue;
            }
            let name = squeeze(kind.name());
            let slips = distance(&read, &name);
            let allowed = if code == Some(kind) {
                3
            } else {
                name.len() / 7
            };
            // The code outweighs two letters.
            let cost = if code == Some(kind) {
                slips.saturating_sub(2)
            } else {
                slips + 1
            };
            if slips <= allowed && best.is_none_or(|(other, ..)| cost < other) {
                best = Some((cost, kind, line));
            }
        }
    }
    best.map(|(_, kind, line)| {
        (
            kind,
            line.clone(),
            distance(&squeeze(&line.text), &squeeze(kind.name())),
        )
    })
}
