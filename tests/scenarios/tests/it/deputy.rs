//! A deputy signs in the leader's place with a token of their own: the place is found by the deputy's
//! name, the server takes what is within the mandate, and nothing after its end or beside its kinds.

use std::fs;

use congvan_ipc::dto::DraftFileDto;
use congvan_model::Role;
use congvan_protocol::{AgencyInfo, Post};
use congvan_province::Clock;
use congvan_testkit::{CLERK, HEAD, LEADER, OFFICIAL, OTHER_HEAD, Pki, SignerKind};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, act, comes, desk_of, everything_sent, handling},
    looks::Verdict,
    office::Office,
    outgoing::{fields, may},
    registering::page_of,
};

/// Two blocks of signatures side by side: the leader's own on the left, the deputy's on the right.
fn page(name: &str) -> Vec<u8> {
    let page = page_of(
        "BT /F1 13 Tf 85 600 Td (Dieu 1. Giao Phong Kinh te thuc hien ./.) Tj ET
         BT /F1 13 Tf 95 320 Td (CHU TICH) Tj ET
         BT /F1 13 Tf 92 220 Td (Nguyen Van A) Tj ET
         BT /F1 13 Tf 380 320 Td (KT. CHU TICH) Tj ET
         BT /F1 13 Tf 378 304 Td (PHO CHU TICH) Tj ET
         BT /F1 13 Tf 390 220 Td (Dang Thi H) Tj ET",
    );
    [page, format!("% {name}\n").into_bytes()].concat()
}

/// Drafted, approved and checked: it waits for the leader's signature.
async fn before_the_leader(office: &Office, name: &str) -> String {
    let official = desk_of(office, &OFFICIAL).await;
    let path = office.file(name);
    fs::write(&path, page(name)).unwrap();
    let Face::Here(core) = &official else {
        panic!("the desk is in this process");
    };
    let file = json!(DraftFileDto::from(
        core.keep_draft_file(path).await.unwrap()
    ));
    let args = json!({ "fields": fields(name), "file": file });
    let drafted = official.ask("draft_create", args).await;
    let document = drafted["document"].as_str().unwrap().to_owned();
    let submit = json!({
        "act": "submit", "to": account(&official, &HEAD).await, "supports": [], "text": "",
    });
    act(&official, &document, submit).await;
    everything_sent(&official).await;
    let head = desk_of(office, &HEAD).await;
    may(&head, &document, "approve").await;
    act(&head, &document, json!({ "act": "approve", "text": "" })).await;
    everything_sent(&head).await;
    let clerk = desk_of(office, &CLERK).await;
    comes(&clerk, &document, "format_review").await;
    let check = json!({
        "act": "check_format", "signer": account(&clerk, &LEADER).await, "initials": [],
        "text": "",
    });
    act(&clerk, &document, check).await;
    everything_sent(&clerk).await;
    document
}

/// The leader is away for an hour: the deputy may sign documents of these kinds.
async fn absence(leader: &Face, kinds: Value) -> Value {
    let now = Clock::system().now().0;
    let args = json!({
        "kind": "absence", "holder": account(leader, &OTHER_HEAD).await, "direct": true,
        "sign": true, "kinds": kinds, "since": now - 1_000, "until": now + 3_600_000,
        "reference": "",
    });
    let given = leader.ask("mandate_give", args).await;
    given["given"].as_array().unwrap().last().unwrap()["id"].clone()
}

/// The deputy chooses to act in the leader's place by that mandate.
async fn stands_in(deputy: &Face, mandate: &Value) -> Value {
    let option = deputy
        .until("the mandate", async |desk| {
            desk.sync_now().await;
            let all = desk.ask("capacity_list", json!({})).await;
            let id = mandate.as_str().unwrap();
            let mut options = all["options"].as_array().unwrap().iter();
            let found = options.find(|one| one["key"].as_str().unwrap().contains(id));
            found.cloned()
        })
        .await;
    let key = json!({ "key": option["key"] });
    deputy.ask("capacity_choose", key).await;
    option
}

