use std::{collections::HashSet, sync::Arc};

use congvan_model::{Sha256, Timestamp};

use crate::{
    Evidence, EvidencePiece,
    certificate::{Certificate, sha256},
    crl::Crl,
    evidence::Statement,
    known::Known,
    ocsp::OcspResponse,
};

/// Evidence, read once: what cannot be read is left out.
#[derive(Clone, Default)]
pub(crate) struct Stock {
    pub(crate) certificates: Vec<Arc<Certificate>>,
    /// Answers first, then lists.
    pub(crate) pieces: Vec<Arc<Piece>>,
}

/// An answer or a list.
pub(crate) struct Piece {
    der: Vec<u8>,
    pub(crate) hash: Sha256,
    pub(crate) form: Form,
}

pub(crate) enum Form {
    Ocsp(OcspResponse),
    Crl(Crl),
}

impl Stock {
    pub(crate) fn read(evidence: &Evidence, known: &Known) -> Self {
        let certificates = evidence.certificates.iter().filter_map(|der| {
            let certificate = known.certificate(der)?;
            // Nothing may hide behind a certificate.
            (certificate.summary.der.len() == der.len()).then_some(certificate)
        });
        let ocsp = evidence
            .ocsp
            .iter()
            .filter_map(|der| Some((der, Form::Ocsp(OcspResponse::parse(der, known)?))));
        let crls = evidence
            .crls
            .iter()
            .filter_map(|der| Some((der, Form::Crl(Crl::parse(der)?))));
        let pieces = ocsp.chain(crls).map(|(der, form)| {
            Arc::new(Piece {
                der: der.clone(),
                hash: sha256(der),
                form,
            })
        });
        Self {
            certificates: certificates.collect(),
            pieces: pieces.collect(),
        }
    }

    /// What has one of these hashes.
    pub(crate) fn only(&self, hashes: &HashSet<Sha256>) -> Self {
        let certificates = self.certificates.iter();
        let pieces = self.pieces.iter();
        Self {
            certificates: certificates
                .filter(|one| hashes.contains(&one.summary.sha256))
                .cloned()
                .collect(),
            pieces: pieces
                .filter(|piece| hashes.contains(&piece.hash))
                .cloned()
                .collect(),
        }
    }

    /// Whether a certificate is among it.
    pub(crate) fn holds(&self, certificate: &Certificate) -> bool {
        let mut certificates = self.certificates.iter();
        certificates.any(|one| one.summary.sha256 == certificate.summary.sha256)
    }
}

impl Piece {
    /// What it says of a certificate, as far as that needs no delegate.
    pub(crate) fn statement(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        known: &Known,
    ) -> Option<Statement> {
        match &self.form {
            Form::Crl(crl) => crl.statement(certificate, issuer, known),
            Form::Ocsp(response) => response.statement(certificate, issuer),
        }
    }

    /// The piece as it is reported.
    pub(crate) fn to_public(&self) -> EvidencePiece {
        match self.form {
            Form::Ocsp(_) => EvidencePiece::Ocsp(self.der.clone()),
            Form::Crl(_) => EvidencePiece::Crl(self.der.clone()),
        }
    }
}

/// A piece of evidence with the earliest time at which it is proven to have existed.
pub(crate) struct Item {
    pub(crate) piece: Arc<Piece>,
    /// The proven time, else the time of validation.
    pub(crate) seen: Timestamp,
}
