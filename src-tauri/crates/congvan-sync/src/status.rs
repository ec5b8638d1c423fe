use congvan_model::{Sha256, Timestamp};

/// How the desk stands to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Network {
    /// Not known yet.
    Connecting,
    /// The server answers.
    Online,
    /// The server answers and asks for patience.
    Busy,
    /// The server does not answer.
    Offline,
    /// Something else answers in its place.
    WrongNetwork,
    /// The certificate is not the province's.
    Untrusted,
}

impl Network {
    /// Whether requests make sense.
    #[must_use]
    pub fn is_up(self) -> bool {
        match self {
            Self::Online | Self::Busy => true,
            Self::Connecting | Self::Offline | Self::WrongNetwork | Self::Untrusted => false,
        }
    }
}

/// The line at the top right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// How it stands.
    pub network: Network,
    /// Since when (wall clock).
    pub since: Timestamp,
    /// The session has ended: a person must log in to send and receive.
    pub needs_login: bool,
    /// A round is under way.
    pub syncing: bool,
    /// Intents the server has not settled.
    pub unsent: u32,
    /// Files still to be fetched.
    pub downloads_waiting: u32,
    /// Files on their way up.
    pub uploading: Vec<Sha256>,
    /// Files on their way down.
    pub downloading: Vec<Sha256>,
}
