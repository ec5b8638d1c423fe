//! The life of a document, coming in from its presentation to its file, and going out from its draft
//! to its issue and its file: who may do what in which state, and what it leads to. One table
//! ([`RULES`]); the server judges by it, the desk offers by it.
//!
//! Clauses are of Decree 30/2020/NĐ-CP; "practice" is what offices do where the decree says nothing.
//!
//! Invariant: no I/O, no clock; the same document, act and person give the same answer on both sides.

mod course;
mod deadlines;
mod issuing;
mod origin;
mod outgoing;
mod paper;
mod rules;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_deadlines;
#[cfg(test)]
mod tests_issuing;
#[cfg(test)]
mod tests_origin;
#[cfg(test)]
mod tests_outgoing;
mod words;

use congvan_model::{AccountId, Deadline, DocumentId, LoanId, OpinionId, ReceiverRole, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AgencyInfo, Post, RegisteredFile, import::Imported};

pub use course::{Actor, Course, REASON_MAX, Refusal, TEXT_MAX};
pub use deadlines::OwnDeadline;
pub use issuing::{
    AxisCode, Delivery, DeliveryStatus, Done, Numbered, OutgoingNumber, PLACES_MAX, RECIPIENTS_MAX,
};
pub use origin::{Origin, Related, Relation};
pub use outgoing::{DraftFields, DraftVersion, Initials, Outgoing, SentBack};
pub use paper::{ENVELOPES_MAX, Loan, Mailing};
pub use rules::{Next, RULES, Rule, Who, rule};
pub use words::{DRAFTED, SEALED, in_words, made_from, made_of};

