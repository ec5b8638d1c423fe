//! Second readings of the parts of a head that were read with doubts.

use crate::{
    knowledge::Knowledge,
    page::{Area, Line, PageText, Place, Word},
    reading::{Reading, read_letter},
    text::squeeze,
};

/// Fields that are less sure are read again.
const DOUBT: f32 = 0.9;

/// What words are worth of which two readings differ: nobody should be sure of them.
const DIFFERS: f32 = 0.88;

/// A field of the head as it is compared: its words, how sure, where.
type Seen = Option<(String, f32, Vec<Place>)>;

/// The fields whose words stand together in the head: agency, number, date, subject.
fn seen(reading: &Reading) -> [Seen; 4] {
    let agency = reading.agency.as_ref().map(|field| {
        (
            squeeze_marks(&field.value.printed),
            field.confidence,
            field.places.clone(),
        )
    });
    let notation = reading.notation.as_ref().map(|field| {
        (
            field.value.to_string(),
            field.confidence,
            field.places.clone(),
        )
    });
    let date = reading.date.as_ref().map(|field| {
        (
            field.value.to_string(),
            field.confidence,
            field.places.clone(),
        )
    });
    let subject = reading.subject.as_ref().map(|field| {
        (
            squeeze_marks(&field.value),
            field.confidence,
            field.places.clone(),
        )
    });
    [agency, notation, date, subject]
}

