//! A world for the machine: a server that keeps its promises, a line that keeps none, a store that
//! survives restarts, people who do things.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::Load;
use congvan_sync::{
    Answer, Effect, Event, Facts, Failure, Healthy, Machine, Now, Pending, PendingUpload, Round,
    Ticket, Wanted,
};
use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};
use uuid::Uuid;

/// What an entity looks like: its revision and the blob it needs.
type Entity = (u64, u8);

#[derive(Clone)]
struct Intent {
    op: OpId,
    seq: u64,
    lane: u8,
    upload: Option<u8>,
    poisoned: bool,
}

/// The desk's durable side: what `congvan-store` does, in memory.
#[derive(Default)]
struct Desk {
    outbox: Vec<(Intent, i64)>,
    uploaded: BTreeSet<u8>,
    settled: BTreeMap<OpId, u32>,
    cursor: u64,
    mirror: BTreeMap<u8, Entity>,
    blobs: BTreeSet<u8>,
    next_seq: u64,
}

#[derive(Default)]
struct Server {
    /// Latest-state feed: entity to its sequence and state; none is a tombstone.
    feed: BTreeMap<u8, (u64, Option<Entity>)>,
    head: u64,
    applied: BTreeMap<OpId, bool>,
    /// How often each op took effect: must end as one.
    effects: BTreeMap<OpId, u32>,
    lanes: BTreeMap<u8, Vec<u64>>,
    blobs: BTreeSet<u8>,
}

#[derive(Clone)]
enum Reply {
    Probe(Result<Healthy, Failure>),
    Page {
        sent: u64,
        changes: Vec<(u8, Option<Entity>)>,
        cursor: u64,
        settled: Vec<OpId>,
        blocked: Vec<u8>,
        deferred: Vec<OpId>,
        more: bool,
    },
    Uploaded(u8, Result<(), Failure>),
    Downloaded(u8, Result<(), Failure>),
    Failed(Failure),
}

enum Later {
    /// A request reaches the server.
    Arrive(Ticket, Effect, u32),
    /// Its answer, or the client's time-out, reaches the desk.
    Answer(Ticket, Reply, u32),
    Login,
    LineUp,
}

