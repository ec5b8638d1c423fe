use congvan_model::{
    AccountId, DeviceId, DocumentId, FileId, OpId, OpinionId, RevisionId, Sha256, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use uuid::Uuid;

use crate::{
    Capacity, Entity, EntityType, LeasedNumber, Load, OpinionAbout, OpinionKind, ProblemCode,
    RegisteredFile, RegistrationFields, SignatureLevel,
    calendar::CalendarAct,
    dossier::DossierAct,
    handling::{DraftFields, HandlingAct, Origin},
    import::{ImportRow, RefusedRow},
    task::TaskAct,
};

/// Body of `POST /v1/sync`: intents up, changes down, in one round trip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncRequest {
    /// This installation.
    #[schema(value_type = String, format = Uuid)]
    pub device: DeviceId,
    /// Random at each (re)creation of the local database; tells a restored clone from its original.
    pub incarnation: String,
    /// Where the desk stands in its feed; none for the first pull. Opaque.
    pub cursor: Option<String>,
    /// Highest contiguous `local_seq` whose result the desk has durably stored.
    pub settled_through: u64,
    /// Highest `local_seq` this incarnation has ever given out, sent or not. When the server has
    /// seen a higher one, the desk's data went back in time (a restored or cloned machine): 409
    /// `DEVICE_ROLLED_BACK`. 0 from a desk that does not say; nothing is then compared.
    #[serde(default)]
    pub highest_seq: u64,
    /// Head of the desk's audit chain: number of rows, a colon, SHA-256 of the last in lower-case hex.
    /// The server keeps each with its time, so that a chain that was rewritten or set back on the
    /// machine can be told from the true one. Absent while it is the one of the desk's last answered
    /// request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_head: Option<String>,
    /// At most 100 intents, in `local_seq` order.
    pub ops: Vec<Op>,
    /// Numbers that this server gave to registrations among `ops` which it has forgotten: they are
    /// offered again after it was restored from a backup, and stand on papers already. A number
    /// out of what the restore set aside is given once more to the same document; any other is a
    /// conflict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<GivenNumber>,
    /// How many changes the desk wants at most (the server gives at most 500).
    pub want: u32,
    /// What the desk can read beside documents and opinions. What it does not name is left out, and an
    /// inventory brings it once the desk can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<EntityType>,
}

/// A number that the server gave to a document before it was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GivenNumber {
    /// The registration, offered again.
    #[schema(value_type = String, format = Uuid)]
    pub op: OpId,
    /// The number on its document.
    pub number: u32,
}

/// Answer of `POST /v1/sync`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncResponse {
    /// One for each op of the request, in its order.
    pub results: Vec<OpResult>,
    /// The next part of the feed after the request's cursor, with the effects of its own ops.
    pub changes: Vec<Change>,
    /// To be stored in the same transaction as `changes`.
    pub cursor: String,
    /// Whether more is waiting: ask again at once.
    pub more: bool,
    /// The server's clock.
    #[schema(value_type = i64)]
    pub server_time: Timestamp,
    /// Ask again after so many seconds when nothing happens before.
    pub next_poll_s: u32,
    /// How busy the server is.
    pub load: Load,
    /// Random id of this history of the server's data; another one than the desk's last means that
    /// the server was restored. Empty from a server that does not say.
    #[serde(default)]
    pub epoch: String,
    /// The cursor of `GET /v1/agencies` behind the last change of the directory: a desk that is there
    /// asks nothing. Absent from a server without a directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// A word that changes when the posts or mandates of the account do: `GET /v1/session` has the new
    /// ones. Absent while there is one post and no mandate, so that most idle rounds do not carry it,
    /// and from a server that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<String>,
}

/// An intent with its envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Op {
    /// UUIDv7 made on the device; the key of "exactly once".
    #[schema(value_type = String, format = Uuid)]
    pub id: OpId,
    /// Position in the device's outbox, from 1.
    pub local_seq: u64,
    /// The document: strict order inside a lane, none between lanes.
    #[schema(value_type = String, format = Uuid)]
    pub lane: DocumentId,
    /// The document's `rev` that the user saw.
    pub base_rev: u64,
    /// By the device's clock, corrected by the last measured offset.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// What the user wants.
    pub intent: Intent,
    /// In what capacity; none: by all of the person's posts together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
}

