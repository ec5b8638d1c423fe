//! Documents and opinions as rows, and as one account may see them.

use congvan_model::{
    AccountId, DocumentId, DocumentState, FileId, OpinionId, RevisionId, Timestamp, Urgency,
};
use congvan_protocol::{
    Document, FieldOfActivity, FileRef, FlowStep, Issuer, Opinion, RegistrationFields, Revision,
    SignatureLevel, Signer, handling::Handling,
};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use crate::{
    ProvinceError, books, course,
    error::Result,
    text::{hash, parse, uuid, word},
};

pub(crate) fn stamp(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    Ok(Timestamp(row.get(column)?))
}

/// The document as that account sees it; none without access or after a recall.
pub(crate) fn document(
    tx: &Transaction<'_>,
    id: DocumentId,
    account: AccountId,
) -> Result<Option<Document>> {
    let sql = "SELECT d.*, a.role AS receiver_role, a.read_at AS read_at FROM document d
               JOIN access a ON a.document = d.id AND a.account = ?2
               WHERE d.id = ?1 AND d.recalled = 0";
    let found = tx
        .prepare_cached(sql)?
        .query_row(params![id.0.as_bytes(), account.0], |row| {
            Ok(document_row(row))
        })
        .optional()?;
    let Some(document) = found else {
        return Ok(None);
    };
    let mut document = document??;
    document.files = files(tx, id)?;
    document.registration = books::registration(tx, id, account)?.map(Box::new);
    document.flow = flow(tx, id)?;
    let handling = course::handling(tx, id, (document.state, document.due))?;
    document.handling = (handling != Handling::default()).then(|| Box::new(handling));
    Ok(Some(document))
}

fn document_row(row: &Row<'_>) -> rusqlite::Result<Result<Document>> {
    let state: String = row.get("state")?;
    let direction: String = row.get("direction")?;
    let kind: String = row.get("kind")?;
    let notation: Option<String> = row.get("notation")?;
    let issued_on: Option<String> = row.get("issued_on")?;
    let due: Option<String> = row.get("due")?;
    let role: Option<String> = row.get("receiver_role")?;
    let urgency: u8 = row.get("urgency")?;
    let id = DocumentId(uuid(row, "id")?);
    let arrival_number: Option<u32> = row.get("arrival_number")?;
    let arrived_at = stamp(row, "arrived_at")?;
    let read_at: Option<i64> = row.get("read_at")?;
    let issuer = Issuer {
        code: row.get("issuer_code")?,
        name: row.get("issuer_name")?,
    };
    let signer = Signer {
        position: row.get("signer_position")?,
        full_name: row.get("signer_name")?,
    };
    let subject: String = row.get("subject")?;
    let activity: Option<String> = row.get("activity_code")?;
    let activity_name: Option<String> = row.get("activity_name")?;
    Ok((|| {
        Ok(Document {
            id,
            direction: parse("direction", &direction)?,
            state: parse("state", &state)?,
            notation: notation
                .as_deref()
                .map(|text| parse("notation", text))
                .transpose()?,
            issued_on: issued_on
                .as_deref()
                .map(|text| parse("issued_on", text))
                .transpose()?,
            arrival_number,
            registration: None,
            arrived_at,
            kind: parse("kind", &kind)?,
            issuer,
            subject,
            urgency: Urgency::from_priority(urgency).ok_or(ProvinceError::Stored("urgency"))?,
            due: due.as_deref().map(serde_json::from_str).transpose()?,
            activity: activity
                .zip(activity_name)
                .map(|(code, name)| FieldOfActivity { code, name }),
            signer,
            role: role
                .as_deref()
                .map(|text| parse("role", text))
                .transpose()?,
            read_at: read_at.map(Timestamp),
            handling: None,
            files: Vec::new(),
            flow: Vec::new(),
        })
    })())
}

