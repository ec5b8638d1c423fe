use std::sync::Arc;

use congvan_model::Timestamp;
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
    TrustAnchor, UnixTime,
};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter};

use crate::{Doubt, certificate::Certificate, known::Known};

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

/// [`TrustAnchors`], read once. What cannot be read is not trusted.
pub(crate) struct Trusted {
    roots: Vec<Arc<Certificate>>,
    /// For each anchor that others can be verified by, the root it stands for.
    anchors: Vec<TrustAnchor<'static>>,
    anchor_roots: Vec<Arc<Certificate>>,
    intermediates: Vec<Arc<Certificate>>,
}

impl Trusted {
    pub(crate) fn new(anchors: &TrustAnchors, known: &Known) -> Self {
        let read = |list: &[Vec<u8>]| -> Vec<Arc<Certificate>> {
            let certificates = list.iter().filter_map(|der| known.certificate(der));
            certificates.collect()
        };
        let roots = read(&anchors.roots);
        let (anchors_of, anchor_roots) = roots
            .iter()
            .filter_map(|root| {
                let der = CertificateDer::from(root.summary.der.as_slice());
                let anchor = webpki::anchor_from_trusted_cert(&der).ok()?;
                Some((anchor.to_owned(), Arc::clone(root)))
            })
            .unzip();
        Self {
            anchors: anchors_of,
            anchor_roots,
            intermediates: read(&anchors.intermediates),
            roots,
        }
    }

    /// Whether this very certificate is configured as a root.
    pub(crate) fn is_root(&self, certificate: &Certificate) -> bool {
        let mut roots = self.roots.iter();
        roots.any(|root| root.summary.sha256 == certificate.summary.sha256)
    }
}

/// A verified chain.
pub(crate) struct Path {
    /// From the signer's up to the last before the root; a root alone is its own.
    pub(crate) certificates: Vec<Arc<Certificate>>,
    pub(crate) root: Arc<Certificate>,
}

/// Builds and verifies a chain at an instant (RFC 5280, 6).
pub(crate) fn chain(
    certificate: &Arc<Certificate>,
    others: &[Arc<Certificate>],
    (trusted, known): (&Trusted, &Known),
    at: Timestamp,
) -> Result<Path, Doubt> {
    // A root that signs by itself is trusted by being configured.
    if trusted.is_root(certificate) {
        return if certificate.is_within_period(at) {
            Ok(Path {
                certificates: vec![Arc::clone(certificate)],
                root: Arc::clone(certificate),
            })
        } else {
            Err(outside(certificate))
        };
    }
    let others: Vec<&Arc<Certificate>> = others
        .iter()
        .chain(&trusted.intermediates)
        .filter(|other| other.summary.sha256 != certificate.summary.sha256)
        .collect();
    let intermediates: Vec<CertificateDer<'_>> = others
        .iter()
        .map(|other| CertificateDer::from(other.summary.der.as_slice()))
        .collect();
    let der = CertificateDer::from(certificate.summary.der.as_slice());
    let leaf = EndEntityCert::try_from(&der).map_err(|error| doubt(&error, certificate))?;
    let seconds = u64::try_from(at.0 / 1000).unwrap_or(0);
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let algorithms: Vec<Once<'_>> = webpki::ALL_VERIFICATION_ALGS
        .iter()
        .map(|algorithm| Once {
            algorithm: *algorithm,
            known,
        })
        .collect();
    let algorithms: Vec<&dyn SignatureVerificationAlgorithm> = algorithms
        .iter()
        .map(|algorithm| algorithm as &dyn SignatureVerificationAlgorithm)
        .collect();
    let path = leaf
        .verify_for_usage(
            &algorithms,
            &trusted.anchors,
            &intermediates,
            time,
            AnyPurpose,
            None,
            None,
        )
        .map_err(|error| doubt(&error, certificate))?;
    let mut certificates = vec![Arc::clone(certificate)];
    for found in path.intermediate_certificates() {
        let der = found.der();
        let known = others.iter().find(|one| one.summary.der == der.as_ref());
        certificates.push(Arc::clone(known.ok_or(Doubt::NoChain)?));
    }
    let anchors = trusted.anchors.iter().zip(&trusted.anchor_roots);
    let (_, root) = anchors
        .into_iter()
        .find(|(anchor, _)| *anchor == path.anchor())
        .ok_or(Doubt::NoChain)?;
    Ok(Path {
        certificates,
        root: Arc::clone(root),
    })
}

/// An algorithm that verifies the same signature only once.
#[derive(Debug)]
struct Once<'k> {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    known: &'k Known,
}

impl SignatureVerificationAlgorithm for Once<'_> {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let (key_kind, kind) = (self.public_key_alg_id(), self.signature_alg_id());
        let parts = [
            key_kind.as_ref(),
            kind.as_ref(),
            public_key,
            message,
            signature,
        ];
        let verify = || {
            let outcome = self.algorithm;
            let outcome = outcome.verify_signature(public_key, message, signature);
            outcome.is_ok()
        };
        if self.known.verified(&parts, verify) {
            Ok(())
        } else {
            Err(InvalidSignature)
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }
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
