//! Several posts and mandates at real desks: what is chosen decides what is offered and judged, a
//! delegate directs in the leader's place with the line down, and what was revoked meanwhile is
//! refused with nothing lost.

use congvan_model::Role;
use congvan_protocol::{AgencyInfo, Post};
use congvan_testkit::{HEAD, LEADER, OFFICIAL, OTHER_HEAD};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, act, comes, desk_of, everything_sent, handling, refused, row},
    office::Office,
};

async fn capacities(desk: &Face) -> Value {
    desk.ask("capacity_list", json!({})).await
}

/// Waits until this desk has something to choose, and gives the keys.
async fn options(desk: &Face, count: usize) -> Vec<(String, String)> {
    desk.sync_now().await;
    desk.until("something to choose", async |desk| {
        desk.sync_now().await;
        let all = capacities(desk).await;
        let options = all["options"].as_array().unwrap();
        (options.len() == count).then(|| {
            let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
            let found = options.iter();
            found
                .map(|one| (text(one, "title"), text(one, "key")))
                .collect()
        })
    })
    .await
}

async fn choose(desk: &Face, key: &str) {
    desk.ask("capacity_choose", json!({ "key": key })).await;
}

/// A delegation of everything for an hour, as the leader's desk asks for it.
async fn delegation(leader: &Face) -> Value {
    let now = congvan_province::Clock::system().now().0;
    json!({
        "kind": "delegation", "holder": account(leader, &HEAD).await,
        "direct": true, "sign": true, "kinds": [], "since": now - 1_000, "until": now + 3_600_000,
        "reference": "05/GUQ-UBND",
    })
}

/// A document that lies before the leader.
async fn presented(leader: &Face) -> String {
    let rows = leader.rows("incoming_all", "").await;
    let row = rows.iter().find(|row| row["state"] == "presented").unwrap();
    row["id"].as_str().unwrap().to_owned()
}

async fn direction(desk: &Face) -> Value {
    json!({
        "act": "direct", "lead": account(desk, &OTHER_HEAD).await, "supports": [],
        "informed": [], "due": "2099-12-20", "text": "Giao Phòng Văn hóa – Xã hội",
    })
}

#[tokio::test]
async fn a_delegate_directs_in_the_leaders_place_offline_and_the_steps_name_both() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (leader, head) = (office.leader().await, desk_of(&office, &HEAD).await);
    let other = desk_of(&office, &OTHER_HEAD).await;
    let document = &presented(&leader).await;
    assert_eq!(capacities(&head).await["options"], json!([]), "one post");
    assert_eq!(capacities(&head).await["may_give"], false);

    let given = leader.ask("mandate_give", delegation(&leader).await).await;
    assert_eq!(given["given"][0]["person"], HEAD.full_name);
    assert_eq!(given["given"][0]["in_force"], true);
    let options = options(&head, 2).await;
    let titles: Vec<&str> = options.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, ["Trưởng phòng", "TUQ. Chủ tịch"]);
    comes(&head, document, "presented").await;
    let lists = async |desk: &Face| {
        let say = desk.rows("incoming_say", "").await;
        say.iter().any(|row| row["id"] == *document)
    };
    head.until("in the list of what waits for a word", async |desk| {
        lists(desk).await.then_some(())
    })
    .await;
    assert_eq!(handling(&head, document).await["allowed"], json!([]));
    choose(&head, &options[1].1).await;
    let view = handling(&head, document).await;
    assert_eq!(view["allowed"], json!(["direct", "return"]));
    // The holder passes nothing on.
    let onward = head
        .call("mandate_give", delegation(&leader).await)
        .await
        .unwrap_err();
    assert_eq!(onward.code, "SERVER_REFUSED");
    assert!(
        onward.args.to_string().contains("NO_REDELEGATION"),
        "{:?}",
        onward.args
    );

    office.cut();
    let direct = direction(&head).await;
    let view = act(&head, document, direct).await;
    assert_eq!(view["state"], "directed");
    assert!(!lists(&head).await);
    office.connect();
    everything_sent(&head).await;
    comes(&other, document, "directed").await;
    let flow = other.document(document).await["flow"].clone();
    let last = flow.as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["who"], "Hoàng Văn E (thừa uỷ quyền của Nguyễn Văn A)");
    // The leader directed, as far as the table knows: the leader's desk can do it anew.
    comes(&leader, document, "directed").await;
    let allowed = handling(&leader, document).await["allowed"].to_string();
    assert!(allowed.contains("direct"), "{allowed}");
}

#[tokio::test]
async fn what_was_done_offline_by_a_mandate_revoked_meanwhile_is_refused_and_kept() {
    let mut office = Office::open_with(|config| config.next_poll_s = 1);
    let (leader, head) = (office.leader().await, desk_of(&office, &HEAD).await);
    let document = &presented(&leader).await;
    let given = leader.ask("mandate_give", delegation(&leader).await).await;
    let options = options(&head, 2).await;
    comes(&head, document, "presented").await;
    choose(&head, &options[1].1).await;

    // The delegate's line is down; the leader's is not.
    head.ask("sync_pause", json!({ "until": null })).await;
    let direct = direction(&head).await;
    act(&head, document, direct.clone()).await;
    assert_eq!(head.unsent().await, 1);
    let id = given["given"][0]["id"].clone();
    let after = leader.ask("mandate_revoke", json!({ "id": id })).await;
    assert_eq!(after["given"], json!([]));
    head.ask("sync_resume", json!({})).await;
    let rejected = head.rejection().await;
    assert_eq!(rejected["problem"], "CAPACITY_ENDED");
    assert_eq!(row(&leader, document).await["state"], "presented");
    // It says so, and nothing more is done in that capacity; the person's own post is there.
    head.until("told", async |desk| {
        desk.sync_now().await;
        (capacities(desk).await["ended"] == true).then_some(())
    })
    .await;
    assert_eq!(refused(&head, document, direct).await, "CAPACITY_ENDED");
    choose(&head, "").await;
    assert_eq!(capacities(&head).await["ended"], false);
    office.cut();
}

#[tokio::test]
async fn who_holds_two_posts_acts_by_the_one_that_was_chosen_and_by_no_other() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let deputy = Post {
        role: Role::Leader,
        title: "Phó Chủ tịch".to_owned(),
        agency: AgencyInfo {
            code: LEADER.unit_code.to_owned(),
            name: LEADER.unit_name.to_owned(),
        },
        since: None,
        until: None,
    };
    office
        .province()
        .appoint(OFFICIAL.username, &deputy)
        .unwrap();
    let official = desk_of(&office, &OFFICIAL).await;
    let options = options(&official, 2).await;
    let titles: Vec<&str> = options.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, ["Chuyên viên", "Phó Chủ tịch"]);
    let both = official.ask("app_status", json!({})).await;
    assert_eq!(both["account"]["posts"].as_array().unwrap().len(), 2);
    choose(&official, &options[1].1).await;
    let one = official.ask("app_status", json!({})).await;
    assert_eq!(one["account"]["posts"][0]["title"], "Phó Chủ tịch");
    assert_eq!(capacities(&official).await["may_give"], true);
    // What is not the person's cannot be chosen.
    let stranger = json!({ "as": "post", "unit": "H99.101", "role": "clerk" }).to_string();
    let refused = official
        .call("capacity_choose", json!({ "key": stranger }))
        .await
        .unwrap_err();
    assert_eq!(refused.code, "CAPACITY_ENDED");
    let chosen = capacities(&official).await["chosen"].clone();
    assert_eq!(chosen, json!(options[1].1));
}
