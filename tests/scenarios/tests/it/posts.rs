//! Posts for a time at real desks: given and ended by who manages the unit, offered with their days,
//! and what was done offline in one that has ended is refused and kept.

use congvan_model::Role;
use congvan_protocol::{AgencyInfo, Post};
use congvan_testkit::{ARCHIVIST, COLLEAGUE, HEAD, OFFICIAL, Person, UNIT_ADMIN, UNIT_CLERK};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, act, comes, desk_of, everything_sent, handling, refused, row},
    office::Office,
};

const MINUTE_MS: i64 = 60_000;

fn now() -> i64 {
    congvan_province::Clock::system().now().0
}

/// Waits until a capacity of that title is what is asked for, and gives it.
async fn offered(desk: &Face, title: &str, is: impl Fn(Option<&Value>) -> bool) -> Option<Value> {
    desk.until(title, async |desk| {
        desk.sync_now().await;
        let all = desk.ask("capacity_list", json!({})).await;
        let options = all["options"].as_array().unwrap();
        let found = options.iter().find(|one| one["title"] == title);
        is(found).then(|| found.cloned())
    })
    .await
}

/// The arguments that give a colleague the unit's clerkship.
async fn clerkship(desk: &Face, since: i64, until: Option<i64>) -> Value {
    json!({
        "account": account(desk, &COLLEAGUE).await, "unit_code": HEAD.unit_code,
        "role": "unit_clerk", "title": "Trợ lý kiêm nhiệm", "since": since, "until": until,
    })
}

/// The posts of a person among those that a desk manages: title, end, whether it can be ended.
async fn managed(desk: &Face, person: &Person) -> Vec<(String, Value, bool)> {
    let posts = desk.ask("unit_posts", json!({})).await;
    let posts = posts.as_array().unwrap().iter();
    posts
        .filter(|post| post["person"] == person.full_name)
        .map(|post| {
            let title = post["title"].as_str().unwrap().to_owned();
            (title, post["until"].clone(), post["may_end"] == true)
        })
        .collect()
}

#[tokio::test]
async fn who_manages_a_unit_gives_a_post_for_a_time_and_its_holder_reads_its_days_beforehand() {
    let office = Office::open_with(|config| {
        config.next_poll_s = 1;
        config.other_roles = true;
    });
    let admin = desk_of(&office, &UNIT_ADMIN).await;
    let colleague = desk_of(&office, &COLLEAGUE).await;
    let own = ("Chuyên viên".to_owned(), Value::Null, false);
    assert_eq!(
        managed(&admin, &COLLEAGUE).await,
        std::slice::from_ref(&own)
    );
    assert_eq!(admin.rows("incoming_all", "").await, [] as [Value; 0]);
    // Only who manages the unit, and what is wrong is said before it is sent.
    let (begins, ends) = (now() + 5 * MINUTE_MS, now() + 60 * MINUTE_MS);
    let args = clerkship(&admin, begins, Some(ends)).await;
    let head = desk_of(&office, &HEAD).await;
    assert_eq!(head.ask("unit_posts", json!({})).await, json!([]));
    let others = head.call("unit_post_give", args.clone()).await.unwrap_err();
    assert_eq!(others.code, "SERVER_REFUSED");
    assert!(others.args.to_string().contains("FORBIDDEN"));
    let mut wrong = args.clone();
    wrong["until"] = wrong["since"].clone();
    let wrong = admin.call("unit_post_give", wrong).await.unwrap_err();
    assert_eq!(
        (wrong.code.as_str(), &wrong.args["field"]),
        ("ACT_FIELD", &json!("until"))
    );

    let posts = admin.ask("unit_post_give", args).await;
    let given = ("Trợ lý kiêm nhiệm".to_owned(), json!(ends), true);
    assert_eq!(managed(&admin, &COLLEAGUE).await, [own.clone(), given]);
    assert!(posts.to_string().contains("Trợ lý kiêm nhiệm"));
    let title = "Trợ lý kiêm nhiệm";
    let coming = offered(&colleague, title, |one| one.is_some())
        .await
        .unwrap();
    assert_eq!(
        (&coming["since"], &coming["until"]),
        (&json!(begins), &json!(ends))
    );
    let key = json!({ "key": coming["key"] });
    let early = colleague.call("capacity_choose", key.clone()).await;
    assert_eq!(early.unwrap_err().code, "CAPACITY_ENDED");

    let clock = office.province().config.clock.clone();
    clock.advance_ms(6 * MINUTE_MS);
    let has_begun = |one: Option<&Value>| one.is_some_and(|one| one["since"].is_null());
    let begun = offered(&colleague, title, has_begun).await.unwrap();
    assert_eq!(begun["until"], json!(ends));
    colleague.ask("capacity_choose", key).await;
    let place = json!({
        "account": account(&admin, &COLLEAGUE).await,
        "unit_code": HEAD.unit_code, "role": "unit_clerk",
    });
    admin.ask("unit_post_end", place).await;
    assert_eq!(managed(&admin, &COLLEAGUE).await, [own]);
    offered(&colleague, title, |one| one.is_none()).await;
    let all = colleague.ask("capacity_list", json!({})).await;
    assert_eq!((&all["ended"], &all["options"]), (&json!(true), &json!([])));
}

