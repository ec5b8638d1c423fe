use std::{
    path::Path,
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use congvan_model::Timestamp;
use congvan_pades::Validator;
use serde::Serialize;

use crate::{
    arguments::VerifyOptions,
    certificates, clock, exit,
    fault::Result,
    files::Source,
    output::{self, Face, FaultLine},
    verdict::FileVerdict,
};

/// What every file is judged by.
struct Basis {
    validator: Validator,
    now: Timestamp,
    face: Face,
}

/// Judges every file, several at a time, and tells of each as soon as its turn has come.
pub(crate) fn run(face: Face, options: &VerifyOptions) -> Result<ExitCode> {
    let basis = Basis {
        validator: Validator::new(
            &certificates::anchors(&options.trust)?,
            &certificates::evidence(&options.evidence)?,
        ),
        now: options.at.unwrap_or_else(clock::now),
        face,
    };
    let files = &options.files;
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let queue = Mutex::new(Queue::default());
    thread::scope(|scope| {
        for _ in 0..threads.min(files.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(index) else {
                        break;
                    };
                    let answer = judge(&basis, file);
                    queue
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .put(index, answer);
                }
            });
        }
    });
    let queue = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(ExitCode::from(queue.worst))
}

/// What is said of a file, and the exit code it alone would give.
struct Answer {
    text: String,
    code: u8,
}

/// Answers in the order of the files.
#[derive(Default)]
struct Queue {
    waiting: std::collections::BTreeMap<usize, Answer>,
    told: usize,
    worst: u8,
}

impl Queue {
    fn put(&mut self, index: usize, answer: Answer) {
        self.waiting.insert(index, answer);
        while let Some(answer) = self.waiting.remove(&self.told) {
            output::say(&answer.text);
            self.told += 1;
            self.worst = match (self.worst, answer.code) {
                (exit::SOME_FAILED, _) | (_, exit::SOME_FAILED) => exit::SOME_FAILED,
                (one, other) => one.max(other),
            };
        }
    }
}

fn judge(basis: &Basis, file: &Path) -> Answer {
    let face = basis.face;
    let started = Instant::now();
    let report = Source::open(file).and_then(|source| {
        let report = basis.validator.validate(&source, basis.now);
        Ok(report?)
    });
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    match report {
        Ok(report) => {
            let verdict = FileVerdict::new(file.display().to_string(), &report, ms, face.language);
            let code = match verdict.verdict {
                "passed" => exit::DONE,
                "indeterminate" => exit::LESS,
                _ => exit::SOME_FAILED,
            };
            let text = if face.is_json {
                serde_json::to_string(&verdict).unwrap_or_default()
            } else {
                verdict.in_words(face.language)
            };
            Answer { text, code }
        }
        Err(fault) => Answer {
            text: if face.is_json {
                let line = Unreadable {
                    r#type: "verdict",
                    file: file.display().to_string(),
                    verdict: "error",
                    fault: FaultLine::new(face, &fault),
                };
                serde_json::to_string(&line).unwrap_or_default()
            } else {
                format!("{}: {}", file.display(), output::explain(face, &fault))
            },
            code: exit::SOME_FAILED,
        },
    }
}

#[derive(Serialize)]
struct Unreadable {
    r#type: &'static str,
    file: String,
    verdict: &'static str,
    #[serde(flatten)]
    fault: FaultLine,
}
