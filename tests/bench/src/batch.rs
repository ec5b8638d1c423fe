//! A leader's 300 documents with one PIN, through the whole path: preflight, login, signatures,
//! verification, durable storage and queue. Against pyHanko, which signs the same files in one
//! session; and with a card that needs 300 ms for each, which must never wait for us.

mod stage;
mod token;

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Context as _, Result, ensure};
use congvan_piv_card::Signing;

use crate::{
    figures::{Report, Series},
    floor::Floor,
};
use stage::{Stage, Took};
use token::Token;

const DOCUMENTS: usize = 300;
const BYTES: usize = 200_000;
/// What a real token needs for a signature.
const SLOW: Duration = Duration::from_millis(300);
/// Signatures of the module alone.
const ALONE: usize = 30;

/// Runs both measurements and tells the ratios.
pub(crate) fn run() -> Result<()> {
    let documents = std::env::var("CONGVAN_BENCH_DOCUMENTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(DOCUMENTS);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut report = Report::default();
    println!("{documents} documents of {BYTES} bytes, one PIN, every fsync in place; SoftHSM:");
    let mut stage = Stage::set(documents, Token::soft)?;
    let ours = runtime.block_on(stage.sign())?;
    let theirs = pyhanko(&stage)?;
    parts(&mut report, "whole batch", &ours, documents);
    report.row("whole batch", "pyHanko", &each(theirs, documents));
    let ratio = theirs.as_secs_f64() / ours.whole.as_secs_f64();
    report.ratio("pyHanko : ours", ratio, ">= 5", ratio >= 5.0);
    drop(stage);
    println!(
        "virtual PIV card, OpenSC, {} ms a signature:",
        SLOW.as_millis()
    );
    slow(&runtime, &mut report, documents)?;
    report.finish("batch")
}

/// The slow card. What it was busy is measured by the card itself.
fn slow(runtime: &tokio::runtime::Runtime, report: &mut Report, documents: usize) -> Result<()> {
    let mut stage = Stage::set(documents, |_, identity| Token::card(identity, SLOW))?;
    let ours = runtime.block_on(stage.sign())?;
    parts(report, "slow card", &ours, documents);
    let signings = stage.token.signings();
    ensure!(
        signings.len() == documents,
        "{} at the card",
        signings.len()
    );
    let busy = signings.iter().map(length).sum::<Duration>();
    report.row("slow card", "the card's own time", &each(busy, documents));
    let (Some(first), Some(last)) = (signings.first(), signings.last()) else {
        return Ok(());
    };
    let span = last.ended.duration_since(first.begun);
    report.row(
        "slow card",
        "first to last signature",
        &each(span, documents),
    );
    let alone = module_alone(&stage)?;
    report.row("slow card", "C_Sign and nothing else", &alone);
    let whole = ours.whole.as_secs_f64();
    let share = whole / busy.as_secs_f64();
    report.ratio(
        "whole batch : the card's own time",
        share,
        "<= 1.05",
        share <= 1.05,
    );
    let module = alone.median() * documents as f64 / 1000.0;
    report.ratio(
        "whole batch : C_Sign and nothing else",
        whole / module,
        "<= 1.05",
        whole / module <= 1.05,
    );
    Ok(())
}

fn length(signing: &Signing) -> Duration {
    signing.ended.duration_since(signing.begun)
}

/// What ours took, and where.
fn parts(report: &mut Report, what: &str, took: &Took, documents: usize) {
    report.row(what, "ours", &each(took.whole, documents));
    report.row(what, "ours: preflight", &each(took.preflight, documents));
    report.row(
        what,
        "ours: to the PIN window",
        &each(took.to_window, documents),
    );
    report.row(
        what,
        "ours: after the PIN",
        &each(took.after_pin, documents),
    );
    report.row(
        what,
        "ours: calls of the token",
        &each(took.token, documents),
    );
}

fn each(whole: Duration, documents: usize) -> Series {
    Series(vec![whole.as_secs_f64() * 1_000.0 / documents as f64])
}

/// The module on the same card, asked for one signature after the other.
fn module_alone(stage: &Stage) -> Result<Series> {
    let floor = Floor::open(&stage.token.module, stage.token.pin)?;
    let mut series = Series::default();
    for _ in 0..ALONE {
        series.0.push(floor.one()?);
    }
    Ok(series)
}

/// The same files in one session of pyHanko, which writes each to disk and syncs nothing.
fn pyhanko(stage: &Stage) -> Result<Duration> {
    let python = std::env::var_os("CONGVAN_PYTHON").context("python")?;
    let script = stage.dir.join("pyhanko_batch.py");
    std::fs::write(&script, include_str!("../peers/batch.py"))?;
    let mut command = Command::new(python);
    command.arg(&script).arg(&stage.token.module);
    command.args([congvan_testkit::TOKEN_LABEL, stage.token.pin]);
    command.args(&stage.papers);
    for (name, value) in &stage.token.variables {
        command.env(name, value as &Path);
    }
    let output = command.output()?;
    ensure!(
        output.status.success(),
        "pyHanko: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let seconds: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok(Duration::from_secs_f64(seconds))
}
