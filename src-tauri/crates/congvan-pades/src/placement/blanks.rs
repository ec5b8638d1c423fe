use congvan_model::fold;
use congvan_pdf::MmRect;

use super::{
    PageWords, Place,
    lines::{plain, rows, spans},
};

/// The blanks of the line with place and date; none for a part that is already there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DatePlaces {
    /// Page, from 0.
    pub page: usize,
    /// Between `ngày` and `tháng`.
    pub day: Option<MmRect>,
    /// Between `tháng` and `năm`.
    pub month: Option<MmRect>,
    /// Behind `năm`.
    pub year: Option<MmRect>,
}

/// Number and date stand in the upper part of the first page.
const HEAD: f64 = 0.45;
/// A blank narrower than this holds no number, in millimetres.
const LEAST: f64 = 2.5;
/// Wider is no blank in a line.
const MOST: f64 = 60.0;
/// Width of a year, where nothing follows.
const YEAR: f64 = 10.0;

/// A part of a word, with leaders left out.
struct Token {
    text: String,
    area: MmRect,
}

/// The blank behind `Số:`, before the `/` of the symbol. None where a number is there already, or
/// no room.
#[must_use]
pub fn number_place(pages: &[PageWords]) -> Option<Place> {
    let page = pages.first()?;
    for row in head(page) {
        let tokens = row.iter().enumerate();
        let mut labels = tokens.filter(|(_, token)| matches!(token.text.as_str(), "so:" | "so"));
        let Some((index, label)) = labels.next() else {
            continue;
        };
        let mut after = row.get(index + 1..)?.iter();
        let next = after.find(|token| token.text != ":")?;
        let left = label.area.x + label.area.width;
        let width = next.area.x - left;
        if next.text.starts_with('/') && (LEAST..MOST).contains(&width) {
            let rect = MmRect {
                x: left,
                width,
                ..spans(label.area, next.area)
            };
            return Some(Place { page: 0, rect });
        }
    }
    None
}

/// The blanks of `…, ngày … tháng … năm …`. None where there is no such line.
#[must_use]
pub fn date_places(pages: &[PageWords]) -> Option<DatePlaces> {
    let page = pages.first()?;
    for row in head(page) {
        let at = |word: &str| row.iter().position(|token| token.text == word);
        let (Some(day), Some(month), Some(year)) = (at("ngay"), at("thang"), at("nam")) else {
            continue;
        };
        if day > month || month > year {
            continue;
        }
        let blank = |from: usize, to: usize| {
            let (label, next) = (row.get(from)?, row.get(to)?);
            let left = label.area.x + label.area.width;
            let width = next.area.x - left;
            (to == from + 1 && (LEAST..MOST).contains(&width)).then(|| MmRect {
                x: left,
                width,
                ..spans(label.area, next.area)
            })
        };
        let behind = row.get(year).filter(|_| row.len() == year + 1);
        let behind = behind.map(|label| MmRect {
            x: label.area.x + label.area.width,
            width: YEAR,
            ..label.area
        });
        return Some(DatePlaces {
            page: 0,
            day: blank(day, month),
            month: blank(month, year),
            year: behind,
        });
    }
    None
}

fn head(page: &PageWords) -> Vec<Vec<Token>> {
    rows(page)
        .into_iter()
        .filter(|row| {
            row.first()
                .is_some_and(|word| word.area.y < page.height_mm * HEAD)
        })
        .map(|row| {
            row.iter()
                .flat_map(|word| tokens(&word.text, word.area))
                .collect()
        })
        .collect()
}

/// Cuts a word where leaders (`....`, `…`, `____`) begin and end, and leaves them out.
fn tokens(text: &str, area: MmRect) -> Vec<Token> {
    let text = plain(text);
    let is_leader = |letter: char| matches!(letter, '.' | '…' | '_' | '·');
    // Leaders are narrower than letters.
    let weight = |letter: char| match letter {
        '.' | '·' | ':' | ',' => 0.5,
        '…' | '_' => 1.0,
        _ => 1.0,
    };
    let total: f64 = text.chars().map(weight).sum();
    let mut found: Vec<Token> = Vec::new();
    let (mut at, mut current, mut start) = (0.0, String::new(), 0.0);
    let mut finish = |current: &mut String, from: f64, to: f64| {
        let word = current.trim_matches(',');
        if !word.is_empty() && !word.chars().all(is_leader) {
            found.push(Token {
                text: fold(word),
                area: MmRect {
                    x: area.x + area.width * from / total,
                    width: area.width * (to - from) / total,
                    ..area
                },
            });
        }
        current.clear();
    };
    for letter in text.chars() {
        let turns = current
            .chars()
            .last()
            .is_some_and(|last| is_leader(last) != is_leader(letter));
        if turns {
            finish(&mut current, start, at);
            start = at;
        }
        current.push(letter);
        at += weight(letter);
    }
    finish(&mut current, start, at);
    found
}
