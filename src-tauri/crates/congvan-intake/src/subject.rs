//! Trích yếu: under the number of an official letter, under the name of any other.

use congvan_model::fold;

use crate::{
    reading::Field,
    segment::{Segment, confidence},
    syllable,
    text::{capitals, squeeze, trim_noise},
};

/// The lines under the number that can be "V/v …".
pub(crate) fn about(segments: &[Segment], notation: &Segment, edge: f32) -> Vec<Segment> {
    let mut lines: Vec<Segment> = Vec::new();
    let mut last = notation.clone();
    for segment in segments
        .iter()
        .filter(|segment| segment.cy > notation.cy + notation.height * 0.5)
    {
        let pitch = segment.cy - last.cy;
        if pitch > last.height.max(segment.height) * 2.9 || opens_text(&segment.text) {
            break;
        }
        let in_column = segment.cx < edge && segment.area.right() < edge + 0.06;
        let is_stamp =
            capitals(&segment.text) > 0.85 && segment.text.split_whitespace().count() <= 4;
        if !in_column || is_stamp || squeeze(&segment.text).len() < 2 {
            continue;
        }
        // Pieces of one line come in the order of their levels, not of their places.
        let beside = lines.last().is_some_and(|before| {
            segment.cy - before.cy < segment.height * 0.5 && segment.area.x < before.area.x
        });
        let place = lines.len() - usize::from(beside);
        lines.insert(place, segment.clone());
        last = segment.clone();
    }
    lines
}

/// Whether the lines begin with "V/v" or "Về việc", as far as a reader can tell.
pub(crate) fn begins_about(lines: &[Segment]) -> Option<usize> {
    let first = lines.first()?;
    let word = |index: usize| {
        first
            .words
            .get(index)
            .map(|word| squeeze(&word.text))
            .unwrap_or_default()
    };
    let (one, two) = (word(0), word(1));
    // "V/v" is read as any few strokes that slant.
    let printed = first
        .words
        .first()
        .map(|word| word.text.trim_matches([':', '.', ',']))
        .unwrap_or_default();
    let slants = printed.chars().all(|c| {
        matches!(
            c,
            'v' | 'V'
                | 'w'
                | 'W'
                | 'u'
                | 'y'
                | 'Y'
                | 'l'
                | 'i'
                | 'I'
                | '1'
                | '/'
                | '\\'
                | 'f'
                | '⁄'
                | '|'
                | '.'
                | '!'
        )
    });
    if slants
        && (2..=4).contains(&printed.chars().count())
        && printed.starts_with(['V', 'v', 'W', 'w'])
    {
        return Some(1);
    }
    let doubted = first
        .words
        .first()
        .is_some_and(|word| word.confidence < 0.72);
    let short = (2..=4).contains(&printed.chars().count()) && printed.starts_with('V');
    if matches!(one.as_str(), "vv" | "vn") || (doubted && short) {
        return Some(1);
    }
    if one == "ve" && matches!(two.as_str(), "viec" | "viec:") {
        return Some(2);
    }
    (one == "v" && matches!(two.as_str(), "v" | "vv" | "y")).then_some(2)
}

/// The subject of an official letter.
pub(crate) fn of_letter(lines: &[Segment]) -> Option<Field<String>> {
    let prefix = begins_about(lines);
    let first = lines.first()?.without_first(prefix.unwrap_or(0));
    let kept: Vec<Segment> = first
        .into_iter()
        .chain(lines.iter().skip(1).cloned())
        .collect();
    field(&kept, if prefix.is_some() { 0.98 } else { 0.6 })
}

/// The subject under the name of a type.
pub(crate) fn of_title(segments: &[Segment], title: &Segment) -> Option<Field<String>> {
    let mut lines: Vec<Segment> = Vec::new();
    let mut last = title.clone();
    let mut first_pitch: Option<f32> = None;
    for segment in segments
        .iter()
        .filter(|segment| segment.cy > title.cy + title.height * 0.5)
    {
        if squeeze(&segment.text).len() < 2 {
            continue;
        }
        let pitch = segment.cy - last.cy;
        let limit = first_pitch.map_or(title.height * 3.0, |first| first * 1.45);
        // A subject may begin as the text after it does: "Thực hiện Nghị quyết …".
        let begins_text = !lines.is_empty() && stops(&segment.text);
        if pitch > limit || !is_under(segment, title) || begins_text {
            break;
        }
        // "CHỦ TỊCH ỦY BAN NHÂN DÂN …" of a decision.
        if !lines.is_empty() && capitals(&segment.text) > 0.85 {
            break;
        }
        first_pitch = first_pitch.or(Some(pitch));
        lines.push(segment.clone());
        last = segment.clone();
    }
    let prefix = begins_about(&lines).unwrap_or(0);
    let first = lines.first()?.without_first(prefix);
    let kept: Vec<Segment> = first
        .into_iter()
        .chain(lines.iter().skip(1).cloned())
        .collect();
    field(&kept, 0.95)
}