/// Small letters with their marks, without spaces.
fn squeeze_marks(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn head(page: &PageText) -> Reading {
    read_letter(std::slice::from_ref(page), &Knowledge::default())
}

/// Parts of the page that are worth reading again, each by itself as one block of lines: the left
/// column of the head, the date, the subject under a type.
#[must_use]
pub fn head_to_read_again(page: &PageText) -> Vec<Area> {
    let reading = head(page);
    let [agency, notation, date, subject] = seen(&reading);
    let is_doubtful =
        |field: &Seen, limit: f32| field.as_ref().is_none_or(|(_, sure, _)| *sure < limit);
    let edge = right_column(page).unwrap_or(0.47);
    let top = first_line(page).map_or(0.02, |y| (y - 0.015).max(0.0));
    let bottom = |field: &Seen| {
        let places = field.iter().flat_map(|(_, _, places)| places);
        places.map(|place| place.area.bottom()).reduce(f32::max)
    };
    let in_column = |field: &Seen| {
        field.as_ref().is_some_and(|(_, _, places)| {
            places
                .first()
                .is_some_and(|place| place.area.x + place.area.w / 2.0 < edge)
        })
    };
    let about = in_column(&subject);
    let mut areas = Vec::new();
    let left = is_doubtful(&agency, DOUBT)
        || is_doubtful(&notation, DOUBT)
        || (about && is_doubtful(&subject, DOUBT));
    if left {
        let known = [&agency, &notation];
        let lowest = known
            .into_iter()
            .chain(about.then_some(&subject))
            .filter_map(bottom)
            .reduce(f32::max);
        // What was not found is looked for where heads end.
        let end = match (lowest, &notation) {
            (Some(lowest), Some(_)) => lowest + 0.02,
            (Some(_) | None, _) => 0.27,
        };
        areas.push(Area {
            x: 0.04,
            y: top,
            w: edge - 0.04,
            h: end - top,
        });
    }
    if is_doubtful(&date, 0.75) {
        let level = date
            .as_ref()
            .and_then(|(_, _, places)| places.first())
            .map(|place| place.area.y - 0.012);
        let from = level.unwrap_or(top + 0.035);
        areas.push(Area {
            x: edge,
            y: from,
            w: 0.99 - edge,
            h: level.map_or(0.09, |_| 0.045),
        });
    }
    if !about && is_doubtful(&subject, DOUBT) {
        areas.extend(title_area(&reading));
    }
    areas.retain(|area| area.w > 0.1 && area.h > 0.015);
    areas
}

/// The type's name and the lines under it.
fn title_area(reading: &Reading) -> Option<Area> {
    let title = reading.kind.places.first()?.area;
    let lines = reading.subject.iter().flat_map(|field| &field.places);
    let bottom = lines.map(|place| place.area.bottom()).reduce(f32::max);
    // Only where the type's name was seen in the middle of the page.
    let is_centred = (0.3..0.75).contains(&(title.x + title.w / 2.0));
    is_centred.then(|| Area {
        x: 0.1,
        y: title.y - 0.008,
        w: 0.86,
        h: bottom.unwrap_or(title.bottom() + 0.07) - title.y + 0.022,
    })
}

/// The left edge of "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM".
fn right_column(page: &PageText) -> Option<f32> {
    let word = state_name(page)?;
    Some((word.area.x - 0.012).clamp(0.3, 0.55))
}

fn first_line(page: &PageText) -> Option<f32> {
    state_name(page).map(|word| word.area.y)
}

fn state_name(page: &PageText) -> Option<&Word> {
    page.lines.iter().find_map(|line| {
        let start = line
            .words
            .iter()
            .position(|word| matches!(squeeze(&word.text).as_str(), "cong" | "gong"))?;
        let rest: String = line
            .words
            .iter()
            .skip(start)
            .map(|word| squeeze(&word.text))
            .collect();
        rest.starts_with("conghoaxa")
            .then(|| line.words.get(start))?
    })
}

/// The page with the words of a second reading of that part, field by field where it makes more of
/// them. Where both made something else of a field, its words are doubted.
#[must_use]
pub fn with_head(page: PageText, area: Area, again: Vec<Line>) -> PageText {
    let candidate = replaced(&page, &[area], &again);
    let (old, new) = (seen(&head(&page)), seen(&head(&candidate)));
    let mut result = page;
    for (old, new) in old.into_iter().zip(new) {
        let Some((words, sure, places)) = new else {
            continue;
        };
        let inside = |place: &Place| {
            let (x, y) = middle(place.area);
            contains(area, x, y)
        };
        if !places.iter().any(inside) {
            continue;
        }
        let (is_same, before, own) = match old {
            Some((other, before, own)) => (other == words, before, own),
            None => (true, 0.0, Vec::new()),
        };
        let spots: Vec<Area> = places.iter().chain(&own).map(|place| place.area).collect();
        if sure > before {
            result = replaced(&result, &spots, &again);
        }
        if !is_same {
            doubt(&mut result, &spots);
        }
    }
    result
}

/// Exchanges the words in some areas.
fn replaced(page: &PageText, areas: &[Area], again: &[Line]) -> PageText {
    let within = |word: &Word| {
        let (x, y) = middle(word.area);
        areas.iter().any(|area| contains(*area, x, y))
    };
    let pick = |line: &Line, inside: bool| Line {
        words: line
            .words
            .iter()
            .filter(|word| within(word) == inside)
            .cloned()
            .collect(),
    };
    let mut lines: Vec<Line> = page.lines.iter().map(|line| pick(line, false)).collect();
    for line in again.iter().map(|line| pick(line, true)) {
        // What stood beside these words on their line is still beside them.
        match lines.iter_mut().find(|other| is_beside(other, &line)) {
            Some(other) => {
                other.words.extend(line.words);
                other.words.sort_by(|a, b| a.area.x.total_cmp(&b.area.x));
            }
            None => lines.push(line),
        }
    }
    lines.retain(|line| !line.words.is_empty());
    PageText {
        lines,
        ..page.clone()
    }
}

/// Whether two pieces of a line follow each other as words do.
fn is_beside(one: &Line, other: &Line) -> bool {
    const SPACE: f32 = 0.02;
    let ends = |line: &Line| Some((line.words.first()?.area, line.words.last()?.area));
    let (Some((first, last)), Some((other_first, other_last))) = (ends(one), ends(other)) else {
        return false;
    };
    let follows = |before: Area, after: Area| {
        let level = (middle(before).1 - middle(after).1).abs() < before.h.min(after.h) * 0.5;
        let gap = after.x - before.right();
        level && gap > -0.005 && gap < SPACE
    };
    follows(last, other_first) || follows(other_last, first)
}

fn doubt(page: &mut PageText, areas: &[Area]) {
    for word in page.lines.iter_mut().flat_map(|line| &mut line.words) {
        let (x, y) = middle(word.area);
        if areas.iter().any(|area| contains(*area, x, y)) {
            word.confidence *= DIFFERS;
        }
    }
}

fn middle(area: Area) -> (f32, f32) {
    (area.x + area.w / 2.0, area.y + area.h / 2.0)
}

fn contains(area: Area, x: f32, y: f32) -> bool {
    (area.x..=area.right()).contains(&x) && (area.y..=area.bottom()).contains(&y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Source;

    fn line(x: f32, y: f32, (text, confidence): (&str, f32)) -> Line {
        let mut at = x;
        let words = text.split(' ').map(|text| {
            let w = text.chars().count() as f32 * 0.0105;
            let area = Area {
                x: at,
                y,
                w,
                h: 0.012,
            };
            at += w + 0.009;
            Word {
                text: text.to_owned(),
                area,
                confidence,
            }
        });
        Line {
            words: words.collect(),
        }
    }

    fn page(agency: (&str, f32), number: (&str, f32)) -> PageText {
        PageText {
            page: 0,
            ratio: 1.414,
            source: Source::Ocr,
            lines: vec![
                line(0.12, 0.07, agency),
                line(0.5, 0.07, ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.95)),
                line(0.13, 0.13, number),
                line(0.5, 0.13, ("Hưng Thịnh, ngày 05 tháng 01 năm 2026", 0.95)),
                line(0.13, 0.15, ("V/v rà soát thủ tục", 0.95)),
            ],
            red: Vec::new(),
        }
    }

    #[test]
    fn what_was_read_with_doubts_is_read_again_and_what_was_sure_is_not() {
        let sure = page(("SỞ NỘI VỤ", 0.96), ("Số: 125/SNV-VP", 0.96));
        assert_eq!(head_to_read_again(&sure), []);
        let doubtful = page(("SỞ NỘI VỤ", 0.96), ("Số: 125/SNV-VP", 0.5));
        let areas = head_to_read_again(&doubtful);
        assert_eq!(areas.len(), 1, "the left column alone");
        let number = doubtful.lines[2].words[0].area;
        assert!(contains(areas[0], number.x, number.y));
        assert!(areas[0].right() < 0.5, "and nothing of the right one");
    }

    #[test]
    fn the_better_of_two_readings_of_a_field_stays_and_is_doubted_where_they_differ() {
        let first = page(("SỞ NỘI VỤ", 0.9), ("Số: 725/SNV-VP", 0.4));
        let area = Area {
            x: 0.04,
            y: 0.05,
            w: 0.44,
            h: 0.12,
        };
        let again = vec![
            line(0.12, 0.07, ("SỔ NỘI VỤ", 0.3)),
            line(0.13, 0.13, ("Số: 125/SNV-VP", 0.96)),
            line(0.13, 0.15, ("V/v rà soát thủ tục", 0.96)),
        ];
        let read = head(&with_head(first, area, again));
        let (agency, notation) = (read.agency.unwrap(), read.notation.unwrap());
        assert_eq!(agency.value.printed, "SỞ NỘI VỤ");
        assert_eq!(notation.value.to_string(), "125/SNV-VP");
        assert!(notation.confidence < 0.9, "{}", notation.confidence);
        assert!(read.subject.unwrap().confidence > 0.9, "both said the same");
    }
}
