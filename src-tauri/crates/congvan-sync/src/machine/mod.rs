mod reach;
mod work;

use std::collections::{BTreeMap, HashMap, HashSet};

use congvan_model::{OpId, Sha256, Timestamp};
use congvan_protocol::Load;
use rand::RngCore;

use crate::{
    backoff::{Backoff, up_to},
    event::{Answer, Effect, Event, Facts, Failure, Now, Wanted},
    flight::{Flights, Kind},
    plan,
    status::{Network, Status},
};

/// Two files come down at a time: one large one must not hold up all small ones.
const DOWNLOADS: usize = 2;
/// One goes up: on a narrow line two only make both late.
const UPLOADS: usize = 1;
/// Base of the wait between probes while the server is away, ms.
const PROBE_BASE: u64 = 15_000;
/// Base of the wait after a failed request, ms.
const RETRY_BASE: u64 = 1_000;
/// A person may ask for a probe this often, ms.
const USER_EVERY: u64 = 5_000;
/// Settling time after the operating system's hint, and the spread after it, ms.
const HINT_SETTLE: u64 = 2_000;
const HINT_SPREAD: u64 = 10_000;
/// Wall and monotonic clock drift apart by this much only when the machine slept, ms.
const SLEEP_GAP: i64 = 30_000;
/// A file the server refuses, or a full disk, is tried again after so long, ms.
const HOPELESS: u64 = 600_000;
/// Holders of urgent acts reconnect within, ms.
const URGENT_SPREAD: u64 = 5_000;
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
    /// Files a person waits for; kept here until they come or are refused, because the store's list
    /// leaves out old documents.
    opened: BTreeMap<Sha256, Wanted>,
    flights: Flights,
    /// Next probe; none while the server is up or a probe is under way.
    probe_at: Option<u64>,
    probe_backoff: Backoff,
    user_probe_after: u64,
    /// Next round for its own sake: poll, `more`, a person's wish.
    round_at: Option<u64>,
    /// No request before: the spread after a reconnection, the wait after a failure.
    quiet_until: u64,
    round_backoff: Backoff,
    transfers: HashMap<Sha256, Retry>,
    /// Intents of the round under way, and intents that a round carried without settling them.
    in_round: Vec<OpId>,
    unsettled: HashMap<OpId, Retry>,
    last: Option<Now>,
    told: Option<Status>,
}

/// What a step works with.
struct At<'a> {
    now: Now,
    rng: &'a mut dyn RngCore,
    out: &'a mut Vec<Effect>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Retry {
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
            opened: BTreeMap::new(),
            flights: Flights::default(),
            probe_at: None,
            probe_backoff: Backoff::default(),
            user_probe_after: 0,
            round_at: None,
            quiet_until: 0,
            round_backoff: Backoff::default(),
            transfers: HashMap::new(),
            in_round: Vec::new(),
            unsettled: HashMap::new(),
            last: None,
            told: None,
        }
    }

    /// Takes in what happened and says what to do.
    pub fn step(&mut self, event: Event, now: Now, rng: &mut dyn RngCore) -> Vec<Effect> {
        let mut out = Vec::new();
        let mut at = At {
            now,
            rng,
            out: &mut out,
        };
        if self.slept(now) {
            self.wake_up(&mut at);
        }
        self.last = Some(now);
        self.take(event, &mut at);
        self.watch(&mut at);
        self.act(&mut at);
        self.tell(&mut at);
        out
    }

    /// When to send [`Event::Tick`], on the monotonic clock; none when only others can bring news.
    #[must_use]
    pub fn wake_at(&self) -> Option<u64> {
        let last = self.last?;
        let mut times: Vec<u64> = Vec::new();
        times.extend(self.probe_at);
        times.extend(self.flights.next_deadline());
        if self.may_talk() {
            times.extend(self.round_at.map(|at| at.max(self.quiet_until)));
            if !self.facts.outbox.is_empty() || !self.facts.wanted.is_empty() {
                times.push(self.quiet_until);
            }
            times.extend(self.transfers.values().map(|retry| retry.not_before));
            times.extend(self.unsettled.values().map(|retry| retry.not_before));
            if let Some(due) = plan::next_due(&self.facts.outbox, last.wall) {
                let wait = u64::try_from(due.0.saturating_sub(last.wall.0)).unwrap_or(0);
                times.push(last.mono_ms.saturating_add(wait));
            }
        }
        // What is already past was acted upon, or waits for something that is under way.
        times.into_iter().filter(|at| *at > last.mono_ms).min()
    }

    /// The line at the top right.
    #[must_use]
    pub fn status(&self) -> Status {
        Status {
            network: self.network,
            since: self.since,
            needs_login: self.started && !self.logged_in,
            syncing: self.flights.has(Kind::Sync),
            unsent: u32::try_from(self.facts.outbox.len()).unwrap_or(u32::MAX),
            downloads_waiting: u32::try_from(self.facts.wanted.len()).unwrap_or(u32::MAX),
            uploading: self.flights.uploads(),
            downloading: self
                .flights
                .downloads()
                .into_iter()
                .map(|(_, sha256)| sha256)
                .collect(),
        }
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
            // An unknown ticket is late, repeated or cancelled: the store has what matters.
            Event::Answered { ticket, answer } => {
                if let Some(kind) = self.flights.end(ticket) {
                    self.answered(kind, answer, at);
                }
            }
            Event::Progress { ticket } => self.flights.progressed(ticket, at.now.mono_ms),
            Event::Tick => {}
            Event::NetworkChanged => {
                let wait = HINT_SETTLE.saturating_add(up_to(HINT_SPREAD, at.rng));
                let at = at.now.mono_ms.saturating_add(wait);
                self.probe_at = Some(self.probe_at.map_or(at, |old| old.min(at)));
            }
            Event::SyncNow => self.sync_now(at.now),
            Event::FileOpened(wanted) => self.file_opened(wanted),
            Event::HeadMoved => self.round_at = Some(at.now.mono_ms),
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
        self.facts = facts;
    }

    fn file_opened(&mut self, wanted: Wanted) {
        self.opened.insert(wanted.sha256, wanted);
        if self
            .facts
            .wanted
            .iter()
            .all(|file| file.sha256 != wanted.sha256)
        {
            self.facts.wanted.push(wanted);
        }
        self.transfers.remove(&wanted.sha256);
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
                self.transfer_failed(sha256, failure, at);
            }
            // The answer of another kind is the caller's bug; the flight is over all the same.
            (Kind::Probe | Kind::Sync | Kind::Upload(_) | Kind::Download(_), _) => {}
        }
    }

    // What has been silent for too long has died somewhere: give it up and find out why.
    fn watch(&mut self, at: &mut At<'_>) {
        while let Some(flight) = self.flights.take_silent(at.now.mono_ms) {
            at.out.push(Effect::Cancel {
                ticket: flight.ticket,
            });
            match flight.kind {
                Kind::Probe => self.not_reached(Failure::Unreachable, at),
                Kind::Sync => self.round_failed(Failure::Unreachable, at),
                Kind::Upload(sha256) | Kind::Download(sha256) => {
                    self.transfer_failed(sha256, Failure::Unreachable, at);
                }
            }
        }
    }

    fn may_talk(&self) -> bool {
        self.started && self.logged_in && self.network.is_up()
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
        self.start_round(at);
        self.start_uploads(at);
        self.start_downloads(at);
    }

    fn tell(&mut self, at: &mut At<'_>) {
        let status = self.status();
        if self.told.as_ref() != Some(&status) {
            at.out.push(Effect::Status(status.clone()));
            self.told = Some(status);
        }
    }
}
