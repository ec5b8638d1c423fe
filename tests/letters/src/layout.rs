//! From a plan to marks on paper: the cells of Decree 30/2020, Appendix I, as people really set them.

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{Block, SplitMix};

use crate::{
    font::{
        Faces,
        Style::{self, Bold, BoldItalic, Regular},
    },
    plan::Plan,
};

pub(crate) const PAGE: (f32, f32) = (595.28, 841.89);
const MM: f32 = 72.0 / 25.4;
pub(crate) const LEFT: f32 = 30.0 * MM;
pub(crate) const WIDTH: f32 = PAGE.0 - 50.0 * MM;
pub(crate) const TOP: f32 = 20.0 * MM;
const BOTTOM: f32 = PAGE.1 - 20.0 * MM;
pub(crate) const BODY: f32 = 14.0;
pub(crate) const LINE: f32 = 18.5;

pub(crate) type Ink = [u8; 3];
pub(crate) const BLACK: Ink = [30, 30, 34];
const RED: Ink = [214, 36, 44];
const BLUE: Ink = [40, 60, 170];

/// A mark on a page; points from the top left corner, `y` of text is its baseline.
pub(crate) enum Item {
    Text {
        at: (f32, f32),
        size: f32,
        style: Style,
        text: String,
        extra: f32,
        ink: Ink,
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        ink: Ink,
    },
}

/// The pages with their marks.
pub(crate) fn lay_out(plan: &Plan, faces: &Faces<'_>) -> Vec<Vec<Item>> {
    let mut sheet = Sheet {
        plan,
        faces,
        pages: vec![Vec::new()],
        y: TOP,
    };
    sheet.y = sheet.head();
    sheet.title();
    sheet.addressees();
    for block in &plan.blocks {
        match block {
            Block::Heading(text) => sheet.heading(text),
            Block::Paragraph(text) => sheet.paragraph(text),
            Block::Table(..) => {}
        }
    }
    sheet.foot();
    for number in 1..=plan.manner.annexes {
        sheet.annex(number);
    }
    sheet.pages
}

/// The page that is being laid out.
pub(crate) struct Sheet<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) faces: &'a Faces<'a>,
    pub(crate) pages: Vec<Vec<Item>>,
    pub(crate) y: f32,
}