/// An act on a document. Reasons are NFC, 1 to 500 characters; free words at most 4,000. Those up to
/// the answer to a recall are of incoming documents, returning and filing of both, the rest of
/// outgoing ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum HandlingAct {
    /// Bút phê: the leader names who leads, supports and is informed, and until when.
    Direct {
        /// Id of the direction among the opinions, made on the device.
        #[schema(value_type = String, format = Uuid)]
        opinion: OpinionId,
        /// Chủ trì: a person, or a unit by its head.
        #[schema(value_type = i64)]
        lead: AccountId,
        /// Phối hợp.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<i64>)]
        supports: Vec<AccountId>,
        /// Để biết.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<i64>)]
        informed: Vec<AccountId>,
        /// Until when; none keeps the document's own deadline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Object>)]
        due: Option<Deadline>,
        /// Deadlines of those who have one of their own, not after that of the whole: who leads,
        /// who supports.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        deadlines: Vec<OwnDeadline>,
        /// The leader's words; may be empty.
        #[serde(default)]
        text: String,
    },
    /// The head of the leading unit gives it to persons of the unit.
    Assign {
        /// Chủ trì, a person of the unit.
        #[schema(value_type = i64)]
        lead: AccountId,
        /// Phối hợp, persons of the unit.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<i64>)]
        supports: Vec<AccountId>,
        /// Until when, not after the unit's own deadline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Object>)]
        due: Option<Deadline>,
        /// Deadlines of those who have one of their own, not after the unit's: who leads,
        /// who supports.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        deadlines: Vec<OwnDeadline>,
        /// Words to them; may be empty.
        #[serde(default)]
        text: String,
    },
    /// Who has it begins to work on it.
    TakeUp {},
    /// Done: answered by a document, or with words why no answer is needed.
    Resolve {
        /// The outgoing document that answers; signed, and seen by who resolves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = Uuid)]
        reply: Option<DocumentId>,
        /// What was done; without a reply, the reason.
        #[serde(default)]
        text: String,
    },
    /// Into the dossier.
    File {
        /// Title or code of the dossier; may be empty.
        #[serde(default)]
        dossier: String,
    },
    /// Back to who gave it.
    Return {
        /// Why.
        reason: String,
    },
    /// To another person of the unit, with everything that belongs to it.
    HandOver {
        /// To whom.
        #[schema(value_type = i64)]
        to: AccountId,
        /// Why.
        reason: String,
    },
    /// Who has it, or supports, asks for more time.
    AskExtension {
        /// Until when, after the person's present deadline.
        #[schema(value_type = Object)]
        due: Deadline,
        /// Why.
        reason: String,
    },
    /// Who directed it answers that.
    AnswerExtension {
        /// Whether the time is given.
        granted: bool,
        /// Words to it; a refusal needs them.
        #[serde(default)]
        text: String,
    },
    /// The registry does not take it: back to the sender over the axis.
    Refuse {
        /// Why; the sender is told.
        reason: String,
    },
    /// The registry answers the sender who wants it back.
    AnswerRecall {
        /// Whether it goes back.
        agreed: bool,
        /// Why not; the sender is told.
        #[serde(default)]
        reason: String,
    },
    /// Who has a draft puts a new version in the place of its file, corrects what stands on it, or
    /// both. Versions are numbered; those before stay.
    Revise {
        /// The new version: its id is that of the draft's main file. Uploaded before the act can be
        /// done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<Box<RegisteredFile>>,
        /// What stands on it from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fields: Option<Box<DraftFields>>,
        /// What has changed; may be empty.
        #[serde(default)]
        text: String,
    },
    /// Trình duyệt: the drafter puts a draft before who answers for its content.
    Submit {
        /// The head of a unit, or a leader.
        #[schema(value_type = i64)]
        to: AccountId,
        /// Whose opinion is asked besides (xin ý kiến); they see it from here on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<i64>)]
        supports: Vec<AccountId>,
        /// Words to them; may be empty.
        #[serde(default)]
        text: String,
    },
    /// Duyệt nội dung: who answers for the content agrees; the registry checks the format next.
    Approve {
        /// Words; may be empty.
        #[serde(default)]
        text: String,
    },
    /// Duyệt thể thức: the registry agrees and puts it before the leader who signs.
    CheckFormat {
        /// Who signs, a leader.
        #[schema(value_type = i64)]
        signer: AccountId,
        /// Who initials it before (ký nháy), in any order; nobody: it goes to the leader at once.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<i64>)]
        initials: Vec<AccountId>,
        /// Words; may be empty.
        #[serde(default)]
        text: String,
    },
    /// Ký nháy: who was named to initial it has. A signature of that person on the file at this
    /// step says the same.
    Initial {},
    /// Rút lại: the drafter takes a draft back that nobody has signed yet.
    TakeBack {},
    /// Hủy dự thảo: the drafter gives a draft up.
    Discard {
        /// Why.
        reason: String,
    },
    /// Cấp số, ngày: the registry asks for the number of what the leader has signed; the server gives
    /// the next one of the year and the day.
    Number {},
    /// Ký số của cơ quan. Not sent as an act: the agency's signature on the main file is it.
    Seal {},
    /// Phát hành: the registry sends what is signed, numbered and sealed.
    Issue {
        /// Agencies of the directory, each once; at most 500.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<AgencyInfo>,
        /// Further lines of “Nơi nhận”, 1 to 300 characters each; at most 100.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        places: Vec<String>,
    },
    /// Thu hồi: the registry wants it back from agencies it was sent to; each answers.
    Recall {
        /// Their codes; nobody named: all that can still be asked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<String>,
        /// Why; they are told.
        reason: String,
    },
    /// Gửi bưu điện: the registry writes down what went to the post office.
    Mail {
        /// When, today at the latest.
        #[schema(value_type = String)]
        on: Date,
        /// To whom, 1 to 300 characters.
        to: String,
        /// In how many envelopes, 1 to 9,999.
        envelopes: u16,
        /// May be empty, at most 500 characters.
        #[serde(default)]
        note: String,
    },
    /// Cho sử dụng bản lưu: the registry gives the file copy to somebody.
    Lend {
        /// Id of the loan, made on the device.
        #[schema(value_type = String, format = Uuid)]
        loan: LoanId,
        /// When, today at the latest.
        #[schema(value_type = String)]
        on: Date,
        /// To whom, 1 to 300 characters.
        borrower: String,
        /// Who permits it, 1 to 300 characters.
        permitted_by: String,
        /// May be empty, at most 500 characters.
        #[serde(default)]
        note: String,
    },
    /// Nhận lại bản lưu.
    TakeIn {
        /// Which loan.
        #[schema(value_type = String, format = Uuid)]
        loan: LoanId,
        /// When, today at the latest and not before it was given out.
        #[schema(value_type = String)]
        on: Date,
    },
    /// Sao y, sao lục, trích sao. Not sent as an act: the draft of a copy, which names its
    /// [`Origin`], is it.
    Copy {},
    /// Đính chính, thay thế. Not sent as an act: the draft of what does so, which names its
    /// [`Origin`], is it.
    Amend {},
}

