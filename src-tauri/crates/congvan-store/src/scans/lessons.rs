//! What corrections taught this machine.

use congvan_model::{Timestamp, nfc};
use rusqlite::params;

use crate::{Store, error::Result};

impl Store {
    /// Keeps a lesson of a kind; a newer one with the same key takes the older one's place.
    ///
    /// # Errors
    /// Disk errors.
    pub fn lesson_put(&self, kind: &str, (key, value): (&str, &str), now: Timestamp) -> Result<()> {
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO lesson(kind, key, value, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value, at = excluded.at",
            )?
            .execute(params![kind, nfc(key), nfc(value), now.0])?;
            Ok(())
        })
    }

    /// Lets go of all but the newest lessons of a kind.
    ///
    /// # Errors
    /// Disk errors.
    pub fn lessons_keep(&self, kind: &str, newest: u32) -> Result<()> {
        self.write(|tx| {
            tx.prepare_cached(
                "DELETE FROM lesson WHERE kind = ?1 AND key NOT IN
                   (SELECT key FROM lesson WHERE kind = ?1 ORDER BY at DESC, key DESC LIMIT ?2)",
            )?
            .execute(params![kind, newest])?;
            Ok(())
        })
    }

    /// The lessons of a kind as (key, value), the oldest first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn lessons(&self, kind: &str) -> Result<Vec<(String, String)>> {
        self.read(|db| {
            let mut query = db
                .prepare_cached("SELECT key, value FROM lesson WHERE kind = ?1 ORDER BY at, key")?;
            let rows = query.query_map(params![kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
