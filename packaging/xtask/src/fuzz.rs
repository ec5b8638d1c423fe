use std::fs;

use anyhow::{Context, Result, bail, ensure};

use crate::{
    checkout::Checkout,
    proc,
    progress::say,
    setup::{self, Tool},
};

/// What is fuzzed: programs of tests/fuzz, each with its folder of seeds and its dictionary.
const TARGETS: [(&str, &str); 3] = [("pdf", "pdf"), ("cms", "cms"), ("validate", "pdf")];

/// An input that takes longer is a finding.
const SECONDS_PER_INPUT: u32 = 10;
/// A process that grows beyond this is a finding.
const MEGABYTES: u32 = 1024;
/// How long each target runs when nothing is said.
const SECONDS: u64 = 60;

/// Feeds one reader, or each in turn: `[TARGET] [--seconds N]`. A finding ends it with an error
/// and is in `target/fuzz/artifacts`.
pub(crate) fn run(checkout: &Checkout, arguments: &[&str]) -> Result<()> {
    let mut seconds = SECONDS;
    let mut wanted = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if *argument == "--seconds" {
            let number = arguments.next().context("--seconds needs a number")?;
            seconds = number.parse().context("--seconds")?;
        } else {
            let target = TARGETS.iter().find(|(name, _)| name == argument);
            wanted.push(target.with_context(|| format!("there is no target `{argument}`"))?);
        }
    }
    if wanted.is_empty() {
        wanted.extend(&TARGETS);
    }
    if !cfg!(target_os = "linux") {
        bail!("libFuzzer is only set up for Linux");
    }
    setup::tool(checkout, Tool::Fuzz)?;
    for target in wanted {
        one(checkout, target, seconds)?;
    }
    Ok(())
}

/// Compiles the targets as fuzzing would, without running them, so that no change of the engine
/// leaves them behind. In a folder of their own: other flags in the checkout's would make cargo
/// build everything anew each time the two take turns.
pub(crate) fn check(checkout: &Checkout) -> Result<()> {
    let mut cargo = checkout.cargo();
    cargo
        .args(["check", "--locked", "--all-targets", "--manifest-path"])
        .arg(checkout.root.join("tests/fuzz/Cargo.toml"))
        .arg("--target-dir")
        .arg(checkout.target.join("fuzz/build"));
    cargo.env("RUSTFLAGS", "--cfg fuzzing -D warnings");
    // Nothing is linked, so libFuzzer's C++ need not be compiled; the file is not looked for.
    cargo.env("CUSTOM_LIBFUZZER_PATH", "/none/libnone.a");
    proc::run(&mut cargo)
}

fn one(checkout: &Checkout, target: &(&str, &str), seconds: u64) -> Result<()> {
    let (name, dictionary) = target;
    say(&format!("\n==> Fuzz {name} for {seconds} s"));
    let sources = checkout.root.join("tests/fuzz");
    let work = checkout.target.join("fuzz");
    // What is found grows in `target`; the seeds in the repository stay few.
    let (corpus, artifacts) = (
        work.join("corpus").join(name),
        work.join("artifacts").join(name),
    );
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&artifacts)?;
    let mut fuzz = checkout.cargo_plugin("fuzz");
    // libFuzzer's hooks are flags of the compiler that only nightly takes; the compiler itself is
    // the one that builds what is shipped.
    fuzz.env("RUSTC_BOOTSTRAP", "1");
    fuzz.args(["run", "--fuzz-dir"]).arg(&sources);
    fuzz.arg("--target-dir").arg(work.join("build"));
    // No memory errors are to be expected where `unsafe` is denied; without the address sanitizer
    // twice as many inputs are tried. Overflows and assertions are checked.
    fuzz.args(["--sanitizer", "none", name]);
    fuzz.arg(&corpus).arg(sources.join("seeds").join(name));
    fuzz.arg("--");
    fuzz.arg(format!(
        "-dict={}",
        sources.join(format!("{dictionary}.dict")).display()
    ));
    fuzz.arg(format!("-artifact_prefix={}/", artifacts.display()));
    fuzz.arg(format!("-max_total_time={seconds}"));
    fuzz.arg(format!("-timeout={SECONDS_PER_INPUT}"));
    fuzz.arg(format!("-rss_limit_mb={MEGABYTES}"));
    fuzz.args(["-print_final_stats=1", "-reload=0"]);
    proc::run(&mut fuzz).with_context(|| format!("a finding, in {}", artifacts.display()))?;
    let left = fs::read_dir(&artifacts)?.count();
    ensure!(
        left == 0,
        "{left} findings of earlier runs are still in {}",
        artifacts.display()
    );
    Ok(())
}
