//! Intents as rows: facts in columns, there and back.

use congvan_model::{DocumentId, FileId, OpId, OpinionId, RevisionId, Sha256, Timestamp, Urgency};
use congvan_protocol::{Intent, Op, OpOutcome};
use rusqlite::{Row, Transaction, params};
use uuid::Uuid;

use super::{ActEntry, ActFate, OutboxItem, UploadNeed};
use crate::{
    error::{Result, StoreError},
    journal::IntentRecord,
};

/// Writes the facts of an intent. `local_seq` 0 lets SQLite choose the next one.
pub(crate) fn insert(tx: &Transaction<'_>, record: &IntentRecord) -> Result<u64> {
    let op = &record.op;
    let seq = (op.local_seq != 0).then(|| crate::int(op.local_seq));
    let uuid = |id: &Uuid| id.into_bytes();
    let kind = kind_word(&op.intent);
    let (mut opinion, mut opinion_kind, mut text) = (None, None, None);
    let (mut file, mut revision, mut parent, mut child) = (None, None, None, None);
    let (mut length, mut level_word, mut signer) = (None, None, None);
    let mut facts = None;
    match &op.intent {
        Intent::AddOpinion {
            opinion: id,
            opinion_kind: kind,
            text: words,
            about,
        } => {
            facts = about.as_ref().map(serde_json::to_string).transpose()?;
            opinion = Some(uuid(&id.0));
            opinion_kind = Some(crate::document::word(kind)?);
            text = Some(words.as_str());
        }
        Intent::LinkRevision {
            file: file_id,
            revision: id,
            parent: from,
            child: to,
            size,
            level,
            certificate,
        } => {
            file = Some(uuid(&file_id.0));
            revision = Some(uuid(&id.0));
            parent = Some(from.0);
            child = Some(to.0);
            length = Some(crate::int(*size));
            level_word = Some(crate::document::word(level)?);
            signer = Some(certificate.0);
        }
        Intent::MarkRead => {}
        Intent::RegisterIncoming { file: scan, .. } => {
            child = Some(scan.sha256.0);
            length = Some(crate::int(scan.size));
            facts = Some(serde_json::to_string(&op.intent)?);
        }
        Intent::DraftDocument { file, .. } | Intent::ImportFile { file } => {
            child = Some(file.sha256.0);
            length = Some(crate::int(file.size));
            facts = Some(serde_json::to_string(&op.intent)?);
        }
        Intent::Handle { act } => {
            child = act.file().map(|file| file.sha256.0);
            length = act.file().map(|file| crate::int(file.size));
            facts = Some(serde_json::to_string(&op.intent)?);
        }
        Intent::RegisterReceived { .. }
        | Intent::VoidNumber { .. }
        | Intent::PresentDocument { .. }
        | Intent::WithdrawRegistration { .. }
        | Intent::Dossier { .. }
        | Intent::Task { .. }
        | Intent::ImportRows { .. }
        | Intent::Calendar { .. } => {
            facts = Some(serde_json::to_string(&op.intent)?);
        }
    }
    let capacity = op.capacity.as_ref().map(serde_json::to_string);
    tx.prepare_cached(
        "INSERT INTO outbox(local_seq, op_id, lane, base_rev, at, author, author_name, kind,
           opinion, opinion_kind, text, file, revision, parent, child, size, level, certificate, facts,
           capacity)
         VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)",
    )?
    .execute(params![
        seq,
        op.id.0.as_bytes(),
        op.lane.0.as_bytes(),
        crate::int(op.base_rev),
        op.at.0,
        record.author.0,
        record.author_name,
        kind,
        opinion,
        opinion_kind,
        text,
        file,
        revision,
        parent,
        child,
        length,
        level_word,
        signer,
        facts,
        capacity.transpose()?
    ])?;
    Ok(crate::uint(tx.last_insert_rowid()))
}

pub(crate) fn kind_word(intent: &Intent) -> &'static str {
    match intent {
        Intent::AddOpinion { .. } => "add_opinion",
        Intent::LinkRevision { .. } => "link_revision",
        Intent::MarkRead => "mark_read",
        // One kind of act for what looks at registrations; the facts say what was registered.
        Intent::RegisterIncoming { .. } | Intent::RegisterReceived { .. } => "register_incoming",
        Intent::VoidNumber { .. } => "void_number",
        Intent::PresentDocument { .. } => "present_document",
        Intent::Handle { .. } => "handle",
        Intent::DraftDocument { .. } => "draft_document",
        Intent::WithdrawRegistration { .. } => "withdraw_registration",
        Intent::Dossier { .. } => "dossier",
        Intent::Task { .. } => "task",
        Intent::Calendar { .. } => "calendar",
        Intent::ImportRows { .. } => "import_rows",
        Intent::ImportFile { .. } => "import_file",
    }
}

pub(crate) const OP_COLUMNS: &str =
    "SELECT op_id, local_seq, lane, base_rev, at, kind, opinion, opinion_kind,
    text, file, revision, parent, child, size, level, certificate, facts, capacity, author,
    author_name FROM outbox";

