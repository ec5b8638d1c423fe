//! The desk itself: starting and ending, and what all use cases share.

pub(crate) mod faults;
mod keeping;
mod lock;
mod opening;
mod people;
mod proxy;
mod system;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use congvan_model::Timestamp;
use congvan_protocol::AccountInfo;
use congvan_store::{Home, KeyVault, StoreError};
use congvan_worker::{Discovery, OcrClient, RenderClient, TokenClient, WorkerPaths};
use tokio::sync::{Mutex, broadcast, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use people::{Forgotten, PersonHere};
pub use proxy::ProxySetting;

pub(crate) use faults::remote_fault;
use faults::{again, same};

use crate::{
    DeskError, DeskEvent, ProvinceConfig, Result, SyncStatus,
    batch::BatchDesk,
    clock::Clock,
    drafting::Converting,
    events::EventBus,
    exports::Exports,
    outside::Outside,
    pin::{PinAnswer, PinDesk},
    places::FoundPlaces,
    scanning::ScanningDesk,
    session::Session,
    shown::Completions,
    signing::SigningDesk,
    token_state::{TokenDesk, Watcher},
    viewing::Viewer,
};

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
    /// The desk is open and covered until its person's password is typed.
    Locked,
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
    ocr: OcrClient,
    viewer: Viewer,
    pins: PinDesk,
    tokens: Arc<TokenDesk>,
    signing: SigningDesk,
    batches: BatchDesk,
    places: Arc<FoundPlaces>,
    completed: Arc<Completions>,
    scanning: ScanningDesk,
    exports: Exports,
    converting: Converting,
    outside: Outside,
    tracker: TaskTracker,
    cancel: CancellationToken,
    settings_order: Mutex<()>,
    login_order: Mutex<()>,
    cover: lock::Cover,
    session: RwLock<Option<Arc<Session>>>,
    keeper: std::sync::Mutex<Option<keeping::Keeper>>,
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
            ocr: crate::intake::ocr(&config.workers),
            viewer: Viewer::new(RenderClient::new(config.workers.clone())),
            pins: PinDesk::default(),
            tokens: TokenDesk::new(),
            signing: SigningDesk::default(),
            batches: BatchDesk::default(),
            places: Arc::default(),
            completed: Arc::default(),
            scanning: ScanningDesk::default(),
            exports: Exports::default(),
            converting: Converting::default(),
            outside: Outside::default(),
            tracker: TaskTracker::new(),
            cancel: CancellationToken::new(),
            settings_order: Mutex::default(),
            login_order: Mutex::default(),
            cover: lock::Cover::default(),
            session: RwLock::new(None),
            keeper: std::sync::Mutex::default(),
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
        desk.listen_to_system();
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
            (Some(_), Some(_)) if self.is_locked() => Phase::Locked,
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
            account: session.map(|session| session.person(self.now())),
            sync,
        })
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
        self.province_config()?.evidence_proxy.as_deref()
    }

    /// What the administrator handed out; none on a machine that has not been configured.
    pub(crate) fn province_config(&self) -> Option<&ProvinceConfig> {
        self.config.province.as_ref()
    }

    /// Ready when the desk ends.
    pub(crate) fn ending(&self) -> &CancellationToken {
        &self.cancel
    }

    pub(crate) fn outside_slot(&self) -> &Outside {
        &self.outside
    }

    pub(crate) fn converting(&self) -> &Converting {
        &self.converting
    }

    pub(crate) fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    pub(crate) fn token(&self) -> &TokenClient {
        &self.token
    }

    /// Tesseract's processes.
    pub(crate) fn ocr(&self) -> &OcrClient {
        &self.ocr
    }

    pub(crate) fn pins(&self) -> &PinDesk {
        &self.pins
    }

    pub(crate) fn places(&self) -> &Arc<FoundPlaces> {
        &self.places
    }

    pub(crate) fn completed_states(&self) -> &Arc<Completions> {
        &self.completed
    }

    /// Scanners and the watched folder.
    pub(crate) fn scanning(&self) -> &ScanningDesk {
        &self.scanning
    }

    /// Files that wait to be saved.
    pub(crate) fn exports(&self) -> &Exports {
        &self.exports
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
