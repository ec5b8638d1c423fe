//! Backups, damage, rebuilding, room.

use std::{fs, path::Path};

use congvan_model::{DocumentState, Sha256, Timestamp};
use congvan_protocol::OpOutcome;
use congvan_store::{NewRevision, Store, StoreError, View};

use crate::support::*;

const DAY: i64 = 24 * 3_600_000;

fn backups(dir: &Path) -> usize {
    fs::read_dir(dir.join("backup")).map_or(0, |entries| entries.count())
}

/// Overwrites the middle of the database, as a dying disk does.
fn damage(dir: &Path) {
    let path = dir.join("desk.db");
    let mut raw = fs::read(&path).expect("reads");
    let from = 4096 * 2;
    for byte in raw.iter_mut().skip(from) {
        *byte ^= 0x5a;
    }
    fs::write(&path, raw).expect("writes");
}

fn damaged(dir: &Path) -> bool {
    match Store::open(dir, &key(), NOW) {
        Err(StoreError::Corrupt { .. }) => true,
        Err(error) => panic!("{error}"),
        Ok((store, _)) => store.check_pages().is_err(),
    }
}

#[test]
fn a_copy_is_made_once_a_day_and_three_are_kept() {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    assert!(store.back_up_if_due(NOW).expect("copies"));
    assert!(
        !store
            .back_up_if_due(NOW.plus_ms(DAY / 2))
            .expect("is not due")
    );
    for day in 1..=5 {
        assert!(
            store
                .back_up_if_due(NOW.plus_ms(day * DAY))
                .expect("copies")
        );
    }
    assert_eq!(backups(dir.path()), 3);
    for entry in fs::read_dir(dir.path().join("backup")).expect("lists") {
        let raw = fs::read(entry.expect("entry").path()).expect("reads");
        assert!(!raw.starts_with(b"SQLite format 3"), "enciphered");
    }
    // A clock that was wrong by a year does not stop the copies.
    assert!(store.back_up_if_due(NOW).expect("copies"));
}

#[test]
fn a_damaged_database_is_set_aside_and_rebuilt_from_copy_journal_and_files() {
    let (dir, store) = fresh();
    let parent = blob(&store, b"%PDF parent");
    let mut draft = to_sign(document(1, "Dự thảo"));
    draft.files = vec![file(1, parent, 11)];
    pull(&store, "c1", vec![upsert(draft, 1)]);
    let first = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("acts");
    store.back_up_if_due(NOW).expect("copies");
    let incarnation = store.incarnation().expect("reads");
    // After the copy: a signature, and the first act is settled.
    let child = store
        .blob_extend(parent, b"signature", NOW)
        .expect("extends");
    let revision = NewRevision {
        document: id(1),
        file: congvan_model::FileId(uuid::Uuid::from_u128(1)),
        parent,
        child: child.sha256,
        size: child.size,
        level: congvan_protocol::SignatureLevel::BB,
        certificate: Sha256([1; 32]),
        author: ME,
        author_name: "Ánh".to_owned(),
    };
    let signed = store.link_revision(&revision, NOW).expect("links");
    let applied = OpOutcome::Applied { rev: 2 };
    answer(&store, "c2", Vec::new(), vec![result(first.op, applied)]);
    drop(store);
    damage(dir.path());
    let broken = fs::read(dir.path().join("desk.db")).expect("reads");
    assert!(damaged(dir.path()));
    assert!(damaged(dir.path()), "it stays so until it is rebuilt");

    let (store, rebuilt) = Store::rebuild(dir.path(), &key(), NOW).expect("rebuilds");
    assert_eq!(rebuilt.from_backup, Some(NOW));
    let kept = fs::read(rebuilt.quarantine.join("desk.db")).expect("reads");
    assert_eq!(kept.len(), broken.len());
    assert_eq!(store.ops(&[signed.op]).expect("reads").len(), 1);
    assert!(store.blob_present(child.sha256).expect("reads"));
    assert!(store.blob_open(child.sha256).is_ok());
    assert_eq!(numbers(&store, View::All, "du thao"), [1]);
    assert_ne!(store.incarnation().expect("reads"), incarnation);
    assert_eq!(store.cursor().expect("reads"), None);
    assert_eq!(store.audit_verify().expect("verifies"), None);
    let act = store
        .add_opinion(&opinion(id(1), "hai"), NOW)
        .expect("acts");
    assert_eq!(act.local_seq, 3, "no place is given twice");
    drop(store);
    assert!(!damaged(dir.path()));
}

