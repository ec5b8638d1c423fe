//! A desk's durable side: what `congvan-store` and core's driver do, in memory. Survives restarts,
//! can be copied and set back.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::{INVENTORY_BUCKETS, Lease, inventory_bucket, inventory_term};
use congvan_sync::{Facts, Failure, Pending, PendingUpload, Wanted};
use uuid::Uuid;

use super::{
    mistake::Mistake,
    server::{Blob, Body, Change, Cursor, Doc, Intent, Outcome, Page, Request},
};

const KEPT_MS: i64 = 45 * 24 * 3_600_000;

pub(crate) fn uuid(doc: Doc) -> Uuid {
    Uuid::from_u128(0xD0C0_0000 + u128::from(doc))
}

pub(crate) fn hash(blob: Blob) -> Sha256 {
    let [high, low] = blob.to_be_bytes();
    let mut bytes = [7; 32];
    bytes[0] = high;
    bytes[1] = low;
    Sha256(bytes)
}

/// Every third document has a deadline.
fn due(doc: Doc) -> Option<Timestamp> {
    let hours = i64::from(doc.wrapping_mul(37));
    doc.is_multiple_of(3)
        .then_some(Timestamp(1_795_224_600_000 + hours * 3_600_000))
}

pub(crate) fn blob_of(sha256: Sha256) -> Blob {
    Blob::from_be_bytes([sha256.0[0], sha256.0[1]])
}

pub(crate) fn digests(items: &mut dyn Iterator<Item = (Doc, u64)>) -> Vec<u128> {
    let mut buckets = vec![0; INVENTORY_BUCKETS];
    for (doc, rev) in items {
        let term = u128::from_be_bytes(inventory_term(uuid(doc), rev));
        buckets[usize::from(inventory_bucket(uuid(doc)))] ^= term;
    }
    buckets
}

#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) lease: Lease,
    pub(crate) used_hi: u32,
    pub(crate) stopped: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub(crate) mistake: Option<Mistake>,
    pub(crate) device: u8,
    pub(crate) account: u8,
    pub(crate) incarnation: u32,
    pub(crate) history: u64,
    pub(crate) outbox: Vec<(Intent, Timestamp)>,
    pub(crate) done: BTreeMap<OpId, (Intent, Outcome, Timestamp)>,
    pub(crate) next_seq: u64,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) mirror: BTreeMap<Doc, (u64, Body)>,
    pub(crate) held: BTreeMap<Doc, u64>,
    pub(crate) uploaded: BTreeSet<Blob>,
    /// Present files; false when the bytes are not what they should be.
    pub(crate) blobs: BTreeMap<Blob, bool>,
    pub(crate) compared_at: Option<Timestamp>,
    pub(crate) lease: Option<Held>,
    pub(crate) over: u64,
    pub(crate) token: bool,
    pub(crate) disk_full: bool,
    /// What left the mirror by the server's word.
    pub(crate) removed: Vec<Doc>,
    /// Tombstones of this history, and a document that came back from behind its own.
    pub(crate) gone: BTreeMap<Doc, u64>,
    pub(crate) risen: Option<Doc>,
    /// A page that a crash cut in two.
    pub(crate) cut: bool,
}

impl Desk {
    pub(crate) fn new(device: u8, account: u8, mistake: Option<Mistake>) -> Self {
        Self {
            mistake,
            device,
            account,
            incarnation: 1,
            history: 0,
            outbox: Vec::new(),
            done: BTreeMap::new(),
            next_seq: 0,
            cursor: None,
            mirror: BTreeMap::new(),
            held: BTreeMap::new(),
            uploaded: BTreeSet::new(),
            blobs: BTreeMap::new(),
            compared_at: None,
            lease: None,
            over: 0,
            token: true,
            disk_full: false,
            removed: Vec::new(),
            gone: BTreeMap::new(),
            risen: None,
            cut: false,
        }
    }

