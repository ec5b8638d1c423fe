//! A round: acts up, changes down, whatever way they came.

use congvan_model::AccountId;
use congvan_protocol::{Change, ChangeKind, Load, OpResult, ProblemCode, SyncResponse};

use crate::{
    directory,
    error::Result,
    feed::{self, Position},
    mandates,
    mutant::Mutant,
    office::Office,
    ops::{self, Envelope, Settlement},
};

/// An answer, or why there is none: then nothing was touched.
pub(crate) type Answer = std::result::Result<SyncResponse, ProblemCode>;

/// Settles the ops and gives the next part of the feed.
pub(crate) fn settle(office: &Office, account: AccountId, request: &Envelope) -> Result<Answer> {
    let Some(from) = position(office, account, request.cursor.as_deref())? else {
        return Ok(Err(ProblemCode::CannotCalculateChanges));
    };
    mandates::open_due(office, account)?;
    let results = match ops::settle_all(office, account, request)? {
        Settlement::Results(results) => results,
        Settlement::Malformed => return Ok(Err(ProblemCode::InvalidRequest)),
        Settlement::RolledBack => return Ok(Err(ProblemCode::DeviceRolledBack)),
    };
    let mut answer = respond(office, account, from, request.want, results)?;
    answer.changes.retain(|change| request.takes(change.entity));
    Ok(Ok(answer))
}

/// The next part of the feed behind a cursor, at most so many changes of it.
pub(crate) fn pull(
    office: &Office,
    account: AccountId,
    (since, want): (Option<&str>, u32),
) -> Result<Answer> {
    let Some(from) = position(office, account, since)? else {
        return Ok(Err(ProblemCode::CannotCalculateChanges));
    };
    mandates::open_due(office, account)?;
    respond(office, account, from, want, Vec::new()).map(Ok)
}

/// Where the cursor stands: `Some(None)` for the first pull, `None` for a cursor of another
/// history. A cursor ahead of the head proves that the server went back.
fn position(
    office: &Office,
    account: AccountId,
    cursor: Option<&str>,
) -> Result<Option<Option<Position>>> {
    let Some(cursor) = cursor else {
        return Ok(Some(None));
    };
    let lax = office.config.mutant == Some(Mutant::KeepsOldCursors);
    let Ok(position) = feed::unseal((&office.keys(), lax), account, cursor) else {
        return Ok(None);
    };
    let seen = match position {
        Position::First { head, .. } => head,
        Position::Live { seq } => seq,
    };
    let head = office.db.read(|tx| feed::head(tx, account))?;
    Ok((seen <= head || lax).then_some(Some(position)))
}

fn respond(
    office: &Office,
    account: AccountId,
    from: Option<Position>,
    want: u32,
    results: Vec<OpResult>,
) -> Result<SyncResponse> {
    let mut want = usize::try_from(want).unwrap_or(usize::MAX).max(1);
    let mutant = office.config.mutant;
    if mutant == Some(Mutant::IgnoresLimit) {
        want = usize::MAX;
    }
    let now = office.now();
    let (page, entries, standing) = office.db.read(|tx| {
        let page = feed::page(tx, account, from, want)?;
        let standing = mandates::standing(tx, account, now)?;
        Ok::<_, crate::ProvinceError>((page, directory::head(tx)?, standing))
    })?;
    let mut changes: Vec<Change> = page.changes;
    let mut position = page.position;
    if mutant == Some(Mutant::ForgetsTombstones) {
        changes.retain(|change| change.change == ChangeKind::Upsert);
    }
    if mutant == Some(Mutant::CursorSkips) && page.more {
        position = position.one_further();
    }
    let load = office.load();
    // A tired server is asked a third as often.
    let slower = if load >= Load::Strained { 3 } else { 1 };
    Ok(SyncResponse {
        results,
        changes,
        cursor: feed::seal(&office.keys(), account, position),
        more: page.more,
        server_time: now,
        next_poll_s: office.config.next_poll_s.saturating_mul(slower),
        load,
        epoch: office.keys().epoch.clone(),
        directory: (entries > 0).then(|| directory::cursor(office, entries)),
        standing,
    })
}
