//! A run that stands still at a moment that is certain, and the processes below it.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use congvan_pkcs11_shim::file_name;
use congvan_testkit::forms::tool;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    program::cli,
    tokens::{SoftHsm, Tokens},
};

/// SoftHSM behind the module that misbehaves on demand.
pub(crate) struct Shim {
    tokens: SoftHsm,
    card: TempDir,
}

impl Shim {
    /// `faults`: rules such as `C_Sign 3 hang`.
    pub(crate) fn over(tokens: SoftHsm, faults: &str) -> Self {
        let card = tempfile::tempdir().unwrap();
        fs::write(card.path().join(file_name::FAULTS), faults).unwrap();
        Self { tokens, card }
    }

    /// How often a function was called until now.
    fn calls(&self, function: &str) -> usize {
        let log = fs::read_to_string(self.card.path().join(file_name::CALLS)).unwrap_or_default();
        log.lines().filter(|line| *line == function).count()
    }
}

impl Tokens for Shim {
    fn module(&self) -> PathBuf {
        // It lies beside the test's own program, where cargo puts libraries of dependencies.
        let here = std::env::current_exe().unwrap();
        let path = here.with_file_name("libcongvan_pkcs11_shim.so");
        assert!(path.is_file(), "no shim at {}", path.display());
        path
    }

    fn cli(&self) -> Command {
        let mut command = cli();
        command
            .env("SOFTHSM2_CONF", self.tokens.conf())
            .env("CONGVAN_SHIM_MODULE", self.tokens.module())
            .env("CONGVAN_SHIM_STATE", self.card.path());
        command
    }
}

/// A run of the program in a group of processes of its own, as a shell starts it.
pub(crate) struct Held {
    child: Child,
    said: BufReader<ChildStdout>,
    text: String,
}

/// How a run ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    /// All of its standard output, and of its standard error.
    pub(crate) text: String,
    pub(crate) complaint: String,
}

/// A hang that nobody meant must not hang the tests.
const PATIENCE: Duration = Duration::from_secs(60);

impl Held {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            said,
            text: String::new(),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the next line of JSON.
    pub(crate) fn line(&mut self) -> Value {
        let mut line = String::new();
        let read = self.said.read_line(&mut line).unwrap();
        assert!(read > 0, "it has ended: {}", self.text);
        self.text.push_str(&line);
        serde_json::from_str(&line).unwrap()
    }

    /// Waits until the module was called so often; the last call hangs.
    pub(crate) fn until_called(&mut self, shim: &Shim, function: &str, times: usize) {
        let patience = Instant::now() + PATIENCE;
        while shim.calls(function) < times {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "it has ended: {ended:?}");
            assert!(Instant::now() < patience, "{function} is not called");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends a signal as a terminal does: to the whole group.
    pub(crate) fn signal_group(&self, name: &str) {
        kill(name, &format!("-{}", self.pid()));
    }

    /// Sends a signal as `kill` does: to the program alone.
    pub(crate) fn signal(&self, name: &str) {
        kill(name, &self.pid().to_string());
    }

    pub(crate) fn end(mut self) -> Ended {
        self.said.read_to_string(&mut self.text).unwrap();
        let mut complaint = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut complaint).unwrap();
        let code = self.child.wait().unwrap().code();
        Ended {
            code,
            text: self.text,
            complaint,
        }
    }
}

fn kill(name: &str, whom: &str) {
    let sent = Command::new(tool("kill"))
        .args([&format!("-{name}"), "--", whom])
        .status();
    assert!(sent.unwrap().success(), "kill -{name} {whom}");
}

/// Processes below one, all the way down.
pub(crate) fn descendants(pid: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut wanted = vec![pid];
    while let Some(parent) = wanted.pop() {
        let tasks = fs::read_dir(format!("/proc/{parent}/task"));
        for task in tasks.into_iter().flatten().flatten() {
            // A child is listed with the thread that made it.
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            for child in children.split_whitespace() {
                let child = child.parse().unwrap();
                if found.insert(child) {
                    wanted.push(child);
                }
            }
        }
    }
    found
}

/// Waits until a process has ended; whoever inherited it may not have looked after it yet.
pub(crate) fn is_gone(pid: u32) -> bool {
    let patience = Instant::now() + PATIENCE;
    let is_alive =
        || fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
    while is_alive() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    !is_alive()
}

/// Names in a folder, hidden ones too.
pub(crate) fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}
