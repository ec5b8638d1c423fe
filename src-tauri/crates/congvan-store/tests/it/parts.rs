//! The lists of what there is to do: by the server's word, with our own acts counted in at once.

use congvan_model::{AccountId, DocumentState, OpinionId, ReceiverRole};
use congvan_protocol::{
    Document, OpOutcome, ProblemCode,
    handling::{Handling, HandlingAct, Named, Receiver},
};
use congvan_store::{OWNER_SETTING, Store, View};
use uuid::Uuid;

use crate::support::*;

const OTHER: AccountId = AccountId(8);
const LISTS: [View; 5] = [
    View::IncomingSay,
    View::IncomingHold,
    View::IncomingSupport,
    View::IncomingInform,
    View::IncomingDone,
];

fn desk() -> (tempfile::TempDir, Store) {
    let (dir, store) = fresh();
    let owner = r#"{"id":7,"username":"a","full_name":"Nguyễn Thị Ánh","posts":[]}"#;
    store.set_setting(OWNER_SETTING, owner).expect("kept");
    (dir, store)
}

fn named(account: AccountId) -> Named {
    Named {
        account,
        full_name: "Trần Thị B".to_owned(),
    }
}

fn receiver(account: AccountId, role: ReceiverRole) -> Receiver {
    Receiver {
        account,
        full_name: "Trần Thị B".to_owned(),
        unit: "Phòng Kinh tế".to_owned(),
        heads: String::new(),
        role,
        holds: role == ReceiverRole::Lead,
        due: None,
        given_by: named(OTHER),
        at: NOW,
    }
}

/// A document before `director`, given to these.
fn handled(number: u128, director: AccountId, receivers: Vec<Receiver>) -> Document {
    let mut document = document(number, "x");
    document.state = match receivers.is_empty() {
        true => DocumentState::Presented,
        false => DocumentState::Directed,
    };
    document.handling = Some(Box::new(Handling {
        director: Some(named(director)),
        receivers,
        ..Handling::default()
    }));
    document
}

/// Each list of work, and that the counts say the same.
fn lists(store: &Store) -> [Vec<u128>; 5] {
    let found = LISTS.map(|view| numbers(store, view, ""));
    let counts = store.counts(NOW).expect("counts");
    let told = [
        counts.incoming_say,
        counts.incoming_hold,
        counts.incoming_support,
        counts.incoming_inform,
    ];
    for (list, count) in found.iter().zip(told) {
        assert_eq!(list.len(), count as usize, "{found:?} {counts:?}");
    }
    for (view, list) in LISTS.iter().zip(&found) {
        let page = store.list(&query(*view, "")).expect("lists");
        assert_eq!(page.total as usize, list.len());
    }
    found
}

fn direct() -> HandlingAct {
    HandlingAct::Direct {
        opinion: OpinionId(Uuid::from_u128(77)),
        lead: OTHER,
        supports: Vec::new(),
        informed: Vec::new(),
        due: None,
        deadlines: Vec::new(),
        text: String::new(),
    }
}

#[test]
fn a_document_is_in_the_list_of_what_it_asks_of_this_person() {
    let (_dir, store) = desk();
    let mut filed = handled(5, OTHER, vec![receiver(ME, ReceiverRole::Lead)]);
    filed.state = DocumentState::Filed;
    let mut passed_on = receiver(ME, ReceiverRole::Lead);
    passed_on.holds = false;
    let chain = vec![passed_on, receiver(OTHER, ReceiverRole::Lead)];
    let mut outgoing = handled(7, ME, Vec::new());
    outgoing.direction = congvan_model::Direction::Outgoing;
    pull(
        &store,
        "c1",
        vec![
            upsert(handled(1, ME, Vec::new()), 1),
            upsert(handled(2, OTHER, vec![receiver(ME, ReceiverRole::Lead)]), 1),
            upsert(
                handled(3, OTHER, vec![receiver(ME, ReceiverRole::Support)]),
                1,
            ),
            upsert(
                handled(4, OTHER, vec![receiver(ME, ReceiverRole::Inform)]),
                1,
            ),
            upsert(filed, 1),
            upsert(handled(6, OTHER, chain), 1),
            upsert(outgoing, 1),
            upsert(handled(8, OTHER, Vec::new()), 1),
        ],
    );
    assert_eq!(lists(&store), [vec![1], vec![2], vec![3], vec![4], vec![5]]);
    // Another's act of the server moves it as well.
    let mut asked = handled(8, ME, vec![receiver(OTHER, ReceiverRole::Lead)]);
    pull(&store, "c2", vec![upsert(asked.clone(), 2)]);
    assert_eq!(lists(&store)[0], [1]);
    if let Some(handling) = &mut asked.handling {
        handling.extension = Some(congvan_protocol::handling::Extension {
            due: overdue(document(1, "")).due.expect("a deadline"),
            reason: "Chờ số liệu".to_owned(),
            asked_by: named(OTHER),
            at: NOW,
        });
    }
    pull(&store, "c3", vec![upsert(asked, 3)]);
    assert_eq!(lists(&store)[0], [8, 1], "more time is asked of me");
}

#[test]
fn an_act_moves_it_at_once_and_undone_or_refused_it_comes_back() {
    let (_dir, store) = desk();
    let presented = || handled(1, ME, Vec::new());
    pull(&store, "c1", vec![upsert(presented(), 1)]);
    store
        .handle(id(1), direct(), (ME, "Nguyễn Thị Ánh"), NOW)
        .expect("kept");
    assert_eq!(lists(&store)[0], []);
    store.undo_handling(id(1), NOW).expect("taken back");
    assert_eq!(lists(&store)[0], [1]);
    let again = store
        .handle(id(1), direct(), (ME, "Nguyễn Thị Ánh"), NOW)
        .expect("kept");
    // An unrelated word on it does not bring it back while the act waits.
    pull(&store, "c2", vec![upsert(presented(), 2)]);
    assert_eq!(lists(&store)[0], []);
    let refused = OpOutcome::Conflict {
        code: ProblemCode::WrongState,
        detail: "Trần Thị B: Chuyển trả".to_owned(),
    };
    answer(&store, "c3", vec![], vec![result(again.op, refused)]);
    assert_eq!(lists(&store)[0], [1]);
}