#[test]
fn without_a_sound_copy_the_journal_alone_brings_unsent_acts_back() {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    store.back_up_if_due(NOW).expect("copies");
    let act = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("acts");
    drop(store);
    damage(dir.path());
    for entry in fs::read_dir(dir.path().join("backup")).expect("lists") {
        fs::write(entry.expect("entry").path(), b"no database").expect("writes");
    }
    assert!(damaged(dir.path()));
    let (store, rebuilt) = Store::rebuild(dir.path(), &key(), NOW).expect("rebuilds");
    assert_eq!((rebuilt.from_backup, rebuilt.replayed), (None, 1));
    assert_eq!(store.ops(&[act.op]).expect("reads").len(), 1);
    assert_eq!(backups(dir.path()), 1, "a bad copy is left alone");
}

#[test]
fn damage_met_while_running_stops_the_writing_and_is_remembered() {
    let (dir, store) = fresh();
    let many = (1..=400).map(|n| upsert(document(n, "đầy"), 1)).collect();
    pull(&store, "c1", many);
    drop(store);
    let (store, opened) = open(dir.path());
    assert!(!opened.unclean);
    damage(dir.path());
    assert!(store.check_pages().is_err());
    let refused = store.add_opinion(&opinion(id(1), "một"), NOW);
    assert!(matches!(refused, Err(StoreError::Corrupt { .. })));
    drop(store);
    assert!(matches!(
        Store::open(dir.path(), &key(), NOW),
        Err(StoreError::Corrupt { .. })
    ));
}

#[test]
fn an_end_in_good_order_leaves_no_mark() {
    let (dir, store) = fresh();
    std::mem::forget(store.clone());
    assert!(dir.path().join("desk.open").exists());
    let (dir, store) = fresh();
    drop(store);
    assert!(!dir.path().join("desk.open").exists());
    fs::write(dir.path().join("desk.open"), b"").expect("writes");
    let (_store, opened) = open(dir.path());
    assert!(opened.unclean);
}

#[test]
fn only_files_that_nobody_needs_make_room_the_oldest_first() {
    let (_dir, store) = fresh();
    let at = |store: &Store, bytes: &[u8], when: Timestamp| {
        let mut writer = store.blob_create().expect("creates");
        writer.write(bytes).expect("writes");
        writer.finish(None, when).expect("finishes").sha256
    };
    let older = at(&store, b"older", NOW);
    let newer = at(&store, b"newer", NOW.plus_ms(1));
    let open = at(&store, b"open", NOW);
    let unsigned = at(&store, b"to be signed", NOW);
    let unlisted = at(&store, b"nobody's", NOW);
    let done = |n: u128, sha: Sha256| {
        let mut document = document(n, "x");
        document.state = DocumentState::Resolved;
        document.files = vec![file(n, sha, 5)];
        upsert(document, 1)
    };
    let mut open_document = document(3, "x");
    open_document.files = vec![file(3, open, 4)];
    let mut draft = to_sign(document(4, "x"));
    draft.files = vec![file(4, unsigned, 12)];
    let changes = vec![
        done(1, older),
        done(2, newer),
        upsert(open_document, 1),
        upsert(draft, 1),
    ];
    pull(&store, "c1", changes);
    for needed in [open, unsigned, unlisted] {
        assert!(!store.is_unneeded(needed).expect("asks"));
    }
    let trimmed = store.trim_blobs(1).expect("trims");
    assert_eq!((trimmed.files, trimmed.bytes), (1, 5));
    assert!(!store.blob_present(older).expect("reads"));
    assert!(store.blob_present(newer).expect("reads"));
    let trimmed = store.trim_blobs(u64::MAX).expect("trims");
    assert_eq!(trimmed.files, 1);
    for needed in [open, unsigned, unlisted] {
        assert!(store.blob_open(needed).is_ok());
    }
}

#[test]
fn the_room_of_the_disk_is_known_and_prefetch_stops_below_its_floor() {
    let (_dir, store) = fresh();
    let room = store.room().expect("asks");
    assert!(room.total > 0 && room.free <= room.total);
    let giga = 1024 * 1024 * 1024;
    let room = |free, total| congvan_store::Room { free, total };
    // A twentieth of the disk, between 256 MiB and 1 GiB.
    assert!(!room(giga / 2, 10 * giga).allows_prefetch());
    assert!(room(giga / 2 + 1, 10 * giga).allows_prefetch());
    assert!(!room(giga / 4, giga).allows_prefetch());
    assert!(room(giga + 1, 1_000 * giga).allows_prefetch());
    assert_eq!(room(giga / 4, 100 * giga).missing(), giga - giga / 4);
}
