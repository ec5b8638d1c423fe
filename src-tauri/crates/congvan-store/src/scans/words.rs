//! All words of letters, for search: read after everything that a person waits for.

use congvan_model::{DocumentId, Sha256, nfc};
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::{LetterId, LetterToRead, reading::with_pages};
use crate::{Store, document, error::Result};

impl Store {
    /// Letters all of whose pages are to be read for search, in the order of the inbox: their fields
    /// were read before. They stay in the answer until [`Store::letter_words_set`].
    ///
    /// # Errors
    /// Disk errors.
    pub fn letters_to_search(&self, limit: u32) -> Result<Vec<LetterToRead>> {
        self.read(|db| {
            let sql = "SELECT l.id, l.pages_rev FROM scan_letter l
                 WHERE l.state IN ('ready', 'confirmed', 'registered') AND l.code IS NULL
                   AND l.words_rev <> l.pages_rev
                   AND EXISTS (SELECT 1 FROM scan_page p JOIN scan_stack k ON k.id = p.stack
                     WHERE p.letter = l.id AND k.pdf IS NOT NULL)
                 ORDER BY l.place, l.row LIMIT ?1";
            with_pages(db, sql, limit)
        })
    }

    /// Keeps the words of a letter and the copy that has them under its pictures, if one was made. A
    /// document that the letter has become is found by them from here on. Of no effect when the pages
    /// have changed since, or the letter is secret.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letter_words_set(
        &self,
        (id, pages_rev): (LetterId, u32),
        (words, searchable): (&str, Option<Sha256>),
    ) -> Result<()> {
        let words = nfc(words);
        self.write_again(|tx| {
            let found: Option<(i64, Option<[u8; 16]>)> = tx
                .query_row(
                    "UPDATE scan_letter SET words_rev = ?2, searchable = ?3
                     WHERE id = ?1 AND pages_rev = ?2
                       AND state IN ('ready', 'confirmed', 'registered') RETURNING row, document",
                    params![
                        id.0.as_bytes(),
                        pages_rev,
                        searchable.map(|sha256| sha256.0)
                    ],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let Some((row, document)) = found else {
                return Ok(());
            };
            tx.execute(
                "INSERT INTO scan_text(row, words) VALUES (?1, ?2)
                 ON CONFLICT(row) DO UPDATE SET words = excluded.words",
                params![row, words],
            )?;
            match document {
                Some(document) => document::index_again(tx, DocumentId(Uuid::from_bytes(document))),
                None => Ok(()),
            }
        })
    }

    /// The copy of a letter's PDF that has its words under its pictures; it has the same pages.
    ///
    /// # Errors
    /// Disk errors.
    pub fn searchable_copy(&self, pdf: Sha256) -> Result<Option<Sha256>> {
        self.read(|db| {
            let found: Option<[u8; 32]> = db
                .prepare_cached(
                    "SELECT searchable FROM scan_letter
                     WHERE pdf = ?1 AND searchable IS NOT NULL AND words_rev = pdf_rev LIMIT 1",
                )?
                .query_row(params![pdf.0], |row| row.get(0))
                .optional()?;
            Ok(found.map(Sha256))
        })
    }
}

/// The words of the scans that a document was registered from.
pub(crate) fn words_of(db: &Connection, document: DocumentId) -> Result<Vec<String>> {
    let mut query = db.prepare_cached(
        "SELECT t.words FROM scan_letter l JOIN scan_text t ON t.row = l.row
         WHERE l.document = ?1 AND t.words IS NOT NULL",
    )?;
    let rows = query.query_map(params![document.0.as_bytes()], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
