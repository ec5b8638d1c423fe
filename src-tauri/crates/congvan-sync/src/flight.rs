//! Effects under way, and how long each may stay silent.

use congvan_model::Sha256;

use crate::{event::Ticket, meter::Meter};

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Probe,
    Sync,
    Upload(Sha256),
    Download(Sha256),
    Listen,
    Compare,
    NewHistory,
    NewIncarnation,
}

impl Kind {
    /// Whether it moves what people wait for; the watchdog looks at these.
    pub(crate) fn is_work(self) -> bool {
        match self {
            Self::Sync | Self::Upload(_) | Self::Download(_) => true,
            Self::Probe
            | Self::Listen
            | Self::Compare
            | Self::NewHistory
            | Self::NewIncarnation => false,
        }
    }

    fn transfer(self) -> Option<(Sha256, bool)> {
        match self {
            Self::Upload(sha256) => Some((sha256, true)),
            Self::Download(sha256) => Some((sha256, false)),
            Self::Probe
            | Self::Sync
            | Self::Listen
            | Self::Compare
            | Self::NewHistory
            | Self::NewIncarnation => None,
        }
    }

    /// How long it may stay silent, ms. Longer than the client's own deadlines: this is the watchdog
    /// behind them, for a task that died or an answer that got lost.
    fn patience(self) -> u64 {
        match self {
            Self::Probe => 20_000,
            // Heartbeats come every 25 s, a long poll ends after 55 s.
            Self::Listen => 70_000,
            Self::Sync | Self::Compare | Self::NewHistory | Self::NewIncarnation => 120_000,
            Self::Upload(_) | Self::Download(_) => 180_000,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Flight {
    pub(crate) ticket: Ticket,
    pub(crate) kind: Kind,
    pub(crate) silent_until: u64,
    /// Told to stop at the next border of its pieces.
    pub(crate) yielding: bool,
    meter: Option<Meter>,
}

/// A transfer as the status shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transfer {
    pub(crate) ticket: Ticket,
    pub(crate) sha256: Sha256,
    pub(crate) upload: bool,
    pub(crate) yielding: bool,
    pub(crate) meter: Option<Meter>,
}

#[derive(Debug, Default)]
pub(crate) struct Flights {
    list: Vec<Flight>,
    last: u64,
}

impl Flights {
    pub(crate) fn start(&mut self, kind: Kind, now_ms: u64) -> Ticket {
        self.last = self.last.saturating_add(1);
        let ticket = Ticket(self.last);
        self.list.push(Flight {
            ticket,
            kind,
            silent_until: now_ms.saturating_add(kind.patience()),
            yielding: false,
            meter: None,
        });
        ticket
    }

    pub(crate) fn kind(&self, ticket: Ticket) -> Option<Kind> {
        self.list
            .iter()
            .find(|flight| flight.ticket == ticket)
            .map(|flight| flight.kind)
    }

    /// The effect has ended: what it was, or none when it is not (any more) known.
    pub(crate) fn end(&mut self, ticket: Ticket) -> Option<Kind> {
        let at = self
            .list
            .iter()
            .position(|flight| flight.ticket == ticket)?;
        Some(self.list.remove(at).kind)
    }

    /// It gave a sign of life.
    pub(crate) fn alive(&mut self, ticket: Ticket, now_ms: u64) {
        for flight in &mut self.list {
            if flight.ticket == ticket {
                flight.silent_until = now_ms.saturating_add(flight.kind.patience());
            }
        }
    }

    /// A transfer reports; whether it came further.
    pub(crate) fn moved(&mut self, ticket: Ticket, (done, total): (u64, u64), now_ms: u64) -> bool {
        self.alive(ticket, now_ms);
        let Some(flight) = self.list.iter_mut().find(|flight| flight.ticket == ticket) else {
            return false;
        };
        let before = flight.meter.map(|meter| meter.done);
        let meter = flight
            .meter
            .get_or_insert_with(|| Meter::new(done, total, now_ms));
        meter.report(done, total, now_ms);
        before.is_none_or(|before| done > before)
    }

    pub(crate) fn yield_to(&mut self, ticket: Ticket) {
        for flight in &mut self.list {
            flight.yielding |= flight.ticket == ticket;
        }
    }

    /// Takes out the first effect that has been silent for too long.
    pub(crate) fn take_silent(&mut self, now_ms: u64) -> Option<Flight> {
        let at = self
            .list
            .iter()
            .position(|flight| flight.silent_until <= now_ms)?;
        Some(self.list.remove(at))
    }

    /// Takes out everything but probes.
    pub(crate) fn take_work(&mut self) -> Vec<Flight> {
        let (probes, work) = self
            .list
            .drain(..)
            .partition(|flight| flight.kind == Kind::Probe);
        self.list = probes;
        work
    }

    pub(crate) fn take_all(&mut self) -> Vec<Flight> {
        std::mem::take(&mut self.list)
    }

    pub(crate) fn has(&self, kind: Kind) -> bool {
        self.list.iter().any(|flight| flight.kind == kind)
    }

    pub(crate) fn transfers(&self) -> impl Iterator<Item = Transfer> {
        self.list.iter().filter_map(|flight| {
            let (sha256, upload) = flight.kind.transfer()?;
            Some(Transfer {
                ticket: flight.ticket,
                sha256,
                upload,
                yielding: flight.yielding,
                meter: flight.meter,
            })
        })
    }

    pub(crate) fn count(&self, upload: bool) -> usize {
        self.transfers()
            .filter(|transfer| transfer.upload == upload)
            .count()
    }

    pub(crate) fn any_work(&self) -> bool {
        self.list.iter().any(|flight| flight.kind.is_work())
    }

    pub(crate) fn next_deadline(&self) -> Option<u64> {
        self.list.iter().map(|flight| flight.silent_until).min()
    }
}
