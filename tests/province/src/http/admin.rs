//! Faults and figures over plain HTTP on the loopback, for the demo and for the tests of other
//! processes. Opened by a flag only.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_model::{DocumentId, DocumentState};
use congvan_protocol::{
    Load, ProblemCode,
    handling::{Origin, Relation},
};
use serde_json::{Value, json};

use super::{Refusal, Shared, blocking, problem::Body};
use crate::{
    AxisDelivery, AxisStatus, FaultRule, NumbersReport, RevisionStat, Stats, axis, books, origin,
    seed, stats,
};

pub(crate) fn admin_router(office: Shared) -> Router {
    Router::new()
        .route("/admin/stats", get(figures))
        .route("/admin/urgent", post(urgent))
        .route("/admin/documents/{id}/revisions", get(revisions))
        .route("/admin/documents/{id}/recall", post(recall))
        .route("/admin/faults", post(add_fault).delete(clear_faults))
        .route("/admin/epoch", post(new_epoch))
        .route("/admin/load/{load}", post(say_load))
        .route("/admin/documents/{id}/present", post(present))
        .route("/admin/documents/{id}/seal", post(seal))
        .route("/admin/outgoing", post(outgoing))
        .route("/admin/numbers", get(numbers))
        .route("/admin/axis", get(axis_statuses).post(axis_deliver))
        .fallback(|| async { Refusal::new(ProblemCode::NotFound) })
        .with_state(Arc::clone(&office))
}

async fn figures(State(office): State<Shared>) -> Result<Json<Stats>, Refusal> {
    blocking(&office, stats::read).await.map(Json)
}

async fn urgent(State(office): State<Shared>) -> Result<Json<Value>, Refusal> {
    let id = blocking(&office, seed::urgent_document).await?;
    Ok(Json(json!({ "document": id })))
}

async fn revisions(
    State(office): State<Shared>,
    Path(id): Path<DocumentId>,
) -> Result<Json<Vec<RevisionStat>>, Refusal> {
    blocking(&office, move |office| stats::revisions(office, id))
        .await
        .map(Json)
}

async fn recall(
    State(office): State<Shared>,
    Path(id): Path<DocumentId>,
) -> Result<StatusCode, Refusal> {
    blocking(&office, move |office| seed::recall(office, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_fault(
    State(office): State<Shared>,
    Body(rule): Body<FaultRule>,
) -> Result<StatusCode, Refusal> {
    office.faults.add(rule);
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_faults(State(office): State<Shared>) -> StatusCode {
    office.faults.clear();
    StatusCode::NO_CONTENT
}

async fn say_load(State(office): State<Shared>, Path(load): Path<Load>) -> StatusCode {
    office.say_load(load);
    StatusCode::NO_CONTENT
}

async fn present(
    State(office): State<Shared>,
    Path(id): Path<DocumentId>,
) -> Result<StatusCode, Refusal> {
    blocking(&office, move |office| seed::present(office, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn seal(
    State(office): State<Shared>,
    Path(id): Path<DocumentId>,
) -> Result<StatusCode, Refusal> {
    blocking(&office, move |office| seed::seal(office, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A document that its leader has signed.
#[derive(serde::Deserialize)]
struct Signed {
    subject: String,
    /// Base64.
    pdf: String,
    /// The issued document in whose place it stands.
    #[serde(default)]
    replaces: Option<DocumentId>,
}

async fn outgoing(
    State(office): State<Shared>,
    Body(signed): Body<Signed>,
) -> Result<Json<Value>, Refusal> {
    let pdf = STANDARD
        .decode(&signed.pdf)
        .map_err(|_| Refusal::new(ProblemCode::InvalidRequest))?;
    let id = blocking(&office, move |office| {
        let what = (signed.subject.as_str(), DocumentState::Signed);
        let id = seed::draft(office, what, &pdf, None)?;
        if let Some(replaced) = signed.replaces {
            let origin = Origin {
                relation: Relation::Replacement,
                document: Some(replaced),
                title: String::new(),
                issued_on: None,
                pages: Vec::new(),
                left_out: String::new(),
            };
            office.db.write(|tx| origin::keep(tx, id, &origin))?;
        }
        Ok(id)
    });
    Ok(Json(json!({ "document": id.await? })))
}

async fn numbers(State(office): State<Shared>) -> Result<Json<NumbersReport>, Refusal> {
    blocking(&office, |office| office.db.read(books::check))
        .await
        .map(Json)
}

/// A document as a sender hands it to the axis.
#[derive(serde::Deserialize)]
struct Handed {
    #[serde(flatten)]
    delivery: AxisDelivery,
    /// Base64.
    pdf: String,
}

async fn axis_deliver(
    State(office): State<Shared>,
    Body(handed): Body<Handed>,
) -> Result<Json<Value>, Refusal> {
    let pdf = STANDARD
        .decode(&handed.pdf)
        .map_err(|_| Refusal::new(ProblemCode::InvalidRequest))?;
    let id = blocking(&office, move |office| {
        axis::deliver(office, &handed.delivery, &pdf)
    });
    Ok(Json(json!({ "document": id.await? })))
}

async fn axis_statuses(State(office): State<Shared>) -> Result<Json<Vec<AxisStatus>>, Refusal> {
    blocking(&office, axis::statuses).await.map(Json)
}

async fn new_epoch(State(office): State<Shared>) -> Result<StatusCode, Refusal> {
    blocking(&office, crate::office::Office::new_epoch).await?;
    Ok(StatusCode::NO_CONTENT)
}
