use std::{
    collections::HashMap,
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use congvan_model::Sha256;
use tokio::sync::{mpsc, oneshot};

use super::{
    CardService, Discovery, LibraryInfo, ModuleHint, ModuleInfo, SignAlgorithm, TokenError,
    TokenEvent, TokenInfo,
    supervisor::{self, Job, Times},
};
use crate::{
    Loss, Pin, Sandbox, Scenario, WorkerPaths,
    process::Launch,
    wire::{Role, TokenCall, TokenReply},
};

/// A logged-in session on one token. When its process ends, calls answer
/// [`TokenError::SessionLost`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionId {
    module: Arc<Path>,
    number: u64,
}

/// How long each call may take before the worker is ended, and when idle things are let go.
#[derive(Clone, Copy, Debug)]
pub struct TokenDeadlines {
    /// Listing modules, tokens and certificates. Slow readers need seconds per token.
    pub list: Duration,
    /// Logging in and changing a PIN, also when the person types on the reader's keypad.
    pub login: Duration,
    /// One signature.
    pub sign: Duration,
    /// A session that is not used for this long is logged out, so that other programs get the
    /// token.
    pub session_idle: Duration,
    /// A process with neither session nor watcher ends after this long.
    pub process_idle: Duration,
    /// How often the presence of tokens is looked up for watchers.
    pub watch: Duration,
}

impl Default for TokenDeadlines {
    fn default() -> Self {
        Self {
            list: Duration::from_secs(20),
            login: Duration::from_secs(90),
            sign: Duration::from_secs(60),
            session_idle: Duration::from_secs(120),
            process_idle: Duration::from_secs(20),
            watch: Duration::from_millis(500),
        }
    }
}

/// How long the simulated token of training mode is waited for.
const TRAINING_PATIENCE: Duration = Duration::from_secs(8);

/// The desk's door to tokens. Clones share the worker processes: one per module. Calls to one
/// module queue; modules do not wait for each other. When the last clone goes, the processes go.
#[derive(Clone)]
pub struct TokenClient {
    inner: Arc<Inner>,
}

struct Inner {
    paths: WorkerPaths,
    deadlines: TokenDeadlines,
    environment: Vec<(OsString, OsString)>,
    modules: Mutex<HashMap<PathBuf, mpsc::UnboundedSender<Job>>>,
    parameters: Mutex<HashMap<PathBuf, String>>,
    last_session: AtomicU64,
}

impl TokenClient {
    /// Prepares the client; processes start with the first call to their module.
    #[must_use]
    pub fn new(paths: WorkerPaths) -> Self {
        Self::with(paths, TokenDeadlines::default(), Vec::new())
    }

