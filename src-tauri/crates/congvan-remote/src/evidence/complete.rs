//! Bringing a signed file to a level: the engine says what it needs, this fetches it.

use std::sync::Arc;

use congvan_model::{ByteSource, Sha256, Timestamp};
use congvan_pades::{
    Doubt, Evidence, EvidencePiece, EvidenceRequest, Fault, Level, SignError, SignatureKind,
    Status, TrustAnchors, ValidationReport, add_evidence, evidence_wanted, prepare_time_stamp,
    validate_with,
};
use congvan_pdf::Joined;

use super::{
    Call, EvidenceClient, EvidenceError, Tsa,
    fetch::more_telling,
    issuers::{Issuers, lost_in},
};

/// What to complete.
#[derive(Clone)]
pub struct CompletionOrder {
    /// The signed file.
    pub source: Arc<dyn ByteSource>,
    /// The level that each of its signatures shall have at least.
    pub target: Level,
    /// What validation starts from.
    pub trust: Arc<TrustAnchors>,
    /// Time stamp authorities, the preferred first.
    pub tsas: Vec<Tsa>,
    /// Evidence that is at hand already (a cache); more is fetched where it does not do.
    pub known: Evidence,
}

/// A file that was brought up, perhaps not all the way.
#[derive(Debug)]
pub struct Completion {
    /// Bytes to append to the original.
    pub tail: Vec<u8>,
    /// SHA-256 of the file with the tail.
    pub sha256: Sha256,
    /// Length of the file with the tail.
    pub size: u64,
    /// The level of its weakest signature.
    pub level: Level,
    /// What was fetched on the way, for a cache: each answer with the certificate that it was asked
    /// for.
    pub fetched: Vec<(Sha256, EvidencePiece)>,
    /// The authority whose time stamp was taken last.
    pub tsa: Option<String>,
    /// Why the target was not reached; none where it was. The tail is good all the same.
    pub shortfall: Option<CompletionError>,
}

/// Why a file was not completed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompletionError {
    /// The network did not give what is needed.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The engine refuses: the file is encrypted or damaged, an authority is not trusted.
    #[error(transparent)]
    Engine(#[from] SignError),
    /// A signer's certificate was revoked before the earliest time that is proven for the
    /// signature: no evidence can save it.
    #[error("revoked at {at}")]
    Revoked {
        /// Field of the signature.
        field: String,
        /// When the certificate was revoked.
        at: Timestamp,
    },
    /// Evidence came, and the engine did not accept it: stale, foreign, not authentic.
    #[error("no evidence fits for {certificates} certificates")]
    Unconvincing {
        /// For how many certificates.
        certificates: usize,
    },
    /// The thread that computes failed: our bug.
    #[error("a computation failed")]
    Internal,
}

impl CompletionError {
    /// A stable name, for persistence and for the texts of a face.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Evidence(error) => error.code(),
            Self::Engine(SignError::NotTrusted { .. }) => "COMPLETION_TSA_UNTRUSTED",
            Self::Engine(SignError::Encrypted) => "COMPLETION_ENCRYPTED",
            Self::Engine(_) => "COMPLETION_ENGINE",
            Self::Revoked { .. } => "COMPLETION_REVOKED",
            Self::Unconvincing { .. } => "COMPLETION_UNCONVINCING",
            Self::Internal => "COMPLETION_INTERNAL",
        }
    }

    /// Whether trying again later can help.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Evidence(_) | Self::Unconvincing { .. } => true,
            // The machine's clock or the trusted roots may be what is wrong.
            Self::Engine(SignError::NotTrusted { .. } | SignError::BadTimeStamp { .. }) => true,
            Self::Engine(_) | Self::Revoked { .. } | Self::Internal => false,
        }
    }
}

/// A time stamp, evidence, a time stamp over the evidence: no level needs more steps.
const STEPS: usize = 4;

/// Brings a signed file to a level by appending time stamps and evidence. Every step was validated
/// by the engine before it counts. Where a step fails, what was reached until then is given back
/// with the reason ([`Completion::shortfall`]): a time stamp that was granted proves the
/// signature's time whatever happens to the responder afterwards.
///
/// # Errors
/// [`CompletionError`] where nothing could be gained, or nothing should be ([`CompletionError::Revoked`]).
pub async fn complete_file(
    client: &EvidenceClient,
    order: &CompletionOrder,
    call: &Call,
) -> Result<Completion, CompletionError> {
    let mut work = Work {
        client,
        order,
        call,
        trust: order.trust.clone(),
        issuers: Issuers::new(client.issuer_hosts(), order),
        tail: Arc::new(Vec::new()),
        sha256: None,
        fetched: Vec::new(),
        tsa: None,
    };
    let outcome = work.run().await;
    let shortfall = match outcome {
        Ok(()) => None,
        Err(error) if work.tail.is_empty() || matches!(error, CompletionError::Revoked { .. }) => {
            return Err(error);
        }
        Err(error) => Some(error),
    };
    let report = work.report(Evidence::default()).await?;
    let level = weakest(&report).ok_or(SignError::NothingToComplete)?;
    let Some(sha256) = work.sha256 else {
        return Err(SignError::NothingToComplete.into());
    };
    Ok(Completion {
        size: order.source.len() + work.tail.len(),
        tail: Arc::unwrap_or_clone(work.tail),
        sha256,
        level,
        fetched: work.fetched,
        tsa: work.tsa,
        shortfall,
    })
}

