use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcome, must};
use crate::{
    desk::{Desk, hash_hex, id_of, pdf, words},
    suite::{Stop, Suite},
};

/// A book that papers can be registered in, of this year and free.
pub(super) async fn book(desk: &Desk) -> Result<Value, Stop> {
    let answer = desk.get("/v1/books").await?;
    answer.is(200)?;
    let books = answer.body.as_array().cloned().unwrap_or_default();
    let is_fit = |book: &&Value| book["leasable"] == json!(true) && book["lease"].is_null();
    let found = books.iter().find(is_fit);
    found
        .cloned()
        .ok_or_else(|| Stop::NotRun("needs a leasable book that is free".to_owned()))
}

/// The path of a book.
pub(super) fn path(book: &Value, act: &str) -> String {
    let code = book["book"].as_str().unwrap_or_default();
    format!("/v1/books/{code}/{}/{act}", book["year"])
}

/// The op that registers a new paper, its scan uploaded. The changes are laid over the intent.
pub(super) async fn paper(desk: &mut Desk, book: &Value, changes: &Value) -> Result<Value, Stop> {
    let bytes = pdf();
    desk.upload(&bytes).await?;
    let time = desk.get("/v1/health?n=x").await?.body["time"].clone();
    let document = Uuid::now_v7();
    let mut intent = json!({
        "kind": "register_incoming", "document": document, "book": book["book"],
        "year": book["year"], "received_at": time, "provisional": "T-C0FFEE00-1", "number": null,
        "fields": {
            "issuer_name": "Cơ quan kiểm tra giao thức",
            "notation": format!("{}/KTGT-TEST", Uuid::new_v4().as_fields().0 % 4_000_000 + 1),
            "issued_on": "2026-01-05", "kind": "official_letter", "subject": words(),
            "urgency": "normal",
            "signer": {"position": "Giám đốc", "full_name": "Nguyễn Văn Thử"},
        },
        "file": {
            "file": Uuid::now_v7(), "revision": Uuid::now_v7(), "sha256": hash_hex(&bytes),
            "size": bytes.len(), "name": "kiem-tra.pdf", "pages": 1,
        },
    });
    overlay(&mut intent, changes);
    Ok(desk.op(document, intent))
}

