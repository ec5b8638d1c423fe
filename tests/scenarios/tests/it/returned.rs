//! What goes back to its sender over the axis, from the registry's desk: not taken, or wanted back;
//! each with its refusals, offline and online.

use congvan_testkit::LEADER;
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{act, desk_of, everything_sent, handling, refused},
    office::Office,
    received::{no_violation, register, times_told, two_came},
};

fn refuse(reason: &str) -> Value {
    json!({ "act": "refuse", "reason": reason })
}

fn answer(agreed: bool, reason: &str) -> Value {
    json!({ "act": "answer_recall", "agreed": agreed, "reason": reason })
}

/// Waits until this desk has the document no longer.
async fn goes(desk: &Face, document: &str) {
    desk.until("gone", async |desk| {
        desk.sync_now().await;
        let found = desk.call("document_get", json!({ "id": document })).await;
        found
            .is_err_and(|fault| fault.code == "NOT_FOUND")
            .then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_the_registry_does_not_take_goes_back_to_its_sender_once_with_a_reason() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (clerk, documents) = two_came(&office).await;
    let leader = desk_of(&office, &LEADER).await;
    let [wrong, right] = documents.as_slice() else {
        panic!("two came");
    };
    assert_eq!(refused(&clerk, wrong, refuse(" ")).await, "ACT_FIELD");
    assert_eq!(
        refused(&leader, wrong, refuse("Sai nơi nhận")).await,
        "NOT_FOUND"
    );
    assert_eq!(
        refused(&clerk, wrong, answer(true, "")).await,
        "ACT_WRONG_STATE",
        "nobody wants it back"
    );
    office.cut();
    act(&clerk, wrong, refuse("Sai nơi nhận")).await;
    assert_eq!(clerk.unsent().await, 1);
    office.connect();
    everything_sent(&clerk).await;
    goes(&clerk, wrong).await;
    assert_eq!(times_told(&office, "02"), 1);
    // What is in a book is no longer refused.
    register(&clerk, std::slice::from_ref(right)).await;
    everything_sent(&clerk).await;
    assert_eq!(
        refused(&clerk, right, refuse("Sai nơi nhận")).await,
        "ACT_WRONG_STATE"
    );
    assert_eq!(times_told(&office, "02"), 1);
    no_violation(&office);
}

#[tokio::test]
async fn a_sender_who_wants_it_back_is_answered_once_and_what_goes_back_leaves_a_void_number() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (clerk, documents) = two_came(&office).await;
    register(&clerk, &documents).await;
    everything_sent(&clerk).await;
    for number in [1, 2] {
        let axis_id = format!("H99.05,2026/11/22,{number}/STC-TRUC");
        let asked = office.province().recall_by_axis(&axis_id, "Gửi nhầm");
        assert!(asked.unwrap());
    }
    for document in &documents {
        clerk
            .until("wanted back", async |desk| {
                desk.sync_now().await;
                let allowed = handling(desk, document).await["allowed"].clone();
                let allowed = allowed.as_array().unwrap();
                allowed.contains(&json!("answer_recall")).then_some(())
            })
            .await;
    }
    let [kept, gone] = documents.as_slice() else {
        panic!("two came");
    };
    assert_eq!(refused(&clerk, kept, answer(false, "")).await, "ACT_FIELD");
    office.cut();
    act(&clerk, kept, answer(false, "Đã chuyển xử lý")).await;
    act(&clerk, gone, answer(true, "")).await;
    assert_eq!(
        refused(&clerk, kept, answer(true, "")).await,
        "ACT_WRONG_STATE",
        "it is answered"
    );
    office.connect();
    everything_sent(&clerk).await;
    goes(&clerk, gone).await;
    assert_eq!(
        (times_told(&office, "15"), times_told(&office, "16")),
        (1, 1)
    );
    assert_eq!(clerk.document(kept).await["row"]["id"], json!(kept));
    no_violation(&office);
}
