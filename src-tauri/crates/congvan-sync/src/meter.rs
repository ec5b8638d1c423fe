//! How fast a transfer moves, from its own reports.

/// Weight of the past: a rate forgets what was `MEMORY` ms ago to about a third.
const MEMORY: u64 = 4_000;
/// Reports closer together than this are taken as one, ms.
const TOGETHER: u64 = 200;
/// A rate is shown only after so long, ms: the first seconds mislead.
const WARM_UP: u64 = 1_000;

/// Speed and rest of one transfer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meter {
    pub(crate) done: u64,
    pub(crate) total: u64,
    began: u64,
    measured_at: u64,
    measured: u64,
    rate: Option<u64>,
}

impl Meter {
    /// The first report: what an earlier try has brought is no speed.
    pub(crate) fn new(done: u64, total: u64, now_ms: u64) -> Self {
        Self {
            done,
            total,
            began: now_ms,
            measured_at: now_ms,
            measured: done,
            rate: None,
        }
    }

    pub(crate) fn report(&mut self, done: u64, total: u64, now_ms: u64) {
        self.done = done;
        self.total = total;
        let took = now_ms.saturating_sub(self.measured_at);
        if took < TOGETHER {
            return;
        }
        // A server may say that less is durable than was hoped; that is no negative speed.
        let came = done.saturating_sub(self.measured);
        let seen = came.saturating_mul(1_000) / took.max(1);
        self.rate = Some(match self.rate {
            None => seen,
            Some(old) => {
                let weighted = old
                    .saturating_mul(MEMORY)
                    .saturating_add(seen.saturating_mul(took));
                weighted / MEMORY.saturating_add(took)
            }
        });
        self.measured_at = now_ms;
        self.measured = done;
    }

    /// Bytes per second; none before it means something.
    pub(crate) fn rate(&self) -> Option<u64> {
        self.rate
            .filter(|_| self.measured_at.saturating_sub(self.began) >= WARM_UP)
    }

    pub(crate) fn rest(&self) -> u64 {
        self.total.saturating_sub(self.done)
    }
}

/// Seconds until so many bytes have come at this rate, rounded up; none while nothing moves.
pub(crate) fn seconds(bytes: u64, rate: Option<u64>) -> Option<u64> {
    rate.filter(|rate| *rate > 0)
        .map(|rate| bytes.div_ceil(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resumed_transfer_does_not_count_what_was_there_as_speed() {
        let mut meter = Meter::new(40_000_000, 60_000_000, 0);
        assert_eq!(meter.rate(), None);
        for second in 1..=20 {
            meter.report(40_000_000 + second * 500_000, 60_000_000, second * 1_000);
        }
        assert_eq!(meter.rate(), Some(500_000));
        assert_eq!(seconds(meter.rest(), meter.rate()), Some(20));
    }

    #[test]
    fn a_line_that_slows_down_is_believed_within_some_seconds() {
        let mut meter = Meter::new(0, 100_000_000, 0);
        let mut done = 0;
        for second in 1..=10 {
            done += 1_000_000;
            meter.report(done, 100_000_000, second * 1_000);
        }
        for second in 11..=25 {
            done += 100_000;
            meter.report(done, 100_000_000, second * 1_000);
        }
        let rate = meter.rate().expect("a rate");
        assert!((100_000..200_000).contains(&rate), "{rate}");
        meter.report(done, 100_000_000, 25_050);
        assert_eq!(meter.rate(), Some(rate), "too soon to measure");
    }
}
