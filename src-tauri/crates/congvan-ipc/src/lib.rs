//! The border between the desk and its faces: the command table, the shapes that cross, error
//! codes, change tags, and the TypeScript made from them.
//!
//! Invariant: no command takes a path, and only the diagnosis of tokens shows one, for a person to
//! read; no command takes or returns a file's bytes, which travel over `page://`.
//! Invariant: the PIN crosses in exactly one command, `pin_answer`, and only the PIN window may
//! call it.

pub mod dto;
mod error;
mod fault;
mod handlers;
mod pin;
mod table;

pub use error::{ErrorCode, IpcError};
#[doc(hidden)]
pub use handlers::*;
pub use pin::pin_page;
pub use table::{COMMANDS, PIN_COMMANDS, admit, dispatch, typescript_commands};
