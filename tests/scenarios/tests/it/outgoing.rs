//! A document that goes out, from its draft to the leader's signature, by four people: each act is made
//! offline, counts at its desk at once, and the server's state machine has the last word.

use std::fs;

use congvan_ipc::dto::DraftFileDto;
use congvan_testkit::{CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL, OTHER_HEAD, forms::Draft};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, act, comes, desk_of, everything_sent, handling, refused, row},
    office::Office,
};

/// A PDF that is kept at this desk, as its host says it.
async fn kept(office: &Office, desk: &Face, name: &str) -> Value {
    let path = office.file(name);
    // Other bytes under each name.
    let comment = format!("% {name}\n");
    let bytes = [Draft::new().classic(), comment.into_bytes()].concat();
    fs::write(&path, bytes).unwrap();
    let Face::Here(core) = desk else {
        panic!("the desk is in this process");
    };
    let file = core.keep_draft_file(path).await.unwrap();
    json!(DraftFileDto::from(file))
}

pub(crate) fn fields(subject: &str) -> Value {
    json!({
        "kind": "decision", "symbol": "QĐ-UBND", "subject": subject, "urgency": "normal",
    })
}

async fn draft(office: &Office, desk: &Face, name: &str) -> String {
    let file = kept(office, desk, name).await;
    let args = json!({ "fields": fields("Kiện toàn Ban Chỉ huy"), "file": file });
    let drafted = desk.ask("draft_create", args).await;
    drafted["document"].as_str().unwrap().to_owned()
}

async fn submission(desk: &Face) -> Value {
    json!({
        "act": "submit", "to": account(desk, &HEAD).await,
        "supports": [account(desk, &OTHER_HEAD).await], "text": "Kính trình",
    })
}

async fn format_check(desk: &Face) -> Value {
    json!({
        "act": "check_format", "signer": account(desk, &LEADER).await,
        "initials": [account(desk, &HEAD).await], "text": "",
    })
}