/// What a user can want. Facts, not states: the server's state machine decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Intent {
    /// Append an opinion or direction.
    AddOpinion {
        /// Id of the new opinion.
        #[schema(value_type = String, format = Uuid)]
        opinion: OpinionId,
        /// Which of the two.
        opinion_kind: OpinionKind,
        /// The words, NFC, 1 to 4,000 characters.
        text: String,
        /// A place on a page, or the note that it settles; none for the document as a whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<OpinionAbout>,
    },
    /// The file has a new revision that extends the current one by a signature.
    LinkRevision {
        /// Which file.
        #[schema(value_type = String, format = Uuid)]
        file: FileId,
        /// Id of the new revision.
        #[schema(value_type = String, format = Uuid)]
        revision: RevisionId,
        /// The head that was signed.
        #[schema(value_type = String)]
        parent: Sha256,
        /// The new bytes; uploaded before this op can be applied.
        #[schema(value_type = String)]
        child: Sha256,
        /// Their length.
        size: u64,
        /// Level of the new signature.
        level: SignatureLevel,
        /// SHA-256 of the signer's certificate.
        #[schema(value_type = String)]
        certificate: Sha256,
    },
    /// The account has opened the document. Monotone: the earliest wins.
    MarkRead,
    /// A paper (or e-mail) that reached the office is entered in a book: makes the document, gives
    /// it its số đến, and shows it to the registry. The blob is uploaded before.
    RegisterIncoming {
        /// Id of the new document, made on the device; the op's lane is the same.
        #[schema(value_type = String, format = Uuid)]
        document: DocumentId,
        /// Code of the book, from `GET /v1/books`.
        book: String,
        /// Year of the book.
        year: u16,
        /// When the paper reached the office: the device's clock, corrected by the last measured
        /// offset of the server's. The server never lets it fall back inside a book.
        #[schema(value_type = i64)]
        received_at: Timestamp,
        /// What stood on the slip until now, e.g. `T-3F9A-12`; never a number of the book.
        provisional: String,
        /// The number out of a lease that is already on the paper; none lets the server give the
        /// next one.
        number: Option<LeasedNumber>,
        /// What the clerk read off the paper.
        fields: Box<RegistrationFields>,
        /// The scan.
        file: RegisteredFile,
    },
    /// A document that reached the agency without paper, over the national axis, and waits as
    /// `received` is entered in a book by a clerk: it gets its số đến as a paper does, and its sender
    /// is told the same day. The document is the lane; what its sender said of it stays. Once another
    /// clerk has entered it, a conflict `ALREADY_REGISTERED` whose detail is who, and the number out
    /// of a lease becomes void.
    RegisterReceived {
        /// Code of the book, from `GET /v1/books`.
        book: String,
        /// Year of the book.
        year: u16,
        /// When it reached the office; as in `register_incoming`.
        #[schema(value_type = i64)]
        received_at: Timestamp,
        /// What stood for the number until now; as in `register_incoming`.
        provisional: String,
        /// The number out of a lease; none lets the server give the next one.
        number: Option<LeasedNumber>,
    },
    /// A number out of a lease will never stand on a document (a spoiled stamp, a paper withdrawn):
    /// the book records it as void. The lane is a fresh id, e.g. the op's own.
    VoidNumber {
        /// Code of the book.
        book: String,
        /// Year of the book.
        year: u16,
        /// Which number.
        number: u32,
        /// Why, in the clerk's words, NFC, 1 to 500 characters.
        reason: String,
    },
    /// A clerk of the agency puts a registered document before a leader of it (trình). Done again
    /// with the same leader it is applied; once it is before another one, a conflict. The leader
    /// leads (chủ trì) and sees the document from here on.
    PresentDocument {
        /// The leader, one of `leaders` of the session.
        #[schema(value_type = i64)]
        to: AccountId,
    },
    /// Drafts a document that goes out: makes it, with the person as its drafter, in the person's
    /// agency. The op's lane is the new document's id, made on the device; the blob is uploaded
    /// before. Everyone of the agency may draft.
    DraftDocument {
        /// What stands on it.
        fields: Box<DraftFields>,
        /// Its first version, a PDF. Of a sao y or sao lục the bytes of its source, to which the agency's
        /// signature is added; of an extract the chosen pages, as they are.
        file: Box<RegisteredFile>,
        /// What it is to another document of the office, which the person may copy or amend by the
        /// table. A copy has kind, subject and urgency of its source, whatever `fields` says, begins
        /// as `signed`, and shares one series of numbers a year with every other copy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        origin: Option<Box<Origin>>,
    },
    /// An act on a document: on an incoming one from its presentation to its file, also the
    /// registry's answers to its sender; on an outgoing one from its draft to the leader's signature.
    /// What comes too late is a conflict whose detail says who did what.
    Handle {
        /// Which, with its facts.
        act: Box<HandlingAct>,
    },
    /// A clerk withdraws a document that is registered, and not yet directed: its number becomes void
    /// with this reason and is never given again, its entry stays in the book as it was
    /// (`GET /v1/books/{book}/{year}/voids`), and everyone who has the document gets a tombstone.
    WithdrawRegistration {
        /// Why, in the clerk's words, NFC, 1 to 500 characters.
        reason: String,
    },
    /// An act on a dossier. The op's lane is the dossier's id, which the first of them makes. A number
    /// that another dossier of the list has is a conflict `NUMBER_TAKEN`.
    Dossier {
        /// Which, with its facts.
        act: Box<DossierAct>,
    },
    /// An act on a task. The op's lane is the task's id, which giving it makes.
    Task {
        /// Which, with its facts.
        act: Box<TaskAct>,
    },
    /// A clerk takes over rows of a previous system's register into the registry's own, at most 200. The
    /// op's lane is a fresh id, e.g. the op's own; each row is the document that its agency and its
    /// words make it ([`crate::import::ImportRow::document`]). Every row is judged by itself: the
    /// outcome is `taken_in`.
    ImportRows {
        /// Code of the registry's agency, that of the session; another one is refused.
        agency: String,
        /// SHA-256 of the table that they stand in.
        #[schema(value_type = String)]
        source: Sha256,
        /// The rows.
        rows: Vec<ImportRow>,
    },
    /// A clerk adds a file to an imported document, which is the lane. The blob is uploaded before; the
    /// same bytes are one file.
    ImportFile {
        /// The file, a PDF; its ids are worked out from the document and the bytes
        /// ([`crate::import::imported_file`]).
        file: Box<RegisteredFile>,
    },
    /// A change of the agency's calendar. The op's lane is the id of the calendar of the day's year
    /// ([`crate::calendar::calendar_id`]).
    Calendar {
        /// Which, with its facts.
        act: Box<CalendarAct>,
    },
}

