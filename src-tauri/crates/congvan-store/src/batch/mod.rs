//! Batches of signatures under one PIN, as they survive a crash.
//!
//! Invariant: an item is `Signed` if and only if its revision is linked: both are written by one
//! transaction. Whatever else was under way when the program ended left nothing behind, so an item
//! that is not final is simply unsigned.

mod linking;
mod rows;

use congvan_model::{DocumentId, FileId, Sha256, Timestamp};
use congvan_protocol::SignatureLevel;
use rusqlite::params;
use uuid::Uuid;

use crate::{
    Store, StoredPlacement,
    error::{Result, StoreError},
};

pub use linking::{Linked, NotLinked, SignedItem};

/// Names a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchId(pub Uuid);

/// What a batch was started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchTerms {
    /// Module, by its id.
    pub module: String,
    /// Token, by serial number.
    pub token_serial: String,
    /// Its label, for people.
    pub token_label: String,
    /// Certificate, by the hash of its DER.
    pub certificate: Sha256,
}

/// One document of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchEntry {
    /// The document.
    pub document: DocumentId,
    /// The file.
    pub file: FileId,
    /// The bytes that were shown: only these are signed.
    pub shown: Sha256,
    /// Notation or subject.
    pub title: String,
    /// Where; none is looked up when its turn comes.
    pub placement: Option<StoredPlacement>,
}

/// How a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchStep {
    /// Under way; in a store that has just been opened: interrupted.
    Running,
    /// Through.
    Finished,
    /// Ended before its end.
    Stopped,
}

/// How one of its documents stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemFate {
    /// Unsigned.
    Waiting,
    /// Signed and linked.
    Signed {
        /// The signed state.
        child: Sha256,
        /// Level at that time.
        level: SignatureLevel,
    },
    /// Not signed because of a finding.
    Skipped {
        /// Its code.
        code: String,
        /// More about it.
        reason: Option<String>,
    },
    /// Not signed because something went wrong with this document.
    Failed {
        /// The error's code.
        code: String,
        /// More about it.
        reason: Option<String>,
    },
}

/// A batch as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRecord {
    /// Names it.
    pub id: BatchId,
    /// What it was started with.
    pub terms: BatchTerms,
    /// How it stands.
    pub step: BatchStep,
    /// Code of what stopped it.
    pub stopped_by: Option<String>,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// Milliseconds of work.
    pub elapsed_ms: u64,
    /// Milliseconds of these in the token.
    pub token_ms: u64,
    /// Its documents in the order of signing.
    pub items: Vec<(BatchEntry, ItemFate)>,
}

/// How a run of a batch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchEnd {
    /// Code of what stopped it; none when it went through.
    pub stopped_by: Option<String>,
    /// Milliseconds that this run worked.
    pub elapsed_ms: u64,
    /// Milliseconds of these in the token.
    pub token_ms: u64,
}

impl Store {
    /// Writes a new batch, every document unsigned. Earlier ones are no longer shown.
    ///
    /// # Errors
    /// Disk errors.
    pub fn batch_create(
        &self,
        terms: &BatchTerms,
        entries: &[BatchEntry],
        now: Timestamp,
    ) -> Result<BatchId> {
        let id = BatchId(Uuid::new_v4());
        self.write(|tx| {
            tx.execute(
                "UPDATE batch SET dismissed_at = ?1 WHERE dismissed_at IS NULL",
                params![now.0],
            )?;
            rows::insert(tx, id, terms, now)?;
            for (place, entry) in entries.iter().enumerate() {
                rows::insert_item(tx, id, place, entry)?;
            }
            Ok(id)
        })
    }

    /// The latest batch that nobody has closed.
    ///
    /// # Errors
    /// Disk errors.
    pub fn batch_shown(&self) -> Result<Option<BatchRecord>> {
        self.read(rows::shown)
    }

    /// A batch takes up its work again.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when there is no such batch; disk errors.
    pub fn batch_restart(&self, id: BatchId) -> Result<()> {
        self.change(
            "UPDATE batch SET stage = 'running', stopped_by = NULL, finished = NULL WHERE id = ?1",
            params![id.0.as_bytes()],
        )
    }

    /// A run of a batch has ended.
    ///
    /// # Errors
    /// Disk errors.
    pub fn batch_end(&self, id: BatchId, end: &BatchEnd, now: Timestamp) -> Result<()> {
        let stage = if end.stopped_by.is_some() {
            "stopped"
        } else {
            "finished"
        };
        self.change(
            "UPDATE batch SET stage = ?2, stopped_by = ?3, finished = ?4,
               elapsed_ms = elapsed_ms + ?5, token_ms = token_ms + ?6 WHERE id = ?1",
            params![
                id.0.as_bytes(),
                stage,
                end.stopped_by,
                now.0,
                crate::int(end.elapsed_ms),
                crate::int(end.token_ms)
            ],
        )
    }

    /// The report has been read.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when there is no such batch; disk errors.
    pub fn batch_dismiss(&self, id: BatchId, now: Timestamp) -> Result<()> {
        self.change(
            "UPDATE batch SET dismissed_at = ?2 WHERE id = ?1",
            params![id.0.as_bytes(), now.0],
        )
    }

    /// A document of a batch was skipped or failed.
    ///
    /// # Errors
    /// Disk errors.
    pub fn batch_settle(&self, id: BatchId, place: usize, fate: &ItemFate) -> Result<()> {
        self.write(|tx| rows::settle(tx, (id, place), fate))
    }

    fn change(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<()> {
        let changed = self.write(|tx| Ok(tx.execute(sql, values)?))?;
        if changed == 0 {
            return Err(StoreError::Invalid {
                what: "no such batch",
            });
        }
        Ok(())
    }
}
