//! What stands in a cell: days, numbers, kinds and marks as other programs write them.

use congvan_model::{DocumentType, Notation, Urgency, civil_date, fold};
use jiff::{ToSpan as _, civil::Date};

/// The day before the first of a spreadsheet, counted so that its 29 February 1900 does no harm.
const SHEET_EPOCH: (i16, i8, i8) = (1899, 12, 30);
/// Days of a spreadsheet between 1927 and 2119: other numbers are no days.
const SHEET_DAYS: std::ops::RangeInclusive<i32> = 10_000..=80_000;

/// A day: `dd/mm/yyyy` with `/`, `-` or `.`, `yyyy-mm-dd`, a spreadsheet's count of days; what follows
/// after a space or a T is the time.
pub(super) fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let text = text.split([' ', 'T', '\u{a0}']).next().unwrap_or_default();
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => date(year, month, day),
        [day, month, year] if year.len() == 4 => date(year, month, day),
        [days] | [days, _] => {
            let days: i32 = days.parse().ok().filter(|days| SHEET_DAYS.contains(days))?;
            let (year, month, day) = SHEET_EPOCH;
            civil_date(year, month, day)?.checked_add(days.days()).ok()
        }
        _ => None,
    }
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    civil_date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A number from 1 on, with zeros before it or as a spreadsheet writes it.
pub(super) fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let digits = !whole.is_empty() && whole.chars().all(|c| c.is_ascii_digit());
    let number: u32 = whole.parse().ok().filter(|_| digits)?;
    (number > 0).then_some(number)
}

/// Số và ký hiệu, spaces in it or not.
pub(super) fn notation(text: &str) -> Option<Notation> {
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    tight.parse().ok()
}

/// A kind by its name or abbreviation.
pub(super) fn kind(text: &str) -> Option<DocumentType> {
    let text = text.trim();
    let folded = fold(text);
    let mut kinds = DocumentType::ALL.iter().copied();
    let named = kinds.find(|kind| {
        let is_short = !kind.abbreviation().is_empty() && kind.abbreviation() == text;
        is_short || fold(kind.name()) == folded
    });
    named.or(match folded.as_str() {
        "cv" | "cong van hanh chinh" => Some(DocumentType::OfficialLetter),
        "khac" | "van ban khac" | "loai khac" => Some(DocumentType::Other),
        _ => None,
    })
}

/// A mark of urgency.
pub(super) fn urgency(text: &str) -> Option<Urgency> {
    Some(match fold(text.trim()).as_str() {
        "" | "thuong" | "binh thuong" | "khong" | "0" => Urgency::Normal,
        "khan" | "1" => Urgency::Urgent,
        "thuong khan" | "2" => Urgency::VeryUrgent,
        "hoa toc" | "3" => Urgency::Express,
        "hoa toc hen gio" | "4" => Urgency::ExpressTimed,
        _ => return None,
    })
}

/// Whether a mark of secrecy says that there is none.
pub(super) fn is_public(text: &str) -> bool {
    matches!(
        fold(text.trim()).as_str(),
        "" | "thuong" | "binh thuong" | "khong" | "khong mat" | "0"
    )
}

/// What a cell with several names holds.
pub(super) fn names(text: &str) -> Vec<String> {
    let names = text.split([';', '\n', '|']).map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_met() {
        let fourth = civil_date(2019, 3, 4);
        for text in [
            "04/03/2019",
            "4/3/2019",
            "4-3-2019",
            "04.03.2019",
            "2019-03-04",
            "2019/3/4",
            "2019-03-04T08:15:00",
            "04/03/2019 08:15",
            "43528",
            "43528.34",
        ] {
            assert_eq!(day(text), fourth, "{text}");
        }
        for text in [
            "",
            "31/02/2019",
            "03/2019",
            "4/3/19",
            "12",
            "hôm qua",
            "2019-13-01",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_kinds_and_marks_are_read_as_they_are_met() {
        assert_eq!(number("007"), Some(7));
        assert_eq!(number("12.0"), Some(12));
        for text in ["", "0", "12a", "-3", "+3", "1.5", "99999999999"] {
            assert_eq!(number(text), None, "{text}");
        }
        let same = notation("15 / QĐ - UBND").map(|one| one.to_string());
        assert_eq!(same.as_deref(), Some("15/QĐ-UBND"));
        assert_eq!(notation("15"), None);
        assert_eq!(kind("QUYẾT ĐỊNH"), Some(DocumentType::Decision));
        assert_eq!(kind("TTr"), Some(DocumentType::Submission));
        assert_eq!(kind("cong van"), Some(DocumentType::OfficialLetter));
        assert_eq!(kind("Sắc lệnh"), None);
        assert_eq!(urgency("Hỏa tốc"), Some(Urgency::Express));
        assert_eq!(urgency("gấp"), None);
        assert!(is_public("Thường") && !is_public("Mật") && !is_public("A"));
        assert_eq!(names("a.pdf; b.pdf\nc.pdf"), ["a.pdf", "b.pdf", "c.pdf"]);
    }
}
