//! Tasks (nhiệm vụ): what a leader or the head of a unit gives to one person to lead, from a document,
//! from a meeting's conclusion or alone, until a day, and follows to its acceptance. Who may do what in
//! which state is one table, [`RULES`]: the server judges by it, the desk offers by it and lays its
//! unsent acts over what the server last said.
//!
//! Invariant: no I/O, no clock; a task names documents, it never holds a copy of one, and gives nobody a
//! right to one.

mod course;
mod rules;
#[cfg(test)]
mod tests;

use congvan_model::{AccountId, DocumentId, TaskId, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AgencyInfo, handling::Named};

pub use course::{EVIDENCE_MAX, SUPPORTS_MAX, TITLE_MAX};
pub use rules::{RULES, TaskRule, TaskWho, task_rule};

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Đã giao: nobody has begun.
    Given,
    /// Đang thực hiện.
    InProgress,
    /// Chờ nghiệm thu: the lead says that it is done.
    Reported,
    /// Hoàn thành: the giver has accepted it.
    Accepted,
    /// Thu hồi: the giver has taken it back.
    Withdrawn,
}

impl TaskState {
    /// Every state, in the order in which a task takes them.
    pub const ALL: [Self; 5] = [
        Self::Given,
        Self::InProgress,
        Self::Reported,
        Self::Accepted,
        Self::Withdrawn,
    ];

    /// Whether somebody still has to do something.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Given | Self::InProgress | Self::Reported => true,
            Self::Accepted | Self::Withdrawn => false,
        }
    }

    /// Whether its lead still works on it.
    #[must_use]
    pub fn is_worked(self) -> bool {
        match self {
            Self::Given | Self::InProgress => true,
            Self::Reported | Self::Accepted | Self::Withdrawn => false,
        }
    }
}

/// What a task comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum TaskSource {
    /// A document that the giver sees.
    Document {
        /// Which.
        #[schema(value_type = String, format = Uuid)]
        document: DocumentId,
    },
    /// Kết luận cuộc họp.
    Meeting {
        /// Which meeting, or the number of its conclusion, 1 to 500 characters.
        name: String,
        /// When it was held.
        #[schema(value_type = String)]
        held_on: Date,
    },
    /// Nothing else.
    Alone {},
}

/// Somebody who works on a task. Name and unit are the server's word; a desk writes what it knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskParty {
    /// The account.
    #[schema(value_type = i64)]
    pub account: AccountId,
    /// The name.
    pub full_name: String,
    /// The unit of the person's main post.
    pub unit: AgencyInfo,
}

/// What is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskOrder {
    /// What is to be done, in a line of 1 to 500 characters.
    pub title: String,
    /// More about it, at most 4,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What it comes from.
    pub source: TaskSource,
    /// Chủ trì: exactly one.
    pub lead: TaskParty,
    /// Phối hợp: nobody twice, at most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supports: Vec<TaskParty>,
    /// The last day in time.
    #[schema(value_type = String)]
    pub due: Date,
}

/// A report on how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskReport {
    /// When the server took it.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// Who reports.
    pub by: Named,
    /// What was done.
    pub text: String,
    /// How much of the person's part is done, 0 to 100.
    pub percent: u8,
    /// Documents that show it. Who does not see one is told that there is one, in no other word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub evidence: Vec<DocumentId>,
    /// Whether the lead reports by it that all is done.
    #[serde(default)]
    pub done: bool,
}

/// More time that the lead has asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskExtension {
    /// Until when.
    #[schema(value_type = String)]
    pub until: Date,
    /// Why.
    pub reason: String,
    /// When it was asked.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// One step in the life of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskStep {
    /// What was done.
    pub act: TaskActKind,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// Who did it.
    pub by: Named,
    /// The reason or words that were given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The day that was asked for or granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub until: Option<Date>,
}

/// A task, for whom it concerns: its giver, lead and supports, the heads and clerks of their units, the
/// agency's leaders and its clerks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Task {
    /// Its id, made where it was given.
    #[schema(value_type = String, format = Uuid)]
    pub id: TaskId,
    /// In which agency.
    pub agency: AgencyInfo,
    /// Who gave it, and accepts it.
    pub giver: Named,
    /// When.
    #[schema(value_type = i64)]
    pub given_at: Timestamp,
    /// What was given; its deadline is the present one.
    pub order: TaskOrder,
    /// Where it stands.
    pub state: TaskState,
    /// How much the lead says is done, 0 to 100.
    pub percent: u8,
    /// More time that is asked for and not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<TaskExtension>,
    /// The day of the lead's report that all is done, while it is reported or accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub done_on: Option<Date>,
    /// What was reported, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<TaskReport>,
    /// What happened, oldest first; reports aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<TaskStep>,
}

