use std::{cell::RefCell, collections::HashSet};

use congvan_model::{Sha256, Timestamp};

use crate::{
    TrustAnchors,
    certificate::{Certificate, sha256},
    crl::Crl,
    ocsp::OcspResponse,
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

    /// The pieces with these hashes.
    pub(crate) fn only(&self, hashes: &HashSet<Sha256>) -> Self {
        let keep = |pieces: &[Vec<u8>]| -> Vec<Vec<u8>> {
            let pieces = pieces.iter();
            pieces
                .filter(|piece| hashes.contains(&sha256(piece)))
                .cloned()
                .collect()
        };
        Self {
            certificates: keep(&self.certificates),
            ocsp: keep(&self.ocsp),
            crls: keep(&self.crls),
        }
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

enum Form {
    Ocsp(OcspResponse),
    Crl(Crl),
}

/// A piece of evidence with the earliest time at which it is proven to have existed.
struct Item {
    form: Form,
    der: Vec<u8>,
    /// The proven time, else the time of validation.
    seen: Timestamp,
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

/// All evidence at hand, parsed.
pub(crate) struct Pool {
    items: Vec<Item>,
    certificates: Vec<Certificate>,
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
    pub(crate) fn add(&mut self, evidence: &Evidence, seen: impl Fn(&Sha256) -> Option<Timestamp>) {
        let ocsp = evidence.ocsp.iter().filter_map(|der| {
            let response = OcspResponse::parse(der)?;
            Some((Form::Ocsp(response), der))
        });
        let crls = evidence.crls.iter().filter_map(|der| {
            let crl = Crl::parse(der)?;
            Some((Form::Crl(crl), der))
        });
        for (form, der) in ocsp.chain(crls) {
            if self.items.iter().any(|item| item.der == *der) {
                continue;
            }
            self.items.push(Item {
                form,
                seen: seen(&sha256(der)).unwrap_or(self.now),
                der: der.clone(),
            });
        }
        let certificates = evidence.certificates.iter();
        self.certificates
            .extend(certificates.filter_map(|der| Certificate::parse(der)));
    }

    /// Judges every certificate of a path, from the signer's up to the last below the root.
    pub(crate) fn check_path(
        &self,
        path: &[Vec<u8>],
        anchors: &TrustAnchors,
        at: Timestamp,
    ) -> Vec<RevocationCheck> {
        let parsed: Vec<Certificate> = path
            .iter()
            .filter_map(|der| Certificate::parse(der))
            .collect();
        let mut checks = Vec::new();
        for (index, certificate) in parsed.iter().enumerate() {
            if anchors.roots.contains(&certificate.summary.der) {
                continue;
            }
            let above = parsed.get(index + 1).cloned();
            let Some(issuer) = above.or_else(|| root_of(certificate, anchors)) else {
                continue;
            };
            let judge = Judge {
                pool: self,
                anchors,
                delegates: RefCell::default(),
            };
            checks.push(judge.check(certificate, &issuer, at, 0));
            checks.extend(judge.delegates.into_inner());
        }
        checks
    }
}

/// The configured root above a certificate.
pub(crate) fn root_of(certificate: &Certificate, anchors: &TrustAnchors) -> Option<Certificate> {
    let roots = anchors.roots.iter();
    roots
        .filter_map(|der| Certificate::parse(der))
        .find(|root| certificate.is_issued_by(root))
}

struct Judge<'a> {
    pool: &'a Pool,
    anchors: &'a TrustAnchors,
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
        let mut newest = None;
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
                check.piece = Some(match item.form {
                    Form::Ocsp(_) => EvidencePiece::Ocsp(item.der.clone()),
                    Form::Crl(_) => EvidencePiece::Crl(item.der.clone()),
                });
            }
        }
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
        let is_root = self.anchors.roots.contains(&issuer.summary.der);
        if !is_root && !issuer.is_within_period(item.seen) {
            return None;
        }
        match &item.form {
            Form::Crl(crl) => crl.statement(certificate, issuer),
            Form::Ocsp(response) => {
                let statement = response.statement(certificate, issuer)?;
                if response.is_by(issuer) {
                    return Some(statement);
                }
                response
                    .delegates(issuer, &self.pool.certificates)
                    .iter()
                    .any(|delegate| self.trusts(delegate, issuer, item.seen, depth))
                    .then_some(statement)
            }
        }
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
