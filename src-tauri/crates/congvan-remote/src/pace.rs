use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

/// What was saved up while nothing moved may go at once, for so long.
const BURST: Duration = Duration::from_millis(250);

/// How fast files may travel; none = as fast as the line carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bandwidth {
    /// Bytes a second to the server.
    pub up: Option<u64>,
    /// Bytes a second from the server.
    pub down: Option<u64>,
}

/// Bytes of files handed to the line and taken from it since the start, those in vain too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// To the server.
    pub up: u64,
    /// From the server.
    pub down: u64,
}

/// Both directions.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    pub(crate) up: Bucket,
    pub(crate) down: Bucket,
}

impl Pace {
    pub(crate) fn set(&self, bandwidth: Bandwidth) {
        self.up.set(bandwidth.up);
        self.down.set(bandwidth.down);
    }

    pub(crate) fn traffic(&self) -> Traffic {
        Traffic {
            up: self.up.passed.load(Ordering::Relaxed),
            down: self.down.passed.load(Ordering::Relaxed),
        }
    }
}

/// A bucket of tokens, one a byte, shared by all transfers of a direction.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    state: Mutex<State>,
    changed: Notify,
    passed: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    rate: Option<u64>,
    /// When everything that was let through so far has been paid for.
    paid_at: Option<Instant>,
}

impl Bucket {
    fn set(&self, rate: Option<u64>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.rate != rate {
            state.rate = rate;
            state.paid_at = None;
            self.changed.notify_waiters();
        }
    }

    /// Waits until so many bytes may pass, and counts them.
    pub(crate) async fn take(&self, bytes: usize) {
        // Registered before the look at the rate, so that no change is missed.
        let changed = self.changed.notified();
        let until = self.reserve(bytes as u64);
        if let Some(until) = until {
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                // What waits under the old rate goes at once; the next pays the new one.
                () = changed => {}
            }
        }
        self.passed.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn reserve(&self, bytes: u64) -> Option<Instant> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let rate = state.rate?.max(1);
        let now = Instant::now();
        let from = match state.paid_at {
            Some(paid) => paid.max(now.checked_sub(BURST).unwrap_or(now)),
            None => now,
        };
        let cost = Duration::from_secs_f64(bytes as f64 / rate as f64);
        let until = from + cost;
        state.paid_at = Some(until);
        Some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_limit_holds_over_all_who_share_it_and_a_lifted_one_lets_go() {
        let pace = Pace::default();
        pace.up.take(10_000_000).await;
        pace.set(Bandwidth {
            up: Some(1_000_000),
            down: None,
        });
        let started = Instant::now();
        let half = async || {
            for _ in 0..10 {
                pace.up.take(10_000).await;
            }
        };
        tokio::join!(half(), half());
        let took = started.elapsed();
        assert!(
            took >= Duration::from_millis(195),
            "200,000 bytes at a million a second took {took:?}"
        );
        let day_of_bytes = 86_400_000_000;
        let lifted = tokio::time::timeout(Duration::from_secs(60), async {
            tokio::join!(pace.up.take(day_of_bytes), async {
                tokio::task::yield_now().await;
                pace.set(Bandwidth::default());
            })
        });
        lifted.await.expect("does not wait for a day");
        assert_eq!(pace.traffic().up, 10_200_000 + day_of_bytes as u64);
    }
}
