use std::fmt;

use jiff::{civil, tz};
use serde::{Deserialize, Serialize};

/// Vietnam keeps one offset all year: +07:00.
pub const VN_OFFSET: tz::Offset = tz::offset(7);

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This instant on the wall clock of Vietnam.
    #[must_use]
    pub fn vietnam(self) -> civil::DateTime {
        let instant =
            jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        VN_OFFSET.to_datetime(instant)
    }

    /// ISO 8601 with the zone of Vietnam, to the second: the form Decree 30/2020 (Appendix I)
    /// wants for signing times, e.g. `2026-01-05T08:14:00+07:00`.
    #[must_use]
    pub fn iso_vietnam(self) -> String {
        let local = self.vietnam();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+07:00",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second()
        )
    }

    /// The calendar day in Vietnam.
    #[must_use]
    pub fn vietnam_date(self) -> civil::Date {
        self.vietnam().date()
    }

    /// Later by so many milliseconds (earlier when negative); saturates.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso_vietnam())
    }
}

/// A calendar day, or none where the three numbers name no day.
#[must_use]
pub fn civil_date(year: i16, month: i8, day: i8) -> Option<civil::Date> {
    civil::Date::new(year, month, day).ok()
}

/// When something must be done: by the end of a day, or at an hour (hỏa tốc hẹn giờ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    /// By the end of that day in Vietnam.
    Day(civil::Date),
    /// At that instant.
    At(Timestamp),
}

impl Deadline {
    /// The last instant at which the work is still in time.
    #[must_use]
    pub fn instant(self) -> Timestamp {
        match self {
            Self::At(instant) => instant,
            Self::Day(day) => VN_OFFSET
                .to_timestamp(day.at(23, 59, 59, 999_000_000))
                .map_or(Timestamp(i64::MAX), |end| Timestamp(end.as_millisecond())),
        }
    }

    /// Whether the deadline has passed.
    #[must_use]
    pub fn is_overdue(self, now: Timestamp) -> bool {
        now > self.instant()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_time_is_iso_8601_with_the_zone_of_vietnam() {
        assert_eq!(
            Timestamp(1_767_575_640_000).iso_vietnam(),
            "2026-01-05T08:14:00+07:00"
        );
    }

    #[test]
    fn a_day_is_in_time_until_its_last_millisecond_in_vietnam() {
        let due = Deadline::Day(civil::date(2026, 1, 5));
        let end = due.instant();
        assert_eq!(end.iso_vietnam(), "2026-01-05T23:59:59+07:00");
        assert!(!due.is_overdue(end));
        assert!(due.is_overdue(end.plus_ms(1)));
    }
}
