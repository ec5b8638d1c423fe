//! When server and desk no longer speak of the same history, and the daily look whether they agree.

use super::{At, Machine, Mutant, RETRY_BASE};
use crate::{
    backoff::Backoff,
    event::{Compared, Effect, Failure, Now, Why},
    flight::Kind,
};
use congvan_protocol::Load;

/// A comparison is due after so long, ms.
const DAILY: i64 = 24 * 3_600_000;
/// A comparison that lies this far in the future was noted by a wrong clock, ms.
const CLOCK_SLACK: i64 = 3_600_000;
/// Whatever the clock says, daily comparisons are at least so far apart, ms.
const APART: u64 = 3_600_000;
/// Base of the wait after a comparison that failed, ms.
const COMPARE_BASE: u64 = 60_000;
/// A server that knows no inventory is asked again after so long, ms.
const NO_INVENTORY: u64 = 6 * 3_600_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mend {
    NewHistory,
    NewIncarnation,
}

#[derive(Debug, Default)]
pub(super) struct Mending {
    needed: Option<Mend>,
    pub(super) not_before: u64,
    /// Reset by a round that succeeds: a server that calls every cursor stale is not asked in a
    /// loop.
    pub(super) backoff: Backoff,
}

#[derive(Debug, Default)]
pub(super) struct Comparing {
    wanted: Option<Why>,
    /// Wanted since the one under way began: that one may have looked before what it is wanted for.
    again: Option<Why>,
    not_before: u64,
    daily_not_before: u64,
    backoff: Backoff,
    /// Held removals that were checked.
    checked: u32,
    /// Those that were held when the comparison under way began: what came since it has not seen.
    checking: u32,
    held: u32,
    pub(super) healed: u32,
    /// A round ended while the comparison was under way.
    overlapped: bool,
}

impl Comparing {
    pub(super) fn removals_are(&mut self, held: u32) {
        self.held = held;
        self.checked = self.checked.min(held);
    }

    /// What a round has just removed, bodies asked for before it would bring back.
    pub(super) fn overlapped(&mut self) {
        self.overlapped = true;
    }
}

impl Machine {
    pub(super) fn history_is_stale(&mut self, at: &mut At<'_>) {
        self.must_mend(Mend::NewHistory, at);
    }

    pub(super) fn was_rolled_back(&mut self, at: &mut At<'_>) {
        self.must_mend(Mend::NewIncarnation, at);
    }

    fn must_mend(&mut self, mend: Mend, at: &mut At<'_>) {
        let wait = match self.mending.backoff.failures() {
            0 => 0,
            _ => self
                .mending
                .backoff
                .failed(RETRY_BASE, None, at.rng)
                .max(500),
        };
        self.mending.needed = Some(mend);
        self.mending.not_before = at.now.mono_ms.saturating_add(wait);
    }

    /// Rounds rest until it is done: what they would send and ask is of the old history.
    pub(super) fn must_mend_first(&self) -> bool {
        self.mending.needed.is_some()
    }

    pub(super) fn start_mending(&mut self, at: &mut At<'_>) {
        let under_way =
            self.flights.has(Kind::NewHistory) || self.flights.has(Kind::NewIncarnation);
        if under_way || self.mending.not_before > at.now.mono_ms || self.flights.has(Kind::Sync) {
            return;
        }
        match self.mending.needed {
            None => {}
            Some(Mend::NewHistory) => {
                let ticket = self.flights.start(Kind::NewHistory, at.now.mono_ms);
                at.out.push(Effect::NewHistory { ticket });
            }
            Some(Mend::NewIncarnation) => {
                let ticket = self.flights.start(Kind::NewIncarnation, at.now.mono_ms);
                at.out.push(Effect::NewIncarnation { ticket });
            }
        }
    }

    pub(super) fn mended(&mut self, end: Result<(), Failure>, at: &mut At<'_>) {
        let wait = self
            .mending
            .backoff
            .failed(RETRY_BASE, None, at.rng)
            .max(500);
        match end {
            Ok(()) => {
                self.mending.needed = None;
                self.mending.not_before = 0;
                self.pulled = false;
                self.round_at = Some(at.now.mono_ms);
                self.want_comparison(Why::Restart);
            }
            // Cancelled by sleep or logout as much as failed by a full disk: still needed.
            Err(_) => self.mending.not_before = at.now.mono_ms.saturating_add(wait),
        }
    }

