//! A directory of agencies as the product would have one: those of a country, the letters' own among
//! them and beside names that differ by a letter or a mark. Some letters are from agencies that no
//! directory has.

use congvan_model::{AgencyId, spelled_out};
use congvan_testkit::country_directory;
use serde_json::{Value, json};

use crate::Written;

/// Provinces of the country.
const PROVINCES: usize = 34;
/// Of the letters' agencies that the country does not have, every fourth is in no directory.
const UNLISTED: usize = 4;
/// What makes another place of a name: its last word or its tone is another.
const ALIKE: &[(&str, &str)] = &[
    ("ĐÔNG", "ĐỒNG"),
    ("TÂY", "TÂN"),
    ("AN", "ÂN"),
    ("MINH", "MỊNH"),
    ("PHÚ", "PHÙ"),
    ("HÒA", "HỎA"),
    ("LONG", "LỘNG"),
];

/// As `congvan-cli intake --directory` takes it, for these letters.
#[must_use]
pub fn directory(letters: &Written) -> Value {
    let mut all = country_directory(PROVINCES);
    let mut known: Vec<String> = all.iter().map(|one| spelled_out(&one.name)).collect();
    known.sort_unstable();
    let mut made: Vec<String> = Vec::new();
    let Some(pattern) = all.first().cloned() else {
        return Value::Null;
    };
    let mut add = |name: String, parent: Option<AgencyId>| {
        let mut agency = pattern.clone();
        let id = AgencyId(all.len() as i64 + 1);
        (agency.id, agency.name, agency.parent) = (id, name, parent);
        agency.code = format!("H98.{:03}.{:02}", id.0 / 90 % 900 + 100, id.0 % 90 + 10);
        (agency.symbol, agency.aliases) = (None, Vec::new());
        agency.former_codes.clear();
        all.push(agency);
        id
    };
    for truth in letters.truths() {
        let key = spelled_out(&truth.agency);
        if known.binary_search(&key).is_ok() || made.contains(&key) {
            continue;
        }
        made.push(key);
        if made.len().is_multiple_of(UNLISTED) {
            continue;
        }
        let parent = truth.parent.clone().map(|parent| add(parent, None));
        add(truth.agency.clone(), parent);
        for &(word, other) in ALIKE {
            let alike: Vec<&str> = truth
                .agency
                .split(' ')
                .map(|one| if one == word { other } else { one })
                .collect();
            let alike = alike.join(" ");
            if alike != truth.agency {
                add(alike, parent);
            }
        }
    }
    json!({ "agencies": all })
}
