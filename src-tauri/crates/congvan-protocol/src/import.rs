//! Rows of a previous system's registers that are taken over: documents of past years as they stood in
//! its books. What a row becomes is worked out here, so that desk and server show the same.
//!
//! Invariant: no I/O, no clock; the same row in the same agency is the same document, whoever sends it
//! and however often.

use congvan_model::{
    Direction, DocumentId, DocumentState, FileId, RevisionId, Sha256, Timestamp, VN_OFFSET, nfc,
};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256 as Hasher};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Document, FileRef, FileRole, FlowStep, Issuer, RegisteredFile, Registration,
    RegistrationFields,
    handling::{Handling, PLACES_MAX},
};

/// Most rows that one intent carries.
pub const ROWS_MAX: usize = 200;
/// Before this day no office of today kept a register.
pub const FIRST_DAY: Date = date(1945, 9, 2);
/// Longest name, in characters.
pub const NAME_MAX: usize = 300;
/// Longest trích yếu, in characters.
pub const SUBJECT_MAX: usize = 2_000;
/// Longest identifier in the previous system, in characters.
pub const OLD_ID_MAX: usize = 100;
/// Most files of one row.
pub const FILES_MAX: usize = 20;
/// What the history of an imported document begins with.
const IMPORTED: &str = "Nhập từ phần mềm trước";

/// A row of a previous system's register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportRow {
    /// Its row in the table, for who mends it.
    pub line: u32,
    /// Which register.
    #[schema(value_type = String)]
    pub direction: Direction,
    /// Its identifier in the previous system, 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_id: Option<String>,
    /// Code of the book, from `GET /v1/books`; empty of what goes out, whose series follows its kind.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub book: String,
    /// Year of the register, that of `on`.
    pub year: u16,
    /// Số đến; of what goes out the number of its notation.
    pub number: u32,
    /// Ngày đến; of what goes out the day that stands on it.
    #[schema(value_type = String)]
    pub on: Date,
    /// What stands on it, the issuer as it was called and coded on that day. Without a deadline.
    pub fields: RegistrationFields,
    /// Nơi nhận, of what goes out: at most 100 lines of at most 300 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Who handled it, in the words of the table; at most 300 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub handled_by: String,
}

/// What a document that was taken over from a previous system has besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    /// Its identifier there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_id: Option<String>,
    /// Nơi nhận, of what went out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Who handled it, in the words of the table.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub handled_by: String,
}

/// Why the server did not take a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowRefusal {
    /// A field is missing, too long or of another row.
    Invalid,
    /// The agency has no such book.
    NoBook,
    /// The row was taken before, and says something else now.
    Differs,
    /// Another imported document has its number in that book and year.
    NumberTaken,
    /// The number is one of this system's: the year is not over, or its book was begun here.
    OfThisSystem,
}

impl RowRefusal {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Invalid,
        Self::NoBook,
        Self::Differs,
        Self::NumberTaken,
        Self::OfThisSystem,
    ];
}

/// A row that the server did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefusedRow {
    /// The row in the table.
    pub line: u32,
    /// The document that it would have been.
    #[schema(value_type = String, format = Uuid)]
    pub document: DocumentId,
    /// Why.
    pub why: RowRefusal,
}

impl ImportRow {
    /// The document that it is: of the SHA-256 of `import`, the agency's code, the direction and either
    /// `id` and the old identifier or year, book, number and symbol, the first 16 bytes with the marks
    /// of a UUID of version 8.
    #[must_use]
    pub fn document(&self, agency: &str) -> DocumentId {
        let direction = match self.direction {
            Direction::Incoming => "incoming",
            Direction::Outgoing => "outgoing",
        };
        let (year, number) = (self.year.to_string(), self.number.to_string());
        let symbol = self.fields.notation.as_ref().map(ToString::to_string);
        let id = match &self.old_id {
            Some(old) => named(&["import", agency, direction, "id", &nfc(old.trim())]),
            None => named(&[
                "import",
                agency,
                direction,
                &year,
                &self.book,
                &number,
                symbol.as_deref().unwrap_or_default(),
            ]),
        };
        DocumentId(id)
    }

