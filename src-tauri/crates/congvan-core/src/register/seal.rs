//! The organisation's signature on many scans with one PIN, through the machinery of every batch.

use std::sync::Arc;

use congvan_model::Sha256;
use congvan_store::SealCounts;

use crate::{BatchItemOrder, BatchOrder, BatchView, Desk, DeskError, Result};

impl Desk {
    /// How many scans wait for the organisation's signature.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn seal_queue(&self) -> Result<SealCounts> {
        let session = self.session().await?;
        session.with_store(|store| store.seal_counts()).await
    }

    /// Signs every scan that has its number with one PIN; answers before the PIN window opens, as
    /// [`Desk::batch_sign`].
    ///
    /// # Errors
    /// As [`Desk::batch_sign`]; `SignRefused` with `NOT_THE_AGENCY` for a certificate that is a
    /// person's own.
    pub async fn seal_sign(
        self: &Arc<Self>,
        (module, token_serial): (String, String),
        certificate: Sha256,
    ) -> Result<BatchView> {
        let session = self.session().await?;
        let waiting = session.with_store(|store| store.seal_items()).await?;
        if waiting.is_empty() {
            return Err(DeskError::NothingToSign);
        }
        let items = waiting
            .into_iter()
            .map(|item| BatchItemOrder {
                document: item.document,
                file: item.file,
                shown: item.head,
                placement: None,
            })
            .collect();
        self.batch_sign(BatchOrder {
            items,
            module,
            token_serial,
            certificate,
        })
        .await
    }
}
