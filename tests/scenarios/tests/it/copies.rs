//! Copies of what was issued, and its recall, on the real desks of two agencies: made, asked for and
//! answered with the network down, judged by the server, and the signed copy by pyHanko, qpdf and pdfsig.

use std::{fs, process::Command};

use congvan_model::{DocumentType, Urgency};
use congvan_province::AxisDelivery;
use congvan_testkit::{Block, CLERK, Letter, NEIGHBOUR_CLERK, Stationery, letter_pdf};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{act, comes, desk_of, everything_sent, handling, refused},
    house::{House, issue},
    issuing::{AGENCY, SUBJECT, draft_file, reads},
    looks::Verdict,
    office::Office,
    outgoing::may,
};

fn copy_of(source: &str, relation: &str) -> Value {
    json!({
        "source": source, "relation": relation, "agency": "UBND", "pages": [], "left_out": "",
    })
}

async fn make(desk: &Face, args: Value) -> String {
    let made = desk.ask("copy_make", args).await;
    made["document"].as_str().unwrap().to_owned()
}

async fn refused_copy(desk: &Face, args: Value) -> (String, Value) {
    let refusal = desk.call("copy_make", args).await.unwrap_err();
    let field = refusal.args.get("field").cloned().unwrap_or_default();
    (refusal.code, field)
}

