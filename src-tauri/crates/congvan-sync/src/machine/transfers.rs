//! Files up and down: which next, what gives way, what is given up.

use congvan_model::{DocumentId, Sha256};

use super::{
    At, DOWNLOADS, HOPELESS, Machine, Mutant, RETRY_BASE, SMALL, SMALL_DOWNLOADS, UPLOADS,
};
use crate::{
    backoff::Backoff,
    event::{Effect, Failure, Now, Wanted},
    flight::{Kind, Transfer},
    plan,
};

/// What became of the tries for one file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Retry {
    pub(super) backoff: Backoff,
    pub(super) not_before: u64,
    pub(super) failure: Option<Failure>,
    pub(super) upload: bool,
    /// Only a person or a restart makes it try again.
    pub(super) given_up: bool,
}

impl Retry {
    pub(super) fn next_at(&self) -> Option<u64> {
        (!self.given_up).then_some(self.not_before)
    }
}

impl Machine {
    pub(super) fn file_opened(&mut self, wanted: Wanted) {
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

    pub(super) fn transfer_failed(
        &mut self,
        kind: Kind,
        sha256: Sha256,
        failure: Failure,
        at: &mut At<'_>,
    ) {
        let repeats = self.has(Mutant::RepeatsTheHopeless);
        let retry = self.transfers.entry(sha256).or_default();
        if failure != Failure::Cancelled {
            retry.failure = Some(failure);
            retry.upload = matches!(kind, Kind::Upload(_));
        }
        let mut again =
            |floor: Option<u32>, at: &mut At<'_>| retry.backoff.failed(RETRY_BASE, floor, at.rng);
        let wait = match failure {
            Failure::LoginNeeded => return self.session_ended(at),
            Failure::Cancelled => 0,
            Failure::Busy { retry_after_s } => again(retry_after_s, at),
            Failure::Unreachable | Failure::Untrusted | Failure::WrongNetwork => again(None, at),
            Failure::TooLarge if !repeats => {
                again(None, at);
                retry.given_up = true;
                self.opened.remove(&sha256);
                HOPELESS
            }
            Failure::TooLarge => 0,
            Failure::Refused | Failure::Local | Failure::StaleCursor | Failure::RolledBack => {
                again(None, at);
                self.opened.remove(&sha256);
                HOPELESS
            }
        };
        retry.not_before = at.now.mono_ms.saturating_add(wait);
        match failure {
            Failure::Unreachable | Failure::Untrusted | Failure::WrongNetwork => self.doubt(at.now),
            Failure::Busy { .. }
            | Failure::LoginNeeded
            | Failure::Refused
            | Failure::TooLarge
            | Failure::StaleCursor
            | Failure::RolledBack
            | Failure::Local
            | Failure::Cancelled => {}
        }
    }

    // The store says the same with its next facts; until then the machine must not start it again.
    pub(super) fn transfer_done(&mut self, kind: Kind, sha256: Sha256, now: Now) {
        self.budget.succeeded();
        self.moved_at = now.mono_ms;
        self.transfers.insert(
            sha256,
            Retry {
                not_before: now.mono_ms.saturating_add(RETRY_BASE),
                ..Retry::default()
            },
        );
        match kind {
            Kind::Download(_) => {
                self.facts.wanted.retain(|file| file.sha256 != sha256);
                self.opened.remove(&sha256);
            }
            Kind::Upload(_) => {
                let uploads = self.facts.outbox.iter_mut();
                for upload in uploads.filter_map(|pending| pending.upload.as_mut()) {
                    if upload.sha256 == sha256 {
                        upload.done = true;
                    }
                }
            }
            Kind::Probe
            | Kind::Sync
            | Kind::Listen
            | Kind::Compare
            | Kind::NewHistory
            | Kind::NewIncarnation => {}
        }
    }

    fn is_paused(&self, document: DocumentId) -> bool {
        self.wishes.paused_documents.contains(&document)
    }

    /// Stops the transfers of documents that a person has just paused.
    pub(super) fn cancel_paused(&mut self, at: &mut At<'_>) {
        let running: Vec<Transfer> = self.flights.transfers().collect();
        for transfer in running {
            let paused = if transfer.upload {
                self.facts.outbox.iter().any(|pending| {
                    self.is_paused(pending.lane)
                        && pending
                            .upload
                            .is_some_and(|it| it.sha256 == transfer.sha256)
                })
            } else {
                self.facts.wanted.iter().any(|file| {
                    file.sha256 == transfer.sha256
                        && file.document.is_some_and(|it| self.is_paused(it))
                })
            };
            if paused {
                self.flights.end(transfer.ticket);
                at.out.push(Effect::Cancel {
                    ticket: transfer.ticket,
                });
            }
        }
    }

    pub(super) fn start_uploads(&mut self, at: &mut At<'_>) {
        let outbox = self.facts.outbox.iter();
        let awake: Vec<_> = outbox
            .filter(|pending| !self.is_paused(pending.lane))
            .cloned()
            .collect();
        for (sha256, urgent) in plan::uploads(&awake) {
            if self.flights.has(Kind::Upload(sha256)) {
                continue;
            }
            if !self.may_try(sha256, at.now) {
                if self.has(Mutant::PoisonBlocksAll) {
                    return;
                }
                continue;
            }
            if self.flights.count(true) >= UPLOADS {
                if urgent {
                    self.make_an_upload_yield(at);
                }
                return;
            }
            let ticket = self.flights.start(Kind::Upload(sha256), at.now.mono_ms);
            self.moved_at = at.now.mono_ms;
            at.out.push(Effect::Upload {
                ticket,
                sha256,
                urgent,
            });
        }
    }

    // The piece under way is finished: cutting it would send its bytes twice on a narrow line.
    fn make_an_upload_yield(&mut self, at: &mut At<'_>) {
        let is_urgent = |sha256: Sha256| {
            self.facts.outbox.iter().any(|pending| {
                pending.urgent && pending.upload.is_some_and(|it| it.sha256 == sha256)
            })
        };
        let running = self
            .flights
            .transfers()
            .find(|it| it.upload && !it.yielding && !is_urgent(it.sha256));
        if let Some(running) = running {
            self.flights.yield_to(running.ticket);
            at.out.push(Effect::Preempt {
                ticket: running.ticket,
            });
        }
    }

    /// The files that may be fetched now, best first.
    fn fetchable(&self, now: Now) -> Vec<(plan::Rank, Sha256)> {
        let open = self.wishes.background.is_open(now.wall);
        let mut waiting: Vec<(plan::Rank, Sha256)> = self
            .facts
            .wanted
            .iter()
            .map(|file| (plan::rank(file, &self.opened), file))
            .filter(|((class, ..), file)| {
                plan::may_fetch(*class, self.load)
                    && (open || *class < plan::BACKGROUND)
                    && (*class == 0 || file.document.is_none_or(|it| !self.is_paused(it)))
                    && !self.flights.has(Kind::Download(file.sha256))
            })
            .map(|(rank, file)| (rank, file.sha256))
            .collect();
        waiting.sort_unstable();
        waiting
    }

    /// Bytes that could travel now and are not under way.
    pub(super) fn waiting_bytes(&self) -> u64 {
        let Some(now) = self.last else { return 0 };
        let down = self.fetchable(now).into_iter().map(|((.., size), _)| size);
        let up = self.facts.outbox.iter().filter_map(|pending| {
            let upload = pending.upload.filter(|it| !it.done)?;
            (!self.flights.has(Kind::Upload(upload.sha256))).then_some(upload.size)
        });
        down.chain(up).fold(0, u64::saturating_add)
    }

    pub(super) fn start_downloads(&mut self, at: &mut At<'_>) {
        if self.facts.wanted.is_empty() {
            return;
        }
        for ((class, _, size), sha256) in self.fetchable(at.now) {
            if !self.may_try(sha256, at.now) {
                if self.has(Mutant::PoisonBlocksAll) {
                    return;
                }
                continue;
            }
            let background = class >= plan::BACKGROUND;
            let full = !self.has_room_for(size);
            if full && (background || !self.make_room(class, at)) {
                return;
            }
            let retried = self
                .transfers
                .get(&sha256)
                .is_some_and(|retry| retry.backoff.failures() > 0);
            if background && retried && !self.budget.take() {
                continue;
            }
            let ticket = self.flights.start(Kind::Download(sha256), at.now.mono_ms);
            self.moved_at = at.now.mono_ms;
            at.out.push(Effect::Download {
                ticket,
                sha256,
                urgent: !background,
            });
        }
    }

    fn has_room_for(&self, size: u64) -> bool {
        let running = self.flights.count(false);
        if !(DOWNLOADS..SMALL_DOWNLOADS).contains(&running) {
            return running < DOWNLOADS;
        }
        let is_small = |sha256: &Sha256| {
            let known = self.facts.wanted.iter().find(|file| file.sha256 == *sha256);
            known.is_some_and(|file| file.size <= SMALL)
        };
        let mut running = self.flights.transfers().filter(|transfer| !transfer.upload);
        size <= SMALL && running.all(|transfer| is_small(&transfer.sha256))
    }

    /// Stops the least wanted download of a lower class; it goes on later where it was.
    fn make_room(&mut self, class: u8, at: &mut At<'_>) -> bool {
        let least = self
            .flights
            .transfers()
            .filter(|transfer| !transfer.upload)
            .filter_map(|transfer| {
                let file = self
                    .facts
                    .wanted
                    .iter()
                    .find(|file| file.sha256 == transfer.sha256)?;
                Some((plan::rank(file, &self.opened), transfer.ticket))
            })
            .filter(|((running, ..), _)| *running > class)
            .max_by_key(|(rank, _)| *rank);
        let Some((_, ticket)) = least else {
            return false;
        };
        self.flights.end(ticket);
        at.out.push(Effect::Cancel { ticket });
        true
    }

    fn may_try(&self, sha256: Sha256, now: Now) -> bool {
        self.transfers
            .get(&sha256)
            .is_none_or(|retry| !retry.given_up && retry.not_before <= now.mono_ms)
    }
}
