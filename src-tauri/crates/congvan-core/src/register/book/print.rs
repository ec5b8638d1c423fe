//! A register on paper, in the form of Decree 30/2020, Appendix IV: A4 across, a cover, its columns
//! with their head on every page, pages counted.

use congvan_pades::{Appearance, Colour, Item, MmRect, TINOS};
use congvan_pdf::{EmbeddedFont, TextAlign, pdf_of_sheets};

use super::{
    day, failed,
    sheet::{Cell, RegisterColumn, Sheet},
};
use crate::Result;

/// A4 across, millimetres.
pub(crate) const PAGE: (f64, f64) = (297.0, 210.0);
/// The binding is on the left.
const LEFT: f64 = 20.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 196.0;
/// What the columns share.
const WIDTH: f64 = PAGE.0 - LEFT - 10.0;
/// The size that [`broken`] breaks lines for, in points.
pub(crate) const SIZE: f64 = 9.5;
const HEAD_SIZE: f64 = 9.5;
const PADDING: f64 = 0.8;
const LINE: f64 = 0.5;
pub(crate) const MM_PER_POINT: f64 = 25.4 / 72.0;
/// Head of the table and the line that numbers its columns.
const HEAD: f64 = 13.0;
const NUMBERS: f64 = 5.0;

/// The pages as a PDF.
pub(super) fn pdf(sheet: &Sheet) -> Result<Vec<u8>> {
    let font = EmbeddedFont::new(TINOS).map_err(failed)?;
    let columns = columns(&sheet.columns);
    let mut pages = vec![front(sheet)];
    let mut table = Vec::new();
    let mut y = TOP;
    for line in &sheet.lines {
        let row = Row::of(line, &columns, &font);
        // A row that no page holds is cut by its box, never the book.
        let height = row.height.min(BOTTOM - TOP - HEAD - NUMBERS);
        if table.is_empty() || y + height > BOTTOM {
            table.push(head(&columns));
            y = TOP + HEAD + NUMBERS;
        }
        if let Some(page) = table.last_mut() {
            row.draw(page, &columns, (y, height));
        }
        y += height;
    }
    if table.is_empty() {
        table.push(head(&columns));
    }
    let count = table.len();
    for (number, mut page) in (1..).zip(table) {
        let words = format!("Trang {number}/{count}");
        let area = MmRect {
            x: LEFT,
            y: BOTTOM + 4.0,
            width: WIDTH,
            height: 5.0,
        };
        page.items
            .push(text(vec![words], area, (SIZE, TextAlign::Centre)));
        pages.push(page);
    }
    pdf_of_sheets(&pages, PAGE, TINOS).map_err(failed)
}

/// The chosen columns with their widths: together they fill the page.
fn columns(chosen: &[RegisterColumn]) -> Vec<(RegisterColumn, f64)> {
    let whole: f64 = chosen.iter().map(|column| column.head().1).sum();
    let share = |column: &RegisterColumn| (*column, column.head().1 / whole.max(1.0) * WIDTH);
    chosen.iter().map(share).collect()
}

/// The cover.
fn front(sheet: &Sheet) -> Appearance {
    let range = match sheet.numbers {
        Some((first, last)) => format!("Từ số {first} đến số {last}"),
        None if sheet.lines.is_empty() => "Chưa có số".to_owned(),
        None => String::new(),
    };
    let period = match sheet.days {
        Some((first, last)) => format!("Từ ngày {} đến ngày {}", day(first), day(last)),
        None => String::new(),
    };
    let said = [
        (sheet.agency.to_uppercase(), 13.0, 30.0),
        (sheet.register.title().to_owned(), 22.0, 75.0),
        (format!("Năm: {}", sheet.year), 14.0, 92.0),
        (sheet.book.clone(), 14.0, 102.0),
        (range, 14.0, 118.0),
        (period, 14.0, 128.0),
        (sheet.only.clone(), 14.0, 137.0),
        ("Quyển số: ......".to_owned(), 14.0, 146.0),
    ];
    let mut items = vec![Item::Frame {
        area: MmRect {
            x: LEFT,
            y: TOP,
            width: WIDTH,
            height: BOTTOM - TOP,
        },
        width: 1.5,
        colour: Colour::BLACK,
    }];
    for (words, size, y) in said {
        let area = MmRect {
            x: LEFT + 5.0,
            y,
            width: WIDTH - 10.0,
            height: 14.0,
        };
        if !words.is_empty() {
            items.push(text(vec![words], area, (size, TextAlign::Centre)));
        }
    }
    Appearance { items }
}

