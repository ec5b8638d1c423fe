//! The life of an incoming document by three people and their registry, online and offline: each act
//! counts at its desk at once, and the server's state machine has the last word.

use congvan_testkit::{CLERK, COLLEAGUE, HEAD, OFFICIAL, OTHER_HEAD, Person};
use serde_json::{Value, json};

use crate::{face::Face, office::Office};

/// A desk of this person, with everything pulled.
pub(crate) async fn desk_of(office: &Office, person: &Person) -> Face {
    let desk = office.desk();
    desk.log_in(person).await.unwrap();
    desk.everything_pulled().await;
    desk
}

/// The account of a person, as another one names it.
pub(crate) async fn account(desk: &Face, person: &Person) -> String {
    let people = desk.ask("office_people", json!({})).await;
    let mut people = people.as_array().unwrap().iter();
    let found = people.find(|one| one["name"] == person.full_name).unwrap();
    found["account"].as_str().unwrap().to_owned()
}

pub(crate) async fn act(desk: &Face, document: &str, act: Value) -> Value {
    let args = json!({ "document": document, "act": act });
    desk.ask("document_act", args).await
}

/// An act that is refused at this desk: its code.
pub(crate) async fn refused(desk: &Face, document: &str, act: Value) -> String {
    let args = json!({ "document": document, "act": act });
    desk.call("document_act", args).await.unwrap_err().code
}

pub(crate) async fn handling(desk: &Face, document: &str) -> Value {
    desk.ask("document_handling", json!({ "id": document }))
        .await
}

pub(crate) async fn row(desk: &Face, document: &str) -> Value {
    desk.document(document).await["row"].clone()
}

/// Whether a list of what there is to do has it.
async fn is_in(desk: &Face, view: &str, document: &str) -> bool {
    let rows = desk.rows(view, "").await;
    rows.iter().any(|row| row["id"] == document)
}

async fn direction(desk: &Face, to: &Person, with: &Person) -> Value {
    json!({
        "act": "direct", "lead": account(desk, to).await,
        "supports": [account(desk, with).await], "informed": [],
        "due": "2099-12-20", "text": "Giao chủ trì, phối hợp tham mưu",
    })
}

async fn assignment(desk: &Face) -> Value {
    json!({
        "act": "assign", "lead": account(desk, &OFFICIAL).await, "supports": [],
        "due": "2099-12-18", "text": "",
    })
}

/// A document that lies before the leader.
async fn presented(leader: &Face) -> String {
    let rows = leader.rows("incoming_all", "").await;
    let row = rows.iter().find(|row| row["state"] == "presented").unwrap();
    row["id"].as_str().unwrap().to_owned()
}

/// Waits until this desk has the document in that state.
pub(crate) async fn comes(desk: &Face, document: &str, state: &str) {
    desk.sync_now().await;
    desk.until(state, async |desk| {
        let detail = desk.call("document_get", json!({ "id": document })).await;
        (detail.ok()?["row"]["state"] == state).then_some(())
    })
    .await;
}

pub(crate) async fn everything_sent(desk: &Face) {
    desk.sync_now().await;
    desk.everything_sent().await;
}

