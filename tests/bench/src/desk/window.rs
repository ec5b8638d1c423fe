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
pub(crate) struct Host {
    child: Child,
    pub(crate) url: String,
}

impl Host {
    pub(crate) fn start(folder: &Path, checkout: &Path) -> Result<Self> {
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

    pub(crate) fn end(&mut self) -> Result<()> {
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
    let opened: Vec<Value> = measured["opened"].as_array().cloned().unwrap_or_default();
    for (way, words) in WAYS {
        let of_way = || opened.iter().filter(|one| one["way"] == way);
        for kind in ["text", "scan, colour 300 dpi", "scan, other"] {
            let paper = |one: &&Value| {
                let at = one["number"]
                    .as_u64()
                    .and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| papers.get(at)).map(|paper| paper.kind)
            };
            let times = sorted(of_way().filter(|one| paper(one) == Some(kind)), "/took");
            let worst = times.last().copied().unwrap_or(f64::NAN);
            let met = if worst <= OPEN_AIM { "ok" } else { "MISSED" };
            println!(
                "  page one, {words:<14} {kind:<22} {:>4.0} ms (p50), {:.0} (p95), {:.0} (p99), {worst:.0} (max) \
                 of {}   aim {OPEN_AIM}   {met}",
                share(&times, 50),
                share(&times, 95),
                share(&times, 99),
                times.len(),
            );
        }
        let worst = of_way().max_by(|a, b| number(&a["took"]).total_cmp(&number(&b["took"])));
        tell_stages("half of them", &|place| share(&sorted(of_way(), place), 50));
        if let Some(worst) = worst {
            tell_stages("the worst", &|place| {
                worst.pointer(place).map_or(f64::NAN, number)
            });
        }
    }
}

/// How a letter is gone to, and in words.
const WAYS: [(&str, &str); 3] = [
    ("far", "far away"),
    ("next", "the next"),
    ("rested", "pointed at"),
];

/// When the parts were asked for and answered after the act; what was there before has no time.
fn tell_stages(whose: &str, at: &dyn Fn(&str) -> f64) {
    let part = |name: &str| {
        let (from, to) = (at(&format!("/{name}/from")), at(&format!("/{name}/to")));
        if from.is_nan() {
            return "was there".to_owned();
        }
        format!("{from:.0}-{to:.0}")
    };
    println!(
        "    {whose:<14} letter {}, file {}, picture {}, on the screen {:.0}",
        part("detail"),
        part("file"),
        part("picture"),
        at("/took"),
    );
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn sorted<'v>(of: impl Iterator<Item = &'v Value>, place: &str) -> Vec<f64> {
    let mut values: Vec<f64> = of.filter_map(|one| one.pointer(place)?.as_f64()).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The value that so many in a hundred do not pass.
fn share(sorted: &[f64], percent: usize) -> f64 {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
