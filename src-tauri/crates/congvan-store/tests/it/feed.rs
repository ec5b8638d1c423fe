use congvan_model::{DocumentState, OpinionId, Urgency};
use congvan_protocol::OpOutcome;
use congvan_store::{Filter, Page, Store, StoreError, View};
use uuid::Uuid;

use crate::support::*;

#[test]
fn lists_show_their_own_newest_first_with_counts() {
    let (_dir, store) = fresh();
    let mut resolved = document(3, "x");
    resolved.state = congvan_model::DocumentState::Resolved;
    pull(
        &store,
        "c1",
        vec![
            upsert(document(1, "a"), 1),
            upsert(overdue(document(2, "b")), 1),
            upsert(resolved, 1),
            upsert(to_sign(document(4, "d")), 1),
        ],
    );
    assert_eq!(numbers(&store, View::IncomingPending, ""), [2, 1]);
    assert_eq!(numbers(&store, View::IncomingOverdue, ""), [2]);
    assert_eq!(numbers(&store, View::IncomingAll, ""), [3, 2, 1]);
    assert_eq!(numbers(&store, View::ToSign, ""), [4]);
    assert_eq!(numbers(&store, View::All, ""), [4, 3, 2, 1]);
    let counts = store.counts(NOW).expect("counts");
    assert_eq!(
        (
            counts.incoming_pending,
            counts.incoming_overdue,
            counts.incoming_all,
            counts.incoming_unread,
            counts.to_sign,
            counts.outgoing_all
        ),
        (2, 1, 3, 3, 1, 1)
    );
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let (_dir, store) = fresh();
    let mut same_moment = document(5, "same");
    same_moment.arrived_at = document(4, "").arrived_at;
    let mut changes: Vec<_> = (1..=4).map(|n| upsert(document(n, "x"), 1)).collect();
    changes.push(upsert(same_moment, 1));
    pull(&store, "c1", changes);
    let mut seen = Vec::new();
    let mut ask = query(View::IncomingAll, "");
    ask.limit = 2;
    let mut pages = 0;
    loop {
        let page = store.list(&ask).expect("lists");
        if pages == 0 {
            assert_eq!(page.total, 5);
        }
        pages += 1;
        seen.extend(page.rows.iter().map(|row| row.id.0.as_u128()));
        let Some(next) = page.next else { break };
        ask.after = Some(next.to_string().parse().expect("key"));
    }
    assert_eq!((pages, seen.len()), (3, 5));
    let mut all = seen.clone();
    all.sort_unstable();
    assert_eq!(all, [1, 2, 3, 4, 5]);
    // A place further down is reached without what lies before it.
    for (skip, behind) in seen.chunks(2).enumerate().map(|(at, rows)| (2 * at, rows)) {
        ask.after = None;
        ask.skip = u32::try_from(skip).expect("small");
        let page = store.list(&ask).expect("lists");
        let found: Vec<u128> = page.rows.iter().map(|row| row.id.0.as_u128()).collect();
        assert_eq!(found, behind);
        assert_eq!(page.next.is_some(), skip < 4);
    }
}

#[test]
fn filters_narrow_a_list() {
    let (_dir, store) = fresh();
    let mut urgent = document(2, "b");
    urgent.urgency = Urgency::Express;
    let mut read = document(3, "c");
    read.read_at = Some(NOW);
    pull(
        &store,
        "c1",
        vec![
            upsert(document(1, "a"), 1),
            upsert(urgent, 1),
            upsert(read, 1),
        ],
    );
    store.mark_read(id(1), ME, NOW).expect("marks");
    let mut ask = query(View::IncomingAll, "");
    ask.filter = Filter {
        unread: true,
        urgent: false,
    };
    let unread = store.list(&ask).expect("lists");
    assert_eq!(
        (unread.total, unread.rows.first().map(|r| r.id)),
        (1, Some(id(2)))
    );
    ask.filter = Filter {
        unread: false,
        urgent: true,
    };
    assert_eq!(store.list(&ask).expect("lists").total, 1);
}

