//! What the build, the demo and the tests need and Rust, Node and Python do not bring.
//!
//! Invariant: a second run asks no server anything. Invariant: nothing is installed outside
//! `target/tools` and `ui/node_modules`, but for the packages of apt.txt and those that a bench names.

mod apt;
mod cargo_tools;
mod node;
mod pdfium;
mod python;

use std::{fs, path::Path, time::Instant};

use anyhow::{Context, Result};

use crate::{checkout::Checkout, progress};

pub(crate) use cargo_tools::Tool;
pub(crate) use node::incomplete;

/// Installs what is missing; takes a fraction of a second when nothing is.
pub(crate) fn run(checkout: &Checkout) -> Result<()> {
    let started = Instant::now();
    fs::create_dir_all(checkout.tools())?;
    apt::ensure(checkout)?;
    python::ensure(checkout)?;
    pdfium::ensure(checkout)?;
    node::ensure(checkout)?;
    cargo_tools::ensure(checkout, &[Tool::TauriDriver, Tool::Nextest])?;
    progress::say(&format!(
        "Set-up is complete ({:.1} s)",
        started.elapsed().as_secs_f32()
    ));
    Ok(())
}

/// Installs system packages that only one door needs.
pub(crate) fn packages(checkout: &Checkout, wanted: &[&str]) -> Result<()> {
    apt::install(checkout, wanted)
}

/// Installs one more of cargo's plug-ins.
pub(crate) fn tool(checkout: &Checkout, tool: Tool) -> Result<()> {
    cargo_tools::ensure(checkout, &[tool])
}

/// Whether the stamp says that exactly this was installed.
fn stamped(stamp: &Path, what: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|text| text == what)
}

/// Notes what was installed; the last act of an installation.
fn stamp(stamp: &Path, what: &str) -> Result<()> {
    fs::write(stamp, what).with_context(|| format!("cannot write {}", stamp.display()))
}
