//! One run of a batch: login, the three stages side by side, and the end.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use congvan_store::{BatchEnd, BatchId, BatchRecord, ItemFate, fail_point};
use congvan_worker::SessionId;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    BatchItemOrder, BatchItemState, BatchStage, Terms, code_of, live::EVENT_GAP, live::Stops,
    stages,
};
use crate::{ChangeTag, Desk, DeskError, PinMode, PinRequest, Placement, Result, session::Session};

/// Documents prepared before the token asks for them.
const AHEAD: usize = 4;
/// Signatures that may wait for the disk before the token has to.
const BEHIND: usize = 16;
/// The driver looks at the whole outbox when it is told, so it is told no more often than this.
const DRIVER_GAP: Duration = Duration::from_secs(2);

/// A document whose turn is to come: its place in the batch, and what is to be signed.
pub(super) struct Planned {
    pub(super) place: usize,
    pub(super) order: BatchItemOrder,
    pub(super) title: String,
}

/// The unsigned documents of a batch in their order.
pub(super) fn plan(record: &BatchRecord) -> Vec<Planned> {
    let items = record.items.iter().enumerate();
    items
        .filter(|(_, (_, fate))| *fate == ItemFate::Waiting)
        .map(|(place, (entry, _))| Planned {
            place,
            title: entry.title.clone(),
            order: BatchItemOrder {
                document: entry.document,
                file: entry.file,
                shown: entry.shown,
                placement: entry.placement.map(|at| Placement {
                    page: at.page.and_then(|page| page.try_into().ok()).unwrap_or(0),
                    x: at.x,
                    y: at.y,
                    width: at.width,
                    height: at.height,
                }),
            },
        })
        .collect()
}

/// One run.
pub(super) struct Run {
    pub(super) desk: Arc<Desk>,
    pub(super) session: Arc<Session>,
    pub(super) terms: Terms,
    pub(super) id: BatchId,
    pub(super) stops: Stops,
    plan: Vec<Planned>,
    /// Set by the first fault that stops the batch.
    halt: CancellationToken,
    fault: Mutex<Option<DeskError>>,
    token_us: AtomicU64,
    begun: Mutex<Option<Instant>>,
    driver_told: Mutex<Instant>,
}

impl Run {
    pub(super) fn new(
        (desk, session): (Arc<Desk>, Arc<Session>),
        terms: Terms,
        (id, plan): (BatchId, Vec<Planned>),
        stops: Stops,
    ) -> Self {
        Self {
            desk,
            session,
            terms,
            id,
            stops,
            plan,
            halt: CancellationToken::new(),
            fault: Mutex::default(),
            token_us: AtomicU64::new(0),
            begun: Mutex::default(),
            driver_told: Mutex::new(Instant::now()),
        }
    }

    /// Signs what can be signed, and writes down how it ended.
    pub(super) async fn work(mut self) {
        let plan = std::mem::take(&mut self.plan);
        let wanted = plan.len();
        let signed = self.sign_all(plan).await.unwrap_or_else(|error| {
            self.stop(error);
            0
        });
        tracing::info!(batch = %self.id.0, wanted, signed, "the batch has ended");
        fail_point("batch.ending");
        // Closed with the desk: it stays "running", and the next start shows it as interrupted.
        if !self.stops.now.is_cancelled() {
            let end = self.end();
            let (id, now) = (self.id, self.desk.now());
            let written = self
                .session
                .with_store(move |store| store.batch_end(id, &end, now))
                .await;
            if let Err(error) = written {
                tracing::warn!(%error, "the end of the batch is not written");
            }
        }
        self.desk.batches().end();
        self.desk.acted(&self.session);
        self.tell();
    }

    async fn sign_all(&self, plan: Vec<Planned>) -> Result<usize> {
        let token = tokio::select! {
            biased;
            token = self.log_in(&plan) => token?,
            never = self.look_ahead(&plan) => match never {},
        };
        fail_point("batch.logged-in");
        self.desk.batches().stage(BatchStage::Signing);
        self.tell();
        let (ready, prepared) = mpsc::channel(AHEAD);
        let (raw, signatures) = mpsc::channel(BEHIND);
        let (sound, finished) = mpsc::channel(BEHIND);
        let stages = async {
            tokio::join!(
                self.prepare_all(plan, ready),
                self.sign_prepared(token, prepared, raw),
                stages::finish_all(self, signatures, sound),
                stages::link_all(self, finished),
            )
        };
        tokio::select! {
            (_, (), (), signed) = stages => Ok(signed),
            never = self.tell_the_rest() => match never {},
        }
    }

    /// While a person types the PIN: what each document has for number and day, so that the token
    /// does not wait for it.
    async fn look_ahead(&self, plan: &[Planned]) -> Infallible {
        for planned in plan {
            if let Err(error) = stages::look_at(self, planned).await {
                // It is met again when the document's turn comes, and told then.
                tracing::info!(%error, "a document could not be looked at ahead of its turn");
            }
        }
        std::future::pending().await
    }

    /// The last of several quick changes is told too, while the token is slow.
    async fn tell_the_rest(&self) -> Infallible {
        loop {
            tokio::time::sleep(EVENT_GAP).await;
            if self.desk.batches().take_untold() {
                self.progress();
            }
        }
    }

