//! Tasks at several desks: given from a document, worked on with the network down, more time, accepted
//! and sent back, reminded of once; and the calendar that their days are counted by.

use congvan_testkit::{CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL, OTHER_HEAD, UNIT_ADMIN};
use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, desk_of, everything_sent},
    office::Office,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn house() -> Office {
    Office::open_with(|config| {
        config.next_poll_s = 1;
        config.other_roles = true;
    })
}

fn today(office: &Office) -> Date {
    office.province().now().vietnam_date()
}

/// The first day after so many that is a Monday, so that counting does not depend on today.
fn monday_after(office: &Office, days: i64) -> Date {
    let mut day = moved(today(office), days);
    while day.weekday() != Weekday::Monday {
        day = day.tomorrow().unwrap();
    }
    day
}

fn moved(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

fn order(title: &str, lead: &str, supports: &[&str], due: Date) -> Value {
    json!({
        "title": title, "text": "", "document": null, "meeting": null,
        "lead": lead, "supports": supports, "due": due.to_string(),
    })
}

/// Gives a task; the answer is its id.
async fn give(desk: &Face, order: Value) -> String {
    let given = desk.ask("task_give", order).await;
    given["task"]["id"].as_str().unwrap().to_owned()
}

async fn act(desk: &Face, id: &str, act: Value) -> Value {
    desk.ask("task_act", json!({ "id": id, "act": act })).await
}

async fn refused(desk: &Face, id: &str, act: Value) -> String {
    let error = desk.call("task_act", json!({ "id": id, "act": act })).await;
    error.unwrap_err().code
}

/// Waits until the desk shows the task as wanted.
async fn shows(desk: &Face, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    desk.until("the task is shown so", async |desk| {
        desk.sync_now().await;
        let found = desk.call("task_get", json!({ "id": id })).await;
        found.ok().filter(|found| wanted(found))
    })
    .await
}

fn in_state(state: &'static str) -> impl Fn(&Value) -> bool {
    move |detail| detail["task"]["state"] == state && detail["task"]["unsent"] == false
}

async fn listed(desk: &Face, filter: &str) -> Vec<String> {
    let list = desk.ask("tasks_list", json!({ "filter": filter })).await;
    let tasks = list["tasks"].as_array().unwrap().iter();
    tasks
        .map(|task| task["title"].as_str().unwrap().to_owned())
        .collect()
}

async fn counts(desk: &Face) -> [u64; 4] {
    let counts = desk.ask("task_counts", json!({})).await;
    ["to_do", "to_answer", "given", "overdue"].map(|name| counts[name].as_u64().unwrap())
}

#[tokio::test]
async fn a_task_from_a_document_is_worked_on_offline_sent_back_and_accepted() {
    let mut office = house();
    let leader = desk_of(&office, &LEADER).await;
    let head = desk_of(&office, &HEAD).await;
    let official = desk_of(&office, &OFFICIAL).await;
    let document = leader.rows("incoming_all", "").await[0]["id"].clone();
    let (lead, support) = (
        account(&leader, &OFFICIAL).await,
        account(&leader, &COLLEAGUE).await,
    );
    let due = monday_after(&office, 20);
    let mut wanted = order("Rà soát hộ nghèo", &lead, &[&support], due);
    wanted["document"] = document.clone();
    let none = official.call("task_give", wanted.clone()).await;
    assert_eq!(none.unwrap_err().code, "ACT_FORBIDDEN");
    // Given with the network down: it counts here, and goes out later.
    office.cut();
    let id = give(&leader, wanted).await;
    assert_eq!(counts(&leader).await, [0, 0, 1, 0]);
    let from = leader
        .ask("document_tasks", json!({ "id": document }))
        .await;
    assert_eq!(from[0]["title"], "Rà soát hộ nghèo");
    assert_eq!(from[0]["unsent"], true);
    office.connect();
    everything_sent(&leader).await;
    let seen = shows(&official, &id, in_state("given")).await;
    assert_eq!(seen["task"]["giver"], LEADER.full_name);
    assert_eq!(seen["document"]["id"], document);
    assert_eq!(counts(&official).await, [1, 0, 0, 0]);
    // The head of the unit looks on, who has nothing to do with it does not see it.
    shows(&head, &id, in_state("given")).await;
    assert_eq!(
        refused(&head, &id, json!({ "act": "take_up" })).await,
        "ACT_FORBIDDEN"
    );
    let other = desk_of(&office, &OTHER_HEAD).await;
    other.everything_pulled().await;
    let unseen = other.call("task_get", json!({ "id": id })).await;
    assert_eq!(unseen.unwrap_err().code, "NOT_FOUND");

    let colleague = desk_of(&office, &COLLEAGUE).await;
    shows(&colleague, &id, in_state("given")).await;
    office.cut();
    act(&official, &id, json!({ "act": "take_up" })).await;
    let evidence = official.rows("outgoing_all", "").await[0]["id"].clone();
    let report = json!({
        "act": "report", "text": "Đã xong hai thôn", "percent": 40, "evidence": [evidence],
    });
    let shown = act(&official, &id, report).await;
    assert_eq!(shown["task"]["percent"], 40);
    let word = json!({ "act": "report", "text": "Đã có số liệu", "percent": 90, "evidence": [] });
    act(&colleague, &id, word).await;
    let finish = json!({ "act": "finish", "text": "Đã rà soát xong", "evidence": [] });
    assert_eq!(
        refused(&colleague, &id, finish.clone()).await,
        "ACT_FORBIDDEN"
    );
    act(&official, &id, finish.clone()).await;
    office.connect();
    everything_sent(&colleague).await;
    everything_sent(&official).await;
    let reported = shows(&leader, &id, in_state("reported")).await;
    let reports = reported["reports"].as_array().unwrap();
    assert!(!reports.is_empty());
    let said = |name: &str| reports.iter().find(|one| one["by"] == name);
    let own = said(OFFICIAL.full_name).unwrap();
    assert_eq!(
        (&own["percent"], &own["evidence"][0]["id"]),
        (&json!(40), &evidence)
    );
    assert_eq!(counts(&leader).await, [0, 1, 1, 0]);
    assert_eq!(listed(&leader, "to_answer").await, ["Rà soát hộ nghèo"]);
    let back = json!({ "act": "send_back", "reason": "Thiếu danh sách thôn 3" });
    act(&leader, &id, back).await;
    everything_sent(&leader).await;
    let again = shows(&official, &id, in_state("in_progress")).await;
    let last = again["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(last["note"], "Thiếu danh sách thôn 3");
    act(&official, &id, finish).await;
    everything_sent(&official).await;
    shows(&leader, &id, in_state("reported")).await;
    act(&leader, &id, json!({ "act": "accept", "note": "" })).await;
    everything_sent(&leader).await;
    shows(&official, &id, in_state("accepted")).await;
    assert_eq!(counts(&official).await, [0, 0, 0, 0]);
    assert_eq!(listed(&official, "ended").await, ["Rà soát hộ nghèo"]);
    shows(&leader, &id, in_state("accepted")).await;
    let board = leader.ask("task_board", json!({})).await;
    assert_eq!(
        board["accepted"],
        json!([{ "unit": OFFICIAL.unit_name, "in_time": 1, "late": 0 }])
    );
}

#[tokio::test]
async fn more_time_is_asked_for_offline_and_granted_and_what_was_withdrawn_meanwhile_is_a_conflict()
{
    let mut office = house();
    let head = desk_of(&office, &HEAD).await;
    let official = desk_of(&office, &OFFICIAL).await;
    let lead = account(&head, &OFFICIAL).await;
    let other = account(&head, &OTHER_HEAD).await;
    let due = monday_after(&office, 10);
    // A head gives to the people of the unit only.
    let people = head.ask("task_people", json!({})).await;
    assert!(!people.to_string().contains(OTHER_HEAD.full_name));
    let beyond = head
        .call("task_give", order("Khác phòng", &other, &[], due))
        .await;
    assert_eq!(beyond.unwrap_err().code, "ACT_FORBIDDEN");
    let past = order("Đã qua", &lead, &[], moved(today(&office), -1));
    let past = head.call("task_give", past).await.unwrap_err();
    assert_eq!(
        (past.code.as_str(), &past.args["field"]),
        ("ACT_FIELD", &json!("due"))
    );
    let mut wanted = order("Tổng hợp số liệu chợ", &lead, &[], due);
    wanted["meeting"] = json!({ "name": "Giao ban tuần 47", "held_on": "2026-11-16" });
    let id = give(&head, wanted).await;
    everything_sent(&head).await;
    let seen = shows(&official, &id, in_state("given")).await;
    assert_eq!(seen["meeting"]["name"], "Giao ban tuần 47");
    let later = moved(due, 7);
    office.cut();
    let ask =
        json!({ "act": "ask_extension", "until": later.to_string(), "reason": "Chờ số liệu" });
    act(&official, &id, ask).await;
    office.connect();
    everything_sent(&official).await;
    let asked = shows(&head, &id, |detail| detail["task"]["asked"] == true).await;
    assert_eq!(asked["task"]["due"], due.to_string());
    assert_eq!(counts(&head).await, [0, 1, 1, 0]);
    let grant = json!({ "act": "answer_extension", "until": later.to_string(), "reason": "" });
    act(&head, &id, grant).await;
    everything_sent(&head).await;
    let granted = |detail: &Value| detail["task"]["due"] == later.to_string();
    shows(&official, &id, granted).await;
    // Withdrawn while the lead's desk is paused: the lead reads who was first.
    official.ask("sync_pause", json!({ "until": null })).await;
    let finish = json!({ "act": "finish", "text": "Đã tổng hợp", "evidence": [] });
    act(&official, &id, finish).await;
    act(
        &head,
        &id,
        json!({ "act": "withdraw", "reason": "Giao nhầm" }),
    )
    .await;
    everything_sent(&head).await;
    official.ask("sync_resume", json!({})).await;
    let conflict = official
        .until("a conflict", async |desk| {
            desk.sync_now().await;
            desk.acts("conflict").await.into_iter().next()
        })
        .await;
    assert!(conflict.to_string().contains(HEAD.full_name), "{conflict}");
    shows(&official, &id, in_state("withdrawn")).await;
}

#[tokio::test]
async fn the_calendar_is_kept_by_who_manages_the_agency_and_days_are_counted_by_it_at_every_desk() {
    let mut office = house();
    let admin = desk_of(&office, &UNIT_ADMIN).await;
    let leader = desk_of(&office, &LEADER).await;
    let official = desk_of(&office, &OFFICIAL).await;
    // Twice a Monday, so that five days of work lie between whatever today is.
    let (first, due) = (monday_after(&office, 7), monday_after(&office, 14));
    let lead = account(&leader, &OFFICIAL).await;
    let id = give(&leader, order("Chuẩn bị hội nghị", &lead, &[], due)).await;
    everything_sent(&leader).await;
    let before = shows(&official, &id, in_state("given")).await;
    let before = before["task"]["days_left"].as_i64().unwrap();
    let day = |kind: &str, day: Date, name: &str| json!({ "day": day.to_string(), "kind": kind, "name": name });
    let off = day("holiday", first, "Nghỉ bù");
    let others = leader.call("calendar_set", off.clone()).await.unwrap_err();
    assert_eq!(others.code, "ACT_FORBIDDEN");
    let wrong = admin
        .call("calendar_set", day("make_up", first, "Làm bù"))
        .await;
    let wrong = wrong.unwrap_err();
    assert_eq!(
        (wrong.code.as_str(), &wrong.args["field"]),
        ("ACT_FIELD", &json!("kind"))
    );
    // Kept with the network down, too.
    office.cut();
    let kept = admin.ask("calendar_set", off).await;
    assert_eq!(kept["may_keep"], true);
    let tuesday = moved(first, 1);
    admin
        .ask("calendar_set", day("holiday", tuesday, "Nghỉ lễ"))
        .await;
    let saturday = moved(first, 5);
    let kept = admin
        .ask("calendar_set", day("make_up", saturday, "Làm bù"))
        .await;
    assert_eq!(kept["days"].as_array().unwrap().len(), 3);
    office.connect();
    everything_sent(&admin).await;
    let left = |left: i64| move |detail: &Value| detail["task"]["days_left"] == left;
    shows(&official, &id, left(before - 1)).await;
    let named = official.ask("calendar_get", json!({})).await;
    assert_eq!(named["may_keep"], false);
    assert_eq!(named["days"][2], day("make_up", saturday, "Làm bù"));
    admin
        .ask("calendar_clear", json!({ "day": tuesday.to_string() }))
        .await;
    everything_sent(&admin).await;
    shows(&official, &id, left(before)).await;
}

/// Waits until the history has just these lines about deadlines of tasks: code and days left.
async fn reminded(desk: &Face, wanted: &[(&str, u64)]) {
    desk.until("reminders", async |desk| {
        let history = desk.ask("sync_history", json!({ "before": null })).await;
        let lines = history.as_array().unwrap().iter().rev();
        let of_tasks = lines.filter(|line| line["code"].as_str().unwrap().starts_with("TASK_"));
        let found: Vec<(&str, u64)> = of_tasks
            .map(|line| {
                (
                    line["code"].as_str().unwrap(),
                    line["count"].as_u64().unwrap(),
                )
            })
            .collect();
        (found == wanted).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_deadline_is_reminded_of_once_for_each_step_and_its_giver_when_it_is_over() {
    let office = house();
    let clock = office.province().config.clock.clone();
    let leader = desk_of(&office, &LEADER).await;
    let official = desk_of(&office, &OFFICIAL).await;
    let clerk = desk_of(&office, &CLERK).await;
    let lead = account(&leader, &OFFICIAL).await;
    let due = monday_after(&office, 21);
    let id = give(&leader, order("Báo cáo quý", &lead, &[], due)).await;
    everything_sent(&leader).await;
    shows(&official, &id, in_state("given")).await;
    // Every word of the server about a task has the deadlines looked at.
    let wakes = async || {
        let other = give(&leader, order("Việc khác", &lead, &[], moved(due, 60))).await;
        everything_sent(&leader).await;
        shows(&official, &other, in_state("given")).await;
        shows(&clerk, &other, in_state("given")).await;
        shows(&leader, &other, in_state("given")).await;
    };
    let goes_to = async |day: Date| {
        let days = today(&office).until(day).unwrap().get_days();
        clock.advance_ms(i64::from(days) * DAY_MS);
        wakes().await;
    };
    // A Friday is one working day before a Monday; two weeks before there are ten.
    goes_to(moved(due, -14)).await;
    goes_to(moved(due, -7)).await;
    reminded(&official, &[("TASK_DUE", 7)]).await;
    // Not again, and not the giver.
    wakes().await;
    goes_to(moved(due, -3)).await;
    reminded(&official, &[("TASK_DUE", 7), ("TASK_DUE", 1)]).await;
    reminded(&leader, &[]).await;
    goes_to(moved(due, 1)).await;
    let all = [("TASK_DUE", 7), ("TASK_DUE", 1), ("TASK_OVERDUE", 0)];
    reminded(&official, &all).await;
    reminded(&leader, &[("TASK_OVERDUE", 0)]).await;
    reminded(&clerk, &[]).await;
    assert_eq!(counts(&official).await[3], 1);
    assert_eq!(listed(&leader, "overdue").await, ["Báo cáo quý"]);
}
