use std::{
    sync::atomic::{AtomicBool, AtomicI64, Ordering},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use congvan_model::Timestamp;

/// An answer that took longer says too little about the clock: half of it is the error.
const DOUBTFUL: Duration = Duration::from_secs(4);
/// Differences below are the network's, not the clock's.
const NOISE_MS: i64 = 2_000;
/// From here on a person must be told that the machine's clock is wrong.
const WRONG_MS: i64 = 5 * 60_000;

/// The machine's clock and its measured distance from the server's: communes have no public NTP.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
    /// Whether the distance was measured in this run; before that it is the last run's.
    measured: AtomicBool,
}

impl Clock {
    /// The machine's wall clock.
    pub(crate) fn machine(&self) -> Timestamp {
        #[allow(clippy::disallowed_methods)] // The one place that reads the wall clock.
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// The wall clock corrected by the last measured offset: what acts are dated with.
    pub(crate) fn now(&self) -> Timestamp {
        self.machine()
            .plus_ms(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Takes in the server's time, read somewhere between the request and its answer: the middle
    /// is the best guess. A slow answer is not believed while there is a better one.
    pub(crate) fn learn(&self, server: Timestamp, took: Duration, arrived: Instant) {
        if took > DOUBTFUL && self.measured.load(Ordering::Relaxed) {
            return;
        }
        let since = millis(took / 2).saturating_add(millis(arrived.elapsed()));
        let offset = server
            .0
            .saturating_add(since)
            .saturating_sub(self.machine().0);
        self.restore(offset);
        self.measured.store(true, Ordering::Relaxed);
    }

    /// Takes over a distance measured earlier.
    pub(crate) fn restore(&self, offset_ms: i64) {
        let offset = if offset_ms.abs() < NOISE_MS {
            0
        } else {
            offset_ms
        };
        self.offset_ms.store(offset, Ordering::Relaxed);
    }

    /// The server's clock minus ours, ms; 0 within the network's noise.
    pub(crate) fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed)
    }

    /// The same where it is so large that a person must set the clock right.
    pub(crate) fn wrong_by_ms(&self) -> Option<i64> {
        let offset = self.offset_ms();
        (offset.abs() > WRONG_MS).then_some(offset)
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_measured_at_the_middle_and_a_slow_answer_does_not_spoil_it() {
        let clock = Clock::default();
        let ahead = clock.machine().plus_ms(-1_000 + 600_000);
        clock.learn(ahead, Duration::from_secs(2), Instant::now());
        let offset = clock.offset_ms();
        assert!((599_900..=600_100).contains(&offset), "{offset}");
        assert!(clock.wrong_by_ms().is_some());
        clock.learn(clock.machine(), Duration::from_secs(40), Instant::now());
        assert_eq!(
            clock.offset_ms(),
            offset,
            "half of forty seconds is the error"
        );
        clock.learn(clock.machine().plus_ms(900), Duration::ZERO, Instant::now());
        assert_eq!(clock.offset_ms(), 0, "less than two seconds is noise");
        assert_eq!(clock.wrong_by_ms(), None);
    }
}
