//! The desk itself: starting, logging in and out, and what all use cases share.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use congvan_model::Timestamp;
use congvan_protocol::{AccountInfo, LoginRequest, ProblemCode};
use congvan_remote::{RemoteClient, RemoteConfig, RemoteError, TokenSink};
use congvan_store::{Home, KeyVault, KnownAccount, Store, StoreError};
use congvan_worker::{Discovery, RenderClient, TokenClient, WorkerPaths};
use secrecy::SecretString;
use tokio::sync::{Mutex, broadcast, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    ChangeTag, DeskError, DeskEvent, ProvinceConfig, Result, SyncStatus,
    batch::BatchDesk,
    clock::Clock,
    completion::CompletionDesk,
    driver,
    events::EventBus,
    pin::{PinAnswer, PinDesk},
    places::FoundPlaces,
    session::{Session, remember_account, remembered_account},
    signing::SigningDesk,
    token_state::{TokenDesk, Watcher},
    viewing::Viewer,
};

/// The name under which the system's keyring files our secrets; frozen.
const KEYRING_SERVICE: &str = "vn.congvan.desk";

/// Where the desk keeps its secrets: the keys of the stores and the refresh tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VaultChoice {
    /// The keyring of the operating system.
    #[default]
    System,
    /// Memory: what was stored cannot be read again after the program has ended. For tests.
    Memory,
}

/// What a host hands the desk.
pub struct DeskConfig {
    /// Where this person's data is.
    pub data_dir: PathBuf,
    /// Where its secrets are.
    pub vault: VaultChoice,
    /// Which province; none on a machine that has not been configured.
    pub province: Option<ProvinceConfig>,
    /// The worker program and PDFium.
    pub workers: WorkerPaths,
    /// When the program was started, for measuring the start; none = now.
    pub started: Option<Timestamp>,
}

/// Where the program stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No province is configured.
    Unconfigured,
    /// Nobody is logged in.
    Login,
    /// The desk is open, perhaps offline.
    Open,
}

/// What the frame needs.
#[derive(Clone, Debug)]
pub struct Status {
    /// Where the program stands.
    pub phase: Phase,
    /// The province.
    pub province: Option<ProvinceConfig>,
    /// Who is logged in.
    pub account: Option<AccountInfo>,
    /// The network line.
    pub sync: SyncStatus,
}

/// The desk of one person on one machine.
pub struct Desk {
    config: DeskConfig,
    started: Timestamp,
    events: EventBus,
    clock: Arc<Clock>,
    token: TokenClient,
    viewer: Viewer,
    pins: PinDesk,
    tokens: Arc<TokenDesk>,
    signing: SigningDesk,
    batches: BatchDesk,
    places: Arc<FoundPlaces>,
    tracker: TaskTracker,
    cancel: CancellationToken,
    settings_order: Mutex<()>,
    login_order: Mutex<()>,
    session: RwLock<Option<Arc<Session>>>,
    ready: watch::Sender<Option<Ready>>,
}

/// What the start found: the data folder and the keyring, or why not.
#[derive(Clone)]
struct Ready {
    home: std::result::Result<Arc<Home>, Arc<StoreError>>,
    vault: std::result::Result<Arc<KeyVault>, Arc<StoreError>>,
    /// Why the desk of the last person did not open by itself.
    fault: Option<Arc<DeskError>>,
}

impl Desk {
    /// Makes the desk and starts opening it; returns at once, so that a window can be shown. Every
    /// method waits until the opening has ended. Must be called inside a tokio runtime.
    #[must_use]
    pub fn launch(config: DeskConfig) -> Arc<Self> {
        let clock = Arc::new(Clock::default());
        let desk = Arc::new(Self {
            started: config.started.unwrap_or_else(|| clock.machine()),
            events: EventBus::new(),
            clock,
            token: TokenClient::new(config.workers.clone()),
            viewer: Viewer::new(RenderClient::new(config.workers.clone())),
            pins: PinDesk::default(),
            tokens: TokenDesk::new(),
            signing: SigningDesk::default(),
            batches: BatchDesk::default(),
            places: Arc::default(),
            tracker: TaskTracker::new(),
            cancel: CancellationToken::new(),
            settings_order: Mutex::default(),
            login_order: Mutex::default(),
            session: RwLock::new(None),
            ready: watch::Sender::new(None),
            config,
        });
        let opening = desk.clone();
        desk.tracker.spawn(async move { opening.open().await });
        desk.tracker.spawn(desk.tokens.clone().watch(Watcher {
            client: desk.token.clone(),
            request: desk.discovery(),
            events: desk.events.clone(),
            tracker: desk.tracker.clone(),
            cancel: desk.cancel.clone(),
        }));
        desk
    }

