use std::sync::Arc;

use congvan_core::{
    BookLine, BookWanted, Desk, LoanLine, MailLine, OutgoingLine, Progress, Register,
    RegisterColumn as Column, TrackingLine, series_name,
};
use jiff::civil::Date;

use super::{Answer, parse};
use crate::dto::{
    BookEntryDto, BookExport, BookFormat, BookPage, BookQuery, FileExport, LoanEntryDto, LoanPage,
    MailEntryDto, MailPage, OutgoingEntryDto, OutgoingPage, RegisterColumn, RegisterKind,
    RegisterProgress, SeriesDto, TrackingEntryDto, TrackingPage,
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn book_entries(desk: &Arc<Desk>, args: BookQuery) -> Answer<BookPage> {
    let found = desk.book_lines(wanted(args)?).await?;
    Ok(BookPage {
        entries: found.lines.into_iter().map(entry_dto).collect(),
        total: count(found.total),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn outgoing_register(desk: &Arc<Desk>, args: BookQuery) -> Answer<OutgoingPage> {
    let found = desk.outgoing_register(wanted(args)?).await?;
    let series = |book: String| SeriesDto {
        name: series_name(&book),
        book,
    };
    Ok(OutgoingPage {
        entries: found.lines.into_iter().map(outgoing_dto).collect(),
        total: count(found.total),
        unseen: count(found.unseen),
        books: found.books.into_iter().map(series).collect(),
        years: found.years,
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn tracking_register(desk: &Arc<Desk>, args: BookQuery) -> Answer<TrackingPage> {
    let found = desk.tracking_register(wanted(args)?).await?;
    Ok(TrackingPage {
        entries: found.lines.into_iter().map(tracking_dto).collect(),
        total: count(found.total),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn mail_register(desk: &Arc<Desk>, args: BookQuery) -> Answer<MailPage> {
    let found = desk.mail_register(wanted(args)?).await?;
    Ok(MailPage {
        entries: found.lines.into_iter().map(mail_dto).collect(),
        total: count(found.total),
        years: found.years,
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn loan_register(desk: &Arc<Desk>, args: BookQuery) -> Answer<LoanPage> {
    let found = desk.loan_register(wanted(args)?).await?;
    Ok(LoanPage {
        entries: found.lines.into_iter().map(loan_dto).collect(),
        total: count(found.total),
        years: found.years,
    })
}

/// See the command table.
///
/// # Errors
/// `ACT_FIELD` with `columns`, `NOT_LOGGED_IN`, disk faults.
pub async fn book_export(desk: &Arc<Desk>, args: BookExport) -> Answer<FileExport> {
    let format = match args.format {
        BookFormat::Pdf => congvan_core::BookFormat::Pdf,
        BookFormat::Xlsx => congvan_core::BookFormat::Xlsx,
    };
    let register = match args.register {
        RegisterKind::Incoming => Register::Incoming,
        RegisterKind::Outgoing => Register::Outgoing,
        RegisterKind::Tracking => Register::Tracking,
        RegisterKind::Mail => Register::Mail,
        RegisterKind::Loans => Register::Loans,
    };
    let columns: Vec<Column> = args.columns.into_iter().map(column).collect();
    let wanted = wanted(args.query)?;
    let file = desk
        .book_export(wanted, (register, &columns), format)
        .await?;
    Ok(file.into())
}

/// A day, or none for an empty text.
pub(super) fn day(text: &str) -> Answer<Option<Date>> {
    match text.trim() {
        "" => Ok(None),
        text => parse(text).map(Some),
    }
}

fn wanted(args: BookQuery) -> Answer<BookWanted> {
    Ok(BookWanted {
        from: day(&args.from)?,
        to: day(&args.to)?,
        book: args.book,
        year: args.year,
        activity: Some(args.activity).filter(|code| !code.is_empty()),
        progress: args.progress.map(|only| match only {
            RegisterProgress::Open => Progress::Open,
            RegisterProgress::Near => Progress::Near,
            RegisterProgress::Overdue => Progress::Overdue,
            RegisterProgress::DoneInTime => Progress::DoneInTime,
            RegisterProgress::DoneLate => Progress::DoneLate,
        }),
        text: args.text,
        offset: args.offset as usize,
        limit: args.limit as usize,
    })
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

fn shown(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn column(column: RegisterColumn) -> Column {
    match column {
        RegisterColumn::Arrived => Column::Arrived,
        RegisterColumn::Number => Column::Number,
        RegisterColumn::Issuer => Column::Issuer,
        RegisterColumn::Notation => Column::Notation,
        RegisterColumn::Issued => Column::Issued,
        RegisterColumn::Subject => Column::Subject,
        RegisterColumn::Receivers => Column::Receivers,
        RegisterColumn::Passed => Column::Passed,
        RegisterColumn::Acknowledged => Column::Acknowledged,
        RegisterColumn::Note => Column::Note,
        RegisterColumn::Activity => Column::Activity,
        RegisterColumn::Signer => Column::Signer,
        RegisterColumn::Recipients => Column::Recipients,
        RegisterColumn::Kept => Column::Kept,
        RegisterColumn::Copies => Column::Copies,
        RegisterColumn::Sent => Column::Sent,
        RegisterColumn::Described => Column::Described,
        RegisterColumn::Due => Column::Due,
        RegisterColumn::Progress => Column::Progress,
        RegisterColumn::Reply => Column::Reply,
        RegisterColumn::Envelopes => Column::Envelopes,
        RegisterColumn::Stamped => Column::Stamped,
        RegisterColumn::Lent => Column::Lent,
        RegisterColumn::Borrower => Column::Borrower,
        RegisterColumn::LentDocument => Column::LentDocument,
        RegisterColumn::Dossier => Column::Dossier,
        RegisterColumn::Returned => Column::Returned,
        RegisterColumn::Permitted => Column::Permitted,
    }
}

fn outgoing_dto(line: OutgoingLine) -> OutgoingEntryDto {
    OutgoingEntryDto {
        document: line.document.map(|id| id.to_string()),
        book: line.book,
        number: line.number,
        notation: line.notation,
        issued_on: shown(line.issued_on),
        subject: line.subject,
        signer: line.signer,
        recipients: line.recipients,
        kept: line.kept,
        copies: line.copies,
        sent_on: shown(line.sent_on),
        received: line.received,
        note: line.note,
        is_void: line.is_void,
    }
}

fn tracking_dto(line: TrackingLine) -> TrackingEntryDto {
    TrackingEntryDto {
        document: line.document.to_string(),
        number: line.number,
        described: line.described,
        receivers: line.receivers,
        due: shown(line.due.map(|due| due.instant().vietnam_date())),
        progress: match line.progress {
            Progress::Open => RegisterProgress::Open,
            Progress::Near => RegisterProgress::Near,
            Progress::Overdue => RegisterProgress::Overdue,
            Progress::DoneInTime => RegisterProgress::DoneInTime,
            Progress::DoneLate => RegisterProgress::DoneLate,
        },
        done_on: shown(line.done_at.map(|at| at.vietnam_date())),
        reply: line.reply,
        note: line.note,
    }
}

fn mail_dto(line: MailLine) -> MailEntryDto {
    MailEntryDto {
        document: line.document.to_string(),
        on: line.on.to_string(),
        notation: line.notation,
        to: line.to,
        envelopes: line.envelopes,
        note: line.note,
        subject: line.subject,
    }
}

fn loan_dto(line: LoanLine) -> LoanEntryDto {
    LoanEntryDto {
        document: line.document.to_string(),
        on: line.on.to_string(),
        borrower: line.borrower,
        described: line.described,
        subject: line.subject,
        dossier: line.dossier,
        returned_on: shown(line.returned_on),
        permitted_by: line.permitted_by,
        note: line.note,
    }
}

fn entry_dto(line: BookLine) -> BookEntryDto {
    BookEntryDto {
        document: line.document.map(|id| id.to_string()),
        arrived_on: line.arrived_on.to_string(),
        number: line.number,
        provisional: line.provisional,
        issuer: line.issuer,
        notation: line.notation,
        issued_on: shown(line.issued_on),
        subject: line.subject,
        activity: line.activity.map(|of| of.name).unwrap_or_default(),
        receivers: line.receivers,
        passed_on: shown(line.passed_on),
        acknowledged: line
            .acknowledged
            .map(|(who, at)| format!("{who}, {}", at.iso_vietnam()))
            .unwrap_or_default(),
        note: line.note,
        is_void: line.is_void,
    }
}
