use std::io;

/// Why a bundle is not written or not opened. Nothing of it was given out.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// The file is no courier bundle.
    #[error("no courier bundle")]
    NotOurs,
    /// The bundle was written by a newer program: whoever opens it is too old.
    #[error("envelope of version {found}")]
    Version {
        /// The version in the file.
        found: u8,
    },
    /// It is sealed to another key than the one it is opened with.
    #[error("sealed to another key")]
    OtherKey,
    /// A byte was changed, cut off or added, or the stick has lost one.
    #[error("the bundle is damaged")]
    Damaged,
    /// It is whole, and not signed by whom it should come from.
    #[error("the signature does not verify")]
    NotSigned,
    /// The manifest is longer than allowed. Whoever writes it has to take less.
    #[error("the manifest is too long")]
    TooLong,
    /// A key is malformed. Our fault, or the server's.
    #[error("a key is malformed")]
    Key,
    /// The stick cannot be read or written.
    #[error("file: {0}")]
    Io(#[from] io::Error),
}
