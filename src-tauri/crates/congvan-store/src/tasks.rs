//! Tasks: the mirror with our acts laid over it that the server does not show yet.

use std::collections::HashSet;

use congvan_model::{AccountId, DocumentId, TaskId, Timestamp};
use congvan_protocol::{
    AgencyInfo, Intent,
    handling::Actor,
    task::{Task, TaskAct, TaskSource, TaskState},
};
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use crate::{
    Recorded, Store, acts, document,
    error::{Result, StoreError},
    happening, laid,
};

/// A task as this desk knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskView {
    /// The task, our acts counted in.
    pub task: Task,
    /// Whether some of them are not at the server yet.
    pub unsent: bool,
}

/// What lists and counts ask of an open task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskHead {
    /// Which.
    pub id: TaskId,
    /// Where it stands.
    pub state: TaskState,
    /// Its last day in time.
    pub due: Date,
    /// Who gave it.
    pub giver: AccountId,
    /// Who leads.
    pub lead: AccountId,
    /// Who supports.
    pub supports: Vec<AccountId>,
    /// Whether more time is asked for.
    pub asked: bool,
}

/// How many tasks the people of a unit have led to their acceptance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskTally {
    /// Name of the unit.
    pub unit: String,
    /// In time.
    pub in_time: u64,
    /// Late.
    pub late: u64,
}

