//! Notices that the machine was asleep: the wall clock went on and the steady one did not.

use std::time::{Duration, Instant, SystemTime};

/// A difference that no clock correction of daily life makes, and short enough for a lid that was
/// closed on the way to the next room.
const SLEEP: Duration = Duration::from_secs(20);

/// The two clocks when they were last compared.
pub(super) struct Slept {
    wall: SystemTime,
    steady: Instant,
}

impl Slept {
    pub(super) fn new() -> Self {
        Self {
            wall: wall(),
            steady: Instant::now(),
        }
    }

    /// Whether the machine slept since the last time this was asked. A clock that was put forward
    /// looks the same; then a session ends too early, which does no harm but to ask for the PIN.
    pub(super) fn woke(&mut self) -> bool {
        let (wall, steady) = (wall(), Instant::now());
        let passed = wall.duration_since(self.wall).unwrap_or_default();
        let lived = steady.duration_since(self.steady);
        (self.wall, self.steady) = (wall, steady);
        is_sleep(passed, lived)
    }
}

/// Whether so much time on the wall and so much lived time mean sleep.
fn is_sleep(passed: Duration, lived: Duration) -> bool {
    passed.saturating_sub(lived) > SLEEP
}

/// Only differences are used, so it matters little whether the clock is right.
#[allow(clippy::disallowed_methods, reason = "differences only, never a date")]
fn wall() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_passed_without_being_lived_is_sleep() {
        let seconds = Duration::from_secs;
        assert!(is_sleep(seconds(600), seconds(1)));
        assert!(!is_sleep(seconds(600), seconds(600)));
        assert!(!is_sleep(seconds(10), Duration::ZERO), "a corrected clock");
        assert!(!is_sleep(Duration::ZERO, seconds(600)), "a clock put back");
    }
}
