//! Review notes (ghi chú soát xét): a note on a place of a page, written offline, is seen once by those
//! who see the document, and is dealt with by any of them.

use congvan_testkit::CLERK;
use serde_json::{Value, json};

use crate::{face::Face, handling::desk_of, office::Office};

async fn opinions(desk: &Face, document: &str) -> Vec<Value> {
    let detail = desk.document(document).await;
    detail["opinions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_note_written_offline_is_at_its_place_for_everyone_once_and_is_settled_by_another() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (leader, clerk) = (office.leader().await, desk_of(&office, &CLERK).await);
    let both = leader.rows("incoming_all", "").await;
    let seen = clerk.rows("incoming_all", "").await;
    let document = both
        .iter()
        .find(|row| seen.iter().any(|other| other["id"] == row["id"]))
        .unwrap();
    let document = document["id"].as_str().unwrap();
    leader.arrives(document).await;
    let head = leader.document(document).await["files"][0]["head"].clone();
    let before = office.stats().opinions;

    office.cut();
    let place = json!({
        "sha256": head, "page": 0, "at": { "x": 0.25, "y": 0.5, "w": 0.125, "h": 0.0625 },
    });
    let args = json!({ "document": document, "place": place, "text": "Sửa lại ngày họp" });
    let written = leader.ask("note_add", args.clone()).await;
    assert_eq!(written["place"], place);
    assert_eq!(
        (&written["received_at"], &written["settles"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(leader.unsent().await, 1);
    for (field, value, code) in [
        ("text", json!(" "), "TEXT_EMPTY"),
        (
            "document",
            json!("00000000-0000-7000-8000-000000000000"),
            "NOT_FOUND",
        ),
    ] {
        let mut wrong = args.clone();
        wrong[field] = value;
        let refused = leader.call("note_add", wrong).await;
        refused.unwrap_err().is_told(code);
    }
    assert_eq!(leader.unsent().await, 1);

    office.connect();
    leader.sync_now().await;
    leader.everything_sent().await;
    clerk.sync_now().await;
    let id = written["id"].clone();
    let found = clerk
        .until("the note", async |clerk| {
            let all = opinions(clerk, document).await;
            all.into_iter().find(|opinion| opinion["id"] == id)
        })
        .await;
    assert_eq!(
        (&found["place"], &found["text"]),
        (&place, &json!("Sửa lại ngày họp"))
    );
    assert_eq!(office.stats().opinions, before + 1);

    let settle = json!({ "document": document, "note": id, "text": "Đã xử lý" });
    let word = clerk.ask("note_settle", settle).await;
    assert_eq!((&word["settles"], &word["place"]), (&id, &Value::Null));
    clerk.everything_sent().await;
    leader
        .until("the word that it is settled", async |leader| {
            leader.sync_now().await;
            let all = opinions(leader, document).await;
            all.into_iter().find(|opinion| opinion["settles"] == id)
        })
        .await;
    assert_eq!(office.stats().opinions, before + 2);

    // The leader finds it not dealt with and says so, offline; the clerk sees it open again.
    office.cut();
    let word = json!({ "document": document, "note": id, "text": "Mở lại" });
    let again = leader.ask("note_reopen", word).await;
    assert_eq!((&again["reopens"], &again["settles"]), (&id, &Value::Null));
    assert_eq!(leader.unsent().await, 1);
    office.connect();
    leader.sync_now().await;
    leader.everything_sent().await;
    clerk
        .until("the word that it is open again", async |clerk| {
            clerk.sync_now().await;
            let all = opinions(clerk, document).await;
            let last = all.last()?;
            (last["reopens"] == id && last["received_at"] != Value::Null).then_some(())
        })
        .await;
    assert_eq!(office.stats().opinions, before + 3);
}

#[tokio::test]
async fn what_settles_or_reopens_no_note_of_the_document_is_refused_and_shown_as_refused() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let leader = office.leader().await;
    let rows = leader.rows("incoming_all", "").await;
    let document = rows[0]["id"].as_str().unwrap();
    let args = json!({ "document": document, "kind": "opinion", "text": "Không phải ghi chú" });
    let opinion = leader.ask("opinion_add", args).await;
    leader.everything_sent().await;
    let word = json!({ "document": document, "note": opinion["id"], "text": "Đã xử lý" });
    for (refused, command) in ["note_settle", "note_reopen"].into_iter().enumerate() {
        leader.ask(command, word.clone()).await;
        leader
            .until("the refusal", async |leader| {
                (leader.acts("rejected").await.len() > refused).then_some(())
            })
            .await;
    }
}