#[test]
fn what_is_resolved_here_is_done_before_and_after_the_server_shows_it() {
    let (_dir, store) = desk();
    let mut mine = handled(2, OTHER, vec![receiver(ME, ReceiverRole::Lead)]);
    mine.state = DocumentState::InProgress;
    pull(&store, "c1", vec![upsert(mine.clone(), 1)]);
    let done = HandlingAct::Resolve {
        reply: None,
        text: "Đã báo cáo".to_owned(),
    };
    let act = store
        .handle(id(2), done, (ME, "Nguyễn Thị Ánh"), NOW)
        .expect("kept");
    let [_, hold, _, _, resolved] = lists(&store);
    assert_eq!((hold, resolved), (vec![], vec![2]));
    mine.state = DocumentState::Resolved;
    let applied = OpOutcome::Applied { rev: 2 };
    answer(
        &store,
        "c2",
        vec![upsert(mine, 2)],
        vec![result(act.op, applied)],
    );
    let [_, hold, _, _, resolved] = lists(&store);
    assert_eq!((hold, resolved), (vec![], vec![2]));
}

#[test]
fn what_is_due_within_three_days_is_told_apart_from_what_is_late_and_what_has_time() {
    let (_dir, store) = desk();
    let due = |number: u128, day: i8| {
        let mut one = document(number, "x");
        one.due = congvan_model::civil_date(2026, 11, day).map(congvan_model::Deadline::Day);
        upsert(one, 1)
    };
    pull(
        &store,
        "c1",
        vec![due(1, 20), due(2, 21), due(3, 23), due(4, 28)],
    );
    assert_eq!(numbers(&store, View::IncomingDueSoon, ""), [3, 2]);
    assert_eq!(numbers(&store, View::IncomingOverdue, ""), [1]);
    let counts = store.counts(NOW).expect("counts");
    assert_eq!((counts.incoming_due_soon, counts.incoming_overdue), (2, 1));
}

#[test]
fn lists_and_counts_go_by_this_persons_own_deadline() {
    let (_dir, store) = fresh();
    let day = |day: i8| congvan_model::civil_date(2026, 11, day).map(congvan_model::Deadline::Day);
    let due = |number: u128, account: AccountId, whole: i8, own: Option<i8>| {
        let mut named = receiver(account, ReceiverRole::Support);
        named.due = own.and_then(day);
        let mut one = handled(number, OTHER, vec![named]);
        one.due = day(whole);
        one
    };
    pull(
        &store,
        "c1",
        vec![
            upsert(due(1, ME, 28, Some(20)), 1),
            upsert(due(2, ME, 28, Some(23)), 1),
            upsert(due(3, ME, 20, None), 1),
            upsert(due(4, OTHER, 28, Some(20)), 1),
        ],
    );
    let lists = || {
        let late = numbers(&store, View::IncomingOverdue, "");
        let soon = numbers(&store, View::IncomingDueSoon, "");
        let counts = store.counts(NOW).expect("counts");
        let counted = (counts.incoming_overdue, counts.incoming_due_soon);
        let counted = (counted.0 as usize, counted.1 as usize);
        assert_eq!(counted, (late.len(), soon.len()));
        (late, soon)
    };
    // Before it is known whose desk this is, the deadline of the whole counts.
    assert_eq!(lists(), (vec![3], vec![]));
    let owner = r#"{"id":7,"username":"a","full_name":"Nguyễn Thị Ánh","posts":[]}"#;
    let owner: congvan_protocol::AccountInfo = serde_json::from_str(owner).expect("an account");
    store.stand(&owner, &[]).expect("kept");
    assert_eq!(lists(), (vec![3, 1], vec![2]));
    // And of what comes from now on.
    let (again, new) = (due(2, ME, 28, Some(27)), due(5, ME, 28, Some(23)));
    pull(&store, "c2", vec![upsert(again, 2), upsert(new, 1)]);
    assert_eq!(lists(), (vec![3, 1], vec![5]));
}

#[test]
fn a_copy_is_told_apart_from_what_is_signed_until_the_agency_has_signed_it() {
    let (_dir, store) = desk();
    let copy = |sealed: bool| {
        let body = serde_json::json!({
            "origin": { "relation": "true_copy", "title": "12/UBND" },
            "outgoing": {
                "drafter": { "account": 8, "full_name": "Trần Thị B" },
                "symbol": "UBND",
                "sealed": sealed.then(|| serde_json::json!({
                    "by": { "account": 8, "full_name": "Trần Thị B" }, "at": NOW.0,
                })),
            },
        });
        let mut one = document(1, "x");
        one.direction = congvan_model::Direction::Outgoing;
        one.state = DocumentState::Signed;
        one.handling = Some(serde_json::from_value(body).expect("a handling"));
        one
    };
    let told = || {
        let row = store.document_row(id(1), NOW).expect("reads");
        row.expect("is here").unsigned_copy
    };
    for (rev, sealed) in [(1, false), (2, true), (3, false)] {
        pull(&store, &format!("c{rev}"), vec![upsert(copy(sealed), rev)]);
        assert_eq!(told(), !sealed);
    }
}
