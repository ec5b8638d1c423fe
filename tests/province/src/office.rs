//! Everything a request needs, in one place.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use congvan_model::Timestamp;
use congvan_protocol::Load;
use rusqlite::Transaction;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use x509_cert::{Certificate, der::Decode as _};

use crate::{
    ProvinceConfig, ProvinceError, accounts, activities,
    auth::LoginLimit,
    blobs::BlobStore,
    books,
    clock::Clock,
    db::Database,
    error::Result,
    faults::Faults,
    gate::{Gate, Limits},
    keys::{self, ServerKeys},
    returning::Returning,
    seed,
    uploads::{self, Slots},
};

/// Between two looks for results to let go of.
const PRUNE_EVERY_MS: i64 = 3_600_000;

/// A province's data and configuration, open.
pub(crate) struct Office {
    pub(crate) config: ProvinceConfig,
    pub(crate) db: Database,
    pub(crate) blobs: BlobStore,
    pub(crate) slots: Slots,
    pub(crate) logins: LoginLimit,
    pub(crate) faults: Faults,
    pub(crate) trust: Trust,
    /// Work that outlives the connection that asked for it.
    pub(crate) tasks: TaskTracker,
    /// Who may work on the database now.
    pub(crate) gate: Arc<Gate>,
    /// Who asks whether we are there.
    pub(crate) returning: Returning,
    /// Places for transfers of files.
    pub(crate) transfers: Semaphore,
    /// Places for event streams.
    pub(crate) listeners: Arc<Semaphore>,
    /// What an operator says about the load, whatever is measured.
    said_load: Mutex<Load>,
    pruned_at: AtomicI64,
    keys: std::sync::RwLock<Arc<ServerKeys>>,
}

/// What anchors signatures here, DER.
pub(crate) struct Trust {
    pub(crate) roots: Vec<Vec<u8>>,
    pub(crate) intermediates: Vec<Vec<u8>>,
}

impl Office {
    pub(crate) fn open(config: ProvinceConfig) -> Result<Self> {
        let dir = &config.data_dir;
        std::fs::create_dir_all(dir).map_err(ProvinceError::disk(dir))?;
        let db = Database::open(&dir.join("province.db"))?;
        let blobs = BlobStore::open(dir.join("blobs"))?;
        let keys = db.write(ServerKeys::load)?;
        let office = Self {
            trust: sort_trust(&config.trust)?,
            slots: Slots::open(dir.join("uploads"))?,
            db,
            blobs,
            logins: LoginLimit::default(),
            faults: Faults::default(),
            tasks: TaskTracker::new(),
            gate: Gate::new(Limits {
                running: config.max_running,
                waiting: config.max_waiting,
                patience: Duration::from_millis(config.patience_ms),
            }),
            returning: Returning::new(),
            transfers: Semaphore::new(config.max_transfers),
            listeners: Arc::new(Semaphore::new(config.max_listeners)),
            said_load: Mutex::default(),
            pruned_at: AtomicI64::new(0),
            keys: std::sync::RwLock::new(Arc::new(keys)),
            config,
        };
        seed::seed(&office)?;
        office.bind_signers()?;
        office.open_books()?;
        uploads::recover(&office)?;
        Ok(office)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    /// How busy the server is: what is measured, or more when an operator says so.
    pub(crate) fn load(&self) -> Load {
        let said = *self
            .said_load
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        said.max(self.gate.load())
    }

    pub(crate) fn say_load(&self, load: Load) {
        *self
            .said_load
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = load;
    }

    /// Lets go of old results, once an hour at most.
    pub(crate) fn prune_now_and_then(&self) -> Result<()> {
        let now = self.now().0;
        let last = self.pruned_at.load(Ordering::SeqCst);
        let is_due = now.saturating_sub(last) >= PRUNE_EVERY_MS;
        let is_mine = is_due
            && self
                .pruned_at
                .compare_exchange(last, now, Ordering::SeqCst, Ordering::SeqCst)
                .is_ok();
        if is_mine {
            let count = crate::ops::prune(self)?;
            tracing::info!(count, "old results let go");
        }
        Ok(())
    }

    /// Makes the books of the office on the first start; the numbers go on where the documents end.
    fn open_books(&self) -> Result<()> {
        let now = self.now();
        self.db.write(|tx| {
            let last: u32 = tx.query_row(
                "SELECT COALESCE(MAX(arrival_number), 0) FROM document",
                [],
                |row| row.get(0),
            )?;
            activities::open(tx, seed::OWN_CODE)?;
            books::open(tx, seed::OWN_CODE, books::year_of(now), last + 1)?;
            if self.config.neighbour {
                let code = congvan_testkit::NEIGHBOUR_CODE;
                books::open(tx, code, books::year_of(now), 1)?;
            }
            Ok(())
        })
    }

    pub(crate) fn keys(&self) -> Arc<ServerKeys> {
        Arc::clone(
            &self
                .keys
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    /// Starts a new history, as after a restore from backup.
    pub(crate) fn new_epoch(&self) -> Result<()> {
        let fresh = self.db.write(|tx: &Transaction<'_>| {
            keys::new_epoch(tx)?;
            ServerKeys::load(tx)
        })?;
        *self
            .keys
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }

    fn bind_signers(&self) -> Result<()> {
        self.db.write(|tx| {
            for (username, certificate) in &self.config.signers {
                let (account, _) = accounts::by_name(tx, username)?
                    .ok_or_else(|| ProvinceError::NoAccount(username.clone()))?;
                accounts::bind_signer(tx, account, certificate)?;
            }
            Ok(())
        })
    }
}

/// Marks a province's data as restored from a backup, while no server runs on it: a new history
/// begins, and every desk offers again what was acknowledged lately. In each book the numbers that
/// may have been given since the backup are set aside: `numbers` of them, or as many as its busiest
/// week lets expect.
///
/// # Errors
/// When there is no such data.
pub fn restore_mark(data_dir: &Path, numbers: Option<u32>) -> Result<RestoreMark> {
    let path = data_dir.join("province.db");
    if !path.exists() {
        return Err(ProvinceError::NoData(path));
    }
    let db = Database::open(&path)?;
    db.write(|tx| {
        keys::new_epoch(tx)?;
        let blocks = books::set_aside(tx, numbers, Clock::system().now())?;
        Ok(RestoreMark {
            epoch: ServerKeys::load(tx)?.epoch,
            set_aside: blocks
                .into_iter()
                .map(|(key, lo, hi)| format!("{} {}/{} {lo}-{hi}", key.agency, key.book, key.year))
                .collect(),
        })
    })
}

/// What [`restore_mark`] did.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RestoreMark {
    /// The new history.
    pub epoch: String,
    /// The numbers that are given to nobody but to the papers that have them: agency, book/year,
    /// first-last.
    pub set_aside: Vec<String>,
}

fn sort_trust(certificates: &[Vec<u8>]) -> Result<Trust> {
    let mut trust = Trust {
        roots: Vec::new(),
        intermediates: Vec::new(),
    };
    for der in certificates {
        let certificate = Certificate::from_der(der)
            .map_err(|_| ProvinceError::Certificate(keys::sha256(der).to_hex()))?;
        let inner = &certificate.tbs_certificate;
        if inner.subject == inner.issuer {
            trust.roots.push(der.clone());
        } else {
            trust.intermediates.push(der.clone());
        }
    }
    Ok(trust)
}
