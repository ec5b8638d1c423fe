use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcome, must};
use crate::{
    desk::{Answer, Desk, hash_hex, opinion, words},
    suite::{Stop, Suite},
};

/// How often a text stands in what the account has.
async fn count(suite: &Suite, text: &str) -> Result<usize, Stop> {
    let all = suite.clerk().pull().await?;
    Ok(all
        .iter()
        .filter(|change| change["body"]["text"] == json!(text))
        .count())
}

fn outcome(result: &Value) -> &str {
    result["outcome"]["result"].as_str().unwrap_or("nothing")
}

async fn ready(suite: &Suite) -> Result<(Desk, (Uuid, Uuid)), Stop> {
    let mut desk = suite.clerk();
    let documents = desk.documents().await?;
    Ok((desk, documents))
}

pub(super) async fn effect(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    let text = words();
    let op = desk.op(documents.0, opinion(&text));
    let answer = desk.sync(&[op]).await?;
    must!(
        outcome(&answer["results"][0]) == "applied",
        "{}",
        answer["results"][0]["outcome"]
    );
    let changes = answer["changes"].as_array().cloned().unwrap_or_default();
    let found = changes
        .iter()
        .any(|change| change["body"]["text"] == json!(text));
    must!(found, "{} changes without it", changes.len());
    Ok("applied, and there".to_owned())
}

pub(super) async fn twice(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    let text = words();
    let op = desk.op(documents.0, opinion(&text));
    let first = desk.settle(&op).await?;
    let second = desk.settle(&op).await?;
    must!(
        first["outcome"] == second["outcome"],
        "{} then {}",
        first["outcome"],
        second["outcome"]
    );
    must!(first["receipt"] == second["receipt"], "another receipt");
    must!(
        second["duplicate"] == json!(true),
        "not marked as duplicate"
    );
    must!(
        first["duplicate"] != json!(true),
        "the first is marked as duplicate"
    );
    let found = count(suite, &text).await?;
    must!(found == 1, "{found} effects");
    Ok("one effect, one answer".to_owned())
}

pub(super) async fn capacity(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    for capacity in [
        json!({ "as": "mandate", "mandate": Uuid::now_v7() }),
        json!({ "as": "post", "unit": "no.such.unit", "role": "leader" }),
    ] {
        let text = words();
        let mut op = desk.op(documents.0, opinion(&text));
        op["capacity"] = capacity;
        let refused = desk.settle(&op).await?;
        let code = &refused["outcome"]["code"];
        must!(
            outcome(&refused) == "rejected" && code == "CAPACITY_ENDED",
            "{}",
            refused["outcome"]
        );
        must!(count(suite, &text).await? == 0, "it was done");
    }
    Ok("CAPACITY_ENDED, and nothing was done".to_owned())
}

pub(super) async fn at_once(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    let text = words();
    let op = desk.op(documents.0, opinion(&text));
    let body = desk.body(&[op]);
    let copies = (0..8).map(|_| desk.post("/v1/sync", &body));
    let mut firsts = 0;
    for answer in futures_util::future::join_all(copies).await {
        let answer = answer?;
        answer.is(200)?;
        let result = &answer.body["results"][0];
        must!(outcome(result) == "applied", "{}", result["outcome"]);
        firsts += usize::from(result["duplicate"] != json!(true));
    }
    let found = count(suite, &text).await?;
    must!(found == 1, "{found} effects");
    must!(firsts == 1, "{firsts} say that they are the first");
    Ok("one effect".to_owned())
}

pub(super) async fn other_content(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    let op = desk.op(documents.0, opinion(&words()));
    let first = desk.settle(&op).await?;
    let text = words();
    let mut other = op.clone();
    other["intent"] = opinion(&text);
    let refused = desk.settle(&other).await?;
    let code = &refused["outcome"]["code"];
    must!(
        outcome(&refused) == "rejected" && code == "OP_HASH_MISMATCH",
        "{}",
        refused["outcome"]
    );
    must!(count(suite, &text).await? == 0, "it was done");
    let again = desk.settle(&op).await?;
    must!(
        again["outcome"] == first["outcome"],
        "the first answer is forgotten"
    );
    Ok("OP_HASH_MISMATCH".to_owned())
}

/// The key of the receipts in a session.
pub(super) fn receipt_key(session: &Value) -> Option<Vec<u8>> {
    STANDARD.decode(session["receipt_key"].as_str()?).ok()
}

