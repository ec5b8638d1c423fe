//! The intents: reading them back for the server, settling them, and keeping journal and database
//! in agreement.

mod rows;

use std::collections::HashSet;

use congvan_model::{AccountId, DocumentId, OpId, Sha256, Timestamp, Urgency};
use congvan_protocol::{Op, OpOutcome, OpResult, ProblemCode, Receipt};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    Store, acts,
    audit::{self, AuditEvent, AuditKind},
    error::{Result, StoreError},
    journal::IntentRecord,
};

use rows::item;
pub(crate) use rows::{ACT_COLUMNS, OP_COLUMNS, act_entry, insert, op_from};

/// Where an act stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActFate {
    /// Saved on this machine, not yet received by the server.
    Waiting {
        /// Answers that were not final.
        attempts: u32,
    },
    /// Received and done.
    Applied,
    /// The world changed first; a person must decide.
    Conflict {
        /// Why.
        code: ProblemCode,
        /// Who did what.
        detail: String,
    },
    /// Never possible; a person must see it.
    Rejected {
        /// Why.
        code: ProblemCode,
        /// More about it.
        detail: String,
    },
}

/// One act of the user, for the sync screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActEntry {
    /// The intent as it is or was sent.
    pub op: Op,
    /// Notation of the document, or its subject; none when it is no longer here.
    pub title: Option<String>,
    /// Where it stands.
    pub fate: ActFate,
    /// The server's signed word.
    pub receipt: Option<Receipt>,
    /// Whether the receipt is for exactly this act and signed by the server; none before it was
    /// looked at. Only a verified one may be shown as proof.
    pub receipt_ok: Option<bool>,
    /// When its last word was stored here.
    pub settled_at: Option<Timestamp>,
    /// When a person closed its conflict or rejection.
    pub dismissed_at: Option<Timestamp>,
}

/// The bytes an intent needs at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadNeed {
    /// What.
    pub sha256: Sha256,
    /// How long.
    pub size: u64,
    /// The revision it extends, with its length: only the rest travels.
    pub base: Option<(Sha256, u64)>,
    /// Where an earlier run was uploading it to.
    pub url: Option<String>,
    /// Whether the server has confirmed the whole of it.
    pub done: bool,
}

/// An unsent intent as the sync machine sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxItem {
    /// The intent.
    pub op: OpId,
    /// Its place in the outbox.
    pub local_seq: u64,
    /// Its document.
    pub lane: DocumentId,
    /// Urgency of the document, for the order.
    pub urgency: Urgency,
    /// It carries many rows or old files, which go last.
    pub bulk: bool,
    /// Last moment of the document's deadline, for the order too.
    pub due: Option<Timestamp>,
    /// Not to be sent before this moment of our clock.
    pub not_before: Timestamp,
    /// What must be uploaded first.
    pub upload: Option<UploadNeed>,
}

