//! The queue of signatures to be completed, and evidence at hand.

use congvan_model::{FileId, Sha256};
use congvan_protocol::{OpOutcome, ProblemCode, SignatureLevel};
use congvan_store::{
    BatchEnd, BatchEntry, BatchTerms, CompletionRow, CompletionSetback, EvidenceKind, KeptEvidence,
    NewRevision, Store, StoreError, TsaUse,
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{
    ME, NOW, answer, blob, document, file, fresh, id, open, pull, result, to_sign, upsert,
};

const WANTED: SignatureLevel = SignatureLevel::BLT;

fn revision(parent: Sha256, child: Sha256, level: SignatureLevel) -> NewRevision {
    NewRevision {
        document: id(1),
        file: FileId(Uuid::from_u128(50)),
        parent,
        child,
        size: 8,
        level,
        certificate: Sha256([9; 32]),
        author: ME,
        author_name: "Lê Văn Hùng".to_owned(),
    }
}

/// A store with a document that was signed offline.
fn signed() -> (TempDir, Store, Sha256) {
    let (dir, store) = fresh();
    let parent = blob(&store, b"%PDF");
    let mut waiting = to_sign(document(1, "Quyết định"));
    waiting.files = vec![file(50, parent, 4)];
    pull(&store, "c1", vec![upsert(waiting, 1)]);
    let child = extend(&store, parent, b"sign");
    let new = revision(parent, child, SignatureLevel::BB);
    store.link_revision(&new, NOW).expect("links");
    (dir, store, child)
}

fn extend(store: &Store, parent: Sha256, tail: &[u8]) -> Sha256 {
    let written = store.blob_extend(parent, tail, NOW).expect("extends");
    written.sha256
}

fn due(store: &Store, after_ms: i64) -> Vec<CompletionRow> {
    let now = NOW.plus_ms(after_ms);
    store.completions_due(WANTED, now, 10).expect("reads")
}

#[test]
fn a_signature_waits_for_its_completion_from_its_own_transaction_on() {
    let (dir, store, child) = signed();
    let rows = due(&store, 0);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].head, rows[0].level), (child, SignatureLevel::BB));
    assert_eq!(rows[0].certificate, Sha256([9; 32]));
    drop(store);
    let (store, _) = open(dir.path());
    assert_eq!(due(&store, 0), rows, "also after a restart");

    let whole = extend(&store, child, b"more");
    let new = revision(child, whole, SignatureLevel::BLT);
    let linked = store.link_completion(&new, Some("http://tsa/"), NOW);
    assert!(linked.expect("links").is_some());
    assert_eq!(due(&store, 0), []);
    assert_eq!(store.completion_next(WANTED).expect("reads"), None);
    assert_eq!(store.outbox_counts().expect("counts").0, 2);
    let higher = store.completions(SignatureLevel::BLTA).expect("reads");
    assert_eq!(higher.len(), 1, "a higher policy finds it again");
    assert_eq!(higher[0].tsa.as_deref(), Some("http://tsa/"));
}

#[test]
fn a_database_that_was_lost_gets_its_queue_back_from_the_journal() {
    let (dir, store, child) = signed();
    drop(store);
    for name in ["desk.db", "desk.db-wal", "desk.db-shm"] {
        std::fs::remove_file(dir.path().join(name)).ok();
    }
    let (store, opened) = open(dir.path());
    assert_eq!(opened.replayed, 1);
    assert_eq!(due(&store, 0).first().map(|row| row.head), Some(child));
}

#[test]
fn what_a_batch_is_about_to_sign_is_not_changed_under_its_hands() {
    let (_dir, store, child) = signed();
    let terms = BatchTerms {
        module: "m".to_owned(),
        token_serial: "1".to_owned(),
        token_label: "t".to_owned(),
        certificate: Sha256([9; 32]),
    };
    let entry = BatchEntry {
        document: id(1),
        file: FileId(Uuid::from_u128(50)),
        shown: child,
        title: String::new(),
        placement: None,
    };
    let batch = store.batch_create(&terms, &[entry], NOW).expect("creates");
    let whole = extend(&store, child, b"more");
    let new = revision(child, whole, SignatureLevel::BLT);
    assert_eq!(
        store.link_completion(&new, None, NOW).expect("answers"),
        None
    );
    let end = BatchEnd {
        stopped_by: Some("CANCELLED".to_owned()),
        elapsed_ms: 0,
        token_ms: 0,
    };
    store.batch_end(batch, &end, NOW).expect("ends");
    let linked = store.link_completion(&new, None, NOW).expect("answers");
    assert!(linked.is_some());
}

#[test]
fn a_state_that_is_no_longer_the_files_own_is_not_completed() {
    let (_dir, store, child) = signed();
    let second = extend(&store, child, b"sign again");
    let new = revision(child, second, SignatureLevel::BB);
    store.link_revision(&new, NOW).expect("links");
    let late = extend(&store, child, b"completed too late");
    let new = revision(child, late, SignatureLevel::BLT);
    let linked = store.link_completion(&new, None, NOW).expect("answers");
    assert_eq!(linked, None);
    assert_eq!(store.outbox_counts().expect("counts").0, 2);
    assert_eq!(due(&store, 0).first().map(|row| row.head), Some(second));
}

