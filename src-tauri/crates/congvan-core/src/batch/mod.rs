//! Signing many documents with one PIN.
//!
//! A batch is written down before the PIN window opens, and a document of it counts as signed in the
//! very transaction that links its new revision. So whenever the program or the machine ends, each
//! document has none or one new signature, the report knows which, and [`Desk::batch_resume`] signs
//! the rest under a new PIN.
//!
//! Stop rule: token, PIN, key, session and disk faults stop the batch; a fault of one document skips
//! that document; the network is never asked anything.

mod codes;
mod live;
mod preflight;
mod run;
mod stages;

use std::sync::Arc;

use congvan_model::{DocumentId, FileId, Sha256, Timestamp};
use congvan_protocol::SignatureLevel;
use congvan_store::{BatchEntry, BatchRecord, BatchStep, BatchTerms, ItemFate};
use congvan_worker::{PinState, TokenInfo};

pub use congvan_store::BatchId;

use crate::{
    ChangeTag, Desk, DeskError, Placement, PlacementSource, Result, engine::Signer,
    session::Session,
};

pub(crate) use codes::code_of;
pub(crate) use live::BatchDesk;

/// One document to be signed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchItemOrder {
    /// The document.
    pub document: DocumentId,
    /// The file.
    pub file: FileId,
    /// Hash of what was on the screen: only that is signed.
    pub shown: Sha256,
    /// Where; none = what [`Desk::placement`] answers.
    pub placement: Option<Placement>,
}

/// What a person wants signed with one PIN.
#[derive(Clone, Debug)]
pub struct BatchOrder {
    /// The documents in the order of signing; none = everything that is marked.
    pub items: Vec<BatchItemOrder>,
    /// Module, by its id.
    pub module: String,
    /// Token, by serial number.
    pub token_serial: String,
    /// Certificate, by the hash of its DER.
    pub certificate: Sha256,
}

/// What signing would meet.
#[derive(Debug)]
pub struct Preflight {
    /// One finding for each document, in the order of signing.
    pub items: Vec<Finding>,
    /// The token's label and what it says of the PIN, or why it cannot be used.
    pub token: Result<PreflightToken>,
    /// Whose certificate, or why it cannot sign; none when the token cannot be read.
    pub certificate: Option<Result<String>>,
}

impl Preflight {
    /// How many documents are ready.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.items.iter().filter(|item| item.place.is_ok()).count()
    }
}

/// What the token says before anyone types a PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreflightToken {
    /// Its label.
    pub label: String,
    /// Tries left, as far as it says.
    pub pin_state: PinState,
    /// The PIN is typed on the reader.
    pub pin_pad: bool,
}

/// What preflight found about one document.
#[derive(Debug)]
pub struct Finding {
    /// What was asked.
    pub order: BatchItemOrder,
    /// Notation or subject.
    pub title: String,
    /// Where the signature would go and where that place comes from (none: it was given), or why
    /// the document would be skipped.
    pub place: Result<(Placement, Option<PlacementSource>)>,
}

/// The stages of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchStage {
    /// Token and certificate are examined.
    Checking,
    /// The PIN window is open.
    WaitingForPin,
    /// The token signs.
    Signing,
    /// Cancelled: the document in the token is finished.
    Stopping,
    /// Through.
    Finished,
    /// Ended before its end.
    Stopped,
    /// The program ended in the middle of it.
    Interrupted,
}

/// Where one document of a batch stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchItemState {
    /// Its turn has not come.
    Waiting,
    /// It is examined and the signature's place made.
    Preparing,
    /// It is in the token, or on its way to the disk.
    Signing,
    /// Durable here and in the outbox.
    Signed {
        /// The signed state.
        sha256: Sha256,
        /// Level reached then.
        level: SignatureLevel,
    },
    /// Not signed because of a finding.
    Skipped {
        /// Its code, one of the border's.
        code: String,
        /// More about it.
        reason: Option<String>,
    },
    /// Not signed because something went wrong with it.
    Failed {
        /// Its code, one of the border's.
        code: String,
        /// More about it.
        reason: Option<String>,
    },
    /// The batch ended before its turn.
    Untouched,
}

