//! The same letters as a real office program sets them: written as flat OpenDocument text, in tables
//! and paragraphs as offices do it, for LibreOffice Writer to lay out and print to PDF.

use std::fmt::Write as _;

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::Block;

use super::{
    manner::{MM, Manner, Numbered, Type, Where},
    plan::Plan,
    set,
};
use crate::font::{Faces, Style};

const FACE: &str = "Times New Roman";
const OTHER_FACE: &str = "Liberation Sans";
const BLACK: &str = "#000000";
const RED: &str = "#e60d0d";
/// Single spacing of the face, as a part of its size.
const SINGLE: f32 = 1.149;
/// Between the two columns of the head.
const GAP: f32 = 8.0;

/// How a paragraph is set, besides its letters.
#[derive(Clone, Copy, Debug)]
struct Set {
    align: &'static str,
    /// Of the first line, in points.
    indent: f32,
    /// As a part of single spacing.
    spacing: f32,
    /// Room above and below, in points.
    above: f32,
    below: f32,
    /// Room on the left, in points.
    left: f32,
}

const CENTRED: Set = Set {
    align: "center",
    indent: 0.0,
    spacing: 1.0,
    above: 0.0,
    below: 0.0,
    left: 0.0,
};
const PLAIN: Set = Set {
    align: "start",
    ..CENTRED
};

/// The letter as flat OpenDocument text.
pub(super) fn text(plan: &Plan, manner: &Manner, faces: &Faces<'_>) -> String {
    let left = manner.margins.2 * MM;
    let mut writer = Writer {
        plan,
        manner,
        faces,
        width: manner.paper.0 * MM - left - manner.margins.3 * MM,
        styles: String::new(),
        count: 0,
        body: String::new(),
        is_other: manner.other_face == Some(Where::Everything),
        ink: match manner.other_ink {
            Some((Where::Everything, ink)) => hex(ink),
            Some(_) | None => BLACK.to_owned(),
        },
    };
    writer.head();
    writer.title();
    writer.addressees();
    writer.grounds();
    writer.blocks();
    writer.foot();
    writer.document()
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    // Several spaces are one in XML.
    text.replace("  ", " <text:s/>")
}

struct Writer<'a> {
    plan: &'a Plan,
    manner: &'a Manner,
    faces: &'a Faces<'a>,
    width: f32,
    styles: String,
    count: usize,
    body: String,
    is_other: bool,
    ink: String,
}

