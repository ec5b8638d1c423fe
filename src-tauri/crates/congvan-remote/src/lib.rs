//! The network: the HTTPS client of the province's server (probe, login, sync, blobs both ways), and
//! in [`evidence`] time stamps, OCSP answers and lists from whoever gives them.
//!
//! The province is pinned: only certificates that lead to the province's own CA are accepted, whatever the system
//! trusts. Correctness never depends on a push; every call has a deadline.
//!
//! Invariant: the only crate of the desk that opens a socket. It decides nothing: when to call
//! and what to do with a failure is the business of `congvan-sync`.
//! Invariant: tokens are in memory only, in types that do not print.

mod auth;
mod blobs;
mod client;
mod error;
pub mod evidence;
mod upload;

pub use auth::TokenSink;
pub use blobs::Download;
pub use client::{RemoteClient, RemoteConfig};
pub use error::{RemoteError, Result};
pub use upload::{UploadJob, UploadProgress};
