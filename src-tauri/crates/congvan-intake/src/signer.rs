//! Who signed: beside "Nơi nhận" on the last page.

use congvan_model::fold;
use serde::{Deserialize, Serialize};

use crate::{
    page::{Area, Line, PageText, Word},
    reading::Field,
    segment::{Segment, segments},
    spelling,
    text::{capitals, distance, squeeze, trim_noise},
};

/// SignerInfo of the decree's Appendix VI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// The authority lines before the position: `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`.
    pub authority: Vec<String>,
    /// The position, as printed.
    pub position: String,
    /// The name; empty when it could not be read.
    pub name: String,
}

/// Words that a position begins with, folded.
const POSITIONS: &[&str] = &[
    "chu tich",
    "pho chu tich",
    "chanh van phong",
    "pho chanh van phong",
    "giam doc",
    "pho giam doc",
    "truong phong",
    "pho truong phong",
    "bo truong",
    "thu truong",
    "cuc truong",
    "pho cuc truong",
    "chi cuc truong",
    "pho chi cuc truong",
    "hieu truong",
    "pho hieu truong",
    "truong ban",
    "pho truong ban",
    "vu truong",
    "chanh thanh tra",
    "vien truong",
    "tong giam doc",
    "thu tuong",
    "pho thu tuong",
    "tong cuc truong",
    "chi huy truong",
    "truong cong an",
    "pho chi huy truong",
    "pho truong cong an",
    "chanh an",
    "pho chanh an",
    "pho chanh thanh tra",
    "pho vien truong",
    "pho vu truong",
    "pho tong giam doc",
    "pho tong cuc truong",
    "truong thue",
    "pho truong thue",
    "chu nhiem",
    "pho chu nhiem",
    "tong thanh tra",
    "pho tong thanh tra",
    "thong doc",
    "pho thong doc",
    "tong bien tap",
    "doi truong",
    "hat truong",
    "tram truong",
    "truong doan",
    "bi thu",
    "pho bi thu",
];

/// Ranks that police and army write before a name (Decree 30/2020, Appendix I, II.7), folded.
const RANKS: &[&str] = &[
    "dai tuong",
    "thuong tuong",
    "trung tuong",
    "thieu tuong",
    "dai ta",
    "thuong ta",
    "trung ta",
    "thieu ta",
    "dai uy",
    "thuong uy",
    "trung uy",
    "thieu uy",
];

/// Where the signature stands, when a seal or a signature kept it from being read whole: worth a
/// second reading by itself.
#[must_use]
pub fn signature_to_read_again(page: &PageText) -> Option<Area> {
    let segments = segments(page);
    let whole =
        read(&segments).is_some_and(|field| field.confidence > 0.8 && !field.value.name.is_empty());
    if whole {
        return None;
    }
    let anchor = segments
        .iter()
        .rev()
        .find(|segment| is_anchor(&segment.text))?;
    let top = (anchor.area.y - 0.03).max(0.0);
    Some(Area {
        x: 0.42,
        y: top,
        w: 0.58,
        h: (1.0 - top).min(0.3),
    })
}

/// Whether a page bears the signature: what follows it are annexes.
#[must_use]
pub fn is_signed(page: &PageText) -> bool {
    has_signature(&segments(page))
}

/// Likewise, of a page's pieces: a post beside "Nơi nhận", or above a name.
pub(crate) fn has_signature(segments: &[Segment]) -> bool {
    let anchored = segments.iter().any(|segment| is_anchor(&segment.text));
    read(segments).is_some_and(|field| anchored || !field.value.name.is_empty())
}

/// The page with the words of a second reading of that place, if they make more of the signature.
#[must_use]
pub fn with_signature(page: PageText, area: Area, again: Vec<Line>) -> PageText {
    let sure = |page: &PageText| {
        read(&segments(page)).map_or(0.0, |field| {
            field.confidence
                + if field.value.name.is_empty() {
                    0.0
                } else {
                    1.0
                }
        })
    };
    let outside = |word: &Word| {
        let (x, y) = (
            word.area.x + word.area.w / 2.0,
            word.area.y + word.area.h / 2.0,
        );
        x < area.x || y < area.y || y > area.bottom()
    };
    let kept = page.lines.iter().map(|line| Line {
        words: line
            .words
            .iter()
            .filter(|word| outside(word))
            .cloned()
            .collect(),
    });
    let lines = kept
        .filter(|line| !line.words.is_empty())
        .chain(again)
        .collect();
    let candidate = PageText {
        lines,
        ..page.clone()
    };
    if sure(&candidate) > sure(&page) {
        candidate
    } else {
        page
    }
}

