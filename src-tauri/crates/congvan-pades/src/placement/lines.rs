use congvan_model::nfc;
use congvan_pdf::MmRect;

use super::{PageWords, Word};

/// Words that stand beside one another in one column.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Composed, in lower case, one space between words.
    pub(super) text: String,
    pub(super) area: MmRect,
    /// Of the last word.
    pub(super) last: MmRect,
}

/// Composed, in lower case, one space between words.
pub(super) fn plain(text: &str) -> String {
    let lower = nfc(text).to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn centre(area: MmRect) -> (f64, f64) {
    (area.x + area.width / 2.0, area.y + area.height / 2.0)
}

pub(super) fn spans(a: MmRect, b: MmRect) -> MmRect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    MmRect {
        x,
        y,
        width: (a.x + a.width).max(b.x + b.width) - x,
        height: (a.y + a.height).max(b.y + b.height) - y,
    }
}

/// The words of a page in rows, each from the left.
pub(super) fn rows(page: &PageWords) -> Vec<Vec<&Word>> {
    let mut words: Vec<&Word> = page
        .words
        .iter()
        .filter(|word| !word.text.trim().is_empty() && word.area.height > 0.0)
        .collect();
    words.sort_by(|a, b| centre(a.area).1.total_cmp(&centre(b.area).1));
    let mut rows: Vec<(f64, f64, Vec<&Word>)> = Vec::new();
    for word in words {
        let (top, bottom) = (word.area.y, word.area.y + word.area.height);
        let row = rows.iter_mut().rev().take(6).find(|(above, below, _)| {
            let shared = bottom.min(*below) - top.max(*above);
            shared > 0.5 * word.area.height.min(below - above)
        });
        match row {
            Some((above, below, words)) => {
                // The row keeps the extent of its tallest word and does not creep downwards.
                if bottom - top > *below - *above {
                    (*above, *below) = (top, bottom);
                }
                words.push(word);
            }
            None => rows.push((top, bottom, vec![word])),
        }
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found: Vec<Vec<&Word>> = rows.into_iter().map(|(_, _, words)| words).collect();
    for row in &mut found {
        row.sort_by(|a, b| a.area.x.total_cmp(&b.area.x));
    }
    found
}

/// The lines of a page from the top, columns apart.
pub(super) fn lines(page: &PageWords) -> Vec<Line> {
    let mut found = Vec::new();
    for row in rows(page) {
        let gaps: Vec<f64> = row
            .iter()
            .zip(row.iter().skip(1))
            .map(|(a, b)| b.area.x - (a.area.x + a.area.width))
            .collect();
        let height = row.iter().map(|word| word.area.height).fold(0.0, f64::max);
        let mut sorted = gaps.clone();
        sorted.sort_by(f64::total_cmp);
        let usual = sorted.get(sorted.len() / 3).copied().unwrap_or(0.0);
        // Between columns there is more room than between words, however the text is stretched.
        let is_break = |gap: f64| gap > 1.3 * height || (gap > 0.8 * height && gap > 2.5 * usual);
        let mut line: Vec<&Word> = Vec::new();
        for (index, word) in row.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|at| gaps.get(at).copied());
            if before.is_some_and(is_break) {
                found.extend(join(&line));
                line.clear();
            }
            line.push(word);
        }
        found.extend(join(&line));
    }
    found
}

fn join(words: &[&Word]) -> Option<Line> {
    let first = words.first()?;
    let last = words.last()?;
    let area = words.iter().fold(first.area, |a, b| spans(a, b.area));
    let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    Some(Line {
        text: plain(&text.join(" ")),
        area,
        last: last.area,
    })
}
