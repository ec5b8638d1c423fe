//! One person at two machines.

use serde_json::{Value, json};

use crate::{face::Face, office::Office};

/// Everything the lists and the documents say.
async fn picture(desk: &Face) -> Vec<Value> {
    let mut picture = Vec::new();
    for view in ["incoming_all", "outgoing_all", "to_sign"] {
        for row in desk.rows(view, "").await {
            picture.push(desk.document(row["id"].as_str().unwrap()).await);
        }
    }
    picture
}

async fn converge(one: &Face, other: &Face) {
    for desk in [one, other] {
        desk.sync_now().await;
    }
    other
        .until("both desks show the same", async |other| {
            (picture(one).await == picture(other).await).then_some(())
        })
        .await;
}

#[tokio::test]
async fn what_is_done_at_one_desk_is_seen_at_the_other() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let (one, other) = (office.leader().await, office.leader().await);
    let rows = one.rows("incoming_all", "").await;
    let document = rows.iter().find(|row| row["unread"] == true).unwrap();
    let document = document["id"].as_str().unwrap();
    one.ask("document_opened", json!({ "id": document })).await;
    let opinion = json!({ "document": document, "kind": "opinion", "text": "Từ máy thứ nhất" });
    one.ask("opinion_add", opinion).await;
    let draft = one.rows("to_sign", "").await[0]["id"].clone();
    let draft = draft.as_str().unwrap();
    one.sign(draft, office.pin()).await.unwrap();
    let opinion = json!({ "document": document, "kind": "opinion", "text": "Từ máy thứ hai" });
    other.ask("opinion_add", opinion).await;
    for desk in [&one, &other] {
        desk.everything_sent().await;
    }
    converge(&one, &other).await;
    other.everything_pulled().await;
    converge(&one, &other).await;
    let detail = other.document(document).await;
    assert_eq!(detail["row"]["unread"], false);
    let opinions = detail["opinions"].to_string();
    assert!(opinions.contains("Từ máy thứ nhất") && opinions.contains("Từ máy thứ hai"));
    let detail = other.document(draft).await;
    assert_eq!(detail["row"]["state"], "signed");
    assert_eq!(detail["files"][0]["place"], "here");
}

#[tokio::test]
async fn a_second_signature_on_the_same_state_waits_for_a_decision_and_can_be_let_go() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (one, other) = (office.leader().await, office.leader().await);
    let draft = one.rows("to_sign", "").await[0]["id"].clone();
    let draft = draft.as_str().unwrap();
    office.cut();
    for desk in [&one, &other] {
        desk.sync_now().await;
        desk.network("offline").await;
        desk.sign(draft, office.pin()).await.unwrap();
    }
    office.connect();
    for desk in [&one, &other] {
        desk.sync_now().await;
        desk.everything_sent().await;
    }
    let [first, second] = [one.acts("received").await, other.acts("received").await];
    assert_eq!(first.len() + second.len(), 1, "{first:?} {second:?}");
    let loser = if first.is_empty() { &one } else { &other };
    let status = loser.ask("sync_status", json!({})).await;
    assert_eq!(
        (&status["unsent"], &status["needs_attention"]),
        (&json!(0), &json!(1))
    );
    let conflicts = loser.acts("conflict").await;
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0]["problem"], "HEAD_MOVED");
    assert_eq!(conflicts[0]["dismissed"], false);
    assert_eq!(
        loser.document(draft).await["row"]["sent"],
        "needs_attention"
    );
    // Both signed files are at the server's and at the loser's desk until a person decides.
    let winner = office.signed(draft);
    assert_eq!(winner.len(), 1);
    if let Face::Here(desk) = loser {
        let choices = conflicts[0]["choices"].as_array().unwrap();
        assert!(choices.contains(&json!("keep_copy")), "{choices:?}");
        let op = conflicts[0]["id"].as_str().unwrap();
        let copy = congvan_ipc::refused_copy(desk, op).await.unwrap();
        assert!(copy.starts_with(b"%PDF-"));
        assert_ne!(copy, office.blob(&winner[0]), "it is the one that lost");
    }

    loser
        .ask("outbox_dismiss", json!({ "id": conflicts[0]["id"] }))
        .await;
    let status = loser.ask("sync_status", json!({})).await;
    assert_eq!(status["needs_attention"], 0);
    assert_eq!(loser.acts("conflict").await[0]["dismissed"], true);
    converge(&one, &other).await;
    for desk in [&one, &other] {
        let detail = desk.document(draft).await;
        assert_eq!(detail["row"]["sent"], "settled");
        assert_eq!(detail["files"][0]["head"], winner[0]);
    }
    assert_eq!(office.signed(draft), winner);
}