    /// Whether it could have stood in a register, on that day at the latest.
    ///
    /// # Errors
    /// The field that it could not.
    pub fn check(&self, today: Date) -> Result<(), &'static str> {
        let within = |text: &str, most: usize| (1..=most).contains(&text.trim().chars().count());
        let at_most = |text: &str, most: usize| text.chars().count() <= most;
        let fields = &self.fields;
        let checks = [
            (
                "old_id",
                self.old_id
                    .as_ref()
                    .is_none_or(|old| within(old, OLD_ID_MAX)),
            ),
            ("number", self.number > 0),
            ("on", (FIRST_DAY..=today).contains(&self.on)),
            ("year", i16::try_from(self.year) == Ok(self.on.year())),
            ("issuer", within(&fields.issuer_name, NAME_MAX)),
            ("subject", within(&fields.subject, SUBJECT_MAX)),
            ("issued_on", self.day_fits()),
            ("notation", self.notation_fits()),
            ("signer", at_most(&fields.signer.full_name, NAME_MAX)),
            ("due", fields.due.is_none()),
            ("handled_by", at_most(&self.handled_by, NAME_MAX)),
            (
                "places",
                self.places.len() <= PLACES_MAX
                    && self.places.iter().all(|line| within(line, NAME_MAX)),
            ),
        ];
        match checks.iter().find(|(_, sound)| !sound) {
            Some((field, _)) => Err(field),
            None => Ok(()),
        }
    }

    fn day_fits(&self) -> bool {
        let issued_on = self.fields.issued_on;
        match self.direction {
            Direction::Incoming => issued_on.is_none_or(|day| (FIRST_DAY..=self.on).contains(&day)),
            Direction::Outgoing => issued_on == Some(self.on),
        }
    }

    fn notation_fits(&self) -> bool {
        let notation = self.fields.notation.as_ref();
        match self.direction {
            Direction::Incoming => true,
            Direction::Outgoing => {
                self.book.is_empty() && notation.is_some_and(|one| one.number() == self.number)
            }
        }
    }

    /// When it came, or went: the beginning of its day, by its number inside of it.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        let midnight = VN_OFFSET.to_timestamp(self.on.at(0, 0, 0, 0));
        let midnight = midnight.map_or(Timestamp(0), |at| Timestamp(at.as_millisecond()));
        midnight.plus_ms(i64::from(self.number.min(86_399_999)))
    }

    /// What has no place of its own on a document.
    #[must_use]
    pub fn besides(&self) -> Imported {
        Imported {
            old_id: self.old_id.as_ref().map(|old| nfc(old.trim())),
            places: self.places.iter().map(|line| nfc(line.trim())).collect(),
            handled_by: nfc(self.handled_by.trim()),
        }
    }

    /// The one step of its history.
    #[must_use]
    pub fn step(&self, who: &str, at: Timestamp) -> FlowStep {
        let mut note = IMPORTED.to_owned();
        let besides = self.besides();
        if let Some(old) = &besides.old_id {
            note.push_str(&format!("; mã cũ: {old}"));
        }
        if !besides.handled_by.is_empty() {
            note.push_str(&format!("; xử lý: {}", besides.handled_by));
        }
        FlowStep {
            at,
            who: who.to_owned(),
            state: DocumentState::Filed,
            note,
        }
    }

    /// The document as its registry sees it once that person has taken it over.
    #[must_use]
    pub fn to_document(&self, agency: &str, who: &str, now: Timestamp) -> Document {
        let (fields, at) = (&self.fields, self.at());
        let mut signer = fields.signer.clone();
        signer.full_name = nfc(signer.full_name.trim());
        signer.position = nfc(signer.position.trim());
        let is_incoming = self.direction == Direction::Incoming;
        Document {
            id: self.document(agency),
            direction: self.direction,
            state: DocumentState::Filed,
            notation: fields.notation.clone(),
            issued_on: fields.issued_on,
            arrival_number: is_incoming.then_some(self.number),
            registration: is_incoming
                .then(|| Box::new(in_book((self.book.clone(), self.year), self.number, at))),
            arrived_at: at,
            kind: fields.kind,
            issuer: Issuer {
                code: fields.issuer_code.clone().unwrap_or_default(),
                name: nfc(fields.issuer_name.trim()),
            },
            subject: nfc(fields.subject.trim()),
            urgency: fields.urgency,
            due: None,
            activity: fields.activity.clone(),
            signer,
            role: None,
            read_at: Some(now),
            files: Vec::new(),
            handling: Some(Box::new(Handling {
                imported: Some(Box::new(self.besides())),
                ..Handling::default()
            })),
            flow: vec![self.step(who, now)],
        }
    }

    /// Whether a document is this row taken over: it says the same, whatever files and names of fields
    /// of activity it has by now.
    #[must_use]
    pub fn stands_as(&self, document: &Document) -> bool {
        let own = self.to_document("", "", document.arrived_at);
        let besides = |of: &Document| of.handling.as_ref().and_then(|all| all.imported.clone());
        let code = |of: &Document| of.activity.as_ref().map(|one| one.code.clone());
        let place = |of: &Document| {
            let entry = of.registration.as_ref()?;
            Some((entry.book.clone(), entry.year, entry.number))
        };
        own.direction == document.direction
            && own.notation == document.notation
            && own.issued_on == document.issued_on
            && own.arrival_number == document.arrival_number
            && own.arrived_at == document.arrived_at
            && own.kind == document.kind
            && own.issuer == document.issuer
            && own.subject == document.subject
            && own.urgency == document.urgency
            && own.signer == document.signer
            && besides(&own) == besides(document)
            && code(&own) == code(document)
            && place(&own) == place(document)
    }
}

