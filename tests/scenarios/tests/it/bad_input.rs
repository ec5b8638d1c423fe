//! Bad input: a clear message with a code and a remedy, and nothing lost.

use std::{fs, process::Command};

use congvan_pkcs11_shim::file_name;
use congvan_province::{Clock, FaultAction, FaultRule};
use congvan_testkit::{LEADER, Pki};
use serde_json::{Value, json};

use crate::{
    face::Face,
    office::{Office, login_args},
    words::{network_is_told, word_is_told},
};

/// Everything a person could lose: documents with their files and opinions, and unsent acts.
async fn possessions(desk: &Face) -> Value {
    let mut documents = Vec::new();
    for view in ["incoming_all", "outgoing_all", "to_sign"] {
        for row in desk.rows(view, "").await {
            documents.push(desk.document(row["id"].as_str().unwrap()).await);
        }
    }
    json!([documents, desk.ask("outbox_list", json!({})).await])
}

async fn first_draft(desk: &Face) -> String {
    let rows = desk.rows("to_sign", "").await;
    rows[0]["id"].as_str().unwrap().to_owned()
}

async fn write_opinion(desk: &Face, text: &str) {
    let document = first_draft(desk).await;
    let opinion = json!({ "document": document, "kind": "opinion", "text": text });
    desk.ask("opinion_add", opinion).await;
}

async fn phase(desk: &Face) -> Value {
    desk.ask("app_status", json!({})).await["phase"].clone()
}

#[tokio::test]
async fn a_wrong_password_opens_nothing_and_closes_nothing() {
    let mut office = Office::open();
    let desk = office.desk();
    let wrong = login_args(LEADER.username, "sai-mat-khau");
    let refused = desk.call("login", wrong.clone()).await.unwrap_err();
    refused.is_told("BAD_CREDENTIALS");
    assert_eq!(phase(&desk).await, "login");
    desk.log_in(&LEADER).await.unwrap();
    desk.everything_pulled().await;

    // With someone at the desk and an act unsent.
    office.cut();
    desk.sync_now().await;
    desk.network("offline").await;
    write_opinion(&desk, "Viết khi mất mạng").await;
    let before = possessions(&desk).await;
    office.connect();
    desk.call("login", wrong)
        .await
        .unwrap_err()
        .is_told("BAD_CREDENTIALS");
    assert_eq!(phase(&desk).await, "desk");
    desk.sync_now().await;
    desk.everything_sent().await;
    assert_eq!(before[1][0]["state"], "waiting");
    assert_eq!(office.stats().applied_ops, 1);
}

#[tokio::test]
async fn an_unreachable_server_is_told_at_login_and_keeps_every_act() {
    let mut office = Office::open();
    let desk = office.leader().await;
    let newcomer = office.desk();
    office.cut();
    let refused = newcomer.log_in(&LEADER).await.unwrap_err();
    refused.is_told("NET_UNREACHABLE");
    assert_eq!(phase(&newcomer).await, "login");

    desk.sync_now().await;
    desk.network("offline").await;
    network_is_told("offline");
    write_opinion(&desk, "Viết khi mất mạng").await;
    let before = possessions(&desk).await;
    opens_only_with_the_password_of_the_last_login(&desk).await;
    assert_eq!(possessions(&desk).await, before);

    office.connect();
    newcomer.log_in(&LEADER).await.unwrap();
    desk.sync_now().await;
    desk.everything_sent().await;
    assert_eq!(office.stats().applied_ops, 1);

    // Who has logged out is known to the server alone.
    desk.ask("logout", json!({})).await;
    office.cut();
    let refused = desk.log_in(&LEADER).await.unwrap_err();
    refused.is_told("NET_UNREACHABLE");
    assert_eq!(phase(&desk).await, "login");
}

/// Without the server it is the password of the last login that opens a person's desk, and no other.
async fn opens_only_with_the_password_of_the_last_login(desk: &Face) {
    let wrong = login_args(LEADER.username, "sai-mat-khau");
    let refused = desk.call("login", wrong).await.unwrap_err();
    refused.is_told("BAD_CREDENTIALS");
    desk.log_in(&LEADER).await.unwrap();
    assert_eq!(phase(desk).await, "desk");
}

