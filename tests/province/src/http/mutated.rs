//! Seeded faults that sit at the edge of HTTP.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Shared;
use crate::mutant::Mutant;

pub(crate) async fn mutated(
    State(office): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let mutant = office.config.mutant;
    if mutant == Some(Mutant::IgnoresBase) {
        request.headers_mut().remove("base-digest");
    }
    let response = next.run(request).await;
    if mutant != Some(Mutant::PlainErrors) || response.status().is_success() {
        return response;
    }
    let status: StatusCode = response.status();
    let mut plain = (status, "{\"error\": true}").into_response();
    plain.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    plain
}
