use std::{
    fs, iter,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU8, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, ensure};

use crate::{
    build::{self, Programs},
    checkout::Checkout,
    count::{self, Count},
    proc,
    progress::say,
    session, setup,
};

/// More than the slowest machine needs for the browser tests or the story.
const SESSION_MAY_TAKE: Duration = Duration::from_secs(25 * 60);

/// The stories in the browser are told in so many shares.
const SHARES: u8 = 6;
/// What broke before it could count.
const ONE_FAILED: Count = Count {
    passed: 0,
    failed: 1,
    unsteady: 0,
};

/// One line of the summary.
struct Suite {
    name: &'static str,
    count: Count,
    took: Duration,
}

/// Runs every test there is. A suite that fails does not keep the next from running.
pub(crate) fn run(checkout: &Checkout) -> Result<()> {
    let started = Instant::now();
    setup::run(checkout)?;
    build::ui(checkout)?;
    build::rust(checkout, Programs::AllAndTests)?;
    let suites = [
        suite("Rust (nextest)", || rust(checkout)),
        suite("User interface (Vitest)", || ui(checkout)),
        suite("In the browser (Playwright)", || Ok(browser(checkout))),
        suite("In the real window (tauri-driver)", || {
            real_window(checkout)
        }),
    ];
    say(&format!("\nSummary ({} s)", started.elapsed().as_secs()));
    for Suite { name, count, took } in &suites {
        say(&format!(
            "  {name:<34} {:>4} passed {:>4} failed {:>5} s",
            count.passed,
            count.failed,
            took.as_secs()
        ));
    }
    let all: Count = suites.iter().map(|suite| suite.count).sum();
    say(&format!("{} passed, {} failed", all.passed, all.failed));
    if all.unsteady > 0 {
        let unsteady = all.unsteady;
        say(&format!(
            "{unsteady} passed only at the second try: named above as flaky, to be mended"
        ));
    }
    ensure!(all.failed == 0, "{} tests failed", all.failed);
    Ok(())
}

/// Runs one suite; one that breaks before it can count is one failure.
fn suite(name: &'static str, work: impl FnOnce() -> Result<Count>) -> Suite {
    say(&format!("\n==> {name}"));
    let started = Instant::now();
    Suite {
        name,
        count: counted(name, work),
        took: started.elapsed(),
    }
}

fn counted(name: &str, work: impl FnOnce() -> Result<Count>) -> Count {
    work().unwrap_or_else(|error| {
        say(&format!("{name}: {error:#}"));
        ONE_FAILED
    })
}

fn rust(checkout: &Checkout) -> Result<Count> {
    let report = fresh(checkout.target.join("nextest/default/junit.xml"))?;
    let mut nextest = checkout.cargo_plugin("nextest");
    // Always the whole workspace: with other packages cargo would choose other features and
    // compile much of it again.
    nextest.args(["run", "--workspace", "--locked", "--show-progress", "none"]);
    nextest.env("CONGVAN_PDFIUM", checkout.pdfium());
    judged(proc::run(&mut nextest), count::junit(&report))
}

fn ui(checkout: &Checkout) -> Result<Count> {
    let report = fresh(checkout.target.join("reports/vitest.json"))?;
    let mut npm = checkout.npm();
    npm.args([
        "run",
        "--silent",
        "test",
        "--",
        "--reporter=default",
        "--reporter=json",
    ]);
    npm.arg(format!("--outputFile.json={}", report.display()));
    judged(proc::run(&mut npm), count::vitest(&report))
}

/// The stories in shares, two of them at a time: one story alone leaves a third of two cores idle.
fn browser(checkout: &Checkout) -> Count {
    let next = AtomicU8::new(1);
    let turn = || {
        let shares = iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        shares
            .take_while(|share| *share <= SHARES)
            .map(|share| counted("a share of the stories", || browser_share(checkout, share)))
            .sum::<Count>()
    };
    thread::scope(|scope| {
        let beside = scope.spawn(turn);
        let own = turn();
        // A turn that panicked has said so.
        let beside = beside.join().unwrap_or(ONE_FAILED);
        [own, beside].into_iter().sum()
    })
}

fn browser_share(checkout: &Checkout, share: u8) -> Result<Count> {
    let reports = checkout.target.join("reports");
    let report = fresh(reports.join(format!("playwright-{share}.json")))?;
    // The host of the browser tests keeps its secrets in a keyring, as the desk does; one keyring
    // and one token to a session.
    let mut npm = session::inside(checkout, &format!("browser-{share}"), PathBuf::from("npm"))?;
    npm.current_dir(checkout.ui());
    npm.args(["run", "--silent", "e2e", "--", "--reporter=list,json"])
        .arg(format!("--shard={share}/{SHARES}"))
        // A browser on a busy machine misses a moment now and then: told in the summary, not hidden.
        .arg("--retries=1")
        .arg("--output")
        .arg(reports.join(format!("playwright-{share}")));
    npm.env("CONGVAN_PROGRAMS", checkout.target.join("debug"));
    npm.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    judged(watched(&mut npm), count::playwright(&report))
}

fn real_window(checkout: &Checkout) -> Result<Count> {
    crate::demo::play(checkout, &checkout.target.join("story"))?;
    Ok(Count {
        passed: 1,
        ..Count::default()
    })
}

fn watched(command: &mut std::process::Command) -> Result<()> {
    let ending = proc::watch(command, SESSION_MAY_TAKE)?;
    ensure!(ending.status.success(), "ended with {}", ending.status);
    Ok(())
}

/// The place of a report that no earlier run has left.
fn fresh(report: PathBuf) -> Result<PathBuf> {
    fs::create_dir_all(report.parent().unwrap_or(Path::new(".")))?;
    if report.exists() {
        fs::remove_file(&report)?;
    }
    Ok(report)
}

/// What a runner counted, and whether it ended as its count says: a runner that fails without a
/// failed test, or that ran nothing, has failed.
fn judged(ending: Result<()>, count: Result<Count>) -> Result<Count> {
    match (ending, count) {
        (_, Ok(count)) if count.failed > 0 => Ok(count),
        (Err(ending), _) => Err(ending),
        (Ok(()), Ok(count)) if count.passed == 0 => Err(anyhow!("it ran no test")),
        (Ok(()), count) => count,
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn a_runner_that_fails_without_a_failed_test_has_failed() {
        let broken = || -> Result<()> { bail!("it broke") };
        assert!(
            judged(
                broken(),
                Ok(Count {
                    passed: 3,
                    ..Count::default()
                })
            )
            .is_err()
        );
        let counted = judged(
            broken(),
            Ok(Count {
                passed: 3,
                failed: 2,
                unsteady: 0,
            }),
        )
        .expect("a count");
        assert_eq!(counted.failed, 2);
    }

    #[test]
    fn a_runner_that_ran_nothing_or_wrote_no_report_has_failed() {
        assert!(judged(Ok(()), Ok(Count::default())).is_err());
        assert!(judged(Ok(()), Err(anyhow!("no report"))).is_err());
    }
}
