//! Measurements: `cargo xtask bench NAME` builds what is shipped for release and runs this.
//!
//! To add one: a module with `run`, a line in [`main`], and a line in packaging/xtask/src/bench.rs.
//! Invariant: who is compared runs in turns with the others in the same minutes, and what counts is
//! the ratio: a busy machine is slow for everybody.

#![allow(clippy::print_stdout, reason = "a program that reports to a person")]
#![allow(
    clippy::indexing_slicing,
    reason = "JSON of our own making, and tables of fixed size"
)]

mod batch;
mod desk;
mod figures;
mod floor;
mod intake;
mod leader;
mod machine;
mod memory;
mod ours;
mod paper;
mod peer;
mod place;
mod queue;
mod records;
mod sign;
mod sync;
mod validate;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, dir, ..] = arguments.as_slice()
        && let Some(played) =
            sync::role(role, dir.as_ref()).or_else(|| intake::role(role, dir.as_ref()))
    {
        return played;
    }
    machine::announce();
    match arguments.first().map(String::as_str) {
        Some("batch") => batch::run(),
        Some("desk") => desk::run(arguments.get(1..).unwrap_or_default()),
        Some("intake") => intake::run(arguments.get(1..).unwrap_or_default()),
        Some("queue") => queue::run(arguments.get(1..).unwrap_or_default()),
        Some("records") => records::run(arguments.get(1..).unwrap_or_default()),
        Some("sign") => sign::run(),
        Some("sync") => sync::run(),
        Some("validate") => validate::run(),
        other => bail!("no such bench: {}", other.unwrap_or("(none)")),
    }
}
