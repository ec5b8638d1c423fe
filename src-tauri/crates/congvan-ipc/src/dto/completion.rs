use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the completion of one signed file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CompletionState {
    /// Under way just now.
    Working,
    /// Due; its turn comes as soon as there is a place and a network.
    Waiting,
    /// Failed; tried again at `next_try`.
    Resting,
    /// Trying again is no use (`code`); a person may still ask for it.
    Closed,
    /// The signer's certificate was revoked before the earliest proven time: nothing may be done
    /// with the document.
    Blocked,
}

/// A signed file that has not reached the province's level, or never will.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CompletionEntry {
    /// The document.
    pub document: String,
    /// Its file; names the entry in `completion_retry`.
    pub file: String,
    /// Notation or subject of the document, for people.
    pub document_title: String,
    /// How it stands.
    pub state: CompletionState,
    /// Level reached, e.g. `B-B`.
    pub level: String,
    /// When it was signed.
    pub signed_at: i64,
    /// Attempts that failed.
    pub attempts: u32,
    /// When it is tried next; none when no attempt is planned.
    pub next_try: Option<i64>,
    /// Code of the last failure, for `completionReason.CODE`: `EVIDENCE_HOST`,
    /// `COMPLETION_REVOKED` and so on.
    pub code: Option<String>,
    /// Host of the authority whose time stamp was taken last.
    pub time_stamped_by: Option<String>,
    /// When the certificate was revoked, where that blocks the document.
    pub revoked_at: Option<i64>,
}

/// How a time stamp authority, a responder or a server of lists is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EvidenceEndpoint {
    /// Its address.
    pub url: String,
    /// Whether it is left alone after failures, and until when.
    pub resting_until: Option<i64>,
    /// How long its last good answer took, milliseconds.
    pub last_answer_ms: Option<u64>,
    /// Code of what last went wrong; none after a good answer.
    pub code: Option<String>,
    /// Time stamps asked today; none where it gives none.
    pub used_today: Option<u32>,
    /// Time stamps that may be asked a day; none where there is no limit.
    pub daily_quota: Option<u32>,
}

/// What is still to be completed, and with whose help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CompletionList {
    /// The level that the province asks for, e.g. `B-LT`.
    pub wanted: String,
    /// Whether there is anybody to ask for time stamps.
    pub has_authority: bool,
    /// The blocked first, then the oldest.
    pub entries: Vec<CompletionEntry>,
    /// Those that were asked in this run.
    pub endpoints: Vec<EvidenceEndpoint>,
}

/// Arguments of `completion_retry`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct CompletionRetry {
    /// `file` of a [`CompletionEntry`]; none = all.
    pub file: Option<String>,
}
