//! The machine alone, the machine in a simulated world, and models of what it stands on.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a judge that panics has spoken; what was searched and caught is printed"
)]

mod models;
mod order;
mod rules;
mod sim;
mod traffic;
