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
    /// Tokens, the progress of a signing.
    Signing,
    /// Remembered settings.
    Settings,
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
    /// What is being signed, in words.
    pub document: String,
}

/// A desktop notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about; opening it opens the document.
    pub document: DocumentId,
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
