use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcome, must};
use crate::{
    desk::{Answer, hash_hex},
    suite::{Account, Stop, Suite},
};

const LOADS: [&str; 4] = ["calm", "busy", "strained", "critical"];

async fn open(suite: &Suite, path: &str, body: &Value) -> Result<Answer, Stop> {
    let request = suite
        .client
        .post(format!("{}{path}", suite.target.server))
        .json(body);
    Answer::of(request.send().await?).await
}

async fn login(suite: &Suite, account: &Account) -> Result<Answer, Stop> {
    let body = json!({
        "username": account.user, "password": account.password,
        "device": Uuid::now_v7(), "device_name": "conformance",
    });
    open(suite, "/v1/auth/login", &body).await
}

async fn refresh(suite: &Suite, token: &Value) -> Result<Answer, Stop> {
    open(
        suite,
        "/v1/auth/refresh",
        &json!({ "refresh_token": token }),
    )
    .await
}

pub(super) async fn probe(suite: &Suite) -> Outcome {
    let nonce = Uuid::new_v4().to_string();
    let address = format!("{}/v1/health?n={nonce}", suite.target.server);
    let answer = Answer::of(suite.client.get(address).send().await?).await?;
    answer.is(200)?;
    let body = &answer.body;
    must!(body["nonce"] == json!(nonce), "nonce {}", body["nonce"]);
    must!(body["province"].is_string(), "no province");
    must!(
        body["epoch"]
            .as_str()
            .is_some_and(|epoch| !epoch.is_empty()),
        "no epoch"
    );
    must!(body["time"].is_i64(), "no time");
    must!(body["reconnect_window_s"].is_u64(), "no reconnect_window_s");
    Ok(format!("province {}", body["province"]))
}

pub(super) async fn wrong_password(suite: &Suite) -> Outcome {
    let account = Account {
        user: suite.target.clerk.user.clone(),
        password: Uuid::new_v4().to_string(),
    };
    login(suite, &account)
        .await?
        .refused(401, "BAD_CREDENTIALS")?;
    Ok("401".to_owned())
}

pub(super) async fn no_token(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    desk.token = "not-a-token".to_owned();
    let paths = [
        "/v1/session",
        "/v1/changes",
        "/v1/books",
        "/v1/events",
        "/v1/inventory?entity=document",
    ];
    for path in paths {
        desk.get(path).await?.refused(401, "TOKEN_EXPIRED")?;
    }
    let answer = desk.post("/v1/sync", &desk.body(&[])).await?;
    answer.refused(401, "TOKEN_EXPIRED")?;
    Ok(format!("{} endpoints", paths.len() + 1))
}

pub(super) async fn lost_refresh(suite: &Suite) -> Outcome {
    let tokens = login(suite, &suite.target.clerk).await?.body;
    let lost = refresh(suite, &tokens["refresh_token"]).await?;
    lost.is(200)?;
    must!(
        lost.body["refresh_token"] != tokens["refresh_token"],
        "it does not rotate"
    );
    let again = refresh(suite, &tokens["refresh_token"]).await?;
    again.is(200)?;
    let next = refresh(suite, &again.body["refresh_token"]).await?;
    next.is(200)?;
    Ok("the lost answer logged nobody out".to_owned())
}

pub(super) async fn stolen_refresh(suite: &Suite) -> Outcome {
    let tokens = login(suite, &suite.target.clerk).await?.body;
    let second = refresh(suite, &tokens["refresh_token"]).await?.body;
    let third = refresh(suite, &second["refresh_token"]).await?.body;
    let stolen = refresh(suite, &tokens["refresh_token"]).await?;
    stolen.refused(401, "REFRESH_REVOKED")?;
    let owner = refresh(suite, &third["refresh_token"]).await?;
    owner.refused(401, "REFRESH_REVOKED")?;
    Ok("both are out".to_owned())
}

pub(super) async fn logout(suite: &Suite) -> Outcome {
    let tokens = login(suite, &suite.target.clerk).await?.body;
    let mut desk = suite.clerk();
    desk.token = tokens["access_token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    desk.get("/v1/session").await?.is(200)?;
    desk.post("/v1/auth/logout", &json!({})).await?.is(204)?;
    let after = desk.get("/v1/session").await?;
    after.refused(401, "TOKEN_EXPIRED")?;
    Ok("401 after 204".to_owned())
}

pub(super) async fn session(suite: &Suite) -> Outcome {
    let answer = suite.clerk().get("/v1/session").await?;
    answer.is(200)?;
    let body = &answer.body;
    must!(body["account"]["username"].is_string(), "no account");
    must!(
        body["upload"]["max_file"]
            .as_u64()
            .is_some_and(|max| max > 0),
        "no max_file"
    );
    must!(
        body["upload"]["max_append"]
            .as_u64()
            .is_some_and(|max| max > 0),
        "no max_append"
    );
    let key = super::ops::receipt_key(body).map_or(0, |key| key.len());
    must!(key == 32, "receipt_key of {key} bytes");
    Ok(format!("max_file {}", body["upload"]["max_file"]))
}

pub(super) async fn problems(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let nobody = hash_hex(Uuid::new_v4().as_bytes());
    let malformed = desk.request(Method::POST, "/v1/sync");
    let malformed = malformed
        .header("content-type", "application/json")
        .body("{");
    let answers = [
        desk.get(&format!("/v1/blobs/{nobody}")).await?,
        desk.get("/v1/changes?since=c1.bogus.bogus").await?,
        desk.get("/v1/no-such-thing").await?,
        Answer::of(malformed.send().await?).await?,
    ];
    for answer in &answers {
        let kind = answer.header("content-type");
        must!(answer.status >= 400, "{} is no refusal", answer.status);
        must!(
            kind.starts_with("application/problem+json"),
            "content type {kind}"
        );
        let body = &answer.body;
        must!(
            body["status"] == json!(answer.status),
            "status {}",
            body["status"]
        );
        must!(
            body["title"].is_string() && body["type"].is_string(),
            "no title or type"
        );
        must!(body["code"].is_string(), "no code");
        must!(body["retryable"].is_boolean(), "no retryable");
    }
    let codes: Vec<String> = answers
        .iter()
        .map(|answer| answer.body["code"].to_string())
        .collect();
    Ok(codes.join(" "))
}

pub(super) async fn load(suite: &Suite) -> Outcome {
    let mut desk = suite.clerk();
    let health = desk.get("/v1/health?n=x").await?.body;
    let synced = desk.sync(&[]).await?;
    for load in [&health["load"], &synced["load"]] {
        let is_known = load.as_str().is_some_and(|load| LOADS.contains(&load));
        must!(is_known, "load {load}");
    }
    must!(
        synced["next_poll_s"].as_u64().is_some_and(|wait| wait > 0),
        "no next_poll_s"
    );
    Ok(format!("{}", synced["load"]))
}
