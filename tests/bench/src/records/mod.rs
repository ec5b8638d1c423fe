//! What is asked of the records of five years: search, as it is typed.
//!
//! To add a part (statistics, registers): a module with `run(&Path) -> Result<Value>`, and a line in
//! [`run`].

mod search;
mod window;

use std::{env, fs, path::PathBuf};

use anyhow::{Context as _, Result};
use serde_json::json;

/// All parts, or those that are named: `search`, `window`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let target = env::var_os("CONGVAN_BENCH_TARGET").context("run it by `cargo xtask bench`")?;
    let base = PathBuf::from(target).join("bench");
    fs::create_dir_all(&base)?;
    let folder = tempfile::tempdir_in(base)?;
    let wanted = |part: &str| arguments.is_empty() || arguments.iter().any(|named| named == part);
    let mut report = json!({ "name": "bench records", "machine": crate::machine::state() });
    if wanted("search") {
        report["search"] = search::run(folder.path())?;
    }
    if wanted("window") {
        report["window"] = window::run(folder.path())?;
    }
    match env::var_os("CONGVAN_BENCH_REPORT") {
        Some(path) => fs::write(path, serde_json::to_vec_pretty(&report)?)?,
        None => println!("{report}"),
    }
    Ok(())
}