#[tokio::test]
async fn a_document_goes_from_the_leader_to_the_file_each_act_made_offline() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (leader, head) = (office.leader().await, desk_of(&office, &HEAD).await);
    let official = desk_of(&office, &OFFICIAL).await;
    let document = &presented(&leader).await;
    assert_eq!(
        head.call("document_get", json!({ "id": document }))
            .await
            .unwrap_err()
            .code,
        "NOT_FOUND"
    );
    assert_eq!(
        handling(&leader, document).await["allowed"],
        json!(["direct", "return"])
    );

    // The leader, with the line down: it counts at once, is taken back, and done again.
    assert!(is_in(&leader, "incoming_say", document).await);
    office.cut();
    leader.network("offline").await;
    let direct = direction(&leader, &HEAD, &OTHER_HEAD).await;
    let view = act(&leader, document, direct.clone()).await;
    assert!(!is_in(&leader, "incoming_say", document).await);
    assert_eq!(
        (&view["state"], &view["undoable"]),
        (&json!("directed"), &json!(true))
    );
    assert_eq!(view["receivers"][0]["name"], HEAD.full_name);
    assert_eq!(view["receivers"][0]["holds"], true);
    let shown = row(&leader, document).await;
    assert_eq!(
        (&shown["state"], &shown["sent"]),
        (&json!("directed"), &json!("saved_here"))
    );
    let opinions = leader.document(document).await["opinions"].to_string();
    assert!(opinions.contains("Giao chủ trì, phối hợp tham mưu"));
    let undone = leader
        .ask("document_act_undo", json!({ "id": document }))
        .await;
    assert_eq!(
        (&undone["state"], &undone["undoable"]),
        (&json!("presented"), &json!(false))
    );
    let opinions = leader.document(document).await["opinions"].to_string();
    assert!(!opinions.contains("Giao chủ trì, phối hợp tham mưu"));
    assert_eq!(leader.unsent().await, 0);
    act(&leader, document, direct).await;
    office.connect();
    everything_sent(&leader).await;
    let late = leader
        .call("document_act_undo", json!({ "id": document }))
        .await;
    assert_eq!(late.unwrap_err().code, "ACT_SENT");
    comes(&leader, document, "directed").await;

    // The head of the unit.
    comes(&head, document, "directed").await;
    assert!(is_in(&head, "incoming_hold", document).await);
    office.cut();
    let view = act(&head, document, assignment(&head).await).await;
    assert_eq!(view["allowed"], json!([]), "it is with the official now");
    assert!(!is_in(&head, "incoming_hold", document).await);
    office.connect();
    everything_sent(&head).await;

    // The official: two acts on one document behind each other, and it waits no longer.
    comes(&official, document, "directed").await;
    let before = official.ask("view_counts", json!({})).await["incoming_pending"].clone();
    office.cut();
    act(&official, document, json!({ "act": "take_up" })).await;
    let done = json!({ "act": "resolve", "reply": null, "text": "Đã báo cáo trực tiếp" });
    let view = act(&official, document, done).await;
    assert_eq!(view["state"], "resolved");
    assert!(is_in(&official, "incoming_done", document).await);
    let counts = official.ask("view_counts", json!({})).await;
    assert_eq!(
        counts["incoming_pending"].as_u64().unwrap() + 1,
        before.as_u64().unwrap()
    );
    let pending = official.rows("incoming_pending", "").await;
    assert!(pending.iter().all(|row| row["id"] != **document));
    office.connect();
    everything_sent(&official).await;
    comes(&official, document, "resolved").await;

    // The registry files it, and everyone who was named sees that.
    let clerk = desk_of(&office, &CLERK).await;
    act(
        &clerk,
        document,
        json!({ "act": "file", "dossier": "Hồ sơ 12" }),
    )
    .await;
    everything_sent(&clerk).await;
    for desk in [&leader, &head, &official] {
        comes(desk, document, "filed").await;
        assert_eq!(handling(desk, document).await["dossier"], "Hồ sơ 12");
        assert!(desk.acts("conflict").await.is_empty() && desk.acts("rejected").await.is_empty());
    }
    let outsider = desk_of(&office, &COLLEAGUE).await;
    assert!(outsider.rows("incoming_all", "").await.is_empty());
}

#[tokio::test]
async fn what_is_not_ones_part_or_too_late_or_incomplete_is_said_before_anything_is_recorded() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let (leader, clerk) = (office.leader().await, desk_of(&office, &CLERK).await);
    let document = &presented(&leader).await;
    let direct = direction(&leader, &HEAD, &OTHER_HEAD).await;
    assert_eq!(
        refused(&clerk, document, direct.clone()).await,
        "ACT_FORBIDDEN"
    );
    assert_eq!(
        refused(&leader, document, json!({ "act": "take_up" })).await,
        "ACT_FORBIDDEN"
    );
    let answer = json!({ "act": "answer_extension", "granted": true, "text": "" });
    assert_eq!(refused(&leader, document, answer).await, "ACT_WRONG_STATE");
    for (name, value) in [
        ("lead", json!("")),
        ("lead", json!("999")),
        ("due", json!("2020-01-01")),
    ] {
        let mut wrong = direct.clone();
        wrong[name] = value;
        let args = json!({ "document": document, "act": wrong });
        let refusal = leader.call("document_act", args).await.unwrap_err();
        assert_eq!(
            (refusal.code.as_str(), &refusal.args["field"]),
            ("ACT_FIELD", &json!(name))
        );
    }
    let mut twice = direct;
    twice["supports"] = json!([twice["lead"]]);
    assert_eq!(refused(&leader, document, twice).await, "ACT_FIELD");
    let silent = json!({ "act": "return", "reason": "  " });
    assert_eq!(refused(&leader, document, silent).await, "ACT_FIELD");
    assert_eq!((leader.unsent().await, clerk.unsent().await), (0, 0));
    assert_eq!(row(&leader, document).await["state"], "presented");
}

