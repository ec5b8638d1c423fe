use congvan_model::Timestamp;
use jiff::{civil, tz};

use crate::tlv::Tlv;

/// Reads UTCTime or GeneralizedTime, with a fraction of a second too: real responders send it
/// though RFC 5280 forbids it in certificates.
pub(crate) fn parse(value: Tlv<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(value.value).ok()?;
    match value.tag {
        0x17 => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            // RFC 5280, 4.1.2.5.1: 50 to 99 are the last century.
            instant(if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        0x18 => {
            let (year, rest) = text.split_at_checked(4)?;
            instant(year.parse().ok()?, rest)
        }
        _ => None,
    }
}

/// `MMDDhhmmss[.f]Z`, or with an offset in place of Z.
fn instant(year: i16, rest: &str) -> Option<Timestamp> {
    let (digits, rest) = rest.split_at_checked(10)?;
    let part = |at: usize| digits.get(at..at + 2)?.parse::<i8>().ok();
    let (fraction, zone) = match rest.strip_prefix(['.', ',']) {
        None => ("", rest),
        Some(rest) => rest.split_at_checked(rest.bytes().take_while(u8::is_ascii_digit).count())?,
    };
    let mut nanos = 0_i32;
    for digit in fraction.bytes().chain(std::iter::repeat(b'0')).take(9) {
        nanos = nanos * 10 + i32::from(digit - b'0');
    }
    let local = civil::DateTime::new(
        year,
        part(0)?,
        part(2)?,
        part(4)?,
        part(6)?,
        part(8)?,
        nanos,
    )
    .ok()?;
    let instant = offset(zone)?.to_timestamp(local).ok()?;
    Some(Timestamp(instant.as_millisecond()))
}

fn offset(zone: &str) -> Option<tz::Offset> {
    if zone == "Z" {
        return Some(tz::Offset::UTC);
    }
    let (sign, digits) = zone.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let hours: i32 = digits.get(0..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4)?.parse().ok()?;
    tz::Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

/// Reads a PDF date (ISO 32000-2, 7.9.4): `D:YYYYMMDDhhmmss` with `Z` or an offset such as
/// `+07'00'`; what is missing at the end is the least value.
pub(crate) fn pdf_date(text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = text.split_at_checked(count)?;
    let part = |at: usize, default: i8| match digits.get(at..at + 2) {
        None => Some(default),
        Some(part) => part.parse().ok(),
    };
    let year: i16 = digits.get(0..4)?.parse().ok()?;
    let local = civil::DateTime::new(
        year,
        part(4, 1)?,
        part(6, 1)?,
        part(8, 0)?,
        part(10, 0)?,
        part(12, 0)?,
        0,
    )
    .ok()?;
    let zone: String = zone.chars().filter(|letter| *letter != '\'').collect();
    let zone = match zone.len() {
        0 | 5 => zone,
        // `+07'` and `Z00'00'`.
        3 => zone + "00",
        _ if zone.starts_with('Z') => "Z".to_owned(),
        _ => return None,
    };
    let offset = if zone.is_empty() {
        tz::Offset::UTC
    } else {
        offset(&zone)?
    };
    Some(Timestamp(offset.to_timestamp(local).ok()?.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generalized(text: &str) -> Option<String> {
        parse(Tlv {
            tag: 0x18,
            full: &[],
            value: text.as_bytes(),
        })
        .map(Timestamp::iso_vietnam)
    }

    #[test]
    fn fractional_seconds_are_read() {
        assert_eq!(
            generalized("20260105011400.25Z").as_deref(),
            Some("2026-01-05T08:14:00+07:00")
        );
        assert_eq!(generalized("2026010501"), None);
    }

    #[test]
    fn dates_of_pdf_are_read_in_their_zone() {
        for text in [
            "D:20260105081400+07'00'",
            "D:20260105081400+07'00",
            "D:20260105011400Z",
            "D:20260105011400",
        ] {
            assert_eq!(
                pdf_date(text).map(Timestamp::iso_vietnam).as_deref(),
                Some("2026-01-05T08:14:00+07:00"),
                "{text}"
            );
        }
    }
}
