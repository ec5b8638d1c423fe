//! From the words on the pages of a letter to what the register wants to know of it.
//!
//! Words come with their boxes, from OCR or from a PDF's text layer; what comes out are the fields
//! of Decree 30/2020 (Appendix VI, part II), each with how sure the reading is and where on which
//! page it was read, so that a clerk can look and confirm. What people corrected before comes back
//! as [`Knowledge`], handed in by the caller. Besides: where a stack of scanned pages falls apart
//! into letters ([`propose_split`]).
//!
//! Invariant: no file, socket, clock, environment or thread; the same words and knowledge give the
//! same reading.
//! Invariant: nothing is decided here that a person could not see on the page: every field has its
//! place, and a blank page or a separator is a proposal.

mod again;
mod agency;
mod date;
mod deadline;
mod directory;
mod kind;
mod knowledge;
mod marks;
mod notation;
mod page;
mod quality;
mod reading;
mod segment;
mod signer;
mod spelling;
mod split;
mod subject;
mod syllable;
mod text;

pub use again::{head_to_read_again, with_head};
pub use directory::{Directory, Listed, Settled};
pub use knowledge::{Knowledge, KnownAgency, Lesson, lessons};
pub use marks::SecretMark;
pub use page::{Area, Line, PageText, Place, Source, Word};
pub use quality::{ScannedPage, Shortfall, pdf_version, shortfalls};
pub use reading::{AgencyName, Field, Reading, read_letter};
pub use segment::pieces;
pub use signer::{Signer, is_signed, signature_to_read_again, with_signature};
pub use split::{Boundary, PageFacts, Separator, has_head, propose_split};