pub(super) async fn receipt(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    desk.seq += 1;
    let (id, lane, new) = (Uuid::now_v7(), documents.0, Uuid::now_v7());
    let text = words();
    // Byte for byte as the hash wants it: the order of the fields is the description's.
    let op = format!(
        "{{\"id\":\"{id}\",\"local_seq\":{},\"lane\":\"{lane}\",\"base_rev\":1,\
         \"at\":1795226400000,\"intent\":{{\"kind\":\"add_opinion\",\"opinion\":\"{new}\",\
         \"opinion_kind\":\"opinion\",\"text\":\"{text}\"}}}}",
        desk.seq
    );
    let body = desk
        .body(&[])
        .to_string()
        .replace("\"ops\":[]", &format!("\"ops\":[{op}]"));
    let request = desk.request(Method::POST, "/v1/sync");
    let request = request
        .header("content-type", "application/json")
        .body(body);
    let answer = Answer::of(request.send().await?).await?;
    answer.is(200)?;
    let result = &answer.body["results"][0];
    must!(outcome(result) == "applied", "{}", result["outcome"]);
    let receipt = &result["receipt"];
    must!(
        receipt["request_hash"] == json!(hash_hex(op.as_bytes())),
        "for another op"
    );
    let said = format!(
        "{{\"result\":\"applied\",\"rev\":{}}}",
        result["outcome"]["rev"]
    );
    must!(
        receipt["result_hash"] == json!(hash_hex(said.as_bytes())),
        "for another outcome"
    );
    let text = |name: &str| receipt[name].as_str().unwrap_or_default().to_owned();
    let signed = format!(
        "{id}\n{}\n{}\n{}\n{}",
        text("request_hash"),
        text("result_hash"),
        receipt["server_time"],
        text("epoch")
    );
    let session = desk.get("/v1/session").await?.body;
    let key = receipt_key(&session).unwrap_or_default();
    let signature = STANDARD.decode(text("signature")).unwrap_or_default();
    let genuine = UnparsedPublicKey::new(&ED25519, key).verify(signed.as_bytes(), &signature);
    must!(genuine.is_ok(), "the signature does not verify");
    Ok("genuine".to_owned())
}

pub(super) async fn lanes(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    let unknown = json!({ "kind": "of_a_newer_desk" });
    let ops = [
        desk.op(documents.0, unknown),
        desk.op(documents.0, opinion(&words())),
        desk.op(documents.1, opinion(&words())),
    ];
    let answer = desk.sync(&ops).await?;
    let fates: Vec<&str> = (0..3)
        .map(|place| outcome(&answer["results"][place]))
        .collect();
    must!(fates == ["deferred", "deferred", "applied"], "{fates:?}");
    Ok(fates.join(" "))
}

pub(super) async fn rejected(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    let ops = [
        desk.op(documents.0, opinion("")),
        desk.op(documents.0, opinion(&words())),
    ];
    let answer = desk.sync(&ops).await?;
    let fates: Vec<&str> = (0..2)
        .map(|place| outcome(&answer["results"][place]))
        .collect();
    must!(fates == ["rejected", "applied"], "{fates:?}");
    must!(
        answer["results"][0]["receipt"].is_object(),
        "a rejection without receipt"
    );
    Ok(fates.join(" "))
}

pub(super) async fn too_many(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    let ops: Vec<Value> = (0..101)
        .map(|_| desk.op(documents.0, opinion("x")))
        .collect();
    let answer = desk.post("/v1/sync", &desk.body(&ops)).await?;
    answer.refused(400, "INVALID_REQUEST")?;
    Ok("400".to_owned())
}

pub(super) async fn rolled_back(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    let ops = [
        desk.op(documents.0, opinion(&words())),
        desk.op(documents.0, opinion(&words())),
    ];
    desk.sync(&ops).await?;
    desk.seq = 1;
    let answer = desk.post("/v1/sync", &desk.body(&[])).await?;
    answer.refused(409, "DEVICE_ROLLED_BACK")?;
    // A new incarnation offers the same op again, under another number.
    desk.incarnation = Uuid::new_v4().to_string();
    let mut offered = ops[0].clone();
    offered["local_seq"] = json!(1);
    let again = desk.settle(&offered).await?;
    must!(outcome(&again) == "applied", "{}", again["outcome"]);
    must!(again["duplicate"] == json!(true), "done once more");
    Ok("409, and nothing twice".to_owned())
}

pub(super) async fn already_settled(suite: &Suite) -> Outcome {
    let (mut desk, documents) = ready(suite).await?;
    desk.seq = 5;
    desk.settled = 5;
    desk.sync(&[]).await?;
    let text = words();
    desk.seq = 2;
    let op = desk.op(documents.0, opinion(&text));
    desk.seq = 5;
    let result = desk.settle(&op).await?;
    must!(
        outcome(&result) == "already_settled",
        "{}",
        result["outcome"]
    );
    must!(count(suite, &text).await? == 0, "it was done");
    Ok("already_settled".to_owned())
}
