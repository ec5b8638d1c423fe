use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use congvan_model::AccountId;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{ProvinceError, error::Result, hub::Hub};

/// One script for each version, in order; a new file runs through all of them.
const SCHEMA: [&str; 17] = [
    include_str!("schema.sql"),
    include_str!("schema2.sql"),
    include_str!("schema3.sql"),
    include_str!("schema4.sql"),
    include_str!("schema5.sql"),
    include_str!("schema6.sql"),
    include_str!("schema7.sql"),
    include_str!("schema8.sql"),
    include_str!("schema9.sql"),
    include_str!("schema10.sql"),
    include_str!("schema11.sql"),
    include_str!("schema12.sql"),
    include_str!("schema13.sql"),
    include_str!("schema14.sql"),
    include_str!("schema15.sql"),
    include_str!("schema16.sql"),
    include_str!("schema17.sql"),
];
/// The first SQLite without the WAL-reset race, see sqlite.org/wal.html#walresetbug.
const SQLITE_FLOOR: i32 = 3_051_003;

/// One writer and one reader over a WAL file.
pub(crate) struct Database {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    /// Accounts whose head the transaction under way has moved.
    moved: Arc<Mutex<BTreeSet<i64>>>,
    hub: Hub,
}

impl Database {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let linked = rusqlite::version_number();
        if linked < SQLITE_FLOOR {
            return Err(ProvinceError::SqliteTooOld(linked));
        }
        let writer = Connection::open(path)?;
        writer.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;",
        )?;
        let version: usize = writer.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        for (index, script) in SCHEMA.iter().enumerate().skip(version) {
            let version = index + 1;
            writer.execute_batch(&format!(
                "BEGIN IMMEDIATE; {script} PRAGMA user_version = {version}; COMMIT;"
            ))?;
        }
        let moved: Arc<Mutex<BTreeSet<i64>>> = Arc::default();
        let noted = Arc::clone(&moved);
        // The key of feed_head is the account, so SQLite itself tells whose head moves.
        writer.update_hook(Some(move |_, _: &str, table: &str, row: i64| {
            if table == "feed_head" {
                lock(&noted).insert(row);
            }
        }))?;
        let reader = Connection::open(path)?;
        reader.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;")?;
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            moved,
            hub: Hub::default(),
        })
    }

    /// Who listens to which account.
    pub(crate) fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Runs a writing transaction; it commits when the closure says `Ok`, and then whoever listens
    /// to an account whose feed it moved gets a hint.
    pub(crate) fn write<T, E: From<ProvinceError>>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut connection = lock(&self.writer);
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(ProvinceError::from)?;
        lock(&self.moved).clear();
        let value = act(&tx)?;
        let mut heads = Vec::new();
        for account in std::mem::take(&mut *lock(&self.moved)) {
            heads.push((
                AccountId(account),
                crate::feed::head(&tx, AccountId(account))?,
            ));
        }
        tx.commit().map_err(ProvinceError::from)?;
        for (account, head) in heads {
            self.hub.publish(account, u64::try_from(head).unwrap_or(0));
        }
        Ok(value)
    }

    /// How many rows were written since it was opened.
    pub(crate) fn rows_written(&self) -> u64 {
        lock(&self.writer).total_changes()
    }

    /// Runs a reading transaction: one snapshot.
    pub(crate) fn read<T, E: From<ProvinceError>>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut connection = lock(&self.reader);
        let tx = connection.transaction().map_err(ProvinceError::from)?;
        act(&tx)
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic inside a transaction rolled it back when the transaction was dropped.
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
