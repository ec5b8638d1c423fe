//! One person at the desk: their store, their tokens, their driver.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use congvan_model::{ByteSource, Sha256};
use congvan_protocol::{AccountInfo, Capacity, SessionInfo};
use congvan_remote::RemoteClient;
use congvan_store::{KnownAccount, OWNER_SETTING, Store, StoreError};

use crate::{
    DeskError, Result, completion::CompletionDesk, driver::DriverHandle, importing::Importing,
    intake::IntakeDesk,
};

const SESSION_INFO: &str = "session_info";

pub(crate) struct Session {
    pub(crate) account: AccountInfo,
    pub(crate) known: KnownAccount,
    pub(crate) store: Store,
    pub(crate) remote: RemoteClient,
    pub(crate) driver: DriverHandle,
    pub(crate) completion: CompletionDesk,
    pub(crate) intake: IntakeDesk,
    pub(crate) importing: Importing,
    info: RwLock<Option<Arc<SessionInfo>>>,
    /// What the person chose to act as.
    capacity: RwLock<Option<Capacity>>,
    /// What the server last said of posts and mandates, in one word.
    standing: RwLock<Option<Option<String>>>,
    /// Whether the server has been asked in this run.
    informed: AtomicBool,
}

impl Session {
    /// The agency of the person's first post; empty for who has none.
    pub(crate) fn agency_name(&self) -> String {
        let post = self.account.posts.first();
        post.map(|post| post.agency.name.clone())
            .unwrap_or_default()
    }

    /// The agency whose registers these are, as the server last told; else that of the first post.
    pub(crate) fn registry_name(&self) -> String {
        let info = self.info();
        let registry = info.as_ref().and_then(|info| info.registry.as_ref());
        registry.map_or_else(|| self.agency_name(), |agency| agency.name.clone())
    }

    pub(crate) fn new(
        account: AccountInfo,
        known: KnownAccount,
        store: Store,
        remote: RemoteClient,
        (driver, completion, intake): (DriverHandle, CompletionDesk, IntakeDesk),
    ) -> Result<Self> {
        let info = store
            .setting(SESSION_INFO)?
            .and_then(|text| serde_json::from_str(&text).ok())
            .map(Arc::new);
        let capacity = store.capacity()?;
        Ok(Self {
            account,
            known,
            store,
            remote,
            driver,
            completion,
            intake,
            importing: Importing::default(),
            info: RwLock::new(info),
            capacity: RwLock::new(capacity),
            standing: RwLock::default(),
            informed: AtomicBool::new(false),
        })
    }

    /// Work on the store, on a thread that may block.
    pub(crate) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> std::result::Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        let store = self.store.clone();
        Ok(tokio::task::spawn_blocking(move || work(&store)).await??)
    }

    /// The bytes of a file. Those that are not here yet go to the front of the queue.
    pub(crate) async fn blob(&self, sha256: Sha256) -> Result<Arc<dyn ByteSource>> {
        let opened = self.with_store(move |store| store.blob_open(sha256)).await;
        match opened {
            Ok(reader) => Ok(Arc::new(reader)),
            Err(DeskError::Store(StoreError::BlobMissing { .. })) => {
                self.driver.want(sha256);
                Err(DeskError::FileNotHere)
            }
            Err(DeskError::Store(StoreError::BlobCorrupt { .. })) => {
                let now = self.driver.now();
                self.with_store(move |store| store.blob_quarantine(sha256, now))
                    .await?;
                self.driver.want(sha256);
                Err(DeskError::FileNotHere)
            }
            Err(other) => Err(other),
        }
    }

    /// What the server last said about limits, trust and signers; none before the first contact.
    pub(crate) fn info(&self) -> Option<Arc<SessionInfo>> {
        self.info
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What the person chose to act as; none: by all posts together.
    pub(crate) fn capacity(&self) -> Option<Capacity> {
        let chosen = self.capacity.read();
        chosen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what the person chose to act as.
    pub(crate) async fn choose(&self, capacity: Option<Capacity>) -> Result<()> {
        let kept = capacity.clone();
        self.with_store(move |store| store.choose_capacity(kept.as_ref()))
            .await?;
        *self
            .capacity
            .write()
            .unwrap_or_else(PoisonError::into_inner) = capacity;
        Ok(())
    }

    /// The server's word on posts and mandates: one that is new makes the next round ask for them.
    pub(crate) fn heard_standing(&self, word: Option<String>) {
        let mut known = self
            .standing
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        // None is a word too: one post and no mandate.
        if known.as_ref().is_some_and(|old| *old != word) {
            self.informed.store(false, Ordering::Relaxed);
        }
        *known = Some(word);
    }

    /// Whether [`Session::learn`] has succeeded in this run.
    pub(crate) fn is_informed(&self) -> bool {
        self.informed.load(Ordering::Relaxed)
    }

    /// Keeps what the server says about this session, for working offline.
    pub(crate) async fn learn(&self, info: SessionInfo) -> Result<()> {
        let (info_text, account) = (json(&info)?, info.account.clone());
        let (own, now) = (account.id, info.server_time);
        let mut held = info.mandates.clone();
        held.retain(|one| one.holder.account == own && one.is_in_force(now));
        *self.info.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(info));
        self.with_store(move |store| {
            store.stand(&account, &held)?;
            store.set_setting(SESSION_INFO, &info_text)
        })
        .await?;
        self.informed.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// The account as the store last knew it; none in a store that never finished a login.
pub(crate) fn remembered_account(store: &Store) -> Result<Option<AccountInfo>> {
    Ok(store
        .setting(OWNER_SETTING)?
        .and_then(|text| serde_json::from_str(&text).ok()))
}

/// Keeps the account, so that the next start needs no server.
pub(crate) fn remember_account(store: &Store, account: &AccountInfo) -> Result<()> {
    Ok(store.set_setting(OWNER_SETTING, &json(account)?)?)
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| DeskError::Internal(error.to_string()))
}
