use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::error::RemoteError;

/// The doors of the server: one may be shut (a proxy that takes no long answers, a full disk behind
/// uploads) while the others are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ServerPath {
    /// The probe.
    Health,
    /// Login and renewal.
    Auth,
    /// Facts of the session.
    Session,
    /// Rounds.
    Sync,
    /// Comparing what both sides have.
    Inventory,
    /// Hints that something changed.
    Events,
    /// Files up.
    Uploads,
    /// Files down.
    Blobs,
    /// Number books.
    Books,
    /// The directory of agencies.
    Directory,
}

impl ServerPath {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Health,
        Self::Auth,
        Self::Session,
        Self::Sync,
        Self::Inventory,
        Self::Events,
        Self::Uploads,
        Self::Blobs,
        Self::Books,
        Self::Directory,
    ];

    /// A name for logs and the support bundle.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Auth => "auth",
            Self::Session => "session",
            Self::Sync => "sync",
            Self::Inventory => "inventory",
            Self::Events => "events",
            Self::Uploads => "uploads",
            Self::Blobs => "blobs",
            Self::Books => "books",
            Self::Directory => "directory",
        }
    }
}

/// How one door has answered since the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathHealth {
    /// Which door.
    pub path: ServerPath,
    /// Requests that were answered, refusals too.
    pub answered: u64,
    /// Requests that were not.
    pub failed: u64,
    /// Failures since the last answer.
    pub failed_in_a_row: u32,
    /// Time to the first byte of an answer, smoothed; none before the first.
    pub delay: Option<Duration>,
    /// The last failure, also when answers came after it.
    pub last_fault: Option<RemoteError>,
}

/// All doors.
#[derive(Debug)]
pub(crate) struct PathBook(Mutex<Vec<PathHealth>>);

impl Default for PathBook {
    fn default() -> Self {
        let all = ServerPath::ALL.map(|path| PathHealth {
            path,
            answered: 0,
            failed: 0,
            failed_in_a_row: 0,
            delay: None,
            last_fault: None,
        });
        Self(Mutex::new(all.into()))
    }
}

impl PathBook {
    pub(crate) fn answered(&self, path: ServerPath, took: Duration) {
        self.change(path, |health| {
            health.answered += 1;
            health.failed_in_a_row = 0;
            // As TCP smooths its round trip: an eighth of the new one.
            health.delay = Some(match health.delay {
                Some(old) => (old * 7 + took) / 8,
                None => took,
            });
        });
    }

    pub(crate) fn failed(&self, path: ServerPath, fault: &RemoteError) {
        self.change(path, |health| {
            health.failed += 1;
            health.failed_in_a_row = health.failed_in_a_row.saturating_add(1);
            health.last_fault = Some(fault.clone());
        });
    }

    pub(crate) fn read(&self) -> Vec<PathHealth> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn change(&self, path: ServerPath, change: impl FnOnce(&mut PathHealth)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(health) = all.iter_mut().find(|health| health.path == path) {
            change(health);
        }
    }
}
