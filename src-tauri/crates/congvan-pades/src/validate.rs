use congvan_model::{ByteSource, Timestamp};
use congvan_pdf::{Document, PdfError, Prefix};

use crate::{
    Coverage, Doubt, Evidence, Fault, Level, SignatureKind, SignatureReport, Status, TimeSource,
    TrustAnchors, ValidationReport,
    algorithm::{self, SignatureAlgorithm},
    certificate::Certificate,
    changes,
    cms::{self, CmsProblem, SignedData, SignerId},
    coverage::{check_range, ends_a_revision},
    dss::read_store,
    judge::{Basis, Moment, Proof, judge_signer},
    permissions::{Restrictions, restrictions},
    signatures::{SignedField, signed_fields},
    time,
    timestamp::{TokenProblem, read_token},
};

/// Validates every signature of a file at an instant, with the evidence that the file holds.
///
/// # Errors
/// [`PdfError`] where the file cannot be read at all; a worthless signature is a result, not an
/// error. [`PdfError::Encrypted`] where it opens only with a password.
pub fn validate(
    source: &dyn ByteSource,
    trust: &TrustAnchors,
    now: Timestamp,
) -> Result<ValidationReport, PdfError> {
    validate_with(source, trust, &Evidence::default(), now)
}

/// The same, with evidence that the caller fetched; see [`crate::evidence_wanted`].
///
/// # Errors
/// As [`validate`].
pub fn validate_with(
    source: &dyn ByteSource,
    trust: &TrustAnchors,
    supplied: &Evidence,
    now: Timestamp,
) -> Result<ValidationReport, PdfError> {
    let document = Document::open(source)?;
    let fields = signed_fields(&document)?;
    let mut basis = Basis {
        anchors: trust,
        now,
        supplied,
        store: read_store(&document)?.evidence,
        proofs: Vec::new(),
    };
    // The newest first: a time stamp is proof for everything it covers.
    let mut signatures = Vec::with_capacity(fields.len());
    for field in fields.iter().rev() {
        let (report, is_in_file) = judge_field(&document, field, &basis)?;
        if let Some(proof) = proof_of(&document, &report, is_in_file, now)? {
            basis.proofs.push(proof);
        }
        signatures.push(report);
    }
    signatures.reverse();
    condemn(&mut signatures);
    let changed_after_last = signatures
        .last()
        .is_some_and(|last: &SignatureReport| last.coverage != Coverage::Whole);
    Ok(ValidationReport {
        signatures,
        changed_after_last,
    })
}

/// The proof of existence that a sound document time stamp gives (EN 319 102-1, 5.6.2.3). Where the
/// authority's revocation is not known, the proof carries that doubt on.
fn proof_of(
    document: &Document<'_>,
    report: &SignatureReport,
    is_in_file: bool,
    now: Timestamp,
) -> Result<Option<Proof>, PdfError> {
    let is_checked = match &report.status {
        Status::Valid => true,
        Status::CouldNotCheck(doubts)
            if doubts
                .iter()
                .all(|doubt| *doubt == Doubt::RevocationUnknown) =>
        {
            false
        }
        Status::CouldNotCheck(_) | Status::Invalid(_) => return Ok(None),
    };
    let source = document.source();
    let bytes = match report.coverage {
        Coverage::Whole => source.len(),
        Coverage::Revision { bytes } => bytes,
        Coverage::Unclear => return Ok(None),
    };
    // A time that has not come yet proves nothing.
    let Some(time) = report.claimed_time.filter(|time| *time <= now) else {
        return Ok(None);
    };
    if report.kind != SignatureKind::DocumentTimeStamp {
        return Ok(None);
    }
    let prefix = Prefix::new(source, bytes);
    Ok(Some(Proof {
        bytes,
        store: read_store(&Document::open(&prefix)?)?.evidence.hashes(),
        moment: Moment {
            time,
            is_checked,
            is_in_file,
        },
    }))
}

