use std::fs;

use congvan_model::{DeviceId, DocumentType, FileId, RevisionId, Sha256, Timestamp, Urgency};
use congvan_protocol::{Intent, Lease, OpOutcome, RegisteredFile, RegistrationFields, Signer};
use congvan_store::{ActFate, NewRegistration, NumberRefusal, Store, StoreError};
use uuid::Uuid;

use crate::support::*;

const BOOK: &str = "den";

fn lease(fence: u64, lo: u32, hi: u32) -> Lease {
    Lease {
        book: BOOK.to_owned(),
        year: 2026,
        fence,
        lo,
        hi,
        expires_at: NOW.plus_ms(3_600_000),
    }
}

fn paper(scan: Sha256, from_lease: bool) -> NewRegistration {
    NewRegistration {
        book: BOOK.to_owned(),
        year: 2026,
        received_at: NOW,
        fields: RegistrationFields {
            issuer_code: None,
            issuer_name: "Sở Xây dựng".to_owned(),
            notation: None,
            issued_on: None,
            kind: DocumentType::OfficialLetter,
            subject: "V/v kiểm tra".to_owned(),
            urgency: Urgency::Normal,
            signer: Signer {
                position: "Giám đốc".to_owned(),
                full_name: "Lê Văn Bình".to_owned(),
            },
            due: None,
            activity: None,
        },
        file: RegisteredFile {
            file: FileId(Uuid::now_v7()),
            revision: RevisionId(Uuid::now_v7()),
            sha256: scan,
            size: 4,
            name: "scan.pdf".to_owned(),
            pages: Some(1),
        },
        from_lease,
        device: DeviceId(Uuid::from_u128(0x7f3a_9c01)),
        author: ME,
        author_name: "Văn thư".to_owned(),
    }
}

fn register(store: &Store, scan: Sha256) -> Result<u32, NumberRefusal> {
    match store.register_incoming(&paper(scan, true), NOW) {
        Ok(registered) => Ok(registered.number.expect("a number")),
        Err(StoreError::NoNumber { why }) => Err(why),
        Err(error) => panic!("{error}"),
    }
}

fn lose_database(dir: &std::path::Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(dir.join(format!("desk.db{suffix}")));
    }
}

#[test]
fn numbers_come_in_order_and_end_with_the_lease() {
    let (_dir, store) = fresh();
    let scan = blob(&store, b"scan");
    assert_eq!(register(&store, scan), Err(NumberRefusal::NoLease));
    store.take_lease(&lease(1, 41, 43), NOW).expect("takes");
    assert_eq!(register(&store, scan), Ok(41));
    assert_eq!(register(&store, scan), Ok(42));
    // The server answers the same lease again: nothing starts over.
    store.take_lease(&lease(1, 41, 43), NOW).expect("takes");
    assert_eq!(register(&store, scan), Ok(43));
    assert_eq!(register(&store, scan), Err(NumberRefusal::UsedUp));
    store
        .take_lease(&lease(1, 41, 44), NOW)
        .expect("is extended");
    assert_eq!(register(&store, scan), Ok(44));
}

#[test]
fn a_stopped_lease_never_issues_again_even_when_the_database_goes_back() {
    let (dir, store) = fresh();
    let scan = blob(&store, b"scan");
    store.take_lease(&lease(1, 1, 50), NOW).expect("takes");
    assert_eq!(register(&store, scan), Ok(1));
    let backup = dir.path().join("yesterday.db");
    store.copy_database(&backup).expect("copies");
    assert_eq!(register(&store, scan), Ok(2));
    let stopped = store.stop_issuing(BOOK, 2026, NOW).expect("stops");
    assert_eq!(stopped.used_hi(), 2);
    assert_eq!(register(&store, scan), Err(NumberRefusal::Stopped));
    store
        .take_lease(&lease(1, 1, 60), NOW)
        .expect("the same fence");
    assert_eq!(register(&store, scan), Err(NumberRefusal::Stopped));
    drop(store);

    lose_database(dir.path());
    fs::rename(&backup, dir.path().join("desk.db")).expect("renames");
    let (store, _) = open(dir.path());
    assert_eq!(register(&store, scan), Err(NumberRefusal::Stopped));
    assert_eq!(
        store.stop_issuing(BOOK, 2026, NOW).expect("asks").used_hi(),
        2,
        "what was issued after the backup counts"
    );
    store.lease_returned(BOOK, 2026, 1).expect("is returned");
    store.take_lease(&lease(2, 3, 50), NOW).expect("a new one");
    assert_eq!(register(&store, scan), Ok(3));
}

