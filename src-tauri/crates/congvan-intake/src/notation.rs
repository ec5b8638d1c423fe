//! Số và ký hiệu: "Số: 05/GM-UBND".

use congvan_model::{DocumentType, Notation, fold};

use crate::{
    knowledge::Knowledge,
    reading::Field,
    segment::Segment,
    text::{as_digit, squeeze},
};

/// What stands in a symbol often, beside the types: spelling that a slip can be mended by.
const COMMON: &[&str] = &[
    "UBND", "HĐND", "VP", "BNV", "BTC", "SNV", "STC", "STP", "SYT", "SXD", "SGDĐT", "SNNMT",
    "SKHCN", "SVHTTDL", "PKT", "PVHXH", "TTPVHCC", "BHXH", "CCHC", "TCKT", "QLNS", "KBNN", "ĐĐBQH",
];

/// The notation and the segment it stands on.
pub(crate) fn read(segments: &[Segment], known: &Knowledge) -> Option<(Field<Notation>, Segment)> {
    let mut best: Option<(f32, Field<Notation>, &Segment)> = None;
    for segment in segments.iter().filter(|segment| segment.cy < 0.45) {
        let Some((notation, mended)) = parse(&segment.text, known) else {
            continue;
        };
        let labelled = is_labelled(&segment.text);
        let mut score = if labelled { 1.0 } else { 0.0 };
        if segment.cx < 0.45 {
            score += 0.5;
        }
        if notation.symbol().contains('-') {
            score += 0.4;
        }
        score -= segment.cy;
        // A number in the text ("theo Công văn số 12/UBND-VX") has words around it.
        if segment.words.len() > 5 {
            score -= 1.2;
        }
        if score < 0.3 {
            continue;
        }
        if best.as_ref().is_none_or(|(other, ..)| score > *other) {
            let sure = if labelled { 0.99 } else { 0.8 } * if mended { 0.85 } else { 1.0 };
            let field = Field::new(notation, segment.confidence * sure, vec![segment.place()]);
            best = Some((score, field, segment));
        }
    }
    best.map(|(_, field, segment)| (field, segment.clone()))
}

fn is_labelled(text: &str) -> bool {
    let text = fold(text);
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    text.starts_with("so") || text.starts_with("s6") || text.starts_with("sd")
}

/// The notation in a line, and whether a slip was mended.
pub(crate) fn parse(text: &str, known: &Knowledge) -> Option<(Notation, bool)> {
    let slash = text.find('/')?;
    let (before, after) = (text.get(..slash)?, text.get(slash + 1..)?);
    let number = number(before)?;
    let (symbol, mended) = symbol(after, known)?;
    Some((format!("{number}/{symbol}").parse().ok()?, mended))
}

/// The figures that end the text before the slash.
fn number(before: &str) -> Option<u32> {
    let tail: Vec<char> = before
        .trim_end()
        .chars()
        .rev()
        .take_while(|c| !c.is_whitespace() && !matches!(c, ':' | '.' | ';'))
        .collect();
    let run: Option<String> = tail.iter().rev().map(|letter| as_digit(*letter)).collect();
    let digits = run.filter(|run| !run.is_empty()).or_else(|| {
        let digits: String = tail
            .iter()
            .take_while(|c| c.is_ascii_digit())
            .collect::<String>()
            .chars()
            .rev()
            .collect();
        (!digits.is_empty()).then_some(digits)
    })?;
    // A real figure must be among them, or "Số: l/" would be a number.
    let sure = tail.iter().any(char::is_ascii_digit) || tail.len() == 1;
    sure.then(|| digits.parse().ok()).flatten()
}

