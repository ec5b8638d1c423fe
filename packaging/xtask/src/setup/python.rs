use std::fs;

use anyhow::{Context, Result};

use super::{stamp, stamped};
use crate::{
    checkout::{Checkout, command},
    proc, progress,
};

/// Makes the Python environment with the independent validators, exactly as requirements.txt
/// pins them; pip checks the hash of every file.
pub(crate) fn ensure(checkout: &Checkout) -> Result<()> {
    let requirements = checkout.root.join("packaging/xtask/requirements.txt");
    let wanted = fs::read_to_string(&requirements).context("packaging/xtask/requirements.txt")?;
    let folder = checkout.tools().join("venv");
    let mark = folder.join("installed.txt");
    if stamped(&mark, &wanted) {
        return Ok(());
    }
    let python = checkout.python_tool("python");
    let works = command(&python, &checkout.root)
        .arg("-V")
        .output()
        .is_ok_and(|it| it.status.success());
    if !works {
        progress::step("Make a Python environment", || {
            let name = if cfg!(windows) { "python" } else { "python3" };
            let mut venv = command(name, &checkout.root);
            venv.args(["-m", "venv", "--clear"]).arg(&folder);
            proc::run_logged(&mut venv, &checkout.target.join("logs/venv.log"))
                .context("Python 3.11 or newer with its venv module is needed")
        })?;
    }
    progress::step("Install pyHanko and certomancer", || {
        let mut pip = command(&python, &checkout.root);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        pip.args(["--require-hashes", "--no-deps", "-r"])
            .arg(&requirements);
        proc::run_logged(&mut pip, &checkout.target.join("logs/pip.log"))
            .context("is the network there?")
    })?;
    stamp(&mark, &wanted)
}
