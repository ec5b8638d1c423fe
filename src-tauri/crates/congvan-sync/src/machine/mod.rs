mod listen;
mod look;
mod mend;
mod reach;
mod transfers;
mod watchdog;
mod work;

use std::collections::{BTreeMap, HashMap, HashSet};

use congvan_model::{OpId, Sha256, Timestamp};
use congvan_protocol::Load;
use rand::RngCore;

use crate::{
    backoff::{Backoff, RetryBudget, up_to},
    event::{Answer, Effect, Event, Facts, Now, Wanted, Wishes},
    flight::{Flights, Kind},
    mutant::Mutant,
    plan,
    status::{Network, Status},
};
use listen::Listening;
use mend::{Comparing, Mending};
use transfers::Retry;

/// Two files come down at a time: one large one must not hold up all small ones.
const DOWNLOADS: usize = 2;
/// As many of them when all are small: what a small file costs is waiting, for the server and for
/// the disk, and that is done together.
///
/// While a page of records is being stored the rows of files that have come wait for it: with eight
/// the line stood still through most of a first pull.
const SMALL_DOWNLOADS: usize = 32;
/// A small file, bytes. So many letters are minutes of a thin line; something urgent stops them.
const SMALL: u64 = 1024 * 1024;
/// One goes up: on a narrow line two only make both late.
const UPLOADS: usize = 1;
/// Base of the wait between probes while the server is away, ms.
const PROBE_BASE: u64 = 15_000;
/// Base of the wait after a failed request, ms.
const RETRY_BASE: u64 = 1_000;
/// A person may ask this often, ms; of a server that says it is loaded, less often.
const USER_EVERY: u64 = 1_000;
const USER_EVERY_LOADED: u64 = 5_000;
/// For so long after a person asked, a server that comes back is not waited with, ms.
const USER_WAITS: u64 = 5_000;
/// Settling time after the operating system's hint, and the spread after it, ms.
const HINT_SETTLE: u64 = 2_000;
const HINT_SPREAD: u64 = 10_000;
/// Wall and monotonic clock drift apart by this much only when the machine slept, ms.
const SLEEP_GAP: i64 = 30_000;
/// A file the server refuses, or a full disk, is tried again after so long, ms.
const HOPELESS: u64 = 600_000;
/// Holders of urgent acts reconnect within, ms.
const URGENT_SPREAD: u64 = 5_000;
/// Bytes on the move are told at most this often, ms.
const TELL_EVERY: u64 = 500;
/// Polling where the server said nothing, seconds.
const DEFAULT_POLL_S: u32 = 60;

/// Decides; see the crate's documentation.
#[derive(Debug)]
pub struct Machine {
    started: bool,
    logged_in: bool,
    network: Network,
    since: Timestamp,
    load: Load,
    facts: Facts,
    wishes: Wishes,
    /// Files a person waits for; kept here until they come or are refused, because the store's list
    /// leaves out old documents.
    opened: BTreeMap<Sha256, Wanted>,
    flights: Flights,
    /// Next probe; none while the server is up or a probe is under way.
    probe_at: Option<u64>,
    probe_backoff: Backoff,
    /// When a person may ask again, and until when the last one who asked waits.
    user_may_ask_at: u64,
    user_waits_until: u64,
    /// Next round for its own sake: poll, `more`, a person's wish.
    round_at: Option<u64>,
    /// No request before: the spread after a reconnection, the wait after a failure.
    quiet_until: u64,
    round_backoff: Backoff,
    transfers: HashMap<Sha256, Retry>,
    /// Intents of the round under way, and intents that a round carried without settling them.
    in_round: Vec<OpId>,
    unsettled: HashMap<OpId, Rest>,
    /// The feed has been read to its end since the server was last reached.
    pulled: bool,
    listening: Listening,
    mending: Mending,
    comparing: Comparing,
    budget: RetryBudget,
    /// When work last came further, ms; see the watchdog.
    moved_at: u64,
    stalls: u32,
    last: Option<Now>,
    told: Option<Status>,
    told_at: u64,
    #[cfg(feature = "mutants")]
    mutant: Option<Mutant>,
}

/// What a step works with.
struct At<'a> {
    now: Now,
    rng: &'a mut dyn RngCore,
    out: &'a mut Vec<Effect>,
}

/// When an intent that a round carried without settling it may go again.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    backoff: Backoff,
    not_before: u64,
}

