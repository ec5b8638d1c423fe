use axum::{
    Json,
    extract::{Path, State},
};
use congvan_model::MandateId;
use congvan_protocol::{Mandate, NewMandate, Problem};
use uuid::Uuid;

use super::{Caller, Refusal, Shared, blocking, problem::Body};
use crate::mandates as store;

/// A leader of the agency gives a mandate: a written delegation (TUQ.), or who stands in while the
/// leader is away (KT.). The id is made by the caller; said again it is answered the same. It is in
/// force from `since`, by the server's clock.
#[utoipa::path(
    put, path = "/v1/mandates/{id}", tag = "mandates", request_body = NewMandate,
    params(("id" = String, Path, format = Uuid, description = "Id, made by the caller")),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The mandate", body = Mandate),
        (status = 400, description = "INVALID_REQUEST: nobody of the agency, for an absence no other \
         leader, nothing covered, ends before it begins or before now, or no number of the written \
         delegation", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "FORBIDDEN: not a leader, or the id is another mandate's; \
         NO_REDELEGATION: the caller acts by a mandate, which is not passed on", body = Problem),
    )
)]
pub(crate) async fn give(
    State(office): State<Shared>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Body(new): Body<NewMandate>,
) -> Result<Json<Mandate>, Refusal> {
    let answer = blocking(&office, move |office| {
        store::give(office, caller.account, MandateId(id), &new)
    });
    answer.await?.map(Json).map_err(Refusal::new)
}

/// The giver ends a mandate now. What its holder did before and the server hears of later is refused.
#[utoipa::path(
    post, path = "/v1/mandates/{id}/revoke", tag = "mandates",
    params(("id" = String, Path, format = Uuid, description = "Which")),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The mandate, revoked", body = Mandate),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "FORBIDDEN: only who gave it ends it", body = Problem),
        (status = 404, description = "NOT_FOUND", body = Problem),
    )
)]
pub(crate) async fn revoke(
    State(office): State<Shared>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Mandate>, Refusal> {
    let answer = blocking(&office, move |office| {
        store::revoke(office, caller.account, MandateId(id))
    });
    answer.await?.map(Json).map_err(Refusal::new)
}
