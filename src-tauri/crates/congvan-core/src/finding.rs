//! Looking for words in an open file: page by page, in portions, so that a file of a thousand pages
//! answers as fast as a short one and whoever asks may stop at any time.

use std::time::{Duration, Instant};

use congvan_model::{Sha256, fold};
use congvan_worker::{PageText, TextWord};

use crate::{Desk, DeskError, Result};

/// A portion ends after this much time, but never before it has looked at one page.
const PORTION: Duration = Duration::from_millis(120);
/// A portion ends once it has so many hits: a single letter is on every line.
const PORTION_HITS: usize = 500;
/// Letters of what is looked for.
const QUERY_LIMIT: usize = 200;

/// A box on a page, in fractions of the page as displayed, from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HitBox {
    /// Left edge, 0..1.
    pub x: f32,
    /// Top edge, 0..1.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// Where the words that were looked for stand once.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Page, from 0.
    pub page: u32,
    /// One box for each line that it runs over; never empty.
    pub boxes: Vec<HitBox>,
}

/// A portion of the hits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// In reading order.
    pub hits: Vec<Hit>,
    /// The page to go on with; none when all pages have been looked at.
    pub next: Option<u32>,
    /// Pages of this portion that have no words at all: scans nobody has read.
    pub wordless: u32,
}

impl Desk {
    /// Looks for words in a file, with or without their diacritics, from page `from` on (from 0): one
    /// after the other as they are, or each by itself where words begin so. Scans are looked through
    /// in what was read of them.
    ///
    /// # Errors
    /// As [`Desk::page_text`]; `TextEmpty`, `TextTooLong` for what is looked for.
    pub async fn find_in_file(
        &self,
        sha256: Sha256,
        (query, each_word): (&str, bool),
        from: u32,
    ) -> Result<Hits> {
        let wanted = needle(query);
        if wanted.is_empty() {
            return Err(DeskError::TextEmpty);
        }
        if wanted.chars().count() > QUERY_LIMIT {
            return Err(DeskError::TextTooLong { limit: QUERY_LIMIT });
        }
        let count = u32::try_from(self.pages(sha256).await?.len()).unwrap_or(u32::MAX);
        let began = Instant::now();
        let mut found = Hits::default();
        for page in from..count {
            let text = self.page_text(sha256, page).await?;
            if text.lines.is_empty() {
                found.wordless += 1;
            }
            let boxes = match each_word {
                true => words_on(&text, &wanted),
                false => boxes_on(&text, &wanted),
            };
            found
                .hits
                .extend(boxes.into_iter().map(|boxes| Hit { page, boxes }));
            let next = page.saturating_add(1);
            let is_enough = began.elapsed() >= PORTION || found.hits.len() >= PORTION_HITS;
            if is_enough && next < count {
                found.next = Some(next);
                break;
            }
        }
        Ok(found)
    }
}

/// What is looked for as the pages' words are compared with it: folded, single spaces.
fn needle(query: &str) -> String {
    fold(query).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A word in the page's text, which is all words with single spaces between them.
struct Spelled<'a> {
    word: &'a TextWord,
    line: usize,
    /// Where it begins and ends in the page's text, in bytes.
    from: usize,
    to: usize,
}

/// The boxes of each place where the needle stands on the page.
fn boxes_on(text: &PageText, needle: &str) -> Vec<Vec<HitBox>> {
    let (all, words) = spelled(text);
    all.match_indices(needle)
        .map(|(at, _)| boxes_of(&words, at, at + needle.len()))
        .filter(|boxes| !boxes.is_empty())
        .collect()
}

/// The boxes of each place where a word of the needle begins a word of the page, in reading order.
fn words_on(text: &PageText, needle: &str) -> Vec<Vec<HitBox>> {
    let (all, words) = spelled(text);
    let begins = |at: usize| {
        let before = all.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(char::is_alphanumeric)
    };
    let mut places: Vec<(usize, usize)> = needle
        .split(' ')
        .flat_map(|word| all.match_indices(word).map(|(at, _)| (at, at + word.len())))
        .filter(|(at, _)| begins(*at))
        .collect();
    places.sort_unstable();
    places.dedup_by_key(|(at, _)| *at);
    places
        .into_iter()
        .map(|(from, to)| boxes_of(&words, from, to))
        .filter(|boxes| !boxes.is_empty())
        .collect()
}

/// The folded text of a page, and where its words stand in it.
fn spelled(text: &PageText) -> (String, Vec<Spelled<'_>>) {
    let mut all = String::new();
    let mut words = Vec::new();
    for (line, content) in text.lines.iter().enumerate() {
        for word in &content.words {
            if !all.is_empty() {
                all.push(' ');
            }
            let from = all.len();
            all.push_str(&fold(&word.text));
            let to = all.len();
            words.push(Spelled {
                word,
                line,
                from,
                to,
            });
        }
    }
    (all, words)
}

