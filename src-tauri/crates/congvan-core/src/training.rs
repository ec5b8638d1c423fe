//! Training mode: a simulated token in the place of all others, and a sample to sign with it.
//!
//! Invariant: nothing that is practised enters the outbox, the documents, the audit or the server:
//! this file never asks for the session's store.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use aws_lc_rs::digest;
use congvan_model::{ByteSource, Sha256, Timestamp};
use congvan_pades::{TrustAnchors, assess};
use congvan_worker::{
    PinState, Scenario, SessionId, TRAINING_FILE, TokenCertificate, TokenError, TokenInfo,
};

use crate::{
    CertificateFault, Desk, DeskError, PinMode, PinRequest, Placement, Result, TokenState,
    engine::{Signer, chosen_certificate, prepare_numbered, verify_bytes},
    look::Look,
    numbering::Numbering,
};

/// The document to practise with; it says itself that it is none. Made by the test kit.
const SAMPLE: &[u8] = include_bytes!("../assets/training-sample.pdf");

/// The most copies of the sample that are signed with one PIN.
const MOST_COPIES: u32 = 50;

/// How long ago the certificate that is practised with was revoked, where it is: a month.
const REVOKED_BEFORE_MS: i64 = 30 * 24 * 3_600_000;

/// Where the practised signature goes: the place of a leader's on the sample.
const PLACE: Placement = Placement {
    page: 0,
    x: 115.0,
    y: 215.0,
    width: 70.0,
    height: 30.0,
};

/// Training mode, while it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingState {
    /// What the token does.
    pub scenario: Scenario,
    /// Where the worker keeps the simulated token.
    pub(crate) place: PathBuf,
    /// The document to practise with.
    pub sample: Sha256,
}

/// One practised signature.
#[derive(Debug, Default)]
pub struct TrainingItem {
    /// The signed copy.
    pub sha256: Option<Sha256>,
    /// Why it was not signed.
    pub problem: Option<DeskError>,
}

/// What came of practising.
#[derive(Debug)]
pub struct TrainingReport {
    /// One for each copy, in order.
    pub items: Vec<TrainingItem>,
    /// What stopped the batch.
    pub stopped: Option<DeskError>,
}

impl Desk {
    /// Puts the simulated token in the place of all others, or changes what it does.
    ///
    /// # Errors
    /// `SigningBusy` while something is being signed; when the worker cannot make its keys.
    pub async fn training_start(&self, scenario: Scenario) -> Result<TokenState> {
        let _turn = self.signing_turn()?;
        let place = self.data_dir().join("training").join(TRAINING_FILE);
        self.token().train(&place, scenario).await?;
        let sample = self.viewer().show(SAMPLE.to_vec()).await;
        tracing::info!(scenario = scenario.as_str(), "training begins");
        self.token_desk().train(Some(TrainingState {
            scenario,
            place,
            sample,
        }));
        Ok(self.token_desk().settled().await)
    }

    /// Takes the simulated token away; the real ones are seen again.
    ///
    /// # Errors
    /// `SigningBusy`, `TrainingInactive`.
    pub async fn training_stop(&self) -> Result<TokenState> {
        let _turn = self.signing_turn()?;
        if self.token_desk().training().is_none() {
            return Err(DeskError::TrainingInactive);
        }
        self.token_desk().train(None);
        self.viewer().show_no_more().await;
        tracing::info!("training ends");
        Ok(self.token_desk().settled().await)
    }

    /// Signs copies of the sample with one PIN, by the rules of a real batch: a fault of token or
    /// PIN stops it, and only what was verified counts.
    ///
    /// # Errors
    /// `TrainingInactive`, `SigningBusy`; the faults of token, PIN and certificate before the
    /// first signature.
    pub async fn training_sign(&self, copies: u32) -> Result<TrainingReport> {
        let training = self
            .token_desk()
            .training()
            .ok_or(DeskError::TrainingInactive)?;
        let _turn = self.signing_turn()?;
        let copies = copies.clamp(1, MOST_COPIES);
        let (path, token) = self.training_token().await?;
        match token.pin_state {
            PinState::Locked => return Err(TokenError::PinLocked.into()),
            PinState::NotInitialised => return Err(TokenError::PinNotInitialised.into()),
            PinState::Ok | PinState::CountLow | PinState::FinalTry => {}
        }
        let signer = Arc::new(self.training_signer(&token)?);
        if let Some(at) = self.training_revocation() {
            return Err(DeskError::Certificate(CertificateFault::Revoked(at)));
        }
        let session = self
            .training_login((&path, &token), &signer, copies)
            .await?;
        let mut report = TrainingReport {
            items: (0..copies).map(|_| TrainingItem::default()).collect(),
            stopped: None,
        };
        for item in &mut report.items {
            match self.practise(&session, &signer).await {
                Ok(signed) => item.sha256 = Some(self.viewer().show(signed).await),
                Err(error) => {
                    report.stopped = Some(error);
                    break;
                }
            }
        }
        if let Err(error) = self.token().close_session(session).await {
            tracing::info!(%error, "the practised session did not close in good order");
        }
        tracing::debug!(scenario = training.scenario.as_str(), "practised");
        self.token_desk().look();
        Ok(report)
    }

