//! The left column of the head: the agency above, then the agency that issues.

use congvan_model::fold;

use crate::{
    date,
    knowledge::Knowledge,
    reading::{AgencyName, Field},
    segment::{Piece, Segment},
    spelling, syllable,
    text::{capitals, contains_about, distance, squeeze, trim_noise},
};

/// What a name of an agency begins with, folded.
const BEGINNINGS: &[&str] = &[
    "uy ban",
    "ubnd",
    "hoi dong",
    "hdnd",
    "so",
    "bo",
    "van phong",
    "phong",
    "ban",
    "chi cuc",
    "cuc",
    "tong cuc",
    "trung tam",
    "cong an",
    "vien",
    "truong",
    "kho bac",
    "bao hiem",
    "thanh tra",
    "toa an",
    "hat",
    "benh vien",
    "cong ty",
    "tap doan",
    "hoc vien",
    "dai hoc",
    "mat tran",
    "lien doan",
    "quy dau tu",
    "quy bao",
    "quy ho tro",
    "quy phat trien",
    "quy tin dung",
    "vu",
    "thue",
    "hai quan",
    "ngan hang",
    "tong cong ty",
    "dang uy",
    "chi nhanh",
    "thong tan",
    "dai phat thanh",
    "dai truyen hinh",
    "dai khi tuong",
    "dai tieng noi",
    "lien minh",
    "vuon quoc gia",
    "bao tang",
    "thu vien",
    "nha may",
    "nha van hoa",
    "nha xuat ban",
    "tinh uy",
    "thanh uy",
    "huyen uy",
    "tinh doan",
    "dien luc",
    "buu dien",
    "vien thong",
    "xi nghiep",
    "khu quan ly",
    "doi quan ly",
    "tram",
    "hoi",
    "lien hiep",
    "to cong tac",
    "bo tu lenh",
    "bo chi huy",
    "quan khu",
    "tieu doan",
    "hop tac xa",
];

/// Beginnings that say nothing alone: the next line goes on with the name.
const UNFINISHED: &[&str] = &[
    "van phong",
    "ban quan ly du an",
    "ban chi dao",
    "trung tam",
    "to cong tac",
    "hoi dong",
    "tong cong ty",
    "cong ty",
    "cong ty tnhh",
    "cong ty co phan",
    "ban quan ly",
    "ban chi huy",
    "truong",
    "benh vien",
];

/// The issuing agency and the one above it, read between the top and `bottom`.
pub(crate) fn read(
    segments: &[Segment],
    bottom: &Segment,
    symbol: Option<&str>,
    known: &Knowledge,
) -> Option<Field<AgencyName>> {
    let lines = column(segments, bottom);
    let place = date::place(segments).unwrap_or_default();
    let mend = |text: &str| {
        let named = spelling::agency(&spelling::agency(text));
        spelling::with_place(&syllable::mended(&named), &place)
    };
    let texts: Vec<String> = lines.iter().map(|line| mend(&clean(line))).collect();
    let start = beginning(&texts, symbol)?;
    let (above, own) = (texts.get(..start)?, texts.get(start..)?);
    let printed = mend(&own.join(" "));
    // Where the place of the date spelled a part of the name, two readings differ.
    let raw: Vec<String> = lines.iter().skip(start).map(|line| clean(line)).collect();
    let alone = spelling::agency(&spelling::agency(&raw.join(" ")));
    let by_place = printed != syllable::mended(&alone);
    let parent = (!above.is_empty()).then(|| mend(&above.join(" ")));
    let places = lines.iter().skip(start).map(|line| line.place()).collect();
    let sure: f32 = lines
        .iter()
        .skip(start)
        .map(|line| line.confidence)
        .fold(1.0, f32::min)
        * syllable::soundness(&printed)
        * if by_place { 0.9 } else { 1.0 };
    let agrees = symbol.is_some_and(|symbol| symbol_agrees(symbol, &printed));
    if let Some(agency) = known.agency_like(&printed, symbol) {
        let exact = squeeze(&agency.name) == squeeze(&printed);
        let name = AgencyName {
            printed,
            name: agency.name.clone(),
            parent: parent.or_else(|| agency.parent.clone()),
        };
        return Some(Field::new(
            name,
            if exact { 0.99 } else { sure * 0.9 },
            places,
        ));
    }
    let begins_well = texts.get(start).is_some_and(|first| begins(first));
    let shape = match (agrees, begins_well) {
        (true, true) => 0.97,
        (true, false) => 0.85,
        (false, true) => 0.8,
        (false, false) => 0.5,
    };
    let name = sentence_case(&printed);
    Some(Field::new(
        AgencyName {
            printed,
            name,
            parent,
        },
        sure * shape,
        places,
    ))
}

