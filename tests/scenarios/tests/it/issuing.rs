//! A document that goes out, by seven people of two agencies: drafted, checked, signed by the leader,
//! numbered by the server, signed for the agency with its own token, issued, handled by the receiver,
//! filed. What can be done with the network down is done so.

use std::fs;

use congvan_ipc::dto::DraftFileDto;
use congvan_testkit::{
    CLERK, HEAD, LEADER, NEIGHBOUR_CLERK, NEIGHBOUR_CODE, NEIGHBOUR_HEAD, NEIGHBOUR_LEADER,
};
use serde_json::{Value, json};

use crate::{
    face::Face,
    handling::{account, act, comes, desk_of, everything_sent, handling, refused},
    house::{House, SEAL},
    looks::Verdict,
    office::Office,
    outgoing::{fields, may},
    registering::page_of,
};

pub(crate) const AGENCY: &str = "UBND xã Bình Minh Đông";
pub(crate) const SUBJECT: &str = "Kiện toàn Ban Chỉ huy phòng thủ dân sự";

/// A page with blanks for number and day.
fn page() -> Vec<u8> {
    page_of(
        "BT /F1 13 Tf 85 780 Td (So:            /QD-UBND) Tj ET
         BT /F1 13 Tf 300 760 Td (Xa, ngay          thang          nam) Tj ET
         BT /F1 13 Tf 85 600 Td (Dieu 1. Kien toan Ban Chi huy ./.) Tj ET",
    )
}

/// A PDF with blanks, kept at this desk, as its host says it.
pub(crate) async fn draft_file(office: &Office, desk: &Face, name: &str) -> Value {
    let Face::Here(core) = desk else {
        panic!("the desk is in this process");
    };
    let path = office.file(name);
    // Other bytes under each name.
    let comment = format!("% {name}\n");
    fs::write(&path, [page(), comment.into_bytes()].concat()).unwrap();
    json!(DraftFileDto::from(
        core.keep_draft_file(path).await.unwrap()
    ))
}

async fn draft(office: &Office, desk: &Face) -> String {
    let file = draft_file(office, desk, "quyet-dinh.pdf").await;
    let args = json!({ "fields": fields(SUBJECT), "file": file });
    let drafted = desk.ask("draft_create", args).await;
    drafted["document"].as_str().unwrap().to_owned()
}

/// None while the document is not issued here.
fn codes(view: &Value) -> Vec<&str> {
    let statuses = view["outgoing"]["deliveries"][0]["statuses"].as_array();
    let statuses = statuses.into_iter().flatten();
    statuses.map(|one| one["code"].as_str().unwrap()).collect()
}

/// Each status of the receiver has a time, none before the one before it.
fn are_timed(view: &Value) -> bool {
    let statuses = view["outgoing"]["deliveries"][0]["statuses"].as_array();
    let times = statuses.into_iter().flatten().map(|one| one["at"].as_i64());
    times.clone().all(|at| at > Some(0)) && times.is_sorted()
}

/// Waits until this desk reads these statuses of the receiver.
pub(crate) async fn reads(desk: &Face, document: &str, wanted: &[&str]) {
    desk.sync_now().await;
    desk.until("the receiver's statuses", async |desk| {
        let view = handling(desk, document).await;
        (codes(&view) == wanted && are_timed(&view)).then_some(())
    })
    .await;
}

/// Drafted, checked and signed by its leader.
pub(crate) async fn signed(office: &mut Office, official: &Face, clerk: &Face) -> String {
    let (head, leader) = (desk_of(office, &HEAD).await, office.leader().await);
    office.cut();
    let document = draft(office, official).await;
    let submit = json!({
        "act": "submit", "to": account(official, &HEAD).await, "supports": [], "text": "",
    });
    act(official, &document, submit).await;
    office.connect();
    everything_sent(official).await;
    may(&head, &document, "approve").await;
    act(&head, &document, json!({ "act": "approve", "text": "" })).await;
    everything_sent(&head).await;
    comes(clerk, &document, "format_review").await;
    let check = json!({
        "act": "check_format", "signer": account(clerk, &LEADER).await, "initials": [],
        "text": "",
    });
    act(clerk, &document, check).await;
    everything_sent(clerk).await;
    comes(&leader, &document, "awaiting_signature").await;
    leader.arrives(&document).await;
    office.cut();
    leader.sign(&document, office.pin()).await.unwrap();
    office.connect();
    everything_sent(&leader).await;
    document
}

