//! Medians, a table for people and JSON for comparison.

use std::{env, fs};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::machine;

/// What was measured of one contender in each round: milliseconds per document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series(pub(crate) Vec<f64>);

impl Series {
    pub(crate) fn median(&self) -> f64 {
        median(&self.0)
    }

    /// The median of the ratios round by round, this one being the dividend.
    pub(crate) fn over(&self, other: &Self) -> f64 {
        let ratios: Vec<f64> = self.0.iter().zip(&other.0).map(|(a, b)| a / b).collect();
        median(&ratios)
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match (sorted.get(half), sorted.len() % 2) {
        (Some(middle), 1) => *middle,
        (Some(upper), _) => {
            let lower = sorted.get(half.wrapping_sub(1)).unwrap_or(upper);
            f64::midpoint(*lower, *upper)
        }
        (None, _) => f64::NAN,
    }
}

/// What is told and written at the end.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Value>,
}

impl Report {
    /// One contender's row.
    pub(crate) fn row(&mut self, what: &str, who: &str, series: &Series) {
        let median = series.median();
        println!(
            "  {what:<22} {who:<34} {median:>9.2} ms  {:>8.1}/s",
            1000.0 / median
        );
        self.rows.push(json!({
            "what": what, "who": who, "ms": median, "per_second": 1000.0 / median,
            "rounds_ms": series.0,
        }));
    }

    /// A ratio that has an aim.
    pub(crate) fn ratio(&mut self, what: &str, value: f64, aim: &str, is_met: bool) {
        let word = if is_met { "met" } else { "MISSED" };
        println!("  {what:<57} {value:>8.2}x  aim {aim}: {word}");
        self.rows
            .push(json!({"what": what, "ratio": value, "aim": aim, "met": is_met}));
    }

    /// A figure of memory, in MiB.
    pub(crate) fn memory(&mut self, what: &str, who: &str, peak: &crate::memory::Peak) {
        println!(
            "  {what:<22} {who:<34} {:>9.1} MiB resident, {:.1} MiB of its own, {:.2} s",
            peak.resident, peak.own, peak.seconds
        );
        self.rows.push(json!({
            "what": what, "who": who, "resident_mib": peak.resident, "own_mib": peak.own,
            "seconds": peak.seconds,
        }));
    }

    /// Writes the JSON where `CONGVAN_BENCH_REPORT` says.
    pub(crate) fn finish(self, name: &str) -> Result<()> {
        let all = json!({"name": format!("bench {name}"), "machine": machine::state(), "rows": self.rows});
        match env::var_os("CONGVAN_BENCH_REPORT") {
            Some(path) => fs::write(&path, serde_json::to_vec_pretty(&all)?)
                .with_context(|| format!("write {}", path.display())),
            None => {
                println!("{all}");
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_and_of_two_between_them() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
        let (a, b) = (Series(vec![2.0, 30.0, 4.0]), Series(vec![1.0, 10.0, 2.0]));
        assert!((a.over(&b) - 2.0).abs() < 1e-9);
    }
}
