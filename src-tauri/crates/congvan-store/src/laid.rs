//! Our acts on tasks and calendars, laid over the mirror until the server shows them.

use congvan_model::{AccountId, OpId, Timestamp};
use congvan_protocol::Intent;
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use crate::{error::Result, journal::IntentRecord};

/// An act that the server does not show yet.
pub(crate) struct Laid {
    pub(crate) intent: Intent,
    pub(crate) author: AccountId,
    pub(crate) author_name: String,
    pub(crate) at: Timestamp,
    /// Whether it is not at the server.
    pub(crate) unsent: bool,
}

/// Those on a thing, in their order.
pub(crate) fn on(db: &Connection, thing: Uuid) -> Result<Vec<Laid>> {
    let mut query = db.prepare_cached(
        "SELECT o.facts, o.author, o.author_name, o.at, o.state FROM overlay_thing a
         JOIN outbox o ON o.op_id = a.op_id
         WHERE a.thing = ?1 AND o.state IN ('waiting', 'applied') ORDER BY o.local_seq",
    )?;
    let mut rows = query.query([thing.as_bytes()])?;
    let mut acts = Vec::new();
    while let Some(row) = rows.next()? {
        acts.push(Laid {
            intent: serde_json::from_str(&row.get::<_, String>(0)?)?,
            author: AccountId(row.get(1)?),
            author_name: row.get(2)?,
            at: Timestamp(row.get(3)?),
            unsent: row.get::<_, String>(4)? == "waiting",
        });
    }
    Ok(acts)
}

/// What shows an act before the server has it.
pub(crate) fn lay_over(tx: &Transaction<'_>, record: &IntentRecord) -> Result<usize> {
    let op = &record.op;
    Ok(tx.execute(
        "INSERT INTO overlay_thing(op_id, thing) VALUES (?1, ?2) ON CONFLICT(op_id) DO NOTHING",
        params![op.id.0.as_bytes(), op.lane.0.as_bytes()],
    )?)
}

/// The mirror has the effect of an act: it need not be laid over it any more.
pub(crate) fn settled(tx: &Transaction<'_>, op: OpId, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM overlay_thing WHERE op_id = ?1
           AND (EXISTS (SELECT 1 FROM task t WHERE t.id = thing AND t.rev >= ?2)
             OR EXISTS (SELECT 1 FROM calendar c WHERE c.id = thing AND c.rev >= ?2))",
    )?
    .execute(params![op.0.as_bytes(), crate::int(rev)])?;
    Ok(())
}

/// The server's newer word on a thing has what was applied in it.
pub(crate) fn shown(tx: &Transaction<'_>, thing: Uuid) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM overlay_thing WHERE thing = ?1 AND op_id IN
           (SELECT op_id FROM outbox WHERE lane = ?1 AND state = 'applied')",
    )?
    .execute([thing.as_bytes()])?;
    Ok(())
}
