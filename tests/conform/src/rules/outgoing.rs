//! From the leader's signature to the issue: number, agency's signature, recipients, recall.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Outcome,
    books::{book, document_of},
    must,
};
use crate::{
    desk::{Desk, pdf, words},
    suite::{Stop, Suite},
};

/// A document that its leader has signed; the operator's door plays the leader. The desk has pulled it
/// when this returns.
async fn signed(suite: &Suite, desk: &mut Desk) -> Result<Uuid, Stop> {
    signed_in_place_of(suite, desk, None).await
}

/// The same in the place of an issued one.
async fn signed_in_place_of(
    suite: &Suite,
    desk: &mut Desk,
    replaced: Option<Uuid>,
) -> Result<Uuid, Stop> {
    let body = json!({
        "subject": words(), "pdf": STANDARD.encode(pdf()), "replaces": replaced,
    });
    let answer = suite.operator("/admin/outgoing", Some(&body)).await?;
    let document = answer["document"].as_str().unwrap_or_default().parse();
    let nothing = |_| Stop::NotRun("the operator's door makes nothing".to_owned());
    let document = document.map_err(nothing)?;
    desk.pull().await?;
    Ok(document)
}

/// Does an act; what became of it, and the document as the answer then shows it.
async fn act(desk: &mut Desk, document: Uuid, act: Value) -> Result<(Value, Value), Stop> {
    desk.pull().await?;
    let op = desk.op(document, json!({ "kind": "handle", "act": act }));
    let answer = desk.sync(std::slice::from_ref(&op)).await?;
    let outcome = answer["results"][0]["outcome"].clone();
    Ok((outcome, document_of(&answer, &op).unwrap_or_default()))
}

pub(super) async fn done(desk: &mut Desk, document: Uuid, wanted: Value) -> Result<Value, Stop> {
    let (outcome, shown) = act(desk, document, wanted).await?;
    must!(outcome["result"] == "applied", "{outcome}");
    Ok(shown)
}

/// Fails where the act is done.
pub(super) async fn refused(desk: &mut Desk, document: Uuid, wanted: Value) -> Result<(), Stop> {
    let word = wanted["act"].clone();
    let (outcome, _) = act(desk, document, wanted).await?;
    let result = outcome["result"].as_str().unwrap_or_default();
    must!(
        result == "rejected" || result == "conflict",
        "{word} is answered by {outcome}"
    );
    Ok(())
}

/// Số of a document as the feed shows it.
fn number(shown: &Value) -> Result<u64, Stop> {
    let notation = shown["notation"].as_str().unwrap_or_default();
    let digits: String = notation.chars().take_while(char::is_ascii_digit).collect();
    let given = &shown["handling"]["outgoing"]["numbered"]["number"];
    must!(
        given["notation"] == shown["notation"],
        "{} on the document, {} in its course",
        shown["notation"],
        given["notation"]
    );
    let nothing = |_| Stop::Fail(format!("“{notation}” has no number"));
    digits.parse().map_err(nothing)
}

async fn numbered(desk: &mut Desk, document: Uuid) -> Result<u64, Stop> {
    number(&done(desk, document, json!({ "act": "number" })).await?)
}

async fn sealed(suite: &Suite, desk: &mut Desk, document: Uuid) -> Result<(), Stop> {
    suite
        .operate(&format!("/admin/documents/{document}/seal"))
        .await?;
    desk.pull().await.map(drop)
}

pub(super) async fn numbers(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (one, other) = (
        signed(suite, &mut desk).await?,
        signed(suite, &mut desk).await?,
    );
    let first = numbered(&mut desk, one).await?;
    // Asked for once more, it has its number.
    refused(&mut desk, one, json!({ "act": "number" })).await?;
    let second = numbered(&mut desk, other).await?;
    must!(second == first + 1, "{second} after {first}");
    Ok(format!("{first}, {second}"))
}

