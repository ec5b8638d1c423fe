//! Signing many files in one session of the token.
//!
//! Four stages, each with its thread, joined by short queues, so that the token never waits for
//! us: *prepare* (copy, field, appearance, digest), *token* (one signature after the other),
//! *finish* (embed, our own validation, append), *store* (one wait for the disk for all that is
//! ready, then the final names). A file is reported only after that.
//!
//! Stop rule: an error of token, PIN or key ends the run and what is left is not tried; an error
//! of a file skips that file; the network is asked only afterwards and costs a level at most.

mod look;
mod pipeline;
mod report;
mod token;

use std::{process::ExitCode, time::Instant};

use congvan_pades::{Evidence, Level, Validator};

use crate::{
    arguments::SignOptions,
    certificates, clock,
    complete::Completer,
    fault::{Fault, Result},
    jobs,
    output::Face,
    words::Code,
};

/// Signs what the command line names.
pub(crate) fn run(face: Face, options: &SignOptions) -> Result<ExitCode> {
    let started = Instant::now();
    let jobs = jobs::jobs(&options.files)?;
    let anchors = certificates::needed_anchors(&options.trust)?;
    let target = options.level.level();
    if target > Level::BB && options.tsa.is_empty() {
        return Err(Fault::new(Code::TsaMissing));
    }
    // Made before the token is touched, so that nothing but the network can fail later.
    let completer = (target > Level::BB)
        .then(|| Completer::new(target, anchors.clone(), &options.tsa, options.files.no_sync))
        .transpose()?;
    let look = look::Look::new(&options.look)?;
    let mut token = token::Token::find(options, &anchors, clock::now())?;
    let plan = pipeline::Plan {
        signer: token.signer().clone(),
        validator: Validator::new(&anchors, &Evidence::default()),
        chain: anchors.intermediates,
        look,
        files: &options.files,
        texts: &options.look,
    };
    let mut report = report::Report::new(face, jobs.len());
    pipeline::run(&plan, &jobs, &mut token, &mut report);
    token.close();
    if let Some(completer) = completer {
        let signed = report.take_signed();
        let signed: Vec<&jobs::Job> = signed.iter().collect();
        completer.run(&signed, |job, reached, ms| {
            report.completed(job, reached, ms);
        })?;
    }
    Ok(report.finish(started.elapsed()))
}
