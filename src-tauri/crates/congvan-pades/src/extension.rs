//! What a receiver that knows a file accepts as its next revision.

use std::collections::{BTreeSet, HashSet};

use congvan_model::{ByteSource, Sha256, Timestamp};
use congvan_pdf::{Document, FieldKind, Object, form_fields};

use crate::{
    Change, Coverage, Doubt, Evidence, ExtensionError, Level, Permission, SignatureKind,
    SignatureReport, Status, TrustAnchors, ValidationReport,
    certificate::Certificate,
    changes,
    coverage::ends_a_revision,
    crl::Crl,
    dss::read_store,
    known::Known,
    numbers::NUMBER_FIELDS,
    ocsp::OcspResponse,
    permissions::{Restrictions, restrictions},
    signatures::{SignedField, signed_fields},
    validate::Validator,
};

/// What a file adds to its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtensionKind {
    /// Exactly one signature, valid and over the whole file.
    Signature {
        /// SHA-256 of the signer's certificate.
        certificate: Sha256,
        /// All about the new signature.
        signature: Box<SignatureReport>,
    },
    /// Document time stamps and evidence, and nothing else: signatures of the parent reach a higher
    /// level, or keep theirs for longer.
    Completion {
        /// Every sound signature of the parent, in the order of signing; time stamps left out.
        signatures: Vec<CompletedSignature>,
    },
}

/// A signature that was completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletedSignature {
    /// Full name of its field.
    pub field: String,
    /// SHA-256 of the signer's certificate.
    pub certificate: Sha256,
    /// The level before; none for a signature that is no baseline signature.
    pub before: Option<Level>,
    /// The level now; never below the level before.
    pub level: Option<Level>,
}

/// Judges whether `child` is `parent` plus exactly one signature, or plus a completion, and nothing
/// else: for a receiver that knows the parent. Revocation that the file's own evidence does not
/// settle is left to the receiver.
///
/// # Errors
/// [`ExtensionError`] says which rule is broken.
pub fn verify_extension(
    parent: &dyn ByteSource,
    child: &dyn ByteSource,
    trust: &TrustAnchors,
    now: Timestamp,
) -> Result<ExtensionKind, ExtensionError> {
    check_prefix(parent, child)?;
    let before = Document::open(parent)?;
    let after = Document::open(child)?;
    let pair = Pair {
        old: signed_fields(&before)?,
        before,
        after,
    };
    let new: Vec<_> = signed_fields(&pair.after)?
        .into_iter()
        .filter(|signed| pair.old.iter().all(|old| old.field.id != signed.field.id))
        .collect();
    match new.as_slice() {
        [signed] if !signed.is_time_stamp() => pair.signature(signed, trust, now),
        stamps if stamps.iter().all(SignedField::is_time_stamp) => {
            pair.completion(stamps, trust, now)
        }
        others => Err(ExtensionError::SignatureCount {
            count: others.len(),
        }),
    }
}

struct Pair<'s> {
    before: Document<'s>,
    after: Document<'s>,
    old: Vec<SignedField>,
}

