use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};

use crate::{checkout::Checkout, proc, progress};

/// How much cargo builds.
#[derive(Clone, Copy)]
pub(crate) enum Programs {
    /// Only the programs.
    All,
    /// The programs and every test.
    AllAndTests,
}

/// Builds the user interface, unless what was built last is newer than all of its sources: a new
/// one would make cargo link the shell again.
pub(crate) fn ui(checkout: &Checkout) -> Result<()> {
    let stamp = checkout.tools().join("stamps/ui-built");
    let built = fs::metadata(&stamp).and_then(|stamp| stamp.modified()).ok();
    let page = checkout.ui().join("dist/index.html");
    if let Some(built) = built
        && page.is_file()
        && newest(&checkout.ui())? < built
    {
        return Ok(());
    }
    progress::step("Build the user interface", || {
        let mut npm = checkout.npm();
        npm.args(["run", "--silent", "build"]);
        proc::run_logged(&mut npm, &checkout.target.join("logs/ui-build.log"))?;
        fs::create_dir_all(checkout.tools().join("stamps"))?;
        fs::write(&stamp, "").context("cannot write the stamp")
    })
}

/// Builds the programs with cargo.
pub(crate) fn rust(checkout: &Checkout, programs: Programs) -> Result<()> {
    let mut cargo = checkout.cargo();
    cargo.args(["build", "--workspace", "--locked"]);
    match programs {
        // There are no examples; naming them makes cargo choose the features that the tests
        // choose, so that nothing is compiled twice.
        Programs::All => cargo.args(["--bins", "--examples"]),
        Programs::AllAndTests => cargo.arg("--all-targets"),
    };
    let what = match programs {
        Programs::All => "Build the programs (the first time takes some minutes)",
        Programs::AllAndTests => "Build the programs and the tests (the first time takes minutes)",
    };
    progress::step(what, || proc::run(&mut cargo))
}

/// When the youngest source of the user interface was written.
fn newest(folder: &Path) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    for entry in fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.is_dir() {
            let name = entry.file_name();
            // The browser tests and what others wrote are no part of the pages.
            if ["node_modules", "dist", "e2e"]
                .iter()
                .any(|other| name == *other)
            {
                continue;
            }
            newest = newest.max(self::newest(&entry.path())?);
        }
        // A folder's own time tells of files that were deleted.
        newest = newest.max(metadata.modified()?);
    }
    Ok(newest)
}
