//! Courier bundles (gói chuyển tay): for an office without a network for days. What waits goes onto a
//! stick, any desk of the province that is online carries it, and the answer comes back the same way.
//!
//! Invariant: what is received is read to its end before anything of it is done.

mod carrying;

use std::{fs::File, path::PathBuf};

use congvan_courier::{SealedTo, VerifyingKey};
use congvan_store::{BundleOrder, CourierRefusal, Delivered, ServerOfBundles, StoreError};

use crate::{
    ChangeTag, Desk, DeskError, Result,
    driver::{COMPARED_AT, check_receipts},
    outside,
    session::Session,
};

/// Most bytes of files in an answer: what a stick and a patient person bear.
const ANSWER_ROOM: u64 = 512 * 1024 * 1024;
/// Of what the server takes as one file so much is left for the acts.
const FOR_ACTS: u64 = 16 * 1024 * 1024;

/// A bundle that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleWritten {
    /// Name of the file.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// Acts in it.
    pub acts: u32,
    /// Files in it.
    pub files: u32,
    /// Acts that wait for the next one.
    pub left: u32,
}

/// A bundle that was carried to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleCarried {
    /// The office whose it is, as it stands on it in clear.
    pub office: String,
    /// Its length in bytes.
    pub size: u64,
    /// Name of the answer's file, beside it.
    pub answer: String,
    /// The answer's length in bytes.
    pub answer_size: u64,
}

impl Desk {
    /// Whether bundles can be written: the server has told what they are sealed to.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn courier_ready(&self) -> Result<bool> {
        let session = self.session().await?;
        let info = session.info();
        Ok(info.is_some_and(|info| info.courier_key.is_some()))
    }

    /// A name for the next bundle: sorts by time, says nothing of what is in it.
    #[must_use]
    pub fn courier_name(&self) -> String {
        let at = self.now().vietnam();
        format!("goi-chuyen-tay-{}.cvct", at.strftime("%Y%m%d-%H%M"))
    }

    /// Writes what waits for the server into a bundle. It still waits here, too, and is sent by whatever
    /// way comes first; acts in it cannot be taken back any more.
    ///
    /// # Errors
    /// `NotLoggedIn`; [`StoreError::Courier`] when the server's key is not known, another bundle is under
    /// way, for the stick, or when it was given up: then there is no bundle. Disk errors.
    pub async fn courier_write(&self, path: PathBuf) -> Result<BundleWritten> {
        let session = self.session().await?;
        let under_way = self.begin_outside()?;
        let order = self.order(&session).await?;
        let watch = under_way.work.watch.clone();
        let written = session
            .with_store(move |store| {
                let pack = |file| store.courier_pack(&order, file, &watch);
                let (packed, size) = outside::write(&path, pack)?;
                Ok(BundleWritten {
                    name: outside::name(&path),
                    size,
                    acts: packed.acts,
                    files: packed.files,
                    left: packed.left,
                })
            })
            .await?;
        tracing::info!(
            acts = written.acts,
            files = written.files,
            "a courier bundle was written"
        );
        Ok(written)
    }

    /// Takes in the answer to a bundle of this desk, by the transactions of the network. Twice, late or
    /// out of order it does no harm.
    ///
    /// # Errors
    /// `NotLoggedIn`; [`StoreError::Courier`] when it is no answer to this desk, damaged, not the
    /// server's, or given up while it was read: then nothing was done. Disk errors.
    pub async fn courier_receive(&self, path: PathBuf) -> Result<Delivered> {
        let session = self.session().await?;
        let under_way = self.begin_outside()?;
        let info = session.info().ok_or_else(not_ready)?;
        let key = info.receipt_key.clone();
        let server = ServerOfBundles {
            province: self.province_code()?,
            key: VerifyingKey::parse(&key).map_err(|_| not_ready())?,
        };
        let (watch, now) = (under_way.work.watch.clone(), self.now());
        let delivered = session
            .with_store(move |store| {
                watch.begin(outside::length(&path)?);
                let delivered = store.courier_take(|| File::open(&path), (&server, now), &watch)?;
                if delivered.anew {
                    store.set_setting(COMPARED_AT, "")?;
                }
                check_receipts(store, &key)?;
                Ok(delivered)
            })
            .await?;
        tracing::info!(
            changed = delivered.outcome.changed.len(),
            applied = delivered.outcome.applied,
            files = delivered.files,
            stale = delivered.outcome.stale,
            "an answer to a courier bundle was taken in"
        );
        session.driver.brought(delivered.outcome.urgent.clone());
        self.events_bus()
            .changed(&[ChangeTag::Documents, ChangeTag::Sync]);
        Ok(delivered)
    }

    async fn order(&self, session: &Session) -> Result<BundleOrder> {
        let info = session.info().ok_or_else(not_ready)?;
        let key = info.courier_key.as_deref().ok_or_else(not_ready)?;
        Ok(BundleOrder {
            to: SealedTo::parse(key).map_err(|_| not_ready())?,
            province: self.province_code()?,
            office: session.agency_name(),
            device: session.driver.device(),
            resting: self.paused_documents().await?,
            room: info.upload.max_file.saturating_sub(FOR_ACTS),
            answer_room: ANSWER_ROOM,
            now: self.now(),
        })
    }

    fn province_code(&self) -> Result<String> {
        let province = self.province_config();
        Ok(province.ok_or(DeskError::Unconfigured)?.province.clone())
    }
}

fn refusal(why: CourierRefusal) -> DeskError {
    DeskError::Store(StoreError::Courier { why })
}

fn not_ready() -> DeskError {
    refusal(CourierRefusal::NotReady)
}
