//! The words of files' pages: read when nothing else is to do, kept for the index and for excerpts.

use congvan_model::{DocumentId, Sha256, nfc};
use congvan_protocol::Document;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use crate::{Store, document, error::Result};

impl Store {
    /// Files of documents that are on this machine and were not read for search, what came last
    /// first. They stay in the answer until [`Store::file_text_set`].
    ///
    /// # Errors
    /// Disk errors.
    pub fn files_to_read(&self, limit: u32) -> Result<Vec<Sha256>> {
        self.read(|db| {
            let mut query =
                db.prepare_cached("SELECT sha256 FROM file_unread ORDER BY row DESC LIMIT ?1")?;
            let rows = query.query_map(params![limit], |row| row.get(0).map(Sha256))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Keeps the words of a file's pages: the documents that have it are found by them from here on.
    /// Of no effect when the file is not here any more. The answer is how many documents those are.
    ///
    /// # Errors
    /// Disk errors.
    pub fn file_text_set(&self, file: Sha256, words: &str) -> Result<usize> {
        let words = nfc(words);
        self.write_again(|tx| {
            let kept = tx.execute(
                "INSERT INTO file_text(sha256, words)
                 SELECT sha256, ?2 FROM blob WHERE sha256 = ?1 AND state = 'present'
                 ON CONFLICT(sha256) DO UPDATE SET words = excluded.words",
                params![file.0, words],
            )?;
            if kept == 0 {
                tx.execute("DELETE FROM file_unread WHERE sha256 = ?1", params![file.0])?;
            }
            if kept == 0 || words.is_empty() {
                return Ok(0);
            }
            let mut query =
                tx.prepare_cached("SELECT document FROM file_blob WHERE sha256 = ?1 AND head = 1")?;
            let documents: Vec<[u8; 16]> = query
                .query_map(params![file.0], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for id in &documents {
                document::index_again(tx, DocumentId(Uuid::from_bytes(*id)))?;
            }
            Ok(documents.len())
        })
    }
}

/// The words of the pages of a document's files, as far as they were read.
pub(super) fn of_document(db: &Connection, document: &Document) -> Result<Vec<String>> {
    let mut query = db.prepare_cached("SELECT words FROM file_text WHERE sha256 = ?1")?;
    let mut all = Vec::new();
    for head in document.files.iter().filter_map(|file| file.head()) {
        let words: Option<String> = query
            .query_row(params![head.sha256.0], |row| row.get(0))
            .optional()?;
        all.extend(words.filter(|words| !words.is_empty()));
    }
    Ok(all)
}
