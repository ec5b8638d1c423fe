use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Text as the search index knows it: no diacritics, đĐðÐ as d, lower case, NFC.
///
/// `unicode61` of SQLite never folds đ (it has no decomposition) and its default misses letters
/// with two marks, so both what is indexed and what is typed pass through here.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| match c {
            'đ' | 'Đ' | 'ð' | 'Ð' => 'd',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

/// The composed form (NFC): the one form in which text is stored and compared.
#[must_use]
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// The five tones that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Huyền.
    Grave,
    /// Sắc.
    Acute,
    /// Hỏi.
    Hook,
    /// Ngã.
    Tilde,
    /// Nặng.
    Dot,
}

/// A syllable without its tone, composed, and the tone: "hòa" and "hoà" are the same two.
#[must_use]
pub fn tone_apart(syllable: &str) -> (String, Option<Tone>) {
    let mut tone = None;
    let letters = syllable
        .nfd()
        .filter(|letter| {
            let found = match letter {
                '\u{300}' => Tone::Grave,
                '\u{301}' => Tone::Acute,
                '\u{309}' => Tone::Hook,
                '\u{303}' => Tone::Tilde,
                '\u{323}' => Tone::Dot,
                _ => return true,
            };
            tone = Some(found);
            false
        })
        .nfc()
        .collect();
    (letters, tone)
}

/// Folded words with one space between them, and the abbreviations of the commonest names written
/// out: one agency is one text however its name is written.
#[must_use]
pub fn spelled_out(name: &str) -> String {
    let folded = fold(name);
    let mut words: Vec<&str> = Vec::new();
    for word in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        match word {
            "ubnd" => words.extend(["uy", "ban", "nhan", "dan"]),
            "hdnd" => words.extend(["hoi", "dong", "nhan", "dan"]),
            "tp" => words.extend(["thanh", "pho"]),
            other => words.push(other),
        }
    }
    words.join(" ")
}

/// Whether two texts are the same letters with the same marks. On which vowel of a syllable a tone
/// stands is not asked: "hòa" and "hoà" are one word.
#[must_use]
pub fn same_marks(one: &str, other: &str) -> bool {
    let marks = |text: &str| -> Vec<Vec<char>> {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
            .filter(|word| !word.is_empty())
            .map(|word| {
                let mut letters: Vec<char> = word.nfd().collect();
                letters.sort_unstable();
                letters
            })
            .collect()
    };
    marks(one) == marks(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_typed_without_marks_find_words_written_with_them() {
        for (written, typed) in [
            ("Điều động", "dieu dong"),
            ("Đường liên xã", "duong lien xa"),
            ("Ủy ban", "uy ban"),
            ("Uỷ ban", "uy ban"),
            ("hoà bình", "hoa binh"),
            ("hòa bình", "hoa binh"),
            ("QUYẾT ĐỊNH", "quyet dinh"),
            ("Ðắk Lắk", "dak lak"),
        ] {
            assert_eq!(fold(written), typed);
            let decomposed: String = written.nfd().collect();
            assert_eq!(fold(&decomposed), typed, "decomposed {written}");
        }
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }

    #[test]
    fn one_agency_is_one_text_however_it_is_written() {
        for written in [
            "UBND xã Tân Lập",
            "Uỷ ban nhân dân  xã TÂN LẬP",
            "ubnd xa tan lap",
        ] {
            assert_eq!(spelled_out(written), "uy ban nhan dan xa tan lap");
        }
        assert_eq!(
            spelled_out("VP. HĐND-UBND TP. A"),
            "vp hoi dong nhan dan uy ban nhan dan thanh pho a"
        );
        assert!(same_marks("XÃ HÒA BÌNH", "xã hoà bình"));
        assert!(!same_marks("xã Đông Sơn", "xã Đồng Sơn"));
    }
}
