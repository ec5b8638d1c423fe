use congvan_model::{Sha256, Timestamp};
use congvan_protocol::Load;

use crate::event::Failure;

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
    /// Files on their way.
    pub moving: Vec<Moving>,
    /// Seconds until all that may travel now has travelled, at the speed of now.
    pub remaining_s: Option<u64>,
    /// Files that failed again and again, or for good.
    pub troubles: Vec<Trouble>,
    /// A person has paused everything.
    pub paused: bool,
    /// How busy the server says it is.
    pub load: Load,
    /// The server tells of news by itself; else it is asked from time to time.
    pub live: bool,
    /// The mirror is being compared with the server's inventory.
    pub comparing: bool,
    /// Entities that comparisons found different and healed, in this run.
    pub healed: u32,
    /// Removals that the store holds back.
    pub held_removals: u32,
    /// How often work stood still and was started anew, in this run.
    pub stalls: u32,
}

/// A file on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moving {
    /// Which.
    pub sha256: Sha256,
    /// Up, else down.
    pub upload: bool,
    /// Bytes that are there; 0 until the first report.
    pub done: u64,
    /// Bytes of the whole; 0 until the first report.
    pub total: u64,
    /// Bytes per second of the last seconds; none before it means something.
    pub rate: Option<u64>,
    /// Seconds to its end at this rate.
    pub remaining_s: Option<u64>,
}

/// A file that does not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Which.
    pub sha256: Sha256,
    /// Up, else down.
    pub upload: bool,
    /// What the last try met.
    pub failure: Failure,
    /// Failures in a row.
    pub failures: u32,
    /// It is not tried again by itself ("Cần xử lý"): only [`Event::SyncNow`](crate::Event::SyncNow)
    /// or a restart does.
    pub given_up: bool,
}
