//! Whether one signature is unharmed, and made by the key of the certificate that it names: no word
//! yet about trust.

use std::sync::Arc;

use congvan_model::Timestamp;
use congvan_pdf::{Document, PdfError};

use crate::{
    Doubt, Fault, Level, SignatureReport, Status,
    algorithm::{self, SignatureAlgorithm},
    certificate::Certificate,
    cms::{self, CmsProblem, SignedData, SignerId},
    known::Known,
    signatures::SignedField,
    timestamp::{TokenProblem, damaged, token_of},
};

/// The signature that is judged.
pub(crate) struct Subject<'a, 's> {
    pub(crate) document: &'a Document<'s>,
    pub(crate) signed: &'a SignedField,
    pub(crate) range: [u64; 4],
    /// What /Contents holds.
    pub(crate) data: &'a Result<SignedData, CmsProblem>,
    pub(crate) known: &'a Known,
}

/// What accumulates while one signature is judged.
#[derive(Default)]
pub(crate) struct Grounds {
    pub(crate) faults: Vec<Fault>,
    pub(crate) doubts: Vec<Doubt>,
}

impl Grounds {
    pub(crate) fn status(self) -> Status {
        if !self.faults.is_empty() {
            Status::Invalid(self.faults)
        } else if !self.doubts.is_empty() {
            Status::CouldNotCheck(self.doubts)
        } else {
            Status::Valid
        }
    }
}

/// Integrity and cryptography: EN 319 102-1, 5.2.7.
pub(crate) fn check_cms(
    subject: &Subject<'_, '_>,
    report: &mut SignatureReport,
    grounds: &mut Grounds,
) -> Result<(), PdfError> {
    let sub_filter = subject.signed.sub_filter();
    let is_pades = sub_filter == "ETSI.CAdES.detached";
    if !is_pades && sub_filter != "adbe.pkcs7.detached" {
        grounds.doubts.push(Doubt::UnknownKind { sub_filter });
        return Ok(());
    }
    let data = match subject.data {
        Ok(data) => data,
        Err(problem) => {
            grounds.faults.push(Fault::Cms {
                what: name(*problem),
            });
            return Ok(());
        }
    };
    if data.content.is_some() || data.content_type != cms::DATA {
        grounds.faults.push(Fault::Cms {
            what: "the signature is not detached",
        });
        return Ok(());
    }
    let Some(digest) = data.digest_algorithm() else {
        grounds.doubts.push(Doubt::Algorithm {
            name: data.digest_name(),
        });
        return Ok(());
    };
    let actual = algorithm::hash_byte_range(subject.document.source(), subject.range, digest)?;
    let certificate = signer(data, subject.known);
    let verdict = check_attributes(data, is_pades, certificate.as_deref(), actual.as_ref());
    if let Err(fault) = verdict {
        grounds.faults.push(fault);
    }
    let Some(certificate) = certificate else {
        grounds.doubts.push(Doubt::NoSignerCertificate);
        return Ok(());
    };
    check_value(data, &certificate, &actual, grounds);
    report.intact = !grounds.faults.iter().any(|fault| {
        matches!(
            fault,
            Fault::Cms { .. }
                | Fault::DocumentAltered
                | Fault::SignatureWrong
                | Fault::CertificateSwapped
        )
    });
    if is_pades && report.intact {
        report.level = Some(Level::BB);
    }
    if let Ok(Some(signing_time)) = data.signing_time() {
        report.claimed_time_is_off_by_zone = report
            .claimed_time
            .is_some_and(|claimed| is_zone_apart(signing_time, claimed));
        report.claimed_time = report.claimed_time.or(Some(signing_time));
    }
    report.signer = Some(certificate.summary.clone());
    Ok(())
}

/// A document time stamp: the token's own signature, and that its imprint is the digest of what it
/// covers.
pub(crate) fn check_time_stamp(
    subject: &Subject<'_, '_>,
    report: &mut SignatureReport,
    grounds: &mut Grounds,
) -> Result<(), PdfError> {
    let data = subject.data.as_ref().map_err(|_| damaged());
    let token = match data.and_then(|data| token_of(data, subject.known)) {
        Ok(token) => token,
        Err(TokenProblem::Fault(fault)) => {
            grounds.faults.push(fault);
            return Ok(());
        }
        Err(TokenProblem::Doubt(doubt)) => {
            grounds.doubts.push(doubt);
            return Ok(());
        }
    };
    let actual =
        algorithm::hash_byte_range(subject.document.source(), subject.range, token.digest)?;
    report.intact = token.imprint == actual.as_ref();
    if !report.intact {
        grounds.faults.push(Fault::DocumentAltered);
    }
    report.claimed_time = Some(token.time);
    report.signer = Some(token.signer.summary.clone());
    Ok(())
}

