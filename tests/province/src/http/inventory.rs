use axum::{
    Json,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use congvan_protocol::{
    EntityType, InventoryBodies, InventoryBodiesRequest, InventoryBucket, InventorySummary,
    Problem, ProblemCode,
};
use serde::Deserialize;

use super::{Caller, Refusal, Shared, blocking, problem::Body};
use crate::inventory::{self as store, BODIES_MAX};

/// Query of an inventory.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Of which kind of thing.
    entity: EntityType,
    /// Absent for the 256 digests; else the items of that bucket.
    bucket: Option<u8>,
}

/// What the account has: 256 digests, or the items of one bucket. A desk compares them with its own
/// after it has pulled everything; what differs it fetches by name. Costs the server a walk through
/// the account's feed, so once a day is enough.
#[utoipa::path(
    get, path = "/v1/inventory", tag = "sync", params(Wanted), security(("bearer" = [])),
    responses(
        (status = 200, description = "`InventorySummary` without `bucket`, else `InventoryBucket`",
         content(
            (InventorySummary = "application/json"),
            (InventoryBucket = "application/vnd.congvan.bucket+json"),
         )),
        (status = 400, description = "INVALID_REQUEST: no such kind or bucket", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 503, description = "OVERLOADED: the server has more urgent work; Retry-After",
         body = Problem),
    )
)]
pub(crate) async fn inventory(
    State(office): State<Shared>,
    caller: Caller,
    query: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Refusal> {
    let Ok(Query(wanted)) = query else {
        return Err(Refusal::new(ProblemCode::InvalidRequest));
    };
    let (account, entity) = (caller.account, wanted.entity);
    let Some(bucket) = wanted.bucket else {
        let summary = blocking(&office, move |office| {
            store::summary(office, account, entity)
        });
        return Ok(Json(summary.await?).into_response());
    };
    let items = blocking(&office, move |office| {
        store::bucket(office, account, (entity, bucket))
    })
    .await?;
    Ok(Json(InventoryBucket { bucket, items }).into_response())
}

/// The current bodies of things by name: what a comparison of inventories found to differ.
#[utoipa::path(
    post, path = "/v1/inventory/bodies", tag = "sync", request_body = InventoryBodiesRequest,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "An upsert for what the account has, a removal for what it no \
         longer has; nothing for what this server has never shown it", body = InventoryBodies),
        (status = 400, description = "INVALID_REQUEST: more than 200 items", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
    )
)]
pub(crate) async fn bodies(
    State(office): State<Shared>,
    caller: Caller,
    Body(request): Body<InventoryBodiesRequest>,
) -> Result<Json<InventoryBodies>, Refusal> {
    if request.items.len() > BODIES_MAX {
        return Err(Refusal::new(ProblemCode::InvalidRequest));
    }
    let changes = blocking(&office, move |office| {
        store::bodies(office, caller.account, &request.items)
    })
    .await?;
    Ok(Json(InventoryBodies { changes }))
}
