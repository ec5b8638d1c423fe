use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{PinState, Placement, PlacementSource};
use crate::ErrorCode;

/// One document to be signed, as it was shown.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct BatchItemArgs {
    /// The document.
    pub document: String,
    /// The file.
    pub file: String,
    /// Hash of what was shown: only that is signed.
    pub shown: String,
    /// Where; none = what `placement_get` answers.
    pub placement: Option<Placement>,
}

/// Arguments of `batch_preflight` and `batch_sign`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct BatchArgs {
    /// The documents in the order of signing; none listed = everything marked in the tray.
    pub items: Vec<BatchItemArgs>,
    /// Module.
    pub module: String,
    /// Token.
    pub token_serial: String,
    /// Certificate, by the hash of its DER.
    pub certificate: String,
}

/// Answer of `batch_preflight`: what would happen, before anyone is asked for a PIN.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct BatchPreflight {
    /// One finding for each document, in the order of signing.
    pub items: Vec<PreflightItem>,
    /// How many are ready.
    pub ready: u32,
    /// Why the token cannot be used; none when it can.
    pub token: Option<ErrorCode>,
    /// Label of the token.
    pub token_label: String,
    /// Tries left, as far as the token says; none without a token.
    pub pin_state: Option<PinState>,
    /// The PIN is typed on the reader itself.
    pub pin_pad: bool,
    /// Why the certificate cannot sign; none when it can.
    pub certificate: Option<ErrorCode>,
    /// Whose certificate.
    pub subject: String,
    /// Whether `batch_sign` would start: token and certificate are good and something is ready.
    pub can_start: bool,
}

/// What preflight found about one document.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PreflightItem {
    /// The document.
    pub document: String,
    /// The file.
    pub file: String,
    /// Hash of what would be signed.
    pub shown: String,
    /// Its notation or subject.
    pub title: String,
    /// Why it would be skipped; none = ready. `SHOWN_IS_STALE`, `READING_REQUIRED`,
    /// `FILE_NOT_HERE`, `ALREADY_SIGNED`, `NOT_FOUND`, `PDF_PASSWORD`, `PDF_CORRUPT`,
    /// `SIGN_REFUSED`.
    pub code: Option<ErrorCode>,
    /// With `SIGN_REFUSED`: `CERTIFIED`, `LOCKED_BY_SIGNATURE`, `ENCRYPTED`.
    pub reason: Option<String>,
    /// Where the signature would go; none when it is not ready.
    pub placement: Option<Placement>,
    /// Where that place comes from; none when it was given or it is not ready.
    pub source: Option<PlacementSource>,
}

/// The stages of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BatchStage {
    /// Documents, token and certificate are examined.
    Checking,
    /// The PIN window is open (or the reader waits for the PIN).
    WaitingForPin,
    /// The token signs.
    Signing,
    /// Cancelled: the document in the token is finished, then it stops.
    Stopping,
    /// It has ended; nothing is left unsigned but what was skipped or failed.
    Finished,
    /// It has stopped before its end: `stopped_by` says why; `batch_resume` goes on.
    Stopped,
    /// The program or the machine ended in the middle of it; `batch_resume` goes on.
    Interrupted,
}

/// Where one document of a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BatchItemState {
    /// Its turn has not come.
    Waiting,
    /// It is examined and the signature's place made.
    Preparing,
    /// It is in the token, or its signature is checked and written to disk.
    Signing,
    /// Signed, durable on this machine and in the outbox.
    Signed,
    /// Not signed because of a finding before the token was asked: `code`.
    Skipped,
    /// Not signed because something went wrong with this document: `code`.
    Failed,
    /// The batch ended before its turn; unchanged. `batch_resume` signs it.
    Untouched,
}

/// One document of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BatchItem {
    /// The document.
    pub document: String,
    /// The file.
    pub file: String,
    /// Its notation or subject.
    pub title: String,
    /// Where it stands.
    pub state: BatchItemState,
    /// Why it was skipped or failed.
    pub code: Option<ErrorCode>,
    /// With `SIGN_REFUSED`: which rule of the document forbids it.
    pub reason: Option<String>,
    /// Level reached, e.g. `B-B`; rises later, when completion has worked.
    pub level: Option<String>,
    /// Hash of the signed state.
    pub sha256: Option<String>,
}

/// A batch: the one under way, or the last one that nobody has closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BatchView {
    /// Names it.
    pub id: String,
    /// Where it stands.
    pub stage: BatchStage,
    /// Documents with a final state.
    pub done: u32,
    /// Documents signed.
    pub signed: u32,
    /// Documents in all.
    pub total: u32,
    /// Every document, in the order of signing.
    pub items: Vec<BatchItem>,
    /// Why it stopped before its end: a token, PIN, key, disk or session error, or
    /// `BATCH_CANCELLED`, `PIN_CANCELLED`.
    pub stopped_by: Option<ErrorCode>,
    /// Whether `batch_resume` would sign anything.
    pub can_resume: bool,
    /// The token's label.
    pub token: String,
    /// When it started.
    pub started: i64,
    /// When it ended.
    pub finished: Option<i64>,
    /// Milliseconds of work (waiting for the PIN left out).
    pub elapsed_ms: u32,
    /// Milliseconds of these that the token itself worked.
    pub token_ms: u32,
}

/// Answer of `batch_view`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BatchDesk {
    /// The batch; none when there is nothing to show.
    pub batch: Option<BatchView>,
}

/// Names a batch.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct BatchId {
    /// `id` of a [`BatchView`].
    pub id: String,
}
