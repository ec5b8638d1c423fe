//! Which tokens are plugged in, or why there is none: what the frame's key shows.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use congvan_worker::{
    CardService, Discovery, ModuleFit, ModuleInfo, PinState, PresentToken, ReaderContent,
    ReaderInfo, TokenClient, TokenError, TokenEvent,
};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    CertificateFault, ChangeTag, Desk, Result, TrainingState, events::EventBus, tokens::module_id,
};

/// How often modules and readers are looked for while a token is plugged in.
const SETTLED: Duration = Duration::from_secs(15);
/// How often while there is none: the person is just about to do something about it.
const SEARCHING: Duration = Duration::from_secs(2);

/// A token that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenToken {
    /// Module, by its id.
    pub module: String,
    /// The module's name.
    pub module_name: String,
    /// Keys in a file.
    pub simulator: bool,
    /// Serial number.
    pub serial: String,
    /// Label.
    pub label: String,
    /// Tries left, as far as it says.
    pub pin_state: PinState,
    /// The PIN is typed on the reader.
    pub pin_pad: bool,
}

/// What the frame's key shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenState {
    /// Tokens that are plugged in.
    pub tokens: Vec<SeenToken>,
    /// Why there is none; none also while nobody has looked yet.
    pub problem: Option<TokenFinding>,
    /// Training mode.
    pub training: Option<TrainingState>,
}

/// Something a person should know about card service, readers, modules, tokens and certificates.
/// Each has a sentence and a remedy in the catalogues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFinding {
    /// The card service is not installed.
    CardServiceMissing,
    /// The card service does not run.
    CardServiceStopped,
    /// The card service answers an error, by its number.
    CardServiceFailed(u32),
    /// No reader is plugged in.
    NoReader,
    /// The reader of this name is empty.
    NoCard(String),
    /// The card in the reader of this name does not answer.
    CardMute(String),
    /// A token of a known kind without its module.
    MiddlewareMissing {
        /// The kind of token.
        token: String,
        /// The product to install.
        middleware: String,
    },
    /// No module knows the card with this answer to reset (hexadecimal).
    CardUnknown(String),
    /// There is no module on this machine at all.
    NoModule,
    /// The module of this name is not on the administrator's list.
    ModuleNotAllowed(String),
    /// The module of this name cannot be used.
    Module(String, TokenError),
    /// Modules and readers are in order and there is no token.
    NoToken,
    /// A wrong PIN was entered lately, on the token of this label.
    PinCountLow(String),
    /// One try is left on the token of this label.
    PinFinalTry(String),
    /// The token of this label is locked.
    PinLocked(String),
    /// The token of this label has no PIN.
    PinNotSet(String),
    /// No certificate is on the token of this label.
    NoCertificate(String),
    /// A certificate cannot sign.
    Certificate(CertificateFault),
}

/// A module that is being watched.
struct Watched {
    info: ModuleInfo,
    tokens: Vec<PresentToken>,
    error: Option<TokenError>,
    /// Its place in the order of discovery.
    rank: usize,
    /// It has said what is plugged in, or why it cannot.
    asked: bool,
    end: CancellationToken,
}

/// What is known of modules, readers and tokens; kept up to date by one task.
pub(crate) struct TokenDesk {
    seen: Mutex<Seen>,
    look: Notify,
    /// Whether the task has looked since the last change of mode.
    settled: watch::Sender<bool>,
}

#[derive(Default)]
struct Seen {
    looked: bool,
    modules: BTreeMap<PathBuf, Watched>,
    unusable: Vec<ModuleInfo>,
    service: Option<CardService>,
    training: Option<TrainingState>,
}

/// What the watching task works with. It does not hold the desk itself, which may go first.
pub(crate) struct Watcher {
    pub(crate) client: TokenClient,
    pub(crate) request: Discovery,
    pub(crate) events: EventBus,
    pub(crate) tracker: TaskTracker,
    pub(crate) cancel: CancellationToken,
}

/// What one module's watch said; the watch by its path and its end.
type Told = (PathBuf, CancellationToken, TokenEvent);

