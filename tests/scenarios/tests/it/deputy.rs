//! A deputy (KT.) and who has a written delegation (TUQ.) sign in the leader's place with a token of
//! their own: the place is found by that person's name, the server takes what is within the mandate,
//! and nothing after its end or beside its kinds.

use std::fs;

use congvan_ipc::dto::DraftFileDto;
use congvan_model::Role;
use congvan_protocol::{AgencyInfo, Post};
use congvan_province::Clock;
use congvan_testkit::{CLERK, HEAD, LEADER, OFFICIAL, OTHER_HEAD, Person, Pki, SignerKind};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, act, comes, desk_of, everything_sent, handling},
    looks::Verdict,
    office::Office,
    outgoing::{fields, may},
    registering::page_of,
};

/// What stands above and below the place of who signs for the leader: two lines and a name.
type Block = [&'static str; 3];
const DEPUTY: Block = ["KT. CHU TICH", "PHO CHU TICH", "Dang Thi H"];
const DELEGATE: Block = ["TUQ. CHU TICH", "TRUONG PHONG", "Hoang Van E"];

/// Two blocks of signatures side by side: the leader's own on the left, the other one on the right.
fn page(file: &str, [above, title, name]: Block) -> Vec<u8> {
    let page = page_of(&format!(
        "BT /F1 13 Tf 85 600 Td (Dieu 1. Giao Phong Kinh te thuc hien ./.) Tj ET
         BT /F1 13 Tf 95 320 Td (CHU TICH) Tj ET
         BT /F1 13 Tf 92 220 Td (Nguyen Van A) Tj ET
         BT /F1 13 Tf 380 320 Td ({above}) Tj ET
         BT /F1 13 Tf 378 304 Td ({title}) Tj ET
         BT /F1 13 Tf 390 220 Td ({name}) Tj ET",
    ));
    [page, format!("% {file}\n").into_bytes()].concat()
}

/// Drafted, approved and checked: it waits for the leader's signature.
async fn before_the_leader(office: &Office, name: &str, block: Block) -> String {
    let official = desk_of(office, &OFFICIAL).await;
    let path = office.file(name);
    fs::write(&path, page(name, block)).unwrap();
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
    given(leader, ("absence", &OTHER_HEAD), kinds, "").await
}

/// A mandate for an hour, with the number of the written document.
async fn given(
    leader: &Face,
    (kind, holder): (&str, &Person),
    kinds: Value,
    reference: &str,
) -> Value {
    let now = Clock::system().now().0;
    let args = json!({
        "kind": kind, "holder": account(leader, holder).await, "direct": true,
        "sign": true, "kinds": kinds, "since": now - 1_000, "until": now + 3_600_000,
        "reference": reference,
    });
    let given = leader.ask("mandate_give", args).await;
    given["given"].as_array().unwrap().last().unwrap()["id"].clone()
}

/// Where the desk proposes to sign, which is by the words of the page; the order to sign there.
async fn found_order(desk: &Face, document: &str) -> Value {
    let mut order = desk.sign_args(document).await;
    let asked = json!({
        "document": document, "file": order["file"], "certificate": order["certificate"],
    });
    let found = desk.ask("placement_get", asked).await;
    assert_eq!(
        (&found["role"], &found["source"]),
        (&json!("signature"), &json!("FOUND"))
    );
    order["placement"] = found["placement"].clone();
    order
}

/// The signature is that person's, good, and between title and name on the right, not at the leader's
/// place on the left.
fn stands_on_the_right(office: &Office, pki: &Pki, signed: &Value, person: &Person) {
    let verdict = Verdict::of(office, pki, signed["sha256"].as_str().unwrap());
    assert_eq!(verdict.0["signatures"][0]["name"], person.full_name);
    let [left, top, right, bottom] = verdict.signature(0);
    assert!(left > 105.0 && right < 200.0, "{}", verdict.0);
    assert!(top > 185.0 && bottom < 222.0, "{}", verdict.0);
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
    let first = &before_the_leader(&office, "lan-1.pdf", DEPUTY).await;
    let second = &before_the_leader(&office, "lan-2.pdf", DEPUTY).await;

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
    let order = found_order(&deputy, first).await;
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
    stands_on_the_right(&office, &pki, &signed, &OTHER_HEAD);

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

#[tokio::test]
async fn who_has_a_written_delegation_signs_at_their_own_place_under_tuq_and_not_after_it_was_revoked()
 {
    let pki = Pki::new(Clock::system().now()).unwrap();
    let identity = pki.signer(&HEAD, SignerKind::Good).unwrap();
    let mut office = Office::open_for(&pki, (&HEAD, identity), |config| {
        config.next_poll_s = 1;
    });
    let (leader, head) = (office.leader().await, desk_of(&office, &HEAD).await);
    let first = &before_the_leader(&office, "uy-quyen-1.pdf", DELEGATE).await;
    let second = &before_the_leader(&office, "uy-quyen-2.pdf", DELEGATE).await;
    // Having approved the content gives nobody the leader's signature.
    for document in [first, second] {
        comes(&head, document, "awaiting_signature").await;
        head.arrives(document).await;
    }
    assert_eq!(handling(&head, first).await["may_sign"], false);

    let delegation = ("delegation", &HEAD);
    let mandate = given(&leader, delegation, json!([]), "01/UQ-UBND").await;
    let option = stands_in(&head, &mandate).await;
    assert_eq!(option["title"], "TUQ. Chủ tịch");
    assert_eq!(handling(&head, first).await["may_sign"], true);
    let order = found_order(&head, first).await;
    office.cut();
    let signed = head.sign_order(order, office.pin()).await.unwrap();
    office.connect();
    everything_sent(&head).await;
    comes(&leader, first, "signed").await;
    let detail = leader.document(first).await;
    assert_eq!(
        (&detail["signer_position"], &detail["signer_name"]),
        (&json!("TUQ. Chủ tịch"), &json!(HEAD.full_name))
    );
    let flow = detail["flow"].to_string();
    assert!(flow.contains("thừa uỷ quyền của Nguyễn Văn A"), "{flow}");
    stands_on_the_right(&office, &pki, &signed, &HEAD);

    head.ask("sync_pause", json!({ "until": null })).await;
    head.sign(second, office.pin()).await.unwrap();
    leader.ask("mandate_revoke", json!({ "id": mandate })).await;
    head.ask("sync_resume", json!({})).await;
    assert_eq!(head.rejection().await["problem"], "CAPACITY_ENDED");
    assert_eq!(office.signed(second), [] as [String; 0]);
}
