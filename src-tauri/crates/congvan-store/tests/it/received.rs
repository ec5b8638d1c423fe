//! What came over the axis: what waits, its registration as one act, the overlay, taking back.

use congvan_model::{AccountId, DeviceId, Direction, DocumentId, DocumentState, Urgency};
use congvan_protocol::{
    Document, Intent, Lease, OpOutcome, ProblemCode,
    handling::{Handling, HandlingAct},
};
use congvan_store::{BookWish, NewReceived, Store, StoreError, View};
use uuid::Uuid;

use crate::support::*;

const LEADER: AccountId = AccountId(77);

fn received(number: u128) -> Document {
    let mut came = document(number, "V/v quyết toán ngân sách");
    came.state = DocumentState::Received;
    came.arrival_number = None;
    came
}

fn new(number: u128, from_lease: bool) -> NewReceived {
    NewReceived {
        document: id(number),
        book: "den".to_owned(),
        year: 2026,
        received_at: NOW,
        present_to: Some(LEADER),
        from_lease,
        device: DeviceId(Uuid::from_u128(0x7f3a_9c01)),
        author: ME,
        author_name: "Văn thư".to_owned(),
    }
}

fn lease(store: &Store) {
    let lease = Lease {
        book: "den".to_owned(),
        year: 2026,
        fence: 1,
        lo: 41,
        hi: 90,
        expires_at: NOW.plus_ms(3_600_000),
    };
    store.take_lease(&lease, NOW).unwrap();
}

fn waiting(store: &Store) -> Vec<DocumentId> {
    let list = store.received(NOW, 100).unwrap();
    assert_eq!(list.total as usize, list.waiting.len());
    list.waiting.iter().map(|row| row.document).collect()
}

fn book(store: &Store) -> Vec<(Option<u32>, bool)> {
    let wish = BookWish {
        book: "den".to_owned(),
        year: 2026,
        from: None,
        to: None,
        activity: None,
        progress: None,
        text: "quyet toan".to_owned(),
        offset: 0,
        limit: 100,
    };
    let lines = store.book_lines(&wish).unwrap().lines;
    lines
        .iter()
        .map(|line| (line.number, line.provisional.is_some()))
        .collect()
}

#[test]
fn what_waits_is_incoming_and_received_the_most_urgent_first() {
    let (_dir, store) = fresh();
    let mut urgent = received(3);
    urgent.urgency = Urgency::Express;
    let mut outgoing = received(4);
    outgoing.direction = Direction::Outgoing;
    let changes = [
        received(1),
        received(2),
        urgent,
        outgoing,
        document(5, "đã vào sổ"),
    ];
    let changes = changes.into_iter().map(|each| upsert(each, 1)).collect();
    pull(&store, "c1", changes);
    assert_eq!(waiting(&store), [id(3), id(1), id(2)]);
}

