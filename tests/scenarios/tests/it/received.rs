//! What comes over the axis is registered from the desk: with the network down, out of a lease, by two
//! clerks at once; and what its sender is told.

use congvan_province::{AxisDelivery, FaultAction, FaultRule};
use congvan_testkit::{CLERK, LEADER, OFFICIAL, Person};
use serde_json::{Value, json};

use crate::{face::Face, host::Host, keyring::Keyring, office::Office};

fn delivered(office: &Office, number: u32) -> String {
    let delivery = AxisDelivery {
        axis_id: format!("H99.05,2026/11/22,{number}/STC-TRUC"),
        sender: "H99.05".to_owned(),
        sender_name: "Sở Tài chính".to_owned(),
        notation: format!("{number}/STC-TRUC").parse().unwrap(),
        subject: format!("V/v quyết toán {number}"),
    };
    let pdf = format!("%PDF-1.7\n% axis {number}\n%%EOF\n");
    let id = office.province().deliver_by_axis(&delivery, pdf.as_bytes());
    id.unwrap().to_string()
}

async fn desk(office: &Office, person: &Person) -> Face {
    let desk = office.desk();
    desk.log_in(person).await.unwrap();
    desk.everything_pulled().await;
    desk
}

async fn came(desk: &Face, count: usize) -> Vec<String> {
    desk.until("what came is here", async |desk| {
        let list = desk.ask("received_list", json!({})).await;
        // The office has others that wait, too.
        let waiting = list["waiting"].as_array().unwrap().iter();
        let ours: Vec<String> = waiting
            .filter(|each| each["notation"].as_str().unwrap().ends_with("STC-TRUC"))
            .map(|each| each["document"].as_str().unwrap().to_owned())
            .collect();
        (ours.len() == count).then_some(ours)
    })
    .await
}

/// The clerk's desk with two documents that wait.
pub(crate) async fn two_came(office: &Office) -> (Face, Vec<String>) {
    let desk = desk(office, &CLERK).await;
    for number in [1, 2] {
        delivered(office, number);
    }
    desk.sync_now().await;
    let documents = came(&desk, 2).await;
    (desk, documents)
}

async fn order(desk: &Face, documents: &[String]) -> Value {
    let options = desk.ask("register_options", json!({})).await;
    json!({ "documents": documents, "defaults": options["defaults"] })
}

pub(crate) async fn register(desk: &Face, documents: &[String]) -> Value {
    let order = order(desk, documents).await;
    desk.ask("received_register", order).await
}

async fn book(desk: &Face) -> Vec<Value> {
    let options = desk.ask("register_options", json!({})).await;
    let query = json!({
        "book": "den", "year": options["books"][0]["year"], "from": "", "to": "",
        "text": "STC-TRUC", "offset": 0, "limit": 500,
    });
    let page = desk.ask("book_entries", query).await;
    page["entries"].as_array().unwrap().clone()
}

pub(crate) fn times_told(office: &Office, code: &str) -> usize {
    let told = office.province().axis_statuses().unwrap();
    told.iter().filter(|one| one.code == code).count()
}

pub(crate) fn no_violation(office: &Office) {
    let report = office.province().check_numbers().unwrap();
    assert_eq!(report.violations, Vec::<String>::new());
    assert_eq!(report.promised, 0);
}

