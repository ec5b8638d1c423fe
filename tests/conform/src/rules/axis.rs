//! What comes over the national axis, and what its sender is told of it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Outcome,
    books::{book, document_of, number},
    must,
};
use crate::{
    desk::{Desk, pdf, words},
    suite::{Stop, Suite},
};

/// Status code of the axis: the receiver has registered it.
const REGISTERED: &str = "03";
const DAY_MS: i64 = 86_400_000;
/// Vietnam is so far ahead of UTC.
const VIETNAM_MS: i64 = 7 * 3_600_000;

/// A document that another agency has sent.
struct Came {
    document: Uuid,
    /// The sender's identifier of it.
    axis_id: String,
}

/// The operator's door plays the axis. The desk has pulled the document when this returns.
async fn came(suite: &Suite, desk: &mut Desk) -> Result<Came, Stop> {
    let axis_id = format!("H99.KTGT,{}", Uuid::new_v4());
    let number = Uuid::new_v4().as_fields().0 % 4_000_000 + 1;
    let handed = json!({
        "axis_id": axis_id, "sender": "H99.KTGT", "sender_name": "Cơ quan kiểm tra giao thức",
        "notation": format!("{number}/KTGT-TRUC"), "subject": words(),
        "pdf": STANDARD.encode(pdf()),
    });
    let answer = suite.operator("/admin/axis", Some(&handed)).await?;
    let document = answer["document"].as_str().unwrap_or_default();
    let document = document
        .parse()
        .map_err(|_| Stop::NotRun("the operator's door delivers nothing".to_owned()))?;
    desk.pull().await?;
    Ok(Came { document, axis_id })
}

/// When the sender was told that its document is registered, once for each time.
async fn told(suite: &Suite, came: &Came) -> Result<Vec<i64>, Stop> {
    let all = suite.operator("/admin/axis", None).await?;
    let all = all.as_array().cloned().unwrap_or_default();
    let is_it = |one: &&Value| one["axis_id"] == came.axis_id && one["code"] == REGISTERED;
    Ok(all
        .iter()
        .filter(is_it)
        .map(|one| one["at"].as_i64().unwrap_or(0))
        .collect())
}

async fn intent(desk: &Desk, book: &Value) -> Result<Value, Stop> {
    let time = clock(desk).await?;
    Ok(json!({
        "kind": "register_received", "book": book["book"], "year": book["year"],
        "received_at": time, "provisional": "T-C0FFEE00-1", "number": null,
    }))
}

async fn clock(desk: &Desk) -> Result<i64, Stop> {
    let health = desk.get("/v1/health?n=x").await?.body;
    Ok(health["time"].as_i64().unwrap_or(0))
}

fn day(at: i64) -> i64 {
    (at + VIETNAM_MS).div_euclid(DAY_MS)
}

pub(super) async fn once(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let came = came(suite, &mut desk).await?;
    let book = book(&desk).await?;
    let wanted = book["next"].as_u64().unwrap_or(0);
    let before = told(suite, &came).await?;
    must!(before.is_empty(), "the sender is told before it is so");
    let began = clock(&desk).await?;
    let op = desk.op(came.document, intent(&desk, &book).await?);
    let answer = desk.sync(std::slice::from_ref(&op)).await?;
    let outcome = &answer["results"][0]["outcome"];
    must!(outcome["result"] == "applied", "{outcome}");
    let document = document_of(&answer, &op)?;
    must!(
        number(&document) == wanted && document["state"] == "registered",
        "{} {} instead of {wanted}",
        document["state"],
        document["arrival_number"]
    );
    // The same op again, and the same wish of the same clerk as another op.
    let again = desk.settle(&op).await?["outcome"].clone();
    must!(again["result"] == "applied", "the same op again: {again}");
    let other = desk.op(came.document, intent(&desk, &book).await?);
    let other = desk.settle(&other).await?["outcome"].clone();
    must!(other["result"] == "applied", "the same wish again: {other}");
    let next = self::book(&desk).await?["next"].as_u64().unwrap_or(0);
    must!(next == wanted + 1, "next is {next} after {wanted}");
    let told = told(suite, &came).await?;
    let ended = clock(&desk).await?;
    must!(told.len() == 1, "the sender is told {} times", told.len());
    let on = told.first().copied().map_or(0, day);
    must!(
        on == day(began) || on == day(ended),
        "the sender is told on another day"
    );
    Ok(format!("number {wanted}, {REGISTERED} once"))
}

pub(super) async fn second_clerk(suite: &Suite) -> Outcome {
    let mut late = suite.colleague()?;
    let mut early = suite.clerk();
    let came = came(suite, &mut early).await?;
    late.pull().await?;
    let book = book(&early).await?;
    let op = early.op(came.document, intent(&early, &book).await?);
    let first = early.settle(&op).await?["outcome"].clone();
    must!(first["result"] == "applied", "{first}");
    let op = late.op(came.document, intent(&late, &book).await?);
    let second = late.settle(&op).await?["outcome"].clone();
    if second["code"] == "FORBIDDEN" || second["code"] == "NOT_FOUND" {
        let why = "the colleague is no clerk of the same agency";
        return Err(Stop::NotRun(why.to_owned()));
    }
    must!(
        second["result"] == "conflict" && second["code"] == "ALREADY_REGISTERED",
        "{second}"
    );
    let name = early.get("/v1/session").await?.body["account"]["full_name"].clone();
    must!(
        name.is_string() && second["detail"] == name,
        "{} instead of {name}",
        second["detail"]
    );
    let next = self::book(&early).await?["next"].clone();
    let wanted = book["next"].as_u64().unwrap_or(0) + 1;
    must!(next == json!(wanted), "next is {next} instead of {wanted}");
    let told = told(suite, &came).await?;
    must!(told.len() == 1, "the sender is told {} times", told.len());
    Ok(format!("who was first: {name}"))
}