/// An act on a task. Reasons are NFC, 1 to 500 characters; a report's text 1 to 4,000.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum TaskAct {
    /// Gives it. Makes the task.
    Give {
        /// What.
        order: Box<TaskOrder>,
    },
    /// The lead takes it up.
    TakeUp {},
    /// The lead or a support reports how far it is.
    Report {
        /// What was done.
        text: String,
        /// How much of the person's part, 0 to 100.
        percent: u8,
        /// Documents that the person sees, at most 20.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<String>)]
        evidence: Vec<DocumentId>,
    },
    /// The lead says that all is done.
    Finish {
        /// What came of it.
        text: String,
        /// As in `report`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<String>)]
        evidence: Vec<DocumentId>,
    },
    /// The giver accepts it (nghiệm thu).
    Accept {
        /// A word on it, may be empty.
        #[serde(default)]
        note: String,
    },
    /// The giver does not accept it: it goes on.
    SendBack {
        /// What is missing.
        reason: String,
    },
    /// The lead asks for more time; asked again, the later word counts.
    AskExtension {
        /// Until when, after the present deadline.
        #[schema(value_type = String)]
        until: Date,
        /// Why.
        reason: String,
    },
    /// The giver answers that.
    AnswerExtension {
        /// The new deadline; none: it stays as it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        until: Option<Date>,
        /// Why not, where it is refused; else it may be empty.
        #[serde(default)]
        reason: String,
    },
    /// The giver, or a leader of the agency, takes it back (thu hồi).
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// The acts without their facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskActKind {
    /// See [`TaskAct::Give`].
    Give,
    /// See [`TaskAct::TakeUp`].
    TakeUp,
    /// See [`TaskAct::Report`].
    Report,
    /// See [`TaskAct::Finish`].
    Finish,
    /// See [`TaskAct::Accept`].
    Accept,
    /// See [`TaskAct::SendBack`].
    SendBack,
    /// See [`TaskAct::AskExtension`].
    AskExtension,
    /// See [`TaskAct::AnswerExtension`].
    AnswerExtension,
    /// See [`TaskAct::Withdraw`].
    Withdraw,
}

impl TaskActKind {
    /// Its word in the desk's outbox and for the face.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Give => "task_give",
            Self::TakeUp => "task_take_up",
            Self::Report => "task_report",
            Self::Finish => "task_finish",
            Self::Accept => "task_accept",
            Self::SendBack => "task_send_back",
            Self::AskExtension => "task_ask_extension",
            Self::AnswerExtension => "task_answer_extension",
            Self::Withdraw => "task_withdraw",
        }
    }
}

impl TaskAct {
    /// Which act.
    #[must_use]
    pub fn kind(&self) -> TaskActKind {
        match self {
            Self::Give { .. } => TaskActKind::Give,
            Self::TakeUp {} => TaskActKind::TakeUp,
            Self::Report { .. } => TaskActKind::Report,
            Self::Finish { .. } => TaskActKind::Finish,
            Self::Accept { .. } => TaskActKind::Accept,
            Self::SendBack { .. } => TaskActKind::SendBack,
            Self::AskExtension { .. } => TaskActKind::AskExtension,
            Self::AnswerExtension { .. } => TaskActKind::AnswerExtension,
            Self::Withdraw { .. } => TaskActKind::Withdraw,
        }
    }

    /// The documents that it names: the person must see each.
    #[must_use]
    pub fn documents(&self) -> &[DocumentId] {
        match self {
            Self::Give { order } => order.source.document(),
            Self::Report { evidence, .. } | Self::Finish { evidence, .. } => evidence,
            Self::TakeUp {}
            | Self::Accept { .. }
            | Self::SendBack { .. }
            | Self::AskExtension { .. }
            | Self::AnswerExtension { .. }
            | Self::Withdraw { .. } => &[],
        }
    }
}

impl TaskSource {
    fn document(&self) -> &[DocumentId] {
        match self {
            Self::Document { document } => std::slice::from_ref(document),
            Self::Meeting { .. } | Self::Alone {} => &[],
        }
    }
}
