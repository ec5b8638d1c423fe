//! The brake: documents that the server takes away in bulk stay until the removal is confirmed.
//!
//! A tombstone for one document is the law's recall and is obeyed at once. Tombstones for a large
//! part of the desk are more often a mistake at the other end, and what is purged cannot be shown.

use congvan_model::{DocumentId, Timestamp};
use congvan_protocol::{Change, ChangeKind, EntityType};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    PageOutcome, Store,
    audit::{self, AuditEvent, AuditKind},
    error::Result,
    feed,
};

/// More than so many documents in one sync are held,
const MOST: u64 = 20;
/// or more than one in twenty of the desk,
const PART: u64 = 20;
/// but up to so many never: a small desk has single recalls too.
const FEWEST: u64 = 2;

/// A document whose removal waits to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRemoval {
    /// Which.
    pub document: DocumentId,
    /// Its notation, or its subject.
    pub title: String,
    /// When the server's word came.
    pub since: Timestamp,
}

/// Who says that held removals are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalProof {
    /// The inventory of the server lacks them and agrees with the desk otherwise.
    Inventory,
    /// A person.
    Person,
}

impl Store {
    /// What waits to be confirmed, the newest document first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn held_removals(&self) -> Result<Vec<HeldRemoval>> {
        self.read(|db| {
            // CROSS JOIN keeps the few that are held in front: ordered by document SQLite would walk
            // the whole desk.
            let mut query = db.prepare_cached(
                "SELECT h.document, coalesce(d.notation, d.subject), h.at
                 FROM held_removal h CROSS JOIN document d ON d.id = h.document
                 ORDER BY d.row DESC",
            )?;
            let mut rows = query.query([])?;
            let mut held = Vec::new();
            while let Some(row) = rows.next()? {
                held.push(HeldRemoval {
                    document: DocumentId(Uuid::from_bytes(row.get(0)?)),
                    title: row.get(1)?,
                    since: Timestamp(row.get(2)?),
                });
            }
            Ok(held)
        })
    }

    /// How many documents wait to be confirmed.
    ///
    /// # Errors
    /// Disk errors.
    pub fn held_count(&self) -> Result<u32> {
        self.read(|db| {
            Ok(db
                .prepare_cached("SELECT count(*) FROM held_removal")?
                .query_row([], |row| row.get(0))?)
        })
    }

    /// Removes held documents. An inventory that would take more than half of the desk proves
    /// nothing, since the same fault may be behind both: a person must say it then, and nothing is
    /// removed here.
    ///
    /// # Errors
    /// Disk errors: then nothing was removed.
    pub fn confirm_removals(
        &self,
        documents: &[DocumentId],
        proof: RemovalProof,
        now: Timestamp,
    ) -> Result<PageOutcome> {
        let (outcome, condemned) = self.write(|tx| {
            let mut wanted = Vec::new();
            for document in documents {
                let rev: Option<i64> = tx
                    .query_row(
                        "SELECT rev FROM held_removal WHERE document = ?1",
                        params![document.0.as_bytes()],
                        |row| row.get(0),
                    )
                    .optional()?;
                wanted.extend(rev.map(|rev| (*document, crate::uint(rev))));
            }
            let all = documents_here(tx)?;
            let half = (wanted.len() as u64).saturating_mul(2) > all;
            if proof == RemovalProof::Inventory && half {
                return Ok((PageOutcome::default(), Vec::new()));
            }
            let removed = feed::remove_documents(tx, &wanted)?;
            for (document, _) in &wanted {
                lift(tx, *document)?;
                let event = AuditEvent {
                    kind: AuditKind::RemovalConfirmed,
                    document: Some(*document),
                    detail: match proof {
                        RemovalProof::Inventory => "by=inventory".to_owned(),
                        RemovalProof::Person => "by=person".to_owned(),
                    },
                };
                audit::append(tx, &event, now)?;
            }
            Ok(removed)
        })?;
        feed::sweep(self, &condemned);
        Ok(outcome)
    }

    /// A person says that these documents shall stay: the hold goes, the document waits for the
    /// server's next word on it.
    ///
    /// # Errors
    /// Disk errors.
    pub fn release_removals(&self, documents: &[DocumentId]) -> Result<()> {
        self.write(|tx| documents.iter().try_for_each(|id| lift(tx, *id)))
    }
}

/// Whether the removals among these changes must be held, and how many documents they concern.
pub(crate) fn judge(tx: &Transaction<'_>, changes: &[Change], before: u64) -> Result<(bool, u64)> {
    let mut concerned = 0_u64;
    for change in changes {
        if change.entity == EntityType::Document && change.change == ChangeKind::Remove {
            let here = tx
                .prepare_cached("SELECT 1 FROM document WHERE id = ?1 AND rev <= ?2")?
                .exists(params![change.id.as_bytes(), crate::int(change.rev)])?;
            concerned = concerned.saturating_add(u64::from(here));
        }
    }
    if concerned == 0 {
        return Ok((false, 0));
    }
    let desk = documents_here(tx)?.saturating_add(before);
    let allowed = MOST.min(FEWEST.max(desk / PART));
    Ok((before.saturating_add(concerned) > allowed, concerned))
}

/// Keeps the document and remembers the server's word.
pub(crate) fn hold(tx: &Transaction<'_>, id: DocumentId, rev: u64, now: Timestamp) -> Result<bool> {
    let held = tx.execute(
        "INSERT INTO held_removal(document, rev, at)
         SELECT id, ?2, ?3 FROM document WHERE id = ?1 AND rev <= ?2
         ON CONFLICT(document) DO UPDATE SET rev = max(rev, excluded.rev)",
        params![id.0.as_bytes(), crate::int(rev), now.0],
    )?;
    Ok(held > 0)
}

pub(crate) fn lift(db: &Connection, id: DocumentId) -> Result<()> {
    db.execute(
        "DELETE FROM held_removal WHERE document = ?1",
        params![id.0.as_bytes()],
    )?;
    Ok(())
}

pub(crate) fn ids(db: &Connection) -> Result<Vec<DocumentId>> {
    let mut query = db.prepare_cached("SELECT document FROM held_removal")?;
    let found = query.query_map([], |row| row.get(0))?;
    let found: Vec<[u8; 16]> = found.collect::<rusqlite::Result<_>>()?;
    Ok(found
        .into_iter()
        .map(|id| DocumentId(Uuid::from_bytes(id)))
        .collect())
}

fn documents_here(db: &Connection) -> Result<u64> {
    let count: i64 = db
        .prepare_cached("SELECT count(*) FROM document")?
        .query_row([], |row| row.get(0))?;
    Ok(crate::uint(count))
}
