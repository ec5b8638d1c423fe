use std::io;

use congvan_model::{DocumentId, OpId, Sha256};

use crate::{CourierRefusal, ScanRefusal};

/// Everything that can go wrong with the desk's data on this machine.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full. Nothing of the act was written; free space and do it again.
    #[error("the disk is full")]
    Full,
    /// The disk or the folder may not be written to.
    #[error("the data folder is read-only")]
    ReadOnly,
    /// Another program (a virus scanner, a backup) holds the files; the same call may succeed later.
    #[error("the data files are held by another program")]
    Locked,
    /// Another instance of Công Văn has this store open.
    #[error("the store is open in another process")]
    InUse,
    /// The data is damaged. Nothing was deleted; the store must be rebuilt from server and journal.
    #[error("the store is damaged: {what}")]
    Corrupt {
        /// Which part, without content.
        what: &'static str,
    },
    /// The store was written by a newer version of the program; install that one.
    #[error("the store has schema {found}, this program knows {known}")]
    NewerSchema {
        /// Schema in the file.
        found: u32,
        /// Newest schema of this program.
        known: u32,
    },
    /// The key from the keyring is not the one the store was made with.
    #[error("the key does not open this store")]
    KeyWrong,
    /// This build carries a SQLite with the WAL-reset race. Our fault: do not ship it.
    #[error("SQLite {found} is older than 3.51.3")]
    SqliteTooOld {
        /// `sqlite3_libversion_number()`.
        found: i32,
    },
    /// This build carries a SQLite without SQLCipher. Our fault: do not ship it.
    #[error("SQLite was built without encryption")]
    NotEncrypted,
    /// The system's keyring does not answer, is locked or refuses.
    #[error("the keyring is not available: {reason}")]
    KeyringUnavailable {
        /// The keyring's own words, for logs.
        reason: String,
    },
    /// There is no such document on this machine.
    #[error("no document {id}")]
    NoDocument {
        /// Which.
        id: DocumentId,
    },
    /// There is no such intent, or it is not in a state that allows the call.
    #[error("no such intent {id}")]
    NoIntent {
        /// Which.
        id: OpId,
    },
    /// The bytes are not on this machine (yet).
    #[error("blob {sha256} is not here")]
    BlobMissing {
        /// Which.
        sha256: Sha256,
    },
    /// The bytes that came do not have the hash that was announced; they were quarantined.
    #[error("blob {expected} came with other bytes")]
    BlobMismatch {
        /// What was announced.
        expected: Sha256,
    },
    /// A blob's file is truncated or was changed; it must be fetched again.
    #[error("blob {sha256} is damaged on disk")]
    BlobCorrupt {
        /// Which.
        sha256: Sha256,
    },
    /// A number cannot be issued on this machine now. Nothing was recorded.
    #[error("no number can be issued: {why:?}")]
    NoNumber {
        /// Why.
        why: NumberRefusal,
    },
    /// The registration may have reached the server: it can only be withdrawn with a reason.
    #[error("already sent")]
    AlreadySent,
    /// Letters or stacks of the inbox are not changed as asked. Nothing was changed.
    #[error("scan: {why:?}")]
    Scan {
        /// Why.
        why: ScanRefusal,
    },
    /// A courier bundle is not written, or not taken in. Of one that is refused nothing was done.
    #[error("courier bundle: {why:?}")]
    Courier {
        /// Why.
        why: CourierRefusal,
    },
    /// What is being done needs a reason of 1 to 500 characters. Nothing was recorded.
    #[error("a reason has 1 to 500 characters")]
    ReasonMissing,
    /// Another group of recipients has that name. Nothing was changed.
    #[error("a group has that name")]
    GroupTaken,
    /// The keyring has no key for data that is here. Nothing was deleted; the agency's recovery key
    /// opens it again.
    #[error("the key of the store is not in the keyring")]
    KeyLost,
    /// The recovery key does not fit, is malformed, or there is no recovery file.
    #[error("recovery: {what}")]
    Recovery {
        /// What is wrong.
        what: &'static str,
    },
    /// An argument breaks a rule of the store. The caller's fault.
    #[error("invalid: {what}")]
    Invalid {
        /// Which rule.
        what: &'static str,
    },
    /// The file system failed in a way of its own.
    #[error("file system: {0}")]
    Io(io::Error),
    /// SQLite failed in a way of its own. Usually our bug.
    #[error("sqlite: {0}")]
    Sql(rusqlite::Error),
    /// A value in the store does not read back as it was written. Our bug, or a skipped migration.
    #[error("stored value unreadable: {0}")]
    Encoding(#[from] serde_json::Error),
}

/// Why this machine may not issue a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberRefusal {
    /// There is no lease of this book and year here.
    NoLease,
    /// The lease was given back, or is being given back.
    Stopped,
    /// The lease is over.
    Expired,
    /// All its numbers are used.
    UsedUp,
    /// The clock shows an earlier time than at the last number.
    ClockWentBack,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::Full,
            Some(Code::ReadOnly | Code::PermissionDenied) => Self::ReadOnly,
            Some(Code::DatabaseBusy | Code::DatabaseLocked | Code::FileLockingProtocolFailed) => {
                Self::Locked
            }
            Some(Code::DatabaseCorrupt) => Self::Corrupt { what: "database" },
            Some(Code::NotADatabase) => Self::KeyWrong,
            // The disk or what guards it, not the data: never a reason to rebuild.
            Some(Code::SystemIoFailure | Code::CannotOpen) => Self::Io(io::Error::other(error)),
            _ => Self::Sql(error),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            io::ErrorKind::ResourceBusy | io::ErrorKind::WouldBlock => Self::Locked,
            _ => Self::Io(error),
        }
    }
}

/// Result of a call to the store.
pub type Result<T> = std::result::Result<T, StoreError>;