#[test]
fn an_older_revision_changes_nothing() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "new"), 5)]);
    let outcome = pull(
        &store,
        "c2",
        vec![
            upsert(document(1, "old"), 5),
            upsert(document(1, "older"), 4),
        ],
    );
    assert!(outcome.changed.is_empty());
    let row = store
        .document_row(id(1), NOW)
        .expect("reads")
        .expect("here");
    assert_eq!((row.subject.as_str(), row.rev), ("new", 5));
}

#[test]
fn a_late_page_settles_ops_but_moves_nothing_else() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "a"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "x"), NOW)
        .expect("records");
    pull(&store, "c2", vec![remove(id(1), 2)]);
    // The answer to a request sent at c1 comes only now; its upsert must not bring the document back.
    let late = response(
        "c1b",
        vec![upsert(document(1, "ghost"), 1)],
        vec![result(act.op, OpOutcome::Applied { rev: 3 })],
    );
    let page = Page {
        sent_cursor: Some("c1"),
        response: &late,
        now: NOW,
    };
    let outcome = store.apply_page(page).expect("applies");
    assert!(outcome.stale);
    assert_eq!(outcome.applied, 1);
    assert_eq!(store.cursor().expect("reads").as_deref(), Some("c2"));
    assert!(store.document_row(id(1), NOW).expect("reads").is_none());
    assert_eq!(store.outbox_counts().expect("counts"), (0, 0));
}

#[test]
fn only_a_tombstone_removes_and_it_takes_the_bytes_along() {
    let (dir, store) = fresh();
    let shared = blob(&store, b"shared");
    let own = blob(&store, b"own");
    let mut first = document(1, "thu hồi");
    first.files = vec![file(50, shared, 6), file(60, own, 3)];
    let mut second = document(2, "giữ lại");
    second.files = vec![file(70, shared, 6)];
    pull(&store, "c1", vec![upsert(first, 1), upsert(second, 1)]);
    pull(&store, "c2", Vec::new());
    assert_eq!(numbers(&store, View::All, ""), [2, 1]);
    let outcome = pull(&store, "c3", vec![remove(id(1), 2)]);
    assert_eq!(outcome.removed, [id(1)]);
    assert_eq!(numbers(&store, View::All, ""), [2]);
    assert!(numbers(&store, View::All, "thu hoi").is_empty());
    assert!(store.blob_present(shared).expect("reads"));
    assert!(!store.blob_present(own).expect("reads"));
    assert!(matches!(
        store.blob_open(own),
        Err(StoreError::BlobMissing { .. })
    ));
    drop(store);
    let files = walk(&dir.path().join("blobs"));
    assert_eq!(files, 1, "the recalled bytes are off the disk");
}

fn walk(dir: &std::path::Path) -> usize {
    std::fs::read_dir(dir)
        .expect("reads")
        .map(|entry| entry.expect("entry").path())
        .map(|path| if path.is_dir() { walk(&path) } else { 1 })
        .sum()
}

#[test]
fn an_opinion_may_come_before_its_document() {
    let (_dir, store) = fresh();
    let opinion = OpinionId(Uuid::from_u128(900));
    pull(
        &store,
        "c1",
        vec![opinion_change(opinion, id(1), "chuyển phòng Kinh tế", 1)],
    );
    pull(&store, "c2", vec![upsert(document(1, "x"), 1)]);
    assert_eq!(numbers(&store, View::All, "kinh te"), [1]);
    let detail = store.document(id(1), NOW).expect("reads").expect("here");
    assert_eq!(detail.opinions.len(), 1);
}

#[test]
fn a_broken_page_is_taken_in_not_at_all() {
    let (_dir, store) = fresh();
    let mut broken = upsert(document(2, "b"), 1);
    broken.body = None;
    let response = response("c1", vec![upsert(document(1, "a"), 1), broken], Vec::new());
    let page = Page {
        sent_cursor: None,
        response: &response,
        now: NOW,
    };
    assert!(matches!(
        store.apply_page(page),
        Err(StoreError::Invalid { .. })
    ));
    assert_eq!(store.cursor().expect("reads"), None);
    assert!(numbers(&store, View::All, "").is_empty());
}

