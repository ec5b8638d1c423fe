//! Scans from the moment they arrive until they are confirmed.
//!
//! A file is copied into the encrypted store before anything else happens to it; then it is looked at
//! ([`preparing`]), falls into letters, is read, confirmed by a person and registered. Whatever ends
//! the program in between, the next opening goes on where it stopped.
//!
//! Invariant: the file outside is only read. A row never precedes durable bytes. What a person wrote
//! or decided is never replaced by what a machine reads.

mod activities;
mod adding;
mod agencies;
mod assembling;
mod fields;
pub(crate) mod format;
mod learning;
mod letter_fields;
mod letters;
mod preparing;
mod quality;
mod reading;
mod searching;
mod skew;

use congvan_store::StoreError;
use congvan_worker::RenderClient;
use tokio::sync::{Mutex, Notify};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) use activities::known as known_activities;
pub(crate) use adding::copy_file;
pub use adding::{AddedFile, AddedStacks};
pub use agencies::AgencyView;
pub(crate) use agencies::put_away as directory_changed;
pub(crate) use assembling::WantedPage;
pub(crate) use fields::confirmed_fields;
pub use fields::registration_fields;
pub use letters::{IntakeList, LetterDetail};
pub(crate) use reading::ocr;

/// Bytes of a file that are still taken in.
pub(crate) const MOST_BYTES: u64 = 500 * 1024 * 1024;
/// Pages of a file that are still taken in.
pub(crate) const MOST_PAGES: usize = 1_000;

/// What works on the scans of one session.
pub(crate) struct IntakeDesk {
    /// Ends everything here.
    pub(crate) cancel: CancellationToken,
    /// Every task that may touch the store.
    pub(crate) tasks: TaskTracker,
    /// A render worker of its own, so that the page on the screen never waits for a scan.
    pub(crate) render: RenderClient,
    /// There are stacks to be looked at.
    pub(crate) stacks: Notify,
    /// There are letters, or files of documents, to be read.
    pub(crate) letters: Notify,
    /// Names of agencies that can be chosen.
    agencies: agencies::AgencyDesk,
    /// Files are copied one after the other: the same one twice is told apart.
    adding: Mutex<()>,
    /// One PDF is made at a time.
    assembling: Mutex<()>,
}

impl IntakeDesk {
    pub(crate) fn new(render: RenderClient, cancel: CancellationToken) -> Self {
        Self {
            cancel,
            tasks: TaskTracker::new(),
            render,
            stacks: Notify::new(),
            letters: Notify::new(),
            agencies: agencies::AgencyDesk::default(),
            adding: Mutex::default(),
            assembling: Mutex::default(),
        }
    }

    /// Ends all work and waits until nothing of it touches the store any more.
    pub(crate) async fn stop(&self) {
        self.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Whether an error of the store is a full disk.
fn is_full(error: &crate::DeskError) -> bool {
    matches!(error, crate::DeskError::Store(StoreError::Full))
}
