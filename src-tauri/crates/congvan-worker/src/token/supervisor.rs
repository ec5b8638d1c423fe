//! The thread that owns one module's worker: its queue, and what is let go when nobody calls.

mod calls;
mod watch;

use std::time::Duration;

use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use super::{SignAlgorithm, TokenError, TokenEvent, slept::Slept};
use crate::{
    Loss, Sandbox,
    process::{Launch, News, Worker},
    wire::{TokenCall, TokenReply},
};
use watch::Watcher;

type Answer<T> = oneshot::Sender<Result<T, TokenError>>;

/// A session that was used so recently is in the middle of a batch.
const SIGNING: Duration = Duration::from_secs(1);

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

struct Supervisor {
    launch: Launch,
    times: Times,
    worker: Option<Worker>,
    session: Option<OpenSession>,
    watchers: Vec<Watcher>,
    next_look: Instant,
    backoff: u32,
    /// The worker tells of every coming and going by itself.
    watching: bool,
    /// So many more looks in quick succession.
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
            let next = tokio::select! {
                // What a person waits for goes first.
                biased;
                job = jobs.recv() => job.map_or(Next::End, Next::Job),
                news = news_of(&mut self.worker) => Next::News(news),
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
        self.watchers.retain(|watcher| !watcher.is_gone());
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
                self.watchers.push(Watcher::new(events));
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
}

/// Nobody waiting for an answer is no error.
fn ignore<T, E>(_sent: Result<T, E>) {}