/// The acts without their facts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// See [`HandlingAct::Direct`].
    Direct,
    /// See [`HandlingAct::Assign`].
    Assign,
    /// See [`HandlingAct::TakeUp`].
    TakeUp,
    /// See [`HandlingAct::Resolve`].
    Resolve,
    /// See [`HandlingAct::File`].
    File,
    /// See [`HandlingAct::Return`].
    Return,
    /// See [`HandlingAct::HandOver`].
    HandOver,
    /// See [`HandlingAct::AskExtension`].
    AskExtension,
    /// See [`HandlingAct::AnswerExtension`].
    AnswerExtension,
    /// See [`HandlingAct::Refuse`].
    Refuse,
    /// See [`HandlingAct::AnswerRecall`].
    AnswerRecall,
    /// See [`HandlingAct::Revise`].
    Revise,
    /// See [`HandlingAct::Submit`].
    Submit,
    /// See [`HandlingAct::Approve`].
    Approve,
    /// See [`HandlingAct::CheckFormat`].
    CheckFormat,
    /// See [`HandlingAct::Initial`].
    Initial,
    /// See [`HandlingAct::TakeBack`].
    TakeBack,
    /// See [`HandlingAct::Discard`].
    Discard,
    /// See [`HandlingAct::Number`].
    Number,
    /// See [`HandlingAct::Seal`].
    Seal,
    /// See [`HandlingAct::Issue`].
    Issue,
    /// See [`HandlingAct::Recall`].
    Recall,
    /// See [`HandlingAct::Mail`].
    Mail,
    /// See [`HandlingAct::Lend`].
    Lend,
    /// See [`HandlingAct::TakeIn`].
    TakeIn,
    /// See [`HandlingAct::Copy`].
    Copy,
    /// See [`HandlingAct::Amend`].
    Amend,
}

impl ActKind {
    /// All of them, in the order of a document's life.
    pub const ALL: [Self; 27] = [
        Self::Direct,
        Self::Assign,
        Self::TakeUp,
        Self::Resolve,
        Self::File,
        Self::Return,
        Self::HandOver,
        Self::AskExtension,
        Self::AnswerExtension,
        Self::Refuse,
        Self::AnswerRecall,
        Self::Revise,
        Self::Submit,
        Self::Approve,
        Self::CheckFormat,
        Self::Initial,
        Self::TakeBack,
        Self::Discard,
        Self::Number,
        Self::Seal,
        Self::Issue,
        Self::Recall,
        Self::Mail,
        Self::Lend,
        Self::TakeIn,
        Self::Copy,
        Self::Amend,
    ];

    /// Its word on the wire and in the desk's outbox.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Assign => "assign",
            Self::TakeUp => "take_up",
            Self::Resolve => "resolve",
            Self::File => "file",
            Self::Return => "return",
            Self::HandOver => "hand_over",
            Self::AskExtension => "ask_extension",
            Self::AnswerExtension => "answer_extension",
            Self::Refuse => "refuse",
            Self::AnswerRecall => "answer_recall",
            Self::Revise => "revise",
            Self::Submit => "submit",
            Self::Approve => "approve",
            Self::CheckFormat => "check_format",
            Self::Initial => "initial",
            Self::TakeBack => "take_back",
            Self::Discard => "discard",
            Self::Number => "number",
            Self::Seal => "seal",
            Self::Issue => "issue",
            Self::Recall => "recall",
            Self::Mail => "mail",
            Self::Lend => "lend",
            Self::TakeIn => "take_in",
            Self::Copy => "copy",
            Self::Amend => "amend",
        }
    }
}

impl HandlingAct {
    /// The version of a draft that it brings along.
    #[must_use]
    pub fn file(&self) -> Option<&RegisteredFile> {
        match self {
            Self::Revise { file, .. } => file.as_deref(),
            Self::Direct { .. }
            | Self::Assign { .. }
            | Self::TakeUp {}
            | Self::Resolve { .. }
            | Self::File { .. }
            | Self::Return { .. }
            | Self::HandOver { .. }
            | Self::AskExtension { .. }
            | Self::AnswerExtension { .. }
            | Self::Refuse { .. }
            | Self::AnswerRecall { .. }
            | Self::Submit { .. }
            | Self::Approve { .. }
            | Self::CheckFormat { .. }
            | Self::Initial {}
            | Self::TakeBack {}
            | Self::Discard { .. }
            | Self::Number {}
            | Self::Seal {}
            | Self::Issue { .. }
            | Self::Recall { .. }
            | Self::Mail { .. }
            | Self::Lend { .. }
            | Self::TakeIn { .. }
            | Self::Copy {}
            | Self::Amend {} => None,
        }
    }

