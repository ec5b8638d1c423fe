use anyhow::{Context, Result, bail};

use crate::{checkout::Checkout, proc, progress::say, setup};

/// A test that `test` runs briefly and a soak in full.
struct Soak {
    name: &'static str,
    what: &'static str,
    package: &'static str,
    /// What selects the test among those of its package.
    filter: &'static str,
    /// Rounds of a full run; the test reads them from `CONGVAN_SOAK`.
    rounds: u64,
}

/// To add one: a line here; lines of one name run one after the other. The test reads
/// `CONGVAN_SOAK` (rounds) and `CONGVAN_SEED` (the first seed), and names the seed of a failure.
const SOAKS: &[Soak] = &[
    Soak {
        name: "crash",
        what: "the disk fails, or the process dies, at every single call of a fixed scenario",
        package: "congvan-store",
        filter: "faults::",
        rounds: 1_000,
    },
    Soak {
        name: "crash",
        what: "a desk of every earlier schema dies at every call of its upgrade",
        package: "congvan-store",
        filter: "upgrade::",
        rounds: 1,
    },
    Soak {
        name: "crash",
        what: "so many power failures: what was not synced is kept, dropped or torn as it happens",
        package: "congvan-store",
        filter: "power::",
        rounds: 2_000,
    },
    Soak {
        name: "crash",
        what: "kill -9 of the real desk and of the real server, so many times each, while acts are made",
        package: "congvan-crash",
        filter: "killed",
        rounds: 1_000,
    },
    Soak {
        name: "sync",
        what: "so many worlds of three desks and a server, each from one seed, whatever the line does",
        package: "congvan-sync",
        filter: "sim::soak::",
        rounds: 10_000,
    },
    Soak {
        name: "token",
        what: "random faults of module, card and user over batches of twenty documents",
        package: "congvan-worker-bin",
        filter: "soak::",
        rounds: 10_000,
    },
    Soak {
        name: "link",
        what: "every kind of act over every fault of the line; a round is a seed with all pairs",
        package: "congvan-remote",
        filter: "link::",
        rounds: 30,
    },
    Soak {
        name: "courier",
        what: "so many worlds of bundles and network in any order: every act once; a file of so many MiB by hand",
        package: "congvan-remote",
        filter: "courier::",
        rounds: 500,
    },
    Soak {
        name: "import",
        what: "a previous system's register of so many rows, one of fifty with a fault: each told at its row, nothing else lost",
        package: "congvan-scenarios",
        filter: "importing::",
        rounds: 50_000,
    },
    Soak {
        name: "transfer",
        what: "a file of so many mebibytes both ways in bounded memory; a large file signed again",
        package: "congvan-remote",
        filter: "big::",
        rounds: 2_048,
    },
];

/// Programs that a soak starts besides its own test.
fn programs(name: &str) -> &'static [&'static str] {
    match name {
        "crash" => &["congvan-province", "congvan-web-host", "congvan-worker-bin"],
        _ => &[],
    }
}

/// Runs the tests of that name at their full length: `NAME [--rounds N] [--seed N]`; `--cycles` is
/// another word for rounds.
pub(crate) fn run(checkout: &Checkout, arguments: &[&str]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        say("cargo xtask soak NAME [--rounds N] [--seed N]\n");
        for soak in SOAKS {
            say(&format!("  {:<10} {}", soak.name, soak.what));
        }
        return Ok(());
    };
    let soaks: Vec<&Soak> = SOAKS.iter().filter(|soak| soak.name == *name).collect();
    if soaks.is_empty() {
        let names: Vec<&str> = SOAKS.iter().map(|soak| soak.name).collect();
        bail!("there is no soak `{name}`, only {}", names.join(", "));
    }
    let (mut rounds, mut seed) = (None, 1);
    for pair in rest.chunks(2) {
        match pair {
            ["--rounds" | "--cycles", number] => {
                rounds = Some(number.parse::<u64>().context("--rounds")?);
            }
            ["--seed", number] => seed = number.parse().context("--seed")?,
            _ => bail!("unknown: {}", pair.join(" ")),
        }
    }
    setup::run(checkout)?;
    if !programs(name).is_empty() {
        let mut cargo = checkout.cargo();
        cargo.args(["build", "--locked"]);
        cargo.args(programs(name).iter().flat_map(|program| ["-p", program]));
        proc::run(&mut cargo)?;
    }
    for soak in soaks {
        one(checkout, soak, (rounds.unwrap_or(soak.rounds), seed))?;
    }
    Ok(())
}

fn one(checkout: &Checkout, soak: &Soak, (rounds, seed): (u64, u64)) -> Result<()> {
    let mut nextest = checkout.cargo_plugin("nextest");
    // The profile lets a test take as long as it needs; see .config/nextest.toml.
    nextest.args(["run", "--locked", "--profile", "soak", "--no-capture"]);
    nextest.args(["-p", soak.package, soak.filter]);
    nextest
        .env("CONGVAN_SOAK", rounds.to_string())
        .env("CONGVAN_SEED", seed.to_string())
        .env("CONGVAN_PDFIUM", checkout.pdfium());
    proc::run(&mut nextest).with_context(|| format!("soak {}", soak.name))
}