#[tokio::test]
async fn a_server_with_a_wrong_certificate_gets_neither_password_nor_acts() {
    let mut office = Office::open();
    let desk = office.leader().await;
    let stranger = Pki::tls(Clock::system().now()).unwrap();
    let misled = office.desk_trusting(&stranger.ca_pem);
    let refused = misled.log_in(&LEADER).await.unwrap_err();
    refused.is_told("TLS_UNTRUSTED");
    assert_eq!(phase(&misled).await, "login");

    // Someone takes the server's place, with a certificate of their own.
    office.cut();
    let impostor = office.connect_as(|config| config.tls = Some(stranger));
    // Each is struck, and gone, by the first request that the impostor can read.
    for path in ["/v1/auth/", "/v1/"] {
        impostor.fault(FaultRule::once("", path, FaultAction::CutBefore));
    }
    write_opinion(&desk, "Chỉ dành cho máy chủ thật").await;
    desk.sync_now().await;
    desk.network("untrusted").await;
    network_is_told("untrusted");
    opens_only_with_the_password_of_the_last_login(&desk).await;
    desk.sync_now().await;
    desk.network("untrusted").await;
    let newcomer = office.desk();
    let refused = newcomer.log_in(&LEADER).await.unwrap_err();
    refused.is_told("TLS_UNTRUSTED");
    assert_eq!(phase(&newcomer).await, "login");
    assert_eq!(desk.unsent().await, 1);
    assert_eq!(
        impostor.faults_left(),
        2,
        "the impostor has read a password or an act"
    );
    assert_eq!(impostor.stats().unwrap().settled_ops, 0);
    // It would have counted: who trusts it does reach it.
    let _ = misled.log_in(&LEADER).await;
    assert_eq!(impostor.faults_left(), 0);
    impostor.stop();

    office.connect();
    desk.sync_now().await;
    desk.everything_sent().await;
    assert_eq!(office.stats().applied_ops, 1);
}

/// A file that cannot be shown or signed: both say why, and other documents are not touched.
async fn is_refused(office: &Office, desk: &Face, pdf: &[u8], codes: (&str, &str)) {
    let document = office.add_draft("Tệp có vấn đề", pdf);
    desk.sync_now().await;
    desk.arrives(&document).await;
    let before = possessions(desk).await;
    let detail = desk.document(&document).await;
    let shown = json!({ "sha256": detail["files"][0]["head"] });
    for _ in 0..2 {
        let refused = desk.call("file_open", shown.clone()).await.unwrap_err();
        refused.is_told(codes.0);
    }
    let refused = desk.sign(&document, office.pin()).await.unwrap_err();
    refused.is_told(codes.1);
    assert_eq!(
        office.card_calls("C_Login"),
        0,
        "no PIN for a file that cannot be signed"
    );
    assert_eq!(possessions(desk).await, before);
    assert_eq!(office.blob(shown["sha256"].as_str().unwrap()), pdf);

    let sound = desk.rows("to_sign", "").await;
    let sound = sound
        .iter()
        .find(|row| row["id"] != document.as_str())
        .unwrap();
    let sound = sound["id"].as_str().unwrap();
    let head = desk.document(sound).await["files"][0]["head"].clone();
    desk.ask("file_open", json!({ "sha256": head })).await;
    desk.sign(sound, office.pin()).await.unwrap();
    desk.everything_sent().await;
    assert_eq!(office.signed(sound).len(), 1);
}

#[tokio::test]
async fn a_corrupt_pdf_is_told_and_costs_no_other_document() {
    let office = Office::open();
    let desk = office.leader().await;
    let garbage: Vec<u8> = b"%PDF-1.7\n"
        .iter()
        .copied()
        .chain((0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8))
        .collect();
    is_refused(&office, &desk, &garbage, ("PDF_CORRUPT", "PDF_CORRUPT")).await;
}

