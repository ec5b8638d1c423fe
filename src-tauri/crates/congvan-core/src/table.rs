//! A table on its way to paper or into a spreadsheet: its title, its columns, its lines, and who took
//! it out and when.

use std::ops::Range;

use congvan_pades::{Appearance, TINOS};
use congvan_pdf::{EmbeddedFont, MmRect, TextAlign, pdf_of_sheets};
use congvan_store::{AuditEvent, AuditKind};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook};

use crate::{
    Desk, DeskError, ExportedFile, Result,
    register::book::{
        day,
        print::{MM_PER_POINT, PAGE, SIZE, broken, frame, inner, text},
    },
    session::Session,
};

const LEFT: f64 = 15.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 194.0;
/// Height of the columns' names.
const HEAD: f64 = 9.0;
/// Row of the columns' names in a spreadsheet.
const HEAD_ROW: u32 = 5;
/// What two hands need for their signatures, millimetres.
const SIGNATURES: f64 = 42.0;

/// How a table is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// To be printed, A4 across.
    Pdf,
    /// A spreadsheet.
    Xlsx,
}

/// Everything in it is text, whatever it begins with, but for whole numbers in columns of numbers.
pub(crate) struct Table {
    /// Name of the spreadsheet's sheet.
    pub(crate) sheet: &'static str,
    /// Whose it is, what it is, what of, what there is to say; an empty line leaves its place empty.
    pub(crate) title: [String; 4],
    /// Names, and parts of the width.
    pub(crate) columns: Vec<(&'static str, f64)>,
    /// The columns of numbers, which are added up in a spreadsheet; empty where there are none.
    pub(crate) numbers: Range<usize>,
    /// As many cells each as there are columns.
    pub(crate) lines: Vec<Vec<String>>,
    /// Who signs below it by hand: who gives, who takes; none where nobody does.
    pub(crate) signed: Option<[String; 2]>,
    /// Stands at the foot of every page.
    pub(crate) mark: String,
}

impl Desk {
    /// Who takes something out, and when.
    pub(crate) fn export_mark(&self, session: &Session) -> String {
        let at = self.now().vietnam();
        format!(
            "{}, {:02}:{:02} ngày {}",
            session.account.full_name,
            at.hour(),
            at.minute(),
            day(at.date())
        )
    }

