//! Storing signed revisions, many with one transaction.

use congvan_model::{OpId, Timestamp};
use rusqlite::{Transaction, params};

use super::{BatchId, ItemFate, rows};
use crate::{
    NewRevision, Store, acts, blob,
    error::{Result, StoreError},
    fail,
    journal::IntentRecord,
};

/// A signed revision whose bytes are durable: see [`Store::blob_extend_unlisted`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedItem {
    /// The revision.
    pub revision: NewRevision,
    /// Its batch and its place in it; none for a document signed by itself.
    pub item: Option<(BatchId, usize)>,
}

/// Why a signed revision was not linked; nothing was recorded of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLinked {
    /// The document is no longer here.
    Gone,
    /// What was signed is no longer the file's current state: something else was faster.
    Overtaken,
}

/// A signed revision that is linked, durable and queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Its intent.
    pub op: OpId,
}

impl Store {
    /// Lists the bytes, links the revisions, queues the intents, writes the audit and settles the
    /// items of a batch: one transaction and one sync of the journal for the whole group. The cost
    /// of a document does not depend on how many wait already. A document that has gone meanwhile,
    /// or whose file has moved on, is answered by itself and holds up no other: two signatures on
    /// the same state cannot both be linked, whatever led to them.
    ///
    /// # Errors
    /// Disk errors: then nothing of the group was recorded.
    pub fn link_signed(
        &self,
        group: &[SignedItem],
        at: Timestamp,
    ) -> Result<Vec<std::result::Result<Linked, NotLinked>>> {
        let mut journal = crate::lock(self.journal());
        fail::point("batch.before-commit");
        let linked = self.write(|tx| {
            let mut linked = Vec::with_capacity(group.len());
            for item in group {
                if !is_current(tx, &item.revision)? {
                    linked.push(Err(NotLinked::Overtaken));
                    continue;
                }
                linked.push(match link(tx, item, at) {
                    Err(StoreError::NoDocument { .. }) => Err(NotLinked::Gone),
                    other => Ok(other?),
                });
            }
            Ok(linked)
        })?;
        fail::point("batch.committed");
        let records: Vec<IntentRecord> = linked.iter().flatten().cloned().collect();
        // As for every act: durable now, and the journal owes what it could not write.
        if let Err(error) = journal
            .append_all(&records)
            .and_then(|()| journal.compact_when_large())
        {
            tracing::warn!(%error, "signed revisions are not in the journal yet");
        }
        fail::point("batch.journalled");
        let answers = linked.into_iter();
        Ok(answers
            .map(|record| record.map(|record| Linked { op: record.op.id }))
            .collect())
    }
}

/// Whether what was signed is the file's current state, here and now.
fn is_current(tx: &Transaction<'_>, new: &NewRevision) -> Result<bool> {
    let found = tx
        .prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM overlay_revision v JOIN outbox o ON o.op_id = v.op_id
               WHERE v.document = ?1 AND v.file = ?2 AND v.parent = ?3
                 AND o.state IN ('waiting', 'applied'))
             AND (EXISTS (SELECT 1 FROM file_blob
                 WHERE document = ?1 AND sha256 = ?3 AND head = 1)
               OR EXISTS (SELECT 1 FROM overlay_revision
                 WHERE document = ?1 AND file = ?2 AND child = ?3)
               OR NOT EXISTS (SELECT 1 FROM document WHERE id = ?1))",
        )?
        .query_row(
            params![
                new.document.0.as_bytes(),
                new.file.0.as_bytes(),
                new.parent.0
            ],
            |row| row.get(0),
        )?;
    Ok(found)
}

fn link(tx: &Transaction<'_>, item: &SignedItem, at: Timestamp) -> Result<IntentRecord> {
    let new = &item.revision;
    let author = (new.author, new.author_name.as_str());
    // First: it refuses a document that has gone before anything is written.
    let record = acts::record_in(tx, new.document, new.intent(at), author, at)?;
    blob::list_present(tx, (new.child, new.size), at)?;
    tx.prepare_cached("DELETE FROM tray_mark WHERE document = ?1")?
        .execute(params![new.document.0.as_bytes()])?;
    tx.prepare_cached("DELETE FROM seal WHERE document = ?1 AND file = ?2")?
        .execute(params![new.document.0.as_bytes(), new.file.0.as_bytes()])?;
    if let Some(place) = item.item {
        let fate = ItemFate::Signed {
            child: new.child,
            level: new.level,
        };
        rows::settle(tx, place, &fate)?;
    }
    Ok(record)
}
