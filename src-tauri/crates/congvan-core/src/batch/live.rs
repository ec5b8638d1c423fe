//! The batch under way, as it is shown from moment to moment.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio_util::sync::CancellationToken;

use super::{BatchItemState, BatchStage, BatchView};

/// A face re-reads the whole batch at each event, so they come no faster than this.
pub(super) const EVENT_GAP: Duration = Duration::from_millis(100);

/// How a run is ended from outside.
#[derive(Clone, Default)]
pub(super) struct Stops {
    /// The person wants it to stop: the document in the token is finished.
    pub(super) gently: CancellationToken,
    /// The desk is being closed: not even the token is waited for.
    pub(super) now: CancellationToken,
}

/// The one batch that may be under way.
#[derive(Default)]
pub(crate) struct BatchDesk(Mutex<Option<Live>>);

struct Live {
    view: BatchView,
    stops: Stops,
    told: Option<Instant>,
    /// Something has moved since.
    untold: bool,
}

impl BatchDesk {
    /// As it stands now; none when nothing is under way.
    pub(crate) fn view(&self) -> Option<BatchView> {
        self.lock().as_ref().map(|live| live.view.clone())
    }

    /// A run begins.
    pub(super) fn begin(&self, view: BatchView) -> Stops {
        let stops = Stops::default();
        *self.lock() = Some(Live {
            view,
            stops: stops.clone(),
            told: None,
            untold: false,
        });
        stops
    }

    /// The run is over: from here on the database is what is shown.
    pub(super) fn end(&self) {
        *self.lock() = None;
    }

    /// Stops the run; whether there is one.
    pub(super) fn cancel(&self) -> bool {
        let mut live = self.lock();
        if let Some(live) = live.as_mut() {
            live.view.stage = BatchStage::Stopping;
            live.stops.gently.cancel();
        }
        live.is_some()
    }

    /// Stops the run without waiting for the token; whether there is one.
    pub(super) fn abandon(&self) -> bool {
        let live = self.lock();
        if let Some(live) = live.as_ref() {
            live.stops.gently.cancel();
            live.stops.now.cancel();
        }
        live.is_some()
    }

    /// The stage, unless the person has cancelled meanwhile. Answers true: it is to be told.
    pub(super) fn stage(&self, stage: BatchStage) {
        if let Some(live) = self.lock().as_mut()
            && live.view.stage != BatchStage::Stopping
        {
            live.view.stage = stage;
        }
    }

    /// Documents have moved on. Whether the face should be told now.
    pub(super) fn items(&self, changes: impl IntoIterator<Item = (usize, BatchItemState)>) -> bool {
        let mut live = self.lock();
        let Some(live) = live.as_mut() else {
            return false;
        };
        for (place, state) in changes {
            if let Some(item) = live.view.items.get_mut(place) {
                item.state = state;
            }
        }
        let now = Instant::now();
        let is_due = live
            .told
            .is_none_or(|told| now.duration_since(told) >= EVENT_GAP);
        if is_due {
            live.told = Some(now);
        }
        live.untold = !is_due;
        is_due
    }

    /// Whether something has moved that nobody was told; now it counts as told.
    pub(super) fn take_untold(&self) -> bool {
        self.lock()
            .as_mut()
            .is_some_and(|live| std::mem::take(&mut live.untold))
    }

    /// How long this run has worked, and of this in the token, on top of `before`.
    pub(super) fn clock(&self, elapsed_ms: u64, token_ms: u64) {
        if let Some(live) = self.lock().as_mut() {
            live.view.elapsed_ms = elapsed_ms;
            live.view.token_ms = token_ms;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Live>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