fn is_anchor(text: &str) -> bool {
    let text = squeeze(text);
    text.starts_with("noinhan") || text == "nhan" || text.starts_with("noinhn")
}

/// Reads the signature block of the last page.
pub(crate) fn read(segments: &[Segment]) -> Option<Field<Signer>> {
    let anchor = segments
        .iter()
        .rev()
        .find(|segment| is_anchor(&segment.text));
    let top = match anchor {
        Some(anchor) => anchor.cy - anchor.height * 2.5,
        None => {
            segments
                .iter()
                .filter(|segment| segment.cx > 0.45 && is_post(&segment.text))
                .map(|segment| segment.cy)
                .fold(f32::MAX, f32::min)
                - 0.01
        }
    };
    let block: Vec<&Segment> = segments
        .iter()
        .filter(|segment| segment.cy > top && segment.cx > 0.45)
        .collect();
    let posts: Vec<&&Segment> = block
        .iter()
        .filter(|segment| is_post(&segment.text))
        .collect();
    let last = posts.last()?;
    // Below a seal and a signature, which are read as anything: the lowest line that is a name.
    let name = block
        .iter()
        .rev()
        .filter(|segment| segment.cy > last.cy)
        .find_map(|segment| Some((name_of(&segment.text)?, *segment)));
    let lines: Vec<String> = posts.iter().map(|post| printed(&post.text)).collect();
    let (position, authority, whole) = position(lines)?;
    let places = posts
        .iter()
        .map(|segment| segment.place())
        .chain(name.as_ref().map(|(_, segment)| segment.place()))
        .collect();
    let sure = name
        .as_ref()
        .map_or(0.3, |(_, segment)| segment.confidence.min(last.confidence));
    // A name that begins with no family's is probably cut off.
    let cut = name
        .as_ref()
        .is_some_and(|(name, _)| !spelling::has_family(&spelling::person(name)));
    let sure = if cut { sure * 0.6 } else { sure };
    let signer = Signer {
        authority,
        position,
        name: name
            .map(|(name, _)| spelling::person(&name))
            .unwrap_or_default(),
    };
    Some(Field::new(
        signer,
        sure * if whole { 0.97 } else { 0.5 },
        places,
    ))
}