pub(crate) const ACT_COLUMNS: &str =
    "SELECT o.op_id, o.local_seq, o.lane, o.base_rev, o.at, o.kind, o.opinion,
    o.opinion_kind, o.text, o.file, o.revision, o.parent, o.child, o.size, o.level, o.certificate, o.facts,
    o.capacity, o.state, o.attempts, o.outcome, o.receipt, o.receipt_ok, o.settled_at, o.dismissed_at,
    coalesce(d.notation, d.subject, s.title, t.title, json_extract(o.facts, '$.act.fields.title'),
      json_extract(o.facts, '$.act.order.title'), json_extract(o.facts, '$.act.day.name'),
      CASE o.kind WHEN 'calendar' THEN json_extract(o.facts, '$.act.day') END) AS title
    FROM outbox o LEFT JOIN document d ON d.id = o.lane LEFT JOIN dossier s ON s.id = o.lane
    LEFT JOIN task t ON t.id = o.lane";

pub(crate) fn op_from(row: &Row<'_>) -> Result<Op> {
    let kind: String = row.get("kind")?;
    let intent = match kind.as_str() {
        "add_opinion" => Intent::AddOpinion {
            opinion: OpinionId(uuid_at(row, "opinion")?),
            opinion_kind: crate::document::from_word(&row.get::<_, String>("opinion_kind")?)?,
            text: row.get("text")?,
            about: row
                .get::<_, Option<String>>("facts")?
                .map(|text| serde_json::from_str(&text))
                .transpose()?,
        },
        "link_revision" => Intent::LinkRevision {
            file: FileId(uuid_at(row, "file")?),
            revision: RevisionId(uuid_at(row, "revision")?),
            parent: Sha256(row.get("parent")?),
            child: Sha256(row.get("child")?),
            size: crate::uint(row.get("size")?),
            level: crate::document::from_word(&row.get::<_, String>("level")?)?,
            certificate: Sha256(row.get("certificate")?),
        },
        "mark_read" => Intent::MarkRead,
        "register_incoming"
        | "void_number"
        | "present_document"
        | "handle"
        | "draft_document"
        | "withdraw_registration"
        | "dossier"
        | "task"
        | "calendar"
        | "import_rows"
        | "import_file" => serde_json::from_str(&row.get::<_, String>("facts")?)?,
        _ => {
            return Err(StoreError::Corrupt {
                what: "kind of intent",
            });
        }
    };
    let capacity: Option<String> = row.get("capacity")?;
    Ok(Op {
        id: OpId(uuid_at(row, "op_id")?),
        local_seq: crate::uint(row.get("local_seq")?),
        lane: DocumentId(uuid_at(row, "lane")?),
        base_rev: crate::uint(row.get("base_rev")?),
        at: Timestamp(row.get("at")?),
        intent,
        capacity: capacity
            .map(|text| serde_json::from_str(&text))
            .transpose()?,
    })
}

fn uuid_at(row: &Row<'_>, column: &str) -> Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

pub(super) fn item(row: &Row<'_>) -> Result<OutboxItem> {
    let child: Option<[u8; 32]> = row.get(4)?;
    let parent: Option<[u8; 32]> = row.get(6)?;
    let (from_mirror, from_blobs): (Option<i64>, Option<i64>) = (row.get(10)?, row.get(11)?);
    let base = parent
        .zip(from_mirror.or(from_blobs))
        .map(|(sha256, size)| (Sha256(sha256), crate::uint(size)));
    let size: Option<i64> = row.get(5)?;
    let url: Option<String> = row.get(8)?;
    let done: Option<bool> = row.get(9)?;
    let urgency: Option<u8> = row.get(7)?;
    Ok(OutboxItem {
        op: OpId(Uuid::from_bytes(row.get(0)?)),
        local_seq: crate::uint(row.get(1)?),
        lane: DocumentId(Uuid::from_bytes(row.get(2)?)),
        urgency: urgency.and_then(Urgency::from_priority).unwrap_or_default(),
        bulk: row.get(13)?,
        due: row.get::<_, Option<i64>>(12)?.map(Timestamp),
        not_before: Timestamp(row.get(3)?),
        upload: child.map(|sha256| UploadNeed {
            sha256: Sha256(sha256),
            size: crate::uint(size.unwrap_or(0)),
            base,
            url,
            done: done.unwrap_or(false),
        }),
    })
}

pub(crate) fn act_entry(row: &Row<'_>) -> Result<ActEntry> {
    let op = op_from(row)?;
    let attempts: u32 = row.get("attempts")?;
    // While offered again it waits, whatever it was answered before.
    let state: String = row.get("state")?;
    let outcome: Option<String> = row.get("outcome")?;
    let outcome: Option<OpOutcome> = outcome
        .filter(|_| state != "waiting")
        .map(|text| serde_json::from_str(&text))
        .transpose()?;
    let fate = match outcome {
        None | Some(OpOutcome::Blocked { .. } | OpOutcome::Deferred { .. }) => {
            ActFate::Waiting { attempts }
        }
        Some(
            OpOutcome::Applied { .. } | OpOutcome::TakenIn { .. } | OpOutcome::AlreadySettled {},
        ) => ActFate::Applied,
        Some(OpOutcome::Conflict { code, detail }) => ActFate::Conflict { code, detail },
        Some(OpOutcome::Rejected { code, detail }) => ActFate::Rejected { code, detail },
    };
    let receipt: Option<String> = row.get("receipt")?;
    let settled_at: Option<i64> = row.get("settled_at")?;
    let dismissed_at: Option<i64> = row.get("dismissed_at")?;
    Ok(ActEntry {
        op,
        title: row.get("title")?,
        fate,
        receipt: receipt
            .map(|text| serde_json::from_str(&text))
            .transpose()?,
        receipt_ok: row.get("receipt_ok")?,
        settled_at: settled_at.map(Timestamp),
        dismissed_at: dismissed_at.map(Timestamp),
    })
}
