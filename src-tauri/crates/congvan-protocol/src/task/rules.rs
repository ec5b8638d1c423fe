use super::{TaskActKind, TaskState};

/// Who may do an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskWho {
    /// A leader, to everyone of the agency; the head of a unit, to the people of it.
    Director,
    /// Who gave it.
    Giver,
    /// Who gave it, and every leader of the agency.
    GiverOrLeader,
    /// Who leads.
    Lead,
    /// Who leads or supports.
    LeadOrSupport,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskRule {
    /// The act.
    pub act: TaskActKind,
    /// From which states; none: there is no such task yet.
    pub from: &'static [TaskState],
    /// By whom.
    pub who: TaskWho,
    /// To which state; none: it stays.
    pub to: Option<TaskState>,
}

const fn line(
    act: TaskActKind,
    from: &'static [TaskState],
    who: TaskWho,
    to: Option<TaskState>,
) -> TaskRule {
    TaskRule { act, from, who, to }
}

/// Every act on a task: from where, by whom, to where.
pub const RULES: [TaskRule; 9] = {
    use TaskActKind as A;
    use TaskState as S;
    use TaskWho as W;
    const WORKED: &[TaskState] = &[S::Given, S::InProgress];
    [
        line(A::Give, &[], W::Director, Some(S::Given)),
        line(A::TakeUp, &[S::Given], W::Lead, Some(S::InProgress)),
        // Who reports has begun.
        line(A::Report, WORKED, W::LeadOrSupport, Some(S::InProgress)),
        line(A::Finish, WORKED, W::Lead, Some(S::Reported)),
        line(A::Accept, &[S::Reported], W::Giver, Some(S::Accepted)),
        line(A::SendBack, &[S::Reported], W::Giver, Some(S::InProgress)),
        line(A::AskExtension, WORKED, W::Lead, None),
        // Only while one is asked for.
        line(A::AnswerExtension, WORKED, W::Giver, None),
        line(
            A::Withdraw,
            &[S::Given, S::InProgress, S::Reported],
            W::GiverOrLeader,
            Some(S::Withdrawn),
        ),
    ]
};

/// The line of an act.
#[must_use]
pub fn task_rule(act: TaskActKind) -> Option<&'static TaskRule> {
    RULES.iter().find(|rule| rule.act == act)
}
