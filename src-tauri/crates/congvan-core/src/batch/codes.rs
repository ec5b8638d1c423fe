//! The border's codes for what is written into a batch's report: a report outlives the error.

use congvan_store::StoreError;
use congvan_worker::TokenError;

use crate::{CertificateFault, DeskError};

/// Code and, where the code alone does not say enough, a reason. The words are those of the border;
/// a test there holds them together.
impl DeskError {
    /// The border's code for this fault, with a reason where the code alone says too little; for
    /// what is kept or shown beside a document.
    #[must_use]
    pub fn code(&self) -> (String, Option<String>) {
        code_of(self)
    }
}

/// As [`DeskError::code`].
pub(crate) fn code_of(error: &DeskError) -> (String, Option<String>) {
    let (code, reason) = match error {
        DeskError::NotFound => ("NOT_FOUND", None),
        DeskError::FileNotHere => ("FILE_NOT_HERE", None),
        DeskError::ShownIsStale => ("SHOWN_IS_STALE", None),
        DeskError::ReadingRequired => ("READING_REQUIRED", None),
        DeskError::AlreadySigned => ("ALREADY_SIGNED", None),
        DeskError::ActForbidden => ("ACT_FORBIDDEN", None),
        DeskError::CapacityEnded => ("CAPACITY_ENDED", None),
        DeskError::MandateNarrower => ("MANDATE_NARROWER", None),
        DeskError::SecretDocument => ("SECRET_DOCUMENT", None),
        DeskError::NothingToSign => ("NOTHING_TO_SIGN", None),
        DeskError::PdfCorrupt => ("PDF_CORRUPT", None),
        DeskError::PdfPassword => ("PDF_PASSWORD", None),
        DeskError::SignRefused { reason } => ("SIGN_REFUSED", Some((*reason).to_owned())),
        DeskError::SignVerifyFailed { reason } => ("SIGN_VERIFY_FAILED", Some(reason.clone())),
        DeskError::SigningBusy => ("TOKEN_BUSY", None),
        DeskError::PinCancelled => ("PIN_CANCELLED", None),
        DeskError::PinTimedOut => ("PIN_TIMED_OUT", None),
        DeskError::Certificate(fault) => (certificate(*fault), None),
        DeskError::Token(error) => (token(error), None),
        DeskError::Store(error) => (store(error), None),
        DeskError::NotLoggedIn => ("NOT_LOGGED_IN", None),
        DeskError::TrainingActive => ("TRAINING_ACTIVE", None),
        DeskError::DocumentBlocked { .. } => ("DOCUMENT_BLOCKED", None),
        _ => ("INTERNAL", None),
    };
    (code.to_owned(), reason)
}

fn certificate(fault: CertificateFault) -> &'static str {
    match fault {
        CertificateFault::Missing => "CERTIFICATE_MISSING",
        CertificateFault::Expired(_) => "CERTIFICATE_EXPIRED",
        CertificateFault::NotYetValid(_) => "CERTIFICATE_NOT_YET_VALID",
        CertificateFault::Usage => "CERTIFICATE_USAGE",
        CertificateFault::Untrusted => "CERTIFICATE_UNTRUSTED",
        CertificateFault::Revoked(_) => "CERTIFICATE_REVOKED",
    }
}

fn token(error: &TokenError) -> &'static str {
    match error {
        TokenError::ModuleNotFound { .. } => "MODULE_NOT_FOUND",
        TokenError::ModuleWrongArchitecture { .. } => "MODULE_ARCHITECTURE",
        TokenError::TokenAbsent => "TOKEN_ABSENT",
        TokenError::TokenRemoved | TokenError::SessionLost => "TOKEN_REMOVED",
        TokenError::PinIncorrect { .. } => "PIN_INCORRECT",
        TokenError::PinLength { .. } => "PIN_LENGTH",
        TokenError::PinLocked => "PIN_LOCKED",
        TokenError::PinNotInitialised => "PIN_NOT_SET",
        TokenError::FinalTryNeedsConsent => "PIN_FINAL_TRY",
        TokenError::PinNeeded | TokenError::CancelledOnReader => "PIN_CANCELLED",
        TokenError::KeyNotFound | TokenError::CertificateMismatch => "CERTIFICATE_MISSING",
        TokenError::WorkerLost { .. } | TokenError::TimedOut { .. } => "WORKER_LOST",
        _ => "MODULE_FAILED",
    }
}