    pub(crate) fn facts(&self) -> Facts {
        let outbox = self.outbox.iter().map(|(intent, not_before)| Pending {
            op: intent.op,
            local_seq: intent.seq,
            lane: DocumentId(uuid(intent.lane)),
            urgent: intent.lane.is_multiple_of(5),
            bulk: false,
            due: due(intent.lane),
            not_before: *not_before,
            upload: intent.needs().map(|blob| PendingUpload {
                sha256: hash(blob),
                size: 100_000,
                done: self.uploaded.contains(&blob),
            }),
        });
        let wanted = self.mirror.iter().filter_map(|(doc, (_, body))| {
            let here = self.blobs.contains_key(&body.head) || body.head == 0;
            (!here).then(|| Wanted {
                sha256: hash(body.head),
                document: Some(DocumentId(uuid(*doc))),
                size: u64::from(body.head) * 1_000,
                urgent: doc.is_multiple_of(5),
                mine: doc.is_multiple_of(2),
                due: due(*doc),
            })
        });
        Facts {
            outbox: outbox.collect(),
            wanted: wanted.collect(),
            compared_at: self.compared_at,
            held_removals: u32::try_from(self.held.len()).unwrap_or(u32::MAX),
        }
    }

    pub(crate) fn request(&self, send: &[OpId]) -> Request {
        let waiting = self.outbox.iter().map(|(intent, _)| intent);
        let ops = waiting.clone().filter(|intent| send.contains(&intent.op));
        let mut ops: Vec<Intent> = ops.cloned().collect();
        if send.is_sorted_by_key(|op| ops.iter().find(|it| it.op == *op).map(|it| it.seq)) {
            ops.sort_by_key(|intent| intent.seq);
        } else {
            ops.sort_by_key(|intent| send.iter().position(|op| *op == intent.op));
        }
        Request {
            device: self.device,
            account: self.account,
            incarnation: self.incarnation,
            history: self.history,
            cursor: self.cursor,
            settled_through: waiting
                .map(|intent| intent.seq)
                .min()
                .map_or(self.next_seq, |first| first - 1),
            highest_seq: self.next_seq,
            ops,
        }
    }

    /// One act, saved on this machine; none when the disk is full.
    pub(crate) fn act(&mut self, intent: Intent) -> bool {
        if self.disk_full {
            return false;
        }
        self.next_seq = intent.seq;
        if let Some(blob) = intent.needs() {
            self.blobs.insert(blob, true);
        }
        self.outbox.push((intent, Timestamp(0)));
        true
    }

    pub(crate) fn apply(
        &mut self,
        request: &Request,
        page: Page,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if self.disk_full {
            if self.mistake == Some(Mistake::DiskFullIsDamage) {
                self.outbox.clear();
            }
            return Err(Failure::Local);
        }
        // An answer to what was asked before the last new history or incarnation tells of a world
        // that is gone; its acts are sent again.
        let lost = request.history != self.history;
        if lost && self.mistake != Some(Mistake::TakesTheLostHistory) {
            return Ok(());
        }
        if self.mistake == Some(Mistake::OverwritesDuringSync) {
            let highest = request.highest_seq;
            self.outbox.retain(|(intent, _)| intent.seq <= highest);
        }
        for (op, outcome) in page.results {
            self.settle(op, outcome, now);
        }
        if self.cursor != request.cursor {
            return Ok(());
        }
        self.cursor = Some(Cursor {
            wall: now,
            ..page.cursor
        });
        if self.cut && self.mistake == Some(Mistake::CursorBeforePage) {
            self.cut = false;
            return Ok(());
        }
        self.take(page.changes);
        Ok(())
    }

    fn settle(&mut self, op: OpId, outcome: Outcome, now: Timestamp) {
        match outcome {
            Outcome::Blocked(blob) => {
                self.uploaded.remove(&blob);
            }
            Outcome::Deferred => {
                for (intent, not_before) in &mut self.outbox {
                    if intent.op == op {
                        *not_before = now.plus_ms(1_000);
                    }
                }
            }
            Outcome::Applied | Outcome::Conflict | Outcome::Rejected | Outcome::AlreadySettled => {
                if let Some(at) = self.outbox.iter().position(|(intent, _)| intent.op == op) {
                    let (intent, _) = self.outbox.remove(at);
                    let silent = self.mistake == Some(Mistake::RejectsSilently);
                    if outcome != Outcome::Rejected || !silent {
                        self.done.insert(op, (intent, outcome, now));
                    }
                }
            }
        }
    }

