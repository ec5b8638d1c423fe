use congvan_model::Timestamp;
use congvan_store::{StackFault, StoreError};
use congvan_worker::{OfficeError, RenderError, TokenError};

/// Every way a use case can fail, said in the desk's own terms. The border turns each into a code
/// with a sentence and a remedy.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// No province is configured on this machine.
    #[error("no province is configured")]
    Unconfigured,
    /// Nobody is logged in.
    #[error("nobody is logged in")]
    NotLoggedIn,
    /// Unknown account or wrong password.
    #[error("unknown account or wrong password")]
    BadCredentials,
    /// Too many wrong passwords at the server.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Seconds to wait.
        seconds: u32,
    },
    /// The server does not answer.
    #[error("server unreachable")]
    Unreachable,
    /// Something else answers in the server's place.
    #[error("wrong network")]
    WrongNetwork,
    /// The server's certificate does not lead to the province's.
    #[error("server certificate not trusted")]
    Untrusted,
    /// The office's proxy wants a name and a password, or refuses those it was given.
    #[error("the proxy wants a login")]
    ProxyAuthNeeded,
    /// The office's proxy does not let us through to the server.
    #[error("the proxy refused")]
    ProxyRefused,
    /// The server is over its capacity.
    #[error("server busy")]
    ServerBusy,
    /// The server refused.
    #[error("server refused: {code}")]
    ServerRefused {
        /// The protocol's code.
        code: String,
    },
    /// The post or mandate that was chosen to act by is not this person's, or not in force.
    #[error("the chosen capacity has ended")]
    CapacityEnded,
    /// The document bears a mark of secrecy: no copy of it is made here.
    #[error("the document bears a mark of secrecy")]
    SecretDocument,
    /// The mandate that is acted by does not cover signing documents of this kind.
    #[error("the mandate covers other kinds of documents")]
    MandateNarrower,
    /// No such document, file, module or page here.
    #[error("not found")]
    NotFound,
    /// The bytes have not arrived yet; they were moved to the front.
    #[error("file not here yet")]
    FileNotHere,
    /// What was shown is not the current state of the file.
    #[error("what was shown is stale")]
    ShownIsStale,
    /// The PDF cannot be read.
    #[error("PDF corrupt")]
    PdfCorrupt,
    /// The PDF wants a password.
    #[error("PDF wants a password")]
    PdfPassword,
    /// The document cannot be signed as it is.
    #[error("document refuses a signature: {reason}")]
    SignRefused {
        /// A code such as `CERTIFIED_NO_CHANGES`.
        reason: &'static str,
    },
    /// The document has not been read as far as the province's rule asks.
    #[error("not read as far as the rule asks")]
    ReadingRequired,
    /// This person has signed these bytes already, or the document no longer waits for a signature.
    #[error("already signed")]
    AlreadySigned,
    /// Nothing is marked, or nothing of it is ready to be signed.
    #[error("nothing to sign")]
    NothingToSign,
    /// The signature we made does not verify; nothing was stored.
    #[error("own signature does not verify: {reason}")]
    SignVerifyFailed {
        /// For logs.
        reason: String,
    },
    /// Another signing is under way.
    #[error("another signing is under way")]
    SigningBusy,
    /// The person closed the PIN window.
    #[error("PIN window closed")]
    PinCancelled,
    /// The PIN window was left open too long.
    #[error("PIN window left open")]
    PinTimedOut,
    /// Training mode is on.
    #[error("training mode is on")]
    TrainingActive,
    /// Training mode is off.
    #[error("training mode is off")]
    TrainingInactive,
    /// The document may not be signed or issued any more: a signer's certificate was revoked before
    /// the earliest proven time.
    #[error("document blocked since a certificate was revoked at {revoked_at}")]
    DocumentBlocked {
        /// When the certificate was revoked.
        revoked_at: Timestamp,
    },
    /// The chosen certificate cannot sign.
    #[error("certificate cannot sign")]
    Certificate(CertificateFault),
    /// A picture for signatures breaks a rule; it was not kept.
    #[error("picture refused: {reason}")]
    ImageRefused {
        /// A code such as `NO_TRANSPARENCY`.
        reason: &'static str,
    },
    /// A text that must not be empty is.
    #[error("text is empty")]
    TextEmpty,
    /// A text is too long.
    #[error("text is longer than {limit}")]
    TextTooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// The file has more pages than are checked or compared.
    #[error("more than {limit} pages")]
    TooManyPages {
        /// Pages allowed.
        limit: usize,
    },
    /// A scan cannot be taken in.
    #[error("scan: {0:?}")]
    IntakeFault(StackFault),
    /// A field of a letter is missing or wrong; nothing was confirmed.
    #[error("field {field} of a letter")]
    IntakeField {
        /// Its name at the border, e.g. `issued_on`.
        field: &'static str,
    },
    /// An entry is probably the same paper, and nobody said that it is another.
    #[error("probably the same paper")]
    IntakeDuplicate,
    /// A network scanner.
    #[error("scanner: {0}")]
    Scanner(congvan_remote::escl::ScannerError),
    /// A word processor's file that did not become a PDF.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The folder that is to be watched cannot be listed.
    #[error("folder unreachable")]
    FolderUnreachable,
    /// The token or its module.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The renderer.
    #[error(transparent)]
    Render(RenderError),
    /// The data on this machine.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another machine of the office has the numbers of the book.
    #[error("the book is with another machine")]
    BookHeld,
    /// A table of a previous system that cannot be imported as it is.
    #[error("import: {0:?}")]
    Import(crate::ImportRefusal),
    /// Only a clerk of the agency writes in its books, and the server has said that this person is none.
    #[error("not a clerk")]
    NotClerk,
    /// The act is never this person's on that document.
    #[error("not this person's act")]
    ActForbidden,
    /// The act is not possible as the document stands.
    #[error("not possible as the document stands")]
    ActWrongState,
    /// A fact of the act is missing, malformed, or names somebody who cannot be named.
    #[error("fact {field} of an act")]
    ActField {
        /// Its name at the border, e.g. `lead`.
        field: &'static str,
    },
    /// The act was sent: it cannot be taken back.
    #[error("the act was sent")]
    ActSent,
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

/// Why a certificate cannot sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateFault {
    /// Not on the token.
    Missing,
    /// Past its end.
    Expired(Timestamp),
    /// Before its start.
    NotYetValid(Timestamp),
    /// Not for signing documents.
    Usage,
    /// Does not lead to a trusted root.
    Untrusted,
    /// Revoked by its authority.
    Revoked(Timestamp),
}

impl From<RenderError> for DeskError {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Corrupt => Self::PdfCorrupt,
            RenderError::PasswordNeeded => Self::PdfPassword,
            RenderError::PageOutOfRange { .. } => Self::NotFound,
            other @ (RenderError::TooLarge { .. }
            | RenderError::SourceFailed
            | RenderError::NotOpen
            | RenderError::Engine { .. }
            | RenderError::PageFailed { .. }
            | RenderError::WorkerLost { .. }
            | RenderError::TimedOut { .. }) => Self::Render(other),
        }
    }
}

impl From<tokio::task::JoinError> for DeskError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Internal(format!("task: {error}"))
    }
}

/// Result of a use case.
pub type Result<T> = std::result::Result<T, DeskError>;
