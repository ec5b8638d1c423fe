//! A small faithful server: op log with effects in one step, latest-state feed per account with
//! tombstones, epoch, devices with `settled_through` and `highest_seq`, blobs, one book. Numbers
//! follow the real rules of `congvan_protocol::numbers`, digests the real ones of its inventory.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{DeviceId, OpId, Timestamp};
use congvan_protocol::{
    LeasedNumber,
    numbers::{Ask, Grant, Holder, NumberRecord, Refusal, Series, booked_at},
};
use congvan_sync::Failure;
use uuid::Uuid;

use super::mistake::Mistake;

pub(crate) type Doc = u8;
pub(crate) type Blob = u16;

/// The server never takes these: too large for it.
pub(crate) const POISON: Blob = 60_000;
/// Changes on a page.
const PAGE: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) epoch: u32,
    pub(crate) seq: u64,
    /// Only for the mistake of asking by the clock.
    pub(crate) wall: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Opinion,
    /// New bytes that extend a head.
    Link {
        parent: Blob,
        child: Blob,
    },
    Register {
        number: Option<LeasedNumber>,
        received_at: Timestamp,
    },
    /// The server will never do this.
    Poison,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Intent {
    pub(crate) op: OpId,
    pub(crate) seq: u64,
    pub(crate) lane: Doc,
    pub(crate) act: Act,
}

impl Intent {
    /// The number out of a lease that is on its paper.
    pub(crate) fn number(&self) -> Option<u32> {
        match self.act {
            Act::Register { number, .. } => number.map(|it| it.number),
            Act::Opinion | Act::Link { .. } | Act::Poison => None,
        }
    }

    pub(crate) fn needs(&self) -> Option<Blob> {
        match self.act {
            Act::Link { child, .. } => Some(child),
            Act::Opinion | Act::Register { .. } | Act::Poison => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Applied,
    Conflict,
    Rejected,
    AlreadySettled,
    Blocked(Blob),
    Deferred,
}

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) device: u8,
    pub(crate) account: u8,
    pub(crate) incarnation: u32,
    /// The desk's own counter of new histories and incarnations when this was built.
    pub(crate) history: u64,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) settled_through: u64,
    pub(crate) highest_seq: u64,
    pub(crate) ops: Vec<Intent>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Body {
    /// Opinions, and how often each was appended: must be one.
    pub(crate) opinions: BTreeMap<OpId, u32>,
    pub(crate) head: Blob,
    pub(crate) number: Option<u32>,
}

pub(crate) type Change = (Doc, u64, Option<Body>);

#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) results: Vec<(OpId, Outcome)>,
    pub(crate) changes: Vec<Change>,
    pub(crate) cursor: Cursor,
    pub(crate) more: bool,
}

#[derive(Clone, Debug)]
struct Row {
    seq: u64,
    rev: u64,
    removed: bool,
    at: Timestamp,
}

#[derive(Clone, Debug, Default)]
struct Document {
    body: Body,
    rev: u64,
}

#[derive(Clone, Debug)]
struct Known {
    /// None once the desk has said that it stored the result.
    outcome: Option<Outcome>,
    owner: (u8, u32),
    seq: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) mistake: Option<Mistake>,
    pub(crate) epoch: u32,
    heads: [u64; 2],
    feed: BTreeMap<(u8, Doc), Row>,
    docs: BTreeMap<Doc, Document>,
    ops: BTreeMap<OpId, Known>,
    /// How often each op took effect in this history.
    pub(crate) effects: BTreeMap<OpId, u32>,
    /// Order of effects inside a document, per device life.
    pub(crate) lanes: BTreeMap<(Doc, u8, u32), Vec<u64>>,
    devices: BTreeMap<(u8, u32), (u64, u64)>,
    pub(crate) blobs: BTreeSet<Blob>,
    pub(crate) series: Series,
    pub(crate) records: BTreeMap<u32, (Option<OpId>, Timestamp, NumberRecord)>,
    late: Vec<(u8, Doc, Row)>,
    rev: u64,
    taken: BTreeSet<(u8, Doc)>,
}

impl Server {
    pub(crate) fn new(mistake: Option<Mistake>) -> Self {
        Self {
            mistake,
            epoch: 1,
            heads: [0; 2],
            feed: BTreeMap::new(),
            docs: BTreeMap::new(),
            ops: BTreeMap::new(),
            effects: BTreeMap::new(),
            lanes: BTreeMap::new(),
            devices: BTreeMap::new(),
            blobs: BTreeSet::new(),
            series: Series::default(),
            records: BTreeMap::new(),
            late: Vec::new(),
            rev: 0,
            taken: BTreeSet::new(),
        }
    }

