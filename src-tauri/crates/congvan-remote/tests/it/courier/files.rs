//! Files that travel: a signed one as its tail, a new one back to the desk.

use congvan_model::{DeviceId, DocumentState};
use congvan_province::{Clock, QuietProvince, Seed};
use congvan_store::{Filter, ListQuery, View};
use congvan_testkit::{LEADER, OFFICIAL, Pki, SignerKind};
use uuid::Uuid;

use super::desk::{Desk, now};
use crate::link::{Signer, revision};

#[test]
fn files_come_back_with_an_answer_and_a_signed_one_goes_as_its_tail() {
    let dir = tempfile::tempdir().expect("a folder");
    let pki = Pki::new(Clock::system().now()).expect("a PKI");
    let leader = pki.signer(&LEADER, SignerKind::Good).expect("a signer");
    let mut config = congvan_province::ProvinceConfig::new(dir.path().join("province"));
    config.seed = Seed::Few;
    config.trust = vec![pki.root_der(), pki.intermediate_der()];
    config.signers = vec![(LEADER.username.to_owned(), leader.certificate.clone())];
    let server = QuietProvince::open(config).expect("opens");
    let desk = Desk::new(dir.path().join("desk"), &server, (&LEADER, 1));
    let device = DeviceId(Uuid::from_u128(99));
    let courier = server.log_in(OFFICIAL.username, device).expect("logs in");
    let journey = |bundle: &[u8]| {
        let answer = server.carry(courier, bundle).expect("answers");
        desk.take(&answer.expect("taken in")).expect("an answer")
    };

    // A new desk that has never seen the network: records and files come by hand.
    let first = journey(&desk.bundle(1 << 30));
    assert!(!first.more && first.files_left == 0 && first.files > 10);
    desk.agrees(&server);
    let missing = desk.store.wanted_blobs(100, now()).expect("reads").blobs;
    assert_eq!(missing, []);

    let query = ListQuery {
        view: View::All,
        filter: Filter::default(),
        search: String::new(),
        after: None,
        skip: 0,
        limit: 50,
        now: now(),
    };
    let rows = desk.store.list(&query).expect("lists").rows;
    let waits = |state| state == DocumentState::AwaitingSignature;
    let document = rows
        .iter()
        .find(|row| waits(row.state))
        .expect("one waits")
        .id;
    let signer = Signer { pki, leader };
    revision(&desk.store, document, &desk.who, &signer);
    let items = desk.store.outbox_items().expect("items");
    let need = items.iter().find_map(|item| item.upload.clone());
    let need = need.expect("a file to send");
    let (base, length) = need.base.expect("what was signed");
    // Both are on the machine; what of them is in the bundle is the rest.
    assert_eq!(desk.bytes(base).len() as u64, length);
    let plain = need.size - length;
    let bundle = desk.bundle(plain);
    let second = journey(&bundle);
    assert_eq!((second.outcome.applied, second.outcome.trouble), (1, 0));
    // It is on the desk already, and is not sent back.
    assert_eq!(second.files, 0);
    desk.agrees(&server);
    let none = desk.bundle(plain - 1);
    assert_eq!(journey(&none).outcome.applied, 0);
}