impl Store {
    /// The tasks that have not ended, the first due first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn open_tasks(&self) -> Result<Vec<TaskHead>> {
        self.read(|db| {
            let ours = ours(db)?;
            let mut query = db.prepare_cached(
                "SELECT id, state, due, giver, lead, supports, asked FROM task INDEXED BY task_open
                 WHERE ended_on IS NULL ORDER BY due",
            )?;
            let mut rows = query.query([])?;
            let mut heads = Vec::new();
            while let Some(row) = rows.next()? {
                let head = head(row)?;
                if !ours.contains(&head.id) {
                    heads.push(head);
                }
            }
            for id in ours {
                let view = view(db, id)?;
                heads.extend(view.map(|view| TaskHead::from(&view.task)));
            }
            heads.retain(|head| head.state.is_open());
            heads.sort_by_key(|head| (head.due, head.id));
            Ok(heads)
        })
    }

    /// The tasks that have ended, the latest first, at most so many.
    ///
    /// # Errors
    /// Disk errors.
    pub fn ended_tasks(&self, limit: u32) -> Result<Vec<TaskView>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT id FROM task INDEXED BY task_ended WHERE ended_on IS NOT NULL
                 ORDER BY ended_on DESC LIMIT ?1",
            )?;
            let rows = query.query_map([limit], |row| Ok(TaskId(Uuid::from_bytes(row.get(0)?))))?;
            let mut ids = ours(db)?;
            ids.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            let mut views = Vec::new();
            for id in ids {
                views.extend(view(db, id)?.filter(|view| !view.task.state.is_open()));
            }
            views.sort_by_key(|view| std::cmp::Reverse((ended_at(&view.task), view.task.id)));
            views.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(views)
        })
    }

    /// What was accepted since a day, by the units of the leads, as the server said it last.
    ///
    /// # Errors
    /// Disk errors.
    pub fn tasks_accepted(&self, since: Date) -> Result<Vec<TaskTally>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT unit, sum(late = 0), sum(late = 1) FROM task INDEXED BY task_ended
                 WHERE ended_on >= ?1 AND state = 'accepted' GROUP BY unit ORDER BY unit",
            )?;
            let rows = query.query_map([since.to_string()], |row| {
                Ok(TaskTally {
                    unit: row.get(0)?,
                    in_time: crate::uint(row.get(1)?),
                    late: crate::uint(row.get(2)?),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Tasks by their ids, in that order; those that are not here aside.
    ///
    /// # Errors
    /// Disk errors.
    pub fn tasks(&self, ids: &[TaskId]) -> Result<Vec<TaskView>> {
        self.read(|db| {
            let mut views = Vec::new();
            for id in ids {
                views.extend(view(db, *id)?);
            }
            Ok(views)
        })
    }

    /// The tasks that come from a document, the first due first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn tasks_of(&self, document: DocumentId) -> Result<Vec<TaskView>> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT id FROM task WHERE source = ?1")?;
            let rows = query.query_map([document.0.as_bytes()], |row| {
                Ok(TaskId(Uuid::from_bytes(row.get(0)?)))
            })?;
            let mut ids = ours(db)?;
            ids.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            let wanted = TaskSource::Document { document };
            let mut views = Vec::new();
            for id in ids {
                views.extend(view(db, id)?.filter(|view| view.task.order.source == wanted));
            }
            views.sort_by_key(|view| (view.task.order.due, view.task.id));
            Ok(views)
        })
    }

    /// Records an act on a task; it counts here at once. Whether it may be done is the caller's question.
    ///
    /// # Errors
    /// Disk errors: then nothing was recorded.
    pub fn act_on_task(
        &self,
        id: TaskId,
        act: TaskAct,
        (author, author_name): (AccountId, &str),
        now: Timestamp,
    ) -> Result<Recorded> {
        let intent = Intent::Task { act: Box::new(act) };
        self.then_journalled(|tx| {
            let rev: Option<i64> = tx
                .prepare_cached("SELECT rev FROM task WHERE id = ?1")?
                .query_row([id.0.as_bytes()], |row| row.get(0))
                .optional()?;
            let on = (DocumentId(id.0), rev.map_or(0, crate::uint));
            acts::record_on(tx, on, intent.clone(), (author, author_name), now)
        })
    }

    /// Notes that the person is reminded of a deadline with so many working days left, -1 when it is
    /// over. Says whether that is for the first time; then it stands in the desk's history, too.
    ///
    /// # Errors
    /// Disk errors.
    pub fn remind_of_task(
        &self,
        (task, due): (TaskId, Date),
        days: i32,
        now: Timestamp,
    ) -> Result<bool> {
        self.write(|tx| {
            let is_new = tx
                .prepare_cached(
                    "INSERT INTO task_reminder(task, due, days, at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![task.0.as_bytes(), due.to_string(), days, now.0])?;
            if is_new > 0 {
                let (code, left) = match u64::try_from(days) {
                    Ok(left) => ("TASK_DUE", left),
                    Err(_) => ("TASK_OVERDUE", 0),
                };
                happening::note(tx, code, (left, &task.to_string()), now)?;
            }
            Ok(is_new > 0)
        })
    }

    /// The steps of a task's deadline that the person was reminded of, as [`Store::remind_of_task`] noted
    /// them.
    ///
    /// # Errors
    /// Disk errors.
    pub fn task_reminders(&self, task: TaskId, due: Date) -> Result<Vec<i32>> {
        self.read(|db| {
            let mut query =
                db.prepare_cached("SELECT days FROM task_reminder WHERE task = ?1 AND due = ?2")?;
            let of = params![task.0.as_bytes(), due.to_string()];
            let rows = query.query_map(of, |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

impl From<&Task> for TaskHead {
    fn from(task: &Task) -> Self {
        Self {
            id: task.id,
            state: task.state,
            due: task.order.due,
            giver: task.giver.account,
            lead: task.order.lead.account,
            supports: task.order.supports.iter().map(|one| one.account).collect(),
            asked: task.extension.is_some(),
        }
    }
}

fn head(row: &Row<'_>) -> Result<TaskHead> {
    Ok(TaskHead {
        id: TaskId(Uuid::from_bytes(row.get(0)?)),
        state: document::from_word(&row.get::<_, String>(1)?)?,
        due: day(&row.get::<_, String>(2)?)?,
        giver: AccountId(row.get(3)?),
        lead: AccountId(row.get(4)?),
        supports: serde_json::from_str(&row.get::<_, String>(5)?)?,
        asked: row.get(6)?,
    })
}

fn day(text: &str) -> Result<Date> {
    text.parse()
        .map_err(|_| StoreError::Corrupt { what: "day" })
}

/// Those that our acts are laid over.
fn ours(db: &Connection) -> Result<HashSet<TaskId>> {
    let mut query = db.prepare_cached(
        "SELECT DISTINCT a.thing FROM overlay_thing a JOIN outbox o ON o.op_id = a.op_id
         WHERE o.kind = 'task'",
    )?;
    let rows = query.query_map([], |row| Ok(TaskId(Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn view(db: &Connection, id: TaskId) -> Result<Option<TaskView>> {
    let body: Option<String> = db
        .prepare_cached("SELECT body FROM task WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let mut task: Option<Task> = body.map(|body| serde_json::from_str(&body)).transpose()?;
    let mut unsent = false;
    for one in laid::on(db, id.0)? {
        let Intent::Task { act } = &one.intent else {
            return Err(StoreError::Corrupt { what: "act" });
        };
        let actor = Actor {
            account: one.author,
            full_name: &one.author_name,
            posts: &[],
        };
        unsent |= one.unsent;
        match (&mut task, act.as_ref()) {
            (None, TaskAct::Give { order }) => {
                // The agency is the server's word.
                let agency = AgencyInfo {
                    code: String::new(),
                    name: String::new(),
                };
                task = Some(Task::new(id, order, &actor, agency, one.at));
            }
            (None, _) => {}
            (Some(task), act) => task.project(act, &actor, one.at),
        }
    }
    Ok(task.map(|task| TaskView { task, unsent }))
}

fn ended_at(task: &Task) -> Option<Timestamp> {
    let last = task.steps.last().filter(|_| !task.state.is_open());
    last.map(|step| step.at)
}

/// Takes in the server's word. Says whether it was news.
pub(crate) fn take(tx: &Transaction<'_>, body: &Task, rev: u64) -> Result<bool> {
    let head = TaskHead::from(body);
    let source = match &body.order.source {
        TaskSource::Document { document } => Some(document.0.into_bytes()),
        TaskSource::Meeting { .. } | TaskSource::Alone {} => None,
    };
    let ended_on = ended_at(body).map(|at| at.vietnam_date().to_string());
    let is_late = body.done_on.is_some_and(|done| done > head.due);
    let changed = tx
        .prepare_cached(
            "INSERT INTO task(id, rev, title, state, due, giver, lead, supports, asked, unit, late,
               source, ended_on, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT(id) DO UPDATE SET rev = excluded.rev, title = excluded.title,
               state = excluded.state, due = excluded.due, giver = excluded.giver,
               lead = excluded.lead, supports = excluded.supports, asked = excluded.asked,
               unit = excluded.unit, late = excluded.late, source = excluded.source,
               ended_on = excluded.ended_on, body = excluded.body
             WHERE excluded.rev > task.rev",
        )?
        .execute(params![
            body.id.0.as_bytes(),
            crate::int(rev),
            body.order.title,
            document::word(&head.state)?,
            head.due.to_string(),
            head.giver.0,
            head.lead.0,
            serde_json::to_string(&head.supports)?,
            head.asked,
            body.order.lead.unit.name,
            is_late,
            source,
            ended_on,
            serde_json::to_string(body)?
        ])?;
    laid::shown(tx, body.id.0)?;
    Ok(changed > 0)
}

/// Takes a task off the desk, by a tombstone. Says whether it was here.
pub(crate) fn remove(tx: &Transaction<'_>, id: TaskId, rev: u64) -> Result<bool> {
    let gone = tx.execute(
        "DELETE FROM task WHERE id = ?1 AND rev <= ?2",
        params![id.0.as_bytes(), crate::int(rev)],
    )?;
    laid::shown(tx, id.0)?;
    Ok(gone > 0)
}