    pub(crate) fn head(&self, account: u8) -> u64 {
        self.heads[usize::from(account)]
    }

    pub(crate) fn has(&self, account: u8, doc: Doc) -> bool {
        let row = self.feed.get(&(account, doc));
        row.is_some_and(|row| !row.removed) && self.docs.contains_key(&doc)
    }

    /// What an account should have.
    pub(crate) fn truth(&self, account: u8) -> BTreeMap<Doc, (u64, Body)> {
        let rows = self.feed.iter().filter(|((owner, _), _)| *owner == account);
        rows.filter(|(_, row)| !row.removed)
            .filter_map(|((_, doc), row)| Some((*doc, (row.rev, self.docs.get(doc)?.body.clone()))))
            .collect()
    }

    /// Someone else adds or changes a document.
    pub(crate) fn change(&mut self, doc: Doc, blob: Option<Blob>, accounts: &[u8], now: Timestamp) {
        let document = self.docs.entry(doc).or_default();
        if let Some(blob) = blob {
            document.body.head = blob;
            self.blobs.insert(blob);
        }
        let mut all: BTreeSet<u8> = accounts.iter().copied().collect();
        all.extend(self.everyone_with(doc));
        let all: Vec<u8> = all.into_iter().collect();
        self.touch(doc, &all, false, now);
    }

    /// Recalled, or access removed.
    pub(crate) fn remove(&mut self, doc: Doc, accounts: &[u8], now: Timestamp) {
        let had: Vec<u8> = accounts
            .iter()
            .copied()
            .filter(|account| self.has(*account, doc))
            .collect();
        self.touch(doc, &had, true, now);
    }

    fn touch(&mut self, doc: Doc, accounts: &[u8], removed: bool, now: Timestamp) {
        self.rev += 1;
        if let Some(document) = self.docs.get_mut(&doc) {
            document.rev = self.rev;
        }
        for account in accounts {
            if removed {
                self.taken.insert((*account, doc));
            }
            let head = &mut self.heads[usize::from(*account)];
            *head += 1;
            let row = Row {
                seq: *head,
                rev: self.rev,
                removed,
                at: now,
            };
            // The number was drawn before the commit, and the commit comes late.
            if self.mistake == Some(Mistake::NumbersBeforeCommit) && self.rev.is_multiple_of(3) {
                self.late.push((*account, doc, row));
                continue;
            }
            self.feed.insert((*account, doc), row);
        }
        if self.rev % 3 == 2 {
            for (account, doc, row) in std::mem::take(&mut self.late) {
                self.feed.insert((account, doc), row);
            }
        }
    }

    fn everyone_with(&self, doc: Doc) -> Vec<u8> {
        (0..2).filter(|account| self.has(*account, doc)).collect()
    }

    pub(crate) fn sync(&mut self, request: &Request, now: Timestamp) -> Result<Page, Failure> {
        let head = self.head(request.account);
        if let Some(cursor) = request.cursor
            && (cursor.epoch != self.epoch || cursor.seq > head)
            && self.mistake != Some(Mistake::IgnoresTheEpoch)
        {
            return Err(Failure::StaleCursor);
        }
        let key = (request.device, request.incarnation);
        let (settled, highest) = self.devices.get(&key).copied().unwrap_or_default();
        if highest > request.highest_seq {
            return Err(Failure::RolledBack);
        }
        let is_foreign =
            |intent: &Intent| intent.seq <= settled && !self.ops.contains_key(&intent.op);
        let foreign = request.ops.iter().any(is_foreign);
        if foreign && self.mistake != Some(Mistake::BelievesTheSequence) {
            return Err(Failure::RolledBack);
        }
        let mut results = Vec::new();
        let mut stuck = BTreeSet::new();
        for intent in &request.ops {
            let outcome = if stuck.contains(&intent.lane) {
                Outcome::Deferred
            } else if self.mistake == Some(Mistake::BelievesTheSequence)
                && is_foreign_to(self, intent, settled)
            {
                Outcome::AlreadySettled
            } else {
                self.settle(request, intent, now)
            };
            if matches!(outcome, Outcome::Blocked(_) | Outcome::Deferred) {
                stuck.insert(intent.lane);
            }
            results.push((intent.op, outcome));
        }
        let sent = request.ops.iter().map(|intent| intent.seq).max();
        let settled = settled.max(request.settled_through);
        let highest = highest.max(request.highest_seq).max(sent.unwrap_or(0));
        self.devices.insert(key, (settled, highest));
        self.prune(key, settled);
        let (changes, cursor, more) = self.page(request, now);
        Ok(Page {
            results,
            changes,
            cursor,
            more,
        })
    }