fn field(lines: &[Segment], shape: f32) -> Option<Field<String>> {
    let words: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.text.split_whitespace())
        .collect();
    let text = without_specks(&words);
    let text = syllable::mended(&quarters(&tidy(&text)));
    if text.chars().filter(|c| c.is_alphabetic()).count() < 4 {
        return None;
    }
    let sure: f32 = lines
        .iter()
        .map(|line| confidence(&line.words))
        .fold(1.0, f32::min);
    // One doubtful word is enough to look.
    let doubted = lines
        .iter()
        .flat_map(|line| &line.words)
        .any(|word| word.confidence < 0.75 && word.text.chars().count() > 1);
    let sure = sure * syllable::soundness(&text) * if doubted { 0.92 } else { 1.0 };
    Some(Field::new(
        text,
        sure * shape,
        lines.iter().map(Segment::place).collect(),
    ))
}

/// Words without the points and dashes that dust puts before, behind and between them. A point ends
/// no sentence inside a subject.
fn without_specks(words: &[&str]) -> String {
    let is_plain = |c: char| c.is_alphanumeric();
    let mut kept: Vec<String> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let text =
            word.trim_start_matches(['.', ',', ';', ':', '‘', '’', '\'', '`', 'ˆ', '~', '*', '|']);
        let text = match text.strip_prefix('-') {
            Some(rest) if rest.starts_with(is_plain) => rest,
            Some(_) | None => text,
        };
        let next = words.get(place + 1).copied().unwrap_or_default();
        let goes_on = next.chars().next().is_some_and(char::is_lowercase);
        let is_abbreviation = text.chars().filter(|c| *c == '.').count() > 1 || text.len() < 4;
        let text = if goes_on && !is_abbreviation {
            text.trim_end_matches(['.', '|', 'ˆ', '~', '*'])
        } else {
            text
        };
        if text.contains(is_plain) || matches!(text, "-" | "–" | "&") {
            kept.push(text.to_owned());
        }
    }
    kept.join(" ")
}

/// "quý II" is read as "quý H", "quý TĨ": the numerals of the four quarters are the only words there.
fn quarters(text: &str) -> String {
    let mut after = false;
    let words = text.split(' ').map(|word| {
        let numeral = match word.trim_end_matches([',', '.', ';']) {
            "HII" | "IHI" | "lII" | "IlI" | "lll" | "1II" | "II1" => Some("III"),
            "H" | "Il" | "lI" | "ll" | "TI" | "IT" | "TĨ" | "11" => Some("II"),
            "HI" | "IH" | "IIl" | "Ill" | "TII" | "IIT" | "HT" | "III" => Some("III"),
            "l" | "1" | "I" => Some("I"),
            "TV" | "1V" | "lV" | "IV" => Some("IV"),
            _ => None,
        };
        let meant = numeral.filter(|_| after).unwrap_or(word);
        after = fold(word) == "quy";
        meant
    });
    // The reader's model knows "chỉ" better than what is paid out.
    let text = words.collect::<Vec<_>>().join(" ");
    text.replace("mức chỉ ", "mức chi ")
        .replace("thu, chỉ ", "thu, chi ")
}

/// Without dirt at the ends; the first letter large, as registers write it.
fn tidy(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    // Dirt before it kept the mark from being seen.
    let text = text.strip_prefix("V/v").unwrap_or(text);
    let text = trim_noise(text.trim_start_matches([':', '.', ',', '-', ' ']));
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Whether a line is centred under the type's name. The first line of a paragraph is as wide as the
/// text less its indent, and off the middle by half of that.
fn is_under(segment: &Segment, title: &Segment) -> bool {
    let allowed = if segment.area.w > 0.6 { 0.018 } else { 0.05 };
    (segment.cx - title.cx).abs() < allowed
}

/// What begins the text after the subject.
fn stops(text: &str) -> bool {
    opens_text(text) || begins_with(text, &["thuc hien ", "can cu"])
}

/// What no subject goes on with.
fn opens_text(text: &str) -> bool {
    begins_with(text, &["kinh gui", "kinh gul", "kinh qui", "i. ", "dieu 1"])
}

fn begins_with(text: &str, starts: &[&str]) -> bool {
    let text = fold(text);
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    starts.iter().any(|start| text.starts_with(start))
}
