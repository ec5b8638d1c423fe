//! pyHanko as a process that stays: it signs or validates what a line names and tells how long it
//! took, so that starting Python and logging in are not counted.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::place::{Place, python};

pub(crate) struct Peer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// The command that runs one of the scripts in tests/bench/peers.
pub(crate) fn command(script: &str) -> Result<Command> {
    let mut command = Command::new(python()?);
    command.arg(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("peers")
            .join(script),
    );
    Ok(command)
}

/// The same for signing with the token of a place.
pub(crate) fn signer(place: &Place) -> Result<Command> {
    let mut command = command("sign.py")?;
    command
        .env("SOFTHSM2_CONF", &place.token.conf)
        .arg(&place.module)
        .args([place.token.label, place.token.pin])
        .arg(&place.authority);
    Ok(command)
}

impl Peer {
    pub(crate) fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("pyHanko's environment: run `cargo xtask setup`")?;
        let input = child.stdin.take().context("no input")?;
        let output = BufReader::new(child.stdout.take().context("no output")?);
        Ok(Self {
            child,
            input,
            output,
        })
    }

    /// Milliseconds per document.
    pub(crate) fn round(&mut self, files: &[PathBuf], out: &Path) -> Result<f64> {
        writeln!(self.input, "{}", json!({"files": files, "out": out}))?;
        self.input.flush()?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line).context("pyHanko broke off")?;
        ensure!(answer.get("error").is_none(), "pyHanko: {answer}");
        let seconds = answer["seconds"].as_f64().context("no seconds")?;
        Ok(seconds * 1000.0 / files.len() as f64)
    }

    /// Lets it end.
    pub(crate) fn stop(mut self) -> Result<()> {
        drop(self.input);
        self.child.wait()?;
        Ok(())
    }
}
