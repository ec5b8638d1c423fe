//! The change feed: a latest-state index per account, its pages and its cursor.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use congvan_model::{
    AccountId, CalendarId, DocumentId, DocumentState, DossierId, OpinionId, TaskId, Urgency,
};
use congvan_protocol::{Change, ChangeKind, Entity, EntityType};
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    ProvinceError, calendars, dossiers, entity, error::Result, keys::ServerKeys, tasks, text::uuid,
};

/// Most changes on a page.
pub(crate) const PAGE_ITEMS: usize = 500;
/// Most bytes of bodies on a page; one body larger than that still travels, alone.
pub(crate) const PAGE_BYTES: usize = 1024 * 1024;

/// One change for one account, to be written by the last statements of a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Touch {
    pub(crate) account: AccountId,
    pub(crate) entity: EntityType,
    pub(crate) id: Uuid,
    pub(crate) change: ChangeKind,
    pub(crate) rev: u64,
    pub(crate) prio: i64,
}

/// How early a document comes in the first pull: unfinished before finished, urgent first, and a
/// document before the opinions of its rank.
pub(crate) fn priority(entity: EntityType, state: DocumentState, urgency: Urgency) -> i64 {
    let unfinished = match state {
        DocumentState::Received
        | DocumentState::Registered
        | DocumentState::Presented
        | DocumentState::Directed
        | DocumentState::InProgress
        | DocumentState::Draft
        | DocumentState::ContentReview
        | DocumentState::FormatReview
        | DocumentState::AwaitingInitials
        | DocumentState::AwaitingSignature
        | DocumentState::Signed => 10,
        DocumentState::Resolved | DocumentState::Issued | DocumentState::Filed => 0,
    };
    let rank = (unfinished + i64::from(urgency.priority())) * 2;
    match entity {
        EntityType::Document => rank + 1,
        EntityType::Opinion => rank,
        EntityType::Dossier | EntityType::Task | EntityType::Calendar => 0,
    }
}

pub(crate) fn etype(entity: EntityType) -> i64 {
    match entity {
        EntityType::Document => 1,
        EntityType::Opinion => 2,
        EntityType::Dossier => 3,
        EntityType::Task => 4,
        EntityType::Calendar => 5,
    }
}

fn entity_type(number: i64) -> Result<EntityType> {
    match number {
        1 => Ok(EntityType::Document),
        2 => Ok(EntityType::Opinion),
        3 => Ok(EntityType::Dossier),
        4 => Ok(EntityType::Task),
        5 => Ok(EntityType::Calendar),
        _ => Err(ProvinceError::Stored("entity type")),
    }
}

/// Moves the heads of these accounts with nothing new in their feeds, so that who listens asks.
pub(crate) fn nudge(tx: &Transaction<'_>, accounts: &[AccountId]) -> Result<()> {
    for account in accounts {
        tx.prepare_cached("UPDATE feed_head SET head = head + 1 WHERE account = ?1")?
            .execute([account.0])?;
    }
    Ok(())
}

/// Writes the touches. Must be the last statements of the transaction: on a server with row locks
/// the head row is then held for the shortest time, and order of seq is order of commit.
pub(crate) fn append(tx: &Transaction<'_>, mut touches: Vec<Touch>) -> Result<()> {
    touches.sort_by_key(|touch| touch.account);
    for touch in touches {
        let head: i64 = tx
            .prepare_cached(
                "INSERT INTO feed_head(account, head) VALUES (?1, 1)
                 ON CONFLICT(account) DO UPDATE SET head = head + 1 RETURNING head",
            )?
            .query_row([touch.account.0], |row| row.get(0))?;
        let kind = match touch.change {
            ChangeKind::Upsert => "u",
            ChangeKind::Remove => "x",
        };
        tx.prepare_cached(
            "INSERT INTO feed(account, etype, eid, seq, kind, rev, prio)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT(account, etype, eid) DO UPDATE SET seq = excluded.seq,
               kind = excluded.kind, rev = excluded.rev, prio = excluded.prio",
        )?
        .execute(params![
            touch.account.0,
            etype(touch.entity),
            touch.id.as_bytes(),
            head,
            kind,
            touch.rev,
            touch.prio
        ])?;
    }
    Ok(())
}

