use std::{process::ExitCode, time::Duration};

use congvan_pades::Level;
use serde::Serialize;

use crate::{
    complete::{self, Reached},
    exit,
    fault::{Fault, Result},
    jobs::Job,
    output::{self, Face, FaultLine},
    verdict::{hex, level},
    words::Language,
};

/// A signed file under its final name.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) level: Level,
    pub(super) field: String,
    pub(super) sha256: [u8; 32],
    pub(super) size: u64,
    pub(super) times: Times,
}

/// How long each stage worked on a file, milliseconds; waiting for one another not counted.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Times {
    pub(super) prepare: f64,
    pub(super) token: f64,
    pub(super) finish: f64,
    pub(super) store: f64,
}

/// Tells what became of each file, and at the end of all.
pub(super) struct Report {
    face: Face,
    files: usize,
    signed: usize,
    failed: usize,
    /// What stopped the run.
    stop: Option<Fault>,
    less: bool,
    spoiled: bool,
    login_ms: f64,
    /// The signed files, to be completed where they are.
    done: Vec<Job>,
}

#[derive(Serialize)]
struct Line {
    r#type: &'static str,
    input: String,
    output: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ms: Option<Times>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    fault: Option<FaultLine>,
}

#[derive(Serialize)]
struct Summary {
    r#type: &'static str,
    files: usize,
    signed: usize,
    failed: usize,
    not_tried: usize,
    login_ms: f64,
    seconds: f64,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    stop: Option<FaultLine>,
}

impl Report {
    pub(super) fn new(face: Face, files: usize) -> Self {
        Self {
            face,
            files,
            signed: 0,
            failed: 0,
            stop: None,
            less: false,
            spoiled: false,
            login_ms: 0.0,
            done: Vec::new(),
        }
    }

    pub(super) fn login_took(&mut self, ms: f64) {
        self.login_ms = ms;
    }

    /// One file is signed and on the disk.
    pub(super) fn signed(&mut self, job: &Job, done: Done) {
        self.signed += 1;
        self.done.push(Job {
            input: job.output.clone(),
            output: job.output.clone(),
        });
        let level = level(done.level);
        if self.face.is_json {
            output::tell(&Line {
                level: Some(level),
                field: Some(done.field),
                sha256: Some(hex(&done.sha256)),
                size: Some(done.size),
                ms: Some(done.times),
                ..Line::new(job, "signed")
            });
            return;
        }
        let said = match self.face.language {
            Language::Vi => "đã ký, mức",
            Language::En => "signed, level",
        };
        output::say(&format!("{}: {said} {level}", job.output.display()));
    }

    /// The files that are signed, each to be replaced by its completed self.
    pub(super) fn take_signed(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.done)
    }

    /// One signed file was raised to a level, or keeps the one it has.
    pub(super) fn completed(&mut self, job: &Job, reached: Result<Reached>, ms: f64) {
        match complete::tell(self.face, job, reached, ms) {
            exit::DONE => {}
            exit::LESS => self.less = true,
            // Signed all the same, but not to be relied on: revoked, or not to be replaced.
            _ => self.spoiled = true,
        }
    }

    /// One file was skipped, or has stopped the run.
    pub(super) fn failed(&mut self, job: &Job, fault: Fault) {
        self.failed += 1;
        if self.face.is_json {
            output::tell(&Line {
                fault: Some(FaultLine::new(self.face, &fault)),
                ..Line::new(job, "failed")
            });
        } else {
            let text = output::explain(self.face, &fault);
            output::say(&format!("{}: {text}", job.input.display()));
        }
        if fault.code.stops_the_token() && self.stop.is_none() {
            self.stop = Some(fault);
        }
    }

    /// One file was not touched, because the run had stopped.
    pub(super) fn not_tried(&mut self, job: &Job) {
        if self.face.is_json {
            output::tell(&Line::new(job, "not_tried"));
        } else {
            let said = match self.face.language {
                Language::Vi => "chưa ký, lượt ký đã dừng",
                Language::En => "not tried, the run had stopped",
            };
            output::say(&format!("{}: {said}", job.input.display()));
        }
    }

    /// The last words.
    pub(super) fn finish(self, took: Duration) -> ExitCode {
        let seconds = took.as_secs_f64();
        let not_tried = self.files - self.signed - self.failed;
        if self.face.is_json {
            output::tell(&Summary {
                r#type: "summary",
                files: self.files,
                signed: self.signed,
                failed: self.failed,
                not_tried,
                login_ms: self.login_ms,
                seconds,
                stop: self.stop.as_ref().map(|one| FaultLine::new(self.face, one)),
            });
        } else if self.files > 1 {
            let (signed, failed) = (self.signed, self.failed);
            output::say(&match self.face.language {
                Language::Vi => format!(
                    "Đã ký {signed}, không ký được {failed}, chưa thử {not_tried}; {seconds:.1} giây."
                ),
                Language::En => format!(
                    "{signed} signed, {failed} failed, {not_tried} not tried; {seconds:.1} s."
                ),
            });
        }
        ExitCode::from(match &self.stop {
            Some(_) => exit::TOKEN,
            None if self.failed > 0 || self.spoiled => exit::SOME_FAILED,
            None if self.less => exit::LESS,
            None => exit::DONE,
        })
    }
}

impl Line {
    fn new(job: &Job, status: &'static str) -> Self {
        Self {
            r#type: "file",
            input: job.input.display().to_string(),
            output: job.output.display().to_string(),
            status,
            level: None,
            field: None,
            sha256: None,
            size: None,
            ms: None,
            fault: None,
        }
    }
}
