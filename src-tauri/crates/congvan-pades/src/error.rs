use congvan_model::Timestamp;
use congvan_pdf::PdfError;

use crate::{Doubt, Fault, report::Objection};

/// Why a document could not be signed. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The document opens only with a password, which signing would need too.
    #[error("the document opens only with a password")]
    Encrypted,
    /// The document cannot be read or extended.
    #[error(transparent)]
    Pdf(PdfError),
    /// The document's author certified it and permits no such change (ISO 32000-2, 12.8.2.2): the
    /// signature would break the certification in `field`.
    #[error("certified in {field}: no signature permitted")]
    Certified {
        /// Field of the certification.
        field: String,
    },
    /// Only the first signature may certify (12.8.2.2.1), and there is one in `field` already.
    #[error("already signed in {field}: too late to certify")]
    NotFirst {
        /// Field of the first signature.
        field: String,
    },
    /// Only the first signature may bring empty text fields along: a later one would change the
    /// form that is signed in `field` already.
    #[error("already signed in {field}: too late to add fields")]
    TooLateForFields {
        /// Field of the first signature.
        field: String,
    },
    /// An earlier signature locks this field, or all fields (12.8.2.4).
    #[error("locked by the signature in {by}")]
    Locked {
        /// Field of the signature that locks.
        by: String,
    },
    /// The caller's bytes are no certificate.
    #[error("the certificate cannot be read")]
    BadCertificate,
    /// The certificate is not for signing documents (RFC 5280, 4.2.1.3, keyUsage).
    #[error("the certificate is not for signing")]
    NotForSigning,
    /// The certificate's period does not contain the time of signing.
    #[error("the certificate is valid from {not_before} to {not_after}")]
    OutsidePeriod {
        /// Valid from.
        not_before: Timestamp,
        /// Valid to.
        not_after: Timestamp,
    },
    /// The key is weaker than Circular 15/2025/TT-BKHCN, Appendix I, admits (RSA below 2048), or of
    /// a kind that is not supported.
    #[error("the key is not admitted")]
    WeakKey,
    /// The token gave bytes that are not the certificate's signature of the data: a faulty module,
    /// a wrong key, or a token that was swapped.
    #[error("the token's signature is wrong")]
    WrongSignature,
    /// The time stamp authority refused; its status code (RFC 3161, 2.4.2).
    #[error("the time stamp authority refused with status {status}")]
    TimeStampRefused {
        /// 2 rejection, 3 waiting, 4 and 5 revocation warnings.
        status: u8,
    },
    /// The authority's answer is not a time stamp of what was asked.
    #[error("bad time stamp: {what}")]
    BadTimeStamp {
        /// Which rule is broken.
        what: &'static str,
    },
    /// The revocation of so many certificates is still unknown: ask for what
    /// [`crate::evidence_wanted`] lists.
    #[error("evidence is missing for {certificates} certificates")]
    EvidenceMissing {
        /// How many.
        certificates: usize,
    },
    /// There is no sound signature, or nothing to add to it.
    #[error("nothing to complete")]
    NothingToComplete,
    /// A later revision covers the signature, so that its bytes may not change any more.
    #[error("the signature is covered by a later revision")]
    Covered,
    /// The source's length or content is not what was prepared; the caller mixed up two documents.
    #[error("the document is not the one that was prepared")]
    AnotherDocument,
    /// Our own output did not pass our own validation: our bug, or one of the two above.
    #[error("the signed document does not validate: {faults:?}")]
    OutputInvalid {
        /// Why.
        faults: Vec<Fault>,
    },
    /// The signer's certificate does not lead to a configured root, is expired or the like.
    #[error("the signer is not trusted: {doubts:?}")]
    NotTrusted {
        /// Why.
        doubts: Vec<Doubt>,
    },
}

impl From<PdfError> for SignError {
    fn from(error: PdfError) -> Self {
        match error {
            PdfError::Encrypted => Self::Encrypted,
            other @ (PdfError::Read(_)
            | PdfError::NotPdf
            | PdfError::Damaged { .. }
            | PdfError::Xref { .. }
            | PdfError::PasswordWrong
            | PdfError::Encryption { .. }
            | PdfError::OwnerForbids
            | PdfError::Limit { .. }
            | PdfError::Filter { .. }
            | PdfError::Malformed { .. }
            | PdfError::NoSuchPage { .. }
            | PdfError::NoSuchField
            | PdfError::FieldSigned
            | PdfError::Font { .. }
            | PdfError::Image { .. }
            | PdfError::ContentsTooSmall { .. }) => Self::Pdf(other),
        }
    }
}

impl From<congvan_model::ReadError> for SignError {
    fn from(error: congvan_model::ReadError) -> Self {
        Self::Pdf(PdfError::Read(error))
    }
}

/// Why a file is not its parent plus one valid signature, or plus a completion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionError {
    /// One of the two files cannot be read.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The child does not begin with the parent's bytes, or adds nothing.
    #[error("the file does not begin with its parent")]
    NotAnExtension,
    /// Not exactly one new signature.
    #[error("{count} new signatures")]
    SignatureCount {
        /// How many there are.
        count: usize,
    },
    /// More was changed than one signature, or a completion, needs.
    #[error("more was changed than a signature or a completion needs: {what}")]
    MoreThanASignature {
        /// What.
        what: &'static str,
    },
    /// An earlier signature does not permit this one.
    #[error("an earlier signature does not permit it")]
    NotPermitted {
        /// Field of the earlier signature.
        by: String,
    },
    /// The new signature is worthless.
    #[error("the new signature is invalid: {faults:?}")]
    Invalid {
        /// Why.
        faults: Vec<Fault>,
    },
    /// The new signature could not be established as valid.
    #[error("the new signature could not be checked: {doubts:?}")]
    Unproven {
        /// Why.
        doubts: Vec<Doubt>,
    },
    /// The new signature does not cover the whole file.
    #[error("the new signature does not cover the whole file")]
    NotCovered,
}

impl From<congvan_model::ReadError> for ExtensionError {
    fn from(error: congvan_model::ReadError) -> Self {
        Self::Pdf(PdfError::Read(error))
    }
}

impl From<Objection> for SignError {
    fn from(objection: Objection) -> Self {
        match objection {
            Objection::Faults(faults) => Self::OutputInvalid { faults },
            Objection::Doubts(doubts) => Self::NotTrusted { doubts },
        }
    }
}

impl From<Objection> for ExtensionError {
    fn from(objection: Objection) -> Self {
        match objection {
            Objection::Faults(faults) => Self::Invalid { faults },
            Objection::Doubts(doubts) => Self::Unproven { doubts },
        }
    }
}
