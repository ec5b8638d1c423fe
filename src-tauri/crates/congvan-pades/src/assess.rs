use congvan_model::Timestamp;

use crate::{
    CertificateSummary, TrustAnchors,
    known::Known,
    trust::{self, Trusted},
};

/// Whether a certificate can sign documents, judged before anyone types a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitness {
    /// It can.
    Fit,
    /// Its period has not begun.
    NotYetValid,
    /// Its period has ended.
    Expired,
    /// It is not for signing documents (RFC 5280, 4.2.1.3, keyUsage), or an authority's.
    WrongUsage,
    /// No chain to a configured root.
    Untrusted,
    /// Revoked by its authority, or an authority above it is. [`assess`] never says so, because it
    /// has no evidence: [`crate::certificate_standing`] does.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

/// What a person may see of a certificate on a token, and whether it can sign at an instant.
/// Revocation is not looked at: that needs the network. None where the certificate is damaged.
#[must_use]
pub fn assess(
    der: &[u8],
    anchors: &TrustAnchors,
    now: Timestamp,
) -> Option<(CertificateSummary, Fitness)> {
    let known = Known::default();
    let certificate = known.certificate(der)?;
    let trusted = Trusted::new(anchors, &known);
    let fitness = if now < certificate.summary.not_before {
        Fitness::NotYetValid
    } else if now > certificate.summary.not_after {
        Fitness::Expired
    } else if !certificate.may_sign || certificate.is_authority {
        Fitness::WrongUsage
    } else if trust::chain(&certificate, &[], (&trusted, &known), now).is_err() {
        Fitness::Untrusted
    } else {
        Fitness::Fit
    };
    Some((certificate.summary.clone(), fitness))
}
