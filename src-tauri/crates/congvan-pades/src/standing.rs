//! The standing of a certificate by itself, apart from any signature.

use congvan_model::Timestamp;

use crate::{
    Evidence, EvidencePiece, EvidenceRequest, RevocationCheck, RevocationState, TrustAnchors,
    certificate::Certificate, crl::Crl, evidence::Pool, ocsp::OcspResponse, trust, wanted,
};

/// The revocation of a certificate and of those above it, at an instant, as far as the evidence
/// says. None where the certificate is damaged or leads to no configured root.
#[must_use]
pub fn certificate_standing(
    der: &[u8],
    anchors: &TrustAnchors,
    evidence: &Evidence,
    now: Timestamp,
) -> Option<Vec<RevocationCheck>> {
    let certificate = Certificate::parse(der)?;
    let path = trust::chain(&certificate, &evidence.certificates, anchors, now).ok()?;
    let mut pool = Pool::new(now);
    pool.add(evidence, |_| None);
    Some(pool.check_path(&path, anchors, now))
}

/// What to fetch for checks whose outcome is not known.
#[must_use]
pub fn standing_wanted(checks: &[RevocationCheck]) -> Vec<EvidenceRequest> {
    let unknown = checks
        .iter()
        .filter(|check| check.state == RevocationState::Unknown);
    unknown
        .filter_map(|check| wanted::request(&check.certificate, &check.issuer))
        .collect()
}

/// Until when a piece of evidence says that it counts (nextUpdate); none where it does not say, or
/// is damaged.
#[must_use]
pub fn counts_until(piece: &EvidencePiece) -> Option<Timestamp> {
    match piece {
        EvidencePiece::Ocsp(der) => OcspResponse::parse(der)?.next_update(),
        EvidencePiece::Crl(der) => Crl::parse(der)?.next_update(),
    }
}