fn output(command: &mut Command) -> String {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

/// What is received at the agency beside, by its number and symbol.
async fn received(desk: &Face, notation: &str) -> String {
    desk.sync_now().await;
    desk.until("it is received", async |desk| {
        let list = desk.ask("received_list", json!({})).await;
        let mut waiting = list["waiting"].as_array()?.iter();
        let found = waiting.find(|one| one["notation"] == notation)?;
        Some(found["document"].as_str()?.to_owned())
    })
    .await
}

#[tokio::test]
async fn a_copy_made_offline_gets_its_number_later_is_signed_over_its_source_and_every_judge_finds_all_signatures_whole()
 {
    let mut house = House::open().await;
    let source = house.issued().await;
    let original = house.clerk.document(&source).await["files"][0]["head"].clone();
    let original = original.as_str().unwrap().to_owned();

    // Who may, and what is asked for.
    let offer = house.clerk.ask("copy_offer", json!({ "id": source })).await;
    assert_eq!(
        (&offer["copies"], &offer["agency"], &offer["is_electronic"]),
        (
            &json!(["true_copy", "extract"]),
            &json!("UBND"),
            &json!(true)
        )
    );
    assert_eq!(offer["amendments"], json!(["correction", "replacement"]));
    comes(&house.official, &source, "issued").await;
    house.official.arrives(&source).await;
    let forbidden = refused_copy(&house.official, copy_of(&source, "true_copy")).await;
    assert_eq!(forbidden.0, "ACT_FORBIDDEN");
    let with = |key: &str, value: Value| {
        let mut args = copy_of(&source, "true_copy");
        args[key] = value;
        args
    };
    let extract = |key: &str, value: Value| {
        let mut args = copy_of(&source, "extract");
        (args["pages"], args["left_out"]) = (json!([1]), json!("Phụ lục"));
        args[key] = value;
        args
    };
    for (args, field) in [
        (with("relation", json!("copy_of_copy")), "relation"),
        (with("relation", json!("correction")), "relation"),
        (with("agency", json!(" ")), "symbol"),
        (with("pages", json!([1])), "pages"),
        (extract("pages", json!([])), "pages"),
        (extract("pages", json!([2])), "pages"),
        (extract("left_out", json!("")), "left_out"),
    ] {
        let refusal = refused_copy(&house.clerk, args.clone()).await;
        assert_eq!(refusal, ("ACT_FIELD".to_owned(), json!(field)), "{args}");
    }

    // Made and asked to be numbered with the line down: it shows no number, and can be taken back.
    house.office.cut();
    house.clerk.network("offline").await;
    let spoiled = make(&house.clerk, copy_of(&source, "true_copy")).await;
    house
        .clerk
        .ask("draft_undo", json!({ "id": spoiled }))
        .await;
    let copy = make(&house.clerk, copy_of(&source, "true_copy")).await;
    let view = handling(&house.clerk, &copy).await;
    assert_eq!(
        (
            &view["state"],
            &view["allowed"],
            &view["outgoing"]["only_here"]
        ),
        (
            &json!("signed"),
            &json!(["discard", "number"]),
            &json!(true)
        )
    );
    assert_eq!(
        (&view["origin"]["relation"], &view["origin"]["document"]),
        (&json!("true_copy"), &json!(source))
    );
    let early = house
        .clerk
        .call("sign", house.clerk.sign_args(&copy).await)
        .await;
    let early = early.unwrap_err();
    assert_eq!(
        (early.code.as_str(), &early.args["reason"]),
        ("SIGN_REFUSED", &json!("NO_NUMBER_YET"))
    );
    let view = act(&house.clerk, &copy, json!({ "act": "number" })).await;
    assert_eq!(view["outgoing"]["numbered"]["notation"], Value::Null);
    assert_eq!(
        house.clerk.document(&copy).await["row"]["notation"],
        Value::Null
    );
    let part = make(&house.clerk, extract("pages", json!([1]))).await;
    act(&house.clerk, &part, json!({ "act": "number" })).await;
    house.office.connect();
    everything_sent(&house.clerk).await;
    for (document, wanted) in [(&copy, "01/SY-UBND"), (&part, "02/TrS-UBND")] {
        may(&house.clerk, document, "seal").await;
        let numbered = handling(&house.clerk, document).await["outgoing"]["numbered"].clone();
        assert_eq!(numbered["notation"], wanted);
    }

    // Signed for the agency with the line down: words and no picture, on blank paper of page one.
    house.office.cut();
    let (found, sealed) = house.clerk.sign_in_place(&copy, house.token.pin).await;
    assert_eq!(
        (&found["role"], &found["placement"]["page"]),
        (&json!("copy"), &json!(0))
    );
    let (_, part_sealed) = house.clerk.sign_in_place(&part, house.token.pin).await;
    act(&house.clerk, &copy, issue()).await;
    house.office.connect();
    everything_sent(&house.clerk).await;
    comes(&house.clerk, &copy, "issued").await;

    // The source was extended and not rewritten; every signature on it is whole.
    let (before, after) = (house.office.blob(&original), house.office.blob(&sealed));
    assert!(after.starts_with(&before) && after.len() > before.len());
    let verdict = Verdict::of(&house.office, &house.pki, &sealed);
    let signatures = verdict.0["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 3, "{}", verdict.0);
    assert_eq!(signatures[2]["name"], AGENCY);
    let place = signatures[2]["place"].as_array().unwrap();
    let [left, top] = [0, 1].map(|at| place[at].as_f64().unwrap());
    assert!(left > 85.0 && top < 60.0, "{place:?}");
    let file = house.office.file("copy.pdf");
    for (sha256, words, count) in [(&sealed, "SAO Y", 3), (&part_sealed, "TRÍCH SAO", 1)] {
        fs::write(&file, house.office.blob(sha256)).unwrap();
        output(Command::new("qpdf").arg("--check").arg(&file));
        let said = output(Command::new("pdfsig").arg("-nocert").arg(&file));
        assert_eq!(said.matches("Signature is Valid").count(), count, "{said}");
        let text = output(
            Command::new("pdftotext")
                .args(["-l", "1"])
                .arg(&file)
                .arg("-"),
        );
        for wanted in [words, AGENCY, "+07:00"] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
    }

    // Source and copy name one another, at both agencies.
    let view = handling(&house.clerk, &source).await;
    let titles: Vec<&str> = view["derived"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["01/SY-UBND", "02/TrS-UBND"]);
    assert_eq!(view["derived"][0]["document"], json!(copy));
    let there = desk_of(&house.office, &NEIGHBOUR_CLERK).await;
    let known = received(&there, "01/QĐ-UBND").await;
    let id = received(&there, "01/SY-UBND").await;
    let view = handling(&there, &id).await;
    assert_eq!(view["origin"]["document"], json!(known));
    assert_eq!(view["origin"]["title"], "01/QĐ-UBND");
    for desk in [&house.clerk, &house.official] {
        assert!(desk.acts("conflict").await.is_empty() && desk.acts("rejected").await.is_empty());
    }
    assert_eq!(
        house.office.province().check_numbers().unwrap().violations,
        [""; 0]
    );
}

#[tokio::test]
async fn what_was_issued_is_asked_back_and_kept_or_given_back_each_word_made_offline() {
    let mut house = House::open().await;
    let document = house.issued().await;
    let there = desk_of(&house.office, &NEIGHBOUR_CLERK).await;
    let id = received(&there, "01/QĐ-UBND").await;
    let recall = json!({ "act": "recall", "to": [], "reason": "Gửi nhầm phụ lục" });
    comes(&house.official, &document, "issued").await;
    assert_eq!(
        refused(&house.official, &document, recall.clone()).await,
        "ACT_FORBIDDEN"
    );
    let silent = json!({ "act": "recall", "to": [], "reason": " " });
    assert_eq!(refused(&house.clerk, &document, silent).await, "ACT_FIELD");
    let unknown = json!({ "act": "recall", "to": ["H99.999"], "reason": "Gửi nhầm" });
    assert_eq!(refused(&house.clerk, &document, unknown).await, "ACT_FIELD");

    // Asked with the line down, thought better of, and asked again.
    reads(&house.clerk, &document, &["01"]).await;
    house.office.cut();
    house.clerk.network("offline").await;
    act(&house.clerk, &document, recall.clone()).await;
    house
        .clerk
        .ask("document_act_undo", json!({ "id": document }))
        .await;
    act(&house.clerk, &document, recall.clone()).await;
    assert_eq!(
        refused(&house.clerk, &document, recall.clone()).await,
        "ACT_WRONG_STATE",
        "once"
    );
    house.office.connect();
    everything_sent(&house.clerk).await;
    may(&there, &id, "answer_recall").await;
    assert_eq!(handling(&there, &id).await["recall"], "Gửi nhầm phụ lục");

    // The receiver keeps it, with a reason, and the sender reads 16.
    let keep = |reason: &str| json!({ "act": "answer_recall", "agreed": false, "reason": reason });
    assert_eq!(refused(&there, &id, keep("")).await, "ACT_FIELD");
    house.office.cut();
    act(&there, &id, keep("Đã triển khai")).await;
    house.office.connect();
    everything_sent(&there).await;
    reads(&house.official, &document, &["01", "13", "16"]).await;
    let last = handling(&house.official, &document).await["outgoing"]["deliveries"][0].clone();
    assert_eq!(last["statuses"][2]["reason"], "Đã triển khai");
    assert_eq!(
        refused(&house.clerk, &document, recall.clone()).await,
        "ACT_WRONG_STATE"
    );
    assert!(
        there.document(&id).await["row"].is_object(),
        "it is still there"
    );

    // A copy of it is asked back as well, and given back: it is gone there, and the sender reads 15.
    let copy = make(&house.clerk, copy_of(&document, "true_copy")).await;
    house.out(&copy).await;
    let id = received(&there, "01/SY-UBND").await;
    house.office.cut();
    act(&house.clerk, &copy, recall).await;
    house.office.connect();
    everything_sent(&house.clerk).await;
    may(&there, &id, "answer_recall").await;
    house.office.cut();
    let give = json!({ "act": "answer_recall", "agreed": true, "reason": "" });
    act(&there, &id, give).await;
    house.office.connect();
    everything_sent(&there).await;
    reads(&house.clerk, &copy, &["01", "13", "15"]).await;
    there
        .until("it is gone", async |desk| {
            let gone = desk.call("document_get", json!({ "id": id })).await;
            (gone.err()?.code == "NOT_FOUND").then_some(())
        })
        .await;
}

#[tokio::test]
async fn a_correction_is_drafted_offline_of_what_was_issued_by_an_official_letter_and_nothing_else()
{
    let mut house = House::open().await;
    let document = house.issued().await;
    comes(&house.official, &document, "issued").await;
    house.official.arrives(&document).await;
    let file = draft_file(&house.office, &house.official, "dinh-chinh.pdf").await;
    let draft = |kind: &str, symbol: &str, relation: &str| {
        json!({
            "fields": { "kind": kind, "symbol": symbol, "subject": SUBJECT, "urgency": "normal" },
            "file": file, "about": { "document": document, "relation": relation },
        })
    };
    house.office.cut();
    for (kind, symbol, relation) in [
        ("decision", "QĐ-UBND", "correction"),
        ("official_letter", "UBND-VP", "replacement"),
        ("official_letter", "UBND-VP", "true_copy"),
    ] {
        let args = draft(kind, symbol, relation);
        let refusal = house.official.call("draft_create", args).await.unwrap_err();
        assert_eq!(
            (refusal.code.as_str(), &refusal.args["field"]),
            ("ACT_FIELD", &json!("relation"))
        );
    }
    let args = draft("official_letter", "UBND-VP", "correction");
    let made = house.official.ask("draft_create", args).await;
    let letter = made["document"].as_str().unwrap();
    let view = handling(&house.official, letter).await;
    assert_eq!(
        (
            &view["state"],
            &view["origin"]["relation"],
            &view["origin"]["title"]
        ),
        (&json!("draft"), &json!("correction"), &json!("01/QĐ-UBND"))
    );
    house.office.connect();
    everything_sent(&house.official).await;
    let view = handling(&house.official, letter).await;
    assert_eq!(view["origin"]["document"], json!(document));
    assert!(house.official.acts("rejected").await.is_empty());
    // Not before it is issued does anybody read of it.
    assert_eq!(
        handling(&house.official, &document).await["derived"],
        json!([])
    );
}

/// A letter that came over the axis and is registered, with that line in the head of its text.
async fn came(office: &Office, clerk: &Face, (number, line): (u32, &str)) -> String {
    let delivery = AxisDelivery {
        axis_id: format!("H99.05,2026/11/23,{number}/STC-SAO"),
        sender: "H99.05".to_owned(),
        sender_name: "Sở Tài chính".to_owned(),
        notation: format!("{number}/STC-SAO").parse().unwrap(),
        subject: format!("V/v quyết toán {number}"),
    };
    let letter = Letter {
        stationery: Stationery {
            parent: None,
            agency: "Sở Tài chính".to_owned(),
            place: "H99".to_owned(),
        },
        notation: format!("{number}/STC-SAO"),
        date: None,
        kind: DocumentType::OfficialLetter,
        subject: delivery.subject.clone(),
        addressees: Vec::new(),
        blocks: vec![Block::Heading(line.to_owned())],
        recipients: vec!["Như trên".to_owned()],
        authority: vec!["GIÁM ĐỐC".to_owned()],
        signer: "Hoàng Thị E".to_owned(),
        urgency: Urgency::Normal,
    };
    let pdf = letter_pdf(&letter).unwrap();
    office.province().deliver_by_axis(&delivery, &pdf).unwrap();
    let id = received(clerk, &format!("{number}/STC-SAO")).await;
    let options = clerk.ask("register_options", json!({})).await;
    let order = json!({ "documents": [id], "defaults": options["defaults"] });
    clerk.ask("received_register", order).await;
    everything_sent(clerk).await;
    may(clerk, &id, "copy").await;
    clerk.arrives(&id).await;
    id
}

#[tokio::test]
async fn a_letter_that_bears_a_mark_of_secrecy_is_not_copied() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let clerk = desk_of(&office, &CLERK).await;
    let secret = came(&office, &clerk, (11, "MẬT")).await;
    let plain = came(&office, &clerk, (12, "I. NỘI DUNG")).await;
    // Of what came in only the paper says whether it is a copy.
    let offer = clerk.ask("copy_offer", json!({ "id": plain })).await;
    assert_eq!(
        offer["copies"],
        json!(["true_copy", "copy_of_copy", "extract"])
    );
    let refusal = refused_copy(&clerk, copy_of(&secret, "true_copy")).await;
    assert_eq!(refusal.0, "SECRET_DOCUMENT");
    assert_eq!(handling(&clerk, &secret).await["derived"], json!([]));
    let copy = make(&clerk, copy_of(&plain, "true_copy")).await;
    everything_sent(&clerk).await;
    may(&clerk, &copy, "number").await;
    assert!(clerk.acts("rejected").await.is_empty());
}