impl Store {
    /// All unsent intents in order, but for those on imported documents whose rows are not answered yet:
    /// the server does not know these.
    ///
    /// # Errors
    /// Disk errors.
    pub fn outbox_items(&self) -> Result<Vec<OutboxItem>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT o.op_id, o.local_seq, o.lane, o.not_before, o.child, o.size, o.parent,
                        d.urgency, u.url, u.done, f.size, b.size, d.due_at,
                        o.kind IN ('import_rows', 'import_file')
                 FROM outbox o
                 LEFT JOIN document d ON d.id = o.lane
                 LEFT JOIN upload u ON u.sha256 = o.child
                 LEFT JOIN file_blob f ON f.document = o.lane AND f.sha256 = o.parent
                 LEFT JOIN blob b ON b.sha256 = o.parent
                 WHERE o.state = 'waiting' AND NOT EXISTS (
                   SELECT 1 FROM overlay_draft i JOIN outbox w ON w.op_id = i.op_id
                   WHERE i.document = o.lane AND w.kind = 'import_rows' AND w.state = 'waiting')
                 ORDER BY o.local_seq",
            )?;
            let mut rows = query.query([])?;
            let mut items = Vec::new();
            while let Some(row) = rows.next()? {
                items.push(item(row)?);
            }
            Ok(items)
        })
    }

    /// The intents with these ids, in `local_seq` order, as the request carries them.
    ///
    /// # Errors
    /// Disk errors.
    pub fn ops(&self, ids: &[OpId]) -> Result<Vec<Op>> {
        self.ops_in(ids, "")
    }

    fn ops_in(&self, ids: &[OpId], only: &str) -> Result<Vec<Op>> {
        self.read(|db| {
            let mut query = db.prepare_cached(&format!("{OP_COLUMNS} WHERE op_id = ?1{only}"))?;
            let mut ops = Vec::with_capacity(ids.len());
            for id in ids {
                let found = query
                    .query_row(params![id.0.as_bytes()], |row| Ok(op_from(row)))
                    .optional()?;
                if let Some(op) = found {
                    ops.push(op?);
                }
            }
            ops.sort_by_key(|op| op.local_seq);
            Ok(ops)
        })
    }

    /// As [`Store::ops`], for a request that is about to be sent: a registration among them counts as
    /// sent from here on, durably, and can no longer be taken back ([`Store::undo_registration`]).
    /// One that was taken back meanwhile is left out.
    ///
    /// # Errors
    /// Disk errors: then nothing may be sent.
    pub fn take_ops(&self, ids: &[OpId], now: Timestamp) -> Result<Vec<Op>> {
        let takes = self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT 1 FROM outbox WHERE op_id = ?1 AND kind IN ('register_incoming', 'handle', 'draft_document')
                   AND sent_at IS NULL",
            )?;
            for id in ids {
                if query.exists(params![id.0.as_bytes()])? {
                    return Ok(true);
                }
            }
            Ok(false)
        })?;
        if takes {
            self.write(|tx| {
                let mut mark = tx.prepare_cached(
                    "UPDATE outbox SET sent_at = ?2 WHERE op_id = ?1 AND sent_at IS NULL
                       AND state = 'waiting'",
                )?;
                for id in ids {
                    mark.execute(params![id.0.as_bytes(), now.0])?;
                }
                Ok(())
            })?;
        }
        self.ops_in(ids, " AND state <> 'withdrawn'")
    }

    /// Highest `local_seq` up to which every result is stored here.
    ///
    /// # Errors
    /// Disk errors.
    pub fn settled_through(&self) -> Result<u64> {
        self.read(|db| {
            let first: Option<i64> = db.query_row(
                "SELECT min(local_seq) FROM outbox WHERE state = 'waiting'",
                [],
                |row| row.get(0),
            )?;
            let through = match first {
                Some(first) => first.saturating_sub(1),
                None => highest_seq(db)?,
            };
            Ok(crate::uint(through))
        })
    }

    /// Acts for the sync screen: everything unsent and everything that needs a person first, then
    /// the latest settled ones, newest first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn acts(&self, limit: u32) -> Result<Vec<ActEntry>> {
        self.read(|db| {
            let sql = format!(
                "{ACT_COLUMNS} WHERE o.state <> 'withdrawn' ORDER BY (o.state IN ('conflict', 'rejected')
                     AND o.dismissed_at IS NULL) DESC,
                   o.state = 'waiting' DESC, o.local_seq DESC LIMIT ?1"
            );
            let mut query = db.prepare_cached(&sql)?;
            let mut rows = query.query(params![limit])?;
            let mut acts = Vec::new();
            while let Some(row) = rows.next()? {
                acts.push(act_entry(row)?);
            }
            Ok(acts)
        })
    }

    /// How many intents are unsent, and how many conflicts and rejections are open.
    ///
    /// # Errors
    /// Disk errors.
    pub fn outbox_counts(&self) -> Result<(u32, u32)> {
        self.read(|db| {
            let unsent = db.query_row(
                "SELECT count(*) FROM outbox WHERE state = 'waiting'",
                [],
                |row| row.get(0),
            )?;
            let trouble = db.query_row(
                "SELECT count(*) FROM outbox
                 WHERE state IN ('conflict', 'rejected') AND dismissed_at IS NULL",
                [],
                |row| row.get(0),
            )?;
            Ok((unsent, trouble))
        })
    }

    /// A person has seen a conflict or rejection and closes it. Its overlay goes, its row stays.
    ///
    /// # Errors
    /// [`StoreError::NoIntent`] when it is not an open conflict or rejection.
    pub fn dismiss(&self, op: OpId, now: Timestamp) -> Result<()> {
        self.write(|tx| {
            let lane: Option<[u8; 16]> = tx
                .query_row(
                    "UPDATE outbox SET dismissed_at = ?2 WHERE op_id = ?1
                       AND state IN ('conflict', 'rejected') AND dismissed_at IS NULL
                     RETURNING lane",
                    params![op.0.as_bytes(), now.0],
                    |row| row.get(0),
                )
                .optional()?;
            let lane = lane.ok_or(StoreError::NoIntent { id: op })?;
            acts::drop_overlay(tx, op)?;
            let event = AuditEvent {
                kind: AuditKind::TroubleClosed,
                document: Some(DocumentId(Uuid::from_bytes(lane))),
                detail: format!("op={op}"),
            };
            audit::append(tx, &event, now)
        })
    }
}

