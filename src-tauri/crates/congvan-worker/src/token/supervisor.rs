//! The thread that owns one module's worker: queue, deadlines, session, watching, idling.

use std::time::Duration;

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};

use super::slept::Slept;
use super::{PresentToken, SignAlgorithm, TokenError, TokenEvent, client::unexpected};
use crate::{
    Loss, Sandbox,
    process::{Launch, News, Worker},
    wire::{FromToken, ToToken, TokenCall, TokenReply},
};

type Answer<T> = oneshot::Sender<Result<T, TokenError>>;

/// After a failed look-up of presence the next one waits this much longer, doubling up to 16 times.
const MAX_WATCH_BACKOFF: u32 = 16;

/// Where the module tells of events, looking is only a safety net.
const TOLD_PAUSE: u32 = 6;

/// Looks in quick succession after an event.
const SETTLE_LOOKS: u32 = 4;

/// A session that was used so recently is in the middle of a batch.
const SIGNING: Duration = Duration::from_secs(1);

/// The id of messages that answer nothing.
const UNASKED: u32 = 0;

#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) list: Duration,
    pub(super) session_idle: Duration,
    pub(super) process_idle: Duration,
    pub(super) watch: Duration,
}

pub(super) enum Job {
    Call {
        call: TokenCall,
        deadline: Duration,
        answer: Answer<TokenReply>,
    },
    Open {
        number: u64,
        call: TokenCall,
        deadline: Duration,
        answer: Answer<()>,
    },
    Sign {
        number: u64,
        algorithm: SignAlgorithm,
        data: Vec<u8>,
        deadline: Duration,
        answer: Answer<Vec<u8>>,
    },
    Close {
        number: u64,
        deadline: Duration,
        answer: Answer<()>,
    },
    Watch {
        events: mpsc::UnboundedSender<TokenEvent>,
    },
    Status {
        answer: Answer<(u32, Sandbox)>,
    },
}

/// Starts the supervising thread. If the system has no thread to give, the channel is closed and
/// every call says so.
pub(super) fn start(launch: Launch, times: Times) -> mpsc::UnboundedSender<Job> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let spawned = std::thread::Builder::new()
        .name("token-supervisor".to_owned())
        .spawn(move || {
            match tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            {
                Ok(runtime) => runtime.block_on(Supervisor::new(launch, times).run(receiver)),
                Err(error) => tracing::error!(%error, "no runtime for the token supervisor"),
            }
        });
    if let Err(error) = spawned {
        tracing::error!(%error, "no thread for the token supervisor");
    }
    sender
}

/// What the supervisor does next.
enum Next {
    Job(Job),
    News(News),
    Wake,
    End,
}

async fn until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake).await,
        None => std::future::pending().await,
    }
}

async fn news_of(worker: &mut Option<Worker>) -> News {
    match worker {
        Some(worker) => worker.news().await,
        None => std::future::pending().await,
    }
}

/// The one session a module can have.
struct OpenSession {
    /// The client's number.
    number: u64,
    /// The worker's number.
    worker_number: u64,
    last_used: Instant,
}

struct Watcher {
    events: mpsc::UnboundedSender<TokenEvent>,
    told: Vec<PresentToken>,
    failed: Option<TokenError>,
    /// The first look is over.
    asked: bool,
}

struct Supervisor {
    launch: Launch,
    times: Times,
    worker: Option<Worker>,
    session: Option<OpenSession>,
    watchers: Vec<Watcher>,
    next_look: Instant,
    backoff: u32,
    /// The worker tells of slot events by itself.
    watching: bool,
    /// So many more looks in quick succession, after an event.
    settle: u32,
    slept: Slept,
    last_used: Instant,
}

impl Supervisor {
    fn new(launch: Launch, times: Times) -> Self {
        let now = Instant::now();
        Self {
            launch,
            times,
            worker: None,
            session: None,
            watchers: Vec::new(),
            next_look: now,
            backoff: 1,
            watching: false,
            settle: 0,
            slept: Slept::new(),
            last_used: now,
        }
    }

    async fn run(mut self, mut jobs: mpsc::UnboundedReceiver<Job>) {
        loop {
            let wake = self.next_wake();
            let listens = self.watching;
            let next = tokio::select! {
                // What a person waits for goes first.
                biased;
                job = jobs.recv() => job.map_or(Next::End, Next::Job),
                news = news_of(&mut self.worker), if listens => Next::News(news),
                () = until(wake) => Next::Wake,
            };
            if self.slept.woke() {
                self.start_afresh().await;
            }
            match next {
                Next::Job(job) => self.serve(job).await,
                Next::News(news) => self.hear(news).await,
                Next::Wake => self.housekeeping().await,
                Next::End => break,
            }
        }
        // Logging out lets the next program start clean; a dead module cannot hold us up.
        if self.session.is_some() {
            self.release_session().await;
        }
        if let Some(worker) = self.worker.take() {
            worker.kill().await;
        }
    }

