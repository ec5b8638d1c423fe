//! kill -9 of the real programs, desk and server, at random moments while acts are made. A few
//! cycles in `test`, as many as one likes in `cargo xtask soak crash`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod client;
mod importing;
mod programs;
mod server;
mod wire;

/// Cycles and first seed: `CONGVAN_SOAK` and `CONGVAN_SEED`, else so many.
fn extent(few: u64) -> (u64, u64) {
    let read = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    (
        read("CONGVAN_SOAK").unwrap_or(few),
        read("CONGVAN_SEED").unwrap_or(1),
    )
}

/// What 0 failures in so many cycles say: the 95 % upper bound, in percent.
fn bound(cycles: u64) -> f64 {
    300.0 / cycles as f64
}
