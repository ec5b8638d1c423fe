use congvan_model::Timestamp;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter};

use crate::{Doubt, certificate::Certificate};

/// The certificates that validation starts from; DER. Data, so that a new root needs no release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustAnchors {
    /// Trusted by themselves.
    pub roots: Vec<Vec<u8>>,
    /// Known, but trusted only through a root: real signatures often hold the signer's alone.
    pub intermediates: Vec<Vec<u8>>,
}

/// The signer's purposes are judged by key usage; any extended purpose is admitted, because the
/// Government CA issues with e-mail and client purposes or with none.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

/// Certificates from the signer's up to the last before the root, DER.
pub(crate) type Path = Vec<Vec<u8>>;

/// Builds and verifies a chain at an instant (RFC 5280, 6).
pub(crate) fn chain(
    certificate: &Certificate,
    others: &[Vec<u8>],
    anchors: &TrustAnchors,
    at: Timestamp,
) -> Result<Path, Doubt> {
    let der = CertificateDer::from(certificate.summary.der.as_slice());
    // A root that signs by itself is trusted by being configured.
    if anchors.roots.contains(&certificate.summary.der) {
        return if certificate.is_within_period(at) {
            Ok(vec![certificate.summary.der.clone()])
        } else {
            Err(outside(certificate))
        };
    }
    let roots: Vec<CertificateDer<'_>> = anchors
        .roots
        .iter()
        .map(|root| CertificateDer::from(root.as_slice()))
        .collect();
    let roots: Vec<TrustAnchor<'_>> = roots
        .iter()
        .filter_map(|root| webpki::anchor_from_trusted_cert(root).ok())
        .collect();
    let intermediates: Vec<CertificateDer<'_>> = others
        .iter()
        .chain(&anchors.intermediates)
        .filter(|other| **other != certificate.summary.der)
        .map(|other| CertificateDer::from(other.as_slice()))
        .collect();
    let leaf = EndEntityCert::try_from(&der).map_err(|error| doubt(&error, certificate))?;
    let seconds = u64::try_from(at.0 / 1000).unwrap_or(0);
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let path = leaf
        .verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            &roots,
            &intermediates,
            time,
            AnyPurpose,
            None,
            None,
        )
        .map_err(|error| doubt(&error, certificate))?;
    let mut found = vec![certificate.summary.der.clone()];
    found.extend(
        path.intermediate_certificates()
            .map(|cert| cert.der().to_vec()),
    );
    Ok(found)
}

fn outside(certificate: &Certificate) -> Doubt {
    Doubt::OutsidePeriod {
        not_before: certificate.summary.not_before,
        not_after: certificate.summary.not_after,
    }
}

/// The library's errors are many and may grow; everything that is not about time or a missing
/// issuer is a broken rule.
#[expect(clippy::wildcard_enum_match_arm, reason = "a foreign, growing enum")]
fn doubt(error: &Error, certificate: &Certificate) -> Doubt {
    match error {
        Error::UnknownIssuer => Doubt::NoChain,
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } => outside(certificate),
        Error::CaUsedAsEndEntity => Doubt::ChainConstraints {
            what: "an authority's certificate signed the document",
        },
        Error::EndEntityUsedAsCa | Error::PathLenConstraintViolated => Doubt::ChainConstraints {
            what: "a certificate that is no authority issued another",
        },
        Error::NameConstraintViolation => Doubt::ChainConstraints {
            what: "a name outside the authority's names",
        },
        Error::InvalidSignatureForPublicKey => Doubt::ChainConstraints {
            what: "a certificate's own signature is wrong",
        },
        _ => Doubt::ChainConstraints {
            what: "a certificate of the chain breaks the profile",
        },
    }
}