fn files(tx: &Transaction<'_>, document: DocumentId) -> Result<Vec<FileRef>> {
    let mut statement = tx.prepare_cached(
        "SELECT id, name, role, media_type, pages FROM file WHERE document = ?1 ORDER BY ordinal",
    )?;
    let rows = statement.query_map([document.0.as_bytes()], |row| {
        let role: String = row.get("role")?;
        Ok((
            FileId(uuid(row, "id")?),
            row.get("name")?,
            role,
            row.get("media_type")?,
            row.get("pages")?,
        ))
    })?;
    let mut files = Vec::new();
    for row in rows {
        let (id, name, role, media_type, pages): (FileId, String, String, String, Option<u32>) =
            row?;
        let role = parse("file role", &role)?;
        files.push(FileRef {
            id,
            name,
            role,
            media_type,
            pages,
            revisions: revisions(tx, id)?,
        });
    }
    Ok(files)
}

/// Every state of a file, oldest first.
pub(crate) fn revisions(tx: &Transaction<'_>, file: FileId) -> Result<Vec<Revision>> {
    let mut statement = tx.prepare_cached(
        "SELECT r.id, r.sha256, b.size, r.parent, r.level, r.signed_by, r.at FROM revision r
         JOIN blob b ON b.sha256 = r.sha256 WHERE r.file = ?1 ORDER BY r.ordinal",
    )?;
    let rows = statement.query_map([file.0.as_bytes()], |row| {
        let level: Option<String> = row.get("level")?;
        let parent: Option<[u8; 32]> = row.get("parent")?;
        let revision = Revision {
            id: RevisionId(uuid(row, "id")?),
            sha256: hash(row, "sha256")?,
            size: row.get("size")?,
            parent: parent.map(congvan_model::Sha256),
            level: None,
            signed_by: row.get("signed_by")?,
            at: stamp(row, "at")?,
        };
        Ok((revision, level))
    })?;
    let mut revisions = Vec::new();
    for row in rows {
        let (mut revision, level) = row?;
        revision.level = level
            .as_deref()
            .map(|text| parse::<SignatureLevel>("level", text))
            .transpose()?;
        revisions.push(revision);
    }
    Ok(revisions)
}

fn flow(tx: &Transaction<'_>, document: DocumentId) -> Result<Vec<FlowStep>> {
    let mut statement = tx.prepare_cached(
        "SELECT at, who, state, note FROM flow WHERE document = ?1 ORDER BY ordinal",
    )?;
    let rows = statement.query_map([document.0.as_bytes()], |row| {
        let state: String = row.get("state")?;
        Ok((stamp(row, "at")?, row.get("who")?, state, row.get("note")?))
    })?;
    let mut steps = Vec::new();
    for row in rows {
        let (at, who, state, note) = row?;
        steps.push(FlowStep {
            at,
            who,
            state: parse("state", &state)?,
            note,
        });
    }
    Ok(steps)
}

/// What was read off a paper when it was registered, recalled documents included.
pub(crate) fn fields(tx: &Transaction<'_>, id: DocumentId) -> Result<RegistrationFields> {
    let document = tx
        .prepare_cached(
            "SELECT *, NULL AS receiver_role, NULL AS read_at FROM document WHERE id = ?1",
        )?
        .query_row([id.0.as_bytes()], |row| Ok(document_row(row)))?;
    let document = document??;
    Ok(RegistrationFields {
        issuer_code: Some(document.issuer.code).filter(|code| !code.is_empty()),
        issuer_name: document.issuer.name,
        notation: document.notation,
        issued_on: document.issued_on,
        kind: document.kind,
        subject: document.subject,
        urgency: document.urgency,
        signer: document.signer,
        due: document.due,
        activity: document.activity,
    })
}