#[tokio::test]
async fn what_was_done_offline_in_a_post_that_ended_meanwhile_is_refused_and_kept() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let ends = now() + 30 * MINUTE_MS;
    let acting = Post {
        role: Role::Head,
        title: "Phụ trách phòng".to_owned(),
        agency: AgencyInfo {
            code: OFFICIAL.unit_code.to_owned(),
            name: OFFICIAL.unit_name.to_owned(),
        },
        since: None,
        until: Some(congvan_model::Timestamp(ends)),
    };
    let province = office.province();
    province.appoint(OFFICIAL.username, &acting).unwrap();
    let (leader, official) = (office.leader().await, desk_of(&office, &OFFICIAL).await);
    let rows = leader.rows("incoming_all", "").await;
    let waiting = rows.iter().find(|row| row["state"] == "presented").unwrap();
    let document = waiting["id"].as_str().unwrap();
    let direction = json!({
        "act": "direct", "lead": account(&leader, &OFFICIAL).await, "supports": [],
        "informed": [], "due": "", "text": "Giao đồng chí C",
    });
    act(&leader, document, direction).await;
    everything_sent(&leader).await;
    comes(&official, document, "directed").await;
    let post = offered(&official, "Phụ trách phòng", |one| one.is_some())
        .await
        .unwrap();
    assert_eq!(post["until"], json!(ends));
    official
        .ask("capacity_choose", json!({ "key": post["key"] }))
        .await;

    official.ask("sync_pause", json!({ "until": null })).await;
    let view = act(&official, document, json!({ "act": "take_up" })).await;
    assert_eq!(view["state"], "in_progress");
    office.province().config.clock.advance_ms(31 * MINUTE_MS);
    official.ask("sync_resume", json!({})).await;
    let rejected = official.rejection().await;
    assert_eq!(rejected["problem"], "CAPACITY_ENDED");
    assert_eq!(row(&leader, document).await["state"], "directed");
    let told = async |desk: &Face| {
        desk.sync_now().await;
        let all = desk.ask("capacity_list", json!({})).await;
        (all["ended"] == true).then_some(())
    };
    official.until("told", told).await;
    // By the person's own post it is done again.
    official.ask("capacity_choose", json!({ "key": "" })).await;
    act(&official, document, json!({ "act": "take_up" })).await;
    comes(&leader, document, "in_progress").await;
    office.cut();
}

