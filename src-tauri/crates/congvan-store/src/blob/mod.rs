//! Blobs: bytes named by their SHA-256, enciphered on disk.
//!
//! File: `"CVB1"`, nonce (12), wrapped key (32 + 16), then chunks of 64 KiB plaintext with a
//! 16-byte tag each. A chunk's nonce is its number and whether it is the last, so chunks cannot
//! be dropped, swapped or cut off unnoticed. Each file has a key of its own; wrapping it is bound
//! to the file's name, so two files cannot be exchanged either. The name is a keyed hash: it does
//! not tell which known document is held.

mod cipher;
mod files;
mod listing;
mod reader;
mod writer;

pub(crate) use cipher::aead_key;
pub(crate) use files::BlobFiles;
pub(crate) use listing::Listing;
pub use reader::BlobReader;
pub(crate) use writer::list_present;
pub use writer::{BlobInfo, BlobWriter};
