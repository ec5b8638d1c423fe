use congvan_model::{ByteSource, Sha256, Timestamp};
use congvan_pdf::{Document, PdfError};

use crate::{
    Change, Coverage, Doubt, ExtensionError, Permission, SignatureReport, Status, TrustAnchors,
    changes,
    permissions::{Restrictions, restrictions},
    signatures::signed_fields,
    validate::validate_field,
};

/// A file that is its parent plus one valid signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionReport {
    /// SHA-256 of the signer's certificate.
    pub certificate: Sha256,
    /// All about the new signature.
    pub signature: SignatureReport,
}

/// Judges whether `child` is `parent` plus exactly one signature that is valid and covers the whole
/// file, and nothing else: for a receiver that knows the parent. Revocation is left to the
/// receiver's own evidence.
///
/// # Errors
/// [`ExtensionError`] says which rule is broken.
pub fn verify_extension(
    parent: &dyn ByteSource,
    child: &dyn ByteSource,
    trust: &TrustAnchors,
    now: Timestamp,
) -> Result<ExtensionReport, ExtensionError> {
    check_prefix(parent, child)?;
    let before = Document::open(parent)?;
    let after = Document::open(child)?;
    if before.is_encrypted() || after.is_encrypted() {
        return Err(PdfError::Encrypted.into());
    }
    let old = signed_fields(&before)?;
    let new: Vec<_> = signed_fields(&after)?
        .into_iter()
        .filter(|signed| old.iter().all(|other| other.field.id != signed.field.id))
        .collect();
    let [signed] = new.as_slice() else {
        return Err(ExtensionError::SignatureCount { count: new.len() });
    };
    for earlier in &old {
        let restrictions = restrictions(&before, earlier)?;
        let by = earlier.field.name.clone();
        let locked = restrictions
            .lock
            .is_some_and(|lock| lock.locks(&signed.field.name));
        if locked || restrictions.certified == Some(Permission::Nothing) {
            return Err(ExtensionError::NotPermitted { by });
        }
    }
    check_changes(&before, &after, &signed.field.name)?;
    let report = validate_field(&after, signed, trust, now)?;
    match &report.status {
        Status::Invalid(faults) => {
            return Err(ExtensionError::Invalid {
                faults: faults.clone(),
            });
        }
        Status::CouldNotCheck(doubts)
            if doubts
                .iter()
                .any(|doubt| *doubt != Doubt::RevocationUnknown) =>
        {
            return Err(ExtensionError::Unproven {
                doubts: doubts.clone(),
            });
        }
        Status::CouldNotCheck(_) | Status::Valid => {}
    }
    if report.coverage != Coverage::Whole {
        return Err(ExtensionError::NotCovered);
    }
    let signer = report.signer.as_ref().ok_or(ExtensionError::Unproven {
        doubts: vec![Doubt::NoSignerCertificate],
    })?;
    Ok(ExtensionReport {
        certificate: signer.sha256,
        signature: report,
    })
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

fn check_changes(
    before: &Document<'_>,
    after: &Document<'_>,
    field: &str,
) -> Result<(), ExtensionError> {
    let judgement = changes::compare(before, after, &Restrictions::default())?;
    if let Some(violation) = judgement.violations.first() {
        return Err(ExtensionError::MoreThanASignature {
            what: violation.what,
        });
    }
    for change in judgement.changes {
        let what = match change {
            Change::Signed { field: signed } if signed == field => continue,
            Change::Signed { .. } => "another signature",
            Change::TimeStamped { .. } => "a time stamp",
            Change::FieldAdded { .. } => "an empty signature field",
            Change::Filled { .. } => "a form field was filled",
            Change::Annotated { .. } => "an annotation",
            Change::Evidence => "evidence",
            Change::Metadata => "metadata",
        };
        return Err(ExtensionError::MoreThanASignature { what });
    }
    Ok(())
}