    /// Listens to what the desk tells its host.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<DeskEvent> {
        self.events.subscribe()
    }

    /// What the frame needs.
    ///
    /// # Errors
    /// The fault that kept the last person's desk from opening (keyring, disk, newer data).
    pub async fn status(&self) -> Result<Status> {
        let ready = self.ready().await;
        let session = self.current();
        let phase = match (&session, &self.config.province) {
            (_, None) => Phase::Unconfigured,
            (None, Some(_)) => Phase::Login,
            (Some(_), Some(_)) => Phase::Open,
        };
        if phase == Phase::Login
            && let Some(fault) = &ready.fault
        {
            return Err(again(fault));
        }
        let sync = match &session {
            Some(session) => session.driver.status().await,
            None => SyncStatus::idle(self.started),
        };
        Ok(Status {
            phase,
            province: self.config.province.clone(),
            account: session.map(|session| session.account.clone()),
            sync,
        })
    }

    /// Logs in at the server and opens the person's store.
    ///
    /// # Errors
    /// `BadCredentials`, network and keyring errors; then nothing changed.
    pub async fn login(self: &Arc<Self>, username: &str, password: String) -> Result<Status> {
        let _one_at_a_time = self.login_order.lock().await;
        let home = self.home().await?;
        let vault = self.vault().await?;
        let province = self
            .config
            .province
            .clone()
            .ok_or(DeskError::Unconfigured)?;
        let username = username.trim().to_lowercase();
        let known = {
            let (home, server, name) =
                (home.clone(), province.server_url.clone(), username.clone());
            tokio::task::spawn_blocking(move || home.account(&server, &name)).await??
        };
        let remote = self.remote(&province, &vault, &known).await?;
        let request = LoginRequest {
            username,
            password,
            device: known.device,
            device_name: std::env::consts::OS.to_owned(),
        };
        let account = remote.login(&request).await.map_err(login_fault)?;
        drop(request);
        self.leave().await;
        let key = {
            let (vault, name) = (vault.clone(), known.vault_name());
            tokio::task::spawn_blocking(move || vault.key(&name)).await??
        };
        let (dir, now) = (home.store_dir(&known), self.now());
        let (store, opened) =
            tokio::task::spawn_blocking(move || Store::open(&dir, &key, now)).await??;
        tracing::info!(
            created = opened.created,
            replayed = opened.replayed,
            "store open"
        );
        remember_account(&store, &account)?;
        home.set_account_id(&known, account.id)?;
        self.enter(account, known, store, remote)?;
        self.ready.send_modify(|ready| {
            if let Some(ready) = ready {
                ready.fault = None;
            }
        });
        self.status().await
    }

    /// Ends the session. The data stays, encrypted, and so do unsent acts: they go out after the
    /// next login of the same account.
    ///
    /// # Errors
    /// Keyring errors.
    pub async fn logout(&self) -> Result<Status> {
        let _one_at_a_time = self.login_order.lock().await;
        let session = self.session().await?;
        let vault = self.vault().await?;
        session.remote.logout().await;
        let name = session.known.vault_name();
        tokio::task::spawn_blocking(move || vault.forget_refresh_token(&name)).await??;
        drop(session);
        self.leave().await;
        self.status().await
    }

    /// Looks for the server and exchanges everything now.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn sync_now(&self) -> Result<()> {
        self.session().await?.driver.sync_now();
        Ok(())
    }

    /// What the network line says.
    ///
    /// # Errors
    /// Never while someone is logged in; `NotLoggedIn` otherwise.
    pub async fn sync_status(&self) -> Result<SyncStatus> {
        Ok(self.session().await?.driver.status().await)
    }

    /// Takes the PIN window's answer.
    pub fn pin_answer(&self, request: u64, answer: PinAnswer) {
        self.pins.answer(request, answer);
    }

    /// Ends every task in good order: what is durable stays, what is under way is taken up again
    /// at the next start.
    pub async fn shut_down(&self) {
        self.leave().await;
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// Opens what was open when the program last ended: no server and no password needed.
    async fn open(self: &Arc<Self>) {
        let (data_dir, choice) = (self.config.data_dir.clone(), self.config.vault);
        let opened = tokio::task::spawn_blocking(move || {
            let home = Home::open(&data_dir).map(Arc::new).map_err(Arc::new);
            let vault = match choice {
                VaultChoice::System => KeyVault::system(KEYRING_SERVICE),
                VaultChoice::Memory => Ok(KeyVault::in_memory()),
            };
            (home, vault.map(Arc::new).map_err(Arc::new))
        })
        .await;
        let Ok((home, vault)) = opened else {
            tracing::error!("opening the data folder panicked");
            return;
        };
        let mut fault = None;
        if let (Ok(home), Ok(vault), Some(province)) = (&home, &vault, &self.config.province)
            && let Err(error) = self.reopen(home, vault, province).await
        {
            tracing::warn!(%error, "the last person's desk did not open");
            fault = Some(Arc::new(error));
        }
        self.ready.send_replace(Some(Ready { home, vault, fault }));
        self.events.changed(&[ChangeTag::Session]);
    }

    async fn reopen(
        self: &Arc<Self>,
        home: &Arc<Home>,
        vault: &Arc<KeyVault>,
        province: &ProvinceConfig,
    ) -> Result<()> {
        let last = home
            .accounts()
            .into_iter()
            .find(|known| known.server == province.server_url);
        let Some(known) = last.filter(|known| known.account.is_some()) else {
            return Ok(());
        };
        let (vault_here, name) = (vault.clone(), known.vault_name());
        let (dir, now) = (home.store_dir(&known), self.now());
        let opened = tokio::task::spawn_blocking(move || {
            let Some(token) = vault_here.refresh_token(&name)? else {
                return Ok(None);
            };
            let Some(key) = vault_here.existing_key(&name)? else {
                return Ok(None);
            };
            let (store, _) = Store::open(&dir, &key, now)?;
            Ok::<_, StoreError>(Some((token, store)))
        })
        .await??;
        let Some((token, store)) = opened else {
            return Ok(());
        };
        let Some(account) = remembered_account(&store)? else {
            return Ok(());
        };
        let remote = self.remote(province, vault, &known).await?;
        remote.resume(token).await;
        self.enter(account, known, store, remote)
    }

    async fn remote(
        &self,
        province: &ProvinceConfig,
        vault: &Arc<KeyVault>,
        known: &KnownAccount,
    ) -> Result<RemoteClient> {
        let ca_file = province.ca_file.clone();
        let ca_pem = tokio::task::spawn_blocking(move || fs::read(ca_file))
            .await?
            .map_err(|_| DeskError::Unconfigured)?;
        let config = RemoteConfig::new(
            province.server_url.clone(),
            ca_pem,
            province.province.clone(),
        );
        let (vault, name) = (vault.clone(), known.vault_name());
        let sink: TokenSink = Arc::new(move |token: &SecretString| {
            if let Err(error) = vault.set_refresh_token(&name, token) {
                tracing::warn!(%error, "the keyring did not take the new token");
            }
        });
        RemoteClient::new(&config, sink).map_err(|_| DeskError::Unconfigured)
    }

    fn enter(
        self: &Arc<Self>,
        account: AccountInfo,
        known: KnownAccount,
        store: Store,
        remote: RemoteClient,
    ) -> Result<()> {
        let driver = driver::start(driver::Parts {
            store: store.clone(),
            remote: remote.clone(),
            device: known.device,
            events: self.events.clone(),
            clock: self.clock.clone(),
            tracker: self.tracker.clone(),
            cancel: self.cancel.child_token(),
        });
        let completion = CompletionDesk::new(&store, self.proxy(), self.cancel.child_token())?;
        let session = Session::new(account, known, store, remote, (driver, completion))?;
        let session = Arc::new(session);
        session.driver.attach(Arc::downgrade(&session));
        self.start_completing(&session);
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
        self.events
            .changed(&[ChangeTag::Session, ChangeTag::Documents, ChangeTag::Sync]);
        Ok(())
    }

    /// Closes the present person's desk, if any, and waits until its store is free.
    async fn leave(&self) {
        self.leave_batch().await;
        let session = self
            .session
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(session) = session {
            self.viewer.close_all().await;
            session.completion.stop().await;
            session.driver.stop().await;
            self.events
                .changed(&[ChangeTag::Session, ChangeTag::Documents, ChangeTag::Sync]);
        }
    }

    async fn ready(&self) -> Ready {
        let mut ready = self.ready.subscribe();
        let found = ready
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|found| found.clone());
        found.unwrap_or_else(|| {
            let gone = Arc::new(StoreError::Locked);
            Ready {
                home: Err(gone.clone()),
                vault: Err(gone),
                fault: None,
            }
        })
    }

    pub(crate) async fn home(&self) -> Result<Arc<Home>> {
        self.ready()
            .await
            .home
            .map_err(|error| again(&DeskError::Store(same(&error))))
    }

    async fn vault(&self) -> Result<Arc<KeyVault>> {
        self.ready()
            .await
            .vault
            .map_err(|error| DeskError::Store(same(&error)))
    }

    pub(crate) async fn session(&self) -> Result<Arc<Session>> {
        self.ready().await;
        self.current().ok_or(DeskError::NotLoggedIn)
    }

    fn current(&self) -> Option<Arc<Session>> {
        self.session
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The clock that acts are dated with: the machine's, corrected by the server's.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn started_at(&self) -> Timestamp {
        self.started
    }

    pub(crate) fn events_bus(&self) -> &EventBus {
        &self.events
    }

    pub(crate) fn tracker(&self) -> &TaskTracker {
        &self.tracker
    }

    fn proxy(&self) -> Option<&str> {
        self.config.province.as_ref()?.evidence_proxy.as_deref()
    }

    pub(crate) fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    pub(crate) fn token(&self) -> &TokenClient {
        &self.token
    }

    pub(crate) fn pins(&self) -> &PinDesk {
        &self.pins
    }

    pub(crate) fn places(&self) -> &Arc<FoundPlaces> {
        &self.places
    }

    pub(crate) fn batches(&self) -> &BatchDesk {
        &self.batches
    }

    /// Who owns every task of the desk.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.tracker
    }

    pub(crate) fn signing_desk(&self) -> &SigningDesk {
        &self.signing
    }

    pub(crate) fn discovery(&self) -> Discovery {
        let province = self.config.province.as_ref();
        province.map(ProvinceConfig::discovery).unwrap_or_default()
    }

    pub(crate) fn token_desk(&self) -> &TokenDesk {
        &self.tokens
    }

    pub(crate) fn data_dir(&self) -> &Path {
        &self.config.data_dir
    }

    pub(crate) fn settings_order(&self) -> &Mutex<()> {
        &self.settings_order
    }
}

