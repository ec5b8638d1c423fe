//! Courier bundles: what is none is refused, and a desk is known by its keys.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Outcome, capacity::session, must};
use crate::{
    desk::{Answer, Desk, hash_hex, pdf},
    suite::{Stop, Suite},
};

/// The clerk's desk, at a server that takes bundles.
async fn desk(suite: &Suite) -> Result<Desk, Stop> {
    let desk = suite.clerk();
    let key = session(&desk).await?["courier_key"].clone();
    let Some(key) = key.as_str() else {
        return Err(Stop::NotRun("the server takes no bundles".to_owned()));
    };
    let length = STANDARD.decode(key).map_or(0, |key| key.len());
    must!(length == 32, "a courier_key of {length} bytes");
    Ok(desk)
}

pub(super) async fn refused(suite: &Suite) -> Outcome {
    let desk = desk(suite).await?;
    let paper = pdf();
    let carry = json!({ "bundle": hash_hex(&paper) });
    let answer = desk.post("/v1/courier", &carry).await?;
    answer.refused(404, "NOT_FOUND")?;
    desk.upload(&paper).await?;
    let answer = desk.post("/v1/courier", &carry).await?;
    answer.refused(422, "BUNDLE_DAMAGED")?;
    Ok("404, then 422".to_owned())
}

pub(super) async fn known_by_keys(suite: &Suite) -> Outcome {
    let desk = desk(suite).await?;
    let tell = async |keys: Value| {
        let request = desk.request(Method::PUT, "/v1/courier/keys").json(&keys);
        Answer::of(request.send().await?).await
    };
    let random = || STANDARD.encode([uuid::Uuid::new_v4().into_bytes(), [7; 16]].concat());
    let keys = json!({ "sealing": random(), "signing": random() });
    for _ in 0..2 {
        tell(keys.clone()).await?.is(204)?;
    }
    let short = json!({ "sealing": "AAAA", "signing": random() });
    tell(short).await?.refused(400, "INVALID_REQUEST")?;
    Ok("told twice, known once".to_owned())
}
