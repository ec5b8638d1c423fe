//! Lines cut into the pieces that belong together: the two columns of a head are two pieces.

use congvan_model::nfc;

use crate::{
    page::{Area, Line, PageText, Place, Word},
    text::squeeze,
};

/// Words side by side without a wide gap.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) words: Vec<Piece>,
    pub(crate) text: String,
    pub(crate) area: Area,
    /// Centre, the page's slope taken out.
    pub(crate) cx: f32,
    /// Likewise; what tells lines apart on a page that lies askew.
    pub(crate) cy: f32,
    /// Height of its letters.
    pub(crate) height: f32,
    pub(crate) page: u32,
    /// The mean of its words, by length.
    pub(crate) confidence: f32,
}

/// A word of a segment.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) area: Area,
    pub(crate) confidence: f32,
}

impl Segment {
    fn new(words: Vec<Piece>, page: u32, slope: f32) -> Option<Self> {
        let area = words.iter().map(|word| word.area).reduce(Area::union)?;
        let text = words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let mut heights: Vec<f32> = words.iter().map(|word| word.area.h).collect();
        heights.sort_by(f32::total_cmp);
        let height = heights.get(heights.len() / 2).copied().unwrap_or(area.h);
        // The middle word's own height is not inflated by the slope as the union is.
        let middles: f32 = words.iter().map(|word| level(word.area, slope)).sum();
        #[expect(clippy::cast_precision_loss, reason = "a line has few words")]
        let cy = middles / words.len() as f32;
        let confidence = confidence(&words);
        Some(Self {
            cx: area.x + area.w / 2.0,
            cy,
            area,
            text,
            height,
            words,
            page,
            confidence,
        })
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            page: self.page,
            area: self.area,
        }
    }

    /// The same with what stands behind it on its line.
    pub(crate) fn joined(mut self, other: &Self) -> Self {
        self.words.extend(other.words.iter().cloned());
        self.text = format!("{} {}", self.text, other.text);
        self.area = self.area.union(other.area);
        self.cx = self.area.x + self.area.w / 2.0;
        self.confidence = confidence(&self.words);
        self
    }

    /// The same without its first `count` words.
    pub(crate) fn without_first(&self, count: usize) -> Option<Self> {
        let words: Vec<Piece> = self.words.iter().skip(count).cloned().collect();
        let mut rest = Self::new(words, self.page, 0.0)?;
        rest.cy = self.cy;
        Some(rest)
    }
}

/// How sure the words are, long ones counting more.
pub(crate) fn confidence(words: &[Piece]) -> f32 {
    let weigh =
        |word: &Piece| f32::from(u16::try_from(word.text.chars().count()).unwrap_or(u16::MAX));
    let all: f32 = words.iter().map(weigh).sum();
    let sure: f32 = words.iter().map(|word| weigh(word) * word.confidence).sum();
    if all > 0.0 { sure / all } else { 0.0 }
}

fn level(area: Area, slope: f32) -> f32 {
    area.y + area.h / 2.0 - slope * (area.x + area.w / 2.0 - 0.5)
}

/// Where the lines of a page's columns stand, from top to bottom: each place is of words that belong
/// together. For who looks at how a letter is set, beside what it says.
#[must_use]
pub fn pieces(page: &PageText) -> Vec<Place> {
    segments(page).iter().map(Segment::place).collect()
}

/// The pieces of a page from top to bottom and left to right.
pub(crate) fn segments(page: &PageText) -> Vec<Segment> {
    let slope = slope(&page.lines);
    let mut all = cut(&page.lines, page, slope, is_dirt);
    all.sort_by(|a, b| a.cy.total_cmp(&b.cy));
    all
}

/// The pieces of what was read in red.
pub(crate) fn red_segments(page: &PageText) -> Vec<Segment> {
    // A faded stamp is read with doubts, and every word of it counts.
    cut(&page.red, page, 0.0, |text, _| {
        !text.chars().any(char::is_alphabetic)
    })
}

/// By how much a line falls over the width of the page, as a part of its height; the middle of all
/// longer lines, for single lines lie.
fn slope(lines: &[Line]) -> f32 {
    let mut slopes: Vec<f32> = lines
        .iter()
        .filter_map(|line| {
            let (first, last) = (line.words.first()?.area, line.words.last()?.area);
            let run = last.x + last.w / 2.0 - first.x - first.w / 2.0;
            let fall = last.bottom() - first.bottom();
            (run > 0.3).then_some(fall / run)
        })
        .collect();
    slopes.sort_by(f32::total_cmp);
    slopes.get(slopes.len() / 2).copied().unwrap_or(0.0)
}

