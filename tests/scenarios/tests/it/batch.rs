//! The leader signs the tray: many documents, one PIN, an honest report.

use std::fs;

use congvan_model::Sha256;
use congvan_pkcs11_shim::file_name;
use serde_json::{Value, json};

use crate::{face::Face, office::Office, tray::in_state};

/// A desk whose leader has so many documents in the tray.
pub(crate) async fn tray_of(documents: usize) -> (Office, Face) {
    let office = Office::open_with(|config| config.drafts = Some(documents));
    let desk = office.leader().await;
    assert_eq!(desk.tray().await.len(), documents);
    (office, desk)
}

/// Everyone agrees on what is signed: report, desk and server.
pub(crate) async fn agrees(office: &Office, desk: &Face, report: &Value) {
    desk.everything_sent().await;
    for item in report["items"].as_array().unwrap() {
        let document = item["document"].as_str().unwrap();
        let states = desk.document(document).await["files"][0]["revisions"]
            .as_array()
            .unwrap()
            .len();
        let is_signed = item["state"] == "SIGNED";
        assert_eq!(states, 1 + usize::from(is_signed), "{item}");
        let there = office.signed(document);
        assert_eq!(there.len(), usize::from(is_signed), "{item}");
        if is_signed {
            assert_eq!(there[0], item["sha256"].as_str().unwrap());
            assert_eq!(item["level"], "B-B");
        }
    }
}

#[tokio::test]
async fn a_document_is_marked_only_when_every_page_of_these_bytes_was_on_the_screen() {
    let (_office, desk) = tray_of(3).await;
    let rows = desk.tray().await;
    // The plan has two pages.
    let opened = desk
        .ask("file_open", json!({ "sha256": rows[2]["sha256"] }))
        .await;
    let pages = opened["pages"].as_array().unwrap().len();
    assert!(pages > 1, "{opened}");
    for read in 0..pages {
        let refused = desk.call("tray_mark", Face::mark_args(&rows[2])).await;
        refused.unwrap_err().is_told("READING_REQUIRED");
        desk.read(&rows[2], Some(read)).await;
    }
    let mut forced = Face::mark_args(&rows[2]);
    forced["unread"] = json!("urgent");
    let refused = desk.call("tray_mark", forced).await.unwrap_err();
    refused.is_told("READING_REQUIRED");
    assert_eq!(desk.tray().await[2]["read"], "some");

    let read = desk.read(&rows[2], None).await;
    assert_eq!(read["may_mark"], true);
    desk.ask("tray_mark", Face::mark_args(&rows[2])).await;
    let row = &desk.tray().await[2];
    assert_eq!(
        (&row["read"], &row["marked"]),
        (&json!("all"), &json!(true))
    );
    assert_eq!(row["pages"], json!(pages));

    // Other bytes were not shown.
    let mut other = Face::mark_args(&rows[0]);
    other["shown"] = json!(Sha256([7; 32]).to_hex());
    desk.call("tray_mark", other)
        .await
        .unwrap_err()
        .is_told("SHOWN_IS_STALE");
}

#[tokio::test]
async fn everything_marked_is_signed_with_one_pin_and_one_login() {
    let (office, desk) = tray_of(14).await;
    let kinds: std::collections::BTreeSet<String> = desk
        .tray()
        .await
        .iter()
        .map(|row| row["kind"].as_str().unwrap().to_owned())
        .collect();
    assert!(kinds.len() >= 6, "{kinds:?}");
    assert_eq!(desk.read_and_mark_all().await, 14);
    let args = desk.batch_args().await;
    let preflight = desk.ask("batch_preflight", args.clone()).await;
    assert_eq!(preflight["ready"], 14, "{preflight}");
    assert_eq!(preflight["can_start"], true);
    assert_eq!(preflight["pin_state"], "ok");
    assert_eq!(office.card_calls("C_Login"), 0, "preflight asks for no PIN");

    let report = desk.batch("batch_sign", args, office.pin()).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    assert_eq!(
        (&report["signed"], &report["done"]),
        (&json!(14), &json!(14))
    );
    assert_eq!(report["stopped_by"], Value::Null);
    assert_eq!(office.card_calls("C_Login"), 1);
    assert_eq!(office.card_calls("C_Sign"), 14);
    assert_eq!(
        office.card_calls("C_Logout"),
        1,
        "the token is free for others"
    );
    assert!(desk.tray().await.is_empty());
    agrees(&office, &desk, &report).await;

    // The report stays until it has been read.
    desk.ask("batch_dismiss", json!({ "id": report["id"] }))
        .await;
    assert_eq!(desk.batch_view().await, Value::Null);
    let refused = desk.call("batch_sign", desk.batch_args().await).await;
    refused.unwrap_err().is_told("NOTHING_TO_SIGN");
}