#[test]
fn what_goes_back_to_its_sender_is_no_longer_offered_until_that_is_taken_back() {
    let (_dir, store) = fresh();
    let mut wanted_back = received(2);
    wanted_back.handling = Some(Box::new(Handling {
        recall: Some("Gửi nhầm".to_owned()),
        ..Handling::default()
    }));
    let changes = [received(1), wanted_back, received(3)];
    let changes = changes.into_iter().map(|each| upsert(each, 1)).collect();
    pull(&store, "c1", changes);
    let act = |document: u128, act: HandlingAct| {
        store
            .handle(id(document), act, (ME, "Văn thư"), NOW)
            .unwrap();
    };
    let refuse = || HandlingAct::Refuse {
        reason: "Không thuộc thẩm quyền".to_owned(),
    };
    let reply = |agreed| HandlingAct::AnswerRecall {
        agreed,
        reason: "Đã nhận".to_owned(),
    };
    act(1, refuse());
    act(2, reply(true));
    assert_eq!(waiting(&store), [id(3)]);
    for number in [1, 2] {
        let refused = store.register_received(&new(number, false), NOW);
        assert!(
            matches!(refused, Err(StoreError::NoDocument { .. })),
            "{refused:?}"
        );
    }
    store.undo_handling(id(1), NOW).unwrap();
    store.undo_handling(id(2), NOW).unwrap();
    assert_eq!(waiting(&store), [id(1), id(2), id(3)]);
    // Who keeps it registers it.
    act(2, reply(false));
    assert_eq!(waiting(&store), [id(1), id(2), id(3)]);
    // What the server refused stands no longer either.
    act(1, refuse());
    let items = store.outbox_items().unwrap();
    let planned: Vec<_> = items.iter().map(|item| item.op).collect();
    let ops = store.take_ops(&planned, NOW).unwrap();
    let results = ops
        .iter()
        .map(|op| {
            let outcome = OpOutcome::Rejected {
                code: ProblemCode::WrongState,
                detail: String::new(),
            };
            result(op.id, outcome)
        })
        .collect();
    answer(&store, "c2", Vec::new(), results);
    assert_eq!(waiting(&store), [id(1), id(2), id(3)]);
}

#[test]
fn registration_and_presentation_are_one_act_shown_at_once_and_twice_durable() {
    let (dir, store) = fresh();
    lease(&store);
    pull(
        &store,
        "c1",
        vec![upsert(received(1), 1), upsert(received(2), 1)],
    );
    let first = store.register_received(&new(1, true), NOW).unwrap();
    let second = store.register_received(&new(2, false), NOW).unwrap();
    assert_eq!((first.number, second.number), (Some(41), None));
    assert_eq!(waiting(&store), []);
    let row = store.document_row(id(1), NOW).unwrap().unwrap();
    assert_eq!(
        (row.state, row.arrival_number),
        (DocumentState::Registered, Some(41))
    );
    let row = store.document_row(id(2), NOW).unwrap().unwrap();
    assert_eq!(
        (row.state, row.arrival_number),
        (DocumentState::Registered, None)
    );
    assert_eq!(book(&store), [(Some(41), false), (None, true)]);
    let done = store.received(NOW, 100).unwrap().registered;
    assert_eq!(done.len(), 2);
    let here = done[0].registered.as_ref().unwrap();
    assert_eq!(here.provisional, second.provisional.to_string());
    assert!(here.can_undo);
    // A second time it no longer waits, and no number is used.
    let again = store.register_received(&new(1, true), NOW);
    assert!(
        matches!(again, Err(StoreError::NoDocument { .. })),
        "{again:?}"
    );
    assert_eq!(store.leases().unwrap()[0].next, 42);
    // Somebody else opens it meanwhile: the mirror is news, and still says received.
    pull(&store, "c2", vec![upsert(received(1), 2)]);
    let row = store.document_row(id(1), NOW).unwrap().unwrap();
    assert_eq!(row.state, DocumentState::Registered);
    // The journal brings the whole act back where the database is lost.
    let ops: Vec<_> = store.outbox_items().unwrap();
    let ops = store
        .ops(&ops.iter().map(|item| item.op).collect::<Vec<_>>())
        .unwrap();
    assert_eq!(ops.len(), 4);
    assert!(matches!(ops[0].intent, Intent::RegisterReceived { .. }));
    assert_eq!(ops[1].intent, Intent::PresentDocument { to: LEADER });
    drop(store);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(dir.path().join(format!("desk.db{suffix}")));
    }
    let (store, _) = open(dir.path());
    let again: Vec<_> = store.outbox_items().unwrap();
    let again = store
        .ops(&again.iter().map(|item| item.op).collect::<Vec<_>>())
        .unwrap();
    assert_eq!(again, ops);
    // And the numbers it used are used.
    lease(&store);
    assert_eq!(store.leases().unwrap()[0].next, 42);
}

