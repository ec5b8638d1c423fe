//! What stands still is started anew.

use super::{At, Kind, Machine, Mutant};
use crate::event::{Compared, Effect, Failure};

/// Work that could move and has not, for so long, is started anew, ms.
const STANDSTILL: u64 = 120_000;

impl Machine {
    /// What has been silent for too long has died somewhere: give it up and find out why.
    pub(super) fn watch(&mut self, at: &mut At<'_>) {
        if self.has(Mutant::NoWatchdog) {
            return;
        }
        while let Some(flight) = self.flights.take_silent(at.now.mono_ms) {
            at.out.push(Effect::Cancel {
                ticket: flight.ticket,
            });
            match flight.kind {
                Kind::Probe => self.not_reached(Failure::Unreachable, at),
                Kind::Sync => self.round_failed(Failure::Unreachable, at),
                Kind::Upload(sha256) | Kind::Download(sha256) => {
                    self.transfer_failed(flight.kind, sha256, Failure::Unreachable, at);
                }
                Kind::Listen => self.listening_ended(Err(Failure::Unreachable), at),
                Kind::Compare => self.compared(Err::<Compared, _>(Failure::Unreachable), at),
                Kind::NewHistory | Kind::NewIncarnation => self.mended(Err(Failure::Local), at),
            }
        }
        self.watch_progress(at);
    }

    // The last net under all others: the server is up, something is under way, and for two minutes
    // nothing has come further anywhere. Waits that someone asked for do not count.
    fn watch_progress(&mut self, at: &mut At<'_>) {
        let now = at.now.mono_ms;
        if !self.may_talk() || now < self.quiet_until {
            self.moved_at = now;
            return;
        }
        if now.saturating_sub(self.moved_at) < STANDSTILL {
            return;
        }
        self.moved_at = now;
        if !self.flights.any_work() {
            return;
        }
        self.stalls = self.stalls.saturating_add(1);
        self.cancel_all(at);
        at.out.push(Effect::DropConnections);
        self.probe_at = Some(now);
        self.round_at = Some(now);
    }

    pub(super) fn watchdog_at(&self) -> Option<u64> {
        self.flights
            .any_work()
            .then(|| self.moved_at.saturating_add(STANDSTILL))
    }
}