#[tokio::test]
async fn a_document_that_cannot_be_signed_is_skipped_and_holds_up_no_other() {
    let (office, desk) = tray_of(5).await;
    let rows = desk.tray().await;
    desk.read_and_mark_all().await;
    let mut args = desk.batch_args().await;
    let item = |row: &Value| {
        json!({
            "document": row["document"], "file": row["file"], "shown": row["sha256"],
            "placement": null,
        })
    };
    let mut items: Vec<Value> = rows.iter().map(item).collect();
    // What was shown is not what is here; the document is not here at all; the page is not there.
    items[1]["shown"] = json!(Sha256([1; 32]).to_hex());
    items[3]["document"] = json!("0197a2c4-0000-7000-8000-000000000001");
    items[4]["placement"] =
        json!({ "page": 90, "x_mm": 1.0, "y_mm": 1.0, "w_mm": 9.0, "h_mm": 9.0 });
    args["items"] = json!(items);
    let report = desk.batch("batch_sign", args, office.pin()).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    let codes: Vec<&Value> = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["code"])
        .collect();
    let expected = [
        Value::Null,
        json!("SHOWN_IS_STALE"),
        Value::Null,
        json!("NOT_FOUND"),
        json!("NOT_FOUND"),
    ];
    assert_eq!(codes, expected.iter().collect::<Vec<_>>());
    assert_eq!(in_state(&report, "SIGNED").len(), 2);
    assert_eq!(office.card_calls("C_Sign"), 2);
    // Signed once, it is not signed again.
    let mut again = desk.batch_args().await;
    again["items"] = json!([item(&rows[0])]);
    let found = desk.ask("batch_preflight", again.clone()).await;
    assert_eq!(found["items"][0]["code"], "ALREADY_SIGNED");
    let refused = desk.call("batch_sign", again).await.unwrap_err();
    refused.is_told("NOTHING_TO_SIGN");
}

#[tokio::test]
async fn a_wrong_pin_signs_nothing_and_costs_exactly_one_try() {
    let (office, desk) = tray_of(6).await;
    desk.read_and_mark_all().await;
    let tries = office.tries();
    let report = desk.sign_marked("999999").await;
    assert_eq!(report["stage"], "STOPPED", "{report}");
    assert_eq!(report["stopped_by"], "PIN_INCORRECT");
    assert_eq!(in_state(&report, "UNTOUCHED").len(), 6);
    assert_eq!(office.tries(), tries - 1);
    assert_eq!(office.card_calls("C_Sign"), 0);
    assert_eq!(report["can_resume"], true);
    agrees(&office, &desk, &report).await;
    let report = desk.resume(&report, office.pin()).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    assert_eq!(report["signed"], 6);
    agrees(&office, &desk, &report).await;
}

