use axum::{
    Json,
    extract::{Query, State},
};
use congvan_protocol::{Problem, ProblemCode, SyncRequest, SyncResponse};
use serde::Deserialize;

use super::{Caller, Refusal, Shared, blocking, problem::Body};
use crate::{
    ops::{self, Envelope},
    round,
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
        round::settle(office, account, &request)
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
        let want = pull.limit.unwrap_or(u32::MAX);
        round::pull(office, account, (pull.since.as_deref(), want))
    })
    .await?;
    answer.map(Json).map_err(Refusal::new)
}