impl Writer<'_> {
    fn measure(&self, face: Type, text: &str) -> f32 {
        self.faces.width(face.style, face.size, text)
    }

    /// The attributes of letters.
    fn letters(&self, face: Type) -> String {
        let name = if self.is_other { OTHER_FACE } else { FACE };
        let (weight, slant) = match face.style {
            Style::Regular => ("normal", "normal"),
            Style::Bold => ("bold", "normal"),
            Style::Italic => ("normal", "italic"),
            Style::BoldItalic => ("bold", "italic"),
        };
        format!(
            r#"style:font-name="{name}" fo:font-size="{}pt" fo:font-weight="{weight}" fo:font-style="{slant}" fo:color="{}""#,
            face.size, self.ink
        )
    }

    /// A style of a paragraph; its name.
    fn style(&mut self, face: Type, set: Set, further: &str) -> String {
        self.count += 1;
        let name = format!("P{}", self.count);
        let (letters, spacing) = (self.letters(face), (set.spacing * 100.0).round());
        let Set {
            align,
            indent,
            above,
            below,
            left,
            ..
        } = set;
        write!(
            self.styles,
            r#"<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties fo:text-align="{align}" fo:text-indent="{indent}pt" fo:line-height="{spacing}%" fo:margin-top="{above}pt" fo:margin-bottom="{below}pt" fo:margin-left="{left}pt" fo:orphans="0" fo:widows="0"{further}/><style:text-properties {letters}/></style:style>"#
        )
        .ok();
        name
    }

    fn put(&mut self, xml: &str) {
        self.body.push_str(xml);
    }

    fn paragraph(&mut self, face: Type, set: Set, text: &str) {
        let style = self.style(face, set, "");
        let text = escaped(text);
        self.put(&format!(
            r#"<text:p text:style-name="{style}">{text}</text:p>"#
        ));
    }

    /// A centred line with a stroke under it, a part of a width long, in a column of this width.
    fn lined(&mut self, face: Type, text: &str, (column, wide): (f32, f32), under: Option<f32>) {
        let style = self.style(face, CENTRED, "");
        let (text, y) = (escaped(text), face.size * SINGLE + 2.0);
        let line = under.map_or_else(String::new, |part| {
            let (from, to) = (
                column / 2.0 - wide * part / 2.0,
                column / 2.0 + wide * part / 2.0,
            );
            format!(
                r#"<draw:line text:anchor-type="paragraph" draw:style-name="Stroke" svg:x1="{from}pt" svg:y1="{y}pt" svg:x2="{to}pt" svg:y2="{y}pt"/>"#
            )
        });
        self.put(&format!(
            r#"<text:p text:style-name="{style}">{line}{text}</text:p>"#
        ));
    }

    fn wrap(&self, face: Type, text: &str, width: f32) -> Vec<String> {
        let (mut lines, mut line) = (Vec::new(), String::new());
        for word in text.split_whitespace() {
            let longer = format!("{line} {word}");
            if self.measure(face, longer.trim()) > width && !line.is_empty() {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            } else {
                longer.trim().clone_into(&mut line);
            }
        }
        lines.push(line);
        lines
    }

    /// A table without strokes; the cells are written by `cells`.
    fn columns(&mut self, widths: [f32; 2], name: &str) {
        let whole: f32 = widths.iter().sum();
        // The first page has a sheet of its own, without a number, and the count may begin later.
        let (begins, from) = if name == "Head" {
            let from = 1 + self.manner.page_shift;
            (
                r#" style:master-page-name="First""#,
                format!(r#" style:page-number="{from}""#),
            )
        } else {
            ("", String::new())
        };
        write!(
            self.styles,
            r#"<style:style style:name="{name}" style:family="table"{begins}><style:table-properties style:width="{whole}pt" table:align="left"{from}/></style:style>"#
        )
        .ok();
        for (number, width) in widths.iter().enumerate() {
            write!(
                self.styles,
                r#"<style:style style:name="{name}{number}" style:family="table-column"><style:table-column-properties style:column-width="{width}pt"/></style:style>"#
            )
            .ok();
        }
        self.put(&format!(
            r#"<table:table table:style-name="{name}"><table:table-column table:style-name="{name}0"/><table:table-column table:style-name="{name}1"/>"#
        ));
    }

    fn row(&mut self, cells: [fn(&mut Self, f32); 2], widths: [f32; 2]) {
        self.put(r#"<table:table-row table:style-name="Whole">"#);
        for (cell, width) in cells.into_iter().zip(widths) {
            self.put(r#"<table:table-cell table:style-name="Bare">"#);
            cell(self, width);
            self.put("</table:table-cell>");
        }
        self.put("</table:table-row>");
    }

    /// Cells 1 to 4, 5b and 10b.
    fn head(&mut self) {
        let manner = self.manner;
        let nation = manner.nation_words.as_deref();
        let wide = self
            .measure(
                manner.nation,
                nation.unwrap_or("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT"),
            )
            .max(self.measure(manner.motto, "Độc lập - Tự do - Hạnh phúc"));
        // The day stands in the same column.
        let date = set::date_words(self.plan, manner).unwrap_or_default();
        let right = wide.max(self.measure(manner.date, &date)) + GAP;
        let widths = [self.width - right, right];
        self.columns(widths, "Head");
        self.row([Self::agency, Self::nation], widths);
        self.row([Self::number, Self::date], widths);
        self.put("</table:table>");
    }

    fn agency(&mut self, column: f32) {
        let (plan, manner) = (self.plan, self.manner);
        for line in &plan.above {
            let text = cased(line, manner.above_capitals);
            for line in self.wrap(manner.above, &text, column) {
                self.paragraph(manner.above, CENTRED, &line);
            }
        }
        let mut lines = Vec::new();
        for line in &plan.agency {
            let text = cased(line, manner.agency_capitals);
            lines.extend(self.wrap(manner.agency, &text, column));
        }
        let widest = lines.iter().map(|line| self.measure(manner.agency, line));
        let widest = widest.fold(0.0, f32::max);
        let last = lines.len().saturating_sub(1);
        for (number, line) in lines.into_iter().enumerate() {
            let under = manner.agency_line.filter(|_| number == last);
            self.lined(manner.agency, &line, (column, widest), under);
        }
    }

    fn nation(&mut self, column: f32) {
        let manner = self.manner;
        if let Some(words) = &manner.nation_words {
            self.paragraph(manner.nation, CENTRED, words);
        }
        if let Some(words) = &manner.motto_words {
            let wide = self.measure(manner.motto, words);
            self.lined(manner.motto, words, (column, wide), manner.motto_line);
        }
    }

    fn number(&mut self, column: f32) {
        let (plan, manner) = (self.plan, self.manner);
        let lower = Set {
            above: 14.0,
            ..CENTRED
        };
        let words = set::number_words(plan, manner).unwrap_or_default();
        self.paragraph(manner.number, lower, &words);
        if let (DocumentType::OfficialLetter, Some(before), Some(subject)) =
            (plan.kind, manner.about_words, &plan.subject)
        {
            for (number, line) in self
                .wrap(manner.about, &format!("{before} {subject}"), column)
                .into_iter()
                .enumerate()
            {
                let above = if number == 0 { 6.0 } else { 0.0 };
                self.paragraph(manner.about, Set { above, ..CENTRED }, &line);
            }
        }
        let urgency = plan.urgency;
        if let Some(words) = urgency.stamp().filter(|_| urgency != Urgency::Normal) {
            let room = (column - self.measure(manner.mark, words) - 14.0).max(0.0) / 2.0;
            let ink = std::mem::replace(&mut self.ink, RED.to_owned());
            let frame = format!(
                r#" fo:margin-right="{room}pt" fo:border="0.75pt solid {RED}" fo:padding="3pt""#
            );
            let framed = Set {
                above: 6.0,
                left: room,
                ..CENTRED
            };
            let style = self.style(manner.mark, framed, &frame);
            self.ink = ink;
            self.put(&format!(
                r#"<text:p text:style-name="{style}">{words}</text:p>"#
            ));
        }
    }

    fn date(&mut self, _column: f32) {
        let manner = self.manner;
        let Some(words) = set::date_words(self.plan, manner) else {
            self.paragraph(manner.date, CENTRED, "");
            return;
        };
        let kept = self.ink.clone();
        if let Some((Where::Date, ink)) = manner.other_ink {
            self.ink = hex(ink);
        }
        let lower = Set {
            above: 14.0,
            ..CENTRED
        };
        self.paragraph(manner.date, lower, &words);
        self.ink = kept;
    }

    /// Cell 5a.
    fn title(&mut self) {
        let (manner, plan) = (self.manner, self.plan);
        if plan.kind == DocumentType::OfficialLetter {
            return;
        }
        let name = if manner.kind_capitals {
            plan.kind.name().to_uppercase()
        } else {
            plan.kind.name().to_owned()
        };
        let above = Set {
            above: 16.0,
            ..CENTRED
        };
        self.paragraph(manner.kind, above, &name);
        let Some(subject) = &plan.subject else { return };
        let lines = self.wrap(manner.subject, &set::upper_first(subject), self.width * 0.8);
        let widest = lines.iter().map(|line| self.measure(manner.subject, line));
        let widest = widest.fold(0.0, f32::max);
        let last = lines.len().saturating_sub(1);
        for (number, line) in lines.into_iter().enumerate() {
            let under = manner.subject_line.filter(|_| number == last);
            self.lined(manner.subject, &line, (self.width, widest), under);
        }
    }

    /// Cell 9a.
    fn addressees(&mut self) {
        let face = self.manner.addressees;
        let above = |set: Set| Set { above: 16.0, ..set };
        let Some((after, between, end)) = self.manner.addressees_words else {
            return;
        };
        match self.plan.addressees.as_slice() {
            [] => {}
            [one] => self.paragraph(face, above(CENTRED), &format!("Kính gửi{after} {one}")),
            many => {
                let label = format!("Kính gửi{after}");
                let at = 30.0 * MM;
                self.paragraph(face, above(Set { left: at, ..PLAIN }), &label);
                let left = at + self.measure(face, &label) - 3.0;
                for (number, one) in many.iter().enumerate() {
                    let is_last = number + 1 == many.len();
                    let mark = if is_last { end } else { between };
                    self.paragraph(face, Set { left, ..PLAIN }, &format!("- {one}{mark}"));
                }
            }
        }
    }

    fn running(&self, above: f32) -> Set {
        let manner = self.manner;
        Set {
            align: if manner.is_justified {
                "justify"
            } else {
                "start"
            },
            indent: manner.indent * MM,
            spacing: manner.spacing,
            above,
            below: manner.gap,
            left: 0.0,
        }
    }

    /// What a decision or resolution stands on, and the word that decides.
    fn grounds(&mut self) {
        let word = match self.plan.kind {
            DocumentType::Decision => "QUYẾT ĐỊNH:",
            DocumentType::Resolution => "QUYẾT NGHỊ:",
            _ => return,
        };
        for (number, text) in set::GROUNDS.iter().enumerate() {
            let above = if number == 0 { 16.0 } else { 0.0 };
            self.paragraph(self.manner.grounds, self.running(above), text);
        }
        let bold = Type {
            style: Style::Bold,
            ..self.manner.body
        };
        let word_set = Set {
            above: 6.0,
            below: 6.0,
            ..CENTRED
        };
        self.paragraph(bold, word_set, word);
    }

    fn blocks(&mut self) {
        let (plan, manner) = (self.plan, self.manner);
        let mut is_first = true;
        for block in &plan.blocks {
            match block {
                Block::Heading(text) => {
                    let bold = Type {
                        style: Style::Bold,
                        ..manner.body
                    };
                    let set = Set {
                        indent: manner.indent * MM,
                        below: manner.gap,
                        ..PLAIN
                    };
                    self.paragraph(bold, set, text);
                }
                Block::Paragraph(text) => {
                    let kept = (self.is_other, self.ink.clone());
                    if is_first && manner.other_face == Some(Where::FirstParagraph) {
                        self.is_other = true;
                    }
                    if let (true, Some((Where::FirstParagraph, ink))) = (is_first, manner.other_ink)
                    {
                        self.ink = hex(ink);
                    }
                    let above = if is_first { 10.0 } else { 0.0 };
                    is_first = false;
                    self.paragraph(manner.body, self.running(above), text);
                    (self.is_other, self.ink) = kept;
                }
                Block::Table(head, rows) => self.table(head, rows),
            }
        }
    }

    fn table(&mut self, head: &[String], rows: &[Vec<String>]) {
        self.put(r#"<table:table table:style-name="Grid">"#);
        self.put(&format!(
            r#"<table:table-column table:number-columns-repeated="{}"/>"#,
            head.len()
        ));
        for (number, row) in std::iter::once(head)
            .chain(rows.iter().map(Vec::as_slice))
            .enumerate()
        {
            let style = if number == 0 {
                Style::Bold
            } else {
                Style::Regular
            };
            self.put(r#"<table:table-row table:style-name="Whole">"#);
            for cell in row {
                self.put(r#"<table:table-cell table:style-name="Boxed">"#);
                self.paragraph(Type { size: 12.0, style }, PLAIN, cell);
                self.put("</table:table-cell>");
            }
            self.put("</table:table-row>");
        }
        self.put("</table:table>");
    }

    /// Cells 7 and 9b, never split.
    fn foot(&mut self) {
        let widths = [self.width * 0.48, self.width * 0.52];
        let air = Type {
            size: 6.0,
            style: Style::Regular,
        };
        self.paragraph(air, PLAIN, "");
        self.columns(widths, "Foot");
        self.row([Self::recipients, Self::signer], widths);
        self.put("</table:table>");
        let end = Type {
            size: 2.0,
            style: Style::Regular,
        };
        self.paragraph(end, PLAIN, "");
    }

    fn recipients(&mut self, _column: f32) {
        let manner = self.manner;
        self.paragraph(manner.label, PLAIN, manner.label_words.unwrap_or_default());
        let (before, after, last) = manner.recipients_words;
        for name in set::RECIPIENTS {
            let line = format!("{before}{name}{after}");
            self.paragraph(manner.recipients, PLAIN, &line);
        }
        if let Some(last) = last {
            self.paragraph(manner.recipients, PLAIN, last);
        }
    }

    fn signer(&mut self, _column: f32) {
        let (plan, manner) = (self.plan, self.manner);
        for line in &plan.authority {
            self.paragraph(manner.authority, CENTRED, line);
        }
        // Where the signature will be, people leave lines empty.
        for _ in 0..4 {
            self.paragraph(manner.body, CENTRED, "");
        }
        self.paragraph(manner.signer, CENTRED, &plan.signer);
    }

    /// The sheet of pages, with the number of the page where it stands.
    fn layout(&self, name: &str, is_numbered: bool) -> (String, String) {
        let manner = self.manner;
        let (wide, high) = manner.paper;
        let (top, bottom, left, right) = manner.margins;
        let place = manner.numbered;
        let is_above = is_numbered && matches!(place, Numbered::Above | Numbered::Right);
        let is_below = is_numbered && place == Numbered::Below;
        // What a header takes is no margin.
        let edge = 5.0;
        let (from_top, header) = if is_above {
            (edge, top - edge)
        } else {
            (top, 0.0)
        };
        let (from_bottom, footer) = if is_below {
            (edge, bottom - edge)
        } else {
            (bottom, 0.0)
        };
        let room = |name: &str, height: f32| {
            if height > 0.0 {
                format!(
                    r#"<style:{name}-style><style:header-footer-properties svg:height="{height}mm" fo:margin="0mm"/></style:{name}-style>"#
                )
            } else {
                format!("<style:{name}-style/>")
            }
        };
        let layout = format!(
            r#"<style:page-layout style:name="L{name}"><style:page-layout-properties fo:page-width="{wide}mm" fo:page-height="{high}mm" fo:margin-top="{from_top}mm" fo:margin-bottom="{from_bottom}mm" fo:margin-left="{left}mm" fo:margin-right="{right}mm"/>{}{}</style:page-layout>"#,
            room("header", header),
            room("footer", footer)
        );
        let style = if place == Numbered::Right {
            "NumberRight"
        } else {
            "Number"
        };
        let number = format!(
            r#"<text:p text:style-name="{style}"><text:page-number text:select-page="current"/></text:p>"#
        );
        let mut page = String::new();
        if is_above {
            write!(page, "<style:header>{number}</style:header>").ok();
        }
        if is_below {
            write!(page, "<style:footer>{number}</style:footer>").ok();
        }
        (layout, page)
    }

    fn document(self) -> String {
        let manner = self.manner;
        let is_numbered = manner.numbered != Numbered::Nowhere;
        let (first, first_page) = self.layout("First", is_numbered && manner.is_first_numbered);
        let (later, later_page) = self.layout("Later", is_numbered);
        let mut numbers = String::new();
        let letters = self.letters(manner.page_number);
        for (name, align) in [("Number", "center"), ("NumberRight", "end")] {
            write!(
                numbers,
                r#"<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties fo:text-align="{align}"/><style:text-properties {letters}/></style:style>"#
            )
            .ok();
        }
        format!(
            r##"<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="{FACE}" svg:font-family="'{FACE}'"/><style:font-face style:name="{OTHER_FACE}" svg:font-family="'{OTHER_FACE}'"/></office:font-face-decls>
<office:styles><style:default-style style:family="paragraph"><style:text-properties style:font-name="{FACE}" fo:font-size="13pt" fo:language="vi" fo:country="VN"/></style:default-style></office:styles>
<office:automatic-styles>{first}{later}{numbers}
<style:style style:name="Stroke" style:family="graphic"><style:graphic-properties draw:stroke="solid" svg:stroke-width="0.6pt" svg:stroke-color="#000000" style:run-through="foreground" style:wrap="run-through" style:horizontal-pos="from-left" style:horizontal-rel="paragraph" style:vertical-pos="from-top" style:vertical-rel="paragraph"/></style:style>
<style:style style:name="Whole" style:family="table-row"><style:table-row-properties fo:keep-together="always"/></style:style>
<style:style style:name="Grid" style:family="table"><style:table-properties table:align="margins" fo:margin-bottom="8pt"/></style:style>
<style:style style:name="Bare" style:family="table-cell"><style:table-cell-properties fo:padding="0pt" fo:border="none"/></style:style>
<style:style style:name="Boxed" style:family="table-cell"><style:table-cell-properties fo:padding="3pt" fo:border="0.5pt solid #000000"/></style:style>
{styles}</office:automatic-styles>
<office:master-styles><style:master-page style:name="First" style:page-layout-name="LFirst" style:next-style-name="Standard">{first_page}</style:master-page><style:master-page style:name="Standard" style:page-layout-name="LLater">{later_page}</style:master-page></office:master-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>
"##,
            styles = self.styles,
            body = self.body,
        )
    }
}

fn cased(text: &str, capitals: bool) -> String {
    if capitals {
        text.to_owned()
    } else {
        set::lower(text)
    }
}
