use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use congvan_protocol::{AgencyPage, Problem, ProblemCode};
use serde::Deserialize;

use super::{Caller, Refusal, Shared, blocking};
use crate::directory;

/// Query of the directory.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The cursor; absent for the first page.
    since: Option<String>,
    /// Most agencies wanted; the server gives at most 1,000.
    limit: Option<u32>,
}

/// The directory of agencies, or what changed in it after a cursor. The same for every account. An
/// answer's ETag is its cursor in quotes, so that `If-None-Match` with the last one makes a directory
/// that did not change cost no body. Nobody waits for it: send `Priority: u=6`.
#[utoipa::path(
    get, path = "/v1/agencies", tag = "directory", params(Wanted), security(("bearer" = [])),
    responses(
        (status = 200, description = "The next part", body = AgencyPage),
        (status = 304, description = "Nothing changed since"),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 409, description = "CANNOT_CALCULATE_CHANGES: the cursor is of another history; \
         start over without deleting", body = Problem),
        (status = 503, description = "OVERLOADED: the server has more urgent work; Retry-After",
         body = Problem),
    )
)]
pub(crate) async fn agencies(
    State(office): State<Shared>,
    _caller: Caller,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let page = blocking(&office, move |office| {
        let after = match wanted.since.as_deref() {
            Some(cursor) => directory::place(office, cursor),
            None => Some(0),
        };
        let want = wanted.limit.map_or(usize::MAX, |want| want as usize);
        after.map_or(Ok(None), |after| directory::page(office, after, want))
    });
    let Some(page) = page.await? else {
        return Err(Refusal::new(ProblemCode::CannotCalculateChanges));
    };
    let tag = format!("\"{}\"", page.cursor);
    let known = headers.get(header::IF_NONE_MATCH);
    let is_known = known.is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let tag = HeaderValue::from_str(&tag).map_err(|_| Refusal::new(ProblemCode::Internal))?;
    let tag = [(header::ETAG, tag)];
    Ok(if is_known {
        (StatusCode::NOT_MODIFIED, tag).into_response()
    } else {
        (tag, Json(page)).into_response()
    })
}