/// Waits until this desk may do that on the document.
pub(crate) async fn may(desk: &Face, document: &str, kind: &str) {
    desk.sync_now().await;
    desk.until(kind, async |desk| {
        let view = desk.call("document_handling", json!({ "id": document }));
        let view = view.await.ok()?;
        let allowed = view["allowed"].as_array()?;
        allowed.contains(&json!(kind)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_draft_goes_through_content_format_and_initials_to_the_leader_each_act_made_offline() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (official, head) = (
        desk_of(&office, &OFFICIAL).await,
        desk_of(&office, &HEAD).await,
    );
    let (clerk, leader) = (desk_of(&office, &CLERK).await, office.leader().await);

    // Drafted with the line down: here at once, opened, taken back whole, drafted again.
    office.cut();
    official.network("offline").await;
    let given_up = &draft(&office, &official, "bo.pdf").await;
    official.ask("draft_undo", json!({ "id": given_up })).await;
    let gone = official
        .call("document_get", json!({ "id": given_up }))
        .await;
    assert_eq!(gone.unwrap_err().code, "NOT_FOUND");
    assert_eq!(official.unsent().await, 0);
    let document = &draft(&office, &official, "lan-1.pdf").await;
    let shown = row(&official, document).await;
    assert_eq!(
        (&shown["state"], &shown["sent"]),
        (&json!("draft"), &json!("saved_here"))
    );
    let rows = official.rows("drafts", "").await;
    assert!(rows.iter().any(|row| row["id"] == **document));
    let found = official.rows("outgoing_all", "kien toan").await;
    assert!(found.iter().any(|row| row["id"] == **document));
    let view = handling(&official, document).await;
    assert_eq!(view["allowed"], json!(["revise", "submit", "discard"]));
    assert_eq!(view["outgoing"]["only_here"], true);
    let head_of = async |desk: &Face| desk.document(document).await["files"][0]["head"].clone();
    let first = head_of(&official).await;
    official.ask("file_open", json!({ "sha256": first })).await;

    // A new version and its submission behind it, the latter taken back once.
    let file = kept(&office, &official, "lan-2.pdf").await;
    let revise = json!({ "act": "revise", "file": file, "fields": null, "text": "Sửa căn cứ" });
    let view = act(&official, document, revise).await;
    assert_eq!(view["outgoing"]["versions"][1]["number"], 2);
    assert_eq!(head_of(&official).await, file["sha256"]);
    let submit = submission(&official).await;
    let view = act(&official, document, submit.clone()).await;
    assert_eq!(view["state"], "content_review");
    assert_eq!(view["outgoing"]["reviewer"], HEAD.full_name);
    let view = official
        .ask("document_act_undo", json!({ "id": document }))
        .await;
    assert_eq!(view["state"], "draft");
    act(&official, document, submit).await;
    assert_eq!(official.unsent().await, 3);
    office.connect();
    everything_sent(&official).await;
    let late = official.call("draft_undo", json!({ "id": document })).await;
    assert_eq!(late.unwrap_err().code, "ACT_SENT");

    // The head sends it back; the drafter corrects what stands on it.
    comes(&head, document, "content_review").await;
    head.arrives(document).await;
    assert_eq!(head_of(&head).await, file["sha256"]);
    office.cut();
    let back = json!({ "act": "return", "reason": "Thiếu căn cứ" });
    let view = act(&head, document, back).await;
    assert_eq!(view["state"], "draft");
    office.connect();
    everything_sent(&head).await;
    may(&official, document, "submit").await;
    let view = handling(&official, document).await;
    assert_eq!(view["outgoing"]["sent_back"]["reason"], "Thiếu căn cứ");
    office.cut();
    let text = "Kiện toàn Ban Chỉ huy phòng thủ dân sự";
    let revise = json!({ "act": "revise", "file": null, "fields": fields(text), "text": "" });
    act(&official, document, revise).await;
    assert_eq!(official.document(document).await["row"]["subject"], text);
    act(&official, document, submission(&official).await).await;
    office.connect();
    everything_sent(&official).await;

    // Content, format, initials.
    may(&head, document, "approve").await;
    assert_eq!(row(&head, document).await["subject"], text);
    office.cut();
    let approve = json!({ "act": "approve", "text": "" });
    let view = act(&head, document, approve).await;
    assert_eq!(view["state"], "format_review");
    office.connect();
    everything_sent(&head).await;
    comes(&clerk, document, "format_review").await;
    let view = act(&clerk, document, format_check(&clerk).await).await;
    assert_eq!(view["state"], "awaiting_initials");
    assert_eq!(view["outgoing"]["initials"][0]["name"], HEAD.full_name);
    everything_sent(&clerk).await;
    let early = leader.call("document_get", json!({ "id": document })).await;
    assert_eq!(early.unwrap_err().code, "NOT_FOUND");
    may(&head, document, "initial").await;
    office.cut();
    let view = act(&head, document, json!({ "act": "initial" })).await;
    assert_eq!(view["state"], "awaiting_signature");
    office.connect();
    everything_sent(&head).await;

    // The leader has it in the tray and signs it.
    comes(&leader, document, "awaiting_signature").await;
    let rows = leader.rows("to_sign", "").await;
    assert!(rows.iter().any(|row| row["id"] == **document));
    assert_eq!(
        handling(&leader, document).await["allowed"],
        json!(["return"])
    );
    leader.arrives(document).await;
    let not_theirs = head.call("sign", head.sign_args(document).await).await;
    assert_eq!(not_theirs.unwrap_err().code, "ACT_FORBIDDEN");
    leader.sign(document, office.pin()).await.unwrap();
    assert_eq!(handling(&leader, document).await["allowed"], json!([]));
    everything_sent(&leader).await;
    for desk in [&official, &head, &clerk, &leader] {
        comes(desk, document, "signed").await;
        assert!(desk.acts("conflict").await.is_empty() && desk.acts("rejected").await.is_empty());
    }
    assert_eq!(office.revisions(document).len(), 3);
    // It is its drafter's until it is issued, and the clerk's to issue; the leader's alone to sign.
    for (desk, list, is_in) in [
        (&official, "drafts", true),
        (&official, "outgoing_issue", false),
        (&clerk, "outgoing_issue", true),
        (&clerk, "outgoing_check", false),
        (&leader, "to_sign", false),
    ] {
        let rows = desk.rows(list, "").await;
        let found = rows.iter().any(|row| row["id"] == **document);
        assert_eq!(found, is_in, "{list}");
    }
    assert!(official.rows("to_sign", "").await.is_empty());
    assert!(!leader.rows("to_sign", "").await.is_empty());
    let outsider = desk_of(&office, &COLLEAGUE).await;
    assert!(outsider.rows("outgoing_all", "").await.is_empty());
}

#[tokio::test]
async fn what_is_no_draft_not_ones_part_or_incomplete_is_said_before_anything_is_recorded() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let (official, leader) = (desk_of(&office, &OFFICIAL).await, office.leader().await);
    let Face::Here(core) = &official else {
        panic!("the desk is in this process");
    };
    for (name, bytes) in [
        ("anh.jpg", &[0xFF, 0xD8, 0xFF, 0xE0][..]),
        ("cut.pdf", b"%PDF-1.7\n"),
    ] {
        let path = office.file(name);
        fs::write(&path, bytes).unwrap();
        assert!(core.keep_draft_file(path).await.is_err(), "{name}");
    }
    let file = kept(&office, &official, "tot.pdf").await;
    for (name, value) in [
        ("kind", json!("other")),
        ("kind", json!("nothing")),
        ("symbol", json!("KH-UBND")),
        ("subject", json!("  ")),
    ] {
        let mut wrong = fields("Kiện toàn");
        wrong[name] = value;
        let args = json!({ "fields": wrong, "file": file });
        let refusal = official.call("draft_create", args).await.unwrap_err();
        assert_eq!(
            (refusal.code.as_str(), &refusal.args["field"]),
            ("ACT_FIELD", &json!(name))
        );
    }
    let mut absent = file.clone();
    absent["sha256"] = json!("ab".repeat(32));
    let args = json!({ "fields": fields("Kiện toàn"), "file": absent });
    let refusal = official.call("draft_create", args).await.unwrap_err();
    assert_eq!(refusal.code, "ACT_FIELD");
    assert_eq!(official.unsent().await, 0);

    let document = &draft(&office, &official, "du-thao.pdf").await;
    everything_sent(&official).await;
    comes(&official, document, "draft").await;
    for (wrong, code) in [
        (json!({ "act": "approve", "text": "" }), "ACT_FORBIDDEN"),
        (json!({ "act": "take_back" }), "ACT_WRONG_STATE"),
        (json!({ "act": "discard", "reason": " " }), "ACT_FIELD"),
        (json!({ "act": "take_up" }), "ACT_FORBIDDEN"),
    ] {
        assert_eq!(refused(&official, document, wrong).await, code);
    }
    let mut oneself = submission(&official).await;
    oneself["to"] = account(&leader, &OFFICIAL).await.into();
    assert_eq!(refused(&official, document, oneself).await, "ACT_FIELD");
    let none = json!({ "act": "revise", "file": null, "fields": null, "text": "" });
    assert_eq!(refused(&official, document, none).await, "ACT_FIELD");
    assert_eq!(official.unsent().await, 0);
    // Given up, it is gone everywhere once the server has it.
    act(
        &official,
        document,
        json!({ "act": "discard", "reason": "Không ban hành nữa" }),
    )
    .await;
    everything_sent(&official).await;
    official
        .until("it is gone", async |official| {
            let detail = official.call("document_get", json!({ "id": document }));
            detail.await.is_err().then_some(())
        })
        .await;
}

#[tokio::test]
async fn who_approves_what_was_taken_back_meanwhile_reads_who_did_that() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let (official, head) = (
        desk_of(&office, &OFFICIAL).await,
        desk_of(&office, &HEAD).await,
    );
    let document = &draft(&office, &official, "du-thao.pdf").await;
    act(&official, document, submission(&official).await).await;
    everything_sent(&official).await;
    comes(&head, document, "content_review").await;
    head.ask("sync_pause", json!({ "until": null })).await;
    act(&head, document, json!({ "act": "approve", "text": "" })).await;
    may(&official, document, "take_back").await;
    act(&official, document, json!({ "act": "take_back" })).await;
    everything_sent(&official).await;
    head.ask("sync_resume", json!({})).await;
    everything_sent(&head).await;
    let conflicts = head
        .until("the conflict", async |head| {
            let conflicts = head.acts("conflict").await;
            (!conflicts.is_empty()).then_some(conflicts)
        })
        .await;
    assert_eq!(conflicts[0]["kind"], "approve");
    let text = conflicts[0]["text"].as_str().unwrap();
    assert!(text.starts_with("Lê Văn C: Rút lại dự thảo ("), "{text}");
    comes(&head, document, "draft").await;
}