    /// Which act it is.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Direct { .. } => ActKind::Direct,
            Self::Assign { .. } => ActKind::Assign,
            Self::TakeUp {} => ActKind::TakeUp,
            Self::Resolve { .. } => ActKind::Resolve,
            Self::File { .. } => ActKind::File,
            Self::Return { .. } => ActKind::Return,
            Self::HandOver { .. } => ActKind::HandOver,
            Self::AskExtension { .. } => ActKind::AskExtension,
            Self::AnswerExtension { .. } => ActKind::AnswerExtension,
            Self::Refuse { .. } => ActKind::Refuse,
            Self::AnswerRecall { .. } => ActKind::AnswerRecall,
            Self::Revise { .. } => ActKind::Revise,
            Self::Submit { .. } => ActKind::Submit,
            Self::Approve { .. } => ActKind::Approve,
            Self::CheckFormat { .. } => ActKind::CheckFormat,
            Self::Initial {} => ActKind::Initial,
            Self::TakeBack {} => ActKind::TakeBack,
            Self::Discard { .. } => ActKind::Discard,
            Self::Number {} => ActKind::Number,
            Self::Seal {} => ActKind::Seal,
            Self::Issue { .. } => ActKind::Issue,
            Self::Recall { .. } => ActKind::Recall,
            Self::Mail { .. } => ActKind::Mail,
            Self::Lend { .. } => ActKind::Lend,
            Self::TakeIn { .. } => ActKind::TakeIn,
            Self::Copy {} => ActKind::Copy,
            Self::Amend {} => ActKind::Amend,
        }
    }
}

/// A person of the agency whom an act may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfficePerson {
    /// The account.
    #[schema(value_type = i64)]
    pub account: AccountId,
    /// The person's name.
    pub full_name: String,
    /// The title as signed.
    pub title: String,
    /// What the person is in the unit.
    #[schema(value_type = String)]
    pub role: congvan_model::Role,
    /// The unit.
    pub unit: AgencyInfo,
    /// The person's other posts, those that have not begun too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Post>,
}

impl OfficePerson {
    /// Whether the person is one of these, by any post held at that moment.
    #[must_use]
    pub fn holds(&self, roles: &[congvan_model::Role], at: Timestamp) -> bool {
        let mut held = self.further.iter().filter(|post| post.is_held(at));
        roles.contains(&self.role) || held.any(|post| roles.contains(&post.role))
    }
}

/// How a document is being handled, as everyone sees it who sees the document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Handling {
    /// The leader before whom it is, or who directed it; of one that goes out, who signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub director: Option<Named>,
    /// Who was named and still has to do with it, in the order of naming.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receivers: Vec<Receiver>,
    /// Who led on it before and no longer does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<i64>)]
    pub former: Vec<AccountId>,
    /// More time that was asked for and not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// How it was resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// The dossier it was filed in; empty when none was named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub dossier: String,
    /// Whether it came over the axis, so that its sender is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_axis: bool,
    /// Why the sender wants it back, while that is not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<String>,
    /// How it was drafted and checked; of documents that go out only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outgoing: Option<Box<Outgoing>>,
    /// What it is to another document: a copy of it, what corrects or replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Box<Origin>>,
    /// What is a copy of it, corrects or replaces it, in the order of making; what corrects or
    /// replaces it from its issue on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<Related>,
    /// Where it was taken over from a previous system: what that knew besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<Box<Imported>>,
}

impl Handling {
    /// Whether this person is not kept from signing it: of what was drafted here, only the leader
    /// signs before whom it was put. Of other documents the handling does not say who does.
    #[must_use]
    pub fn may_sign(&self, account: AccountId) -> bool {
        let is_named = |leader: &Named| leader.account == account;
        self.outgoing.is_none() || self.director.as_ref().is_some_and(is_named)
    }
}

/// A person by account and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Named {
    /// The account.
    #[schema(value_type = i64)]
    pub account: AccountId,
    /// The name; empty on a desk that does not know it yet.
    pub full_name: String,
}

/// Somebody who was named on a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receiver {
    /// The account.
    #[schema(value_type = i64)]
    pub account: AccountId,
    /// The person's name; empty on a desk that does not know it yet.
    pub full_name: String,
    /// Name of the person's unit.
    pub unit: String,
    /// Code of the unit that the person heads, for which it was named; empty for who heads none. The
    /// clerk of that unit passes it on in its head's place.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heads: String,
    /// What for. A head who passed it on leads with the unit; exactly one leads and has it.
    #[schema(value_type = String)]
    pub role: ReceiverRole,
    /// Whether it is with this person now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub holds: bool,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub due: Option<Deadline>,
    /// Who gave it.
    pub given_by: Named,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// More time that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Extension {
    /// Until when.
    #[schema(value_type = Object)]
    pub due: Deadline,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asked_by: Named,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// How a document was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resolution {
    /// The document that answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub reply: Option<DocumentId>,
    /// Its notation, or its subject while it has none; empty on a desk before the server's word.
    #[serde(default)]
    pub reply_title: String,
    /// What was done, or why no answer is needed.
    pub text: String,
    /// By whom.
    pub by: Named,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}
