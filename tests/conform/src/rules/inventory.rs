use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcome, must};
use crate::{
    desk::{id_of, opinion, sha256, words},
    suite::{Stop, Suite},
};

fn bucket_of(id: Uuid) -> usize {
    sha256(id.as_bytes())
        .first()
        .copied()
        .map_or(0, usize::from)
}

/// The digests of what was pulled, as the description defines them.
fn sums_of(changes: &[Value], entity: &str) -> Vec<String> {
    let mut sums = vec![0_u128; 256];
    for change in changes {
        if change["entity"] != entity || change["change"] != "upsert" {
            continue;
        }
        let id = id_of(change);
        let rev = change["rev"].as_u64().unwrap_or(0);
        let term = sha256(&[id.as_bytes().as_slice(), &rev.to_be_bytes()].concat());
        let half = term.iter().take(16);
        let number = half.fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
        if let Some(sum) = sums.get_mut(bucket_of(id)) {
            *sum ^= number;
        }
    }
    sums.into_iter().map(|sum| format!("{sum:032x}")).collect()
}

async fn changed(suite: &Suite) -> Result<Vec<Value>, Stop> {
    let mut desk = suite.clerk();
    let (document, _) = desk.documents().await?;
    let ops = [
        desk.op(document, opinion(&words())),
        desk.op(document, json!({ "kind": "mark_read" })),
    ];
    desk.sync(&ops).await?;
    suite.clerk().pull().await
}

async fn compare(suite: &Suite, entity: &str) -> Result<(), Stop> {
    let all = changed(suite).await?;
    let answer = suite
        .clerk()
        .get(&format!("/v1/inventory?entity={entity}"))
        .await?;
    answer.is(200)?;
    let theirs = answer.body["buckets"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    must!(theirs.len() == 256, "{} buckets", theirs.len());
    let own = sums_of(&all, entity);
    let differ = own
        .iter()
        .zip(&theirs)
        .filter(|(own, their)| **their != json!(own))
        .count();
    must!(differ == 0, "{differ} buckets of {entity} differ");
    must!(answer.body["epoch"].is_string(), "no epoch");
    must!(answer.body["head_hint"].is_u64(), "no head_hint");
    Ok(())
}

pub(super) async fn digests(suite: &Suite) -> Outcome {
    compare(suite, "document").await?;
    compare(suite, "opinion").await?;
    Ok("512 equal".to_owned())
}
pub(super) async fn bucket(suite: &Suite) -> Outcome {
    let all = changed(suite).await?;
    let documents: Vec<&Value> = all
        .iter()
        .filter(|change| change["entity"] == "document" && change["change"] == "upsert")
        .collect();
    let wanted = documents
        .first()
        .map_or(0, |change| bucket_of(id_of(change)));
    let own: BTreeSet<(Uuid, u64)> = documents
        .iter()
        .filter(|change| bucket_of(id_of(change)) == wanted)
        .map(|change| (id_of(change), change["rev"].as_u64().unwrap_or(0)))
        .collect();
    let path = format!("/v1/inventory?entity=document&bucket={wanted}");
    let answer = suite.clerk().get(&path).await?;
    answer.is(200)?;
    let items = answer.body["items"].as_array().cloned().unwrap_or_default();
    let theirs: BTreeSet<(Uuid, u64)> = items
        .iter()
        .map(|item| (id_of(item), item["rev"].as_u64().unwrap_or(0)))
        .collect();
    must!(own == theirs, "{} instead of {}", theirs.len(), own.len());
    Ok(format!("bucket {wanted} with {}", own.len()))
}

pub(super) async fn bodies(suite: &Suite) -> Outcome {
    let all = changed(suite).await?;
    let one = all
        .iter()
        .find(|change| change["entity"] == "document" && change["change"] == "upsert");
    let Some(one) = one else {
        return Err(Stop::NotRun("no document".to_owned()));
    };
    let body = json!({"items": [
        {"entity": "document", "id": id_of(one)},
        {"entity": "document", "id": Uuid::now_v7()},
    ]});
    let answer = suite.clerk().post("/v1/inventory/bodies", &body).await?;
    answer.is(200)?;
    let changes = answer.body["changes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    must!(changes.len() == 1, "{} changes", changes.len());
    must!(
        changes.first() == Some(one),
        "another body than in the feed"
    );
    Ok("one body, nothing of the stranger".to_owned())
}
