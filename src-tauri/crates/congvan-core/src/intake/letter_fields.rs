//! From what was read of a letter to the fields of the register, each with its confidence and place.

use congvan_intake::{Field, Place, Reading, Signer};
use congvan_model::Urgency;
use congvan_store::{FieldReading, LetterFields, LetterReading, ReadPlace};

use super::fields::kind_word;

/// How sure it is that a letter has no stamp of urgency, or no deadline, when none was found: nobody
/// needs to look for what is rarely there.
const NOT_THERE: f32 = 0.9;

/// The fields as text a person can edit. Duplicates and what was learned come later.
pub(super) fn letter_reading(reading: &Reading) -> LetterReading {
    let mut all = Fields::default();
    let issuer = all.text("issuer", reading.agency.as_ref(), |name| name.name.clone());
    let notation = all.text("notation", reading.notation.as_ref(), ToString::to_string);
    let issued_on = all.text("issued_on", reading.date.as_ref(), ToString::to_string);
    let kind = all.text("kind", Some(&reading.kind), |kind| {
        kind_word(*kind).to_owned()
    });
    let subject = all.text("subject", reading.subject.as_ref(), Clone::clone);
    let urgency = reading.urgency.as_ref();
    let urgency = match urgency {
        Some(field) => all.text("urgency", Some(field), |urgency| urgency_word(*urgency)),
        None => all.absent("urgency", urgency_word(Urgency::Normal)),
    };
    let signer = reading.signer.as_ref();
    let signer_position = all.text("signer_position", signer, |signer| {
        position_word(&signer.position)
    });
    let named = signer.filter(|signer: &&Field<Signer>| !signer.value.name.is_empty());
    let signer_name = all.text("signer_name", named, |signer| signer.name.clone());
    let due = match reading.deadlines.first() {
        Some(field) => all.text("due", Some(field), ToString::to_string),
        None => all.absent("due", String::new()),
    };
    LetterReading {
        fields: LetterFields {
            issuer,
            issuer_code: None,
            notation,
            issued_on,
            kind,
            subject,
            urgency,
            signer_position,
            signer_name,
            due,
            // Nothing on the page says it.
            activity: String::new(),
        },
        confidence: lowest(&all.readings),
        readings: all.readings,
        duplicates: Vec::new(),
        code: None,
        stamp_room: None,
    }
}

/// The lowest confidence of the fields.
pub(super) fn lowest(readings: &[FieldReading]) -> f32 {
    readings
        .iter()
        .map(|reading| reading.confidence)
        .fold(1.0, f32::min)
}

#[derive(Default)]
struct Fields {
    readings: Vec<FieldReading>,
}

impl Fields {
    /// A field that should be there: what was not read has no confidence at all.
    fn text<T>(
        &mut self,
        name: &str,
        field: Option<&Field<T>>,
        write: impl FnOnce(&T) -> String,
    ) -> String {
        self.readings.push(FieldReading {
            field: name.to_owned(),
            confidence: field.map_or(0.0, |field| field.confidence),
            places: field.map_or_else(Vec::new, |field| places(&field.places)),
        });
        field.map(|field| write(&field.value)).unwrap_or_default()
    }

    /// A field that most letters lack.
    fn absent(&mut self, name: &str, value: String) -> String {
        self.readings.push(FieldReading {
            field: name.to_owned(),
            confidence: NOT_THERE,
            places: Vec::new(),
        });
        value
    }
}

fn places(places: &[Place]) -> Vec<ReadPlace> {
    let place = |place: &Place| ReadPlace {
        page: place.page,
        x: place.area.x,
        y: place.area.y,
        w: place.area.w,
        h: place.area.h,
    };
    places.iter().map(place).collect()
}

/// Urgency as the store writes it.
fn urgency_word(urgency: Urgency) -> String {
    match urgency {
        Urgency::Normal => "normal",
        Urgency::Urgent => "urgent",
        Urgency::VeryUrgent => "very_urgent",
        Urgency::Express => "express",
        Urgency::ExpressTimed => "express_timed",
    }
    .to_owned()
}

/// "PHÓ CHỦ TỊCH" as the register writes it: "Phó Chủ tịch" (Decree 30/2020, Appendix II, IV.3).
fn position_word(printed: &str) -> String {
    let mut words: Vec<String> = printed.split_whitespace().map(str::to_lowercase).collect();
    let titles = words
        .iter()
        .take_while(|word| matches!(word.as_str(), "phó" | "chánh" | "quyền"))
        .count();
    for word in words.iter_mut().take(titles.saturating_add(1)) {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            *word = first.to_uppercase().chain(letters).collect();
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use congvan_intake::{AgencyName, Area};
    use congvan_model::DocumentType;

    use super::*;

    fn field<T>(value: T, confidence: f32) -> Field<T> {
        Field {
            value,
            confidence,
            places: vec![Place {
                page: 0,
                area: Area {
                    x: 0.1,
                    y: 0.2,
                    w: 0.3,
                    h: 0.01,
                },
            }],
        }
    }

    #[test]
    fn what_was_read_becomes_text_with_its_place_and_what_was_not_has_no_confidence() {
        let reading = Reading {
            agency: Some(field(
                AgencyName {
                    printed: "SỞ NỘI VỤ".to_owned(),
                    name: "Sở Nội vụ".to_owned(),
                    parent: None,
                },
                0.95,
            )),
            notation: Some(field("5/TB-SNV".parse().unwrap(), 0.9)),
            date: Some(field("2026-08-25".parse().unwrap(), 0.97)),
            kind: field(DocumentType::Announcement, 0.96),
            subject: None,
            urgency: None,
            secret: None,
            signer: Some(field(
                Signer {
                    authority: Vec::new(),
                    position: "PHÓ GIÁM ĐỐC".to_owned(),
                    name: String::new(),
                },
                0.8,
            )),
            addressees: Vec::new(),
            deadlines: vec![field("2026-09-10".parse().unwrap(), 0.85)],
        };
        let read = letter_reading(&reading);
        assert_eq!(read.fields.issuer, "Sở Nội vụ");
        assert_eq!(read.fields.notation, "05/TB-SNV");
        assert_eq!(read.fields.issued_on, "2026-08-25");
        assert_eq!(read.fields.kind, "TB");
        assert_eq!(read.fields.urgency, "normal");
        assert_eq!(read.fields.signer_position, "Phó Giám đốc");
        assert_eq!(read.fields.due, "2026-09-10");
        let of = |name: &str| read.readings.iter().find(|one| one.field == name).unwrap();
        assert_eq!(of("subject").confidence, 0.0);
        assert_eq!(of("signer_name").confidence, 0.0);
        assert_eq!(of("notation").places.len(), 1);
        assert!(of("urgency").places.is_empty());
        assert_eq!(read.confidence, 0.0);
    }

    #[test]
    fn kinds_and_positions_are_written_as_the_register_does() {
        assert_eq!(kind_word(DocumentType::OfficialLetter), "CV");
        assert_eq!(kind_word(DocumentType::Decision), "QĐ");
        for (printed, written) in [
            ("CHỦ TỊCH", "Chủ tịch"),
            ("PHÓ CHÁNH VĂN PHÒNG", "Phó Chánh Văn phòng"),
            ("GIÁM ĐỐC", "Giám đốc"),
            ("", ""),
        ] {
            assert_eq!(position_word(printed), written);
        }
    }
}
