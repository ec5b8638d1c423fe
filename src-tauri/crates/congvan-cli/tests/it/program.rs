//! The program under test.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// What a run said.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) text: String,
    pub(crate) complaint: String,
}

impl Ran {
    fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            text: String::from_utf8_lossy(&output.stdout).into_owned(),
            complaint: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The lines of JSON of a kind.
    pub(crate) fn lines(&self, kind: &str) -> Vec<Value> {
        let lines = self.text.lines();
        lines
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|line| line["type"] == kind)
            .collect()
    }

    /// The one line of a kind.
    pub(crate) fn line(&self, kind: &str) -> Value {
        let mut lines = self.lines(kind);
        assert_eq!(lines.len(), 1, "{self}");
        lines.remove(0)
    }

    /// The same, when it ended well.
    pub(crate) fn well(self) -> Self {
        assert_eq!(self.code, 0, "{self}");
        self
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "code {}\n{}{}", self.code, self.text, self.complaint)
    }
}

pub(crate) fn executable() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_congvan-cli"))
}

/// The program with a clean environment of our own.
pub(crate) fn cli() -> Command {
    with_environment(Command::new(executable()))
}

/// Gives a command the variables that the program reads.
pub(crate) fn with_environment(mut command: Command) -> Command {
    let worker = executable().with_file_name("congvan-worker");
    assert!(
        worker.is_file(),
        "congvan-worker is missing: `cargo build -p congvan-worker-bin`, or test the workspace"
    );
    command
        .env_remove("CONGVAN_WORKER")
        .env_remove("CONGVAN_TRUST")
        .env_remove("SOFTHSM2_CONF");
    command
}

pub(crate) fn run(command: &mut Command) -> Ran {
    Ran::new(&command.output().unwrap())
}

/// A file of the engine's tests: the judges are the same.
pub(crate) fn engine_test(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../congvan-pades/tests/it")
        .join(name)
}

pub(crate) fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let path = root.join("target/tools/venv/bin/python");
    assert!(
        path.is_file(),
        "the Python environment is missing: run `cargo xtask setup`"
    );
    path
}
