//! Whom a deadline reminds, and when: with seven, three and one working day left, and when it is over.

use congvan_model::{AccountId, TaskId, Timestamp};
use congvan_store::{Store, StoreError, TaskHead};

/// Working days before the deadline.
const STEPS: [i32; 3] = [1, 3, 7];
/// What stands for them when it is over.
const OVER: i32 = -1;

/// A deadline that the person is to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reminder {
    /// Which task.
    pub(crate) task: TaskId,
    /// What is to be done.
    pub(crate) title: String,
    /// Working days left; negative when it is over.
    pub(crate) days_left: i32,
}

/// What the person is to be told of now, each once for each step of a deadline, also after a restart.
pub(crate) fn remind(
    store: &Store,
    own: AccountId,
    now: Timestamp,
) -> Result<Vec<Reminder>, StoreError> {
    let (today, days) = (now.vietnam_date(), store.working_days()?);
    let mut told = Vec::new();
    for head in store.open_tasks()? {
        let left = days.between(today, head.due);
        let is_over = today > head.due;
        let Some(step) = step(&head, own, (is_over, left)) else {
            continue;
        };
        if is_told(&store.task_reminders(head.id, head.due)?, step) {
            continue;
        }
        store.remind_of_task((head.id, head.due), step, now)?;
        let view = store.tasks(&[head.id])?.pop();
        told.extend(view.map(|view| Reminder {
            task: head.id,
            title: view.task.order.title,
            days_left: if is_over { OVER } else { left },
        }));
    }
    Ok(told)
}

/// The step that a deadline has come to for a person: who works on it is told of each, who gave it when
/// it is over.
fn step(head: &TaskHead, own: AccountId, (is_over, left): (bool, i32)) -> Option<i32> {
    let works = head.lead == own || head.supports.contains(&own);
    let concerns = works || is_over && head.giver == own;
    if !head.state.is_worked() || !concerns {
        None
    } else if is_over {
        Some(OVER)
    } else {
        STEPS.into_iter().find(|step| left <= *step)
    }
}

/// Whether this step of a deadline, or a later one, was told.
fn is_told(noted: &[i32], step: i32) -> bool {
    noted.iter().any(|told| *told <= step)
}

#[cfg(test)]
mod tests {
    use congvan_protocol::task::TaskState;
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    const GIVER: AccountId = AccountId(1);
    const LEAD: AccountId = AccountId(2);
    const SUPPORT: AccountId = AccountId(3);
    const OTHER: AccountId = AccountId(4);

    fn head(state: TaskState) -> TaskHead {
        TaskHead {
            id: TaskId(Uuid::from_u128(1)),
            state,
            due: date(2026, 12, 10),
            giver: GIVER,
            lead: LEAD,
            supports: vec![SUPPORT],
            asked: false,
        }
    }

    #[test]
    fn who_works_on_it_is_told_at_seven_three_and_one_and_its_giver_when_it_is_over() {
        let task = head(TaskState::InProgress);
        let cases = [
            ((false, 8), None),
            ((false, 7), Some(7)),
            ((false, 4), Some(7)),
            ((false, 3), Some(3)),
            ((false, 1), Some(1)),
            ((false, 0), Some(1)),
            ((true, -1), Some(OVER)),
        ];
        for (place, told) in cases {
            assert_eq!(step(&task, LEAD, place), told, "{place:?}");
            assert_eq!(step(&task, SUPPORT, place), told, "{place:?}");
            assert_eq!(step(&task, OTHER, place), None, "{place:?}");
            let giver = told.filter(|step| *step == OVER);
            assert_eq!(step(&task, GIVER, place), giver, "{place:?}");
        }
    }

    #[test]
    fn what_is_reported_done_reminds_nobody() {
        for state in [
            TaskState::Reported,
            TaskState::Accepted,
            TaskState::Withdrawn,
        ] {
            assert_eq!(step(&head(state), LEAD, (true, -3)), None, "{state:?}");
        }
    }

    #[test]
    fn a_step_is_told_once_and_an_earlier_one_not_after_a_later() {
        assert!(is_told(&[3], 3));
        assert!(is_told(&[3], 7), "a holiday was cleared meanwhile");
        assert!(!is_told(&[7, 3], 1));
        assert!(!is_told(&[7, 3, 1], OVER));
        assert!(is_told(&[OVER], 1));
    }
}