    /// Makes the file, which waits to be saved under its name and ending, and writes down that it was
    /// taken out.
    pub(crate) async fn table_export(
        &self,
        session: &Session,
        table: Table,
        (format, name, detail): (TableFormat, String, String),
    ) -> Result<ExportedFile> {
        let (ending, media_type) = match format {
            TableFormat::Pdf => ("pdf", "application/pdf"),
            TableFormat::Xlsx => (
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        };
        let made = tokio::task::spawn_blocking(move || match format {
            TableFormat::Pdf => table.pdf(),
            TableFormat::Xlsx => table.xlsx(),
        });
        let bytes = made.await??;
        self.taken_out(session, format!("{detail} as={ending}"))
            .await?;
        Ok(self
            .exports()
            .put(format!("{name}.{ending}"), media_type, bytes))
    }

    /// Writes down that something was taken out.
    pub(crate) async fn taken_out(&self, session: &Session, detail: String) -> Result<()> {
        let now = self.now();
        session
            .with_store(move |store| {
                let event = AuditEvent {
                    kind: AuditKind::Exported,
                    document: None,
                    detail,
                };
                store.audit(&event, now)
            })
            .await
    }
}

impl Table {
    fn xlsx(&self) -> Result<Vec<u8>> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name(self.sheet).map_err(failed)?;
        let strong = Format::new().set_bold();
        for (row, words) in (0_u32..).zip(&self.title) {
            sheet
                .write_string_with_format(row, 0, words, &strong)
                .map_err(failed)?;
        }
        let plain = Format::new()
            .set_border(FormatBorder::Thin)
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        let head = plain
            .clone()
            .set_bold()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter);
        for (place, (name, width)) in (0_u16..).zip(&self.columns) {
            sheet
                .set_column_width(place, width * 13.0)
                .map_err(failed)?;
            sheet
                .write_string_with_format(HEAD_ROW, place, *name, &head)
                .map_err(failed)?;
        }
        for (row, line) in (HEAD_ROW + 1..).zip(&self.lines) {
            for (place, words) in (0_u16..).zip(line) {
                match self.number(place.into(), words) {
                    Some(number) => sheet.write_number_with_format(row, place, number, &plain),
                    None => sheet.write_string_with_format(row, place, words, &plain),
                }
                .map_err(failed)?;
            }
        }
        if let Some(parties) = &self.signed {
            let row = HEAD_ROW + 3 + u32::try_from(self.lines.len()).unwrap_or_default();
            let last = u16::try_from(self.columns.len()).unwrap_or(1).max(2) - 1;
            for (place, words) in [1, last].into_iter().zip(parties) {
                sheet
                    .write_string_with_format(row, place, words, &strong)
                    .map_err(failed)?;
            }
        }
        sheet.set_landscape();
        sheet.set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW).map_err(failed)?;
        sheet.set_freeze_panes(HEAD_ROW + 1, 0).map_err(failed)?;
        sheet.set_footer(format!("&L{}&CTrang &P/&N", self.mark));
        workbook.save_to_buffer().map_err(failed)
    }

    fn number(&self, place: usize, words: &str) -> Option<u32> {
        let words = Some(words).filter(|_| self.numbers.contains(&place));
        words.and_then(|words| words.parse().ok())
    }

    pub(crate) fn pdf(&self) -> Result<Vec<u8>> {
        let font = EmbeddedFont::new(TINOS).map_err(failed)?;
        let whole: f64 = self.columns.iter().map(|column| column.1).sum();
        let widths: Vec<f64> = self
            .columns
            .iter()
            .map(|column| column.1 / whole * (PAGE.0 - LEFT - RIGHT))
            .collect();
        let leading = (font.ascent(SIZE) + font.descent(SIZE)) * MM_PER_POINT;
        let mut sheets = Vec::new();
        let mut sheet = Appearance::default();
        let first = self.heading(&mut sheet, &font);
        let mut y = self.head(&mut sheet, (&widths, &font), first);
        for line in &self.lines {
            let cells: Vec<Vec<String>> = line
                .iter()
                .zip(&widths)
                .map(|(words, width)| broken(words, (width - 1.6) / MM_PER_POINT, &font))
                .collect();
            let most = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
            #[expect(clippy::cast_precision_loss, reason = "a few lines")]
            let height = (most as f64 * leading + 1.8).min(BOTTOM - TOP - HEAD);
            if y + height > BOTTOM {
                sheets.push(std::mem::take(&mut sheet));
                y = self.head(&mut sheet, (&widths, &font), TOP);
            }
            let mut x = LEFT;
            for (place, (cell, width)) in cells.into_iter().zip(&widths).enumerate() {
                let area = area((x, y), (*width, height));
                sheet.items.push(frame(area));
                if cell.iter().any(|line| !line.is_empty()) {
                    let align = match self.numbers.contains(&place) {
                        true => TextAlign::Right,
                        false => TextAlign::Left,
                    };
                    sheet.items.push(text(cell, inner(area), (SIZE, align)));
                }
                x += width;
            }
            y += height;
        }
        if let Some(parties) = &self.signed {
            if y + SIGNATURES > BOTTOM {
                sheets.push(std::mem::take(&mut sheet));
                y = TOP;
            }
            let half = (PAGE.0 - LEFT - RIGHT) / 2.0;
            for (x, words) in [LEFT, LEFT + half].into_iter().zip(parties) {
                let lines = vec![words.clone(), "(Ký, ghi rõ họ tên)".to_owned()];
                let area = area((x, y + 6.0), (half, 12.0));
                sheet
                    .items
                    .push(text(lines, area, (11.0, TextAlign::Centre)));
            }
        }
        sheets.push(sheet);
        let pages = sheets.len();
        for (number, sheet) in (1..).zip(&mut sheets) {
            let words = format!("{} – Trang {number}/{pages}", self.mark);
            let area = area((LEFT, BOTTOM + 4.0), (PAGE.0 - LEFT - RIGHT, 5.0));
            sheet
                .items
                .push(text(vec![words], area, (SIZE, TextAlign::Centre)));
        }
        pdf_of_sheets(&sheets, PAGE, TINOS).map_err(failed)
    }

    /// Draws what stands above; the answer is where the table begins.
    fn heading(&self, sheet: &mut Appearance, font: &EmbeddedFont<'_>) -> f64 {
        let width = PAGE.0 - LEFT - RIGHT;
        let mut y = TOP;
        let looks = [(12.0, 1.0), (15.0, 3.0), (10.0, 1.0), (10.0, 4.0)];
        for (words, (size, below)) in self.title.iter().zip(looks) {
            // Lines are broken for the letters of the table.
            let lines = broken(words, width / MM_PER_POINT * SIZE / size, font);
            #[expect(clippy::cast_precision_loss, reason = "a few lines")]
            let count = lines.len() as f64;
            let height = count * (font.ascent(size) + font.descent(size)) * MM_PER_POINT;
            if !words.is_empty() {
                let area = area((LEFT, y), (width, height));
                let look = (size, TextAlign::Centre);
                sheet.items.push(text(lines, area, look));
            }
            y += height + below;
        }
        y
    }

    /// Draws the columns' names; the answer is where the lines begin.
    fn head(
        &self,
        sheet: &mut Appearance,
        (widths, font): (&[f64], &EmbeddedFont<'_>),
        y: f64,
    ) -> f64 {
        let mut x = LEFT;
        for ((name, _), width) in self.columns.iter().zip(widths) {
            let area = area((x, y), (*width, HEAD));
            sheet.items.push(frame(area));
            let name = broken(name, (width - 1.6) / MM_PER_POINT, font);
            sheet
                .items
                .push(text(name, inner(area), (SIZE, TextAlign::Centre)));
            x += width;
        }
        y + HEAD
    }
}

fn area((x, y): (f64, f64), (width, height): (f64, f64)) -> MmRect {
    MmRect {
        x,
        y,
        width,
        height,
    }
}

pub(crate) fn failed(error: impl std::fmt::Display) -> DeskError {
    DeskError::Internal(format!("a table: {error}"))
}
