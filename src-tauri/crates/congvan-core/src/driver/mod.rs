//! Drives the sync machine: feeds it what happened, does what it says, one session long.
//!
//! The machine decides, the store remembers, the server judges; this only carries between them.

mod effects;
mod facts;
mod handle;
mod listen;
mod mend;
mod reminding;
mod transfer;
mod wishes;

pub(crate) use effects::check_receipts;
pub(crate) use handle::DriverHandle;
pub(crate) use mend::COMPARED_AT;
pub(crate) use wishes::PAUSED_DOCUMENTS;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak, atomic::AtomicU32},
    time::Duration,
};

use congvan_model::{DeviceId, Sha256, Timestamp};
use congvan_remote::{RemoteClient, RemoteError, UploadStop};
use congvan_store::{Store, UrgentArrival};
use congvan_sync::{Answer, Effect, Event, Machine, Now, Ticket, Wanted};
use jiff::civil::Date;
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    ChangeTag, DeskEvent, Notice, NoticeKind, NoticeTarget, Transfer, clock::Clock,
    events::EventBus, session::Session,
};
use facts::{Look, WantedFiles};
use wishes::Pacing;

/// The driver looks around this often even when nothing happens: hours of a schedule begin and end,
/// a pause runs out, and a machine that slept is found out.
const LOOK_AROUND: Duration = Duration::from_secs(20);

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

/// What an effect has changed in the store.
enum Changed {
    Nothing,
    /// How far acts are.
    Acts,
    /// This file is here now.
    File(Sha256),
    Everything,
}

enum Message {
    /// The person did something that is in the outbox.
    Acted,
    SyncNow,
    /// A person asks to compare this desk with the server.
    CompareNow,
    /// Something about the network may have changed.
    NetworkChanged,
    /// What people want of the traffic has changed in the store.
    WishesChanged,
    /// The person opened a file that is not here.
    Want(Sha256),
    HeadMoved {
        ticket: Ticket,
        head: u64,
    },
    Heartbeat(Ticket),
    Answered {
        ticket: Ticket,
        answer: Answer,
        changed: Changed,
    },
    Progress {
        ticket: Ticket,
        done: u64,
        total: u64,
    },
}

/// What the loop and its effects share.
struct Shared {
    parts: Parts,
    /// Set once the session exists; weak, because the session owns this.
    session: OnceLock<Weak<Session>>,
    transfers: Mutex<HashMap<Sha256, Transfer>>,
    /// Why the last probe failed; none when it did not.
    probe_fault: Mutex<Option<RemoteError>>,
    /// Files to be fetched besides those that the machine was told of.
    wanted_beyond: AtomicU32,
    /// The day on which deadlines of tasks were last looked at.
    reminded_on: Mutex<Option<Date>>,
    /// Where the server's directory of agencies ends, said by each round that left nothing waiting.
    directory: watch::Sender<Option<String>>,
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
        probe_fault: Mutex::default(),
        wanted_beyond: AtomicU32::default(),
        reminded_on: Mutex::default(),
        directory: watch::Sender::new(None),
    });
    let running = Loop {
        machine,
        shared: shared.clone(),
        sender: sender.clone(),
        status: status_out,
        tasks: tasks.clone(),
        started: Instant::now(),
        flights: HashMap::new(),
        wanted: WantedFiles::default(),
        pacing: Pacing::default(),
    };
    tracker.spawn(tasks.track_future(running.run(receiver)));
    DriverHandle::new(sender, shared, status, tasks)
}

struct Loop {
    machine: Machine,
    shared: Arc<Shared>,
    sender: mpsc::UnboundedSender<Message>,
    status: watch::Sender<congvan_sync::Status>,
    tasks: TaskTracker,
    started: Instant,
    flights: HashMap<Ticket, UploadStop>,
    wanted: WantedFiles,
    pacing: Pacing,
}

