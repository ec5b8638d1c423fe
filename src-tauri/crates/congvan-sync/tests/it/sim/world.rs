//! Three desks, one server, and lines that keep no promise; all from one seed.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::Timestamp;
use congvan_protocol::{Lease, Load};
use congvan_sync::{
    Answer, Effect, Event, Failure, Listen, Machine, Mutant, Now, Status, Ticket, Wishes,
};
use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};

use super::{
    desk::Desk,
    ledger::Ledger,
    mistake::Mistake,
    server::{Blob, Change, Cursor, Doc, Page, Request, Server},
};

/// What goes wrong in a world besides the weather: not everything together, because some of it
/// takes away the ground on which the other is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Numbers: leases, returns, breaks.
    Books,
    /// The server is restored from backups.
    Rollback,
    /// Desks are restored from images and copied; numbers too.
    Images,
    /// Rows vanish from the mirror, as by a mistake of an older version.
    Holes,
}

impl Flavour {
    pub(crate) fn of(seed: u64) -> Self {
        match seed % 4 {
            0 => Self::Books,
            1 => Self::Rollback,
            2 => Self::Images,
            _ => Self::Holes,
        }
    }
}

/// What is built in on purpose.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Broken {
    pub(crate) machine: Option<Mutant>,
    pub(crate) world: Option<Mistake>,
}

pub(crate) struct Seat {
    pub(crate) machine: Machine,
    pub(crate) desk: Desk,
    pub(super) line_up: bool,
    /// The server's view: the session is good.
    pub(super) session: bool,
    /// Connections died in a sleep and nobody dropped them.
    pub(super) dead: bool,
    /// Rises with each restart: answers to an earlier life are lost with it.
    pub(super) life: u32,
    pub(super) kinds: BTreeMap<Ticket, &'static str>,
    pub(super) stream: Option<Ticket>,
    /// How this network treats streams: passes, holds back, refuses.
    pub(super) streams: u8,
    pub(crate) status: Option<Status>,
    pub(super) image: Option<Desk>,
    /// The last page it was sent: what hung somewhere when the server died comes late.
    pub(super) last_page: Option<Reply>,
    /// This machine's clock runs ahead by so much, ms.
    pub(super) shift: i64,
}

#[derive(Clone)]
pub(super) enum Asked {
    Effect(Effect),
    Sync(Request),
    Inventory(BTreeMap<Doc, u64>, u64, Option<Cursor>),
    Lease,
    Return { fence: u64, used_hi: u32 },
}

#[derive(Clone)]
pub(super) enum Reply {
    Answer(Answer),
    Page(Request, Box<Page>),
    Uploaded(Blob, Result<(), Failure>),
    Downloaded(Blob, Result<bool, Failure>),
    Bodies(Vec<Change>, u32, (u64, Option<Cursor>)),
    Leased(Lease),
    Returned(u64),
    Failed(Failure),
    NewHistory,
    NewIncarnation,
}

pub(super) enum Later {
    Arrive(usize, Option<Ticket>, Asked, u32),
    Answer(usize, Option<Ticket>, Reply, u32),
    Beat(usize, Ticket, u32),
    Head(usize, Ticket, u64, u32),
    Login(usize),
    LineUp(usize),
    DiskFree(usize),
    Load(Load),
}

pub(crate) struct World {
    pub(crate) rng: SmallRng,
    pub(crate) trace: Vec<String>,
    pub(crate) now: Now,
    pub(crate) seats: Vec<Seat>,
    pub(crate) server: Server,
    pub(crate) ledger: Ledger,
    pub(super) flavour: Flavour,
    pub(super) broken: Broken,
    pub(super) queue: Vec<(u64, u64, Later)>,
    pub(super) next_event: u64,
    pub(super) chaos: bool,
    pub(super) load: Load,
    pub(super) backup: Option<Server>,
    pub(super) incarnations: u32,
    pub(super) epochs: u32,
    pub(super) next_op: u64,
    pub(super) next_blob: Blob,
    pub(super) next_paper: Doc,
    pub(crate) requests: u64,
    pub(crate) diverged: u32,
    pub(crate) poisoned: BTreeSet<(usize, Doc)>,
    pub(crate) stalls: u32,
}

