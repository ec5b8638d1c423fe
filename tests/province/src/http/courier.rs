use axum::{Json, extract::State, http::StatusCode};
use congvan_protocol::{CarryAnswer, CarryRequest, DeskKeys, Problem, ProblemCode};

use super::{Caller, Refusal, Shared, blocking, problem::Body};
use crate::{blobs, courier as store};

/// What this desk is known by when it writes courier bundles, from here on and as long as this login.
#[utoipa::path(
    put, path = "/v1/courier/keys", tag = "courier", request_body = DeskKeys,
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Known"),
        (status = 400, description = "INVALID_REQUEST: no such keys", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "FORBIDDEN: the keys are another account's", body = Problem),
    )
)]
pub(crate) async fn keys(
    State(office): State<Shared>,
    caller: Caller,
    Body(keys): Body<DeskKeys>,
) -> Result<StatusCode, Refusal> {
    let known = blocking(&office, move |office| {
        store::know(office, (caller.account, caller.session), &keys)
    });
    let known = known.await?.map_err(Refusal::new);
    known.map(|()| StatusCode::NO_CONTENT)
}

/// Takes in another desk's courier bundle, which the caller has uploaded as a file, exactly as
/// `POST /v1/sync` would take its ops, in any order with it and any number of times; and gives the
/// answer, sealed to that desk. The caller learns nothing of either.
#[utoipa::path(
    post, path = "/v1/courier", tag = "courier", request_body = CarryRequest,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Taken in; the answering bundle", body = CarryAnswer),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "BUNDLE_UNKNOWN_DESK", body = Problem),
        (status = 404, description = "NOT_FOUND: the caller has not uploaded it", body = Problem),
        (status = 422, description = "BUNDLE_DAMAGED, BUNDLE_FOREIGN, BUNDLE_VERSION, \
         BUNDLE_TOO_OLD: nothing of it was done", body = Problem),
    )
)]
pub(crate) async fn carry(
    State(office): State<Shared>,
    caller: Caller,
    Body(request): Body<CarryRequest>,
) -> Result<Json<CarryAnswer>, Refusal> {
    let answer = blocking(&office, move |office| {
        let own = office
            .db
            .read(|tx| blobs::readable(tx, &request.bundle, caller.account))?;
        if own.is_none() {
            return Ok(Err(ProblemCode::NotFound));
        }
        store::carry(office, caller.account, &request.bundle)
    });
    answer.await?.map(Json).map_err(Refusal::new)
}
