use aws_lc_rs::{
    digest,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_model::Sha256;
use congvan_protocol::{OpOutcome, OpResult, Receipt, content_hash_input};
use congvan_store::{Page, Store, View};

use crate::support::*;

#[test]
fn a_server_that_went_back_loses_nothing_of_ours() {
    let (_dir, store) = fresh();
    pull(
        &store,
        "c1",
        vec![upsert(document(1, "a"), 9), upsert(document(2, "b"), 9)],
    );
    let done = store
        .add_opinion(&opinion(id(1), "đã gửi"), NOW)
        .expect("records");
    let sent = store.ops(&[done.op]).expect("reads");
    let applied = result(done.op, OpOutcome::Applied { rev: 10 });
    answer(&store, "c2", Vec::new(), vec![applied]);
    assert_eq!(store.outbox_counts().expect("counts"), (0, 0));

    assert_eq!(store.begin_new_history(NOW).expect("begins"), 1);
    assert_eq!(store.cursor().expect("reads"), None);
    assert_eq!(numbers(&store, View::All, ""), [2, 1], "nothing is deleted");
    assert_eq!(
        store.ops(&[done.op]).expect("reads"),
        sent,
        "offered word for word"
    );
    assert_eq!(store.outbox_counts().expect("counts"), (1, 0));
    // The server's older state is taken, although its revision is lower.
    pull(&store, "n1", vec![upsert(document(1, "cũ hơn"), 3)]);
    let row = store
        .document_row(id(1), NOW)
        .expect("reads")
        .expect("here");
    assert_eq!((row.subject.as_str(), row.rev), ("cũ hơn", 3));
}

#[test]
fn old_settled_acts_go_and_unsent_ones_stay() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "a"), 1)]);
    let first = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("records");
    store
        .add_opinion(&opinion(id(1), "hai"), NOW)
        .expect("records");
    let applied = result(first.op, OpOutcome::Applied { rev: 2 });
    answer(&store, "c2", Vec::new(), vec![applied]);
    let day = 24 * 3_600_000;
    assert_eq!(store.prune_acts(NOW.plus_ms(44 * day)).expect("prunes"), 0);
    assert_eq!(store.prune_acts(NOW.plus_ms(46 * day)).expect("prunes"), 1);
    assert_eq!(store.outbox_counts().expect("counts"), (1, 0));
    assert_eq!(store.settled_through().expect("reads"), 1);
}

#[test]
fn a_receipt_counts_only_for_its_own_act_and_result() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "a"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("records");
    let op = store
        .ops(&[act.op])
        .expect("reads")
        .into_iter()
        .next()
        .expect("op");
    let key = Ed25519KeyPair::generate().expect("a key");
    let public = STANDARD.encode(key.public_key().as_ref());
    let sha = |bytes: Vec<u8>| {
        let digest = digest::digest(&digest::SHA256, &bytes);
        Sha256(digest.as_ref().try_into().expect("32"))
    };
    let outcome = OpOutcome::Applied { rev: 2 };
    let mut receipt = Receipt {
        request_hash: sha(content_hash_input(&op).expect("json")),
        result_hash: sha(content_hash_input(&outcome).expect("json")),
        server_time: NOW,
        epoch: "e1".to_owned(),
        signature: String::new(),
    };
    receipt.signature = STANDARD.encode(key.sign(receipt.signed_text(act.op).as_bytes()));
    assert_eq!(store.check_receipt(act.op, &public).expect("reads"), None);
    let settled = OpResult {
        id: act.op,
        outcome,
        receipt: Some(receipt),
        duplicate: false,
    };
    answer(&store, "c2", Vec::new(), vec![settled]);
    assert_eq!(
        store.check_receipt(act.op, &public).expect("reads"),
        Some(true)
    );
    let stranger = Ed25519KeyPair::generate().expect("a key");
    let stranger = STANDARD.encode(stranger.public_key().as_ref());
    assert_eq!(
        store.check_receipt(act.op, &stranger).expect("reads"),
        Some(false)
    );
}

#[test]
fn a_copy_of_the_database_opens_under_the_same_key() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "bản sao"), 1)]);
    store.check().expect("is sound");
    let other = tempfile::tempdir().expect("folder");
    store
        .copy_database(&other.path().join("desk.db"))
        .expect("copies");
    let (copy, _) = Store::open(other.path(), &key(), NOW).expect("opens");
    assert_eq!(numbers(&copy, View::All, "ban sao"), [1]);
}

#[test]
fn late_bodies_of_a_comparison_bring_no_recalled_document_back() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "a"), 1)]);
    // Asked at c1 for what was missing then; meanwhile a round takes it away.
    let bodies = vec![upsert(document(1, "a"), 2), upsert(document(2, "b"), 2)];
    pull(&store, "c2", vec![remove(id(1), 3), remove(id(2), 3)]);
    assert_eq!(numbers(&store, View::All, ""), [] as [u128; 0]);
    let late = store
        .apply_bodies(Some("c1"), &bodies, NOW)
        .expect("applies");
    assert!(late.stale && late.changed.is_empty(), "{late:?}");
    assert_eq!(numbers(&store, View::All, ""), [] as [u128; 0]);
    store.begin_new_history(NOW).expect("begins");
    let late = store
        .apply_bodies(Some("c2"), &bodies, NOW)
        .expect("applies");
    assert!(late.stale, "of a history that is over");
    let fresh = store.apply_bodies(None, &bodies, NOW).expect("applies");
    assert!(!fresh.stale && fresh.changed.len() == 2, "{fresh:?}");
}

#[test]
fn what_the_server_said_before_it_was_restored_settles_nothing_afterwards() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "a"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("records");
    let applied = result(act.op, OpOutcome::Applied { rev: 2 });
    let mut late = response("c2", Vec::new(), vec![applied]);
    "e1".clone_into(&mut late.epoch);
    let take = |sent_cursor| {
        let page = Page {
            sent_cursor,
            response: &late,
            now: NOW,
        };
        store.apply_page(page).expect("applies")
    };
    store.begin_new_history(NOW).expect("begins");
    let outcome = take(Some("c1"));
    assert!(outcome.stale && outcome.applied == 0, "{outcome:?}");
    let mut first = response("n1", Vec::new(), Vec::new());
    "e2".clone_into(&mut first.epoch);
    let page = Page {
        sent_cursor: None,
        response: &first,
        now: NOW,
    };
    store.apply_page(page).expect("applies");
    let outcome = take(Some("c1"));
    assert!(outcome.stale && outcome.applied == 0, "{outcome:?}");
    assert_eq!(store.outbox_counts().expect("counts"), (1, 0), "it waits");
}
