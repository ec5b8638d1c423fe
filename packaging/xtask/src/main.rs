//! The one door for building, showing and testing Công Văn: `cargo xtask`.
//!
//! Invariant: nothing here is shipped. Invariant: no network is needed once `setup` has run.

// A command-line program: what it has to say goes to the screen.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod build;
mod checkout;
mod ci;
mod codegen;
mod conform;
mod count;
mod demo;
mod fuzz;
mod proc;
mod progress;
mod session;
mod setup;
mod soak;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::checkout::Checkout;

const HELP: &str = "\
cargo xtask COMMAND

  demo [--headless]   play the main job: in your own session, or unattended with photographs
  test                every test: Rust, UI, browser, and the story in the real window
  ci                  format, lints, dependencies, generated code, tidy, then `test`
  codegen [--check]   write (or compare) the generated TypeScript, command list and OpenAPI
  tidy                the rules of the house that no compiler checks
  bench NAME [..]     measure one thing against its peers; without a name, what there is
  soak NAME [..]      one test at its full length; without a name, what there is
  conform --server URL ..
                      does a server speak the protocol? one line a rule; `conform` tells the rest
  fuzz [TARGET] [--seconds N]
                      feed the readers what nobody wrote: every target, or one
  setup               install what the others need; they call it themselves
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    let checkout = Checkout::find()?;
    match arguments {
        ["demo"] => demo::run(&checkout, demo::Screen::find()),
        ["demo", "--headless"] => demo::run(&checkout, demo::Screen::Virtual),
        ["test"] => test::run(&checkout),
        ["ci"] => ci::run(&checkout),
        ["codegen"] => codegen::write(&checkout),
        ["codegen", "--check"] => codegen::check(&checkout),
        ["tidy"] => tidy::run(&checkout),
        ["setup"] => setup::run(&checkout),
        ["bench", rest @ ..] => bench::run(&checkout, rest),
        ["soak", rest @ ..] => soak::run(&checkout, rest),
        ["conform", rest @ ..] => conform::run(&checkout, rest),
        ["fuzz", rest @ ..] => fuzz::run(&checkout, rest),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("unknown command `{}`\n\n{HELP}", arguments.join(" ")),
    }
}
