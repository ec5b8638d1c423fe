//! The books of documents that go out: one series for each kind with an abbreviation of its own, so
//! that number and symbol together are unique in a year (Decree 30/2020, Art. 15(1)). Only the server
//! numbers in them.

use congvan_model::{DocumentType, Notation, Timestamp};
use rusqlite::{Transaction, params};

use super::{BookKey, year_of};
use crate::error::Result;

/// The book of this year for a kind. One that nobody has written in yet goes on where the agency's
/// documents of that year and symbol end.
pub(crate) fn outgoing(
    tx: &Transaction<'_>,
    agency: &str,
    kind: DocumentType,
    now: Timestamp,
) -> Result<BookKey> {
    let group = group(kind);
    let key = BookKey {
        agency: agency.to_owned(),
        book: series_of(kind),
        year: year_of(now),
    };
    make(tx, &key, &format!("Sổ văn bản đi ({group})"))?;
    if !is_begun(tx, &key)? {
        let first = last_of(tx, &key, kind)? + 1;
        begin(tx, &key, first)?;
    }
    Ok(key)
}

fn group(kind: DocumentType) -> &'static str {
    match kind.abbreviation() {
        "" => "CV",
        abbreviation => abbreviation,
    }
}

/// Code of the book for a kind.
pub(crate) fn series_of(kind: DocumentType) -> String {
    format!("di-{}", group(kind))
}

/// The one book of this year for copies of every form (Decree 30/2020, Art. 25 to 27 and Appendix I,
/// part II).
pub(crate) fn copies(tx: &Transaction<'_>, agency: &str, now: Timestamp) -> Result<BookKey> {
    let key = BookKey {
        agency: agency.to_owned(),
        book: "sao".to_owned(),
        year: year_of(now),
    };
    make(tx, &key, "Sổ bản sao")?;
    if !is_begun(tx, &key)? {
        begin(tx, &key, 1)?;
    }
    Ok(key)
}

fn make(tx: &Transaction<'_>, key: &BookKey, name: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO book(agency, code, ordinal, name, leasable, direction)
         SELECT ?1, ?2, COALESCE(MAX(ordinal), 0) + 1, ?3, 0, 'outgoing' FROM book
         WHERE agency = ?1 ON CONFLICT(agency, code) DO NOTHING",
        params![key.agency, key.book, name],
    )?;
    Ok(())
}

fn is_begun(tx: &Transaction<'_>, key: &BookKey) -> Result<bool> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM series WHERE agency = ?1 AND book = ?2 AND year = ?3")?
        .exists(params![key.agency, key.book, key.year])?)
}

fn begin(tx: &Transaction<'_>, key: &BookKey, first: u32) -> Result<()> {
    tx.execute(
        "INSERT INTO series(agency, book, year, first, next) VALUES (?1, ?2, ?3, ?4, ?4)",
        params![key.agency, key.book, key.year, first],
    )?;
    Ok(())
}

/// The highest number that stands on a document of that kind and year without an entry.
fn last_of(tx: &Transaction<'_>, key: &BookKey, kind: DocumentType) -> Result<u32> {
    let mut statement = tx.prepare_cached(
        "SELECT notation FROM document WHERE direction = 'outgoing' AND issuer_code = ?1
           AND notation IS NOT NULL AND substr(issued_on, 1, 4) = ?2
           AND NOT EXISTS (SELECT 1 FROM book_entry e WHERE e.document = document.id)",
    )?;
    let rows = statement.query_map(params![key.agency, key.year.to_string()], |row| {
        row.get::<_, String>(0)
    })?;
    let named = Some(kind).filter(|kind| !kind.abbreviation().is_empty());
    let mut last = 0;
    for row in rows {
        let notation: std::result::Result<Notation, _> = row?.parse();
        if let Ok(notation) = notation
            && notation.document_type() == named
        {
            last = last.max(notation.number());
        }
    }
    Ok(last)
}