impl World {
    pub(crate) fn new(seed: u64, broken: Broken) -> Self {
        let rng = SmallRng::seed_from_u64(seed);
        let flavour = Flavour::of(seed);
        let seat = |device: u8, account: u8| Seat {
            machine: Machine::new(),
            desk: Desk::new(device, account, broken.world),
            line_up: true,
            session: true,
            dead: false,
            life: 0,
            kinds: BTreeMap::new(),
            stream: None,
            streams: 0,
            status: None,
            image: None,
            last_page: None,
            shift: 0,
        };
        let mut world = Self {
            rng,
            trace: Vec::new(),
            now: Now {
                mono_ms: 10_000,
                wall: Timestamp(1_795_224_600_000),
            },
            seats: vec![seat(0, 0), seat(1, 0), seat(2, 1)],
            server: Server::new(broken.world),
            ledger: Ledger::default(),
            flavour,
            broken,
            queue: Vec::new(),
            next_event: 0,
            chaos: true,
            load: Load::Calm,
            backup: None,
            incarnations: 1,
            epochs: 1,
            next_op: 0,
            next_blob: 1,
            next_paper: 100,
            requests: 0,
            diverged: 0,
            poisoned: BTreeSet::new(),
            stalls: 0,
        };
        for doc in 0..world.rng.random_range(3..25) {
            world.somebody_changes(doc);
        }
        for seat in 0..3 {
            world.seats[seat].streams = world.rng.random_range(0..3);
            world.start(seat);
        }
        world
    }

    pub(crate) fn say(&mut self, line: impl FnOnce() -> String) {
        let line = line();
        self.trace.push(format!("{:>9} {line}", self.now.mono_ms));
    }

    pub(super) fn start(&mut self, seat: usize) {
        self.stalls += self.seats[seat].machine.status().stalls;
        self.seats[seat].machine = match self.broken.machine {
            Some(mutant) => Machine::with_mutant(mutant),
            None => Machine::new(),
        };
        let it = &mut self.seats[seat];
        it.life += 1;
        it.kinds.clear();
        it.stream = None;
        it.dead = false;
        let logged_in = it.desk.token;
        let facts = it.desk.facts();
        if !logged_in {
            let wait = self.rng.random_range(1_000..60_000);
            self.later(wait, Later::Login(seat));
        }
        self.feed(seat, Event::Started { logged_in, facts });
    }

    pub(crate) fn feed(&mut self, seat: usize, event: Event) {
        let now = Now {
            wall: self.wall(seat),
            ..self.now
        };
        if !matches!(
            event,
            Event::Facts(_) | Event::Tick | Event::Heartbeat { .. }
        ) {
            self.say(|| format!("{seat} <- {event:?}"));
        }
        let it = &mut self.seats[seat];
        let effects = it.machine.step(event, now, &mut self.rng);
        let starts = effects
            .iter()
            .filter(|it| !matches!(it, Effect::Status(_) | Effect::Cancel { .. }));
        assert!(starts.count() <= 40, "one step starts too much");
        for effect in effects {
            self.perform(seat, effect);
        }
        let kinds = &self.seats[seat].kinds;
        let count = |wanted: &str| kinds.values().filter(|kind| **kind == wanted).count();
        for kind in ["sync", "probe", "upload", "listen", "compare"] {
            assert!(count(kind) <= 1, "{} times {kind} under way", count(kind));
        }
        // Two, or thirty-two small ones: which of the two is a rule's test.
        assert!(count("download") <= 32);
    }

    pub(super) fn wall(&self, seat: usize) -> Timestamp {
        self.now.wall.plus_ms(self.seats[seat].shift)
    }

    pub(super) fn facts(&mut self, seat: usize) {
        let facts = self.seats[seat].desk.facts();
        self.feed(seat, Event::Facts(facts));
    }