    fn prune(&mut self, owner: (u8, u32), settled: u64) {
        for known in self.ops.values_mut() {
            if known.owner == owner && known.seq <= settled {
                known.outcome = None;
            }
        }
    }

    fn page(&self, request: &Request, now: Timestamp) -> (Vec<Change>, Cursor, bool) {
        let by_clock = self.mistake == Some(Mistake::AsksByTheClock);
        let since = request.cursor.map_or(0, |cursor| cursor.seq);
        let since_wall = request.cursor.map(|cursor| cursor.wall);
        let mut rows: Vec<(u64, Doc, &Row)> = self
            .feed
            .iter()
            .filter(|((account, _), row)| {
                *account == request.account
                    && if by_clock {
                        since_wall.is_none_or(|wall| row.at >= wall)
                    } else {
                        row.seq > since
                    }
            })
            .map(|((_, doc), row)| (row.seq, *doc, row))
            .collect();
        rows.sort_unstable_by_key(|(seq, ..)| *seq);
        let more = !by_clock && rows.len() > PAGE;
        if !by_clock {
            rows.truncate(PAGE);
        }
        let seq = match rows.last() {
            Some((seq, ..)) if more => *seq,
            _ => self.head(request.account),
        };
        let changes = rows.into_iter().map(|(_, doc, row)| {
            let body = self.docs.get(&doc).filter(|_| !row.removed);
            (doc, row.rev, body.map(|document| document.body.clone()))
        });
        let cursor = Cursor {
            epoch: self.epoch,
            seq,
            wall: now,
        };
        (changes.collect(), cursor, more)
    }

    fn settle(&mut self, request: &Request, intent: &Intent, now: Timestamp) -> Outcome {
        if self.mistake != Some(Mistake::NoDedup)
            && let Some(known) = self.ops.get(&intent.op)
        {
            return known.outcome.clone().unwrap_or(Outcome::AlreadySettled);
        }
        let outcome = self.decide(request.account, intent, now);
        if matches!(outcome, Outcome::Blocked(_) | Outcome::Deferred) {
            return outcome;
        }
        let owner = (request.device, request.incarnation);
        let known = Known {
            outcome: Some(outcome.clone()),
            owner,
            seq: intent.seq,
        };
        self.ops.insert(intent.op, known);
        if outcome == Outcome::Applied {
            *self.effects.entry(intent.op).or_default() += 1;
            let lane = (intent.lane, owner.0, owner.1);
            self.lanes.entry(lane).or_default().push(intent.seq);
            let accounts = self.everyone_with(intent.lane);
            self.touch(intent.lane, &accounts, false, now);
        }
        outcome
    }

    fn decide(&mut self, account: u8, intent: &Intent, now: Timestamp) -> Outcome {
        if let Act::Register {
            number,
            received_at,
        } = intent.act
        {
            return self.register(intent, number, received_at, now);
        }
        if !self.has(account, intent.lane) {
            return Outcome::Rejected;
        }
        let Some(document) = self.docs.get_mut(&intent.lane) else {
            return Outcome::Rejected;
        };
        match intent.act {
            Act::Opinion => {
                *document.body.opinions.entry(intent.op).or_default() += 1;
                Outcome::Applied
            }
            Act::Link { parent, child } => {
                if !self.blobs.contains(&child) {
                    return Outcome::Blocked(child);
                }
                if document.body.head != parent {
                    return Outcome::Conflict;
                }
                document.body.head = child;
                Outcome::Applied
            }
            Act::Register { .. } | Act::Poison => Outcome::Rejected,
        }
    }

    fn register(
        &mut self,
        intent: &Intent,
        number: Option<LeasedNumber>,
        received_at: Timestamp,
        now: Timestamp,
    ) -> Outcome {
        let number = match number {
            None => match self.series.issue() {
                Ok(number) => number,
                Err(_) => return Outcome::Deferred,
            },
            Some(leased) => {
                let record = self.records.get(&leased.number).map(|it| it.2);
                let Some(grant) = self.series.grant(leased.fence) else {
                    return Outcome::Rejected;
                };
                if grant.admit(leased.number, record).is_err() {
                    return Outcome::Conflict;
                }
                leased.number
            }
        };
        let registered = |it: &(&u32, &(Option<OpId>, Timestamp, NumberRecord))| it.1.0.is_some();
        let before = self.records.range(..number).rev().find(registered);
        let after = self.records.range(number + 1..).find(registered);
        let booked = booked_at(
            received_at,
            before.map(|it| it.1.1),
            after.map(|it| it.1.1),
            now,
        );
        let entry = (Some(intent.op), booked, NumberRecord::Registered);
        self.records.insert(number, entry);
        let document = self.docs.entry(intent.lane).or_default();
        document.body.number = Some(number);
        for account in 0..2 {
            self.feed.entry((account, intent.lane)).or_insert(Row {
                seq: 0,
                rev: 0,
                removed: false,
                at: now,
            });
        }
        Outcome::Applied
    }

