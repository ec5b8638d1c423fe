use congvan_core::OfficeError;
use congvan_core::{
    CertificateFault, CourierRefusal, DeskError, ImportRefusal, RenderError, ScanRefusal,
    ScannerError, StackFault, StoreError, TokenError,
};

use crate::{ErrorCode, IpcError};

impl From<DeskError> for IpcError {
    fn from(error: DeskError) -> Self {
        tracing::debug!(%error, "a command failed");
        use ErrorCode as Code;
        match error {
            DeskError::Unconfigured => Self::new(Code::ConfigMissing),
            DeskError::NotLoggedIn => Self::new(Code::NotLoggedIn),
            DeskError::BadCredentials => Self::new(Code::BadCredentials),
            DeskError::TooManyAttempts { seconds } => {
                Self::new(Code::TooManyAttempts).with("seconds", seconds)
            }
            DeskError::Unreachable => Self::new(Code::NetUnreachable),
            DeskError::WrongNetwork => Self::new(Code::NetWrongNetwork),
            DeskError::ProxyAuthNeeded => Self::new(Code::ProxyAuthNeeded),
            DeskError::ProxyRefused => Self::new(Code::ProxyRefused),
            DeskError::Untrusted => Self::new(Code::TlsUntrusted),
            DeskError::ServerBusy => Self::new(Code::ServerBusy),
            DeskError::ServerRefused { code } => Self::new(Code::ServerRefused).with("code", code),
            DeskError::NotFound => Self::new(Code::NotFound),
            DeskError::FileNotHere => Self::new(Code::FileNotHere),
            DeskError::ShownIsStale => Self::new(Code::ShownIsStale),
            DeskError::PdfCorrupt => Self::new(Code::PdfCorrupt),
            DeskError::PdfPassword => Self::new(Code::PdfPassword),
            DeskError::SignRefused { reason } => {
                Self::new(Code::SignRefused).with("reason", reason)
            }
            DeskError::ReadingRequired => Self::new(Code::ReadingRequired),
            DeskError::AlreadySigned => Self::new(Code::AlreadySigned),
            DeskError::NothingToSign => Self::new(Code::NothingToSign),
            DeskError::SignVerifyFailed { .. } => Self::new(Code::SignVerifyFailed),
            DeskError::SigningBusy => Self::new(Code::TokenBusy),
            DeskError::PinCancelled => Self::new(Code::PinCancelled),
            DeskError::PinTimedOut => Self::new(Code::PinTimedOut),
            DeskError::TrainingActive => Self::new(Code::TrainingActive),
            DeskError::TrainingInactive => Self::new(Code::TrainingInactive),
            DeskError::DocumentBlocked { revoked_at } => {
                Self::new(Code::DocumentBlocked).with("at", vietnamese_day(revoked_at))
            }
            DeskError::Certificate(fault) => certificate(fault),
            DeskError::ImageRefused { reason } => {
                Self::new(Code::ImageRefused).with("reason", reason)
            }
            DeskError::TextEmpty => Self::new(Code::TextEmpty),
            DeskError::TextTooLong { limit } => Self::new(Code::TextTooLong).with("limit", limit),
            DeskError::TooManyPages { limit } => Self::new(Code::TooManyPages).with("limit", limit),
            DeskError::IntakeFault(fault) => Self::new(stack_fault(fault)),
            DeskError::IntakeField { field } => Self::new(Code::IntakeField).with("field", field),
            DeskError::BookHeld => Self::new(Code::BookHeld),
            DeskError::NotClerk => Self::new(Code::NotClerk),
            DeskError::CapacityEnded => Self::new(Code::CapacityEnded),
            DeskError::SecretDocument => Self::new(Code::SecretDocument),
            DeskError::MandateNarrower => Self::new(Code::MandateNarrower),
            DeskError::ActForbidden => Self::new(Code::ActForbidden),
            DeskError::ActWrongState => Self::new(Code::ActWrongState),
            DeskError::ActField { field } => Self::new(Code::ActField).with("field", field),
            DeskError::ActSent => Self::new(Code::ActSent),
            DeskError::IntakeDuplicate => Self::new(Code::IntakeDuplicate),
            DeskError::Import(why) => Self::new(import(why)),
            DeskError::Scanner(error) => Self::new(scanner(&error)),
            DeskError::Office(error) => Self::new(office(&error)),
            DeskError::FolderUnreachable => Self::new(Code::FolderUnreachable),
            DeskError::Token(error) => token(error),
            DeskError::Render(error) => render(&error),
            DeskError::Store(error) => store(&error),
            DeskError::Internal(detail) => {
                tracing::error!(detail, "internal fault");
                Self::new(Code::Internal)
            }
        }
    }
}