#[tokio::test]
async fn the_last_try_is_spent_only_with_consent_and_a_locked_token_is_not_asked() {
    let (office, desk) = tray_of(3).await;
    desk.read_and_mark_all().await;
    fs::write(office.card(file_name::TRIES), "1").unwrap();
    let report = desk.sign_marked(office.pin()).await;
    assert_eq!(report["stopped_by"], "PIN_FINAL_TRY", "{report}");
    assert_eq!(office.tries(), 1, "no consent, no try");
    assert_eq!(office.card_calls("C_Login"), 0);

    // With consent, and wrong: locked.
    let ears = desk.listen().await;
    desk.ask("batch_resume", json!({ "id": report["id"] }))
        .await;
    desk.type_pin(ears, "999999", true).await;
    let report = desk.batch_ended().await;
    assert!(
        report["stopped_by"] == "PIN_LOCKED" || report["stopped_by"] == "PIN_INCORRECT",
        "{report}"
    );
    assert_eq!(office.tries(), 0);
    let refused = desk
        .call("batch_resume", json!({ "id": report["id"] }))
        .await
        .unwrap_err();
    refused.is_told("PIN_LOCKED");
    let preflight = desk.ask("batch_preflight", desk.batch_args().await).await;
    assert_eq!(preflight["token"], "PIN_LOCKED");
    assert_eq!(preflight["can_start"], false);
    assert_eq!(office.card_calls("C_Login"), 1);
    agrees(&office, &desk, &report).await;
}

#[tokio::test]
async fn a_token_pulled_in_the_middle_stops_the_batch_and_resume_signs_the_rest() {
    let (office, desk) = tray_of(12).await;
    desk.read_and_mark_all().await;
    office.token_faults("C_Sign 5 unplug");
    let report = desk.sign_marked(office.pin()).await;
    assert_eq!(report["stage"], "STOPPED", "{report}");
    assert_eq!(report["stopped_by"], "TOKEN_REMOVED");
    assert_eq!(in_state(&report, "SIGNED").len(), 4);
    assert_eq!(in_state(&report, "UNTOUCHED").len(), 8);
    agrees(&office, &desk, &report).await;
    let refused = desk
        .call("batch_resume", json!({ "id": report["id"] }))
        .await
        .unwrap_err();
    refused.is_told("TOKEN_ABSENT");

    fs::remove_file(office.card(file_name::UNPLUGGED)).unwrap();
    let report = desk.resume(&report, office.pin()).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    assert_eq!(report["signed"], 12);
    assert_eq!(report["stopped_by"], Value::Null);
    agrees(&office, &desk, &report).await;
}

#[tokio::test]
async fn faults_of_token_key_and_worker_stop_and_resume_never_signs_twice() {
    let (office, desk) = tray_of(14).await;
    desk.read_and_mark_all().await;
    // The n-th signature counts over all runs.
    office.token_faults(
        "C_Sign 3 crash\nC_Sign 6 crash-after\nC_Sign 8 garbage\nC_Sign 10 short\n\
         C_SignInit 12 ckr 0x05\nC_Sign 14 ckr 0x60",
    );
    let mut report = desk.sign_marked(office.pin()).await;
    let mut stops = vec![report["stopped_by"].clone()];
    for _ in 0..10 {
        if report["stage"] == "FINISHED" {
            break;
        }
        assert_eq!(report["stage"], "STOPPED", "{report}");
        agrees(&office, &desk, &report).await;
        report = desk.resume(&report, office.pin()).await;
        stops.push(report["stopped_by"].clone());
    }
    assert_eq!(report["stage"], "FINISHED", "{report} {stops:?}");
    assert_eq!(report["signed"], 14);
    assert!(stops.contains(&json!("WORKER_LOST")), "{stops:?}");
    assert!(stops.contains(&json!("MODULE_FAILED")), "{stops:?}");
    assert!(stops.len() >= 5, "{stops:?}");
    assert_eq!(office.tries(), congvan_pkcs11_shim::TRIES);
    agrees(&office, &desk, &report).await;
}

