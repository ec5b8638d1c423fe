use congvan_model::DocumentId;
use tokio::sync::broadcast;

/// What may have changed. A face re-reads the rows it shows; tags never carry data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeTag {
    /// Documents, files, opinions, counts.
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

/// What the desk tells its host.
#[derive(Clone, Debug)]
pub enum DeskEvent {
    /// Tell the face to re-read.
    Changed(Vec<ChangeTag>),
    /// Show the PIN window for this request.
    PinWanted(PinRequest),
    /// The request is over; close its window.
    PinClosed(u64),
    /// Tell the person at the desk, even when the window is out of sight.
    Notify(Notice),
}

/// What the PIN window asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PinMode {
    /// The PIN, for signing.
    #[default]
    Sign,
    /// The present PIN and twice a new one.
    Change,
    /// Nothing: the PIN is typed on the reader, and the window says so. It asks only for the
    /// consent to the last try.
    Pad,
}

impl PinMode {
    /// How a login on this token is asked for.
    pub(crate) fn of(token: &congvan_worker::TokenInfo) -> Self {
        if token.protected_path {
            Self::Pad
        } else {
            Self::Sign
        }
    }
}

/// What the PIN window shows. No secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinRequest {
    /// Names the request in the answer.
    pub id: u64,
    /// Label of the token.
    pub token: String,
    /// Tries left, as far as the token says.
    pub pin_state: congvan_worker::PinState,
    /// Whose certificate.
    pub subject: String,
    /// What is being signed, in words; empty when it is more than one document.
    pub document: String,
    /// What is asked for.
    pub mode: PinMode,
    /// Shortest and longest PIN the token takes, in bytes; 0 when it does not say.
    pub length: (u32, u32),
    /// How many documents this one PIN signs: the window says "Ký 37 văn bản".
    pub count: u32,
}

/// A desktop notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What opening it opens.
    pub opens: NoticeTarget,
    /// Why.
    pub kind: NoticeKind,
    /// Số và ký hiệu, or the subject where there is none.
    pub title: String,
    /// Issuer and subject.
    pub body: String,
}

/// Why the person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// A new urgent document has arrived.
    UrgentDocument,
    /// The deadline of the task that it names comes near, or is over.
    TaskDeadline {
        /// Working days left; negative when it is over.
        days_left: i32,
    },
    /// Those of several do.
    TaskDeadlines {
        /// How many.
        count: u32,
    },
}

/// What opening a notification opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeTarget {
    /// A document.
    Document(DocumentId),
    /// The list of tasks.
    Tasks,
}

/// The desk's loudspeaker. Slow listeners lose events, which is harmless: tags only say "re-read".
#[derive(Clone, Debug)]
pub(crate) struct EventBus(broadcast::Sender<DeskEvent>);

impl EventBus {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(256).0)
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<DeskEvent> {
        self.0.subscribe()
    }

    pub(crate) fn send(&self, event: DeskEvent) {
        // An error only says that nobody listens.
        let _ = self.0.send(event);
    }

    pub(crate) fn changed(&self, tags: &[ChangeTag]) {
        self.send(DeskEvent::Changed(tags.to_vec()));
    }
}
