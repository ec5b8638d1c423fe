//! Where on a page things belong, found by what the page says (Decree 30/2020, Appendix I: the
//! leader's picture between position and name, number and date in their cells).
//!
//! The caller gives the words with their boxes, as any renderer extracts them; nothing here reads a
//! PDF. A layout that is not understood gives none: then a person points at the place.

use congvan_model::fold;
use congvan_pdf::MmRect;

mod blanks;
mod lines;

pub use blanks::{DatePlaces, date_places, number_place};
use lines::{Line, centre, lines, spans};

/// A word as it stands on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Its letters, composed or decomposed.
    pub text: String,
    /// Its box in millimetres from the upper left corner of the page as displayed.
    pub area: MmRect,
}

/// The words of one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageWords {
    /// Width of the page as displayed, in millimetres.
    pub width_mm: f64,
    /// Height of the page as displayed, in millimetres.
    pub height_mm: f64,
    /// In any order.
    pub words: Vec<Word>,
}

/// A place on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Page, from 0.
    pub page: usize,
    /// Where on it, as displayed.
    pub rect: MmRect,
}

/// Less room between position and name than this is no place for a signature, in millimetres: a
/// name that follows its position at once is an entry in a list.
const LEAST_ROOM: f64 = 5.0;
/// More is another part of the page.
const MOST_ROOM: f64 = 90.0;
/// How far the middles of position and name may be apart.
const COLUMN: f64 = 14.0;

/// Begins a line of authority (Decree 30/2020, Appendix I, II.7): on behalf of, for, by order of,
/// by mandate of, acting.
const AUTHORITY: [&str; 5] = ["tm.", "kt.", "tl.", "tuq.", "q."];
/// Words of positions, folded.
const POSITIONS: [&str; 14] = [
    "chu tich",
    "giam doc",
    "truong",
    "chanh",
    "bi thu",
    "chu nhiem",
    "vien truong",
    "tong",
    "pho",
    "nguoi dung dau",
    "ke toan",
    "doi truong",
    "cuc truong",
    "bo truong",
];

/// The place of the leader's picture of so many millimetres: centred between the position and the
/// full name, on the last page where the name stands below it. `position` is the signer's, as in
/// `Phó Chủ tịch`; it may say more than the page does (`Chủ tịch UBND xã …`), or be empty.
///
/// None where the name stands below no position with room in between: in lists, in tables, and
/// where the recipients name the signer too.
#[must_use]
pub fn leader_place(
    pages: &[PageWords],
    (name, position): (&str, &str),
    size: (f64, f64),
) -> Option<Place> {
    let mut best: Option<(Score, Place)> = None;
    for (index, page) in pages.iter().enumerate() {
        let lines = lines(page);
        for found in names(&lines, name) {
            let Some((trust, above)) = position_above(&lines, &found.area, position) else {
                continue;
            };
            let score = Score {
                trust,
                exactness: found.exactness,
                page: index,
                bottom: found.area.y,
            };
            let rect = between(above, found.area, size, page);
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                best = Some((score, Place { page: index, rect }));
            }
        }
    }
    best.map(|(_, place)| place)
}

/// How much speaks for a place: in this order.
#[derive(PartialEq, PartialOrd)]
struct Score {
    trust: u8,
    exactness: u8,
    page: usize,
    bottom: f64,
}

struct Found {
    area: MmRect,
    exactness: u8,
}