/// An empty page of the table.
fn head(columns: &[(RegisterColumn, f64)]) -> Appearance {
    let mut items = Vec::new();
    let mut x = LEFT;
    for (number, (column, width)) in (1..).zip(columns) {
        for (words, y, height, size) in [
            (column.head().0.to_owned(), TOP, HEAD, HEAD_SIZE),
            (format!("({number})"), TOP + HEAD, NUMBERS, SIZE - 1.0),
        ] {
            let area = MmRect {
                x,
                y,
                width: *width,
                height,
            };
            items.push(frame(area));
            items.push(text(vec![words], inner(area), (size, TextAlign::Centre)));
        }
        x += width;
    }
    Appearance { items }
}

/// A line of the book with its cells broken to their widths.
struct Row {
    cells: Vec<Vec<String>>,
    height: f64,
}

impl Row {
    fn of(line: &[Cell], columns: &[(RegisterColumn, f64)], font: &EmbeddedFont<'_>) -> Self {
        let leading = (font.ascent(SIZE) + font.descent(SIZE)) * MM_PER_POINT;
        let cells: Vec<Vec<String>> = line
            .iter()
            .zip(columns)
            .map(|(cell, (_, width))| {
                broken(&cell.words(), (width - 2.0 * PADDING) / MM_PER_POINT, font)
            })
            .collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a few lines")]
        let height = most as f64 * leading + 2.0 * PADDING + 0.2;
        Self { cells, height }
    }

    fn draw(
        self,
        page: &mut Appearance,
        columns: &[(RegisterColumn, f64)],
        (y, height): (f64, f64),
    ) {
        let mut x = LEFT;
        for (lines, (column, width)) in self.cells.into_iter().zip(columns) {
            let area = MmRect {
                x,
                y,
                width: *width,
                height,
            };
            page.items.push(frame(area));
            let align = match column.is_centred() {
                true => TextAlign::Centre,
                false => TextAlign::Left,
            };
            if lines.iter().any(|line| !line.is_empty()) {
                page.items.push(text(lines, inner(area), (SIZE, align)));
            }
            x += width;
        }
    }
}

/// Breaks words at spaces; a word that is wider than its column at any letter.
pub(crate) fn broken(words: &str, width: f64, font: &EmbeddedFont<'_>) -> Vec<String> {
    let space = font.width(" ", SIZE);
    let (mut lines, mut line, mut taken) = (Vec::new(), String::new(), 0.0);
    for word in words.split_whitespace() {
        let (mut rest, mut wide) = (word, font.width(word, SIZE));
        if !line.is_empty() {
            if taken + space + wide <= width {
                line.push(' ');
                line.push_str(rest);
                taken += space + wide;
                continue;
            }
            lines.push(std::mem::take(&mut line));
        }
        while wide > width {
            let (fits, after) = rest.split_at(head_of(rest, width, font));
            if after.is_empty() {
                break;
            }
            lines.push(fits.to_owned());
            (rest, wide) = (after, font.width(after, SIZE));
        }
        line.push_str(rest);
        taken = wide;
    }
    lines.push(line);
    lines
}

/// Bytes of as many letters of a word as fit, at least one.
fn head_of(word: &str, width: f64, font: &EmbeddedFont<'_>) -> usize {
    let ends = word
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    let fits = |end: &usize| font.width(word.split_at(*end).0, SIZE) <= width;
    let first = word.chars().next().map_or(0, char::len_utf8);
    ends.take_while(fits).last().unwrap_or(first)
}

pub(crate) fn inner(area: MmRect) -> MmRect {
    MmRect {
        x: area.x + PADDING,
        y: area.y + PADDING,
        width: (area.width - 2.0 * PADDING).max(1.0),
        height: (area.height - 2.0 * PADDING).max(1.0),
    }
}

pub(crate) fn frame(area: MmRect) -> Item {
    Item::Frame {
        area,
        width: LINE,
        colour: Colour::BLACK,
    }
}

pub(crate) fn text(lines: Vec<String>, area: MmRect, (size, align): (f64, TextAlign)) -> Item {
    Item::Text {
        lines,
        area,
        size,
        colour: Colour::BLACK,
        align,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_where_the_column_ends_and_a_long_word_at_any_letter() {
        let font = EmbeddedFont::new(TINOS).unwrap();
        let wide = |words: &str| font.width(words, SIZE);
        let words = "Báo cáo  tình hình";
        assert_eq!(
            broken(words, wide("Báo cáo tình"), &font),
            ["Báo cáo tình", "hình"]
        );
        assert_eq!(
            broken(words, wide("Báo cáo tìn"), &font),
            ["Báo cáo", "tình hình"]
        );
        assert_eq!(
            broken("ab 12345678", wide("12345"), &font),
            ["ab", "12345", "678"]
        );
        assert_eq!(broken("WW", 0.1, &font), ["W", "W"]);
        assert_eq!(broken("", 10.0, &font), [""]);
    }
}