impl TokenDesk {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            seen: Mutex::default(),
            look: Notify::new(),
            settled: watch::Sender::new(false),
        })
    }

    /// Watches until the desk ends.
    pub(crate) async fn watch(self: Arc<Self>, watcher: Watcher) {
        let (sender, mut told) = mpsc::unbounded_channel();
        let mut before = TokenState::default();
        loop {
            self.scan(&watcher, &sender).await;
            let pause = if self.state().tokens.is_empty() {
                SEARCHING
            } else {
                SETTLED
            };
            let next = tokio::time::sleep(pause);
            tokio::pin!(next);
            loop {
                let state = self.state();
                if state != before {
                    watcher.events.changed(&[ChangeTag::Token]);
                    before = state;
                }
                tokio::select! {
                    () = watcher.cancel.cancelled() => return,
                    Some((path, end, event)) = told.recv() => self.take(&path, &end, event),
                    () = self.look.notified() => break,
                    () = &mut next => break,
                }
            }
        }
    }

    /// Looks at modules and readers; begins and ends the watches of modules.
    async fn scan(&self, watcher: &Watcher, sender: &mpsc::UnboundedSender<Told>) {
        let training = self.training();
        let place = training.as_ref().map(|training| training.place.clone());
        let service = watcher.client.card_service_at(place.as_deref()).await.ok();
        let request = watcher.request.clone();
        let found = watcher.client.discover(place.as_deref(), request).await;
        let Ok(found) = found else {
            self.locked().looked = true;
            return;
        };
        let (usable, unusable): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|module| module.fit == ModuleFit::Fits && module.allowed);
        let mut seen = self.locked();
        // Training began, changed or ended meanwhile: what was found is of another world.
        if seen.training != training {
            self.look.notify_one();
            return;
        }
        seen.looked = true;
        seen.service = service;
        seen.unusable = unusable;
        seen.modules.retain(|path, watched| {
            let stays = usable.iter().any(|module| module.path == *path);
            if !stays {
                watched.end.cancel();
            }
            stays
        });
        for (rank, info) in usable.into_iter().enumerate() {
            if let Some(watched) = seen.modules.get_mut(&info.path) {
                watched.info = info;
                watched.rank = rank;
                continue;
            }
            let end = watcher.cancel.child_token();
            let (events, path) = (watcher.client.watch(&info.path), info.path.clone());
            let carrier = carry(events, path.clone(), sender.clone(), end.clone());
            watcher.tracker.spawn(carrier);
            let watched = Watched {
                info,
                tokens: Vec::new(),
                error: None,
                rank,
                asked: false,
                end,
            };
            seen.modules.insert(path, watched);
        }
        self.settled.send_replace(true);
    }

    fn take(&self, path: &Path, end: &CancellationToken, event: TokenEvent) {
        let mut seen = self.locked();
        // Said before its watch ended and heard after it: the module of this path may be watched
        // anew by now, and what was plugged in then need not be plugged in now.
        if end.is_cancelled() {
            return;
        }
        let Some(watched) = seen.modules.get_mut(path) else {
            return;
        };
        match event {
            TokenEvent::Inserted(token) | TokenEvent::Updated(token) => {
                watched.error = None;
                watched.tokens.retain(|held| !held.is_same(&token));
                watched.tokens.push(token);
            }
            TokenEvent::Removed(token) => watched.tokens.retain(|held| !held.is_same(&token)),
            TokenEvent::Failed(error) => {
                watched.error = Some(error);
                watched.asked = true;
            }
            TokenEvent::Healed => {
                watched.error = None;
                watched.asked = true;
            }
        }
        // What the readers said belongs to the time before.
        self.look.notify_one();
    }

    /// What the frame shows.
    pub(crate) fn state(&self) -> TokenState {
        let seen = self.locked();
        let mut modules: Vec<&Watched> = seen.modules.values().collect();
        modules.sort_by_key(|watched| watched.rank);
        let mut tokens: Vec<SeenToken> = Vec::new();
        for watched in modules {
            for token in &watched.tokens {
                // Two modules may serve one token, as the maker's and OpenSC's do: the weightier
                // one shows it.
                let twice = |other: &SeenToken| {
                    (&other.serial, &other.label) == (&token.serial, &token.label)
                };
                if !tokens.iter().any(twice) {
                    tokens.push(seen_token(watched, token));
                }
            }
        }
        let looked = seen.looked && seen.modules.values().all(|watched| watched.asked);
        let problem = (looked && tokens.is_empty()).then(|| seen.explain());
        TokenState {
            tokens,
            problem,
            training: seen.training.clone(),
        }
    }

    /// Training mode, if it is on.
    pub(crate) fn training(&self) -> Option<TrainingState> {
        self.locked().training.clone()
    }

    /// Puts the simulated token in the place of all others, or takes it away. What was seen is
    /// forgotten at once.
    pub(crate) fn train(&self, training: Option<TrainingState>) {
        let mut seen = self.locked();
        for watched in seen.modules.values() {
            watched.end.cancel();
        }
        *seen = Seen {
            training,
            ..Seen::default()
        };
        self.settled.send_replace(false);
        drop(seen);
        self.look();
    }

    /// What is seen once the task has looked after the last change of mode.
    pub(crate) async fn settled(&self) -> TokenState {
        let mut settled = self.settled.subscribe();
        let _ = settled.wait_for(|looked| *looked).await;
        self.state()
    }

    /// Makes the task look at once.
    pub(crate) fn look(&self) {
        self.look.notify_one();
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// Why there is no token, the most helpful reason first.
    fn explain(&self) -> TokenFinding {
        use TokenFinding as F;
        let readers = match &self.service {
            Some(CardService::NotInstalled) => return F::CardServiceMissing,
            Some(CardService::NotRunning) => return F::CardServiceStopped,
            Some(CardService::Failed(code)) => return F::CardServiceFailed(*code),
            Some(CardService::Running(readers)) if readers.is_empty() => return F::NoReader,
            Some(CardService::Running(readers)) => readers.as_slice(),
            Some(CardService::Unknown) | None => &[],
        };
        let modules: Vec<&ModuleInfo> = self.all_modules().collect();
        let cards = readers
            .iter()
            .filter_map(|reader| of_reader(reader, &modules));
        if let Some(finding) = cards.into_iter().next() {
            return finding;
        }
        if modules.is_empty() {
            return F::NoModule;
        }
        let failed = self.modules.values().find_map(|watched| {
            let error = watched.error.clone()?;
            Some(F::Module(watched.info.name.clone(), error))
        });
        let unusable = || self.unusable.iter().find_map(of_module);
        let empty = || {
            let reader = readers.first()?;
            (reader.content == ReaderContent::Empty).then(|| F::NoCard(reader.name.clone()))
        };
        failed
            .or_else(unusable)
            .or_else(empty)
            .unwrap_or(F::NoToken)
    }

    fn all_modules(&self) -> impl Iterator<Item = &ModuleInfo> {
        let usable = self.modules.values().map(|watched| &watched.info);
        usable.chain(&self.unusable)
    }
}

