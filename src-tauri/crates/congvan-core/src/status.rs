use congvan_model::{DocumentId, Sha256, Timestamp};
use congvan_protocol::Load;

/// How the desk stands to the province's server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkState {
    /// Just started; nothing known yet.
    Connecting,
    /// The server answers.
    Online,
    /// It answers and asks for patience.
    Busy,
    /// It does not answer.
    Offline,
    /// Something else answers in its place.
    WrongNetwork,
    /// Its certificate is not the province's.
    Untrusted,
    /// The office's proxy wants a name and a password.
    ProxyAuthNeeded,
    /// The office's proxy does not let us through.
    ProxyRefused,
    /// The session has ended; a person must log in. Everything here still works.
    NeedsLogin,
}

/// A file on the move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Which.
    pub sha256: Sha256,
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
    /// The document it belongs to, with its notation or subject; none when it is no longer here.
    pub document: Option<(DocumentId, String)>,
}

/// Who is at fault when a file does not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// The line broke.
    Network,
    /// The server has a fault, or the bytes that came were not those that were announced.
    Server,
    /// The server refuses this file: gone, or not for this account.
    Refused,
    /// The server takes no file of this size.
    TooLarge,
    /// This machine: disk full, file damaged.
    Machine,
}

/// A file that does not get through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferTrouble {
    /// Which.
    pub sha256: Sha256,
    /// Up, else down.
    pub upload: bool,
    /// Who is at fault.
    pub kind: TroubleKind,
    /// Failures in a row.
    pub failures: u32,
    /// It is not tried again by itself; a person must ask for it ("Thử lại").
    pub given_up: bool,
    /// The document it belongs to, with its notation or subject; none when it is no longer here.
    pub document: Option<(DocumentId, String)>,
}

/// What the network line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncStatus {
    /// How it stands.
    pub network: NetworkState,
    /// Since when.
    pub since: Timestamp,
    /// When a round last left nothing waiting.
    pub last_sync: Option<Timestamp>,
    /// Acts the server has not received.
    pub unsent: u32,
    /// Acts a person must look at.
    pub needs_attention: u32,
    /// Files still to come.
    pub downloads_waiting: u32,
    /// A round is under way.
    pub syncing: bool,
    /// What is on the move.
    pub transfers: Vec<Transfer>,
    /// Seconds until all that may travel now has travelled, at the speed of now.
    pub remaining_s: Option<u64>,
    /// Files that failed again and again, or for good.
    pub troubles: Vec<TransferTrouble>,
    /// A person has paused the exchange.
    pub paused: bool,
    /// When it goes on by itself; none until the person says so.
    pub paused_until: Option<Timestamp>,
    /// How busy the server says it is.
    pub load: Load,
    /// The server tells of news by itself; else it is asked from time to time.
    pub live: bool,
    /// The desk is being compared with the server.
    pub comparing: bool,
    /// Things that comparisons found different and healed, in this run.
    pub healed: u32,
    /// Removals that wait for a person or for proof.
    pub held_removals: u32,
    /// How often work stood still and was started anew, in this run.
    pub stalls: u32,
    /// The server's clock minus the machine's, ms, where that is more than five minutes.
    pub clock_wrong_by_ms: Option<i64>,
}

impl SyncStatus {
    /// Before anyone has logged in.
    #[must_use]
    pub fn idle(now: Timestamp) -> Self {
        Self {
            network: NetworkState::Connecting,
            since: now,
            last_sync: None,
            unsent: 0,
            needs_attention: 0,
            downloads_waiting: 0,
            syncing: false,
            transfers: Vec::new(),
            remaining_s: None,
            troubles: Vec::new(),
            paused: false,
            paused_until: None,
            load: Load::Calm,
            live: false,
            comparing: false,
            healed: 0,
            held_removals: 0,
            stalls: 0,
            clock_wrong_by_ms: None,
        }
    }
}
