//! From what a clerk wrote to what a book takes.

use congvan_model::{Deadline, DocumentType, Notation, Timestamp, Urgency, nfc};
use congvan_protocol::{FieldOfActivity, RegistrationFields, Signer};
use congvan_store::LetterFields;

use crate::{DeskError, Result};

/// Longest name of an agency, as the protocol has it.
const ISSUER_MAX: usize = 300;
/// Longest trích yếu, as the protocol has it.
const SUBJECT_MAX: usize = 2_000;
/// Longest position and name of a signer (Decree 30/2020, Appendix VI: 100 and 50; names in the wild
/// are longer).
const SIGNER_MAX: usize = 100;
/// Symbols are longer in the wild than the 30 characters of the decree.
const NOTATION_MAX: usize = 60;

/// Công văn, whose symbol has no abbreviation.
const OFFICIAL_LETTER: &str = "CV";
/// Thư công, whose symbol has none either.
const PUBLIC_LETTER: &str = "THC";
/// What is none of the kinds of the decree.
const OTHER: &str = "KHAC";

/// Checks what was written and gives it as the book takes it. A field of activity is one of
/// `activities`, the agency's list. `now` tells which day is today: a paper of tomorrow has a misread
/// date.
///
/// # Errors
/// `IntakeField` with the first field that is missing or wrong.
pub fn registration_fields(
    fields: &LetterFields,
    activities: &[FieldOfActivity],
    now: Timestamp,
) -> Result<RegistrationFields> {
    let wrong = |field: &'static str| DeskError::IntakeField { field };
    let issuer_name = within(&fields.issuer, 1, ISSUER_MAX).ok_or_else(|| wrong("issuer"))?;
    let notation = match within(&fields.notation, 0, NOTATION_MAX).as_deref() {
        None => return Err(wrong("notation")),
        Some("") => None,
        Some(text) => Some(text.parse::<Notation>().map_err(|_| wrong("notation"))?),
    };
    let issued_on = match fields.issued_on.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| wrong("issued_on"))?),
    };
    if issued_on.is_some_and(|day| day > now.vietnam_date()) {
        return Err(wrong("issued_on"));
    }
    let due = match fields.due.trim() {
        "" => None,
        text => Some(Deadline::Day(text.parse().map_err(|_| wrong("due"))?)),
    };
    let activity = match fields.activity.trim() {
        "" => None,
        code => {
            let known = activities.iter().find(|one| one.code == code);
            Some(known.cloned().ok_or_else(|| wrong("activity"))?)
        }
    };
    Ok(RegistrationFields {
        issuer_code: fields.issuer_code.clone().filter(|code| !code.is_empty()),
        issuer_name,
        notation,
        issued_on,
        kind: kind(fields.kind.trim()).ok_or_else(|| wrong("kind"))?,
        subject: within(&fields.subject, 1, SUBJECT_MAX).ok_or_else(|| wrong("subject"))?,
        urgency: urgency(&fields.urgency).ok_or_else(|| wrong("urgency"))?,
        signer: Signer {
            position: within(&fields.signer_position, 0, SIGNER_MAX)
                .ok_or_else(|| wrong("signer_position"))?,
            full_name: within(&fields.signer_name, 0, SIGNER_MAX)
                .ok_or_else(|| wrong("signer_name"))?,
        },
        due,
        activity,
    })
}

/// As [`registration_fields`], of a letter that was confirmed: a field of activity that has left the
/// agency's list since is left out, for nobody can be asked any more.
///
/// # Errors
/// `IntakeField`, never for the field of activity.
pub(crate) fn confirmed_fields(
    fields: &LetterFields,
    activities: &[FieldOfActivity],
    now: Timestamp,
) -> Result<RegistrationFields> {
    let code = fields.activity.trim();
    if activities.iter().any(|one| one.code == code) {
        return registration_fields(fields, activities, now);
    }
    let without = LetterFields {
        activity: String::new(),
        ..fields.clone()
    };
    registration_fields(&without, activities, now)
}

/// NFC, without space around and with single spaces inside; none when too short or too long.
fn within(text: &str, least: usize, most: usize) -> Option<String> {
    let text = nfc(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    (least..=most)
        .contains(&text.chars().count())
        .then_some(text)
}

fn kind(text: &str) -> Option<DocumentType> {
    let text = nfc(text);
    match text.as_str() {
        "" => None,
        OFFICIAL_LETTER => Some(DocumentType::OfficialLetter),
        PUBLIC_LETTER => Some(DocumentType::PublicLetter),
        OTHER => Some(DocumentType::Other),
        abbreviation => DocumentType::ALL
            .iter()
            .copied()
            .find(|kind| kind.abbreviation() == abbreviation),
    }
}

/// Tên loại as the form has it.
pub(super) fn kind_word(kind: DocumentType) -> &'static str {
    match kind {
        DocumentType::OfficialLetter => OFFICIAL_LETTER,
        DocumentType::PublicLetter => PUBLIC_LETTER,
        DocumentType::Other => OTHER,
        named => named.abbreviation(),
    }
}

