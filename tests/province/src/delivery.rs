//! Documents of an agency here at the agencies they were sent to: one row for each recipient, and what
//! its system says of it. An agency of this server gets the document at once; what another one would
//! say comes over the axis, whose wire is not played.

use congvan_model::{Direction, DocumentId, DocumentState, FileId, RevisionId, Timestamp};
use congvan_protocol::{
    AgencyInfo, FlowStep, RegistrationFields,
    handling::{AxisCode, Delivery, DeliveryStatus},
};
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    ProvinceError, axis, books, entity,
    error::Result,
    feed,
    ops::{NewRow, insert_document, touch_document},
    text::{uuid, word},
};

/// The deliveries of a document in the order of naming, with their statuses in the order of coming.
pub(crate) fn of(tx: &Transaction<'_>, document: DocumentId) -> Result<Vec<Delivery>> {
    let mut statement = tx
        .prepare_cached("SELECT agency, name FROM delivery WHERE document = ?1 ORDER BY ordinal")?;
    let agencies = statement.query_map([document.0.as_bytes()], |row| {
        Ok(AgencyInfo {
            code: row.get(0)?,
            name: row.get(1)?,
        })
    })?;
    let mut deliveries = Vec::new();
    for agency in agencies {
        let agency = agency?;
        let statuses = statuses(tx, document, &agency.code)?;
        deliveries.push(Delivery { agency, statuses });
    }
    Ok(deliveries)
}

fn statuses(
    tx: &Transaction<'_>,
    document: DocumentId,
    agency: &str,
) -> Result<Vec<DeliveryStatus>> {
    let mut statement = tx.prepare_cached(
        "SELECT code, at, reason FROM delivery_status WHERE document = ?1 AND agency = ?2
         ORDER BY rowid",
    )?;
    let mut rows = statement.query(params![document.0.as_bytes(), agency])?;
    let mut statuses = Vec::new();
    while let Some(row) = rows.next()? {
        let code: String = row.get(0)?;
        statuses.push(DeliveryStatus {
            code: AxisCode::read(&code).ok_or(ProvinceError::Stored("status of a delivery"))?,
            at: Timestamp(row.get(1)?),
            reason: row.get(2)?,
        });
    }
    Ok(statuses)
}

/// Sends a document out: a row for each recipient, and the document itself where the recipient is on
/// this server.
pub(crate) fn send(
    tx: &Transaction<'_>,
    document: DocumentId,
    recipients: &[Delivery],
    now: Timestamp,
) -> Result<()> {
    for (ordinal, recipient) in recipients.iter().enumerate() {
        let agency = &recipient.agency;
        let is_here = books::is_registry(tx, &agency.code)?;
        let received = is_here.then(|| DocumentId(Uuid::now_v7()));
        if let Some(received) = received {
            copy(tx, (document, received), now)?;
        }
        tx.execute(
            "INSERT INTO delivery(document, agency, ordinal, name, received)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                document.0.as_bytes(),
                agency.code,
                ordinal,
                agency.name,
                received.map(|id| id.0.into_bytes())
            ],
        )?;
        if let Some(received) = received {
            arrive(tx, (document, received), &agency.code, now)?;
        }
    }
    Ok(())
}

