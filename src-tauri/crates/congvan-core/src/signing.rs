//! Signing one file: what was shown is what is signed, and nothing is stored that was not
//! verified.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use congvan_model::{ByteSource, DocumentId, FileId, Sha256, Timestamp};
use congvan_pades::{Prepared, Verified};
use congvan_protocol::{SignatureLevel, handling::Course};
use congvan_store::{DocumentDetail, StoreError};
use congvan_worker::{PinState, TokenError, TokenInfo};

use crate::{
    ChangeTag, Desk, DeskError, PinMode, PinRequest, Result,
    completion::check_not_blocked,
    engine::{Signer, chosen_certificate, new_revision, prepare_numbered, verify_bytes},
    handling::{check_sealing, check_signer},
    numbering::Numbering,
    places::keep_on,
    session::Session,
    tokens::trust_anchors,
    tray::file_of,
};

/// Where the signature goes: millimetres from the top left of the page as displayed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// Page, from 0.
    pub page: usize,
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// What a person wants signed, and with what.
#[derive(Clone, Debug)]
pub struct SignOrder {
    /// The document.
    pub document: DocumentId,
    /// Its file.
    pub file: FileId,
    /// Hash of what was on the screen: only that is signed.
    pub shown: Sha256,
    /// Module, by its id.
    pub module: String,
    /// Token, by serial number.
    pub token_serial: String,
    /// Certificate, by the hash of its DER.
    pub certificate: Sha256,
    /// Where; none for an invisible signature.
    pub placement: Option<Placement>,
}

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The signed state, now the head of the file.
    pub sha256: Sha256,
    /// Level reached.
    pub level: SignatureLevel,
    /// Bytes that travel: the tail only.
    pub upload_bytes: u64,
}

/// The stages of a signing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignStage {
    /// Nothing under way.
    #[default]
    Idle,
    /// The document is examined and the signature's place made.
    Preparing,
    /// The PIN window is open.
    WaitingForPin,
    /// The token works.
    Signing,
    /// Our own check of the result.
    Verifying,
    /// Being written to disk.
    Storing,
}

/// One signing with everything it needs, checked.
#[derive(Clone)]
struct Job {
    order: SignOrder,
    /// What the PIN window calls the document.
    title: String,
    module: PathBuf,
    token: TokenInfo,
    signer: Arc<Signer>,
    source: Arc<dyn ByteSource>,
    numbering: Arc<Numbering>,
    now: Timestamp,
}

/// The one signing that may be under way.
#[derive(Default)]
pub(crate) struct SigningDesk {
    turn: Arc<tokio::sync::Mutex<()>>,
    progress: Mutex<(SignStage, Option<DocumentId>)>,
}

impl SigningDesk {
    /// The right to use the token: one signing, batch or change of PIN at a time.
    pub(crate) fn turn(&self) -> Result<tokio::sync::OwnedMutexGuard<()>> {
        let turn = self.turn.clone().try_lock_owned();
        turn.map_err(|_| DeskError::SigningBusy)
    }

    /// Changes the current state of a document's file, unless a signature of it is being made: that
    /// would find itself on a state that is no longer current. None, and nothing done, then.
    pub(crate) fn unless_signing<T>(
        &self,
        document: DocumentId,
        change: impl FnOnce() -> T,
    ) -> Option<T> {
        // Held over the change: a signing says so here before it looks at the file.
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        (progress.1 != Some(document)).then(change)
    }

    /// Waits until nothing is under way any more.
    pub(crate) async fn quiet(&self) {
        drop(self.turn.lock().await);
    }
}

impl Desk {
    /// Where the signing stands.
    #[must_use]
    pub fn sign_progress(&self) -> (SignStage, Option<DocumentId>) {
        *self
            .signing_desk()
            .progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs a file. When it returns, the signed revision is on disk and in the outbox; on any
    /// error nothing is.
    ///
    /// # Errors
    /// `SigningBusy`, `ShownIsStale`, `FileNotHere`, `SignRefused`, `Certificate`, token and PIN
    /// faults, `SignVerifyFailed`, disk faults; `ActForbidden` for what was put before another leader.
    pub async fn sign(&self, order: SignOrder) -> Result<Signed> {
        let _turn = self.signing_desk().turn()?;
        let session = self.session().await?;
        let signed = self.sign_in_turn(&session, &order).await;
        self.stage(SignStage::Idle, None);
        if signed.is_ok() {
            self.acted(&session);
        }
        signed
    }

    /// The right to use a token, which one signing, batch, training or change of PIN has at a time.
    pub(crate) fn signing_turn(&self) -> Result<tokio::sync::MutexGuard<'_, ()>> {
        let turn = self.signing_desk().turn.try_lock();
        turn.map_err(|_| DeskError::SigningBusy)
    }

    async fn sign_in_turn(&self, session: &Arc<Session>, order: &SignOrder) -> Result<Signed> {
        self.stage(SignStage::Preparing, Some(order.document));
        let job = self.job(session, order).await?;
        let prepared = prepare_file(&job).await?;
        let signature = self.ask_token(&job, &prepared).await?;
        self.stage(SignStage::Verifying, Some(order.document));
        let verified = verify_file(&job, prepared, signature, self.now()).await?;
        self.stage(SignStage::Storing, Some(order.document));
        store_revision(session, &job, verified).await
    }