fn import(why: ImportRefusal) -> ErrorCode {
    match why {
        ImportRefusal::NoTable => ErrorCode::ImportNoTable,
        ImportRefusal::Unreadable => ErrorCode::ImportUnreadable,
        ImportRefusal::NotATable => ErrorCode::ImportNotATable,
        ImportRefusal::Empty => ErrorCode::ImportEmpty,
        ImportRefusal::TooLarge => ErrorCode::ImportTooLarge,
        ImportRefusal::Changed => ErrorCode::ImportChanged,
        ImportRefusal::Busy => ErrorCode::ImportBusy,
        ImportRefusal::Unmapped => ErrorCode::ImportUnmapped,
    }
}

/// The code of a courier bundle, or another file outside, that is not written or not taken in.
fn courier(why: CourierRefusal) -> ErrorCode {
    match why {
        CourierRefusal::NotOurs => ErrorCode::CourierNotOurs,
        CourierRefusal::Newer => ErrorCode::CourierNewer,
        // Whoever forged it and the stick that lost a byte are told apart by nobody at a desk.
        CourierRefusal::Damaged | CourierRefusal::NotSigned => ErrorCode::CourierDamaged,
        CourierRefusal::OtherDesk => ErrorCode::CourierOtherDesk,
        CourierRefusal::OtherProvince => ErrorCode::CourierOtherProvince,
        CourierRefusal::Outgoing => ErrorCode::CourierOutgoing,
        CourierRefusal::Answer => ErrorCode::CourierAnswer,
        CourierRefusal::Stick => ErrorCode::OutsideFailed,
        CourierRefusal::StickFull => ErrorCode::OutsideFull,
        CourierRefusal::UnknownDesk => ErrorCode::CourierUnknownDesk,
        CourierRefusal::TooOld => ErrorCode::CourierTooOld,
        CourierRefusal::NotReady => ErrorCode::CourierNotReady,
        CourierRefusal::Busy => ErrorCode::OutsideBusy,
        CourierRefusal::Cancelled => ErrorCode::OutsideCancelled,
    }
}

/// The code of a word processor's file that did not become a PDF.
fn office(error: &OfficeError) -> ErrorCode {
    match error {
        OfficeError::Missing => ErrorCode::OfficeMissing,
        OfficeError::TimedOut => ErrorCode::OfficeTimedOut,
        OfficeError::Cancelled => ErrorCode::OfficeCancelled,
        OfficeError::Failed => ErrorCode::OfficeFailed,
        OfficeError::TooLarge => ErrorCode::IntakeTooLong,
        OfficeError::Io(_) => ErrorCode::IntakeUnreadable,
    }
}

/// The code of what is wrong with a stack of scans.
pub(crate) fn stack_fault(fault: StackFault) -> ErrorCode {
    match fault {
        StackFault::Empty => ErrorCode::IntakeEmpty,
        StackFault::Format => ErrorCode::IntakeFormat,
        StackFault::Damaged => ErrorCode::IntakeDamaged,
        StackFault::Password => ErrorCode::PdfPassword,
        StackFault::TooLong => ErrorCode::IntakeTooLong,
        StackFault::SameFile => ErrorCode::IntakeSameFile,
        StackFault::DiskFull => ErrorCode::DiskFull,
        StackFault::Unreadable => ErrorCode::IntakeUnreadable,
    }
}

pub(crate) fn certificate(fault: CertificateFault) -> IpcError {
    match fault {
        CertificateFault::Missing => IpcError::new(ErrorCode::CertificateMissing),
        CertificateFault::Expired(until) => {
            IpcError::new(ErrorCode::CertificateExpired).with("until", vietnamese_day(until))
        }
        CertificateFault::NotYetValid(from) => {
            IpcError::new(ErrorCode::CertificateNotYetValid).with("from", vietnamese_day(from))
        }
        CertificateFault::Usage => IpcError::new(ErrorCode::CertificateUsage),
        CertificateFault::Untrusted => IpcError::new(ErrorCode::CertificateUntrusted),
        CertificateFault::Revoked(at) => {
            IpcError::new(ErrorCode::CertificateRevoked).with("at", vietnamese_day(at))
        }
    }
}

