//! What the store knows and the machine must act on.

use std::sync::atomic::Ordering;

use congvan_model::{Sha256, Timestamp};
use congvan_store::{Store, StoreError, WantedBlobs};
use congvan_sync::{Event, Facts, Pending, PendingUpload, Wanted};

use super::{Loop, mend};

/// Files looked at when deciding what to download next; the machine picks the best of them.
const WANTED_AT_ONCE: u32 = 500;
/// With fewer left of a list that was cut off, the next ones are looked up: once for hundreds of
/// files and not for each.
const WANTED_LOW: usize = 100;

/// How much of the facts is read anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Acts and files: after a round, or when the files that are known run out.
    Everything,
    /// Acts only: a person did something, or bytes have gone up.
    Acts,
}

/// The files that should come, as last looked up.
#[derive(Default)]
pub(super) struct WantedFiles {
    files: Vec<Wanted>,
    /// How many more there are than were looked at.
    beyond: u32,
}

impl WantedFiles {
    /// This one is here.
    pub(super) fn came(&mut self, sha256: Sha256) {
        self.files.retain(|file| file.sha256 != sha256);
    }

    /// More should be looked up.
    pub(super) fn runs_out(&self) -> bool {
        self.beyond > 0 && self.files.len() < WANTED_LOW
    }

    /// How long a file is; what comes must be as long.
    pub(super) fn size(&self, sha256: &Sha256) -> Option<u64> {
        let found = self.files.iter().find(|file| file.sha256 == *sha256);
        found.map(|file| file.size)
    }
}

impl Loop {
    /// A store that cannot be read just now is no news: the machine keeps what it knew.
    pub(super) async fn tell_facts(&mut self, look: Look) {
        if let Some(facts) = self.facts(look).await {
            self.step(Event::Facts(facts));
        }
    }

    /// What the store knows and the machine must act on; none when it cannot be read.
    pub(super) async fn facts(&mut self, look: Look) -> Option<Facts> {
        let store = self.shared.parts.store.clone();
        let now = self.shared.parts.clock.now();
        let read = tokio::task::spawn_blocking(move || {
            let outbox = store.outbox_items()?;
            let wanted = match look {
                Look::Everything => Some(wanted(&store, now)?),
                Look::Acts => None,
            };
            let held = store.held_count()?;
            let compared = mend::compared_at(&store)?;
            Ok::<_, StoreError>((outbox, wanted, held, compared))
        })
        .await;
        let (outbox, wanted, held, compared_at) = match read {
            Ok(Ok(read)) => read,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the store cannot be read");
                return None;
            }
            Err(error) => {
                tracing::error!(%error, "reading the store panicked");
                return None;
            }
        };
        if let Some(wanted) = wanted {
            let beyond = &self.shared.wanted_beyond;
            beyond.store(wanted.beyond, Ordering::Relaxed);
            self.wanted = wanted;
        }
        Some(Facts {
            outbox: outbox
                .into_iter()
                .map(|item| Pending {
                    op: item.op,
                    local_seq: item.local_seq,
                    lane: item.lane,
                    urgent: item.urgency.at_once(),
                    bulk: item.bulk,
                    due: item.due,
                    not_before: item.not_before,
                    upload: item.upload.map(|need| PendingUpload {
                        sha256: need.sha256,
                        size: need.size - need.base.map_or(0, |(_, size)| size.min(need.size)),
                        done: need.done,
                    }),
                })
                .collect(),
            wanted: self.wanted.files.clone(),
            compared_at,
            held_removals: held,
        })
    }
}

fn wanted(store: &Store, now: Timestamp) -> Result<WantedFiles, StoreError> {
    let WantedBlobs { mut blobs, beyond } = store.wanted_blobs(WANTED_AT_ONCE, now)?;
    if !store.room()?.allows_prefetch() {
        // The disk is nearly full: only what presses. What a person opens comes anyway.
        blobs.retain(|blob| blob.urgency.at_once());
    }
    let files = blobs.into_iter().map(|blob| Wanted {
        sha256: blob.sha256,
        document: Some(blob.document),
        size: blob.size,
        urgent: blob.urgency.at_once(),
        mine: blob.mine,
        due: blob.due,
    });
    Ok(WantedFiles {
        files: files.collect(),
        beyond,
    })
}
