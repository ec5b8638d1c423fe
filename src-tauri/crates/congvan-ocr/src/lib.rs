//! Words of scanned pages, through Tesseract's C interface.
//!
//! Runs only inside the OCR worker process: the pictures come from strangers.
//!
//! Decision: Tesseract's library is loaded at run time through a dozen functions of its stable C
//! interface. The crates `tesseract` and `leptess` run bindgen over headers at build time (libclang
//! and two -dev packages on every machine that builds) and cannot start where the library is not
//! installed; the command line program starts anew and reads its model for every page, and a worker
//! that starts programs cannot be forbidden to.
//!
//! Invariant: after [`Engine::load`] no file is opened; pixels come in, words with boxes go out.

#[allow(unsafe_code, reason = "Tesseract's C interface")]
mod engine;
mod error;
mod prepare;
mod strokes;
mod tsv;

pub use engine::{Engine, Layout, Picture};
pub use error::OcrError;
pub use tsv::{OcrLine, OcrWord};