/// What a failed login means.
fn login_fault(error: RemoteError) -> DeskError {
    match error {
        RemoteError::Refused {
            code: ProblemCode::BadCredentials,
            ..
        }
        | RemoteError::LoginNeeded => DeskError::BadCredentials,
        RemoteError::Refused {
            code: ProblemCode::TooManyAttempts,
            retry_after_s,
            ..
        } => DeskError::TooManyAttempts {
            seconds: retry_after_s.unwrap_or(60),
        },
        other => remote_fault(&other),
    }
}

/// What a failed call means for the person.
pub(crate) fn remote_fault(error: &RemoteError) -> DeskError {
    match error {
        RemoteError::Unreachable | RemoteError::Cancelled => DeskError::Unreachable,
        RemoteError::Untrusted => DeskError::Untrusted,
        RemoteError::WrongNetwork { .. } => DeskError::WrongNetwork,
        RemoteError::ProxyAuthNeeded => DeskError::ProxyAuthNeeded,
        RemoteError::ProxyRefused => DeskError::ProxyRefused,
        RemoteError::LoginNeeded => DeskError::NotLoggedIn,
        RemoteError::Refused { status, .. } if *status >= 500 || *status == 429 => {
            DeskError::ServerBusy
        }
        RemoteError::Refused { code, .. } => DeskError::ServerRefused {
            code: code.as_str().to_owned(),
        },
        RemoteError::Configuration { .. } => DeskError::Unconfigured,
        RemoteError::Protocol { what } => DeskError::Internal(format!("protocol: {what}")),
        RemoteError::Source => DeskError::Internal("upload source".to_owned()),
    }
}

/// The same fault once more: errors of the start are told to everyone who asks.
fn again(error: &DeskError) -> DeskError {
    match error {
        DeskError::Store(error) => DeskError::Store(same(error)),
        other => DeskError::Internal(other.to_string()),
    }
}

fn same(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full => StoreError::Full,
        StoreError::ReadOnly => StoreError::ReadOnly,
        StoreError::Locked => StoreError::Locked,
        StoreError::InUse => StoreError::InUse,
        StoreError::Corrupt { what } => StoreError::Corrupt { what },
        StoreError::NewerSchema { found, known } => StoreError::NewerSchema {
            found: *found,
            known: *known,
        },
        StoreError::KeyWrong => StoreError::KeyWrong,
        StoreError::KeyringUnavailable { reason } => StoreError::KeyringUnavailable {
            reason: reason.clone(),
        },
        _ => StoreError::Corrupt {
            what: "data folder",
        },
    }
}
