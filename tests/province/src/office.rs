//! Everything a request needs, in one place.

use std::sync::Arc;

use congvan_model::Timestamp;
use rusqlite::Transaction;
use tokio_util::task::TaskTracker;
use x509_cert::{Certificate, der::Decode as _};

use crate::{
    ProvinceConfig, ProvinceError, accounts,
    auth::LoginLimit,
    blobs::BlobStore,
    db::Database,
    error::Result,
    faults::Faults,
    keys::{self, ServerKeys},
    seed,
    uploads::{self, Slots},
};

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
            keys: std::sync::RwLock::new(Arc::new(keys)),
            config,
        };
        seed::seed(&office)?;
        office.bind_signers()?;
        uploads::recover(&office)?;
        Ok(office)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.config.clock.now()
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
