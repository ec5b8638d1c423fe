//! What happened to the desk as a whole, for the history that people read: codes and counts, the
//! words are the face's. What people did is the outbox and the audit chain.

use congvan_model::Timestamp;
use rusqlite::{Transaction, params};

use crate::{PageOutcome, Store, error::Result};

/// Rows kept.
const KEPT: i64 = 2_000;

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Position, for the next page.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What: `ONLINE`, `OFFLINE`, `RECEIVED`, `REMOVED`, `HELD`, `SENT`, `NEEDS_ATTENTION`,
    /// `HEALED`, `NEW_EPOCH`, `ROLLED_BACK`, `REBUILT`, `BACKED_UP`, and what the caller notes.
    pub code: String,
    /// How many, where it counts something.
    pub count: u64,
    /// An id or a code.
    pub detail: String,
}

impl Store {
    /// Notes what happened. `detail` is an id or a code, never content.
    ///
    /// # Errors
    /// Disk errors.
    pub fn note(&self, code: &str, count: u64, detail: &str, now: Timestamp) -> Result<()> {
        self.write(|tx| note(tx, code, (count, detail), now))
    }

    /// The latest lines, newest first, before a position when given.
    ///
    /// # Errors
    /// Disk errors.
    pub fn happenings(&self, before: Option<u64>, limit: u32) -> Result<Vec<Happening>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT seq, at, code, count, detail FROM happening WHERE seq < ?1
                 ORDER BY seq DESC LIMIT ?2",
            )?;
            let before = before.map_or(i64::MAX, crate::int);
            let mut rows = query.query(params![before, limit])?;
            let mut out = Vec::new();
            while let Some(row) = rows.next()? {
                out.push(Happening {
                    seq: crate::uint(row.get(0)?),
                    at: Timestamp(row.get(1)?),
                    code: row.get(2)?,
                    count: crate::uint(row.get(3)?),
                    detail: row.get(4)?,
                });
            }
            Ok(out)
        })
    }
}

pub(crate) fn note(
    tx: &Transaction<'_>,
    code: &str,
    (count, detail): (u64, &str),
    now: Timestamp,
) -> Result<()> {
    tx.prepare_cached("INSERT INTO happening(at, code, count, detail) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![now.0, code, crate::int(count), detail])?;
    tx.prepare_cached("DELETE FROM happening WHERE seq <= ?1 - ?2")?
        .execute(params![tx.last_insert_rowid(), KEPT])?;
    Ok(())
}

/// The lines of a page that brought something; a quiet page writes none.
pub(crate) fn after_page(
    tx: &Transaction<'_>,
    outcome: &PageOutcome,
    now: Timestamp,
) -> Result<()> {
    let lines = [
        ("RECEIVED", outcome.changed.len() as u64),
        ("REMOVED", outcome.removed.len() as u64),
        ("HELD", outcome.held.len() as u64),
        ("SENT", u64::from(outcome.applied)),
        ("NEEDS_ATTENTION", u64::from(outcome.trouble)),
    ];
    for (code, count) in lines.into_iter().filter(|(_, count)| *count > 0) {
        note(tx, code, (count, ""), now)?;
    }
    Ok(())
}
