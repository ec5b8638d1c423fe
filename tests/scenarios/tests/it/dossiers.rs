//! Dossiers at several desks: the year's list, documents added with the network down, what the server
//! makes of it, closing and the archive.

use congvan_testkit::{ARCHIVIST, CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, desk_of, everything_sent},
    office::Office,
};

fn fields(title: &str, creator: Option<String>) -> Value {
    json!({
        "year": 2026, "number": null, "code": "KT", "large": "Kinh tế", "small": "",
        "title": title, "retention_years": 20, "creator": creator, "note": "",
    })
}

async fn act(desk: &Face, id: &str, act: Value) {
    let args = json!({ "ids": [id], "act": act });
    desk.ask("dossier_act", args).await;
}

async fn refused(desk: &Face, id: &str, act: Value) -> String {
    let args = json!({ "ids": [id], "act": act });
    let error = desk.call("dossier_act", args).await.unwrap_err();
    error.code
}

async fn add(desk: &Face, id: &str, document: &str) {
    let args = json!({ "id": id, "documents": [document], "file": false });
    desk.ask("dossier_add", args).await;
}

async fn dossier(desk: &Face, id: &str) -> Value {
    desk.ask("dossier_get", json!({ "id": id })).await
}

/// Waits until the desk shows the dossier as wanted.
async fn shows(desk: &Face, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    desk.until("the dossier is shown so", async |desk| {
        desk.sync_now().await;
        let found = desk.call("dossier_get", json!({ "id": id })).await;
        found.ok().filter(|found| wanted(found))
    })
    .await
}

fn inside(contents: &Value) -> Vec<&str> {
    let items = contents["items"].as_array().unwrap().iter();
    items
        .map(|item| item["document"].as_str().unwrap())
        .collect()
}

fn in_state(state: &'static str) -> impl Fn(&Value) -> bool {
    move |contents| contents["dossier"]["state"] == state
}

fn house() -> Office {
    Office::open_with(|config| {
        config.next_poll_s = 1;
        config.other_roles = true;
    })
}

#[tokio::test]
async fn a_dossier_of_the_list_is_proposed_approved_begun_closed_and_taken_into_the_archive() {
    let office = house();
    let clerk = desk_of(&office, &CLERK).await;
    let official = desk_of(&office, &OFFICIAL).await;
    let creator = account(&clerk, &OFFICIAL).await;
    let refused_make = official
        .call(
            "dossier_make",
            json!({ "fields": fields("Không được lập", None), "started_on": null }),
        )
        .await;
    assert_eq!(refused_make.unwrap_err().code, "ACT_FORBIDDEN");
    let planned = json!({ "fields": fields("Chợ Bình Minh", Some(creator)), "started_on": null });
    let planned = clerk.ask("dossier_make", planned).await;
    let id = planned["dossier"]["id"].as_str().unwrap();
    assert_eq!(planned["dossier"]["numbered"], false);
    everything_sent(&clerk).await;
    let leader = desk_of(&office, &LEADER).await;
    shows(&leader, id, in_state("planned")).await;
    let list = leader.ask("dossiers_list", json!({ "year": 2026 })).await;
    assert_eq!(list["to_approve"], json!([id]));
    act(&leader, id, json!({ "act": "approve" })).await;
    everything_sent(&leader).await;
    let seen = shows(&official, id, in_state("listed")).await;
    assert_eq!(seen["dossier"]["notation"], "01.KT");
    assert_eq!(seen["dossier"]["mine"], true);
    let open = json!({ "act": "open", "started_on": "2026-01-05" });
    assert_eq!(refused(&clerk, id, open.clone()).await, "ACT_FORBIDDEN");
    act(&official, id, open).await;
    let close =
        |settled: Value| json!({ "act": "close", "ended_on": "2026-11-20", "settled": settled });
    assert_eq!(refused(&official, id, close(json!([]))).await, "ACT_FIELD");
    let reason = "Công việc không phát sinh văn bản";
    let settled = json!([{ "finding": { "kind": "empty", "document": null }, "reason": reason }]);
    act(&official, id, close(settled)).await;
    let closed = dossier(&official, id).await;
    assert_eq!(closed["dossier"]["hand_over_by"], "2027-11-20");
    act(&official, id, json!({ "act": "hand_over" })).await;
    everything_sent(&official).await;
    let archivist = desk_of(&office, &ARCHIVIST).await;
    shows(&archivist, id, in_state("handed_over")).await;
    act(&archivist, id, json!({ "act": "receive" })).await;
    everything_sent(&archivist).await;
    shows(&official, id, in_state("archived")).await;
}