    pub(crate) fn lease(&mut self, holder: Holder, until: Timestamp) -> Result<Grant, Refusal> {
        let recorded = |grant: &Grant| {
            let numbers = self.records.range(grant.lo..=grant.hi).rev();
            numbers
                .filter(|(_, it)| it.2 != NumberRecord::Promised)
                .map(|(number, _)| *number)
                .next()
                .unwrap_or(0)
        };
        let recorded_hi = self.series.open.as_ref().map_or(0, recorded);
        self.series.lease(&Ask {
            holder,
            want: 5,
            until,
            recorded_hi,
        })
    }

    pub(crate) fn give_back(&mut self, fence: u64, used_hi: u32, now: Timestamp) -> bool {
        let recorded_hi = self.series.grant(fence).map_or(0, |grant| {
            let numbers = self.records.range(grant.lo..=grant.hi).rev();
            numbers.map(|(number, _)| *number).next().unwrap_or(0)
        });
        match self.series.give_back(fence, used_hi, recorded_hi) {
            Ok(closing) => {
                let set = [
                    (closing.promised, NumberRecord::Promised),
                    (closing.void, NumberRecord::Void),
                ];
                for (range, record) in set {
                    let (lo, hi) = range.unwrap_or((1, 0));
                    for number in lo..=hi {
                        self.records.entry(number).or_insert((None, now, record));
                    }
                }
                true
            }
            Err(_) => false,
        }
    }

    /// What differs for an account: bodies of what it has, tombstones of what it had.
    pub(crate) fn compare(&self, account: u8, mirror: &BTreeMap<Doc, u64>) -> (Vec<Change>, u32) {
        let truth = self.truth(account);
        let digest = |items: &mut dyn Iterator<Item = (Doc, u64)>| super::desk::digests(items);
        let ours = digest(&mut truth.iter().map(|(doc, (rev, _))| (*doc, *rev)));
        let theirs = digest(&mut mirror.iter().map(|(doc, rev)| (*doc, *rev)));
        let mut changes = Vec::new();
        let mut differing = 0;
        let docs: BTreeSet<Doc> = truth.keys().chain(mirror.keys()).copied().collect();
        for doc in docs {
            let bucket = usize::from(congvan_protocol::inventory_bucket(super::desk::uuid(doc)));
            if ours[bucket] == theirs[bucket] {
                continue;
            }
            match (truth.get(&doc), mirror.get(&doc)) {
                (Some((rev, _)), Some(local)) if rev == local => {}
                (Some((rev, body)), _) => {
                    differing += 1;
                    changes.push((doc, *rev, Some(body.clone())));
                }
                (None, _) => {
                    let row = self.feed.get(&(account, doc)).filter(|row| row.removed);
                    changes.extend(row.map(|row| (doc, row.rev, None)));
                }
            }
        }
        (changes, differing)
    }

    /// Whether the feed would have told a desk at this cursor.
    pub(crate) fn is_news(&self, account: u8, doc: Doc, cursor: Option<Cursor>) -> bool {
        let row = self.feed.get(&(account, doc));
        row.is_some_and(|row| cursor.is_none_or(|cursor| row.seq > cursor.seq))
    }

    /// Whether this server has ever taken the document away from the account.
    pub(crate) fn took_away(&self, account: u8, doc: Doc) -> bool {
        self.taken.contains(&(account, doc))
    }

    pub(crate) fn knows(&self, op: OpId) -> bool {
        self.ops.contains_key(&op)
    }

    /// An operator restores a backup and marks it as such.
    pub(crate) fn restored(mut self, epoch: u32, lost: &Self) -> Self {
        self.epoch = epoch;
        // For the judge: what was said before the restore may still be on its way.
        self.taken.extend(&lost.taken);
        self
    }
}

fn is_foreign_to(server: &Server, intent: &Intent, settled: u64) -> bool {
    intent.seq <= settled && !server.ops.contains_key(&intent.op)
}

pub(crate) fn holder(device: u8, incarnation: u32) -> Holder {
    Holder {
        device: DeviceId(Uuid::from_u128(u128::from(device))),
        incarnation: incarnation.to_string(),
    }
}
