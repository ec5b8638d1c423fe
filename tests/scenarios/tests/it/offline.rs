//! The network is gone: everything already pulled works, and all of it arrives exactly once later.

use congvan_model::fold;
use serde_json::json;

use crate::{face::Face, office::Office};

const OPINION: &str = "Giao Phòng Kinh tế chủ trì, báo cáo trước ngày 05/12/2026.";

/// The ids of everything on the desk.
async fn all(desk: &Face) -> Vec<String> {
    let mut rows = desk.rows("incoming_all", "").await;
    rows.extend(desk.rows("outgoing_all", "").await);
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn read(desk: &Face, id: &str) {
    let detail = desk.document(id).await;
    let file = &detail["files"][0];
    assert_eq!(file["place"], "here", "{id}");
    let sha256 = &file["head"];
    let opened = desk.ask("file_open", json!({ "sha256": sha256 })).await;
    let pages = opened["pages"].as_array().unwrap();
    assert!(!pages.is_empty(), "{id}");
    let words = desk
        .ask("page_text", json!({ "sha256": sha256, "page": 0 }))
        .await;
    let words: Vec<&str> = words["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["text"].as_str().unwrap())
        .collect();
    assert!(
        words
            .join(" ")
            .contains("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        "{id}: {words:?}"
    );
}

#[tokio::test]
async fn without_the_server_everything_pulled_opens_and_is_found() {
    let mut office = Office::open();
    let desk = office.leader().await;
    office.cut();
    desk.sync_now().await;
    desk.network("offline").await;
    let documents = all(&desk).await;
    assert!(documents.len() >= 10, "{documents:?}");
    for id in &documents {
        read(&desk, id).await;
    }
    let Face::Here(core) = &desk else {
        panic!("in this process")
    };
    let path = {
        let detail = desk.document(&documents[0]).await;
        format!("/{}/0", detail["files"][0]["head"].as_str().unwrap())
    };
    let png = congvan_ipc::page_png(core, &path, "w=600").await.unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    for row in desk.rows("incoming_all", "").await {
        // Letters without marks find the words with them.
        let subject = row["subject"].as_str().unwrap();
        let words: Vec<&str> = subject.split_whitespace().take(4).collect();
        let bare = fold(&words.join(" "));
        assert!(bare.is_ascii(), "{bare}");
        let found = desk.rows("incoming_all", &bare).await;
        assert!(
            found.iter().any(|other| other["id"] == row["id"]),
            "{bare}: {found:?}"
        );
    }
}

#[tokio::test]
async fn what_was_signed_and_written_offline_arrives_exactly_once() {
    let mut office = Office::open();
    let desk = office.leader().await;
    let before = office.stats();
    let incoming = desk.rows("incoming_all", "").await;
    let incoming = incoming[0]["id"].as_str().unwrap();
    let drafts = desk.rows("to_sign", "").await;
    let drafts: Vec<&str> = drafts
        .iter()
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    assert!(drafts.len() >= 2);

    office.cut();
    desk.sync_now().await;
    desk.network("offline").await;
    let opinion = json!({ "document": incoming, "kind": "direction", "text": OPINION });
    let written = desk.ask("opinion_add", opinion).await;
    assert!(written["received_at"].is_null());
    let mut signed = Vec::new();
    for draft in &drafts {
        let outcome = desk.sign(draft, office.pin()).await.unwrap();
        assert_eq!(outcome["level"], "B-B");
        signed.push(outcome["sha256"].as_str().unwrap().to_owned());
        let report = desk
            .ask("signatures", json!({ "sha256": outcome["sha256"] }))
            .await;
        assert_ne!(report["signatures"][0]["status"], "invalid", "{report}");
        let row = &desk.document(draft).await["row"];
        assert_eq!(row["sent"], "saved_here");
    }
    let acts = 1 + drafts.len() as u64;
    assert_eq!(desk.unsent().await, acts);
    assert_eq!(desk.acts("waiting").await.len() as u64, acts);

    // The line comes and goes: nothing is sent twice.
    for _ in 0..2 {
        office.connect();
        desk.sync_now().await;
        desk.everything_sent().await;
        let after = office.stats();
        assert_eq!(after.applied_ops, before.applied_ops + acts);
        assert_eq!(after.opinions, before.opinions + 1);
        for (draft, sha256) in drafts.iter().zip(&signed) {
            assert_eq!(office.signed(draft), std::slice::from_ref(sha256));
        }
        office.cut();
        desk.sync_now().await;
        desk.network("offline").await;
    }
    let received = desk.acts("received").await;
    assert_eq!(received.len() as u64, acts);
    assert!(
        received.iter().all(|act| act["receipt"].as_str().is_some()),
        "{received:?}"
    );
    let opinions = desk.document(incoming).await["opinions"].clone();
    let ours = opinions.as_array().unwrap().iter();
    let ours: Vec<_> = ours.filter(|opinion| opinion["text"] == OPINION).collect();
    assert_eq!(ours.len(), 1, "{opinions}");
    assert!(!ours[0]["received_at"].is_null());
}
