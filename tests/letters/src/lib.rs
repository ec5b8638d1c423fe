//! Scanned letters that look like real ones, with what stands on them: to develop the reading of
//! letters on one half and to measure it on another.
//!
//! A letter is drawn with real fonts on paper, stamped, sealed and signed, and then captured:
//! scanned straight or askew, in colour, grey or black and white, faxed, photographed.
//!
//! Invariant: nothing here is shipped. Invariant: a half and a number give the same letter on
//! every machine with the same fonts, and the two halves share no seed, no subject and no agency.

#![allow(
    clippy::indexing_slicing,
    reason = "dots of pictures of our own, and JSON of our own making"
)]

mod capture;
mod files;
mod font;
mod layout;
mod measure;
mod paint;
mod plan;
mod truth;
mod vocabulary;

pub use files::{Format, Sample, sample, sample_of};
pub use measure::{Measured, Written, measure, write};
pub use plan::Half;
pub use truth::Truth;