/// One document of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchItem {
    /// The document.
    pub document: DocumentId,
    /// The file.
    pub file: FileId,
    /// Notation or subject.
    pub title: String,
    /// Where it stands.
    pub state: BatchItemState,
}

/// A batch, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchView {
    /// Names it.
    pub id: BatchId,
    /// Where it stands.
    pub stage: BatchStage,
    /// Its documents in the order of signing.
    pub items: Vec<BatchItem>,
    /// Code of what stopped it.
    pub stopped_by: Option<String>,
    /// The token's label.
    pub token: String,
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// Milliseconds of work, waiting for the PIN left out.
    pub elapsed_ms: u64,
    /// Milliseconds of these in the token.
    pub token_ms: u64,
}

impl BatchView {
    /// Whether a document's state will change no more in this run.
    fn is_final(state: &BatchItemState) -> bool {
        match state {
            BatchItemState::Waiting | BatchItemState::Preparing | BatchItemState::Signing => false,
            BatchItemState::Signed { .. }
            | BatchItemState::Skipped { .. }
            | BatchItemState::Failed { .. }
            | BatchItemState::Untouched => true,
        }
    }

    /// Documents with a final state.
    #[must_use]
    pub fn done(&self) -> usize {
        let states = self.items.iter().map(|item| &item.state);
        states.filter(|state| Self::is_final(state)).count()
    }

    /// Documents signed.
    #[must_use]
    pub fn signed(&self) -> usize {
        let states = self.items.iter().map(|item| &item.state);
        states
            .filter(|state| matches!(state, BatchItemState::Signed { .. }))
            .count()
    }

    /// Whether resuming would sign anything.
    #[must_use]
    pub fn can_resume(&self) -> bool {
        let is_over = matches!(self.stage, BatchStage::Stopped | BatchStage::Interrupted);
        is_over
            && self
                .items
                .iter()
                .any(|item| item.state == BatchItemState::Untouched)
    }

    /// As it is kept; one that the database calls running and nobody runs was interrupted.
    fn kept(record: BatchRecord) -> Self {
        let is_left = record
            .items
            .iter()
            .any(|(_, fate)| *fate == ItemFate::Waiting);
        Self {
            id: record.id,
            stage: match record.step {
                BatchStep::Running if is_left => BatchStage::Interrupted,
                // Only the note of its end is missing.
                BatchStep::Running => BatchStage::Finished,
                BatchStep::Finished => BatchStage::Finished,
                BatchStep::Stopped => BatchStage::Stopped,
            },
            items: record.items.into_iter().map(kept_item).collect(),
            stopped_by: record.stopped_by,
            token: record.terms.token_label,
            started: record.started,
            finished: record.finished,
            elapsed_ms: record.elapsed_ms,
            token_ms: record.token_ms,
        }
    }
}

fn kept_item((entry, fate): (BatchEntry, ItemFate)) -> BatchItem {
    BatchItem {
        document: entry.document,
        file: entry.file,
        title: entry.title,
        state: match fate {
            ItemFate::Waiting => BatchItemState::Untouched,
            ItemFate::Signed { child, level } => BatchItemState::Signed {
                sha256: child,
                level,
            },
            ItemFate::Skipped { code, reason } => BatchItemState::Skipped { code, reason },
            ItemFate::Failed { code, reason } => BatchItemState::Failed { code, reason },
        },
    }
}

/// Everything a run of a batch needs, checked.
struct Terms {
    kept: BatchTerms,
    module: std::path::PathBuf,
    token: TokenInfo,
    signer: Arc<Signer>,
}

