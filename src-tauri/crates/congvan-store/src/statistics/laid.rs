//! What our acts make of documents that are counted, as long as the server does not show it. As short
//! as what it does not show.

use congvan_model::{DocumentId, DocumentState};
use congvan_protocol::Intent;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{Laid, fact::Fact};
use crate::{document, error::Result, handling};

/// The documents that lie under acts of ours, as these make them.
pub(super) fn over(db: &Connection) -> Result<Laid> {
    let mut laid = Laid::new();
    for id in ids(db, "SELECT DISTINCT document FROM overlay_act")? {
        if let Some((mut found, _, _)) = document::load(db, id)? {
            handling::project(db, &mut found)?;
            let is_away = handling::is_away(db, id)?;
            laid.insert(id, Fact::of(&found).filter(|_| !is_away));
        }
    }
    registered(db, &mut laid)?;
    let withdrawn = "SELECT lane FROM outbox INDEXED BY outbox_withdrawing
         WHERE kind = 'withdraw_registration' AND state IN ('waiting', 'applied')";
    for id in ids(db, withdrawn)? {
        laid.insert(id, None);
    }
    Ok(laid)
}

fn ids(db: &Connection, sql: &str) -> Result<Vec<DocumentId>> {
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([], |row| Ok(DocumentId(Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Papers that were registered here, and what came over the axis and was registered here.
fn registered(db: &Connection, laid: &mut Laid) -> Result<()> {
    let mut query = db.prepare_cached(
        "SELECT g.document, o.facts, o.state FROM overlay_registration g
         JOIN outbox o ON o.op_id = g.op_id WHERE o.state IN ('waiting', 'applied')",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let id = DocumentId(Uuid::from_bytes(row.get(0)?));
        let intent: Intent = serde_json::from_str(&row.get::<_, String>(1)?)?;
        let known = document::load(db, id)?;
        if let Intent::RegisterReceived { received_at, .. } = &intent
            && let Some((mut found, _, _)) = known
        {
            found.arrived_at = *received_at;
            if found.state == DocumentState::Received {
                found.state = DocumentState::Registered;
            }
            laid.insert(id, Fact::of(&found));
        } else if let Intent::RegisterIncoming {
            received_at,
            fields,
            ..
        } = &intent
            && known.is_none()
            && row.get_ref(2)?.as_str() == Ok("waiting")
        {
            let day = received_at.vietnam_date();
            laid.insert(id, Some((day, Fact::registered(fields))));
        }
    }
    Ok(())
}

/// What stands on a paper whose registration waits to be sent.
pub(super) fn waiting(db: &Connection, id: DocumentId) -> Result<Option<Intent>> {
    let mut query = db.prepare_cached(
        "SELECT o.facts FROM overlay_registration g JOIN outbox o ON o.op_id = g.op_id
         WHERE g.document = ?1 AND o.state = 'waiting'",
    )?;
    let mut rows = query.query(params![id.0.as_bytes()])?;
    match rows.next()? {
        Some(row) => Ok(Some(serde_json::from_str(&row.get::<_, String>(0)?)?)),
        None => Ok(None),
    }
}
