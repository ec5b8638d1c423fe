//! What is asked of the records of five years: search, as it is typed, and statistics.
//!
//! To add a part (registers): a module with `run(&Path) -> Result<Value>`, and a line in
//! [`run`].

mod search;
mod statistics;
mod window;

use std::{env, fs, path::PathBuf};

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::queue::MANY;

/// All parts, or those that are named: `search`, `statistics`, `window`; a number is how many documents
/// statistics count, where less than all will do.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let target = env::var_os("CONGVAN_BENCH_TARGET").context("run it by `cargo xtask bench`")?;
    let base = PathBuf::from(target).join("bench");
    fs::create_dir_all(&base)?;
    let folder = tempfile::tempdir_in(base)?;
    let many = arguments.iter().find_map(|named| named.parse().ok());
    let is_part = |named: &&String| named.parse::<u64>().is_err();
    let parts: Vec<&String> = arguments.iter().filter(is_part).collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|named| *named == part);
    let mut report = json!({ "name": "bench records", "machine": crate::machine::state() });
    if wanted("search") {
        report["search"] = search::run(folder.path())?;
    }
    if wanted("statistics") {
        report["statistics"] = statistics::run(folder.path(), many.unwrap_or(MANY))?;
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