struct Work<'a> {
    client: &'a EvidenceClient,
    order: &'a CompletionOrder,
    call: &'a Call,
    /// The order's, and the issuers' certificates that were fetched.
    trust: Arc<TrustAnchors>,
    issuers: Issuers,
    tail: Arc<Vec<u8>>,
    sha256: Option<Sha256>,
    fetched: Vec<(Sha256, EvidencePiece)>,
    tsa: Option<String>,
}

impl Work<'_> {
    async fn run(&mut self) -> Result<(), CompletionError> {
        for _ in 0..STEPS {
            let mut report = self.report(Evidence::default()).await?;
            if self.find_issuers(&lost(&report)).await? {
                report = self.report(Evidence::default()).await?;
            }
            check_revoked(&report)?;
            let level = weakest(&report).ok_or(SignError::NothingToComplete)?;
            if level >= self.order.target {
                return Ok(());
            }
            match level {
                // The evidence is fetched for the time stamp too, so the stamp comes first: it
                // proves the earliest time.
                Level::BB | Level::BLT => self.stamp().await?,
                Level::BT => self.evidence(report).await?,
                Level::BLTA => return Ok(()),
            }
        }
        Err(SignError::NothingToComplete.into())
    }

    /// Adds a document time stamp of the first authority that gives a good one.
    async fn stamp(&mut self) -> Result<(), CompletionError> {
        let mut last = None;
        // An authority whose stamp is worthless rests, so that the next one is asked.
        for _ in 0..=self.order.tsas.len() {
            let mut nonce = [0; 8];
            aws_lc_rs::rand::fill(&mut nonce).map_err(|_| CompletionError::Internal)?;
            let nonce = u64::from_le_bytes(nonce);
            let prepared = self
                .on_file(move |file| prepare_time_stamp(file, nonce))
                .await??;
            let request = prepared.request();
            let asked = self
                .client
                .time_stamp(&self.order.tsas, &request, self.call);
            let answer = match asked.await {
                Ok(answer) => answer,
                Err(error) => return Err(last.unwrap_or(error.into())),
            };
            self.find_issuers(&lost_in(&answer.der, &self.trust))
                .await?;
            let (trust, now) = (self.trust.clone(), self.call.now());
            let stamped = self
                .on_file(move |file| prepared.embed(&answer.der)?.verify(file, &trust, now))
                .await?;
            match stamped {
                Ok(verified) => {
                    self.tsa = Some(answer.tsa);
                    self.sha256 = Some(verified.sha256());
                    self.append(verified.into_tail());
                    return Ok(());
                }
                Err(error) => {
                    tracing::info!(%error, "a time stamp is worthless");
                    self.client
                        .blame(&answer.tsa, "a worthless time stamp", self.call.now());
                    last = Some(error.into());
                }
            }
        }
        Err(last.unwrap_or(EvidenceError::NoAddress.into()))
    }

    /// Fetches what the engine wants and adds it.
    async fn evidence(&mut self, report: ValidationReport) -> Result<(), CompletionError> {
        let mut report = report;
        let mut failed = None;
        for round in [Round::Any, Round::Lists] {
            let wanted = evidence_wanted(&report);
            if wanted.is_empty() {
                break;
            }
            // What a cache knew was tried first, in the report of the first round.
            if round == Round::Any && !is_empty(&self.order.known) {
                report = self.report(self.all_evidence()).await?;
                check_revoked(&report)?;
            }
            for request in evidence_wanted(&report) {
                match self.fetch(&request, round).await {
                    Ok(piece) => self.fetched.push((request.certificate, piece)),
                    Err(EvidenceError::Cancelled) => return Err(EvidenceError::Cancelled.into()),
                    Err(error) => {
                        failed = Some(match failed {
                            Some(before) => more_telling(before, error),
                            None => error,
                        });
                    }
                }
            }
            report = self.report(self.all_evidence()).await?;
            check_revoked(&report)?;
        }
        let certificates = evidence_wanted(&report).len();
        if certificates > 0 {
            return Err(match failed {
                Some(error) => error.into(),
                None => CompletionError::Unconvincing { certificates },
            });
        }
        let (trust, supplied) = (self.trust.clone(), self.all_evidence());
        let now = self.call.now();
        let completed = self
            .on_file(move |file| add_evidence(file, &trust, &supplied, now))
            .await??;
        self.sha256 = Some(completed.sha256());
        self.append(completed.into_tail());
        Ok(())
    }

    /// Fetches what is missing above certificates; says whether more is known now.
    async fn find_issuers(&mut self, of: &[Vec<u8>]) -> Result<bool, CompletionError> {
        let network = (self.client, self.call);
        Ok(self.issuers.find(of, &mut self.trust, network).await?)
    }

    async fn fetch(
        &self,
        request: &EvidenceRequest,
        round: Round,
    ) -> Result<EvidencePiece, EvidenceError> {
        match round {
            Round::Any => self.client.fetch(request, self.call).await,
            Round::Lists => {
                let list = self.client.fetch_crl(request, self.call).await;
                list.map(EvidencePiece::Crl)
            }
        }
    }

    fn all_evidence(&self) -> Evidence {
        let mut all = self.order.known.clone();
        for (_, piece) in &self.fetched {
            match piece {
                EvidencePiece::Ocsp(der) => all.ocsp.push(der.clone()),
                EvidencePiece::Crl(der) => all.crls.push(der.clone()),
            }
        }
        all
    }

    async fn report(&self, supplied: Evidence) -> Result<ValidationReport, CompletionError> {
        let (trust, now) = (self.trust.clone(), self.call.now());
        let report = self
            .on_file(move |file| validate_with(file, &trust, &supplied, now))
            .await?;
        Ok(report.map_err(SignError::from)?)
    }

    /// Computes on the file as it is so far, on a thread that may block.
    async fn on_file<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn ByteSource) -> T + Send + 'static,
    ) -> Result<T, CompletionError> {
        let (source, tail) = (self.order.source.clone(), self.tail.clone());
        let joined = move || work(&Joined::new(source.as_ref(), &tail));
        tokio::task::spawn_blocking(joined)
            .await
            .map_err(|_| CompletionError::Internal)
    }

    fn append(&mut self, more: Vec<u8>) {
        Arc::make_mut(&mut self.tail).extend_from_slice(&more);
    }
}