    fn take(&mut self, changes: Vec<Change>) {
        let gone = |it: &&Change| it.2.is_none() && self.mirror.contains_key(&it.0);
        let many = changes.iter().filter(gone).count() > 2.max(self.mirror.len() / 20);
        let hold = many;
        for (doc, rev, body) in changes {
            let local = self.mirror.get(&doc).map(|it| it.0);
            match body {
                Some(_) if local.is_some_and(|local| local >= rev) => {}
                Some(body) => self.put(doc, rev, body),
                None if local.is_none() => drop(self.gone.insert(doc, rev)),
                None if local.is_some_and(|local| local > rev) => {}
                None if hold => {
                    self.held.insert(doc, rev);
                }
                None => {
                    self.remove(doc);
                    self.gone.insert(doc, rev);
                }
            }
        }
    }

    fn put(&mut self, doc: Doc, rev: u64, body: Body) {
        self.mirror.insert(doc, (rev, body));
        self.held.remove(&doc);
        if self.gone.remove(&doc).is_some_and(|gone| gone > rev) {
            self.risen = Some(doc);
        }
    }

    fn remove(&mut self, doc: Doc) {
        self.mirror.remove(&doc);
        self.held.remove(&doc);
        self.removed.push(doc);
    }

    /// The inventory's bodies and tombstones; held removals that the server confirms go. More than
    /// half of the desk only a person confirms; here, the person does.
    pub(crate) fn heal(&mut self, changes: Vec<Change>, now: Timestamp) -> Result<(), Failure> {
        if self.disk_full {
            return Err(Failure::Local);
        }
        if self.mistake == Some(Mistake::DeletesWhatIsNotListed) {
            let listed: BTreeSet<Doc> = changes.iter().map(|it| it.0).collect();
            let unlisted = self
                .mirror
                .iter()
                .filter(|(doc, it)| it.0 == 0 && !listed.contains(doc));
            let unlisted: Vec<Doc> = unlisted.map(|it| *it.0).collect();
            unlisted.into_iter().for_each(|doc| self.remove(doc));
        }
        for (doc, rev, body) in changes {
            let local = self.mirror.get(&doc).map(|it| it.0);
            match body {
                Some(_) if local.is_some_and(|local| local >= rev) => {}
                Some(body) => self.put(doc, rev, body),
                None if local.is_some_and(|local| local <= rev) => self.remove(doc),
                None => {}
            }
        }
        self.compared_at = Some(now);
        Ok(())
    }

    pub(crate) fn new_history(&mut self, now: Timestamp) -> Result<(), Failure> {
        if self.disk_full {
            return Err(Failure::Local);
        }
        self.forget();
        let since = now.plus_ms(-KEPT_MS);
        let again: Vec<OpId> = self
            .done
            .iter()
            .filter(|(_, (_, outcome, at))| {
                matches!(outcome, Outcome::Applied | Outcome::AlreadySettled) && *at >= since
            })
            .map(|(op, _)| *op)
            .collect();
        if self.mistake == Some(Mistake::OffersNothingAgain) {
            return Ok(());
        }
        for op in again {
            if let Some((intent, ..)) = self.done.remove(&op) {
                self.outbox.push((intent, Timestamp(0)));
            }
        }
        self.outbox.sort_by_key(|(intent, _)| intent.seq);
        Ok(())
    }

    pub(crate) fn new_incarnation(&mut self, fresh: u32) -> Result<(), Failure> {
        if self.disk_full {
            return Err(Failure::Local);
        }
        self.forget();
        self.incarnation = fresh;
        Ok(())
    }

    // Below any revision of the server, so that older states of a restored one are taken too.
    fn forget(&mut self) {
        self.history += 1;
        self.cursor = None;
        self.compared_at = None;
        self.gone.clear();
        for it in self.mirror.values_mut() {
            it.0 = 0;
        }
    }

    pub(crate) fn knows(&self, op: OpId) -> bool {
        self.done.contains_key(&op) || self.outbox.iter().any(|(intent, _)| intent.op == op)
    }
}
