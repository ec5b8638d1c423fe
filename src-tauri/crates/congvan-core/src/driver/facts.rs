//! What the store knows and the machine must act on.

use congvan_sync::{Event, Facts, Pending, PendingUpload, Wanted};

use super::{Loop, mend};

/// Files looked at when deciding what to download next; the machine picks the best of them.
const WANTED_AT_ONCE: u32 = 500;

impl Loop {
    /// A store that cannot be read just now is no news: the machine keeps what it knew.
    pub(super) async fn tell_facts(&mut self) {
        if let Some(facts) = self.facts().await {
            self.step(Event::Facts(facts));
        }
    }

    /// What the store knows and the machine must act on; none when it cannot be read.
    pub(super) async fn facts(&mut self) -> Option<Facts> {
        let store = self.shared.parts.store.clone();
        let now = self.shared.parts.clock.now();
        let read = tokio::task::spawn_blocking(move || {
            let outbox = store.outbox_items()?;
            let mut wanted = store.wanted_blobs(WANTED_AT_ONCE, now)?;
            if !store.room()?.allows_prefetch() {
                // The disk is nearly full: only what presses. What a person opens comes anyway.
                wanted.retain(|blob| blob.urgency.at_once());
            }
            let held = store.held_removals()?.len();
            let compared = mend::compared_at(&store)?;
            Ok::<_, congvan_store::StoreError>((outbox, wanted, held, compared))
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
        self.sizes = wanted.iter().map(|blob| (blob.sha256, blob.size)).collect();
        Some(Facts {
            outbox: outbox
                .into_iter()
                .map(|item| Pending {
                    op: item.op,
                    local_seq: item.local_seq,
                    lane: item.lane,
                    urgent: item.urgency.at_once(),
                    not_before: item.not_before,
                    upload: item.upload.map(|need| PendingUpload {
                        sha256: need.sha256,
                        size: need.size - need.base.map_or(0, |(_, size)| size.min(need.size)),
                        done: need.done,
                    }),
                })
                .collect(),
            wanted: wanted
                .into_iter()
                .map(|blob| Wanted {
                    sha256: blob.sha256,
                    document: Some(blob.document),
                    size: blob.size,
                    urgent: blob.urgency.at_once(),
                    mine: blob.mine,
                })
                .collect(),
            compared_at,
            held_removals: u32::try_from(held).unwrap_or(u32::MAX),
        })
    }
}
