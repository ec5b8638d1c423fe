//! What stands on the wire: older peers send less, newer ones more, and ours is read back.

use serde_json::{Value, json};

use crate::{
    Intent, OpOutcome, OpResult, OpinionAbout, ProblemCode, SyncRequest, SyncResponse,
    content_hash_input,
};

#[test]
fn a_request_of_an_older_desk_and_an_answer_of_an_older_server_are_read() {
    let request = json!({
        "device": "01936f4e-0000-7000-8000-000000000000", "incarnation": "i", "cursor": null,
        "settled_through": 3, "ops": [], "want": 10,
    });
    let request: SyncRequest = serde_json::from_value(request).expect("reads");
    assert_eq!(request.highest_seq, 0);
    let answer = json!({
        "results": [{"id": "01936f4e-0000-7000-8000-000000000001",
                     "outcome": {"result": "applied", "rev": 2}, "receipt": null}],
        "changes": [], "cursor": "c", "more": false, "server_time": 5, "next_poll_s": 60,
        "load": "calm", "of_a_newer_server": 1,
    });
    let answer: SyncResponse = serde_json::from_value(answer).expect("reads");
    assert_eq!(answer.epoch, "");
    assert!(!answer.results[0].duplicate);
}

#[test]
fn an_opinion_of_an_older_peer_has_no_place_and_one_about_something_newer_keeps_its_words() {
    let mut opinion = json!({
        "kind": "add_opinion", "opinion": "01936f4e-0000-7000-8000-000000000001",
        "opinion_kind": "opinion", "text": "Đồng ý",
    });
    let older: Intent = serde_json::from_value(opinion.clone()).expect("reads");
    assert_eq!(serde_json::to_value(&older).expect("json"), opinion);
    opinion["about"] = json!({ "kind": "of_a_newer_desk", "row": 3 });
    let newer: Intent = serde_json::from_value(opinion).expect("reads");
    let Intent::AddOpinion { text, about, .. } = newer else {
        panic!("an opinion");
    };
    assert_eq!((&*text, about), ("Đồng ý", Some(OpinionAbout::Other)));
}

#[test]
fn a_first_answer_says_nothing_of_duplicates_and_a_second_one_does() {
    let mut result = OpResult {
        id: "01936f4e-0000-7000-8000-000000000001".parse().expect("id"),
        outcome: OpOutcome::AlreadySettled {},
        receipt: None,
        duplicate: false,
    };
    let first = serde_json::to_value(&result).expect("json");
    assert_eq!(first["outcome"], json!({"result": "already_settled"}));
    assert_eq!(first.get("duplicate"), None);
    result.duplicate = true;
    let second = serde_json::to_value(&result).expect("json");
    assert_eq!(second["duplicate"], json!(true));
    assert!(result.outcome.is_final());
}

#[test]
fn a_registration_is_read_back_byte_for_byte_and_needs_its_scan() {
    let text = json!({
        "kind": "register_incoming",
        "document": "01936f4e-0000-7000-8000-000000000002",
        "book": "den", "year": 2026, "received_at": 1_795_226_400_000_i64,
        "provisional": "T-3F9A-12", "number": {"fence": 4, "number": 1204},
        "fields": {
            "issuer_name": "Sở Nội vụ", "notation": "12/SNV-CCHC", "issued_on": "2026-11-20",
            "kind": "official_letter", "subject": "Báo cáo", "urgency": "urgent",
            "signer": {"position": "Giám đốc", "full_name": "Phạm Văn D"},
        },
        "file": {
            "file": "01936f4e-0000-7000-8000-000000000003",
            "revision": "01936f4e-0000-7000-8000-000000000004",
            "sha256": "ab".repeat(32), "size": 10, "name": "cv.pdf", "pages": 1,
        },
    });
    let intent: Intent = serde_json::from_value(text.clone()).expect("reads");
    let needs = intent.needs().expect("a scan").to_hex();
    assert_eq!(needs, "ab".repeat(32));
    let written = content_hash_input(&intent).expect("json");
    let back: Value = serde_json::from_slice(&written).expect("json");
    assert_eq!(back, text);
}

#[test]
fn every_new_code_is_read_back_and_an_unknown_one_is_no_error() {
    for word in [
        "DEVICE_ROLLED_BACK",
        "LEASE_HELD",
        "LEASE_STALE",
        "YEAR_CLOSED",
        "NUMBER_TAKEN",
    ] {
        let code: ProblemCode = serde_json::from_value(json!(word)).expect("reads");
        assert_eq!(code.as_str(), word);
    }
    let code: ProblemCode = serde_json::from_value(json!("OF_NEXT_YEAR")).expect("reads");
    assert_eq!(code, ProblemCode::Unknown);
}
