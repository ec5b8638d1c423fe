//! Where documents stand: their handling as stored, or as it follows from who sees an incoming one
//! that was directed before handlings were kept.

use congvan_model::{
    AccountId, Deadline, DocumentId, DocumentState, OpinionId, ReceiverRole, Timestamp,
};
use congvan_protocol::handling::{Course, Handling, Named, Receiver};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{
    delivery,
    error::Result,
    origin,
    text::{parse, uuid},
};

/// Where a document stands; none when it is none, or no longer here.
pub(crate) fn load(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<Course>> {
    let found: Option<(String, Option<String>, String)> = tx
        .prepare_cached(
            "SELECT state, due, direction FROM document WHERE id = ?1 AND recalled = 0",
        )?
        .query_row([document.0.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((state, due, direction)) = found else {
        return Ok(None);
    };
    let state = parse("state", &state)?;
    let due: Option<Deadline> = due.as_deref().map(serde_json::from_str).transpose()?;
    Ok(Some(Course {
        direction: parse("direction", &direction)?,
        state,
        due,
        handling: handling(tx, document, (state, due))?,
    }))
}

/// The handling of a document.
pub(crate) fn handling(
    tx: &Transaction<'_>,
    document: DocumentId,
    (state, due): (DocumentState, Option<Deadline>),
) -> Result<Handling> {
    let stored: Option<String> = tx
        .prepare_cached("SELECT body FROM handling WHERE document = ?1")?
        .query_row([document.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let mut handling = match &stored {
        Some(body) => serde_json::from_str(body)?,
        None => Handling::default(),
    };
    if let Some(out) = &mut handling.outgoing {
        out.deliveries = delivery::of(tx, document)?;
    }
    handling.origin = origin::of(tx, document)?.map(Box::new);
    handling.derived = origin::derived(tx, document)?;
    handling.from_axis = tx
        .prepare_cached("SELECT 1 FROM axis_delivery WHERE document = ?1")?
        .exists([document.0.as_bytes()])?;
    if handling.director.is_none() && is_with_a_leader(state) {
        derive(tx, document, due, &mut handling)?;
    }
    Ok(handling)
}

fn is_with_a_leader(state: DocumentState) -> bool {
    match state {
        DocumentState::Presented
        | DocumentState::Directed
        | DocumentState::InProgress
        | DocumentState::Resolved => true,
        DocumentState::Received
        | DocumentState::Registered
        | DocumentState::Draft
        | DocumentState::ContentReview
        | DocumentState::FormatReview
        | DocumentState::AwaitingInitials
        | DocumentState::AwaitingSignature
        | DocumentState::Signed
        | DocumentState::Issued
        | DocumentState::Filed => false,
    }
}

/// The leader who sees it is before whom it is; the others who lead, support or are informed were
/// named by that leader.
fn derive(
    tx: &Transaction<'_>,
    document: DocumentId,
    due: Option<Deadline>,
    handling: &mut Handling,
) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "SELECT a.account, o.full_name, a.role, p.agency_name, p.role = 'leader', d.arrived_at
         FROM access a JOIN account o ON o.id = a.account JOIN document d ON d.id = a.document
         JOIN post p ON p.account = a.account AND p.ordinal = 1
         WHERE a.document = ?1 AND a.role IS NOT NULL
         ORDER BY p.role = 'leader' DESC, a.role = 'lead' DESC, a.account",
    )?;
    let mut rows = statement.query([document.0.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let named = Named {
            account: AccountId(row.get(0)?),
            full_name: row.get(1)?,
        };
        let is_leader: bool = row.get(4)?;
        match &handling.director {
            None if is_leader => handling.director = Some(named),
            None => return Ok(()),
            Some(director) => {
                let role: ReceiverRole = parse("role", &row.get::<_, String>(2)?)?;
                let holds =
                    role == ReceiverRole::Lead && handling.receivers.iter().all(|one| !one.holds);
                handling.receivers.push(Receiver {
                    account: named.account,
                    full_name: named.full_name,
                    unit: row.get(3)?,
                    heads: String::new(),
                    role,
                    holds,
                    due,
                    given_by: director.clone(),
                    at: Timestamp(row.get(5)?),
                });
            }
        }
    }
    Ok(())
}

/// Stores where a document stands, its state aside.
pub(crate) fn save(tx: &Transaction<'_>, document: DocumentId, course: &Course) -> Result<()> {
    // What became of it at its recipients, and what it is to others, have rows of their own.
    let mut kept = course.handling.clone();
    (kept.origin, kept.derived) = (None, Vec::new());
    if let Some(out) = &mut kept.outgoing {
        out.deliveries.clear();
    }
    tx.prepare_cached(
        "INSERT INTO handling(document, body) VALUES (?1, ?2)
         ON CONFLICT(document) DO UPDATE SET body = excluded.body",
    )?
    .execute(params![
        document.0.as_bytes(),
        serde_json::to_string(&kept)?
    ])?;
    let due = course.due.map(|due| serde_json::to_string(&due));
    tx.prepare_cached("UPDATE document SET due = ?2 WHERE id = ?1")?
        .execute(params![document.0.as_bytes(), due.transpose()?])?;
    Ok(())
}

/// The opinions on a document.
pub(crate) fn opinions_of(tx: &Transaction<'_>, document: DocumentId) -> Result<Vec<OpinionId>> {
    let mut statement = tx.prepare_cached("SELECT id FROM opinion WHERE document = ?1")?;
    let rows = statement.query_map([document.0.as_bytes()], |row| {
        Ok(OpinionId(uuid(row, "id")?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