#[tokio::test]
async fn by_all_posts_an_act_is_done_by_the_post_that_it_needs_and_told_when_that_has_ended() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let acting = Post {
        role: Role::Head,
        title: "Phụ trách phòng".to_owned(),
        agency: AgencyInfo {
            code: OFFICIAL.unit_code.to_owned(),
            name: OFFICIAL.unit_name.to_owned(),
        },
        since: None,
        until: Some(congvan_model::Timestamp(now() + 30 * MINUTE_MS)),
    };
    let province = office.province();
    province.appoint(OFFICIAL.username, &acting).unwrap();
    let (leader, official) = (office.leader().await, desk_of(&office, &OFFICIAL).await);
    let rows = leader.rows("incoming_all", "").await;
    let waiting = rows.iter().find(|row| row["state"] == "presented").unwrap();
    let document = waiting["id"].as_str().unwrap();
    let direction = json!({
        "act": "direct", "lead": account(&leader, &OFFICIAL).await, "supports": [],
        "informed": [], "due": "", "text": "Giao đồng chí C",
    });
    act(&leader, document, direction).await;
    everything_sent(&leader).await;
    comes(&official, document, "directed").await;
    offered(&official, "Phụ trách phòng", |one| one.is_some()).await;

    // No post was chosen; only who heads the unit gives it to its people.
    official.ask("sync_pause", json!({ "until": null })).await;
    let to = account(&official, &COLLEAGUE).await;
    let assign = json!({ "act": "assign", "lead": to, "supports": [], "due": "", "text": "" });
    act(&official, document, assign).await;
    office.province().config.clock.advance_ms(31 * MINUTE_MS);
    official.ask("sync_resume", json!({})).await;
    assert_eq!(official.rejection().await["problem"], "CAPACITY_ENDED");
    // What needs no post of the head is the person's still, and is not lost with it.
    official
        .until("the end of the post", async |official| {
            official.sync_now().await;
            let view = handling(official, document).await;
            (view["allowed"].as_array()?)
                .iter()
                .all(|act| act != "assign")
                .then_some(())
        })
        .await;
    act(&official, document, json!({ "act": "take_up" })).await;
    comes(&leader, document, "in_progress").await;
    office.cut();
}

#[tokio::test]
async fn the_clerk_of_a_unit_passes_on_for_its_head_offline_and_the_archivist_reads_what_is_filed()
{
    let mut office = Office::open_with(|config| {
        config.next_poll_s = 1;
        config.other_roles = true;
    });
    let (leader, clerk) = (office.leader().await, desk_of(&office, &UNIT_CLERK).await);
    let official = desk_of(&office, &OFFICIAL).await;
    let archivist = desk_of(&office, &ARCHIVIST).await;
    let rows = leader.rows("incoming_all", "").await;
    let waiting = rows.iter().find(|row| row["state"] == "presented").unwrap();
    let document = waiting["id"].as_str().unwrap();
    let direction = json!({
        "act": "direct", "lead": account(&leader, &HEAD).await, "supports": [],
        "informed": [], "due": "2099-12-20", "text": "Giao Phòng Kinh tế",
    });
    act(&leader, document, direction).await;
    everything_sent(&leader).await;
    comes(&clerk, document, "directed").await;
    let say = clerk.rows("incoming_say", "").await;
    assert!(say.iter().any(|row| row["id"] == document));
    let view = handling(&clerk, document).await;
    assert_eq!(view["allowed"], json!(["assign"]));
    // The deadline in the unit is not after the leader's.
    let assignment = |due: &str, lead: String| json!({ "act": "assign", "lead": lead, "supports": [], "due": due, "text": "" });
    let lead = account(&clerk, &OFFICIAL).await;
    let late = assignment("2099-12-21", lead.clone());
    assert_eq!(refused(&clerk, document, late).await, "ACT_FIELD");
    // What is asked of the head is not the clerk's to do.
    let take = json!({ "act": "take_up" });
    assert_eq!(refused(&clerk, document, take).await, "ACT_FORBIDDEN");

    office.cut();
    act(&clerk, document, assignment("2099-12-18", lead)).await;
    let say = clerk.rows("incoming_say", "").await;
    assert!(say.iter().all(|row| row["id"] != document));
    office.connect();
    everything_sent(&clerk).await;
    comes(&official, document, "directed").await;
    let flow = official.document(document).await["flow"].clone();
    let last = flow.as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["who"], UNIT_CLERK.full_name);

    act(&official, document, json!({ "act": "take_up" })).await;
    let done = json!({ "act": "resolve", "reply": null, "text": "Đã tổng hợp" });
    act(&official, document, done).await;
    everything_sent(&official).await;
    archivist.sync_now().await;
    let unseen = archivist
        .call("document_get", json!({ "id": document }))
        .await;
    assert_eq!(unseen.unwrap_err().code, "NOT_FOUND");
    act(
        &official,
        document,
        json!({ "act": "file", "dossier": "Hồ sơ 2026" }),
    )
    .await;
    everything_sent(&official).await;
    comes(&archivist, document, "filed").await;
    let view = handling(&archivist, document).await;
    assert_eq!(
        view["allowed"],
        json!([]),
        "it is read, and nothing is done to it"
    );
}
