//! Documents that nothing may be done with any more.

use congvan_model::{DocumentId, Timestamp};

use crate::{Desk, DeskError, Result, session::Session};

impl Desk {
    /// Since when the certificate is revoked that keeps a document from being signed any further
    /// or issued; none when nothing does.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn blocked_since(&self, document: DocumentId) -> Result<Option<Timestamp>> {
        self.session()
            .await?
            .with_store(move |store| store.blocked_since(document))
            .await
    }
}

/// Refuses acts on a document of which a signature is known to be past saving: its signer's
/// certificate was revoked before the earliest proven time.
///
/// # Errors
/// [`DeskError::DocumentBlocked`]; disk errors.
pub(crate) async fn check_not_blocked(session: &Session, document: DocumentId) -> Result<()> {
    let since = session
        .with_store(move |store| store.blocked_since(document))
        .await?;
    match since {
        Some(revoked_at) => Err(DeskError::DocumentBlocked { revoked_at }),
        None => Ok(()),
    }
}