impl Desk {
    /// The batch under way, or the last one that nobody has closed.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn batch_view(&self) -> Result<Option<BatchView>> {
        let session = self.session().await?;
        if let Some(view) = self.batches().view() {
            return Ok(Some(view));
        }
        let record = session.with_store(|store| store.batch_shown()).await?;
        Ok(record.map(BatchView::kept))
    }

    /// Writes the batch down and starts it; answers before the PIN window opens.
    ///
    /// # Errors
    /// `SigningBusy`, `NothingToSign`, token and certificate faults, disk errors: then nothing was
    /// started.
    pub async fn batch_sign(self: &Arc<Self>, order: BatchOrder) -> Result<BatchView> {
        let turn = self.signing_desk().turn()?;
        let session = self.session().await?;
        let (terms, findings) = self.batch_terms(&session, order).await?;
        if findings.iter().all(|finding| finding.place.is_err()) {
            return Err(DeskError::NothingToSign);
        }
        let entries: Vec<BatchEntry> = findings.iter().map(preflight::entry).collect();
        let skipped: Vec<(usize, ItemFate)> = findings
            .iter()
            .enumerate()
            .filter_map(|(place, finding)| {
                let (code, reason) = code_of(finding.place.as_ref().err()?);
                Some((place, ItemFate::Skipped { code, reason }))
            })
            .collect();
        let (kept, now) = (terms.kept.clone(), self.now());
        let record = session
            .with_store(move |store| {
                let id = store.batch_create(&kept, &entries, now)?;
                for (place, fate) in &skipped {
                    store.batch_settle(id, *place, fate)?;
                }
                store.batch_shown()
            })
            .await?
            .ok_or(DeskError::NotFound)?;
        Ok(self.start_batch(turn, (session, terms), record))
    }

    /// Signs what is still unsigned of a batch that stopped; asks for the PIN anew.
    ///
    /// # Errors
    /// As [`Desk::batch_sign`], and `NotFound`.
    pub async fn batch_resume(self: &Arc<Self>, id: BatchId) -> Result<BatchView> {
        let turn = self.signing_desk().turn()?;
        let session = self.session().await?;
        let record = session
            .with_store(|store| store.batch_shown())
            .await?
            .filter(|record| record.id == id)
            .ok_or(DeskError::NotFound)?;
        let is_left = |(_, fate): &(BatchEntry, ItemFate)| *fate == ItemFate::Waiting;
        if !record.items.iter().any(is_left) {
            return Err(DeskError::NothingToSign);
        }
        let terms = self.token_terms(&session, &record.terms).await?;
        session
            .with_store(move |store| store.batch_restart(id))
            .await?;
        Ok(self.start_batch(turn, (session, terms), record))
    }

    /// Finishes the document that is in the token, then stops. Without a batch nothing happens.
    pub fn batch_cancel(&self) {
        if self.batches().cancel() {
            self.pins().close_all();
            self.events_bus().changed(&[ChangeTag::Signing]);
        }
    }

    /// The report has been read.
    ///
    /// # Errors
    /// `SigningBusy` while it is under way, `NotFound`, disk errors.
    pub async fn batch_dismiss(&self, id: BatchId) -> Result<()> {
        let session = self.session().await?;
        if self.batches().view().is_some_and(|view| view.id == id) {
            return Err(DeskError::SigningBusy);
        }
        let now = self.now();
        session
            .with_store(move |store| {
                let shown = store.batch_shown()?;
                if shown.is_none_or(|record| record.id != id) {
                    return Ok(Err(DeskError::NotFound));
                }
                store.batch_dismiss(id, now).map(Ok)
            })
            .await??;
        self.events_bus().changed(&[ChangeTag::Signing]);
        Ok(())
    }

    /// Ends the batch under way as fast as can be without harm, and waits for it: what is signed is
    /// stored, the rest stays for later.
    pub(crate) async fn leave_batch(&self) {
        if self.batches().abandon() {
            self.pins().close_all();
            self.signing_desk().quiet().await;
        }
    }

    fn start_batch(
        self: &Arc<Self>,
        turn: tokio::sync::OwnedMutexGuard<()>,
        (session, terms): (Arc<Session>, Terms),
        record: BatchRecord,
    ) -> BatchView {
        let plan = run::plan(&record);
        let mut view = BatchView::kept(record);
        view.stage = BatchStage::Checking;
        view.stopped_by = None;
        view.finished = None;
        for item in &mut view.items {
            if item.state == BatchItemState::Untouched {
                item.state = BatchItemState::Waiting;
            }
        }
        let stops = self.batches().begin(view.clone());
        let run = run::Run::new((self.clone(), session), terms, (view.id, plan), stops);
        self.tasks().spawn(async move {
            run.work().await;
            drop(turn);
        });
        self.events_bus().changed(&[ChangeTag::Signing]);
        view
    }
}
