use std::process::ExitCode;

use crate::fault::Fault;

/// Everything was done as asked; every signature passed.
pub(crate) const DONE: u8 = 0;
/// A signature is invalid or missing, or a file could not be done; the others were.
pub(crate) const SOME_FAILED: u8 = 1;
/// The command line is wrong; nothing was begun.
pub(crate) const USAGE: u8 = 2;
/// Token, PIN or key stopped the run.
pub(crate) const TOKEN: u8 = 3;
/// Nothing failed, but less was reached than asked: a signature that could not be checked to the
/// end, or a lower level because the network did not answer.
pub(crate) const LESS: u8 = 4;
/// The program lacks something: trusted certificates, its worker, a readable template.
pub(crate) const UNABLE: u8 = 5;

/// The code for a fault that ended the whole run.
pub(crate) fn of(fault: &Fault) -> ExitCode {
    ExitCode::from(if fault.code.is_usage() {
        USAGE
    } else if fault.code.stops_the_token() {
        TOKEN
    } else if fault.code.is_about_a_file() {
        SOME_FAILED
    } else {
        UNABLE
    })
}
