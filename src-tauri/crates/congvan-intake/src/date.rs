//! The date under the motto: "…, ngày 05 tháng 01 năm 2026".

use congvan_model::fold;
use jiff::civil::Date;

use crate::{reading::Field, segment::Segment, text::as_digit};

/// The letter's date. The right column of the head counts more than a date elsewhere.
pub(crate) fn read(segments: &[Segment]) -> Option<Field<Date>> {
    let mut best: Option<(f32, Field<Date>)> = None;
    for segment in segments.iter().filter(|segment| segment.cy < 0.45) {
        let Some(date) = in_words(&segment.text) else {
            continue;
        };
        let mut score = 0.5;
        if segment.cx > 0.5 {
            score += 0.3;
        }
        // "Place, ngày …": a comma stands before it.
        if segment.text.contains(',') {
            score += 0.2;
        }
        score -= segment.cy * 0.5;
        if best.as_ref().is_none_or(|(other, _)| score > *other) {
            let confidence = segment.confidence * if segment.cx > 0.5 { 0.99 } else { 0.8 };
            best = Some((score, Field::new(date, confidence, vec![segment.place()])));
        }
    }
    best.map(|(_, field)| field)
}

/// What stands before ", ngày …": where the letter was dated.
pub(crate) fn place(segments: &[Segment]) -> Option<String> {
    let dated = segments
        .iter()
        .filter(|segment| segment.cy < 0.45 && segment.cx > 0.4)
        .find(|segment| in_words(&segment.text).is_some())?;
    let (place, _) = dated.text.split_once(',')?;
    let clean = place.trim_matches(|c: char| !c.is_alphanumeric());
    Some(clean.to_owned())
}

/// "ngày d tháng m năm y" anywhere in a line, spaces and slips of digits forgiven.
pub(crate) fn in_words(text: &str) -> Option<Date> {
    let letters: Vec<char> = spaced(text)
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '|' | '!' | ']' | '['))
        .collect();
    let squeezed: String = letters.iter().collect::<String>().to_lowercase();
    // Every letter is one character, so places in both agree.
    let Some(year_at) = find_after(&squeezed, &["nam", "nãm"]) else {
        return without_year_word(&letters, &squeezed);
    };
    let head: String = squeezed.chars().take(year_at).collect();
    // The last: "Chiến Thắng, ngày … tháng …".
    let month_at = find_last(&head, &["thang", "tháng", "thdng"])?;
    let day = digits_before(&letters, month_at)?;
    let month = digits(&letters, month_at + 5, year_at)?;
    let year = digits(&letters, year_at + 3, year_at + 7)?;
    date(day, month, year)
}

/// "ngày 28 tháng 02 näin 2026": two figures behind the month's word, and the year at the end.
fn without_year_word(letters: &[char], squeezed: &str) -> Option<Date> {
    let month_at = find_last(squeezed, &["thang", "thdng"])?;
    let day = digits_before(letters, month_at)?;
    let rest = letters.get(month_at + 5..)?;
    let figures = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let month = number(rest.get(..figures.min(2))?)?;
    let year = number(rest.get(rest.len().checked_sub(4)?..)?)?;
    let is_year = (2000..2100).contains(&year) && (4..=10).contains(&(rest.len() - figures));
    is_year.then(|| date(day, month, year)).flatten()
}

/// d/m/y, d-m-y or d.m.y.
pub(crate) fn in_figures(text: &str) -> Option<Date> {
    let text = text.trim_matches(|c: char| !c.is_ascii_digit());
    let mut parts = text.split(['/', '-', '.']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year = year.get(..4)?;
    date(day.parse().ok()?, month.parse().ok()?, year.parse().ok()?)
}

pub(crate) fn date(day: u32, month: u32, year: u32) -> Option<Date> {
    if !(1945..=2100).contains(&year) {
        return None;
    }
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}

/// Folded, but in the letters' own case: a digit that was read as a letter is told by its case.
fn spaced(text: &str) -> String {
    text.chars()
        .map(|letter| {
            let folded = fold(&letter.to_string());
            let mut folded = folded.chars();
            match (folded.next(), folded.next()) {
                (Some(one), None) if letter.is_uppercase() => one.to_ascii_uppercase(),
                (Some(one), None) => one,
                _ => letter,
            }
        })
        .collect()
}

fn find_last(text: &str, words: &[&str]) -> Option<usize> {
    let at = words.iter().find_map(|word| text.rfind(word))?;
    Some(text.get(..at)?.chars().count())
}

/// The last "nam" with four figures behind it: "năm" may be in a place's name.
fn find_after(text: &str, words: &[&str]) -> Option<usize> {
    let at = words.iter().find_map(|word| {
        text.rmatch_indices(word).map(|(at, _)| at).find(|at| {
            let rest = text.get(at + word.len()..).unwrap_or_default();
            rest.chars().take(4).filter_map(as_digit).count() == 4
        })
    })?;
    Some(text.get(..at)?.chars().count())
}

fn digits(letters: &[char], from: usize, to: usize) -> Option<u32> {
    let part = letters.get(from..to.min(letters.len()))?;
    number(part)
}

/// The day: up to two digits before `end`, after "ngay".
fn digits_before(letters: &[char], end: usize) -> Option<u32> {
    let before = letters.get(..end)?;
    let text: String = before.iter().collect::<String>().to_lowercase();
    let start = text
        .rfind("ngay")
        .map(|at| text.get(..at).unwrap_or_default().chars().count() + 4);
    let part = match start {
        Some(start) => before.get(start..)?,
        None => before.get(before.len().checked_sub(2)?..)?,
    };
    number(part)
}

fn number(part: &[char]) -> Option<u32> {
    if part.is_empty() || part.len() > 4 {
        return None;
    }
    let text: Option<String> = part.iter().map(|letter| as_digit(*letter)).collect();
    text?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_and_readers_write_them() {
        let wanted = date(5, 1, 2026);
        for text in [
            "Xã Bình Minh Đông, ngày 05 tháng 01 năm 2026",
            "Bình Minh Đông, ngày 5 tháng 1 năm 2026",
            "Hưng Thịnh, ngày O5 tháng 0l năm 2026.",
            "Hưng Thịnh, ngày05 tháng01 năm2026",
            "Hung Thinh, ngay 05 thang 01 nam 2026",
            "Quyết Thắng, ngày 05 tháng 01 năm 2026",
            "Hưng Thịnh, ngày 05 tháng 01 näin 2026",
        ] {
            assert_eq!(in_words(text), wanted, "{text}");
        }
        assert_eq!(
            in_words("ngày tháng năm 2026"),
            None,
            "a blank date is no date"
        );
        assert_eq!(in_words("ngày 31 tháng 02 năm 2026"), None);
        assert_eq!(in_figures("05/01/2026."), wanted);
        assert_eq!(in_figures("5-1-2026"), wanted);
        assert_eq!(in_figures("24/24"), None);
    }
}
