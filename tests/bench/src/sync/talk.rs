//! A part of the measurement in a process and a namespace of its own: a line asks, a line answers.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::net;

/// The other side; killed when dropped.
pub(super) struct Role {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    name: &'static str,
}

impl Role {
    /// Starts this program as `name` in a namespace and waits for its first line.
    pub(super) fn start(namespace: &str, name: &'static str, dir: &Path) -> Result<(Self, Value)> {
        let mut child = net::inside(namespace, std::env::current_exe()?)
            .arg(name)
            .arg(dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let ask = child.stdin.take().context("stdin")?;
        let answers = BufReader::new(child.stdout.take().context("stdout")?);
        let mut role = Self {
            child,
            ask,
            answers,
            name,
        };
        let first = role.answer()?;
        Ok((role, first))
    }

    /// Asks and waits for the answer.
    pub(super) fn ask(&mut self, line: &str) -> Result<Value> {
        self.tell(line)?;
        self.answer()
    }

    /// Asks; the answer is taken later.
    pub(super) fn tell(&mut self, line: &str) -> Result<()> {
        writeln!(self.ask, "{line}")?;
        Ok(self.ask.flush()?)
    }

    /// The next answer.
    pub(super) fn answer(&mut self) -> Result<Value> {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line)?;
        ensure!(read > 0, "{} has died", self.name);
        let value: Value = serde_json::from_str(&line)?;
        ensure!(
            value.get("error").is_none(),
            "{}: {}",
            self.name,
            value["error"]
        );
        Ok(value)
    }

    /// Its process, for the memory it takes. `ip netns exec` replaces itself by the program.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The other end: each line of the standard input is answered by one line of JSON.
pub(super) fn serve(first: &Value, mut act: impl FnMut(&[&str]) -> Result<Value>) -> Result<()> {
    println!("{first}");
    for line in std::io::stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = act(&words)
            .unwrap_or_else(|error| serde_json::json!({ "error": format!("{error:#}") }));
        println!("{answer}");
    }
    Ok(())
}
