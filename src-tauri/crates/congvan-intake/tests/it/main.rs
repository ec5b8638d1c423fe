//! Letters as readers give them: words with boxes, laid out by hand.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that does not find what it needs has failed"
)]

mod directory;
mod letters;
mod properties;