#[tokio::test]
async fn what_came_is_registered_offline_with_a_slip_and_has_its_number_when_the_server_is_back() {
    let mut office = Office::open();
    let (desk, documents) = two_came(&office).await;
    // Books and leaders are known from now on.
    order(&desk, &documents).await;
    assert_eq!(times_told(&office, "01"), 2);
    office.cut();
    let report = register(&desk, &documents).await;
    assert_eq!(
        (&report["provisional"], &report["failed"]),
        (&json!(2), &json!(0))
    );
    // At once it is registered everywhere on the desk.
    came(&desk, 0).await;
    let shown = desk.ask("received_list", json!({})).await;
    assert_eq!(shown["registered"].as_array().unwrap().len(), 2);
    let entries = book(&desk).await;
    assert_eq!(entries.len(), 2);
    assert!(
        entries[0]["provisional"]
            .as_str()
            .unwrap()
            .starts_with("T-")
    );
    let rows = desk.rows("incoming_all", "STC-TRUC").await;
    assert!(
        rows.iter().all(|row| row["state"] == "registered"),
        "{rows:?}"
    );
    // Done again, nothing waits any more.
    let again = register(&desk, &documents[..1]).await;
    assert_eq!(again["letters"][0]["code"], "NOT_FOUND");

    office.connect();
    desk.everything_sent().await;
    let numbers = desk
        .until("both have their numbers", async |desk| {
            let entries = book(desk).await;
            let numbers: Vec<u64> = entries
                .iter()
                .filter_map(|entry| entry["number"].as_u64())
                .collect();
            (numbers.len() == 2).then_some(numbers)
        })
        .await;
    assert_eq!(numbers[1], numbers[0] + 1);
    assert_eq!(times_told(&office, "03"), 2);
    no_violation(&office);
    // They were put before the leader in the same act.
    let leader = self::desk(&office, &LEADER).await;
    let rows = leader.rows("incoming_all", "STC-TRUC").await;
    assert_eq!(rows.len(), 2);
    assert!(
        rows.iter().all(|row| row["state"] == "presented"),
        "{rows:?}"
    );
}

#[tokio::test]
async fn a_number_out_of_the_lease_stands_at_once_and_is_taken_back_until_it_is_sent() {
    let mut office = Office::open();
    let (desk, documents) = two_came(&office).await;
    let options = desk.ask("register_options", json!({})).await;
    let of_book = json!({ "book": "den", "year": options["books"][0]["year"] });
    let taken = desk.ask("lease_take", of_book.clone()).await;
    let first = taken["leased"]["next"].as_u64().unwrap();
    office.cut();
    let report = register(&desk, &documents).await;
    assert_eq!(report["numbered"], 2);
    assert_eq!(report["letters"][0]["number"], first);
    assert_eq!(report["letters"][1]["number"], first + 1);
    let undo = json!({ "document": documents[1], "reason": "Nhầm sổ" });
    desk.ask("registration_undo", undo.clone()).await;
    assert_eq!(came(&desk, 1).await, documents[1..]);

    office.connect();
    desk.everything_sent().await;
    let refused = desk
        .call(
            "registration_undo",
            json!({ "document": documents[0], "reason": "Muộn" }),
        )
        .await;
    refused.unwrap_err().is_told("ALREADY_SENT");
    assert_eq!(times_told(&office, "03"), 1);
    let back = desk.ask("lease_return", of_book).await;
    assert_eq!(back["leased"], Value::Null);
    no_violation(&office);
    assert_eq!(office.province().check_numbers().unwrap().void, 1);
}

#[tokio::test]
async fn the_second_of_two_clerks_is_told_who_registered_the_document_first() {
    let mut office = Office::open();
    office.province().appoint_clerk(OFFICIAL.username).unwrap();
    let (early, late) = (desk(&office, &OFFICIAL).await, desk(&office, &CLERK).await);
    delivered(&office, 1);
    for desk in [&early, &late] {
        desk.sync_now().await;
    }
    let documents = came(&early, 1).await;
    assert_eq!(came(&late, 1).await, documents);
    let theirs = order(&late, &documents).await;
    late.ask("sync_pause", json!({ "until": null })).await;
    assert_eq!(register(&early, &documents).await["failed"], 0);
    early.everything_sent().await;
    let report = late.ask("received_register", theirs).await;
    assert_eq!(report["provisional"], 1);
    late.ask("sync_resume", json!({})).await;
    let conflict = late
        .until("the conflict is told", async |desk| {
            desk.sync_now().await;
            let acts = desk.acts("conflict").await;
            acts.into_iter()
                .find(|act| act["kind"] == "register_incoming")
        })
        .await;
    assert_eq!(conflict["problem"], "ALREADY_REGISTERED");
    assert_eq!(conflict["first"], OFFICIAL.full_name);
    assert_eq!(times_told(&office, "03"), 1);
    let entries = book(&late).await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert!(entries[0]["number"].is_u64());
    no_violation(&office);
    office.cut();
}