#[tokio::test]
async fn a_signed_document_is_numbered_sealed_issued_and_filed_and_its_sender_sees_it_handled() {
    let mut house = House::open().await;
    let document = &house.signed().await;
    let House {
        mut office,
        pki,
        token,
        clerk,
        official,
    } = house;

    // The clerk asks for the number with the line down: it waits for it, and shows none.
    let early = clerk.call("sign", clerk.sign_args(document).await).await;
    let early = early.unwrap_err();
    assert_eq!(
        (early.code.as_str(), &early.args["reason"]),
        ("SIGN_REFUSED", &json!("NO_NUMBER_YET"))
    );
    assert_eq!(
        refused(&official, document, json!({ "act": "number" })).await,
        "ACT_FORBIDDEN"
    );
    office.cut();
    // What is on its way while the line breaks could not be taken back.
    clerk.network("offline").await;
    for undone in [true, false] {
        let view = act(&clerk, document, json!({ "act": "number" })).await;
        let numbered = &view["outgoing"]["numbered"];
        assert_eq!(
            (&numbered["by"], &numbered["notation"]),
            (&json!(CLERK.full_name), &Value::Null)
        );
        assert_eq!(view["allowed"], json!(["return"]));
        assert_eq!(
            clerk.document(document).await["row"]["notation"],
            Value::Null
        );
        if undone {
            let args = json!({ "id": document });
            let view = clerk.ask("document_act_undo", args).await;
            assert_eq!(view["allowed"], json!(["return", "number"]));
        }
    }
    office.connect();
    everything_sent(&clerk).await;
    may(&clerk, document, "seal").await;
    let numbered = handling(&clerk, document).await["outgoing"]["numbered"].clone();
    let day = office.province().now().vietnam_date();
    assert_eq!(
        (&numbered["notation"], &numbered["issued_on"]),
        (&json!("01/QĐ-UBND"), &json!(day.to_string()))
    );

    // Sealed with the agency's own token and issued, offline again.
    clerk.take_picture(&office, "seal", SEAL).await;
    office.cut();
    let (found, sealed) = clerk.sign_in_place(document, token.pin).await;
    assert_eq!(found["role"], "seal");
    let view = handling(&clerk, document).await;
    assert_eq!(view["allowed"], json!(["return", "issue"]));
    // Before the server has heard of it, too, it is the clerk's act, not the certificate's.
    assert_eq!(view["outgoing"]["sealed"]["by"], CLERK.full_name);
    let nobody = json!({ "act": "issue", "to": [], "places": [] });
    assert_eq!(refused(&clerk, document, nobody).await, "ACT_FIELD");
    let neighbour = json!({ "code": NEIGHBOUR_CODE, "name": "UBND phường An Phú Tây" });
    let issue = json!({
        "act": "issue", "to": [neighbour], "places": ["Như Điều 3", "Lưu: VT, KT"],
    });
    let view = act(&clerk, document, issue).await;
    assert_eq!(view["state"], "issued");
    assert_eq!(codes(&view), [""; 0]);
    assert_eq!(
        view["outgoing"]["places"],
        json!(["Như Điều 3", "Lưu: VT, KT"])
    );
    office.connect();
    everything_sent(&clerk).await;
    reads(&official, document, &["01"]).await;

    // Both signatures hold over what was filled in between them, and the page shows it.
    let verdict = Verdict::of(&office, &pki, &sealed);
    assert_eq!(verdict.0["signatures"][1]["name"], AGENCY);
    let text = verdict.0["text"].as_str().unwrap();
    let (number, year) = ("So: 01 /QD-UBND", day.year().to_string());
    assert!(text.contains(number) && text.contains(&year), "{text}");

    // The receiving agency registers it and its people handle it.
    let there = desk_of(&office, &NEIGHBOUR_CLERK).await;
    let list = there.ask("received_list", json!({})).await;
    let waiting = list["waiting"].as_array().unwrap();
    assert_eq!(waiting.len(), 1, "{list}");
    assert_eq!(waiting[0]["notation"], "01/QĐ-UBND");
    let received = waiting[0]["document"].as_str().unwrap();
    let options = there.ask("register_options", json!({})).await;
    let order = json!({ "documents": [received], "defaults": options["defaults"] });
    office.cut();
    there.ask("received_register", order).await;
    office.connect();
    everything_sent(&there).await;
    reads(&official, document, &["01", "03"]).await;
    let (leader, head) = (
        desk_of(&office, &NEIGHBOUR_LEADER).await,
        desk_of(&office, &NEIGHBOUR_HEAD).await,
    );
    comes(&leader, received, "presented").await;
    let direct = json!({
        "act": "direct", "lead": account(&leader, &NEIGHBOUR_HEAD).await, "supports": [],
        "informed": [], "due": "", "text": "Giao tham mưu",
    });
    let resolve = json!({ "act": "resolve", "reply": null, "text": "Đã triển khai" });
    let steps = [
        (&leader, "direct", direct, "04"),
        (&head, "take_up", json!({ "act": "take_up" }), "05"),
        (&head, "resolve", resolve, "06"),
    ];
    let mut told = vec!["01", "03"];
    for (desk, kind, step, code) in steps {
        may(desk, received, kind).await;
        office.cut();
        act(desk, received, step).await;
        office.connect();
        everything_sent(desk).await;
        told.push(code);
        reads(&official, document, &told).await;
    }

    // Filed by who drafted it; the receiver's statuses stay on it at every desk of the sender.
    office.cut();
    let file = json!({ "act": "file", "dossier": "01.PTDS" });
    let view = act(&official, document, file).await;
    assert_eq!(view["state"], "filed");
    office.connect();
    everything_sent(&official).await;
    for desk in [&official, &clerk] {
        comes(desk, document, "filed").await;
        reads(desk, document, &told).await;
        assert!(desk.acts("conflict").await.is_empty() && desk.acts("rejected").await.is_empty());
    }
    // What was read stays, with the network down, too.
    office.cut();
    let view = handling(&official, document).await;
    assert!(codes(&view) == told && are_timed(&view), "{view}");
    office.connect();
    assert_eq!(office.signed(document).len(), 2);
    let report = office.province().check_numbers().unwrap();
    assert_eq!(report.violations, [""; 0]);
}
