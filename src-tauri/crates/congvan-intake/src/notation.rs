//! Số và ký hiệu: "Số: 05/GM-UBND".

use congvan_model::{DocumentType, Notation, fold};

use crate::{
    agency,
    knowledge::Knowledge,
    reading::Field,
    segment::Segment,
    text::{as_digit, capitals, squeeze},
};

/// What stands in a symbol often, beside the types: spelling that a slip can be mended by.
const COMMON: &[&str] = &[
    "UBND", "HĐND", "VP", "BNV", "BTC", "SNV", "STC", "STP", "SYT", "SXD", "SGDĐT", "SNNMT",
    "SKHCN", "SVHTTDL", "PKT", "PVHXH", "TTPVHCC", "BHXH", "CCHC", "TCKT", "QLNS", "KBNN", "ĐĐBQH",
];

/// The notation and the segment it stands on.
pub(crate) fn read(segments: &[Segment], known: &Knowledge) -> Option<(Field<Notation>, Segment)> {
    let mut best: Option<(f32, Field<Notation>, Segment)> = None;
    for segment in segments.iter().filter(|segment| segment.cy < 0.45) {
        let whole = with_gap(segment, segments);
        let segment = whole.as_ref().unwrap_or(segment);
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
            best = Some((score, field, segment.clone()));
        }
    }
    best.map(|(_, field, segment)| (field, segment))
}

/// "Số:" with what stands behind it on its line: a number written by hand leaves gaps as wide as
/// those between columns.
fn with_gap(label: &Segment, segments: &[Segment]) -> Option<Segment> {
    if !is_labelled(&label.text) || label.text.contains('/') || label.words.len() > 3 {
        return None;
    }
    let mut beside: Vec<&Segment> = segments
        .iter()
        .filter(|other| {
            (other.cy - label.cy).abs() < label.height * 0.7
                && other.area.x > label.area.right()
                && other.area.right() < 0.5
        })
        .collect();
    beside.sort_by(|a, b| a.area.x.total_cmp(&b.area.x));
    (!beside.is_empty()).then(|| {
        beside
            .into_iter()
            .fold(label.clone(), |whole, other| whole.joined(other))
    })
}

fn is_labelled(text: &str) -> bool {
    let text = fold(text);
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    text.starts_with("so") || text.starts_with("s6") || text.starts_with("sd")
}

/// The notation in a line, and whether a slip was mended.
pub(crate) fn parse(text: &str, known: &Knowledge) -> Option<(Notation, bool)> {
    let text = text.replace(['⁄', '∕', '\\'], "/");
    let (before, after, is_lost) = match text.find('/') {
        Some(slash) => (text.get(..slash)?, text.get(slash + 1..)?, false),
        None => {
            let (before, after) = without_slash(&text)?;
            (before, after, true)
        }
    };
    let number = number(before)?;
    let (symbol, mended) = symbol(after, known)?;
    Some((
        format!("{number}/{symbol}").parse().ok()?,
        mended || is_lost,
    ))
}

/// Number and symbol of a labelled line whose slash was not seen, or seen as another stroke: "Số: 12
/// |QĐ-UBND". Without a hyphen in the symbol there is too little to go by.
fn without_slash(text: &str) -> Option<(&str, &str)> {
    if !is_labelled(text) || !text.contains(['-', '–', '—']) {
        return None;
    }
    let digit = text.find(|c: char| c.is_ascii_digit())?;
    let letter = text
        .get(digit..)?
        .find(|c: char| c.is_uppercase() && !matches!(c, 'O' | 'I' | 'Z'))?;
    let (before, after) = text.split_at_checked(digit + letter)?;
    let strokes = |c: char| matches!(c, '|' | 'l' | 'I' | '!' | ' ');
    let before = before.trim_end_matches(strokes);
    // Something stood between the two.
    let is_apart = before.len() < digit + letter;
    let is_symbol = capitals(after.split_whitespace().next().unwrap_or_default()) > 0.6;
    let is_number = before.ends_with(|c: char| c.is_ascii_digit());
    (is_apart && is_symbol && is_number).then_some((before, after))
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

/// The notation with the group that names the agency as the agency's name spells it, where the two
/// differ only by what readers confuse: "5CT" under "SỞ CÔNG THƯƠNG" is "SCT".
pub(crate) fn by_agency(field: Field<Notation>, printed: &str) -> Field<Notation> {
    let wanted = agency::abbreviation(printed);
    let initials = if wanted.starts_with("UBND") {
        "UBND"
    } else if wanted.starts_with("HĐND") {
        "HĐND"
    } else {
        wanted.as_str()
    };
    let mut changed = false;
    let groups: Vec<&str> = field
        .value
        .symbol()
        .split('-')
        .map(|group| {
            let is_meant = initials.chars().count() > 1 && looks_like(group, initials);
            changed |= is_meant && group != initials;
            if is_meant { initials } else { group }
        })
        .collect();
    let spelled = format!("{}/{}", field.value.number(), groups.join("-"));
    match spelled.parse() {
        Ok(value) if changed => Field { value, ..field },
        Ok(_) | Err(_) => field,
    }
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
    fn the_agency_s_name_spells_its_group_of_the_symbol() {
        for (read, agency, wanted) in [
            ("12/5CT-VP", "SỞ CÔNG THƯƠNG", "12/SCT-VP"),
            ("12/QĐ-SGDDT", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "12/QĐ-SGDĐT"),
            ("12/UBND-VX", "ỦY BAN NHÂN DÂN XÃ TÂN LỘC", "12/UBND-VX"),
            ("12/ABC-VP", "SỞ CÔNG THƯƠNG", "12/ABC-VP"),
        ] {
            let field = Field::new(read.parse().unwrap(), 0.9, Vec::new());
            assert_eq!(by_agency(field, agency).value.to_string(), wanted);
        }
    }

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
            ("Số: 12 |QĐ-UBND", "12/QĐ-UBND"),
            ("Số: 340 UBND-VX", "340/UBND-VX"),
            ("Số: 07\\TB-UBND", "07/TB-UBND"),
        ] {
            let read = parse(text, &Knowledge::default()).map(|(notation, _)| notation.to_string());
            assert_eq!(read.as_deref(), Some(wanted), "{text}");
        }
        for text in [
            "ĐẾN Số: 1482",
            "Ngày: 17/3/2026",
            "V/v rà soát",
            "24/24 giờ",
            "Số: 12 UBND",
            "Số 3 Đường Lê Lợi",
        ] {
            assert_eq!(parse(text, &Knowledge::default()), None, "{text}");
        }
    }
}
