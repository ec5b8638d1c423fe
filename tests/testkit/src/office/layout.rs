//! From a letter to positioned text: the page cells of Decree 30/2020, Appendix I.

use anyhow::Result;
use congvan_model::{DocumentType, Urgency};

use super::{
    Block, Fonts, Letter,
    font::Style::{self, Bold, BoldItalic, Italic, Regular},
};

pub(super) const PAGE_WIDTH: f32 = 595.28;
pub(super) const PAGE_HEIGHT: f32 = 841.89;
const MM: f32 = 72.0 / 25.4;
const LEFT: f32 = 30.0 * MM;
const RIGHT: f32 = PAGE_WIDTH - 20.0 * MM;
const TOP: f32 = 20.0 * MM;
const BOTTOM: f32 = PAGE_HEIGHT - 20.0 * MM;
const WIDTH: f32 = RIGHT - LEFT;
const BODY: f32 = 14.0;
const LINE: f32 = 18.5;

/// A style at a size in points.
type Face = (Style, f32);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ink {
    Black,
    Red,
}

/// Something on a page; coordinates in points from the top left corner, `y` of text is its
/// baseline.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Text {
        x: f32,
        y: f32,
        size: f32,
        style: Style,
        text: String,
        extra: f32,
        ink: Ink,
    },
    Line {
        x1: f32,
        y1: f32,
        x2: f32,
        y2: f32,
    },
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
}

#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) items: Vec<Item>,
}

pub(super) fn lay_out(fonts: &Fonts, letter: &Letter) -> Result<Vec<Page>> {
    let mut sheet = Sheet {
        fonts,
        pages: vec![Page::default()],
        y: TOP,
    };
    let head = sheet.head(letter);
    sheet.y = head;
    sheet.title(letter);
    sheet.addressees(letter);
    for block in &letter.blocks {
        sheet.block(block);
    }
    sheet.foot(letter);
    Ok(sheet.pages)
}

struct Sheet<'a> {
    fonts: &'a Fonts,
    pages: Vec<Page>,
    y: f32,
}