    /// When something is due although nobody calls.
    fn next_wake(&self) -> Option<Instant> {
        let session = self
            .session
            .as_ref()
            .map(|s| s.last_used + self.times.session_idle);
        let look = (!self.watchers.is_empty()).then_some(self.next_look);
        let idle = (self.worker.is_some() && self.session.is_none() && self.watchers.is_empty())
            .then(|| self.last_used + self.times.process_idle);
        [session, look, idle].into_iter().flatten().min()
    }

    async fn housekeeping(&mut self) {
        let now = Instant::now();
        let session_idle = self.times.session_idle;
        if self
            .session
            .as_ref()
            .is_some_and(|s| s.last_used + session_idle <= now)
        {
            tracing::info!("idle session released");
            self.release_session().await;
        }
        self.watchers.retain(|watcher| !watcher.events.is_closed());
        if !self.watchers.is_empty() && self.next_look <= now {
            // While a batch is being signed the token has better to do; it would say itself that
            // it was pulled.
            match self.session.as_ref().map(|s| s.last_used + SIGNING) {
                Some(quiet) if quiet > now => self.next_look = quiet,
                Some(_) | None => self.look().await,
            }
        }
        if self.session.is_none()
            && self.watchers.is_empty()
            && self.last_used + self.times.process_idle <= now
            && let Some(worker) = self.worker.take()
        {
            tracing::info!("idle token worker ended");
            worker.kill().await;
        }
    }

    /// The machine was asleep: readers were powered down, and nobody knows who sits there now. The
    /// session ends with the process, and the module is loaded anew.
    async fn start_afresh(&mut self) {
        tracing::info!("woke from sleep; the token worker starts anew");
        self.session = None;
        self.next_look = Instant::now();
        self.end_worker().await;
    }

    /// Something was plugged in or pulled, or the process ended by itself.
    async fn hear(&mut self, news: News) {
        self.next_look = Instant::now();
        let Some(worker) = &mut self.worker else {
            self.watching = false;
            return;
        };
        let heard = match news {
            News::Message => worker.receive::<FromToken>().await.ok(),
            News::Ended => None,
        };
        // Anything but an event, unasked, is garbage.
        let is_event = heard.is_some_and(|message| message.id == UNASKED);
        if !is_event {
            self.session = None;
            self.end_worker().await;
        }
        // An event may come in several parts: the card first, its answer to reset a moment later.
        self.settle = SETTLE_LOOKS;
    }

    async fn end_worker(&mut self) {
        self.watching = false;
        if let Some(worker) = self.worker.take() {
            worker.kill().await;
        }
    }

    async fn serve(&mut self, job: Job) {
        self.last_used = Instant::now();
        match job {
            Job::Call {
                call,
                deadline,
                answer,
            } => {
                ignore(answer.send(self.call(call, deadline).await));
            }
            Job::Open {
                number,
                call,
                deadline,
                answer,
            } => {
                // Typed and then cancelled before its turn came: no try is spent.
                if answer.is_closed() {
                    return;
                }
                let result = self.open(number, call, deadline).await;
                if answer.send(result).is_err() {
                    // Nobody could close it any more.
                    self.release_session().await;
                }
            }
            Job::Sign {
                number,
                algorithm,
                data,
                deadline,
                answer,
            } => {
                if answer.is_closed() {
                    return;
                }
                ignore(answer.send(self.sign(number, algorithm, data, deadline).await));
            }
            Job::Close {
                number,
                deadline,
                answer,
            } => {
                let result = match self.session.take_if(|session| session.number == number) {
                    Some(session) => {
                        let call = TokenCall::Close {
                            session: session.worker_number,
                        };
                        self.call(call, deadline).await.map(|_| ())
                    }
                    None => Ok(()),
                };
                ignore(answer.send(result));
            }
            Job::Watch { events } => {
                self.watchers.push(Watcher {
                    events,
                    told: Vec::new(),
                    failed: None,
                    asked: false,
                });
                self.next_look = Instant::now();
            }
            Job::Status { answer } => {
                let status = self.worker.as_ref().and_then(|worker| {
                    worker
                        .pid()
                        .map(|pid| (pid, worker.hello().sandbox.clone()))
                });
                let gone = TokenError::WorkerLost {
                    loss: Loss::Stopped,
                };
                ignore(answer.send(status.ok_or(gone)));
            }
        }
        self.last_used = Instant::now();
    }

    async fn open(
        &mut self,
        number: u64,
        call: TokenCall,
        deadline: Duration,
    ) -> Result<(), TokenError> {
        if self.session.is_some() {
            self.release_session().await;
        }
        match self.call(call, deadline).await? {
            TokenReply::Opened { session } => {
                self.session = Some(OpenSession {
                    number,
                    worker_number: session,
                    last_used: Instant::now(),
                });
                Ok(())
            }
            reply => Err(unexpected(&reply)),
        }
    }

