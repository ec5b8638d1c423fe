//! The desk in a window with a hundred thousand documents: frames while lists are scrolled, the time
//! from the click to page one; and page one beside PDFium alone on the same page.

mod pages;
pub(crate) mod window;

use std::{env, fs, path::PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

/// Letters in the store, and drafts that are opened; other numbers may be given.
const LETTERS: usize = 100_000;
const DRAFTS: usize = 60;

/// `[LETTERS [DRAFTS]]`; no letters leave the window out.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let number = |place: usize, default: usize| {
        let given = arguments.get(place).map(|text| text.parse());
        given.unwrap_or(Ok(default)).context("a number")
    };
    let (letters, drafts) = (number(0, LETTERS)?, number(1, DRAFTS)?);
    let target = env::var_os("CONGVAN_BENCH_TARGET").context("run it by `cargo xtask bench`")?;
    let base = PathBuf::from(target).join("bench");
    fs::create_dir_all(&base)?;
    let folder = tempfile::tempdir_in(base)?;
    let papers = pages::papers(drafts)?;
    let mut report = json!({ "name": "bench desk", "machine": crate::machine::state() });
    report["pages"] = pages::run(&papers, folder.path())?;
    if letters > 0 {
        report["window"] = window::run(letters, &papers, folder.path())?;
    }
    match env::var_os("CONGVAN_BENCH_REPORT") {
        Some(path) => fs::write(path, serde_json::to_vec_pretty(&report)?)?,
        None => println!("{report}"),
    }
    Ok(())
}
