//! PDF pages as pictures and as text with positions, through PDFium.
//!
//! Runs only inside the render worker process: the files are hostile.
//!
//! Invariant: documents are read in ranges through a `Read + Seek`; nothing here opens a file
//! besides PDFium's library and the system's fonts.

mod assemble;
mod code;
mod document;
mod engine;
mod error;
mod image;
mod ink;
mod jpeg;
mod picture;
mod scan;
mod text;
mod typeset;

pub use assemble::Part;
pub use document::{Document, PageSize};
pub use engine::Engine;
pub use error::RenderError;
pub use image::MAX_PIXELS;
pub use ink::PageInk;
pub use picture::Lone;
pub use scan::{RedInk, Scan};
pub use text::{PagePicture, PageText, TextLine, TextWord};
pub use typeset::{SetArea, SetWord, TypeStyle, Typeset};
