//! Documents that nothing may be done with any more.

use congvan_model::DocumentId;

use crate::{DeskError, Result, session::Session};

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
