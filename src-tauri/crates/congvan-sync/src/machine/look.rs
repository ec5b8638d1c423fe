//! What the outside sees of the machine: its next wake and the line at the top.

use super::{Kind, Machine, plan};
use crate::{
    meter,
    status::{Moving, Network, Status, Trouble},
};
use congvan_protocol::Load;

/// A file that failed so often in a row is shown as trouble.
const TROUBLE_AFTER: u32 = 3;

impl Machine {
    /// When to send [`Event::Tick`](crate::Event::Tick), on the monotonic clock; none when only
    /// others can bring news.
    #[must_use]
    pub fn wake_at(&self) -> Option<u64> {
        let last = self.last?;
        let mut times: Vec<u64> = Vec::new();
        times.extend(self.probe_at);
        times.extend(self.flights.next_deadline());
        if self.may_talk() {
            times.push(self.quiet_until);
            times.extend(self.round_at.map(|at| at.max(self.quiet_until)));
            times.extend(self.transfers.values().filter_map(|retry| retry.next_at()));
            times.extend(self.unsettled.values().map(|rest| rest.not_before));
            times.extend(self.budget.next_at());
            times.extend(self.watchdog_at());
            times.push(self.listening.not_before);
            times.push(self.mending.not_before);
            times.extend(self.comparing_at(last));
            let until = |wait: u64| last.mono_ms.saturating_add(wait);
            if let Some(due) = plan::next_due(&self.facts.outbox, last.wall) {
                let wait = u64::try_from(due.0.saturating_sub(last.wall.0)).unwrap_or(0);
                times.push(until(wait));
            }
            times.extend(self.wishes.background.opens_in(last.wall).map(until));
        }
        // What is already past was acted upon, or waits for something that is under way.
        times.into_iter().filter(|at| *at > last.mono_ms).min()
    }

    /// The line at the top right, and the sync centre.
    #[must_use]
    pub fn status(&self) -> Status {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        Status {
            network: self.network,
            since: self.since,
            needs_login: self.started && !self.logged_in,
            syncing: self.flights.has(Kind::Sync),
            unsent: count(self.facts.outbox.len()),
            downloads_waiting: count(self.facts.wanted.len()),
            moving: self.moving(),
            remaining_s: self.remaining(),
            troubles: self.troubles(),
            paused: self.wishes.paused,
            load: self.load,
            live: self.listening.live,
            comparing: self.flights.has(Kind::Compare),
            healed: self.comparing.healed,
            held_removals: self.facts.held_removals,
            stalls: self.stalls,
        }
    }

    fn moving(&self) -> Vec<Moving> {
        self.flights
            .transfers()
            .map(|transfer| {
                let meter = transfer.meter.unwrap_or_default();
                Moving {
                    sha256: transfer.sha256,
                    upload: transfer.upload,
                    done: meter.done,
                    total: meter.total,
                    rate: meter.rate(),
                    remaining_s: meter::seconds(meter.rest(), meter.rate()),
                }
            })
            .collect()
    }

    // Counts what may travel now; a prefetch that waits for the night would make it a lie.
    fn remaining(&self) -> Option<u64> {
        let (mut bytes, mut rate) = (0_u64, None);
        for meter in self.flights.transfers().filter_map(|it| it.meter) {
            bytes = bytes.saturating_add(meter.rest());
            rate = match (rate, meter.rate()) {
                (Some(sum), Some(one)) => Some(u64::saturating_add(sum, one)),
                (sum, one) => sum.or(one),
            };
        }
        rate?;
        let waiting = self.waiting_bytes();
        meter::seconds(bytes.saturating_add(waiting), rate)
    }

    fn troubles(&self) -> Vec<Trouble> {
        let mut troubles: Vec<Trouble> = self
            .transfers
            .iter()
            .filter(|(_, retry)| retry.given_up || retry.backoff.failures() >= TROUBLE_AFTER)
            .filter_map(|(sha256, retry)| {
                Some(Trouble {
                    sha256: *sha256,
                    upload: retry.upload,
                    failure: retry.failure?,
                    failures: retry.backoff.failures(),
                    given_up: retry.given_up,
                })
            })
            .collect();
        troubles.sort_unstable_by_key(|trouble| (!trouble.given_up, trouble.sha256));
        troubles
    }

    pub(super) fn set_network(&mut self, network: Network, now: crate::Now) {
        if self.network != network {
            self.network = network;
            self.since = now.wall;
        }
    }

    pub(super) fn set_load(&mut self, load: Load, now: crate::Now) {
        self.load = load;
        let network = match load {
            Load::Calm => Network::Online,
            Load::Busy | Load::Strained | Load::Critical => Network::Busy,
        };
        self.set_network(network, now);
    }
}

impl Status {
    /// Whether nothing but bytes, rates and estimates differ.
    pub(crate) fn same_but_speed(&self, other: &Self) -> bool {
        let still = |status: &Self| {
            let mut status = status.clone();
            status.remaining_s = None;
            for moving in &mut status.moving {
                *moving = Moving {
                    done: 0,
                    total: 0,
                    rate: None,
                    remaining_s: None,
                    ..*moving
                };
            }
            status
        };
        still(self) == still(other)
    }
}