/// Every place where the name is a line of its own, broken over two lines at most, perhaps behind a
/// rank.
fn names(lines: &[Line], name: &str) -> Vec<Found> {
    let (exact, folded) = (lines::plain(name), fold(&lines::plain(name)));
    if folded.is_empty() {
        return Vec::new();
    }
    let judge = |text: &str, least: u8| {
        if text == exact {
            return Some(least + 2);
        }
        let text = fold(text);
        // One word alone may end anybody's name.
        let ranked = folded.contains(' ')
            && text.strip_suffix(&folded).is_some_and(|rank| {
                rank.ends_with(' ') && !rank.starts_with(['-', '+']) && rank.split(' ').count() <= 4
            });
        if text == folded {
            Some(least + 1)
        } else if ranked {
            Some(least)
        } else {
            None
        }
    };
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if let Some(exactness) = judge(&line.text, 1) {
            found.push(Found {
                area: line.area,
                exactness,
            });
        }
        for below in lines.get(index + 1..).unwrap_or_default() {
            let gap = below.area.y - (line.area.y + line.area.height);
            let apart = (centre(below.area).0 - centre(line.area).0).abs();
            if apart < COLUMN && (-1.0..line.area.height).contains(&gap) {
                let both = format!("{} {}", line.text, below.text);
                if let Some(exactness) = judge(&both, 0) {
                    found.push(Found {
                        area: spans(line.area, below.area),
                        exactness,
                    });
                }
            }
        }
    }
    found
}

/// The line above a name, once it is established that it is, or ends, a position; 2 where it is the
/// one that was asked for.
fn position_above(lines: &[Line], name: &MmRect, position: &str) -> Option<(u8, MmRect)> {
    let mut column: Vec<&Line> = lines
        .iter()
        .filter(|line| {
            let apart = (centre(line.area).0 - centre(*name).0).abs();
            line.area.y + line.area.height <= name.y + 0.5 && apart < COLUMN
        })
        .filter(|line| !is_remark(&line.text))
        .collect();
    column.sort_by(|a, b| b.area.y.total_cmp(&a.area.y));
    let nearest = column.first()?;
    let room = name.y - (nearest.area.y + nearest.area.height);
    if !(LEAST_ROOM..MOST_ROOM).contains(&room) {
        return None;
    }
    // The lines that belong to it, from the top down.
    let mut block: Vec<String> = Vec::new();
    let mut lower: Option<MmRect> = None;
    for line in &column {
        let is_near = lower.is_none_or(|lower: MmRect| {
            lower.y - (line.area.y + line.area.height) < line.area.height.max(lower.height) * 1.2
        });
        if !is_near || block.len() == 6 {
            break;
        }
        lower = Some(line.area);
        block.insert(0, fold(&line.text));
    }
    let last = block.last()?.clone();
    let whole = block.join(" ");
    let sought = fold(&lines::plain(position));
    let is_asked =
        !sought.is_empty() && (whole.ends_with(&sought) || is_start_of(&last, &block, &sought));
    if is_asked {
        return Some((2, nearest.area));
    }
    let begins = |start: &str| block.iter().any(|line| line.starts_with(start));
    let is_position = AUTHORITY.iter().any(|start| begins(start))
        || POSITIONS.iter().any(|title| last.starts_with(title));
    is_position.then_some((1, nearest.area))
}

/// Whether the page says the beginning of what was asked for, perhaps over two lines.
fn is_start_of(last: &str, block: &[String], sought: &str) -> bool {
    let starts = |said: &str| {
        said.contains(' ')
            && sought
                .strip_prefix(said)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',']))
    };
    let two = block.len().checked_sub(2).and_then(|at| block.get(at..));
    starts(last) || two.is_some_and(|two| starts(&two.join(" ")))
}

/// Such as `(Đã ký)`, `(Chữ ký, dấu)`: stands where the signature goes.
fn is_remark(text: &str) -> bool {
    (text.starts_with('(') && text.ends_with(')'))
        || (text.starts_with('[') && text.ends_with(']'))
        || fold(text).starts_with("da ky")
}

fn between(above: MmRect, name: MmRect, size: (f64, f64), page: &PageWords) -> MmRect {
    let top = above.y + above.height;
    let room = name.y - top;
    // Made smaller where the room is less, but not beyond recognition.
    let scale = (room / size.1).clamp(0.6, 1.0);
    let (width, height) = (size.0 * scale, size.1 * scale);
    // The name is what the eye takes for the middle; a position of two lines may be off.
    let x = centre(name).0 - width / 2.0;
    MmRect {
        x: x.clamp(0.0, (page.width_mm - width).max(0.0)),
        y: top + (room - height) / 2.0,
        width,
        height,
    }
}

