//! Programs that are not ours, and their word on files.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use congvan_testkit::forms::tool;
use serde_json::Value;

use crate::program::{engine_test, python};

/// Python at a moment: pyHanko's long-term procedure reads the machine's clock, whatever moment it is
/// asked about, and proves nothing by a time stamp of tomorrow.
pub(crate) fn python_at(moment: i64) -> Command {
    let mut command = Command::new(tool("faketime"));
    command.args(["-m", &format!("@{moment}")]).arg(python());
    command
}

fn script(mut python: Command, name: &str, arguments: &[String], files: &[PathBuf]) -> Vec<Value> {
    let command = python.arg(engine_test(name)).args(arguments).args(files);
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{name}: {error}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// pyHanko's verdicts on every signature of the files, with nothing from the network.
pub(crate) fn pyhanko(root: &Path, files: &[PathBuf]) -> Vec<Value> {
    let root = root.display().to_string();
    script(Command::new(python()), "judge.py", &[root], files)
}

/// pyHanko's verdicts on the first signature of each file by EN 319 102-1 at a moment, from what
/// the file holds alone: `indication` and `sub`, and without the long term `timed`.
pub(crate) fn pyhanko_ades(root: &Path, moment: i64, files: &[PathBuf]) -> Vec<Value> {
    let arguments = [root.display().to_string(), moment.to_string()];
    script(python_at(moment), "judge_archive.py", &arguments, files)
}

/// Complaints of `qpdf --check`; empty when it has none.
pub(crate) fn qpdf(file: &Path) -> String {
    let output = Command::new(tool("qpdf"))
        .arg("--check")
        .arg(file)
        .output()
        .unwrap();
    if output.status.success() {
        return String::new();
    }
    format!("{output:?}")
}

/// How many signatures pdfsig calls valid; its trust store is empty, so only integrity counts.
pub(crate) fn pdfsig(file: &Path) -> usize {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(tool("pdfsig"))
        .env("HOME", home.path())
        .arg("-nocert")
        .arg(file)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.matches("Signature is Valid.").count()
}
