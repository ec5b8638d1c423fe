use axum::{
    Json,
    extract::{Query, State},
};
use congvan_model::AccountId;
use congvan_protocol::{
    Change, ChangeKind, Load, OpResult, Problem, ProblemCode, SyncRequest, SyncResponse,
};
use serde::Deserialize;

use super::{Caller, Refusal, Shared, blocking, problem::Body};
use crate::{
    directory,
    error::Result as ServerResult,
    feed::{self, Position},
    mandates,
    mutant::Mutant,
    office::Office,
    ops::{self, Envelope, Settlement},
};

/// Acts up, changes down, in one round trip.
#[utoipa::path(
    post, path = "/v1/sync", tag = "sync", request_body = SyncRequest, security(("bearer" = [])),
    responses(
        (status = 200, description = "Results and changes", body = SyncResponse),
        (status = 400, description = "INVALID_REQUEST", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 409, description = "CANNOT_CALCULATE_CHANGES: the cursor is of another history; \
         start over without deleting. DEVICE_ROLLED_BACK: this incarnation has been further than it \
         says; take a new one. Either way no op of this request was touched", body = Problem),
        (status = 503, description = "OVERLOADED: come back after Retry-After, not before and not \
         all at once", body = Problem),
    )
)]
pub(crate) async fn sync(
    State(office): State<Shared>,
    caller: Caller,
    Body(request): Body<Envelope>,
) -> Result<Json<SyncResponse>, Refusal> {
    if request.ops.len() > ops::MAX_OPS || request.incarnation.len() > 200 {
        return Err(Refusal::new(ProblemCode::InvalidRequest));
    }
    let account = caller.account;
    let answer = blocking(&office, move |office| {
        let Some(from) = position(office, account, request.cursor.as_deref())? else {
            return Ok(Err(ProblemCode::CannotCalculateChanges));
        };
        mandates::open_due(office, account)?;
        let results = match ops::settle_all(office, account, &request)? {
            Settlement::Results(results) => results,
            Settlement::Malformed => return Ok(Err(ProblemCode::InvalidRequest)),
            Settlement::RolledBack => return Ok(Err(ProblemCode::DeviceRolledBack)),
        };
        let mut answer = respond(office, account, from, request.want, results)?;
        answer.changes.retain(|change| request.takes(change.entity));
        Ok(Ok(answer))
    })
    .await?;
    answer.map(Json).map_err(Refusal::new)
}

/// Query of a pull.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Pull {
    /// The cursor; absent for the first pull.
    since: Option<String>,
    /// Most changes wanted; the server gives at most 500.
    limit: Option<u32>,
}

/// Changes only.
#[utoipa::path(
    get, path = "/v1/changes", tag = "sync", params(Pull), security(("bearer" = [])),
    responses(
        (status = 200, description = "Changes; results are empty", body = SyncResponse),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 409, description = "CANNOT_CALCULATE_CHANGES", body = Problem),
    )
)]
pub(crate) async fn changes(
    State(office): State<Shared>,
    caller: Caller,
    Query(pull): Query<Pull>,
) -> Result<Json<SyncResponse>, Refusal> {
    let account = caller.account;
    let answer = blocking(&office, move |office| {
        let Some(from) = position(office, account, pull.since.as_deref())? else {
            return Ok(None);
        };
        mandates::open_due(office, account)?;
        let want = pull.limit.unwrap_or(u32::MAX);
        respond(office, account, from, want, Vec::new()).map(Some)
    })
    .await?;
    answer
        .map(Json)
        .ok_or_else(|| Refusal::new(ProblemCode::CannotCalculateChanges))
}

/// Where the cursor stands: `Some(None)` for the first pull, `None` for a cursor of another
/// history. A cursor ahead of the head proves that the server went back.
fn position(
    office: &Office,
    account: AccountId,
    cursor: Option<&str>,
) -> ServerResult<Option<Option<Position>>> {
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
) -> ServerResult<SyncResponse> {
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