pub(super) async fn by_the_registry(suite: &Suite) -> Outcome {
    let (mut clerk, mut leader) = (suite.clerk(), suite.second()?);
    let document = signed(suite, &mut clerk).await?;
    leader.pull().await?;
    refused(&mut leader, document, json!({ "act": "number" })).await?;
    numbered(&mut clerk, document).await?;
    Ok("the clerk alone".to_owned())
}

pub(super) async fn seal_is_a_signature(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let document = signed(suite, &mut desk).await?;
    numbered(&mut desk, document).await?;
    refused(&mut desk, document, json!({ "act": "seal" })).await?;
    Ok("no act".to_owned())
}

/// The receiver's clerk, and what an issue to that agency says.
async fn receiver(suite: &Suite) -> Result<(Desk, Value), Stop> {
    let desk = suite.receiver()?;
    let session = desk.get("/v1/session").await?.body;
    let agency = session["registry"].clone();
    if agency["code"].is_null() {
        let why = "the receiver's account writes in no book";
        return Err(Stop::NotRun(why.to_owned()));
    }
    Ok((
        desk,
        json!({ "act": "issue", "to": [agency], "places": ["Lưu: VT"] }),
    ))
}

pub(super) async fn in_order(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (_, issue) = receiver(suite).await?;
    let document = signed(suite, &mut desk).await?;
    refused(&mut desk, document, issue.clone()).await?;
    numbered(&mut desk, document).await?;
    refused(&mut desk, document, issue.clone()).await?;
    sealed(suite, &mut desk, document).await?;
    let shown = done(&mut desk, document, issue.clone()).await?;
    must!(shown["state"] == "issued", "state {}", shown["state"]);
    refused(&mut desk, document, issue).await?;
    Ok("number, signature, issue".to_owned())
}

/// What is issued to the receiver: the document there, and here.
async fn issued(suite: &Suite, desk: &mut Desk) -> Result<(Desk, Uuid, Uuid), Stop> {
    let (mut there, issue) = receiver(suite).await?;
    there.pull().await?;
    let document = signed(suite, desk).await?;
    numbered(desk, document).await?;
    sealed(suite, desk, document).await?;
    let shown = done(desk, document, issue).await?;
    let came = there.pull().await?;
    let is_it = |change: &&Value| change["body"]["notation"] == shown["notation"];
    let received = came.iter().find(is_it).map(crate::desk::id_of);
    let missing = || Stop::Fail("the recipient has not got it".to_owned());
    Ok((there, received.ok_or_else(missing)?, document))
}

/// The codes of the statuses of the one recipient, in their order, as the sender sees them.
async fn codes(desk: &mut Desk, document: Uuid) -> Result<Vec<String>, Stop> {
    // From the start: what was pulled before is of no interest.
    desk.cursor = None;
    let all = desk.pull().await?;
    let mut shown = all.iter().filter(|change| change["id"] == json!(document));
    let body = shown.next_back().map(|change| change["body"].clone());
    let deliveries = body.unwrap_or_default()["handling"]["outgoing"]["deliveries"].clone();
    let statuses = deliveries[0]["statuses"].as_array().cloned();
    let statuses = statuses.unwrap_or_default();
    must!(
        statuses.iter().all(|one| one["at"].is_i64()),
        "a status without a time: {statuses:?}"
    );
    let code = |one: &Value| one["code"].as_str().unwrap_or_default().to_owned();
    Ok(statuses.iter().map(code).collect())
}

pub(super) async fn delivered(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (_, _, document) = issued(suite, &mut desk).await?;
    let codes = codes(&mut desk, document).await?;
    must!(codes == ["01"], "{codes:?}");
    Ok("01".to_owned())
}