/// An opinion on a document that the account may see.
pub(crate) fn opinion(
    tx: &Transaction<'_>,
    id: OpinionId,
    account: AccountId,
) -> Result<Option<Opinion>> {
    let sql = "SELECT o.* FROM opinion o JOIN access a ON a.document = o.document
               JOIN document d ON d.id = o.document
               WHERE o.id = ?1 AND a.account = ?2 AND d.recalled = 0";
    let found = tx
        .prepare_cached(sql)?
        .query_row(params![id.0.as_bytes(), account.0], |row| {
            let kind: String = row.get("kind")?;
            let opinion = Opinion {
                id,
                document: DocumentId(uuid(row, "document")?),
                kind: congvan_protocol::OpinionKind::Opinion,
                text: row.get("text")?,
                author: AccountId(row.get("author")?),
                author_name: row.get("author_name")?,
                written_at: stamp(row, "written_at")?,
                received_at: stamp(row, "received_at")?,
                about: None,
            };
            let about: Option<String> = row.get("about")?;
            Ok((opinion, kind, about))
        })
        .optional()?;
    let Some((mut opinion, kind, about)) = found else {
        return Ok(None);
    };
    opinion.kind = parse("opinion kind", &kind)?;
    opinion.about = about.map(|text| serde_json::from_str(&text)).transpose()?;
    Ok(Some(opinion))
}

/// Appends a step to the history and moves the document there; the answer is its new `rev`.
pub(crate) fn move_to(tx: &Transaction<'_>, document: DocumentId, step: &FlowStep) -> Result<u64> {
    add_step(tx, document, step)?;
    let rev = tx.query_row(
        "UPDATE document SET state = ?2, rev = rev + 1 WHERE id = ?1 RETURNING rev",
        params![document.0.as_bytes(), word(&step.state)?],
        |row| row.get(0),
    )?;
    Ok(rev)
}

/// Appends a step to the history.
pub(crate) fn add_step(tx: &Transaction<'_>, document: DocumentId, step: &FlowStep) -> Result<()> {
    tx.execute(
        "INSERT INTO flow(document, ordinal, at, who, state, note)
         SELECT ?1, COALESCE(MAX(ordinal), 0) + 1, ?2, ?3, ?4, ?5 FROM flow WHERE document = ?1",
        params![
            document.0.as_bytes(),
            step.at.0,
            step.who,
            word(&step.state)?,
            step.note
        ],
    )?;
    Ok(())
}

/// Raises a document's `rev` without another change of its row.
pub(crate) fn bump(tx: &Transaction<'_>, document: DocumentId) -> Result<u64> {
    let rev = tx.query_row(
        "UPDATE document SET rev = rev + 1 WHERE id = ?1 RETURNING rev",
        [document.0.as_bytes()],
        |row| row.get(0),
    )?;
    Ok(rev)
}

/// A document's `rev`, state and urgency, when the account may see it.
pub(crate) fn standing(
    tx: &Transaction<'_>,
    document: DocumentId,
    account: AccountId,
) -> Result<Option<(u64, DocumentState, Urgency)>> {
    let found: Option<(u64, String, u8)> = tx
        .query_row(
            "SELECT d.rev, d.state, d.urgency FROM document d
             JOIN access a ON a.document = d.id AND a.account = ?2
             WHERE d.id = ?1 AND d.recalled = 0",
            params![document.0.as_bytes(), account.0],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let Some((rev, state, urgency)) = found else {
        return Ok(None);
    };
    let urgency = Urgency::from_priority(urgency).ok_or(ProvinceError::Stored("urgency"))?;
    Ok(Some((rev, parse("state", &state)?, urgency)))
}

/// Everyone who may see a document, in ascending order.
pub(crate) fn readers(tx: &Transaction<'_>, document: DocumentId) -> Result<Vec<AccountId>> {
    let mut statement =
        tx.prepare_cached("SELECT account FROM access WHERE document = ?1 ORDER BY account")?;
    let rows = statement.query_map([document.0.as_bytes()], |row| Ok(AccountId(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
