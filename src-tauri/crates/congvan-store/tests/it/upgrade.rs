//! A desk of every earlier schema is brought to today's, and the process dies at each call of it.
//!
//! The old databases are made by the released schema files themselves, which never change, and hold
//! what a desk of that time held. There is no journal beside them: what the upgrade loses is lost.

use std::{collections::BTreeSet, fs, path::Path};

use aws_lc_rs::{hkdf, hmac};
use congvan_store::{Counted, Dimension, Measure, Period, Store, View};
use jiff::civil::date;
use rusqlite::{Connection, params};

use crate::{
    faults::{KILL_AT, as_victim, calls, copy_tree, points, run_with, say, scratch},
    support::*,
};

const VICTIM: &str = "upgrade::victim";
const SCHEMA: [&str; 27] = [
    include_str!("../../src/schema/0001.sql"),
    include_str!("../../src/schema/0002.sql"),
    include_str!("../../src/schema/0003.sql"),
    include_str!("../../src/schema/0004.sql"),
    include_str!("../../src/schema/0005.sql"),
    include_str!("../../src/schema/0006.sql"),
    include_str!("../../src/schema/0007.sql"),
    include_str!("../../src/schema/0008.sql"),
    include_str!("../../src/schema/0009.sql"),
    include_str!("../../src/schema/0010.sql"),
    include_str!("../../src/schema/0011.sql"),
    include_str!("../../src/schema/0012.sql"),
    include_str!("../../src/schema/0013.sql"),
    include_str!("../../src/schema/0014.sql"),
    include_str!("../../src/schema/0015.sql"),
    include_str!("../../src/schema/0016.sql"),
    include_str!("../../src/schema/0017.sql"),
    include_str!("../../src/schema/0018.sql"),
    include_str!("../../src/schema/0019.sql"),
    include_str!("../../src/schema/0020.sql"),
    include_str!("../../src/schema/0021.sql"),
    include_str!("../../src/schema/0022.sql"),
    include_str!("../../src/schema/0023.sql"),
    include_str!("../../src/schema/0024.sql"),
    include_str!("../../src/schema/0025.sql"),
    include_str!("../../src/schema/0026.sql"),
    include_str!("../../src/schema/0027.sql"),
];

#[test]
#[ignore = "the victim; started by the tests below"]
fn victim() {
    as_victim(|dir, line| {
        let (store, _) = open(dir);
        drop(store);
        say(line, "end");
    });
}

/// The database's own key, as every release derived it from the account's.
fn database_key() -> String {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"congvan-store v1");
    let mut out = [0; 32];
    salt.extract(key().expose())
        .expand(&[b"database"], hmac::HMAC_SHA256)
        .and_then(|okm| okm.fill(&mut out))
        .expect("derives");
    hex::encode(out)
}

pub(crate) fn connect(path: &Path) -> Connection {
    let db = Connection::open(path).expect("opens");
    db.execute_batch(&format!("PRAGMA key = \"x'{}'\";", database_key()))
        .expect("takes the key");
    db
}

/// The names that `sql` answers with.
fn names(db: &Connection, sql: &str) -> BTreeSet<String> {
    let mut query = db.prepare(sql).expect("a query");
    let rows = query.query_map([], |row| row.get(0)).expect("asks");
    rows.collect::<Result<_, _>>().expect("answers")
}

/// A desk of schema `version` with two letters and two unsent opinions.
fn desk_of(version: usize) -> tempfile::TempDir {
    let (dir, store) = fresh();
    let letters = vec![upsert(document(1, "một"), 1), upsert(document(2, "hai"), 2)];
    pull(&store, "c1", letters);
    for text in ["ý kiến một", "ý kiến hai"] {
        store.add_opinion(&opinion(id(1), text), NOW).expect("kept");
    }
    drop(store);
    fs::remove_file(dir.path().join("outbox.journal")).expect("was there");

    let today = dir.path().join("desk.db");
    let old = dir.path().join("old.db");
    let db = connect(&old);
    for sql in SCHEMA.iter().take(version) {
        db.execute_batch(sql).expect("an earlier schema");
    }
    db.pragma_update(None, "user_version", version)
        .expect("is told");
    let attach = format!("ATTACH ?1 AS today KEY \"x'{}'\"", database_key());
    db.execute(&attach, params![today.to_str().expect("text")])
        .expect("attaches");
    let tables = "SELECT name FROM main.sqlite_master WHERE type = 'table'
        AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search%'";
    for table in names(&db, tables) {
        let columns = |schema: &str| {
            let sql = format!("SELECT name FROM pragma_table_info('{table}', '{schema}')");
            names(&db, &sql)
        };
        let shared: Vec<String> = columns("main")
            .intersection(&columns("today"))
            .cloned()
            .collect();
        let columns = shared.join(", ");
        let sql =
            format!("INSERT INTO main.{table}({columns}) SELECT {columns} FROM today.{table}");
        db.execute(&sql, []).expect("copies");
    }
    db.execute_batch("DETACH today").expect("detaches");
    if has_words(version) {
        db.execute_batch(
            "INSERT INTO scan_letter(id, place, state, name, at, changed_at, readings, words)
             VALUES (randomblob(16), 1, 'ready', 'thư.pdf', 0, 0, '[1]', 'chữ của thư')",
        )
        .expect("a scan");
    }
    drop(db);
    for name in ["desk.db", "desk.db-wal", "desk.db-shm"] {
        let _ = fs::remove_file(dir.path().join(name));
    }
    fs::rename(old, today).expect("takes its place");
    dir
}

