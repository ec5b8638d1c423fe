//! A stick between two desks over the real server: what one wrote and signed with the exchange paused,
//! another carries, and the answer comes back.

use std::{path::PathBuf, sync::Arc};

use congvan_core::{CourierRefusal, Desk, DeskError, StoreError};
use congvan_testkit::OFFICIAL;
use serde_json::json;

use crate::{face::Face, handling::desk_of, office::Office};

pub(crate) fn core(face: &Face) -> Arc<Desk> {
    match face {
        Face::Here(desk) => desk.clone(),
        _ => panic!("a desk in this process"),
    }
}

pub(crate) fn why<T: std::fmt::Debug>(done: Result<T, DeskError>) -> CourierRefusal {
    match done {
        Err(DeskError::Store(StoreError::Courier { why })) => why,
        other => panic!("{other:?}"),
    }
}

fn answer_of(bundle: &std::path::Path, name: &str) -> PathBuf {
    bundle.with_file_name(name)
}

#[tokio::test]
async fn what_waits_travels_by_hand_once_and_its_answer_settles_it() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let leader = office.leader().await;
    let courier = desk_of(&office, &OFFICIAL).await;
    let (own, carrying) = (core(&leader), core(&courier));
    leader
        .until("the server knows the desk's keys", async |_| {
            own.courier_ready().await.unwrap().then_some(())
        })
        .await;
    let draft = leader.rows("to_sign", "").await[0]["id"].clone();
    let draft = draft.as_str().unwrap();
    leader.ask("sync_pause", json!({ "until": null })).await;
    leader.sign(draft, office.pin()).await.unwrap();
    let document = leader.rows("incoming_all", "").await[0]["id"].clone();
    let opinion = json!({ "document": document, "kind": "opinion", "text": "Gửi bằng USB" });
    leader.ask("opinion_add", opinion).await;
    let before = office.stats();

    let bundle = office.file("stick").join("goi.cvct");
    std::fs::create_dir_all(bundle.parent().unwrap()).unwrap();
    let written = own.courier_write(bundle.clone()).await.unwrap();
    assert_eq!((written.acts, written.files, written.left), (2, 1, 0));
    // The file that was signed has more than that; its tail travels.
    assert!(written.size < 300_000, "{}", written.size);
    assert_eq!(
        why(own.courier_receive(bundle.clone()).await),
        CourierRefusal::Outgoing
    );

    let carried = carrying.courier_carry(bundle.clone()).await.unwrap();
    assert_eq!(carried.office, "UBND xã Bình Minh Đông");
    let again = carrying.courier_carry(bundle.clone()).await.unwrap();
    assert_eq!(again.answer, carried.answer);
    let answer = answer_of(&bundle, &carried.answer);
    assert_eq!(
        why(carrying.courier_receive(answer.clone()).await),
        CourierRefusal::OtherDesk
    );
    assert_eq!(
        why(carrying.courier_carry(answer.clone()).await),
        CourierRefusal::Answer
    );
    let stats = office.stats();
    assert_eq!(stats.opinions, before.opinions + 1);
    assert_eq!(office.signed(draft).len(), 1);

    let delivered = own.courier_receive(answer.clone()).await.unwrap();
    assert_eq!(
        (delivered.outcome.applied, delivered.outcome.trouble),
        (2, 0)
    );
    assert!(!delivered.more && delivered.refused.is_none());
    let acts = leader.acts("received").await;
    assert_eq!(acts.len(), 2);
    assert!(
        acts.iter().all(|act| act["receipt"].is_string()),
        "{acts:?}"
    );
    assert_eq!(leader.document(draft).await["row"]["state"], "signed");
    let late = own.courier_receive(answer).await.unwrap();
    assert_eq!(late.outcome.applied, 0);

    leader.ask("sync_resume", json!({})).await;
    leader.sync_now().await;
    leader.everything_sent().await;
    let stats = office.stats();
    assert_eq!(stats.opinions, before.opinions + 1);
    assert_eq!(stats.applied_ops, before.applied_ops + 2);
    let names: Vec<_> = std::fs::read_dir(bundle.parent().unwrap())
        .unwrap()
        .collect();
    assert_eq!(
        names.len(),
        2,
        "nothing unfinished lies on the stick: {names:?}"
    );
}

#[tokio::test]
async fn a_stick_that_is_pulled_out_or_spoiled_changes_nothing() {
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let leader = office.leader().await;
    let desk = core(&leader);
    leader
        .until("the server knows the desk's keys", async |_| {
            desk.courier_ready().await.unwrap().then_some(())
        })
        .await;
    let gone = office.file("no-such-stick").join("goi.cvct");
    assert_eq!(
        why(desk.courier_write(gone.clone()).await),
        CourierRefusal::Stick
    );
    assert_eq!(
        why(desk.courier_carry(gone.clone()).await),
        CourierRefusal::Stick
    );
    assert_eq!(why(desk.courier_receive(gone).await), CourierRefusal::Stick);
    let bundle = office.file("goi.cvct");
    desk.courier_write(bundle.clone()).await.unwrap();
    let mut bytes = std::fs::read(&bundle).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&bundle, &bytes).unwrap();
    assert_eq!(
        why(desk.courier_carry(bundle.clone()).await),
        CourierRefusal::Damaged
    );
    std::fs::write(&bundle, b"%PDF-1.7").unwrap();
    assert_eq!(
        why(desk.courier_carry(bundle).await),
        CourierRefusal::NotOurs
    );
    assert_eq!(desk.outside(), None);
}
