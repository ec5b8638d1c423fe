//! Drives the sync machine: feeds it what happened, does what it says, one session long.
//!
//! The machine decides, the store remembers, the server judges; this only carries between them.

mod effects;
mod transfer;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
    time::Duration,
};

use congvan_model::{DeviceId, Sha256, Timestamp};
use congvan_remote::RemoteClient;
use congvan_store::{Store, UrgentArrival};
use congvan_sync::{
    Answer, Effect, Event, Facts, Machine, Network, Now, Pending, PendingUpload, Ticket, Wanted,
};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    ChangeTag, DeskEvent, NetworkState, Notice, NoticeKind, SyncStatus, Transfer, clock::Clock,
    events::EventBus, session::Session,
};

/// Files looked at when deciding what to download next; the machine picks the best of them.
const WANTED_AT_ONCE: u32 = 500;

/// What a driver needs.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) remote: RemoteClient,
    pub(crate) device: DeviceId,
    pub(crate) events: EventBus,
    pub(crate) clock: Arc<Clock>,
    pub(crate) tracker: TaskTracker,
    pub(crate) cancel: CancellationToken,
}

enum Message {
    /// The person did something that is in the outbox.
    Acted,
    SyncNow,
    /// The person opened a file that is not here.
    Want(Sha256),
    Answered {
        ticket: Ticket,
        answer: Answer,
        store_changed: bool,
    },
    Progress {
        ticket: Ticket,
        done: u64,
        total: u64,
    },
}

/// The session's hold on its driver.
pub(crate) struct DriverHandle {
    sender: mpsc::UnboundedSender<Message>,
    shared: Arc<Shared>,
    status: watch::Receiver<congvan_sync::Status>,
    tasks: TaskTracker,
}

/// What the loop and its effects share.
struct Shared {
    parts: Parts,
    /// Set once the session exists; weak, because the session owns this.
    session: OnceLock<Weak<Session>>,
    transfers: Mutex<HashMap<Sha256, Transfer>>,
}

impl DriverHandle {
    pub(crate) fn attach(&self, session: Weak<Session>) {
        let _ = self.shared.session.set(session);
    }

    pub(crate) fn acted(&self) {
        let _ = self.sender.send(Message::Acted);
    }

    pub(crate) fn sync_now(&self) {
        let _ = self.sender.send(Message::SyncNow);
    }

    pub(crate) fn want(&self, sha256: Sha256) {
        let _ = self.sender.send(Message::Want(sha256));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.shared.parts.clock.now()
    }

    /// The network line.
    pub(crate) async fn status(&self) -> SyncStatus {
        let machine = self.status.borrow().clone();
        let store = self.shared.parts.store.clone();
        let (last_sync, counts) = tokio::task::spawn_blocking(move || {
            (
                store.synced_at().ok().flatten(),
                store.outbox_counts().unwrap_or_default(),
            )
        })
        .await
        .unwrap_or_default();
        let transfers = self
            .shared
            .transfers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        SyncStatus {
            network: if machine.needs_login {
                NetworkState::NeedsLogin
            } else {
                match machine.network {
                    Network::Connecting => NetworkState::Connecting,
                    Network::Online => NetworkState::Online,
                    Network::Busy => NetworkState::Busy,
                    Network::Offline => NetworkState::Offline,
                    Network::WrongNetwork => NetworkState::WrongNetwork,
                    Network::Untrusted => NetworkState::Untrusted,
                }
            },
            since: machine.since,
            last_sync,
            unsent: counts.0,
            needs_attention: counts.1,
            downloads_waiting: machine.downloads_waiting,
            syncing: machine.syncing,
            transfers: transfers.values().cloned().collect(),
        }
    }

