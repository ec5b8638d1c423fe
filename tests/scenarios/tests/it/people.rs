//! Several people at one machine, and what is told to whoever helps them.

use std::{collections::BTreeSet, fs, path::Path};

use congvan_testkit::{CLERK, LEADER};
use serde_json::{Value, json};

use crate::{
    face::Face,
    office::{Office, login_args},
};

const LEFT_BEHIND: &str = "Lời lãnh đạo viết trước khi rời máy";

async fn write_opinion(desk: &Face) {
    let rows = desk.rows("incoming_all", "").await;
    let opinion = json!({ "document": rows[0]["id"], "kind": "opinion", "text": LEFT_BEHIND });
    desk.ask("opinion_add", opinion).await;
}

/// The names of all files below a folder.
fn names(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names(&path, found);
        } else {
            found.insert(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
}

fn blobs(store: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    names(store, &mut found);
    found.retain(|name| name.len() >= 32);
    found
}

#[tokio::test]
async fn people_at_one_machine_do_not_mix_and_what_one_left_unsent_goes_out_when_they_return() {
    let mut office = Office::open();
    let desk = office.leader().await;
    let before = office.stats().opinions;
    office.cut();
    write_opinion(&desk).await;
    assert_eq!(desk.unsent().await, 1);

    let status = desk.ask("switch_user", json!({})).await;
    assert_eq!(status["phase"], "login");
    let refused = desk.call("outbox_list", json!({})).await.unwrap_err();
    assert_eq!(refused.code, "NOT_LOGGED_IN");
    let people = desk.ask("people", json!({})).await;
    assert_eq!(people[0]["username"], LEADER.username);
    assert_eq!(people[0]["unsent"], 1);
    assert_eq!(people[0]["present"], false);

    office.connect();
    desk.log_in(&CLERK).await.unwrap();
    desk.everything_pulled().await;
    let acts = desk.ask("outbox_list", json!({})).await;
    assert!(!acts.to_string().contains(LEFT_BEHIND), "{acts}");
    assert_eq!(desk.unsent().await, 0);
    assert_eq!(office.stats().opinions, before, "nobody sends for another");

    // Each has a folder, and the same file has another name and other bytes in each.
    let accounts = office.file("desk-0/data/accounts");
    let stores: Vec<_> = fs::read_dir(accounts)
        .unwrap()
        .map(|entry| blobs(&entry.unwrap().path()))
        .collect();
    assert_eq!(stores.len(), 2);
    assert!(stores.iter().all(|store| !store.is_empty()), "{stores:?}");
    assert!(stores[0].is_disjoint(&stores[1]));

    desk.ask("switch_user", json!({})).await;
    office.cut();
    let wrong = login_args(LEADER.username, "mật khẩu khác");
    assert_eq!(
        desk.call("login", wrong).await.unwrap_err().code,
        "BAD_CREDENTIALS"
    );
    desk.log_in(&LEADER)
        .await
        .expect("the password of the last login opens the desk offline");
    assert_eq!(desk.unsent().await, 1);
    office.connect();
    desk.sync_now().await;
    desk.everything_sent().await;
    assert_eq!(office.stats().opinions, before + 1);
}

#[tokio::test]
async fn a_person_is_forgotten_with_all_that_is_theirs_but_not_while_acts_are_unsent() {
    let mut office = Office::open();
    let desk = office.leader().await;
    let forget = |unsent_too| json!({ "username": LEADER.username, "unsent_too": unsent_too });
    let present = desk.call("person_forget", forget(true)).await;
    assert!(present.is_err(), "whoever sits at the desk stays");
    office.cut();
    write_opinion(&desk).await;
    desk.ask("switch_user", json!({})).await;

    let refused = desk.ask("person_forget", forget(false)).await;
    assert_eq!(refused, json!({ "gone": false, "unsent": 1 }));
    let people = desk.ask("people", json!({})).await;
    assert_eq!(people[0]["username"], LEADER.username);
    let accounts = office.file("desk-0/data/accounts");
    assert_eq!(fs::read_dir(&accounts).unwrap().count(), 1);

    let done = desk.ask("person_forget", forget(true)).await;
    assert_eq!(done, json!({ "gone": true, "unsent": null }));
    assert_eq!(desk.ask("people", json!({})).await, json!([]));
    assert_eq!(fs::read_dir(&accounts).unwrap().count(), 0);
    let unknown = desk.call("person_forget", forget(true)).await;
    assert_eq!(unknown.unwrap_err().code, "NOT_FOUND");
    let offline = desk.log_in(&LEADER).await.unwrap_err();
    assert_eq!(offline.code, "NET_UNREACHABLE", "nothing of them is known");

    office.connect();
    desk.log_in(&LEADER).await.expect("as on a new machine");
    desk.everything_pulled().await;
    assert_eq!(desk.unsent().await, 0);
}

#[tokio::test]
async fn a_covered_desk_shows_nothing_to_anybody_while_its_work_goes_on() {
    let mut office = Office::open();
    let desk = office.leader().await;
    desk.everything_pulled().await;
    let before = office.stats().opinions;
    let rows = desk.rows("incoming_all", "").await;
    let shown = json!({ "id": rows[0]["id"] });
    let file = desk.ask("document_get", shown.clone()).await["files"][0]["head"].clone();
    let page = format!("/{}/0", file.as_str().unwrap());
    let Face::Here(core) = &desk else {
        panic!("the desk is in this process");
    };
    let drawn = congvan_ipc::page_png(core, &page, "w=100").await;
    drawn.expect("a page of the open desk");
    let draft = json!({ "key": "opinion.draft", "value": "Lời chưa gửi" });
    desk.ask("setting_set", draft).await;
    desk.ask("setting_set", json!({ "key": "theme", "value": "dark" }))
        .await;
    office.cut();
    write_opinion(&desk).await;

    let status = desk.ask("lock", json!({})).await;
    assert_eq!(status["phase"], "locked");
    assert_eq!(status["account"]["username"], LEADER.username);
    for (name, args) in [
        ("document_get", shown.clone()),
        ("outbox_list", json!({})),
        ("sync_status", json!({})),
        ("setting_set", json!({ "key": "theme", "value": "light" })),
        ("login", login_args(CLERK.username, CLERK.password)),
    ] {
        let refused = desk.call(name, args).await.unwrap_err();
        assert_eq!(refused.code, "LOCKED", "{name}");
    }
    let hidden = congvan_ipc::page_png(core, &page, "w=100").await;
    assert_eq!(hidden.unwrap_err().code.as_str(), "LOCKED");
    let kept = desk.ask("settings", json!({})).await;
    assert_eq!(kept, json!({ "values": { "theme": "dark" } }));

    office.connect();
    desk.until("the opinion goes out", async |_| {
        (office.stats().opinions == before + 1).then_some(())
    })
    .await;

    office.cut();
    let wrong = json!({ "password": "mật khẩu khác" });
    for _ in 0..5 {
        let refused = desk.call("unlock", wrong.clone()).await.unwrap_err();
        assert_eq!(refused.code, "BAD_CREDENTIALS");
    }
    let right = json!({ "password": LEADER.password });
    let waits = desk.call("unlock", right).await.unwrap_err();
    assert_eq!(waits.code, "TOO_MANY_ATTEMPTS");

    // Who has forgotten it logs in again; another person sits down without it.
    assert_eq!(desk.ask("switch_user", json!({})).await["phase"], "login");
    desk.log_in(&LEADER)
        .await
        .expect("the password of the last login");
    desk.ask("lock", json!({})).await;
    let right = json!({ "password": LEADER.password });
    let status = desk.ask("unlock", right).await;
    assert_eq!(status["phase"], "desk", "needs no server");
    desk.ask("document_get", shown).await;
}

#[tokio::test]
async fn whoever_is_forgotten_has_no_session_left_at_the_server() {
    let office = Office::open();
    let desk = office.leader().await;
    desk.everything_sent().await;
    desk.ask("switch_user", json!({})).await;
    desk.log_in(&CLERK).await.unwrap();
    assert_eq!(
        office.stats().sessions,
        2,
        "who steps aside stays logged in"
    );
    let forget = json!({ "username": LEADER.username, "unsent_too": false });
    let done = desk.ask("person_forget", forget).await;
    assert_eq!(done["gone"], true);
    assert_eq!(office.stats().sessions, 1);
    desk.ask("logout", json!({})).await;
    assert_eq!(office.stats().sessions, 0);
}

/// Every text of a value, by which a reader could tell what it is about.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => {
            let told = [
                "subject",
                "notation",
                "issuer",
                "signer_name",
                "name",
                "who",
                "note",
            ];
            let told = [
                &told[..],
                &["author", "text", "full_name", "username", "title"],
            ]
            .concat();
            for (key, field) in fields {
                if told.contains(&key.as_str()) || !field.is_string() {
                    texts(field, found);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[tokio::test]
async fn a_support_bundle_has_states_and_codes_and_nothing_that_anybody_reads_or_writes() {
    let office = Office::open();
    let desk = office.leader().await;
    write_opinion(&desk).await;
    desk.everything_sent().await;
    let mut told = BTreeSet::from([LEFT_BEHIND.to_owned()]);
    texts(
        &desk.ask("app_status", json!({})).await["account"],
        &mut told,
    );
    for row in desk.rows("incoming_all", "").await {
        let id = row["id"].as_str().unwrap();
        texts(&desk.document(id).await, &mut told);
    }
    told.retain(|text| text.chars().count() > 3);
    assert!(told.len() > 20, "{told:?}");

    let export = desk.ask("support_bundle", json!({})).await;
    let text = export["text"].as_str().unwrap();
    for content in &told {
        assert!(!text.contains(content.as_str()), "{content} is in\n{text}");
    }
    let bundle: Value = serde_json::from_str(text).unwrap();
    assert_eq!(bundle["exchange"]["network"], "Online");
    assert_eq!(bundle["store"]["acts"][0]["kind"], "add_opinion");
    assert_eq!(bundle["store"]["acts"][0]["receipt_verified"], true);
    assert!(!bundle["store"]["history"].as_array().unwrap().is_empty());
}
