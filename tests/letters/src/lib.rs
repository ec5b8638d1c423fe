//! Scanned letters that look like real ones, with what stands on them: to develop the reading of
//! letters on one half and to measure it on another.
//!
//! A letter is drawn with real fonts on paper, stamped, sealed and signed, and then captured:
//! scanned straight or askew, in colour, grey or black and white, faxed, photographed.
//!
//! Invariant: nothing here is shipped. Invariant: a half and a number give the same letter on
//! every machine with the same fonts, and what is held out shares no seed, no subject and no agency
//! with what the reading is made better on.

#![allow(
    clippy::indexing_slicing,
    reason = "dots of pictures of our own, and JSON of our own making"
)]

mod capture;
mod directory;
mod files;
mod font;
mod hand;
mod hard;
mod layout;
mod measure;
mod offices;
mod paint;
mod plan;
mod truth;
mod typed;
mod vocabulary;

pub use directory::directory;
pub use files::{Format, Sample, sample, sample_of};
pub use measure::{Measured, Written, measure, write, write_missing};
pub use plan::Half;
pub use truth::Truth;
pub use typed::{Office, OnPage, Planted, Typed, clean, faulty, office_clean, office_faulty};
