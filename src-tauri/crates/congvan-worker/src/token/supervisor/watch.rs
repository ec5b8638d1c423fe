//! Looking who is plugged in, and telling those who watch.

use std::time::Duration;

use tokio::{sync::mpsc, time::Instant};

use super::{Supervisor, calls::UNASKED, ignore};
use crate::{
    process::News,
    token::{PresentToken, TokenError, TokenEvent, client::unexpected},
    wire::{FromToken, TokenCall, TokenReply},
};

/// After a failed look-up of presence the next one waits this much longer, doubling up to 16 times.
const MAX_WATCH_BACKOFF: u32 = 16;

/// Where every change is told, looking is only a safety net.
const TOLD_PAUSE: u32 = 6;

/// Looks in quick succession after an event, until one of them finds a change. The module may tell
/// of a card before it can say which one.
const SETTLE_LOOKS: u32 = 15;
/// Between them.
const SETTLE_PAUSE: Duration = Duration::from_millis(100);
/// Looks after the one that found it: the token may not have said everything yet.
const LAST_LOOKS: u32 = 2;

pub(super) struct Watcher {
    events: mpsc::UnboundedSender<TokenEvent>,
    told: Vec<PresentToken>,
    failed: Option<TokenError>,
    /// The first look is over.
    asked: bool,
}

impl Watcher {
    pub(super) fn new(events: mpsc::UnboundedSender<TokenEvent>) -> Self {
        Self {
            events,
            told: Vec::new(),
            failed: None,
            asked: false,
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        self.events.is_closed()
    }
}

impl Supervisor {
    /// Something was plugged in or pulled, or the process ended by itself.
    pub(super) async fn hear(&mut self, news: News) {
        let Some(worker) = &mut self.worker else {
            return;
        };
        let heard = match news {
            News::Message => worker.receive::<FromToken>().await.ok(),
            News::Ended => None,
        };
        match heard {
            Some(message) if message.id == UNASKED => self.told(&message),
            // Anything but an event, unasked, is garbage.
            Some(_) | None => {
                self.session = None;
                self.end_worker().await;
                self.look_soon();
            }
        }
    }

    /// The worker says that something was plugged in or pulled, also in the middle of a call.
    pub(super) fn told(&mut self, message: &FromToken) {
        if let Ok(TokenReply::SlotEvent { waits: false, .. }) = message.result {
            // It waits no more. Asked again at once it might fail at once, for ever.
            self.watching = false;
            self.next_look = Instant::now() + self.times.watch;
        } else {
            self.look_soon();
        }
    }

    /// An event may come in several parts: the card first, its answer to reset a moment later.
    fn look_soon(&mut self) {
        self.next_look = Instant::now();
        self.settle = SETTLE_LOOKS;
    }

    /// Looks up what is plugged in and tells the watchers what changed.
    pub(super) async fn look(&mut self) {
        let mut failed = None;
        // An event that comes during this look sets its own.
        let settle = std::mem::take(&mut self.settle);
        // Also where it said no: the card service may have come meanwhile.
        if !self.watching
            && let Ok(TokenReply::Watching(told)) =
                self.call(TokenCall::Watch, self.times.list).await
        {
            self.watching = told;
        }
        let present = match self.call(TokenCall::Presence, self.times.list).await {
            Ok(TokenReply::Presence(present)) => {
                self.backoff = 1;
                present
            }
            // Its card went in the middle of the look, and the module with it; the next look starts
            // both anew.
            Err(TokenError::TokenRemoved) => {
                self.session = None;
                self.end_worker().await;
                Vec::new()
            }
            other => {
                failed = Some(match other {
                    Ok(reply) => unexpected(&reply),
                    Err(error) => error,
                });
                self.backoff = (self.backoff * 2).min(MAX_WATCH_BACKOFF);
                // After a restart of the card service a module stays broken until it is loaded
                // anew. A session cannot be alive in that state.
                self.session = None;
                self.end_worker().await;
                Vec::new()
            }
        };
        let is_news = self.tell(&present, failed.as_ref());
        if self.settle > 0 {
            return;
        }
        self.settle = match settle.saturating_sub(1) {
            left if is_news => left.min(LAST_LOOKS),
            left => left,
        };
        let pause = match (failed, settle) {
            (Some(_), _) => self.times.watch * self.backoff,
            (None, 1..) => SETTLE_PAUSE.min(self.times.watch),
            (None, 0) if self.watching => self.times.watch * TOLD_PAUSE,
            (None, 0) => self.times.watch,
        };
        self.next_look = Instant::now() + pause;
    }

    /// Tells the watchers what has changed since they were told last; whether anything has.
    fn tell(&mut self, present: &[PresentToken], failed: Option<&TokenError>) -> bool {
        let mut is_news = false;
        for watcher in &mut self.watchers {
            for change in changes(&watcher.told, present) {
                is_news = true;
                ignore(watcher.events.send(change));
            }
            watcher.told = present.to_vec();
            if !watcher.asked || watcher.failed.as_ref() != failed {
                watcher.asked = true;
                let news = match failed {
                    Some(error) => TokenEvent::Failed(error.clone()),
                    None => TokenEvent::Healed,
                };
                ignore(watcher.events.send(news));
                watcher.failed = failed.cloned();
            }
        }
        is_news
    }
}

/// What turns one picture into the other: what went, what came, what is changed.
fn changes(old: &[PresentToken], new: &[PresentToken]) -> Vec<TokenEvent> {
    let gone = old
        .iter()
        .filter(|token| !new.iter().any(|other| other.is_same(token)))
        .map(|token| TokenEvent::Removed(token.clone()));
    let came = new.iter().filter_map(
        |token| match old.iter().find(|other| other.is_same(token)) {
            None => Some(TokenEvent::Inserted(token.clone())),
            Some(same) if same != token => Some(TokenEvent::Updated(token.clone())),
            Some(_) => None,
        },
    );
    gone.chain(came).collect()
}
