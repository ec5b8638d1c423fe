//! The engine's side of a signature: bytes to be signed, bytes that were verified, and what its
//! refusals mean at the desk. Nothing here waits for a person or a token.

use congvan_model::{ByteSource, DocumentId, FileId, Sha256, Timestamp};
use congvan_pades::{
    CertificateSummary, Fitness, Level, PdfError, Prepared, SignError, SignRequest, TrustAnchors,
    Verified, assess, prepare,
};
use congvan_protocol::SignatureLevel;
use congvan_store::NewRevision;
use congvan_worker::TokenInfo;

use crate::{
    CertificateFault, DeskError, Placement, Result,
    look::Look,
    numbering::{Numbered, Numbering},
};

/// Who signs, and what the province trusts.
pub(crate) struct Signer {
    /// The certificate as it is on the token.
    pub(crate) der: Vec<u8>,
    /// What is in it.
    pub(crate) summary: CertificateSummary,
    pub(crate) anchors: TrustAnchors,
    /// What the signatures look like.
    pub(crate) look: Look,
}

pub(crate) fn chosen_certificate(
    token: &TokenInfo,
    wanted: Sha256,
    anchors: &TrustAnchors,
    now: Timestamp,
) -> Result<(Vec<u8>, CertificateSummary)> {
    let (der, (summary, fitness)) = token
        .certificates
        .iter()
        .filter_map(|held| Some((held.der.clone(), assess(&held.der, anchors, now)?)))
        .find(|(_, (summary, _))| summary.sha256 == wanted)
        .ok_or(DeskError::Certificate(CertificateFault::Missing))?;
    let fault = match fitness {
        Fitness::Fit => return Ok((der, summary)),
        Fitness::Expired => CertificateFault::Expired(summary.not_after),
        Fitness::NotYetValid => CertificateFault::NotYetValid(summary.not_before),
        Fitness::WrongUsage => CertificateFault::Usage,
        Fitness::Untrusted => CertificateFault::Untrusted,
        Fitness::Revoked { at } => CertificateFault::Revoked(at),
    };
    Err(DeskError::Certificate(fault))
}

/// Makes the field and works out what the token signs; the look is the signer's own on this file, and
/// the numbering what the signature does for number and day of what goes out. Blocks.
pub(crate) fn prepare_numbered(
    source: &dyn ByteSource,
    (signer, look): (&Signer, &Look),
    (placement, numbering): (Option<Placement>, &Numbering),
    now: Timestamp,
) -> Result<Prepared> {
    let drawn = numbering.drawn(source, look, placement, now)?;
    prepare_drawn(source, signer, &drawn, now)
}

/// The same for the agency's signature on its scan of a paper. Blocks.
pub(crate) fn prepare_copy(
    source: &dyn ByteSource,
    (signer, document): (&Signer, &congvan_protocol::Document),
    wish: congvan_store::SealWish,
    now: Timestamp,
) -> Result<Prepared> {
    signer.look.check_agency()?;
    let found = congvan_pades::inspect(source).map_err(|error| pdf_fault(&error))?;
    let agency = signer.look.agency();
    let (field, appearance) =
        crate::register::copy::drawn(&found.pages, (document, agency), wish, now)?;
    let drawn = Numbered {
        field,
        appearance,
        text_fields: Vec::new(),
        filled: Vec::new(),
    };
    prepare_drawn(source, signer, &drawn, now)
}

fn prepare_drawn(
    source: &dyn ByteSource,
    signer: &Signer,
    drawn: &Numbered,
    now: Timestamp,
) -> Result<Prepared> {
    let filled: Vec<(&str, &str)> = drawn
        .filled
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let request = SignRequest {
        chain: &signer.anchors.intermediates,
        signer_name: Some(&signer.summary.name),
        field: drawn.field.clone(),
        appearance: drawn.appearance.clone(),
        text_fields: &drawn.text_fields,
        filled: &filled,
        ..SignRequest::new(&signer.der, now)
    };
    prepare(source, &request).map_err(sign_fault)
}

/// Embeds the token's signature and validates the whole. Blocks.
pub(crate) fn verify_bytes(
    (source, prepared): (&dyn ByteSource, Prepared),
    signature: &[u8],
    signer: &Signer,
    now: Timestamp,
) -> Result<Verified> {
    let signed = prepared.embed(signature).map_err(sign_fault)?;
    signed
        .verify(source, &signer.anchors, now)
        .map_err(sign_fault)
}

/// The revision that a verified signature makes.
pub(crate) fn new_revision(
    (document, file): (DocumentId, FileId),
    parent: Sha256,
    verified: &Verified,
    (account, signer): (congvan_model::AccountId, &Signer),
) -> NewRevision {
    NewRevision {
        document,
        file,
        parent,
        child: verified.sha256(),
        size: verified.size(),
        level: match verified.level() {
            Level::BB => SignatureLevel::BB,
            Level::BT => SignatureLevel::BT,
            Level::BLT => SignatureLevel::BLT,
            Level::BLTA => SignatureLevel::BLTA,
        },
        certificate: signer.summary.sha256,
        author: account,
        author_name: signer.summary.name.clone(),
    }
}

fn sign_fault(error: SignError) -> DeskError {
    match error {
        SignError::Encrypted => DeskError::PdfPassword,
        SignError::Pdf(error) => pdf_fault(&error),
        SignError::Certified { .. } => DeskError::SignRefused {
            reason: "CERTIFIED",
        },
        SignError::Locked { .. } => DeskError::SignRefused {
            reason: "LOCKED_BY_SIGNATURE",
        },
        SignError::BadCertificate | SignError::NotForSigning | SignError::WeakKey => {
            DeskError::Certificate(CertificateFault::Usage)
        }
        SignError::OutsidePeriod { not_after, .. } => {
            DeskError::Certificate(CertificateFault::Expired(not_after))
        }
        SignError::NotTrusted { .. } => DeskError::Certificate(CertificateFault::Untrusted),
        other => DeskError::SignVerifyFailed {
            reason: other.to_string(),
        },
    }
}

pub(crate) fn pdf_fault(error: &PdfError) -> DeskError {
    match error {
        PdfError::Encrypted | PdfError::PasswordWrong => DeskError::PdfPassword,
        PdfError::Encryption { .. } => DeskError::SignRefused {
            reason: "ENCRYPTED",
        },
        PdfError::OwnerForbids => DeskError::SignRefused {
            reason: "OWNER_FORBIDS",
        },
        PdfError::NoSuchPage { .. } => DeskError::NotFound,
        _ => DeskError::PdfCorrupt,
    }
}
