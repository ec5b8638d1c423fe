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

/// A signed revision that is linked, durable and queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Its intent.
    pub op: OpId,
}

impl Store {
    /// Lists the bytes, links the revisions, queues the intents, writes the audit and settles the
    /// items of a batch: one transaction and one sync of the journal for the whole group. The cost
    /// of a document does not depend on how many wait already. A document that has gone meanwhile
    /// is answered by itself and holds up no other.
    ///
    /// # Errors
    /// Disk errors: then nothing of the group was recorded. Inside: [`StoreError::NoDocument`].
    pub fn link_signed(&self, group: &[SignedItem], at: Timestamp) -> Result<Vec<Result<Linked>>> {
        let mut journal = crate::lock(self.journal());
        fail::point("batch.before-commit");
        let linked = self.write(|tx| {
            let mut linked = Vec::with_capacity(group.len());
            for item in group {
                linked.push(match link(tx, item, at) {
                    Err(StoreError::NoDocument { id }) => Err(StoreError::NoDocument { id }),
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
        let answer =
            |record: Result<IntentRecord>| record.map(|record| Linked { op: record.op.id });
        Ok(linked.into_iter().map(answer).collect())
    }
}

fn link(tx: &Transaction<'_>, item: &SignedItem, at: Timestamp) -> Result<IntentRecord> {
    let new = &item.revision;
    let author = (new.author, new.author_name.as_str());
    // First: it refuses a document that has gone before anything is written.
    let record = acts::record_in(tx, new.document, new.intent(at), author, at)?;
    blob::list_present(tx, (new.child, new.size), at)?;
    tx.prepare_cached("DELETE FROM tray_mark WHERE document = ?1")?
        .execute(params![new.document.0.as_bytes()])?;
    if let Some(place) = item.item {
        let fate = ItemFate::Signed {
            child: new.child,
            level: new.level,
        };
        rows::settle(tx, place, &fate)?;
    }
    Ok(record)
}
