//! What is read of scanned letters that nobody looked at while the reading was made, and how fast.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use congvan_letters::{Half, measure, write};
use serde_json::json;

use crate::{memory, place};

/// Letters of the held-out half; another number may be given.
const COUNT: usize = 220;

/// Letters that ocrmypdf reads, too.
const AGAINST: usize = 24;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let count = arguments
        .first()
        .map_or(Ok(COUNT), |count| count.parse())
        .context("a number of letters")?;
    let target = env::var_os("CONGVAN_BENCH_TARGET").context("run it by `cargo xtask bench`")?;
    let folder = PathBuf::from(target).join("bench").join("letters");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    println!("Drawing {count} letters of the held-out half");
    let letters = write(Half::HeldOut, count, &folder)?;
    let cli = place::program("congvan-cli")?;
    let measured = measure(&cli, &letters, &[])?;
    println!("\nWrong:");
    for error in &measured.errors {
        println!("  {error}");
    }
    println!("\n{}", measured.table());
    let speed = against_ocrmypdf(&cli, &folder)?;
    if let Some(report) = env::var_os("CONGVAN_BENCH_REPORT") {
        let report_json = json!({
            "letters": measured.letters, "pages": measured.pages, "layouts": measured.layouts,
            "fields": measured.fields, "character_error_percent": measured.character_error(),
            "exact_subjects": measured.exact_subjects, "secrets": measured.secrets,
            "sure_and_wrong": measured.sure, "seconds": measured.took.as_secs_f64(),
            "speed": speed, "errors": measured.errors,
        });
        fs::write(report, serde_json::to_string_pretty(&report_json)?)?;
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// The same scans, in the same minutes: ours to fields, ocrmypdf to PDFs with text, each with all
/// cores.
fn against_ocrmypdf(cli: &Path, folder: &Path) -> Result<serde_json::Value> {
    let mut pdfs: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    pdfs.retain(|path| path.extension().is_some_and(|ending| ending == "pdf"));
    pdfs.sort();
    pdfs.truncate(AGAINST);
    let out = folder.join("ocrmypdf.out");
    let cores = std::thread::available_parallelism()?.to_string();
    let (mut theirs, mut their_memory) = (0.0, 0.0_f64);
    for pdf in &pdfs {
        let mut command = Command::new("ocrmypdf");
        command
            .args(["-l", "vie", "--output-type", "pdf", "--quiet", "-j", &cores])
            .arg(pdf)
            .arg(&out);
        let peak = memory::peak(&mut command, |code| code == 0)
            .context("ocrmypdf: `cargo xtask bench intake` installs it")?;
        theirs += peak.seconds;
        their_memory = their_memory.max(peak.own);
    }
    let started = Instant::now();
    let mut command = Command::new(cli);
    command.args(["intake", "--json"]).args(&pdfs);
    let ours = memory::peak(&mut command, |code| code == 0)?;
    let seconds = started.elapsed().as_secs_f64();
    if seconds <= 0.0 {
        bail!("no time passed");
    }
    let ratio = seconds / theirs;
    println!(
        "{} scans: ours {seconds:.1} s ({:.0} MiB), ocrmypdf {theirs:.1} s ({their_memory:.0} MiB): {ratio:.2} of its time (aim 0.33)",
        pdfs.len(),
        ours.own
    );
    let names: BTreeSet<String> = pdfs
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    Ok(json!({
        "scans": names.len(), "ours_seconds": seconds, "ocrmypdf_seconds": theirs, "ratio": ratio,
        "ours_mib": ours.own, "ocrmypdf_mib": their_memory,
    }))
}
