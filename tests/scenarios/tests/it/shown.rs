//! What was shown is what is signed, also where a completion has come between.

use congvan_model::DocumentState;
use congvan_testkit::{OFFICIAL, ServiceFault, forms::Draft};
use serde_json::{Value, json};

use crate::{completion::Stage, face::Face};

impl Face {
    async fn looks_at(&self, order: &Value, page: u32) -> Value {
        let shown = &order["shown"];
        self.ask("file_open", json!({ "sha256": shown })).await;
        let seen = json!({
            "document": order["document"], "file": order["file"], "shown": shown, "page": page,
        });
        self.ask("page_seen", seen).await
    }
}

#[tokio::test]
async fn what_was_shown_and_read_stays_so_when_it_is_completed_and_not_when_anybody_signs_it() {
    let mut stage = Stage::open_for(&OFFICIAL, |_| {});
    stage.all(&ServiceFault::HangsUp);
    let waits = ("Chờ ký nháy", DocumentState::AwaitingInitials);
    let province = stage.office.province();
    let document = province.add_outgoing(waits, &Draft::new().classic());
    let document = document.unwrap().to_string();
    let desk = stage.office.desk();
    desk.log_in(&OFFICIAL).await.unwrap();
    desk.everything_pulled().await;
    desk.take_picture(&stage.office, "initials", ("1d3fbf", (14.0, 7.0)))
        .await;
    // With initials the server puts it before the leader, and nobody initials it again.
    stage.office.cut();
    desk.sync_now().await;
    desk.network("offline").await;
    let pin = stage.office.pin();
    desk.sign(&document, pin).await.unwrap();
    let signed = desk.sign_args(&document).await;
    assert_eq!(desk.looks_at(&signed, 0).await["seen"], json!([0]));

    stage.all(&ServiceFault::None);
    desk.try_again().await;
    desk.completed_down_to(0).await;
    let completed = desk.sign_args(&document).await;
    assert_ne!(completed["shown"], signed["shown"]);
    // Read before it was completed, and looked at again by whoever still has the old state open.
    assert_eq!(desk.looks_at(&completed, 0).await["seen"], json!([0]));
    assert_eq!(desk.looks_at(&signed, 0).await["seen"], json!([0]));

    let order = signed.clone();
    let again = desk.sign_order(order, pin).await.unwrap();
    let report = desk
        .ask("signatures", json!({ "sha256": again["sha256"] }))
        .await;
    let all = report["signatures"].as_array().unwrap();
    let is_own = |one: &&Value| one["signer"] == OFFICIAL.full_name;
    let signatures: Vec<&Value> = all.iter().filter(is_own).collect();
    assert_eq!((signatures.len(), all.len()), (2, 3), "{report}");
    for signature in all {
        assert_ne!(signature["status"], "invalid", "{report}");
    }
    // Completed first, then signed: nothing of the completion was lost.
    assert_eq!(signatures[0]["level"], "B-LT", "{report}");

    // A signature is another state of the document, whoever made it.
    for shown in [&signed["shown"], &completed["shown"]] {
        let mut order = signed.clone();
        order["shown"] = shown.clone();
        let refused = desk.call("sign", order).await.unwrap_err();
        refused.is_told("SHOWN_IS_STALE");
    }
    let seen = json!({
        "document": document, "file": signed["file"], "shown": completed["shown"], "page": 0,
    });
    let refused = desk.call("page_seen", seen).await.unwrap_err();
    refused.is_told("SHOWN_IS_STALE");
}