#[test]
fn urgent_arrivals_are_told_after_the_first_pull_only() {
    let (_dir, store) = fresh();
    let urgent = |number| {
        let mut document = document(number, "cháy rừng");
        document.urgency = Urgency::Express;
        document
    };
    assert!(
        pull(&store, "c1", vec![upsert(urgent(1), 1)])
            .urgent
            .is_empty()
    );
    let second = pull(
        &store,
        "c2",
        vec![upsert(urgent(2), 1), upsert(document(3, "x"), 1)],
    );
    assert_eq!(
        second.urgent.iter().map(|u| u.id).collect::<Vec<_>>(),
        [id(2)]
    );
    assert!(
        pull(&store, "c3", vec![upsert(urgent(2), 2)])
            .urgent
            .is_empty()
    );
}

#[test]
fn missing_files_are_wanted_in_the_order_of_need() {
    let (_dir, store) = fresh();
    let with = |number: u128, size: u64, mine: bool, urgent: bool| {
        let mut document = document(number, "x");
        let mut hash = [0; 32];
        hash[0] = u8::try_from(number).expect("small");
        document.files = vec![file(number * 10, congvan_model::Sha256(hash), size)];
        document.role = mine.then_some(congvan_model::ReceiverRole::Lead);
        if urgent {
            document.urgency = Urgency::Urgent;
        }
        upsert(document, 1)
    };
    let changes = vec![
        with(1, 10, false, false),
        with(2, 900, true, false),
        with(3, 5_000, false, true),
        with(4, 100, true, false),
    ];
    pull(&store, "c1", changes);
    assert_eq!(wanted(&store, 10), ([3, 4, 2, 1].to_vec(), 0));
    assert_eq!(wanted(&store, 3), ([3, 4, 2].to_vec(), 1));
}

/// The documents whose files are wanted, in order, and how many more there are.
fn wanted(store: &Store, limit: u32) -> (Vec<u128>, u32) {
    let wanted = store.wanted_blobs(limit, NOW).expect("reads");
    let order = wanted.blobs.iter().map(|w| w.document.0.as_u128());
    (order.collect(), wanted.beyond)
}

#[test]
fn a_file_is_wanted_while_it_is_not_here_and_its_document_needs_it() {
    let (_dir, store) = fresh();
    let bytes = b"the same bytes in two documents";
    let sha256 = crate::blobs::sha(bytes);
    let with = |number: u128, state: DocumentState, rev: u64| {
        let mut document = document(number, "x");
        document.files = vec![file(number * 10, sha256, bytes.len() as u64)];
        document.state = state;
        upsert(document, rev)
    };
    pull(
        &store,
        "c1",
        vec![
            with(1, DocumentState::Received, 1),
            with(2, DocumentState::Received, 1),
        ],
    );
    assert_eq!(wanted(&store, 10).0.len(), 1, "the bytes are fetched once");
    // A file and its appendix may be the same bytes, and a document comes again.
    for rev in 2..4 {
        let mut twice = document(1, "x");
        twice.files = vec![file(10, sha256, 31), file(11, sha256, 31)];
        pull(&store, &format!("c1-{rev}"), vec![upsert(twice, rev)]);
        assert_eq!(wanted(&store, 10).0.len(), 1);
    }
    let mut writer = store.blob_resume(sha256).expect("begins");
    writer.write(bytes).expect("writes");
    writer.finish(None, NOW).expect("ends");
    assert_eq!(wanted(&store, 10), (vec![], 0));
    // A change of the document does not ask for what is here.
    pull(&store, "c2", vec![with(1, DocumentState::InProgress, 5)]);
    assert_eq!(wanted(&store, 10), (vec![], 0));
    // What needs nothing any more and is old is not fetched, nor is it when it gives way.
    pull(
        &store,
        "c3",
        vec![
            with(1, DocumentState::Filed, 6),
            with(2, DocumentState::Filed, 2),
        ],
    );
    assert_eq!(store.trim_blobs(1).expect("trims").files, 1);
    assert_eq!(wanted(&store, 10).0.len(), 1, "of the last thirty days");
    let later = NOW.plus_ms(31 * 24 * 3_600_000);
    assert_eq!(store.wanted_blobs(10, later).expect("reads").blobs, vec![]);
    pull(&store, "c4", vec![with(2, DocumentState::InProgress, 3)]);
    let open = store.wanted_blobs(10, later).expect("reads").blobs;
    assert_eq!(open.len(), 1, "an open one is wanted however old it is");
}
