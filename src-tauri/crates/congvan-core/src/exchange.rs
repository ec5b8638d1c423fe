//! What people say about the exchange with the server: pause, limits, removals, the way out.

use congvan_model::{DocumentId, OpId, Timestamp};
use congvan_protocol::Intent;
use congvan_remote::PathHealth;
use congvan_store::{
    ActFate, AuditEvent, AuditKind, Bandwidth, Happening, HeldRemoval, Pause, RemovalProof,
    StoreError,
};

use crate::{ChangeTag, Desk, DeskError, Result, driver::PAUSED_DOCUMENTS};

impl Desk {
    /// Pauses the exchange, until a moment or until [`Desk::resume_exchange`]. Acts are still safe on
    /// this machine; the network line stays true.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn pause_exchange(&self, until: Option<Timestamp>) -> Result<()> {
        let since = self.now();
        let pause = Some(Pause { since, until });
        self.change_wish(move |store| store.set_pause(pause)).await
    }

    /// Goes on after a pause.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn resume_exchange(&self) -> Result<()> {
        self.change_wish(|store| store.set_pause(None)).await
    }

    /// Lets the acts and files of one document rest, or go on.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn pause_document(&self, document: DocumentId, paused: bool) -> Result<()> {
        let _one_at_a_time = self.settings_order().lock().await;
        let mut all = self.paused_documents().await?;
        all.retain(|known| *known != document);
        if paused {
            all.push(document);
        }
        let text =
            serde_json::to_string(&all).map_err(|error| DeskError::Internal(error.to_string()))?;
        self.change_wish(move |store| store.set_setting(PAUSED_DOCUMENTS, &text))
            .await
    }

    /// The documents whose acts and files rest.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn paused_documents(&self) -> Result<Vec<DocumentId>> {
        let session = self.session().await?;
        let kept = session
            .with_store(|store| store.setting(PAUSED_DOCUMENTS))
            .await?;
        Ok(kept
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// The same with their notation or subject, for people; those that are gone are left out.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn resting_documents(&self) -> Result<Vec<(DocumentId, String)>> {
        let documents = self.paused_documents().await?;
        let session = self.session().await?;
        session
            .with_store(move |store| {
                let titled = documents.into_iter().map(|id| {
                    let title = store.document_title(id)?;
                    Ok(title.map(|title| (id, title)))
                });
                titled.filter_map(std::result::Result::transpose).collect()
            })
            .await
    }

    /// How much of the line files may take, and when.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn bandwidth(&self) -> Result<Bandwidth> {
        let session = self.session().await?;
        session.with_store(|store| store.bandwidth()).await
    }

    /// Sets how much of the line files may take, and when. Holds at once, for files under way too.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn set_bandwidth(&self, bandwidth: Bandwidth) -> Result<()> {
        self.change_wish(move |store| store.set_bandwidth(&bandwidth))
            .await
    }

    /// Compares this desk with the server now and heals what differs.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn compare_now(&self) -> Result<()> {
        self.session().await?.driver.compare_now();
        Ok(())
    }

    /// Documents that the server takes away in bulk, and that stay until someone says so.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn held_removals(&self) -> Result<Vec<HeldRemoval>> {
        let session = self.session().await?;
        session.with_store(|store| store.held_removals()).await
    }

    /// A person says that these documents shall go, or that they shall stay.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors: then nothing changed.
    pub async fn settle_removals(&self, documents: Vec<DocumentId>, remove: bool) -> Result<()> {
        let session = self.session().await?;
        let now = self.now();
        session
            .with_store(move |store| {
                if remove {
                    store
                        .confirm_removals(&documents, RemovalProof::Person, now)
                        .map(drop)
                } else {
                    store.release_removals(&documents)
                }
            })
            .await?;
        session.driver.acted();
        self.events_bus()
            .changed(&[ChangeTag::Documents, ChangeTag::Sync]);
        Ok(())
    }

    /// Does a refused opinion or signature again, with the same words and bytes, and closes the
    /// refusal.
    ///
    /// # Errors
    /// `NotFound` when it is not an open conflict or rejection of such an act, or its document is
    /// gone; disk errors: then the refusal stays open.
    pub async fn do_again(&self, refused: OpId) -> Result<()> {
        let (session, now) = (self.session().await?, self.now());
        session
            .with_store(move |store| store.do_again(refused, now))
            .await?;
        self.acted(&session);
        Ok(())
    }

    /// The bytes of a signed revision that the server refused, for a copy that the person keeps
    /// outside the desk. It is written down as an export.
    ///
    /// # Errors
    /// `NotFound` when it is not an open conflict or rejection of a signature; `FileNotHere`, disk
    /// errors.
    pub async fn refused_copy(&self, refused: OpId) -> Result<Vec<u8>> {
        let session = self.session().await?;
        let acts = self.acts().await?;
        let act = acts
            .into_iter()
            .find(|act| act.op.id == refused && act.dismissed_at.is_none())
            .ok_or(DeskError::NotFound)?;
        let is_refused = match &act.fate {
            ActFate::Conflict { .. } | ActFate::Rejected { .. } => true,
            ActFate::Waiting { .. } | ActFate::Applied => false,
        };
        let child = match &act.op.intent {
            Intent::LinkRevision { child, .. } if is_refused => *child,
            Intent::LinkRevision { .. }
            | Intent::AddOpinion { .. }
            | Intent::MarkRead
            | Intent::RegisterIncoming { .. }
            | Intent::RegisterReceived { .. }
            | Intent::VoidNumber { .. }
            | Intent::PresentDocument { .. }
            | Intent::DraftDocument { .. }
            | Intent::Handle { .. }
            | Intent::WithdrawRegistration { .. }
            | Intent::Dossier { .. }
            | Intent::Task { .. }
            | Intent::ImportRows { .. }
            | Intent::ImportFile { .. }
            | Intent::Calendar { .. } => return Err(DeskError::NotFound),
        };
        let source = session.blob(child).await?;
        let (document, now) = (act.op.lane, self.now());
        session
            .with_store(move |store| {
                let length = usize::try_from(source.len())
                    .map_err(|_| StoreError::Invalid { what: "size" })?;
                let mut bytes = vec![0; length];
                if source.read_at(0, &mut bytes).is_err() {
                    return Err(StoreError::BlobCorrupt { sha256: child });
                }
                // Before it leaves: what cannot be written down must not go ahead.
                let event = AuditEvent {
                    kind: AuditKind::Exported,
                    document: Some(document),
                    detail: format!("refused copy {child}"),
                };
                store.audit(&event, now)?;
                Ok(bytes)
            })
            .await
    }

    /// What happened to the desk as a whole, the newest first.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn happenings(&self, before: Option<u64>, limit: u32) -> Result<Vec<Happening>> {
        let session = self.session().await?;
        session
            .with_store(move |store| store.happenings(before, limit))
            .await
    }

    /// How each door of the server has answered since the start, for the support bundle.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn server_paths(&self) -> Result<Vec<PathHealth>> {
        Ok(self.session().await?.remote.paths())
    }

    async fn change_wish(
        &self,
        change: impl FnOnce(&congvan_store::Store) -> std::result::Result<(), congvan_store::StoreError>
        + Send
        + 'static,
    ) -> Result<()> {
        let session = self.session().await?;
        session.with_store(change).await?;
        session.driver.wishes_changed();
        self.events_bus().changed(&[ChangeTag::Sync]);
        Ok(())
    }
}