    /// Since when the certificate that is practised with is revoked. Its authority publishes no
    /// list, so that only the scenario can say it.
    pub(crate) fn training_revocation(&self) -> Option<Timestamp> {
        let training = self.token_desk().training()?;
        match training.scenario == Scenario::RevokedCertificate {
            true => Some(self.now().plus_ms(-REVOKED_BEFORE_MS)),
            false => None,
        }
    }

    /// The simulated token as the worker shows it, or the reason why there is none.
    async fn training_token(&self) -> Result<(PathBuf, TokenInfo)> {
        let usable = |module: &congvan_worker::ModuleInfo| crate::token_state::of_module(module);
        let found = self.found_modules().await?;
        let module = found.first().ok_or(TokenError::TokenAbsent)?;
        if usable(module).is_some() {
            return Err(crate::token_state::fault_of(module).into());
        }
        let tokens = self.token().tokens(&module.path).await?;
        let token = tokens.into_iter().next().ok_or(TokenError::TokenAbsent)?;
        Ok((module.path.clone(), token))
    }

    fn training_signer(&self, token: &TokenInfo) -> Result<Signer> {
        let anchors = anchors(std::slice::from_ref(token));
        let own = token
            .certificates
            .iter()
            .find(|held| !is_anchor(held, &anchors))
            .ok_or(DeskError::Certificate(CertificateFault::Missing))?;
        let hash = sha256(&own.der);
        let (der, summary) = chosen_certificate(token, hash, &anchors, self.now())?;
        Ok(Signer {
            look: Look::of_practice(&summary.name),
            der,
            summary,
            anchors,
        })
    }

    async fn training_login(
        &self,
        (path, token): (&Path, &TokenInfo),
        signer: &Signer,
        copies: u32,
    ) -> Result<SessionId> {
        let entry = self
            .enter_pin(PinRequest {
                id: 0,
                token: token.label.clone(),
                pin_state: token.pin_state,
                subject: signer.summary.name.clone(),
                document: "Văn bản tập dượt".to_owned(),
                count: copies,
                mode: PinMode::of(token),
                length: (token.pin_min, token.pin_max),
            })
            .await?;
        let (pin, consent) = (entry.pin, entry.final_try_consent);
        let certificate = signer.summary.sha256;
        let session = self
            .token()
            .open_session(path, &token.serial, certificate, pin, consent)
            .await;
        drop(entry.notice);
        // The counter may have moved.
        self.token_desk().look();
        Ok(session?)
    }

    /// One copy: prepare, sign, embed, verify, exactly as a real document.
    async fn practise(&self, session: &SessionId, signer: &Arc<Signer>) -> Result<Vec<u8>> {
        let (with, now) = (signer.clone(), self.now());
        let prepare = move || {
            let place = (Some(PLACE), &Numbering::Nothing);
            prepare_numbered(&SAMPLE.to_vec(), (&with, &with.look), place, now)
        };
        let prepared = tokio::task::spawn_blocking(prepare).await??;
        let wanted = prepared.to_be_signed();
        let signature = self
            .token()
            .sign(
                session,
                wanted.algorithm.on_token(),
                &wanted.signed_attributes_der,
            )
            .await?;
        let (with, now) = (signer.clone(), self.now());
        let verified = tokio::task::spawn_blocking(move || {
            verify_bytes((&SAMPLE.to_vec(), prepared), &signature, &with, now)
        })
        .await??;
        Ok([SAMPLE, verified.tail()].concat())
    }
}

/// What the simulated token's certificate leads to: the training authority that is on the token
/// with it. Never used for a real document, because while training none is signed.
pub(crate) fn anchors(tokens: &[TokenInfo]) -> TrustAnchors {
    let held = tokens.iter().flat_map(|token| &token.certificates);
    TrustAnchors {
        roots: held
            .filter(|certificate| is_self_issued(&certificate.der))
            .map(|certificate| certificate.der.clone())
            .collect(),
        intermediates: Vec::new(),
    }
}

/// Whether a certificate is one of the anchors, which nobody signs with.
pub(crate) fn is_anchor(certificate: &TokenCertificate, anchors: &TrustAnchors) -> bool {
    anchors.roots.contains(&certificate.der)
}

fn is_self_issued(der: &[u8]) -> bool {
    let nothing = TrustAnchors::default();
    assess(der, &nothing, Timestamp(0)).is_some_and(|(summary, _)| summary.name == summary.issuer)
}

fn sha256(bytes: &[u8]) -> Sha256 {
    let hash = digest::digest(&digest::SHA256, bytes);
    Sha256(hash.as_ref().try_into().unwrap_or_default())
}

/// Bytes that are shown without being stored: the sample and its signed copies.
pub(crate) fn shown(bytes: Vec<u8>) -> (Sha256, Arc<dyn ByteSource>) {
    (sha256(&bytes), Arc::new(bytes))
}