/// Whose initials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initials {
    /// Of who answers for the content: behind the last word of it.
    Content,
    /// Of who answers for the form: behind the words `Nơi nhận`.
    Form,
}

/// The place of initials of so many millimetres (Decree 30/2020, article 12: the head of the
/// drafting unit answers for the content, another for the form).
#[must_use]
pub fn initials_place(pages: &[PageWords], whose: Initials, size: (f64, f64)) -> Option<Place> {
    let all: Vec<Vec<Line>> = pages.iter().map(lines).collect();
    let (page, anchor) = match whose {
        Initials::Form => recipients(&all).map(|(page, line)| (page, line.area))?,
        Initials::Content => end_of_content(pages, &all)?,
    };
    let edge = pages.get(page)?.width_mm - 3.0 - size.0;
    Some(Place {
        page,
        rect: MmRect {
            x: (anchor.x + anchor.width + 1.0).min(edge).max(0.0),
            y: (centre(anchor).1 - size.1 / 2.0).max(0.0),
            width: size.0,
            height: size.1,
        },
    })
}

/// The last line that begins the list of recipients.
fn recipients(all: &[Vec<Line>]) -> Option<(usize, &Line)> {
    all.iter().enumerate().rev().find_map(|(page, lines)| {
        let mut lines = lines.iter().rev();
        lines
            .find(|line| fold(&line.text).starts_with("noi nhan"))
            .map(|line| (page, line))
    })
}

/// The last word of the content: marked by `./.`, or the last above recipients and signer.
fn end_of_content(pages: &[PageWords], all: &[Vec<Line>]) -> Option<(usize, MmRect)> {
    for (page, words) in pages.iter().enumerate().rev() {
        let mut words = words.words.iter().rev();
        if let Some(mark) = words.find(|word| word.text.ends_with("./.")) {
            return Some((page, mark.area));
        }
    }
    let (page, start) = recipients(all)?;
    let foot = |line: &&Line| {
        let text = fold(&line.text);
        AUTHORITY.iter().any(|start| text.starts_with(start))
            || POSITIONS.iter().any(|title| text == *title)
    };
    let lines = all.get(page)?;
    let near = lines
        .iter()
        .filter(foot)
        .map(|line| line.area.y)
        .filter(|y| (y - start.area.y).abs() < 40.0);
    let top = near.fold(start.area.y, f64::min);
    let above = |lines: &[Line], top: f64| {
        let lines = lines.iter().filter(|line| {
            let is_number = line.text.chars().all(|letter| letter.is_ascii_digit());
            line.area.y + line.area.height <= top + 0.5 && !is_number
        });
        lines
            .max_by(|a, b| {
                let row = a.area.y + a.area.height - (b.area.y + b.area.height);
                if row.abs() < 2.0 {
                    a.area.x.total_cmp(&b.area.x)
                } else {
                    row.total_cmp(&0.0)
                }
            })
            .map(|line| line.last)
    };
    above(lines, top).map_or_else(
        || {
            let before = page.checked_sub(1)?;
            Some((before, above(all.get(before)?, f64::MAX)?))
        },
        |area| Some((page, area)),
    )
}

/// The place of a text, or beside it: the first or last line that begins with it, letter for letter
/// or, where there is none, without its marks.
#[must_use]
pub fn text_place(pages: &[PageWords], text: &str, last: bool) -> Option<Place> {
    let (exact, folded) = (lines::plain(text), fold(&lines::plain(text)));
    let search = |matches: &dyn Fn(&Line) -> bool| {
        let mut found = None;
        for (page, words) in pages.iter().enumerate() {
            for line in lines(words).iter().filter(|line| matches(line)) {
                let rect = line.area;
                if last || found.is_none() {
                    found = Some(Place { page, rect });
                }
            }
        }
        found
    };
    if folded.is_empty() {
        return None;
    }
    search(&|line| line.text.starts_with(&exact))
        .or_else(|| search(&|line| fold(&line.text).starts_with(&folded)))
}
