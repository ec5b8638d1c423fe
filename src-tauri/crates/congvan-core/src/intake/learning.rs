//! What people's confirmations teach this machine, and what it makes of it. Nothing of it leaves the
//! machine.

use std::collections::HashMap;

use congvan_intake::{Knowledge, KnownAgency};
use congvan_model::{Notation, Timestamp, fold};
use congvan_store::{FieldReading, LetterFields, LetterReading, Store, StoreError};
use serde::{Deserialize, Serialize};

use super::{agencies::AgencyView, letter_fields::lowest};

/// An agency as people write it, and its groups in symbols. Key: its name, folded.
const AGENCY: &str = "agency";
/// What was read where people wrote another agency. Key: as read, folded; value: as written.
const ALIAS: &str = "alias";
/// Who signs for an agency. Key: agency and name, folded.
const SIGNER: &str = "signer";

/// How sure a value is that was not read but follows from what was learned.
const FOLLOWS: f32 = 0.7;
/// How sure a misreading is that people corrected before.
const CORRECTED: f32 = 0.92;

/// Somebody who signs for an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KnownSigner {
    agency: String,
    position: String,
    name: String,
}

/// All that was learned here.
#[derive(Clone, Debug, Default)]
pub(super) struct Learned {
    /// For the reading itself.
    pub(super) knowledge: Knowledge,
    /// As read, folded, to as written.
    aliases: HashMap<String, String>,
    /// By agency, folded.
    signers: HashMap<String, Vec<KnownSigner>>,
    /// Codes of agencies by their names, folded, out of the directory.
    codes: HashMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct AgencyLesson {
    name: String,
    symbols: Vec<String>,
    #[serde(default)]
    code: Option<String>,
}

impl Learned {
    /// Reads the lessons. Blocks.
    pub(super) fn load(store: &Store) -> Result<Self, StoreError> {
        let mut learned = Self::default();
        for (key, value) in store.lessons(AGENCY)? {
            // A lesson of a later version is not understood, and that is all.
            let Ok(lesson) = serde_json::from_str::<AgencyLesson>(&value) else {
                continue;
            };
            learned.codes.extend(lesson.code.map(|code| (key, code)));
            learned.knowledge.agencies.push(KnownAgency {
                name: lesson.name,
                parent: None,
                symbols: lesson.symbols,
            });
        }
        learned.aliases = store.lessons(ALIAS)?.into_iter().collect();
        for (_, value) in store.lessons(SIGNER)? {
            if let Ok(signer) = serde_json::from_str::<KnownSigner>(&value) {
                let of = learned.signers.entry(fold(&signer.agency)).or_default();
                of.push(signer);
            }
        }
        Ok(learned)
    }

