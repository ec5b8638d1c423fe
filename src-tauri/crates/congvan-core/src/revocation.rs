//! Whether certificates are revoked: said at once by what is at hand, and looked up behind the
//! scenes by what the network says.

use std::sync::{Arc, PoisonError};

use congvan_model::{Sha256, Timestamp};
use congvan_pades::{
    Evidence, EvidencePiece, EvidenceRequest, PdfError, RevocationState, TrustAnchors,
    ValidationReport, certificate_standing, counts_until, evidence_wanted, standing_wanted,
    validate_with,
};
use congvan_remote::evidence::Call;
use congvan_store::{EvidenceKind, KeptEvidence, StoreError};

use crate::{
    CertificateFault, ChangeTag, Desk, DeskError, Result, engine::pdf_fault, session::Session,
    tokens::trust_anchors,
};

/// How long an answer without an end counts.
const WITHOUT_END_MS: i64 = 3_600_000;
/// The same certificate is not asked about more often, whatever the answer was.
const AGAIN_AFTER_MS: i64 = 600_000;
/// A good answer counts until its nextUpdate, so that the desk works without a network (RFC 6960,
/// 3.2; EN 319 102-1, 5.2.5: the authority's own bound, where no policy sets a shorter one). It is
/// asked for again all the same at the first look of each run and after so long, because a
/// revocation should be seen on the day it happens; what is at hand stands until an answer comes.
const RENEWED_AFTER_MS: i64 = 4 * 3_600_000;

impl Desk {
    /// Checks every signature of a file, with what the file has and what is known here of its
    /// certificates. What is missing is asked for behind the scenes; `Changed[Signatures]` says
    /// that another look is worth it.
    ///
    /// # Errors
    /// `FileNotHere`, `PdfCorrupt`, `PdfPassword`.
    pub async fn signatures(&self, sha256: Sha256) -> Result<ValidationReport> {
        let session = self.session().await?;
        let source = session.blob(sha256).await?;
        let anchors = anchors(&session);
        let (now, store) = (self.now(), session.store.clone());
        let (report, known) = tokio::task::spawn_blocking(move || {
            let check = |evidence: &Evidence| {
                let report = validate_with(source.as_ref(), &anchors, evidence, now);
                report.map_err(|error: PdfError| pdf_fault(&error))
            };
            let report = check(&Evidence::default())?;
            let wanted = evidence_wanted(&report);
            let known = evidence(store.evidence(&hashes(&wanted), now)?);
            if known == Evidence::default() {
                return Ok::<_, DeskError>((report, Vec::new()));
            }
            Ok((check(&known)?, wanted))
        })
        .await??;
        self.look_up(&session, evidence_wanted(&report), known);
        Ok(report)
    }

    /// When a certificate was revoked, as far as is known here; asks behind the scenes where
    /// nothing is known.
    pub(crate) async fn revoked_since(
        &self,
        der: &[u8],
        anchors: &TrustAnchors,
    ) -> Result<Option<Timestamp>> {
        if let Some(at) = self.training_revocation() {
            return Ok(Some(at));
        }
        // Without a session there is no store to remember anything in (diagnosis, training).
        let session = match self.session().await {
            Ok(session) => session,
            Err(DeskError::NotLoggedIn) => return Ok(None),
            Err(other) => return Err(other),
        };
        let (der, anchors) = (der.to_vec(), anchors.clone());
        let (now, store) = (self.now(), session.store.clone());
        let (checks, known) = tokio::task::spawn_blocking(move || {
            let none = Evidence::default();
            let Some(checks) = certificate_standing(&der, &anchors, &none, now) else {
                return Ok((Vec::new(), Vec::new()));
            };
            let wanted = standing_wanted(&checks);
            let known = evidence(store.evidence(&hashes(&wanted), now)?);
            let checks = certificate_standing(&der, &anchors, &known, now);
            Ok::<_, StoreError>((checks.unwrap_or_default(), wanted))
        })
        .await??;
        self.look_up(&session, standing_wanted(&checks), known);
        // Its own and that of any authority above it: neither can sign.
        Ok(checks.iter().find_map(|check| match check.state {
            RevocationState::Revoked { at, .. } => Some(at),
            RevocationState::Good | RevocationState::Unknown => None,
        }))
    }

    /// Refuses a certificate that is known to be revoked, before anyone is asked for a PIN.
    ///
    /// # Errors
    /// [`CertificateFault::Revoked`]; disk errors.
    pub(crate) async fn check_not_revoked(&self, der: &[u8], anchors: &TrustAnchors) -> Result<()> {
        match self.revoked_since(der, anchors).await? {
            Some(at) => Err(DeskError::Certificate(CertificateFault::Revoked(at))),
            None => Ok(()),
        }
    }

