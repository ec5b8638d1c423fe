//! The register of incoming documents: on the screen, as a table and on paper.

pub(crate) mod print;
mod table;

use std::time::Duration;

use congvan_model::VN_OFFSET;
use congvan_store::{AuditEvent, AuditKind, BookLine, BookLines, BookWish};
use jiff::civil::Date;

use crate::{ChangeTag, Desk, DeskError, ExportedFile, Result};

/// Most lines of one page of the screen.
const PAGE_MAX: usize = 500;
/// A person waits for the book: what is known already does instead.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is wanted of a book, on the screen or on paper.
pub type BookWanted = BookWish;

/// How a book is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookFormat {
    /// In the decree's form, A4 across.
    Pdf,
    /// A table.
    Xlsx,
}

/// What stands at the head of a printed book.
struct Cover {
    agency: String,
    book: String,
    year: u16,
    from: Option<Date>,
    to: Option<Date>,
    /// Name of the one field of activity that it holds; none = all of them.
    activity: Option<String>,
}

/// The ten columns of the decree (Appendix IV).
const COLUMNS: [&str; 10] = [
    "Ngày đến",
    "Số đến",
    "Tác giả",
    "Số, ký hiệu",
    "Ngày tháng",
    "Tên loại và trích yếu nội dung",
    "Đơn vị hoặc người nhận",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
];

impl Desk {
    /// A part of the register of incoming documents, out of what is on this machine; what the server
    /// calls void is asked for where it answers soon.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn book_lines(&self, mut wish: BookWanted) -> Result<BookLines> {
        wish.limit = wish.limit.clamp(1, PAGE_MAX);
        self.lines(wish).await
    }

    async fn lines(&self, wish: BookWish) -> Result<BookLines> {
        let session = self.session().await?;
        let asked = session.remote.voids(&wish.book, wish.year);
        if let Ok(Ok(voids)) = tokio::time::timeout(PATIENCE, asked).await {
            let (book, year) = (wish.book.clone(), wish.year);
            let is_news = session
                .with_store(move |store| store.set_voids((&book, year), &voids))
                .await?;
            if is_news {
                self.events_bus().changed(&[ChangeTag::Intake]);
            }
        }
        session
            .with_store(move |store| store.book_lines(&wish))
            .await
    }

    /// The whole of what is wanted of a book as a file that waits to be saved. It is written down as
    /// an export.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn book_export(&self, wish: BookWanted, format: BookFormat) -> Result<ExportedFile> {
        let whole = BookWish {
            offset: 0,
            limit: usize::MAX,
            ..wish
        };
        let session = self.session().await?;
        let found = self.lines(whole.clone()).await?;
        let options = self.register_options().await?;
        let known = options.books.into_iter().find(|one| one.book == whole.book);
        let info = session.info();
        let registry = info.as_ref().and_then(|info| info.registry.clone());
        let post = session.account.posts.first();
        let cover = Cover {
            agency: registry
                .map(|agency| agency.name)
                .or_else(|| post.map(|post| post.agency.name.clone()))
                .unwrap_or_default(),
            book: known.map_or_else(|| whole.book.clone(), |known| known.name),
            year: whole.year,
            from: whole.from,
            to: whole.to,
            activity: whole.activity.as_ref().map(|code| {
                let mut known = options.activities.iter();
                known
                    .find(|one| one.code == *code)
                    .map_or_else(|| code.clone(), |one| one.name.clone())
            }),
        };
        let (ending, media_type) = match format {
            BookFormat::Pdf => ("pdf", "application/pdf"),
            BookFormat::Xlsx => (
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        };
        let name = format!("So-dang-ky-van-ban-den-{}.{ending}", whole.year);
        let count = found.lines.len();
        let bytes = tokio::task::spawn_blocking(move || match format {
            BookFormat::Pdf => print::pdf(&cover, &found.lines),
            BookFormat::Xlsx => table::xlsx(&cover, &found.lines),
        })
        .await??;
        let now = self.now();
        session
            .with_store(move |store| {
                let event = AuditEvent {
                    kind: AuditKind::Exported,
                    document: None,
                    detail: format!(
                        "book={} year={} lines={count} as={ending}",
                        whole.book, whole.year
                    ),
                };
                store.audit(&event, now)
            })
            .await?;
        Ok(self.exports().put(name, media_type, bytes))
    }
}

/// A day as people write it.
pub(crate) fn day(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// The text of a line's ten columns.
fn cells(line: &BookLine) -> [String; 10] {
    let number = match (line.number, &line.provisional) {
        (Some(number), _) => number.to_string(),
        (None, Some(provisional)) => provisional.clone(),
        (None, None) => String::new(),
    };
    let taken = line.acknowledged.as_ref().map(|(who, at)| {
        let at = VN_OFFSET.to_datetime(jiff::Timestamp::from_millisecond(at.0).unwrap_or_default());
        format!(
            "{who}, {:02}:{:02} {}",
            at.hour(),
            at.minute(),
            day(at.date())
        )
    });
    let note = match (line.is_void, line.note.as_str()) {
        (true, reason) => format!("Số bỏ trống: {reason}"),
        (false, note) => note.to_owned(),
    };
    [
        day(line.arrived_on),
        number,
        line.issuer.clone(),
        line.notation.clone(),
        line.issued_on.map(day).unwrap_or_default(),
        line.subject.clone(),
        line.receivers.clone(),
        line.passed_on.map(day).unwrap_or_default(),
        taken.unwrap_or_default(),
        note,
    ]
}

fn failed(error: impl std::fmt::Display) -> DeskError {
    DeskError::Internal(format!("the book: {error}"))
}
