use std::time::{SystemTime, UNIX_EPOCH};

use congvan_model::Timestamp;

/// The machine's clock: the only place that reads it.
#[expect(clippy::disallowed_methods, reason = "this program is the edge")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// An instant with its zone, or a day in Vietnam, which means its end.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(instant.as_millisecond()));
    }
    // A time without a zone is read as a day too, and would lose its hours.
    let day = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day: jiff::civil::Date = day.then(|| text.parse().ok())??;
    Some(congvan_model::Deadline::Day(day).instant())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_a_zone_and_a_day_is_over_at_midnight_in_vietnam() {
        let instant = parse("2026-01-05T08:14:00+07:00").unwrap();
        assert_eq!(instant, Timestamp(1_767_575_640_000));
        assert_eq!(parse("2026-01-05T01:14:00Z"), Some(instant));
        assert_eq!(
            parse("2026-01-05").unwrap().iso_vietnam(),
            "2026-01-05T23:59:59+07:00"
        );
        assert_eq!(parse("2026-01-05T08:14:00"), None, "no zone, no instant");
        assert_eq!(parse("hôm qua"), None);
    }
}