#[tokio::test]
async fn a_deputy_signs_at_the_deputys_own_place_within_the_mandate_and_not_after_it_or_beside_it()
{
    let pki = Pki::new(Clock::system().now()).unwrap();
    let identity = pki.signer(&OTHER_HEAD, SignerKind::Good).unwrap();
    let mut office = Office::open_for(&pki, (&OTHER_HEAD, identity), |config| {
        config.next_poll_s = 1;
    });
    let post = Post {
        role: Role::Leader,
        title: "Phó Chủ tịch".to_owned(),
        agency: AgencyInfo {
            code: LEADER.unit_code.to_owned(),
            name: LEADER.unit_name.to_owned(),
        },
        since: None,
        until: None,
    };
    let province = office.province();
    province.appoint(OTHER_HEAD.username, &post).unwrap();
    let (leader, deputy) = (office.leader().await, desk_of(&office, &OTHER_HEAD).await);
    let first = &before_the_leader(&office, "lan-1.pdf").await;
    let second = &before_the_leader(&office, "lan-2.pdf").await;

    // Letters only: a decision is not among them, also where the deputy has seen it before.
    let wide = absence(&leader, json!([])).await;
    stands_in(&deputy, &wide).await;
    for document in [first, second] {
        comes(&deputy, document, "awaiting_signature").await;
        deputy.arrives(document).await;
    }
    let narrow = absence(&leader, json!(["official_letter"])).await;
    let option = stands_in(&deputy, &narrow).await;
    assert_eq!(option["title"], "KT. Chủ tịch");
    assert_eq!(option["kinds"], json!(["official_letter"]));
    assert_eq!(handling(&deputy, first).await["may_sign"], false);
    let refused = deputy.call("sign", deputy.sign_args(first).await).await;
    assert_eq!(refused.unwrap_err().code, "MANDATE_NARROWER");

    let option = stands_in(&deputy, &wide).await;
    assert_eq!(option["kinds"], json!([]));
    assert_eq!(handling(&deputy, first).await["may_sign"], true);
    let mut order = deputy.sign_args(first).await;
    let asked = json!({
        "document": first, "file": order["file"], "certificate": order["certificate"],
    });
    let found = deputy.ask("placement_get", asked).await;
    assert_eq!(
        (&found["role"], &found["source"]),
        (&json!("signature"), &json!("FOUND"))
    );
    order["placement"] = found["placement"].clone();
    office.cut();
    let signed = deputy.sign_order(order, office.pin()).await.unwrap();
    office.connect();
    everything_sent(&deputy).await;
    comes(&leader, first, "signed").await;
    let detail = leader.document(first).await;
    assert_eq!(
        (&detail["signer_position"], &detail["signer_name"]),
        (&json!("KT. Chủ tịch"), &json!(OTHER_HEAD.full_name))
    );
    let verdict = Verdict::of(&office, &pki, signed["sha256"].as_str().unwrap());
    assert_eq!(verdict.0["signatures"][0]["name"], OTHER_HEAD.full_name);
    let [left, top, right, bottom] = verdict.signature(0);
    // Between the title and the name on the right, not the leader's on the left.
    assert!(left > 105.0 && right < 200.0, "{}", verdict.0);
    assert!(top > 185.0 && bottom < 222.0, "{}", verdict.0);

    // Signed with the line down while the leader comes back.
    deputy.ask("sync_pause", json!({ "until": null })).await;
    deputy.sign(second, office.pin()).await.unwrap();
    for id in [wide, narrow] {
        leader.ask("mandate_revoke", json!({ "id": id })).await;
    }
    deputy.ask("sync_resume", json!({})).await;
    let rejected = deputy.rejection().await;
    assert_eq!(rejected["problem"], "CAPACITY_ENDED");
    assert_eq!(
        leader.document(second).await["row"]["state"],
        "awaiting_signature"
    );
    assert_eq!(office.signed(second), [] as [String; 0]);
}