impl Intent {
    /// The blobs that must be at the server before this intent can be applied.
    #[must_use]
    pub fn needs(&self) -> Option<Sha256> {
        match self {
            Self::LinkRevision { child, .. } => Some(*child),
            Self::RegisterIncoming { file, .. } => Some(file.sha256),
            Self::DraftDocument { file, .. } | Self::ImportFile { file } => Some(file.sha256),
            Self::Handle { act } => act.file().map(|file| file.sha256),
            Self::AddOpinion { .. }
            | Self::MarkRead
            | Self::VoidNumber { .. }
            | Self::RegisterReceived { .. }
            | Self::PresentDocument { .. }
            | Self::WithdrawRegistration { .. }
            | Self::ImportRows { .. }
            | Self::Dossier { .. }
            | Self::Task { .. }
            | Self::Calendar { .. } => None,
        }
    }
}

/// What became of one op.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpResult {
    /// Which op.
    #[schema(value_type = String, format = Uuid)]
    pub id: OpId,
    /// Its fate.
    pub outcome: OpOutcome,
    /// For every settled outcome except `AlreadySettled`.
    pub receipt: Option<Receipt>,
    /// Whether this was already answered on an earlier delivery: outcome and receipt are then word
    /// for word what was said first.
    #[serde(default, skip_serializing_if = "is_false")]
    pub duplicate: bool,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// The fate of an op. `Applied`, `TakenIn`, `Conflict` and `Rejected` are final and are answered again, word
