use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use congvan_model::Timestamp;
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    blob::{BlobFiles, Listing},
    db::{self, Db},
    error::{Result, StoreError},
    journal::Journal,
    keys::{AccountKey, Purpose},
    numbers, outbox, rebuild,
};

/// The data of one account on this machine. Cheap to clone; all clones are the same store.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    /// The database was found damaged: nothing more is written to it.
    damaged: AtomicBool,
    db: Db,
    blobs: BlobFiles,
    listing: Listing,
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
    /// The last run did not end in good order: call [`Store::check_pages`] in the background.
    pub unclean: bool,
}

/// There while the store is open.
const OPEN: &str = "desk.open";

impl Drop for Inner {
    fn drop(&mut self) {
        // Left behind, it only costs a check.
        let _ = fs::remove_file(self.dir.join(OPEN));
    }
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
        look_closely(dir, &path, &database_key)?;
        let db = Db::open(&path, &database_key).map_err(damage)?;
        let blobs = BlobFiles::open(&dir.join("blobs"), key)?;
        let journal = Journal::open(&dir.join("outbox.journal"), key)?;
        let unclean = !created && dir.join(OPEN).exists();
        File::create(dir.join(OPEN))?;
        let store = Self(Arc::new(Inner {
            dir: dir.to_owned(),
            damaged: AtomicBool::new(false),
            db,
            blobs,
            listing: Listing::default(),
            journal: Mutex::new(journal),
            _lock: lock,
        }));
        store.write(first_row)?;
        let replayed = store.reconcile_journal(now)?;
        store.sweep_condemned()?;
        let opened = Opened {
            created,
            replayed,
            unclean,
        };
        Ok((store, opened))
    }

    /// Random at each creation of the database: tells a restored clone from its original.
    ///
    /// # Errors
    /// Disk errors.
    pub fn incarnation(&self) -> Result<String> {
        self.read(|db| Ok(db.query_row("SELECT incarnation FROM desk", [], |row| row.get(0))?))
    }

    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        if self.0.damaged.load(Ordering::Relaxed) {
            return Err(StoreError::Corrupt { what: "database" });
        }
        let done = self.0.db.write(work);
        if matches!(done, Err(StoreError::Full)) {
            // The next act finds the room that this one did not.
            self.release_ballast();
        }
        self.watched(done)
    }

    /// As [`Store::write`], tried once more when the disk was full and the reserve made room.
    pub(crate) fn write_again<T>(&self, work: impl Fn(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let had_ballast = self.has_ballast();
        match self.write(&work) {
            Err(StoreError::Full) if had_ballast => self.write(work),
            done => done,
        }
    }

    /// Notices damage wherever it shows, and says so to the next opening.
    fn watched<T>(&self, done: Result<T>) -> Result<T> {
        let done = done.map_err(damage);
        if let Err(StoreError::Corrupt { what: "database" }) = &done
            && !self.0.damaged.swap(true, Ordering::Relaxed)
        {
            tracing::error!("the database is damaged; nothing more is written to it");
            if let Err(error) = File::create(self.0.dir.join(rebuild::DAMAGED)) {
                tracing::warn!(%error, "the damage is not marked");
            }
        }
        done
    }

    pub(crate) fn listing(&self) -> &Listing {
        &self.0.listing
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.0.dir
    }

    pub(crate) fn database_path(&self) -> &Path {
        self.0.db.path()
    }

    pub(crate) fn database_key(&self) -> &[u8; 32] {
        self.0.db.key()
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let read = self.0.db.read(work);
        self.watched(read)
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

/// A wrong key was told apart before, so "not a database" can only mean damage.
fn damage(error: StoreError) -> StoreError {
    match error {
        StoreError::KeyWrong => StoreError::Corrupt { what: "database" },
        other => other,
    }
}

/// An earlier run met damage: only a database that checks out now is opened.
fn look_closely(dir: &Path, path: &Path, key: &[u8; 32]) -> Result<()> {
    let mark = dir.join(rebuild::DAMAGED);
    if !mark.exists() || !path.exists() {
        return Ok(());
    }
    check_in_place(path, key).map_err(damage)?;
    Ok(fs::remove_file(mark)?)
}

fn check_in_place(path: &Path, key: &[u8; 32]) -> Result<()> {
    db::check(&db::connect(path, key)?)
}

/// The lock of the folder; waits for it for about a second and a half.
pub(crate) fn take_lock(dir: &Path) -> Result<File> {
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("desk.lock"))?;
    let mut wait_ms = 50;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            // Who was killed gives it back only when the system has cleared the process away, and
            // a person may have opened the desk again by then.
            Err(TryLockError::WouldBlock) if wait_ms <= 1_000 => {
                std::thread::sleep(std::time::Duration::from_millis(wait_ms));
                wait_ms = wait_ms.saturating_mul(2);
            }
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
}

/// A value derived from the key lies beside the database, so that a wrong key is told apart from a
/// damaged file.
pub(crate) fn check_key(dir: &Path, key: &AccountKey) -> Result<()> {
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
