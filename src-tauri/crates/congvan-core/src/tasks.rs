//! Tasks at the desk: what there is to do and to answer, what this person may do, doing it. The table is
//! the protocol's; the server judges again.

mod reminders;

use std::collections::HashMap;

use congvan_model::{AccountId, DocumentId, TaskId, WorkingDays};
use congvan_protocol::{
    AgencyInfo, Document,
    handling::OfficePerson,
    task::{Task, TaskAct, TaskActKind, TaskOrder, TaskParty, TaskSource, TaskState},
};
use congvan_store::{TaskHead, TaskTally, TaskView};
use jiff::civil::Date;
use uuid::Uuid;

pub(crate) use reminders::{Reminder, remind};

use crate::{Desk, DeskError, Result};

/// Most ended tasks that a list shows.
const ENDED_SHOWN: u32 = 300;
/// A deadline is near with so many working days left.
const SOON: i32 = 3;

/// Which tasks a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskFilter {
    /// Those that this person leads or supports and that are worked on.
    ToDo,
    /// Those that wait for this person's word: to be accepted, or more time is asked for.
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

/// How many there are in each list of open ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// See [`TaskFilter::ToDo`].
    pub to_do: u32,
    /// See [`TaskFilter::ToAnswer`].
    pub to_answer: u32,
    /// See [`TaskFilter::Given`].
    pub given: u32,
    /// See [`TaskFilter::Overdue`].
    pub overdue: u32,
    /// See [`TaskFilter::Open`].
    pub open: u32,
}

/// A task as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRow {
    /// The task.
    pub view: TaskView,
    /// Working days from today until its deadline, that day counted; negative when it is over.
    pub days_left: i32,
    /// Whether it is late.
    pub overdue: bool,
    /// Whether it is worked on and its deadline is near.
    pub soon: bool,
}

/// A list of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskList {
    /// How many there are.
    pub counts: TaskCounts,
    /// Those that were asked for, overdue first.
    pub tasks: Vec<TaskRow>,
    /// Whether this person gives tasks.
    pub may_give: bool,
}

/// A task with what this person may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskDetail {
    /// The task.
    pub row: TaskRow,
    /// The documents that it names and that are here, by id.
    pub documents: HashMap<DocumentId, Document>,
    /// What this person may do now.
    pub allowed: Vec<TaskActKind>,
}

/// How all tasks that this person sees stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskBoard {
    /// The open ones, overdue first.
    pub open: Vec<TaskRow>,
    /// What was accepted this year, by units.
    pub accepted: Vec<TaskTally>,
}

/// What is to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What is to be done.
    pub title: String,
    /// More about it.
    pub text: String,
    /// What it comes from.
    pub source: TaskSource,
    /// Who leads.
    pub lead: AccountId,
    /// Who supports.
    pub supports: Vec<AccountId>,
    /// The last day in time.
    pub due: Date,
}

