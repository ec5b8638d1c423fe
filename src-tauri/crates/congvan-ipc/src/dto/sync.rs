use serde::Serialize;
use ts_rs::TS;

/// How the desk stands to the province's server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// The server answers.
    Online,
    /// The server does not answer.
    Offline,
    /// The server answers and asks for patience.
    Busy,
    /// Something else answers in its place.
    WrongNetwork,
    /// The server's certificate is not the province's.
    Untrusted,
    /// The office's proxy wants a name and a password.
    ProxyAuthNeeded,
    /// The office's proxy does not let us through.
    ProxyRefused,
    /// The session has ended: log in again to send and receive. Everything here still works.
    NeedsLogin,
    /// Not known yet, just started.
    Connecting,
}

/// The line at the top right, and the head of the sync screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SyncStatus {
    /// How it stands.
    pub network: Network,
    /// Since when.
    pub since: i64,
    /// When a round with the server last ended well.
    pub last_sync: Option<i64>,
    /// Acts the server has not received yet.
    pub unsent: u32,
    /// Acts a person must look at (Cần xử lý).
    pub needs_attention: u32,
    /// Files still to be downloaded.
    pub downloads_waiting: u32,
    /// Whether a round is under way.
    pub syncing: bool,
    /// Files on the move.
    pub transfers: Vec<Transfer>,
    /// Seconds until all that may travel now has travelled, at the speed of now.
    pub remaining_s: Option<u64>,
    /// Files that failed again and again, or for good.
    pub troubles: Vec<TransferTrouble>,
    /// A person has paused the exchange.
    pub paused: bool,
    /// When it goes on by itself; none until the person says so.
    pub paused_until: Option<i64>,
    /// How busy the server says it is.
    pub load: ServerLoad,
    /// The desk is being compared with the server.
    pub comparing: bool,
    /// Things that comparisons found different and healed, in this run.
    pub healed: u32,
    /// Removals in bulk that wait for a person or for proof.
    pub held_removals: u32,
    /// The server's clock minus the machine's, ms, where that is more than five minutes.
    pub clock_wrong_by_ms: Option<i64>,
}

/// How busy the server says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ServerLoad {
    /// Nothing to spare anybody.
    Calm,
    /// Nothing is fetched ahead.
    Busy,
    /// It is asked three times less often.
    Strained,
    /// Only acts, urgent documents and receipts travel.
    Critical,
}

/// A file on the move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Transfer {
    /// Its hash.
    pub sha256: String,
    /// Up or down.
    pub upload: bool,
    /// Bytes through.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
    /// Bytes a second of the last seconds; none before it means something.
    pub rate: Option<u64>,
    /// Seconds to its end at this rate.
    pub remaining_s: Option<u64>,
    /// The document it belongs to; none when it is no longer here.
    pub document: Option<String>,
    /// Its notation or subject.
    pub document_title: Option<String>,
}

/// Who is at fault when a file does not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// The line broke.
    Network,
    /// The server, or what came was not what was announced.
    Server,
    /// The server refuses this file.
    Refused,
    /// The server takes no file of this size.
    TooLarge,
    /// This machine: disk full, file damaged.
    Machine,
}

/// A file that does not get through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TransferTrouble {
    /// Its hash.
    pub sha256: String,
    /// Up, else down.
    pub upload: bool,
    /// Who is at fault.
    pub kind: TroubleKind,
    /// Failures in a row.
    pub failures: u32,
    /// It is not tried again by itself.
    pub given_up: bool,
    /// The document it belongs to; none when it is no longer here.
    pub document: Option<String>,
    /// Its notation or subject.
    pub document_title: Option<String>,
}

/// Where an act stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// Saved on this machine, not yet sent.
    Waiting,
    /// Received by the server, with a receipt.
    Received,
    /// The world changed first; a person must decide.
    Conflict,
    /// The server refused; a person must see it.
    Rejected,
}

/// What a person can do about a refused act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActChoice {
    /// Open the document and sign the state it has now.
    SignAgain,
    /// The same act once more (`outbox_again`).
    Again,
    /// Copy the words.
    CopyText,
    /// Save the signed file outside the desk (`page://localhost/copy/{id}`).
    KeepCopy,
    /// Open the document.
    Open,
    /// Let it go (`outbox_dismiss`).
    LetGo,
}

/// One act in the sync screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OutboxEntry {
    /// The op.
    pub id: String,
    /// The document it is about.
    pub document: String,
    /// Its notation or subject, for people.
    pub document_title: String,
    /// `add_opinion`, `link_revision`, `mark_read`, `register_incoming`, `void_number`,
    /// `present_document`, `withdraw_registration`, or the word of an act, e.g. `direct`.
    pub kind: String,
    /// The words of an opinion.
    pub text: Option<String>,
    /// When the user did it.
    pub at: i64,
    /// Where it stands.
    pub state: OutboxState,
    /// Problem code of a conflict or rejection.
    pub problem: Option<String>,
    /// Who was first, where another person did the same before (`ALREADY_REGISTERED`).
    pub first: Option<String>,
    /// A person has seen the conflict or rejection and let it go.
    pub dismissed: bool,
    /// What a person can do about it, the safest first; empty unless it needs one.
    pub choices: Vec<ActChoice>,
    /// Answers so far that were not final.
    pub attempts: u32,
    /// Four digits of the receipt.
    pub receipt: Option<String>,
    /// The receipt is for this act and signed by the server; false: it proves nothing; none before
    /// it was looked at.
    pub receipt_verified: Option<bool>,
    /// When the server received it.
    pub received_at: Option<i64>,
}

/// What may have changed; the face re-reads what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangeTag {
    /// Documents, their files, opinions, counts.
    Documents,
    /// Network line, outbox, transfers.
    Sync,
    /// Who is logged in.
    Session,
    /// The progress of a signing.
    Signing,
    /// Tokens plugged in or pulled, modules, training mode.
    Token,
    /// Remembered settings.
    Settings,
    /// What is known of certificates: signatures may be judged otherwise now.
    Signatures,
    /// The queue of signatures that are to be completed.
    Completion,
    /// Scans in the inbox, scanners, books and what was registered.
    Intake,
}

/// The one event: tags, never data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Changed {
    /// What to re-read.
    pub tags: Vec<ChangeTag>,
}