/// What one result did to the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Final and good.
    Applied,
    /// Final, and a person must look at it.
    Trouble,
    /// Not final, or already known.
    NotYet,
}

/// Takes in the server's word on one op.
pub(crate) fn settle(tx: &Transaction<'_>, result: &OpResult, now: Timestamp) -> Result<Settled> {
    let (state, settled) = match &result.outcome {
        OpOutcome::Applied { .. } | OpOutcome::TakenIn { .. } => ("applied", Settled::Applied),
        OpOutcome::Conflict { .. } => ("conflict", Settled::Trouble),
        OpOutcome::Rejected { .. } => ("rejected", Settled::Trouble),
        OpOutcome::AlreadySettled {} => return settle_again(tx, result, now),
        OpOutcome::Blocked { missing } => {
            for sha256 in missing {
                tx.execute(
                    "INSERT INTO upload(sha256) VALUES (?1)
                     ON CONFLICT(sha256) DO UPDATE SET done = 0, url = NULL",
                    params![sha256.0],
                )?;
            }
            postpone(tx, result.id, 0)?;
            return Ok(Settled::NotYet);
        }
        OpOutcome::Deferred { retry_after_s } => {
            let wait = i64::from(*retry_after_s).saturating_mul(1000);
            postpone(tx, result.id, now.plus_ms(wait).0)?;
            return Ok(Settled::NotYet);
        }
    };
    let receipt = result
        .receipt
        .as_ref()
        .map(serde_json::to_string)
        .transpose()?;
    let changed = tx.execute(
        "UPDATE outbox SET state = ?2, outcome = ?3, receipt = ?4, receipt_ok = NULL,
           settled_at = ?5, offered_again = 0
         WHERE op_id = ?1 AND state = 'waiting'",
        params![
            result.id.0.as_bytes(),
            state,
            serde_json::to_string(&result.outcome)?,
            receipt,
            now.0
        ],
    )?;
    if changed == 0 {
        return Ok(Settled::NotYet);
    }
    if settled == Settled::Trouble {
        tx.prepare_cached("UPDATE overlay_act SET refused = 1 WHERE op_id = ?1")?
            .execute(params![result.id.0.as_bytes()])?;
    }
    Ok(settled)
}

/// The server had answered, we had said that the answer is stored, and it let go of it: what we
/// have of it stays.
fn settle_again(tx: &Transaction<'_>, result: &OpResult, now: Timestamp) -> Result<Settled> {
    let changed = tx.execute(
        "UPDATE outbox SET state = 'applied', outcome = coalesce(outcome, ?2),
           settled_at = ?3, offered_again = 0
         WHERE op_id = ?1 AND state = 'waiting'",
        params![
            result.id.0.as_bytes(),
            serde_json::to_string(&result.outcome)?,
            now.0
        ],
    )?;
    Ok(if changed == 0 {
        Settled::NotYet
    } else {
        Settled::Applied
    })
}