    /// PIN window and login. The PIN goes to the worker and nowhere else; every later signature of
    /// the run uses this login.
    async fn log_in(&self, plan: &[Planned]) -> Result<SessionId> {
        self.desk.batches().stage(BatchStage::WaitingForPin);
        self.tell();
        let token = &self.terms.token;
        let request = PinRequest {
            id: 0,
            token: token.label.clone(),
            pin_state: token.pin_state,
            subject: self.terms.signer.summary.name.clone(),
            document: match plan {
                [only] => only.title.clone(),
                _ => String::new(),
            },
            count: u32::try_from(plan.len()).unwrap_or(u32::MAX),
            mode: PinMode::of(token),
            length: (token.pin_min, token.pin_max),
        };
        let cancelled = async {
            self.stops.gently.cancelled().await;
            // The window that is open closes, and whoever waits for it hears of a cancellation.
            self.desk.pins().close_all();
            std::future::pending::<()>().await;
        };
        let entry = tokio::select! {
            biased;
            entry = self.desk.enter_pin(request) => entry?,
            () = cancelled => return Err(DeskError::PinCancelled),
        };
        *self.begun.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        let opening = self.desk.token().open_session(
            &self.terms.module,
            &self.terms.kept.token_serial,
            self.terms.kept.certificate,
            entry.pin,
            entry.final_try_consent,
        );
        tokio::select! {
            session = opening => Ok(session?),
            () = self.stops.now.cancelled() => Err(DeskError::PinCancelled),
        }
    }

    /// Prepares documents in their order, as far ahead as the channel has room.
    async fn prepare_all(&self, plan: Vec<Planned>, ready: mpsc::Sender<stages::Ready>) {
        for planned in plan {
            if self.is_over() {
                break;
            }
            let place = planned.place;
            self.moved(place, BatchItemState::Preparing);
            match stages::prepare_one(self, planned).await {
                Ok(prepared) => {
                    fail_point("batch.prepared");
                    if ready.send(prepared).await.is_err() {
                        break;
                    }
                }
                Err(error) => self.refuse(place, error, false).await,
            }
        }
    }

    /// One signature after the other; any fault here stops the batch.
    async fn sign_prepared(
        &self,
        token: SessionId,
        mut prepared: mpsc::Receiver<stages::Ready>,
        raw: mpsc::Sender<stages::Raw>,
    ) {
        while let Some(ready) = prepared.recv().await {
            if self.is_over() {
                break;
            }
            self.moved(ready.place, BatchItemState::Signing);
            let started = Instant::now();
            let (algorithm, attributes) = ready.wanted();
            let answer = tokio::select! {
                answer = self.desk.token().sign(&token, algorithm, &attributes) => answer,
                () = self.stops.now.cancelled() => break,
            };
            let spent = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.token_us.fetch_add(spent, Ordering::Relaxed);
            fail_point("batch.token-answered");
            match answer {
                Ok(signature) => {
                    if raw.send(ready.signed(signature)).await.is_err() {
                        break;
                    }
                }
                Err(error) => {
                    self.stop(error.into());
                    break;
                }
            }
        }
        if let Err(error) = self.desk.token().close_session(token).await {
            tracing::info!(%error, "the token's session did not close in good order");
        }
    }

    /// Whether no further document may be begun.
    pub(super) fn is_over(&self) -> bool {
        self.halt.is_cancelled() || self.stops.gently.is_cancelled()
    }

    /// A fault that stops the batch; the first one is what the report names.
    pub(super) fn stop(&self, error: DeskError) {
        tracing::info!(batch = %self.id.0, %error, "the batch stops");
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.get_or_insert(error);
        self.halt.cancel();
    }

    /// A document cannot be signed: it is skipped or has failed, or the batch stops.
    pub(super) async fn refuse(&self, place: usize, error: DeskError, after_token: bool) {
        if !super::codes::is_of_one_document(&error) {
            self.moved(place, BatchItemState::Waiting);
            self.stop(error);
            return;
        }
        let (code, reason) = code_of(&error);
        let (fate, state) = if after_token {
            (
                ItemFate::Failed {
                    code: code.clone(),
                    reason: reason.clone(),
                },
                BatchItemState::Failed { code, reason },
            )
        } else {
            (
                ItemFate::Skipped {
                    code: code.clone(),
                    reason: reason.clone(),
                },
                BatchItemState::Skipped { code, reason },
            )
        };
        let id = self.id;
        let written = self
            .session
            .with_store(move |store| store.batch_settle(id, place, &fate))
            .await;
        match written {
            Ok(()) => self.moved(place, state),
            Err(error) => self.stop(error),
        }
    }

    /// A document has moved on.
    pub(super) fn moved(&self, place: usize, state: BatchItemState) {
        if self.desk.batches().items([(place, state)]) {
            self.progress();
        }
    }

    /// Tells the face, and from time to time the driver, so that what is signed goes out.
    pub(super) fn progress(&self) {
        let (elapsed_ms, token_ms) = self.clock();
        self.desk.batches().clock(elapsed_ms, token_ms);
        self.tell();
        let mut told = self
            .driver_told
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if told.elapsed() >= DRIVER_GAP {
            *told = Instant::now();
            self.desk.acted(&self.session);
        }
    }

    fn tell(&self) {
        self.desk.events_bus().changed(&[ChangeTag::Signing]);
    }

    /// Milliseconds of this run, and of these in the token.
    fn clock(&self) -> (u64, u64) {
        let begun = *self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = begun.map(|begun| begun.elapsed().as_millis());
        (
            elapsed.map_or(0, |ms| u64::try_from(ms).unwrap_or(u64::MAX)),
            self.token_us.load(Ordering::Relaxed) / 1_000,
        )
    }

    fn end(&self) -> BatchEnd {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        let is_left = self.desk.batches().view().is_some_and(|view| {
            let mut states = view.items.iter().map(|item| &item.state);
            states.any(|state| !super::BatchView::is_final(state))
        });
        let cancelled = is_left.then(|| "BATCH_CANCELLED".to_owned());
        let (elapsed_ms, token_ms) = self.clock();
        BatchEnd {
            stopped_by: fault.as_ref().map(|error| code_of(error).0).or(cancelled),
            elapsed_ms,
            token_ms,
        }
    }
}
