//! Deadlines in the text: "trước ngày 15/3/2026", "chậm nhất ngày 15 tháng 3 năm 2026".

use congvan_model::fold;
use jiff::civil::Date;

use crate::{
    date,
    page::{Area, Place},
    reading::Field,
    segment::{Piece, Segment, confidence},
};

/// How a deadline is announced, folded.
const BEFORE: &[&[&str]] = &[
    &["truoc", "ngay"],
    &["cham", "nhat", "ngay"],
    &["cham", "nhat", "la", "ngay"],
    &["cham", "nhat", "vao", "ngay"],
    &["cham", "nhat", "den", "ngay"],
    &["den", "het", "ngay"],
    &["han", "cuoi", "ngay"],
    &["thoi", "han", "ngay"],
];

/// All deadlines on a page, in order. Those without a year take the letter's own.
pub(crate) fn read(segments: &[Segment], letter: Option<Date>) -> Vec<Field<Date>> {
    let words: Vec<(&Piece, u32)> = segments
        .iter()
        .flat_map(|segment| segment.words.iter().map(|word| (word, segment.page)))
        .collect();
    let bare: Vec<String> = words
        .iter()
        .map(|(word, _)| {
            fold(&word.text)
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == '/')
                .collect()
        })
        .collect();
    let mut found = Vec::new();
    for start in 0..words.len() {
        let Some(phrase) = BEFORE.iter().find(|phrase| matches(&bare, start, phrase)) else {
            continue;
        };
        let from = start + phrase.len();
        let Some((date, used)) = after(&words, from, letter) else {
            continue;
        };
        let pieces: Vec<Piece> = words
            .iter()
            .skip(start)
            .take(phrase.len() + used)
            .map(|(word, _)| (*word).clone())
            .collect();
        let Some(page) = words.get(start).map(|(_, page)| *page) else {
            continue;
        };
        found.push(Field::new(
            date,
            confidence(&pieces) * 0.95,
            places(&pieces, page),
        ));
    }
    found
}

fn matches(bare: &[String], start: usize, phrase: &[&str]) -> bool {
    bare.get(start..start + phrase.len()).is_some_and(|words| {
        words
            .iter()
            .zip(phrase)
            .all(|(read, wanted)| read == wanted)
    })
}

/// The date that begins at a word, and how many words it takes.
fn after(words: &[(&Piece, u32)], from: usize, letter: Option<Date>) -> Option<(Date, usize)> {
    let text = |count: usize| {
        words
            .iter()
            .skip(from)
            .take(count)
            .map(|(word, _)| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    if let Some(date) = date::in_figures(&text(1)) {
        return Some((date, 1));
    }
    if let Some(date) = date::in_words(&format!("ngày {}", text(5))) {
        return Some((date, 5));
    }
    let letter = letter?;
    let (day, month, used) = day_and_month(&text(1))
        .map(|(day, month)| (day, month, 1))
        .or_else(|| {
            let words = text(3);
            let mut parts = words.split_whitespace();
            let day = figures(parts.next()?)?;
            let is_month = fold(parts.next()?) == "thang";
            let month = figures(parts.next()?)?;
            is_month.then_some((day, month, 3))
        })?;
    let year = u32::try_from(letter.year()).ok()?;
    // A letter of December asks for January of the next year.
    let same = date::date(day, month, year)?;
    let date = if same < letter {
        date::date(day, month, year + 1)?
    } else {
        same
    };
    Some((date, used))
}

fn day_and_month(text: &str) -> Option<(u32, u32)> {
    let (day, month) = text.split_once('/')?;
    Some((figures(day)?, figures(month)?))
}

fn figures(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() <= 2).then(|| digits.parse().ok()).flatten()
}

/// One box for each line that the phrase runs over.
fn places(pieces: &[Piece], page: u32) -> Vec<Place> {
    let mut areas: Vec<Area> = Vec::new();
    for piece in pieces {
        match areas.last_mut() {
            Some(last) if piece.area.x >= last.x => *last = last.union(piece.area),
            Some(_) | None => areas.push(piece.area),
        }
    }
    areas.into_iter().map(|area| Place { page, area }).collect()
}