/// How many letters statistics know.
fn counted(store: &Store) -> u32 {
    let wanted = Counted {
        period: Period {
            from: date(2026, 1, 1),
            to: date(2026, 12, 31),
        },
        by: Dimension::Unit,
        now: NOW,
    };
    let all = store.statistics(wanted).expect("counts");
    all.total.of(Measure::Incoming)
}

/// Scans had their words beside their fields then.
fn has_words(version: usize) -> bool {
    (8..16).contains(&version)
}

/// All is there once, and the copy that was made before the upgrade is whole.
fn judge(dir: &Path, version: usize, context: &str) {
    let (store, _) = open(dir);
    let page = store.list(&query(View::All, "")).expect("lists");
    assert_eq!(page.rows.len(), 2, "{context}: letters");
    let found = store.list(&query(View::All, "hai")).expect("searches");
    assert_eq!(found.rows.len(), 1, "{context}: found by its words");
    assert_eq!(counted(&store), 2, "{context}: letters in statistics");
    let waiting = store.outbox_items().expect("lists");
    let acts: Vec<u64> = waiting.iter().map(|item| item.local_seq).collect();
    assert_eq!(acts, [1, 2], "{context}: unsent acts");
    store
        .check()
        .unwrap_or_else(|error| panic!("{context}: {error}"));
    drop(store);
    if has_words(version) {
        let moved: (String, String) = connect(&dir.join("desk.db"))
            .query_row(
                "SELECT t.readings, t.words FROM scan_letter l JOIN scan_text t ON t.row = l.row",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap_or_else(|error| panic!("{context}: words of scans: {error}"));
        assert_eq!(
            moved,
            ("[1]".to_owned(), "chữ của thư".to_owned()),
            "{context}"
        );
    }
    let kept = dir.join(format!("desk.before-{}", SCHEMA.len()));
    let db = connect(&kept);
    let ask = |sql: &str| -> String {
        db.query_row(sql, [], |row| row.get(0))
            .unwrap_or_else(|error| panic!("{context}: the copy: {error}"))
    };
    assert_eq!(ask("PRAGMA integrity_check"), "ok", "{context}: the copy");
    let found =
        ask("SELECT user_version || ' ' || (SELECT count(*) FROM outbox) FROM pragma_user_version");
    assert_eq!(found, format!("{version} 2"), "{context}: the copy");
}

/// One test for each earlier schema, so that they run side by side and each is short.
macro_rules! from_each_schema {
    ($($name:ident = $version:literal),+ $(,)?) => {
        const _: () = assert!([$($version),+].len() + 1 == super::SCHEMA.len(), "one each");
        $(
            #[test]
            fn $name() {
                let died = super::kill_at_any_call($version);
                println!("schema {}: killed at {died} calls: 0 lost, 0 doubled", $version);
            }
        )+
    };
}

mod an_upgrade_that_dies_at_any_call_loses_and_doubles_nothing {
    from_each_schema! {
        from_schema_1 = 1,
        from_schema_2 = 2,
        from_schema_3 = 3,
        from_schema_4 = 4,
        from_schema_5 = 5,
        from_schema_6 = 6,
        from_schema_7 = 7,
        from_schema_8 = 8,
        from_schema_9 = 9,
        from_schema_10 = 10,
        from_schema_11 = 11,
        from_schema_12 = 12,
        from_schema_13 = 13,
        from_schema_14 = 14,
        from_schema_15 = 15,
        from_schema_16 = 16,
        from_schema_17 = 17,
        from_schema_18 = 18,
        from_schema_19 = 19,
        from_schema_20 = 20,
        from_schema_21 = 21,
        from_schema_22 = 22,
        from_schema_23 = 23,
        from_schema_24 = 24,
        from_schema_25 = 25,
        from_schema_26 = 26,
    }
}

/// At how many calls it died.
fn kill_at_any_call(version: usize) -> u32 {
    let template = desk_of(version);
    let all = calls(VICTIM, template.path(), KILL_AT);
    let mut died = 0_u32;
    for point in points(&all, 6) {
        let dir = scratch();
        copy_tree(template.path(), dir.path());
        run_with(VICTIM, dir.path(), point, "signal=SIGKILL");
        let context = format!("schema {version}, killed at {point:?}");
        judge(dir.path(), version, &context);
        died += 1;
    }
    assert!(died >= 6, "{all:?}: the upgrade is not what it was");
    died
}
