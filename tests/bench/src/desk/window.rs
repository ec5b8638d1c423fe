//! The desk's face in Debian's Chromium on the real core, with so many letters that it pulled from a
//! province.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use congvan_province::{Province, ProvinceConfig, Seed};
use congvan_testkit::LEADER;
use serde_json::Value;

use super::pages::Paper;
use crate::{leader, place};

/// Frames in a second, and milliseconds from the click to page one.
const FRAMES_AIM: f64 = 60.0;
const OPEN_AIM: f64 = 150.0;

pub(super) fn run(letters: usize, papers: &[Paper], folder: &Path) -> Result<Value> {
    let mut config = ProvinceConfig::new(folder.join("province"));
    config.seed = Seed::Empty;
    config.next_poll_s = 600;
    let province = Province::start(config)?;
    // On paper only: what is measured is the desk, not a hundred thousand downloads.
    province.add_letters(&vec![0; letters], 1)?;
    for (number, paper) in papers.iter().enumerate() {
        province.add_draft(&format!("Dự thảo {number}: {}", paper.kind), &paper.bytes)?;
    }
    fs::write(folder.join("ca.pem"), &province.ca_pem)?;
    fs::write(
        folder.join("client.toml"),
        format!(
            "server_url = \"https://localhost:{}\"\nprovince = \"H99\"\nname = \"H99\"\nca_file = \"ca.pem\"\n",
            province.port
        ),
    )?;
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut desk = Host::start(folder, &checkout)?;
    println!("\nIn the window, {letters} letters:");
    let measured = look(&desk, &checkout, letters, papers.len())?;
    tell(&measured, papers);
    desk.end()?;
    drop(province);
    Ok(measured)
}

/// The core behind a browser.
struct Host {
    child: Child,
    url: String,
}

impl Host {
    fn start(folder: &Path, checkout: &Path) -> Result<Self> {
        let mut child = Command::new(place::program("congvan-web-host")?)
            .arg("--config")
            .arg(folder.join("client.toml"))
            .arg("--data")
            .arg(folder.join("desk"))
            .arg("--ui")
            .arg(checkout.join("ui/dist"))
            .args(["--keyring", "memory"])
            .env("CONGVAN_PDFIUM", leader::pdfium()?)
            .env("CONGVAN_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).context("the desk did not start")?;
        let url = said["url"].as_str().context("no address")?.to_owned();
        Ok(Self { child, url })
    }

    fn end(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.end().ok();
    }
}

fn look(desk: &Host, checkout: &Path, letters: usize, drafts: usize) -> Result<Value> {
    let output = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/window.mjs"))
        .arg(checkout.join("ui"))
        .arg(&desk.url)
        .args([letters.to_string(), drafts.to_string()])
        .args([LEADER.username, LEADER.password])
        .stderr(Stdio::inherit())
        .output()
        .context("node")?;
    ensure!(output.status.success(), "the window: {}", output.status);
    let said = String::from_utf8(output.stdout)?;
    Ok(serde_json::from_str(
        said.lines().last().context("nothing was measured")?,
    )?)
}

fn tell(measured: &Value, papers: &[Paper]) {
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    println!(
        "  pulled after {:.1} s; an empty page draws {:.1} frames/s here",
        number(&measured["pulled_s"]),
        number(&measured["still_fps"])
    );
    for list in measured["lists"].as_array().into_iter().flatten() {
        let fps = number(&list["fps"]);
        // A clock of 60 Hz is never met to the last digit.
        let met = if fps >= FRAMES_AIM - 0.5 {
            "ok"
        } else {
            "MISSED"
        };
        println!(
            "  {:<30} {:>6} rows  {fps:>5.1} frames/s over {} rows, worst frame {:>5.1} ms, later \
             than two {:.1} %, rows not yet there {:.1} % of frames   aim {FRAMES_AIM}   {met}",
            list["name"].as_str().unwrap_or(""),
            list["total"],
            list["passed"],
            number(&list["worst_ms"]),
            number(&list["late_percent"]),
            number(&list["waiting_percent"]),
        );
        println!(
            "  {:<30} a jump anywhere is filled after {:.0} ms (p50), {:.0} (max)",
            "",
            number(&list["jump_p50_ms"]),
            number(&list["jump_max_ms"]),
        );
    }
    let opened: Vec<f64> = measured["opened_ms"]
        .as_array()
        .into_iter()
        .flatten()
        .map(number)
        .collect();
    let mut kinds: Vec<&str> = papers.iter().map(|paper| paper.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let mut times: Vec<f64> = papers
            .iter()
            .zip(&opened)
            .filter(|(paper, _)| paper.kind == kind)
            .map(|(_, took)| *took)
            .collect();
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get(times.len() * share / 100).copied();
        let worst = times.last().copied().unwrap_or(f64::NAN);
        let met = if worst <= OPEN_AIM { "ok" } else { "MISSED" };
        println!(
            "  page one, {kind:<22} {:>6.0} ms from the click (p50), {:.0} (p90), {worst:.0} (max) of {}   aim {OPEN_AIM}   {met}",
            at(50).unwrap_or(f64::NAN),
            at(90).unwrap_or(f64::NAN),
            times.len(),
        );
    }
}