/// Where an account stands in its feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// In the first pull: urgent and unfinished first, up to the head at its start.
    First { head: i64, prio: i64, seq: i64 },
    /// After it: everything up to `seq` has been handed out.
    Live { seq: i64 },
}

impl Position {
    /// Past the change that would come next: what a wrong server hands out.
    pub(crate) fn one_further(self) -> Self {
        match self {
            Self::First { head, prio, seq } => Self::First {
                head,
                prio,
                seq: seq - 1,
            },
            Self::Live { seq } => Self::Live { seq: seq + 1 },
        }
    }
}

/// Why a cursor is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StaleCursor;

/// The cursor as it stands on the wire: authenticated, opaque.
pub(crate) fn seal(keys: &ServerKeys, account: AccountId, position: Position) -> String {
    let mut payload = keys.epoch.as_bytes().to_vec();
    payload.extend(account.0.to_be_bytes());
    let numbers = match position {
        Position::First { head, prio, seq } => vec![head, prio, seq],
        Position::Live { seq } => vec![seq],
    };
    for number in numbers {
        payload.extend(number.to_be_bytes());
    }
    let tag = keys.authenticate(&payload);
    format!(
        "c1.{}.{}",
        URL_SAFE_NO_PAD.encode(payload),
        URL_SAFE_NO_PAD.encode(tag)
    )
}

/// Reads a cursor back. Anything that is not from this history, for this account and unaltered is
/// stale: the desk starts over without deleting.
pub(crate) fn unseal(
    (keys, any_epoch): (&ServerKeys, bool),
    account: AccountId,
    cursor: &str,
) -> std::result::Result<Position, StaleCursor> {
    let (payload, tag) = cursor
        .strip_prefix("c1.")
        .and_then(|rest| rest.split_once('.'))
        .ok_or(StaleCursor)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| StaleCursor)?;
    let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| StaleCursor)?;
    if aws_lc_rs::constant_time::verify_slices_are_equal(&keys.authenticate(&payload), &tag)
        .is_err()
    {
        return Err(StaleCursor);
    }
    let (epoch, rest) = payload
        .split_at_checked(keys.epoch.len())
        .ok_or(StaleCursor)?;
    if epoch != keys.epoch.as_bytes() && !any_epoch {
        return Err(StaleCursor);
    }
    let numbers: Vec<i64> = rest
        .chunks_exact(8)
        .filter_map(|bytes| bytes.try_into().ok().map(i64::from_be_bytes))
        .collect();
    match numbers.as_slice() {
        [owner, seq] if *owner == account.0 => Ok(Position::Live { seq: *seq }),
        [owner, head, prio, seq] if *owner == account.0 => Ok(Position::First {
            head: *head,
            prio: *prio,
            seq: *seq,
        }),
        _ => Err(StaleCursor),
    }
}

/// A page of the feed, the position after it, and whether more is waiting.
pub(crate) struct FeedPage {
    pub(crate) changes: Vec<Change>,
    pub(crate) position: Position,
    pub(crate) more: bool,
}

struct Entry {
    change: Change,
    seq: i64,
    prio: i64,
}

pub(crate) fn head(tx: &Transaction<'_>, account: AccountId) -> Result<i64> {
    let head = tx.query_row(
        "SELECT COALESCE((SELECT head FROM feed_head WHERE account = ?1), 0)",
        [account.0],
        |row| row.get(0),
    )?;
    Ok(head)
}

/// The next page after a position; none starts the first pull.
pub(crate) fn page(
    tx: &Transaction<'_>,
    account: AccountId,
    from: Option<Position>,
    want: usize,
) -> Result<FeedPage> {
    let now_head = head(tx, account)?;
    let from = from.unwrap_or(Position::First {
        head: now_head,
        prio: i64::MAX,
        seq: i64::MAX,
    });
    let limit = want.min(PAGE_ITEMS);
    let entries = rows(tx, account, from, limit + 1)?;
    let mut position = from;
    let mut changes = Vec::new();
    let mut bytes = 0;
    let mut cut = false;
    for mut entry in entries {
        if changes.len() == limit {
            cut = true;
            break;
        }
        fill(tx, account, &mut entry.change)?;
        let size = serde_json::to_vec(&entry.change)?.len();
        if !changes.is_empty() && bytes + size > PAGE_BYTES {
            cut = true;
            break;
        }
        bytes += size;
        changes.push(entry.change);
        position = match position {
            Position::First { head, .. } => Position::First {
                head,
                prio: entry.prio,
                seq: entry.seq,
            },
            Position::Live { .. } => Position::Live { seq: entry.seq },
        };
    }
    if !cut && let Position::First { head, .. } = position {
        position = Position::Live { seq: head };
        cut = now_head > head;
    }
    Ok(FeedPage {
        changes,
        position,
        more: cut,
    })
}

