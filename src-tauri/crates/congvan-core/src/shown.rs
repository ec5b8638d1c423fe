//! What was shown is what is signed, also where a completion has followed it: time stamps and
//! evidence that change no page. Whether a revision is that and nothing more is judged from the
//! bytes, never from what anybody says of it.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use congvan_model::{Sha256, Timestamp};
use congvan_pades::{ExtensionError, ExtensionKind, TrustAnchors, verify_extension};
use congvan_protocol::Acting;
use congvan_store::{FileView, Store, StoreError};

use crate::{Desk, session::Session, tokens::trust_anchors};

/// Which revisions of this run were judged: whether the second is the first, completed.
#[derive(Default)]
pub(crate) struct Completions(Mutex<HashMap<(Sha256, Sha256), bool>>);

/// What judging takes.
#[derive(Clone)]
pub(crate) struct Judge {
    pub(crate) known: std::sync::Arc<Completions>,
    pub(crate) anchors: TrustAnchors,
    /// Who signs; none in a capacity that has ended.
    pub(crate) acting: Option<Acting>,
    pub(crate) now: Timestamp,
}

impl Desk {
    pub(crate) fn judge(&self, session: &Session) -> Judge {
        let info = session.info();
        Judge {
            known: self.completed_states().clone(),
            anchors: info.as_deref().map(trust_anchors).unwrap_or_default(),
            acting: session.acting(self.now()).ok(),
            now: self.now(),
        }
    }
}

impl Judge {
    /// The file's current bytes, if they are what was shown, or that with completions only; none
    /// when anything else has come. What was read and marked goes along. Blocks.
    ///
    /// # Errors
    /// Disk errors.
    pub(crate) fn still_shown(
        &self,
        store: &Store,
        file: &FileView,
        shown: Sha256,
    ) -> Result<Option<Sha256>, StoreError> {
        let Some(head) = file.head() else {
            return Ok(None);
        };
        if head.sha256 == shown {
            return Ok(Some(shown));
        }
        let later = file.revisions.iter().skip_while(|one| one.sha256 != shown);
        let states: Vec<_> = later.collect();
        if states.is_empty() {
            return Ok(None);
        }
        for pair in states.windows(2) {
            let [before, after] = pair else { continue };
            let follows = after.parent == Some(before.sha256);
            if !follows || !self.is_completion(store, (before.sha256, after.sha256))? {
                return Ok(None);
            }
            self.follow_one(store, (before.sha256, after.sha256))?;
        }
        Ok(Some(head.sha256))
    }

    /// Lets what was read and marked go along with every completion of a file. Blocks.
    ///
    /// # Errors
    /// Disk errors.
    pub(crate) fn follow(&self, store: &Store, file: &FileView) -> Result<(), StoreError> {
        for pair in file.revisions.windows(2) {
            let [before, after] = pair else { continue };
            if after.parent == Some(before.sha256) {
                self.follow_one(store, (before.sha256, after.sha256))?;
            }
        }
        Ok(())
    }

    /// As [`Judge::follow`], for one step.
    pub(crate) fn follow_one(
        &self,
        store: &Store,
        states: (Sha256, Sha256),
    ) -> Result<(), StoreError> {
        if store.reading_lags(states)? && self.is_completion(store, states)? {
            store.follow_completion(states)?;
        }
        Ok(())
    }

    fn is_completion(&self, store: &Store, states: (Sha256, Sha256)) -> Result<bool, StoreError> {
        let known = self.known.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&states) {
            return Ok(*known);
        }
        drop(known);
        let open = |sha256| match store.blob_open(sha256) {
            Err(StoreError::BlobMissing { .. } | StoreError::BlobCorrupt { .. }) => Ok(None),
            other => other.map(Some),
        };
        // What is not here cannot be judged yet.
        let (Some(before), Some(after)) = (open(states.0)?, open(states.1)?) else {
            return Ok(false);
        };
        let judged = verify_extension(&before, &after, &self.anchors, self.now);
        let is_completion = matches!(judged, Ok(ExtensionKind::Completion { .. }));
        if let Err(ExtensionError::Unproven { .. }) = judged {
            // Another authority may be trusted tomorrow.
            return Ok(false);
        }
        if !is_completion {
            tracing::info!(file = %states.1, "a later state is no completion of what was shown");
        }
        let mut known = self.known.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(states, is_completion);
        Ok(is_completion)
    }
}
