//! What signatures look like, by the role in which a person signs: judged on the page by poppler and
//! in the file by pyHanko.

use std::{path::PathBuf, process::Command};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_model::DocumentState;
use congvan_province::Clock;
use congvan_testkit::{CLERK, LEADER, OFFICIAL, Person, Pki, SignerKind, forms::Draft, write_pem};
use serde_json::{Value, json};

use crate::{
    face::Face,
    office::{Office, checkout},
};

/// A place on a page: left, top, right, bottom in millimetres.
type Place = [f64; 4];

fn script(arguments: &[&str]) -> String {
    let python = checkout("target/tools/venv/bin/python");
    assert!(python.is_file(), "no Python: run `cargo xtask setup`");
    let output = Command::new(python)
        .arg(checkout("tests/scenarios/tests/it/judge.py"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// What the judges say of the bytes at the server.
pub(crate) struct Verdict(pub(crate) Value);

impl Verdict {
    pub(crate) fn of(office: &Office, pki: &Pki, sha256: &str) -> Self {
        let (root, sub) = (office.file("root.pem"), office.file("sub.pem"));
        write_pem(&root, "CERTIFICATE", &pki.root_der()).unwrap();
        write_pem(&sub, "CERTIFICATE", &pki.intermediate_der()).unwrap();
        let file = office.file("judged.pdf");
        std::fs::write(&file, office.blob(sha256)).unwrap();
        let path = |path: &PathBuf| path.to_str().unwrap().to_owned();
        let said = script(&[
            "judge",
            &path(&root),
            &path(&sub),
            &path(&file),
            LEADER.full_name,
        ]);
        let said = Self(serde_json::from_str(&said).unwrap());
        for signature in said.0["signatures"].as_array().unwrap() {
            assert_eq!(signature["intact"], true, "{}", said.0);
        }
        said
    }

    fn place(&self, of: &Value) -> Place {
        let numbers = of.as_array().unwrap_or_else(|| panic!("{}", self.0));
        [0, 1, 2, 3].map(|at| numbers[at].as_f64().unwrap())
    }

    fn named(&self, what: &str) -> Place {
        self.place(&self.0[what])
    }

    pub(crate) fn signature(&self, at: usize) -> Place {
        self.place(&self.0["signatures"][at]["place"])
    }
}

fn size(place: Place) -> (f64, f64) {
    (place[2] - place[0], place[3] - place[1])
}

fn middle(place: Place) -> (f64, f64) {
    ((place[0] + place[2]) / 2.0, (place[1] + place[3]) / 2.0)
}

#[track_caller]
fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "{found} is not {wanted}");
}

impl Face {
    /// Takes in a picture of one colour, as the wizard does.
    pub(crate) async fn take_picture(
        &self,
        office: &Office,
        role: &str,
        (colour, mm): (&str, (f64, f64)),
    ) {
        let file = office.file(&format!("{role}.png"));
        let pixels = |mm: f64| format!("{}", (mm / 25.4 * 300.0).round());
        script(&[
            "paint",
            colour,
            &pixels(mm.0),
            &pixels(mm.1),
            file.to_str().unwrap(),
        ]);
        let png = STANDARD.encode(std::fs::read(file).unwrap());
        let picture = json!({ "role": role, "png": png, "width_mm": mm.0, "height_mm": mm.1 });
        self.ask("signature_image_put", picture).await;
    }

    /// Signs a draft where the desk itself would put the signature; the hash of what came out.
    pub(crate) async fn sign_in_place(&self, document: &str, pin: &str) -> (Value, String) {
        let mut order = self.sign_args(document).await;
        let asked = json!({
            "document": document, "file": order["file"], "certificate": order["certificate"],
        });
        let found = self.ask("placement_get", asked).await;
        order["placement"] = found["placement"].clone();
        let signed = self.sign_order(order, pin).await.unwrap();
        (found, signed["sha256"].as_str().unwrap().to_owned())
    }
}

/// An office whose token belongs to that person, with a certificate of that name.
fn office_of(pki: &Pki, person: &Person, name: &str) -> Office {
    let identity = pki.signer_named(name, SignerKind::Good).unwrap();
    Office::open_for(pki, (person, identity), |_| {})
}

async fn desk_of(office: &Office, person: &Person) -> Face {
    let desk = office.desk();
    desk.log_in(person).await.unwrap();
    desk.everything_pulled().await;
    desk
}

/// The bytes that the desk has sent, whether the server links them or not.
async fn sent(office: &Office, desk: &Face, sha256: &str) {
    desk.until("the bytes are at the server", async |_| {
        let here = office.province().blob(&sha256.parse().unwrap());
        here.is_ok().then_some(())
    })
    .await;
}

const BLUE: &str = "1d3fbf";
const RED: &str = "d81f26";

#[tokio::test]
async fn a_leaders_picture_stands_between_position_and_name_and_the_agencys_seal_over_its_left_third()
 {
    let pki = Pki::new(Clock::system().now()).unwrap();
    let office = office_of(&pki, &LEADER, LEADER.full_name);
    let desk = desk_of(&office, &LEADER).await;
    desk.take_picture(&office, "signature", (BLUE, (40.0, 15.0)))
        .await;
    desk.read_and_mark_all().await;
    let report = desk.sign_marked(office.pin()).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    desk.everything_sent().await;
    let signed = report["items"][0]["sha256"].as_str().unwrap();
    let verdict = Verdict::of(&office, &pki, signed);
    let (name, blue) = (verdict.named("name"), verdict.named("blue"));
    // Centred over the name, between it and the position, in the picture's own proportions.
    near(middle(blue).0, middle(name).0, 1.0);
    assert!(blue[3] <= name[1] + 0.5, "{}", verdict.0);
    let (width, height) = size(blue);
    near(width / height, 40.0 / 15.0, 0.1);
    assert!(width <= 40.5 && width > 20.0, "{}", verdict.0);
    let text = verdict.0["text"].as_str().unwrap();
    assert!(!text.contains("+07:00"), "the decree wants no words");

    // The clerk's desk has the agency's certificate and its seal.
    let agency = "UBND xã Bình Minh Đông";
    let clerks = office_of(&pki, &CLERK, agency);
    let signed_one = (
        Some(&"12/UBND-VP".parse().unwrap()),
        "Văn bản đã ký, đã có số",
    );
    let page = Draft::new().classic();
    let document = clerks
        .province()
        .add_with_appendix(signed_one, &office.blob(signed), &page);
    let document = document.unwrap().to_string();
    let desk = desk_of(&clerks, &CLERK).await;
    let refused = desk.sign_order(desk.sign_args(&document).await, clerks.pin());
    let refused = refused.await.unwrap_err();
    refused.is_told("SIGN_REFUSED");
    assert_eq!(refused.args["reason"], "NO_SEAL_PICTURE");
    desk.take_picture(&clerks, "seal", (RED, (36.0, 36.0)))
        .await;
    let (found, sealed) = desk.sign_in_place(&document, clerks.pin()).await;
    assert_eq!(found["role"], "seal");
    assert_eq!(found["source"], "FOUND", "{found}");
    sent(&clerks, &desk, &sealed).await;
    let verdict = Verdict::of(&clerks, &pki, &sealed);
    assert_eq!(verdict.0["signatures"][1]["name"], agency);
    let (leader, red) = (verdict.signature(0), verdict.named("red"));
    near(size(red).0, 36.0, 0.4);
    near(size(red).1, 36.0, 0.4);
    near(red[2], leader[0] + size(leader).0 / 3.0, 0.4);
    near(middle(red).1, middle(leader).1, 0.4);
}

#[tokio::test]
async fn who_prepares_signs_with_initials_behind_the_content_and_never_as_the_leader() {
    let pki = Pki::new(Clock::system().now()).unwrap();
    let office = office_of(&pki, &OFFICIAL, OFFICIAL.full_name);
    let draft = {
        let desk = desk_of(&office, &OFFICIAL).await;
        let rows = desk.rows("outgoing_all", "").await;
        let waiting = rows.iter().find(|row| row["state"] == "awaiting_signature");
        // What was put before the leader is the leader's to sign.
        let before_leader = waiting.unwrap()["id"].as_str().unwrap();
        let refused = desk.sign_order(desk.sign_args(before_leader).await, office.pin());
        refused.await.unwrap_err().is_told("ACT_FORBIDDEN");
        assert_eq!(office.card_calls("C_Login"), 0, "no PIN for nothing");

        let head = desk.document(before_leader).await["files"][0]["head"].clone();
        let waits = ("Chờ ký nháy", DocumentState::AwaitingInitials);
        let draft = office
            .province()
            .add_outgoing(waits, &office.blob(head.as_str().unwrap()));
        let draft = draft.unwrap().to_string();
        desk.sync_now().await;
        desk.arrives(&draft).await;
        desk.take_picture(&office, "initials", (BLUE, (14.0, 7.0)))
            .await;
        let (found, signed) = desk.sign_in_place(&draft, office.pin()).await;
        assert_eq!(found["role"], "initials");
        assert_eq!(found["source"], "FOUND", "{found}");
        sent(&office, &desk, &signed).await;
        signed
    };
    let verdict = Verdict::of(&office, &pki, &draft);
    let (end, blue) = (verdict.named("end"), verdict.named("blue"));
    let (width, height) = size(blue);
    near(width, 14.0, 0.4);
    near(height, 7.0, 0.4);
    assert!(blue[0] >= end[2] - 0.2, "{}", verdict.0);
    near(middle(blue).1, middle(end).1, 1.0);
}

#[tokio::test]
async fn the_agency_signs_an_appendix_of_its_own_file_with_number_and_time_and_no_seal() {
    let pki = Pki::new(Clock::system().now()).unwrap();
    let agency = "UBND xã Bình Minh Đông";
    let office = office_of(&pki, &CLERK, agency);
    let page = Draft::new().classic();
    let numbered = office.province().add_with_appendix(
        (
            Some(&"12/QĐ-UBND".parse().unwrap()),
            "Quyết định có phụ lục",
        ),
        &page,
        &page,
    );
    let numbered = numbered.unwrap().to_string();
    let desk = desk_of(&office, &CLERK).await;
    let detail = desk.document(&numbered).await;
    let appendix = &detail["files"][1];
    assert_eq!(appendix["role"], "appendix");
    let mut order = desk.sign_args(&numbered).await;
    let main = desk.call("sign", order.clone()).await.unwrap_err();
    assert_eq!(main.args["reason"], "NO_SEAL_PICTURE", "the main file");

    order["file"] = appendix["id"].clone();
    order["shown"] = appendix["head"].clone();
    let asked = json!({
        "document": numbered, "file": order["file"], "certificate": order["certificate"],
    });
    let found = desk.ask("placement_get", asked).await;
    assert_eq!(found["role"], "appendix");
    assert_eq!(found["source"], "FOUND", "{found}");
    order["placement"] = found["placement"].clone();
    let signed = desk.sign_order(order, office.pin()).await.unwrap();
    let signed = signed["sha256"].as_str().unwrap();
    sent(&office, &desk, signed).await;
    let verdict = Verdict::of(&office, &pki, signed);
    assert_eq!(verdict.0["signatures"][0]["name"], agency);
    let [left, top, right, bottom] = verdict.signature(0);
    // Upper right of the first page (Decree 30/2020, Appendix I).
    assert!(left > 105.0 && right <= 210.0 - 5.0, "{}", verdict.0);
    assert!(top >= 5.0 && bottom < 40.0, "{}", verdict.0);
    let text = verdict.0["text"].as_str().unwrap();
    assert!(text.contains("12/QĐ-UBND"), "{text}");
    assert!(text.contains("+07:00"), "{text}");
    assert_eq!(verdict.0["red"], Value::Null, "no picture of a seal");
}

#[tokio::test]
async fn a_file_beside_a_document_without_a_number_is_not_signed_for_the_agency() {
    let pki = Pki::new(Clock::system().now()).unwrap();
    let office = office_of(&pki, &CLERK, "UBND xã Bình Minh Đông");
    let page = Draft::new().classic();
    let province = office.province();
    let document = province.add_with_appendix((None, "Chưa có số"), &page, &page);
    let document = document.unwrap().to_string();
    let desk = desk_of(&office, &CLERK).await;
    let appendix = desk.document(&document).await["files"][1].clone();
    let mut order = desk.sign_args(&document).await;
    order["file"] = appendix["id"].clone();
    order["shown"] = appendix["head"].clone();
    let refused = desk.call("sign", order).await.unwrap_err();
    refused.is_told("SIGN_REFUSED");
    assert_eq!(refused.args["reason"], "NO_NUMBER_YET");
    assert_eq!(office.card_calls("C_Login"), 0, "no PIN for nothing");
}

#[tokio::test]
async fn an_administrators_template_is_what_the_desk_draws() {
    let pki = Pki::new(Clock::system().now()).unwrap();
    let office = office_of(&pki, &LEADER, LEADER.full_name);
    office.template(
        "leader.json",
        r#"{ "role": "leader", "place": { "rule": "signer_block" }, "size": { "mm": [50, 14] },
             "parts": [{ "text": { "lines": ["Mẫu của tỉnh {name}", "{position}"] } }] }"#,
    );
    let desk = desk_of(&office, &LEADER).await;
    let document = desk.tray().await[0]["document"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, signed) = desk.sign_in_place(&document, office.pin()).await;
    desk.everything_sent().await;
    let verdict = Verdict::of(&office, &pki, &signed);
    let text = verdict.0["text"].as_str().unwrap();
    assert!(text.contains("Mẫu của tỉnh"), "{text}");

    office.template("leader.json", "{ \"role\": \"seal\" }");
    let next = desk.tray().await[0]["document"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = desk.sign_order(desk.sign_args(&next).await, office.pin());
    let refused = refused.await.unwrap_err();
    refused.is_told("SIGN_REFUSED");
    assert_eq!(refused.args["reason"], "TEMPLATE_UNUSABLE");
}