fn rows(
    tx: &Transaction<'_>,
    account: AccountId,
    from: Position,
    limit: usize,
) -> Result<Vec<Entry>> {
    let columns = "SELECT etype, eid, seq, kind, rev, prio FROM feed WHERE account = ?1";
    let (filter, values) = match from {
        Position::First { head, prio, seq } => (
            "AND seq <= ?2 AND (prio < ?3 OR (prio = ?3 AND seq < ?4))
             ORDER BY prio DESC, seq DESC",
            [head, prio, seq],
        ),
        Position::Live { seq } => ("AND seq > ?2 AND ?3 = ?4 ORDER BY seq", [seq, 0, 0]),
    };
    let mut statement = tx.prepare_cached(&format!("{columns} {filter} LIMIT ?5"))?;
    let [first, second, third] = values;
    let found = statement.query_map(params![account.0, first, second, third, limit], |row| {
        let kind: String = row.get("kind")?;
        let number: i64 = row.get("etype")?;
        Ok((
            number,
            uuid(row, "eid")?,
            row.get("seq")?,
            kind,
            row.get("rev")?,
            row.get("prio")?,
        ))
    })?;
    let mut entries = Vec::new();
    for row in found {
        let (number, id, seq, kind, rev, prio) = row?;
        let change = if kind == "x" {
            ChangeKind::Remove
        } else {
            ChangeKind::Upsert
        };
        let change = Change {
            entity: entity_type(number)?,
            id,
            rev,
            change,
            body: None,
        };
        entries.push(Entry { change, seq, prio });
    }
    Ok(entries)
}

/// What the account's feed says about one thing now; none when it was never in it.
pub(crate) fn current(
    tx: &Transaction<'_>,
    account: AccountId,
    entity: EntityType,
    id: Uuid,
) -> Result<Option<Change>> {
    let found: Option<(String, u64)> = tx
        .prepare_cached(
            "SELECT kind, rev FROM feed WHERE account = ?1 AND etype = ?2 AND eid = ?3",
        )?
        .query_row(params![account.0, etype(entity), id.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((kind, rev)) = found else {
        return Ok(None);
    };
    let change = if kind == "x" {
        ChangeKind::Remove
    } else {
        ChangeKind::Upsert
    };
    let mut change = Change {
        entity,
        id,
        rev,
        change,
        body: None,
    };
    fill(tx, account, &mut change)?;
    Ok(Some(change))
}

/// Puts the current body in; what the account can no longer see becomes a removal.
fn fill(tx: &Transaction<'_>, account: AccountId, change: &mut Change) -> Result<()> {
    if change.change == ChangeKind::Remove {
        return Ok(());
    }
    change.body = match change.entity {
        EntityType::Document => entity::document(tx, DocumentId(change.id), account)?
            .map(|document| Entity::Document(Box::new(document))),
        EntityType::Opinion => {
            entity::opinion(tx, OpinionId(change.id), account)?.map(Entity::Opinion)
        }
        EntityType::Dossier => dossiers::of(tx, DossierId(change.id), account)?
            .map(|dossier| Entity::Dossier(Box::new(dossier))),
        EntityType::Task => {
            tasks::of(tx, TaskId(change.id), account)?.map(|task| Entity::Task(Box::new(task)))
        }
        EntityType::Calendar => calendars::load(tx, CalendarId(change.id))?
            .map(|(calendar, _)| Entity::Calendar(calendar)),
    };
    if change.body.is_none() {
        change.change = ChangeKind::Remove;
    }
    Ok(())
}