#[tokio::test]
async fn a_desk_killed_between_act_and_receipt_leaves_one_number_and_tells_each_sender_once() {
    let mut office = Office::open();
    let keyring = Keyring::open(&office);
    let host = Host::start(&office, &keyring);
    host.face.log_in(&CLERK).await.unwrap();
    host.face.everything_pulled().await;
    for number in [1, 2, 3] {
        delivered(&office, number);
    }
    host.face.sync_now().await;
    let documents = came(&host.face, 3).await;
    let mut orders = Vec::new();
    for document in &documents {
        orders.push(order(&host.face, std::slice::from_ref(document)).await);
    }
    host.kill();

    // The first: dead when the journal has the act and the database does not.
    let mut host = Host::start_to_die(&office, &keyring, "number.journalled:1");
    let died = host.face.call("received_register", orders[0].clone()).await;
    assert_eq!(died.unwrap_err().code, "HOST_GONE");
    host.is_dead();
    // The second: dead when it is recorded and nothing of it was sent. The first is asked for again.
    office.cut();
    let host = Host::start(&office, &keyring);
    let again = host.face.ask("received_register", orders[0].clone()).await;
    assert_eq!(again["letters"][0]["code"], "NOT_FOUND", "it is registered");
    let report = host.face.ask("received_register", orders[1].clone()).await;
    assert_eq!(report["provisional"], 1);
    host.kill();
    // The third: dead when the server has done all of it and its word of that was lost.
    let host = Host::start(&office, &keyring);
    assert_eq!(
        came(&host.face, 1).await.as_slice(),
        documents.get(2..).unwrap()
    );
    let report = host.face.ask("received_register", orders[2].clone()).await;
    assert_eq!(report["provisional"], 1);
    office.connect();
    office.fault(FaultRule::always("/v1/sync", FaultAction::CutAfter));
    host.face
        .until("the server has all three", async |desk| {
            desk.sync_now().await;
            (times_told(&office, "03") == 3).then_some(())
        })
        .await;
    assert!(host.face.unsent().await > 0, "no receipt has arrived");
    host.kill();

    office.province().clear_faults();
    let host = Host::start(&office, &keyring);
    host.face.everything_sent().await;
    let entries = host
        .face
        .until("all have their numbers", async |desk| {
            let entries = book(desk).await;
            let numbered = entries.iter().filter(|entry| entry["number"].is_u64());
            (numbered.count() == 3).then_some(entries)
        })
        .await;
    assert_eq!(entries.len(), 3, "{entries:?}");
    assert_eq!(times_told(&office, "03"), 3);
    assert!(host.face.acts("conflict").await.is_empty());
    no_violation(&office);
}

#[tokio::test]
async fn who_is_no_clerk_registers_nothing_that_came() {
    let office = Office::open();
    delivered(&office, 1);
    let leader = desk(&office, &LEADER).await;
    let list = leader.ask("received_list", json!({})).await;
    assert_eq!(
        (&list["is_clerk"], &list["total"]),
        (&json!(false), &json!(0))
    );
    let order = order(
        &leader,
        &["0198f0c0-0000-7000-8000-000000000000".to_owned()],
    )
    .await;
    let refused = leader.call("received_register", order).await;
    refused.unwrap_err().is_told("NOT_CLERK");
    assert_eq!(leader.unsent().await, 0);
}