fn overlay(target: &mut Value, changes: &Value) {
    match (target, changes) {
        (Value::Object(target), Value::Object(changes)) => {
            for (key, value) in changes {
                overlay(target.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (target, changes) => *target = changes.clone(),
    }
}

/// Registers a paper in a free book; its id.
pub(super) async fn register(desk: &mut Desk, changes: &Value) -> Result<Uuid, Stop> {
    let book = book(desk).await?;
    let entry = enter(desk, &book, changes).await?;
    Ok(id_of(&entry))
}

/// Registers a paper; the document as the feed then has it.
pub(super) async fn enter(desk: &mut Desk, book: &Value, changes: &Value) -> Result<Value, Stop> {
    let op = paper(desk, book, changes).await?;
    // Everything before is none of our business.
    desk.pull().await?;
    let answer = desk.sync(std::slice::from_ref(&op)).await?;
    let outcome = &answer["results"][0]["outcome"];
    must!(outcome["result"] == "applied", "{outcome}");
    document_of(&answer, &op)
}

/// The document of an op in the changes of its own answer.
pub(super) fn document_of(answer: &Value, op: &Value) -> Result<Value, Stop> {
    let changes = answer["changes"].as_array().cloned().unwrap_or_default();
    let found = changes.iter().find(|change| change["id"] == op["lane"]);
    let body = found.map(|change| change["body"].clone());
    body.ok_or_else(|| Stop::Fail("the document is not in the answer's changes".to_owned()))
}

/// Số đến of a document.
pub(super) fn number(document: &Value) -> u64 {
    document["arrival_number"].as_u64().unwrap_or(0)
}

pub(super) async fn next(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let book = book(&desk).await?;
    let wanted = book["next"].as_u64().unwrap_or(0);
    let document = enter(&mut desk, &book, &json!({})).await?;
    must!(
        number(&document) == wanted,
        "{} instead of {wanted}",
        number(&document)
    );
    must!(
        document["state"] == "registered",
        "state {}",
        document["state"]
    );
    let entry = &document["registration"];
    must!(entry["number"] == json!(wanted), "registration {entry}");
    must!(
        entry["provisional"] == "T-C0FFEE00-1",
        "the provisional id is lost"
    );
    let after = self::book(&desk).await?;
    must!(
        after["next"] == json!(wanted + 1),
        "next is {}",
        after["next"]
    );
    Ok(format!("{wanted}"))
}

pub(super) async fn twice(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let book = book(&desk).await?;
    let before = book["next"].as_u64().unwrap_or(0);
    let op = paper(&mut desk, &book, &json!({})).await?;
    desk.settle(&op).await?;
    let again = desk.settle(&op).await?;
    must!(
        again["outcome"]["result"] == "applied",
        "{}",
        again["outcome"]
    );
    let after = self::book(&desk).await?["next"].as_u64().unwrap_or(0);
    must!(after == before + 1, "{} numbers", after - before);
    Ok("one number".to_owned())
}

pub(super) async fn at_once(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let book = book(&desk).await?;
    let first = book["next"].as_u64().unwrap_or(0);
    desk.pull().await?;
    let mut bodies = Vec::new();
    let mut lanes = BTreeSet::new();
    for _ in 0..5 {
        let op = paper(&mut desk, &book, &json!({})).await?;
        lanes.insert(op["lane"].to_string());
        // What is not said cannot be compared: these overtake one another.
        let mut body = desk.body(&[op]);
        body["highest_seq"] = json!(0);
        bodies.push(body);
    }
    let sent = bodies.iter().map(|body| desk.post("/v1/sync", body));
    for answer in futures_util::future::join_all(sent).await {
        let outcome = &answer?.body["results"][0]["outcome"];
        must!(outcome["result"] == "applied", "{outcome}");
    }
    let all = desk.pull().await?;
    let numbers: BTreeSet<u64> = all
        .iter()
        .filter(|change| lanes.contains(&change["id"].to_string()))
        .map(|change| number(&change["body"]))
        .collect();
    let wanted: BTreeSet<u64> = (first..first + 5).collect();
    must!(numbers == wanted, "{numbers:?} instead of {wanted:?}");
    Ok(format!("{first} to {}", first + 4))
}

pub(super) async fn times(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let book = book(&desk).await?;
    let first = enter(&mut desk, &book, &json!({})).await?;
    let before = first["registration"]["booked_at"].as_i64().unwrap_or(0);
    // Came an hour before the last one, by a clock that may be wrong.
    let changes = json!({ "received_at": before - 3_600_000 });
    let second = enter(&mut desk, &book, &changes).await?;
    let entry = &second["registration"];
    let booked = entry["booked_at"].as_i64().unwrap_or(0);
    must!(booked >= before, "it falls by {} ms", before - booked);
    must!(
        entry["received_at"] == json!(before - 3_600_000),
        "the device's time is lost"
    );
    must!(entry["skewed"] == json!(true), "not flagged");
    let changes = json!({ "received_at": before + 86_400_000 });
    let third = enter(&mut desk, &book, &changes).await?;
    let entry = &third["registration"];
    let ahead = entry["booked_at"].as_i64().unwrap_or(0) - before;
    must!(ahead < 3_600_000, "a day ahead is taken");
    must!(entry["skewed"] == json!(true), "not flagged");
    Ok("clamped and flagged".to_owned())
}

pub(super) async fn duplicate(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let book = book(&desk).await?;
    let first = enter(&mut desk, &book, &json!({})).await?;
    must!(
        first["registration"]["duplicate_of"].is_null(),
        "the first is flagged"
    );
    let changes = json!({ "fields": { "notation": first["notation"] } });
    let second = enter(&mut desk, &book, &changes).await?;
    let found = &second["registration"]["duplicate_of"];
    must!(*found == first["id"], "duplicate_of {found}");
    Ok("flagged".to_owned())
}