fn vietnamese_day(instant: congvan_model::Timestamp) -> String {
    let day = instant.vietnam_date();
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// The code of a token's failure; also shown beside a module that cannot be used.
pub(crate) fn token(error: TokenError) -> IpcError {
    match error {
        TokenError::ModuleNotFound { .. } => IpcError::new(ErrorCode::ModuleNotFound),
        TokenError::ModuleWrongArchitecture { found, needed } => {
            IpcError::new(ErrorCode::ModuleArchitecture)
                .with("found", found)
                .with("needed", needed)
        }
        TokenError::ModuleUnloadable { .. }
        | TokenError::ModuleFailed { .. }
        | TokenError::ModuleNonsense { .. }
        | TokenError::AlgorithmUnsupported { .. }
        | TokenError::PinNotAccepted { .. }
        | TokenError::WrongSignature => {
            IpcError::new(ErrorCode::ModuleFailed).with("detail", &error)
        }
        TokenError::TokenAbsent => IpcError::new(ErrorCode::TokenAbsent),
        TokenError::TokenRemoved | TokenError::SessionLost => {
            IpcError::new(ErrorCode::TokenRemoved)
        }
        TokenError::PinIncorrect { .. } => IpcError::new(ErrorCode::PinIncorrect),
        TokenError::PinLength { min, max } => IpcError::new(ErrorCode::PinLength)
            .with("min", min)
            .with("max", max),
        TokenError::PinLocked => IpcError::new(ErrorCode::PinLocked),
        TokenError::PinNotInitialised => IpcError::new(ErrorCode::PinNotSet),
        TokenError::FinalTryNeedsConsent => IpcError::new(ErrorCode::PinFinalTry),
        TokenError::PinNeeded | TokenError::CancelledOnReader => {
            IpcError::new(ErrorCode::PinCancelled)
        }
        TokenError::KeyNotFound | TokenError::CertificateMismatch => {
            IpcError::new(ErrorCode::CertificateMissing)
        }
        TokenError::WorkerLost { .. } | TokenError::TimedOut { .. } => {
            IpcError::new(ErrorCode::WorkerLost)
        }
    }
}

/// The code of a scanner's failure; also shown beside a scanner and a scan.
pub(crate) fn scanner(error: &ScannerError) -> ErrorCode {
    match error {
        ScannerError::Address { .. } => ErrorCode::ScannerAddress,
        ScannerError::Unreachable => ErrorCode::ScannerUnreachable,
        ScannerError::Untrusted => ErrorCode::ScannerUntrusted,
        ScannerError::Busy => ErrorCode::ScannerBusy,
        ScannerError::Jam => ErrorCode::ScannerJam,
        ScannerError::CoverOpen => ErrorCode::ScannerCoverOpen,
        ScannerError::Empty => ErrorCode::ScannerEmpty,
        ScannerError::Failed { .. } | ScannerError::Protocol { .. } => ErrorCode::ScannerFailed,
    }
}

fn render(error: &RenderError) -> IpcError {
    match error {
        RenderError::Corrupt => IpcError::new(ErrorCode::PdfCorrupt),
        RenderError::PasswordNeeded => IpcError::new(ErrorCode::PdfPassword),
        RenderError::PageOutOfRange { .. } => IpcError::new(ErrorCode::NotFound),
        RenderError::TooLarge { .. }
        | RenderError::Engine { .. }
        | RenderError::PageFailed { .. } => IpcError::new(ErrorCode::PageFailed),
        RenderError::SourceFailed => IpcError::new(ErrorCode::StoreFailed),
        RenderError::NotOpen | RenderError::WorkerLost { .. } | RenderError::TimedOut { .. } => {
            IpcError::new(ErrorCode::WorkerLost)
        }
    }
}

fn store(error: &StoreError) -> IpcError {
    let code = match error {
        StoreError::Full => ErrorCode::DiskFull,
        StoreError::InUse => ErrorCode::StoreInUse,
        StoreError::NewerSchema { .. } => ErrorCode::StoreNewer,
        StoreError::KeyWrong | StoreError::KeyLost | StoreError::Recovery { .. } => {
            ErrorCode::StoreKeyWrong
        }
        StoreError::KeyringUnavailable { .. } => ErrorCode::KeyringUnavailable,
        StoreError::NoDocument { .. } | StoreError::NoIntent { .. } => ErrorCode::NotFound,
        StoreError::Scan { why } => match why {
            ScanRefusal::NotThere => ErrorCode::NotFound,
            ScanRefusal::Signed => ErrorCode::IntakeSigned,
            ScanRefusal::State => ErrorCode::InvalidRequest,
        },
        StoreError::Courier { why } => courier(*why),
        StoreError::BlobMissing { .. } => ErrorCode::FileNotHere,
        StoreError::AlreadySent => ErrorCode::AlreadySent,
        StoreError::GroupTaken => ErrorCode::GroupTaken,
        StoreError::ReasonMissing => ErrorCode::ReasonMissing,
        StoreError::NoNumber { .. } => ErrorCode::NoNumberLeft,
        StoreError::Invalid { .. } | StoreError::Encoding(_) => ErrorCode::Internal,
        StoreError::ReadOnly
        | StoreError::Locked
        | StoreError::Corrupt { .. }
        | StoreError::SqliteTooOld { .. }
        | StoreError::NotEncrypted
        | StoreError::BlobMismatch { .. }
        | StoreError::BlobCorrupt { .. }
        | StoreError::Io(_)
        | StoreError::Sql(_) => ErrorCode::StoreFailed,
    };
    if code == ErrorCode::StoreFailed {
        tracing::warn!(%error, "the store failed");
    }
    IpcError::new(code)
}