/// A signature that covers a time stamp is younger than it. Where its certificate was revoked
/// before that, the signature is certainly worthless (EN 319 102-1, 5.5.4); a time stamp that comes
/// after the signature proves nothing of the kind.
fn condemn(signatures: &mut [SignatureReport]) {
    let mut youngest: Option<Timestamp> = None;
    for report in signatures {
        if let (Status::CouldNotCheck(doubts), Some(earliest)) = (&report.status, youngest) {
            let revoked = doubts.iter().find_map(|doubt| match doubt {
                Doubt::RevokedNoProof { at } if *at <= earliest => Some(*at),
                Doubt::RevokedNoProof { .. }
                | Doubt::NoSignerCertificate
                | Doubt::NoChain
                | Doubt::ChainConstraints { .. }
                | Doubt::OutsidePeriod { .. }
                | Doubt::RevocationUnknown
                | Doubt::AuthorityRevoked { .. }
                | Doubt::Algorithm { .. }
                | Doubt::UnknownKind { .. } => None,
            });
            if let Some(at) = revoked {
                report.status = Status::Invalid(vec![Fault::Revoked { at }]);
            }
        }
        if report.kind == SignatureKind::DocumentTimeStamp && report.status == Status::Valid {
            youngest = youngest.max(report.claimed_time);
        }
    }
}

/// The signature that is judged.
struct Subject<'a, 's> {
    document: &'a Document<'s>,
    signed: &'a SignedField,
    range: [u64; 4],
    /// /Contents, decoded.
    contents: &'a [u8],
}

/// What accumulates while one signature is judged.
#[derive(Default)]
struct Grounds {
    faults: Vec<Fault>,
    doubts: Vec<Doubt>,
}

impl Grounds {
    fn status(self) -> Status {
        if !self.faults.is_empty() {
            Status::Invalid(self.faults)
        } else if !self.doubts.is_empty() {
            Status::CouldNotCheck(self.doubts)
        } else {
            Status::Valid
        }
    }
}

/// Judges one signature by itself: nothing after it proves its time.
pub(crate) fn validate_field(
    document: &Document<'_>,
    signed: &SignedField,
    trust: &TrustAnchors,
    now: Timestamp,
) -> Result<SignatureReport, PdfError> {
    let basis = Basis {
        anchors: trust,
        now,
        supplied: &Evidence::default(),
        store: read_store(document)?.evidence,
        proofs: Vec::new(),
    };
    Ok(judge_field(document, signed, &basis)?.0)
}

/// Judges one signature; also whether all that establishes its signer is in the file.
fn judge_field(
    document: &Document<'_>,
    signed: &SignedField,
    basis: &Basis<'_>,
) -> Result<(SignatureReport, bool), PdfError> {
    let mut is_in_file = false;
    let mut grounds = Grounds::default();
    let restrictions = restrictions(document, signed)?;
    let claimed = signed
        .text(document, "M")
        .and_then(|date| time::pdf_date(&date));
    let mut report = SignatureReport {
        field: signed.field.name.clone(),
        kind: kind(signed, &restrictions),
        status: Status::Valid,
        intact: false,
        signer: None,
        claimed_time: claimed,
        claimed_time_is_off_by_zone: false,
        best_time: (basis.now, TimeSource::Validation),
        reason: signed.text(document, "Reason"),
        location: signed.text(document, "Location"),
        coverage: Coverage::Unclear,
        changes: Vec::new(),
        level: None,
        revocation: Vec::new(),
    };
    match check_range(document, signed) {
        Err(PdfError::Malformed { what, .. } | PdfError::Damaged { what, .. }) => {
            grounds.faults.push(Fault::ByteRange { what });
        }
        Err(other) => return Err(other),
        Ok((range, contents)) => {
            let end = range[2] + range[3];
            check_coverage(document, end, &restrictions, &mut report, &mut grounds)?;
            let check = if report.kind == SignatureKind::DocumentTimeStamp {
                check_time_stamp
            } else {
                check_cms
            };
            let subject = Subject {
                document,
                signed,
                range,
                contents: &contents,
            };
            check(&subject, &mut report, &mut grounds)?;
            let signer = report.signer.as_ref();
            if let Some(certificate) = signer.and_then(|one| Certificate::parse(&one.der)) {
                if !certificate.may_sign {
                    grounds.doubts.push(Doubt::ChainConstraints {
                        what: "the certificate is not for signing",
                    });
                }
                let (doubts, complete) =
                    judge_signer(basis, &certificate, &contents, end, &mut report);
                grounds.doubts.extend(doubts);
                is_in_file = complete;
            }
        }
    }
    report.status = grounds.status();
    Ok((report, is_in_file))
}

