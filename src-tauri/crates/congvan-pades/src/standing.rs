//! The standing of a certificate by itself, apart from any signature.

use congvan_model::Timestamp;

use crate::{
    Evidence, EvidencePiece, EvidenceRequest, RevocationCheck, RevocationState, TrustAnchors,
    crl::Crl,
    evidence::Pool,
    known::Known,
    ocsp::OcspResponse,
    stock::Stock,
    trust::{self, Trusted},
    wanted,
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
    let known = Known::default();
    let certificate = known.certificate(der)?;
    let trusted = Trusted::new(anchors, &known);
    let stock = Stock::read(evidence, &known);
    let basis = (&trusted, &known);
    let path = trust::chain(&certificate, &stock.certificates, basis, now).ok()?;
    let mut pool = Pool::new(now);
    pool.add(&stock, |_| None);
    Some(pool.check_path(&path, basis, now))
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
        EvidencePiece::Ocsp(der) => OcspResponse::parse(der, &Known::default())?.next_update(),
        EvidencePiece::Crl(der) => Crl::parse(der)?.next_update(),
    }
}
