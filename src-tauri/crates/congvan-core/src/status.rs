use congvan_model::{Sha256, Timestamp};

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
        }
    }
}
