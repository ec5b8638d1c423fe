//! Each who leads or supports has a deadline of the person's own.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Outcome,
    capacity::{presented, session},
    must,
    outgoing::{done, refused},
};
use crate::{
    desk::{Desk, words},
    suite::{Stop, Suite},
};

const WHOLE: &str = "2099-12-20";
const LEADS: &str = "2099-12-10";
const SUPPORTS: &str = "2099-12-05";

/// The people of one direction, and what is directed.
struct Directed {
    leader: Desk,
    lead: Desk,
    lead_id: Value,
    support_id: Value,
    document: Uuid,
}

/// A document before the leader, whom it goes to, and who supports.
async fn before_the_leader(suite: &Suite) -> Result<Directed, Stop> {
    let (mut clerk, lead) = (suite.clerk(), suite.colleague()?);
    let document = presented(suite, &mut clerk).await?;
    Ok(Directed {
        leader: suite.second()?,
        lead_id: session(&lead).await?["account"]["id"].clone(),
        support_id: session(&clerk).await?["account"]["id"].clone(),
        lead,
        document,
    })
}

impl Directed {
    fn direction(&self, leads: &str) -> Value {
        json!({
            "act": "direct", "opinion": Uuid::now_v7(), "text": words(), "due": { "day": WHOLE },
            "lead": self.lead_id, "supports": [self.support_id],
            "deadlines": [
                { "account": self.lead_id, "due": { "day": leads } },
                { "account": self.support_id, "due": { "day": SUPPORTS } },
            ],
        })
    }
}

/// Until when the whole, who leads and who supports, as the feed shows it.
fn days(shown: &Value) -> [Value; 3] {
    let receivers = shown["handling"]["receivers"].as_array();
    let receivers = receivers.cloned().unwrap_or_default();
    let of = |role: &str| {
        let mut those = receivers.iter().filter(|one| one["role"] == role);
        those
            .next()
            .map_or(Value::Null, |one| one["due"]["day"].clone())
    };
    [shown["due"]["day"].clone(), of("lead"), of("support")]
}

pub(super) async fn own(suite: &Suite) -> Outcome {
    let mut directed = before_the_leader(suite).await?;
    let direction = directed.direction(LEADS);
    let shown = done(&mut directed.leader, directed.document, direction).await?;
    let found = days(&shown);
    must!(found == [WHOLE, LEADS, SUPPORTS], "{found:?}");
    Ok(format!("{LEADS} and {SUPPORTS} within {WHOLE}"))
}

pub(super) async fn within_the_whole(suite: &Suite) -> Outcome {
    let mut directed = before_the_leader(suite).await?;
    let late = directed.direction("2099-12-21");
    refused(&mut directed.leader, directed.document, late).await?;
    Ok("refused".to_owned())
}

pub(super) async fn more_time(suite: &Suite) -> Outcome {
    let mut directed = before_the_leader(suite).await?;
    let direction = directed.direction(LEADS);
    done(&mut directed.leader, directed.document, direction).await?;
    let longer = "2099-12-15";
    let ask = json!({ "act": "ask_extension", "due": { "day": longer }, "reason": words() });
    done(&mut directed.lead, directed.document, ask).await?;
    let grant = json!({ "act": "answer_extension", "granted": true, "text": "" });
    let shown = done(&mut directed.leader, directed.document, grant).await?;
    let found = days(&shown);
    must!(found == [WHOLE, longer, SUPPORTS], "{found:?}");
    Ok(format!("{longer} for who asked"))
}
