//! Tasks: done by their lead, accepted by who gave them; and the calendar that is not everybody's.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcome, capacity::session, must};
use crate::{
    desk::{Desk, words},
    suite::{Stop, Suite},
};

/// Does an act; what became of it.
async fn done(desk: &mut Desk, id: Uuid, act: Value) -> Result<Value, Stop> {
    let op = desk.op(id, json!({ "kind": "task", "act": act }));
    let answer = desk.sync(std::slice::from_ref(&op)).await?;
    Ok(answer["results"][0]["outcome"].clone())
}

pub(super) async fn accepted(suite: &Suite) -> Outcome {
    let (mut leader, mut clerk) = (suite.second()?, suite.clerk());
    leader.pull().await?;
    clerk.pull().await?;
    let lead = session(&clerk).await?["account"].clone();
    let order = json!({
        "title": words(), "source": { "from": "alone" }, "due": "2099-12-31",
        "lead": {
            "account": lead["id"], "full_name": lead["full_name"],
            "unit": lead["posts"][0]["agency"],
        },
    });
    let id = Uuid::now_v7();
    let outcome = done(&mut leader, id, json!({ "act": "give", "order": order })).await?;
    if outcome["result"] == "deferred" {
        return Err(Stop::NotRun("the server knows no tasks".to_owned()));
    }
    if outcome["code"] == "FORBIDDEN" {
        return Err(Stop::NotRun("the second account is no leader".to_owned()));
    }
    must!(outcome["result"] == "applied", "{outcome}");
    let finish = json!({ "act": "finish", "text": words() });
    let outcome = done(&mut leader, id, finish.clone()).await?;
    must!(
        outcome["result"] == "rejected",
        "who does not lead it says that it is done: {outcome}"
    );
    let outcome = done(&mut clerk, id, finish).await?;
    must!(outcome["result"] == "applied", "{outcome}");
    let accept = json!({ "act": "accept", "note": "" });
    let outcome = done(&mut clerk, id, accept.clone()).await?;
    must!(
        outcome["result"] == "rejected",
        "the lead accepts what the lead has done: {outcome}"
    );
    let outcome = done(&mut leader, id, accept).await?;
    must!(outcome["result"] == "applied", "{outcome}");
    Ok("by its giver, once its lead has said that it is done".to_owned())
}

/// The id of the calendar of an agency's year.
fn calendar(agency: &str, year: u16) -> Uuid {
    let name = format!("calendar\n{agency}\n{year}\n");
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, name.as_bytes());
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(hash.as_ref()) {
        *to = *from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

pub(super) async fn calendar_kept(suite: &Suite) -> Outcome {
    let mut clerk = suite.clerk();
    clerk.pull().await?;
    let agency = session(&clerk).await?["registry"]["code"].clone();
    let Some(agency) = agency.as_str() else {
        return Err(Stop::NotRun("the clerk writes in no book".to_owned()));
    };
    let day = json!({ "day": "2099-09-02", "kind": "holiday", "name": words() });
    let act = json!({ "kind": "calendar", "act": { "act": "set", "day": day } });
    let op = clerk.op(calendar(agency, 2099), act);
    let answer = clerk.sync(std::slice::from_ref(&op)).await?;
    let outcome = &answer["results"][0]["outcome"];
    if outcome["result"] == "deferred" {
        return Err(Stop::NotRun("the server knows no calendar".to_owned()));
    }
    must!(
        outcome["result"] == "rejected" && outcome["code"] == "FORBIDDEN",
        "a clerk changes the calendar: {outcome}"
    );
    Ok("a clerk is refused".to_owned())
}