/// The place of an imported document in a book of a previous system.
#[must_use]
pub fn in_book((book, year): (String, u16), number: u32, at: Timestamp) -> Registration {
    Registration {
        book,
        year,
        number,
        provisional: String::new(),
        received_at: at,
        booked_at: at,
        skewed: false,
        duplicate_of: None,
        acknowledged: None,
    }
}

/// A file of an imported document: the same bytes are the same file, however often they are sent.
#[must_use]
pub fn imported_file(
    document: DocumentId,
    (sha256, size): (Sha256, u64),
    (name, pages): (String, Option<u32>),
) -> RegisteredFile {
    let (document, bytes) = (document.to_string(), sha256.to_hex());
    RegisteredFile {
        file: FileId(named(&["import-file", &document, &bytes])),
        revision: RevisionId(named(&["import-revision", &document, &bytes])),
        sha256,
        size,
        name,
        pages,
    }
}

/// The same as a document shows it: the first is the document itself.
#[must_use]
pub fn shown_file(file: &RegisteredFile, is_first: bool, at: Timestamp) -> FileRef {
    FileRef {
        id: file.file,
        name: nfc(file.name.trim()),
        role: if is_first {
            FileRole::Main
        } else {
            FileRole::Attachment
        },
        media_type: "application/pdf".to_owned(),
        pages: file.pages,
        revisions: vec![file.first_state(at)],
    }
}

/// An id that both sides work out from the same words: of the SHA-256 of these, each ended by a line
/// feed, the first 16 bytes with the marks of a UUID of version 8.
pub(crate) fn named(words: &[&str]) -> Uuid {
    let mut hasher = Hasher::new();
    for word in words {
        hasher.update(word);
        hasher.update("\n");
    }
    let hash: [u8; 32] = hasher.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use congvan_model::{DocumentType, Urgency};

    use super::*;
    use crate::Signer;

    fn row() -> ImportRow {
        ImportRow {
            line: 2,
            direction: Direction::Incoming,
            old_id: None,
            book: "den".to_owned(),
            year: 2019,
            number: 12,
            on: date(2019, 3, 4),
            fields: RegistrationFields {
                issuer_code: Some("H33".to_owned()),
                issuer_name: "UBND tỉnh Kiên Giang".to_owned(),
                notation: "15/QĐ-UBND".parse().ok(),
                issued_on: Some(date(2019, 3, 1)),
                kind: DocumentType::Decision,
                subject: "Về việc giao đất".to_owned(),
                urgency: Urgency::Normal,
                signer: Signer {
                    position: String::new(),
                    full_name: "Trần Văn A".to_owned(),
                },
                due: None,
                activity: None,
            },
            places: Vec::new(),
            handled_by: "Phòng Kinh tế".to_owned(),
        }
    }

    const TODAY: Date = date(2026, 1, 5);

    #[test]
    fn a_row_is_one_document_wherever_it_stands_in_its_table() {
        let (mut moved, mut renamed) = (row(), row());
        moved.line = 900;
        assert_eq!(moved.document("H99.1"), row().document("H99.1"));
        assert_ne!(row().document("H99.2"), row().document("H99.1"));
        renamed.old_id = Some("VB-1".to_owned());
        assert_ne!(renamed.document("H99.1"), row().document("H99.1"));
        // With an identifier of its own a number that was mended does not make another document.
        let mut mended = renamed.clone();
        mended.number = 13;
        assert_eq!(mended.document("H99.1"), renamed.document("H99.1"));
    }

    #[test]
    fn what_was_taken_over_is_known_again_and_a_change_is_seen() {
        let document = row().to_document("H99.1", "Văn thư", Timestamp(1_767_575_640_000));
        assert!(row().stands_as(&document));
        assert_eq!(document.arrived_at.vietnam_date(), date(2019, 3, 4));
        assert_eq!(
            document.flow[0].note,
            "Nhập từ phần mềm trước; xử lý: Phòng Kinh tế"
        );
        let mut other = row();
        other.fields.subject.push('!');
        assert!(!other.stands_as(&document));
    }

    #[test]
    fn a_row_that_could_not_have_stood_in_a_register_names_its_field() {
        assert_eq!(row().check(TODAY), Ok(()));
        let wrong = |change: fn(&mut ImportRow)| {
            let mut row = row();
            change(&mut row);
            row.check(TODAY)
        };
        assert_eq!(wrong(|row| row.number = 0), Err("number"));
        assert_eq!(wrong(|row| row.year = 2018), Err("year"));
        assert_eq!(wrong(|row| row.on = date(2026, 1, 6)), Err("on"));
        assert_eq!(wrong(|row| row.on = date(1945, 9, 1)), Err("on"));
        assert_eq!(wrong(|row| row.fields.subject.clear()), Err("subject"));
        assert_eq!(
            wrong(|row| row.fields.issued_on = Some(date(2019, 3, 5))),
            Err("issued_on")
        );
        assert_eq!(
            wrong(|row| row.direction = Direction::Outgoing),
            Err("issued_on")
        );
    }
}