    /// Asks about certificates behind the scenes, keeps the answers and tells the face once:
    /// about those of which nothing is known, and anew about those of which something is.
    fn look_up(
        &self,
        session: &Arc<Session>,
        unknown: Vec<EvidenceRequest>,
        known: Vec<EvidenceRequest>,
    ) {
        let now = self.now();
        let unknown = unknown.into_iter().map(|one| (one, AGAIN_AFTER_MS));
        let known = known.into_iter().map(|one| (one, RENEWED_AFTER_MS));
        let wanted: Vec<EvidenceRequest> = unknown
            .chain(known)
            .filter(|(request, pause)| is_due(session, request.certificate, (now, *pause)))
            .map(|(request, _)| request)
            .collect();
        if wanted.is_empty() {
            return;
        }
        let (events, here) = (self.events_bus().clone(), session.clone());
        let work = session.completion.tasks.track_future(async move {
            match ask(&here, wanted, now).await {
                Ok(0) => {}
                // Whoever asked first: the answer is for everything that shows the certificate.
                Ok(_) => events.changed(&[ChangeTag::Signatures, ChangeTag::Token]),
                Err(error) => tracing::warn!(%error, "answers about certificates were not kept"),
            }
        });
        self.tracker().spawn(work);
    }
}

/// Asks about each certificate; gives how many answers came.
async fn ask(session: &Session, wanted: Vec<EvidenceRequest>, now: Timestamp) -> Result<usize> {
    let call = Call::new(now, session.completion.cancel.child_token());
    let mut answers = Vec::new();
    for request in wanted {
        match session.completion.client.fetch(&request, &call).await {
            Ok(piece) => answers.push((request.certificate, piece)),
            Err(error) => {
                tracing::info!(%error, certificate = %request.certificate, "revocation unknown");
            }
        }
    }
    keep(session, &answers, call.now()).await?;
    Ok(answers.len())
}

/// Keeps answers for as long as they count.
pub(crate) async fn keep(
    session: &Session,
    answers: &[(Sha256, EvidencePiece)],
    now: Timestamp,
) -> Result<()> {
    if answers.is_empty() {
        return Ok(());
    }
    let answers = answers.to_vec();
    session
        .with_store(move |store| {
            for (certificate, piece) in answers {
                let until = counts_until(&piece).unwrap_or(now.plus_ms(WITHOUT_END_MS));
                let (kind, der) = match piece {
                    EvidencePiece::Ocsp(der) => (EvidenceKind::Ocsp, der),
                    EvidencePiece::Crl(der) => (EvidenceKind::Crl, der),
                };
                let new = KeptEvidence {
                    certificate,
                    kind,
                    der,
                    until,
                };
                store.keep_evidence(&new, now)?;
            }
            Ok(())
        })
        .await
}

/// Drops what is known of a certificate, because it is known to be out of date.
pub(crate) async fn forget(session: &Session, certificate: Sha256) -> Result<()> {
    let asked = &session.completion.asked;
    asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .remove(&certificate);
    session
        .with_store(move |store| store.forget_evidence(certificate))
        .await
}

/// Pieces from the store in the form that the engine takes.
pub(crate) fn evidence(kept: Vec<KeptEvidence>) -> Evidence {
    let mut evidence = Evidence::default();
    for one in kept {
        match one.kind {
            EvidenceKind::Ocsp => evidence.ocsp.push(one.der),
            EvidenceKind::Crl => evidence.crls.push(one.der),
        }
    }
    evidence
}

fn hashes(wanted: &[EvidenceRequest]) -> Vec<Sha256> {
    wanted.iter().map(|request| request.certificate).collect()
}

fn anchors(session: &Session) -> TrustAnchors {
    let info = session.info();
    info.as_deref().map(trust_anchors).unwrap_or_default()
}

/// Whether nobody asked about a certificate for so long; notes that somebody does now.
fn is_due(session: &Session, certificate: Sha256, (now, pause): (Timestamp, i64)) -> bool {
    let asked = &session.completion.asked;
    let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
    asked.retain(|_, at| *at > now.plus_ms(-RENEWED_AFTER_MS));
    let is_due = asked
        .get(&certificate)
        .is_none_or(|at| *at <= now.plus_ms(-pause));
    if is_due {
        asked.insert(certificate, now);
    }
    is_due
}
