//! What was found as a file: the columns that the person shows, as a table or on paper, with who took
//! it out and when.

use congvan_model::{Direction, DocumentState, Urgency};
use congvan_pades::{Appearance, TINOS};
use congvan_pdf::{EmbeddedFont, MmRect, TextAlign, pdf_of_sheets};
use congvan_store::{AuditEvent, AuditKind, DocumentRow, FoundRow, SearchQuery};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook};

use crate::{
    Desk, DeskError, ExportedFile, Result,
    register::book::{
        day,
        print::{broken, frame, inner, text},
    },
};

/// Rows of a file: more is a matter for the register.
const ROWS_MAX: u32 = 5_000;
/// Rows asked for at once.
const PAGE_ROWS: u32 = 200;
/// A4 across, millimetres.
const PAGE: (f64, f64) = (297.0, 210.0);
const LEFT: f64 = 15.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 194.0;
const SIZE: f64 = 9.5;
const MM_PER_POINT: f64 = 25.4 / 72.0;
/// Height of the columns' names.
const HEAD: f64 = 9.0;
/// Where the table of the first page begins.
const FIRST: f64 = 46.0;

/// How what was found is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundFormat {
    /// To be printed, A4 across.
    Pdf,
    /// A table.
    Xlsx,
}

/// A column that results can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundColumn {
    /// Số, ký hiệu.
    Notation,
    /// Ngày văn bản.
    Issued,
    /// Cơ quan ban hành.
    Issuer,
    /// Trích yếu.
    Subject,
    /// Tên loại.
    Kind,
    /// Người ký.
    Signer,
    /// Số đến.
    Arrival,
    /// Ngày đến.
    Arrived,
    /// Thời hạn.
    Due,
    /// Trạng thái.
    State,
    /// Độ khẩn.
    Urgency,
    /// Đến hay đi.
    Direction,
}

impl FoundColumn {
    /// Its name and its part of the width.
    fn head(self) -> (&'static str, f64) {
        match self {
            Self::Notation => ("Số, ký hiệu", 1.4),
            Self::Issued => ("Ngày văn bản", 1.0),
            Self::Issuer => ("Cơ quan ban hành", 2.0),
            Self::Subject => ("Trích yếu nội dung", 4.0),
            Self::Kind => ("Tên loại", 1.2),
            Self::Signer => ("Người ký", 1.5),
            Self::Arrival => ("Số đến", 0.7),
            Self::Arrived => ("Ngày đến", 1.0),
            Self::Due => ("Thời hạn", 1.0),
            Self::State => ("Trạng thái", 1.3),
            Self::Urgency => ("Độ khẩn", 1.0),
            Self::Direction => ("Đến/Đi", 0.7),
        }
    }

    fn cell(self, found: &FoundRow) -> String {
        let row: &DocumentRow = &found.row;
        match self {
            Self::Notation => row.notation.clone().unwrap_or_default(),
            Self::Issued => row.issued_on.map(day).unwrap_or_default(),
            Self::Issuer => row.issuer.clone(),
            Self::Subject => row.subject.clone(),
            Self::Kind => row.kind.name().to_owned(),
            Self::Signer => found.signer.clone(),
            Self::Arrival => row
                .arrival_number
                .map(|number| number.to_string())
                .unwrap_or_default(),
            Self::Arrived => day(row.arrived_at.vietnam_date()),
            Self::Due => row
                .due
                .map(|due| day(due.instant().vietnam_date()))
                .unwrap_or_default(),
            Self::State => state_name(row.state).to_owned(),
            Self::Urgency => match row.urgency {
                Urgency::Normal => String::new(),
                urgent => urgent.stamp().unwrap_or_default().to_owned(),
            },
            Self::Direction => match row.direction {
                Direction::Incoming => "Đến",
                Direction::Outgoing => "Đi",
            }
            .to_owned(),
        }
    }
}