impl Pair<'_> {
    fn signature(
        &self,
        signed: &SignedField,
        trust: &TrustAnchors,
        now: Timestamp,
    ) -> Result<ExtensionKind, ExtensionError> {
        let inputs: HashSet<String> = form_fields(&self.after)?
            .into_iter()
            .filter(|field| field.kind == FieldKind::Input)
            .map(|field| field.name)
            .collect();
        let is_number =
            |field: &String| NUMBER_FIELDS.contains(&field.as_str()) && inputs.contains(field);
        let changes = self.check_changes(|change| match change {
            Change::Signed { field } => *field == signed.field.name,
            // The number is given between the leader's signature and the organisation's.
            Change::Filled { field } | Change::FieldAdded { field } => is_number(field),
            Change::TimeStamped { .. }
            | Change::Annotated { .. }
            | Change::Evidence
            | Change::Metadata => false,
        })?;
        self.check_permitted(signed, &changes)?;
        let validator = Validator::new(trust, &Evidence::default());
        let report = validator.validate_field(&self.after, signed, now)?;
        report.status.admit()?;
        if report.coverage != Coverage::Whole {
            return Err(ExtensionError::NotCovered);
        }
        let signer = report.signer.as_ref().ok_or(ExtensionError::Unproven {
            doubts: vec![Doubt::NoSignerCertificate],
        })?;
        Ok(ExtensionKind::Signature {
            certificate: signer.sha256,
            signature: Box::new(report),
        })
    }

    /// No earlier signature may forbid the new one, nor what it fills in.
    fn check_permitted(
        &self,
        signed: &SignedField,
        changes: &BTreeSet<Change>,
    ) -> Result<(), ExtensionError> {
        let filled = changes.iter().filter_map(|change| match change {
            Change::Filled { field } => Some(field),
            Change::Signed { .. }
            | Change::TimeStamped { .. }
            | Change::FieldAdded { .. }
            | Change::Annotated { .. }
            | Change::Evidence
            | Change::Metadata => None,
        });
        let touched: Vec<&String> = filled.chain([&signed.field.name]).collect();
        for earlier in &self.old {
            let restrictions = restrictions(&self.before, earlier)?;
            let by = earlier.field.name.clone();
            let locked = restrictions
                .lock
                .is_some_and(|lock| touched.iter().any(|name| lock.locks(name)));
            if locked || restrictions.certified == Some(Permission::Nothing) {
                return Err(ExtensionError::NotPermitted { by });
            }
        }
        Ok(())
    }

    fn completion(
        &self,
        stamps: &[SignedField],
        trust: &TrustAnchors,
        now: Timestamp,
    ) -> Result<ExtensionKind, ExtensionError> {
        let changes = self.check_changes(|change| match change {
            Change::TimeStamped { .. } | Change::Evidence => true,
            Change::Signed { .. }
            | Change::FieldAdded { .. }
            | Change::Filled { .. }
            | Change::Annotated { .. }
            | Change::Metadata => false,
        })?;
        if changes.is_empty() {
            return Err(ExtensionError::SignatureCount { count: 0 });
        }
        let source = self.after.source();
        if !ends_a_revision(source, source.len())? {
            return Err(more("bytes after the end that are no revision"));
        }
        self.check_invisible(stamps)?;
        self.check_evidence()?;
        let validator = Validator::new(trust, &Evidence::default());
        let was = validator.validate(self.before.source(), now)?;
        let is = validator.validate(source, now)?;
        for stamp in stamps {
            let report = find(&is, &stamp.field.name)?;
            report.status.admit()?;
        }
        self.completed(&was, &is)
    }

    /// Refuses every change but those that are admitted; gives what there is.
    fn check_changes(
        &self,
        is_admitted: impl Fn(&Change) -> bool,
    ) -> Result<BTreeSet<Change>, ExtensionError> {
        let restrictions = Restrictions {
            admits_blanks: self.old.is_empty(),
            ..Restrictions::default()
        };
        let judgement = changes::compare(&self.before, &self.after, &restrictions)?;
        if let Some(violation) = judgement.violations.first() {
            return Err(more(violation.what));
        }
        for change in &judgement.changes {
            if !is_admitted(change) {
                return Err(more(match change {
                    Change::Signed { .. } => "another signature",
                    Change::TimeStamped { .. } => "a time stamp",
                    Change::FieldAdded { .. } => "an empty signature field",
                    Change::Filled { .. } => "a form field was filled",
                    Change::Annotated { .. } => "an annotation",
                    Change::Evidence => "evidence",
                    Change::Metadata => "metadata",
                }));
            }
        }
        Ok(judgement.changes)
    }

    /// A time stamp that shows anything, or sits in a field that was prepared for somebody's
    /// signature, would change what the page says.
    fn check_invisible(&self, stamps: &[SignedField]) -> Result<(), ExtensionError> {
        let known: HashSet<_> = form_fields(&self.before)?.iter().map(|f| f.id).collect();
        for stamp in stamps {
            if known.contains(&stamp.field.id) {
                return Err(more("a time stamp in a field of the document"));
            }
            for widget in &stamp.field.widgets {
                let widget = self.after.get(*widget)?;
                let Some(dict) = widget.as_dict() else {
                    continue;
                };
                let area = self.after.value(dict, "Rect")?;
                let is_empty = match area.as_array() {
                    None => true,
                    Some(corners) => match corners {
                        [a, b, c, d] => {
                            let number = |value: &Object| value.as_number();
                            number(a) == number(c) && number(b) == number(d)
                        }
                        _ => false,
                    },
                };
                if dict.get("AP").is_some() || !is_empty {
                    return Err(more("a time stamp that shows"));
                }
            }
        }
        Ok(())
    }

    /// Every new piece must be what its list says: no room for anything else.
    fn check_evidence(&self) -> Result<(), ExtensionError> {
        let known = read_store(&self.before)?.evidence;
        let new = read_store(&self.after)?.evidence;
        let certificates = new.certificates.iter();
        let is_sound = certificates
            .filter(|der| !known.certificates.contains(der))
            .all(|der| Certificate::parse(der).is_some())
            && (new.ocsp.iter())
                .filter(|der| !known.ocsp.contains(der))
                .all(|der| OcspResponse::parse(der, &Known::default()).is_some())
            && (new.crls.iter())
                .filter(|der| !known.crls.contains(der))
                .all(|der| Crl::parse(der).is_some());
        if is_sound {
            Ok(())
        } else {
            Err(more("evidence that is none"))
        }
    }

    /// No signature of the parent may be worse off.
    fn completed(
        &self,
        was: &ValidationReport,
        is: &ValidationReport,
    ) -> Result<ExtensionKind, ExtensionError> {
        let mut signatures = Vec::new();
        for old in &was.signatures {
            let new = find(is, &old.field)?;
            if let (Status::Valid | Status::CouldNotCheck(_), Status::Invalid(faults)) =
                (&old.status, &new.status)
            {
                return Err(ExtensionError::Invalid {
                    faults: faults.clone(),
                });
            }
            if let Status::CouldNotCheck(doubts) = &new.status {
                let had: &[Doubt] = match &old.status {
                    Status::CouldNotCheck(had) => had,
                    Status::Valid | Status::Invalid(_) => &[],
                };
                let is_known =
                    |doubt: &Doubt| had.contains(doubt) || *doubt == Doubt::RevocationUnknown;
                if !doubts.iter().all(is_known) {
                    return Err(ExtensionError::Unproven {
                        doubts: doubts.clone(),
                    });
                }
            }
            if new.level < old.level {
                return Err(more("a signature lost its level"));
            }
            let is_sound = !matches!(new.status, Status::Invalid(_));
            if let (Some(signer), true) = (&new.signer, is_sound)
                && new.kind != SignatureKind::DocumentTimeStamp
            {
                signatures.push(CompletedSignature {
                    field: new.field.clone(),
                    certificate: signer.sha256,
                    before: old.level,
                    level: new.level,
                });
            }
        }
        if signatures.is_empty() {
            return Err(ExtensionError::SignatureCount { count: 0 });
        }
        Ok(ExtensionKind::Completion { signatures })
    }
}

fn more(what: &'static str) -> ExtensionError {
    ExtensionError::MoreThanASignature { what }
}

fn find<'r>(
    report: &'r ValidationReport,
    field: &str,
) -> Result<&'r SignatureReport, ExtensionError> {
    let mut signatures = report.signatures.iter();
    signatures
        .find(|one| one.field == field)
        .ok_or(more("a signature was taken out"))
}

fn check_prefix(parent: &dyn ByteSource, child: &dyn ByteSource) -> Result<(), ExtensionError> {
    if child.len() <= parent.len() {
        return Err(ExtensionError::NotAnExtension);
    }
    let mut at = 0;
    let (mut a, mut b) = (vec![0; 1 << 18], vec![0; 1 << 18]);
    while at < parent.len() {
        let size = usize::try_from(parent.len() - at)
            .unwrap_or(a.len())
            .min(a.len());
        let (Some(a), Some(b)) = (a.get_mut(..size), b.get_mut(..size)) else {
            break;
        };
        parent.read_at(at, a)?;
        child.read_at(at, b)?;
        if a != b {
            return Err(ExtensionError::NotAnExtension);
        }
        at += size as u64;
    }
    Ok(())
}
