//! The PIN's short way: PIN window -> host -> here -> token worker. Nothing here keeps it.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use congvan_worker::{Pin, PinState};
use tokio::sync::oneshot;

use crate::{Desk, DeskError, DeskEvent, PinMode, PinRequest, events::EventBus};

/// A window left open longer than this is closed: the person has gone.
const PATIENCE: Duration = Duration::from_secs(180);

/// The person's answer in the PIN window.
pub struct PinAnswer {
    /// The PIN; none when the person cancelled, or has nothing to type here ([`PinMode::Pad`]).
    pub pin: Option<Pin>,
    /// The new PIN, when it is being changed.
    pub new_pin: Option<Pin>,
    /// Agreed to spend the last try.
    pub final_try_consent: bool,
}

/// The window that says "type on the reader"; it closes with this.
pub(crate) struct PadNotice {
    id: u64,
    events: EventBus,
}

impl Drop for PadNotice {
    fn drop(&mut self) {
        self.events.send(DeskEvent::PinClosed(self.id));
    }
}

/// What a login needs of the person.
pub(crate) struct PinEntry {
    /// The PIN; none when it is typed on the reader.
    pub(crate) pin: Option<Pin>,
    /// The new PIN, when it is being changed.
    pub(crate) new_pin: Option<Pin>,
    /// Agreed to spend the last try.
    pub(crate) final_try_consent: bool,
    /// To be kept until the token has answered.
    pub(crate) notice: Option<PadNotice>,
}

impl Desk {
    /// Asks the person for the PIN in its window. Where the reader has a keypad the window only
    /// says so, and asks for consent to the last try.
    pub(crate) async fn enter_pin(&self, request: PinRequest) -> Result<PinEntry, DeskError> {
        let (pins, events) = (self.pins(), self.events_bus());
        let is_pad = request.mode == PinMode::Pad;
        if is_pad && request.pin_state != PinState::FinalTry {
            return Ok(PinEntry {
                pin: None,
                new_pin: None,
                final_try_consent: false,
                notice: Some(pins.tell(events, request)),
            });
        }
        let answer = pins.ask(events, request.clone()).await?;
        // The tries are no matter any more: the person has agreed.
        let notice = is_pad.then(|| {
            let pin_state = PinState::CountLow;
            pins.tell(
                events,
                PinRequest {
                    pin_state,
                    ..request
                },
            )
        });
        Ok(PinEntry {
            pin: answer.pin,
            new_pin: answer.new_pin,
            final_try_consent: answer.final_try_consent,
            notice,
        })
    }
}

/// Whether the person has given what was asked for; anything less is a cancellation.
fn is_whole(mode: PinMode, answer: &PinAnswer) -> bool {
    match mode {
        PinMode::Sign => answer.pin.is_some(),
        PinMode::Change => answer.pin.is_some() && answer.new_pin.is_some(),
        PinMode::Pad => answer.final_try_consent,
    }
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
        let mode = request.mode;
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
            Ok(Ok(answer)) if is_whole(mode, &answer) => Ok(answer),
            Ok(Ok(_)) => Err(DeskError::PinCancelled),
        }
    }

    /// Opens the window that tells the person to type on the reader; it closes when the answer is
    /// dropped. Nobody can answer in it: cancelling is done on the reader, too.
    fn tell(&self, events: &EventBus, mut request: PinRequest) -> PadNotice {
        request.id = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let notice = PadNotice {
            id: request.id,
            events: events.clone(),
        };
        events.send(DeskEvent::PinWanted(request));
        notice
    }

    /// Closes every window; whoever waits for one hears of a cancellation.
    pub(crate) fn close_all(&self) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
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
