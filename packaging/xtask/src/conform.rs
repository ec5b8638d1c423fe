use anyhow::Result;

use crate::{checkout::Checkout, proc};

/// Builds the conformance suite and hands it the arguments; without any it says what it needs.
pub(crate) fn run(checkout: &Checkout, arguments: &[&str]) -> Result<()> {
    let arguments = if arguments.is_empty() {
        &["--help"]
    } else {
        arguments
    };
    let mut cargo = checkout.cargo();
    cargo.args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "congvan-conform",
        "--",
    ]);
    cargo.args(arguments);
    proc::run(&mut cargo)
}