impl Default for Machine {
    fn default() -> Self {
        Self::new()
    }
}

impl Machine {
    /// A machine that has not started.
    #[must_use]
    pub fn new() -> Self {
        Self {
            started: false,
            logged_in: false,
            network: Network::Connecting,
            since: Timestamp(0),
            load: Load::Calm,
            facts: Facts::default(),
            wishes: Wishes::default(),
            opened: BTreeMap::new(),
            flights: Flights::default(),
            probe_at: None,
            probe_backoff: Backoff::default(),
            user_may_ask_at: 0,
            user_waits_until: 0,
            round_at: None,
            quiet_until: 0,
            round_backoff: Backoff::default(),
            transfers: HashMap::new(),
            in_round: Vec::new(),
            unsettled: HashMap::new(),
            pulled: false,
            listening: Listening::default(),
            mending: Mending::default(),
            comparing: Comparing::default(),
            budget: RetryBudget::default(),
            moved_at: 0,
            stalls: 0,
            last: None,
            told: None,
            told_at: 0,
            #[cfg(feature = "mutants")]
            mutant: None,
        }
    }

    /// A machine with a mistake in it, for tests of the tests.
    #[cfg(feature = "mutants")]
    #[must_use]
    pub fn with_mutant(mutant: Mutant) -> Self {
        let mut machine = Self::new();
        machine.mutant = Some(mutant);
        machine
    }

