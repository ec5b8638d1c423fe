//! A province without a port: for simulated worlds by the hundred, judged by what judges over HTTP.

use std::{
    fs,
    path::{Path, PathBuf},
};

use congvan_model::{AccountId, DeviceId, Sha256};
use congvan_protocol::{DeskKeys, EntityType, ProblemCode, SyncRequest, SyncResponse};

use crate::{
    NumbersReport, ProvinceConfig, ProvinceError, Stats, accounts, auth, blobs, books, courier,
    error::Result, inventory, keys, office::Office, ops::Envelope, round, stats,
};

/// A province that is asked by calls.
pub struct QuietProvince {
    office: Office,
}

/// Who asks, as after a login.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    account: AccountId,
    session: i64,
}

impl Visitor {
    /// Whose login it is.
    #[must_use]
    pub fn account(self) -> AccountId {
        self.account
    }
}

/// What the server answers, or why nothing was done.
pub type Answered<T> = std::result::Result<T, ProblemCode>;

impl QuietProvince {
    /// Opens the data, seeding it the first time.
    ///
    /// # Errors
    /// When the data cannot be opened.
    pub fn open(config: ProvinceConfig) -> Result<Self> {
        Ok(Self {
            office: Office::open(config)?,
        })
    }

    /// A login of that person on that device.
    ///
    /// # Errors
    /// When there is no such account, or the database fails.
    pub fn log_in(&self, username: &str, device: DeviceId) -> Result<Visitor> {
        let now = self.office.now();
        self.office.db.write(|tx| {
            let (account, _) = accounts::by_name(tx, username)?
                .ok_or_else(|| ProvinceError::NoAccount(username.to_owned()))?;
            let session = auth::open_session(tx, account, device, "quiet", now)?;
            Ok(Visitor { account, session })
        })
    }

    /// Ends a login.
    ///
    /// # Errors
    /// When the database fails.
    pub fn log_out(&self, visitor: Visitor) -> Result<()> {
        self.office.db.write(|tx| auth::revoke(tx, visitor.session))
    }

    /// The key that bundles are sealed to, and the one that answers are signed with, both base64.
    ///
    /// # Errors
    /// Never for a server that is open.
    pub fn courier_keys(&self) -> Result<(String, String)> {
        let keys = self.office.keys();
        let signing = keys.answers.public();
        let signing = signing.map_err(|_| ProvinceError::Key("receipt key"))?;
        Ok((keys.courier.public().to_text(), signing.to_text()))
    }

    /// As `POST /v1/sync`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sync(&self, who: Visitor, request: &SyncRequest) -> Result<Answered<SyncResponse>> {
        let envelope: Envelope = serde_json::from_value(serde_json::to_value(request)?)?;
        round::settle(&self.office, who.account, &envelope)
    }

    /// As `PUT /v1/courier/keys`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn know(&self, who: Visitor, keys: &DeskKeys) -> Result<Answered<()>> {
        courier::know(&self.office, (who.account, who.session), keys)
    }

    /// As an upload of the file and `POST /v1/courier`; the answering bundle.
    ///
    /// # Errors
    /// When the database or the disk fails.
    pub fn carry(&self, carrier: Visitor, bundle: &[u8]) -> Result<Answered<Vec<u8>>> {
        let name = keys::sha256(bundle);
        let path = self.office.blobs.path(&name);
        fs::write(&path, bundle).map_err(ProvinceError::disk(&path))?;
        match self.carry_blob(carrier, &name)? {
            Ok(path) => fs::read(&path).map(Ok).map_err(ProvinceError::disk(&path)),
            Err(code) => Ok(Err(code)),
        }
    }

    /// The same with files; where the answer is.
    ///
    /// # Errors
    /// When the database or the disk fails.
    pub fn carry_file(&self, carrier: Visitor, bundle: &Path) -> Result<Answered<PathBuf>> {
        let name = blobs::hash_file(bundle)?;
        let path = self.office.blobs.path(&name);
        fs::copy(bundle, &path).map_err(ProvinceError::disk(&path))?;
        self.carry_blob(carrier, &name)
    }

    fn carry_blob(&self, carrier: Visitor, name: &Sha256) -> Result<Answered<PathBuf>> {
        let carried = courier::carry(&self.office, carrier.account, name)?;
        if carried.is_err() {
            let path = self.office.blobs.path(name);
            fs::remove_file(&path).map_err(ProvinceError::disk(&path))?;
        }
        Ok(carried.map(|answer| self.office.blobs.path(&answer.answer)))
    }

    /// Keeps a file of that account, as an upload does.
    ///
    /// # Errors
    /// When the database or the disk fails.
    pub fn upload(&self, who: Visitor, bytes: &[u8]) -> Result<()> {
        let now = self.office.now();
        self.office.db.write(|tx| {
            let blob = self.office.blobs.put(tx, bytes, now)?;
            blobs::own(tx, &blob, who.account)
        })
    }

    /// Starts a new history, as after a restore from backup.
    ///
    /// # Errors
    /// When the database fails.
    pub fn new_epoch(&self) -> Result<()> {
        self.office.new_epoch()
    }

    /// What the server has counted.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stats(&self) -> Result<Stats> {
        stats::read(&self.office)
    }

    /// Whether the promises about numbers hold.
    ///
    /// # Errors
    /// When the database fails.
    pub fn numbers(&self) -> Result<NumbersReport> {
        self.office.db.read(books::check)
    }

    /// As `GET /v1/inventory`: digests of all that the account has of a kind.
    ///
    /// # Errors
    /// When the database fails.
    pub fn inventory(&self, who: Visitor, entity: EntityType) -> Result<Vec<String>> {
        Ok(inventory::summary(&self.office, who.account, entity)?.buckets)
    }

    /// How many rows were ever written, and the names of the files that are kept: what a refused
    /// request leaves as it was.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn footprint(&self) -> Result<(u64, Vec<String>)> {
        let mut names = Vec::new();
        for dir in ["blobs", "uploads"] {
            let dir: &Path = &self.office.config.data_dir.join(dir);
            for entry in fs::read_dir(dir).map_err(ProvinceError::disk(dir))? {
                let name = entry.map_err(ProvinceError::disk(dir))?.file_name();
                names.push(name.to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok((self.office.db.rows_written(), names))
    }
}
