use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which tasks a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaskFilter {
    /// Those that this person works on.
    ToDo,
    /// Those that wait for this person's word.
    ToAnswer,
    /// Those that this person gave and that are open.
    Given,
    /// Those worked on whose day is over.
    Overdue,
    /// All that are open.
    Open,
    /// The latest that have ended.
    Ended,
}

/// Arguments of `tasks_list`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TaskQuery {
    /// Which.
    pub filter: TaskFilter,
}

/// How many tasks there are in each list of open ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskCountsDto {
    /// To be worked on by this person.
    pub to_do: u32,
    /// Waiting for this person's word.
    pub to_answer: u32,
    /// Given by this person.
    pub given: u32,
    /// Worked on although the day is over.
    pub overdue: u32,
    /// All.
    pub open: u32,
}

/// Somebody who works on a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskPartyDto {
    /// The account.
    pub account: String,
    /// The name.
    pub name: String,
    /// Name of the unit.
    pub unit: String,
}

/// A task as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskDto {
    /// The task.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// `given`, `in_progress`, `reported`, `accepted`, `withdrawn`.
    pub state: String,
    /// Who gave it.
    pub giver: String,
    /// Who leads.
    pub lead: TaskPartyDto,
    /// The last day in time.
    pub due: String,
    /// Working days until then, that day counted; negative when it is over.
    pub days_left: i32,
    /// Whether it is late.
    pub overdue: bool,
    /// Whether it is worked on and the deadline is near.
    pub soon: bool,
    /// How much the lead says is done, 0 to 100.
    pub percent: u8,
    /// Whether more time is asked for.
    pub asked: bool,
    /// Whether an act of this machine on it is not at the server yet.
    pub unsent: bool,
}

/// A list of tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskListDto {
    /// How many there are in each.
    pub counts: TaskCountsDto,
    /// Those that were asked for, overdue first.
    pub tasks: Vec<TaskDto>,
    /// Whether this person gives tasks.
    pub may_give: bool,
}

/// What the people of a unit have led to its acceptance this year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskTallyDto {
    /// Name of the unit.
    pub unit: String,
    /// In time.
    pub in_time: u64,
    /// Late.
    pub late: u64,
}

/// How all tasks that this person sees stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskBoardDto {
    /// The open ones, overdue first.
    pub open: Vec<TaskDto>,
    /// What was accepted this year, by units.
    pub accepted: Vec<TaskTallyDto>,
}

/// A document that a task names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskDocumentDto {
    /// The document.
    pub id: String,
    /// Whether this person has it; the rest is empty otherwise.
    pub here: bool,
    /// Số, ký hiệu.
    pub notation: String,
    /// Trích yếu.
    pub subject: String,
    /// `incoming` or `outgoing`.
    pub direction: String,
}

/// A meeting whose conclusion a task comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaskMeetingDto {
    /// Which meeting, or the number of its conclusion.
    pub name: String,
    /// When it was held.
    pub held_on: String,
}

/// A report on how far a task is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskReportDto {
    /// When.
    pub at: i64,
    /// Who.
    pub by: String,
    /// What was done.
    pub text: String,
    /// How much of the person's part, 0 to 100.
    pub percent: u8,
    /// Whether the lead reports by it that all is done.
    pub done: bool,
    /// Documents that show it.
    pub evidence: Vec<TaskDocumentDto>,
}

/// One step in the life of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskStepDto {
    /// Word of the act.
    pub act: String,
    /// When.
    pub at: i64,
    /// Who.
    pub by: String,
    /// Reason or words.
    pub note: String,
    /// The day that was given, asked for or granted.
    pub until: Option<String>,
}

/// More time that the lead has asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskExtensionDto {
    /// Until when.
    pub until: String,
    /// Why.
    pub reason: String,
    /// When it was asked.
    pub at: i64,
}

/// A task with what this person may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TaskDetailDto {
    /// The task.
    pub task: TaskDto,
    /// More about it.
    pub text: String,
    /// Who supports.
    pub supports: Vec<TaskPartyDto>,
    /// The document that it comes from.
    pub document: Option<TaskDocumentDto>,
    /// The meeting that it comes from.
    pub meeting: Option<TaskMeetingDto>,
    /// When it was given.
    pub given_at: i64,
    /// The day of the report that all is done.
    pub done_on: Option<String>,
    /// More time that is asked for.
    pub extension: Option<TaskExtensionDto>,
    /// What was reported, oldest first.
    pub reports: Vec<TaskReportDto>,
    /// What happened, oldest first.
    pub steps: Vec<TaskStepDto>,
    /// Words of the acts that this person may do now.
    pub allowed: Vec<String>,
}

/// Arguments of `task_give`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TaskGive {
    /// What is to be done.
    pub title: String,
    /// More about it; may be empty.
    pub text: String,
    /// The document that it comes from.
    pub document: Option<String>,
    /// The meeting that it comes from, where there is no document.
    pub meeting: Option<TaskMeetingDto>,
    /// Account of who leads.
    pub lead: String,
    /// Accounts of who supports.
    pub supports: Vec<String>,
    /// The last day in time.
    pub due: String,
}

/// An act on a task.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum TaskActDto {
    /// The lead takes it up.
    TakeUp,
    /// The lead or a support reports how far it is.
    Report {
        /// What was done.
        text: String,
        /// How much of the person's part, 0 to 100.
        percent: u8,
        /// Ids of documents that show it.
        evidence: Vec<String>,
    },
    /// The lead says that all is done.
    Finish {
        /// What came of it.
        text: String,
        /// Ids of documents that show it.
        evidence: Vec<String>,
    },
    /// The giver accepts it.
    Accept {
        /// A word on it; may be empty.
        note: String,
    },
    /// The giver does not accept it.
    SendBack {
        /// What is missing.
        reason: String,
    },
    /// The lead asks for more time.
    AskExtension {
        /// Until when.
        until: String,
        /// Why.
        reason: String,
    },
    /// The giver answers that.
    AnswerExtension {
        /// The new deadline; none: it stays.
        until: Option<String>,
        /// Why not; may be empty when it is granted.
        reason: String,
    },
    /// It is taken back.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// Arguments of `task_act`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TaskActArgs {
    /// The task.
    pub id: String,
    /// What is done.
    pub act: TaskActDto,
}

/// Names a task.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TaskId {
    /// The task.
    pub id: String,
}
