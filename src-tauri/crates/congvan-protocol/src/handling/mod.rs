//! The life of an incoming document from its presentation to its file: who may do what in which
//! state, and what it leads to. One table ([`RULES`]); the server judges by it, the desk offers by it.
//!
//! Clauses are of Decree 30/2020/NĐ-CP; "practice" is what offices do where the decree says nothing.
//!
//! Invariant: no I/O, no clock; the same document, act and person give the same answer on both sides.

mod course;
#[cfg(test)]
mod tests;
mod words;

use congvan_model::{
    AccountId, Deadline, DocumentId, DocumentState, OpinionId, ReceiverRole, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AgencyInfo;

pub use course::{Actor, Course, REASON_MAX, Refusal, TEXT_MAX};
pub use words::in_words;

/// An act on an incoming document. Reasons are NFC, 1 to 500 characters; free words at most 4,000.
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
        /// Until when, not after the document's deadline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Object>)]
        due: Option<Deadline>,
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
    /// Who has it asks for more time.
    AskExtension {
        /// Until when, after the present deadline.
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
}

impl ActKind {
    /// All of them, in the order of a document's life.
    pub const ALL: [Self; 11] = [
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
        }
    }
}

impl HandlingAct {
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
        }
    }
}

/// What a person must be to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// The leader before whom it is, or who directed it.
    Director,
    /// Who has it and heads a unit.
    HeadHolding,
    /// Who has it: the one who leads, last in the chain.
    Holder,
    /// Who has it; before it is directed, the leader before whom it is.
    HolderOrDirector,
    /// Who had it last, or a clerk of the agency.
    HolderOrClerk,
    /// A clerk of the agency.
    Clerk,
}

/// Where an act leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Next {
    /// To this state.
    To(DocumentState),
    /// Nowhere: only deadlines and persons change.
    Same,
    /// To the state in which who gave it had it.
    Back,
    /// Away from the agency, where the act says so.
    Away,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which act.
    pub act: ActKind,
    /// In which states.
    pub from: &'static [DocumentState],
    /// By whom.
    pub who: Who,
    /// Where it leads.
    pub next: Next,
    /// The clause of Decree 30/2020/NĐ-CP, or `practice`.
    pub basis: &'static str,
}

use DocumentState::{Directed, Filed, InProgress, Presented, Received, Registered, Resolved};

/// The whole machine. What is not in it is not possible.
pub const RULES: [Rule; 11] = [
    Rule {
        act: ActKind::Direct,
        from: &[Presented, Directed],
        who: Who::Director,
        next: Next::To(Directed),
        basis: "Art. 23(2)-(3): the leader names unit or person, direction and deadline; of several, who leads and who supports",
    },
    Rule {
        act: ActKind::Assign,
        from: &[Directed, InProgress],
        who: Who::HeadHolding,
        next: Next::To(Directed),
        basis: "Art. 24(2): the head of the unit has it resolved in time",
    },
    Rule {
        act: ActKind::TakeUp,
        from: &[Directed],
        who: Who::Holder,
        next: Next::To(InProgress),
        basis: "Art. 24(2)",
    },
    Rule {
        act: ActKind::Resolve,
        from: &[InProgress],
        who: Who::Holder,
        next: Next::To(Resolved),
        basis: "Art. 24(2); only who leads completes: practice",
    },
    Rule {
        act: ActKind::File,
        from: &[Resolved],
        who: Who::HolderOrClerk,
        next: Next::To(Filed),
        basis: "Art. 29: who resolves makes the dossier; by the registry: practice",
    },
    Rule {
        act: ActKind::Return,
        from: &[Presented, Directed, InProgress],
        who: Who::HolderOrDirector,
        next: Next::Back,
        basis: "practice",
    },
    Rule {
        act: ActKind::HandOver,
        from: &[Directed, InProgress],
        who: Who::Holder,
        next: Next::Same,
        basis: "practice",
    },
    Rule {
        act: ActKind::AskExtension,
        from: &[Directed, InProgress],
        who: Who::Holder,
        next: Next::Same,
        basis: "practice",
    },
    Rule {
        act: ActKind::AnswerExtension,
        from: &[Directed, InProgress],
        who: Who::Director,
        next: Next::Same,
        basis: "practice: granted by the leader who directed",
    },
    Rule {
        act: ActKind::Refuse,
        from: &[Received],
        who: Who::Clerk,
        next: Next::Away,
        basis: "Art. 21(2): what fails the check, or was sent to the wrong place, goes back to the sender; axis status 02",
    },
    Rule {
        act: ActKind::AnswerRecall,
        from: &[
            Received, Registered, Presented, Directed, InProgress, Resolved,
        ],
        who: Who::Clerk,
        next: Next::Away,
        basis: "Art. 18(4)(b): the receiver cancels it and tells the sender; axis statuses 13, 15, 16",
    },
];

/// The line of an act.
#[must_use]
pub fn rule(act: ActKind) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.act == act)
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
}

/// How an incoming document is being handled, as everyone sees it who sees the document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Handling {
    /// The leader before whom it is, or who directed it.
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
