//! Hearing of news: a stream of events, else long polls, else polls alone. All of it only hints.

use super::{At, Machine, Mutant, RETRY_BASE};
use crate::{
    backoff::{Backoff, up_to},
    event::{Effect, Failure, Listen, Now, Ticket},
    flight::Kind,
};
use congvan_protocol::Load;

/// After so many connections in a row on which nothing came, the network is one whose proxy holds
/// such answers back.
const MISSES: u32 = 2;
/// How long only polls are made before streams are tried again, ms.
const POLLS_ONLY: u64 = 1_800_000;

#[derive(Debug, Default)]
pub(super) struct Listening {
    how: Way,
    /// Something came on the connection of now.
    pub(super) live: bool,
    misses: u32,
    pub(super) not_before: u64,
    backoff: Backoff,
    head: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    #[default]
    Stream,
    LongPoll,
    /// Neither works here.
    Polls,
}

impl Listening {
    /// The server was reached again, perhaps over another network.
    pub(super) fn begin_anew(&mut self) {
        *self = Self {
            head: self.head,
            ..Self::default()
        };
    }
}

impl Machine {
    pub(super) fn start_listening(&mut self, at: &mut At<'_>) {
        // The first pull goes before: its end is where hints begin to matter.
        if !self.pulled
            || self.flights.has(Kind::Listen)
            || self.listening.not_before > at.now.mono_ms
        {
            return;
        }
        let how = match self.listening.how {
            Way::LongPoll => Listen::LongPoll,
            Way::Stream | Way::Polls => {
                self.listening.how = Way::Stream;
                Listen::Stream
            }
        };
        let ticket = self.flights.start(Kind::Listen, at.now.mono_ms);
        at.out.push(Effect::Listen { ticket, how });
    }

    pub(super) fn heard(&mut self, ticket: Ticket, now: Now) -> bool {
        if self.flights.kind(ticket) != Some(Kind::Listen) {
            return false;
        }
        self.flights.alive(ticket, now.mono_ms);
        self.listening.live = true;
        self.listening.misses = 0;
        self.listening.backoff.reset();
        true
    }

    // A circular reaches thousands of desks in the same second; they must not all ask in the next.
    pub(super) fn head_moved(&mut self, ticket: Ticket, head: u64, at: &mut At<'_>) {
        if !self.heard(ticket, at.now) || self.listening.head.replace(head) == Some(head) {
            return;
        }
        let spread = match self.load {
            Load::Calm => 1_000,
            Load::Busy => 5_000,
            Load::Strained | Load::Critical => 20_000,
        };
        let when = at.now.mono_ms.saturating_add(up_to(spread, at.rng));
        self.round_at = Some(self.round_at.map_or(when, |old| old.min(when)));
    }

    pub(super) fn listening_ended(&mut self, end: Result<(), Failure>, at: &mut At<'_>) {
        let heard = std::mem::take(&mut self.listening.live);
        let mut floor = None;
        match end {
            // A long poll that ran out says that nothing happened: the next one at once.
            Ok(()) if self.listening.how == Way::LongPoll => {
                self.listening.live = true;
                self.listening.misses = 0;
                self.listening.backoff.reset();
                self.listening.not_before = at.now.mono_ms;
                return;
            }
            Ok(()) => {}
            Err(Failure::Cancelled) => return,
            Err(Failure::LoginNeeded) => return self.session_ended(at),
            Err(Failure::Refused | Failure::TooLarge | Failure::StaleCursor) => {
                return self.next_way(at.now);
            }
            Err(Failure::Busy { retry_after_s }) => floor = retry_after_s,
            Err(Failure::Local | Failure::RolledBack) => {}
            Err(Failure::Unreachable | Failure::Untrusted | Failure::WrongNetwork) => {
                self.doubt(at.now);
                if !heard {
                    self.listening.misses = self.listening.misses.saturating_add(1);
                    if self.listening.misses >= MISSES {
                        return self.next_way(at.now);
                    }
                }
            }
        }
        let wait = self
            .listening
            .backoff
            .failed(RETRY_BASE, floor, at.rng)
            .max(500);
        self.listening.not_before = at.now.mono_ms.saturating_add(wait);
    }

    fn next_way(&mut self, now: Now) {
        self.listening.misses = 0;
        (self.listening.how, self.listening.not_before) = match self.listening.how {
            Way::Stream => (Way::LongPoll, now.mono_ms),
            Way::LongPoll | Way::Polls => (Way::Polls, now.mono_ms.saturating_add(POLLS_ONLY)),
        };
    }

    /// How much longer polls may be apart while news come by themselves.
    pub(super) fn poll_stretch(&self) -> u64 {
        if !self.listening.live {
            1
        } else if self.has(Mutant::TrustsTheStream) {
            100_000
        } else {
            5
        }
    }
}