pub(super) async fn statuses(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (mut there, received, document) = issued(suite, &mut desk).await?;
    let book = book(&there).await?;
    let time = there.get("/v1/health?n=x").await?.body["time"].clone();
    let intent = json!({
        "kind": "register_received", "book": book["book"], "year": book["year"],
        "received_at": time, "provisional": "T-C0FFEE00-1", "number": null,
    });
    for _ in 0..2 {
        let op = there.op(received, intent.clone());
        let outcome = there.settle(&op).await?["outcome"].clone();
        must!(outcome["result"] == "applied", "{outcome}");
    }
    let codes = codes(&mut desk, document).await?;
    must!(codes == ["01", "03"], "{codes:?}");
    Ok("01, 03".to_owned())
}

pub(super) async fn refusal(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (mut there, received, document) = issued(suite, &mut desk).await?;
    let refuse = json!({ "act": "refuse", "reason": "Gửi nhầm nơi nhận" });
    let (outcome, _) = act(&mut there, received, refuse).await?;
    must!(outcome["result"] == "applied", "{outcome}");
    let codes = codes(&mut desk, document).await?;
    must!(codes == ["01", "02"], "{codes:?}");
    // What was not taken cannot be given back.
    let recall = json!({ "act": "recall", "reason": "Sai nội dung" });
    refused(&mut desk, document, recall).await?;
    Ok("01, 02".to_owned())
}

pub(super) async fn recalled(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (mut there, received, document) = issued(suite, &mut desk).await?;
    let recall = json!({ "act": "recall", "reason": "Sai nội dung" });
    done(&mut desk, document, recall.clone()).await?;
    refused(&mut desk, document, recall).await?;
    let keep = json!({ "act": "answer_recall", "agreed": false, "reason": "Đã giải quyết" });
    let (outcome, _) = act(&mut there, received, keep).await?;
    must!(outcome["result"] == "applied", "the answer: {outcome}");
    let codes = codes(&mut desk, document).await?;
    must!(codes == ["01", "13", "16"], "{codes:?}");
    Ok("01, 13, 16".to_owned())
}

pub(super) async fn void(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (one, other) = (
        signed(suite, &mut desk).await?,
        signed(suite, &mut desk).await?,
    );
    let first = numbered(&mut desk, one).await?;
    let back = json!({ "act": "return", "reason": "Sai căn cứ" });
    let shown = done(&mut desk, one, back).await?;
    must!(
        shown["notation"].is_null(),
        "it still bears {}",
        shown["notation"]
    );
    let second = numbered(&mut desk, other).await?;
    must!(second == first + 1, "{second} after {first}, which is void");
    Ok(format!("{first} is void, {second} follows"))
}

/// What a pull says of what was made of that document.
fn derived(changes: &[Value], document: Uuid) -> Value {
    let mut those = changes.iter().filter(|one| one["id"] == json!(document));
    let last = those.next_back();
    last.map_or(Value::Null, |one| {
        one["body"]["handling"]["derived"].clone()
    })
}

pub(super) async fn replaced(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (mut there, received, document) = issued(suite, &mut desk).await?;
    let (_, issue) = receiver(suite).await?;
    let new = signed_in_place_of(suite, &mut desk, Some(document)).await?;
    numbered(&mut desk, new).await?;
    sealed(suite, &mut desk, new).await?;
    there.pull().await?;
    let op = desk.op(new, json!({ "kind": "handle", "act": issue }));
    desk.pull().await?;
    let answer = desk.sync(std::slice::from_ref(&op)).await?;
    let outcome = &answer["results"][0]["outcome"];
    must!(outcome["result"] == "applied", "{outcome}");
    let notation = document_of(&answer, &op)?["notation"].clone();
    desk.cursor = None;
    let (here, told) = (desk.pull().await?, there.pull().await?);
    for (place, derived) in [
        ("sender", derived(&here, document)),
        ("recipient", derived(&told, received)),
    ] {
        let named = &derived[0];
        must!(
            named["relation"] == "replacement" && named["title"] == notation,
            "the {place} reads {derived} instead of {notation}"
        );
    }
    Ok(format!("by {notation}, at both"))
}
