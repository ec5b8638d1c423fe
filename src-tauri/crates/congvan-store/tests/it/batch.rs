//! Batches: what counts as signed is linked, and what is linked counts as signed.

use congvan_model::{FileId, Sha256};
use congvan_protocol::SignatureLevel;
use congvan_store::{
    AuditKind, BatchEnd, BatchEntry, BatchStep, BatchTerms, ItemFate, NewRevision, NotLinked,
    SignedItem, Store, View,
};
use uuid::Uuid;

use crate::support::*;

fn terms() -> BatchTerms {
    BatchTerms {
        module: "m".to_owned(),
        token_serial: "42".to_owned(),
        token_label: "VGCA Token".to_owned(),
        certificate: Sha256([9; 32]),
    }
}

/// So many drafts with their bytes here; their hashes.
fn drafts(store: &Store, count: u128) -> Vec<Sha256> {
    let mut parents = Vec::new();
    let mut changes = Vec::new();
    for number in 1..=count {
        let parent = blob(store, format!("draft {number}").as_bytes());
        let mut draft = to_sign(document(number, "Dự thảo"));
        draft.files = vec![file(number + 50, parent, 7)];
        changes.push(upsert(draft, 1));
        parents.push(parent);
    }
    pull(store, "c1", changes);
    parents
}

fn entry(number: u128, shown: Sha256) -> BatchEntry {
    BatchEntry {
        document: id(number),
        file: FileId(Uuid::from_u128(number + 50)),
        shown,
        title: format!("{number}"),
        placement: None,
    }
}

/// The signed bytes of a draft, durable but not listed yet.
fn revision(store: &Store, number: u128, parent: Sha256) -> NewRevision {
    let written = store
        .blob_extend_unlisted(parent, b" signed")
        .expect("writes");
    assert!(
        !store.blob_present(written.sha256).expect("reads"),
        "no row precedes the link"
    );
    NewRevision {
        document: id(number),
        file: FileId(Uuid::from_u128(number + 50)),
        parent,
        child: written.sha256,
        size: written.size,
        level: SignatureLevel::BB,
        certificate: Sha256([9; 32]),
        author: ME,
        author_name: "Lê Văn Hùng".to_owned(),
    }
}

#[test]
fn a_group_is_linked_listed_queued_and_settled_together_and_survives_reopening() {
    let (dir, store) = fresh();
    let parents = drafts(&store, 3);
    for number in 1..=3 {
        let mark = (id(number), parents[number as usize - 1]);
        store.mark(mark, None, NOW).expect("marks");
    }
    let entries: Vec<BatchEntry> = (1..=3)
        .map(|number| entry(number, parents[number as usize - 1]))
        .collect();
    let batch = store.batch_create(&terms(), &entries, NOW).expect("writes");
    let group: Vec<SignedItem> = (1..=2)
        .map(|number| SignedItem {
            revision: revision(&store, number, parents[number as usize - 1]),
            item: Some((batch, number as usize - 1)),
        })
        .collect();
    let linked = store.link_signed(&group, NOW).expect("links");
    assert!(linked.iter().all(Result::is_ok), "{linked:?}");
    assert_eq!(store.outbox_counts().expect("reads"), (2, 0));
    assert_eq!(numbers(&store, View::ToSign, ""), [3]);
    assert_eq!(
        store.marks().expect("reads").len(),
        1,
        "what is signed is marked no more"
    );
    drop(store);

    let (store, opened) = open(dir.path());
    assert_eq!(opened.replayed, 0);
    let kept = store.batch_shown().expect("reads").expect("is shown");
    // Nobody wrote down its end: whoever opens the store sees that it was interrupted.
    assert_eq!(kept.step, BatchStep::Running);
    let fates: Vec<bool> = kept
        .items
        .iter()
        .map(|(_, fate)| matches!(fate, ItemFate::Signed { .. }))
        .collect();
    assert_eq!(fates, [true, true, false]);
    for item in &group {
        assert!(store.blob_present(item.revision.child).expect("reads"));
        let detail = store.document(item.revision.document, NOW).expect("reads");
        let head = detail.expect("is here").files[0]
            .head()
            .expect("head")
            .sha256;
        assert_eq!(head, item.revision.child);
    }
    assert_eq!(store.audit_verify().expect("verifies"), None);
    let end = BatchEnd {
        stopped_by: Some("TOKEN_REMOVED".to_owned()),
        elapsed_ms: 10,
        token_ms: 7,
    };
    store.batch_end(batch, &end, NOW).expect("writes");
    store.batch_restart(batch).expect("writes");
    store.batch_end(batch, &end, NOW).expect("writes");
    let kept = store.batch_shown().expect("reads").expect("is shown");
    assert_eq!((kept.elapsed_ms, kept.token_ms), (20, 14));
    assert_eq!(kept.step, BatchStep::Stopped);
    store.batch_dismiss(batch, NOW).expect("writes");
    assert_eq!(store.batch_shown().expect("reads"), None);
}

