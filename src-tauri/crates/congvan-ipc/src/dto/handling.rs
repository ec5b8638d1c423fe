use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A person whom acts may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OfficePersonDto {
    /// The account.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// The title as signed.
    pub position: String,
    /// `leader`, `clerk`, `head`, `official`.
    pub role: String,
    /// Name of the unit.
    pub unit: String,
    /// Code of the unit.
    pub unit_code: String,
}

/// An act on an incoming document. Accounts are those of `office_people`; deadlines `YYYY-MM-DD`,
/// empty for none; reasons have 1 to 500 characters, free words at most 4,000.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum HandlingActDto {
    /// Bút phê.
    Direct {
        /// Chủ trì.
        lead: String,
        /// Phối hợp.
        supports: Vec<String>,
        /// Để biết.
        informed: Vec<String>,
        /// Until when; empty keeps the document's deadline.
        due: String,
        /// The words; may be empty.
        text: String,
    },
    /// Phân công in the unit.
    Assign {
        /// Chủ trì.
        lead: String,
        /// Phối hợp.
        supports: Vec<String>,
        /// Until when, not after the document's deadline; empty takes that.
        due: String,
        /// Words; may be empty.
        text: String,
    },
    /// Nhận xử lý.
    TakeUp,
    /// Hoàn thành.
    Resolve {
        /// The signed outgoing document that answers; none = without an answer.
        reply: Option<String>,
        /// What was done; without an answer, why.
        text: String,
    },
    /// Lưu hồ sơ.
    File {
        /// Title or code of the dossier; may be empty.
        dossier: String,
    },
    /// Chuyển trả to who gave it.
    Return {
        /// Why.
        reason: String,
    },
    /// Bàn giao to another person of the unit.
    HandOver {
        /// To whom.
        to: String,
        /// Why.
        reason: String,
    },
    /// Xin gia hạn.
    AskExtension {
        /// Until when.
        due: String,
        /// Why.
        reason: String,
    },
    /// Trả lời xin gia hạn.
    AnswerExtension {
        /// Whether the time is given.
        granted: bool,
        /// Words; a refusal needs them.
        text: String,
    },
    /// Trả lại nơi gửi over the axis.
    Refuse {
        /// Why.
        reason: String,
    },
    /// Trả lời yêu cầu lấy lại.
    AnswerRecall {
        /// Whether it goes back.
        agreed: bool,
        /// Why not.
        reason: String,
    },
}

/// Arguments of `document_act`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct HandlingArgs {
    /// On which document.
    pub document: String,
    /// What.
    pub act: HandlingActDto,
}

/// Somebody who was named on a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReceiverDto {
    /// The account.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// Name of the unit.
    pub unit: String,
    /// `lead`, `support`, `inform`.
    pub role: String,
    /// Whether it is with this person now.
    pub holds: bool,
    /// The last instant in time; none without a deadline.
    pub due_at: Option<i64>,
    /// Who gave it.
    pub given_by: String,
    /// When.
    pub at: i64,
}

/// More time that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExtensionDto {
    /// The last instant of it.
    pub due_at: i64,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asked_by: String,
    /// When.
    pub at: i64,
}

/// How a document was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ResolutionDto {
    /// The document that answers.
    pub reply: Option<String>,
    /// Its notation or subject; empty until the server has said it.
    pub reply_title: String,
    /// What was done, or why there is no answer.
    pub text: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: i64,
}

/// How a document is being handled, our acts that are not sent yet counted in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HandlingDto {
    /// State, as in the protocol.
    pub state: String,
    /// The last instant in time; none without a deadline.
    pub due_at: Option<i64>,
    /// The leader before whom it is, or who directed it.
    pub director: Option<String>,
    /// Who was named, in the order of naming.
    pub receivers: Vec<ReceiverDto>,
    /// More time that was asked for and not answered.
    pub extension: Option<ExtensionDto>,
    /// How it was resolved.
    pub resolution: Option<ResolutionDto>,
    /// The dossier it was filed in.
    pub dossier: String,
    /// Whether it came over the axis: its sender is told.
    pub from_axis: bool,
    /// Why the sender wants it back, while nobody has answered.
    pub recall: Option<String>,
    /// The acts that this person may do now, e.g. `direct`, `take_up`; words as in `HandlingActDto`.
    pub allowed: Vec<String>,
    /// Whether the last act can be taken back: it was not sent.
    pub undoable: bool,
}
