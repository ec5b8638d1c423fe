//! The op log: every intent has exactly one outcome, stored with its effect.

mod intents;
mod signature;

use std::collections::HashSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_model::{AccountId, DeviceId, DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::{Op, OpOutcome, OpResult, ProblemCode, Receipt, content_hash_input};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{ProvinceError, error::Result, feed, keys, office::Office};

use intents::{Decision, Sent};
pub(crate) use intents::{touch_document, touch_opinion, touch_removed};

/// Most ops in one request.
pub(crate) const MAX_OPS: usize = 100;

/// A [`SyncRequest`] whose ops are read one by one: one that this server cannot read (of a newer
/// desk, or damaged) must not hold up the others.
#[derive(serde::Deserialize)]
pub(crate) struct Envelope {
    pub(crate) device: DeviceId,
    pub(crate) incarnation: String,
    pub(crate) cursor: Option<String>,
    settled_through: u64,
    pub(crate) ops: Vec<serde_json::Value>,
    pub(crate) want: u32,
}

/// What of an op can be read even when its intent cannot.
#[derive(serde::Deserialize)]
struct Outline {
    id: OpId,
    lane: DocumentId,
    local_seq: u64,
}

/// Seconds after which a desk asks again about an intent that this server does not know yet.
const UNKNOWN_INTENT_WAIT_S: u32 = 3600;

/// Settles the ops of a request, each in a transaction of its own: a poisoned one delays no other.
/// Inside a lane the order is strict: what follows an unsettled op waits. None when an op has not
/// even an id.
pub(crate) fn settle_all(
    office: &Office,
    account: AccountId,
    request: &Envelope,
) -> Result<Option<Vec<OpResult>>> {
    let mut outlines = Vec::with_capacity(request.ops.len());
    for op in &request.ops {
        let Ok(outline) = serde_json::from_value::<Outline>(op.clone()) else {
            return Ok(None);
        };
        outlines.push(outline);
    }
    let mut stuck: HashSet<DocumentId> = HashSet::new();
    let mut results = Vec::with_capacity(request.ops.len());
    for (outline, op) in outlines.iter().zip(&request.ops) {
        let result = if stuck.contains(&outline.lane) {
            deferred(outline, 1)
        } else {
            match serde_json::from_value::<Op>(op.clone()) {
                Ok(op) => settle(office, account, request.device, &op)?,
                Err(_) => deferred(outline, UNKNOWN_INTENT_WAIT_S),
            }
        };
        if !result.outcome.is_final() {
            stuck.insert(outline.lane);
        }
        results.push(result);
    }
    let highest = outlines
        .iter()
        .map(|outline| outline.local_seq)
        .max()
        .unwrap_or(0);
    note_device(office, account, request, highest)?;
    Ok(Some(results))
}

fn deferred(outline: &Outline, retry_after_s: u32) -> OpResult {
    OpResult {
        id: outline.id,
        outcome: OpOutcome::Deferred { retry_after_s },
        receipt: None,
        duplicate: false,
    }
}

fn settle(office: &Office, account: AccountId, device: DeviceId, op: &Op) -> Result<OpResult> {
    let request_hash = keys::sha256(&content_hash_input(op)?);
    if let Some(known) = office.db.read(|tx| known(tx, account, op, &request_hash))? {
        return Ok(known);
    }
    // Slow work (verifying a signature) happens before the write lock is taken; what it found is
    // checked again inside.
    let evidence = signature::gather(office, account, op)?;
    let now = office.now();
    let keys = office.keys();
    office.db.write(|tx| {
        // The same op may have come by another connection meanwhile.
        if let Some(known) = known(tx, account, op, &request_hash)? {
            return Ok(known);
        }
        let sent = Sent { account, op, now };
        let Decision { outcome, touches } = intents::decide(tx, sent, evidence)?;
        if !outcome.is_final() {
            return Ok(OpResult {
                id: op.id,
                outcome,
                receipt: None,
                duplicate: false,
            });
        }
        let result = receipt(&keys, op, request_hash, outcome, now)?;
        tx.execute(
            "INSERT INTO applied_op(op, account, device, local_seq, request_hash, result, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                op.id.0.as_bytes(),
                account.0,
                device.0.as_bytes(),
                op.local_seq,
                request_hash.0,
                serde_json::to_string(&result)?,
                now.0
            ],
        )?;
        feed::append(tx, touches)?;
        Ok::<_, ProvinceError>(result)
    })
}

/// The stored result of an op that was settled before, word for word; or the refusal of another
/// content under the same id, which is not stored.
fn known(
    tx: &Transaction<'_>,
    account: AccountId,
    op: &Op,
    request_hash: &Sha256,
) -> Result<Option<OpResult>> {
    let found: Option<(i64, [u8; 32], String)> = tx
        .prepare_cached("SELECT account, request_hash, result FROM applied_op WHERE op = ?1")?
        .query_row([op.id.0.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((owner, hash, result)) = found else {
        return Ok(None);
    };
    if owner != account.0 || hash != request_hash.0 {
        let outcome = OpOutcome::Rejected {
            code: ProblemCode::OpHashMismatch,
            detail: "another op was sent under this id".to_owned(),
        };
        return Ok(Some(OpResult {
            id: op.id,
            outcome,
            receipt: None,
            duplicate: false,
        }));
    }
    Ok(Some(serde_json::from_str(&result)?))
}

fn receipt(
    keys: &keys::ServerKeys,
    op: &Op,
    request_hash: Sha256,
    outcome: OpOutcome,
    now: Timestamp,
) -> Result<OpResult> {
    let mut receipt = Receipt {
        request_hash,
        result_hash: keys::sha256(&content_hash_input(&outcome)?),
        server_time: now,
        epoch: keys.epoch.clone(),
        signature: String::new(),
    };
    receipt.signature = STANDARD.encode(keys.sign_receipt(&receipt.signed_text(op.id)));
    Ok(OpResult {
        id: op.id,
        outcome,
        receipt: Some(receipt),
        duplicate: false,
    })
}

/// Remembers how far the device has stored results, and how far it has counted.
fn note_device(
    office: &Office,
    account: AccountId,
    request: &Envelope,
    highest: u64,
) -> Result<()> {
    let stored: Option<(u64, u64)> = office.db.read(|tx| {
        tx.query_row(
            "SELECT settled_through, highest_seq FROM device
             WHERE id = ?1 AND account = ?2 AND incarnation = ?3",
            params![request.device.0.as_bytes(), account.0, request.incarnation],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()
        .map_err(ProvinceError::from)
    })?;
    // An idle poll writes nothing.
    if stored.is_some_and(|(settled, seen)| request.settled_through <= settled && highest <= seen) {
        return Ok(());
    }
    office.db.write(|tx| {
        tx.execute(
            "INSERT INTO device(id, account, incarnation, settled_through, highest_seq)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT(id, account, incarnation) DO UPDATE SET
               settled_through = MAX(settled_through, excluded.settled_through),
               highest_seq = MAX(highest_seq, excluded.highest_seq)",
            params![
                request.device.0.as_bytes(),
                account.0,
                request.incarnation,
                request.settled_through,
                highest
            ],
        )?;
        Ok(())
    })
}
