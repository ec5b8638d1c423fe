//! What differs between the words of two files, such as two versions of a draft: where words went and
//! where words came, each on its page. Offline, from what the render worker reads of the pages, in
//! portions, so that a face can say how far it is and whoever asks may stop at any time.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use congvan_model::{Sha256, nfc};
use congvan_worker::{PageText, TextLine};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use crate::{
    Desk, DeskError, Hit, HitBox, Result,
    finding::union,
    portions::{Portion, Portions},
    session::Session,
};

/// Pages of each file that is compared: a plan with its annexes has hundreds, a book is not compared.
const PAGES_LIMIT: usize = 1_000;
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

/// How far a comparison is.
#[derive(Clone, Debug, PartialEq)]
pub struct TextCheck {
    /// Pages read, of both files.
    pub done: u32,
    /// Pages of both.
    pub pages: u32,
    /// What came of it; none while something is left to do: ask again.
    pub comparison: Option<Arc<TextComparison>>,
}

/// What has been read so far of two files.
#[derive(Default)]
pub(crate) struct Compared {
    old: Words,
    new: Words,
    comparison: Option<Arc<TextComparison>>,
}

/// The words of the first pages of a file.
#[derive(Default)]
struct Words {
    words: Vec<Placed>,
    /// Pages read.
    pages: u32,
    /// Those of them without any words.
    wordless: u32,
}

/// The pairs that are being compared. Of what was compared only the changes are kept.
pub(crate) type TextChecks = Portions<(Sha256, Sha256), Compared>;

impl Desk {
    /// Goes on comparing the words of two files, for a portion of time: letter by letter but in either
    /// form of Unicode, and whatever line or page they stand on. Page numbers are no words.
    ///
    /// # Errors
    /// As [`Desk::page_text`]; `TooManyPages` for what is too long to be compared.
    pub async fn compare_texts(&self, old: Sha256, new: Sha256) -> Result<TextCheck> {
        let session = self.session().await?;
        let counts = (
            self.comparable(&session, old).await?,
            self.comparable(&session, new).await?,
        );
        let slot = self.viewer().texts.slot((old, new)).await;
        let mut compared = slot.lock().await;
        if compared.comparison.is_none() {
            let mut portion = Portion::begin();
            let read = self
                .read_on(&session, (old, counts.0), &mut compared.old, &mut portion)
                .await?
                && self
                    .read_on(&session, (new, counts.1), &mut compared.new, &mut portion)
                    .await?;
            // Finding what differs may take longer than a portion: it has one of its own.
            if read && !portion.is_over() {
                compared.comparison = Some(differ(&mut compared).await?);
            }
        }
        let pages = counts.0 + counts.1;
        let so_far = compared.old.pages + compared.new.pages;
        Ok(TextCheck {
            done: if compared.comparison.is_some() {
                pages
            } else {
                so_far
            },
            pages,
            comparison: compared.comparison.clone(),
        })
    }

    /// How many pages a file has.
    async fn comparable(&self, session: &Session, sha256: Sha256) -> Result<u32> {
        let count = self.viewer().pages(session, sha256).await?.len();
        if count > PAGES_LIMIT {
            return Err(DeskError::TooManyPages { limit: PAGES_LIMIT });
        }
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Reads more pages; whether they are all read.
    async fn read_on(
        &self,
        session: &Session,
        (sha256, count): (Sha256, u32),
        so_far: &mut Words,
        portion: &mut Portion,
    ) -> Result<bool> {
        while so_far.pages < count {
            let page = so_far.pages;
            let text = self.viewer().page_text(session, sha256, page).await?;
            so_far.wordless += u32::from(text.lines.is_empty());
            place(&text, page, &mut so_far.words);
            so_far.pages += 1;
            portion.spend();
            if portion.is_over() {
                break;
            }
        }
        Ok(so_far.pages == count)
    }
}

/// What differs, when all is read. The words are let go.
async fn differ(compared: &mut Compared) -> Result<Arc<TextComparison>> {
    let old = std::mem::take(&mut compared.old);
    let new = std::mem::take(&mut compared.new);
    let found = tokio::task::spawn_blocking(move || TextComparison {
        changes: changes(&old.words, &new.words),
        old_wordless: old.wordless,
        new_wordless: new.wordless,
    })
    .await?;
    Ok(Arc::new(found))
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
