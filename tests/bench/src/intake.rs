//! What is read of scanned letters that nobody looked at while the reading was made; and how long
//! two hundred scans take from the drop until they can be confirmed.

mod desk;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use congvan_letters::{Half, directory, measure, write};
use serde_json::json;

use crate::place;

/// Letters of the held-out half; another number may be given.
const COUNT: usize = 220;

/// Scans that go through the desk; another number may be given.
const SCANS: usize = 200;

/// `[LETTERS [SCANS [THEIRS]]]`: letters for the table of fields, scans through the desk, and how
/// many of those ocrmypdf reads too; 0 leaves a part out.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let number = |place: usize, default: usize| {
        let given = arguments.get(place).map(|text| text.parse());
        given.unwrap_or(Ok(default)).context("a number")
    };
    let (count, scans) = (number(0, COUNT)?, number(1, SCANS)?);
    let theirs = number(2, scans)?;
    let target = env::var_os("CONGVAN_BENCH_TARGET").context("run it by `cargo xtask bench`")?;
    let folder = PathBuf::from(target).join("bench").join("letters");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut report = json!({ "name": "bench intake", "machine": crate::machine::state() });
    if count > 0 {
        report["fields"] = fields(count, &folder.join("held-out"))?;
    }
    if scans > 0 {
        report["desk"] = desk::run(scans, theirs, &folder)?;
    }
    if let Some(path) = env::var_os("CONGVAN_BENCH_REPORT") {
        fs::write(path, serde_json::to_string_pretty(&report)?)?;
    }
    Ok(fs::remove_dir_all(&folder)?)
}

/// A process of its own that this program starts.
pub(crate) fn role(role: &str, folder: &Path) -> Option<Result<()>> {
    (role == desk::ROLE).then(|| desk::play(folder))
}

/// The table of fields on the held-out half, errors listed.
fn fields(count: usize, folder: &Path) -> Result<serde_json::Value> {
    println!("Drawing {count} letters of the held-out half");
    let letters = write(Half::HeldOut, count, folder)?;
    let cli = place::program("congvan-cli")?;
    // As at a desk: with the agencies of a country, in which some of these letters' are not.
    let listed = folder.with_extension("json");
    fs::write(&listed, directory(&letters).to_string())?;
    let listed = listed.display().to_string();
    let measured = measure(&cli, &letters, &["--directory", &listed])?;
    println!("\nWrong:");
    for error in &measured.errors {
        println!("  {error}");
    }
    println!("\n{}", measured.table());
    Ok(json!({
        "letters": measured.letters, "pages": measured.pages, "layouts": measured.layouts,
        "fields": measured.fields, "character_error_percent": measured.character_error(),
        "agencies_as_printed": measured.printed.0, "agencies_spoilt": measured.printed.1,
        "exact_subjects": measured.exact_subjects, "secrets": measured.secrets,
        "sure_and_wrong": measured.sure, "seconds": measured.took.as_secs_f64(),
        "errors": measured.errors,
    }))
}