#[tokio::test]
async fn what_two_desks_put_into_a_dossier_offline_is_in_it_once_in_one_order_for_all() {
    let mut office = house();
    let official = desk_of(&office, &OFFICIAL).await;
    let begun = json!({ "fields": fields("Chợ Bình Minh", None), "started_on": "2026-01-05" });
    let begun = official.ask("dossier_make", begun).await;
    let id = begun["dossier"]["id"].as_str().unwrap();
    everything_sent(&official).await;
    let second = desk_of(&office, &OFFICIAL).await;
    let head = desk_of(&office, &HEAD).await;
    let colleague = desk_of(&office, &COLLEAGUE).await;
    for desk in [&official, &second, &head, &colleague] {
        shows(desk, id, in_state("open")).await;
    }
    let first = async |view| {
        let rows = official.rows(view, "").await;
        rows[0]["id"].as_str().unwrap().to_owned()
    };
    let (shared, own) = (first("incoming_all").await, first("outgoing_all").await);
    second.arrives(&own).await;
    office.cut();
    add(&official, id, &shared).await;
    add(&second, id, &own).await;
    add(&second, id, &shared).await;
    // Who has no such document puts none in.
    let args = json!({ "id": id, "documents": [shared], "file": false });
    let refused = head.call("dossier_add", args).await.unwrap_err();
    assert_eq!(refused.code, "NOT_FOUND");
    let provisional = dossier(&second, id).await;
    assert_eq!(inside(&provisional), [own.as_str(), shared.as_str()]);
    assert_eq!(provisional["items"][0]["provisional"], true);
    office.connect();
    for desk in [&official, &second] {
        everything_sent(desk).await;
    }
    let settled = |contents: &Value| {
        let items = contents["items"].as_array().unwrap();
        items.len() == 2 && items.iter().all(|item| item["provisional"] == false)
    };
    let one = shows(&official, id, settled).await;
    let order = inside(&one);
    assert!(order.contains(&shared.as_str()) && order.contains(&own.as_str()));
    for desk in [&second, &head, &colleague] {
        let other = shows(desk, id, settled).await;
        assert_eq!(inside(&other), order);
        let ordinals = other["items"].as_array().unwrap().iter();
        let ordinals: Vec<u64> = ordinals
            .map(|item| item["ordinal"].as_u64().unwrap())
            .collect();
        assert_eq!(ordinals, [1, 2]);
    }
    // Who is of the unit sees that they are in it, and nothing more of them.
    let others = dossier(&colleague, id).await;
    for item in others["items"].as_array().unwrap() {
        assert_eq!(
            (&item["here"], &item["subject"]),
            (&json!(false), &json!(""))
        );
    }
    // The same document in a second dossier; no byte of it travels for that.
    let begun = json!({ "fields": fields("Vệ sinh môi trường", None), "started_on": "2026-02-01" });
    let begun = official.ask("dossier_make", begun).await;
    let other = begun["dossier"]["id"].as_str().unwrap();
    add(&official, other, &shared).await;
    let both = official
        .ask("document_dossiers", json!({ "id": shared }))
        .await;
    assert_eq!(both.as_array().unwrap().len(), 2);
}
