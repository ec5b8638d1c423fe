use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::{
    checkout::Checkout,
    proc,
    progress::{say, step},
    setup,
};

/// The program that holds the measurements.
const PROGRAM: &str = "congvan-bench";

/// A measurement. To add one: a line here, and a module of that name in tests/bench.
struct Bench {
    name: &'static str,
    what: &'static str,
    /// Packages whose programs it runs besides its own.
    programs: &'static [&'static str],
    /// System packages that nothing else needs: who it is compared with.
    packages: &'static [&'static str],
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "batch",
        what: "300 documents with one PIN, to disk and queue: ours and pyHanko; a slow card",
        programs: &["congvan-worker-bin"],
        packages: &[],
    },
    Bench {
        name: "desk",
        what: "100,000 letters in the window: frames of lists, click to page one; against PDFium alone",
        programs: &["congvan-web-host", "congvan-worker-bin"],
        packages: &[],
    },
    Bench {
        name: "intake",
        what: "220 scanned letters: fields read right; 200 scans from drop to ready, against ocrmypdf",
        programs: &["congvan-cli", "congvan-worker-bin"],
        packages: &["ocrmypdf"],
    },
    Bench {
        name: "queue",
        what: "100,000 documents in the store: start, every list, search; against rg and SQLite LIKE",
        programs: &[],
        packages: &[],
    },
    Bench {
        name: "records",
        what: "100,000 documents of five years: search as typed, statistics; against rg, LIKE",
        programs: &["congvan-web-host"],
        packages: &[],
    },
    Bench {
        name: "sign",
        what: "documents signed per second: ours, pyHanko, and the floor; memory at 300 MB",
        programs: &["congvan-cli", "congvan-worker-bin"],
        packages: &[],
    },
    Bench {
        name: "sync",
        what: "10,000 letters over a line of its own: ours, rsync --fsync, mbsync; cuts and thin lines",
        programs: &["congvan-cli", "congvan-worker-bin"],
        packages: &["rsync", "isync", "dovecot-imapd", "iproute2"],
    },
    Bench {
        name: "validate",
        what: "documents validated per second: ours and pyHanko, B-B and B-LTA; memory at 300 MB",
        programs: &["congvan-cli"],
        packages: &[],
    },
];

/// Measures one thing with programs built for release. Nothing here fails for being slow: the
/// figures are for people, and written to `target/reports` for comparison.
pub(crate) fn run(checkout: &Checkout, arguments: &[&str]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        say("cargo xtask bench NAME\n");
        for bench in BENCHES {
            say(&format!("  {:<10} {}", bench.name, bench.what));
        }
        return Ok(());
    };
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == *name) else {
        let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
        bail!("there is no bench `{name}`, only {}", names.join(", "));
    };
    setup::run(checkout)?;
    setup::packages(checkout, bench.packages)?;
    step("Build for release", || {
        let mut cargo = checkout.cargo();
        cargo.args(["build", "--release", "--locked", "-p", PROGRAM]);
        for program in bench.programs {
            cargo.args(["-p", program]);
        }
        proc::run(&mut cargo)
    })?;
    let reports = checkout.target.join("reports");
    fs::create_dir_all(&reports)?;
    let programs = checkout.target.join("release");
    let program = programs.join(format!("{PROGRAM}{}", env::consts::EXE_SUFFIX));
    let mut measure = crate::checkout::command(program, &checkout.root);
    measure
        .arg(name)
        .args(rest)
        .env("CONGVAN_PROGRAMS", &programs)
        .env("CONGVAN_PYTHON", checkout.python_tool("python"))
        .env("CONGVAN_PDFIUM", checkout.pdfium())
        .env("CONGVAN_BENCH_TARGET", &checkout.target)
        .env(
            "CONGVAN_BENCH_REPORT",
            reports.join(format!("bench-{name}.json")),
        );
    proc::run(&mut measure).with_context(|| format!("bench {name}"))
}
