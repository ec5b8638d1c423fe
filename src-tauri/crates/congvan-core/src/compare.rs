//! What differs between the words of two files, such as two versions of a draft: where words went and
//! where words came, each on its page. Offline, from what the render worker reads of the pages.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use congvan_model::{Sha256, nfc};
use congvan_worker::{PageText, TextLine};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use crate::{Desk, DeskError, Hit, HitBox, Result, finding::union, format::PAGES_LIMIT};

/// How long the shortest list of changes is looked for; two texts with nothing in common are then told
/// in larger pieces, which are as true.
const PATIENCE: Duration = Duration::from_secs(2);
/// Page numbers stand above this share of the page, by the decree and by custom, or below the other.
const RUNNING: (f32, f32) = (0.09, 0.91);
/// Letters of a change that are told in words.
const TOLD: usize = 300;

/// One difference. A change that replaces words has both sides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextChange {
    /// Where words of the first file are no longer there, one for each page.
    pub old: Vec<Hit>,
    /// Where words of the second file are new, one for each page.
    pub new: Vec<Hit>,
    /// The words that went; of many the first.
    pub old_text: String,
    /// The words that came; of many the first.
    pub new_text: String,
}

/// What differs between two files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextComparison {
    /// In reading order.
    pub changes: Vec<TextChange>,
    /// Pages of the first file without any words: scans nobody has read, which are not compared.
    pub old_wordless: u32,
    /// Those of the second.
    pub new_wordless: u32,
}

impl Desk {
    /// Compares the words of two files, letter by letter but in either form of Unicode, and whatever
    /// line or page they stand on. Page numbers are no words.
    ///
    /// # Errors
    /// As [`Desk::page_text`]; `TooManyPages` where one of them is no letter.
    pub async fn compare_texts(&self, old: Sha256, new: Sha256) -> Result<TextComparison> {
        let (old, old_wordless) = self.placed_words(old).await?;
        let (new, new_wordless) = self.placed_words(new).await?;
        let changes = tokio::task::spawn_blocking(move || changes(&old, &new)).await?;
        Ok(TextComparison {
            changes,
            old_wordless,
            new_wordless,
        })
    }

    /// All words of a file, and how many of its pages have none.
    async fn placed_words(&self, sha256: Sha256) -> Result<(Vec<Placed>, u32)> {
        let count = self.pages(sha256).await?.len();
        if count > PAGES_LIMIT {
            return Err(DeskError::TooManyPages { limit: PAGES_LIMIT });
        }
        let (mut words, mut wordless) = (Vec::new(), 0);
        for page in (0..).take(count) {
            let text = self.page_text(sha256, page).await?;
            if text.lines.is_empty() {
                wordless += 1;
            }
            place(&text, page, &mut words);
        }
        Ok((words, wordless))
    }
}

/// A word where it stands.
#[derive(Clone, Debug)]
struct Placed {
    text: String,
    page: u32,
    line: usize,
    at: HitBox,
}

fn place(text: &PageText, page: u32, words: &mut Vec<Placed>) {
    let lines = text.lines.iter().enumerate();
    for (line, content) in lines.filter(|(_, line)| !is_page_number(line)) {
        words.extend(content.words.iter().map(|word| Placed {
            text: nfc(word.text.trim()),
            page,
            line,
            at: HitBox {
                x: word.x,
                y: word.y,
                w: word.w,
                h: word.h,
            },
        }));
    }
}

/// Where a text grows by a line, every page after it begins elsewhere, but its number says nothing new.
fn is_page_number(line: &TextLine) -> bool {
    let is_outside = line.y + line.h < RUNNING.0 || line.y > RUNNING.1;
    is_outside && !line.text.is_empty() && line.text.chars().all(|c| c.is_ascii_digit())
}

fn changes(old: &[Placed], new: &[Placed]) -> Vec<TextChange> {
    // Numbers in the place of words: they are compared many times.
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut numbers: Vec<usize> = Vec::with_capacity(old.len() + new.len());
    for word in old.iter().chain(new) {
        let next = known.len();
        numbers.push(*known.entry(&word.text).or_insert(next));
    }
    let (one, other) = numbers.split_at(old.len());
    let until = Instant::now().checked_add(PATIENCE);
    capture_diff_slices_deadline(Algorithm::Myers, one, other, until)
        .into_iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .map(|op| {
            let gone = old.get(op.old_range()).unwrap_or_default();
            let came = new.get(op.new_range()).unwrap_or_default();
            (gone, came)
        })
        .filter(|(gone, came)| !is_same_letters(gone, came))
        .map(|(gone, came)| TextChange {
            old: hits(gone),
            new: hits(came),
            old_text: told(gone),
            new_text: told(came),
        })
        .collect()
}

/// Letters that were set further apart may be read as words of their own.
fn is_same_letters(one: &[Placed], other: &[Placed]) -> bool {
    let letters = |words: &[Placed]| -> String { words.iter().map(|word| &*word.text).collect() };
    letters(one) == letters(other)
}

