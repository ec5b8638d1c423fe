//! The registers of Decree 30/2020, Appendix IV: on the screen, as a table and on paper.

pub(crate) mod print;
mod sheet;
mod table;

use std::time::Duration;

use congvan_store::{
    BookLines, BookWish, LoanLine, MailLine, OutgoingLines, PaperLines, Progress, TrackingLines,
};
use jiff::civil::Date;

pub use self::sheet::{RegisterColumn, series_name};
use self::sheet::{Sheet, cells};
use crate::{ChangeTag, Desk, DeskError, ExportedFile, Result, session::Session};

/// Most lines of one page of the screen.
const PAGE_MAX: usize = 500;
/// A person waits for the book: what is known already does instead.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is wanted of a book, on the screen or on paper.
pub type BookWanted = BookWish;

/// A register of the decree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Register {
    /// Sổ đăng ký văn bản đến.
    #[default]
    Incoming,
    /// Sổ đăng ký văn bản đi.
    Outgoing,
    /// Sổ theo dõi giải quyết văn bản đến.
    Tracking,
    /// Sổ gửi văn bản đi bưu điện.
    Mail,
    /// Sổ sử dụng bản lưu.
    Loans,
}

/// How a book is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookFormat {
    /// In the decree's form, A4 across.
    Pdf,
    /// A table.
    Xlsx,
}

