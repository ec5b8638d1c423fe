//! From a plan and a manner to marks on pages: the cells of Decree 30/2020, Appendix I.

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::Block;

use super::{
    manner::{MM, Manner, Numbered, Type, Under, Where},
    plan::Plan,
    write::Mark,
};
use crate::font::{Faces, Style};

/// Ascent, descent and single spacing of the face, as parts of its size.
const ASCENT: f32 = 0.891;
const DESCENT: f32 = 0.216;
const SINGLE: f32 = 1.149;

/// What a decision stands on.
pub(super) const GROUNDS: [&str; 3] = [
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;",
    "Theo đề nghị của Chánh Văn phòng tại Tờ trình số 12/TTr-VP ngày 10 tháng 02 năm 2026.",
];
/// To whom it goes besides.
pub(super) const RECIPIENTS: [&str; 3] = [
    "Như trên",
    "Thường trực Đảng ủy (b/c)",
    "Các đơn vị liên quan",
];

const BLACK: [u8; 3] = [0, 0, 0];
const RED: [u8; 3] = [230, 13, 13];

/// A letter as it was set.
pub(super) struct Set {
    pub(super) pages: Vec<Vec<Mark>>,
    /// The page with the signature, from 0.
    pub(super) signed: usize,
    /// How far the lowest line of the first page is from the paper's edge, in millimetres.
    pub(super) first_bottom: f32,
}

pub(super) fn set(plan: &Plan, manner: &Manner, (own, other): (&Faces<'_>, &Faces<'_>)) -> Set {
    let paper = (manner.paper.0 * MM, manner.paper.1 * MM);
    let left = manner.margins.2 * MM;
    let mut setter = Setter {
        plan,
        manner,
        own,
        other,
        pages: vec![Vec::new()],
        paper,
        left,
        width: paper.0 - left - manner.margins.3 * MM,
        y: 0.0,
        first_bottom: 0.0,
        is_other: false,
        ink: BLACK,
    };
    if let Some(Where::Everything) = manner.other_face {
        setter.is_other = true;
    }
    if let Some((Where::Everything, ink)) = manner.other_ink {
        setter.ink = ink;
    }
    setter.head();
    setter.title();
    setter.addressees();
    setter.grounds();
    setter.blocks();
    setter.foot();
    let signed = setter.pages.len() - 1;
    for number in 0..plan.annexes {
        setter.annex(number + 1);
    }
    Set {
        first_bottom: manner.paper.1 - setter.first_bottom / MM,
        pages: setter.pages,
        signed,
    }
}

struct Setter<'a> {
    plan: &'a Plan,
    manner: &'a Manner,
    own: &'a Faces<'a>,
    other: &'a Faces<'a>,
    pages: Vec<Vec<Mark>>,
    paper: (f32, f32),
    left: f32,
    width: f32,
    /// Where the next line's room begins, in points from the top.
    y: f32,
    first_bottom: f32,
    is_other: bool,
    ink: [u8; 3],
}

