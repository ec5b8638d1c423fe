//! The worker program and its clients, driven together: real processes, PDFium, SoftHSM.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod assemble;
mod format;
mod nss;
mod ocr;
mod office;
mod opensc;
mod pdf;
mod plug_soak;
mod render;
mod render_faults;
mod scan;
mod soak;
mod support;
mod text_layer;
mod token;
mod token_faults;
mod token_login;
mod training;
mod user_unit;