/// The document as the receiver gets it: what stands on it, and the last states of its files.
fn copy(
    tx: &Transaction<'_>,
    (document, received): (DocumentId, DocumentId),
    now: Timestamp,
) -> Result<()> {
    let fields = RegistrationFields {
        due: None,
        activity: None,
        ..entity::fields(tx, document)?
    };
    let new = NewRow {
        document: received,
        place: (Direction::Incoming, DocumentState::Received),
        number: None,
        at: now,
    };
    insert_document(tx, &new, &fields)?;
    let mut statement =
        tx.prepare_cached("SELECT id, ordinal FROM file WHERE document = ?1 ORDER BY ordinal")?;
    let files: Vec<(Uuid, i64)> = statement
        .query_map([document.0.as_bytes()], |row| {
            Ok((uuid(row, "id")?, row.get("ordinal")?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    for (file, ordinal) in files {
        let (new, revision) = (FileId(Uuid::now_v7()), RevisionId(Uuid::now_v7()));
        tx.execute(
            "INSERT INTO file(id, document, ordinal, name, role, media_type, pages)
             SELECT ?1, ?2, ?3, name, role, media_type, pages FROM file WHERE id = ?4",
            params![
                new.0.as_bytes(),
                received.0.as_bytes(),
                ordinal,
                file.as_bytes()
            ],
        )?;
        tx.execute(
            "INSERT INTO revision(id, file, ordinal, sha256, at)
             SELECT ?1, ?2, 1, sha256, ?3 FROM revision WHERE file = ?4
             ORDER BY ordinal DESC LIMIT 1",
            params![
                revision.0.as_bytes(),
                new.0.as_bytes(),
                now.0,
                file.as_bytes()
            ],
        )?;
    }
    Ok(())
}

/// The receiving registry sees it, and its system says that it is there.
fn arrive(
    tx: &Transaction<'_>,
    (document, received): (DocumentId, DocumentId),
    agency: &str,
    now: Timestamp,
) -> Result<()> {
    let fields = entity::fields(tx, document)?;
    let sender = fields.issuer_code.unwrap_or_default();
    let clerks = books::clerks(tx, agency)?;
    for clerk in &clerks {
        tx.execute(
            "INSERT INTO access(document, account) VALUES (?1, ?2)",
            params![received.0.as_bytes(), clerk.0],
        )?;
    }
    let step = FlowStep {
        at: now,
        who: fields.issuer_name,
        state: DocumentState::Received,
        note: axis::CAME.to_owned(),
    };
    entity::add_step(tx, received, &step)?;
    // One identifier for each recipient: several of them may be on this server.
    let axis_id = format!("{document}>{agency}");
    axis::came(tx, received, (&axis_id, &sender), now)?;
    feed::append(tx, touch_document(tx, received, 1, &clerks)?)
}

/// What became of a document at a recipient: everyone at the sender who sees it is shown it, each
/// status once.
pub(crate) fn tell(
    tx: &Transaction<'_>,
    received: DocumentId,
    (code, reason): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    let sent: Option<(Uuid, String)> = tx
        .prepare_cached("SELECT document, agency FROM delivery WHERE received = ?1")?
        .query_row([received.0.as_bytes()], |row| {
            Ok((uuid(row, "document")?, row.get("agency")?))
        })
        .optional()?;
    let Some((document, agency)) = sent else {
        return Ok(());
    };
    let document = DocumentId(document);
    if note(tx, (document, &agency), (code, reason), now)? {
        let rev = entity::bump(tx, document)?;
        let readers = entity::readers(tx, document)?;
        feed::append(tx, touch_document(tx, document, rev, &readers)?)?;
    }
    Ok(())
}

/// False when it was said before.
fn note(
    tx: &Transaction<'_>,
    (document, agency): (DocumentId, &str),
    (code, reason): (&str, &str),
    now: Timestamp,
) -> Result<bool> {
    let inserted = tx.execute(
        "INSERT OR IGNORE INTO delivery_status(document, agency, code, at, reason)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![document.0.as_bytes(), agency, code, now.0, reason],
    )?;
    Ok(inserted > 0)
}

/// A document is wanted back from recipients: their registries are asked.
pub(crate) fn recall(
    tx: &Transaction<'_>,
    (document, from): (DocumentId, &[&str]),
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    for agency in from {
        let code = AxisCode::Recalled.code();
        note(tx, (document, agency), (code, reason), now)?;
        let received: Option<[u8; 16]> = tx
            .prepare_cached("SELECT received FROM delivery WHERE document = ?1 AND agency = ?2")?
            .query_row(params![document.0.as_bytes(), agency], |row| row.get(0))
            .optional()?
            .flatten();
        if let Some(received) = received {
            axis::ask_back(tx, DocumentId(Uuid::from_bytes(received)), reason, now)?;
        }
    }
    Ok(())
}

/// The name of an agency that documents can be sent to, as the directory or its own people call it;
/// none where nobody knows the code.
pub(crate) fn known(tx: &Transaction<'_>, code: &str) -> Result<Option<String>> {
    let listed: Option<String> = tx
        .prepare_cached(
            "SELECT json_extract(body, '$.name') FROM agency
             WHERE body IS NOT NULL AND json_extract(body, '$.code') = ?1
               AND json_extract(body, '$.valid_to') IS NULL LIMIT 1",
        )?
        .query_row([code], |row| row.get(0))
        .optional()?;
    if listed.is_some() || !books::is_registry(tx, code)? {
        return Ok(listed);
    }
    Ok(Some(crate::accounts::agency(tx, code)?.name))
}

/// Forgets the number that stands on a document: it is void in its book.
pub(crate) fn clear_number(tx: &Transaction<'_>, document: DocumentId) -> Result<()> {
    tx.execute(
        "UPDATE document SET notation = NULL, issued_on = NULL WHERE id = ?1 AND direction = ?2",
        params![document.0.as_bytes(), word(&Direction::Outgoing)?],
    )?;
    Ok(())
}