/// A line of the block as it is spelled.
fn printed(text: &str) -> String {
    let spaced = text.replace('.', ". ").replace(':', " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let joined = words.join(" ");
    let text = joined.trim_matches(|c: char| !c.is_alphanumeric());
    // What a seal leaves of the commonest two.
    match text {
        "ĐỐC" | "ĐỌC" | "DOC" => return "GIÁM ĐỐC".to_owned(),
        "TỊCH" | "TICH" => return "CHỦ TỊCH".to_owned(),
        _ => {}
    }
    match text.split_once(' ') {
        Some((mark, rest)) if mark.ends_with('.') => format!("{mark} {}", spelling::position(rest)),
        Some(_) | None => spelling::position(text),
    }
}

/// The position, the lines of authority before it, and whether the position itself was read. Where
/// a seal hides it, it follows from the line above: who signs "KT. GIÁM ĐỐC" is a deputy (Decree
/// 30/2020, art. 13 and Appendix I, II.7).
fn position(mut lines: Vec<String>) -> Option<(String, Vec<String>, bool)> {
    let last = lines.pop()?;
    let deputy = |post: &str| match post {
        "BỘ TRƯỞNG" => "THỨ TRƯỞNG".to_owned(),
        other => format!("PHÓ {other}"),
    };
    let acting = |line: &str| line.strip_prefix("KT.").map(|post| deputy(post.trim()));
    if let Some(meant) = acting(&last) {
        lines.push(last);
        return Some((meant, lines, false));
    }
    if ["TM.", "TL.", "TUQ."]
        .iter()
        .any(|mark| last.starts_with(mark))
    {
        let meant = if last.starts_with("TM.") {
            "CHỦ TỊCH".to_owned()
        } else {
            last.clone()
        };
        lines.push(last);
        return Some((meant, lines, false));
    }
    // "PHÓ" is short and under the rim of the seal.
    let above = lines.last().and_then(|line| acting(line));
    let position = above
        .filter(|meant| meant.ends_with(last.as_str()))
        .unwrap_or(last);
    Some((position, lines, true))
}

fn is_post(text: &str) -> bool {
    if capitals(text) < 0.8 {
        return false;
    }
    let text = fold(trim_noise(text));
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let plain = ["tm.", "kt.", "tl.", "tuq.", "q."]
        .iter()
        .find_map(|mark| bare.strip_prefix(mark));
    let rest = matches!(bare, "doc" | "tich");
    plain.is_some()
        || rest
        || POSITIONS
            .iter()
            .any(|position| begins_about(bare, position))
}

/// Whether a line begins with a position, a slip in a longer one forgiven.
fn begins_about(line: &str, position: &str) -> bool {
    if line.starts_with(position) {
        return true;
    }
    let count = position.chars().count();
    let start: String = line.chars().take(count).collect();
    count >= 8 && start.chars().count() == count && distance(&start, position) <= 1
}

/// Two to six words in a row, each with one capital at its start: what stands before them is a
/// title or what a seal left, what stands behind is dirt.
fn name_of(text: &str) -> Option<String> {
    // "TS.Nguyễn Văn An" was printed without a space.
    let spaced = text.replace('.', ". ");
    let words: Vec<&str> = spaced
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.'))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    let good = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && word.chars().count() > 1
            && letters.all(|c| c.is_lowercase())
    };
    let words = without_rank(&words);
    let mut runs = words.split(|word| !good(word)).filter(|run| run.len() >= 2);
    let with_family = |run: &&[&str]| {
        let name = run.join(" ");
        spelling::has_family(&spelling::person(&name))
    };
    let first = runs.clone().find(with_family).or_else(|| runs.next())?;
    // A line of text that a name stands in is no name.
    let others: usize = words.iter().map(|word| word.chars().count()).sum::<usize>()
        - first.iter().map(|word| word.chars().count()).sum::<usize>();
    let own: usize = first.iter().map(|word| word.chars().count()).sum();
    (first.len() <= 6 && others <= own).then(|| first.join(" "))
}

/// The words after a rank, if there is one.
fn without_rank<'a, 'w>(words: &'a [&'w str]) -> &'a [&'w str] {
    let rank = words
        .windows(2)
        .position(|two| RANKS.contains(&fold(&two.join(" ")).as_str()));
    rank.and_then(|at| words.get(at + 2..)).unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_behind_titles_and_among_what_a_seal_leaves() {
        for (line, wanted) in [
            ("Nguyễn Văn An", Some("Nguyễn Văn An")),
            ("TS. Phạm Thị Thùy Dung", Some("Phạm Thị Thùy Dung")),
            ("PGS.TS.Võ Văn Em", Some("Võ Văn Em")),
            ("Thượng tá Hoàng Đức Anh", Some("Hoàng Đức Anh")),
            ("‘ư .\\ Lê Minh Cường |", Some("Lê Minh Cường")),
            ("Trần Thị Bình ~", Some("Trần Thị Bình")),
            ("GIÁM ĐỐC", None),
            ("Lưu: VT, TH.", None),
            ("Căn cứ Nghị định của Chính phủ và các văn bản", None),
        ] {
            assert_eq!(name_of(line).as_deref(), wanted, "{line}");
        }
    }

    #[test]
    fn posts_are_known_with_a_slip_and_text_is_none() {
        for line in [
            "KT. GIÁM ĐỐC",
            "PHÓ GIÁM ĐÓC",
            "PHÓ CHÁNH ÁN",
            "HIỆU TRUỞNG",
            "TL. CHỦ TỊCH",
        ] {
            assert!(is_post(line), "{line}");
        }
        for line in ["Giám đốc Sở Nội vụ", "NƠI NHẬN", "QUYẾT ĐỊNH", "PHỤ LỤC 1"]
        {
            assert!(!is_post(line), "{line}");
        }
    }
}