impl Loop {
    async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) {
        self.restore_clock().await;
        self.take_wishes().await;
        let facts = self.facts(Look::Everything).await.unwrap_or_default();
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
                () = tokio::time::sleep(LOOK_AROUND) => self.look_around(),
            }
        }
        for (_, flight) in self.flights.drain() {
            flight.now.cancel();
        }
    }

    async fn take(&mut self, message: Message) {
        match message {
            Message::Acted => self.tell_facts(Look::Acts).await,
            Message::SyncNow => self.step(Event::SyncNow),
            Message::CompareNow => self.step(Event::CompareNow),
            Message::NetworkChanged => self.step(Event::NetworkChanged),
            Message::WishesChanged => {
                self.take_wishes().await;
                self.tell_facts(Look::Everything).await;
            }
            Message::HeadMoved { ticket, head } => self.step(Event::HeadMoved { ticket, head }),
            Message::Heartbeat(ticket) => self.step(Event::Heartbeat { ticket }),
            Message::Want(sha256) => {
                let facts = self.facts(Look::Everything).await.unwrap_or_default();
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
                    due: None,
                })));
            }
            Message::Answered {
                ticket,
                answer,
                changed,
            } => {
                self.flights.remove(&ticket);
                match changed {
                    Changed::Nothing => {}
                    Changed::Acts => self.tell_facts(Look::Acts).await,
                    // The machine knows from the answer that it is here.
                    Changed::File(sha256) => self.wanted.came(sha256),
                    Changed::Everything => self.tell_facts(Look::Everything).await,
                }
                self.step(Event::Answered { ticket, answer });
                if self.wanted.runs_out() {
                    self.tell_facts(Look::Everything).await;
                }
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
        let shared = self.shared.clone();
        match effect {
            Effect::Probe { ticket } => self.launch(ticket, |_| effects::probe(shared)),
            Effect::Sync { ticket, send } => {
                self.launch(ticket, |_| effects::round(shared, send));
            }
            Effect::Upload {
                ticket,
                sha256,
                urgent,
            } => {
                let told = self.teller(ticket);
                let what = (sha256, urgent);
                self.launch(ticket, |stop| transfer::upload(shared, what, told, stop));
            }
            Effect::Download {
                ticket,
                sha256,
                urgent,
            } => {
                let told = self.teller(ticket);
                let wanted = transfer::Wanted {
                    sha256,
                    size: self.wanted.size(&sha256),
                    urgent,
                };
                self.launch(ticket, |stop| {
                    transfer::download(shared, wanted, told, stop.now)
                });
            }
            Effect::Listen { ticket, how } => {
                let told = self.sender.clone();
                let told = move |event| {
                    let _ = told.send(listen::message(ticket, event));
                };
                self.launch(ticket, |stop| listen::listen(shared, how, told, stop.now));
            }
            Effect::CompareInventory { ticket, why } => {
                self.launch(ticket, |stop| mend::compare(shared, why, stop.now));
            }
            Effect::NewHistory { ticket } => self.launch(ticket, |_| mend::new_history(shared)),
            Effect::NewIncarnation { ticket } => {
                self.launch(ticket, |_| mend::new_incarnation(shared));
            }
            Effect::Preempt { ticket } => {
                if let Some(flight) = self.flights.get(&ticket) {
                    flight.at_border.cancel();
                }
            }
            Effect::Cancel { ticket } => {
                if let Some(flight) = self.flights.remove(&ticket) {
                    flight.now.cancel();
                }
            }
            Effect::DropConnections => shared.parts.remote.reset_connections(),
            Effect::NeedLogin => shared.parts.events.changed(&[ChangeTag::Session]),
            Effect::Status(status) => {
                self.status.send_replace(status);
                shared.parts.events.changed(&[ChangeTag::Sync]);
            }
        }
    }

    /// Runs an effect as a task of its own; its end comes back as a message.
    fn launch<W>(&mut self, ticket: Ticket, work: impl FnOnce(UploadStop) -> W)
    where
        W: Future<Output = (Answer, Changed)> + Send + 'static,
    {
        let flight = UploadStop::default();
        self.flights.insert(ticket, flight.clone());
        let work = work(flight.clone());
        let (sender, stop) = (self.sender.clone(), self.shared.parts.cancel.clone());
        self.tasks.spawn(async move {
            let mut work = std::pin::pin!(work);
            let (answer, changed) = tokio::select! {
                done = &mut work => done,
                () = stop.cancelled() => {
                    // Let the effect put down its pen: what it has is made durable.
                    flight.now.cancel();
                    tokio::time::timeout(Duration::from_secs(2), work).await.ok();
                    return;
                }
            };
            let _ = sender.send(Message::Answered {
                ticket,
                answer,
                changed,
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
}

impl Shared {
    /// A file is here, whose words are to be found.
    fn to_be_read(&self) {
        if let Some(session) = self.session.get().and_then(Weak::upgrade) {
            session.intake.letters.notify_one();
        }
    }

    /// What receipts are signed with, as far as the server has said.
    fn receipt_key(&self) -> Option<String> {
        let session = self.session.get().and_then(Weak::upgrade)?;
        session.info().map(|info| info.receipt_key.clone())
    }

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
                opens: NoticeTarget::Document(arrival.id),
                kind: NoticeKind::UrgentDocument,
                title: arrival.notation.unwrap_or_else(|| arrival.subject.clone()),
                body: format!("{} – {}", arrival.issuer, arrival.subject),
            }));
        }
    }
}
