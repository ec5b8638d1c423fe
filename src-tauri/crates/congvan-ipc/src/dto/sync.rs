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

/// One act in the sync screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OutboxEntry {
    /// The op.
    pub id: String,
    /// The document it is about.
    pub document: String,
    /// Its notation or subject, for people.
    pub document_title: String,
    /// `add_opinion`, `link_revision`, `mark_read`.
    pub kind: String,
    /// When the user did it.
    pub at: i64,
    /// Where it stands.
    pub state: OutboxState,
    /// Problem code of a conflict or rejection.
    pub problem: Option<String>,
    /// A person has seen the conflict or rejection and let it go.
    pub dismissed: bool,
    /// Four digits of the receipt.
    pub receipt: Option<String>,
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
}

/// The one event: tags, never data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Changed {
    /// What to re-read.
    pub tags: Vec<ChangeTag>,
}
