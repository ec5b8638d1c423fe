//! Receipts: the server's signed word that it has an act.

use aws_lc_rs::{
    digest,
    signature::{ED25519, UnparsedPublicKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_model::OpId;
use congvan_protocol::{OpOutcome, OpResult, Receipt, content_hash_input};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::{
    Store,
    error::Result,
    outbox::{OP_COLUMNS, op_from},
};

/// What came of looking at receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiptsSeen {
    /// For exactly their act and signed by the server.
    pub good: u32,
    /// Kept, marked, and to be shown as no proof.
    pub bad: u32,
}

impl Store {
    /// Looks at every receipt that was not looked at yet, with the server's key (base64, from the
    /// session), and marks it. Call it after a page with results. An unverifiable one is kept: it
    /// may be evidence against somebody.
    ///
    /// # Errors
    /// Disk errors.
    pub fn verify_receipts(&self, receipt_key: &str) -> Result<ReceiptsSeen> {
        let waiting: Vec<[u8; 16]> = self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT op_id FROM outbox WHERE receipt IS NOT NULL AND receipt_ok IS NULL
                   AND state <> 'waiting' ORDER BY local_seq",
            )?;
            let found = query.query_map([], |row| row.get(0))?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })?;
        let mut seen = ReceiptsSeen::default();
        let mut verdicts = Vec::with_capacity(waiting.len());
        for op in waiting {
            if let Some(good) = self.check_receipt(OpId(Uuid::from_bytes(op)), receipt_key)? {
                let count = if good { &mut seen.good } else { &mut seen.bad };
                *count = count.saturating_add(1);
                verdicts.push((op, good));
            }
        }
        if verdicts.is_empty() {
            return Ok(seen);
        }
        self.write(|tx| {
            for (op, good) in &verdicts {
                tx.execute(
                    "UPDATE outbox SET receipt_ok = ?2 WHERE op_id = ?1",
                    params![op, good],
                )?;
            }
            Ok(seen)
        })
    }

    /// Whether the server lets go of an act as settled long ago whose result this desk has never seen:
    /// then the desk was set back, and taking the word would lose the act.
    ///
    /// # Errors
    /// Disk errors.
    pub fn calls_settled_what_waits(&self, results: &[OpResult]) -> Result<bool> {
        for result in results {
            if result.outcome == (OpOutcome::AlreadySettled {})
                // What is offered again after a restore has its old receipt.
                && self.check_receipt(result.id, "")?.is_none()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the stored receipt of an act is for exactly this act and this result, and signed
    /// with the server's key (base64, from the session). None when there is no receipt.
    ///
    /// # Errors
    /// Disk errors.
    pub fn check_receipt(&self, op: OpId, receipt_key: &str) -> Result<Option<bool>> {
        self.read(|db| {
            let found: Option<(Option<String>, Option<String>)> = db
                .query_row(
                    "SELECT outcome, receipt FROM outbox WHERE op_id = ?1",
                    params![op.0.as_bytes()],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let Some((Some(outcome), Some(receipt))) = found else {
                return Ok(None);
            };
            let outcome: OpOutcome = serde_json::from_str(&outcome)?;
            let receipt: Receipt = serde_json::from_str(&receipt)?;
            let mut query = db.prepare_cached(&format!("{OP_COLUMNS} WHERE op_id = ?1"))?;
            let sent = query.query_row(params![op.0.as_bytes()], |row| Ok(op_from(row)))??;
            let fits = hash(&content_hash_input(&sent)?) == receipt.request_hash.0
                && hash(&content_hash_input(&outcome)?) == receipt.result_hash.0;
            Ok(Some(fits && is_signed(&receipt, op, receipt_key)))
        })
    }
}

fn is_signed(receipt: &Receipt, op: OpId, key: &str) -> bool {
    let (Ok(key), Ok(signature)) = (STANDARD.decode(key), STANDARD.decode(&receipt.signature))
    else {
        return false;
    };
    UnparsedPublicKey::new(&ED25519, key)
        .verify(receipt.signed_text(op).as_bytes(), &signature)
        .is_ok()
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}