#[test]
fn it_is_taken_back_with_what_rests_on_it_and_nothing_else_until_it_is_sent() {
    let (_dir, store) = fresh();
    lease(&store);
    pull(&store, "c1", vec![upsert(received(1), 1)]);
    store.mark_read(id(1), ME, NOW).unwrap();
    store
        .add_opinion(&opinion(id(1), "Trình sớm"), NOW)
        .unwrap();
    store.register_received(&new(1, true), NOW).unwrap();
    assert!(store.can_undo_registration(id(1)).unwrap());
    let undone = store.undo_registration(id(1), "Nhầm sổ", (ME, "Văn thư"), NOW);
    assert_eq!(undone.unwrap(), Some(41));
    assert_eq!(waiting(&store), [id(1)]);
    let row = store.document_row(id(1), NOW).unwrap().unwrap();
    assert_eq!(row.state, DocumentState::Received);
    // That it was read and what was said of it is still sent, and the number is void.
    let items = store.outbox_items().unwrap();
    let planned: Vec<_> = items.iter().map(|item| item.op).collect();
    let ops = store.take_ops(&planned, NOW).unwrap();
    let kinds: Vec<bool> = ops
        .iter()
        .map(|op| matches!(op.intent, Intent::VoidNumber { number: 41, .. }))
        .collect();
    assert_eq!(kinds, [false, false, true]);
    // Registered again it gets the next number; once taken for sending it stays.
    assert_eq!(
        store.register_received(&new(1, true), NOW).unwrap().number,
        Some(42)
    );
    let items = store.outbox_items().unwrap();
    let planned: Vec<_> = items.iter().map(|item| item.op).collect();
    store.take_ops(&planned, NOW).unwrap();
    let refused = store.undo_registration(id(1), "Muộn", (ME, ""), NOW);
    assert!(
        matches!(refused, Err(StoreError::AlreadySent)),
        "{refused:?}"
    );
}

#[test]
fn when_another_clerk_was_first_the_desk_shows_what_the_server_says() {
    let (_dir, store) = fresh();
    lease(&store);
    pull(&store, "c1", vec![upsert(received(1), 1)]);
    let done = store.register_received(&new(1, true), NOW).unwrap();
    let mut theirs = received(1);
    theirs.state = DocumentState::Registered;
    theirs.arrival_number = Some(7);
    let conflict = OpOutcome::Conflict {
        code: ProblemCode::AlreadyRegistered,
        detail: "Lê Văn C".to_owned(),
    };
    answer(
        &store,
        "c2",
        vec![upsert(theirs, 2)],
        vec![result(done.op, conflict)],
    );
    let row = store.document_row(id(1), NOW).unwrap().unwrap();
    assert_eq!(row.arrival_number, Some(7));
    assert_eq!(book(&store), [(Some(7), false)]);
    let list = store.received(NOW, 100).unwrap();
    assert_eq!((list.waiting.len(), list.registered.len()), (0, 0));
    let numbers = store.list(&query(View::IncomingAll, "")).unwrap();
    assert_eq!(numbers.rows.len(), 1);
}

#[test]
fn a_registration_that_was_refused_leaves_the_document_waiting_and_can_be_done_anew() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(received(1), 1)]);
    let done = store.register_received(&new(1, false), NOW).unwrap();
    let rejected = OpOutcome::Rejected {
        code: ProblemCode::YearClosed,
        detail: String::new(),
    };
    answer(&store, "c2", Vec::new(), vec![result(done.op, rejected)]);
    assert_eq!(waiting(&store), [id(1)]);
    let row = store.document_row(id(1), NOW).unwrap().unwrap();
    assert_eq!(row.state, DocumentState::Received);
    store.register_received(&new(1, false), NOW).unwrap();
    // Closing the old trouble does not take the new act off the screen.
    store.dismiss(done.op, NOW).unwrap();
    let row = store.document_row(id(1), NOW).unwrap().unwrap();
    assert_eq!(row.state, DocumentState::Registered);
}
