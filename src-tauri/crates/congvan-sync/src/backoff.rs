use rand::{Rng as _, RngCore};

/// Longest wait between tries, ms.
const LONGEST: u64 = 300_000;

/// How often something has failed in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Another failure: how many ms to wait. Full jitter below a ceiling that doubles from `base`,
    /// the jitter after the cap, so that desks which fail together do not come back together.
    /// `floor_s` is the server's Retry-After; up to a fifth is added, for the same reason.
    pub(crate) fn failed(
        &mut self,
        base_ms: u64,
        floor_s: Option<u32>,
        rng: &mut dyn RngCore,
    ) -> u64 {
        let ceiling = base_ms
            .saturating_mul(1_u64.checked_shl(self.failures.min(20)).unwrap_or(u64::MAX))
            .min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let jittered = rng.random_range(0..=ceiling);
        let floor = u64::from(floor_s.unwrap_or(0)).saturating_mul(1_000);
        let spread = rng.random_range(0..=floor / 5);
        jittered.max(floor.saturating_add(spread))
    }

    /// How often in a row.
    pub(crate) fn failures(self) -> u32 {
        self.failures
    }

    /// Useful work was done.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Lets background work try again only for a tenth of what succeeds, so that a server in trouble is
/// not asked the same over and over. Counts in tenths of a try; some come with time, or a desk
/// without any success would never try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RetryBudget {
    tenths: u32,
    filled_at: u64,
}

/// Tries a rested budget allows, and the time that brings one, ms.
const FULL: u32 = 100;
const ONE_IN: u64 = 60_000;

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            tenths: FULL,
            filled_at: 0,
        }
    }
}

impl RetryBudget {
    pub(crate) fn succeeded(&mut self) {
        self.tenths = self.tenths.saturating_add(1).min(FULL);
    }

    pub(crate) fn fill(&mut self, now_ms: u64) {
        let tries = now_ms.saturating_sub(self.filled_at) / ONE_IN;
        if tries > 0 {
            self.filled_at = now_ms;
            let tenths = u32::try_from(tries).unwrap_or(FULL).saturating_mul(10);
            self.tenths = self.tenths.saturating_add(tenths).min(FULL);
        }
    }

    /// Takes one try; false when there is none.
    pub(crate) fn take(&mut self) -> bool {
        let left = self.tenths.checked_sub(10);
        self.tenths = left.unwrap_or(self.tenths);
        left.is_some()
    }

    /// When the next try comes by itself.
    pub(crate) fn next_at(&self) -> Option<u64> {
        (self.tenths < 10).then(|| self.filled_at.saturating_add(ONE_IN))
    }
}

/// Uniform in 0..=`ms`.
pub(crate) fn up_to(ms: u64, rng: &mut dyn RngCore) -> u64 {
    rng.random_range(0..=ms)
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::SmallRng};

    use super::*;

    #[test]
    fn waits_grow_to_five_minutes_and_retry_after_is_a_floor() {
        let mut rng = SmallRng::seed_from_u64(1);
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..200)
            .map(|_| backoff.failed(1_000, None, &mut rng))
            .collect();
        assert!(waits.iter().all(|wait| *wait <= LONGEST));
        assert!(waits.iter().any(|wait| *wait > LONGEST / 2));
        // Jitter reaches below the ceiling, or desks that failed together would return together.
        assert!(waits.iter().skip(20).any(|wait| *wait < LONGEST / 4));
        assert!(waits.first().is_some_and(|wait| *wait <= 1_000));
        for _ in 0..50 {
            let wait = backoff.failed(1, Some(1_000), &mut rng);
            assert!((1_000_000..=1_200_000).contains(&wait), "{wait}");
        }
        backoff.reset();
        assert!(backoff.failed(1_000, None, &mut rng) <= 1_000);
    }
}