/// What is wrong with the card in a reader, given that no module shows a token.
pub(crate) fn of_reader(reader: &ReaderInfo, modules: &[&ModuleInfo]) -> Option<TokenFinding> {
    let atr = match &reader.content {
        ReaderContent::Empty => return None,
        ReaderContent::Mute => return Some(TokenFinding::CardMute(reader.name.clone())),
        ReaderContent::Card { atr } => hex::encode(atr),
    };
    let Some(known) = &reader.known else {
        return Some(TokenFinding::CardUnknown(atr));
    };
    let serving: Vec<&&ModuleInfo> = modules
        .iter()
        .filter(|module| {
            module
                .product
                .as_deref()
                .is_some_and(|p| known.served_by(p))
        })
        .collect();
    if serving.is_empty() {
        return Some(TokenFinding::MiddlewareMissing {
            token: known.name.clone(),
            middleware: known.products.first().cloned().unwrap_or_default(),
        });
    }
    // Some module for it is in order: then it is that module's to say what is wrong.
    let faults: Vec<TokenFinding> = serving.iter().filter_map(|m| of_module(m)).collect();
    (faults.len() == serving.len())
        .then(|| faults.into_iter().next())
        .flatten()
}

/// Why a module that was found cannot be used, judged without loading it.
pub(crate) fn of_module(module: &ModuleInfo) -> Option<TokenFinding> {
    if !module.allowed {
        return Some(TokenFinding::ModuleNotAllowed(module.name.clone()));
    }
    if module.fit == ModuleFit::Fits {
        return None;
    }
    Some(TokenFinding::Module(module.name.clone(), fault_of(module)))
}