impl Desk {
    /// How many tasks there are in each list.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn task_counts(&self) -> Result<TaskCounts> {
        let (session, today) = (self.session().await?, self.now().vietnam_date());
        let own = session.account.id;
        let heads = session.with_store(|store| store.open_tasks()).await?;
        Ok(count(&heads, own, today))
    }

    /// A list of tasks.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn tasks_list(&self, filter: TaskFilter) -> Result<TaskList> {
        let (session, now) = (self.session().await?, self.now());
        let (own, today) = (session.account.id, now.vietnam_date());
        let (counts, views, days) = session
            .with_store(move |store| {
                let heads = store.open_tasks()?;
                let wanted: Vec<TaskId> = heads
                    .iter()
                    .filter(|head| is_in(filter, head, own, today))
                    .map(|head| head.id)
                    .collect();
                let views = match filter {
                    TaskFilter::Ended => store.ended_tasks(ENDED_SHOWN)?,
                    TaskFilter::ToDo
                    | TaskFilter::ToAnswer
                    | TaskFilter::Given
                    | TaskFilter::Overdue
                    | TaskFilter::Open => store.tasks(&wanted)?,
                };
                Ok((count(&heads, own, today), views, store.working_days()?))
            })
            .await?;
        let acting = session.acting_by_post(now).ok();
        Ok(TaskList {
            counts,
            tasks: rows(views, &days, today),
            may_give: acting.is_some_and(|acting| Task::is_given_by(&acting.actor())),
        })
    }

    /// How all tasks that this person sees stand.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn task_board(&self) -> Result<TaskBoard> {
        let (session, today) = (self.session().await?, self.now().vietnam_date());
        let (views, accepted, days) = session
            .with_store(move |store| {
                let ids: Vec<TaskId> = store.open_tasks()?.iter().map(|head| head.id).collect();
                let accepted = store.tasks_accepted(today.first_of_year())?;
                Ok((store.tasks(&ids)?, accepted, store.working_days()?))
            })
            .await?;
        Ok(TaskBoard {
            open: rows(views, &days, today),
            accepted,
        })
    }

    /// A task with what this person may do.
    ///
    /// # Errors
    /// `NotFound`, disk errors.
    pub async fn task(&self, id: TaskId) -> Result<TaskDetail> {
        let (session, now) = (self.session().await?, self.now());
        let found = session
            .with_store(move |store| {
                let Some(view) = store.tasks(&[id])?.pop() else {
                    return Ok(None);
                };
                let documents = store.dossier_documents(&named(&view.task))?;
                Ok(Some((view, documents, store.working_days()?)))
            })
            .await?;
        let (view, documents, days) = found.ok_or(DeskError::NotFound)?;
        // Nothing is offered in a capacity that has ended.
        let acting = session.acting_by_post(now).ok();
        let allowed = acting.map_or_else(Vec::new, |acting| view.task.allowed(&acting.actor()));
        Ok(TaskDetail {
            row: row(view, &days, now.vietnam_date()),
            documents: documents.into_iter().map(|one| (one.id, one)).collect(),
            allowed,
        })
    }

    /// The tasks that come from a document.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn tasks_of(&self, document: DocumentId) -> Result<Vec<TaskRow>> {
        let (session, today) = (self.session().await?, self.now().vietnam_date());
        let (views, days) = session
            .with_store(move |store| Ok((store.tasks_of(document)?, store.working_days()?)))
            .await?;
        Ok(rows(views, &days, today))
    }

    /// Whom this person may give tasks to; nobody before the first contact.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn task_people(&self) -> Result<Vec<OfficePerson>> {
        let (session, now) = (self.session().await?, self.now());
        let Ok(acting) = session.acting_by_post(now) else {
            return Ok(Vec::new());
        };
        let mut people = self.office_people().await?;
        people.retain(|person| Task::reaches(&acting.actor(), &person.unit.code));
        Ok(people)
    }

    /// Gives a task; it counts here at once.
    ///
    /// # Errors
    /// `ActForbidden`, `ActField` by the table and for a day that is over; `NotFound` for a document that
    /// is not here; disk errors. Then nothing was recorded.
    pub async fn give_task(&self, new: NewTask) -> Result<TaskDetail> {
        let (session, now) = (self.session().await?, self.now());
        let acting = session.acting_by_post(now)?;
        if !Task::is_given_by(&acting.actor()) {
            return Err(DeskError::ActForbidden);
        }
        if new.due < now.vietnam_date() {
            return Err(DeskError::ActField { field: "due" });
        }
        let people = self.office_people().await?;
        let party = |account: AccountId, field: &'static str| {
            let found = people.iter().find(|person| person.account == account);
            found.map(party).ok_or(DeskError::ActField { field })
        };
        let supports = new.supports.iter().map(|one| party(*one, "supports"));
        let order = Box::new(TaskOrder {
            title: new.title,
            text: new.text,
            source: new.source,
            lead: party(new.lead, "lead")?,
            supports: supports.collect::<Result<_>>()?,
            due: new.due,
        });
        let id = TaskId(Uuid::now_v7());
        let nobody = AgencyInfo {
            code: String::new(),
            name: String::new(),
        };
        Task::give(id, &order, &acting.actor(), nobody, now)?;
        self.record_task(id, TaskAct::Give { order }).await?;
        self.task(id).await
    }

    /// Does an act on a task: durable and counted here when this returns, at the server when it answers.
    ///
    /// # Errors
    /// `ActForbidden`, `ActWrongState`, `ActField` by the table; `NotFound`, disk errors. Then nothing
    /// was recorded.
    pub async fn act_on_task(&self, id: TaskId, act: TaskAct) -> Result<()> {
        let (session, now) = (self.session().await?, self.now());
        let mut task = self.task(id).await?.row.view.task;
        task.apply(&act, &session.acting_by_post(now)?.actor(), now)?;
        self.record_task(id, act).await
    }

    async fn record_task(&self, id: TaskId, act: TaskAct) -> Result<()> {
        let (session, now) = (self.session().await?, self.now());
        for document in act.documents() {
            self.document(*document).await?;
        }
        let acting = session.acting_by_post(now)?;
        let (account, name) = (acting.account, acting.full_name);
        session
            .with_store(move |store| store.act_on_task(id, act, (account, &name), now))
            .await?;
        self.acted(&session);
        Ok(())
    }
}