    fn want_comparison(&mut self, why: Why) {
        self.comparing.wanted = self.comparing.wanted.max(Some(why));
        if self.flights.has(Kind::Compare) {
            self.comparing.again = self.comparing.again.max(Some(why));
        }
        self.comparing.not_before = 0;
    }

    pub(super) fn compare_now(&mut self, now: Now) {
        self.want_comparison(Why::Asked);
        self.sync_now(now);
    }

    fn is_daily_due(&self, now: Now) -> bool {
        self.facts.compared_at.is_none_or(|then| {
            let passed = now.wall.0.saturating_sub(then.0);
            !(-CLOCK_SLACK..DAILY).contains(&passed)
        }) && self.comparing.daily_not_before <= now.mono_ms
    }

    fn comparison(&self, now: Now) -> Option<Why> {
        if self.has(Mutant::NeverCompares) {
            return None;
        }
        // A number does not tell which ones are held, so what stays held is looked at again.
        let again = self.comparing.held > 0 && self.comparing.daily_not_before <= now.mono_ms;
        if self.comparing.held > self.comparing.checked || again {
            return Some(Why::Removals);
        }
        let daily = self.is_daily_due(now).then_some(Why::Daily);
        self.comparing.wanted.max(daily)
    }

    pub(super) fn comparing_at(&self, now: Now) -> Option<u64> {
        let daily = match self.facts.compared_at {
            Some(then) => {
                let rest = then.0.saturating_add(DAILY).saturating_sub(now.wall.0);
                let wait = u64::try_from(rest.clamp(0, DAILY)).unwrap_or(0);
                now.mono_ms.saturating_add(wait)
            }
            None => now.mono_ms,
        };
        let daily = daily.max(self.comparing.daily_not_before);
        let wanted = self.comparison(now).map(|_| self.comparing.not_before);
        Some(wanted.map_or(daily, |wanted| wanted.min(daily)))
    }

    // Only what has been read to its end can be compared; what is asked for goes before what is
    // due, and a busy server is spared the daily look.
    pub(super) fn start_comparing(&mut self, at: &mut At<'_>) {
        if !self.pulled
            || self.must_mend_first()
            || self.flights.has(Kind::Sync)
            || self.flights.has(Kind::Compare)
            || self.comparing.not_before > at.now.mono_ms
        {
            return;
        }
        let Some(why) = self.comparison(at.now) else {
            return;
        };
        let allowed = match self.load {
            Load::Calm => true,
            Load::Busy | Load::Strained => why != Why::Daily,
            Load::Critical => false,
        };
        if !allowed {
            return;
        }
        let ticket = self.flights.start(Kind::Compare, at.now.mono_ms);
        self.comparing.overlapped = false;
        self.comparing.again = None;
        self.comparing.checking = self.comparing.held;
        at.out.push(Effect::CompareInventory { ticket, why });
    }

    pub(super) fn compared(&mut self, end: Result<Compared, Failure>, at: &mut At<'_>) {
        let failure = match end {
            Ok(found) => {
                let comparing = &mut self.comparing;
                comparing.healed = comparing.healed.saturating_add(found.healed);
                comparing.wanted = comparing.again.take();
                comparing.checked = comparing.held.min(comparing.checking);
                comparing.backoff.reset();
                comparing.daily_not_before = at.now.mono_ms.saturating_add(APART);
                if comparing.overlapped && found.healed > 0 {
                    comparing.wanted = comparing.wanted.max(Some(Why::Restart));
                    comparing.not_before = at.now.mono_ms.saturating_add(COMPARE_BASE);
                }
                return self.budget.succeeded();
            }
            Err(failure) => failure,
        };
        let floor = match failure {
            Failure::Cancelled => return,
            Failure::LoginNeeded => return self.session_ended(at),
            Failure::StaleCursor => return self.history_is_stale(at),
            Failure::RolledBack => return self.was_rolled_back(at),
            Failure::Refused | Failure::TooLarge => {
                self.comparing.not_before = at.now.mono_ms.saturating_add(NO_INVENTORY);
                return;
            }
            Failure::Busy { retry_after_s } => retry_after_s,
            Failure::Unreachable | Failure::Untrusted | Failure::WrongNetwork => {
                self.doubt(at.now);
                None
            }
            Failure::Local => None,
        };
        let wait = self
            .comparing
            .backoff
            .failed(COMPARE_BASE, floor, at.rng)
            .max(1_000);
        self.comparing.not_before = at.now.mono_ms.saturating_add(wait);
    }
}