    pub(super) fn perform(&mut self, seat: usize, effect: Effect) {
        let life = self.seats[seat].life;
        let (ticket, kind, asked) = match &effect {
            Effect::Status(status) => {
                self.seats[seat].status = Some(status.clone());
                return;
            }
            Effect::DropConnections => {
                self.seats[seat].dead = false;
                return;
            }
            Effect::NeedLogin => {
                self.say(|| format!("{seat} login needed"));
                self.seats[seat].desk.token = false;
                if self.broken.world == Some(Mistake::DropsOn401) {
                    self.seats[seat].desk.outbox.clear();
                }
                let wait = self.rng.random_range(1_000..60_000);
                return self.later(wait, Later::Login(seat));
            }
            Effect::Cancel { ticket } => {
                let it = &mut self.seats[seat];
                it.kinds.remove(ticket);
                it.stream = it.stream.filter(|stream| stream != ticket);
                return;
            }
            Effect::Preempt { ticket } => {
                let wait = self.rng.random_range(1..8_000);
                let reply = Reply::Answer(Answer::Upload(Err(Failure::Cancelled)));
                return self.later(wait, Later::Answer(seat, Some(*ticket), reply, life));
            }
            Effect::NewHistory { ticket } | Effect::NewIncarnation { ticket } => {
                let reply = match &effect {
                    Effect::NewHistory { .. } => Reply::NewHistory,
                    _ => Reply::NewIncarnation,
                };
                self.say(|| format!("{seat} -> {effect:?}"));
                self.seats[seat].kinds.insert(*ticket, "mend");
                return self.later(50, Later::Answer(seat, Some(*ticket), reply, life));
            }
            Effect::Listen { ticket, how } => return self.listen(seat, *ticket, *how),
            Effect::Probe { ticket } => (*ticket, "probe", Asked::Effect(effect.clone())),
            Effect::Sync { ticket, send } => {
                let request = self.seats[seat].desk.request(send);
                (*ticket, "sync", Asked::Sync(request))
            }
            Effect::CompareInventory { ticket, .. } => {
                let desk = &self.seats[seat].desk;
                let mirror = desk.mirror.iter().map(|(doc, (rev, _))| (*doc, *rev));
                let asked = Asked::Inventory(mirror.collect(), desk.history, desk.cursor);
                (*ticket, "compare", asked)
            }
            Effect::Upload { ticket, .. } => (*ticket, "upload", Asked::Effect(effect.clone())),
            Effect::Download { ticket, .. } => (*ticket, "download", Asked::Effect(effect.clone())),
        };
        self.requests += 1;
        self.say(|| format!("{seat} -> {effect:?}"));
        if kind != "probe" {
            let status = self.seats[seat].machine.status();
            assert!(
                status.network.is_up() && !status.needs_login && !status.paused,
                "{kind} while {status:?}"
            );
        }
        self.seats[seat].kinds.insert(ticket, kind);
        self.ask(seat, Some(ticket), asked);
    }

    /// A request on its way, with all that a line can do to it.
    pub(super) fn ask(&mut self, seat: usize, ticket: Option<Ticket>, asked: Asked) {
        let life = self.seats[seat].life;
        if self.seats[seat].dead {
            return;
        }
        if !self.seats[seat].line_up || self.chance(12) {
            if self.chance(10) {
                return self.say(|| format!("{seat} nothing ever comes of {ticket:?}"));
            }
            let wait = self.rng.random_range(10..30_000);
            let reply = Reply::Failed(Failure::Unreachable);
            return self.later(wait, Later::Answer(seat, ticket, reply, life));
        }
        let wait = self.latency();
        if self.chance(6) {
            let again = wait + self.latency();
            self.later(again, Later::Arrive(seat, ticket, asked.clone(), life));
        }
        self.later(wait, Later::Arrive(seat, ticket, asked, life));
    }

    pub(super) fn listen(&mut self, seat: usize, ticket: Ticket, how: Listen) {
        let it = &mut self.seats[seat];
        let life = it.life;
        it.kinds.insert(ticket, "listen");
        let passes = it.line_up && !it.dead && it.session;
        match (it.streams, how) {
            (0, Listen::Stream) if passes => {
                it.stream = Some(ticket);
                self.later(200, Later::Beat(seat, ticket, life));
            }
            (0 | 1, Listen::LongPoll) if passes => {
                it.stream = Some(ticket);
                let reply = Reply::Answer(Answer::Listen(Ok(())));
                self.later(55_000, Later::Answer(seat, Some(ticket), reply, life));
            }
            // A proxy that waits for the end of the answer, or a dead line.
            (0 | 1, _) => {}
            _ => {
                let reply = Reply::Answer(Answer::Listen(Err(Failure::Refused)));
                self.later(50, Later::Answer(seat, Some(ticket), reply, life));
            }
        }
    }