impl Desk {
    /// A part of the register of incoming documents, out of what is on this machine; what the server
    /// calls void is asked for where it answers soon.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn book_lines(&self, mut wish: BookWanted) -> Result<BookLines> {
        wish.limit = wish.limit.clamp(1, PAGE_MAX);
        self.incoming_lines(wish).await
    }

    /// A part of the register of what goes out, as [`Desk::book_lines`].
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn outgoing_register(&self, mut wish: BookWanted) -> Result<OutgoingLines> {
        wish.limit = wish.limit.clamp(1, PAGE_MAX);
        self.outgoing_lines(wish).await
    }

    /// A part of the register that follows the handling.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn tracking_register(&self, mut wish: BookWanted) -> Result<TrackingLines> {
        wish.limit = wish.limit.clamp(1, PAGE_MAX);
        self.tracking_lines(wish).await
    }

    /// A part of the register of what went by post.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn mail_register(&self, mut wish: BookWanted) -> Result<PaperLines<MailLine>> {
        wish.limit = wish.limit.clamp(1, PAGE_MAX);
        self.mail_lines(wish).await
    }

    /// A part of the register of who used a file copy.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn loan_register(&self, mut wish: BookWanted) -> Result<PaperLines<LoanLine>> {
        wish.limit = wish.limit.clamp(1, PAGE_MAX);
        self.loan_lines(wish).await
    }

    async fn mail_lines(&self, wish: BookWish) -> Result<PaperLines<MailLine>> {
        let session = self.session().await?;
        session
            .with_store(move |store| store.mail_lines(&wish))
            .await
    }

    async fn loan_lines(&self, wish: BookWish) -> Result<PaperLines<LoanLine>> {
        let session = self.session().await?;
        session
            .with_store(move |store| store.loan_lines(&wish))
            .await
    }

    async fn incoming_lines(&self, wish: BookWish) -> Result<BookLines> {
        let session = self.session().await?;
        let books = [wish.book.clone()];
        self.learn_voids(&session, &books, wish.year).await?;
        session
            .with_store(move |store| store.book_lines(&wish))
            .await
    }

    async fn outgoing_lines(&self, wish: BookWish) -> Result<OutgoingLines> {
        let session = self.session().await?;
        let (asked, year) = (wish.clone(), wish.year);
        let lines = session
            .with_store(move |store| store.outgoing_lines(&asked))
            .await?;
        let books = match wish.book.as_str() {
            "" => lines.books.clone(),
            one => vec![one.to_owned()],
        };
        if !self.learn_voids(&session, &books, year).await? {
            return Ok(lines);
        }
        session
            .with_store(move |store| store.outgoing_lines(&wish))
            .await
    }

    async fn tracking_lines(&self, wish: BookWish) -> Result<TrackingLines> {
        let (session, now) = (self.session().await?, self.now());
        session
            .with_store(move |store| store.tracking_lines(&wish, now))
            .await
    }

    /// Asks the server for the void numbers of these books, as long as a person waits. The answer is
    /// whether that was news.
    async fn learn_voids(&self, session: &Session, books: &[String], year: u16) -> Result<bool> {
        let mut learnt = Vec::new();
        let asking = async {
            for book in books {
                // Who may not ask, or asks nobody, sees what is known.
                if let Ok(voids) = session.remote.voids(book, year).await {
                    learnt.push((book.clone(), voids));
                }
            }
        };
        // What was learnt before the patience ended counts.
        let _ = tokio::time::timeout(PATIENCE, asking).await;
        let is_news = session
            .with_store(move |store| {
                let mut is_news = false;
                for (book, voids) in &learnt {
                    is_news |= store.set_voids((book, year), voids)?;
                }
                Ok(is_news)
            })
            .await?;
        if is_news {
            self.events_bus().changed(&[ChangeTag::Intake]);
        }
        Ok(is_news)
    }

    /// The whole of what is wanted of a register as a file that waits to be saved, in these columns;
    /// none named = the decree's. It is written down as an export.
    ///
    /// # Errors
    /// `ActField` with `columns`, `NotLoggedIn`, disk errors.
    pub async fn book_export(
        &self,
        wish: BookWanted,
        (register, columns): (Register, &[RegisterColumn]),
        format: BookFormat,
    ) -> Result<ExportedFile> {
        let columns = register
            .chosen(columns)
            .ok_or(DeskError::ActField { field: "columns" })?;
        let whole = BookWish {
            offset: 0,
            limit: usize::MAX,
            ..wish
        };
        let sheet = self.sheet(register, columns, &whole).await?;
        let session = self.session().await?;
        let (ending, media_type) = match format {
            BookFormat::Pdf => ("pdf", "application/pdf"),
            BookFormat::Xlsx => (
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        };
        let name = format!("{}-{}.{ending}", register.file(), whole.year);
        let detail = format!(
            "register={register:?} book={} year={} lines={} as={ending}",
            whole.book,
            whole.year,
            sheet.lines.len()
        );
        let bytes = tokio::task::spawn_blocking(move || match format {
            BookFormat::Pdf => print::pdf(&sheet),
            BookFormat::Xlsx => table::xlsx(&sheet),
        })
        .await??;
        self.taken_out(&session, detail).await?;
        Ok(self.exports().put(name, media_type, bytes))
    }

    async fn sheet(
        &self,
        register: Register,
        columns: Vec<RegisterColumn>,
        wish: &BookWish,
    ) -> Result<Sheet> {
        let session = self.session().await?;
        let options = self.register_options().await?;
        let activity = wish.activity.as_ref().map(|code| {
            let mut known = options.activities.iter();
            let name = known.find(|one| one.code == *code);
            format!("Lĩnh vực: {}", name.map_or(code, |one| &one.name))
        });
        let progress = wish.progress.map(|only| narrowed(only).to_owned());
        let only: Vec<String> = activity.into_iter().chain(progress).collect();
        let (book, lines, numbers, days) = match register {
            Register::Incoming => {
                let found = self.incoming_lines(wish.clone()).await?.lines;
                let cells = found
                    .iter()
                    .map(|line| cells(line, &columns, sheet::INCOMING));
                let numbers = span(found.iter().filter_map(|line| line.number));
                let days = span(found.iter().map(|line| line.arrived_on));
                (None, cells.collect(), numbers, days)
            }
            Register::Outgoing => {
                let found = self.outgoing_lines(wish.clone()).await?.lines;
                let cells = found
                    .iter()
                    .map(|line| cells(line, &columns, sheet::OUTGOING));
                let numbers = found.iter().filter_map(|line| line.number);
                // Each series counts from 1.
                let numbers = span(numbers).filter(|_| !wish.book.is_empty());
                let days = span(found.iter().filter_map(|line| line.issued_on));
                let book = match wish.book.as_str() {
                    "" => String::new(),
                    code => series_name(code),
                };
                (Some(book), cells.collect(), numbers, days)
            }
            Register::Tracking => {
                let found = self.tracking_lines(wish.clone()).await?.lines;
                let cells = found
                    .iter()
                    .map(|line| cells(line, &columns, sheet::TRACKING));
                let numbers = span(found.iter().map(|line| line.number));
                (None, cells.collect(), numbers, None)
            }
            Register::Mail => {
                let found = self.mail_lines(wish.clone()).await?.lines;
                let cells = found.iter().map(|line| cells(line, &columns, sheet::MAIL));
                let days = span(found.iter().map(|line| line.on));
                (Some(String::new()), cells.collect(), None, days)
            }
            Register::Loans => {
                let found = self.loan_lines(wish.clone()).await?.lines;
                let cells = found.iter().map(|line| cells(line, &columns, sheet::LOANS));
                let days = span(found.iter().map(|line| line.on));
                (Some(String::new()), cells.collect(), None, days)
            }
        };
        let known = options.books.into_iter().find(|one| one.book == wish.book);
        let days = match (wish.from, wish.to, days) {
            (from, to, Some((first, last))) => Some((from.unwrap_or(first), to.unwrap_or(last))),
            (from, to, None) => from.zip(to),
        };
        Ok(Sheet {
            register,
            agency: session.registry_name(),
            book: book
                .or_else(|| known.map(|known| known.name))
                .unwrap_or_else(|| wish.book.clone()),
            year: wish.year,
            numbers,
            days,
            only: only.join(" – "),
            columns,
            lines,
        })
    }
}

/// The least and the greatest.
fn span<T: Ord + Copy>(all: impl Iterator<Item = T>) -> Option<(T, T)> {
    all.fold(None, |span, one| {
        let (least, most) = span.unwrap_or((one, one));
        Some((one.min(least), one.max(most)))
    })
}

/// What the register that follows the handling is narrowed to.
fn narrowed(progress: Progress) -> &'static str {
    match progress {
        Progress::Open => "Đang giải quyết",
        Progress::Near => "Sắp đến hạn",
        Progress::Overdue => "Quá hạn, chưa giải quyết xong",
        Progress::DoneInTime => "Đã giải quyết đúng hạn",
        Progress::DoneLate => "Đã giải quyết quá hạn",
    }
}

/// A day as people write it.
pub(crate) fn day(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

fn failed(error: impl std::fmt::Display) -> DeskError {
    DeskError::Internal(format!("the book: {error}"))
}
