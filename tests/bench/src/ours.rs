//! What is shipped: `congvan-cli`, with its token worker, as a person or a script runs it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::place::{Place, program};

/// How long a run took, milliseconds per document.
pub(crate) struct Took {
    /// From the first document that was done to the last: what a further document costs.
    pub(crate) further: f64,
    /// Everything, with starting and logging in.
    pub(crate) whole: f64,
}

/// The command that signs pairs of files listed in a file.
pub(crate) fn sign_command(place: &Place, list: &Path, sync: bool) -> Result<Command> {
    let mut command = Command::new(program("congvan-cli")?);
    command
        .env("SOFTHSM2_CONF", &place.token.conf)
        .env("CONGVAN_WORKER", program("congvan-worker")?)
        .env("BENCH_PIN", place.token.pin)
        .args(["--json", "sign", "--role", "none", "--pin-env", "BENCH_PIN"])
        .args(["--token", place.token.label])
        .arg("--module")
        .arg(&place.module)
        .arg("--trust")
        .arg(&place.root)
        .arg("--trust")
        .arg(&place.authority)
        .arg("--list")
        .arg(list);
    if !sync {
        command.arg("--no-sync");
    }
    Ok(command)
}

/// Writes the list of what becomes what.
pub(crate) fn list(place: &Place, files: &[PathBuf], out: &Path) -> Result<PathBuf> {
    let list = place.path("list.txt");
    let mut text = String::new();
    for file in files {
        let name = file.file_name().context("no name")?;
        text.push_str(&format!(
            "{}\t{}\n",
            file.display(),
            out.join(name).display()
        ));
    }
    fs::write(&list, text)?;
    Ok(list)
}

/// Signs the files in one session.
pub(crate) fn sign(place: &Place, files: &[PathBuf], out: &Path, sync: bool) -> Result<Took> {
    let list = list(place, files, out)?;
    let mut command = sign_command(place, &list, sync)?;
    timed(&mut command, files.len(), |line| {
        (line["status"] == "signed")
            .then_some(())
            .context("not signed")
    })
}

/// The command that validates files.
pub(crate) fn verify_command(trust: &[&Path], files: &[PathBuf]) -> Result<Command> {
    let mut command = Command::new(program("congvan-cli")?);
    command.args(["--json", "verify"]);
    for file in trust {
        command.arg("--trust").arg(file);
    }
    command.args(files);
    Ok(command)
}

/// Validates the files; `expected` is the verdict that each must have.
pub(crate) fn verify(trust: &[&Path], files: &[PathBuf], expected: &str) -> Result<Took> {
    let mut command = verify_command(trust, files)?;
    timed(&mut command, files.len(), |line| {
        let found = line["verdict"].as_str().or(line["status"].as_str());
        ensure!(found == Some(expected), "{line}");
        Ok(())
    })
}

/// Runs a command that tells of each document in a line of JSON with `input` or `file`.
fn timed(
    command: &mut Command,
    count: usize,
    check: impl Fn(&Value) -> Result<()>,
) -> Result<Took> {
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()?;
    let out = child.stdout.take().context("no output")?;
    let mut moments = Vec::new();
    let mut lines = Vec::new();
    for line in BufReader::new(out).lines() {
        moments.push(started.elapsed());
        lines.push(line?);
    }
    child.wait()?;
    let whole = started.elapsed().as_secs_f64() * 1000.0 / count as f64;
    let mut done = Vec::new();
    for (line, moment) in lines.iter().zip(&moments) {
        let line: Value = serde_json::from_str(line).with_context(|| line.clone())?;
        if line.get("input").is_some() || line.get("file").is_some() {
            check(&line).with_context(|| format!("{line}"))?;
            done.push(moment.as_secs_f64() * 1000.0);
        }
    }
    if done.len() != count {
        bail!("{} of {count} documents were done: {lines:?}", done.len());
    }
    let further = match done.as_slice() {
        [first, .., last] => (last - first) / (count - 1) as f64,
        _ => whole,
    };
    Ok(Took { further, whole })
}