    /// As [`TokenClient::new`] with other deadlines and with variables added to the workers'
    /// environment, as some modules find their settings there.
    #[must_use]
    pub fn with(
        paths: WorkerPaths,
        deadlines: TokenDeadlines,
        environment: Vec<(OsString, OsString)>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                paths,
                deadlines,
                environment,
                modules: Mutex::default(),
                parameters: Mutex::default(),
                last_session: AtomicU64::new(0),
            }),
        }
    }

    /// The modules on this machine: the administrator's first, then known paths, then registered
    /// ones; none is loaded. Modules that do not fit are listed with the reason.
    ///
    /// # Errors
    /// [`TokenError::WorkerLost`], [`TokenError::TimedOut`].
    pub async fn modules(&self, extra: Vec<ModuleHint>) -> Result<Vec<ModuleInfo>, TokenError> {
        let request = Discovery {
            extra,
            only_listed: false,
        };
        self.discover(None, request).await
    }

    /// As [`TokenClient::modules`] under the administrator's rules. `place` is the simulated
    /// token's path while training, which shows what the scenario wants shown.
    ///
    /// # Errors
    /// [`TokenError::WorkerLost`], [`TokenError::TimedOut`].
    pub async fn discover(
        &self,
        place: Option<&Path>,
        request: Discovery,
    ) -> Result<Vec<ModuleInfo>, TokenError> {
        let call = TokenCall::Discover(request);
        match self.call(place, call, self.inner.deadlines.list).await? {
            TokenReply::Modules(modules) => {
                self.learn_parameters(&modules);
                Ok(modules)
            }
            reply => Err(unexpected(&reply)),
        }
    }

    /// What C_Initialize of a module is told, as NSS wants. Discovery does this by itself; it
    /// takes effect when the module's process starts next.
    pub fn set_parameters(&self, module: &Path, parameters: &str) {
        self.parameters()
            .insert(module.to_path_buf(), parameters.to_owned());
    }

    fn learn_parameters(&self, modules: &[ModuleInfo]) {
        for module in modules {
            if let Some(parameters) = &module.parameters {
                self.set_parameters(&module.path, parameters);
            }
        }
    }

    fn parameters(&self) -> MutexGuard<'_, HashMap<PathBuf, String>> {
        let parameters = self.inner.parameters.lock();
        parameters.unwrap_or_else(PoisonError::into_inner)
    }

    /// What a module says of itself; loads it.
    ///
    /// # Errors
    /// The `Module...` variants of [`TokenError`], [`TokenError::WorkerLost`],
    /// [`TokenError::TimedOut`].
    pub async fn about(&self, module: &Path) -> Result<LibraryInfo, TokenError> {
        let deadline = self.inner.deadlines.list;
        match self.call(Some(module), TokenCall::About, deadline).await? {
            TokenReply::About(about) => Ok(about),
            reply => Err(unexpected(&reply)),
        }
    }

    /// Tells the simulated token at `place` (a path that ends in [`crate::TRAINING_FILE`]) what to
    /// do from now on. Makes its keys if there are none yet.
    ///
    /// # Errors
    /// [`TokenError::ModuleFailed`] when the folder cannot be written, [`TokenError::WorkerLost`],
    /// [`TokenError::TimedOut`].
    pub async fn train(&self, place: &Path, scenario: Scenario) -> Result<(), TokenError> {
        let call = TokenCall::Train(scenario);
        let deadline = self.inner.deadlines.list;
        match self.call(Some(place), call, deadline).await? {
            TokenReply::Trained => Ok(()),
            reply => Err(unexpected(&reply)),
        }
    }

    /// What the system's card service says about readers and cards; asks no card anything.
    ///
    /// # Errors
    /// [`TokenError::WorkerLost`], [`TokenError::TimedOut`].
    pub async fn card_service(&self) -> Result<CardService, TokenError> {
        self.card_service_at(None).await
    }

    /// As [`TokenClient::card_service`]; `place` is the simulated token's path while training.
    ///
    /// # Errors
    /// [`TokenError::WorkerLost`], [`TokenError::TimedOut`].
    pub async fn card_service_at(&self, place: Option<&Path>) -> Result<CardService, TokenError> {
        let deadline = self.inner.deadlines.list;
        match self.call(place, TokenCall::Readers, deadline).await? {
            TokenReply::Readers(service) => Ok(service),
            reply => Err(unexpected(&reply)),
        }
    }

    /// The tokens a module sees, with their certificates.
    ///
    /// # Errors
    /// The `Module...` variants of [`TokenError`], [`TokenError::WorkerLost`],
    /// [`TokenError::TimedOut`]. No token is no error: the list is empty.
    pub async fn tokens(&self, module: &Path) -> Result<Vec<TokenInfo>, TokenError> {
        match self
            .call(Some(module), TokenCall::Tokens, self.inner.deadlines.list)
            .await?
        {
            TokenReply::Tokens(tokens) => Ok(tokens),
            reply => Err(unexpected(&reply)),
        }
    }

    /// Logs in on the token with this serial number and holds the key of one certificate, named by
    /// its hash. `pin` is nothing when the token has a protected path. `final_try_consent` says
    /// that the user agreed to spend the last try. The PIN is tried at most once. A session that
    /// is open on the module is closed first.
    ///
    /// # Errors
    /// Every variant of [`TokenError`] but those of signing. After [`TokenError::PinIncorrect`] a
    /// try is spent; after [`TokenError::WorkerLost`], [`TokenError::TimedOut`] and
    /// [`TokenError::TokenRemoved`] it may be.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is asked of the user or checked by itself"
    )]
    pub async fn open_session(
        &self,
        module: &Path,
        token_serial: &str,
        certificate_sha256: Sha256,
        pin: Option<Pin>,
        final_try_consent: bool,
    ) -> Result<SessionId, TokenError> {
        let number = self.inner.last_session.fetch_add(1, Ordering::Relaxed) + 1;
        let session = SessionId {
            module: module.into(),
            number,
        };
        let call = TokenCall::Open {
            serial: token_serial.to_owned(),
            certificate: certificate_sha256.0,
            pin,
            final_try_consent,
        };
        let deadline = self.inner.deadlines.login;
        self.ask(Some(module), |answer| Job::Open {
            number,
            call,
            deadline,
            answer,
        })
        .await?;
        Ok(session)
    }

    /// Signs `data`, which is the message itself. The signature has been verified with the
    /// certificate's public key.
    ///
    /// # Errors
    /// [`TokenError::TokenRemoved`], [`TokenError::SessionLost`], [`TokenError::WrongSignature`],
    /// [`TokenError::AlgorithmUnsupported`], the `Module...` variants, [`TokenError::WorkerLost`],
    /// [`TokenError::TimedOut`]. After any of them there is no signature; after all but
    /// `AlgorithmUnsupported` the session should be closed.
    pub async fn sign(
        &self,
        session: &SessionId,
        algorithm: SignAlgorithm,
        data: &[u8],
    ) -> Result<Vec<u8>, TokenError> {
        let (number, data) = (session.number, data.to_vec());
        let deadline = self.within(&session.module, self.inner.deadlines.sign);
        self.ask(Some(&session.module), |answer| Job::Sign {
            number,
            algorithm,
            data,
            deadline,
            answer,
        })
        .await
    }

    /// Logs out and wipes the PIN. A session that is over already is no error.
    ///
    /// # Errors
    /// [`TokenError::WorkerLost`], [`TokenError::TimedOut`]; the session is gone all the same.
    pub async fn close_session(&self, session: SessionId) -> Result<(), TokenError> {
        let (number, deadline) = (session.number, self.inner.deadlines.list);
        self.ask(Some(&session.module), |answer| Job::Close {
            number,
            deadline,
            answer,
        })
        .await
    }

    /// Changes the user's PIN. Both are nothing when the token has a protected path.
    ///
    /// # Errors
    /// As [`TokenClient::open_session`]; the old PIN is tried at most once.
    pub async fn change_pin(
        &self,
        module: &Path,
        token_serial: &str,
        pins: Option<(Pin, Pin)>,
        final_try_consent: bool,
    ) -> Result<(), TokenError> {
        let (old, new) = pins.unzip();
        let call = TokenCall::ChangePin {
            serial: token_serial.to_owned(),
            old,
            new,
            final_try_consent,
        };
        match self
            .call(Some(module), call, self.inner.deadlines.login)
            .await?
        {
            TokenReply::PinChanged => Ok(()),
            reply => Err(unexpected(&reply)),
        }
    }

    /// Tells of tokens that come and go, until the receiver is dropped. The first events name what
    /// is plugged in now. Dead modules and restarts of the card service are healed silently.
    #[must_use]
    pub fn watch(&self, module: &Path) -> mpsc::UnboundedReceiver<TokenEvent> {
        let (events, receiver) = mpsc::unbounded_channel();
        if self
            .supervisor(Some(module))
            .send(Job::Watch { events })
            .is_err()
        {
            tracing::debug!("token supervisor already gone");
        }
        receiver
    }

    /// The protections a module's running worker reports and its process id; nothing while none
    /// runs.
    pub async fn status(&self, module: &Path) -> Option<(u32, Sandbox)> {
        self.ask(Some(module), |answer| Job::Status { answer })
            .await
            .ok()
    }

    async fn call(
        &self,
        module: Option<&Path>,
        call: TokenCall,
        deadline: Duration,
    ) -> Result<TokenReply, TokenError> {
        self.ask(module, |answer| Job::Call {
            call,
            deadline,
            answer,
        })
        .await
    }

    /// The deadline of a call. The simulated token that hangs need not be waited for as long as a
    /// slow reader.
    fn within(&self, module: &Path, usual: Duration) -> Duration {
        if module.ends_with(crate::TRAINING_FILE) {
            usual.min(TRAINING_PATIENCE)
        } else {
            usual
        }
    }

    async fn ask<T>(
        &self,
        module: Option<&Path>,
        job: impl FnOnce(oneshot::Sender<Result<T, TokenError>>) -> Job,
    ) -> Result<T, TokenError> {
        let stopped = || TokenError::WorkerLost {
            loss: Loss::Stopped,
        };
        let (answer, result) = oneshot::channel();
        self.supervisor(module)
            .send(job(answer))
            .map_err(|_| stopped())?;
        result.await.map_err(|_| stopped())?
    }

    /// The supervisor of a module, started when it is first asked for.
    fn supervisor(&self, module: Option<&Path>) -> mpsc::UnboundedSender<Job> {
        let inner = &self.inner;
        let mut modules = inner.modules.lock().unwrap_or_else(PoisonError::into_inner);
        let key = module.map(Path::to_path_buf).unwrap_or_default();
        modules
            .entry(key)
            .or_insert_with(|| {
                let parameters = module.and_then(|path| self.parameters().get(path).cloned());
                let launch = Launch {
                    executable: inner.paths.executable.clone(),
                    role: Role::Token,
                    library: module.map(Path::to_path_buf),
                    parameters,
                    environment: inner.environment.clone(),
                };
                let times = Times {
                    list: inner.deadlines.list,
                    session_idle: inner.deadlines.session_idle,
                    process_idle: inner.deadlines.process_idle,
                    watch: inner.deadlines.watch,
                };
                supervisor::start(launch, times)
            })
            .clone()
    }
}

pub(super) fn unexpected(_reply: &TokenReply) -> TokenError {
    tracing::error!("the token worker answered another question");
    TokenError::WorkerLost {
        loss: Loss::Garbage,
    }
}