fn postpone(tx: &Transaction<'_>, op: OpId, not_before: i64) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET attempts = attempts + 1, not_before = ?2
         WHERE op_id = ?1 AND state = 'waiting'",
        params![op.0.as_bytes(), not_before],
    )?;
    Ok(())
}

/// Brings the outbox up to the journal. Returns how many intents came back, which of the journal's
/// are settled here, and which of the outbox's the journal lacks.
pub(crate) fn reconcile(
    tx: &Transaction<'_>,
    journal: &[IntentRecord],
    highest: u64,
    now: Timestamp,
) -> Result<(u32, Vec<OpId>, Vec<IntentRecord>)> {
    let mut replayed = 0_u32;
    let mut settled = Vec::new();
    for record in journal {
        let state: Option<String> = tx
            .query_row(
                "SELECT state FROM outbox WHERE op_id = ?1",
                params![record.op.id.0.as_bytes()],
                |row| row.get(0),
            )
            .optional()?;
        match state.as_deref() {
            Some("waiting") => {}
            Some(_) => settled.push(record.op.id),
            None => {
                insert(tx, record)?;
                acts::insert_overlay(tx, record)?;
                crate::registering::replayed(tx, record, now)?;
                let event = AuditEvent {
                    kind: AuditKind::IntentReplayed,
                    document: Some(record.op.lane),
                    detail: format!("op={}", record.op.id),
                };
                audit::append(tx, &event, now)?;
                replayed = replayed.saturating_add(1);
            }
        }
    }
    raise_sequence(tx, crate::int(highest))?;
    let known: HashSet<OpId> = journal.iter().map(|record| record.op.id).collect();
    let mut missing = Vec::new();
    let mut query = tx.prepare(&format!(
        "{OP_COLUMNS} WHERE state = 'waiting' ORDER BY local_seq"
    ))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let op = op_from(row)?;
        if !known.contains(&op.id) {
            missing.push(IntentRecord {
                op,
                author: AccountId(row.get("author")?),
                author_name: row.get("author_name")?,
                besides: None,
            });
        }
    }
    Ok((replayed, settled, missing))
}

/// Withdraws the unsent intents of a lane from a place on for ever, with what they show; where the
/// document stays, also that it was read and what was said of it stay.
pub(crate) fn withdraw_from(
    tx: &Transaction<'_>,
    (document, seq): (DocumentId, i64),
    all: bool,
    now: Timestamp,
) -> Result<Vec<OpId>> {
    let mut withdrawn = Vec::new();
    let mut query = tx.prepare(
        "UPDATE outbox SET state = 'withdrawn', settled_at = ?2
         WHERE lane = ?1 AND state = 'waiting' AND local_seq >= ?3
           AND (?4 OR kind NOT IN ('mark_read', 'add_opinion')) RETURNING op_id",
    )?;
    let mut rows = query.query(params![document.0.as_bytes(), now.0, seq, all])?;
    while let Some(row) = rows.next()? {
        withdrawn.push(OpId(Uuid::from_bytes(row.get(0)?)));
    }
    for op in &withdrawn {
        acts::drop_overlay(tx, *op)?;
    }
    Ok(withdrawn)
}

// A number that was once sent is never given to another intent, even after the database was lost.
fn raise_sequence(tx: &Transaction<'_>, highest: i64) -> Result<()> {
    let changed = tx.execute(
        "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'outbox'",
        params![highest],
    )?;
    if changed == 0 && highest > 0 {
        tx.execute(
            "INSERT INTO sqlite_sequence(name, seq) VALUES ('outbox', ?1)",
            params![highest],
        )?;
    }
    Ok(())
}

pub(crate) fn highest_seq(db: &Connection) -> Result<i64> {
    let found: Option<i64> = db
        .query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.unwrap_or(0))
}