fn kind(signed: &SignedField, restrictions: &Restrictions) -> SignatureKind {
    if signed.is_time_stamp() {
        SignatureKind::DocumentTimeStamp
    } else {
        restrictions
            .certified
            .map_or(SignatureKind::Approval, SignatureKind::Certification)
    }
}

/// What the signature covers, and what came afterwards.
fn check_coverage(
    document: &Document<'_>,
    end: u64,
    restrictions: &Restrictions,
    report: &mut SignatureReport,
    grounds: &mut Grounds,
) -> Result<(), PdfError> {
    let source = document.source();
    if !ends_a_revision(source, end)? {
        grounds.faults.push(Fault::ByteRange {
            what: "the signed part does not end where a revision ends",
        });
        return Ok(());
    }
    if end == source.len() {
        report.coverage = Coverage::Whole;
        return Ok(());
    }
    let prefix = Prefix::new(source, end);
    let Ok(old) = Document::open(&prefix) else {
        grounds.faults.push(Fault::ByteRange {
            what: "the signed part is no revision of the file",
        });
        return Ok(());
    };
    report.coverage = Coverage::Revision { bytes: end };
    match changes::compare(&old, document, restrictions) {
        Ok(judgement) => {
            report.changes = judgement.changes.into_iter().collect();
            let violations = judgement.violations.into_iter();
            grounds
                .faults
                .extend(violations.map(Fault::ForbiddenChange));
        }
        Err(PdfError::Read(error)) => return Err(PdfError::Read(error)),
        Err(_) => grounds
            .faults
            .push(Fault::ForbiddenChange(crate::Violation {
                object: None,
                what: "the two revisions cannot be compared",
            })),
    }
    Ok(())
}

/// Integrity and cryptography: EN 319 102-1, 5.2.7.
fn check_cms(
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
    let data = match SignedData::read(subject.contents) {
        Ok(data) => data,
        Err(problem) => {
            grounds.faults.push(Fault::Cms {
                what: name(problem),
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
    let certificate = signer(&data);
    let verdict = check_attributes(&data, is_pades, certificate.as_ref(), actual.as_ref());
    if let Err(fault) = verdict {
        grounds.faults.push(fault);
    }
    let Some(certificate) = certificate else {
        grounds.doubts.push(Doubt::NoSignerCertificate);
        return Ok(());
    };
    check_value(&data, &certificate, &actual, grounds);
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
    report.signer = Some(certificate.summary);
    Ok(())
}

/// A document time stamp: the token's own signature, and that its imprint is the digest of what it
/// covers.
fn check_time_stamp(
    subject: &Subject<'_, '_>,
    report: &mut SignatureReport,
    grounds: &mut Grounds,
) -> Result<(), PdfError> {
    let token = match read_token(subject.contents) {
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
    report.signer = Some(token.signer.summary);
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
pub(crate) fn signer(data: &SignedData) -> Option<Certificate> {
    let certificates = data.certificates.iter();
    certificates
        .filter_map(|der| Certificate::parse(der))
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
