//! Dossiers: numbered once, looked through before they are closed.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcome, capacity::session, must};
use crate::{
    desk::{Desk, words},
    suite::{Stop, Suite},
};

/// Begins a dossier beside the list: its id and what the server shows of it.
async fn begun(desk: &mut Desk) -> Result<(Uuid, Value), Stop> {
    let account = session(desk).await?["account"].clone();
    let creator = json!({ "account": account["id"], "full_name": account["full_name"] });
    let fields = json!({
        "year": 2026, "code": "KTGT", "title": words(), "creator": creator,
        "retention": { "kept": "years", "years": 10 },
    });
    let id = Uuid::now_v7();
    let act = json!({ "act": "start", "fields": fields, "started_on": "2026-01-05" });
    let (outcome, shown) = done(desk, id, act).await?;
    if outcome["result"] == "deferred" {
        return Err(Stop::NotRun("the server knows no dossiers".to_owned()));
    }
    must!(outcome["result"] == "applied", "{outcome}");
    Ok((id, shown))
}

/// Does an act: what became of it, and the dossier as it is shown afterwards.
async fn done(desk: &mut Desk, id: Uuid, act: Value) -> Result<(Value, Value), Stop> {
    let op = desk.op(id, json!({ "kind": "dossier", "act": act }));
    let answer = desk.sync(std::slice::from_ref(&op)).await?;
    let changes = answer["changes"].as_array().cloned().unwrap_or_default();
    let is_it = |change: &&Value| change["entity"] == "dossier" && change["id"] == json!(id);
    let shown = changes.iter().rfind(is_it);
    let shown = shown.map(|change| change["body"].clone());
    Ok((
        answer["results"][0]["outcome"].clone(),
        shown.unwrap_or_default(),
    ))
}

pub(super) async fn numbered(suite: &Suite) -> Outcome {
    let mut clerk = suite.clerk();
    clerk.pull().await?;
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let (_, shown) = begun(&mut clerk).await?;
        let number = shown["fields"]["number"].as_u64();
        let number = number.ok_or_else(|| Stop::Fail("it has no number".to_owned()))?;
        must!(!numbers.contains(&number), "the number {number} twice");
        numbers.push(number);
    }
    Ok(format!("{numbers:?}"))
}

pub(super) async fn looked_through(suite: &Suite) -> Outcome {
    let mut clerk = suite.clerk();
    clerk.pull().await?;
    let (id, _) = begun(&mut clerk).await?;
    let close =
        |settled: Value| json!({ "act": "close", "ended_on": "2026-11-20", "settled": settled });
    let (outcome, _) = done(&mut clerk, id, close(json!([]))).await?;
    must!(
        outcome["result"] == "conflict" || outcome["result"] == "rejected",
        "an empty dossier is closed without a word: {outcome}"
    );
    let reason = "Công việc không phát sinh văn bản";
    let settled = json!([{ "finding": { "kind": "empty" }, "reason": reason }]);
    let (outcome, shown) = done(&mut clerk, id, close(settled)).await?;
    must!(outcome["result"] == "applied", "{outcome}");
    must!(shown["state"] == "closed", "it is {}", shown["state"]);
    Ok("refused, and closed with a reason".to_owned())
}