/// First whatever the certificates offer; then lists alone, where an OCSP answer did not convince.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    Any,
    Lists,
}

fn is_empty(evidence: &Evidence) -> bool {
    evidence.certificates.is_empty() && evidence.ocsp.is_empty() && evidence.crls.is_empty()
}

/// The signers from whom nothing leads to a root.
fn lost(report: &ValidationReport) -> Vec<Vec<u8>> {
    let signatures = report.signatures.iter();
    signatures
        .filter(|one| match &one.status {
            Status::CouldNotCheck(doubts) => doubts.contains(&Doubt::NoChain),
            Status::Valid | Status::Invalid(_) => false,
        })
        .filter_map(|one| Some(one.signer.as_ref()?.der.clone()))
        .collect()
}

/// The level of the weakest baseline signature; none where there is no such signature.
fn weakest(report: &ValidationReport) -> Option<Level> {
    let signatures = report.signatures.iter();
    signatures
        .filter(|one| one.kind != SignatureKind::DocumentTimeStamp)
        .filter_map(|one| one.level)
        .min()
}

/// Whether a signature is past saving.
fn check_revoked(report: &ValidationReport) -> Result<(), CompletionError> {
    for one in &report.signatures {
        let at = match &one.status {
            Status::Invalid(faults) => faults.iter().find_map(|fault| match fault {
                Fault::Revoked { at } => Some(*at),
                Fault::ByteRange { .. }
                | Fault::Cms { .. }
                | Fault::DocumentAltered
                | Fault::SignatureWrong
                | Fault::CertificateSwapped
                | Fault::ForbiddenChange(_) => None,
            }),
            Status::CouldNotCheck(doubts) => doubts.iter().find_map(revoked_at),
            Status::Valid => None,
        };
        if let Some(at) = at {
            return Err(CompletionError::Revoked {
                field: one.field.clone(),
                at,
            });
        }
    }
    Ok(())
}

fn revoked_at(doubt: &Doubt) -> Option<Timestamp> {
    match doubt {
        Doubt::RevokedNoProof { at } | Doubt::AuthorityRevoked { at } => Some(*at),
        Doubt::NoSignerCertificate
        | Doubt::NoChain
        | Doubt::ChainConstraints { .. }
        | Doubt::OutsidePeriod { .. }
        | Doubt::RevocationUnknown
        | Doubt::Algorithm { .. }
        | Doubt::UnknownKind { .. } => None,
    }
}
