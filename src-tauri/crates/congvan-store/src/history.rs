//! When the server has lost its tail: it was restored from a backup and counts in another history.

use congvan_model::{AccountId, Timestamp};
use rusqlite::{Transaction, params};

use crate::{
    Store,
    error::Result,
    journal::IntentRecord,
    outbox::{OP_COLUMNS, op_from},
};

/// Acknowledged acts are kept for so long, to be offered again to a server that forgot them.
const KEPT_MS: i64 = 45 * 24 * 3_600_000;

impl Store {
    /// The server does not know our cursor any more. Nothing here is deleted: the mirror stays and
    /// takes whatever the server now says, the feed starts over, and every act that the server
    /// acknowledged in the last 45 days is offered again, word for word, so that a server which
    /// still has it answers as before and one which lost it gets it back. Returns how many.
    ///
    /// # Errors
    /// Disk errors: then nothing was changed.
    pub fn begin_new_history(&self, now: Timestamp) -> Result<u32> {
        let mut journal = crate::lock(self.journal());
        let offered = self.write(|tx| {
            tx.execute("UPDATE desk SET cursor = NULL, epoch = NULL", [])?;
            // Below any revision of the server, so that older states are taken too.
            tx.execute("UPDATE document SET rev = 0", [])?;
            tx.execute("UPDATE opinion SET rev = 0", [])?;
            let since = now.plus_ms(-KEPT_MS).0;
            let offered = acknowledged(tx, since)?;
            tx.execute(
                // Outcome and receipt stay: they are the proof of what the server once said.
                "UPDATE outbox SET state = 'waiting', offered_again = 1, not_before = 0
                 WHERE state = 'applied' AND settled_at >= ?1",
                params![since],
            )?;
            Ok(offered)
        })?;
        for record in &offered {
            if let Err(error) = journal.append(record) {
                tracing::warn!(op = %record.op.id, %error, "intent is not in the journal yet");
            }
        }
        Ok(u32::try_from(offered.len()).unwrap_or(u32::MAX))
    }

    /// Forgets acts that have been settled, and closed where they needed a person, for longer than
    /// a server's backups reach back. Unsent ones and open conflicts stay for ever.
    ///
    /// # Errors
    /// Disk errors.
    pub fn prune_acts(&self, now: Timestamp) -> Result<u32> {
        self.write(|tx| {
            let gone = tx.execute(
                "DELETE FROM outbox WHERE settled_at < ?1
                   AND (state = 'applied' OR dismissed_at IS NOT NULL)",
                params![now.plus_ms(-KEPT_MS).0],
            )?;
            Ok(u32::try_from(gone).unwrap_or(u32::MAX))
        })
    }
}

fn acknowledged(tx: &Transaction<'_>, since: i64) -> Result<Vec<IntentRecord>> {
    let mut query = tx.prepare(&format!(
        "{OP_COLUMNS} WHERE state = 'applied' AND settled_at >= ?1 ORDER BY local_seq"
    ))?;
    let mut rows = query.query(params![since])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(IntentRecord {
            op: op_from(row)?,
            author: AccountId(row.get("author")?),
            author_name: row.get("author_name")?,
            besides: None,
        });
    }
    Ok(records)
}
