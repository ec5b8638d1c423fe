use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;

use super::{Outcome, must};
use crate::{
    desk::{Answer, Desk},
    suite::{Stop, Suite},
};

/// Entries by their ids, as a desk that takes all pages has them; and the last cursor.
type Entries = (BTreeMap<i64, Value>, String);

async fn pull(desk: &Desk, limit: usize) -> Result<Entries, Stop> {
    let mut all = BTreeMap::new();
    let mut since = String::new();
    // A server that never says that it is done must not hold the suite.
    for _ in 0..10_000 {
        let path = format!("/v1/agencies?limit={limit}{since}");
        let answer = desk.get(&path).await?;
        answer.is(200)?;
        let agencies = answer.body["agencies"].as_array();
        let agencies = agencies.ok_or_else(|| Stop::Fail("no agencies".to_owned()))?;
        let count = agencies.len();
        must!(count <= limit, "{count} agencies for a limit of {limit}");
        for agency in agencies {
            let id = agency["id"].as_i64();
            let id = id.ok_or_else(|| Stop::Fail(format!("{agency} has no id")))?;
            let has_name = agency["name"].as_str().is_some_and(|name| !name.is_empty());
            must!(has_name && agency["code"].is_string(), "{agency}");
            all.insert(id, agency.clone());
        }
        let removed = answer.body["removed"].as_array().into_iter().flatten();
        for id in removed.filter_map(Value::as_i64) {
            all.remove(&id);
        }
        let cursor = answer.body["cursor"].as_str().unwrap_or_default();
        if answer.body["more"] != Value::Bool(true) {
            return Ok((all, cursor.to_owned()));
        }
        since = format!("&since={cursor}");
    }
    Err(Stop::Fail("10,000 pages and still more".to_owned()))
}

async fn directory(suite: &Suite) -> Result<Entries, Stop> {
    let found = pull(&suite.clerk(), 1_000).await?;
    if found.0.is_empty() {
        return Err(Stop::NotRun("needs a directory".to_owned()));
    }
    Ok(found)
}

pub(super) async fn pages(suite: &Suite) -> Outcome {
    let (whole, _) = directory(suite).await?;
    let (pieces, _) = pull(&suite.clerk(), 97).await?;
    let (few, all) = (pieces.len(), whole.len());
    must!(pieces == whole, "{few} instead of {all}");
    Ok(format!("{all} entries"))
}

pub(super) async fn unchanged(suite: &Suite) -> Outcome {
    let (_, cursor) = directory(suite).await?;
    let desk = suite.clerk();
    let path = format!("/v1/agencies?since={cursor}");
    let tag = format!("\"{cursor}\"");
    let request = desk.request(Method::GET, &path);
    let request = request.header("if-none-match", &tag);
    let answer = Answer::of(request.send().await?).await?;
    answer.is(304)?;
    must!(answer.bytes.is_empty(), "{} bytes", answer.bytes.len());
    let without = desk.get(&path).await?;
    without.is(200)?;
    let said = without.header("etag");
    must!(said == tag, "ETag {said}");
    Ok("no body".to_owned())
}

pub(super) async fn announced(suite: &Suite) -> Outcome {
    let (_, cursor) = directory(suite).await?;
    let answer = suite.clerk().sync(&[]).await?;
    let named = answer["directory"].as_str().unwrap_or_default();
    must!(named == cursor, "{named} instead of {cursor}");
    Ok(cursor)
}

pub(super) async fn stale(suite: &Suite) -> Outcome {
    directory(suite).await?;
    let answer = suite.clerk().get("/v1/agencies?since=ffffffff-3").await?;
    answer.refused(409, "CANNOT_CALCULATE_CHANGES")?;
    Ok("refused".to_owned())
}
