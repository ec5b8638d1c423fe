use std::io::{self, Write as _};

use serde::Serialize;

use crate::{fault::Fault, words::Language};

/// How results are told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Face {
    pub(crate) language: Language,
    /// One line of JSON each, for programs.
    pub(crate) is_json: bool,
}

/// A fault as scripts see it.
#[derive(Debug, Serialize)]
pub(crate) struct FaultLine {
    code: &'static str,
    message: String,
    remedy: String,
}

impl FaultLine {
    pub(crate) fn new(face: Face, fault: &Fault) -> Self {
        Self {
            code: fault.code.as_str(),
            message: fault.message(face.language),
            remedy: fault.remedy(face.language),
        }
    }
}

/// Writes to standard output. A reader that has gone has seen enough.
pub(crate) fn say(text: &str) {
    let mut out = io::stdout().lock();
    let told = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
    drop(told);
}

/// Writes one line of JSON to standard output.
pub(crate) fn tell(line: &impl Serialize) {
    if let Ok(line) = serde_json::to_string(line) {
        say(&line);
    }
}

/// Tells what ended the run: on standard error, or as a line of JSON where those are read.
pub(crate) fn complain(face: Face, fault: &Fault) {
    #[derive(Serialize)]
    struct Line {
        r#type: &'static str,
        #[serde(flatten)]
        fault: FaultLine,
    }
    if face.is_json {
        tell(&Line {
            r#type: "error",
            fault: FaultLine::new(face, fault),
        });
    }
    complain_in_words(face, fault);
}

/// Tells it on standard error alone.
pub(crate) fn complain_in_words(face: Face, fault: &Fault) {
    let told = writeln!(io::stderr(), "{}", explain(face, fault));
    drop(told);
}

/// Code, what happened, what to do.
pub(crate) fn explain(face: Face, fault: &Fault) -> String {
    let label = match face.language {
        Language::Vi => "Việc cần làm",
        Language::En => "What to do",
    };
    format!(
        "[{}] {}\n  {label}: {}",
        fault.code.as_str(),
        fault.message(face.language),
        fault.remedy(face.language)
    )
}