#[tokio::test]
async fn a_pdf_with_a_password_is_told_and_costs_no_other_document() {
    let office = Office::open();
    let desk = office.leader().await;
    let head = desk.document(&first_draft(&desk).await).await["files"][0]["head"].clone();
    let (plain, locked) = (office.file("plain.pdf"), office.file("locked.pdf"));
    fs::write(&plain, office.blob(head.as_str().unwrap())).unwrap();
    let status = Command::new("qpdf")
        .args(["--encrypt", "nguoi-doc", "chu-tep", "256", "--"])
        .args([&plain, &locked])
        .status()
        .expect("qpdf is missing: run `cargo xtask setup`");
    assert!(status.success());
    let pdf = fs::read(&locked).unwrap();
    is_refused(&office, &desk, &pdf, ("PDF_PASSWORD", "PDF_PASSWORD")).await;
}

#[tokio::test]
async fn a_pdf_whose_owner_forbids_changes_is_shown_and_not_signed() {
    let office = Office::open();
    let desk = office.leader().await;
    let head = desk.document(&first_draft(&desk).await).await["files"][0]["head"].clone();
    let (plain, locked) = (office.file("plain.pdf"), office.file("locked.pdf"));
    fs::write(&plain, office.blob(head.as_str().unwrap())).unwrap();
    let status = Command::new("qpdf")
        .args(["--encrypt", "", "chu-tep", "256", "--modify=none", "--"])
        .args([&plain, &locked])
        .status()
        .expect("qpdf is missing: run `cargo xtask setup`");
    assert!(status.success());
    let document = office.add_draft("Tệp chỉ để đọc", &fs::read(&locked).unwrap());
    desk.sync_now().await;
    desk.arrives(&document).await;
    let before = possessions(&desk).await;
    let head = desk.document(&document).await["files"][0]["head"].clone();
    desk.ask("file_open", json!({ "sha256": head })).await;
    let refused = desk.sign(&document, office.pin()).await.unwrap_err();
    refused.is_told("SIGN_REFUSED");
    assert_eq!(refused.args["reason"], "OWNER_FORBIDS");
    word_is_told("refused", "OWNER_FORBIDS");
    assert_eq!(office.card_calls("C_Login"), 0);
    assert_eq!(possessions(&desk).await, before);
}

#[tokio::test]
async fn a_wrong_pin_costs_one_try_and_nothing_else() {
    let office = Office::open();
    let desk = office.leader().await;
    let draft = first_draft(&desk).await;
    let before = possessions(&desk).await;
    let tries = office.tries();
    desk.sign(&draft, "999999")
        .await
        .unwrap_err()
        .is_told("PIN_INCORRECT");
    assert_eq!(office.tries(), tries - 1);
    assert_eq!(office.card_calls("C_Login"), 1);
    assert_eq!(possessions(&desk).await, before);
    // Too short to be a PIN: no try is spent on it.
    desk.sign(&draft, "1")
        .await
        .unwrap_err()
        .is_told("PIN_LENGTH");
    assert_eq!(office.tries(), tries - 1);

    desk.sign(&draft, office.pin()).await.unwrap();
    desk.everything_sent().await;
    assert_eq!(office.signed(&draft).len(), 1);
    assert_eq!(
        office.tries(),
        tries,
        "a right PIN gives the card its tries back"
    );
}

#[tokio::test]
async fn a_token_pulled_at_work_leaves_no_signature_and_the_next_try_signs() {
    let office = Office::open();
    let desk = office.leader().await;
    let draft = first_draft(&desk).await;
    let before = possessions(&desk).await;
    office.token_faults("C_Sign 1 unplug");
    let order = desk.sign_args(&draft).await;
    let refused = desk
        .sign_order(order.clone(), office.pin())
        .await
        .unwrap_err();
    refused.is_told("TOKEN_REMOVED");
    assert_eq!(possessions(&desk).await, before);
    // While it is out.
    let refused = desk
        .sign_order(order.clone(), office.pin())
        .await
        .unwrap_err();
    refused.is_told("TOKEN_ABSENT");
    assert_eq!(possessions(&desk).await, before);
    assert_eq!(desk.unsent().await, 0);
    assert_eq!(office.signed(&draft).len(), 0);

    fs::remove_file(office.card(file_name::UNPLUGGED)).unwrap();
    desk.sign_order(order, office.pin()).await.unwrap();
    desk.everything_sent().await;
    assert_eq!(office.signed(&draft).len(), 1);
}
