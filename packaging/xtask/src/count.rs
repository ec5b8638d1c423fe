//! Counts tests from what the runners write for machines, never from what they show to people.

use std::{fs, iter::Sum, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

/// Tests that passed and tests that did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// How many of those that passed did so only at their second try.
    pub(crate) unsteady: u64,
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |all, count| Self {
            passed: all.passed + count.passed,
            failed: all.failed + count.failed,
            unsteady: all.unsteady + count.unsteady,
        })
    }
}

/// From the JUnit file of cargo-nextest.
pub(crate) fn junit(file: &Path) -> Result<Count> {
    parse_junit(&read(file)?).with_context(|| format!("{} is no JUnit file", file.display()))
}

/// From the JSON report of Vitest.
pub(crate) fn vitest(file: &Path) -> Result<Count> {
    let report: Value = serde_json::from_str(&read(file)?)?;
    let number = |name: &str| report.get(name).and_then(Value::as_u64);
    let passed = number("numPassedTests").context("no numPassedTests")?;
    let failed = number("numFailedTests").context("no numFailedTests")?;
    Ok(Count {
        passed,
        failed,
        unsteady: 0,
    })
}

/// From the JSON report of Playwright, which has passed tests under `expected` and those that passed at
/// their second try under `flaky`.
pub(crate) fn playwright(file: &Path) -> Result<Count> {
    let report: Value = serde_json::from_str(&read(file)?)?;
    let number = |name: &str| report.get("stats")?.get(name)?.as_u64();
    let steady = number("expected").context("no stats.expected")?;
    let failed = number("unexpected").context("no stats.unexpected")?;
    let unsteady = number("flaky").unwrap_or(0);
    Ok(Count {
        passed: steady + unsteady,
        failed,
        unsteady,
    })
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("the runner wrote no {}", file.display()))
}

fn parse_junit(text: &str) -> Option<Count> {
    let (_, rest) = text.split_once("<testsuites ")?;
    let (head, _) = rest.split_once('>')?;
    let number = |name: &str| -> Option<u64> {
        let (_, value) = head.split_once(&format!("{name}=\""))?;
        value.split('"').next()?.parse().ok()
    };
    let failed = number("failures")? + number("errors")?;
    Some(Count {
        passed: number("tests")?.checked_sub(failed)?,
        failed,
        unsteady: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_failures_both_count_as_failed() {
        let text = r#"<?xml version="1.0"?>
<testsuites name="nextest-run" tests="12" failures="2" errors="1" time="3.2">
  <testsuite name="a" tests="7" failures="7">"#;
        assert_eq!(
            parse_junit(text),
            Some(Count {
                passed: 9,
                failed: 3,
                unsteady: 0
            })
        );
    }

    #[test]
    fn a_file_that_is_no_report_is_not_zero_tests() {
        assert_eq!(parse_junit("<html>"), None);
        assert_eq!(parse_junit("<testsuites tests=\"1\">"), None);
    }
}
