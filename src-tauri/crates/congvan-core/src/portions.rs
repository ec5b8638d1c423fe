//! Long work on files that is done in portions: whoever wants what comes of it asks again and again,
//! and so knows how far it is; whoever stops asking has stopped it.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

/// A portion ends after this much time, but never before it has done one step.
const PORTION: Duration = Duration::from_millis(300);
/// Steps of one portion at most, so that on a fast machine, too, somebody hears of it.
const STEPS: usize = 100;
/// Works that are held: the one on the screen, the version before it, a draft being made.
const HELD: usize = 4;

/// What is held of one work, for one portion at a time.
pub(crate) type Slot<W> = Arc<Mutex<W>>;

/// The works that are under way or done, the most recently asked for last.
pub(crate) struct Portions<K, W> {
    held: Mutex<VecDeque<(K, Slot<W>)>>,
}

impl<K, W> Default for Portions<K, W> {
    fn default() -> Self {
        Self {
            held: Mutex::default(),
        }
    }
}

impl<K: PartialEq, W: Default> Portions<K, W> {
    /// Forgets everything: the account has changed.
    pub(crate) async fn clear(&self) {
        self.held.lock().await.clear();
    }

    /// What is held of a work, from now on the last to give way.
    pub(crate) async fn slot(&self, key: K) -> Slot<W> {
        let mut held = self.held.lock().await;
        let place = held.iter().position(|(one, _)| *one == key);
        let entry = place
            .and_then(|index| held.remove(index))
            .unwrap_or_else(|| (key, Slot::default()));
        let slot = entry.1.clone();
        held.push_back(entry);
        if held.len() > HELD {
            held.pop_front();
        }
        slot
    }
}

/// What is left of one portion.
pub(crate) struct Portion {
    began: Instant,
    steps: usize,
}

impl Portion {
    pub(crate) fn begin() -> Self {
        Self {
            began: Instant::now(),
            steps: STEPS,
        }
    }

    /// A step was done.
    pub(crate) fn spend(&mut self) {
        self.steps = self.steps.saturating_sub(1);
    }

    /// Whether what is left to do is for the next portion.
    pub(crate) fn is_over(&self) -> bool {
        self.steps == 0 || self.began.elapsed() >= PORTION
    }
}
