//! Receipts, anchors, incarnations, what happened, pauses.

use congvan_model::Timestamp;
use congvan_protocol::OpOutcome;
use congvan_store::{ActFate, AuditEvent, AuditKind, Bandwidth, BandwidthWindow, Pause};

use crate::support::*;

#[test]
fn a_new_incarnation_keeps_everything_and_pulls_anew() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 4)]);
    let act = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("acts");
    let old = store.incarnation().expect("reads");
    let new = store.renew_incarnation(NOW).expect("renews");
    assert_ne!(old, new);
    assert_eq!(store.incarnation().expect("reads"), new);
    assert_eq!(store.cursor().expect("reads"), None);
    assert_eq!(store.ops(&[act.op]).expect("reads").len(), 1);
    assert_eq!(store.highest_seq().expect("reads"), 1);
    assert_eq!(numbers(&store, congvan_store::View::All, ""), [1]);
}

#[test]
fn what_was_offered_again_keeps_its_proof_when_the_server_has_let_go_of_it() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("acts");
    let applied = OpOutcome::Applied { rev: 2 };
    answer(&store, "c2", Vec::new(), vec![result(act.op, applied)]);
    assert_eq!(store.settled_through().expect("reads"), 1);
    assert_eq!(store.begin_new_history(NOW).expect("begins"), 1);
    assert_eq!(store.settled_through().expect("reads"), 0);
    let waiting = store.acts(1).expect("reads").remove(0);
    assert_eq!(waiting.fate, ActFate::Waiting { attempts: 0 });
    let known = OpOutcome::AlreadySettled {};
    answer(&store, "d1", Vec::new(), vec![result(act.op, known)]);
    let settled = store.acts(1).expect("reads").remove(0);
    assert_eq!(settled.fate, ActFate::Applied);
    assert_eq!(store.settled_through().expect("reads"), 1);
}

#[test]
fn a_chain_without_its_anchored_head_is_noticed() {
    let (dir, store) = fresh();
    let event = |detail: &str| AuditEvent {
        kind: AuditKind::Viewed,
        document: None,
        detail: detail.to_owned(),
    };
    store.audit(&event("a"), NOW).expect("records");
    let backup = dir.path().join("yesterday.db");
    store.copy_database(&backup).expect("copies");
    store.audit(&event("b"), NOW).expect("records");
    let head = store.audit_head().expect("reads");
    assert_eq!(store.audit_anchor(), None, "nothing was told yet");
    store.audit_anchored(head).expect("anchors");
    assert_eq!(store.audit_anchor(), Some(head));
    store.audit(&event("c"), NOW).expect("records");
    assert!(store.audit_holds_anchor().expect("checks"));
    drop(store);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(dir.path().join(format!("desk.db{suffix}")));
    }
    std::fs::rename(&backup, dir.path().join("desk.db")).expect("renames");
    let (store, _) = open(dir.path());
    // As long again as before, but not the same history.
    store.audit(&event("B"), NOW).expect("records");
    store.audit(&event("C"), NOW).expect("records");
    assert_eq!(store.audit_verify().expect("verifies"), None);
    assert!(!store.audit_holds_anchor().expect("checks"));
}

#[test]
fn what_happened_is_told_newest_first_and_quiet_rounds_are_not() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    pull(&store, "c2", Vec::new());
    store.note("OFFLINE", 0, "", NOW).expect("notes");
    let lines = store.happenings(None, 10).expect("reads");
    let told: Vec<_> = lines.iter().map(|l| (l.code.as_str(), l.count)).collect();
    assert_eq!(told, [("OFFLINE", 0), ("RECEIVED", 1)]);
    let older = store.happenings(Some(lines[0].seq), 10).expect("reads");
    assert_eq!(older.len(), 1);
}

#[test]
fn pause_and_limits_are_kept_and_count_by_the_clock_of_vietnam() {
    let (dir, store) = fresh();
    let pause = Pause {
        since: NOW,
        until: Some(NOW.plus_ms(60_000)),
    };
    store.set_pause(Some(pause)).expect("keeps");
    // Monday to Friday 22:00 to 06:00 without a limit, else 512 kbit/s.
    let night = BandwidthWindow {
        days: 0b001_1111,
        from_min: 22 * 60,
        to_min: 6 * 60,
        limit_kbps: None,
    };
    let limits = Bandwidth {
        limit_kbps: Some(512),
        windows: vec![night],
    };
    store.set_bandwidth(&limits).expect("keeps");
    drop(store);
    let (store, _) = open(dir.path());
    assert_eq!(store.pause(NOW).expect("reads"), Some(pause));
    assert_eq!(store.pause(NOW.plus_ms(60_000)).expect("reads"), None);
    let limits = store.bandwidth().expect("reads");
    // Saturday 2026-11-21 at 08:30; midnight was the end of Friday's night, which goes on to 06:00.
    let hour = |h: i64| Timestamp(NOW.0 - 8 * 3_600_000 - 30 * 60_000 + h * 3_600_000);
    assert_eq!(limits.limit_at(hour(8)), Some(512));
    assert_eq!(limits.limit_at(hour(5)), None, "the night of Friday");
    assert_eq!(limits.limit_at(hour(23)), Some(512), "no night on Saturday");
    assert_eq!(limits.limit_at(hour(47)), Some(512), "nor on Sunday");
    assert_eq!(limits.limit_at(hour(71)), None, "Monday");
}
