//! The real program on real tokens and a real authority, judged by pyHanko, pdfsig and qpdf.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that does not find what it needs has failed"
)]

mod authority;
mod batch;
mod format;
mod held;
mod intake;
mod interrupt;
mod judges;
mod levels;
mod matrix;
mod program;
mod recover;
mod scans;
mod secrets;
mod templates;
mod tokens;
mod usage;
