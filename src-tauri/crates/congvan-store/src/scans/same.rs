//! Which entries are probably the same paper as a letter.

use std::collections::HashSet;

use congvan_model::{AgencyCode, DocumentId, Notation, fold};
use congvan_protocol::Document;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::{Duplicate, DuplicateReason, LetterId};
use crate::{Store, error::Result, search};

/// Hits of a search that are looked at: communes of a whole province may use the same notation.
const HITS: u32 = 1_000;

/// What a paper says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaperMarks {
    /// Số và ký hiệu as a person or the reading wrote it.
    pub notation: String,
    /// Ngày văn bản, `YYYY-MM-DD`.
    pub issued_on: String,
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Its code, where it is known.
    pub issuer_code: Option<String>,
}

impl Store {
    /// Documents and other letters that are probably the same paper as this letter: the identifier
    /// in the name of its file, its number and symbol by the same agency in the same year, or its
    /// bytes. Each is given once, documents first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn same_papers(&self, letter: LetterId, marks: &PaperMarks) -> Result<Vec<Duplicate>> {
        self.read(|db| {
            let mut found = Found::default();
            let own: Option<(String, Option<[u8; 16]>)> = db
                .prepare_cached("SELECT name, document FROM scan_letter WHERE id = ?1")?
                .query_row(params![letter.0.as_bytes()], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let Some((name, document)) = own else {
                return Ok(Vec::new());
            };
            found.own = document.map(|id| DocumentId(Uuid::from_bytes(id)));
            if let Some(identifier) = Identifier::parse(&name) {
                identifier.documents(db, &mut found)?;
                letters_named(db, (letter, &name), &mut found)?;
            }
            if let Ok(notation) = marks.notation.parse::<Notation>() {
                documents_with(db, (&notation, marks), &mut found)?;
                letters_with(db, (letter, &notation, marks), &mut found)?;
            }
            same_bytes(db, letter, &mut found)?;
            Ok(found.all())
        })
    }
}

/// What was found, each entry once.
#[derive(Default)]
struct Found {
    own: Option<DocumentId>,
    documents: Vec<Duplicate>,
    letters: Vec<Duplicate>,
    seen: HashSet<Uuid>,
}

impl Found {
    fn push(&mut self, entry: Duplicate) {
        let is_own = entry.document.is_some() && entry.document == self.own;
        let id = match (entry.document, entry.letter) {
            (Some(document), _) => document.0,
            (None, Some(letter)) => letter.0,
            (None, None) => return,
        };
        if is_own || !self.seen.insert(id) {
            return;
        }
        match entry.document {
            Some(_) => self.documents.push(entry),
            None => self.letters.push(entry),
        }
    }

    fn all(self) -> Vec<Duplicate> {
        self.documents.into_iter().chain(self.letters).collect()
    }
}

/// Mã định danh văn bản, which files of documents are named by:
/// `<agency>.<yyyy>.<MM>.<dd>.<number>.<symbol>.<type>`.
struct Identifier {
    agency: AgencyCode,
    /// `dd/MM/yyyy`, as the index writes days.
    day: String,
    number: u32,
    kind: String,
}

