//! Rounds and transfers: starting them, and what their ends mean.

use std::collections::HashSet;

use congvan_model::{OpId, Sha256};
use congvan_protocol::Load;
use rand::RngCore;

use super::{At, DEFAULT_POLL_S, DOWNLOADS, HOPELESS, Machine, RETRY_BASE, UPLOADS};
use crate::{
    backoff::up_to,
    event::{Effect, Failure, Now, Round},
    flight::Kind,
    plan,
    status::Network,
};

impl Machine {
    pub(super) fn round_done(&mut self, round: Round, at: &mut At<'_>) {
        self.round_backoff.reset();
        self.rest_unsettled(at);
        self.quiet_until = at.now.mono_ms;
        self.set_load(round.load, at.now);
        self.round_at = Some(if round.more {
            at.now.mono_ms
        } else {
            at.now
                .mono_ms
                .saturating_add(self.poll_wait(round.next_poll_s, at.rng))
        });
    }

    // A round that answers an intent without settling or postponing it must not be repeated at once,
    // or desk and server would spin.
    fn rest_unsettled(&mut self, at: &mut At<'_>) {
        let unsent: HashSet<OpId> = self.facts.outbox.iter().map(|pending| pending.op).collect();
        for op in std::mem::take(&mut self.in_round) {
            if unsent.contains(&op) {
                let retry = self.unsettled.entry(op).or_default();
                let wait = retry.backoff.failed(RETRY_BASE, None, at.rng).max(500);
                retry.not_before = at.now.mono_ms.saturating_add(wait);
            }
        }
    }

    // 70 to 130 % of what the server said, three times as long when it is strained.
    pub(super) fn poll_wait(&self, next_poll_s: u32, rng: &mut dyn RngCore) -> u64 {
        let seconds = if next_poll_s == 0 {
            DEFAULT_POLL_S
        } else {
            next_poll_s
        };
        let strained = match self.load {
            Load::Calm | Load::Busy => 1,
            Load::Strained | Load::Critical => 3,
        };
        let base = u64::from(seconds).saturating_mul(1_000 * strained);
        (base.saturating_mul(7) / 10).saturating_add(up_to(base.saturating_mul(6) / 10, rng))
    }

    pub(super) fn round_failed(&mut self, failure: Failure, at: &mut At<'_>) {
        self.round_at = Some(at.now.mono_ms);
        match failure {
            Failure::LoginNeeded => self.session_ended(at),
            Failure::Cancelled => {}
            Failure::Busy { retry_after_s } => {
                self.set_network(Network::Busy, at.now);
                self.quiet(retry_after_s, at);
            }
            Failure::Unreachable | Failure::Untrusted | Failure::WrongNetwork => {
                self.quiet(None, at);
                self.doubt(at.now);
            }
            Failure::Refused | Failure::Local => self.quiet(Some(5), at),
        }
    }

    pub(super) fn transfer_failed(&mut self, sha256: Sha256, failure: Failure, at: &mut At<'_>) {
        let retry = self.transfers.entry(sha256).or_default();
        let wait = match failure {
            Failure::LoginNeeded => return self.session_ended(at),
            Failure::Cancelled => 0,
            Failure::Busy { retry_after_s } => {
                retry.backoff.failed(RETRY_BASE, retry_after_s, at.rng)
            }
            Failure::Unreachable | Failure::Untrusted | Failure::WrongNetwork => {
                retry.backoff.failed(RETRY_BASE, None, at.rng)
            }
            Failure::Refused | Failure::Local => {
                self.opened.remove(&sha256);
                HOPELESS
            }
        };
        retry.not_before = at.now.mono_ms.saturating_add(wait);
        match failure {
            Failure::Unreachable | Failure::Untrusted | Failure::WrongNetwork => self.doubt(at.now),
            Failure::Busy { .. }
            | Failure::LoginNeeded
            | Failure::Refused
            | Failure::Local
            | Failure::Cancelled => {}
        }
    }

