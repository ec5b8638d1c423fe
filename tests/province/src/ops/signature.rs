//! Verification of a signed revision before it is accepted.

use congvan_model::{AccountId, ByteSource as _, Sha256};
use congvan_pades::{Doubt, ExtensionError, ExtensionKind, Level, TrustAnchors, verify_extension};
use congvan_protocol::{Intent, Op, ProblemCode, SignatureLevel};

use crate::{
    ProvinceError,
    blobs::{self, BlobSource},
    error::Result,
    office::Office,
};

/// What was found out about the bytes of an op, before the write lock was taken.
pub(super) enum Evidence {
    /// The intent has no bytes.
    NotNeeded,
    /// The account has not uploaded them.
    Missing,
    /// They are not what they should be.
    Refused { code: ProblemCode, detail: String },
    /// The child extends its parent by a sound signature of that certificate.
    Signed {
        certificate: Sha256,
        level: SignatureLevel,
    },
    /// The child adds evidence and time stamps to signatures of its parent, and nothing else: the
    /// certificate of each, in the order of signing, and its level now.
    Completed {
        signatures: Vec<(Sha256, SignatureLevel)>,
    },
}

pub(super) fn gather(office: &Office, account: AccountId, op: &Op) -> Result<Evidence> {
    let (parent, child, size) = match &op.intent {
        Intent::LinkRevision {
            parent,
            child,
            size,
            ..
        } => (parent, child, size),
        Intent::RegisterIncoming { file, .. } => {
            return scan(office, account, (&file.sha256, file.size));
        }
        Intent::DraftDocument { file, .. } | Intent::ImportFile { file } => {
            return scan(office, account, (&file.sha256, file.size));
        }
        Intent::Handle { act } => {
            return match act.file() {
                Some(file) => scan(office, account, (&file.sha256, file.size)),
                None => Ok(Evidence::NotNeeded),
            };
        }
        Intent::AddOpinion { .. }
        | Intent::MarkRead
        | Intent::VoidNumber { .. }
        | Intent::RegisterReceived { .. }
        | Intent::PresentDocument { .. }
        | Intent::WithdrawRegistration { .. }
        | Intent::Dossier { .. }
        | Intent::Task { .. }
        | Intent::ImportRows { .. }
        | Intent::Calendar { .. } => {
            return Ok(Evidence::NotNeeded);
        }
    };
    let (has_parent, child_size) = office.db.read(|tx| {
        let has_parent = blobs::readable(tx, parent, account)?.is_some();
        Ok::<_, ProvinceError>((has_parent, blobs::readable(tx, child, account)?))
    })?;
    let Some(child_size) = child_size else {
        return Ok(Evidence::Missing);
    };
    if child_size != *size {
        return Ok(refused(
            ProblemCode::InvalidRequest,
            "the size is another".to_owned(),
        ));
    }
    if !has_parent {
        return Ok(refused(
            ProblemCode::NotAnExtension,
            "no such parent".to_owned(),
        ));
    }
    let trust = TrustAnchors {
        roots: office.trust.roots.clone(),
        intermediates: office.trust.intermediates.clone(),
    };
    let before = BlobSource::open(&office.blobs.path(parent))?;
    let after = BlobSource::open(&office.blobs.path(child))?;

    let kind = match verify_extension(&before, &after, &trust, office.now()) {
        Ok(kind) => kind,
        Err(error) => return Ok(refused(code(&error), error.to_string())),
    };
    Ok(match kind {
        ExtensionKind::Signature {
            certificate,
            signature,
        } => match signature.level {
            Some(found) => Evidence::Signed {
                certificate,
                level: level(found),
            },
            None => {
                let detail = "not a PAdES baseline signature".to_owned();
                refused(ProblemCode::SignatureInvalid, detail)
            }
        },
        ExtensionKind::Completion { signatures } => Evidence::Completed {
            signatures: signatures
                .into_iter()
                .filter_map(|one| Some((one.certificate, level(one.level?))))
                .collect(),
        },
    })
}

/// A scan or a draft must have been uploaded by the account and be a PDF.
fn scan(office: &Office, account: AccountId, (blob, size): (&Sha256, u64)) -> Result<Evidence> {
    let found = office.db.read(|tx| blobs::readable(tx, blob, account))?;
    let Some(found) = found else {
        return Ok(Evidence::Missing);
    };
    if found != size {
        let detail = "the size is another".to_owned();
        return Ok(refused(ProblemCode::InvalidRequest, detail));
    }
    let source = BlobSource::open(&office.blobs.path(blob))?;
    let mut start = [0; 5];
    let is_pdf = source.read_at(0, &mut start).is_ok() && &start == b"%PDF-";
    Ok(if is_pdf {
        Evidence::NotNeeded
    } else {
        refused(ProblemCode::InvalidRequest, "not a PDF".to_owned())
    })
}

fn level(found: Level) -> SignatureLevel {
    match found {
        Level::BB => SignatureLevel::BB,
        Level::BT => SignatureLevel::BT,
        Level::BLT => SignatureLevel::BLT,
        Level::BLTA => SignatureLevel::BLTA,
    }
}

fn refused(code: ProblemCode, detail: String) -> Evidence {
    Evidence::Refused { code, detail }
}

fn code(error: &ExtensionError) -> ProblemCode {
    match error {
        ExtensionError::NotAnExtension => ProblemCode::NotAnExtension,
        ExtensionError::Unproven { doubts } if doubts.iter().any(of_the_certificate) => {
            ProblemCode::CertificateUntrusted
        }
        ExtensionError::Pdf(_)
        | ExtensionError::SignatureCount { .. }
        | ExtensionError::MoreThanASignature { .. }
        | ExtensionError::NotPermitted { .. }
        | ExtensionError::Invalid { .. }
        | ExtensionError::Unproven { .. }
        | ExtensionError::NotCovered => ProblemCode::SignatureInvalid,
    }
}

fn of_the_certificate(doubt: &Doubt) -> bool {
    match doubt {
        Doubt::NoChain
        | Doubt::ChainConstraints { .. }
        | Doubt::OutsidePeriod { .. }
        | Doubt::RevokedNoProof { .. }
        | Doubt::AuthorityRevoked { .. } => true,
        Doubt::NoSignerCertificate
        | Doubt::RevocationUnknown
        | Doubt::Algorithm { .. }
        | Doubt::UnknownKind { .. } => false,
    }
}
