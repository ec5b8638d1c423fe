//! Mandates: given by a leader, acted by, revoked, never passed on.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Outcome,
    books::{document_of, register},
    must,
};
use crate::{
    desk::{Answer, Desk, words},
    suite::{Stop, Suite},
};

const HOUR_MS: i64 = 3_600_000;

pub(super) async fn session(desk: &Desk) -> Result<Value, Stop> {
    let answer = desk.get("/v1/session").await?;
    answer.is(200)?;
    Ok(answer.body)
}

/// A written delegation of directing and signing to that account, for an hour.
async fn delegation(giver: &Desk, holder: &Value) -> Result<Value, Stop> {
    let now = session(giver).await?["server_time"].as_i64().unwrap_or(0);
    Ok(json!({
        "kind": "delegation", "holder": holder, "direct": true, "sign": true,
        "since": now - 1_000, "until": now + HOUR_MS, "reference": "01/UQ-KTGT",
    }))
}

async fn put(giver: &Desk, id: Uuid, body: &Value) -> Result<Answer, Stop> {
    let request = giver.request(Method::PUT, &format!("/v1/mandates/{id}"));
    Answer::of(request.json(body).send().await?).await
}

/// A mandate of the leader for the clerk.
async fn given(leader: &Desk, clerk: &Desk) -> Result<Uuid, Stop> {
    let holder = session(clerk).await?["account"]["id"].clone();
    let id = Uuid::now_v7();
    let answer = put(leader, id, &delegation(leader, &holder).await?).await?;
    if answer.status == 403 {
        return Err(Stop::NotRun("the second account is no leader".to_owned()));
    }
    answer.is(200)?;
    Ok(id)
}

async fn revoke(leader: &Desk, id: Uuid) -> Result<(), Stop> {
    let path = format!("/v1/mandates/{id}/revoke");
    leader.post(&path, &json!({})).await?.is(200)
}

/// Whether the session of a desk tells of a mandate.
async fn tells(desk: &Desk, id: Uuid) -> Result<bool, Stop> {
    let told = session(desk).await?["mandates"].clone();
    let told = told.as_array().cloned().unwrap_or_default();
    Ok(told.iter().any(|one| one["id"] == json!(id)))
}

pub(super) async fn told(suite: &Suite) -> Outcome {
    let (leader, clerk) = (suite.second()?, suite.clerk());
    let holder = session(&clerk).await?["account"]["id"].clone();
    let id = given(&leader, &clerk).await?;
    for (desk, who) in [(&leader, "giver"), (&clerk, "holder")] {
        must!(tells(desk, id).await?, "the {who} is not told of it");
    }
    let mut other = delegation(&leader, &holder).await?;
    other["reference"] = json!("02/UQ-KTGT");
    put(&leader, id, &other).await?.refused(403, "FORBIDDEN")?;
    revoke(&leader, id).await?;
    for (desk, who) in [(&leader, "giver"), (&clerk, "holder")] {
        must!(!tells(desk, id).await?, "the {who} is still told of it");
    }
    Ok("both, until it is revoked".to_owned())
}

/// A document before the leader, which the operator's door puts there.
pub(super) async fn presented(suite: &Suite, clerk: &mut Desk) -> Result<Uuid, Stop> {
    let document = register(clerk, &json!({})).await?;
    suite
        .operate(&format!("/admin/documents/{document}/present"))
        .await?;
    clerk.pull().await?;
    Ok(document)
}

/// The clerk directs a document in the leader's place: what became of it, and who is said to have
/// done it.
async fn direct(
    clerk: &mut Desk,
    (document, lead): (Uuid, &Value),
    mandate: Uuid,
) -> Result<(Value, String), Stop> {
    let act = json!({ "act": "direct", "opinion": Uuid::now_v7(), "lead": lead, "text": words() });
    let mut op = clerk.op(document, json!({ "kind": "handle", "act": act }));
    op["capacity"] = json!({ "as": "mandate", "mandate": mandate });
    let answer = clerk.sync(std::slice::from_ref(&op)).await?;
    let shown = document_of(&answer, &op).unwrap_or_default();
    let steps = shown["flow"].as_array().cloned().unwrap_or_default();
    let who = steps.last().and_then(|step| step["who"].as_str());
    let who = who.unwrap_or_default().to_owned();
    Ok((answer["results"][0]["outcome"].clone(), who))
}

pub(super) async fn revoked(suite: &Suite) -> Outcome {
    let (leader, mut clerk) = (suite.second()?, suite.clerk());
    let lead = session(&suite.colleague()?).await?["account"]["id"].clone();
    let (one, other) = (
        presented(suite, &mut clerk).await?,
        presented(suite, &mut clerk).await?,
    );
    let id = given(&leader, &clerk).await?;
    let (before, _) = direct(&mut clerk, (one, &lead), id).await?;
    revoke(&leader, id).await?;
    must!(before["result"] == "applied", "while it holds: {before}");
    let (after, _) = direct(&mut clerk, (other, &lead), id).await?;
    must!(
        after["result"] == "rejected" && after["code"] == "CAPACITY_ENDED",
        "after it was revoked: {after}"
    );
    Ok("CAPACITY_ENDED".to_owned())
}

pub(super) async fn not_passed_on(suite: &Suite) -> Outcome {
    let (leader, clerk) = (suite.second()?, suite.clerk());
    let third = session(&suite.colleague()?).await?["account"]["id"].clone();
    let id = given(&leader, &clerk).await?;
    let answer = put(&clerk, Uuid::now_v7(), &delegation(&clerk, &third).await?).await?;
    revoke(&leader, id).await?;
    answer.refused(403, "NO_REDELEGATION")?;
    Ok("403 NO_REDELEGATION".to_owned())
}

pub(super) async fn both_names(suite: &Suite) -> Outcome {
    let (leader, mut clerk) = (suite.second()?, suite.clerk());
    let lead = session(&suite.colleague()?).await?["account"]["id"].clone();
    let document = presented(suite, &mut clerk).await?;
    let id = given(&leader, &clerk).await?;
    let (outcome, who) = direct(&mut clerk, (document, &lead), id).await?;
    revoke(&leader, id).await?;
    must!(outcome["result"] == "applied", "{outcome}");
    for desk in [&leader, &clerk] {
        let name = session(desk).await?["account"]["full_name"].clone();
        let name = name.as_str().unwrap_or("nobody").to_owned();
        must!(who.contains(&name), "done by “{who}”, without {name}");
    }
    Ok(who)
}
