use axum::{
    Json,
    extract::{Path, State},
};
use congvan_protocol::{
    BookState, BreakAnswer, BreakRequest, Lease, LeaseRequest, Problem, ProblemCode, ReturnRequest,
    VoidEntry,
};

use super::{Caller, Refusal, Shared, blocking, problem::Body};
use crate::books as store;

/// The books of the caller's agency, with the next number of each and who has taken numbers along.
#[utoipa::path(
    get, path = "/v1/books", tag = "books", security(("bearer" = [])),
    responses(
        (status = 200, description = "The books; empty for who has nothing to do with them",
         body = Vec<BookState>),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
    )
)]
pub(crate) async fn list(
    State(office): State<Shared>,
    caller: Caller,
) -> Result<Json<Vec<BookState>>, Refusal> {
    blocking(&office, move |office| {
        let now = office.now();
        office.db.read(|tx| {
            let registry = store::registry(tx, caller.account)?;
            match registry.filter(|registry| registry.is_clerk || registry.is_leader) {
                Some(registry) => store::states(tx, &registry.agency, now),
                None => Ok(Vec::new()),
            }
        })
    })
    .await
    .map(Json)
}

/// The void numbers of a book, of what comes in or goes out, with their reasons, and what stood there
/// before where a document was withdrawn: with the documents of the feed they make the book complete.
#[utoipa::path(
    get, path = "/v1/books/{book}/{year}/voids", tag = "books",
    params(
        ("book" = String, Path, description = "Code of the book"),
        ("year" = u16, Path, description = "Its year"),
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "By number", body = Vec<VoidEntry>),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "FORBIDDEN: neither clerk nor leader", body = Problem),
        (status = 404, description = "NOT_FOUND: no such book", body = Problem),
    )
)]
pub(crate) async fn voids(
    State(office): State<Shared>,
    caller: Caller,
    Path((book, year)): Path<(String, u16)>,
) -> Result<Json<Vec<VoidEntry>>, Refusal> {
    let answer = blocking(&office, move |office| {
        office.db.read(|tx| {
            let registry = store::registry(tx, caller.account)?;
            let Some(registry) = registry.filter(|own| own.is_clerk || own.is_leader) else {
                return Ok(Err(ProblemCode::Forbidden));
            };
            let key = store::BookKey {
                agency: registry.agency,
                book,
                year,
            };
            if !store::exists(tx, &key)? {
                return Ok(Err(ProblemCode::NotFound));
            }
            store::voids(tx, &key).map(Ok)
        })
    });
    answer.await?.map(Json).map_err(Refusal::new)
}

/// Takes numbers along, so that papers get theirs while the server is out of reach (mode L). One
/// device at a time; meanwhile the server gives no number in this book, so that order and
/// completeness stay. Asking again is answered with the same lease.
#[utoipa::path(
    post, path = "/v1/books/{book}/{year}/lease", tag = "books", request_body = LeaseRequest,
    params(
        ("book" = String, Path, description = "Code of the book"),
        ("year" = u16, Path, description = "This year, or from 20 December the next"),
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The lease", body = Lease),
        (status = 400, description = "INVALID_REQUEST: `want` is not 1 to 50", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "FORBIDDEN: not a clerk, or numbers of this book are not \
         leased", body = Problem),
        (status = 404, description = "NOT_FOUND: no such book", body = Problem),
        (status = 409, description = "LEASE_HELD by another device; LEASE_STALE: an earlier lease \
         of this device was broken and must be returned first; YEAR_CLOSED", body = Problem),
    )
)]
pub(crate) async fn lease(
    State(office): State<Shared>,
    caller: Caller,
    Path((book, year)): Path<(String, u16)>,
    Body(request): Body<LeaseRequest>,
) -> Result<Json<Lease>, Refusal> {
    if request.incarnation.len() > 200 {
        return Err(Refusal::new(ProblemCode::InvalidRequest));
    }
    let answer = blocking(&office, move |office| {
        store::lease(office, caller.account, (&book, year), &request)
    });
    answer.await?.map(Json).map_err(Refusal::new)
}

/// Gives a lease back. The device has stopped giving numbers, durably, before it sends this; the
/// documents of the numbers it gave may come later. Saying the same again is answered the same. After
/// a break this settles the block: the numbers behind `used_hi` become voids.
#[utoipa::path(
    post, path = "/v1/books/{book}/{year}/return", tag = "books", request_body = ReturnRequest,
    params(
        ("book" = String, Path, description = "Code of the book"),
        ("year" = u16, Path, description = "Its year"),
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The book as it stands", body = BookState),
        (status = 400, description = "INVALID_REQUEST: `used_hi` is not in the lease, or below a \
         number that a document has", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "FORBIDDEN: not a clerk", body = Problem),
        (status = 404, description = "NOT_FOUND: no such book", body = Problem),
        (status = 409, description = "LEASE_STALE: no such lease of this account, or it was \
         returned with another `used_hi`", body = Problem),
    )
)]
pub(crate) async fn give_back(
    State(office): State<Shared>,
    caller: Caller,
    Path((book, year)): Path<(String, u16)>,
    Body(request): Body<ReturnRequest>,
) -> Result<Json<BookState>, Refusal> {
    let answer = blocking(&office, move |office| {
        store::give_back(office, caller.account, (&book, year), &request)
    });
    answer.await?.map(Json).map_err(Refusal::new)
}

/// Breaks a lease whose device is lost. Two officials of the agency, each a clerk or a leader, send
/// this, each naming the other, within 24 hours. The block is set aside and never given again.
#[utoipa::path(
    post, path = "/v1/books/{book}/{year}/break", tag = "books", request_body = BreakRequest,
    params(
        ("book" = String, Path, description = "Code of the book"),
        ("year" = u16, Path, description = "Its year"),
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Broken, or the other's word is still missing",
         body = BreakAnswer),
        (status = 400, description = "INVALID_REQUEST: no reason, or the second is no other clerk \
         or leader of the agency", body = Problem),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
        (status = 403, description = "FORBIDDEN: neither clerk nor leader", body = Problem),
        (status = 404, description = "NOT_FOUND: no such book", body = Problem),
        (status = 409, description = "LEASE_STALE: no lease is out", body = Problem),
    )
)]
pub(crate) async fn break_lease(
    State(office): State<Shared>,
    caller: Caller,
    Path((book, year)): Path<(String, u16)>,
    Body(request): Body<BreakRequest>,
) -> Result<Json<BreakAnswer>, Refusal> {
    let answer = blocking(&office, move |office| {
        store::break_lease(office, caller.account, (&book, year), &request)
    });
    answer.await?.map(Json).map_err(Refusal::new)
}
