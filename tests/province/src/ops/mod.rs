//! The op log: every intent has exactly one outcome, stored with its effect.

mod calendars;
mod copying;
mod dossiers;
mod drafting;
mod handling;
mod importing;
mod intents;
mod issuing;
mod presenting;
mod prune;
mod received;
mod refusal;
mod registering;
mod signature;
mod tasks;

use std::collections::HashSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_model::{AccountId, DeviceId, DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::{
    EntityType, GivenNumber, NoCapacity, Op, OpOutcome, OpResult, ProblemCode, Receipt,
    content_hash_input,
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{ProvinceError, error::Result, feed, keys, mandates, mutant::Mutant, office::Office};

pub(crate) use handling::office as people_of;
use intents::{Decision, Sent};
pub(crate) use intents::{touch_document, touch_opinion, touch_removed};
pub(crate) use prune::prune;
pub(crate) use registering::{NewRow, insert_document};

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
    /// Absent or 0 from a desk that does not say.
    #[serde(default)]
    highest_seq: u64,
    #[serde(default)]
    audit_head: Option<String>,
    pub(crate) ops: Vec<serde_json::Value>,
    #[serde(default)]
    given: Vec<GivenNumber>,
    pub(crate) want: u32,
    /// Absent from a desk that reads documents and opinions only.
    #[serde(default)]
    takes: Vec<String>,
}

impl Envelope {
    /// Whether the desk can read that kind of thing.
    pub(crate) fn takes(&self, entity: EntityType) -> bool {
        match entity {
            EntityType::Document | EntityType::Opinion => true,
            EntityType::Dossier => self.names("dossier"),
            EntityType::Task => self.names("task"),
            EntityType::Calendar => self.names("calendar"),
        }
    }

    fn names(&self, wanted: &str) -> bool {
        self.takes.iter().any(|kind| kind == wanted)
    }
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

/// What became of a request's ops.
pub(crate) enum Settlement {
    /// One result for each, in their order.
    Results(Vec<OpResult>),
    /// One has not even an id.
    Malformed,
    /// The device's data went back in time; nothing was touched.
    RolledBack,
}

/// Where ops come from.
#[derive(Clone, Copy)]
struct Source<'a> {
    account: AccountId,
    device: DeviceId,
    incarnation: &'a str,
    /// Highest `local_seq` whose result this incarnation has reported as stored.
    settled_through: u64,
    given: &'a [GivenNumber],
}

/// Settles the ops of a request, each in a transaction of its own: a poisoned one delays no other.
/// Inside a lane the order is strict: what follows an unsettled op waits.
pub(crate) fn settle_all(
    office: &Office,
    account: AccountId,
    request: &Envelope,
) -> Result<Settlement> {
    let mut outlines = Vec::with_capacity(request.ops.len());
    for op in &request.ops {
        let Ok(outline) = serde_json::from_value::<Outline>(op.clone()) else {
            return Ok(Settlement::Malformed);
        };
        outlines.push(outline);
    }
    let known = device(office, account, request)?;
    let notices = office.config.mutant != Some(Mutant::MissesRollback);
    if notices && has_gone_back(office, account, request, (&outlines, known))? {
        return Ok(Settlement::RolledBack);
    }
    let source = Source {
        account,
        device: request.device,
        incarnation: &request.incarnation,
        settled_through: known.map_or(0, |(settled, _)| settled),
        given: &request.given,
    };
    let overtakes = office.config.mutant == Some(Mutant::OvertakesInLane);
    let mut stuck: HashSet<DocumentId> = HashSet::new();
    let mut results = Vec::with_capacity(request.ops.len());
    for (outline, op) in outlines.iter().zip(&request.ops) {
        let result = if stuck.contains(&outline.lane) && !overtakes {
            deferred(outline, 1)
        } else {
            match serde_json::from_value::<Op>(op.clone()) {
                Ok(op) => settle(office, source, &op)?,
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
        .unwrap_or(0)
        .max(request.highest_seq);
    note_device(office, account, request, (known, highest))?;
    note_anchor(office, account, request)?;
    office.prune_now_and_then()?;
    Ok(Settlement::Results(results))
}

/// Whether this incarnation has already been further than it says, or has sent another op under one
/// of these numbers: its data is an older copy of itself.
fn has_gone_back(
    office: &Office,
    account: AccountId,
    request: &Envelope,
    (outlines, known): (&[Outline], Option<(u64, u64)>),
) -> Result<bool> {
    let seen = known.map_or(0, |(_, highest)| highest);
    if request.highest_seq > 0 && request.highest_seq < seen {
        return Ok(true);
    }
    office.db.read(|tx| {
        for outline in outlines.iter().filter(|outline| outline.local_seq <= seen) {
            let reused: bool = tx
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM applied_op WHERE device = ?1 AND account = ?2
                       AND incarnation = ?3 AND local_seq = ?4 AND op <> ?5)",
                )?
                .query_row(
                    params![
                        request.device.0.as_bytes(),
                        account.0,
                        request.incarnation,
                        outline.local_seq,
                        outline.id.0.as_bytes()
                    ],
                    |row| row.get(0),
                )?;
            if reused {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

fn deferred(outline: &Outline, retry_after_s: u32) -> OpResult {
    OpResult {
        id: outline.id,
        outcome: OpOutcome::Deferred { retry_after_s },
        receipt: None,
        duplicate: false,
    }
}

fn settle(office: &Office, source: Source<'_>, op: &Op) -> Result<OpResult> {
    let hashes = Hashes::of(op)?;
    let mutant = office.config.mutant;
    let look = |tx: &Transaction<'_>| match mutant {
        Some(Mutant::ReappliesDuplicates) => Ok(None),
        Some(_) | None => known(tx, source, op, (&hashes, mutant)),
    };
    if let Some(known) = office.db.read(look)? {
        return Ok(known);
    }
    // Slow work (verifying a signature) happens before the write lock is taken; what it found is
    // checked again inside.
    let evidence = signature::gather(office, source.account, op)?;
    let now = office.now();
    let keys = office.keys();
    office.db.write(|tx| {
        // The same op may have come by another connection meanwhile.
        if let Some(known) = look(tx)? {
            return Ok(known);
        }
        let acting = mandates::acting(tx, source.account, op.capacity.as_ref(), (now, mutant))?;
        let Decision { outcome, touches } = match &acting {
            Err(NoCapacity) => {
                let detail = "not the person's capacity at this moment";
                Decision::rejected(ProblemCode::CapacityEnded, detail)
            }
            Ok(acting) => {
                let sent = Sent {
                    account: source.account,
                    device: source.device,
                    acting,
                    op,
                    now,
                    given: source
                        .given
                        .iter()
                        .find(|given| given.op == op.id)
                        .map(|given| given.number),
                    dossiers_per_heading: office.config.dossiers_per_heading,
                    mutant,
                };
                intents::decide(tx, sent, evidence)?
            }
        };
        if !outcome.is_final() {
            return Ok(OpResult {
                id: op.id,
                outcome,
                receipt: None,
                duplicate: false,
            });
        }
        let mut result = receipt(&keys, op, hashes.request, outcome, now)?;
        if mutant == Some(Mutant::ForgesReceipts)
            && let Some(receipt) = &mut result.receipt
        {
            receipt.signature = STANDARD.encode([7; 64]);
        }
        remember(tx, source, (op, &hashes), &result, now)?;
        feed::append(tx, touches)?;
        Ok::<_, ProvinceError>(result)
    })
}

/// What stands for an op: as it came, and without its place in the outbox. A device that offers an
/// op again after it had to number anew offers the same op.
struct Hashes {
    request: Sha256,
    content: Sha256,
}

impl Hashes {
    fn of(op: &Op) -> Result<Self> {
        let mut bare = op.clone();
        bare.local_seq = 0;
        Ok(Self {
            request: keys::sha256(&content_hash_input(op)?),
            content: keys::sha256(&content_hash_input(&bare)?),
        })
    }
}

/// Writes the result down, with the effect.
fn remember(
    tx: &Transaction<'_>,
    source: Source<'_>,
    (op, hashes): (&Op, &Hashes),
    result: &OpResult,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO applied_op(op, account, device, incarnation, local_seq,
           request_hash, content_hash, result, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            op.id.0.as_bytes(),
            source.account.0,
            source.device.0.as_bytes(),
            source.incarnation,
            op.local_seq,
            hashes.request.0,
            hashes.content.0,
            serde_json::to_string(result)?,
            now.0
        ],
    )?;
    Ok(())
}

/// The stored result of an op that was settled before, word for word; or the refusal of another
/// content under the same id, which is not stored; or, for an op of which the device has itself said
/// that its result is stored, that it is over.
fn known(
    tx: &Transaction<'_>,
    source: Source<'_>,
    op: &Op,
    (hashes, mutant): (&Hashes, Option<Mutant>),
) -> Result<Option<OpResult>> {
    let found: Option<Known> = tx
        .prepare_cached(
            "SELECT account, request_hash, content_hash, result FROM applied_op WHERE op = ?1",
        )?
        .query_row([op.id.0.as_bytes()], |row| {
            Ok(Known {
                account: AccountId(row.get(0)?),
                request: Sha256(row.get(1)?),
                content: row.get::<_, Option<[u8; 32]>>(2)?.map(Sha256),
                result: row.get(3)?,
            })
        })
        .optional()?;
    let Some(known) = found else {
        let outcome = OpOutcome::AlreadySettled {};
        return Ok(
            (op.local_seq <= source.settled_through).then_some(OpResult {
                id: op.id,
                outcome,
                receipt: None,
                duplicate: true,
            }),
        );
    };
    let is_same = known.request == hashes.request || known.content == Some(hashes.content);
    let is_lax = mutant == Some(Mutant::TakesOtherContent);
    if known.account != source.account || !(is_same || is_lax) {
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
    let mut result: OpResult = serde_json::from_str(&known.result)?;
    result.duplicate = true;
    Ok(Some(result))
}

/// A settled op as it is stored.
struct Known {
    account: AccountId,
    request: Sha256,
    content: Option<Sha256>,
    result: String,
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

/// Longest head of an audit chain that is kept, in bytes.
const HEAD_MAX: usize = 100;

/// Keeps the head of the device's audit chain with its moment, once.
fn note_anchor(office: &Office, account: AccountId, request: &Envelope) -> Result<()> {
    let Some(head) = request.audit_head.as_deref() else {
        return Ok(());
    };
    if head.len() > HEAD_MAX {
        return Ok(());
    }
    let device = request.device.0.into_bytes();
    // An idle poll writes nothing.
    let known = office.db.read(|tx| {
        tx.prepare_cached("SELECT 1 FROM anchor WHERE account = ?1 AND device = ?2 AND head = ?3")?
            .exists(params![account.0, device, head])
            .map_err(ProvinceError::from)
    })?;
    if known {
        return Ok(());
    }
    let now = office.now();
    office.db.write(|tx| {
        tx.execute(
            "INSERT OR IGNORE INTO anchor(account, device, head, incarnation, at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![account.0, device, head, request.incarnation, now.0],
        )?;
        Ok(())
    })
}

/// How far this incarnation has stored results, and how far it has counted; none when it is new.
fn device(office: &Office, account: AccountId, request: &Envelope) -> Result<Option<(u64, u64)>> {
    office.db.read(|tx| {
        tx.query_row(
            "SELECT settled_through, highest_seq FROM device
             WHERE id = ?1 AND account = ?2 AND incarnation = ?3",
            params![request.device.0.as_bytes(), account.0, request.incarnation],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()
        .map_err(ProvinceError::from)
    })
}

/// Remembers both, after the ops: what the request itself reports as stored is of earlier ones.
fn note_device(
    office: &Office,
    account: AccountId,
    request: &Envelope,
    (known, highest): (Option<(u64, u64)>, u64),
) -> Result<()> {
    // An idle poll writes nothing.
    if known.is_some_and(|(settled, seen)| request.settled_through <= settled && highest <= seen) {
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
