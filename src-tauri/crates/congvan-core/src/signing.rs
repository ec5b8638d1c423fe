//! Signing one file: what was shown is what is signed, and nothing is stored that was not
//! verified.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use congvan_model::{ByteSource, DocumentId, FileId, Sha256, Timestamp};
use congvan_pades::{
    Appearance, CertificateSummary, Colour, DigestAlgorithm, FieldChoice, Fitness, Item, Level,
    MmRect, PdfError, Prepared, RsaPadding, SignError, SignRequest, SignatureAlgorithm, TextAlign,
    TrustAnchors, ValidationReport, Verified, assess, prepare, validate,
};
use congvan_protocol::SignatureLevel;
use congvan_store::{DocumentDetail, NewRevision, StoreError};
use congvan_worker::{Hash, PinState, SignAlgorithm, TokenError, TokenInfo};

use crate::{
    CertificateFault, ChangeTag, Desk, DeskError, PinRequest, Result, session::Session,
    tokens::trust_anchors,
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
    /// The certificate as it is on the token.
    der: Vec<u8>,
    signer: CertificateSummary,
    anchors: TrustAnchors,
    source: Arc<dyn ByteSource>,
    now: Timestamp,
}

/// The one signing that may be under way.
#[derive(Default)]
pub(crate) struct SigningDesk {
    turn: tokio::sync::Mutex<()>,
    progress: Mutex<(SignStage, Option<DocumentId>)>,
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
    /// faults, `SignVerifyFailed`, disk faults.
    pub async fn sign(&self, order: SignOrder) -> Result<Signed> {
        let Ok(_turn) = self.signing_desk().turn.try_lock() else {
            return Err(DeskError::SigningBusy);
        };
        let session = self.session().await?;
        let signed = self.sign_in_turn(&session, &order).await;
        self.stage(SignStage::Idle, None);
        if signed.is_ok() {
            self.acted(&session);
        }
        signed
    }

    /// Checks every signature of a file.
    ///
    /// # Errors
    /// `FileNotHere`, `PdfCorrupt`, `PdfPassword`.
    pub async fn signatures(&self, sha256: Sha256) -> Result<ValidationReport> {
        let session = self.session().await?;
        let source = session.blob(sha256).await?;
        let anchors = session
            .info()
            .as_deref()
            .map(trust_anchors)
            .unwrap_or_default();
        let now = self.now();
        let report =
            tokio::task::spawn_blocking(move || validate(source.as_ref(), &anchors, now)).await?;
        report.map_err(|error| pdf_fault(&error))
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
        let detail = self.document(order.document).await?;
        check_shown(&detail, order)?;
        let module = self.module_path(&order.module).await?;
        let token = self
            .token()
            .tokens(&module)
            .await?
            .into_iter()
            .find(|token| token.serial == order.token_serial)
            .ok_or(DeskError::Token(TokenError::TokenAbsent))?;
        let anchors = session
            .info()
            .as_deref()
            .map(trust_anchors)
            .unwrap_or_default();
        let (der, signer) = chosen_certificate(&token, order.certificate, &anchors, now)?;
        if token.pin_state == PinState::Locked {
            return Err(DeskError::Token(TokenError::PinLocked));
        }
        Ok(Job {
            order: order.clone(),
            title: title(&detail),
            module,
            token,
            der,
            signer,
            anchors,
            source: session.blob(order.shown).await?,
            now,
        })
    }

