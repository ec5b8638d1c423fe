//! Connections: one writer, a few readers that cannot write, and the checks at opening.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Condvar, Mutex},
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use zeroize::Zeroizing;

use crate::{
    error::{Result, StoreError},
    home::rename_durably,
    search, statistics,
};

/// 3.51.3: earlier versions can lose commits in WAL mode when two connections race.
const OLDEST_SQLITE: i32 = 3_051_003;
/// "CVdk": tells `file` and support what this is, were it not enciphered.
const APPLICATION_ID: i32 = 0x4356_646b;
const READERS: usize = 3;

const SCHEMA: &[&str] = &[
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
    include_str!("schema/0005.sql"),
    include_str!("schema/0006.sql"),
    include_str!("schema/0007.sql"),
    include_str!("schema/0008.sql"),
    include_str!("schema/0009.sql"),
    include_str!("schema/0010.sql"),
    include_str!("schema/0011.sql"),
    include_str!("schema/0012.sql"),
    include_str!("schema/0013.sql"),
    include_str!("schema/0014.sql"),
    include_str!("schema/0015.sql"),
    include_str!("schema/0016.sql"),
    include_str!("schema/0017.sql"),
    include_str!("schema/0018.sql"),
    include_str!("schema/0019.sql"),
    include_str!("schema/0020.sql"),
    include_str!("schema/0021.sql"),
    include_str!("schema/0022.sql"),
    include_str!("schema/0023.sql"),
    include_str!("schema/0024.sql"),
    include_str!("schema/0025.sql"),
    include_str!("schema/0026.sql"),
    include_str!("schema/0027.sql"),
];

pub(crate) struct Db {
    path: PathBuf,
    key: Zeroizing<[u8; 32]>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Db {
    /// Opens or makes the database and brings its schema up to date.
    pub(crate) fn open(path: &Path, key: &[u8; 32]) -> Result<Self> {
        let version = rusqlite::version_number();
        if version < OLDEST_SQLITE {
            return Err(StoreError::SqliteTooOld { found: version });
        }
        let mut writer = connect(path, key)?;
        migrate(&mut writer, path, SCHEMA)?;
        search::refill(&mut writer)?;
        statistics::refill(&mut writer)?;
        let mut readers = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let reader = connect(path, key)?;
            reader.pragma_update(None, "query_only", true)?;
            readers.push(reader);
        }
        Ok(Self {
            path: path.to_owned(),
            key: Zeroizing::new(*key),
            writer: Mutex::new(writer),
            readers: Mutex::new(readers),
            returned: Condvar::new(),
        })
    }

    /// The only way to change anything: all of `work` or nothing, durable when this returns.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut writer = crate::lock(&self.writer);
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let out = work(&tx)?;
        tx.commit()?;
        Ok(out)
    }

    /// Reads one consistent state.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut reader = self.take_reader();
        let out = reader
            .transaction()
            .map_err(StoreError::from)
            .and_then(|tx| work(&tx));
        crate::lock(&self.readers).push(reader);
        self.returned.notify_one();
        out
    }

    fn take_reader(&self) -> Connection {
        let mut readers = crate::lock(&self.readers);
        loop {
            if let Some(reader) = readers.pop() {
                return reader;
            }
            readers = self
                .returned
                .wait(readers)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    /// The write connection without a transaction, for what SQLite refuses inside one.
    pub(crate) fn outside_transaction<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        work(&crate::lock(&self.writer))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn key(&self) -> &[u8; 32] {
        &self.key
    }

    /// Refuses a file whose schema is newer than this program's.
    pub(crate) fn known_schema(path: &Path, key: &[u8; 32]) -> Result<()> {
        let connection = connect(path, key)?;
        let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let known = u32::try_from(SCHEMA.len()).unwrap_or(u32::MAX);
        match found <= known && found > 0 {
            true => Ok(()),
            false => Err(StoreError::NewerSchema { found, known }),
        }
    }
}

/// Looks a database file over that nobody has open.
pub(crate) fn check_file(path: &Path, key: &[u8; 32]) -> Result<()> {
    let connection = connect(path, key)?;
    check(&connection)?;
    // Nothing was written; without this the copy would lie there with a log beside it.
    connection.execute_batch("PRAGMA journal_mode = DELETE;")?;
    Ok(())
}

/// [`StoreError::Corrupt`] when pages or indexes are not sound.
pub(crate) fn check(connection: &Connection) -> Result<()> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        _ => Err(StoreError::Corrupt { what: "database" }),
    }
}

