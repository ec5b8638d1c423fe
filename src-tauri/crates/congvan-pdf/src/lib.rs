//! The object layer of PDF: a lazy reader, an append-only writer, signature fields and stamps.
//!
//! Reading order: [`Object`] is what a file is made of, [`Document`] finds objects without reading
//! the file as a whole, [`Increment`] collects new objects and writes the tail to append,
//! [`add_signature`] uses both.
//!
//! Invariant: this crate opens no file, socket or clock. It reads through
//! [`congvan_model::ByteSource`] and returns only bytes to append; the original is never rewritten.
//! Invariant: every loop over what a file says is bounded by [`limits`].

mod appearance;
mod archival;
mod document;
mod encryption;
mod error;
mod fields;
mod filter;
mod font;
mod image;
pub mod limits;
mod locate;
mod lone_picture;
mod metadata;
mod object;
mod page;
mod parser;
mod scans;
mod sheets;
mod signature;
mod source;
mod text_field;
mod text_layer;
mod write;
mod xref;

pub use appearance::{Appearance, Colour, Item, MmRect, TextAlign, form_xobject};
pub use archival::{PdfA, pdf_a};
pub use document::Document;
pub use encryption::AccessRights;
pub use error::PdfError;
pub use fields::{Field, FieldKind, form_fields};
pub use font::EmbeddedFont;
pub use image::RasterImage;
pub use locate::Located;
pub use lone_picture::{Colours, lone_picture};
pub use metadata::{date, text_string, text_value};
pub use object::{Dict, ObjRef, Object, Stream, StreamData};
pub use page::{Page, pages, widget_place};
pub use parser::{hex_pairs, value_span};
pub use scans::{DECREE_DPI, ImagePage, ImagePdf, pdf_of_image};
pub use sheets::pdf_of_sheets;
pub use signature::{SignatureEntries, SignaturePlan, SignatureTarget, Unsigned, add_signature};
pub use source::{Joined, Prefix, read_range};
pub use text_field::{TextField, fill_text_fields};
pub use text_layer::{LayerPage, LayerWord, add_text_layer};
pub use write::{Increment, Tail, serialize};
pub use xref::{Entry, Section, SectionKind};
