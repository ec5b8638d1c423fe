//! The engine against real files and independent judges: pyHanko, pdfsig, qpdf and OpenSSL.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::ptr_arg,
    reason = "a test that does not find what it needs has failed"
)]

mod archival;
mod archive;
mod attacks;
mod completions;
mod differences;
mod documents;
mod edge_cases;
mod encrypted;
mod evidence;
mod fixtures;
mod foreign;
mod forge;
mod hostile;
mod keys;
mod large;
mod numbers;
mod oracles;
mod placements;
mod refusals;
mod seeds;
mod signing;
mod sizes;
mod stamps;
mod stores;
mod structures;
mod templates;
mod timestamps;
mod validators;
