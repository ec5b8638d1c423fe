//! Opinions that are about a place of a page, or about what became of a note.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcome, must};
use crate::{
    desk::{Desk, opinion, words},
    suite::{Stop, Suite},
};

/// An opinion about something.
fn about(about: Value) -> Value {
    let mut intent = opinion(&words());
    intent["about"] = about;
    intent
}

fn place(x: u32, w: u32) -> Value {
    json!({ "kind": "place", "sha256": "07".repeat(32), "page": 2, "x": x, "y": 0, "w": w, "h": 90 })
}

fn word(kind: &str, note: &Value) -> Value {
    about(json!({ "kind": kind, "note": note }))
}

/// What became of an intent.
async fn settle(desk: &mut Desk, lane: Uuid, intent: &Value) -> Result<Value, Stop> {
    let op = desk.op(lane, intent.clone());
    Ok(desk.settle(&op).await?["outcome"].clone())
}

/// Writes it; its id among the opinions.
async fn write(desk: &mut Desk, lane: Uuid, intent: &Value) -> Result<Value, Stop> {
    let outcome = settle(desk, lane, intent).await?;
    must!(outcome["result"] == "applied", "{outcome}");
    Ok(intent["opinion"].clone())
}

/// Fails unless it is refused for what it says.
async fn refuse(desk: &mut Desk, lane: Uuid, intent: &Value) -> Result<(), Stop> {
    let outcome = settle(desk, lane, intent).await?;
    must!(
        outcome["result"] == "rejected" && outcome["code"] == "INVALID_REQUEST",
        "{} is answered by {outcome}",
        intent["about"]
    );
    Ok(())
}

pub(super) async fn place_kept(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (document, _) = desk.documents().await?;
    for (x, w) in [(9_000, 1_001), (0, 0), (10_000, 1)] {
        refuse(&mut desk, document, &about(place(x, w))).await?;
    }
    let there = place(9_000, 1_000);
    let note = write(&mut desk, document, &about(there.clone())).await?;
    let all = suite.clerk().pull().await?;
    let found = all.iter().find(|change| change["id"] == note);
    let kept = found.map(|change| change["body"]["about"].clone());
    must!(kept == Some(there), "kept as {kept:?}");
    Ok("kept as it came".to_owned())
}

pub(super) async fn settled(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (here, elsewhere) = desk.documents().await?;
    let plain = write(&mut desk, here, &opinion(&words())).await?;
    let note = write(&mut desk, here, &about(place(0, 500))).await?;
    refuse(&mut desk, here, &word("settled", &plain)).await?;
    refuse(&mut desk, elsewhere, &word("settled", &note)).await?;
    write(&mut desk, here, &word("settled", &note)).await?;
    Ok("only a note, only there".to_owned())
}

pub(super) async fn reopened(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (here, _) = desk.documents().await?;
    let note = write(&mut desk, here, &about(place(0, 500))).await?;
    refuse(&mut desk, here, &word("reopened", &note)).await?;
    write(&mut desk, here, &word("settled", &note)).await?;
    write(&mut desk, here, &word("reopened", &note)).await?;
    Ok("after it was settled".to_owned())
}

pub(super) async fn of_a_newer_desk(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (here, _) = desk.documents().await?;
    let newer = about(json!({ "kind": "of_a_newer_desk", "row": 3 }));
    let id = write(&mut desk, here, &newer).await?;
    let all = suite.clerk().pull().await?;
    let found = all.iter().find(|change| change["id"] == id);
    let text = found.map(|change| change["body"]["text"].clone());
    must!(
        text.as_ref() == Some(&newer["text"]),
        "the words are {text:?}"
    );
    Ok("the words are there".to_owned())
}
