use std::{cell::RefCell, collections::HashSet, sync::Arc};

use congvan_model::{Sha256, Timestamp};

use crate::{
    certificate::{Certificate, sha256},
    known::Known,
    stock::{Form, Item, Stock},
    trust::{Path, Trusted},
};

/// Material for validation that the caller fetched, or that a file holds (/DSS, CMS); all DER.
/// Nothing of it is trusted by being here: each piece is verified before it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Certificates of authorities and responders.
    pub certificates: Vec<Vec<u8>>,
    /// OCSPResponse (RFC 6960, 4.2.1).
    pub ocsp: Vec<Vec<u8>>,
    /// CertificateList (RFC 5280, 5.1).
    pub crls: Vec<Vec<u8>>,
}

impl Evidence {
    pub(crate) fn extend(&mut self, other: &Self) {
        self.certificates.extend_from_slice(&other.certificates);
        self.ocsp.extend_from_slice(&other.ocsp);
        self.crls.extend_from_slice(&other.crls);
    }

    /// SHA-256 of every piece.
    pub(crate) fn hashes(&self) -> HashSet<Sha256> {
        let all = self.certificates.iter().chain(&self.ocsp).chain(&self.crls);
        all.map(|piece| sha256(piece)).collect()
    }
}

/// What is known about the revocation of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationState {
    /// Not revoked at the time that counts.
    Good,
    /// Revoked at or before the time that counts.
    Revoked {
        /// When.
        at: Timestamp,
        /// CRLReason (RFC 5280, 5.3.1), where it was given.
        reason: Option<u8>,
    },
    /// No evidence fits: none is there, or it is stale, foreign or not authentic.
    Unknown,
}

/// Which piece of evidence decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidencePiece {
    /// An OCSPResponse, DER.
    Ocsp(Vec<u8>),
    /// A CertificateList, DER.
    Crl(Vec<u8>),
}

/// The revocation of one certificate of a chain, as far as it could be established.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationCheck {
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// Its issuer's, DER.
    pub issuer: Vec<u8>,
    /// What is known.
    pub state: RevocationState,
    /// By what.
    pub piece: Option<EvidencePiece>,
}

/// What a piece says of a certificate.
pub(crate) struct Statement {
    pub(crate) this_update: Timestamp,
    pub(crate) next_update: Option<Timestamp>,
    /// From when on expired certificates are kept, where it says so.
    pub(crate) keeps_expired_since: Option<Timestamp>,
    pub(crate) word: Word,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Good,
    Revoked {
        at: Timestamp,
        reason: Option<u8>,
    },
    /// Suspended; may become good again (RFC 5280, 5.3.1, certificateHold).
    OnHold,
}

/// Clocks of responders run ahead of ours by up to this.
const SKEW_MS: i64 = 300_000;
/// How long an answer without nextUpdate stays good.
const UNBOUNDED_MS: i64 = 3_600_000;
/// Delegates of delegates.
const DEPTH: usize = 2;

/// All evidence at hand.
pub(crate) struct Pool {
    items: Vec<Item>,
    certificates: Vec<Arc<Certificate>>,
    now: Timestamp,
}

impl Pool {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            items: Vec::new(),
            certificates: Vec::new(),
            now,
        }
    }

    /// Takes evidence in; `seen` gives the proven time of a piece by its hash.
    pub(crate) fn add(&mut self, stock: &Stock, seen: impl Fn(&Sha256) -> Option<Timestamp>) {
        let mut known: HashSet<Sha256> = self.items.iter().map(|item| item.piece.hash).collect();
        for piece in &stock.pieces {
            if known.insert(piece.hash) {
                self.items.push(Item {
                    seen: seen(&piece.hash).unwrap_or(self.now),
                    piece: Arc::clone(piece),
                });
            }
        }
        self.certificates.extend_from_slice(&stock.certificates);
    }

    /// Judges every certificate of a path, from the signer's up to the last below the root.
    pub(crate) fn check_path(
        &self,
        path: &Path,
        (trusted, known): (&Trusted, &Known),
        at: Timestamp,
    ) -> Vec<RevocationCheck> {
        let mut checks = Vec::new();
        for (index, certificate) in path.certificates.iter().enumerate() {
            if trusted.is_root(certificate) {
                continue;
            }
            let issuer = path.certificates.get(index + 1).unwrap_or(&path.root);
            let judge = Judge {
                pool: self,
                trusted,
                known,
                delegates: RefCell::default(),
            };
            checks.push(judge.check(certificate, issuer, at, 0));
            checks.extend(judge.delegates.into_inner());
        }
        checks
    }
}

