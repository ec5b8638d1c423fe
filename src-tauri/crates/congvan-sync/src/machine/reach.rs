//! Whether the server is there.

use super::{
    At, Machine, Mutant, PROBE_BASE, SLEEP_GAP, URGENT_SPREAD, USER_EVERY, USER_EVERY_LOADED,
    USER_WAITS,
};
use crate::{
    backoff::up_to,
    event::{Effect, Failure, Healthy, Now},
    status::Network,
};
use congvan_protocol::Load;

impl Machine {
    pub(super) fn reached(&mut self, healthy: Healthy, at: &mut At<'_>) {
        let first = self.network == Network::Connecting;
        let was_up = self.network.is_up();
        self.probe_backoff.reset();
        self.probe_at = None;
        self.set_load(healthy.load, at.now);
        if was_up {
            return;
        }
        // A person just started the desk: no reason to wait. A line that came back for a whole
        // province at once: everyone waits a little, holders of urgent acts the least.
        let asked = at.now.mono_ms < self.user_waits_until;
        if !first && !asked && !self.has(Mutant::NoJitter) {
            let window = u64::from(healthy.reconnect_window_s).saturating_mul(1_000);
            let urgent = self.facts.outbox.iter().any(|pending| pending.urgent)
                || self.facts.wanted.iter().any(|file| file.urgent);
            let spread = if urgent {
                window.min(URGENT_SPREAD)
            } else {
                window
            };
            self.quiet_until = at.now.mono_ms.saturating_add(up_to(spread, at.rng));
        }
        self.begin_anew(at.now);
    }

    // The server is there again: what was cut off goes on.
    fn begin_anew(&mut self, now: Now) {
        self.round_backoff.reset();
        self.transfers.retain(|_, retry| retry.given_up);
        self.pulled = false;
        self.listening.begin_anew();
        self.round_at = Some(now.mono_ms);
    }

    pub(super) fn not_reached(&mut self, failure: Failure, at: &mut At<'_>) {
        let network = match failure {
            Failure::Untrusted => Network::Untrusted,
            Failure::WrongNetwork => Network::WrongNetwork,
            // A server that refuses its own health check is there, and busy.
            Failure::Busy { .. } | Failure::Refused | Failure::TooLarge => Network::Busy,
            Failure::Unreachable
            | Failure::LoginNeeded
            | Failure::Local
            | Failure::StaleCursor
            | Failure::RolledBack
            | Failure::Cancelled => Network::Offline,
        };
        // A busy server that was away before is back all the same.
        if network.is_up() && !self.network.is_up() {
            self.begin_anew(at.now);
        }
        let was_up = self.network.is_up();
        self.set_network(network, at.now);
        let floor = match failure {
            Failure::Busy { retry_after_s } => retry_after_s,
            Failure::Unreachable
            | Failure::Untrusted
            | Failure::WrongNetwork
            | Failure::LoginNeeded
            | Failure::Refused
            | Failure::TooLarge
            | Failure::StaleCursor
            | Failure::RolledBack
            | Failure::Local
            | Failure::Cancelled => None,
        };
        let wait = self
            .probe_backoff
            .failed(PROBE_BASE, floor, at.rng)
            .max(1_000);
        self.probe_at = Some(at.now.mono_ms.saturating_add(wait));
        if network.is_up() {
            self.quiet_until = at.now.mono_ms.saturating_add(wait);
        } else {
            // When the line is back, the server would first tell to the end on the old connections
            // what nobody waits for any more.
            if was_up {
                at.out.push(Effect::DropConnections);
            }
            self.cancel_work(at);
        }
    }

    // A request failed: is the server gone, or was it only this request? The probe decides.
    pub(super) fn doubt(&mut self, now: Now) {
        if self.network.is_up() {
            self.probe_at = Some(now.mono_ms);
        }
    }

    pub(super) fn session_ended(&mut self, at: &mut At<'_>) {
        if self.has(Mutant::SwallowsLogout) {
            self.set_network(Network::Offline, at.now);
            self.probe_at = Some(at.now.mono_ms.saturating_add(PROBE_BASE));
        } else if self.logged_in {
            self.logged_in = false;
            at.out.push(Effect::NeedLogin);
        }
        self.cancel_work(at);
    }

    pub(super) fn slept(&self, now: Now) -> bool {
        self.last.is_some_and(|last| {
            let wall = now.wall.0.saturating_sub(last.wall.0);
            let mono = now.mono_ms.saturating_sub(last.mono_ms);
            wall.saturating_sub(i64::try_from(mono).unwrap_or(i64::MAX)) > SLEEP_GAP
        })
    }

    pub(super) fn wake_up(&mut self, at: &mut At<'_>) {
        self.cancel_all(at);
        at.out.push(Effect::DropConnections);
        self.probe_backoff.reset();
        self.probe_at = Some(at.now.mono_ms);
        self.round_at = Some(at.now.mono_ms);
    }

    // A person asks: no spreading, no backing off, but a server that is there and has much to do is
    // not asked with every click.
    pub(super) fn sync_now(&mut self, now: Now) {
        // Asked too soon after the last time: done as soon as it may be, not forgotten.
        let when = now.mono_ms.max(self.user_may_ask_at);
        if when == now.mono_ms {
            let loaded = self.network == Network::Busy || self.load > Load::Calm;
            let every = if loaded {
                USER_EVERY_LOADED
            } else {
                USER_EVERY
            };
            self.user_may_ask_at = when.saturating_add(every);
            self.user_waits_until = when.saturating_add(USER_WAITS);
        }
        self.quiet_until = when;
        self.round_at = Some(when);
        self.probe_at = Some(when);
        for retry in self.transfers.values_mut() {
            retry.not_before = when;
            retry.given_up = false;
        }
    }
}
