//! What was found as a file: the columns that the person shows, as a table or on paper, with who took
//! it out and when.

use congvan_model::{Direction, DocumentState, Urgency};
use congvan_store::{DocumentRow, FoundRow, SearchQuery};

use crate::{
    Desk, DeskError, ExportedFile, Result,
    register::book::day,
    table::{Table, TableFormat},
};

/// Rows of a file: more is a matter for the register.
const ROWS_MAX: u32 = 5_000;
/// Rows asked for at once.
const PAGE_ROWS: u32 = 200;

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
        (format, narrowed): (TableFormat, String),
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
        let mark = self.export_mark(&session);
        let count = rows.len();
        let table = Table {
            sheet: "Tra cứu",
            title: [
                session.agency_name().to_uppercase(),
                "DANH SÁCH VĂN BẢN TRA CỨU".to_owned(),
                match asked.as_str() {
                    "" => String::new(),
                    asked => format!("Nội dung tra cứu: {asked}"),
                },
                format!("{count} văn bản – {mark}"),
            ],
            columns: columns.iter().map(|column| column.head()).collect(),
            numbers: 0..0,
            lines: rows
                .iter()
                .map(|found| columns.iter().map(|column| column.cell(found)).collect())
                .collect(),
            signed: None,
            mark,
        };
        let name = format!("Ket-qua-tra-cuu-{}", self.now().vietnam_date());
        let detail = format!("found lines={count}");
        self.table_export(&session, table, (format, name, detail))
            .await
    }
}