#[test]
fn a_state_that_is_signed_already_takes_no_second_signature_whatever_led_to_it() {
    let (_dir, store) = fresh();
    let parents = drafts(&store, 2);
    let first = SignedItem {
        revision: revision(&store, 1, parents[0]),
        item: None,
    };
    let mut second = first.clone();
    second.revision.child = blob(&store, b"another signature");
    // Twice in one group, and once more afterwards.
    let linked = store
        .link_signed(&[first.clone(), second.clone()], NOW)
        .expect("links");
    assert!(linked[0].is_ok());
    assert_eq!(linked[1], Err(NotLinked::Overtaken));
    let linked = store.link_signed(&[second], NOW).expect("answers");
    assert_eq!(linked, [Err(NotLinked::Overtaken)]);
    assert_eq!(store.outbox_counts().expect("reads"), (1, 0));

    // The server was faster: the file has a new head.
    let mut draft = to_sign(document(2, "Dự thảo"));
    draft.files = vec![file(52, blob(&store, b"draft 2, corrected"), 18)];
    pull(&store, "c2", vec![upsert(draft, 2)]);
    let late = SignedItem {
        revision: revision(&store, 2, parents[1]),
        item: None,
    };
    let linked = store.link_signed(&[late], NOW).expect("answers");
    assert_eq!(linked, [Err(NotLinked::Overtaken)]);
}

#[test]
fn a_document_that_has_gone_is_answered_by_itself_and_the_rest_of_its_group_is_linked() {
    let (_dir, store) = fresh();
    let parents = drafts(&store, 2);
    let group: Vec<SignedItem> = (1..=2)
        .map(|number| SignedItem {
            revision: revision(&store, number, parents[number as usize - 1]),
            item: None,
        })
        .collect();
    pull(&store, "c2", vec![remove(id(1), 2)]);
    let linked = store.link_signed(&group, NOW).expect("links");
    assert_eq!(linked[0], Err(NotLinked::Gone));
    assert!(linked[1].is_ok());
    assert_eq!(store.outbox_counts().expect("reads"), (1, 0));
    assert!(!store.blob_present(group[0].revision.child).expect("reads"));
}

#[test]
fn pages_are_counted_by_their_bytes_and_a_new_state_is_unread() {
    let (_dir, store) = fresh();
    let parents = drafts(&store, 1);
    let place = (id(1), parents[0]);
    for page in [0, 2, 0] {
        let reading = store.page_seen(place, page, 3, NOW).expect("writes");
        assert!(!reading.is_whole());
    }
    assert!(
        store
            .page_seen(place, 1, 3, NOW)
            .expect("writes")
            .is_whole()
    );
    let other = store.reading(Sha256([1; 32])).expect("reads");
    assert!(!other.is_whole() && other.seen.is_empty());
}

#[test]
fn what_was_read_and_marked_goes_along_with_a_completion_and_an_override_says_why_in_the_audit() {
    let (_dir, store) = fresh();
    let shown = drafts(&store, 1)[0];
    let completed = blob(&store, b"draft 1, completed");
    store.page_seen((id(1), shown), 0, 2, NOW).expect("reads");
    store
        .mark((id(1), shown), Some("read_on_paper"), NOW)
        .expect("marks");
    assert!(store.reading_lags((shown, completed)).expect("reads"));
    store.follow_completion((shown, completed)).expect("writes");
    assert!(!store.reading_lags((shown, completed)).expect("reads"));
    assert_eq!(
        store.reading(completed).expect("reads"),
        store.reading(shown).expect("reads")
    );
    let marks = store.marks().expect("reads");
    assert_eq!((marks[0].sha256, marks[0].unread), (completed, true));

    let row = &store.audit_rows(1).expect("reads")[0];
    assert_eq!(row.event.kind, AuditKind::RuleOverridden);
    assert_eq!(row.event.document, Some(id(1)));
    assert!(
        row.event.detail.contains("reason=read_on_paper"),
        "{}",
        row.event.detail
    );
    assert_eq!(store.audit_verify().expect("verifies"), None);
}