    // The store says the same with its next facts; until then the machine must not start it again.
    pub(super) fn transfer_done(&mut self, kind: Kind, sha256: Sha256, now: Now) {
        let settled = self.transfers.entry(sha256).or_default();
        settled.not_before = now.mono_ms.saturating_add(RETRY_BASE);
        match kind {
            Kind::Download(_) => {
                self.facts.wanted.retain(|file| file.sha256 != sha256);
                self.opened.remove(&sha256);
            }
            Kind::Upload(_) => {
                for upload in self
                    .facts
                    .outbox
                    .iter_mut()
                    .filter_map(|p| p.upload.as_mut())
                {
                    if upload.sha256 == sha256 {
                        upload.done = true;
                    }
                }
            }
            Kind::Probe | Kind::Sync => {}
        }
    }

    pub(super) fn quiet(&mut self, floor_s: Option<u32>, at: &mut At<'_>) {
        let wait = self.round_backoff.failed(RETRY_BASE, floor_s, at.rng);
        self.quiet_until = at.now.mono_ms.saturating_add(wait);
    }

    pub(super) fn cancel_work(&mut self, at: &mut At<'_>) {
        for flight in self.flights.take_work() {
            at.out.push(Effect::Cancel {
                ticket: flight.ticket,
            });
        }
    }

    pub(super) fn start_round(&mut self, at: &mut At<'_>) {
        if self.flights.has(Kind::Sync) {
            return;
        }
        let unsettled = &self.unsettled;
        let send = plan::sendable(&self.facts.outbox, at.now.wall, |op| {
            unsettled
                .get(&op)
                .is_some_and(|retry| retry.not_before > at.now.mono_ms)
        });
        let asked = self.round_at.is_some_and(|due| due <= at.now.mono_ms);
        if send.is_empty() && !asked {
            return;
        }
        self.round_at = None;
        let ticket = self.flights.start(Kind::Sync, at.now.mono_ms);
        self.in_round.clone_from(&send);
        at.out.push(Effect::Sync { ticket, send });
    }

    pub(super) fn start_uploads(&mut self, at: &mut At<'_>) {
        let mut room = UPLOADS.saturating_sub(self.flights.uploads().len());
        for sha256 in plan::uploads(&self.facts.outbox) {
            if room == 0 {
                return;
            }
            if self.flights.has(Kind::Upload(sha256)) || !self.may_try(sha256, at.now) {
                continue;
            }
            let ticket = self.flights.start(Kind::Upload(sha256), at.now.mono_ms);
            at.out.push(Effect::Upload { ticket, sha256 });
            room = room.saturating_sub(1);
        }
    }

    pub(super) fn start_downloads(&mut self, at: &mut At<'_>) {
        let mut waiting: Vec<((u8, u64), Sha256)> = self
            .facts
            .wanted
            .iter()
            .map(|file| (plan::rank(file, &self.opened), file.sha256))
            .filter(|((class, _), sha256)| {
                plan::may_fetch(*class, self.load)
                    && !self.flights.has(Kind::Download(*sha256))
                    && self.may_try(*sha256, at.now)
            })
            .collect();
        waiting.sort_unstable();
        for ((class, _), sha256) in waiting {
            if self.flights.downloads().len() >= DOWNLOADS && !(class == 0 && self.make_room(at)) {
                return;
            }
            let ticket = self.flights.start(Kind::Download(sha256), at.now.mono_ms);
            at.out.push(Effect::Download { ticket, sha256 });
        }
    }

    /// Stops the least wanted download that no person waits for; it goes on later where it was.
    pub(super) fn make_room(&mut self, at: &mut At<'_>) -> bool {
        let least = self
            .flights
            .downloads()
            .into_iter()
            .filter(|(_, sha256)| !self.opened.contains_key(sha256))
            .max_by_key(|(_, sha256)| {
                self.facts
                    .wanted
                    .iter()
                    .find(|file| file.sha256 == *sha256)
                    .map(|file| plan::rank(file, &self.opened))
            });
        let Some((ticket, _)) = least else {
            return false;
        };
        self.flights.end(ticket);
        at.out.push(Effect::Cancel { ticket });
        true
    }

    pub(super) fn may_try(&self, sha256: Sha256, now: Now) -> bool {
        self.transfers
            .get(&sha256)
            .is_none_or(|retry| retry.not_before <= now.mono_ms)
    }
}