impl Sheet<'_> {
    fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.items.push(item);
        }
    }

    fn text(&mut self, x: f32, y: f32, (style, size): Face, text: &str) {
        let text = text.to_owned();
        self.put(Item::Text {
            x,
            y,
            size,
            style,
            text,
            extra: 0.0,
            ink: Ink::Black,
        });
    }

    fn centred(&mut self, centre: f32, y: f32, (style, size): Face, text: &str) -> f32 {
        let width = self.fonts.width(style, size, text);
        self.text(centre - width / 2.0, y, (style, size), text);
        width
    }

    fn rule(&mut self, centre: f32, y: f32, width: f32) {
        self.put(Item::Line {
            x1: centre - width / 2.0,
            y1: y,
            x2: centre + width / 2.0,
            y2: y,
        });
    }

    fn wrap(&self, (style, size): Face, text: &str, width: f32, indent: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut room = width - indent;
        for word in text.split_whitespace() {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.fonts.width(style, size, &longer) > room && !line.is_empty() {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
                room = width;
            } else {
                line = longer;
            }
        }
        lines.push(line);
        lines
    }

    fn need(&mut self, height: f32) {
        if self.y + height <= BOTTOM {
            return;
        }
        self.pages.push(Page::default());
        self.y = TOP + 14.0;
        let number = self.pages.len().to_string();
        self.centred(PAGE_WIDTH / 2.0, TOP - 8.0, (Regular, 13.0), &number);
    }

    /// Cells 1 to 4 and 10b; the answer is where the next cell may start.
    fn head(&mut self, letter: &Letter) -> f32 {
        let left = LEFT + WIDTH * 0.185;
        let right = LEFT + WIDTH * 0.705;
        let mut y = TOP + 13.0;
        let motto = self.centred(right, y, (Bold, 12.5), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
        let under = self.centred(right, y + 17.0, (Bold, 13.5), "Độc lập - Tự do - Hạnh phúc");
        self.rule(right, y + 21.0, under.min(motto));
        if let Some(parent) = &letter.stationery.parent {
            self.centred(left, y, (Regular, 12.5), &parent.to_uppercase());
            y += 16.0;
        }
        let agency = letter.stationery.agency.to_uppercase();
        // A line break in the name is kept: people break it where the sense does.
        for part in agency.lines() {
            for line in self.wrap((Bold, 12.5), part, WIDTH * 0.39, 0.0) {
                self.centred(left, y, (Bold, 12.5), &line);
                y += 16.0;
            }
        }
        self.rule(left, y - 11.0, 60.0);
        y = (y + 10.0).max(TOP + 56.0);
        self.centred(
            left,
            y,
            (Regular, 13.0),
            &format!("Số: {}", letter.notation),
        );
        self.centred(right, y, (Italic, 13.0), &place_and_date(letter));
        y += 18.0;
        if letter.kind == DocumentType::OfficialLetter {
            let about = format!("V/v {}", lower_first(&letter.subject));
            for line in self.wrap((Regular, 12.0), &about, WIDTH * 0.40, 0.0) {
                self.centred(left, y, (Regular, 12.0), &line);
                y += 15.0;
            }
        }
        self.urgency(letter.urgency, left, y) + 12.0
    }

    /// Cell 10b: 20, 40 or 30 mm by 8 mm, bright red, single border.
    fn urgency(&mut self, urgency: Urgency, centre: f32, y: f32) -> f32 {
        let (width, words) = match urgency {
            Urgency::Normal => return y,
            Urgency::Urgent => (20.0, "KHẨN"),
            Urgency::VeryUrgent => (40.0, "THƯỢNG KHẨN"),
            Urgency::Express => (30.0, "HỎA TỐC"),
            Urgency::ExpressTimed => (48.0, "HỎA TỐC HẸN GIỜ"),
        };
        let (width, height) = (width * MM, 8.0 * MM);
        let top = y - 6.0;
        self.put(Item::Frame {
            x: centre - width / 2.0,
            y: top,
            width,
            height,
            ink: Ink::Red,
        });
        let x = centre - self.fonts.width(Bold, 13.0, words) / 2.0;
        let text = words.to_owned();
        self.put(Item::Text {
            x,
            y: top + 15.5,
            size: 13.0,
            style: Bold,
            text,
            extra: 0.0,
            ink: Ink::Red,
        });
        top + height + 8.0
    }

    /// Cell 5a: name of the type and subject, for all but official letters.
    fn title(&mut self, letter: &Letter) {
        if letter.kind == DocumentType::OfficialLetter {
            return;
        }
        let centre = LEFT + WIDTH / 2.0;
        self.y += 14.0;
        self.centred(
            centre,
            self.y,
            (Bold, BODY),
            &letter.kind.name().to_uppercase(),
        );
        self.y += LINE;
        for line in self.wrap((Bold, BODY), &letter.subject, WIDTH * 0.84, 0.0) {
            self.centred(centre, self.y, (Bold, BODY), &line);
            self.y += LINE;
        }
        self.rule(centre, self.y - 12.0, 110.0);
        self.y += 8.0;
    }

    fn addressees(&mut self, letter: &Letter) {
        let centre = LEFT + WIDTH / 2.0;
        match letter.addressees.as_slice() {
            [] => {}
            [one] => {
                self.y += 8.0;
                self.centred(centre, self.y, (Regular, BODY), &format!("Kính gửi: {one}"));
                self.y += LINE + 8.0;
            }
            many => {
                self.y += 8.0;
                self.text(LEFT + 90.0, self.y, (Regular, BODY), "Kính gửi:");
                self.y += LINE;
                for one in many {
                    self.text(LEFT + 130.0, self.y, (Regular, BODY), &format!("- {one};"));
                    self.y += LINE;
                }
                self.y += 8.0;
            }
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => {
                self.need(LINE * 3.0);
                for line in self.wrap((Bold, BODY), text, WIDTH - 28.0, 0.0) {
                    self.text(LEFT + 28.0, self.y, (Bold, BODY), &line);
                    self.y += LINE;
                }
                self.y += 4.0;
            }
            Block::Paragraph(text) => self.paragraph(text),
            Block::Table(head, rows) => self.table(head, rows),
        }
    }

    fn paragraph(&mut self, text: &str) {
        let indent = 10.0 * MM;
        let lines = self.wrap((Regular, BODY), text, WIDTH, indent);
        let last = lines.len().saturating_sub(1);
        for (number, line) in lines.into_iter().enumerate() {
            self.need(LINE);
            let shift = if number == 0 { indent } else { 0.0 };
            let spaces = line.matches(' ').count();
            let slack = WIDTH - shift - self.fonts.width(Regular, BODY, &line);
            // The last line of a paragraph is not stretched.
            let extra = if number == last || spaces == 0 {
                0.0
            } else {
                slack / spaces as f32
            };
            let y = self.y;
            self.put(Item::Text {
                x: LEFT + shift,
                y,
                size: BODY,
                style: Regular,
                text: line,
                extra,
                ink: Ink::Black,
            });
            self.y += LINE;
        }
        self.y += 6.0;
    }

    fn table(&mut self, head: &[String], rows: &[Vec<String>]) {
        let narrow = 34.0;
        let rest = (WIDTH - narrow) / (head.len().max(2) - 1) as f32;
        let widths: Vec<f32> = (0..head.len())
            .map(|column| if column == 0 { narrow } else { rest })
            .collect();
        self.need(70.0);
        self.y -= 10.0;
        self.row(head, &widths, Bold);
        for row in rows {
            self.row(row, &widths, Regular);
        }
        self.y += 24.0;
    }

    fn row(&mut self, cells: &[String], widths: &[f32], style: Style) {
        let wrapped: Vec<Vec<String>> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| self.wrap((style, 12.0), cell, width - 8.0, 0.0))
            .collect();
        let lines = wrapped.iter().map(Vec::len).max().unwrap_or(1);
        let height = lines as f32 * 15.0 + 6.0;
        self.need(height + 14.0);
        let mut x = LEFT;
        let top = self.y;
        for (lines, width) in wrapped.iter().zip(widths) {
            self.put(Item::Frame {
                x,
                y: top,
                width: *width,
                height,
                ink: Ink::Black,
            });
            for (number, line) in lines.iter().enumerate() {
                self.text(
                    x + 4.0,
                    top + 14.0 + number as f32 * 15.0,
                    (style, 12.0),
                    line,
                );
            }
            x += width;
        }
        self.y += height;
    }

    /// Cells 7 and 9b: who signs on the right, the recipients on the left, never split.
    fn foot(&mut self, letter: &Letter) {
        self.need(170.0);
        self.y += 10.0;
        let top = self.y;
        self.text(LEFT, top, (BoldItalic, 12.0), "Nơi nhận:");
        let mut y = top + 14.0;
        for recipient in &letter.recipients {
            self.text(LEFT, y, (Regular, 11.0), &format!("- {recipient};"));
            y += 13.5;
        }
        self.text(LEFT, y, (Regular, 11.0), "- Lưu: VT.");
        let centre = LEFT + WIDTH * 0.74;
        let mut y = top;
        for line in &letter.authority {
            self.centred(centre, y, (Bold, 13.5), line);
            y += 17.0;
        }
        // Room for the signature's picture: cell 7c.
        self.centred(centre, y + 84.0, (Bold, BODY), &letter.signer);
        self.y = y + 96.0;
    }
}

fn place_and_date(letter: &Letter) -> String {
    let place = &letter.stationery.place;
    letter.date.map_or_else(
        || format!("{place}, ngày      tháng      năm 2026"),
        |date| {
            let month = if date.month() < 3 {
                format!("{:02}", date.month())
            } else {
                date.month().to_string()
            };
            format!(
                "{place}, ngày {:02} tháng {month} năm {}",
                date.day(),
                date.year()
            )
        },
    )
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