#[tokio::test]
async fn cancelling_finishes_the_document_in_the_token_and_closes_an_open_window() {
    let (office, desk) = tray_of(8).await;
    desk.read_and_mark_all().await;
    // The window is open: nothing was begun.
    let mut ears = desk.listen().await;
    desk.ask("batch_sign", desk.batch_args().await).await;
    while !matches!(ears.hear().await, crate::face::Heard::Pin(_)) {}
    desk.ask("batch_cancel", json!({})).await;
    let report = desk.batch_ended().await;
    assert_eq!(report["stopped_by"], "PIN_CANCELLED", "{report}");
    assert_eq!(in_state(&report, "UNTOUCHED").len(), 8);

    // The token has the third document in hand when the person cancels.
    office.token_faults("C_Sign 3 slow 3000");
    let ears = desk.listen().await;
    desk.ask("batch_resume", json!({ "id": report["id"] }))
        .await;
    desk.type_pin(ears, office.pin(), false).await;
    desk.until("the third is in the token", async |desk| {
        let view = desk.batch_view().await;
        (view["items"][2]["state"] == "SIGNING").then_some(())
    })
    .await;
    desk.ask("batch_cancel", json!({})).await;
    let report = desk.batch_ended().await;
    assert_eq!(report["stopped_by"], "BATCH_CANCELLED", "{report}");
    assert_eq!(in_state(&report, "SIGNED").len(), 3);
    assert_eq!(in_state(&report, "UNTOUCHED").len(), 5);
    assert_eq!(
        office.card_calls("C_Sign"),
        3,
        "nothing was begun after the third"
    );
    agrees(&office, &desk, &report).await;
    let report = desk.resume(&report, office.pin()).await;
    assert_eq!(report["signed"], 8);
    agrees(&office, &desk, &report).await;
}

#[tokio::test]
async fn a_place_is_remembered_for_a_type_and_used_on_the_last_page() {
    let (_office, desk) = tray_of(14).await;
    let rows = desk.tray().await;
    let of =
        |kind: &str| -> Vec<&Value> { rows.iter().filter(|row| row["kind"] == kind).collect() };
    let decisions = of("Quyết định");
    assert!(decisions.len() >= 2, "{rows:?}");
    let named = |row: &Value| json!({ "document": row["document"], "file": row["file"] });
    // The letters name their signer: the place is between position and name.
    let usual = desk.ask("placement_get", named(decisions[0])).await;
    assert_eq!(usual["source"], "FOUND", "{usual}");
    assert!(
        usual["placement"]["x_mm"].as_f64().unwrap() > 80.0,
        "{usual}"
    );
    let page = usual["placement"]["page"].clone();
    let place = json!({ "page": page, "x_mm": 20.0, "y_mm": 30.0, "w_mm": 60.0, "h_mm": 20.0 });
    let mut keep = named(decisions[0]);
    keep["placement"] = place.clone();
    desk.ask("placement_remember", keep.clone()).await;
    let found = desk.ask("placement_get", named(decisions[1])).await;
    assert_eq!(found["source"], "REMEMBERED");
    assert_eq!(found["placement"]["x_mm"], 20.0);
    let other = desk.ask("placement_get", named(of("Kế hoạch")[0])).await;
    assert_eq!(other["source"], "FOUND");
    let again = desk.tray().await;
    let row = again
        .iter()
        .find(|row| row["document"] == decisions[1]["document"]);
    assert_eq!(row.unwrap()["placement"], "REMEMBERED");

    keep["placement"] = Value::Null;
    desk.ask("placement_remember", keep).await;
    let found = desk.ask("placement_get", named(decisions[1])).await;
    assert_eq!(found["source"], "FOUND");
}

#[tokio::test]
async fn an_unread_document_is_marked_with_a_reason_where_the_province_allows_it() {
    let office = Office::open_with(|config| {
        config.drafts = Some(3);
        config.signing.unread_allowed = true;
    });
    let desk = office.leader().await;
    let row = desk.tray().await[0].clone();
    let plain = desk.call("tray_mark", Face::mark_args(&row)).await;
    plain.unwrap_err().is_told("READING_REQUIRED");
    let mut forced = Face::mark_args(&row);
    forced["unread"] = json!("because");
    let refused = desk.call("tray_mark", forced.clone()).await.unwrap_err();
    refused.is_told("INVALID_REQUEST");
    forced["unread"] = json!("read_on_paper");
    desk.ask("tray_mark", forced).await;
    let report = desk.sign_marked(office.pin()).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    assert_eq!(
        in_state(&report, "SIGNED"),
        [row["document"].as_str().unwrap()]
    );
}
