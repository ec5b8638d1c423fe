use congvan_model::{ByteSource, Timestamp};
use congvan_pdf::{Document, PdfError, Prefix};

use crate::{
    Coverage, Doubt, Evidence, Fault, SignatureKind, SignatureReport, Status, TimeSource,
    TrustAnchors, ValidationReport, changes,
    cms::SignedData,
    coverage::{check_range, ends_a_revision},
    dss::read_store,
    integrity::{Grounds, Subject, check_cms, check_time_stamp},
    judge::{Basis, Moment, Proof, judge_signer},
    known::Known,
    permissions::{Restrictions, restrictions},
    signatures::{SignedField, signed_fields},
    stock::Stock,
    time,
    trust::Trusted,
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
    Validator::new(trust, supplied).validate(source, now)
}

/// Validates many files by the same roots and the same evidence, also on several threads at once.
/// The authorities above the signers are read and verified once and not for each file; the
/// verdicts are those of [`validate_with`].
pub struct Validator {
    known: Known,
    trusted: Trusted,
    supplied: Stock,
}

impl Validator {
    /// Reads the roots and the evidence.
    #[must_use]
    pub fn new(trust: &TrustAnchors, supplied: &Evidence) -> Self {
        let known = Known::default();
        Self {
            trusted: Trusted::new(trust, &known),
            supplied: Stock::read(supplied, &known),
            known,
        }
    }

    /// Validates every signature of a file at an instant.
    ///
    /// # Errors
    /// As [`validate`].
    pub fn validate(
        &self,
        source: &dyn ByteSource,
        now: Timestamp,
    ) -> Result<ValidationReport, PdfError> {
        let document = Document::open(source)?;
        let fields = signed_fields(&document)?;
        let mut basis = self.basis(&document, now)?;
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

    /// Judges one signature by itself: nothing after it proves its time.
    pub(crate) fn validate_field(
        &self,
        document: &Document<'_>,
        signed: &SignedField,
        now: Timestamp,
    ) -> Result<SignatureReport, PdfError> {
        let basis = self.basis(document, now)?;
        Ok(judge_field(document, signed, &basis)?.0)
    }

    fn basis(&self, document: &Document<'_>, now: Timestamp) -> Result<Basis<'_>, PdfError> {
        Ok(Basis {
            trusted: &self.trusted,
            known: &self.known,
            now,
            supplied: &self.supplied,
            store: Stock::read(&read_store(document)?.evidence, &self.known),
            proofs: Vec::new(),
        })
    }
}

impl std::fmt::Debug for Validator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Validator")
    }
}

/// The proof of existence that a sound document time stamp gives (EN 319 102-1, 5.6.2.3). Where the
/// authority's revocation is not known, the proof carries that doubt on.
fn proof_of(
    document: &Document<'_>,
    report: &SignatureReport,
    is_in_file: bool,
    now: Timestamp,
) -> Result<Option<Proof>, PdfError> {
    if report.status.admit().is_err() {
        return Ok(None);
    }
    let is_checked = report.status == Status::Valid;
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
            let data = SignedData::read(&contents);
            let subject = Subject {
                document,
                signed,
                range,
                data: &data,
                known: basis.known,
            };
            check(&subject, &mut report, &mut grounds)?;
            let signer = report.signer.as_ref();
            if let Some(certificate) = signer.and_then(|one| basis.known.certificate(&one.der)) {
                if !certificate.may_sign {
                    grounds.doubts.push(Doubt::ChainConstraints {
                        what: "the certificate is not for signing",
                    });
                }
                let (doubts, complete) =
                    judge_signer(basis, &certificate, data.as_ref().ok(), end, &mut report);
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