    /// Ends the driver and waits until nothing of it touches the store any more.
    pub(crate) async fn stop(&self) {
        self.shared.parts.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Starts a driver; it runs until stopped.
pub(crate) fn start(parts: Parts) -> DriverHandle {
    let (sender, receiver) = mpsc::unbounded_channel();
    let machine = Machine::new();
    let (status_out, status) = watch::channel(machine.status());
    let tasks = TaskTracker::new();
    let tracker = parts.tracker.clone();
    let shared = Arc::new(Shared {
        parts,
        session: OnceLock::new(),
        transfers: Mutex::default(),
    });
    let running = Loop {
        machine,
        shared: shared.clone(),
        sender: sender.clone(),
        status: status_out,
        tasks: tasks.clone(),
        started: Instant::now(),
        flights: HashMap::new(),
    };
    tracker.spawn(tasks.track_future(running.run(receiver)));
    DriverHandle {
        sender,
        shared,
        status,
        tasks,
    }
}

struct Loop {
    machine: Machine,
    shared: Arc<Shared>,
    sender: mpsc::UnboundedSender<Message>,
    status: watch::Sender<congvan_sync::Status>,
    tasks: TaskTracker,
    started: Instant,
    flights: HashMap<Ticket, CancellationToken>,
}

impl Loop {
    async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) {
        let facts = self.facts().await.unwrap_or_default();
        self.step(Event::Started {
            logged_in: true,
            facts,
        });
        loop {
            let wake = self
                .machine
                .wake_at()
                .map(|at| self.started + Duration::from_millis(at));
            let tick = async {
                match wake {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let cancelled = self.shared.parts.cancel.clone();
            tokio::select! {
                () = cancelled.cancelled() => break,
                message = messages.recv() => match message {
                    Some(message) => self.take(message).await,
                    None => break,
                },
                () = tick => self.step(Event::Tick),
            }
        }
        for (_, cancel) in self.flights.drain() {
            cancel.cancel();
        }
    }

    async fn take(&mut self, message: Message) {
        match message {
            Message::Acted => {
                self.tell_facts().await;
            }
            Message::SyncNow => self.step(Event::SyncNow),
            Message::Want(sha256) => {
                let facts = self.facts().await.unwrap_or_default();
                let known = facts
                    .wanted
                    .iter()
                    .find(|wanted| wanted.sha256 == sha256)
                    .copied();
                self.step(Event::FileOpened(known.unwrap_or(Wanted {
                    sha256,
                    document: None,
                    size: 0,
                    urgent: false,
                    mine: true,
                })));
            }
            Message::Answered {
                ticket,
                answer,
                store_changed,
            } => {
                self.flights.remove(&ticket);
                if store_changed {
                    self.tell_facts().await;
                }
                self.step(Event::Answered { ticket, answer });
            }
            Message::Progress {
                ticket,
                done,
                total,
            } => self.step(Event::Progress {
                ticket,
                done,
                total,
            }),
        }
    }

    fn step(&mut self, event: Event) {
        let now = Now {
            mono_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall: self.shared.parts.clock.now(),
        };
        let effects = self.machine.step(event, now, &mut rand::rng());
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Probe { ticket } => self.launch(ticket, effects::probe(self.shared.clone())),
            Effect::Sync { ticket, send } => {
                self.launch(ticket, effects::round(self.shared.clone(), send));
            }
            Effect::Upload { ticket, sha256 } => {
                let told = self.teller(ticket);
                let cancel = CancellationToken::new();
                let work = transfer::upload(self.shared.clone(), sha256, told, cancel.clone());
                self.launch_cancellable(ticket, cancel, work);
            }
            Effect::Download { ticket, sha256 } => {
                let told = self.teller(ticket);
                let cancel = CancellationToken::new();
                let work = transfer::download(self.shared.clone(), sha256, told, cancel.clone());
                self.launch_cancellable(ticket, cancel, work);
            }
            Effect::Listen { ticket, .. } => self.launch(ticket, effects::listen()),
            Effect::CompareInventory { ticket, .. } => self.launch(ticket, effects::compare()),
            Effect::NewHistory { ticket } => {
                self.launch(ticket, effects::new_history(self.shared.clone()));
            }
            Effect::NewIncarnation { ticket } => self.launch(ticket, effects::new_incarnation()),
            Effect::Cancel { ticket } | Effect::Preempt { ticket } => {
                if let Some(cancel) = self.flights.remove(&ticket) {
                    cancel.cancel();
                }
            }
            Effect::DropConnections => self.shared.parts.remote.reset_connections(),
            Effect::NeedLogin => self.shared.parts.events.changed(&[ChangeTag::Session]),
            Effect::Status(status) => {
                self.status.send_replace(status);
                self.shared.parts.events.changed(&[ChangeTag::Sync]);
            }
        }
    }

    fn launch(
        &mut self,
        ticket: Ticket,
        work: impl Future<Output = (Answer, bool)> + Send + 'static,
    ) {
        self.launch_cancellable(ticket, CancellationToken::new(), work);
    }

    /// Runs an effect as a task of its own; its end comes back as a message.
    fn launch_cancellable(
        &mut self,
        ticket: Ticket,
        cancel: CancellationToken,
        work: impl Future<Output = (Answer, bool)> + Send + 'static,
    ) {
        self.flights.insert(ticket, cancel.clone());
        let (sender, stop) = (self.sender.clone(), self.shared.parts.cancel.clone());
        self.tasks.spawn(async move {
            let mut work = std::pin::pin!(work);
            let (answer, store_changed) = tokio::select! {
                done = &mut work => done,
                () = stop.cancelled() => {
                    // Let the effect put down its pen: what it has is made durable.
                    cancel.cancel();
                    tokio::time::timeout(Duration::from_secs(2), work).await.ok();
                    return;
                }
            };
            let _ = sender.send(Message::Answered {
                ticket,
                answer,
                store_changed,
            });
        });
    }

    fn teller(&self, ticket: Ticket) -> impl Fn(u64, u64) + Send + 'static {
        let sender = self.sender.clone();
        move |done, total| {
            let _ = sender.send(Message::Progress {
                ticket,
                done,
                total,
            });
        }
    }

    /// A store that cannot be read just now is no news: the machine keeps what it knew.
    async fn tell_facts(&mut self) {
        if let Some(facts) = self.facts().await {
            self.step(Event::Facts(facts));
        }
    }

    /// What the store knows and the machine must act on; none when it cannot be read.
    async fn facts(&self) -> Option<Facts> {
        let store = self.shared.parts.store.clone();
        let now = self.shared.parts.clock.now();
        let read = tokio::task::spawn_blocking(move || {
            let outbox = store.outbox_items()?;
            let wanted = store.wanted_blobs(WANTED_AT_ONCE, now)?;
            Ok::<_, congvan_store::StoreError>((outbox, wanted))
        })
        .await;
        let (outbox, wanted) = match read {
            Ok(Ok(read)) => read,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the store cannot be read");
                return None;
            }
            Err(error) => {
                tracing::error!(%error, "reading the store panicked");
                return None;
            }
        };
        Some(Facts {
            outbox: outbox
                .into_iter()
                .map(|item| Pending {
                    op: item.op,
                    local_seq: item.local_seq,
                    lane: item.lane,
                    urgent: item.urgency.at_once(),
                    not_before: item.not_before,
                    upload: item.upload.map(|need| PendingUpload {
                        sha256: need.sha256,
                        size: need.size - need.base.map_or(0, |(_, size)| size.min(need.size)),
                        done: need.done,
                    }),
                })
                .collect(),
            wanted: wanted
                .into_iter()
                .map(|blob| Wanted {
                    sha256: blob.sha256,
                    document: Some(blob.document),
                    size: blob.size,
                    urgent: blob.urgency.at_once(),
                    mine: blob.mine,
                })
                .collect(),
            // Until the store remembers it: no comparison is due.
            compared_at: Some(now),
            held_removals: 0,
        })
    }
}

impl Shared {
    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    fn moving(&self, transfer: Transfer) {
        self.transfers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(transfer.sha256, transfer);
        self.parts.events.changed(&[ChangeTag::Sync]);
    }

    fn stopped(&self, sha256: Sha256) {
        self.transfers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&sha256);
        self.parts.events.changed(&[ChangeTag::Sync]);
    }

    fn announce(&self, arrivals: Vec<UrgentArrival>) {
        for arrival in arrivals {
            self.parts.events.send(DeskEvent::Notify(Notice {
                document: arrival.id,
                kind: NoticeKind::UrgentDocument,
                title: arrival.notation.unwrap_or_else(|| arrival.subject.clone()),
                body: format!("{} – {}", arrival.issuer, arrival.subject),
            }));
        }
    }
}
