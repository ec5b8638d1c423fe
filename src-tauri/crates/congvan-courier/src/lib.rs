//! The envelope of a courier bundle (gói chuyển tay): a file that whoever carries it can neither read
//! nor change.
//!
//! ```text
//! "CVGCT" | version | length of the head, u16 | head, JSON      in clear: Head
//! encapsulated key, 32                                          HPKE base mode (RFC 9180):
//! piece | piece | ... | last piece                              X25519, HKDF-SHA256, AES-256-GCM
//! ```
//!
//! Every piece is [`PIECE`] bytes and its tag; all that stands before the pieces is the `info` of the key
//! schedule, the associated data says whether a piece is the last, and HPKE counts them. Inside, in one
//! stream: id of the signer, 8 | length of the manifest, u64 | manifest | signature, 64 | whatever the
//! manifest announces | zeros up to a whole piece. The signature (Ed25519) is over the head, the
//! encapsulated key and the manifest, so that it cannot be put into another bundle; what follows the
//! manifest is bound by hashes in it. Numbers are big endian.
//!
//! Invariant: no file, socket or clock; memory holds the manifest and two pieces, however long the
//! bundle is. Invariant: nothing of a bundle is given out before its piece was authenticated, and no
//! manifest before its signature was checked ([`Opened::trust`]).

mod error;
mod head;
mod keys;
mod open;
mod seal;

pub use error::CourierError;
pub use head::{Head, Kind};
pub use keys::{KeyId, SealedTo, SealingKey, SigningKey, VerifyingKey};
pub use open::{Opened, Sealed, Trusted, look};
pub use seal::{Sealer, seal};

/// Bytes of a piece, without its tag; bundles are whole pieces, so that their length tells no more.
pub const PIECE: usize = 64 * 1024;
/// The version of the envelope that this program writes and reads.
pub const VERSION: u8 = 1;
/// The longest manifest, bytes: a hundred thousand acts.
pub const MANIFEST_MAX: u64 = 64 * 1024 * 1024;

/// Bytes of the tag of a piece (AES-GCM).
const TAG: usize = 16;
/// Bytes of the encapsulated key (X25519).
const ENCAPSULATED: usize = 32;
/// Bytes of a signature (Ed25519).
const SIGNATURE: usize = 64;

/// Result of a call to this crate.
pub type Result<T> = std::result::Result<T, CourierError>;
