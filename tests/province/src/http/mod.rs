//! The protocol over HTTP.

mod admin;
mod admission;
mod agencies;
mod auth;
mod blobs;
mod books;
mod connection;
mod courier;
mod events;
#[expect(
    clippy::indexing_slicing,
    reason = "serde_json's index makes what is not there; the description is an object throughout"
)]
mod examples;
mod inject;
mod inventory;
mod mandates;
mod mutated;
mod openapi;
mod posts;
mod problem;
mod session;
mod sync;
mod uploads;

use std::sync::Arc;

use axum::{
    Router,
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, StatusCode, Version, header, request::Parts},
    middleware,
    routing::{get, post, put},
};
use congvan_model::AccountId;
use congvan_protocol::ProblemCode;
use tower_http::compression::{
    CompressionLayer,
    predicate::{Predicate as _, SizeAbove},
};

use crate::{error::Result, office::Office, posts::turn_due};

pub(crate) use admin::admin_router;
pub(crate) use connection::CutAcceptor;
pub use openapi::openapi_json;
pub(crate) use problem::Refusal;

pub(crate) type Shared = Arc<Office>;

pub(crate) fn router(office: Shared) -> Router {
    Router::new()
        .route("/v1/health", get(session::health))
        .route("/v1/session", get(session::session))
        .route("/v1/auth/login", post(auth::login))
        .route("/v1/auth/refresh", post(auth::refresh))
        .route("/v1/auth/logout", post(auth::logout))
        .route("/v1/sync", post(sync::sync))
        .route("/v1/changes", get(sync::changes))
        .route("/v1/events", get(events::events))
        .route("/v1/inventory", get(inventory::inventory))
        .route("/v1/inventory/bodies", post(inventory::bodies))
        .route("/v1/agencies", get(agencies::agencies))
        .route("/v1/books", get(books::list))
        .route("/v1/books/{book}/{year}/voids", get(books::voids))
        .route("/v1/books/{book}/{year}/lease", post(books::lease))
        .route("/v1/books/{book}/{year}/return", post(books::give_back))
        .route("/v1/books/{book}/{year}/break", post(books::break_lease))
        .route("/v1/mandates/{id}", put(mandates::give))
        .route("/v1/mandates/{id}/revoke", post(mandates::revoke))
        .route("/v1/posts/{account}/{unit}/{role}", put(posts::give))
        .route("/v1/posts/{account}/{unit}/{role}/end", post(posts::end))
        .route("/v1/blobs/{sha256}", get(blobs::download))
        .route("/v1/courier", post(courier::carry))
        .route("/v1/courier/keys", put(courier::keys))
        .route("/v1/uploads", post(uploads::create))
        .route(
            "/v1/uploads/{id}",
            get(uploads::state)
                .patch(uploads::append)
                .delete(uploads::cancel),
        )
        .fallback(|| async { Refusal::new(ProblemCode::NotFound) })
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(512).and(is_json)))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&office),
            mutated::mutated,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&office),
            admission::admission,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&office),
            inject::faults,
        ))
        .with_state(office)
}

/// Records shrink to a fifth; files do not shrink, and a hint must not wait in a compressor.
fn is_json(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// Runs database and disk work on the blocking pool.
pub(crate) async fn blocking<T: Send + 'static>(
    office: &Shared,
    act: impl FnOnce(&Office) -> Result<T> + Send + 'static,
) -> std::result::Result<T, Refusal> {
    let office = Arc::clone(office);
    let work = move || {
        turn_due(&office)?;
        act(&office)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(Refusal::from),
        Err(_) => Err(Refusal::new(ProblemCode::Internal)),
    }
}

/// Who calls, by the access token.
pub(crate) struct Caller {
    pub(crate) account: AccountId,
    pub(crate) session: i64,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        office: &Shared,
    ) -> std::result::Result<Self, Refusal> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .map(str::to_owned)
            .ok_or_else(|| Refusal::new(ProblemCode::TokenExpired))?;
        let found = blocking(office, move |office| {
            let now = office.now();
            office.db.read(|tx| crate::auth::caller(tx, &token, now))
        })
        .await?;
        let (account, session) = found.ok_or_else(|| Refusal::new(ProblemCode::TokenExpired))?;
        Ok(Self { account, session })
    }
}
