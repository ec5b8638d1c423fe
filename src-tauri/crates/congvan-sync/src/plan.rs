//! What to send and what to fetch next, from the facts.

use std::collections::{BTreeMap, HashSet};

use congvan_model::{DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::Load;

use crate::event::{Pending, Wanted};

/// Most intents in one round.
pub const OPS_PER_ROUND: usize = 100;
/// Most bulky intents among them: each may have a quarter of a megabyte, and the acts of people go on
/// in between.
pub const BULK_PER_ROUND: usize = 4;
/// A server never asks for more patience than this; a longer wait means that the clock was moved.
const LONGEST_DEFERRAL_MS: i64 = 3_600_000;

/// Whether the server's wish for patience is over. A clock set back by days must not hold an intent
/// for days.
fn is_due(pending: &Pending, wall: Timestamp) -> bool {
    let wait = pending.not_before.0.saturating_sub(wall.0);
    wait <= 0 || wait > LONGEST_DEFERRAL_MS
}

/// Inside a class the earliest deadline goes first, and what has none goes last.
fn deadline(due: Option<Timestamp>) -> i64 {
    due.map_or(i64::MAX, |due| due.0)
}

/// The intents that may go now, urgent documents first and then by deadline, bulky ones last and at most
/// [`BULK_PER_ROUND`] of them, at most [`OPS_PER_ROUND`] in all, returned in `local_seq` order. Inside a document everything before them goes along or has gone; an intent
/// that waits for its bytes or for the server's patience holds back the later ones of its own
/// document and of no other. `resting` holds back what a round just carried without settling it, and
/// what a person has paused.
#[must_use]
pub fn sendable(
    outbox: &[Pending],
    wall: Timestamp,
    resting: impl Fn(&Pending) -> bool,
) -> Vec<OpId> {
    let mut held: HashSet<DocumentId> = HashSet::new();
    let mut free: Vec<&Pending> = Vec::new();
    for pending in outbox {
        if held.contains(&pending.lane) {
            continue;
        }
        let has_bytes = pending.upload.is_none_or(|upload| upload.done);
        if has_bytes && is_due(pending, wall) && !resting(pending) {
            free.push(pending);
        } else {
            held.insert(pending.lane);
        }
    }
    // Stable, so the order inside a document stays; all intents of a document are equally urgent, and
    // equally bulky.
    let bulky = bulky(outbox);
    let is_bulky = |pending: &Pending| bulky.contains(&pending.lane);
    free.sort_by_key(|pending| (is_bulky(pending), !pending.urgent, deadline(pending.due)));
    let others = free.partition_point(|pending| !is_bulky(pending));
    free.truncate(OPS_PER_ROUND.min(others.saturating_add(BULK_PER_ROUND)));
    free.sort_by_key(|pending| pending.local_seq);
    free.into_iter().map(|pending| pending.op).collect()
}

/// The lanes that have a bulky intent.
fn bulky(outbox: &[Pending]) -> HashSet<DocumentId> {
    let bulky = outbox.iter().filter(|pending| pending.bulk);
    bulky.map(|pending| pending.lane).collect()
}

/// The mistake of [`Mutant::NoLaneOrder`](crate::mutant::Mutant::NoLaneOrder).
pub(crate) fn in_any_order(outbox: &[Pending]) -> Vec<OpId> {
    let has_bytes = |pending: &&Pending| pending.upload.is_none_or(|upload| upload.done);
    let ready = outbox.iter().rev().filter(has_bytes);
    ready
        .map(|pending| pending.op)
        .take(OPS_PER_ROUND)
        .collect()
}

/// When the next held intent comes due (wall clock).
pub(crate) fn next_due(outbox: &[Pending], wall: Timestamp) -> Option<Timestamp> {
    outbox
        .iter()
        .filter(|pending| !is_due(pending, wall))
        .map(|pending| pending.not_before)
        .min()
}

/// The bytes to be uploaded and whether they are urgent, most urgent first and then by deadline,
/// bulky ones last: those of the first intent of each document. The ones behind extend them and would travel twice.
pub(crate) fn uploads(outbox: &[Pending]) -> Vec<(Sha256, bool)> {
    let mut firsts: BTreeMap<DocumentId, &Pending> = BTreeMap::new();
    for pending in outbox {
        if pending.upload.is_some() {
            firsts.entry(pending.lane).or_insert(pending);
        }
    }
    let mut firsts: Vec<&Pending> = firsts.into_values().collect();
    firsts.sort_by_key(|pending| {
        let due = deadline(pending.due);
        (pending.bulk, !pending.urgent, due, pending.local_seq)
    });
    firsts
        .into_iter()
        .filter_map(|pending| pending.upload.map(|upload| (upload, pending.urgent)))
        .filter(|(upload, _)| !upload.done)
        .map(|(upload, urgent)| (upload.sha256, urgent))
        .collect()
}

/// Class of a file, its deadline and its size; see [`rank`].
pub(crate) type Rank = (u8, i64, u64);

/// Rank of a file: what a person waits for, then what the law wants at once, then my work, then the
/// rest; inside a class the earliest deadline first, then the smallest. Lower goes first.
pub(crate) fn rank(wanted: &Wanted, opened: &BTreeMap<Sha256, Wanted>) -> Rank {
    let class = if opened.contains_key(&wanted.sha256) {
        0
    } else if wanted.urgent {
        1
    } else if wanted.mine {
        2
    } else {
        3
    };
    (class, deadline(wanted.due), wanted.size)
}

/// Lowest class that nobody waits for: prefetch of my work; above it the rest.
pub(crate) const BACKGROUND: u8 = 2;

/// Whether a busy server may be asked for a file of this class. At every level a person who waits
/// for a file and urgent documents are served; everything else is prefetch.
pub(crate) fn may_fetch(class: u8, load: Load) -> bool {
    match load {
        Load::Calm => true,
        Load::Busy | Load::Strained | Load::Critical => class < BACKGROUND,
    }
}
