use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{ProvinceError, error::Result};

const SCHEMA: &str = include_str!("schema.sql");
const SCHEMA_VERSION: i64 = 1;
/// The first SQLite without the WAL-reset race, see sqlite.org/wal.html#walresetbug.
const SQLITE_FLOOR: i32 = 3_051_003;

/// One writer and one reader over a WAL file.
pub(crate) struct Database {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
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
        let version: i64 = writer.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version == 0 {
            writer.execute_batch(&format!(
                "BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            ))?;
        }
        let reader = Connection::open(path)?;
        reader.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;")?;
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
        })
    }

    /// Runs a writing transaction; it commits when the closure says `Ok`.
    pub(crate) fn write<T, E: From<ProvinceError>>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut connection = lock(&self.writer);
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(ProvinceError::from)?;
        let value = act(&tx)?;
        tx.commit().map_err(ProvinceError::from)?;
        Ok(value)
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

fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    // A panic inside a transaction rolled it back when the transaction was dropped.
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
