//! pyHanko's word on a file by itself: it is told to fetch nothing.

use std::{path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use congvan_model::Timestamp;
use serde_json::Value;

use crate::forms::tool;

/// pyHanko's verdict at a moment on the first signature of a file and on the document time stamps
/// after it, by the procedures of EN 319 102-1 and from nothing but the file and the root. Its
/// `indication` is `PASSED` where all passed; judge_completed.py says what else there is.
///
/// # Errors
/// When Python cannot be run or the disk refuses.
pub fn pyhanko_offline(root_pem: &str, moment: Timestamp, pdf: &[u8]) -> Result<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = root.join("target/tools/venv/bin/python");
    ensure!(
        python.is_file(),
        "the Python environment is missing: run `cargo xtask setup`"
    );
    let folder = tempfile::tempdir()?;
    let (anchor, file) = (folder.path().join("root.pem"), folder.path().join("a.pdf"));
    std::fs::write(&anchor, root_pem)?;
    std::fs::write(&file, pdf)?;
    let seconds = moment.0 / 1000;
    // Its long-term procedure reads the machine's clock, whatever moment it is asked about.
    let run = Command::new(tool("faketime"))
        .args(["-m", &format!("@{seconds}")])
        .arg(python)
        .arg(root.join("tests/testkit/src/judge_completed.py"))
        .arg(anchor)
        .arg(seconds.to_string())
        .arg(file)
        .output()
        .context("run pyHanko")?;
    ensure!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    Ok(serde_json::from_slice(&run.stdout)?)
}