    pub(super) fn hint(&mut self) {
        for seat in 0..self.seats.len() {
            let it = &self.seats[seat];
            if let Some(ticket) = it.stream.filter(|_| it.line_up && !it.dead) {
                let head = self.server.head(it.desk.account);
                let life = it.life;
                self.later(100, Later::Head(seat, ticket, head, life));
            }
        }
    }

    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.chaos && self.rng.random_range(0..100) < percent
    }

    pub(super) fn latency(&mut self) -> u64 {
        if self.chance(10) {
            self.rng.random_range(2_000..40_000)
        } else {
            self.rng.random_range(5..800)
        }
    }

    pub(super) fn later(&mut self, wait: u64, what: Later) {
        self.next_event += 1;
        let at = self.now.mono_ms + wait;
        self.queue.push((at, self.next_event, what));
    }

    /// Lets the next thing happen: a delivery or a machine's own wake. False when there is nothing
    /// before `limit`.
    pub(crate) fn advance(&mut self, limit: u64) -> bool {
        let next = self.queue.iter().map(|(at, order, _)| (*at, *order)).min();
        let wakes = self.seats.iter().enumerate();
        let wake = wakes
            .filter_map(|(seat, it)| Some((it.machine.wake_at()?, seat)))
            .min();
        let at = next.map_or(u64::MAX, |(at, _)| at);
        let at = wake.map_or(at, |(wake, _)| wake.min(at));
        if at > limit {
            self.jump_to(limit);
            return false;
        }
        self.jump_to(at);
        if let Some((_, order)) = next.filter(|(due, _)| *due <= at) {
            let index = self.queue.iter().position(|(_, found, _)| *found == order);
            let (_, _, what) = self.queue.swap_remove(index.expect("it is there"));
            self.happen(what);
        } else if let Some((_, seat)) = wake {
            self.feed(seat, Event::Tick);
        }
        true
    }

    pub(super) fn jump_to(&mut self, at: u64) {
        let step = at.saturating_sub(self.now.mono_ms);
        self.now.mono_ms += step;
        self.now.wall = self.now.wall.plus_ms(i64::try_from(step).expect("small"));
    }

    pub(super) fn happen(&mut self, what: Later) {
        match what {
            Later::Arrive(seat, ticket, asked, life) => self.arrive(seat, ticket, asked, life),
            Later::Answer(seat, ticket, reply, life) => {
                if life == self.seats[seat].life && !self.seats[seat].dead {
                    self.receive(seat, ticket, reply);
                }
            }
            Later::Beat(seat, ticket, life) => {
                let it = &self.seats[seat];
                let alive = it.stream == Some(ticket) && it.line_up && !it.dead;
                if alive && it.life == life {
                    self.feed(seat, Event::Heartbeat { ticket });
                    self.later(25_000, Later::Beat(seat, ticket, life));
                }
            }
            Later::Head(seat, ticket, head, life) => {
                let it = &self.seats[seat];
                if it.life == life && it.stream == Some(ticket) {
                    self.feed(seat, Event::HeadMoved { ticket, head });
                }
            }
            Later::Login(seat) => {
                self.seats[seat].session = true;
                self.seats[seat].desk.token = true;
                self.say(|| format!("{seat} logged in"));
                self.feed(seat, Event::LoggedIn);
            }
            Later::LineUp(seat) => {
                self.seats[seat].line_up = true;
                self.say(|| format!("{seat} line up"));
            }
            Later::DiskFree(seat) => self.seats[seat].desk.disk_full = false,
            Later::Load(load) => self.load = load,
        }
    }

    /// No more trouble from outside; what is wrong must now heal by itself.
    pub(crate) fn calm(&mut self) {
        self.chaos = false;
        self.load = Load::Calm;
        self.say(|| "calm".to_owned());
        for seat in 0..3 {
            self.seats[seat].line_up = true;
            self.seats[seat].desk.disk_full = false;
            self.feed(seat, Event::Wishes(Wishes::default()));
        }
    }

    pub(crate) fn flavour(&self) -> Flavour {
        self.flavour
    }

    /// A machine whose person is logged in sleeps and wakes.
    pub(crate) fn sleep_now(&mut self, seat: usize) {
        self.seats[seat].session = true;
        self.feed(seat, Event::LoggedIn);
        self.sleep(seat);
    }
}