fn cut(
    lines: &[Line],
    page: &PageText,
    slope: f32,
    is_dirt: impl Fn(&str, f32) -> bool,
) -> Vec<Segment> {
    let lines: Vec<Line> = lines.iter().map(unglued).collect();
    let boundary = lines.iter().find_map(state_name);
    let mut all = Vec::new();
    for line in &lines {
        let mut piece: Vec<Piece> = Vec::new();
        for word in &line.words {
            let text = nfc(word.text.trim());
            if text.is_empty() || is_dirt(&text, word.confidence) {
                continue;
            }
            if let Some(before) = piece.last()
                && is_gap(before.area, word.area, page.ratio, boundary)
            {
                all.extend(Segment::new(std::mem::take(&mut piece), page.page, slope));
            }
            piece.push(Piece {
                text,
                area: word.area,
                confidence: word.confidence,
            });
        }
        all.extend(Segment::new(piece, page.page, slope));
    }
    all
}

/// The line with a space before "CỘNG HÒA" where a long name reaches up to it: "TRƯỜNGCỘNG HÒA".
fn unglued(line: &Line) -> Line {
    let mut words: Vec<Word> = Vec::with_capacity(line.words.len());
    for (place, word) in line.words.iter().enumerate() {
        let next = line.words.get(place + 1);
        let is_state = next.is_some_and(|next| squeeze(&next.text) == "hoa");
        let count = word.text.chars().count();
        let end: String = word.text.chars().skip(count.saturating_sub(4)).collect();
        if !is_state || count <= 4 || squeeze(&end) != "cong" {
            words.push(word.clone());
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "a word has few letters")]
        let part = word.area.w * (count - 4) as f32 / count as f32;
        let mut before = word.clone();
        before.text = word.text.chars().take(count - 4).collect();
        before.area.w = part;
        let mut state = word.clone();
        state.text = end;
        state.area.x += part;
        state.area.w -= part;
        words.extend([before, state]);
    }
    Line { words }
}

/// Marks without a letter that the reader itself doubts.
fn is_dirt(text: &str, confidence: f32) -> bool {
    // Dashes begin the items of a list.
    if matches!(text, "-" | "–" | "—") {
        return confidence < 0.2;
    }
    let has_letter = text.chars().any(char::is_alphanumeric);
    // A word that is one by its letters is kept for people to mend.
    let is_word = text.chars().count() > 3 && text.chars().all(char::is_alphabetic);
    (!has_letter && confidence < 0.6) || (confidence < 0.08 && !is_word)
}

/// Left edge and level of "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": where the right column begins.
fn state_name(line: &Line) -> Option<(f32, f32)> {
    let start = line
        .words
        .iter()
        .position(|word| matches!(squeeze(&word.text).as_str(), "cong" | "gong" | "cọng"))?;
    let rest: String = line
        .words
        .iter()
        .skip(start)
        .map(|word| squeeze(&word.text))
        .collect();
    let first = line.words.get(start)?;
    (rest.starts_with("conghoa") || rest.contains("chunghia"))
        .then_some((first.area.x, first.area.y))
}

/// Whether a column ends between two words.
fn is_gap(before: Area, after: Area, ratio: f32, boundary: Option<(f32, f32)>) -> bool {
    // Heights are parts of the page's height, gaps of its width.
    // A dash is low: the taller neighbour tells how large the letters are.
    let (low, high) = (before.h.min(after.h), before.h.max(after.h));
    let letter = if low * 2.0 < high { high * 0.8 } else { low } * ratio;
    let gap = after.x - before.right();
    // The state's name begins the right column however near the left one comes.
    let is_state = boundary.is_some_and(|at| at == (after.x, after.y));
    if gap > letter * 2.0 || is_state {
        return true;
    }
    boundary.is_some_and(|(edge, level)| {
        let straddles = before.right() <= edge + 0.01 && after.x >= edge - 0.03;
        let near = after.y < level + 0.09;
        straddles && near && gap > letter * 0.45
    })
}
