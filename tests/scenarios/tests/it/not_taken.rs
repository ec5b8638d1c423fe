//! What a receiver does not take: its sender reads it with the time and the reason, and cannot want it
//! back any more.

use congvan_province::Clock;
use congvan_testkit::{CLERK, NEIGHBOUR_CLERK, NEIGHBOUR_CODE, OFFICIAL, Pki, SignerKind, SoftHsm};
use serde_json::json;

use crate::{
    handling::{act, comes, desk_of, everything_sent, handling, refused},
    issuing::{AGENCY, reads, signed},
    office::Office,
    outgoing::may,
};

#[tokio::test]
async fn a_sender_reads_when_and_why_a_receiver_did_not_take_what_was_issued_with_the_network_down()
{
    let pki = Pki::new(Clock::system().now()).unwrap();
    let agency = pki.signer_named(AGENCY, SignerKind::Good).unwrap();
    let mut office = Office::open_under(&pki, |config| {
        config.next_poll_s = 1;
        config.neighbour = true;
        let certificate = agency.certificate.clone();
        config
            .signers
            .push((CLERK.username.to_owned(), certificate));
    });
    let token = SoftHsm::create(&office.file("agency-token"), &agency).unwrap();
    let clerk = office.desk_with(&token);
    clerk.log_in(&CLERK).await.unwrap();
    clerk.everything_pulled().await;
    let official = desk_of(&office, &OFFICIAL).await;
    let document = &signed(&mut office, &official, &clerk).await;
    comes(&clerk, document, "signed").await;
    clerk.arrives(document).await;
    act(&clerk, document, json!({ "act": "number" })).await;
    everything_sent(&clerk).await;
    may(&clerk, document, "seal").await;
    clerk
        .take_picture(&office, "seal", ("d81f26", (36.0, 36.0)))
        .await;
    clerk.sign_in_place(document, token.pin).await;
    let to = json!([{ "code": NEIGHBOUR_CODE, "name": "UBND phường An Phú Tây" }]);
    act(
        &clerk,
        document,
        json!({ "act": "issue", "to": to, "places": [] }),
    )
    .await;
    everything_sent(&clerk).await;
    reads(&official, document, &["01"]).await;

    let there = desk_of(&office, &NEIGHBOUR_CLERK).await;
    let list = there.ask("received_list", json!({})).await;
    let received = list["waiting"][0]["document"].as_str().unwrap();
    office.cut();
    let refuse = json!({ "act": "refuse", "reason": "Sai nơi nhận" });
    act(&there, received, refuse).await;
    office.connect();
    everything_sent(&there).await;
    for desk in [&official, &clerk] {
        reads(desk, document, &["01", "02"]).await;
    }
    office.cut();
    let view = handling(&official, document).await;
    let delivery = &view["outgoing"]["deliveries"][0];
    assert_eq!(delivery["statuses"][1]["reason"], "Sai nơi nhận");
    assert_eq!(delivery["may_recall"], false);
    let recall = json!({ "act": "recall", "to": [], "reason": "Gửi nhầm" });
    assert_eq!(refused(&clerk, document, recall).await, "ACT_WRONG_STATE");
}