#[test]
fn setbacks_are_kept_and_a_person_may_ask_for_another_try() {
    let (_dir, store, _) = signed();
    let rows = due(&store, 0);
    let setback = CompletionSetback::Later {
        code: "EVIDENCE_HOST".to_owned(),
        not_before: NOW.plus_ms(60_000),
        counts: true,
    };
    store
        .completion_failed(&rows[0], &setback, NOW)
        .expect("keeps");
    assert_eq!(due(&store, 59_999), []);
    let next = store.completion_next(WANTED).expect("reads");
    assert_eq!(next, Some(NOW.plus_ms(60_000)));
    let row = due(&store, 60_000).remove(0);
    assert_eq!(
        (row.attempts, row.code.as_deref()),
        (1, Some("EVIDENCE_HOST"))
    );
    store
        .completion_failed(&rows[0], &setback, NOW)
        .expect("keeps");
    store.completion_hasten(NOW).expect("hastens");
    assert_eq!(due(&store, 0).first().map(|row| row.attempts), Some(2));
    store.completion_retry(None).expect("resets");
    assert_eq!(due(&store, 0).first().map(|row| row.attempts), Some(0));
}

#[test]
fn a_revoked_certificate_blocks_its_document_for_good() {
    let (_dir, store, _) = signed();
    let rows = due(&store, 0);
    assert_eq!(store.blocked_since(id(1)).expect("reads"), None);
    let at = NOW.plus_ms(-5_000);
    store
        .completion_failed(&rows[0], &CompletionSetback::Revoked { at }, NOW)
        .expect("keeps");
    assert_eq!(store.blocked_since(id(1)).expect("reads"), Some(at));
    store.completion_retry(None).expect("resets");
    assert_eq!(due(&store, 0), []);
    let shown = store.completions(WANTED).expect("reads");
    assert_eq!(shown[0].revoked_at, Some(at));
}

#[test]
fn a_completion_that_the_server_refuses_bothers_nobody_and_is_made_anew() {
    let (_dir, store, child) = signed();
    let whole = extend(&store, child, b"more");
    let new = revision(child, whole, SignatureLevel::BLT);
    let linked = store.link_completion(&new, None, NOW).expect("links");
    let op = linked.expect("is the head").op;
    let clash = OpOutcome::Conflict {
        code: ProblemCode::HeadMoved,
        detail: String::new(),
    };
    answer(&store, "c2", Vec::new(), vec![result(op, clash)]);
    assert_eq!(store.outbox_counts().expect("counts").1, 1);
    assert_eq!(store.reopen_refused_completions(NOW).expect("closes"), 1);
    assert_eq!(store.outbox_counts().expect("counts").1, 0);
    let row = due(&store, 60_000).remove(0);
    assert_eq!((row.head, row.level), (child, SignatureLevel::BB));
    assert_eq!(store.reopen_refused_completions(NOW).expect("closes"), 0);
}

#[test]
fn a_signature_that_the_server_refuses_stays_for_a_person_to_see() {
    let (_dir, store, child) = signed();
    let op = store.outbox_items().expect("reads")[0].op;
    let clash = OpOutcome::Conflict {
        code: ProblemCode::HeadMoved,
        detail: String::new(),
    };
    answer(&store, "c2", Vec::new(), vec![result(op, clash)]);
    assert_eq!(store.reopen_refused_completions(NOW).expect("closes"), 0);
    assert_eq!(store.outbox_counts().expect("counts").1, 1);
    // It is not the file's state, so nothing is completed on top of it.
    let whole = extend(&store, child, b"more");
    let new = revision(child, whole, SignatureLevel::BLT);
    let linked = store.link_completion(&new, None, NOW).expect("answers");
    assert_eq!(linked, None);
}

#[test]
fn bytes_that_are_not_here_are_never_linked() {
    let (_dir, store, child) = signed();
    let new = revision(child, Sha256([1; 32]), SignatureLevel::BLT);
    let linked = store.link_completion(&new, None, NOW);
    assert!(matches!(linked, Err(StoreError::BlobMissing { .. })));
}

#[test]
fn evidence_is_kept_until_its_end_and_the_ledger_for_ever() {
    let (dir, store) = fresh();
    let certificate = Sha256([3; 32]);
    let mut one = KeptEvidence {
        certificate,
        kind: EvidenceKind::Ocsp,
        der: vec![1],
        until: NOW.plus_ms(10),
    };
    store.keep_evidence(&one, NOW).expect("keeps");
    one.der = vec![2];
    store.keep_evidence(&one, NOW).expect("keeps");
    let uses = [TsaUse {
        url: "http://tsa/".to_owned(),
        day: 20_261_121,
        used_day: 3,
        used_month: 40,
    }];
    store.set_tsa_uses(&uses).expect("keeps");
    drop(store);
    let (store, _) = open(dir.path());
    let at = |ms| {
        let found = store.evidence(&[certificate], NOW.plus_ms(ms));
        found.expect("reads")
    };
    assert_eq!(at(10), [one]);
    assert_eq!(at(11), []);
    assert_eq!(store.tsa_uses().expect("reads"), uses);
}