    #[cfg(feature = "mutants")]
    fn has(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    #[cfg(not(feature = "mutants"))]
    #[expect(clippy::unused_self, reason = "as the one that tests build")]
    const fn has(&self, _: Mutant) -> bool {
        false
    }

    /// Takes in what happened and says what to do.
    pub fn step(&mut self, event: Event, now: Now, rng: &mut dyn RngCore) -> Vec<Effect> {
        let mut out = Vec::new();
        let mut at = At {
            now,
            rng,
            out: &mut out,
        };
        if self.slept(now) && !self.has(Mutant::SleepsOn) {
            self.wake_up(&mut at);
        }
        self.last = Some(now);
        self.budget.fill(now.mono_ms);
        self.take(event, &mut at);
        self.watch(&mut at);
        self.act(&mut at);
        self.tell(&mut at);
        out
    }

    fn take(&mut self, event: Event, at: &mut At<'_>) {
        match event {
            Event::Started { logged_in, facts } => {
                self.started = true;
                self.logged_in = logged_in;
                self.since = at.now.wall;
                self.set_facts(facts);
                self.round_at = Some(at.now.mono_ms);
                self.probe_at = Some(at.now.mono_ms);
            }
            Event::LoggedIn => {
                self.logged_in = true;
                self.quiet_until = at.now.mono_ms;
                self.round_at = Some(at.now.mono_ms);
                self.transfers.clear();
                if !self.network.is_up() {
                    self.probe_at = Some(at.now.mono_ms);
                }
            }
            Event::LoggedOut => {
                self.logged_in = false;
                self.cancel_work(at);
            }
            Event::Facts(facts) => self.set_facts(facts),
            Event::Answered { ticket, answer } => self.ended(ticket, answer, at),
            Event::Progress {
                ticket,
                done,
                total,
            } => {
                if self.flights.moved(ticket, (done, total), at.now.mono_ms) {
                    self.moved_at = at.now.mono_ms;
                }
            }
            Event::Tick => {}
            Event::NetworkChanged => {
                let wait = HINT_SETTLE.saturating_add(up_to(HINT_SPREAD, at.rng));
                let at = at.now.mono_ms.saturating_add(wait);
                self.probe_at = Some(self.probe_at.map_or(at, |old| old.min(at)));
            }
            Event::SyncNow => self.sync_now(at.now),
            Event::FileOpened(wanted) => self.file_opened(wanted),
            Event::HeadMoved { ticket, head } => self.head_moved(ticket, head, at),
            Event::Heartbeat { ticket } => {
                self.heard(ticket, at.now);
            }
            Event::Wishes(wishes) => self.set_wishes(wishes, at),
            Event::CompareNow => self.compare_now(at.now),
        }
    }

    // An unknown ticket is late, repeated or cancelled: the store has what matters.
    fn ended(&mut self, ticket: crate::Ticket, answer: Answer, at: &mut At<'_>) {
        if let Some(kind) = self.flights.end(ticket) {
            self.answered(kind, answer, at);
        }
    }

    fn set_wishes(&mut self, wishes: Wishes, at: &mut At<'_>) {
        let resumed = self.wishes.paused && !wishes.paused;
        let narrower = !wishes
            .paused_documents
            .is_subset(&self.wishes.paused_documents);
        self.wishes = wishes;
        if self.wishes.paused {
            self.cancel_work(at);
        } else if narrower {
            self.cancel_paused(at);
        }
        if resumed {
            self.round_at = Some(at.now.mono_ms);
        }
    }

    fn set_facts(&mut self, mut facts: Facts) {
        let listed: HashSet<Sha256> = facts.wanted.iter().map(|file| file.sha256).collect();
        let unlisted = self
            .opened
            .values()
            .filter(|file| !listed.contains(&file.sha256));
        facts.wanted.extend(unlisted.copied());
        let mut known: HashSet<Sha256> = facts.wanted.iter().map(|file| file.sha256).collect();
        known.extend(
            facts
                .outbox
                .iter()
                .filter_map(|pending| pending.upload.map(|upload| upload.sha256)),
        );
        self.transfers.retain(|sha256, _| known.contains(sha256));
        let unsent: HashSet<OpId> = facts.outbox.iter().map(|pending| pending.op).collect();
        self.unsettled.retain(|op, _| unsent.contains(op));
        self.comparing.removals_are(facts.held_removals);
        self.facts = facts;
    }

    fn answered(&mut self, kind: Kind, answer: Answer, at: &mut At<'_>) {
        match (kind, answer) {
            (Kind::Probe, Answer::Probe(Ok(healthy))) => self.reached(healthy, at),
            (Kind::Probe, Answer::Probe(Err(failure))) => self.not_reached(failure, at),
            (Kind::Sync, Answer::Sync(Ok(round))) => self.round_done(round, at),
            (Kind::Sync, Answer::Sync(Err(failure))) => self.round_failed(failure, at),
            (Kind::Upload(sha256), Answer::Upload(Ok(())))
            | (Kind::Download(sha256), Answer::Download(Ok(()))) => {
                self.transfer_done(kind, sha256, at.now);
            }
            (Kind::Upload(sha256), Answer::Upload(Err(failure)))
            | (Kind::Download(sha256), Answer::Download(Err(failure))) => {
                self.transfer_failed(kind, sha256, failure, at);
            }
            (Kind::Listen, Answer::Listen(end)) => self.listening_ended(end, at),
            (Kind::Compare, Answer::Inventory(end)) => self.compared(end, at),
            (Kind::NewHistory, Answer::NewHistory(end))
            | (Kind::NewIncarnation, Answer::NewIncarnation(end)) => self.mended(end, at),
            // The answer of another kind is the caller's bug; the flight is over all the same.
            (
                Kind::Probe
                | Kind::Sync
                | Kind::Upload(_)
                | Kind::Download(_)
                | Kind::Listen
                | Kind::Compare
                | Kind::NewHistory
                | Kind::NewIncarnation,
                _,
            ) => {}
        }
    }

    fn may_talk(&self) -> bool {
        self.started && self.logged_in && self.network.is_up() && !self.wishes.paused
    }

    fn act(&mut self, at: &mut At<'_>) {
        if self.started
            && self.probe_at.is_some_and(|due| due <= at.now.mono_ms)
            && !self.flights.has(Kind::Probe)
        {
            self.probe_at = None;
            let ticket = self.flights.start(Kind::Probe, at.now.mono_ms);
            at.out.push(Effect::Probe { ticket });
        }
        if !self.may_talk() || at.now.mono_ms < self.quiet_until {
            return;
        }
        self.start_mending(at);
        self.start_round(at);
        self.start_listening(at);
        self.start_comparing(at);
        self.start_uploads(at);
        self.start_downloads(at);
    }

    fn tell(&mut self, at: &mut At<'_>) {
        let status = self.status();
        let Some(told) = &self.told else {
            return self.say(status, at);
        };
        // Bytes that move are worth a word only so often; everything else at once.
        let soon = at.now.mono_ms.saturating_sub(self.told_at) < TELL_EVERY;
        if *told == status || (soon && status.same_but_speed(told)) {
            return;
        }
        self.say(status, at);
    }

    fn say(&mut self, status: Status, at: &mut At<'_>) {
        at.out.push(Effect::Status(status.clone()));
        self.told = Some(status);
        self.told_at = at.now.mono_ms;
    }
}
