//! What a receiver does not take: its sender reads it with the time and the reason, and cannot want it
//! back any more.

use congvan_testkit::NEIGHBOUR_CLERK;
use serde_json::json;

use crate::{
    handling::{act, desk_of, everything_sent, handling, refused},
    house::House,
    issuing::reads,
};

#[tokio::test]
async fn a_sender_reads_when_and_why_a_receiver_did_not_take_what_was_issued_with_the_network_down()
{
    let mut house = House::open().await;
    let document = &house.issued().await;
    let House {
        mut office,
        clerk,
        official,
        ..
    } = house;
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
