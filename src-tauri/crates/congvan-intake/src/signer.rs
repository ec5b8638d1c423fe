//! Who signed: beside "Nơi nhận" on the last page.

use congvan_model::fold;
use serde::{Deserialize, Serialize};

use crate::{
    reading::Field,
    segment::Segment,
    text::{capitals, squeeze, trim_noise},
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
    "chanh an",
    "bi thu",
];

/// Reads the signature block of the last page.
pub(crate) fn read(segments: &[Segment]) -> Option<Field<Signer>> {
    let anchor = segments
        .iter()
        .rev()
        .find(|segment| squeeze(&segment.text).starts_with("noinhan"));
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
    let names: Vec<&&Segment> = block
        .iter()
        .filter(|segment| segment.cy > last.cy && name_of(&segment.text).is_some())
        .collect();
    // Below a seal and a signature, which are read as anything: the lowest line that is a name.
    let name = names.last();
    let position = trim_noise(&last.text).to_owned();
    let (before, _) = posts.split_last()?.1.split_at(posts.len() - 1);
    let signer = Signer {
        authority: before
            .iter()
            .map(|segment| trim_noise(&segment.text).to_owned())
            .collect(),
        position,
        name: name
            .and_then(|segment| name_of(&segment.text))
            .unwrap_or_default(),
    };
    let places = posts
        .iter()
        .map(|segment| segment.place())
        .chain(name.map(|segment| segment.place()))
        .collect();
    let sure = name.map_or(0.3, |segment| segment.confidence.min(last.confidence));
    Some(Field::new(signer, sure * 0.97, places))
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
    plain.is_some() || POSITIONS.iter().any(|position| bare.starts_with(position))
}

/// Two to six words, each with one capital at its start.
fn name_of(text: &str) -> Option<String> {
    let text = trim_noise(text);
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    // Titles are not part of a name (art. 8 and Appendix I, II.7), but people write them.
    let plain = words
        .iter()
        .skip_while(|word| word.ends_with('.'))
        .copied()
        .collect::<Vec<_>>();
    let good = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(|c| c.is_lowercase())
    };
    ((2..=6).contains(&plain.len()) && plain.iter().all(good)).then(|| plain.join(" "))
}