/// The lines in capitals above the notation, in the left column.
fn column<'a>(segments: &'a [Segment], bottom: &Segment) -> Vec<&'a Segment> {
    let state = segments.iter().find(|segment| {
        contains_about(&segment.text, "chunghiavietnam", 2)
            || contains_about(&segment.text, "doclaptudo", 1)
    });
    let edge = state.map_or(0.48, |segment| segment.area.x);
    let top = state.map_or(0.0, |segment| segment.cy - 0.03);
    let mut lines: Vec<&Segment> = segments
        .iter()
        .filter(|segment| {
            let letters = segment.text.chars().filter(|c| c.is_alphabetic()).count();
            segment.cy > top
                && segment.cy < bottom.cy - bottom.height * 0.6
                && segment.cx < edge
                && segment.cx > 0.08
                && letters >= 2
                && capitals(&segment.text) > 0.7
                && segment.confidence > 0.2
        })
        .collect();
    // Pieces of one line come in the order of their levels, not of their places.
    for at in 1..lines.len() {
        let out_of_order = |two: &[&Segment]| match two {
            [before, after] => {
                after.cy - before.cy < after.height * 0.5 && after.area.x < before.area.x
            }
            _ => false,
        };
        if lines.get(at - 1..=at).is_some_and(out_of_order) {
            lines.swap(at - 1, at);
        }
    }
    lines
}

/// A line without the dirt that readers find around it.
fn clean(line: &Segment) -> String {
    // Names are in capitals and have figures; what a rule or a frame leaves are small letters and
    // single ones that the reader itself doubts.
    let is_word = |word: &Piece| {
        let letters = word.text.chars().filter(|c| c.is_alphabetic()).count();
        // "SỞ", "VÀ" and "XÃ" are words, "MM" is none.
        let is_short = letters == 2 && squeeze(&word.text).contains(['a', 'e', 'i', 'o', 'u', 'y']);
        let is_number = word.confidence > 0.5 && word.text.chars().all(|c| c.is_ascii_digit());
        is_number
            || (capitals(&word.text) > 0.5
                && (letters > 2 || is_short || (letters > 0 && word.confidence > 0.5)))
    };
    let words = &line.words;
    let start = words.iter().position(is_word).unwrap_or(0);
    let end = words
        .iter()
        .rposition(is_word)
        .map_or(words.len(), |at| at + 1);
    let inner = words.get(start..end).unwrap_or_default();
    // A comma at the end of a line belongs to the name: "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH".
    let inner: Vec<&str> = inner.iter().map(|word| word.text.as_str()).collect();
    let text = inner.join(" ");
    let comma = text.ends_with(',');
    let text = trim_noise(&text);
    if comma {
        format!("{text},")
    } else {
        text.to_owned()
    }
}

/// The line where the issuing agency's own name begins.
fn beginning(lines: &[String], symbol: Option<&str>) -> Option<usize> {
    if lines.is_empty() {
        return None;
    }
    let candidates: Vec<usize> = (0..lines.len())
        .filter(|index| {
            let goes_on = index
                .checked_sub(1)
                .and_then(|before| lines.get(before))
                .is_some_and(|before| is_unfinished(before));
            let line = lines.get(*index).map(String::as_str).unwrap_or_default();
            !goes_on && begins(line)
        })
        .collect();
    let own = |start: &usize| {
        lines
            .get(*start..)
            .map(|lines| lines.join(" "))
            .unwrap_or_default()
    };
    let by_symbol = symbol.and_then(|symbol| {
        candidates
            .iter()
            .rev()
            .find(|start| symbol_agrees(symbol, &own(start)))
    });
    by_symbol.or(candidates.last()).copied().or(Some(0))
}

fn begins(line: &str) -> bool {
    let line = fold(line);
    BEGINNINGS.iter().any(|beginning| {
        line.strip_prefix(beginning)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            || (beginning.len() > 7
                && line.chars().count() >= beginning.len()
                && distance(
                    &line.chars().take(beginning.len()).collect::<String>(),
                    beginning,
                ) <= 1)
    })
}

fn is_unfinished(line: &str) -> bool {
    let folded = fold(line);
    let last = folded.split_whitespace().last().unwrap_or_default();
    UNFINISHED.contains(&folded.as_str())
        || matches!(last, "va" | "-" | "–")
        || line.ends_with([',', '-'])
}

/// Whether the symbol's group for the agency can be the initials of the name.
pub(crate) fn symbol_agrees(symbol: &str, name: &str) -> bool {
    let initials = initials(name);
    let short = |text: &str| {
        text.chars()
            .map(|c| if matches!(c, 'Đ' | 'đ') { 'D' } else { c })
            .collect::<String>()
            .to_uppercase()
    };
    let initials = short(&initials);
    symbol.split('-').any(|group| {
        let group = short(group);
        group.len() >= 2
            && (initials.starts_with(&group)
                || squeeze(name).to_uppercase().starts_with(&group)
                || (initials.len() >= 4 && group.starts_with(&initials)))
    })
}

