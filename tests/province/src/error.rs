use std::path::PathBuf;

/// Why the server could not do its work. None of these is the fault of a request; those are
/// answered as problems.
#[derive(Debug, thiserror::Error)]
pub enum ProvinceError {
    /// SQLite failed or the file is not ours.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The linked SQLite has the WAL-reset race (before 3.51.3).
    #[error("SQLite {0} is too old")]
    SqliteTooOld(i32),
    /// The disk refused.
    #[error("disk at {path}: {source}")]
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What stands in the database cannot be read back: our bug.
    #[error("stored value of {0} cannot be read")]
    Stored(&'static str),
    /// JSON of our own types failed: our bug.
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    /// A key could not be made or read, or a hash could not be computed.
    #[error("key material: {0}")]
    Key(&'static str),
    /// The TLS certificate or key of the configuration is unusable.
    #[error("tls: {0}")]
    Tls(String),
    /// A certificate given as trust root or signer is no certificate.
    #[error("certificate {0} cannot be read")]
    Certificate(String),
    /// A signer was given for an account that does not exist.
    #[error("no account {0}")]
    NoAccount(String),
    /// The documents of the demo could not be made.
    #[error("seeding: {0}")]
    Seed(String),
    /// There is no province in that directory.
    #[error("no data at {0}")]
    NoData(PathBuf),
    /// The port is taken or the listener failed.
    #[error("listen: {0}")]
    Listen(std::io::Error),
    /// The server's thread ended before it was ready.
    #[error("the server did not start")]
    NotStarted,
}

impl ProvinceError {
    pub(crate) fn disk(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Disk {
            path: path.to_owned(),
            source,
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, ProvinceError>;