pub(crate) struct World {
    pub(crate) rng: SmallRng,
    pub(crate) trace: Vec<String>,
    machine: Machine,
    now: Now,
    desk: Desk,
    server: Server,
    queue: Vec<(u64, u64, Later)>,
    next_event: u64,
    line_up: bool,
    chaos: bool,
    session: bool,
    /// The desk has a refresh token, good or not.
    token: bool,
    /// Rises at each restart: answers to an earlier life are lost with it.
    life: u32,
    kinds: BTreeMap<Ticket, &'static str>,
    pub(crate) requests: u64,
    poisoned_lanes: BTreeSet<u8>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut world = Self {
            rng: SmallRng::seed_from_u64(seed),
            trace: Vec::new(),
            machine: Machine::new(),
            now: Now {
                mono_ms: 10_000,
                wall: Timestamp(1_795_224_600_000),
            },
            desk: Desk::default(),
            server: Server::default(),
            queue: Vec::new(),
            next_event: 0,
            line_up: true,
            chaos: true,
            session: true,
            token: true,
            life: 0,
            kinds: BTreeMap::new(),
            requests: 0,
            poisoned_lanes: BTreeSet::new(),
        };
        for entity in 0..world.rng.random_range(0..12) {
            world.server_change(entity, false);
        }
        world.start();
        world
    }

    fn say(&mut self, line: String) {
        self.trace.push(format!("{:>9} {line}", self.now.mono_ms));
    }

    fn start(&mut self) {
        self.machine = Machine::new();
        self.kinds.clear();
        let facts = self.facts();
        let wait = self.rng.random_range(1_000..60_000);
        if !self.token {
            self.later(wait, Later::Login);
        }
        self.feed(Event::Started {
            logged_in: self.token,
            facts,
        });
    }

    fn facts(&self) -> Facts {
        let outbox = self.desk.outbox.iter().map(|(intent, not_before)| Pending {
            op: intent.op,
            local_seq: intent.seq,
            lane: DocumentId(Uuid::from_u128(u128::from(intent.lane))),
            urgent: intent.lane.is_multiple_of(5),
            not_before: Timestamp(*not_before),
            upload: intent.upload.map(|blob| PendingUpload {
                sha256: hash(blob),
                size: 1_000,
                done: self.desk.uploaded.contains(&blob),
            }),
        });
        let wanted = self
            .desk
            .mirror
            .values()
            .filter(|(_, blob)| !self.desk.blobs.contains(blob));
        Facts {
            outbox: outbox.collect(),
            wanted: wanted
                .map(|(_, blob)| Wanted {
                    sha256: hash(*blob),
                    document: None,
                    size: u64::from(*blob) * 1_000,
                    urgent: blob.is_multiple_of(3),
                    mine: blob.is_multiple_of(2),
                })
                .collect(),
            compared_at: Some(self.now.wall),
            held_removals: 0,
        }
    }

    fn feed(&mut self, event: Event) {
        let was_up = self.machine.status();
        let effects = self.machine.step(event, self.now, &mut self.rng);
        let _ = was_up;
        let mut started = 0;
        for effect in effects {
            started += u32::from(!matches!(effect, Effect::Status(_) | Effect::Cancel { .. }));
            self.perform(effect);
        }
        assert!(started <= 8, "one step starts {started} things");
        self.check_limits();
    }

    fn perform(&mut self, effect: Effect) {
        let ticket = match &effect {
            Effect::Status(_) | Effect::DropConnections | Effect::Preempt { .. } => return,
            Effect::Listen { ticket, .. } => {
                let (ticket, life) = (*ticket, self.life);
                self.kinds.insert(ticket, "listen");
                return self.later(
                    1,
                    Later::Answer(ticket, Reply::Failed(Failure::Refused), life),
                );
            }
            Effect::CompareInventory { ticket, .. } => {
                let (ticket, life) = (*ticket, self.life);
                self.kinds.insert(ticket, "compare");
                return self.later(
                    1,
                    Later::Answer(ticket, Reply::Failed(Failure::Refused), life),
                );
            }
            Effect::NewHistory { .. } | Effect::NewIncarnation { .. } => unreachable!("not here"),
            Effect::NeedLogin => {
                self.say("login needed".to_owned());
                self.token = false;
                let wait = self.rng.random_range(1_000..60_000);
                return self.later(wait, Later::Login);
            }
            Effect::Cancel { ticket } => {
                self.kinds.remove(ticket);
                return;
            }
            Effect::Probe { ticket } => (*ticket, "probe"),
            Effect::Sync { ticket, .. } => (*ticket, "sync"),
            Effect::Upload { ticket, .. } => (*ticket, "upload"),
            Effect::Download { ticket, .. } => (*ticket, "download"),
        };
        self.requests += 1;
        self.say(format!("-> {effect:?}"));
        let (ticket, kind) = ticket;
        if kind != "probe" {
            let status = self.machine.status();
            assert!(
                status.network.is_up() && !status.needs_login,
                "{kind} while {status:?}"
            );
        }
        self.kinds.insert(ticket, kind);
        let life = self.life;
        if !self.line_up || self.chance(12) {
            let wait = self.rng.random_range(10..30_000);
            return self.later(
                wait,
                Later::Answer(ticket, Reply::Failed(Failure::Unreachable), life),
            );
        }
        let wait = self.latency();
        if self.chance(6) {
            let again = wait + self.latency();
            self.later(again, Later::Arrive(ticket, effect.clone(), life));
        }
        self.later(wait, Later::Arrive(ticket, effect, life));
    }

    fn check_limits(&self) {
        let count = |wanted: &str| self.kinds.values().filter(|kind| **kind == wanted).count();
        assert!(count("sync") <= 1, "rounds under way: {}", count("sync"));
        assert!(count("probe") <= 1);
        assert!(count("upload") <= 1);
        assert!(count("download") <= 2);
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.chaos && self.rng.random_range(0..100) < percent
    }

    fn latency(&mut self) -> u64 {
        if self.chance(10) {
            self.rng.random_range(2_000..40_000)
        } else {
            self.rng.random_range(5..800)
        }
    }

    fn later(&mut self, wait: u64, what: Later) {
        self.next_event += 1;
        self.queue
            .push((self.now.mono_ms + wait, self.next_event, what));
    }

    /// Lets the next thing happen: a delivery or the machine's own wake. False when there is
    /// nothing before `limit`.
    pub(crate) fn advance(&mut self, limit: u64) -> bool {
        let next = self.queue.iter().map(|(at, order, _)| (*at, *order)).min();
        let wake = self.machine.wake_at().unwrap_or(u64::MAX);
        let at = next.map_or(wake, |(at, _)| at.min(wake));
        if at > limit {
            self.jump_to(limit);
            return false;
        }
        self.jump_to(at);
        let due = next.filter(|(due, _)| *due <= at);
        let Some((_, order)) = due else {
            self.feed(Event::Tick);
            return true;
        };
        let index = self.queue.iter().position(|(_, found, _)| *found == order);
        let (_, _, what) = self.queue.remove(index.expect("it is there"));
        self.happen(what);
        true
    }

    fn jump_to(&mut self, at: u64) {
        let step = at.saturating_sub(self.now.mono_ms);
        self.now.mono_ms += step;
        self.now.wall = self.now.wall.plus_ms(i64::try_from(step).expect("small"));
    }

    fn happen(&mut self, what: Later) {
        match what {
            Later::Arrive(ticket, effect, life) => {
                let reply = self.serve(&effect);
                if self.chance(10) {
                    // Done at the server, and the desk never hears of it.
                    self.say(format!("answer lost {ticket:?}"));
                    let failed = Reply::Failed(Failure::Unreachable);
                    return self.later(20_000, Later::Answer(ticket, failed, life));
                }
                let wait = self.latency();
                if self.chance(5) {
                    let again = wait + self.latency();
                    self.later(again, Later::Answer(ticket, reply.clone(), life));
                }
                self.later(wait, Later::Answer(ticket, reply, life));
            }
            Later::Answer(ticket, reply, life) => {
                if life == self.life {
                    self.receive(ticket, reply);
                }
            }
            Later::Login => {
                self.session = true;
                self.token = true;
                self.say("logged in".to_owned());
                self.feed(Event::LoggedIn);
            }
            Later::LineUp => {
                self.line_up = true;
                self.say("line up".to_owned());
            }
        }
    }

    fn serve(&mut self, effect: &Effect) -> Reply {
        if self.chance(4) {
            let floor = self.rng.random_range(1..20);
            return Reply::Failed(Failure::Busy {
                retry_after_s: Some(floor),
            });
        }
        if let Effect::Probe { .. } = effect {
            if self.chance(5) {
                return Reply::Probe(Err(Failure::WrongNetwork));
            }
            return Reply::Probe(Ok(Healthy {
                load: Load::Calm,
                reconnect_window_s: 20,
            }));
        }
        if !self.session {
            return Reply::Failed(Failure::LoginNeeded);
        }
        match effect {
            Effect::Sync { send, .. } => self.serve_sync(send),
            Effect::Upload { sha256, .. } => {
                let blob = number(*sha256);
                // Blobs from 200 on are poisoned: the server will never take them.
                if blob >= 200 {
                    return Reply::Uploaded(blob, Err(Failure::Refused));
                }
                self.server.blobs.insert(blob);
                Reply::Uploaded(blob, Ok(()))
            }
            Effect::Download { sha256, .. } => Reply::Downloaded(number(*sha256), Ok(())),
            Effect::Probe { .. }
            | Effect::Listen { .. }
            | Effect::CompareInventory { .. }
            | Effect::NewHistory { .. }
            | Effect::NewIncarnation { .. }
            | Effect::Preempt { .. }
            | Effect::Cancel { .. }
            | Effect::DropConnections
            | Effect::NeedLogin
            | Effect::Status(_) => unreachable!("not a request"),
        }
    }

    // The request was built by the store when it was sent; here it is built on arrival, from the
    // desk of that moment, which differs only in what has been settled since.
    fn serve_sync(&mut self, send: &[OpId]) -> Reply {
        let (mut settled, mut blocked, mut deferred) = (Vec::new(), Vec::new(), Vec::new());
        let mut stuck = BTreeSet::new();
        let outbox: Vec<Intent> = self
            .desk
            .outbox
            .iter()
            .map(|(intent, _)| intent.clone())
            .collect();
        for intent in outbox.iter().filter(|intent| send.contains(&intent.op)) {
            if stuck.contains(&intent.lane) || (self.chance(5)) {
                stuck.insert(intent.lane);
                deferred.push(intent.op);
                continue;
            }
            if self.server.applied.contains_key(&intent.op) {
                settled.push(intent.op);
                continue;
            }
            if let Some(blob) = intent.upload
                && !self.server.blobs.contains(&blob)
            {
                stuck.insert(intent.lane);
                blocked.push(blob);
                continue;
            }
            self.server.applied.insert(intent.op, intent.poisoned);
            *self.server.effects.entry(intent.op).or_default() += 1;
            self.server
                .lanes
                .entry(intent.lane)
                .or_default()
                .push(intent.seq);
            settled.push(intent.op);
            self.server_change(intent.lane, false);
        }
        let sent = self.desk.cursor;
        let mut changes: Vec<(u64, u8, Option<Entity>)> = self
            .server
            .feed
            .iter()
            .filter(|(_, (seq, _))| *seq > sent)
            .map(|(entity, (seq, state))| (*seq, *entity, *state))
            .collect();
        changes.sort_unstable();
        let more = changes.len() > 4;
        changes.truncate(4);
        let cursor = changes.last().map_or(self.server.head, |change| change.0);
        Reply::Page {
            sent,
            changes: changes
                .into_iter()
                .map(|(_, entity, state)| (entity, state))
                .collect(),
            cursor,
            settled,
            blocked,
            deferred,
            more,
        }
    }

    fn server_change(&mut self, entity: u8, removed: bool) {
        self.server.head += 1;
        let head = self.server.head;
        let blob = entity * 3 + u8::try_from(head % 3).expect("small");
        let state = (!removed).then_some((head, blob));
        self.server.feed.insert(entity, (head, state));
    }

    fn receive(&mut self, ticket: Ticket, reply: Reply) {
        // A cancelled transfer's task is gone; a round's page may still be applied by a task that
        // was too far: the store's cursor check is what protects.
        let known = self.kinds.remove(&ticket);
        let answer = match reply {
            Reply::Probe(result) => Answer::Probe(result),
            Reply::Page {
                sent,
                changes,
                cursor,
                settled,
                blocked,
                deferred,
                more,
            } => {
                for op in settled {
                    if self.desk.outbox.iter().any(|(intent, _)| intent.op == op) {
                        *self.desk.settled.entry(op).or_default() += 1;
                        self.desk.outbox.retain(|(intent, _)| intent.op != op);
                    }
                }
                for blob in blocked {
                    self.desk.uploaded.remove(&blob);
                }
                let later = self.now.wall.plus_ms(1_000).0;
                for (intent, not_before) in &mut self.desk.outbox {
                    if deferred.contains(&intent.op) {
                        *not_before = later;
                    }
                }
                if sent == self.desk.cursor {
                    for (entity, state) in changes {
                        match state {
                            Some(state) => self.desk.mirror.insert(entity, state),
                            None => self.desk.mirror.remove(&entity),
                        };
                    }
                    self.desk.cursor = cursor;
                }
                let facts = self.facts();
                self.feed(Event::Facts(facts));
                Answer::Sync(Ok(Round {
                    more,
                    next_poll_s: 30,
                    load: Load::Calm,
                }))
            }
            Reply::Uploaded(blob, result) => {
                if result.is_ok() {
                    self.desk.uploaded.insert(blob);
                }
                Answer::Upload(result)
            }
            Reply::Downloaded(blob, result) => {
                if result.is_ok() {
                    self.desk.blobs.insert(blob);
                }
                Answer::Download(result)
            }
            Reply::Failed(failure) => match known {
                Some("probe") => Answer::Probe(Err(failure)),
                Some("listen") => Answer::Listen(Err(failure)),
                Some("compare") => Answer::Inventory(Err(failure)),
                Some("sync") => Answer::Sync(Err(failure)),
                Some("upload") => Answer::Upload(Err(failure)),
                _ => Answer::Download(Err(failure)),
            },
        };
        self.feed(Event::Answered { ticket, answer });
    }

    /// Something that people, the machine or the weather do.
    pub(crate) fn disturb(&mut self) {
        match self.rng.random_range(0..100) {
            0..30 => self.act(),
            30..50 => {
                let entity = self.rng.random_range(0..20);
                let removed = self.rng.random_range(0..5) == 0;
                self.server_change(entity, removed);
            }
            50..58 => {
                self.line_up = false;
                self.say("line down".to_owned());
                let wait = self.rng.random_range(1_000..600_000);
                self.later(wait, Later::LineUp);
            }
            58..64 => {
                self.say("restart".to_owned());
                self.life += 1;
                self.start();
            }
            64..70 => {
                let asleep = self.rng.random_range(60_000..3_600_000);
                self.say(format!("sleep {asleep}"));
                self.now.wall = self.now.wall.plus_ms(asleep);
                self.feed(Event::Tick);
            }
            70..74 => {
                let shift = self.rng.random_range(-172_800_000..172_800_000);
                self.say(format!("clock {shift}"));
                self.now.wall = self.now.wall.plus_ms(shift);
                self.feed(Event::Tick);
            }
            74..78 => {
                self.session = false;
                self.say("session ends at the server".to_owned());
            }
            78..86 => self.feed(Event::SyncNow),
            86..90 => self.feed(Event::NetworkChanged),
            90..95 => self.feed(Event::SyncNow),
            _ => {
                if let Some(wanted) = self.facts().wanted.first().copied() {
                    self.feed(Event::FileOpened(wanted));
                }
            }
        }
    }

    fn act(&mut self) {
        self.desk.next_seq += 1;
        let seq = self.desk.next_seq;
        let lane = self.rng.random_range(0..20);
        let upload = match self.rng.random_range(0..10) {
            0..3 => Some(100 + u8::try_from(seq % 100).expect("small")),
            3 if seq.is_multiple_of(7) => {
                self.poisoned_lanes.insert(lane);
                Some(200 + u8::try_from(seq % 50).expect("small"))
            }
            _ => None,
        };
        let intent = Intent {
            op: OpId(Uuid::from_u128(u128::from(seq))),
            seq,
            lane,
            upload,
            poisoned: self.rng.random_range(0..20) == 0,
        };
        self.say(format!("act {seq} lane {lane} upload {upload:?}"));
        self.desk.outbox.push((intent, 0));
        let facts = self.facts();
        self.feed(Event::Facts(facts));
    }

    /// No more trouble from outside; what is wrong must now heal by itself.
    pub(crate) fn calm(&mut self) {
        self.chaos = false;
        self.line_up = true;
        self.say("calm".to_owned());
    }

    pub(crate) fn time(&self) -> u64 {
        self.now.mono_ms
    }

    /// What is still not as it should be; none when desk and server agree.
    pub(crate) fn difference(&self) -> Option<String> {
        for (intent, _) in &self.desk.outbox {
            if !self.poisoned_lanes.contains(&intent.lane) {
                return Some(format!("act {} never settled", intent.seq));
            }
        }
        let truth: BTreeMap<u8, Entity> = self
            .server
            .feed
            .iter()
            .filter_map(|(entity, (_, state))| state.map(|state| (*entity, state)))
            .collect();
        if truth != self.desk.mirror {
            return Some("the mirror differs".to_owned());
        }
        let missing = truth
            .values()
            .find(|(_, blob)| !self.desk.blobs.contains(blob));
        missing.map(|(_, blob)| format!("blob {blob} never came"))
    }

    /// What must hold however bad the weather was.
    pub(crate) fn check_history(&self) {
        for (op, times) in &self.server.effects {
            assert_eq!(*times, 1, "{op} took effect {times} times");
        }
        for (op, times) in &self.desk.settled {
            assert_eq!(*times, 1, "{op} was settled {times} times");
            assert!(self.server.applied.contains_key(op));
        }
        for (lane, seqs) in &self.server.lanes {
            assert!(seqs.is_sorted(), "lane {lane} out of order: {seqs:?}");
        }
        let unsent = self.desk.outbox.len() as u64;
        assert_eq!(
            unsent + self.desk.settled.len() as u64,
            self.desk.next_seq,
            "an act is lost"
        );
    }
}

fn hash(blob: u8) -> Sha256 {
    Sha256([blob; 32])
}

fn number(sha256: Sha256) -> u8 {
    sha256.0[0]
}
