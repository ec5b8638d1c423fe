//! How many desks are coming back just now, and over how long they should spread themselves.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Seconds that are looked back: desks that are told by their system that the network is back ask
/// within this time.
const BACK: usize = 10;

/// For so many desks one more second of spread is given: they come at this rate, until the window
/// is as long as it may be.
const DESKS_PER_SECOND: u32 = 10;

/// Counts the probes of the last seconds. A desk probes only when it does not know whether the
/// server is there, so many probes are a province that comes back, and one is a cable that was
/// pulled: that desk need not wait for anybody.
pub(crate) struct Returning {
    started: Instant,
    seconds: Mutex<Seconds>,
}

#[derive(Default)]
struct Seconds {
    /// The second that `counts[0]` is about, since the start.
    now: u64,
    /// Probes in this second and in those before it.
    counts: [u32; BACK],
}

impl Returning {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            seconds: Mutex::default(),
        }
    }

    /// Another desk asks: over how many seconds it should spread itself, `most` at the most.
    pub(crate) fn window_s(&self, most: u32) -> u32 {
        let second = self.started.elapsed().as_secs();
        let mut seconds = self.seconds.lock().unwrap_or_else(PoisonError::into_inner);
        most.min(seconds.another(second) / DESKS_PER_SECOND)
    }
}

impl Seconds {
    fn another(&mut self, second: u64) -> u32 {
        let passed = usize::try_from(second.saturating_sub(self.now)).unwrap_or(BACK);
        self.counts.rotate_right(passed.min(BACK));
        for count in self.counts.iter_mut().take(passed) {
            *count = 0;
        }
        self.now = self.now.max(second);
        if let Some(count) = self.counts.first_mut() {
            *count = count.saturating_add(1);
        }
        self.counts
            .iter()
            .fold(0, |sum, count| sum.saturating_add(*count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_desk_need_not_wait_and_a_province_that_comes_back_is_spread() {
        let mut seconds = Seconds::default();
        assert_eq!(seconds.another(3) / DESKS_PER_SECOND, 0);
        let many: u32 = (0..1_500)
            .map(|n| seconds.another(100 + n / 300))
            .max()
            .unwrap_or(0);
        assert_eq!(many, 1_500, "all within the time that is looked back");
        assert_eq!(
            seconds.another(110),
            1_201,
            "the oldest second is forgotten"
        );
        assert_eq!(seconds.another(150), 1, "all is forgotten");
        assert_eq!(
            seconds.another(149),
            2,
            "a clock that stands still loses nothing"
        );
        let returning = Returning::new();
        let windows: Vec<u32> = (0..3_000).map(|_| returning.window_s(120)).collect();
        assert_eq!(windows.first(), Some(&0));
        assert_eq!(windows.last(), Some(&120), "never more than the limit");
    }
}
