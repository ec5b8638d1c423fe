use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use congvan_model::AccountId;
use congvan_protocol::{NewPost, Post, Problem, ProblemCode};

use super::{Caller, Refusal, Shared, blocking, problem::Body};
use crate::{posts as store, text::parse};

/// Who manages a unit gives a person of the agency a post there for a time, or another time or title
/// to a post that was given so. It is held from `since` to before `until`, by the server's clock.
#[utoipa::path(
    put, path = "/v1/posts/{account}/{unit}/{role}", tag = "posts", request_body = NewPost,
    params(("account" = i64, Path, description = "Who gets it"),
        ("unit" = String, Path, description = "Code of the unit"),
        ("role" = String, Path, description = "What the person is there")),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The post", body = Post),
        (status = 400, description = "INVALID_REQUEST: no such role, nobody of the agency, no such \
         unit, a post that the person holds for good, no title, or ends before it begins or before \
         now", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "FORBIDDEN: the caller does not manage that unit, the role is \
         given from above, or it is the caller's own", body = Problem),
    )
)]
pub(crate) async fn give(
    State(office): State<Shared>,
    caller: Caller,
    Path((account, unit, role)): Path<(i64, String, String)>,
    Body(new): Body<NewPost>,
) -> Result<Json<Post>, Refusal> {
    let role = role_of(&role)?;
    let answer = blocking(&office, move |office| {
        let place = store::Place {
            account: AccountId(account),
            unit: &unit,
            role,
        };
        store::give(office, caller.account, &place, &new)
    });
    answer.await?.map(Json).map_err(Refusal::new)
}

/// Who manages a unit ends a post that was given for a time. What the person did in it before and the
/// server hears of later is refused.
#[utoipa::path(
    post, path = "/v1/posts/{account}/{unit}/{role}/end", tag = "posts",
    params(("account" = i64, Path, description = "Who has it"),
        ("unit" = String, Path, description = "Code of the unit"),
        ("role" = String, Path, description = "What the person is there")),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Not held any more"),
        (status = 400, description = "INVALID_REQUEST: no such role", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "FORBIDDEN: as for giving it", body = Problem),
    )
)]
pub(crate) async fn end(
    State(office): State<Shared>,
    caller: Caller,
    Path((account, unit, role)): Path<(i64, String, String)>,
) -> Result<StatusCode, Refusal> {
    let role = role_of(&role)?;
    let answer = blocking(&office, move |office| {
        let place = store::Place {
            account: AccountId(account),
            unit: &unit,
            role,
        };
        store::end(office, caller.account, &place)
    });
    let ended = answer.await?.map_err(Refusal::new);
    ended.map(|()| StatusCode::NO_CONTENT)
}

fn role_of(word: &str) -> Result<congvan_model::Role, Refusal> {
    parse("role", word).map_err(|_| Refusal::new(ProblemCode::InvalidRequest))
}
