//! What is read of letters.

use congvan_model::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{Duplicate, FieldReading, LetterFault, LetterFields, LetterId, LetterPage, letters};
use crate::{Store, error::Result};

/// A letter whose words are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct LetterToRead {
    /// Id.
    pub id: LetterId,
    /// To be handed back with the reading.
    pub pages_rev: u32,
    /// Its pages.
    pub pages: Vec<LetterPage>,
}

/// What was read of a letter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LetterReading {
    /// The fields.
    pub fields: LetterFields,
    /// How sure each is and from where.
    pub readings: Vec<FieldReading>,
    /// The lowest confidence of the fields, 0..1.
    pub confidence: f32,
    /// Entries that are probably the same.
    pub duplicates: Vec<Duplicate>,
    /// Why nothing was read.
    pub code: Option<LetterFault>,
    /// Whether the first page has room for the stamp ĐẾN; none = not known.
    pub stamp_room: Option<bool>,
}

impl Store {
    /// Letters whose words are wanted, in the order of the inbox. They stay in the answer until
    /// [`Store::letter_read`] has been called for them.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letters_to_read(&self, limit: u32) -> Result<Vec<LetterToRead>> {
        self.read(|db| {
            let sql = "SELECT id, pages_rev FROM scan_letter WHERE state = 'reading'
                 ORDER BY place, row LIMIT ?1";
            with_pages(db, sql, limit)
        })
    }

    /// Keeps what was read of a letter; it is ready for a person then. Of fields that a person has
    /// written none is replaced. Says whether it counted: pages that changed meanwhile are read
    /// again.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letter_read(
        &self,
        (id, pages_rev): (LetterId, u32),
        reading: &LetterReading,
        now: Timestamp,
    ) -> Result<bool> {
        let (readings, duplicates) = (
            serde_json::to_string(&reading.readings)?,
            serde_json::to_string(&reading.duplicates)?,
        );
        self.write_again(|tx| {
            let changed = tx.execute(
                "UPDATE scan_letter SET state = 'ready', changed_at = ?3, duplicates = ?4, code = ?5,
                   stamp_room = ?6
                 WHERE id = ?1 AND pages_rev = ?2 AND state = 'reading'",
                params![
                    id.0.as_bytes(),
                    pages_rev,
                    now.0,
                    duplicates,
                    reading.code.map(LetterFault::word),
                    reading.stamp_room
                ],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            let free = tx.execute(
                "UPDATE scan_letter SET confidence = ?2 WHERE id = ?1 AND edited = 0",
                params![id.0.as_bytes(), reading.confidence],
            )?;
            if free > 0 {
                tx.execute(
                    "INSERT INTO scan_text(row, readings)
                     SELECT row, ?2 FROM scan_letter WHERE id = ?1
                     ON CONFLICT(row) DO UPDATE SET readings = excluded.readings",
                    params![id.0.as_bytes(), readings],
                )?;
                letters::write_fields(tx, id, &reading.fields)?;
            }
            Ok(true)
        })
    }

    /// Keeps which entries are probably the same as a letter, after its fields or the book changed.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letter_duplicates_set(&self, id: LetterId, duplicates: &[Duplicate]) -> Result<()> {
        let text = serde_json::to_string(duplicates)?;
        self.write(|tx| {
            tx.execute(
                "UPDATE scan_letter SET duplicates = ?2 WHERE id = ?1 AND state <> 'secret'",
                params![id.0.as_bytes(), text],
            )?;
            Ok(())
        })
    }

    /// Letters that were not read are read again: Tesseract is there now, or a person asks.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letters_read_again(&self, code: LetterFault) -> Result<u32> {
        self.write(|tx| {
            let changed = tx.execute(
                "UPDATE scan_letter SET state = 'reading', code = NULL
                 WHERE state = 'ready' AND code = ?1 AND edited = 0",
                params![code.word()],
            )?;
            Ok(u32::try_from(changed).unwrap_or(u32::MAX))
        })
    }
}

/// The letters that a query of id and `pages_rev` finds, with their pages.
pub(super) fn with_pages(db: &Connection, sql: &str, limit: u32) -> Result<Vec<LetterToRead>> {
    let mut query = db.prepare_cached(sql)?;
    let found = query.query_map(params![limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<([u8; 16], u32)> = found.collect::<rusqlite::Result<_>>()?;
    found
        .into_iter()
        .map(|(id, pages_rev)| {
            let id = LetterId(Uuid::from_bytes(id));
            Ok(LetterToRead {
                id,
                pages_rev,
                pages: letters::pages(db, id, u32::MAX)?,
            })
        })
        .collect()
}
