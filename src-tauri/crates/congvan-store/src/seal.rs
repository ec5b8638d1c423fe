//! Scans that wait for the organisation's signature.

use congvan_model::{DocumentId, FileId, Sha256};
use rusqlite::{Connection, ToSql, params};
use uuid::Uuid;

use crate::{SealWish, Store, error::Result};

/// How many copies wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SealCounts {
    /// The server has given, or confirmed, their number.
    pub ready: u32,
    /// Their number is on the way.
    pub waiting: u32,
}

/// A copy that can be signed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SealItem {
    /// The document.
    pub document: DocumentId,
    /// Its scan.
    pub file: FileId,
    /// The scan's bytes.
    pub head: Sha256,
    /// How it is signed.
    pub wish: SealWish,
}

/// A document that is being withdrawn is signed no more.
const READY: &str = "FROM seal s JOIN document d ON d.id = s.document
     WHERE d.arrival_number IS NOT NULL AND d.main_blob IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.lane = s.document
         AND o.kind = 'withdraw_registration' AND o.state IN ('waiting', 'applied'))";

impl Store {
    /// How many copies wait for the organisation's signature.
    ///
    /// # Errors
    /// Disk errors.
    pub fn seal_counts(&self) -> Result<SealCounts> {
        self.read(|db| {
            let count = |sql: &str| -> Result<u32> {
                Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
            };
            Ok(SealCounts {
                ready: count(&format!("SELECT count(*) {READY}"))?,
                waiting: count(
                    "SELECT count(*) FROM seal s
                     WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.id = s.document)
                       AND EXISTS (SELECT 1 FROM outbox o WHERE o.lane = s.document
                         AND o.kind = 'register_incoming' AND o.state IN ('waiting', 'applied'))",
                )?,
            })
        })
    }

    /// The copies that can be signed now, by their numbers.
    ///
    /// # Errors
    /// Disk errors.
    pub fn seal_items(&self) -> Result<Vec<SealItem>> {
        self.read(|db| items(db, "", params![]))
    }

    /// How a document's scan is to be signed for the organisation; none when it does not wait for
    /// that.
    ///
    /// # Errors
    /// Disk errors.
    pub fn seal_wish(&self, document: DocumentId) -> Result<Option<SealWish>> {
        let only = params![document.0.as_bytes()];
        let found = self.read(|db| items(db, " AND s.document = ?1", only))?;
        Ok(found.first().map(|item| item.wish))
    }
}

fn items(db: &Connection, only: &str, values: &[&dyn ToSql]) -> Result<Vec<SealItem>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT s.document, s.file, d.main_blob, s.stamp, s.x, s.y, s.words, s.scale {READY}{only}
         ORDER BY d.arrival_number, s.document"
    ))?;
    let mut rows = query.query(values)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        let place: (Option<f64>, Option<f64>) = (row.get(4)?, row.get(5)?);
        let words: Option<String> = row.get(6)?;
        items.push(SealItem {
            document: DocumentId(Uuid::from_bytes(row.get(0)?)),
            file: FileId(Uuid::from_bytes(row.get(1)?)),
            head: Sha256(row.get(2)?),
            wish: SealWish {
                stamp: row.get(3)?,
                place: place.0.zip(place.1),
                scale: row.get(7)?,
                words: words.as_deref().map(serde_json::from_str).transpose()?,
            },
        });
    }
    Ok(items)
}
