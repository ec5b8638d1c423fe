use congvan_model::{
    AccountId, Deadline, Direction, DocumentId, DocumentState, DocumentType, FileId, Notation,
    OpinionId, ReceiverRole, RevisionId, Sha256, Timestamp, Urgency,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    FieldOfActivity, OpinionAbout, Registration, calendar::Calendar, dossier::Dossier,
    handling::Handling, task::Task,
};

/// The kinds of thing in a change feed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EntityType {
    /// A document with its files and flow.
    Document,
    /// An opinion or direction on a document.
    Opinion,
    /// A dossier with what is inside.
    Dossier,
    /// A task with its reports.
    Task,
    /// The named days of a year.
    Calendar,
}

/// The current body of a thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Entity {
    /// See [`EntityType::Document`].
    Document(Box<Document>),
    /// See [`EntityType::Opinion`].
    Opinion(Opinion),
    /// See [`EntityType::Dossier`].
    Dossier(Box<Dossier>),
    /// See [`EntityType::Task`].
    Task(Box<Task>),
    /// See [`EntityType::Calendar`].
    Calendar(Calendar),
}

/// A document as one account may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Document {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: DocumentId,
    /// In or out.
    #[schema(value_type = String)]
    pub direction: Direction,
    /// Where it stands.
    #[schema(value_type = String)]
    pub state: DocumentState,
    /// Số và ký hiệu; none while an outgoing document waits for its number.
    #[schema(value_type = Option<String>)]
    pub notation: Option<Notation>,
    /// Ngày văn bản.
    #[schema(value_type = Option<String>)]
    pub issued_on: Option<jiff::civil::Date>,
    /// Số đến of the year; incoming and registered only.
    pub arrival_number: Option<u32>,
    /// Its entry in the book, for those who may see the book; none before it is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Box<Registration>>,
    /// Ngày đến: when it reached the office.
    #[schema(value_type = i64)]
    pub arrived_at: Timestamp,
    /// Tên loại.
    #[schema(value_type = String)]
    pub kind: DocumentType,
    /// Cơ quan ban hành.
    pub issuer: Issuer,
    /// Trích yếu.
    pub subject: String,
    /// Độ khẩn.
    #[schema(value_type = String)]
    pub urgency: Urgency,
    /// Thời hạn giải quyết.
    #[schema(value_type = Option<Object>)]
    pub due: Option<Deadline>,
    /// Lĩnh vực; incoming only, where the clerk chose one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<FieldOfActivity>,
    /// Người ký.
    pub signer: Signer,
    /// What this account has to do with it; none for the office's registry view.
    #[schema(value_type = Option<String>)]
    pub role: Option<ReceiverRole>,
    /// When this account first opened it anywhere.
    #[schema(value_type = Option<i64>)]
    pub read_at: Option<Timestamp>,
    /// The files, the main one first.
    pub files: Vec<FileRef>,
    /// Who has to do with it; none while nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling: Option<Box<Handling>>,
    /// What happened, oldest first.
    pub flow: Vec<FlowStep>,
}

/// The agency that issued a document, as it was called on that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Issuer {
    /// Code, old or new form.
    pub code: String,
    /// Name.
    pub name: String,
}

/// Người ký of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signer {
    /// Title, e.g. `Chủ tịch`.
    pub position: String,
    /// Name.
    pub full_name: String,
}

/// What a file is to its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// The document itself.
    Main,
    /// An appendix (phụ lục) in a file of its own.
    Appendix,
    /// Anything else sent along.
    Attachment,
}

/// A file and its revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileRef {
    /// Stays the same while signatures are added.
    #[schema(value_type = String, format = Uuid)]
    pub id: FileId,
    /// Display name, NFC.
    pub name: String,
    /// Its part in the document.
    pub role: FileRole,
    /// Media type, e.g. `application/pdf`.
    pub media_type: String,
    /// Pages, where known.
    pub pages: Option<u32>,
    /// Every state of its bytes, oldest first, never empty; the last is the head.
    pub revisions: Vec<Revision>,
}

impl FileRef {
    /// The current bytes.
    #[must_use]
    pub fn head(&self) -> Option<&Revision> {
        self.revisions.last()
    }
}

/// The level of a PAdES signature (ETSI EN 319 142-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum SignatureLevel {
    /// PAdES B-B: the signature alone.
    #[serde(rename = "B-B")]
    BB,
    /// PAdES B-T: with a trusted time.
    #[serde(rename = "B-T")]
    BT,
    /// PAdES B-LT: with the evidence to check it later.
    #[serde(rename = "B-LT")]
    BLT,
    /// PAdES B-LTA: with a time stamp over the evidence.
    #[serde(rename = "B-LTA")]
    BLTA,
}

/// One immutable state of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Revision {
    /// Its id, made by whoever made the bytes.
    #[schema(value_type = String, format = Uuid)]
    pub id: RevisionId,
    /// The bytes.
    #[schema(value_type = String)]
    pub sha256: Sha256,
    /// Length in bytes.
    pub size: u64,
    /// The revision that these bytes extend.
    #[schema(value_type = Option<String>)]
    pub parent: Option<Sha256>,
    /// Level of the signature this revision added; none for the first state.
    pub level: Option<SignatureLevel>,
    /// Who added it.
    pub signed_by: Option<String>,
    /// When the server took it.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// One step in the history of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowStep {
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// Who: a person's name, or an agency's for a step between agencies.
    pub who: String,
    /// The state reached.
    #[schema(value_type = String)]
    pub state: DocumentState,
    /// In words, e.g. `Chuyển xử lý: Phòng Kinh tế (chủ trì)`.
    pub note: String,
}

/// Opinion or direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpinionKind {
    /// Ý kiến of anyone who has the document.
    Opinion,
    /// Bút phê: the leader's direction.
    Direction,
}

/// An opinion: appended, never changed; a correction is a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Opinion {
    /// Made on the device that wrote it.
    #[schema(value_type = String, format = Uuid)]
    pub id: OpinionId,
    /// On which document.
    #[schema(value_type = String, format = Uuid)]
    pub document: DocumentId,
    /// Opinion or direction.
    pub kind: OpinionKind,
    /// The words, NFC, 1 to 4,000 characters.
    pub text: String,
    /// Who wrote it.
    #[schema(value_type = i64)]
    pub author: AccountId,
    /// That person's name at the time.
    pub author_name: String,
    /// By the writer's clock, corrected by the measured offset.
    #[schema(value_type = i64)]
    pub written_at: Timestamp,
    /// By the server's clock.
    #[schema(value_type = i64)]
    pub received_at: Timestamp,
    /// A place on a page, or the note that it settles; none for the document as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<OpinionAbout>,
}