impl Identifier {
    fn parse(name: &str) -> Option<Self> {
        let stem = name.rsplit_once('.').map(|(stem, _)| stem)?;
        let parts: Vec<&str> = stem.split('.').collect();
        let (agency, rest) = parts.split_at_checked(parts.len().checked_sub(6)?)?;
        let [year, month, day, number, _symbol, kind] = rest else {
            return None;
        };
        let digits = |text: &str, count: usize| {
            text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !(digits(year, 4) && digits(month, 2) && digits(day, 2) && digits(kind, 2)) {
            return None;
        }
        Some(Self {
            agency: agency.join(".").parse().ok()?,
            day: format!("{day}/{month}/{year}"),
            number: number.parse().ok()?,
            kind: (*kind).to_owned(),
        })
    }

    fn documents(&self, db: &Connection, found: &mut Found) -> Result<()> {
        let typed = format!("{} {}", self.agency, self.day);
        for document in hits(db, &typed)? {
            let number = document.notation.as_ref().map(Notation::number);
            if document.issuer.code == self.agency.as_str()
                && number == Some(self.number)
                && document.kind.code() == self.kind
            {
                found.push(entry(&document, DuplicateReason::Identifier));
            }
        }
        Ok(())
    }
}

/// Documents that the index finds by these words.
fn hits(db: &Connection, typed: &str) -> Result<Vec<Document>> {
    let Some(query) = search::query(typed) else {
        return Ok(Vec::new());
    };
    let mut query_rows = db.prepare_cached(
        "SELECT d.body FROM search CROSS JOIN document d ON d.row = search.rowid
         WHERE search MATCH ?1 ORDER BY search.rowid DESC LIMIT ?2",
    )?;
    let rows = query_rows.query_map(params![query, HITS], |row| row.get::<_, String>(0))?;
    let mut documents = Vec::new();
    for body in rows {
        documents.push(serde_json::from_str(&body?)?);
    }
    Ok(documents)
}

fn entry(document: &Document, reason: DuplicateReason) -> Duplicate {
    Duplicate {
        document: Some(document.id),
        letter: None,
        reason,
        number: document.arrival_number,
        notation: document
            .notation
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        issuer: document.issuer.name.clone(),
        subject: document.subject.clone(),
        arrived_at: Some(document.arrived_at.0),
    }
}

fn documents_with(
    db: &Connection,
    (notation, marks): (&Notation, &PaperMarks),
    found: &mut Found,
) -> Result<()> {
    for document in hits(db, &notation.to_string())? {
        let day = document.issued_on.map(|day| day.to_string());
        if document.notation.as_ref() == Some(notation)
            && same_year(&marks.issued_on, day.as_deref().unwrap_or_default())
            && same_agency(
                (&marks.issuer, marks.issuer_code.as_deref()),
                (&document.issuer.name, Some(&document.issuer.code)),
            )
        {
            found.push(entry(&document, DuplicateReason::Notation));
        }
    }
    Ok(())
}

const OTHER: &str = "SELECT l.id, l.document, coalesce(r.number, d.arrival_number), l.notation,
    l.issuer, l.subject, l.at, l.issued_on, l.issuer_code, l.name
  FROM scan_letter l
    LEFT JOIN overlay_registration r ON r.document = l.document
    LEFT JOIN document d ON d.id = l.document
  WHERE l.id <> ?1 AND l.state NOT IN ('secret', 'discarded')";

/// A letter beside what only the comparison needs: its day, its agency's code, its file's name.
type Other = (Duplicate, String, Option<String>, String);

fn other(row: &rusqlite::Row<'_>, reason: DuplicateReason) -> rusqlite::Result<Other> {
    let document: Option<[u8; 16]> = row.get(1)?;
    let duplicate = Duplicate {
        document: document.map(|id| DocumentId(Uuid::from_bytes(id))),
        letter: Some(LetterId(Uuid::from_bytes(row.get(0)?))),
        reason,
        number: row.get(2)?,
        notation: row.get(3)?,
        issuer: row.get(4)?,
        subject: row.get(5)?,
        arrived_at: row.get(6)?,
    };
    Ok((duplicate, row.get(7)?, row.get(8)?, row.get(9)?))
}

fn letters_with(
    db: &Connection,
    (letter, notation, marks): (LetterId, &Notation, &PaperMarks),
    found: &mut Found,
) -> Result<()> {
    let mut query = db.prepare_cached(&format!("{OTHER} AND l.notation = ?2"))?;
    let mut rows = query.query(params![letter.0.as_bytes(), notation.to_string()])?;
    while let Some(row) = rows.next()? {
        let (entry, day, code, _) = other(row, DuplicateReason::Notation)?;
        if same_year(&marks.issued_on, &day)
            && same_agency(
                (&marks.issuer, marks.issuer_code.as_deref()),
                (&entry.issuer, code.as_deref()),
            )
        {
            found.push(entry);
        }
    }
    Ok(())
}

fn letters_named(
    db: &Connection,
    (letter, name): (LetterId, &str),
    found: &mut Found,
) -> Result<()> {
    let mut query = db.prepare_cached(&format!("{OTHER} AND l.name = ?2"))?;
    let mut rows = query.query(params![letter.0.as_bytes(), name])?;
    while let Some(row) = rows.next()? {
        let (entry, ..) = other(row, DuplicateReason::Identifier)?;
        found.push(entry);
    }
    Ok(())
}

/// Documents that came with the bytes of the letter's file: over the axis, or registered before.
fn same_bytes(db: &Connection, letter: LetterId, found: &mut Found) -> Result<()> {
    let mut query = db.prepare_cached(
        "SELECT DISTINCT d.body FROM scan_page p JOIN scan_file f ON f.stack = p.stack
           JOIN file_blob b ON b.sha256 = f.sha256 JOIN document d ON d.id = b.document
         WHERE p.letter = ?1",
    )?;
    let rows = query.query_map(params![letter.0.as_bytes()], |row| row.get::<_, String>(0))?;
    for body in rows {
        let document: Document = serde_json::from_str(&body?)?;
        found.push(entry(&document, DuplicateReason::Content));
    }
    Ok(())
}

/// Numbers begin anew each year. A day that was not read speaks for nothing.
fn same_year(one: &str, other: &str) -> bool {
    let year = |day: &str| day.split('-').next().map(str::to_owned);
    !one.is_empty() && year(one) == year(other)
}

fn same_agency(
    (one, one_code): (&str, Option<&str>),
    (other, other_code): (&str, Option<&str>),
) -> bool {
    if let (Some(one), Some(other)) = (one_code, other_code)
        && !one.is_empty()
        && !other.is_empty()
    {
        return one == other;
    }
    let (one, other) = (spelled_out(one), spelled_out(other));
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    // The province may stand behind the commune, or not; "Bình Minh" is not "Bình Minh Đông".
    long.strip_prefix(&short).is_some_and(|rest| {
        !short.is_empty() && (rest.is_empty() || ABOVE.iter().any(|above| rest.starts_with(above)))
    })
}

/// Words with which the name of the unit above begins.
const ABOVE: &[&str] = &[
    " tinh ",
    " thanh pho ",
    " tp ",
    " huyen ",
    " quan ",
    " thi xa ",
];

/// Folded, with the two commonest abbreviations written out.
fn spelled_out(name: &str) -> String {
    let folded = fold(name);
    let words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| match word {
            "ubnd" => "uy ban nhan dan",
            "hdnd" => "hoi dong nhan dan",
            other => other,
        });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_from_the_name_of_a_file_in_both_forms_of_codes() {
        let found = Identifier::parse("H01.151.2026.08.25.125.UBND.22.pdf").unwrap();
        assert_eq!(found.agency.as_str(), "H01.151");
        assert_eq!((found.day.as_str(), found.number), ("25/08/2026", 125));
        assert_eq!(found.kind, "22");
        let old = Identifier::parse("000.01.05.H33.2026.08.25.7.SNV.02.pdf").unwrap();
        assert_eq!(old.agency.as_str(), "000.01.05.H33");
        for other in [
            "scan0001.pdf",
            "2026.08.25.pdf",
            "H01.2026.8.25.1.UBND.22.pdf",
            "",
        ] {
            assert!(Identifier::parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn an_agency_is_the_same_however_it_is_abbreviated_and_another_one_is_not() {
        let same = |one, other| same_agency((one, None), (other, None));
        assert!(same("UBND xã Bình Minh", "Ủy ban nhân dân xã Bình Minh"));
        assert!(same(
            "ỦY BAN NHÂN DÂN XÃ BÌNH MINH",
            "Uỷ ban nhân dân xã Bình Minh tỉnh H99"
        ));
        assert!(!same("UBND xã Bình Minh", "UBND xã Bình Minh Đông"));
        assert!(!same("", "Sở Nội vụ"));
        assert!(same_agency(("a", Some("H99.1")), ("b", Some("H99.1"))));
        assert!(!same_agency(("a", Some("H99.1")), ("a", Some("H99.2"))));
    }
}
