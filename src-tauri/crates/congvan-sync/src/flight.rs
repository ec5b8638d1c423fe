//! Effects under way, and how long each may stay silent.

use congvan_model::Sha256;

use crate::event::Ticket;

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Probe,
    Sync,
    Upload(Sha256),
    Download(Sha256),
}

impl Kind {
    /// How long it may stay silent, ms. Longer than the client's own deadlines: this is the watchdog
    /// behind them, for a task that died or an answer that got lost.
    fn patience(self) -> u64 {
        match self {
            Self::Probe => 20_000,
            Self::Sync => 120_000,
            Self::Upload(_) | Self::Download(_) => 180_000,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Flight {
    pub(crate) ticket: Ticket,
    pub(crate) kind: Kind,
    pub(crate) silent_until: u64,
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
        });
        ticket
    }

    /// The effect has ended: what it was, or none when it is not (any more) known.
    pub(crate) fn end(&mut self, ticket: Ticket) -> Option<Kind> {
        let at = self
            .list
            .iter()
            .position(|flight| flight.ticket == ticket)?;
        Some(self.list.remove(at).kind)
    }

    pub(crate) fn progressed(&mut self, ticket: Ticket, now_ms: u64) {
        for flight in &mut self.list {
            if flight.ticket == ticket {
                flight.silent_until = now_ms.saturating_add(flight.kind.patience());
            }
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

    pub(crate) fn uploads(&self) -> Vec<Sha256> {
        self.list
            .iter()
            .filter_map(|flight| match flight.kind {
                Kind::Upload(sha256) => Some(sha256),
                Kind::Probe | Kind::Sync | Kind::Download(_) => None,
            })
            .collect()
    }

    pub(crate) fn downloads(&self) -> Vec<(Ticket, Sha256)> {
        self.list
            .iter()
            .filter_map(|flight| match flight.kind {
                Kind::Download(sha256) => Some((flight.ticket, sha256)),
                Kind::Probe | Kind::Sync | Kind::Upload(_) => None,
            })
            .collect()
    }

    pub(crate) fn next_deadline(&self) -> Option<u64> {
        self.list.iter().map(|flight| flight.silent_until).min()
    }
}