struct Judge<'a> {
    pool: &'a Pool,
    trusted: &'a Trusted,
    known: &'a Known,
    /// Responders whose own revocation matters, and is not known or is bad.
    delegates: RefCell<Vec<RevocationCheck>>,
}

impl Judge<'_> {
    fn check(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Timestamp,
        depth: usize,
    ) -> RevocationCheck {
        let mut check = RevocationCheck {
            certificate: certificate.summary.der.clone(),
            issuer: issuer.summary.der.clone(),
            state: RevocationState::Unknown,
            piece: None,
        };
        let (mut newest, mut decided) = (None, None);
        for item in &self.pool.items {
            let Some(statement) = self.statement(item, certificate, issuer, depth) else {
                continue;
            };
            if statement.this_update.0 > self.pool.now.0 + SKEW_MS {
                continue;
            }
            let state = match statement.word {
                Word::OnHold => continue,
                // A revocation is final, however old the news.
                Word::Revoked { at: when, reason } if when <= at => {
                    RevocationState::Revoked { at: when, reason }
                }
                // Revoked after the time that counts: at that time it was good.
                Word::Revoked { .. } => RevocationState::Good,
                Word::Good if is_fresh(&statement, certificate, at) => RevocationState::Good,
                Word::Good => continue,
            };
            let counts = match (&check.state, &state) {
                (RevocationState::Unknown, _) => true,
                (RevocationState::Good, RevocationState::Revoked { .. }) => true,
                (
                    RevocationState::Revoked { at: known, .. },
                    RevocationState::Revoked { at: new, .. },
                ) => new < known,
                // The newest word is the one to keep for the long term.
                (RevocationState::Good, RevocationState::Good) => {
                    newest < Some(statement.this_update)
                }
                (RevocationState::Revoked { .. }, RevocationState::Good)
                | (_, RevocationState::Unknown) => false,
            };
            if counts {
                newest = Some(statement.this_update);
                check.state = state;
                decided = Some(&item.piece);
            }
        }
        check.piece = decided.map(|piece| piece.to_public());
        check
    }

    /// What an item says of a certificate, once it is established who says it.
    fn statement(
        &self,
        item: &Item,
        certificate: &Certificate,
        issuer: &Certificate,
        depth: usize,
    ) -> Option<Statement> {
        if !self.trusted.is_root(issuer) && !issuer.is_within_period(item.seen) {
            return None;
        }
        let statement = item.piece.statement(certificate, issuer, self.known)?;
        let is_established = match &item.piece.form {
            Form::Crl(_) => true,
            Form::Ocsp(response) => {
                response.is_by(issuer, self.known)
                    || response
                        .delegates(issuer, &self.pool.certificates, self.known)
                        .iter()
                        .any(|delegate| self.trusts(delegate, issuer, item.seen, depth))
            }
        };
        is_established.then_some(statement)
    }

    /// Whether a delegated responder was fit at the time its answer is proven to have existed.
    fn trusts(
        &self,
        delegate: &Certificate,
        issuer: &Certificate,
        seen: Timestamp,
        depth: usize,
    ) -> bool {
        if !delegate.is_within_period(seen) || depth >= DEPTH {
            return false;
        }
        if crate::ocsp::is_exempt(delegate) {
            return true;
        }
        let check = self.check(delegate, issuer, seen, depth + 1);
        let good = check.state == RevocationState::Good;
        let mut delegates = self.delegates.borrow_mut();
        if !delegates
            .iter()
            .any(|known| known.certificate == check.certificate)
        {
            delegates.push(check);
        }
        good
    }
}

/// Whether a good word still counts at a time (EN 319 102-1, 5.2.5): it was given at that time or
/// later, while the certificate had not expired, or earlier with an end that had not passed.
fn is_fresh(statement: &Statement, certificate: &Certificate, at: Timestamp) -> bool {
    let given = statement.this_update;
    if given >= at {
        // After the end an authority may forget what it revoked (RFC 5280, 5).
        let end = certificate.summary.not_after;
        return given <= end
            || statement
                .keeps_expired_since
                .is_some_and(|since| since <= end);
    }
    let until = statement
        .next_update
        .unwrap_or(Timestamp(given.0 + UNBOUNDED_MS));
    at <= until
}