/// for word, when the same op comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum OpOutcome {
    /// Done now or on an earlier delivery.
    Applied {
        /// The entity's new revision.
        rev: u64,
    },
    /// Rows of a table were judged, now or on an earlier delivery. What was taken in, now or before, is
    /// in the feed.
    TakenIn {
        /// Rows that are new.
        added: u32,
        /// Rows that were here already.
        already: u32,
        /// Rows that were not taken, for a person to see.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        refused: Vec<RefusedRow>,
    },
    /// The world changed first; a person must decide.
    Conflict {
        /// Why.
        #[schema(value_type = String)]
        code: ProblemCode,
        /// Who did what, in words the server knows.
        detail: String,
    },
    /// Never possible; a person must see it.
    Rejected {
        /// Why.
        #[schema(value_type = String)]
        code: ProblemCode,
        /// More about it.
        detail: String,
    },
    /// Final, with no receipt: the server knows the id of this op as settled, and has let go of the
    /// result because the device reported it as stored (`settled_through`). Nothing was done now.
    /// Never for an id the server does not know: a `local_seq` proves nothing, since a machine that
    /// was restored from an image gives the same ones again to other intents. Such an op, unknown
    /// and not above `settled_through`, means 409 `DEVICE_ROLLED_BACK`.
    AlreadySettled {},
    /// Not yet: these blobs are missing. Not final.
    Blocked {
        /// What to upload first.
        #[schema(value_type = Vec<String>)]
        missing: Vec<Sha256>,
    },
    /// Not now. Not final.
    Deferred {
        /// Seconds to wait at least.
        retry_after_s: u32,
    },
}

impl OpOutcome {
    /// Whether this is the op's last word.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Applied { .. }
            | Self::TakenIn { .. }
            | Self::Conflict { .. }
            | Self::Rejected { .. }
            | Self::AlreadySettled {} => true,
            Self::Blocked { .. } | Self::Deferred { .. } => false,
        }
    }
}

/// The server's signed word that it has an op: Ed25519 over
/// `op_id 0x0A request_hash 0x0A result_hash 0x0A server_time 0x0A epoch` as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// SHA-256 of the op as JSON in the order of [`Op`]'s fields.
    #[schema(value_type = String)]
    pub request_hash: Sha256,
    /// SHA-256 of the outcome as JSON.
    #[schema(value_type = String)]
    pub result_hash: Sha256,
    /// When.
    #[schema(value_type = i64)]
    pub server_time: Timestamp,
    /// In which history of the server.
    pub epoch: String,
    /// Base64.
    pub signature: String,
}

impl Receipt {
    /// The text that the signature covers.
    #[must_use]
    pub fn signed_text(&self, op: OpId) -> String {
        format!(
            "{op}\n{}\n{}\n{}\n{}",
            self.request_hash, self.result_hash, self.server_time.0, self.epoch
        )
    }

    /// What people see of it: four hexadecimal digits of the request's hash.
    #[must_use]
    pub fn short(&self) -> String {
        self.request_hash
            .to_hex()
            .chars()
            .take(4)
            .collect::<String>()
            .to_uppercase()
    }
}

/// The bytes whose SHA-256 stands for an op or an outcome in a receipt: its compact JSON.
///
/// # Errors
/// Never for the types of this crate; the error is serde's.
pub fn content_hash_input<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(value)
}

/// Whether a thing is there or gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Here is its current body.
    Upsert,
    /// The account no longer has it: recalled, deleted, or access removed. The only thing that
    /// ever removes anything from a desk.
    Remove,
}

/// One row of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// What kind of thing.
    pub entity: EntityType,
    /// Which.
    pub id: Uuid,
    /// Its revision; a desk ignores what is not newer than what it has.
    pub rev: u64,
    /// There or gone.
    pub change: ChangeKind,
    /// The body, for an upsert.
    pub body: Option<Entity>,
}