fn party(person: &OfficePerson) -> TaskParty {
    TaskParty {
        account: person.account,
        full_name: person.full_name.clone(),
        unit: person.unit.clone(),
    }
}

/// The documents that a task names.
fn named(task: &Task) -> Vec<DocumentId> {
    let source = match &task.order.source {
        TaskSource::Document { document } => Some(*document),
        TaskSource::Meeting { .. } | TaskSource::Alone {} => None,
    };
    let evidence = task.reports.iter().flat_map(|report| &report.evidence);
    source.into_iter().chain(evidence.copied()).collect()
}

fn is_in(filter: TaskFilter, head: &TaskHead, own: AccountId, today: Date) -> bool {
    let is_worked = head.state.is_worked();
    match filter {
        TaskFilter::ToDo => is_worked && (head.lead == own || head.supports.contains(&own)),
        TaskFilter::ToAnswer => {
            head.giver == own && (head.state == TaskState::Reported || head.asked)
        }
        TaskFilter::Given => head.giver == own,
        TaskFilter::Overdue => is_worked && today > head.due,
        TaskFilter::Open => true,
        TaskFilter::Ended => false,
    }
}

fn count(heads: &[TaskHead], own: AccountId, today: Date) -> TaskCounts {
    let of = |filter| {
        let found = heads.iter().filter(|head| is_in(filter, head, own, today));
        u32::try_from(found.count()).unwrap_or(u32::MAX)
    };
    TaskCounts {
        to_do: of(TaskFilter::ToDo),
        to_answer: of(TaskFilter::ToAnswer),
        given: of(TaskFilter::Given),
        overdue: of(TaskFilter::Overdue),
        open: of(TaskFilter::Open),
    }
}

fn row(view: TaskView, days: &WorkingDays, today: Date) -> TaskRow {
    let days_left = days.between(today, view.task.order.due);
    let overdue = view.task.is_overdue(today);
    let soon = view.task.state.is_worked() && !overdue && days_left <= SOON;
    TaskRow {
        view,
        days_left,
        overdue,
        soon,
    }
}

/// Overdue first, each part in the order that it has.
fn rows(views: Vec<TaskView>, days: &WorkingDays, today: Date) -> Vec<TaskRow> {
    let mut rows: Vec<TaskRow> = (views.into_iter())
        .map(|view| row(view, days, today))
        .collect();
    rows.sort_by_key(|row| {
        let state = row.view.task.state;
        (
            state.is_open() && !(row.overdue && state.is_worked()),
            state == TaskState::Reported,
        )
    });
    rows
}