pub(crate) fn connect(path: &Path, key: &[u8; 32]) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    let hex = Zeroizing::new(hex::encode(key));
    let statement = Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", *hex));
    connection.execute_batch(&statement)?;
    let cipher: Option<String> = connection
        .query_row("PRAGMA cipher_version", [], |row| row.get(0))
        .ok();
    if cipher.is_none_or(|version| version.is_empty()) {
        return Err(StoreError::NotEncrypted);
    }
    // The first read decides whether the key fits. auto_vacuum counts only before the first table.
    connection.execute_batch(
        "PRAGMA auto_vacuum = INCREMENTAL;
         PRAGMA busy_timeout = 5000;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA cache_size = -16000;
         PRAGMA wal_autocheckpoint = 4000;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Brings the schema up to `steps`. An older database is copied first: the copy stays beside it.
fn migrate(writer: &mut Connection, path: &Path, steps: &[&str]) -> Result<()> {
    let found: u32 = writer.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found == 0 {
        writer.pragma_update(None, "application_id", APPLICATION_ID)?;
    } else {
        let copy = path.with_extension(format!("before-{known}"));
        // Left by an upgrade that was interrupted after the copy: it has its name only when whole.
        if !copy.exists() {
            let unfinished = path.with_extension("unfinished");
            crate::backup::remove(&unfinished)?;
            crate::upkeep::copy_into(writer, &unfinished)?;
            File::open(&unfinished)?.sync_all()?;
            rename_durably(&unfinished, &copy)?;
        }
    }
    let steps = steps.iter().map(|sql| M::up(sql)).collect();
    Migrations::new(steps)
        .to_latest(writer)
        .map_err(|error| match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::from(err),
            _ => StoreError::Corrupt { what: "schema" },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_schema_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("desk.db");
        let db = Db::open(&path, &[1; 32]).expect("opens");
        db.write(|tx| Ok(tx.pragma_update(None, "user_version", 99)?))
            .expect("sets");
        drop(db);
        for _ in 0..2 {
            let opened = Db::open(&path, &[1; 32]);
            let known = u32::try_from(SCHEMA.len()).expect("few");
            assert!(matches!(
                opened,
                Err(StoreError::NewerSchema { found: 99, known: k }) if k == known
            ));
        }
    }

    #[test]
    fn an_upgrade_keeps_a_copy_of_what_was_and_all_that_is_in_it() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("desk.db");
        let db = Db::open(&path, &[1; 32]).expect("opens");
        db.write(|tx| Ok(tx.execute("INSERT INTO setting VALUES ('a', 'b')", [])?))
            .expect("writes");
        drop(db);
        let mut newer = SCHEMA.to_vec();
        newer.push("ALTER TABLE setting ADD COLUMN note TEXT");
        let mut writer = connect(&path, &[1; 32]).expect("opens");
        migrate(&mut writer, &path, &newer).expect("migrates");
        let kept: String = writer
            .query_row("SELECT value FROM setting WHERE note IS NULL", [], |row| {
                row.get(0)
            })
            .expect("is there");
        assert_eq!(kept, "b");
        let copy = path.with_extension(format!("before-{}", newer.len()));
        let bytes = std::fs::read(&copy).expect("the copy");
        assert!(
            !bytes.starts_with(b"SQLite format 3"),
            "the copy is enciphered"
        );
        let old = Db::open(&copy, &[1; 32]).expect("opens under the same key");
        let kept: String = old
            .read(|db| Ok(db.query_row("SELECT value FROM setting", [], |row| row.get(0))?))
            .expect("is there");
        assert_eq!(kept, "b");
    }

    #[test]
    fn the_bundled_sqlite_is_free_of_the_wal_race_and_durable() {
        assert!(rusqlite::version_number() >= OLDEST_SQLITE);
        let dir = tempfile::tempdir().expect("folder");
        let db = Db::open(&dir.path().join("desk.db"), &[1; 32]).expect("opens");
        let setting = |name: &str| -> String {
            db.write(|tx| {
                Ok(tx.query_row(&format!("PRAGMA {name}"), [], |row| {
                    row.get::<_, rusqlite::types::Value>(0)
                })?)
            })
            .map(|value| format!("{value:?}"))
            .expect("reads")
        };
        assert_eq!(setting("journal_mode"), "Text(\"wal\")");
        assert_eq!(setting("synchronous"), "Integer(2)");
        assert_eq!(setting("temp_store"), "Integer(2)");
        assert_eq!(setting("auto_vacuum"), "Integer(2)");
    }

    #[test]
    fn readers_cannot_write_and_unsent_intents_cannot_be_deleted() {
        let dir = tempfile::tempdir().expect("folder");
        let db = Db::open(&dir.path().join("desk.db"), &[1; 32]).expect("opens");
        let written = db.read(|db| Ok(db.execute("DELETE FROM setting", [])?));
        assert!(matches!(written, Err(StoreError::ReadOnly)));
        let sql = "INSERT INTO outbox(op_id, lane, base_rev, at, author, author_name, kind)
             VALUES (zeroblob(16), zeroblob(16), 0, 0, 0, '', 'mark_read')";
        db.write(|tx| Ok(tx.execute(sql, [])?)).expect("inserts");
        let deleted = db.write(|tx| Ok(tx.execute("DELETE FROM outbox", [])?));
        assert!(deleted.is_err());
        let changed = db.write(|tx| Ok(tx.execute("UPDATE outbox SET at = 1", [])?));
        assert!(changed.is_err());
    }
}