/// The symbol that an agency's name gives, as the decree builds it (Appendix I, II.3): `SCT` of
/// "SỞ CÔNG THƯƠNG".
pub(crate) fn abbreviation(name: &str) -> String {
    let name = fold_committees(name);
    initials(&name).to_uppercase()
}

/// Committees and councils abbreviate to what everybody writes.
fn fold_committees(name: &str) -> String {
    name.to_uppercase()
        .replace("ỦY BAN NHÂN DÂN", "UBND")
        .replace("UỶ BAN NHÂN DÂN", "UBND")
        .replace("HỘI ĐỒNG NHÂN DÂN", "HĐND")
}

/// First letters; "và" is left out, "UBND" and "HĐND" stand for themselves.
fn initials(name: &str) -> String {
    name.split(|c: char| c.is_whitespace() || c == '-' || c == ',')
        .filter(|word| !word.is_empty() && fold(word) != "va")
        .flat_map(|word| {
            let whole = matches!(fold(word).as_str(), "ubnd" | "hdnd");
            word.chars().take(if whole { 4 } else { 1 })
        })
        .collect()
}

/// Capitals as the register writes them: "Ủy ban nhân dân xã Bình Minh Đông".
pub(crate) fn sentence_case(printed: &str) -> String {
    let places = [
        "tỉnh",
        "xã",
        "phường",
        "huyện",
        "quận",
        "phố",
        "khu",
        "trấn",
    ];
    let fields = ["sở", "bộ", "phòng", "cục", "vụ", "ban"];
    let (mut in_place, mut next) = (false, true);
    let mut words: Vec<String> = Vec::new();
    let mut ahead = printed.split_whitespace().skip(1);
    for word in printed.split_whitespace() {
        let lower = word.to_lowercase();
        let following = ahead.next().map(str::to_lowercase).unwrap_or_default();
        let numeral = in_place && word.chars().all(|c| "IVXLC".contains(c));
        let after_viet = words.last().is_some_and(|last| last == "Việt");
        let text = if matches!(word, "UBND" | "HĐND") || numeral {
            word.to_owned()
        } else if next || in_place || after_viet || (lower == "việt" && following == "nam") {
            upper_first(&lower)
        } else {
            lower.clone()
        };
        next = fields.contains(&lower.as_str()) && words.is_empty();
        // "Xã hội" is no commune.
        in_place |= (places.contains(&lower.as_str()) || lower == "vực") && following != "hội";
        words.push(text);
    }
    words.join(" ")
}

fn upper_first(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split('/').map(|line| line.trim().to_owned()).collect()
    }

    #[test]
    fn the_issuer_begins_after_the_agency_above() {
        for (head, symbol, wanted) in [
            ("ỦY BAN NHÂN DÂN / XÃ BÌNH MINH ĐÔNG", "UBND-VX", 0),
            ("UBND TỈNH HƯNG THỊNH / SỞ NỘI VỤ", "QĐ-SNV", 1),
            (
                "ỦY BAN NHÂN DÂN / TỈNH HƯNG THỊNH / SỞ NÔNG NGHIỆP / VÀ MÔI TRƯỜNG",
                "SNNMT-VP",
                2,
            ),
            (
                "BẢO HIỂM XÃ HỘI VIỆT NAM / BẢO HIỂM XÃ HỘI / TỈNH HƯNG THỊNH",
                "BHXH-TH",
                1,
            ),
            (
                "ỦY BAN NHÂN DÂN / PHƯỜNG AN PHÚ TÂY / VĂN PHÒNG / HỘI ĐỒNG NHÂN DÂN VÀ / ỦY BAN NHÂN DÂN",
                "VP-TH",
                2,
            ),
            ("BỘ TÀI CHÍNH / CỤC THUẾ", "CT-NVT", 1),
            (
                "UBND PHƯỜNG AN PHÚ TÂY / TRUNG TÂM / PHỤC VỤ HÀNH CHÍNH CÔNG",
                "TTPVHCC-TH",
                1,
            ),
        ] {
            assert_eq!(
                beginning(&lines(head), Some(symbol)),
                Some(wanted),
                "{head}"
            );
        }
    }

    #[test]
    fn names_are_written_as_the_register_writes_them() {
        for (printed, wanted) in [
            (
                "ỦY BAN NHÂN DÂN XÃ BÌNH MINH ĐÔNG",
                "Ủy ban nhân dân xã Bình Minh Đông",
            ),
            ("SỞ NỘI VỤ", "Sở Nội vụ"),
            ("UBND TỈNH HƯNG THỊNH", "UBND tỉnh Hưng Thịnh"),
            ("BẢO HIỂM XÃ HỘI VIỆT NAM", "Bảo hiểm xã hội Việt Nam"),
        ] {
            assert_eq!(sentence_case(printed), wanted);
        }
    }
}
