//! Small tools on words that were read, perhaps wrongly.

use congvan_model::fold;

/// How many letters must be changed, put in or left out to make one of the other.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut corner = line;
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
        let mut left = line + 1;
        for (cell, against) in row.iter_mut().skip(1).zip(&other) {
            let change = corner + usize::from(letter != *against);
            corner = *cell;
            *cell = change.min(corner + 1).min(left + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Folded letters and digits only, without spaces: the form in which slips of spacing vanish.
pub(crate) fn squeeze(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether `phrase` (squeezed) stands in `text` with at most `slips` letters wrong.
pub(crate) fn contains_about(text: &str, phrase: &str, slips: usize) -> bool {
    let text: Vec<char> = squeeze(text).chars().collect();
    let length = phrase.chars().count();
    if text.len() + slips < length {
        return false;
    }
    let starts = 0..=text.len().saturating_sub(length.saturating_sub(slips));
    starts.into_iter().any(|start| {
        let window: String = text.iter().skip(start).take(length).collect();
        distance(&window, phrase) <= slips
    })
}

/// The share of letters that are capitals; 0 without letters.
pub(crate) fn capitals(text: &str) -> f32 {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (all, upper) = letters.fold((0_u16, 0_u16), |(all, upper), c| {
        (
            all.saturating_add(1),
            upper.saturating_add(u16::from(c.is_uppercase())),
        )
    });
    if all == 0 {
        0.0
    } else {
        f32::from(upper) / f32::from(all)
    }
}

/// A letter that OCR takes for a digit, as that digit.
pub(crate) fn as_digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        'O' | 'o' | 'Q' | 'D' => Some('0'),
        'l' | 'I' | '|' | 'i' | '!' | ']' | '[' => Some('1'),
        'Z' | 'z' => Some('2'),
        'S' | 's' => Some('5'),
        'b' | 'G' => Some('6'),
        'B' => Some('8'),
        _ => None,
    }
}

/// Without what OCR makes of dirt at both ends.
pub(crate) fn trim_noise(text: &str) -> &str {
    text.trim_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '(' | ')' | '"' | '”' | '“' | '%')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (one, other, wanted) in [
            ("", "", 0),
            ("bao", "cao", 1),
            ("thongbao", "thongcao", 1),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), wanted, "{one} {other}");
            assert_eq!(distance(other, one), wanted, "{other} {one}");
        }
    }

    #[test]
    fn a_phrase_with_a_slip_is_found_inside_a_line() {
        assert!(contains_about(
            "~ CỘNG HÒA XÃ HỌI CHỦ NGHĨA VIỆT NAM",
            "conghoaxahoichunghiavietnam",
            2
        ));
        assert!(contains_about(
            "Độc lập.- Tư do - Hanh phúe",
            "doclaptudohanhphuc",
            2
        ));
        assert!(!contains_about(
            "Kính gửi: Sở Nội vụ",
            "doclaptudohanhphuc",
            2
        ));
    }
}
