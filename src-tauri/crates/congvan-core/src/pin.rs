//! The PIN's short way: PIN window -> host -> here -> token worker. Nothing here keeps it.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use congvan_worker::Pin;
use tokio::sync::oneshot;

use crate::{DeskError, DeskEvent, PinRequest, events::EventBus};

/// A window left open longer than this is closed: the person has gone.
const PATIENCE: Duration = Duration::from_secs(180);

/// The person's answer in the PIN window.
pub struct PinAnswer {
    /// The PIN; none when the person cancelled.
    pub pin: Option<Pin>,
    /// Agreed to spend the last try.
    pub final_try_consent: bool,
}

/// The open PIN windows and who waits for each.
#[derive(Default)]
pub(crate) struct PinDesk {
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<PinAnswer>>>,
}

impl PinDesk {
    /// Opens a PIN window and waits for the person.
    pub(crate) async fn ask(
        &self,
        events: &EventBus,
        mut request: PinRequest,
    ) -> Result<PinAnswer, DeskError> {
        let id = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        request.id = id;
        let (sender, receiver) = oneshot::channel();
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, sender);
        events.send(DeskEvent::PinWanted(request));
        let answer = tokio::time::timeout(PATIENCE, receiver).await;
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
        events.send(DeskEvent::PinClosed(id));
        match answer {
            Err(_) => Err(DeskError::PinTimedOut),
            Ok(Err(_)) => Err(DeskError::PinCancelled),
            Ok(Ok(answer)) if answer.pin.is_none() => Err(DeskError::PinCancelled),
            Ok(Ok(answer)) => Ok(answer),
        }
    }

    /// Takes an answer to whoever waits; an answer nobody waits for is dropped (and zeroised).
    pub(crate) fn answer(&self, id: u64, answer: PinAnswer) {
        let waiting = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
        if let Some(sender) = waiting {
            let _ = sender.send(answer);
        }
    }
}