fn store(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full => "DISK_FULL",
        StoreError::NoDocument { .. } => "NOT_FOUND",
        StoreError::BlobMissing { .. } => "FILE_NOT_HERE",
        _ => "STORE_FAILED",
    }
}

/// Whether a fault is one document's own: it is skipped, and the others go on.
pub(super) fn is_of_one_document(error: &DeskError) -> bool {
    match error {
        DeskError::NotFound
        | DeskError::FileNotHere
        | DeskError::ShownIsStale
        | DeskError::ReadingRequired
        | DeskError::AlreadySigned
        | DeskError::ActForbidden
        | DeskError::DocumentBlocked { .. }
        | DeskError::PdfCorrupt
        | DeskError::PdfPassword
        | DeskError::SignRefused { .. }
        | DeskError::SignVerifyFailed { .. } => true,
        DeskError::Store(error) => matches!(
            error,
            StoreError::NoDocument { .. }
                | StoreError::BlobMissing { .. }
                | StoreError::BlobCorrupt { .. }
                | StoreError::BlobMismatch { .. }
        ),
        // Every variant is named: a new one has to be decided here, not stopped or skipped by chance.
        DeskError::Unconfigured
        | DeskError::NotLoggedIn
        | DeskError::BadCredentials
        | DeskError::TooManyAttempts { .. }
        | DeskError::Unreachable
        | DeskError::WrongNetwork
        | DeskError::Untrusted
        | DeskError::ProxyAuthNeeded
        | DeskError::ProxyRefused
        | DeskError::ServerBusy
        | DeskError::ServerRefused { .. }
        | DeskError::NothingToSign
        | DeskError::SigningBusy
        | DeskError::PinCancelled
        | DeskError::PinTimedOut
        | DeskError::TrainingActive
        | DeskError::TrainingInactive
        | DeskError::Certificate(_)
        | DeskError::ImageRefused { .. }
        | DeskError::TextEmpty
        | DeskError::TextTooLong { .. }
        | DeskError::Token(_)
        | DeskError::Render(_)
        | DeskError::CapacityEnded
        | DeskError::MandateNarrower
        | DeskError::SecretDocument
        | DeskError::TooManyPages { .. }
        | DeskError::IntakeFault(_)
        | DeskError::IntakeField { .. }
        | DeskError::IntakeDuplicate
        | DeskError::BookHeld
        | DeskError::NotClerk
        | DeskError::Import(_)
        | DeskError::ActWrongState
        | DeskError::ActField { .. }
        | DeskError::ActSent
        | DeskError::Scanner(_)
        | DeskError::Office(_)
        | DeskError::FolderUnreachable
        | DeskError::Internal(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use congvan_model::Timestamp;

    use super::*;

    #[test]
    fn a_document_blocked_after_the_preflight_is_skipped_and_a_token_fault_stops() {
        let revoked_at = Timestamp(0);
        let blocked = DeskError::DocumentBlocked { revoked_at };
        assert!(is_of_one_document(&blocked));
        assert_eq!(code_of(&blocked).0, "DOCUMENT_BLOCKED");
        // Put before another leader.
        assert!(is_of_one_document(&DeskError::ActForbidden));
        for stops in [
            DeskError::Token(TokenError::PinLocked),
            DeskError::Certificate(CertificateFault::Revoked(revoked_at)),
            DeskError::Store(StoreError::Full),
        ] {
            assert!(!is_of_one_document(&stops), "{stops}");
        }
    }
}
