use serde_json::{Value, json};

use super::{Outcome, must};
use crate::{
    desk::{id_of, opinion, words},
    suite::Suite,
};

/// What tells two changes apart.
fn keys(changes: &[Value]) -> Vec<String> {
    changes
        .iter()
        .map(|change| {
            let (id, rev) = (&change["id"], &change["rev"]);
            format!("{} {id} {rev} {}", change["entity"], change["change"])
        })
        .collect()
}

fn list(answer: &Value) -> Vec<Value> {
    answer["changes"].as_array().cloned().unwrap_or_default()
}

pub(super) async fn pages(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let mut whole = Vec::new();
    let mut query = String::new();
    loop {
        let page = desk.get(&format!("/v1/changes{query}")).await?;
        page.is(200)?;
        whole.extend(list(&page.body));
        if page.body["more"] != json!(true) {
            break;
        }
        query = format!(
            "?since={}",
            page.body["cursor"].as_str().unwrap_or_default()
        );
    }
    let mut pieces = Vec::new();
    let mut query = "?limit=3".to_owned();
    for _ in 0..=whole.len() {
        let page = desk.get(&format!("/v1/changes{query}")).await?;
        page.is(200)?;
        pieces.extend(list(&page.body));
        if page.body["more"] != json!(true) {
            break;
        }
        let cursor = page.body["cursor"].as_str().unwrap_or_default();
        query = format!("?limit=3&since={cursor}");
    }
    let (pieces, whole) = (keys(&pieces), keys(&whole));
    let missing = whole.iter().filter(|key| !pieces.contains(key)).count();
    must!(missing == 0, "{missing} of {} are missing", whole.len());
    must!(
        pieces.len() == whole.len(),
        "{} instead of {}",
        pieces.len(),
        whole.len()
    );
    Ok(format!("{} changes", whole.len()))
}

pub(super) async fn limit(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let page = desk.get("/v1/changes?limit=2").await?;
    page.is(200)?;
    must!(
        list(&page.body).len() <= 2,
        "{} for 2",
        list(&page.body).len()
    );
    let page = desk.get("/v1/changes?limit=100000").await?;
    must!(
        list(&page.body).len() <= 500,
        "{} on a page",
        list(&page.body).len()
    );
    Ok("2 and 500".to_owned())
}

pub(super) async fn live(suite: &Suite) -> Outcome {
    let mut writer = suite.clerk();
    let (document, _) = writer.documents().await?;
    let mut reader = suite.clerk();
    reader.pull().await?;
    let text = words();
    let op = writer.op(document, opinion(&text));
    writer.settle(&op).await?;
    let news = reader.pull().await?;
    let count = news
        .iter()
        .filter(|change| change["body"]["text"] == json!(text))
        .count();
    must!(count == 1, "it came {count} times");
    let after = reader.pull().await?;
    must!(after.is_empty(), "{} changes after the head", after.len());
    Ok("once".to_owned())
}

pub(super) async fn busy(suite: &Suite) -> Outcome {
    let mut writer = suite.clerk();
    let (first, second) = writer.documents().await?;
    let reader = suite.clerk();
    let mut seen = Vec::new();
    let mut query = "?limit=2".to_owned();
    let mut texts = Vec::new();
    for round in 0..10_000 {
        let page = reader.get(&format!("/v1/changes{query}")).await?;
        page.is(200)?;
        seen.extend(list(&page.body));
        if round < 5 {
            let text = words();
            let lane = if round % 2 == 0 { first } else { second };
            let op = writer.op(lane, opinion(&text));
            writer.settle(&op).await?;
            texts.push(text);
        } else if page.body["more"] != json!(true) {
            break;
        }
        let cursor = page.body["cursor"].as_str().unwrap_or_default();
        query = format!("?limit=2&since={cursor}");
    }
    for text in &texts {
        let found = seen
            .iter()
            .any(|change| change["body"]["text"] == json!(text));
        must!(found, "one of {} was lost", texts.len());
    }
    Ok(format!("{} changes while pulling", texts.len()))
}

pub(super) async fn tombstone(suite: &Suite) -> Outcome {
    // A document of our own: nothing that stood here is recalled.
    let mut desk = suite.clerk();
    let document = super::books::register(&mut desk, &json!({})).await?;
    let mut reader = suite.clerk();
    reader.pull().await?;
    suite
        .operate(&format!("/admin/documents/{document}/recall"))
        .await?;
    let news = reader.pull().await?;
    let found = news
        .iter()
        .any(|change| id_of(change) == document && change["change"] == "remove");
    must!(found, "{} changes and no removal", news.len());
    let mut fresh = suite.clerk();
    let all = fresh.pull().await?;
    let shown = all
        .iter()
        .any(|change| id_of(change) == document && change["change"] == "upsert");
    must!(!shown, "a first pull still brings it");
    Ok("a removal".to_owned())
}

pub(super) async fn stale(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (document, _) = desk.documents().await?;
    let text = words();
    let op = desk.op(document, opinion(&text));
    let mut body = desk.body(&[op]);
    body["cursor"] = json!("c1.bm90IHlvdXJz.bm90IHlvdXJz");
    let answer = desk.post("/v1/sync", &body).await?;
    answer.refused(409, "CANNOT_CALCULATE_CHANGES")?;
    let all = suite.clerk().pull().await?;
    let done = all
        .iter()
        .any(|change| change["body"]["text"] == json!(text));
    must!(!done, "the op was done all the same");
    Ok("409, nothing done".to_owned())
}

pub(super) async fn epoch(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let health = desk.get("/v1/health?n=x").await?.body;
    let synced = desk.sync(&[]).await?;
    let (probe, sync) = (&health["epoch"], &synced["epoch"]);
    must!(probe == sync && probe.is_string(), "{probe} and {sync}");
    Ok("the same".to_owned())
}

pub(super) async fn new_epoch(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let (document, _) = desk.documents().await?;
    let op = desk.op(document, opinion(&words()));
    let first = desk.settle(&op).await?;
    let before = desk.sync(&[]).await?;
    suite.operate("/admin/epoch").await?;
    let answer = desk.post("/v1/sync", &desk.body(&[])).await?;
    answer.refused(409, "CANNOT_CALCULATE_CHANGES")?;
    desk.cursor = None;
    let after = desk.sync(std::slice::from_ref(&op)).await?;
    must!(after["epoch"] != before["epoch"], "the epoch is the same");
    let again = &after["results"][0];
    must!(
        again["outcome"] == first["outcome"],
        "the op was done again"
    );
    must!(again["duplicate"] == json!(true), "not marked as duplicate");
    Ok("409, and the op stayed once".to_owned())
}
