//! Letters registered in batches: what belongs to one act, taking it back, the book, the seal.

use congvan_model::{
    AccountId, DeviceId, DocumentId, DocumentType, FileId, OpId, RevisionId, Sha256, Urgency,
};
use congvan_protocol::{
    Acknowledged, Document, FieldOfActivity, Intent, Lease, OpOutcome, RegisteredFile,
    Registration, RegistrationFields, Signer, VoidEntry,
};
use congvan_store::{BookWish, LetterAct, NewRegistration, SealWish, Store, StoreError};
use uuid::Uuid;

use crate::support::*;

const LEADER: AccountId = AccountId(77);

fn paper(scan: Sha256, subject: &str, from_lease: bool) -> NewRegistration {
    NewRegistration {
        book: "den".to_owned(),
        year: 2026,
        received_at: NOW,
        fields: RegistrationFields {
            issuer_code: None,
            issuer_name: "Sở Xây dựng".to_owned(),
            notation: Some("12/SXD-KT".parse().unwrap()),
            issued_on: congvan_model::civil_date(2026, 9, 1),
            kind: DocumentType::OfficialLetter,
            subject: subject.to_owned(),
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

fn lease(lo: u32, hi: u32) -> Lease {
    Lease {
        book: "den".to_owned(),
        year: 2026,
        fence: 1,
        lo,
        hi,
        expires_at: NOW.plus_ms(3_600_000),
    }
}

fn act() -> LetterAct {
    LetterAct {
        letter: None,
        present_to: Some(LEADER),
        seal: Some(SealWish {
            stamp: true,
            place: Some((22.0, 61.5)),
            scale: Some(0.9),
            words: Some([132.0, 1.0, 70.0, 18.0]),
        }),
    }
}

fn wish(text: &str) -> BookWish {
    BookWish {
        book: "den".to_owned(),
        year: 2026,
        from: None,
        to: None,
        activity: None,
        progress: None,
        text: text.to_owned(),
        offset: 0,
        limit: 100,
    }
}

fn waiting(store: &Store) -> Vec<OpId> {
    let items = store.outbox_items().unwrap();
    items.into_iter().map(|item| item.op).collect()
}

/// The document as the server gives it back.
fn numbered(document: DocumentId, new: &NewRegistration, number: u32) -> Document {
    let mut mirrored = self::document(number.into(), &new.fields.subject);
    mirrored.id = document;
    mirrored.arrival_number = Some(number);
    mirrored.arrived_at = NOW;
    mirrored.notation = new.fields.notation.clone();
    mirrored.files = vec![file(1, new.file.sha256, 4)];
    mirrored.files[0].id = new.file.file;
    mirrored.registration = Some(Box::new(Registration {
        book: "den".to_owned(),
        year: 2026,
        number,
        provisional: String::new(),
        received_at: NOW,
        booked_at: NOW,
        skewed: false,
        duplicate_of: None,
        acknowledged: Some(Acknowledged {
            who: "Nguyễn Văn A".to_owned(),
            at: NOW,
        }),
    }));
    mirrored
}

#[test]
fn presentation_and_registration_are_one_act_in_one_lane_and_twice_durable() {
    let (dir, store) = fresh();
    let scan = blob(&store, b"scan");
    let done = store
        .register_letter(&paper(scan, "V/v một", false), act(), NOW)
        .unwrap();
    let ops = store.ops(&waiting(&store)).unwrap();
    assert_eq!(ops.len(), 2);
    assert!(ops.iter().all(|op| op.lane == done.document));
    assert!(matches!(ops[0].intent, Intent::RegisterIncoming { .. }));
    assert_eq!(ops[1].intent, Intent::PresentDocument { to: LEADER });
    assert_eq!(store.seal_counts().unwrap().waiting, 1);
    drop(store);
    // The database is lost: the journal has both.
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(dir.path().join(format!("desk.db{suffix}")));
    }
    let (store, _) = open(dir.path());
    assert_eq!(store.ops(&waiting(&store)).unwrap(), ops);
}

#[test]
fn a_registration_is_taken_back_until_it_is_taken_for_sending_and_never_after() {
    let (dir, store) = fresh();
    let scan = blob(&store, b"scan");
    store.take_lease(&lease(41, 90), NOW).unwrap();
    let first = store
        .register_letter(&paper(scan, "V/v một", true), act(), NOW)
        .unwrap();
    let second = store
        .register_letter(&paper(scan, "V/v hai", true), act(), NOW)
        .unwrap();
    assert_eq!((first.number, second.number), (Some(41), Some(42)));
    assert!(store.can_undo_registration(first.document).unwrap());
    // The number is on paper perhaps: it cannot vanish without a reason.
    let refused = store.undo_registration(first.document, " ", (ME, "Văn thư"), NOW);
    assert!(
        matches!(refused, Err(StoreError::ReasonMissing)),
        "{refused:?}"
    );
    assert_eq!(waiting(&store).len(), 4);
    let undone = store.undo_registration(first.document, "Nhầm tập", (ME, "Văn thư"), NOW);
    assert_eq!(undone.unwrap(), Some(41));
    assert_eq!(
        store
            .undo_registration(first.document, "", (ME, ""), NOW)
            .unwrap(),
        None
    );
    let ops = store.take_ops(&waiting(&store), NOW).unwrap();
    assert_eq!(ops.len(), 3);
    assert!(ops.iter().all(|op| op.lane != first.document));
    let void = |op: &congvan_protocol::Op| matches!(&op.intent, Intent::VoidNumber { number: 41, reason, .. } if reason == "Nhầm tập");
    assert!(ops.iter().any(void), "{ops:?}");
    assert_eq!(store.seal_counts().unwrap().waiting, 1);
    // What was taken for sending may be at the server.
    let refused = store.undo_registration(second.document, "Nhầm", (ME, ""), NOW);
    assert!(
        matches!(refused, Err(StoreError::AlreadySent)),
        "{refused:?}"
    );
    // Neither the sync screen nor a lost database brings the withdrawn ones back.
    assert!(
        store
            .acts(100)
            .unwrap()
            .iter()
            .all(|act| act.op.lane != first.document)
    );
    drop(store);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(dir.path().join(format!("desk.db{suffix}")));
    }
    let (store, _) = open(dir.path());
    let lanes: Vec<DocumentId> = store
        .outbox_items()
        .unwrap()
        .iter()
        .map(|item| item.lane)
        .collect();
    assert_eq!(lanes.len(), 3);
    assert!(!lanes.contains(&first.document));
}

#[test]
fn what_is_taken_back_between_planning_and_sending_is_not_sent() {
    let (_dir, store) = fresh();
    let scan = blob(&store, b"scan");
    let done = store
        .register_letter(&paper(scan, "V/v một", false), act(), NOW)
        .unwrap();
    let planned = waiting(&store);
    assert_eq!(
        store
            .undo_registration(done.document, "", (ME, ""), NOW)
            .unwrap(),
        None
    );
    assert!(store.take_ops(&planned, NOW).unwrap().is_empty());
    assert_eq!(
        store.settled_through().unwrap(),
        store.highest_seq().unwrap()
    );
}

#[test]
fn the_book_has_numbered_waiting_and_void_entries_in_ten_columns() {
    let (_dir, store) = fresh();
    let scan = blob(&store, b"scan");
    store.take_lease(&lease(41, 42), NOW).unwrap();
    let one = paper(scan, "V/v sửa đường Đông – Tây", true);
    let first = store
        .register_letter(&one, LetterAct::default(), NOW)
        .unwrap();
    let gone = store
        .register_letter(&paper(scan, "Nhầm", true), LetterAct::default(), NOW)
        .unwrap();
    store
        .register_letter(&paper(scan, "V/v chờ số", false), LetterAct::default(), NOW)
        .unwrap();
    store
        .undo_registration(gone.document, "Quét nhầm", (ME, ""), NOW)
        .unwrap();
    pull(
        &store,
        "c1",
        vec![upsert(numbered(first.document, &one, 41), 1)],
    );
    let register = waiting(&store)[0];
    let _ = register;
    let voids = [VoidEntry {
        number: 40,
        reason: "Máy mất".to_owned(),
        at: NOW,
        withdrawn: None,
    }];
    assert!(store.set_voids(("den", 2026), &voids).unwrap());
    assert!(!store.set_voids(("den", 2026), &voids).unwrap(), "no news");
    let book = store.book_lines(&wish("")).unwrap();
    let numbers: Vec<Option<u32>> = book.lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [Some(40), Some(41), Some(42), None]);
    assert_eq!(book.total, 4);
    let line = &book.lines[1];
    assert_eq!(line.notation, "12/SXD-KT");
    assert_eq!(line.acknowledged.as_ref().unwrap().0, "Nguyễn Văn A");
    assert!(
        line.subject.contains("V/v sửa đường Đông – Tây"),
        "{}",
        line.subject
    );
    assert_eq!(line.arrived_on, NOW.vietnam_date());
    assert!(book.lines[2].is_void && book.lines[2].note == "Quét nhầm");
    assert!(
        book.lines[3]
            .provisional
            .as_ref()
            .unwrap()
            .starts_with("T-")
    );
    // Words with or without marks; pages; days.
    assert_eq!(store.book_lines(&wish("duong dong")).unwrap().total, 1);
    let page = BookWish {
        offset: 1,
        limit: 2,
        ..wish("")
    };
    let page = store.book_lines(&page).unwrap();
    assert_eq!((page.total, page.lines.len()), (4, 2));
    assert_eq!(page.lines[0].number, Some(41));
    let later = BookWish {
        from: NOW.vietnam_date().tomorrow().ok(),
        ..wish("")
    };
    assert_eq!(store.book_lines(&later).unwrap().total, 0);
    let other = BookWish {
        book: "don-thu".to_owned(),
        ..wish("")
    };
    assert_eq!(store.book_lines(&other).unwrap().total, 0);
}