/// What loading the module would say, by its header.
pub(crate) fn fault_of(module: &ModuleInfo) -> TokenError {
    match &module.fit {
        ModuleFit::Fits => TokenError::ModuleUnloadable {
            detail: "not allowed".to_owned(),
        },
        ModuleFit::WrongArchitecture { found, needed } => TokenError::ModuleWrongArchitecture {
            found: found.clone(),
            needed: needed.clone(),
        },
        ModuleFit::NotALibrary => TokenError::ModuleUnloadable {
            detail: "not a library".to_owned(),
        },
        ModuleFit::Missing => TokenError::ModuleNotFound {
            path: module.path.clone(),
        },
    }
}

fn seen_token(watched: &Watched, token: &PresentToken) -> SeenToken {
    SeenToken {
        module: module_id(&watched.info),
        module_name: watched.info.name.clone(),
        simulator: watched.info.simulator,
        serial: token.serial.clone(),
        label: token.label.clone(),
        pin_state: token.pin_state,
        pin_pad: token.protected_path,
    }
}

/// Carries one module's events until the watch ends.
async fn carry(
    mut events: mpsc::UnboundedReceiver<TokenEvent>,
    path: PathBuf,
    sender: mpsc::UnboundedSender<Told>,
    end: CancellationToken,
) {
    loop {
        tokio::select! {
            () = end.cancelled() => return,
            event = events.recv() => match event {
                Some(event) => {
                    if sender.send((path.clone(), end.clone(), event)).is_err() {
                        return;
                    }
                }
                None => return,
            },
        }
    }
}

impl Desk {
    /// Which tokens are plugged in, or why there is none.
    #[must_use]
    pub fn token_state(&self) -> TokenState {
        self.token_desk().state()
    }

    /// Looks for modules, readers and tokens at once, and waits for what is found.
    ///
    /// # Errors
    /// When the token worker cannot be started at all.
    pub async fn token_rescan(&self) -> Result<TokenState> {
        self.found_modules().await?;
        self.token_desk().look();
        Ok(self.token_state())
    }
}

#[cfg(test)]
mod tests {
    use congvan_worker::ModuleOrigin;

    use super::*;

    fn watched(end: &CancellationToken) -> Watched {
        Watched {
            info: ModuleInfo {
                path: PathBuf::from("/token.so"),
                name: "Token".to_owned(),
                vendor: String::new(),
                simulator: true,
                origin: ModuleOrigin::Atr,
                reasons: Vec::new(),
                product: None,
                architecture: String::new(),
                allowed: true,
                parameters: None,
                fit: ModuleFit::Fits,
            },
            tokens: Vec::new(),
            error: None,
            rank: 0,
            asked: false,
            end: end.clone(),
        }
    }

    #[test]
    fn what_a_watch_said_before_it_ended_is_not_heard_by_the_one_that_came_after_it() {
        let desk = TokenDesk::new();
        let (before, after) = (CancellationToken::new(), CancellationToken::new());
        before.cancel();
        let path = Path::new("/token.so");
        desk.locked()
            .modules
            .insert(path.to_owned(), watched(&after));
        let inserted = TokenEvent::Inserted(PresentToken {
            slot: 0,
            label: "Of before".to_owned(),
            serial: "1".to_owned(),
            pin_state: PinState::Ok,
            protected_path: false,
        });
        desk.take(path, &before, inserted.clone());
        assert_eq!(desk.state().tokens, []);
        desk.take(path, &after, inserted);
        assert_eq!(desk.state().tokens.len(), 1);
    }
}