#[test]
fn a_number_is_not_issued_twice_when_the_database_is_lost_or_goes_back() {
    let (dir, store) = fresh();
    let scan = blob(&store, b"scan");
    store.take_lease(&lease(7, 1, 50), NOW).expect("takes");
    assert_eq!(register(&store, scan), Ok(1));
    let backup = dir.path().join("yesterday.db");
    store.copy_database(&backup).expect("copies");
    assert_eq!(register(&store, scan), Ok(2));
    let void = store
        .void_next_number((BOOK, 2026), "hỏng dấu", (ME, "Văn thư"), NOW)
        .expect("voids");
    assert_eq!(void, 3);
    drop(store);
    lose_database(dir.path());
    fs::copy(&backup, dir.path().join("desk.db")).expect("copies");
    let (store, opened) = open(dir.path());
    assert_eq!(opened.replayed, 2);
    assert_eq!(register(&store, scan), Ok(4));
    drop(store);
    lose_database(dir.path());
    let (store, _) = open(dir.path());
    let scan = blob(&store, b"scan");
    store.take_lease(&lease(7, 1, 50), NOW).expect("takes");
    assert_eq!(register(&store, scan), Ok(5));
    let papers = store.registrations(10).expect("lists");
    let numbers: Vec<_> = papers.iter().map(|paper| paper.number).collect();
    assert_eq!(numbers, [Some(5), Some(4), Some(2), Some(1)]);
}

#[test]
fn an_expired_lease_and_a_clock_that_went_back_stop_the_numbers() {
    let (_dir, store) = fresh();
    let scan = blob(&store, b"scan");
    store.take_lease(&lease(1, 1, 50), NOW).expect("takes");
    let at = |now: Timestamp| match store.register_incoming(&paper(scan, true), now) {
        Err(StoreError::NoNumber { why }) => Err(why),
        other => Ok(other.expect("registers").number),
    };
    assert_eq!(at(NOW), Ok(Some(1)));
    assert_eq!(at(NOW.plus_ms(-60_000)), Err(NumberRefusal::ClockWentBack));
    assert_eq!(at(NOW.plus_ms(3_600_000)), Err(NumberRefusal::Expired));
    assert_eq!(at(NOW.plus_ms(1)), Ok(Some(2)));
}

#[test]
fn without_a_lease_a_paper_gets_a_slip_and_later_the_servers_number() {
    let (_dir, store) = fresh();
    let scan = blob(&store, b"scan");
    let registered = store
        .register_incoming(&paper(scan, false), NOW)
        .expect("registers");
    assert_eq!(registered.number, None);
    assert_eq!(registered.provisional.to_string(), "T-7F3A9C01-1");
    let op = store.ops(&[registered.op]).expect("reads").remove(0);
    let Intent::RegisterIncoming { provisional, .. } = &op.intent else {
        panic!("{op:?}");
    };
    assert_eq!(*provisional, registered.provisional.to_string());
    let item = store.outbox_items().expect("reads").remove(0);
    assert_eq!(item.upload.map(|need| need.sha256), Some(scan));

    let mut there = document(9, "V/v kiểm tra");
    there.id = registered.document;
    let applied = OpOutcome::Applied { rev: 1 };
    answer(
        &store,
        "c1",
        vec![upsert(there, 1)],
        vec![result(registered.op, applied)],
    );
    let paper = store.registrations(1).expect("lists").remove(0);
    assert_eq!((paper.number, paper.fate), (Some(9), ActFate::Applied));
}

#[test]
fn a_restored_server_is_told_the_number_that_stands_on_the_paper() {
    let (_dir, store) = fresh();
    let scan = blob(&store, b"scan");
    let paper = store
        .register_incoming(&paper(scan, false), NOW)
        .expect("registers");
    let given = |store: &Store| store.given_numbers(&[paper.op]).expect("reads");
    assert_eq!(given(&store), [], "it has none yet");
    let mut there = document(1, "V/v kiểm tra");
    there.id = paper.document;
    there.arrival_number = Some(17);
    let applied = result(paper.op, OpOutcome::Applied { rev: 1 });
    answer(&store, "c1", vec![upsert(there, 1)], vec![applied]);
    assert_eq!(given(&store), [], "the server knows");
    store.begin_new_history(NOW).expect("begins");
    let told = given(&store);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].op, told[0].number), (paper.op, 17));
    let listed = store.registrations(10).expect("lists");
    assert_eq!(
        listed.first().and_then(|it| it.number),
        Some(17),
        "on the screen too"
    );
}
