//! What must hold, written down as it happens and judged from outside.

use std::collections::BTreeMap;

use congvan_model::OpId;

use super::{
    desk::Desk,
    server::{Doc, Intent, Outcome, Server},
    world::{Flavour, World},
};

/// Every act that was shown as saved.
#[derive(Default)]
pub(crate) struct Ledger {
    acts: BTreeMap<OpId, Entry>,
}

struct Entry {
    intent: Intent,
    /// The machine that held it was set back or copied over: it may be gone.
    orphan: bool,
}

impl Ledger {
    pub(crate) fn saved(&mut self, intent: Intent) {
        let orphan = false;
        self.acts.insert(intent.op, Entry { intent, orphan });
    }

    /// Acts that no desk has any more after an image was laid over one.
    pub(crate) fn destroyed(&mut self, known: impl Fn(OpId) -> bool) {
        for (op, entry) in &mut self.acts {
            entry.orphan |= !known(*op);
        }
    }

    /// G5: nothing leaves a mirror that the server has not taken away.
    pub(crate) fn removals(&self, desk: &mut Desk, server: &Server) {
        for doc in std::mem::take(&mut desk.removed) {
            assert!(
                server.took_away(desk.account, doc),
                "G5: document {doc} left desk {} without a tombstone",
                desk.device
            );
        }
    }
}

impl World {
    /// What must hold at every moment.
    pub(crate) fn check(&self) {
        for (op, times) in &self.server.effects {
            assert_eq!(*times, 1, "G2: {op} took effect {times} times");
        }
        // A copy of a desk counts as its original does, until the server tells them apart.
        let lanes = self.server.lanes.iter();
        for (lane, seqs) in lanes.filter(|_| self.flavour() != Flavour::Images) {
            assert!(seqs.is_sorted(), "G2: lane {lane:?} out of order: {seqs:?}");
        }
        for (op, entry) in &self.ledger.acts {
            let known = self.seats.iter().any(|seat| seat.desk.knows(*op));
            assert!(
                known || entry.orphan,
                "G1: act {op} {:?} is lost",
                entry.intent
            );
        }
        for seat in &self.seats {
            let desk = &seat.desk;
            assert_eq!(
                desk.risen, None,
                "G5: a document came back to desk {} from behind its tombstone",
                desk.device
            );
            for (blob, good) in &seat.desk.blobs {
                assert!(
                    good,
                    "G6: file {blob} of desk {} is not itself",
                    seat.desk.device
                );
            }
        }
        self.check_numbers();
    }

    /// N1 and N3 and N4 from the book itself.
    fn check_numbers(&self) {
        let mut last = None;
        for (number, (op, booked, _)) in &self.server.records {
            if op.is_some() {
                assert!(
                    last.is_none_or(|last| last <= *booked),
                    "N3 at number {number}"
                );
                last = Some(*booked);
            }
        }
        let mut papers: BTreeMap<u32, Doc> = BTreeMap::new();
        for (doc, (_, body)) in self.server.truth(0) {
            if let Some(number) = body.number {
                let other = papers.insert(number, doc);
                assert_eq!(other, None, "N1: number {number} stands on two documents");
            }
        }
    }

    /// What is still not as it should be; none when desks and server agree.
    pub(crate) fn difference(&self) -> Option<String> {
        for (at, seat) in self.seats.iter().enumerate() {
            for (intent, _) in &seat.desk.outbox {
                let poisoned = self.poisoned.iter().any(|(_, lane)| *lane == intent.lane);
                if !poisoned {
                    return Some(format!("G7: act {intent:?} of desk {at} never settled"));
                }
            }
            let truth = self.server.truth(seat.desk.account);
            // What a restored server has forgotten stays on the desk, below any revision.
            let mirror = seat.desk.mirror.iter().filter(|(doc, (rev, _))| {
                *rev > 0 || truth.contains_key(doc) || self.flavour() != Flavour::Rollback
            });
            let mirror: BTreeMap<_, _> = mirror.map(|(doc, it)| (*doc, it.clone())).collect();
            if truth != mirror {
                let wrong = truth.keys().chain(mirror.keys());
                let wrong = wrong.copied().find(|doc| truth.get(doc) != mirror.get(doc));
                let (doc, _) = wrong.map(|doc| (doc, ())).unwrap_or_default();
                return Some(format!(
                    "G4: desk {at} has of document {doc} {:?} and the server {:?}",
                    mirror.get(&doc),
                    truth.get(&doc)
                ));
            }
            let missing = truth
                .values()
                .find(|(_, body)| body.head != 0 && !seat.desk.blobs.contains_key(&body.head));
            if let Some((_, body)) = missing {
                return Some(format!("G7: file {} never came to desk {at}", body.head));
            }
        }
        None
    }

    /// What must hold when all is quiet.
    pub(crate) fn check_end(&self) {
        self.check();
        for (op, entry) in &self.ledger.acts {
            let done = |seat: &&super::world::Seat| seat.desk.done.get(op).map(|it| it.1.clone());
            let shown: Vec<Outcome> = self.seats.iter().filter_map(|seat| done(&seat)).collect();
            let effect = self.server.effects.contains_key(op);
            let waits = self.seats.iter().any(|seat| {
                let mut outbox = seat.desk.outbox.iter();
                outbox.any(|(intent, _)| intent.op == *op)
            });
            if entry.orphan || waits {
                continue;
            }
            assert!(!shown.is_empty(), "G2: act {op} has no outcome");
            for outcome in &shown {
                let says_done = *outcome == Outcome::Applied;
                assert!(
                    !says_done || effect,
                    "G1: act {op} {:?} is shown as received and the server does not have it",
                    entry.intent
                );
                let refused = matches!(outcome, Outcome::Conflict | Outcome::Rejected);
                assert!(
                    !refused || entry.intent.number().is_none(),
                    "N4: act {op} {:?} stands on a paper with its number, and is refused",
                    entry.intent
                );
                assert!(
                    !refused || !effect,
                    "G2: act {op} is shown as refused and was done"
                );
                let again = *outcome == Outcome::AlreadySettled;
                assert!(
                    !again || self.server.knows(*op),
                    "G1: act {op} {:?} is called settled and was never done",
                    entry.intent
                );
            }
        }
        if self.flavour() != Flavour::Holes {
            assert_eq!(
                self.diverged, 0,
                "G4: mirrors had diverged and only the inventory saw it"
            );
        }
        self.check_book();
    }

    /// N2: every number has exactly one record once leases are back and papers are in.
    fn check_book(&self) {
        if self.server.series.open.is_some() || self.server.series.past.iter().any(is_broken) {
            return;
        }
        // Papers that were lost with the clerk's machine: people look for them and declare them void.
        let orphans = self.ledger.acts.values().filter(|entry| entry.orphan);
        let lost: Vec<u32> = orphans.filter_map(|entry| entry.intent.number()).collect();
        for number in (1..self.server.series.next).filter(|it| !lost.contains(it)) {
            let record = self.server.records.get(&number);
            let open = matches!(
                record,
                None | Some((None, _, congvan_protocol::numbers::NumberRecord::Promised))
            );
            assert!(!open, "N2: number {number} has no final record: {record:?}");
        }
    }
}

fn is_broken(grant: &congvan_protocol::numbers::Grant) -> bool {
    grant.state == congvan_protocol::numbers::GrantState::Broken
}