    async fn sign(
        &mut self,
        number: u64,
        algorithm: SignAlgorithm,
        data: Vec<u8>,
        deadline: Duration,
    ) -> Result<Vec<u8>, TokenError> {
        let session = match &self.session {
            Some(session) if session.number == number => session.worker_number,
            Some(_) | None => return Err(TokenError::SessionLost),
        };
        let result = self
            .call(
                TokenCall::Sign {
                    session,
                    algorithm,
                    data,
                },
                deadline,
            )
            .await;
        if let Some(session) = &mut self.session {
            session.last_used = Instant::now();
        }
        match result? {
            TokenReply::Signature(signature) => Ok(signature),
            reply => Err(unexpected(&reply)),
        }
    }

    async fn release_session(&mut self) {
        if let Some(session) = self.session.take() {
            let call = TokenCall::Close {
                session: session.worker_number,
            };
            if let Err(error) = self.call(call, self.times.list).await {
                tracing::info!(%error, "session was not closed in order");
            }
        }
    }

    /// Looks up what is plugged in and tells the watchers what changed.
    async fn look(&mut self) {
        let mut failed = None;
        if !self.watching
            && let Ok(TokenReply::Watching(told)) =
                self.call(TokenCall::Watch, self.times.list).await
        {
            self.watching = told;
        }
        let present = match self.call(TokenCall::Presence, self.times.list).await {
            Ok(TokenReply::Presence(present)) => {
                self.backoff = 1;
                present
            }
            other => {
                failed = Some(match other {
                    Ok(reply) => unexpected(&reply),
                    Err(error) => error,
                });
                self.backoff = (self.backoff * 2).min(MAX_WATCH_BACKOFF);
                // After a restart of the card service a module stays broken until it is loaded
                // anew. A session cannot be alive in that state.
                self.session = None;
                self.end_worker().await;
                Vec::new()
            }
        };
        for watcher in &mut self.watchers {
            for change in changes(&watcher.told, &present) {
                ignore(watcher.events.send(change));
            }
            watcher.told.clone_from(&present);
            if !watcher.asked || watcher.failed != failed {
                watcher.asked = true;
                let news = match &failed {
                    Some(error) => TokenEvent::Failed(error.clone()),
                    None => TokenEvent::Healed,
                };
                ignore(watcher.events.send(news));
                watcher.failed.clone_from(&failed);
            }
        }
        let pause = if self.watching && self.settle == 0 {
            self.times.watch * TOLD_PAUSE
        } else {
            self.times.watch * self.backoff
        };
        self.settle = self.settle.saturating_sub(1);
        self.next_look = Instant::now() + pause;
    }

    /// One call with its deadline. A lost or late worker is ended, and its session with it; the
    /// call is never repeated, because it may have spent a try.
    async fn call(
        &mut self,
        call: TokenCall,
        deadline: Duration,
    ) -> Result<TokenReply, TokenError> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => {
                self.session = None;
                self.watching = false;
                Worker::start(&self.launch)
                    .await
                    .map_err(|loss| TokenError::WorkerLost { loss })?
            }
        };
        let error = match timeout(deadline, exchange(&mut worker, call)).await {
            Ok(Ok(result)) => {
                self.worker = Some(worker);
                return result;
            }
            Ok(Err(loss)) => TokenError::WorkerLost { loss },
            Err(_) => TokenError::TimedOut {
                seconds: deadline.as_secs(),
            },
        };
        worker.kill().await;
        self.session = None;
        self.watching = false;
        Err(error)
    }
}

/// What turns one picture into the other: what went, what came, what is changed.
fn changes(old: &[PresentToken], new: &[PresentToken]) -> Vec<TokenEvent> {
    let gone = old
        .iter()
        .filter(|token| !new.iter().any(|other| other.is_same(token)))
        .map(|token| TokenEvent::Removed(token.clone()));
    let came = new.iter().filter_map(
        |token| match old.iter().find(|other| other.is_same(token)) {
            None => Some(TokenEvent::Inserted(token.clone())),
            Some(same) if same != token => Some(TokenEvent::Updated(token.clone())),
            Some(_) => None,
        },
    );
    gone.chain(came).collect()
}

async fn exchange(
    worker: &mut Worker,
    call: TokenCall,
) -> Result<Result<TokenReply, TokenError>, Loss> {
    let id = worker.next_call();
    let message = ToToken { id, call };
    worker.send(&message).await?;
    // The PIN inside is wiped here, before the token works on it.
    drop(message);
    loop {
        let FromToken {
            id: answered,
            result,
        } = worker.receive().await?;
        if answered == id {
            return Ok(result);
        }
        // An event that came in between; the look that it asks for is never far away.
        if answered != UNASKED {
            return Err(Loss::Garbage);
        }
    }
}

/// Nobody waiting for an answer is no error.
fn ignore<T, E>(_sent: Result<T, E>) {}
