//! Rounds: starting them, and what their ends mean.

use std::collections::HashSet;

use congvan_model::OpId;
use congvan_protocol::Load;
use rand::RngCore;

use super::{At, DEFAULT_POLL_S, Machine, Mutant, RETRY_BASE};
use crate::{
    backoff::up_to,
    event::{Effect, Failure, Round},
    flight::{Flight, Kind},
    plan,
    status::Network,
};

impl Machine {
    pub(super) fn round_done(&mut self, round: Round, at: &mut At<'_>) {
        self.round_backoff.reset();
        self.mending.backoff.reset();
        if self.flights.has(Kind::Compare) {
            self.comparing.overlapped();
        }
        self.budget.succeeded();
        self.moved_at = at.now.mono_ms;
        self.pulled |= !round.more;
        self.rest_unsettled(at);
        self.quiet_until = at.now.mono_ms;
        self.set_load(round.load, at.now);
        let next = if round.more {
            at.now.mono_ms
        } else {
            at.now
                .mono_ms
                .saturating_add(self.poll_wait(round.next_poll_s, at.rng))
        };
        // What a person or a hint asked for meanwhile may be news that this round was too early for.
        self.round_at = Some(self.round_at.map_or(next, |asked| asked.min(next)));
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
        let base = u64::from(seconds)
            .saturating_mul(1_000 * strained)
            .saturating_mul(self.poll_stretch());
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
            Failure::StaleCursor if self.has(Mutant::ForgetsToReoffer) => {
                self.quiet(Some(5), at);
            }
            Failure::StaleCursor => self.history_is_stale(at),
            Failure::RolledBack => self.was_rolled_back(at),
            Failure::Refused | Failure::TooLarge | Failure::Local => self.quiet(Some(5), at),
        }
    }

    pub(super) fn quiet(&mut self, floor_s: Option<u32>, at: &mut At<'_>) {
        let wait = self.round_backoff.failed(RETRY_BASE, floor_s, at.rng);
        self.quiet_until = at.now.mono_ms.saturating_add(wait);
    }

    /// Stops everything but probes.
    pub(super) fn cancel_work(&mut self, at: &mut At<'_>) {
        let work = self.flights.take_work();
        self.cancel(work, at);
    }

    pub(super) fn cancel_all(&mut self, at: &mut At<'_>) {
        let all = self.flights.take_all();
        self.cancel(all, at);
    }

    fn cancel(&mut self, flights: Vec<Flight>, at: &mut At<'_>) {
        self.listening.live = false;
        for flight in flights {
            at.out.push(Effect::Cancel {
                ticket: flight.ticket,
            });
        }
    }

    pub(super) fn start_round(&mut self, at: &mut At<'_>) {
        if self.must_mend_first() || self.flights.has(Kind::Sync) {
            return;
        }
        let asked = self.round_at.is_some_and(|due| due <= at.now.mono_ms);
        let unsettled = &self.unsettled;
        let mut send = plan::sendable(&self.facts.outbox, at.now.wall, |pending| {
            self.wishes.paused_documents.contains(&pending.lane)
                || unsettled
                    .get(&pending.op)
                    .is_some_and(|rest| rest.not_before > at.now.mono_ms)
        });
        if self.has(Mutant::NoLaneOrder) {
            send = plan::in_any_order(&self.facts.outbox);
        }
        let stuck = send.len() < self.facts.outbox.len();
        if stuck && self.has(Mutant::PullWaitsForPush) && send.is_empty() {
            return;
        }
        if send.is_empty() && !asked {
            return;
        }
        self.round_at = None;
        let ticket = self.flights.start(Kind::Sync, at.now.mono_ms);
        self.moved_at = at.now.mono_ms;
        self.in_round.clone_from(&send);
        at.out.push(Effect::Sync { ticket, send });
    }
}
