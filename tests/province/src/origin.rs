//! Copies of documents, and what corrects or replaces them: what each is to the other, at the agency
//! that made it and at every agency of this server that received one of the two.

use congvan_model::{DocumentId, DocumentState, Timestamp};
use congvan_protocol::{
    FlowStep,
    handling::{Origin, Related, Relation, made_from},
};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use crate::{
    entity,
    error::Result,
    feed,
    ops::touch_document,
    text::{parse, uuid},
};

/// A document as others are told of it.
struct Known {
    document: DocumentId,
    title: String,
    issued_on: Option<jiff::civil::Date>,
    state: DocumentState,
}

/// Keeps what a new document is to another one.
pub(crate) fn keep(tx: &Transaction<'_>, document: DocumentId, origin: &Origin) -> Result<()> {
    let Some(source) = origin.document else {
        return Ok(());
    };
    tx.execute(
        "INSERT INTO origin(document, source, body) VALUES (?1, ?2, ?3)",
        params![
            document.0.as_bytes(),
            source.0.as_bytes(),
            serde_json::to_string(origin)?
        ],
    )?;
    Ok(())
}

/// What a document is to another one: as it was made here, or where it was received as its sender
/// made it.
pub(crate) fn of(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<Origin>> {
    if let Some((source, origin)) = kept(tx, document)? {
        return told(tx, origin, (source, Some(source))).map(Some);
    }
    let Some((sent, agency)) = sender_of(tx, document)? else {
        return Ok(None);
    };
    let Some((source, origin)) = kept(tx, sent)? else {
        return Ok(None);
    };
    let here = received(tx, source, &agency)?;
    told(tx, origin, (source, here)).map(Some)
}

/// With what stands on the source; `here` is the source at the agency that asks.
fn told(
    tx: &Transaction<'_>,
    origin: Origin,
    (source, here): (DocumentId, Option<DocumentId>),
) -> Result<Origin> {
    let known = known(tx, source)?;
    let (title, issued_on) = known.map_or_else(Default::default, |one| (one.title, one.issued_on));
    Ok(Origin {
        document: here,
        title: match title.as_str() {
            "" => entity::fields(tx, source)?.subject,
            _ => title,
        },
        issued_on,
        ..origin
    })
}

/// What is a copy of a document, and what corrects or replaces it since it was issued; where the
/// document was received, what its sender issued about it.
pub(crate) fn derived(tx: &Transaction<'_>, document: DocumentId) -> Result<Vec<Related>> {
    let mut all = Vec::new();
    for (relation, one) in made_of(tx, document)? {
        if relation.is_copy() || is_out(one.state) {
            all.push(related(relation, Some(one.document), one));
        }
    }
    if let Some((sent, agency)) = sender_of(tx, document)? {
        for (relation, one) in made_of(tx, sent)? {
            if !relation.is_copy() && is_out(one.state) {
                let here = received(tx, one.document, &agency)?;
                all.push(related(relation, here, one));
            }
        }
    }
    Ok(all)
}

fn related(relation: Relation, document: Option<DocumentId>, one: Known) -> Related {
    Related {
        relation,
        document,
        title: one.title,
        issued_on: one.issued_on,
    }
}

fn is_out(state: DocumentState) -> bool {
    matches!(state, DocumentState::Issued | DocumentState::Filed)
}

/// A copy has its number: everyone who sees its source reads that.
pub(crate) fn numbered(tx: &Transaction<'_>, document: DocumentId, now: Timestamp) -> Result<()> {
    match kept(tx, document)? {
        Some((source, origin)) if origin.relation.is_copy() => {
            tell(tx, (document, source), origin.relation, now)
        }
        Some(_) | None => Ok(()),
    }
}

/// What corrects or replaces a document was issued: everyone who sees that reads it, here and at every
/// agency of this server that received it.
pub(crate) fn issued(tx: &Transaction<'_>, document: DocumentId, now: Timestamp) -> Result<()> {
    let Some((source, origin)) = kept(tx, document)? else {
        return Ok(());
    };
    if origin.relation.is_copy() {
        return Ok(());
    }
    tell(tx, (document, source), origin.relation, now)?;
    let mut statement = tx.prepare_cached(
        "SELECT v.received FROM delivery v JOIN document d ON d.id = v.received
         WHERE v.document = ?1 AND d.recalled = 0",
    )?;
    let there: Vec<Uuid> = statement
        .query_map([source.0.as_bytes()], |row| uuid(row, "received"))?
        .collect::<rusqlite::Result<_>>()?;
    for one in there {
        tell(tx, (document, DocumentId(one)), origin.relation, now)?;
    }
    Ok(())
}

/// A copy was given up: its source no longer names it.
pub(crate) fn given_up(tx: &Transaction<'_>, document: DocumentId) -> Result<()> {
    let Some((source, _)) = kept(tx, document)? else {
        return Ok(());
    };
    show(tx, source)
}

/// Everyone who sees a document gets it anew.
pub(crate) fn show(tx: &Transaction<'_>, document: DocumentId) -> Result<()> {
    let rev = entity::bump(tx, document)?;
    let readers = entity::readers(tx, document)?;
    feed::append(tx, touch_document(tx, document, rev, &readers)?)
}

fn tell(
    tx: &Transaction<'_>,
    (document, source): (DocumentId, DocumentId),
    relation: Relation,
    now: Timestamp,
) -> Result<()> {
    let (Some(made), Some(standing)) = (known(tx, document)?, known(tx, source)?) else {
        return Ok(());
    };
    let step = FlowStep {
        at: now,
        who: entity::fields(tx, document)?.issuer_name,
        state: standing.state,
        note: made_from(relation, &made.title),
    };
    let rev = entity::move_to(tx, source, &step)?;
    let readers = entity::readers(tx, source)?;
    feed::append(tx, touch_document(tx, source, rev, &readers)?)
}

fn kept(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<(DocumentId, Origin)>> {
    let found: Option<(Uuid, String)> = tx
        .prepare_cached("SELECT source, body FROM origin WHERE document = ?1")?
        .query_row([document.0.as_bytes()], |row| {
            Ok((uuid(row, "source")?, row.get("body")?))
        })
        .optional()?;
    let Some((source, body)) = found else {
        return Ok(None);
    };
    Ok(Some((DocumentId(source), serde_json::from_str(&body)?)))
}

/// What was made of a document and not given up, in the order of making.
fn made_of(tx: &Transaction<'_>, source: DocumentId) -> Result<Vec<(Relation, Known)>> {
    let mut statement = tx.prepare_cached(
        "SELECT d.id, d.notation, d.issued_on, d.state, o.body
         FROM origin o JOIN document d ON d.id = o.document
         WHERE o.source = ?1 AND d.recalled = 0 ORDER BY d.arrived_at, d.id",
    )?;
    let rows = statement.query_map([source.0.as_bytes()], |row| {
        Ok((row.get::<_, String>("body")?, known_row(row)))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (body, one) = row?;
        let origin: Origin = serde_json::from_str(&body)?;
        all.push((origin.relation, one?));
    }
    Ok(all)
}

fn known(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<Known>> {
    tx.prepare_cached("SELECT id, notation, issued_on, state FROM document WHERE id = ?1")?
        .query_row([document.0.as_bytes()], |row| Ok(known_row(row)))
        .optional()?
        .transpose()
}

fn known_row(row: &Row<'_>) -> Result<Known> {
    let issued_on: Option<String> = row.get("issued_on")?;
    let state: String = row.get("state")?;
    Ok(Known {
        document: DocumentId(uuid(row, "id")?),
        title: row
            .get::<_, Option<String>>("notation")?
            .unwrap_or_default(),
        issued_on: issued_on
            .as_deref()
            .map(|text| parse("issued_on", text))
            .transpose()?,
        state: parse("state", &state)?,
    })
}

/// What a document is at the agency that sent it here, and to whom that was.
fn sender_of(tx: &Transaction<'_>, received: DocumentId) -> Result<Option<(DocumentId, String)>> {
    Ok(tx
        .prepare_cached("SELECT document, agency FROM delivery WHERE received = ?1")?
        .query_row([received.0.as_bytes()], |row| {
            Ok((DocumentId(uuid(row, "document")?), row.get("agency")?))
        })
        .optional()?)
}

/// What a document that went out is at an agency it was sent to, as long as that has it.
fn received(
    tx: &Transaction<'_>,
    document: DocumentId,
    agency: &str,
) -> Result<Option<DocumentId>> {
    let found: Option<Uuid> = tx
        .prepare_cached(
            "SELECT v.received FROM delivery v JOIN document d ON d.id = v.received
             WHERE v.document = ?1 AND v.agency = ?2 AND d.recalled = 0",
        )?
        .query_row(params![document.0.as_bytes(), agency], |row| {
            uuid(row, "received")
        })
        .optional()?;
    Ok(found.map(DocumentId))
}