/// As the office says it on paper.
fn state_name(state: DocumentState) -> &'static str {
    match state {
        DocumentState::Received => "Chờ vào sổ",
        DocumentState::Registered => "Đã vào sổ",
        DocumentState::Presented => "Đã trình",
        DocumentState::Directed => "Đã có chỉ đạo",
        DocumentState::InProgress => "Đang xử lý",
        DocumentState::Resolved => "Đã hoàn thành",
        DocumentState::Draft => "Dự thảo",
        DocumentState::ContentReview => "Chờ duyệt nội dung",
        DocumentState::FormatReview => "Chờ duyệt thể thức",
        DocumentState::AwaitingInitials => "Chờ ký nháy",
        DocumentState::AwaitingSignature => "Chờ ký",
        DocumentState::Signed => "Đã ký",
        DocumentState::Issued => "Đã phát hành",
        DocumentState::Filed => "Đã vào hồ sơ",
    }
}

/// What stands at the head.
struct Cover {
    agency: String,
    /// What was looked for.
    asked: String,
    /// Who took it out, and when.
    mark: String,
}

impl Desk {
    /// The first 5,000 of what is found as a file that waits to be saved, in the order of the query.
    /// `narrowed` says in words what was chosen. It is written down as an export.
    ///
    /// # Errors
    /// `ActField` with `columns` when none is wanted, `NotLoggedIn`, disk errors.
    pub async fn found_export(
        &self,
        query: SearchQuery,
        columns: Vec<FoundColumn>,
        (format, narrowed): (FoundFormat, String),
    ) -> Result<ExportedFile> {
        if columns.is_empty() {
            return Err(DeskError::ActField { field: "columns" });
        }
        let session = self.session().await?;
        let asked = [query.text.trim(), narrowed.trim()];
        let asked: Vec<&str> = asked.into_iter().filter(|one| !one.is_empty()).collect();
        let asked = asked.join(" · ");
        let rows = session
            .with_store(move |store| {
                let mut all = Vec::new();
                for skip in (0..ROWS_MAX).step_by(PAGE_ROWS as usize) {
                    let page = SearchQuery {
                        skip,
                        limit: PAGE_ROWS,
                        ..query.clone()
                    };
                    let rows = store.find(&page)?.rows;
                    let is_last = rows.len() < PAGE_ROWS as usize;
                    all.extend(rows);
                    if is_last {
                        break;
                    }
                }
                Ok(all)
            })
            .await?;
        let now = self.now();
        let post = session.account.posts.first();
        let at = now.vietnam();
        let cover = Cover {
            agency: post
                .map(|post| post.agency.name.clone())
                .unwrap_or_default(),
            asked,
            mark: format!(
                "{}, {:02}:{:02} ngày {}",
                session.account.full_name,
                at.hour(),
                at.minute(),
                day(at.date())
            ),
        };
        let (ending, media_type) = match format {
            FoundFormat::Pdf => ("pdf", "application/pdf"),
            FoundFormat::Xlsx => (
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        };
        let count = rows.len();
        let bytes = tokio::task::spawn_blocking(move || {
            let lines: Vec<Vec<String>> = rows
                .iter()
                .map(|found| columns.iter().map(|column| column.cell(found)).collect())
                .collect();
            match format {
                FoundFormat::Pdf => pdf(&cover, &columns, &lines),
                FoundFormat::Xlsx => xlsx(&cover, &columns, &lines),
            }
        })
        .await??;
        session
            .with_store(move |store| {
                let event = AuditEvent {
                    kind: AuditKind::Exported,
                    document: None,
                    detail: format!("found lines={count} as={ending}"),
                };
                store.audit(&event, now)
            })
            .await?;
        let name = format!("Ket-qua-tra-cuu-{}.{ending}", at.date());
        Ok(self.exports().put(name, media_type, bytes))
    }
}

fn title(cover: &Cover, count: usize) -> [String; 4] {
    let asked = match cover.asked.as_str() {
        "" => String::new(),
        asked => format!("Nội dung tra cứu: {asked}"),
    };
    [
        cover.agency.to_uppercase(),
        "DANH SÁCH VĂN BẢN TRA CỨU".to_owned(),
        asked,
        format!("{count} văn bản – {}", cover.mark),
    ]
}

fn xlsx(cover: &Cover, columns: &[FoundColumn], lines: &[Vec<String>]) -> Result<Vec<u8>> {
    const HEAD_ROW: u32 = 5;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Tra cứu").map_err(failed)?;
    let strong = Format::new().set_bold();
    for (row, words) in (0_u32..).zip(title(cover, lines.len())) {
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
    for (place, column) in (0_u16..).zip(columns) {
        let (name, width) = column.head();
        sheet
            .set_column_width(place, width * 13.0)
            .map_err(failed)?;
        sheet
            .write_string_with_format(HEAD_ROW, place, name, &head)
            .map_err(failed)?;
    }
    for (row, line) in (HEAD_ROW + 1..).zip(lines) {
        for (place, words) in (0_u16..).zip(line) {
            // Everything is text, whatever it begins with.
            sheet
                .write_string_with_format(row, place, words, &plain)
                .map_err(failed)?;
        }
    }
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW).map_err(failed)?;
    sheet.set_freeze_panes(HEAD_ROW + 1, 0).map_err(failed)?;
    sheet.set_footer(format!("&L{}&CTrang &P/&N", cover.mark));
    workbook.save_to_buffer().map_err(failed)
}

fn pdf(cover: &Cover, columns: &[FoundColumn], lines: &[Vec<String>]) -> Result<Vec<u8>> {
    let font = EmbeddedFont::new(TINOS).map_err(failed)?;
    let whole: f64 = columns.iter().map(|column| column.head().1).sum();
    let widths: Vec<f64> = columns
        .iter()
        .map(|column| column.head().1 / whole * (PAGE.0 - LEFT - RIGHT))
        .collect();
    let leading = (font.ascent(SIZE) + font.descent(SIZE)) * MM_PER_POINT;
    let mut sheets = Vec::new();
    let mut sheet = Appearance::default();
    for ((words, size), y) in title(cover, lines.len())
        .into_iter()
        .zip([12.0, 15.0, 10.0, 10.0])
        .zip([TOP, TOP + 7.0, TOP + 16.0, TOP + 23.0])
    {
        if !words.is_empty() {
            let area = area((LEFT, y), (PAGE.0 - LEFT - RIGHT, 8.0));
            sheet
                .items
                .push(text(vec![words], area, (size, TextAlign::Centre)));
        }
    }
    let mut y = head(&mut sheet, columns, &widths, FIRST);
    for line in lines {
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
            y = head(&mut sheet, columns, &widths, TOP);
        }
        let mut x = LEFT;
        for (cell, width) in cells.into_iter().zip(&widths) {
            let area = area((x, y), (*width, height));
            sheet.items.push(frame(area));
            if cell.iter().any(|line| !line.is_empty()) {
                sheet
                    .items
                    .push(text(cell, inner(area), (SIZE, TextAlign::Left)));
            }
            x += width;
        }
        y += height;
    }
    sheets.push(sheet);
    let pages = sheets.len();
    for (number, sheet) in (1..).zip(&mut sheets) {
        let words = format!("{} – Trang {number}/{pages}", cover.mark);
        let area = area((LEFT, BOTTOM + 4.0), (PAGE.0 - LEFT - RIGHT, 5.0));
        sheet
            .items
            .push(text(vec![words], area, (SIZE, TextAlign::Centre)));
    }
    pdf_of_sheets(&sheets, PAGE, TINOS).map_err(failed)
}

/// Draws the columns' names; the answer is where the lines begin.
fn head(sheet: &mut Appearance, columns: &[FoundColumn], widths: &[f64], y: f64) -> f64 {
    let mut x = LEFT;
    for (column, width) in columns.iter().zip(widths) {
        let area = area((x, y), (*width, HEAD));
        sheet.items.push(frame(area));
        let name = vec![column.head().0.to_owned()];
        sheet
            .items
            .push(text(name, inner(area), (SIZE, TextAlign::Centre)));
        x += width;
    }
    y + HEAD
}

fn area((x, y): (f64, f64), (width, height): (f64, f64)) -> MmRect {
    MmRect {
        x,
        y,
        width,
        height,
    }
}

fn failed(error: impl std::fmt::Display) -> DeskError {
    DeskError::Internal(format!("what was found: {error}"))
}