/// The boxes of the text between two places: one for each line, and of a word that is met in part
/// the part, as if its letters were equally wide.
fn boxes_of(words: &[Spelled<'_>], from: usize, to: usize) -> Vec<HitBox> {
    let first = words.partition_point(|word| word.to <= from);
    let mut boxes: Vec<(usize, HitBox)> = Vec::new();
    for met in words.iter().skip(first).take_while(|word| word.from < to) {
        let part = part(met, from, to);
        match boxes.last_mut() {
            Some((line, so_far)) if *line == met.line => *so_far = union(*so_far, part),
            _ => boxes.push((met.line, part)),
        }
    }
    boxes.into_iter().map(|(_, part)| part).collect()
}

fn part(met: &Spelled<'_>, from: usize, to: usize) -> HitBox {
    // A word has fewer letters than f32 counts exactly.
    #[expect(clippy::cast_precision_loss)]
    let share = |bytes: usize| bytes as f32 / (met.to - met.from).max(1) as f32;
    let begin = share(from.saturating_sub(met.from));
    let end = share(to.min(met.to) - met.from);
    HitBox {
        x: met.word.x + met.word.w * begin,
        y: met.word.y,
        w: met.word.w * (end - begin),
        h: met.word.h,
    }
}

/// The smallest box around both.
pub(crate) fn union(one: HitBox, other: HitBox) -> HitBox {
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    HitBox {
        x,
        y,
        w: (one.x + one.w).max(other.x + other.w) - x,
        h: (one.y + one.h).max(other.y + other.h) - y,
    }
}

#[cfg(test)]
mod tests {
    use congvan_worker::TextLine;

    use super::*;

    /// Lines of words, each letter a hundredth of the page wide, each line a tenth high.
    fn page(lines: &[&str]) -> PageText {
        let mut text = PageText::default();
        for (row, line) in lines.iter().enumerate() {
            let y = row as f32 / 10.0;
            let mut x = 0.0;
            let mut words = Vec::new();
            for word in line.split(' ') {
                let w = word.chars().count() as f32 / 100.0;
                words.push(TextWord {
                    text: word.to_owned(),
                    x,
                    y,
                    w,
                    h: 0.1,
                });
                x += w + 0.01;
            }
            text.lines.push(TextLine {
                text: (*line).to_owned(),
                x: 0.0,
                y,
                w: x,
                h: 0.1,
                words,
            });
        }
        text
    }

    fn found(lines: &[&str], query: &str) -> Vec<Vec<HitBox>> {
        boxes_on(&page(lines), &needle(query))
    }

    fn is_near(one: f32, other: f32) -> bool {
        (one - other).abs() < 1e-5
    }

    #[test]
    fn each_word_by_itself_is_met_where_words_begin_so() {
        let page = page(&["Ủy ban nhân dân", "bàn về việc ban hành", "cắt băng"]);
        let found = words_on(&page, "ban hanh");
        assert_eq!(found.len(), 5);
        assert!(words_on(&page, "an").is_empty());
    }

    #[test]
    fn words_typed_without_marks_find_words_written_with_them_in_either_form() {
        for query in ["dieu dong", "ĐIỀU ĐỘNG", "điều  động", "Điều động"] {
            assert_eq!(
                found(&["Về việc điều động cán bộ"], query).len(),
                1,
                "{query}"
            );
        }
    }

    #[test]
    fn a_hit_that_runs_over_the_end_of_a_line_has_a_box_on_each_line() {
        let hits = found(&["phòng cháy", "chữa cháy rừng"], "chay chua chay");
        let boxes = hits.first().expect("one hit");
        assert_eq!(boxes.len(), 2);
        let second = boxes.last().expect("two boxes");
        assert!(
            is_near(second.y, 0.1) && is_near(second.w, 0.09),
            "{second:?}"
        );
    }

    #[test]
    fn a_part_of_a_word_is_lit_as_that_part() {
        let hits = found(&["số 123/UBND-VX"], "ubnd");
        let lit = hits.first().and_then(|boxes| boxes.first()).expect("a hit");
        assert!(is_near(lit.x, 0.07) && is_near(lit.w, 0.04), "{lit:?}");
    }

    #[test]
    fn every_place_is_found_once_and_what_is_not_there_is_not() {
        assert_eq!(found(&["an ninh, an toàn", "an"], "an").len(), 4);
        assert!(found(&["an ninh"], "toan").is_empty());
        assert!(found(&[], "an").is_empty());
    }
}