impl Sheet<'_> {
    fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    pub(crate) fn text(
        &mut self,
        at: (f32, f32),
        (style, size): (Style, f32),
        text: &str,
        ink: Ink,
    ) {
        let text = text.to_owned();
        self.put(Item::Text {
            at,
            size,
            style,
            text,
            extra: 0.0,
            ink,
        });
    }

    pub(crate) fn centred(
        &mut self,
        (centre, y): (f32, f32),
        face: (Style, f32),
        text: &str,
        ink: Ink,
    ) -> f32 {
        let width = self.faces.width(face.0, face.1, text);
        self.text((centre - width / 2.0, y), face, text, ink);
        width
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: Ink) {
        self.put(Item::Line {
            from,
            to,
            width,
            ink,
        });
    }

    fn rule(&mut self, centre: f32, y: f32, width: f32) {
        self.line(
            (centre - width / 2.0, y),
            (centre + width / 2.0, y),
            0.8,
            BLACK,
        );
    }

    fn frame(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), ink: Ink) {
        let (right, bottom) = (x + width, y + height);
        for (from, to) in [
            ((x, y), (right, y)),
            ((right, y), (right, bottom)),
            ((right, bottom), (x, bottom)),
            ((x, bottom), (x, y)),
        ] {
            self.line(from, to, 1.2, ink);
        }
    }

    fn wrap(
        &self,
        (style, size): (Style, f32),
        text: &str,
        width: f32,
        indent: f32,
    ) -> Vec<String> {
        let (mut lines, mut line, mut room) = (Vec::new(), String::new(), width - indent);
        for word in text.split_whitespace() {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.faces.width(style, size, &longer) > room && !line.is_empty() {
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
        self.pages.push(Vec::new());
        self.y = TOP + 14.0;
        let number = self.pages.len().to_string();
        self.centred((PAGE.0 / 2.0, TOP - 8.0), (Regular, 13.0), &number, BLACK);
    }

    /// Cells 1 to 4, 5b, 10a and 10b; the answer is where the next cell may start.
    fn head(&mut self) -> f32 {
        let head = self.plan.head;
        let (left, right) = (LEFT + WIDTH * head.centres.0, LEFT + WIDTH * head.centres.1);
        let top = TOP + 13.0;
        if self.plan.electronic {
            self.electronic();
        }
        self.centred(
            (right, top),
            (Bold, head.size),
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            BLACK,
        );
        let motto = ["Độc lập", "Tự do", "Hạnh phúc"].join(&format!(" {} ", head.dash));
        let under = self.centred((right, top + 17.0), (Bold, head.size + 1.0), &motto, BLACK);
        self.rule(right, top + 21.0, under);
        let mut y = top;
        for line in self.plan.heading.0.iter() {
            self.centred((left, y), (Regular, head.size), line, BLACK);
            y += 16.0;
        }
        for name in self.plan.heading.1.iter() {
            for line in self.wrap(
                (Bold, head.size),
                name,
                WIDTH * self.plan.manner.column,
                0.0,
            ) {
                let width = self.centred((left, y), (Bold, head.size), &line, BLACK);
                if head.underlined {
                    self.rule(left, y + 2.2, width);
                }
                y += 16.0;
            }
        }
        if !head.underlined {
            self.rule(left, y - 11.0, 60.0);
        }
        y = (y + 10.0).max(top + 44.0);
        self.notation(left, y);
        self.put_date((right, y));
        let arrival = self.arrival(right, y + 14.0);
        y += 18.0;
        if self.plan.truth.kind == DocumentType::OfficialLetter {
            let about = format!("{} {}", head.about, self.plan.truth.subject);
            let face = (Regular, self.plan.manner.about_size);
            for line in self.wrap(face, &about, WIDTH * self.plan.manner.column, 0.0) {
                self.centred((left, y), face, &line, BLACK);
                y += self.plan.manner.pitch;
            }
        }
        y = self.stamp(self.plan.truth.secret, left, y);
        let urgency = self.plan.truth.urgency;
        y = self.stamp(
            urgency.stamp().filter(|_| urgency != Urgency::Normal),
            left,
            y,
        );
        (y + 12.0).max(arrival)
    }

    fn notation(&mut self, left: f32, y: f32) {
        let (before, around) = self.plan.head.spaces;
        let notation = self
            .plan
            .truth
            .notation
            .replacen('/', &format!("{around}/"), 1);
        if let Some(ink) = self.plan.manner.hand
            && let Some((number, symbol)) = notation.split_once('/')
        {
            let symbol = format!("/{symbol}");
            let parts = [
                ("Số:", None),
                (number.trim(), Some(ink)),
                (symbol.as_str(), None),
            ];
            self.by_hand((left, y), (Regular, 13.0), &parts);
            return;
        }
        self.centred(
            (left, y),
            (Regular, 13.0),
            &format!("Số:{before}{notation}"),
            BLACK,
        );
    }

    pub(crate) fn date(&self) -> String {
        let (day, month, year) = self.plan.truth.date;
        let place = &self.plan.place;
        if self.plan.zeros {
            let month = if month < 3 {
                format!("{month:02}")
            } else {
                month.to_string()
            };
            format!("{place}, ngày {day:02} tháng {month} năm {year}")
        } else {
            format!("{place}, ngày {day} tháng {month} năm {year}")
        }
    }

    /// What signing programs write at the top right of electronic documents.
    fn electronic(&mut self) {
        let (day, month, year) = self.plan.truth.date;
        let name = self.plan.truth.agency.clone();
        let lines = [
            format!("Người ký: {name}"),
            format!("Thời gian ký: {day:02}.{month:02}.{year} 16:01:42 +07:00"),
        ];
        for (number, line) in lines.iter().enumerate() {
            self.text(
                (PAGE.0 - 215.0, 24.0 + number as f32 * 9.0),
                (Regular, 8.0),
                line,
                BLACK,
            );
        }
    }

    /// The stamp "ĐẾN", 35 by 50 mm, filled in by the receiver's clerk before scanning.
    fn arrival(&mut self, centre: f32, top: f32) -> f32 {
        let Some(ink) = self.plan.arrival else {
            return 0.0;
        };
        let (width, height) = (50.0 * MM, 27.0 * MM);
        let x = centre - width / 2.0;
        self.frame((x, top), (width, height), ink);
        self.centred((centre, top + 14.0), (Bold, 10.0), "UBND XÃ TÂN LỘC", ink);
        let lines = ["ĐẾN   Số: 1482", "         Ngày: 17/3/2026", "Chuyển: VP"];
        for (number, line) in lines.iter().enumerate() {
            self.text(
                (x + 8.0, top + 30.0 + number as f32 * 16.0),
                (Regular, 10.5),
                line,
                ink,
            );
        }
        top + height + 14.0
    }

    /// Cells 10a and 10b: capitals in a single frame, bright red.
    fn stamp(&mut self, words: Option<&str>, centre: f32, y: f32) -> f32 {
        let Some(words) = words else { return y };
        let width = self.faces.width(Bold, 13.0, words) + 16.0;
        let top = y - 4.0;
        self.frame((centre - width / 2.0, top), (width, 8.0 * MM), RED);
        self.centred((centre, top + 15.5), (Bold, 13.0), words, RED);
        top + 8.0 * MM + 12.0
    }

    /// Cell 5a: the type's name and the subject, for all but official letters.
    fn title(&mut self) {
        let truth = &self.plan.truth;
        if truth.kind == DocumentType::OfficialLetter {
            return;
        }
        let centre = LEFT + WIDTH / 2.0;
        self.y += 14.0;
        let name = truth.kind.name().to_uppercase();
        self.centred((centre, self.y), (Bold, BODY), &name, BLACK);
        self.y += LINE;
        let subject = match truth.kind {
            _ if self.plan.manner.title_about.is_some() => {
                let before = self.plan.manner.title_about.unwrap_or_default();
                upper_first(format!("{before} {}", truth.subject).trim())
            }
            DocumentType::Decision
            | DocumentType::Submission
            | DocumentType::Directive
            | DocumentType::Resolution => format!("Về việc {}", truth.subject),
            _ => upper_first(&truth.subject),
        };
        for line in self.wrap((Bold, BODY), &subject, WIDTH * self.plan.manner.title, 0.0) {
            self.centred((centre, self.y), (Bold, BODY), &line, BLACK);
            self.y += LINE;
        }
        self.rule(centre, self.y - 12.0, 110.0);
        self.y += 12.0;
        if truth.kind == DocumentType::Decision {
            let who = format!("{} {}", truth.position, truth.agency);
            for line in self.wrap((Bold, BODY), &who, WIDTH * 0.84, 0.0) {
                self.centred((centre, self.y), (Bold, BODY), &line, BLACK);
                self.y += LINE;
            }
            self.y += 6.0;
        }
    }

    fn addressees(&mut self) {
        let centre = LEFT + WIDTH / 2.0;
        self.y += 8.0;
        match self.plan.truth.addressees.as_slice() {
            [] => {}
            [one] => {
                self.centred(
                    (centre, self.y),
                    (Regular, BODY),
                    &format!("Kính gửi: {one}"),
                    BLACK,
                );
                self.y += LINE + 8.0;
            }
            many => {
                self.text((LEFT + 90.0, self.y), (Regular, BODY), "Kính gửi:", BLACK);
                self.y += LINE;
                for (number, one) in many.iter().enumerate() {
                    let end = if number + 1 == many.len() { "." } else { ";" };
                    self.text(
                        (LEFT + 130.0, self.y),
                        (Regular, BODY),
                        &format!("- {one}{end}"),
                        BLACK,
                    );
                    self.y += LINE;
                }
                self.y += 8.0;
            }
        }
    }

    fn heading(&mut self, text: &str) {
        self.need(LINE * 3.0);
        let y = self.y;
        self.text((LEFT + 28.0, y), (Bold, BODY), text, BLACK);
        self.y += LINE + 4.0;
    }

    pub(crate) fn paragraph(&mut self, text: &str) {
        let indent = 10.0 * MM;
        let lines = self.wrap((Regular, BODY), text, WIDTH, indent);
        let last = lines.len().saturating_sub(1);
        for (number, text) in lines.into_iter().enumerate() {
            self.need(LINE);
            let shift = if number == 0 { indent } else { 0.0 };
            let spaces = text.matches(' ').count();
            let slack = WIDTH - shift - self.faces.width(Regular, BODY, &text);
            let extra = if number == last || spaces == 0 {
                0.0
            } else {
                slack / spaces as f32
            };
            let at = (LEFT + shift, self.y);
            self.put(Item::Text {
                at,
                size: BODY,
                style: Regular,
                text,
                extra,
                ink: BLACK,
            });
            self.y += LINE;
        }
        self.y += 6.0;
    }

    /// Cells 7 to 9: signature, seal and recipients.
    fn foot(&mut self) {
        self.need(190.0);
        self.y += 10.0;
        let top = self.y;
        self.text((LEFT, top), (BoldItalic, 12.0), "Nơi nhận:", BLACK);
        let mut y = top + 14.0;
        for line in [
            "- Như trên;",
            "- Thường trực Đảng ủy (b/c);",
            "- Các đơn vị liên quan;",
            "- Lưu: VT, TH.",
        ] {
            self.text((LEFT, y), (Regular, 11.0), line, BLACK);
            y += 13.5;
        }
        let centre = LEFT + WIDTH * 0.74;
        let mut y = top;
        for line in self.plan.authority.iter() {
            self.centred((centre, y), (Bold, 13.5), line, BLACK);
            y += 17.0;
        }
        let mut random = SplitMix::new(self.plan.seed ^ 7);
        let manner = self.plan.manner;
        self.signature((centre, y + manner.signature), &mut random);
        self.seal((centre + manner.seal.0, y + manner.seal.1));
        let signer = format!("{}{}", manner.degree, self.plan.truth.signer);
        self.centred((centre, y + 84.0), (Bold, BODY), &signer, BLACK);
    }

    fn signature(&mut self, (x, y): (f32, f32), random: &mut SplitMix) {
        let mut at = (x - 40.0, y);
        for step in 0..26_u8 {
            let swing = random.below(44) as f32 - 22.0;
            let to = (x - 40.0 + f32::from(step) * 3.3, y + swing);
            self.line(at, to, 1.6, BLUE);
            at = to;
        }
    }

    /// A round seal of 36 mm: two rings, a star's strokes and words.
    fn seal(&mut self, centre: (f32, f32)) {
        for (radius, width) in [(51.0_f32, 2.4_f32), (47.0, 1.0), (30.0, 1.0)] {
            let point = |step: u16| {
                let angle = f32::from(step) / 60.0 * std::f32::consts::TAU;
                (
                    centre.0 + radius * angle.cos(),
                    centre.1 + radius * angle.sin(),
                )
            };
            for step in 0..60 {
                self.line(point(step), point(step + 1), width, RED);
            }
        }
        for (number, word) in ["NHÂN DÂN", "HƯNG THỊNH", "VIỆT NAM"].iter().enumerate() {
            let y = centre.1 - 8.0 + number as f32 * 11.0;
            self.centred((centre.0, y), (Bold, 8.0), word, RED);
        }
    }
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