#[test]
fn the_book_is_narrowed_to_a_field_of_activity_whatever_stands_a_line_for() {
    let (_dir, store) = fresh();
    let land = FieldOfActivity {
        code: "dat-dai".to_owned(),
        name: "Đất đai, môi trường".to_owned(),
    };
    // One that waits for its number, one that the server has numbered, one that was withdrawn.
    let scan = blob(&store, b"scan");
    let mut new = paper(scan, "V/v thu hồi đất", false);
    new.fields.activity = Some(land.clone());
    store.register_letter(&new, act(), NOW).unwrap();
    store
        .register_letter(&paper(scan, "V/v khác", false), act(), NOW)
        .unwrap();
    let mut mirrored = numbered(id(7), &new, 7);
    mirrored.activity = Some(land.clone());
    pull(&store, "c1", vec![upsert(mirrored, 1)]);
    let void = VoidEntry {
        number: 8,
        reason: "Nhầm".to_owned(),
        at: NOW,
        withdrawn: Some(Box::new(congvan_protocol::WithdrawnEntry {
            document: id(8),
            booked_at: NOW,
            fields: new.fields.clone(),
        })),
    };
    store.set_voids(("den", 2026), &[void]).unwrap();
    assert_eq!(store.book_lines(&wish("")).unwrap().total, 4);
    let narrow = |code: &str| {
        let wish = BookWish {
            activity: Some(code.to_owned()),
            ..wish("")
        };
        store.book_lines(&wish).unwrap().lines
    };
    let lines = narrow("dat-dai");
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(
        lines
            .iter()
            .all(|line| line.activity.as_ref() == Some(&land))
    );
    assert_eq!(narrow("y-te"), Vec::new());
}

