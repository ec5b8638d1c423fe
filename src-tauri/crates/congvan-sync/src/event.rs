use std::collections::BTreeSet;

use congvan_model::{DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::Load;

use crate::wishes::Schedule;

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
    /// When this desk was last compared with the server's inventory (wall clock). None before the
    /// first time and after the server's history changed: the comparison is due.
    pub compared_at: Option<Timestamp>,
    /// Removals that the store holds back because there are too many of them at once: they are
    /// checked against the inventory, and a person is asked.
    pub held_removals: u32,
}

/// What people want of the traffic. Sent whole at the start and whenever it changes; keeping it
/// over a restart is the caller's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Nothing is sent, fetched or listened to. Probes go on: the line at the top stays true.
    pub paused: bool,
    /// Documents whose acts and files rest.
    pub paused_documents: BTreeSet<DocumentId>,
    /// When files may come that nobody waits for.
    pub background: Schedule,
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
    /// It carries many rows or old files that nobody waits for: after everything else, a few a round.
    pub bulk: bool,
    /// Last moment of the document's deadline, where it has one.
    pub due: Option<Timestamp>,
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
    /// How many bytes have to travel: without those the server has already.
    pub size: u64,
    /// The server has confirmed the whole.
    pub done: bool,
}

/// A file to be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which bytes.
    pub sha256: Sha256,
    /// Its document, where known; pausing a document rests its files.
    pub document: Option<DocumentId>,
    /// How many.
    pub size: u64,
    /// Its document is khẩn or above.
    pub urgent: bool,
    /// This account leads, supports or is to sign.
    pub mine: bool,
    /// Last moment of its document's deadline, where it has one.
    pub due: Option<Timestamp>,
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
        /// Bytes of the file that are there, those of earlier tries included.
        done: u64,
        /// Bytes of the whole file.
        total: u64,
    },
    /// The time of [`Machine::wake_at`](crate::Machine::wake_at) has come.
    Tick,
    /// The operating system says that something about the network changed. Only a hint.
    NetworkChanged,
    /// A person asks to synchronise now.
    SyncNow,
    /// A person opened a file that is not here.
    FileOpened(Wanted),
    /// The event stream or the long poll says where the feed's head is. Only a hint.
    HeadMoved {
        /// Of the [`Effect::Listen`].
        ticket: Ticket,
        /// The head.
        head: u64,
    },
    /// The event stream's heartbeat.
    Heartbeat {
        /// Of the [`Effect::Listen`].
        ticket: Ticket,
    },
    /// What people want has changed; also sent before [`Event::Started`].
    Wishes(Wishes),
    /// A person asks to compare this desk with the server.
    CompareNow,
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
    /// Of [`Effect::Listen`]: a long poll that ended as it should, or a stream that was closed.
    Listen(Result<(), Failure>),
    /// Of [`Effect::CompareInventory`], after what differed was healed and the facts were sent.
    Inventory(Result<Compared, Failure>),
    /// Of [`Effect::NewHistory`], after the store has begun it.
    NewHistory(Result<(), Failure>),
    /// Of [`Effect::NewIncarnation`], after the store has taken it.
    NewIncarnation(Result<(), Failure>),
}

/// What a comparison with the inventory found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Entities that differed and were healed.
    pub healed: u32,
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
    /// The server refuses this request for good (gone, forbidden, unknown to it).
    Refused,
    /// The server takes no file of this size (413): trying again is useless, a person must know.
    TooLarge,
    /// The cursor is of another history of the server (409 `CANNOT_CALCULATE_CHANGES`): it was
    /// restored from a backup. Nothing is deleted here.
    StaleCursor,
    /// The server knows more acts of this incarnation than this desk (409 `DEVICE_ROLLED_BACK`), or
    /// calls an act settled that waits here: the desk is a copy or was restored from an image.
    RolledBack,
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
        /// The act that needs them is urgent; the server is told.
        urgent: bool,
    },
    /// Download these bytes from where they stand.
    Download {
        /// For the answer.
        ticket: Ticket,
        /// Which.
        sha256: Sha256,
        /// Somebody waits for them, or the document is urgent; the server is told.
        urgent: bool,
    },
    /// Hear of a moved head: [`Event::HeadMoved`] and [`Event::Heartbeat`] until it ends.
    Listen {
        /// For the answer.
        ticket: Ticket,
        /// How.
        how: Listen,
    },
    /// Compare the mirror with the server's inventory, bucket by bucket, and fetch the bodies of
    /// what differs. Deletes only what the server names as removed.
    CompareInventory {
        /// For the answer.
        ticket: Ticket,
        /// Why, for the log and the count.
        why: Why,
    },
    /// The server has begun a new history. The store offers again what was acknowledged in the last
    /// 45 days, forgets cursor and [`Facts::compared_at`], and deletes nothing.
    NewHistory {
        /// For the answer.
        ticket: Ticket,
    },
    /// This desk is a copy or was set back. The store takes a new incarnation, forgets cursor and
    /// [`Facts::compared_at`], offers its outbox as it is, and deletes nothing.
    NewIncarnation {
        /// For the answer.
        ticket: Ticket,
    },
    /// Stop an upload at the next border of its pieces and answer [`Failure::Cancelled`]: something
    /// more urgent waits.
    Preempt {
        /// Which.
        ticket: Ticket,
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

/// How to hear of a moved head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listen {
    /// Server-sent events, until the connection breaks.
    #[default]
    Stream,
    /// One event per request, for networks whose proxies hold streams back.
    LongPoll,
}

/// Why the mirror is compared with the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A day has passed.
    Daily,
    /// A person asks.
    Asked,
    /// The server has begun a new history, or this desk took a new incarnation.
    Restart,
    /// The store holds back removals.
    Removals,
}