fn urgency(word: &str) -> Option<Urgency> {
    match word.trim() {
        "" => Some(Urgency::Normal),
        word => Urgency::ALL.into_iter().find(|urgency| {
            serde_json::to_value(urgency).is_ok_and(|value| value.as_str() == Some(word))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22.
    const NOW: Timestamp = Timestamp(1_795_320_000_000);

    #[test]
    fn every_kind_comes_back_from_its_word_and_what_is_none_of_them_stays_so() {
        for kind_of in DocumentType::ALL
            .iter()
            .copied()
            .chain([DocumentType::Other])
        {
            assert_eq!(kind(kind_word(kind_of)), Some(kind_of));
        }
        assert_eq!(kind(""), None);
        assert_eq!(kind("XYZ"), None);
    }

    fn activities() -> Vec<FieldOfActivity> {
        vec![FieldOfActivity {
            code: "to-chuc".to_owned(),
            name: "Tổ chức bộ máy, biên chế".to_owned(),
        }]
    }

    fn sound() -> LetterFields {
        LetterFields {
            issuer: " Sở  Nội vụ ".to_owned(),
            notation: "5/QĐ-SNV".to_owned(),
            issued_on: "2026-11-20".to_owned(),
            kind: "QĐ".to_owned(),
            subject: "V/v tuyển dụng".to_owned(),
            activity: "to-chuc".to_owned(),
            ..LetterFields::default()
        }
    }

    fn refused(change: impl FnOnce(&mut LetterFields)) -> &'static str {
        let mut fields = sound();
        change(&mut fields);
        match registration_fields(&fields, &activities(), NOW) {
            Err(DeskError::IntakeField { field }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sound_fields_become_what_the_book_takes() {
        let fields = registration_fields(&sound(), &activities(), NOW).unwrap();
        assert_eq!(fields.issuer_name, "Sở Nội vụ");
        assert_eq!(fields.notation.unwrap().to_string(), "05/QĐ-SNV");
        assert_eq!(fields.kind, DocumentType::Decision);
        assert_eq!(fields.urgency, Urgency::Normal);
        assert_eq!(fields.due, None);
        assert_eq!(fields.activity, activities().pop());
    }

    #[test]
    fn a_confirmed_letter_is_registered_also_when_its_field_of_activity_left_the_list() {
        let kept = confirmed_fields(&sound(), &activities(), NOW).unwrap();
        assert_eq!(kept.activity, activities().pop());
        let left = confirmed_fields(&sound(), &[], NOW).unwrap();
        assert_eq!(left.activity, None);
        assert_eq!(left.subject, kept.subject);
    }

    #[test]
    fn a_paper_without_number_and_date_can_be_registered() {
        let fields = LetterFields {
            notation: String::new(),
            issued_on: String::new(),
            kind: "CV".to_owned(),
            ..sound()
        };
        let fields = registration_fields(&fields, &activities(), NOW).unwrap();
        assert_eq!((fields.notation, fields.issued_on), (None, None));
        assert_eq!(fields.kind, DocumentType::OfficialLetter);
    }

    #[test]
    fn each_wrong_field_is_named() {
        assert_eq!(refused(|fields| fields.issuer = "  ".to_owned()), "issuer");
        assert_eq!(
            refused(|fields| fields.notation = "QĐ".to_owned()),
            "notation"
        );
        assert_eq!(
            refused(|fields| fields.issued_on = "2026-13-01".to_owned()),
            "issued_on"
        );
        assert_eq!(
            refused(|fields| fields.issued_on = "2026-11-24".to_owned()),
            "issued_on",
            "a paper of a day to come"
        );
        assert_eq!(refused(|fields| fields.kind = "XX".to_owned()), "kind");
        assert_eq!(refused(|fields| fields.kind = String::new()), "kind");
        assert_eq!(refused(|fields| fields.subject = String::new()), "subject");
        assert_eq!(
            refused(|fields| fields.urgency = "now".to_owned()),
            "urgency"
        );
        assert_eq!(refused(|fields| fields.due = "soon".to_owned()), "due");
        assert_eq!(
            refused(|fields| fields.activity = "khac".to_owned()),
            "activity",
            "a field that the agency does not have"
        );
        assert_eq!(
            refused(|fields| fields.signer_name = "A".repeat(101)),
            "signer_name"
        );
    }
}
