use std::{io, path::Path};

use congvan_model::Timestamp;
use congvan_pades::{Fitness, PdfError, SignError};
use congvan_remote::evidence::{CompletionError, EvidenceError};
use congvan_worker::{RenderError, TokenError};

use crate::words::{Code, Language};

/// Why something was not done: a code and facts for its sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    pub(crate) facts: Vec<(&'static str, String)>,
}

pub(crate) type Result<T> = std::result::Result<T, Fault>;

impl Fault {
    pub(crate) fn new(code: Code) -> Self {
        Self {
            code,
            facts: Vec::new(),
        }
    }

    /// The same with one more fact.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }

    /// A fault of a file by its path.
    pub(crate) fn at(code: Code, path: &Path) -> Self {
        Self::new(code).with("path", path.display())
    }

    /// What happened.
    pub(crate) fn message(&self, language: Language) -> String {
        self.filled(self.code.what_happened(language))
    }

    /// What to do now.
    pub(crate) fn remedy(&self, language: Language) -> String {
        self.filled(self.code.what_to_do(language))
    }

    fn filled(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.facts {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// A file that could not be written.
    pub(crate) fn writing(error: &io::Error, path: &Path) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            Self::at(Code::DiskFull, path)
        } else {
            Self::at(Code::OutputFailed, path).with("detail", error)
        }
    }

    /// A file that could not be read.
    pub(crate) fn reading(error: &io::Error, path: &Path) -> Self {
        Self::at(Code::FileUnreadable, path).with("detail", error)
    }
}