impl Setter<'_> {
    fn faces(&self) -> &Faces<'_> {
        if self.is_other { self.other } else { self.own }
    }

    fn measure(&self, face: Type, text: &str) -> f32 {
        // Families that run wide are measured as they are usually set: smaller.
        let scale = self.faces().set(1.0);
        self.faces().width(face.style, face.size, text) / scale
    }

    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn text(&mut self, at: (f32, f32), face: Type, text: &str, extra: f32) {
        if self.pages.len() == 1 {
            self.first_bottom = self.first_bottom.max(at.1 + face.size * DESCENT);
        }
        self.put(Mark::Text {
            at,
            size: face.size,
            style: face.style,
            is_other: self.is_other,
            text: text.to_owned(),
            extra,
            ink: self.ink,
        });
    }

    fn centred(&mut self, (centre, y): (f32, f32), face: Type, text: &str) -> f32 {
        let width = self.measure(face, text);
        self.text((centre - width / 2.0, y), face, text, 0.0);
        width
    }

    fn under(&mut self, centre: f32, y: f32, width: f32, under: Under) {
        if let Some(part) = under {
            let half = width * part / 2.0;
            self.put(Mark::Line {
                from: (centre - half, y),
                to: (centre + half, y),
                ink: BLACK,
            });
        }
    }

    fn wrap(&self, face: Type, text: &str, width: f32, indent: f32) -> Vec<String> {
        let (mut lines, mut line, mut room) = (Vec::new(), String::new(), width - indent);
        for word in text.split_whitespace() {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.measure(face, &longer) > room && !line.is_empty() {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
                room = width;
            } else {
                line = longer;
            }
        }
        lines.push(line);
        lines
    }

    /// A new page where so many points do not fit.
    fn need(&mut self, height: f32) {
        let bottom = self.paper.1 - self.manner.margins.1 * MM;
        if self.y + height <= bottom {
            return;
        }
        self.new_page();
        let number = self.pages.len() + self.manner.page_shift;
        self.numbered(&number.to_string());
    }

    fn new_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = self.manner.margins.0 * MM;
    }

    fn numbered(&mut self, number: &str) {
        let face = self.manner.page_number;
        let (wide, high) = self.paper;
        // Within the margin, however narrow that is.
        let above = (self.manner.margins.0 - 5.0).min(15.0) * MM;
        match self.manner.numbered {
            Numbered::Above => self.centred((self.left + self.width / 2.0, above), face, number),
            Numbered::Right => self.centred((wide - 20.0 * MM, above), face, number),
            Numbered::Below => self.centred((wide / 2.0, high - 12.0 * MM), face, number),
            Numbered::Nowhere => 0.0,
        };
    }

    /// A line of single spacing; says where its letters stand.
    fn single(y: &mut f32, face: Type) -> f32 {
        let base = *y + face.size * ASCENT;
        *y += face.size * SINGLE;
        base
    }

    /// Cells 1 to 4, 5b and 10b.
    fn head(&mut self) {
        let manner = self.manner;
        let plan = self.plan;
        if manner.is_first_numbered {
            self.numbered("1");
        }
        let nation = manner.nation_words.as_deref();
        let wide = self.measure(
            manner.nation,
            nation.unwrap_or("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT"),
        );
        let wide = wide.max(self.measure(manner.motto, "Độc lập - Tự do - Hạnh phúc"));
        let right = self.left + self.width - wide / 2.0;
        let column = self.width - wide - 12.0;
        let left = self.left + column / 2.0;
        let mut y = manner.margins.0 * MM;
        let top = y;
        if let Some(words) = nation {
            let base = Self::single(&mut y, manner.nation);
            self.centred((right, base), manner.nation, words);
        }
        if let Some(words) = &manner.motto_words {
            let base = Self::single(&mut y, manner.motto);
            let width = self.centred((right, base), manner.motto, words);
            self.under(right, base + 4.5, width, manner.motto_line);
        }
        let right_end = y;
        y = top;
        for line in &plan.above {
            let text = if manner.above_capitals {
                line.clone()
            } else {
                lower(line)
            };
            for line in self.wrap(manner.above, &text, column, 0.0) {
                let base = Self::single(&mut y, manner.above);
                self.centred((left, base), manner.above, &line);
            }
        }
        let mut lines = Vec::new();
        for line in &plan.agency {
            let text = if manner.agency_capitals {
                line.clone()
            } else {
                lower(line)
            };
            lines.extend(self.wrap(manner.agency, &text, column, 0.0));
        }
        let (count, mut widest) = (lines.len(), 0.0_f32);
        for (number, line) in lines.into_iter().enumerate() {
            let base = Self::single(&mut y, manner.agency);
            let width = self.centred((left, base), manner.agency, &line);
            widest = width.max(widest);
            if number + 1 == count {
                self.under(left, base + 5.0, widest, manner.agency_line);
            }
        }
        y = y.max(right_end) + 12.0;
        let base = y + 13.0 * ASCENT;
        if let Some(words) = number_words(plan, manner) {
            self.centred((left, base), manner.number, &words);
        }
        if let Some(words) = date_words(plan, manner) {
            let is_whole = self.ink;
            if let Some((Where::Date, ink)) = manner.other_ink {
                self.ink = ink;
            }
            let half = self.measure(manner.date, &words) / 2.0;
            let centre = right.min(self.left + self.width - half);
            self.centred((centre, base), manner.date, &words);
            self.ink = is_whole;
        }
        y += 14.0 * SINGLE;
        if let (DocumentType::OfficialLetter, Some(before), Some(subject)) =
            (plan.kind, manner.about_words, &plan.subject)
        {
            y += 6.0;
            for line in self.wrap(manner.about, &format!("{before} {subject}"), column, 0.0) {
                let base = Self::single(&mut y, manner.about);
                self.centred((left, base), manner.about, &line);
            }
        }
        self.y = self.mark(left, y);
    }

    /// Cell 10b: capitals in a frame, bright red.
    fn mark(&mut self, centre: f32, y: f32) -> f32 {
        let urgency = self.plan.urgency;
        let Some(words) = urgency.stamp().filter(|_| urgency != Urgency::Normal) else {
            return y;
        };
        let face = self.manner.mark;
        let width = self.measure(face, words) + 14.0;
        let top = y + 6.0;
        self.put(Mark::Frame {
            at: (centre - width / 2.0, top),
            sides: (width, 8.0 * MM),
            ink: RED,
        });
        let ink = std::mem::replace(&mut self.ink, RED);
        self.centred((centre, top + 15.5), face, words);
        self.ink = ink;
        top + 8.0 * MM
    }

    /// Cell 5a.
    fn title(&mut self) {
        let (manner, plan) = (self.manner, self.plan);
        self.y += 14.0;
        if plan.kind == DocumentType::OfficialLetter {
            return;
        }
        let centre = self.left + self.width / 2.0;
        let name = if manner.kind_capitals {
            plan.kind.name().to_uppercase()
        } else {
            plan.kind.name().to_owned()
        };
        let mut y = self.y;
        let base = Self::single(&mut y, manner.kind);
        self.centred((centre, base), manner.kind, &name);
        if let Some(subject) = &plan.subject {
            let subject = upper_first(subject);
            let lines = self.wrap(manner.subject, &subject, self.width * 0.8, 0.0);
            let (count, mut widest) = (lines.len(), 0.0_f32);
            for (number, line) in lines.into_iter().enumerate() {
                let base = Self::single(&mut y, manner.subject);
                let width = self.centred((centre, base), manner.subject, &line);
                widest = width.max(widest);
                if number + 1 == count {
                    self.under(centre, base + 5.5, widest, manner.subject_line);
                }
            }
        }
        self.y = y + 16.0;
    }

    /// Cell 9a.
    fn addressees(&mut self) {
        let face = self.manner.addressees;
        let Some((after, between, end)) = self.manner.addressees_words else {
            return;
        };
        let centre = self.left + self.width / 2.0;
        match self.plan.addressees.as_slice() {
            [] => return,
            [one] => {
                let base = Self::single(&mut self.y, face);
                self.centred((centre, base), face, &format!("Kính gửi{after} {one}"));
            }
            many => {
                let label = format!("Kính gửi{after}");
                let at = self.left + 30.0 * MM;
                let base = Self::single(&mut self.y, face);
                self.text((at, base), face, &label, 0.0);
                let under = at + self.measure(face, &label) - 3.0;
                for (number, one) in many.iter().enumerate() {
                    let mark = if number + 1 == many.len() {
                        end
                    } else {
                        between
                    };
                    let base = Self::single(&mut self.y, face);
                    self.text((under, base), face, &format!("- {one}{mark}"), 0.0);
                }
            }
        }
        self.y += 10.0;
    }

    /// What a decision or resolution stands on, and the word that decides.
    fn grounds(&mut self) {
        let word = match self.plan.kind {
            DocumentType::Decision => "QUYẾT ĐỊNH:",
            DocumentType::Resolution => "QUYẾT NGHỊ:",
            _ => return,
        };
        for text in GROUNDS {
            self.paragraph(text, self.manner.grounds);
        }
        let bold = Type {
            style: Style::Bold,
            ..self.manner.body
        };
        self.y += 6.0;
        let base = Self::single(&mut self.y, bold);
        self.centred((self.left + self.width / 2.0, base), bold, word);
        self.y += 8.0;
    }

    fn blocks(&mut self) {
        let mut is_first = true;
        for block in &self.plan.blocks {
            match block {
                Block::Heading(text) => {
                    let bold = Type {
                        style: Style::Bold,
                        ..self.manner.body
                    };
                    self.need(bold.size * 4.0);
                    let base = Self::single(&mut self.y, bold);
                    self.text((self.left + self.manner.indent * MM, base), bold, text, 0.0);
                    self.y += self.manner.gap;
                }
                Block::Paragraph(text) => {
                    let kept = (self.is_other, self.ink);
                    if is_first && self.manner.other_face == Some(Where::FirstParagraph) {
                        self.is_other = true;
                    }
                    if let (true, Some((Where::FirstParagraph, ink))) =
                        (is_first, self.manner.other_ink)
                    {
                        self.ink = ink;
                    }
                    is_first = false;
                    self.paragraph(text, self.manner.body);
                    (self.is_other, self.ink) = kept;
                }
                Block::Table(head, rows) => self.table(head, rows),
            }
        }
    }

    fn paragraph(&mut self, text: &str, face: Type) {
        let indent = self.manner.indent * MM;
        let pitch = face.size * SINGLE * self.manner.spacing;
        let lines = self.wrap(face, text, self.width, indent);
        let last = lines.len().saturating_sub(1);
        for (number, line) in lines.into_iter().enumerate() {
            self.need(pitch.max(face.size * SINGLE));
            let shift = if number == 0 { indent } else { 0.0 };
            let spaces = line.matches(' ').count();
            let slack = self.width - shift - self.measure(face, &line);
            let extra = if number == last || spaces == 0 || !self.manner.is_justified {
                0.0
            } else {
                slack / spaces as f32
            };
            // What is more than single goes above the letters.
            let base = self.y + pitch - face.size * (SINGLE - ASCENT);
            self.text((self.left + shift, base), face, &line, extra);
            self.y += pitch;
        }
        self.y += self.manner.gap;
    }

    fn table(&mut self, head: &[String], rows: &[Vec<String>]) {
        let narrow = 34.0;
        let rest = (self.width - narrow) / (head.len().max(2) - 1) as f32;
        let widths: Vec<f32> = (0..head.len())
            .map(|column| if column == 0 { narrow } else { rest })
            .collect();
        self.need(80.0);
        self.row(head, &widths, Style::Bold);
        for row in rows {
            self.row(row, &widths, Style::Regular);
        }
        self.y += 12.0;
    }

    fn row(&mut self, cells: &[String], widths: &[f32], style: Style) {
        let face = Type { size: 12.0, style };
        let wrapped: Vec<Vec<String>> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| self.wrap(face, cell, width - 8.0, 0.0))
            .collect();
        let lines = wrapped.iter().map(Vec::len).max().unwrap_or(1);
        let height = lines as f32 * 15.0 + 6.0;
        self.need(height);
        let mut x = self.left;
        let top = self.y;
        for (lines, width) in wrapped.iter().zip(widths) {
            self.put(Mark::Frame {
                at: (x, top),
                sides: (*width, height),
                ink: BLACK,
            });
            for (number, line) in lines.iter().enumerate() {
                let y = top + 14.0 + number as f32 * 15.0;
                self.text((x + 4.0, y), face, line, 0.0);
            }
            x += width;
        }
        self.y += height;
    }

    /// Cells 7 and 9b, never split.
    fn foot(&mut self) {
        let (manner, plan) = (self.manner, self.plan);
        self.need(170.0);
        self.y += 8.0;
        let top = self.y;
        let mut y = top;
        let base = Self::single(&mut y, manner.label);
        if let Some(words) = manner.label_words {
            self.text((self.left, base), manner.label, words, 0.0);
        }
        let (before, after, last) = manner.recipients_words;
        for name in RECIPIENTS {
            let base = Self::single(&mut y, manner.recipients);
            let line = format!("{before}{name}{after}");
            self.text((self.left, base), manner.recipients, &line, 0.0);
        }
        if let Some(last) = last {
            let base = Self::single(&mut y, manner.recipients);
            self.text((self.left, base), manner.recipients, last, 0.0);
        }
        let centre = self.left + self.width * 0.74;
        y = top;
        for line in &plan.authority {
            let base = Self::single(&mut y, manner.authority);
            self.centred((centre, base), manner.authority, line);
        }
        self.centred((centre, y + 76.0), manner.signer, &plan.signer);
        self.y = y + 90.0;
    }

    /// An annex with a table, on a page of its own.
    fn annex(&mut self, number: usize) {
        self.new_page();
        let centre = self.left + self.width / 2.0;
        let bold = Type {
            size: 14.0,
            style: Style::Bold,
        };
        let roman = ["I", "II", "III"].get(number - 1).copied().unwrap_or("IV");
        let base = Self::single(&mut self.y, bold);
        self.centred((centre, base), bold, &format!("Phụ lục {roman}"));
        let base = Self::single(&mut self.y, bold);
        self.centred((centre, base), bold, "DANH MỤC NHIỆM VỤ ĐƯỢC PHÂN CÔNG");
        self.y += 14.0;
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows: Vec<Vec<String>> = (1..=8)
            .map(|number| {
                row([
                    &number.to_string(),
                    "Rà soát, tổng hợp số liệu và đối chiếu với thực tế",
                    "Phòng Kinh tế",
                ])
            })
            .collect();
        self.table(&row(["TT", "Nội dung công việc", "Đơn vị chủ trì"]), &rows);
    }
}

pub(super) fn number_words(plan: &Plan, manner: &Manner) -> Option<String> {
    if let Some(words) = &manner.number_words {
        return (!words.is_empty()).then(|| words.clone());
    }
    Some(if plan.is_draft {
        format!("Số:          /{}", plan.symbol)
    } else {
        format!("Số: {:02}/{}", plan.serial, plan.symbol)
    })
}

pub(super) fn date_words(plan: &Plan, manner: &Manner) -> Option<String> {
    if let Some(words) = &manner.date_words {
        return (!words.is_empty()).then(|| words.clone());
    }
    let (day, month, year) = plan.date;
    let month = if month < 3 {
        format!("{month:02}")
    } else {
        month.to_string()
    };
    let place = &plan.place;
    Some(if plan.is_draft {
        format!("{place}, ngày      tháng {month} năm {year}")
    } else {
        format!("{place}, ngày {day:02} tháng {month} năm {year}")
    })
}

pub(super) fn lower(text: &str) -> String {
    upper_first(&text.to_lowercase())
}

pub(super) fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
