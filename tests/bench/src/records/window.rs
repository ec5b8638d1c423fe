//! Search in the window: from the key to painted rows, in Debian's Chromium on the real core; and
//! registers of as many lines as a year has, from the button to the last byte.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use congvan_province::{Province, ProvinceConfig, Seed};
use congvan_testkit::LEADER;
use serde_json::Value;

use crate::desk::window::Host;

const LETTERS: usize = 100_000;
/// Milliseconds from the key to painted rows, of 99 keys in a hundred.
const AIM: f64 = 50.0;
/// Seconds from the button to the last byte of a year's register.
const EXPORT_AIM: f64 = 5.0;

pub(super) fn run(folder: &Path) -> Result<Value> {
    let mut config = ProvinceConfig::new(folder.join("province"));
    config.seed = Seed::Empty;
    config.next_poll_s = 600;
    let province = Province::start(config)?;
    // On paper only: what is measured is search, not a hundred thousand downloads.
    province.add_letters(&vec![0; LETTERS], 1)?;
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
    let output = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/records.mjs"))
        .arg(checkout.join("ui"))
        .arg(&desk.url)
        .arg(LETTERS.to_string())
        .args([LEADER.username, LEADER.password])
        .stderr(Stdio::inherit())
        .output()
        .context("node")?;
    desk.end()?;
    ensure!(output.status.success(), "the window: {}", output.status);
    let said = String::from_utf8(output.stdout)?;
    let measured: Value =
        serde_json::from_str(said.lines().last().context("nothing was measured")?)?;
    let of = |name: &str| measured[name].as_f64().unwrap_or(f64::NAN);
    let met = if of("p99") <= AIM { "ok" } else { "MISSED" };
    println!(
        "  from the key to painted rows    {:>8.1} ms (p50) {:>8.1} (p99) {:>8.1} (max) of {}   aim {AIM}   {met}",
        of("p50"),
        of("p99"),
        of("max"),
        measured["keys"]
    );
    println!("  the slowest: {}", measured["slowest"]);
    let registers = measured["registers"].as_array().context("no registers")?;
    for register in registers {
        let seconds = register["ms"].as_f64().unwrap_or(f64::NAN) / 1_000.0;
        let met = if seconds <= EXPORT_AIM {
            "ok"
        } else {
            "MISSED"
        };
        println!(
            "  register {} as {}, {} lines, {} bytes {seconds:>8.2} s   aim {EXPORT_AIM}   {met}",
            register["register"], register["format"], register["lines"], register["bytes"]
        );
        ensure!(
            register["lines"].as_u64() > Some(15_000),
            "the register of a year"
        );
    }
    Ok(measured)
}