/// One place for each page, with one box for each line.
fn hits(words: &[Placed]) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut last = None;
    for word in words {
        let is_same_line = last.replace((word.page, word.line)) == Some((word.page, word.line));
        match hits.last_mut().filter(|hit| hit.page == word.page) {
            Some(hit) => match hit.boxes.last_mut().filter(|_| is_same_line) {
                Some(lit) => *lit = union(*lit, word.at),
                None => hit.boxes.push(word.at),
            },
            None => hits.push(Hit {
                page: word.page,
                boxes: vec![word.at],
            }),
        }
    }
    hits
}

fn told(words: &[Placed]) -> String {
    let mut text = String::new();
    for word in words {
        if text.chars().count() + word.text.chars().count() > TOLD {
            text.push('…');
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use congvan_worker::TextWord;

    use super::*;

    /// Lines of words, each letter a hundredth of the page wide, below each other.
    fn page(lines: &[&str]) -> PageText {
        let mut text = PageText::default();
        for (row, line) in lines.iter().enumerate() {
            let (y, mut x, mut words) = (0.1 + row as f32 / 20.0, 0.1, Vec::new());
            for word in line.split(' ') {
                let w = word.chars().count() as f32 / 100.0;
                let text = word.to_owned();
                words.push(TextWord {
                    text,
                    x,
                    y,
                    w,
                    h: 0.02,
                });
                x += w + 0.01;
            }
            text.lines.push(TextLine {
                text: (*line).to_owned(),
                x: 0.1,
                y,
                w: x,
                h: 0.02,
                words,
            });
        }
        text
    }

    fn words(pages: &[&[&str]]) -> Vec<Placed> {
        let mut words = Vec::new();
        for (number, lines) in (0..).zip(pages) {
            place(&page(lines), number, &mut words);
        }
        words
    }

    fn between(old: &[&[&str]], new: &[&[&str]]) -> Vec<TextChange> {
        changes(&words(old), &words(new))
    }

    #[test]
    fn where_the_lines_and_pages_break_is_no_change() {
        let one: &[&[&str]] = &[&["Căn cứ Luật Tổ chức", "chính quyền địa phương;"]];
        let other: &[&[&str]] = &[&["Căn cứ Luật"], &["Tổ chức chính quyền", "địa phương;"]];
        assert_eq!(between(one, other), []);
    }

    #[test]
    fn either_form_of_a_letter_is_the_same_letter_and_another_mark_is_another() {
        let composed: &[&[&str]] = &[&["Ủy ban"]];
        assert_eq!(between(composed, &[&["U\u{309}y ban"]]), []);
        assert_eq!(between(composed, &[&["Uỷ ban"]]).len(), 1);
    }

    #[test]
    fn letters_set_further_apart_are_the_same_words() {
        let close: &[&[&str]] = &[&["KT. CHỦ TỊCH"]];
        assert_eq!(between(close, &[&["K T . C H Ủ T Ị C H"]]), []);
        assert_eq!(between(close, &[&["K T . C H Ủ N H I Ệ M"]]).len(), 1);
    }

    #[test]
    fn a_word_that_was_replaced_is_lit_on_both_pages() {
        let changes = between(&[&["hạn cuối 15 tháng 11"]], &[&["hạn cuối 20 tháng 11"]]);
        let [change] = changes.as_slice() else {
            panic!("one change: {changes:?}");
        };
        assert_eq!((&*change.old_text, &*change.new_text), ("15", "20"));
        let lit = change
            .new
            .first()
            .and_then(|hit| hit.boxes.first())
            .expect("a box");
        assert!((lit.w - 0.02).abs() < 1e-5, "{lit:?}");
        assert_eq!(change.old.len(), 1);
    }

    #[test]
    fn what_was_put_in_over_two_pages_has_a_place_on_each_and_a_box_for_each_line() {
        let old: &[&[&str]] = &[&["Điều 1.", "Điều 2."]];
        let new: &[&[&str]] = &[
            &["Điều 1.", "Giao Văn phòng", "phối hợp"],
            &["thực hiện.", "Điều 2."],
        ];
        let changes = between(old, new);
        let [change] = changes.as_slice() else {
            panic!("one change: {changes:?}");
        };
        assert!(change.old.is_empty());
        let shape: Vec<(u32, usize)> = change
            .new
            .iter()
            .map(|hit| (hit.page, hit.boxes.len()))
            .collect();
        assert_eq!(shape, [(0, 2), (1, 1)]);
        assert_eq!(change.new_text, "Giao Văn phòng phối hợp thực hiện.");
    }

    #[test]
    fn a_page_number_is_no_word_and_a_number_in_the_text_is() {
        let numbered = |number: &str| {
            let mut text = page(&["Kết quả: 12 hồ sơ"]);
            let mut line = page(&[number]).lines.remove(0);
            line.y = 0.04;
            text.lines.push(line);
            let mut words = Vec::new();
            place(&text, 0, &mut words);
            words
        };
        assert_eq!(changes(&numbered("2"), &numbered("3")), []);
        assert_eq!(between(&[&["12"]], &[&["13"]]).len(), 1);
    }
}
