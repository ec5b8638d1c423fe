//! How much travels in one request.

use std::time::Duration;

/// Smaller pieces would spend a slow line on headers.
pub(crate) const SMALLEST: u64 = 256 * 1024;
/// Before anything is known of the line.
pub(crate) const FIRST: u64 = 1024 * 1024;
/// Held in memory on its way up.
pub(crate) const LARGEST: u64 = 16 * 1024 * 1024;
/// A piece should take about this long: short enough that a line which drops each minute gets
/// somewhere, long enough that round trips do not count.
const TARGET: Duration = Duration::from_secs(8);

/// The next piece's size from how long this one took: at most doubled, at most halved.
pub(crate) fn adapt(piece: u64, took: Duration) -> u64 {
    let ideal = piece as f64 * TARGET.as_secs_f64() / took.as_secs_f64().max(0.001);
    let bounded = ideal.clamp(piece as f64 / 2.0, piece as f64 * 2.0);
    (bounded as u64).clamp(SMALLEST, LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_grow_on_a_fast_line_and_shrink_on_a_slow_one_within_bounds() {
        assert_eq!(adapt(FIRST, Duration::from_millis(100)), 2 * FIRST);
        assert_eq!(adapt(FIRST, Duration::from_secs(60)), FIRST / 2);
        assert_eq!(adapt(LARGEST, Duration::from_millis(1)), LARGEST);
        assert_eq!(adapt(SMALLEST, Duration::from_secs(600)), SMALLEST);
    }
}