#[tokio::test]
async fn who_was_overtaken_reads_who_did_what_and_sees_the_document_as_it_is() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let (leader, head) = (office.leader().await, desk_of(&office, &HEAD).await);
    let document = &presented(&leader).await;
    let first = direction(&leader, &HEAD, &OTHER_HEAD).await;
    act(&leader, document, first).await;
    everything_sent(&leader).await;
    comes(&head, document, "directed").await;
    // The head's desk rests; meanwhile the leader gives it to another unit.
    head.ask("sync_pause", json!({ "until": null })).await;
    let view = act(&head, document, assignment(&head).await).await;
    assert_eq!(view["receivers"][2]["name"], OFFICIAL.full_name);
    let second = direction(&leader, &OTHER_HEAD, &HEAD).await;
    act(&leader, document, second).await;
    everything_sent(&leader).await;
    head.ask("sync_resume", json!({})).await;
    everything_sent(&head).await;
    let conflicts = head
        .until("the conflict", async |head| {
            let conflicts = head.acts("conflict").await;
            (!conflicts.is_empty()).then_some(conflicts)
        })
        .await;
    assert_eq!(
        (&conflicts[0]["kind"], &conflicts[0]["problem"]),
        (&json!("assign"), &json!("WRONG_STATE"))
    );
    let text = conflicts[0]["text"].as_str().unwrap();
    assert!(
        text.starts_with("Nguyễn Văn A: Chuyển xử lý: Đặng Thị H ("),
        "{text}"
    );
    head.until("the document as it is", async |head| {
        let view = handling(head, document).await;
        let receivers = view["receivers"].as_array()?;
        (receivers[0]["name"] == OTHER_HEAD.full_name && receivers[0]["holds"] == true)
            .then_some(())
    })
    .await;
    assert_eq!(row(&head, document).await["sent"], "needs_attention");
    let id = conflicts[0]["id"].clone();
    head.ask("outbox_dismiss", json!({ "id": id })).await;
    assert_eq!(row(&head, document).await["sent"], "settled");
}

#[tokio::test]
async fn a_document_is_returned_handed_over_and_given_more_time() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (leader, head) = (office.leader().await, desk_of(&office, &HEAD).await);
    let (official, colleague) = (
        desk_of(&office, &OFFICIAL).await,
        desk_of(&office, &COLLEAGUE).await,
    );
    let document = &presented(&leader).await;
    let direct = direction(&leader, &HEAD, &OTHER_HEAD).await;
    act(&leader, document, direct).await;
    everything_sent(&leader).await;
    comes(&head, document, "directed").await;
    act(&head, document, assignment(&head).await).await;
    everything_sent(&head).await;
    comes(&official, document, "directed").await;
    let back = json!({ "act": "return", "reason": "Nên giao người khác" });
    act(&official, document, back).await;
    everything_sent(&official).await;
    head.until("it is with the head again", async |head| {
        let view = handling(head, document).await;
        view["allowed"]
            .as_array()?
            .contains(&json!("assign"))
            .then_some(())
    })
    .await;
    act(&head, document, assignment(&head).await).await;
    everything_sent(&head).await;
    official
        .until("it is with the official again", async |official| {
            let view = handling(official, document).await;
            view["allowed"]
                .as_array()?
                .contains(&json!("take_up"))
                .then_some(())
        })
        .await;
    // Offline: taken up, handed over; the other one asks for more time.
    office.cut();
    act(&official, document, json!({ "act": "take_up" })).await;
    let to = account(&official, &COLLEAGUE).await;
    act(
        &official,
        document,
        json!({ "act": "hand_over", "to": to, "reason": "Nghỉ phép" }),
    )
    .await;
    office.connect();
    everything_sent(&official).await;
    comes(&colleague, document, "in_progress").await;
    let ask = json!({ "act": "ask_extension", "due": "2099-12-28", "reason": "Chờ số liệu" });
    let view = act(&colleague, document, ask).await;
    assert_eq!(view["extension"]["asked_by"], COLLEAGUE.full_name);
    everything_sent(&colleague).await;
    leader
        .until("the leader is asked", async |leader| {
            let view = handling(leader, document).await;
            view["allowed"]
                .as_array()?
                .contains(&json!("answer_extension"))
                .then_some(())
        })
        .await;
    let grant = json!({ "act": "answer_extension", "granted": true, "text": "" });
    let view = act(&leader, document, grant).await;
    let due = view["due_at"].clone();
    everything_sent(&leader).await;
    colleague
        .until("more time", async |colleague| {
            (row(colleague, document).await["due_at"] == due).then_some(())
        })
        .await;
    let flow = leader.document(document).await["flow"].to_string();
    assert!(flow.contains("Bàn giao cho Vũ Thị G"), "{flow}");
}