/// Seven hours, give or take five minutes.
fn is_zone_apart(a: Timestamp, b: Timestamp) -> bool {
    let hours = (a.0 - b.0).abs();
    (hours - 7 * 3_600_000).abs() < 300_000
}

fn name(problem: CmsProblem) -> &'static str {
    match problem {
        CmsProblem::Damaged => "the CMS structure is damaged",
        CmsProblem::TrailingData => "bytes follow the CMS structure",
        CmsProblem::Signers => "not exactly one signer",
        CmsProblem::DuplicateAttribute => "a signed attribute is doubled",
    }
}

/// The certificate that the SignerInfo names, among those in the CMS.
pub(crate) fn signer(data: &SignedData, known: &Known) -> Option<Arc<Certificate>> {
    let certificates = data.certificates.iter();
    certificates
        .filter_map(|der| known.certificate(der))
        .find(|certificate| match &data.signer {
            SignerId::IssuerSerial { issuer, serial } => {
                certificate.issuer == *issuer && certificate.serial == *serial
            }
            SignerId::KeyId(id) => certificate.subject_key_id.as_ref() == Some(id),
        })
}

fn check_attributes(
    data: &SignedData,
    is_pades: bool,
    certificate: Option<&Certificate>,
    actual: &[u8],
) -> Result<(), Fault> {
    if data.attributes.is_none() {
        return if is_pades {
            Err(Fault::Cms {
                what: "there are no signed attributes",
            })
        } else {
            Ok(())
        };
    }
    let problem = |problem| Fault::Cms {
        what: name(problem),
    };
    if data.attribute_content_type().map_err(problem)? != Some(cms::DATA) {
        return Err(Fault::Cms {
            what: "the signed content type is not data",
        });
    }
    let named = data.message_digest().map_err(problem)?;
    if named.as_deref() != Some(actual) {
        return Err(Fault::DocumentAltered);
    }
    if let Some(certificate) = certificate {
        match data.names_certificate(certificate).map_err(problem)? {
            Some(true) => {}
            Some(false) => return Err(Fault::CertificateSwapped),
            // EN 319 142-1, table 1: signing-certificate is mandatory in a baseline signature.
            None if is_pades => {
                return Err(Fault::Cms {
                    what: "the signature does not name its certificate",
                });
            }
            None => {}
        }
    }
    Ok(())
}

/// The signature value itself.
pub(crate) fn check_value_of(
    data: &SignedData,
    certificate: &Certificate,
    content_digest: &aws_lc_rs::digest::Digest,
) -> Result<Result<(), Fault>, Doubt> {
    let unknown = || {
        let identifier = crate::tlv::Tlv::only(&data.algorithm);
        let oid = identifier.and_then(algorithm::algorithm_oid);
        Doubt::Algorithm {
            name: oid.map_or_else(String::new, |oid| oid.to_string()),
        }
    };
    let key = certificate.key.as_ref().ok_or_else(unknown)?;
    let digest = data.digest_algorithm().ok_or_else(unknown)?;
    let algorithm = crate::tlv::Tlv::only(&data.algorithm)
        .and_then(|identifier| SignatureAlgorithm::from_identifier(identifier, digest, key))
        .ok_or_else(unknown)?;
    if let algorithm::KeyKind::Rsa { bits } = key.kind
        && bits < 2048
    {
        return Err(Doubt::Algorithm {
            name: format!("RSA-{bits}"),
        });
    }
    let good = match &data.attributes {
        Some(attributes) => key.verifies(algorithm, attributes, &data.signature),
        None => key.verifies_digest(algorithm, content_digest, &data.signature),
    };
    Ok(if good {
        Ok(())
    } else {
        Err(Fault::SignatureWrong)
    })
}

fn check_value(
    data: &SignedData,
    certificate: &Certificate,
    actual: &aws_lc_rs::digest::Digest,
    grounds: &mut Grounds,
) {
    match check_value_of(data, certificate, actual) {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => grounds.faults.push(fault),
        Err(doubt) => grounds.doubts.push(doubt),
    }
}
