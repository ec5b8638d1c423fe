use std::sync::Arc;

use congvan_core::{Desk, LetterDetail as Letter, LetterFault, LetterQuery};

use super::{Answer, intake_dto, parse};
use crate::{
    ErrorCode,
    dto::{
        self, Empty, IntakePage, IntakeQuery, LetterConfirmed, LetterDetail, LetterEdit, LetterId,
        PagesAct,
    },
};

/// Letters listed at once at most.
const MOST: u32 = 500;

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn intake_list(desk: &Arc<Desk>, args: IntakeQuery) -> Answer<IntakePage> {
    let list = desk
        .intake_list(LetterQuery {
            states: args.states.into_iter().map(intake_dto::state).collect(),
            offset: args.offset,
            limit: args.limit.clamp(1, MOST),
        })
        .await?;
    Ok(IntakePage {
        letters: list.letters.into_iter().map(intake_dto::card).collect(),
        total: list.total,
        stacks: list.stacks.into_iter().map(intake_dto::stack).collect(),
        counts: dto::IntakeCounts {
            reading: list.counts.reading,
            ready: list.counts.ready,
            confirmed: list.counts.confirmed,
            registered_today: list.counts.registered_today,
            copying: list.copying,
        },
        can_undo: list.can_undo,
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, disk faults.
pub async fn intake_letter(desk: &Arc<Desk>, args: LetterId) -> Answer<LetterDetail> {
    let letter = desk.intake_letter(parse(&args.letter)?).await?;
    detail(desk, letter).await
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, `INVALID_REQUEST` for a letter that is registered, disk faults.
pub async fn intake_save(desk: &Arc<Desk>, args: LetterEdit) -> Answer<LetterDetail> {
    let fields = intake_dto::fields(args.fields);
    let letter = desk.intake_save(parse(&args.letter)?, fields).await?;
    detail(desk, letter).await
}

/// See the command table.
///
/// # Errors
/// `INTAKE_FIELD` (`field`), `INTAKE_DUPLICATE`, as `intake_save`.
pub async fn intake_confirm(desk: &Arc<Desk>, args: LetterEdit) -> Answer<LetterConfirmed> {
    let fields = intake_dto::fields(args.fields);
    let next = desk
        .intake_confirm(parse(&args.letter)?, fields, args.despite_duplicate)
        .await?;
    Ok(LetterConfirmed {
        next: next.map(|id| id.to_string()),
    })
}

/// See the command table.
///
/// # Errors
/// `INVALID_REQUEST` when it is not confirmed, disk faults.
pub async fn intake_reopen(desk: &Arc<Desk>, args: LetterId) -> Answer<Empty> {
    desk.intake_reopen(parse(&args.letter)?).await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `INTAKE_SIGNED`, `NOT_FOUND`, `INVALID_REQUEST` for a letter that is registered, disk faults.
pub async fn intake_pages(desk: &Arc<Desk>, args: PagesAct) -> Answer<Empty> {
    desk.intake_pages(intake_dto::act(args)?).await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND` when there is nothing to undo, disk faults.
pub async fn intake_undo(desk: &Arc<Desk>, _args: Empty) -> Answer<Empty> {
    desk.intake_undo().await?;
    Ok(Empty {})
}

async fn detail(desk: &Desk, letter: Letter) -> Answer<LetterDetail> {
    let shortfalls = desk.intake_shortfalls(&letter).await?;
    Ok(LetterDetail {
        pages: letter.pages.iter().map(intake_dto::page).collect(),
        fields: intake_dto::fields_dto(&letter.row.fields),
        readings: letter
            .readings
            .into_iter()
            .map(|reading| intake_dto::reading(reading, &letter.pages))
            .collect(),
        duplicates: letter
            .duplicates
            .into_iter()
            .map(intake_dto::duplicate)
            .collect(),
        warnings: intake_dto::warnings(shortfalls, letter.stamp_room),
        department: letter.row.department.clone(),
        activities: intake_dto::activities(desk.activities().await?),
        card: intake_dto::card(letter.row),
    })
}

/// The code of why nothing was read of a letter.
pub(super) fn letter_fault(fault: LetterFault) -> ErrorCode {
    match fault {
        LetterFault::OcrMissing => ErrorCode::OcrMissing,
        LetterFault::Unreadable => ErrorCode::IntakeUnreadable,
    }
}