/// The symbol that begins the text after the slash: groups of letters joined by hyphens, which a
/// reader may set apart by spaces.
fn symbol(after: &str, known: &Knowledge) -> Option<(String, bool)> {
    // Eth looks like Đ and is another letter.
    let joined = after
        .replace(['–', '—', '_', '~', '−'], "-")
        .replace('Ð', "Đ");
    let mut text = String::new();
    for word in joined.split_whitespace() {
        let continues = text.is_empty() || text.ends_with('-') || word.starts_with('-');
        if !continues {
            break;
        }
        text.push_str(word);
    }
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    let mut mended = false;
    let groups: Vec<String> = text
        .split('-')
        .map(|group| group.trim_matches(|c: char| !c.is_alphanumeric() && c != '.'))
        .filter(|group| !group.is_empty())
        .enumerate()
        .map(|(place, group)| {
            let spelled = spell(group, place == 0, known);
            mended |= spelled != group;
            spelled
        })
        .collect();
    let symbol = groups.join("-");
    let letters = symbol.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= 2 && symbol.chars().next().is_some_and(char::is_uppercase))
        .then_some((symbol, mended))
}

/// A group as it is known to be spelled: marks that were lost, figures read for letters.
fn spell(group: &str, is_first: bool, known: &Knowledge) -> String {
    let types = DocumentType::ALL
        .iter()
        .map(|kind| kind.abbreviation())
        .filter(|abbreviation| is_first && !abbreviation.is_empty());
    let learned = known.symbols().flat_map(|symbol| symbol.split('-'));
    let lexicon: Vec<&str> = learned.chain(types).chain(COMMON.iter().copied()).collect();
    if lexicon.contains(&group) {
        return group.to_owned();
    }
    // A stroke is sometimes read as a letter more: "HĐĐND". But "ĐĐBQH" is a symbol.
    let single = group.replace("ĐĐ", "Đ");
    let meant = lexicon
        .iter()
        .find(|word| looks_like(group, word))
        .or_else(|| lexicon.iter().find(|word| looks_like(&single, word)));
    meant.map_or_else(|| plain(group), |word| (*word).to_owned())
}

/// Equal but for marks, case and figures that stand for letters.
fn looks_like(group: &str, word: &str) -> bool {
    let (group, word) = (bare(group), bare(word));
    group.len() == word.len()
        && group.iter().zip(&word).all(|(read, meant)| {
            read == meant
                || matches!(
                    (read, meant),
                    ('0', 'o' | 'd')
                        | ('1', 'i' | 'l' | 't')
                        | ('5', 's')
                        | ('8', 'b')
                        | ('6', 'g')
                )
        })
        && group.iter().any(char::is_ascii_alphabetic)
}

fn bare(text: &str) -> Vec<char> {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// An unknown group: symbols carry no tone marks, so "ƯBND" was "UBND" and "QĐ" keeps its stroke.
fn plain(group: &str) -> String {
    group
        .chars()
        .map(|letter| match letter {
            'Đ' | 'đ' | 'Ð' => 'Đ',
            other if other.is_ascii() => other,
            other => squeeze(&other.to_string())
                .chars()
                .next()
                .map_or(other, |bare| {
                    if other.is_uppercase() {
                        bare.to_ascii_uppercase()
                    } else {
                        bare
                    }
                }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_are_read_as_printed_and_as_misread() {
        for (text, wanted) in [
            ("Số: 05/GM-UBND", "05/GM-UBND"),
            ("Số:95/UBND-NVT '", "95/UBND-NVT"),
            ("Số: 2799 /PC-STP", "2799/PC-STP"),
            ("Số: 12 / QĐ - UBND", "12/QĐ-UBND"),
            ("Số: 7/T1r-UBND", "07/TTr-UBND"),
            ("Số: 12/QD-HDND", "12/QĐ-HĐND"),
            ("Sô: l2/ƯBND–VX", "12/UBND-VX"),
            ("Số: 210/TTPVHCC-TCKT", "210/TTPVHCC-TCKT"),
        ] {
            let read = parse(text, &Knowledge::default()).map(|(notation, _)| notation.to_string());
            assert_eq!(read.as_deref(), Some(wanted), "{text}");
        }
        for text in [
            "ĐẾN Số: 1482",
            "Ngày: 17/3/2026",
            "V/v rà soát",
            "24/24 giờ",
        ] {
            assert_eq!(parse(text, &Knowledge::default()), None, "{text}");
        }
    }
}
