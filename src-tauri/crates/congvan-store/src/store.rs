use std::{
    fs::{self, File, TryLockError},
    path::Path,
    sync::{Arc, Mutex},
};

use congvan_model::Timestamp;
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    blob::BlobFiles,
    db::Db,
    error::{Result, StoreError},
    journal::Journal,
    keys::{AccountKey, Purpose},
    numbers, outbox,
};

/// The data of one account on this machine. Cheap to clone; all clones are the same store.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    db: Db,
    blobs: BlobFiles,
    journal: Mutex<Journal>,
    // Held for as long as the store is open; the system frees it even when the process is killed.
    _lock: File,
}

/// What opening found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The database was made anew.
    pub created: bool,
    /// Unsent intents that were only in the journal and are back in the outbox.
    pub replayed: u32,
}

impl Store {
    /// Opens the store in `dir`, made when missing. `now` dates the rows that opening writes.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it; [`StoreError::KeyWrong`],
    /// [`StoreError::NewerSchema`], [`StoreError::Corrupt`] and the disk's own errors. Nothing is
    /// deleted or overwritten on any of them.
    pub fn open(dir: &Path, key: &AccountKey, now: Timestamp) -> Result<(Self, Opened)> {
        fs::create_dir_all(dir)?;
        let lock = take_lock(dir)?;
        check_key(dir, key)?;
        let path = dir.join("desk.db");
        let created = !path.exists();
        let database_key = key.derive(Purpose::Database)?;
        // The key was checked before, so "not a database" can only mean damage.
        let db = Db::open(&path, &database_key).map_err(|error| match error {
            StoreError::KeyWrong => StoreError::Corrupt { what: "database" },
            other => other,
        })?;
        let blobs = BlobFiles::open(&dir.join("blobs"), key)?;
        let journal = Journal::open(&dir.join("outbox.journal"), key)?;
        let store = Self(Arc::new(Inner {
            db,
            blobs,
            journal: Mutex::new(journal),
            _lock: lock,
        }));
        store.write(first_row)?;
        let replayed = store.reconcile_journal(now)?;
        store.sweep_condemned()?;
        Ok((store, Opened { created, replayed }))
    }

    /// Random at each creation of the database: tells a restored clone from its original.
    ///
    /// # Errors
    /// Disk errors.
    pub fn incarnation(&self) -> Result<String> {
        self.read(|db| Ok(db.query_row("SELECT incarnation FROM desk", [], |row| row.get(0))?))
    }

    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.0.db.write(work)
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.0.db.read(work)
    }

    pub(crate) fn outside_transaction<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        self.0.db.outside_transaction(work)
    }

    pub(crate) fn blob_files(&self) -> &BlobFiles {
        &self.0.blobs
    }

    pub(crate) fn journal(&self) -> &Mutex<Journal> {
        &self.0.journal
    }

    /// Size of the database in bytes, write-ahead log included.
    #[must_use]
    pub fn database_bytes(&self) -> u64 {
        ["", "-wal"]
            .iter()
            .filter_map(|suffix| {
                let mut path = self.0.db.path().as_os_str().to_owned();
                path.push(suffix);
                fs::metadata(path).ok()
            })
            .map(|meta| meta.len())
            .sum()
    }

    /// Both copies of the unsent intents are brought to agree: what only the journal has goes back
    /// into the outbox, what only the outbox has goes into the journal.
    fn reconcile_journal(&self, now: Timestamp) -> Result<u32> {
        let mut journal = crate::lock(self.journal());
        let recovered = journal.unsettled();
        let highest = journal.highest_seq();
        let leases = journal.leases();
        let (replayed, settled, missing) = self.write(|tx| {
            numbers::catch_up(tx, &leases, now)?;
            outbox::reconcile(tx, &recovered, highest, now)
        })?;
        for op in settled {
            journal.settle(op)?;
        }
        for record in missing {
            journal.append(&record)?;
        }
        journal.compact_when_large()?;
        Ok(replayed)
    }
}

fn take_lock(dir: &Path) -> Result<File> {
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("desk.lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// A value derived from the key lies beside the database, so that a wrong key is told apart from a
/// damaged file.
fn check_key(dir: &Path, key: &AccountKey) -> Result<()> {
    let check = Zeroizing::new(hex::encode(key.derive(Purpose::Check)?.as_slice()));
    let path = dir.join("desk.keycheck");
    match fs::read_to_string(&path) {
        Ok(found) if found.trim() == check.as_str() => Ok(()),
        Ok(_) => Err(StoreError::KeyWrong),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if dir.join("desk.db").exists() {
                // Written before the database, so its absence is damage; the database decides.
                return Ok(());
            }
            crate::home::replace_file(&path, check.as_bytes())
        }
        Err(error) => Err(error.into()),
    }
}

fn first_row(tx: &Transaction<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO desk(one, incarnation) VALUES (1, ?1) ON CONFLICT(one) DO NOTHING",
        params![Uuid::new_v4().simple().to_string()],
    )?;
    Ok(())
}
