//! A document in the mirror: its row, its columns, its words in the index.

use congvan_model::{DocumentId, Timestamp};
use congvan_protocol::{Document, Opinion};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    drafts,
    error::{Result, StoreError},
    handling,
    part::{self, Part},
    search, statistics,
};

/// Bits under the arrival time: so many documents may arrive in the same millisecond.
pub(crate) const SALT_BITS: u32 = 20;

/// The word by which serde writes a field-less variant.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value)? {
        Value::String(word) => Ok(word),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(StoreError::Invalid {
                what: "not a plain word",
            })
        }
    }
}

/// The variant that serde writes by that word.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> Result<T> {
    Ok(serde_json::from_value(Value::String(word.to_owned()))?)
}

/// The smallest row that a document of that moment can have.
pub(crate) fn row_floor(at: Timestamp) -> i64 {
    at.0.clamp(0, i64::MAX >> SALT_BITS) << SALT_BITS
}

/// Local revision of a document; none when it is not here.
pub(crate) fn local_rev(db: &Connection, id: DocumentId) -> Result<Option<u64>> {
    let rev: Option<i64> = db
        .prepare_cached("SELECT rev FROM document WHERE id = ?1")?
        .query_row(params![id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(rev.map(crate::uint))
}

/// Puts the server's word on a document in the place of what was there.
pub(crate) fn upsert(tx: &Transaction<'_>, document: &Document, rev: u64) -> Result<()> {
    let old: Option<i64> = tx
        .prepare_cached("SELECT row FROM document WHERE id = ?1")?
        .query_row(params![document.id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let row = match old {
        Some(row) if row >> SALT_BITS == row_floor(document.arrived_at) >> SALT_BITS => row,
        Some(_) | None => free_row(tx, document)?,
    };
    if let Some(old) = old {
        tx.execute("DELETE FROM document WHERE row = ?1", params![old])?;
        search::remove(tx, old)?;
    }
    insert(tx, document, rev, row)?;
    keep_blobs(tx, document)?;
    drop_shown_overlay(tx, document)?;
    search::index(tx, row, document, &opinions(tx, document.id)?)
}

/// Puts other files on the document of a row, whose revision stays.
pub(crate) fn set_files(tx: &Transaction<'_>, row: i64, document: &Document) -> Result<()> {
    let main = document.files.first().and_then(|file| file.head());
    tx.prepare_cached("UPDATE document SET main_blob = ?2, files = ?3, body = ?4 WHERE row = ?1")?
        .execute(params![
            row,
            main.map(|revision| revision.sha256.0),
            crate::int(document.files.len() as u64),
            serde_json::to_string(document)?
        ])?;
    keep_blobs(tx, document)?;
    search::remove(tx, row)?;
    search::index(tx, row, document, &opinions(tx, document.id)?)
}

fn keep_blobs(tx: &Transaction<'_>, document: &Document) -> Result<()> {
    tx.execute(
        "DELETE FROM file_blob WHERE document = ?1",
        params![document.id.0.as_bytes()],
    )?;
    for file in &document.files {
        for (index, revision) in file.revisions.iter().enumerate() {
            tx.prepare_cached(
                "INSERT INTO file_blob(document, sha256, size, head) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT(document, sha256) DO UPDATE SET head = max(head, excluded.head)",
            )?
            .execute(params![
                document.id.0.as_bytes(),
                revision.sha256.0,
                crate::int(revision.size),
                index.saturating_add(1) == file.revisions.len()
            ])?;
        }
    }
    Ok(())
}

fn insert(tx: &Transaction<'_>, document: &Document, rev: u64, row: i64) -> Result<()> {
    let is_incoming = document.direction == congvan_model::Direction::Incoming;
    let open = is_incoming && handling::waits(document.state);
    let own = part::of_document(tx, document)?;
    let due = own.due.map(|due| serde_json::to_string(&due));
    let main = document.files.first().and_then(|file| file.head());
    tx.prepare_cached(
        "INSERT INTO document(row, id, rev, direction, state, open, arrived_at, arrival_number,
           notation, issued_on, kind, issuer, subject, urgency, due, due_at, role, read_at,
           main_blob, files, body, own_part, part)
         VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?22)",
    )?
    .execute(params![
        row,
        document.id.0.as_bytes(),
        crate::int(rev),
        word(&document.direction)?,
        word(&document.state)?,
        open,
        document.arrived_at.0,
        document.arrival_number,
        document.notation.as_ref().map(ToString::to_string),
        document.issued_on.map(|day| day.to_string()),
        word(&document.kind)?,
        document.issuer.name,
        document.subject,
        document.urgency.priority(),
        due.transpose()?,
        own.due.map(|due| due.instant().0),
        document.role.map(|role| word(&role)).transpose()?,
        document.read_at.map(|at| at.0),
        main.map(|revision| revision.sha256.0),
        crate::int(document.files.len() as u64),
        serde_json::to_string(document)?,
        own.part.map(Part::word),
    ])?;
    statistics::keep(tx, document)
}

/// The first free row of the document's moment, from a place its id chooses.
fn free_row(tx: &Transaction<'_>, document: &Document) -> Result<i64> {
    let floor = row_floor(document.arrived_at);
    let mask = (1_i64 << SALT_BITS) - 1;
    let salt = i64::from(document.id.0.as_fields().0) & mask;
    let mut taken = tx.prepare_cached("SELECT 1 FROM document WHERE row = ?1")?;
    for step in 0..=mask {
        let row = floor | (salt.wrapping_add(step) & mask);
        if !taken.exists(params![row])? {
            return Ok(row);
        }
    }
    Err(StoreError::Invalid {
        what: "too many documents in one millisecond",
    })
}

/// What the mirror now shows need not be laid over it.
fn drop_shown_overlay(tx: &Transaction<'_>, document: &Document) -> Result<()> {
    if document.read_at.is_some() {
        tx.execute(
            "DELETE FROM overlay_read WHERE document = ?1",
            params![document.id.0.as_bytes()],
        )?;
    }
    // What still waits in the mirror is registered only here.
    if document.state != congvan_model::DocumentState::Received {
        tx.prepare_cached("DELETE FROM overlay_registration WHERE document = ?1")?
            .execute(params![document.id.0.as_bytes()])?;
    }
    handling::shown(tx, document.id)?;
    drafts::shown(tx, document.id)?;
    tx.prepare_cached("DELETE FROM held_removal WHERE document = ?1")?
        .execute(params![document.id.0.as_bytes()])?;
    for revision in document.files.iter().flat_map(|file| &file.revisions) {
        tx.prepare_cached("DELETE FROM overlay_revision WHERE id = ?1")?
            .execute(params![revision.id.0.as_bytes()])?;
    }
    Ok(())
}

/// The mirrored opinions on a document, oldest first.
pub(crate) fn opinions(db: &Connection, document: DocumentId) -> Result<Vec<Opinion>> {
    let mut query =
        db.prepare_cached("SELECT body FROM opinion WHERE document = ?1 ORDER BY received_at, id")?;
    let mut rows = query.query(params![document.0.as_bytes()])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let body: String = row.get(0)?;
        out.push(serde_json::from_str(&body)?);
    }
    Ok(out)
}

/// Indexes a mirrored document anew: more of its words are known.
pub(crate) fn index_again(tx: &Transaction<'_>, id: DocumentId) -> Result<()> {
    let Some((document, _, row)) = load(tx, id)? else {
        return Ok(());
    };
    search::remove(tx, row)?;
    search::index(tx, row, &document, &opinions(tx, id)?)
}

/// The mirrored document with its revision.
pub(crate) fn load(db: &Connection, id: DocumentId) -> Result<Option<(Document, u64, i64)>> {
    let found: Option<(String, i64, i64)> = db
        .prepare_cached("SELECT body, rev, row FROM document WHERE id = ?1")?
        .query_row(params![id.0.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    match found {
        Some((body, rev, row)) => Ok(Some((serde_json::from_str(&body)?, crate::uint(rev), row))),
        None => Ok(None),
    }
}
