use congvan_model::Sha256;
use der::asn1::ObjectIdentifier;

use crate::{
    RevocationState, Status, ValidationReport,
    certificate::Certificate,
    crl::{list_addresses, uri},
    known::Known,
    ocsp::{self, OcspResponse},
    tlv::{self, Tlv},
};

const INFORMATION_ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

/// What to fetch so that the revocation of one certificate can be established. One answer of any
/// of the addresses is enough; the addresses come from the certificate and are not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRequest {
    /// SHA-256 of the certificate.
    pub certificate: Sha256,
    /// OCSPRequest without a nonce, DER: to be posted as `application/ocsp-request`.
    pub ocsp_request: Vec<u8>,
    /// Where to post it; empty where the authority has no responder.
    pub ocsp_urls: Vec<String>,
    /// Where the list is.
    pub crl_urls: Vec<String>,
    /// Where the issuer's certificate is.
    pub issuer_urls: Vec<String>,
    certificate_der: Vec<u8>,
    issuer_der: Vec<u8>,
}

impl EvidenceRequest {
    /// The same question with a nonce of 16 to 32 random bytes (RFC 8954). Many responders ignore
    /// it; check the answer with [`answers_nonce`].
    #[must_use]
    pub fn ocsp_request_with_nonce(&self, nonce: &[u8]) -> Option<Vec<u8>> {
        ocsp::request(
            &Certificate::parse(&self.certificate_der)?,
            &Certificate::parse(&self.issuer_der)?,
            Some(nonce),
        )
    }
}

/// Whether an OCSPResponse repeats a nonce; none where it has none, which RFC 8954 permits.
#[must_use]
pub fn answers_nonce(response: &[u8], nonce: &[u8]) -> Option<bool> {
    let response = OcspResponse::parse(response, &Known::default())?;
    let answer = response.nonce()?;
    Some(answer == nonce)
}

/// What to fetch for a report: a request for every certificate of its chains whose revocation is
/// not known. Hand the answers to [`crate::validate_with`] or [`crate::add_evidence`].
#[must_use]
pub fn evidence_wanted(report: &ValidationReport) -> Vec<EvidenceRequest> {
    let mut wanted: Vec<EvidenceRequest> = Vec::new();
    // Nothing that could be fetched saves a signature that is certainly worthless.
    let sound = report
        .signatures
        .iter()
        .filter(|one| !matches!(one.status, Status::Invalid(_)));
    for check in sound.flat_map(|one| &one.revocation) {
        if check.state != RevocationState::Unknown {
            continue;
        }
        let known = wanted
            .iter()
            .any(|request| request.certificate_der == check.certificate);
        if known {
            continue;
        }
        wanted.extend(request(&check.certificate, &check.issuer));
    }
    wanted
}

pub(crate) fn request(certificate_der: &[u8], issuer_der: &[u8]) -> Option<EvidenceRequest> {
    let certificate = Certificate::parse(certificate_der)?;
    let issuer = Certificate::parse(issuer_der)?;
    Some(EvidenceRequest {
        certificate: certificate.summary.sha256,
        ocsp_request: ocsp::request(&certificate, &issuer, None)?,
        ocsp_urls: access(&certificate, OCSP),
        crl_urls: list_addresses(&certificate),
        issuer_urls: access(&certificate, ISSUERS),
        certificate_der: certificate_der.to_vec(),
        issuer_der: issuer_der.to_vec(),
    })
}

/// Addresses in the authority information access (RFC 5280, 4.2.2.1).
fn access(certificate: &Certificate, method: ObjectIdentifier) -> Vec<String> {
    let read = || {
        let value = certificate.extension(INFORMATION_ACCESS)?;
        let list = Tlv::only(&value)?.expect(tlv::SEQUENCE)?.children()?;
        let mut found = Vec::new();
        for description in list {
            let parts = description.expect(tlv::SEQUENCE)?.children()?;
            if parts.first()?.expect(tlv::OID)?.value == method.as_bytes() {
                found.extend(uri(*parts.get(1)?));
            }
        }
        Some(found)
    };
    read().unwrap_or_default()
}