/// A day as Vietnamese write it.
pub(crate) fn day(instant: Timestamp) -> String {
    let day = instant.vietnam_date();
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

impl From<PdfError> for Fault {
    fn from(error: PdfError) -> Self {
        match error {
            PdfError::Encrypted | PdfError::PasswordWrong | PdfError::Encryption { .. } => {
                Self::new(Code::PdfPassword).with("detail", error)
            }
            PdfError::OwnerForbids => Self::new(Code::SignRefused).with("reason", "OWNER_FORBIDS"),
            PdfError::NoSuchPage { .. } => Self::new(Code::NoSuchPage).with("detail", error),
            PdfError::NoSuchField => Self::new(Code::NoSuchField),
            PdfError::FieldSigned => Self::new(Code::FieldSigned),
            PdfError::Image { .. } => Self::new(Code::ImageUnusable).with("detail", error),
            PdfError::Read(_)
            | PdfError::NotPdf
            | PdfError::Damaged { .. }
            | PdfError::Xref { .. }
            | PdfError::Limit { .. }
            | PdfError::Filter { .. }
            | PdfError::Malformed { .. } => Self::new(Code::PdfCorrupt).with("detail", error),
            PdfError::Font { .. } | PdfError::ContentsTooSmall { .. } => {
                Self::new(Code::SignVerifyFailed).with("detail", error)
            }
        }
    }
}

impl From<SignError> for Fault {
    fn from(error: SignError) -> Self {
        let refused = |reason: &str| Self::new(Code::SignRefused).with("reason", reason);
        match error {
            SignError::Pdf(error) => error.into(),
            SignError::Encrypted => Self::new(Code::PdfPassword).with("detail", error),
            SignError::Certified { field } => refused(&format!("CERTIFIED {field}")),
            SignError::Locked { by } => refused(&format!("LOCKED_BY_SIGNATURE {by}")),
            SignError::TooLateForFields { field } => {
                refused(&format!("TOO_LATE_FOR_FIELDS {field}"))
            }
            SignError::NotFirst { field } => refused(&format!("NOT_FIRST {field}")),
            SignError::BadCertificate | SignError::NotForSigning | SignError::WeakKey => {
                Self::new(Code::CertificateUsage)
            }
            SignError::OutsidePeriod { not_after, .. } => {
                Self::new(Code::CertificateExpired).with("until", day(not_after))
            }
            SignError::NotTrusted { .. } => {
                Self::new(Code::CertificateUntrusted).with("detail", error)
            }
            SignError::WrongSignature => Self::new(Code::ModuleFailed).with("detail", error),
            SignError::TimeStampRefused { .. } | SignError::BadTimeStamp { .. } => {
                Self::new(Code::TsaRefused).with("detail", error)
            }
            SignError::EvidenceMissing { certificates } => {
                Self::new(Code::EvidenceMissing).with("count", certificates)
            }
            SignError::NothingToComplete | SignError::Covered => Self::new(Code::NothingToComplete),
            SignError::AnotherDocument | SignError::OutputInvalid { .. } => {
                Self::new(Code::SignVerifyFailed).with("detail", error)
            }
        }
    }
}

impl From<TokenError> for Fault {
    fn from(error: TokenError) -> Self {
        let detailed = |code| Self::new(code).with("detail", &error);
        match &error {
            TokenError::ModuleNotFound { .. } => detailed(Code::ModuleNotFound),
            TokenError::ModuleWrongArchitecture { .. } => detailed(Code::ModuleArchitecture),
            TokenError::ModuleUnloadable { .. }
            | TokenError::ModuleFailed { .. }
            | TokenError::ModuleNonsense { .. }
            | TokenError::AlgorithmUnsupported { .. }
            | TokenError::PinNotAccepted { .. }
            | TokenError::WrongSignature => detailed(Code::ModuleFailed),
            TokenError::TokenAbsent => Self::new(Code::TokenAbsent).with("token", ""),
            TokenError::TokenRemoved | TokenError::SessionLost => detailed(Code::TokenRemoved),
            TokenError::PinIncorrect { .. } => Self::new(Code::PinIncorrect),
            TokenError::PinLength { min, max } => {
                Self::new(Code::PinLength).with("min", min).with("max", max)
            }
            TokenError::PinLocked => Self::new(Code::PinLocked),
            TokenError::PinNotInitialised => Self::new(Code::PinNotSet),
            TokenError::FinalTryNeedsConsent => Self::new(Code::PinFinalTry),
            TokenError::PinNeeded => Self::new(Code::PinNotGiven).with("variable", "--pin-env"),
            TokenError::CancelledOnReader => Self::new(Code::PinCancelled),
            TokenError::KeyNotFound | TokenError::CertificateMismatch => {
                Self::new(Code::CertificateMissing)
            }
            TokenError::WorkerLost { .. } | TokenError::TimedOut { .. } => {
                detailed(Code::WorkerLost)
            }
        }
    }
}

impl From<RenderError> for Fault {
    fn from(error: RenderError) -> Self {
        match &error {
            RenderError::Corrupt => Self::new(Code::PdfCorrupt).with("detail", &error),
            RenderError::PasswordNeeded => Self::new(Code::PdfPassword).with("detail", &error),
            RenderError::PageOutOfRange { .. } => {
                Self::new(Code::NoSuchPage).with("detail", &error)
            }
            RenderError::TooLarge { .. }
            | RenderError::Engine { .. }
            | RenderError::PageFailed { .. }
            | RenderError::SourceFailed
            | RenderError::NotOpen
            | RenderError::WorkerLost { .. }
            | RenderError::TimedOut { .. } => Self::new(Code::PageFailed).with("detail", &error),
        }
    }
}

impl From<EvidenceError> for Fault {
    fn from(error: EvidenceError) -> Self {
        let code = match &error {
            EvidenceError::Refused { .. }
            | EvidenceError::Garbage { .. }
            | EvidenceError::Quota { .. } => Code::TsaRefused,
            EvidenceError::Proxy { .. }
            | EvidenceError::Host
            | EvidenceError::TimedOut
            | EvidenceError::Service { .. }
            | EvidenceError::Resting { .. }
            | EvidenceError::NoAddress
            | EvidenceError::Cancelled => Code::NetUnreachable,
            EvidenceError::Configuration { .. } => Code::Internal,
        };
        Self::new(code).with("detail", error)
    }
}

impl From<CompletionError> for Fault {
    fn from(error: CompletionError) -> Self {
        match error {
            CompletionError::Evidence(error) => error.into(),
            CompletionError::Engine(error) => completing(error),
            CompletionError::Revoked { field, at } => Self::new(Code::CertificateRevoked)
                .with("field", field)
                .with("at", at),
            CompletionError::Unconvincing { certificates } => {
                Self::new(Code::EvidenceMissing).with("count", certificates)
            }
            CompletionError::Internal => Self::new(Code::Internal).with("detail", error),
        }
    }
}

/// While completing, whoever is not trusted is the time stamp authority.
pub(crate) fn completing(error: SignError) -> Fault {
    if matches!(error, SignError::NotTrusted { .. }) {
        return Fault::new(Code::TsaUntrusted).with("detail", error);
    }
    error.into()
}

/// The fault of a certificate that cannot sign; none for one that can.
pub(crate) fn unfit(fitness: Fitness, from: Timestamp, until: Timestamp) -> Option<Fault> {
    match fitness {
        Fitness::Fit => None,
        Fitness::Expired => Some(Fault::new(Code::CertificateExpired).with("until", day(until))),
        Fitness::NotYetValid => {
            Some(Fault::new(Code::CertificateNotYetValid).with("from", day(from)))
        }
        Fitness::WrongUsage => Some(Fault::new(Code::CertificateUsage)),
        Fitness::Revoked { at } => Some(
            Fault::new(Code::CertificateRevoked)
                .with("field", "-")
                .with("at", at),
        ),
        Fitness::Untrusted => Some(Fault::new(Code::CertificateUntrusted)),
    }
}
