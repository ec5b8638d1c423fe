//! Who is let in, by what the request is for.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method},
    middleware::Next,
    response::{IntoResponse, Response},
};
use congvan_protocol::{Load, ProblemCode};

use super::{Refusal, Shared};
use crate::gate::Class;

/// How a request is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Always answered: the probe; and the event stream, which has a limit of its own.
    Free,
    /// Waits its turn.
    Work(Class),
    /// One of so many transfers at a time.
    Transfer,
}

/// Lets a request in, or sends it away with a time to come back.
pub(crate) async fn admission(
    State(office): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    match kind(request.method(), request.uri().path(), request.headers()) {
        Kind::Free => next.run(request).await,
        Kind::Transfer => {
            // At the worst only acts, urgent changes and receipts are served.
            if office.load() == Load::Critical && !is_urgent(request.headers()) {
                return Refusal::after(ProblemCode::Overloaded, 30).into_response();
            }
            match office.transfers.try_acquire() {
                Ok(_place) => next.run(request).await,
                Err(_) => Refusal::after(ProblemCode::Overloaded, 5).into_response(),
            }
        }
        Kind::Work(class) => {
            if class == Class::Background && office.load() == Load::Critical {
                return Refusal::after(ProblemCode::Overloaded, 300).into_response();
            }
            match office.gate.enter(class).await {
                Ok(_pass) => next.run(request).await,
                Err(seconds) => Refusal::after(ProblemCode::Overloaded, seconds).into_response(),
            }
        }
    }
}

fn kind(method: &Method, path: &str, headers: &HeaderMap) -> Kind {
    let rest = path.strip_prefix("/v1/").unwrap_or_default();
    let usual = match rest.split('/').next().unwrap_or_default() {
        "health" | "events" => return Kind::Free,
        "uploads" | "blobs" => return Kind::Transfer,
        "auth" => Class::Urgent,
        "sync" | "books" | "session" => Class::Acts,
        "inventory" | "agencies" => Class::Background,
        _ if method == Method::GET => Class::Feed,
        _ => Class::Acts,
    };
    Kind::Work(match urgency(headers) {
        Some(0 | 1) => Class::Urgent,
        Some(2..=4) | None => usual,
        Some(_) => Class::Background,
    })
}

fn is_urgent(headers: &HeaderMap) -> bool {
    urgency(headers).is_some_and(|urgency| urgency <= 1)
}

/// `u` of the `Priority` header (RFC 9218), 0 to 7, 0 the most urgent.
fn urgency(headers: &HeaderMap) -> Option<u8> {
    let value = headers.get("priority")?.to_str().ok()?;
    let urgency = value
        .split(',')
        .find_map(|member| member.trim().strip_prefix("u="))?;
    urgency.parse().ok().filter(|urgency| *urgency <= 7)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_a_request_is_for_decides_and_the_priority_header_says_more() {
        let of = |method: Method, path: &str, priority: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(priority) = priority {
                headers.insert("priority", HeaderValue::from_static(priority));
            }
            kind(&method, path, &headers)
        };
        assert_eq!(of(Method::GET, "/v1/health", None), Kind::Free);
        assert_eq!(of(Method::GET, "/v1/blobs/ab", Some("u=0")), Kind::Transfer);
        assert_eq!(of(Method::POST, "/v1/sync", None), Kind::Work(Class::Acts));
        assert_eq!(
            of(Method::POST, "/v1/sync", Some("i, u=0")),
            Kind::Work(Class::Urgent)
        );
        assert_eq!(
            of(Method::GET, "/v1/changes", Some("u=6")),
            Kind::Work(Class::Background)
        );
        assert_eq!(
            of(Method::GET, "/v1/changes", Some("u=x")),
            Kind::Work(Class::Feed)
        );
        assert_eq!(
            of(Method::GET, "/v1/inventory", None),
            Kind::Work(Class::Background)
        );
    }
}
