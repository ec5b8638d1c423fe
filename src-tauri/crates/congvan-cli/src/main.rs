//! `congvan-cli`: verify, inspect, sign and complete PDFs without the desk, check their format, and
//! recover the key of a desk, for support, scripts and measurement. `congvan-cli --help` says the rest.
//!
//! Results go to standard output, in words or as one line of JSON each; faults have a code, what
//! happened and what to do now. The exit code is one of [`exit`].
//!
//! Invariant: a file under its final name is whole, passed our own validation and is on the disk;
//! on any error or interruption nothing is there. The input is only ever read.
//! Invariant: the PIN is read from the environment once, just before the login, goes to the token
//! worker and is not tried a second time.

mod arguments;
mod certificates;
mod clock;
mod complete;
mod exit;
mod fault;
mod files;
mod format;
mod inspect;
mod intake;
mod interrupt;
mod jobs;
mod output;
mod places;
mod recover;
mod sign;
mod verdict;
mod verify;
mod words;

use std::process::ExitCode;

use arguments::{Command, Run};

fn main() -> ExitCode {
    let run = match arguments::read() {
        Ok(run) => run,
        Err(code) => return code,
    };
    let Run { face, command } = run;
    let ended = match &command {
        Command::Verify(options) => verify::run(face, options),
        Command::Inspect(options) => inspect::run(face, options),
        Command::Sign(options) => interrupt::watch(face).and_then(|()| sign::run(face, options)),
        Command::Complete(options) => {
            interrupt::watch(face).and_then(|()| complete::run(face, options))
        }
        Command::Intake(options) => intake::run(face, options),
        Command::Format(options) => format::run(face, options),
        Command::Recover(options) => recover::run(face, options),
    };
    ended.unwrap_or_else(|fault| {
        output::complain(face, &fault);
        exit::of(&fault)
    })
}