    /// Puts what was learned in the place of what was misread.
    pub(super) fn apply(&self, reading: &mut LetterReading) {
        let issuer = fold(&reading.fields.issuer);
        if let Some(name) = self.aliases.get(&issuer) {
            reading.fields.issuer.clone_from(name);
            raise(&mut reading.readings, "issuer", CORRECTED);
        }
        let issuer = fold(&reading.fields.issuer);
        reading.fields.issuer_code = self.codes.get(&issuer).cloned();
        if let Some(signers) = self.signers.get(&issuer) {
            apply_signer(signers, reading);
        }
        reading.confidence = lowest(&reading.readings);
    }
}

/// A name with a slip or two is the known one; a name that was not read follows from the position
/// where only one person of the agency has it.
fn apply_signer(signers: &[KnownSigner], reading: &mut LetterReading) {
    let fields = &mut reading.fields;
    let read = fold(&fields.signer_name);
    let near = signers
        .iter()
        .map(|signer| (slips(&read, &fold(&signer.name)), signer))
        .min_by_key(|(slips, _)| *slips)
        .filter(|(slips, _)| !read.is_empty() && *slips <= read.chars().count() / 4);
    if let Some((_, signer)) = near {
        fields.signer_name.clone_from(&signer.name);
        raise(&mut reading.readings, "signer_name", CORRECTED);
        if fields.signer_position.is_empty() {
            fields.signer_position.clone_from(&signer.position);
            raise(&mut reading.readings, "signer_position", FOLLOWS);
        }
        return;
    }
    let doubtful = reading
        .readings
        .iter()
        .any(|one| one.field == "signer_name" && one.confidence < 0.5);
    let position = fold(&fields.signer_position);
    let mut same = signers
        .iter()
        .filter(|signer| position.is_empty() || fold(&signer.position) == position);
    if let (true, Some(signer), None) = (doubtful, same.next(), same.next()) {
        fields.signer_name.clone_from(&signer.name);
        fields.signer_position.clone_from(&signer.position);
        raise(&mut reading.readings, "signer_name", FOLLOWS);
        raise(&mut reading.readings, "signer_position", FOLLOWS);
    }
}

fn raise(readings: &mut [FieldReading], field: &str, confidence: f32) {
    if let Some(reading) = readings.iter_mut().find(|one| one.field == field) {
        reading.confidence = reading.confidence.max(confidence);
    }
}

/// Keeps what a person's confirmation of a letter teaches. `read` are the fields as they stood before
/// the person wrote, none when the person has written in them before. Blocks.
pub(super) fn learn(
    store: &Store,
    read: Option<&LetterFields>,
    confirmed: &LetterFields,
    now: Timestamp,
) -> Result<(), StoreError> {
    let name = confirmed.issuer.trim();
    if name.is_empty() {
        return Ok(());
    }
    let key = fold(name);
    learn_agency(store, (&key, name), confirmed, now)?;
    if let Some(read) = read {
        let was = fold(read.issuer.trim());
        if !was.is_empty() && was != key {
            store.lesson_put(ALIAS, (&was, name), now)?;
        }
    }
    let signer = KnownSigner {
        agency: name.to_owned(),
        position: confirmed.signer_position.trim().to_owned(),
        name: confirmed.signer_name.trim().to_owned(),
    };
    if !signer.name.is_empty() {
        let key = format!("{key}|{}", fold(&signer.name));
        store.lesson_put(SIGNER, (&key, &serde_json::to_string(&signer)?), now)?;
    }
    Ok(())
}

fn learn_agency(
    store: &Store,
    (key, name): (&str, &str),
    confirmed: &LetterFields,
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = store
        .lessons(AGENCY)?
        .into_iter()
        .find(|(known, _)| known == key)
        .and_then(|(_, value)| serde_json::from_str::<AgencyLesson>(&value).ok());
    let (mut symbols, code) = known.map_or((Vec::new(), None), |known| (known.symbols, known.code));
    if let Some(symbol) = group(&confirmed.notation)
        && !symbols.contains(&symbol)
    {
        symbols.push(symbol);
    }
    let lesson = AgencyLesson {
        name: name.to_owned(),
        symbols,
        code: confirmed.issuer_code.clone().or(code),
    };
    store.lesson_put(AGENCY, (key, &serde_json::to_string(&lesson)?), now)
}

/// The group of a symbol that names the agency: the second of a named document, else the first.
fn group(notation: &str) -> Option<String> {
    let notation: Notation = notation.parse().ok()?;
    let mut groups = notation.symbol().split('-');
    let first = groups.next()?;
    let group = match notation.document_type() {
        Some(_) => groups.next()?,
        None => first,
    };
    (!group.is_empty()).then(|| group.to_owned())
}

/// The group of an official letter's symbol that names the unit that drafted it, or its field (Decree
/// 30/2020, Appendix I, II.3); a named document has none.
pub(super) fn unit(notation: &str) -> Option<String> {
    let notation: Notation = notation.parse().ok()?;
    if notation.document_type().is_some() {
        return None;
    }
    let group = notation.symbol().split('-').nth(1)?;
    (!group.is_empty()).then(|| group.to_owned())
}

/// Agencies that were learned.
pub(super) fn agencies(store: &Store) -> Result<Vec<AgencyView>, StoreError> {
    let lessons = store.lessons(AGENCY)?.into_iter();
    Ok(lessons
        .filter_map(|(_, value)| serde_json::from_str::<AgencyLesson>(&value).ok())
        .map(|lesson| {
            AgencyView::learned(lesson.code, lesson.name, lesson.symbols.into_iter().next())
        })
        .collect())
}

/// How many letters differ (Levenshtein).
fn slips(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut corner = line;
        let mut left = line.saturating_add(1);
        for (cell, against) in row.iter_mut().skip(1).zip(&other) {
            let above = *cell;
            let changed = corner.saturating_add(usize::from(letter != *against));
            left = changed
                .min(left.saturating_add(1))
                .min(above.saturating_add(1));
            corner = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_that_names_the_agency_is_the_second_of_a_named_document() {
        assert_eq!(group("12/QĐ-SNV").as_deref(), Some("SNV"));
        assert_eq!(group("12/SNV-VP").as_deref(), Some("SNV"));
        assert_eq!(group("12"), None);
        assert_eq!(unit("12/SNV-CCVC").as_deref(), Some("CCVC"));
        assert_eq!(unit("12/QĐ-SNV"), None);
    }

    #[test]
    fn slips_are_counted_as_insertions_deletions_and_changes() {
        assert_eq!(slips("tran thi binh", "tan thi binh"), 1);
        assert_eq!(slips("", "abc"), 3);
        assert_eq!(slips("abc", ""), 3);
        assert_eq!(slips("kitten", "sitting"), 3);
    }

    #[test]
    fn a_signer_with_a_slip_is_the_known_one_and_an_unread_one_follows_from_the_post() {
        let signer = |position: &str, name: &str| KnownSigner {
            agency: "Sở Nội vụ".to_owned(),
            position: position.to_owned(),
            name: name.to_owned(),
        };
        let known = [
            signer("Giám đốc", "Trần Thị Bình"),
            signer("Phó Giám đốc", "Lê Minh Cường"),
        ];
        let read = |name: &str, position: &str, confidence: f32| {
            let mut reading = LetterReading::default();
            reading.fields.signer_name = name.to_owned();
            reading.fields.signer_position = position.to_owned();
            reading.readings = vec![FieldReading {
                field: "signer_name".to_owned(),
                confidence,
                places: Vec::new(),
            }];
            apply_signer(&known, &mut reading);
            reading.fields.signer_name
        };
        assert_eq!(read("Tan Thị Bình", "Giám đốc", 0.3), "Trần Thị Bình");
        assert_eq!(read("", "Phó Giám đốc", 0.0), "Lê Minh Cường");
        assert_eq!(read("", "", 0.0), "", "two people could have signed");
        assert_eq!(read("Phạm Văn Dũng", "Giám đốc", 0.9), "Phạm Văn Dũng");
    }
}