    /// PIN window, login, one signature, logout: the token is free again for other programs.
    async fn ask_token(&self, job: &Job, prepared: &Prepared) -> Result<Vec<u8>> {
        let document = Some(job.order.document);
        let (pin, consent) = if job.token.protected_path {
            (None, false)
        } else {
            self.stage(SignStage::WaitingForPin, document);
            let request = PinRequest {
                id: 0,
                token: job.token.label.clone(),
                pin_state: job.token.pin_state,
                subject: job.signer.name.clone(),
                document: job.title.clone(),
            };
            let answer = self.pins().ask(self.events_bus(), request).await?;
            (answer.pin, answer.final_try_consent)
        };
        self.stage(SignStage::Signing, document);
        let (serial, certificate) = (&job.order.token_serial, job.order.certificate);
        let session = self
            .token()
            .open_session(&job.module, serial, certificate, pin, consent)
            .await?;
        let wanted = prepared.to_be_signed();
        let signature = self
            .token()
            .sign(
                &session,
                mechanism(wanted.algorithm),
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

/// Only what was on the screen is signed: it must still be the head of the file.
fn check_shown(detail: &DocumentDetail, order: &SignOrder) -> Result<()> {
    let file = detail
        .files
        .iter()
        .find(|view| view.file.id == order.file)
        .ok_or(DeskError::NotFound)?;
    let head = file.head().ok_or(DeskError::NotFound)?;
    if head.sha256 == order.shown {
        Ok(())
    } else {
        Err(DeskError::ShownIsStale)
    }
}

fn chosen_certificate(
    token: &TokenInfo,
    wanted: Sha256,
    anchors: &TrustAnchors,
    now: Timestamp,
) -> Result<(Vec<u8>, CertificateSummary)> {
    let (der, (summary, fitness)) = token
        .certificates
        .iter()
        .filter_map(|held| Some((held.der.clone(), assess(&held.der, anchors, now)?)))
        .find(|(_, (summary, _))| summary.sha256 == wanted)
        .ok_or(DeskError::Certificate(CertificateFault::Missing))?;
    let fault = match fitness {
        Fitness::Fit => return Ok((der, summary)),
        Fitness::Expired => CertificateFault::Expired(summary.not_after),
        Fitness::NotYetValid => CertificateFault::NotYetValid(summary.not_before),
        Fitness::WrongUsage => CertificateFault::Usage,
        Fitness::Untrusted => CertificateFault::Untrusted,
    };
    Err(DeskError::Certificate(fault))
}

async fn prepare_file(job: &Job) -> Result<Prepared> {
    let job = job.clone();
    tokio::task::spawn_blocking(move || {
        let (name, placement) = (job.signer.name.as_str(), job.order.placement);
        let request = SignRequest {
            chain: &job.anchors.intermediates,
            signer_name: Some(name),
            field: placement.map_or(FieldChoice::Invisible, field),
            appearance: placement
                .map_or_else(Appearance::default, |place| look(name, job.now, place)),
            ..SignRequest::new(&job.der, job.now)
        };
        prepare(job.source.as_ref(), &request).map_err(sign_fault)
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
        let signed = prepared.embed(&signature).map_err(sign_fault)?;
        signed
            .verify(job.source.as_ref(), &job.anchors, now)
            .map_err(sign_fault)
    })
    .await?
}

/// Bytes first, then one transaction {overlay, outbox, audit}.
async fn store_revision(session: &Session, job: &Job, verified: Verified) -> Result<Signed> {
    let level = match verified.level() {
        Level::BB => SignatureLevel::BB,
        Level::BT => SignatureLevel::BT,
        Level::BLT => SignatureLevel::BLT,
        Level::BLTA => SignatureLevel::BLTA,
    };
    let (sha256, size) = (verified.sha256(), verified.size());
    let upload_bytes = size.saturating_sub(verified.base_size());
    let (parent, at) = (job.order.shown, job.now);
    let new = NewRevision {
        document: job.order.document,
        file: job.order.file,
        parent,
        child: sha256,
        size,
        level,
        certificate: job.signer.sha256,
        author: session.account.id,
        author_name: job.signer.name.clone(),
    };
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

fn field(placement: Placement) -> FieldChoice {
    FieldChoice::New {
        page: placement.page,
        rect: MmRect {
            x: placement.x,
            y: placement.y,
            width: placement.width,
            height: placement.height,
        },
    }
}

/// Height of the two lines, millimetres.
const LINES_MM: f64 = 10.0;

/// Who and when, in the colour of the leader's ink and in the middle of the place; the time as the
/// decree writes it.
fn look(name: &str, time: Timestamp, placement: Placement) -> Appearance {
    let height = LINES_MM.min(placement.height);
    let area = MmRect {
        x: 0.0,
        y: (placement.height - height) / 2.0,
        width: placement.width,
        height,
    };
    Appearance {
        items: vec![Item::Text {
            lines: vec![format!("Ký bởi: {name}"), time.iso_vietnam()],
            area,
            size: 10.0,
            colour: Colour {
                red: 0.05,
                green: 0.2,
                blue: 0.6,
            },
            align: TextAlign::Centre,
        }],
    }
}

fn title(detail: &DocumentDetail) -> String {
    detail
        .row
        .notation
        .clone()
        .unwrap_or_else(|| detail.row.subject.clone())
}

fn mechanism(algorithm: SignatureAlgorithm) -> SignAlgorithm {
    let hash = |digest| match digest {
        DigestAlgorithm::Sha256 => Hash::Sha256,
        DigestAlgorithm::Sha384 => Hash::Sha384,
        DigestAlgorithm::Sha512 => Hash::Sha512,
    };
    match algorithm {
        SignatureAlgorithm::Rsa {
            padding: RsaPadding::Pkcs1,
            digest,
        } => SignAlgorithm::RsaPkcs1(hash(digest)),
        SignatureAlgorithm::Rsa {
            padding: RsaPadding::Pss,
            digest,
        } => SignAlgorithm::RsaPss(hash(digest)),
        SignatureAlgorithm::Ecdsa { digest, .. } => SignAlgorithm::Ecdsa(hash(digest)),
    }
}

fn sign_fault(error: SignError) -> DeskError {
    match error {
        SignError::Encrypted => DeskError::SignRefused {
            reason: "ENCRYPTED",
        },
        SignError::Pdf(error) => pdf_fault(&error),
        SignError::Certified { .. } => DeskError::SignRefused {
            reason: "CERTIFIED",
        },
        SignError::Locked { .. } => DeskError::SignRefused {
            reason: "LOCKED_BY_SIGNATURE",
        },
        SignError::BadCertificate | SignError::NotForSigning | SignError::WeakKey => {
            DeskError::Certificate(CertificateFault::Usage)
        }
        SignError::OutsidePeriod { not_after, .. } => {
            DeskError::Certificate(CertificateFault::Expired(not_after))
        }
        SignError::NotTrusted { .. } => DeskError::Certificate(CertificateFault::Untrusted),
        other => DeskError::SignVerifyFailed {
            reason: other.to_string(),
        },
    }
}

fn pdf_fault(error: &PdfError) -> DeskError {
    match error {
        PdfError::Encrypted => DeskError::PdfPassword,
        PdfError::NoSuchPage { .. } => DeskError::NotFound,
        _ => DeskError::PdfCorrupt,
    }
}
