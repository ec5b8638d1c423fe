//! Each who leads or supports has a deadline of the person's own: given offline, shown to each as their
//! own, and moved for who asked alone.

use congvan_testkit::{HEAD, OFFICIAL, OTHER_HEAD};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, act, comes, desk_of, everything_sent, handling, refused, row},
    office::Office,
};

const DAY_MS: i64 = 86_400_000;

/// Tomorrow in Vietnam, as the form sends it.
fn tomorrow() -> String {
    let now = congvan_province::Clock::system().now();
    let day = now.plus_ms(DAY_MS).iso_vietnam();
    day.split('T').next().unwrap().to_owned()
}

/// The last instant in time of that day.
fn end(day: &str) -> Value {
    let due: congvan_model::Deadline = serde_json::from_value(json!({ "day": day })).unwrap();
    json!(due.instant().0)
}

async fn due(desk: &Face, document: &str) -> Value {
    row(desk, document).await["due_at"].clone()
}

async fn is_near(desk: &Face, document: &str) -> bool {
    let rows = desk.rows("incoming_due_soon", "").await;
    rows.iter().any(|row| row["id"] == document)
}

#[tokio::test]
async fn each_who_is_named_works_until_a_day_of_their_own_and_more_time_is_for_who_asked() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (leader, head) = (office.leader().await, desk_of(&office, &HEAD).await);
    let (official, other) = (
        desk_of(&office, &OFFICIAL).await,
        desk_of(&office, &OTHER_HEAD).await,
    );
    let rows = leader.rows("incoming_all", "").await;
    let waiting = rows.iter().find(|row| row["state"] == "presented").unwrap();
    let document = waiting["id"].as_str().unwrap();
    let (lead, support) = (
        account(&leader, &HEAD).await,
        account(&leader, &OTHER_HEAD).await,
    );
    let near = tomorrow();
    let direction = |lead_until: &str| {
        json!({
            "act": "direct", "lead": lead, "supports": [support], "informed": [],
            "due": "2099-12-20", "text": "Giao chủ trì, phối hợp",
            "deadlines": [
                { "account": lead, "due": lead_until },
                { "account": support, "due": near },
            ],
        })
    };

    office.cut();
    let late = direction("2099-12-21");
    assert_eq!(refused(&leader, document, late).await, "ACT_FIELD");
    let view = act(&leader, document, direction("2099-12-18")).await;
    assert_eq!(view["receivers"][0]["due_at"], end("2099-12-18"));
    assert_eq!(view["receivers"][1]["due_at"], end(&near));
    assert_eq!(due(&leader, document).await, end("2099-12-20"));
    office.connect();
    everything_sent(&leader).await;
    for (desk, until, is_soon) in [(&head, "2099-12-18", false), (&other, near.as_str(), true)] {
        comes(desk, document, "directed").await;
        assert_eq!(due(desk, document).await, end(until));
        assert_eq!(is_near(desk, document).await, is_soon);
    }

    // Nobody in the unit has longer than the unit, though the whole has.
    let assignment = |due: &str, to: &str| json!({ "act": "assign", "lead": to, "supports": [], "due": due, "text": "" });
    let to = account(&head, &OFFICIAL).await;
    office.cut();
    let late = assignment("2099-12-19", &to);
    assert_eq!(refused(&head, document, late).await, "ACT_FIELD");
    act(&head, document, assignment("2099-12-17", &to)).await;
    office.connect();
    everything_sent(&head).await;
    comes(&official, document, "directed").await;
    assert_eq!(due(&official, document).await, end("2099-12-17"));

    // Who supports asks for more time, offline too; nobody else's deadline moves.
    comes(&other, document, "directed").await;
    office.cut();
    let ask = json!({ "act": "ask_extension", "due": "2099-12-15", "reason": "Chờ số liệu" });
    act(&other, document, ask).await;
    office.connect();
    everything_sent(&other).await;
    leader.sync_now().await;
    leader
        .until("the leader is asked", async |leader| {
            let view = handling(leader, document).await;
            let asked = &view["extension"]["asked_by"];
            (*asked == OTHER_HEAD.full_name).then_some(())
        })
        .await;
    let grant = json!({ "act": "answer_extension", "granted": true, "text": "" });
    act(&leader, document, grant).await;
    everything_sent(&leader).await;
    other.sync_now().await;
    other
        .until("more time", async |other| {
            (due(other, document).await == end("2099-12-15")).then_some(())
        })
        .await;
    assert!(!is_near(&other, document).await);
    official.sync_now().await;
    official
        .until("the answer", async |official| {
            let flow = official.document(document).await["flow"].to_string();
            flow.contains("gia hạn đến 15/12/2099").then_some(())
        })
        .await;
    for (desk, until) in [(&official, "2099-12-17"), (&leader, "2099-12-20")] {
        assert_eq!(due(desk, document).await, end(until));
    }
    office.cut();
}
