//! The network: the HTTPS client of the province's server (probe, login, sync, blobs both ways), and
//! in [`evidence`] time stamps, OCSP answers and lists from whoever gives them; in [`escl`] the
//! scanners of the office.
//!
//! The province is pinned: only certificates that lead to the province's own CA are accepted, whatever the system
//! trusts. Correctness never depends on a push; every call has a deadline.
//!
//! Invariant: the only crate of the desk that opens a socket. It decides nothing: when to call
//! and what to do with a failure is the business of `congvan-sync`.
//! Invariant: tokens are in memory only, in types that do not print.

mod auth;
mod blobs;
mod calls;
mod client;
mod config;
mod courier;
mod error;
pub mod escl;
mod events;
pub mod evidence;
mod pace;
mod path_health;
mod piece;
mod sse;
mod system;
mod upload;

pub use auth::TokenSink;
pub use blobs::Download;
pub use client::{RemoteClient, Timed};
pub use config::{ManualProxy, Patience, ProxyChoice, RemoteConfig};
pub use error::{RemoteError, Result};
pub use events::{EventStream, Listening, ServerEvent};
pub use pace::{Bandwidth, Traffic};
pub use path_health::{PathHealth, ServerPath};
pub use system::watch_system;
pub use upload::{UploadJob, UploadProgress, UploadStop};
