use congvan_model::{DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::Load;

/// Two clocks. One never jumps and stands still while the machine sleeps; the other is the wall's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds of a monotonic clock that does not count sleep.
    pub mono_ms: u64,
    /// The machine's wall clock, as the store's times are.
    pub wall: Timestamp,
}

/// Names one effect under way. Answers with a ticket that is no longer known are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What the store knows and the machine must act on. Sent whole whenever it may have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// All unsent intents, in `local_seq` order.
    pub outbox: Vec<Pending>,
    /// Files that should be here, in no particular order.
    pub wanted: Vec<Wanted>,
}

/// An unsent intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Which.
    pub op: OpId,
    /// Its place in the outbox.
    pub local_seq: u64,
    /// Its document.
    pub lane: DocumentId,
    /// The document is khẩn or above.
    pub urgent: bool,
    /// The server asked not to send it before (wall clock).
    pub not_before: Timestamp,
    /// What must be at the server first.
    pub upload: Option<PendingUpload>,
}

/// Bytes an intent needs at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingUpload {
    /// Which.
    pub sha256: Sha256,
    /// The server has confirmed the whole.
    pub done: bool,
}

/// A file to be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which bytes.
    pub sha256: Sha256,
    /// How many.
    pub size: u64,
    /// Its document is khẩn or above.
    pub urgent: bool,
    /// This account leads, supports or is to sign.
    pub mine: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The desk has started, or an account was opened.
    Started {
        /// There is a refresh token: requests may be made.
        logged_in: bool,
        /// What the store holds.
        facts: Facts,
    },
    /// A person has logged in (again).
    LoggedIn,
    /// A person has logged out: nothing is sent or fetched until the next login.
    LoggedOut,
    /// The store has changed. After a round this comes before the round's answer.
    Facts(Facts),
    /// An effect has ended.
    Answered {
        /// Which.
        ticket: Ticket,
        /// How.
        answer: Answer,
    },
    /// A transfer is getting somewhere.
    Progress {
        /// Which.
        ticket: Ticket,
    },
    /// The time of [`Machine::wake_at`](crate::Machine::wake_at) has come.
    Tick,
    /// The operating system says that something about the network changed. Only a hint.
    NetworkChanged,
    /// A person asks to synchronise now.
    SyncNow,
    /// A person opened a file that is not here.
    FileOpened(Wanted),
    /// The server's event stream says that the feed's head has moved.
    HeadMoved,
}

/// How an effect ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Of [`Effect::Probe`].
    Probe(Result<Healthy, Failure>),
    /// Of [`Effect::Sync`], after its page was stored.
    Sync(Result<Round, Failure>),
    /// Of [`Effect::Upload`], after its end was stored.
    Upload(Result<(), Failure>),
    /// Of [`Effect::Download`], after the blob was stored.
    Download(Result<(), Failure>),
}

/// What the probe learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Healthy {
    /// How busy the server is.
    pub load: Load,
    /// Over how many seconds reconnecting desks spread themselves.
    pub reconnect_window_s: u32,
}

/// What a round learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// More of the feed waits.
    pub more: bool,
    /// Ask again after so many seconds.
    pub next_poll_s: u32,
    /// How busy the server is.
    pub load: Load,
}

/// Why an effect failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody answered, or the line broke.
    Unreachable,
    /// The certificate is not the province's.
    Untrusted,
    /// Something else answered in the server's place.
    WrongNetwork,
    /// The session has ended.
    LoginNeeded,
    /// The server is busy or has a fault; the same request may succeed later.
    Busy {
        /// Seconds to wait at least.
        retry_after_s: Option<u32>,
    },
    /// The server refuses this request for good (gone, too large, forbidden).
    Refused,
    /// This machine failed: disk full, file damaged.
    Local,
    /// It was cancelled by [`Effect::Cancel`].
    Cancelled,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask whether the server is there.
    Probe {
        /// For the answer.
        ticket: Ticket,
    },
    /// Do a round, with these intents.
    Sync {
        /// For the answer.
        ticket: Ticket,
        /// In `local_seq` order, at most [`OPS_PER_ROUND`](crate::OPS_PER_ROUND); may be empty.
        send: Vec<OpId>,
    },
    /// Upload these bytes from where they stand.
    Upload {
        /// For the answer.
        ticket: Ticket,
        /// Which.
        sha256: Sha256,
    },
    /// Download these bytes from where they stand.
    Download {
        /// For the answer.
        ticket: Ticket,
        /// Which.
        sha256: Sha256,
    },
    /// Stop an effect; what it has is kept. Its answer, if one still comes, is ignored.
    Cancel {
        /// Which.
        ticket: Ticket,
    },
    /// Drop pooled connections: the machine has slept, they are dead.
    DropConnections,
    /// The session has ended: ask a person to log in. Said once.
    NeedLogin,
    /// What the line at the top says has changed.
    Status(crate::Status),
}
