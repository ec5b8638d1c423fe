use std::sync::Arc;

use congvan_core::{BookLine, BookWanted, Desk};
use jiff::civil::Date;

use super::{Answer, parse};
use crate::dto::{BookEntryDto, BookExport, BookFormat, BookPage, BookQuery, FileExport};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn book_entries(desk: &Arc<Desk>, args: BookQuery) -> Answer<BookPage> {
    let found = desk.book_lines(wanted(args)?).await?;
    Ok(BookPage {
        entries: found.lines.into_iter().map(entry_dto).collect(),
        total: u32::try_from(found.total).unwrap_or(u32::MAX),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn book_export(desk: &Arc<Desk>, args: BookExport) -> Answer<FileExport> {
    let format = match args.format {
        BookFormat::Pdf => congvan_core::BookFormat::Pdf,
        BookFormat::Xlsx => congvan_core::BookFormat::Xlsx,
    };
    let file = desk.book_export(wanted(args.query)?, format).await?;
    Ok(FileExport {
        id: file.id,
        name: file.name,
        media_type: file.media_type.to_owned(),
    })
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
        text: args.text,
        offset: args.offset as usize,
        limit: args.limit as usize,
    })
}

fn entry_dto(line: BookLine) -> BookEntryDto {
    let shown = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
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
