use std::fs;

use congvan_store::{AccountKey, Home, Store, StoreError, View};

use crate::support::*;

#[test]
fn a_wrong_key_is_told_apart_from_damage() {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    drop(store);
    let wrong = Store::open(dir.path(), &AccountKey::from_bytes([8; 32]), NOW);
    assert!(matches!(wrong, Err(StoreError::KeyWrong)));
    let path = dir.path().join("desk.db");
    let mut raw = fs::read(&path).expect("reads");
    assert!(
        !raw.starts_with(b"SQLite format 3"),
        "the file is enciphered"
    );
    for byte in raw.iter_mut().take(4096) {
        *byte ^= 0xff;
    }
    fs::write(&path, raw).expect("writes");
    let damaged = Store::open(dir.path(), &key(), NOW);
    assert!(matches!(damaged, Err(StoreError::Corrupt { .. })));
    assert!(path.exists(), "nothing is deleted on a failed check");
}

#[test]
fn two_openings_of_one_store_are_refused() {
    let (dir, store) = fresh();
    let second = Store::open(dir.path(), &key(), NOW);
    assert!(matches!(second, Err(StoreError::InUse)));
    drop(store);
    assert!(Store::open(dir.path(), &key(), NOW).is_ok());
}

#[test]
fn an_opening_waits_a_moment_for_a_process_that_is_being_cleared_away() {
    let (dir, store) = fresh();
    let path = dir.path().to_owned();
    let second = std::thread::spawn(move || Store::open(&path, &key(), NOW).map(drop));
    let begun = std::time::Instant::now();
    while begun.elapsed() < std::time::Duration::from_millis(100) {
        assert!(!second.is_finished(), "it did not wait");
        std::thread::yield_now();
    }
    drop(store);
    second.join().expect("ends").expect("opens");
}

#[test]
fn everything_is_there_after_reopening() {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "còn nguyên"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "x"), NOW)
        .expect("records");
    store.set_setting("module", "/usr/lib/x.so").expect("sets");
    let incarnation = store.incarnation().expect("reads");
    drop(store);
    let (store, opened) = open(dir.path());
    assert!(!opened.created);
    assert_eq!(opened.replayed, 0);
    assert_eq!(numbers(&store, View::All, "con nguyen"), [1]);
    assert_eq!(store.ops(&[act.op]).expect("reads").len(), 1);
    assert_eq!(
        store.setting("module").expect("reads").as_deref(),
        Some("/usr/lib/x.so")
    );
    assert_eq!(store.incarnation().expect("reads"), incarnation);
    assert_eq!(store.cursor().expect("reads").as_deref(), Some("c1"));
}

#[test]
fn unsent_acts_come_back_from_the_journal_when_the_database_is_lost() {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let first = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("records");
    let second = store
        .add_opinion(&opinion(id(1), "hai"), NOW)
        .expect("records");
    let sent = store.ops(&[first.op, second.op]).expect("reads");
    let applied = congvan_protocol::OpOutcome::Applied { rev: 2 };
    answer(&store, "c2", Vec::new(), vec![result(first.op, applied)]);
    drop(store);
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(dir.path().join(format!("desk.db{suffix}")));
    }
    let (store, opened) = open(dir.path());
    assert!(opened.created);
    assert_eq!(opened.replayed, 1, "the settled one is not asked again");
    let back = store.ops(&[second.op]).expect("reads");
    assert_eq!(
        back.first(),
        sent.get(1),
        "word for word, so that the server knows it again"
    );
    pull(&store, "c9", vec![upsert(document(1, "x"), 1)]);
    let detail = store.document(id(1), NOW).expect("reads").expect("here");
    assert_eq!(
        detail.opinions.first().map(|o| o.text.as_str()),
        Some("hai")
    );
    let third = store
        .add_opinion(&opinion(id(1), "ba"), NOW)
        .expect("records");
    assert_eq!(third.local_seq, 3, "no number is given twice");
    assert_eq!(store.audit_verify().expect("verifies"), None);
}

#[test]
fn a_torn_journal_keeps_what_is_whole_and_sets_the_rest_aside() {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let first = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("records");
    store
        .add_opinion(&opinion(id(1), "hai"), NOW)
        .expect("records");
    drop(store);
    let path = dir.path().join("outbox.journal");
    let raw = fs::read(&path).expect("reads");
    assert!(!String::from_utf8_lossy(&raw).contains("hai"));
    fs::write(&path, &raw[..raw.len() - 7]).expect("writes");
    fs::remove_file(dir.path().join("desk.db")).expect("removes");
    let _ = fs::remove_file(dir.path().join("desk.db-wal"));
    let (store, opened) = open(dir.path());
    assert_eq!(opened.replayed, 1);
    assert_eq!(store.ops(&[first.op]).expect("reads").len(), 1);
    assert!(dir.path().join("outbox.journal-torn").exists());
}

#[test]
fn a_lost_journal_is_written_again_from_the_outbox() {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("records");
    drop(store);
    fs::remove_file(dir.path().join("outbox.journal")).expect("removes");
    drop(open(dir.path()));
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(dir.path().join(format!("desk.db{suffix}")));
    }
    let (store, opened) = open(dir.path());
    assert_eq!(opened.replayed, 1);
    assert_eq!(store.ops(&[act.op]).expect("reads").len(), 1);
}

#[test]
fn the_home_remembers_accounts_and_their_devices() {
    let dir = tempfile::tempdir().expect("folder");
    let home = Home::open(dir.path()).expect("opens");
    let first = home
        .account("https://h99.example", "lanhdao")
        .expect("notes");
    let other = home
        .account("https://h99.example", "vanthu")
        .expect("notes");
    assert_ne!(first.device, other.device);
    home.set_account_id(&first, ME).expect("notes");
    home.set_setting("language", "vi").expect("sets");
    drop(home);
    let home = Home::open(dir.path()).expect("opens");
    assert_eq!(home.setting("language").as_deref(), Some("vi"));
    let again = home
        .account("https://h99.example", "lanhdao")
        .expect("notes");
    assert_eq!((again.device, again.account), (first.device, Some(ME)));
    assert_eq!(
        home.accounts()
            .first()
            .map(|a| a.username.clone())
            .as_deref(),
        Some("lanhdao")
    );
    assert_ne!(home.store_dir(&again), home.store_dir(&other));
}
