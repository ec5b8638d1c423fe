use std::sync::Arc;

use congvan_core::{Desk, OfficeBook, ReceivedRow, Registered};

use super::{Answer, batch::view_dto, parse, word};
use crate::{
    IpcError,
    dto::{
        BatchView, BookDto, BookId, Empty, LeaderDto, LeaseDto, ReceivedArgs, ReceivedDto,
        ReceivedPage, RegisterArgs, RegisterDefaults, RegisterOptions, RegisterReport,
        RegisteredHere, RegisteredLetter, RegistrationUndo, SealArgs, SealQueue,
    },
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn register_options(desk: &Arc<Desk>, _: Empty) -> Answer<RegisterOptions> {
    let options = desk.register_options().await?;
    Ok(RegisterOptions {
        books: options.books.into_iter().map(book_dto).collect(),
        leaders: options
            .leaders
            .into_iter()
            .map(|leader| LeaderDto {
                account: leader.account.0.to_string(),
                name: leader.name,
                position: leader.position,
            })
            .collect(),
        activities: super::intake_dto::activities(options.activities),
        defaults: RegisterDefaults {
            book: options.defaults.book,
            received_on: String::new(),
            present_to: options.defaults.present_to.map(|to| to.0.to_string()),
            stamp: options.defaults.stamp,
            sign: options.defaults.sign,
        },
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, `INTAKE_FIELD` for what holds for all letters, disk faults before the first.
/// What becomes of each letter is in the answer.
pub async fn intake_register(desk: &Arc<Desk>, args: RegisterArgs) -> Answer<RegisterReport> {
    let mut letters = Vec::with_capacity(args.letters.len());
    for letter in &args.letters {
        letters.push(parse(letter)?);
    }
    let outcomes = desk
        .register_letters(letters, defaults(args.defaults)?)
        .await?;
    let outcomes = outcomes.into_iter();
    Ok(report(
        outcomes.map(|one| (one.letter.0.to_string(), one.outcome)),
    ))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn received_list(desk: &Arc<Desk>, _: Empty) -> Answer<ReceivedPage> {
    let came = desk.received().await?;
    Ok(ReceivedPage {
        is_clerk: came.is_clerk,
        waiting: came.list.waiting.into_iter().map(received_dto).collect(),
        total: came.list.total,
        registered: came.list.registered.into_iter().map(received_dto).collect(),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, `NOT_CLERK`, `INTAKE_FIELD` for what holds for all, disk faults before the first.
/// What becomes of each document is in the answer.
pub async fn received_register(desk: &Arc<Desk>, args: ReceivedArgs) -> Answer<RegisterReport> {
    let mut documents = Vec::with_capacity(args.documents.len());
    for document in &args.documents {
        documents.push(parse(document)?);
    }
    let outcomes = desk
        .register_received(documents, defaults(args.defaults)?)
        .await?;
    let outcomes = outcomes.into_iter();
    Ok(report(
        outcomes.map(|one| (one.document.to_string(), one.outcome)),
    ))
}

fn received_dto(row: ReceivedRow) -> ReceivedDto {
    ReceivedDto {
        document: row.document.to_string(),
        notation: row.notation.unwrap_or_default(),
        issued_on: row.issued_on.map(|day| day.to_string()).unwrap_or_default(),
        issuer: row.issuer,
        subject: row.subject,
        urgency: word(&row.urgency),
        arrived_at: row.arrived_at.0,
        registered: row.registered.map(|done| RegisteredHere {
            number: done.number,
            provisional: done.provisional,
            can_undo: done.can_undo,
        }),
    }
}

fn report(
    outcomes: impl Iterator<Item = (String, congvan_core::Result<Registered>)>,
) -> RegisterReport {
    let letters: Vec<RegisteredLetter> = outcomes
        .map(|(letter, outcome)| {
            let registered = outcome.as_ref().ok();
            RegisteredLetter {
                letter,
                document: registered.map(|done| done.document.to_string()),
                number: registered.and_then(|done| done.number),
                provisional: registered
                    .filter(|done| done.number.is_none())
                    .map(|done| done.provisional.to_string()),
                code: outcome.err().map(|error| IpcError::from(error).code),
            }
        })
        .collect();
    let count = |which: fn(&RegisteredLetter) -> bool| {
        u32::try_from(letters.iter().filter(|one| which(one)).count()).unwrap_or(u32::MAX)
    };
    RegisterReport {
        numbered: count(|one| one.number.is_some()),
        provisional: count(|one| one.provisional.is_some()),
        failed: count(|one| one.code.is_some()),
        letters,
    }
}

/// See the command table.
///
/// # Errors
/// `ALREADY_SENT`, `REASON_MISSING`, `NOT_FOUND`, disk faults.
pub async fn registration_undo(desk: &Arc<Desk>, args: RegistrationUndo) -> Answer<Empty> {
    desk.undo_registration(parse(&args.document)?, args.reason)
        .await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `REASON_MISSING`, `NOT_FOUND`, disk faults.
pub async fn registration_withdraw(desk: &Arc<Desk>, args: RegistrationUndo) -> Answer<Empty> {
    desk.withdraw_registration(parse(&args.document)?, args.reason)
        .await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `BOOK_HELD`, `NET_UNREACHABLE`, `SERVER_REFUSED`, disk faults.
pub async fn lease_take(desk: &Arc<Desk>, args: BookId) -> Answer<BookDto> {
    Ok(book_dto(desk.lease_take(args.book, args.year).await?))
}

/// See the command table.
///
/// # Errors
/// `NO_NUMBER_LEFT` without numbers of that book here; `NET_UNREACHABLE`, `SERVER_REFUSED`, disk
/// faults: nothing more is given out of it all the same.
pub async fn lease_return(desk: &Arc<Desk>, args: BookId) -> Answer<BookDto> {
    Ok(book_dto(desk.lease_return(args.book, args.year).await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn seal_queue(desk: &Arc<Desk>, _: Empty) -> Answer<SealQueue> {
    let counts = desk.seal_queue().await?;
    Ok(SealQueue {
        ready: counts.ready,
        waiting: counts.waiting,
    })
}

/// See the command table.
///
/// # Errors
/// As `batch_sign`.
pub async fn seal_sign(desk: &Arc<Desk>, args: SealArgs) -> Answer<BatchView> {
    let certificate = parse(&args.certificate)?;
    let view = desk
        .seal_sign((args.module, args.token_serial), certificate)
        .await?;
    Ok(view_dto(view))
}

fn defaults(args: RegisterDefaults) -> Answer<congvan_core::RegisterDefaults> {
    let to: Option<i64> = args
        .present_to
        .as_deref()
        .filter(|to| !to.is_empty())
        .map(parse)
        .transpose()?;
    Ok(congvan_core::RegisterDefaults {
        book: args.book,
        received_on: super::book::day(&args.received_on)?,
        present_to: to.map(congvan_model::AccountId),
        stamp: args.stamp,
        sign: args.sign,
    })
}

fn book_dto(book: OfficeBook) -> BookDto {
    BookDto {
        book: book.book,
        name: book.name,
        year: book.year,
        leased: book.leased.map(|state| LeaseDto {
            next: state.next,
            hi: state.lease.hi,
            expires_at: state.lease.expires_at.0,
            stopped: state.stopped_at.is_some(),
        }),
        held_by: book.held_by,
    }
}