    /// Gathers and checks everything a signing needs, before anyone is asked for a PIN.
    async fn job(&self, session: &Arc<Session>, order: &SignOrder) -> Result<Job> {
        let now = self.now();
        check_not_blocked(session, order.document).await?;
        let detail = self.document(order.document).await?;
        check_signer(&detail, &session.acting(now)?)?;
        let mut order = order.clone();
        // Only what was on the screen is signed: it must still be what the file shows.
        let file = file_of(&detail, order.file).ok_or(DeskError::NotFound)?;
        order.shown = self.still_shown(session, file, order.shown).await?;
        check_sealing(session, &detail, (order.file, now))?;
        let module = self.module_path(&order.module).await?;
        let token = self
            .token()
            .tokens(&module)
            .await?
            .into_iter()
            .find(|token| token.serial == order.token_serial)
            .ok_or(DeskError::Token(TokenError::TokenAbsent))?;
        let mut signer = self.signer(session, &token, order.certificate).await?;
        signer.look = signer.look.on(&detail.document, file.file.role);
        signer.look.check(now)?;
        self.check_not_revoked(&signer.der, &signer.anchors).await?;
        if token.pin_state == PinState::Locked {
            return Err(DeskError::Token(TokenError::PinLocked));
        }
        let source = session.blob(order.shown).await?;
        if let Some(wanted) = order.placement {
            let (bytes, rule) = (source.clone(), signer.look.rule());
            let kept = move || keep_on(bytes.as_ref(), wanted, &rule);
            order.placement = Some(tokio::task::spawn_blocking(kept).await??);
        }
        let shown = (file, order.shown);
        let numbering = self.numbering(session, &detail, shown).await;
        let is_copy = Course::of(&detail.document).is_copy();
        if is_copy || matches!(numbering, Numbering::Given { .. }) {
            signer.look.check_agency()?;
        }
        Ok(Job {
            numbering: Arc::new(numbering),
            order,
            title: title(&detail),
            module,
            token,
            signer: Arc::new(signer),
            source,
            now,
        })
    }

    /// Who signs with a certificate of a token, if it can be signed with.
    ///
    /// # Errors
    /// `Certificate`; `SignRefused` for a template that cannot be used; disk errors. Whether the
    /// signature can be drawn depends on the file: see [`crate::look::Look::check`].
    pub(crate) async fn signer(
        &self,
        session: &Session,
        token: &TokenInfo,
        certificate: Sha256,
    ) -> Result<Signer> {
        let info = session.info();
        let anchors = info.as_deref().map(trust_anchors).unwrap_or_default();
        let (der, summary) = chosen_certificate(token, certificate, &anchors, self.now())?;
        let look = self.look(session, Some(&summary.name)).await?;
        Ok(Signer {
            der,
            summary,
            anchors,
            look,
        })
    }

    /// PIN window, login, one signature, logout: the token is free again for other programs.
    async fn ask_token(&self, job: &Job, prepared: &Prepared) -> Result<Vec<u8>> {
        let document = Some(job.order.document);
        self.stage(SignStage::WaitingForPin, document);
        let request = PinRequest {
            id: 0,
            token: job.token.label.clone(),
            pin_state: job.token.pin_state,
            subject: job.signer.summary.name.clone(),
            document: job.title.clone(),
            count: 1,
            mode: PinMode::of(&job.token),
            length: (job.token.pin_min, job.token.pin_max),
        };
        let entry = self.enter_pin(request).await?;
        let (pin, consent) = (entry.pin, entry.final_try_consent);
        self.stage(SignStage::Signing, document);
        let (serial, certificate) = (&job.order.token_serial, job.order.certificate);
        let session = self
            .token()
            .open_session(&job.module, serial, certificate, pin, consent)
            .await?;
        drop(entry.notice);
        let wanted = prepared.to_be_signed();
        let signature = self
            .token()
            .sign(
                &session,
                wanted.algorithm.on_token(),
                &wanted.signed_attributes_der,
            )
            .await;
        if let Err(error) = self.token().close_session(session).await {
            tracing::info!(%error, "the token's session did not close in good order");
        }
        Ok(signature?)
    }

    fn stage(&self, stage: SignStage, document: Option<DocumentId>) {
        *self
            .signing_desk()
            .progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = (stage, document);
        self.events_bus().changed(&[ChangeTag::Signing]);
    }
}

async fn prepare_file(job: &Job) -> Result<Prepared> {
    let job = job.clone();
    tokio::task::spawn_blocking(move || {
        prepare_numbered(
            job.source.as_ref(),
            (&job.signer, &job.signer.look),
            (job.order.placement, &job.numbering),
            job.now,
        )
    })
    .await?
}

async fn verify_file(
    job: &Job,
    prepared: Prepared,
    signature: Vec<u8>,
    now: Timestamp,
) -> Result<Verified> {
    let job = job.clone();
    tokio::task::spawn_blocking(move || {
        verify_bytes(
            (job.source.as_ref(), prepared),
            &signature,
            &job.signer,
            now,
        )
    })
    .await?
}

/// Bytes first, then one transaction {overlay, outbox, audit}.
async fn store_revision(session: &Session, job: &Job, verified: Verified) -> Result<Signed> {
    let upload_bytes = verified.size().saturating_sub(verified.base_size());
    let (parent, at) = (job.order.shown, job.now);
    let place = (job.order.document, job.order.file);
    let new = new_revision(place, parent, &verified, (session.account.id, &job.signer));
    let (sha256, level) = (new.child, new.level);
    let tail = verified.into_tail();
    session
        .with_store(move |store| {
            let written = store.blob_extend(parent, &tail, at)?;
            // The bytes on disk are the bytes that were verified, or nothing is recorded.
            if written.sha256 != sha256 {
                return Err(StoreError::BlobMismatch { expected: sha256 });
            }
            store.link_revision(&new, at)
        })
        .await?;
    Ok(Signed {
        sha256,
        level,
        upload_bytes,
    })
}

pub(crate) fn title(detail: &DocumentDetail) -> String {
    detail
        .row
        .notation
        .clone()
        .unwrap_or_else(|| detail.row.subject.clone())
}