#[test]
fn a_copy_waits_for_the_seal_until_it_is_numbered_and_no_longer_when_it_is_withdrawn() {
    let (_dir, store) = fresh();
    let scan = blob(&store, b"scan");
    let new = paper(scan, "V/v một", false);
    let done = store.register_letter(&new, act(), NOW).unwrap();
    assert!(store.seal_items().unwrap().is_empty());
    assert_eq!(store.seal_wish(done.document).unwrap(), None);
    let ops = store.take_ops(&waiting(&store), NOW).unwrap();
    let results = ops
        .iter()
        .map(|op| result(op.id, OpOutcome::Applied { rev: 1 }))
        .collect();
    answer(
        &store,
        "c1",
        vec![upsert(numbered(done.document, &new, 7), 1)],
        results,
    );
    let item = store.seal_items().unwrap().remove(0);
    assert_eq!(
        (item.document, item.file, item.head),
        (done.document, new.file.file, scan)
    );
    assert_eq!(store.seal_wish(done.document).unwrap(), act().seal);
    let counts = store.seal_counts().unwrap();
    assert_eq!((counts.ready, counts.waiting), (1, 0));
    let refused = store.withdraw_registration(done.document, "", (ME, ""), NOW);
    assert!(
        matches!(refused, Err(StoreError::ReasonMissing)),
        "{refused:?}"
    );
    store
        .withdraw_registration(done.document, "Gửi nhầm", (ME, ""), NOW)
        .unwrap();
    assert_eq!(store.seal_counts().unwrap().ready, 0);
    let line = store.book_lines(&wish("")).unwrap().lines.remove(0);
    assert!(line.is_void && line.note == "Gửi nhầm");
}
