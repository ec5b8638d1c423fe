//! Verification of a signed revision before it is accepted.

use congvan_model::{AccountId, Sha256};
use congvan_protocol::{Intent, Op, ProblemCode};

use crate::{blobs, error::Result, office::Office};

/// What was found out about the bytes of an op, before the write lock was taken.
pub(super) enum Evidence {
    /// The intent has no bytes.
    NotNeeded,
    /// The account has not uploaded them.
    Missing,
    /// They are not what they should be.
    Refused { code: ProblemCode, detail: String },
    /// The child extends that parent by a sound signature of that certificate.
    Signed { parent: Sha256, certificate: Sha256 },
}

pub(super) fn gather(office: &Office, account: AccountId, op: &Op) -> Result<Evidence> {
    let Intent::LinkRevision { parent, child, .. } = &op.intent else {
        return Ok(Evidence::NotNeeded);
    };
    let (has_parent, has_child) = office.db.read(|tx| {
        let parent = blobs::readable(tx, parent, account)?.is_some();
        Ok::<_, crate::ProvinceError>((parent, blobs::readable(tx, child, account)?.is_some()))
    })?;
    if !has_parent || !has_child {
        return Ok(Evidence::Missing);
    }
    Ok(Evidence::Missing)
}
