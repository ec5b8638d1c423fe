use congvan_model::Timestamp;

/// Saturday 21 November 2026, 09:00 in Vietnam: the "now" of tests that do not care which.
pub const FIXED_NOW: Timestamp = Timestamp(1_795_226_400_000);

/// See [`FIXED_NOW`].
#[must_use]
pub fn fixed_now() -> Timestamp {
    FIXED_NOW
}

/// A calendar day.
///
/// # Panics
/// When the three numbers name no day.
#[must_use]
pub fn day(year: i16, month: i8, day: i8) -> jiff::civil::Date {
    congvan_model::civil_date(year, month, day).expect("a day of the calendar")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_clock_says_nine_in_the_morning_in_vietnam() {
        assert_eq!(FIXED_NOW.iso_vietnam(), "2026-11-21T09:00:00+07:00");
    }
}
