//! Tasks as rows, and as one account may see them.

use congvan_model::{AccountId, TaskId};
use congvan_protocol::{
    ChangeKind, EntityType,
    handling::{Actor, OfficePerson},
    task::Task,
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{accounts, error::Result, feed::Touch};

/// A task with its `rev`.
pub(crate) fn load(tx: &Transaction<'_>, id: TaskId) -> Result<Option<(Task, u64)>> {
    let found: Option<(String, u64)> = tx
        .prepare_cached("SELECT body, rev FROM task WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match found {
        Some((body, rev)) => Some((serde_json::from_str(&body)?, rev)),
        None => None,
    })
}

/// The task, if that account sees it.
pub(crate) fn of(tx: &Transaction<'_>, id: TaskId, account: AccountId) -> Result<Option<Task>> {
    let Some((task, _)) = load(tx, id)? else {
        return Ok(None);
    };
    let person = accounts::info(tx, account)?;
    let actor = Actor {
        account,
        full_name: &person.full_name,
        posts: &person.posts,
    };
    Ok(task.is_seen_by(&actor).then_some(task))
}

/// Writes a task down; the answer is its new `rev`.
pub(crate) fn save(tx: &Transaction<'_>, task: &Task, rev: u64) -> Result<u64> {
    let rev = rev + 1;
    tx.execute(
        "INSERT INTO task(id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT(id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        params![task.id.0.as_bytes(), rev, serde_json::to_string(task)?],
    )?;
    Ok(rev)
}

/// Its feed rows, for whom it concerns.
pub(crate) fn touch(task: &Task, people: &[OfficePerson], rev: u64) -> Vec<Touch> {
    let sees = |person: &&OfficePerson| {
        let posts = accounts::posts_of(person);
        task.is_seen_by(&Actor {
            account: person.account,
            full_name: &person.full_name,
            posts: &posts,
        })
    };
    let touch = |person: &OfficePerson| Touch {
        account: person.account,
        entity: EntityType::Task,
        id: task.id.0,
        change: ChangeKind::Upsert,
        rev,
        prio: 0,
    };
    people.iter().filter(sees).map(touch).collect()
}
