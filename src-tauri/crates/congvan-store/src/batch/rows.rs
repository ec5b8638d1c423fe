use congvan_model::{DocumentId, FileId, Sha256, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::{BatchEntry, BatchId, BatchRecord, BatchStep, BatchTerms, ItemFate};
use crate::{
    StoredPlacement,
    document::{from_word, word},
    error::{Result, StoreError},
};

pub(super) fn insert(
    tx: &Transaction<'_>,
    id: BatchId,
    terms: &BatchTerms,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO batch(id, module, token_serial, token_label, certificate, stage, started)
         VALUES (?1, ?2, ?3, ?4, ?5, 'running', ?6)",
        params![
            id.0.as_bytes(),
            terms.module,
            terms.token_serial,
            terms.token_label,
            terms.certificate.0,
            now.0
        ],
    )?;
    Ok(())
}

pub(super) fn insert_item(
    tx: &Transaction<'_>,
    id: BatchId,
    place: usize,
    entry: &BatchEntry,
) -> Result<()> {
    let at = entry.placement;
    tx.prepare_cached(
        "INSERT INTO batch_item(batch, place, document, file, shown, title, page, x, y, width,
           height) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        id.0.as_bytes(),
        crate::int(place as u64),
        entry.document.0.as_bytes(),
        entry.file.0.as_bytes(),
        entry.shown.0,
        entry.title,
        at.map(|at| at.page.map_or(-1, i64::from)),
        at.map(|at| at.x),
        at.map(|at| at.y),
        at.map(|at| at.width),
        at.map(|at| at.height),
    ])?;
    Ok(())
}

pub(super) fn settle(
    tx: &Transaction<'_>,
    (id, place): (BatchId, usize),
    fate: &ItemFate,
) -> Result<()> {
    let (state, code, reason, child, level) = match fate {
        ItemFate::Waiting => ("waiting", None, None, None, None),
        ItemFate::Signed { child, level } => {
            ("signed", None, None, Some(child.0), Some(word(level)?))
        }
        ItemFate::Skipped { code, reason } => ("skipped", Some(code), reason.as_ref(), None, None),
        ItemFate::Failed { code, reason } => ("failed", Some(code), reason.as_ref(), None, None),
    };
    tx.prepare_cached(
        "UPDATE batch_item SET state = ?3, code = ?4, reason = ?5, child = ?6, level = ?7
         WHERE batch = ?1 AND place = ?2",
    )?
    .execute(params![
        id.0.as_bytes(),
        crate::int(place as u64),
        state,
        code,
        reason,
        child,
        level
    ])?;
    Ok(())
}

pub(super) fn shown(db: &Connection) -> Result<Option<BatchRecord>> {
    let found = db
        .prepare_cached(
            "SELECT id, module, token_serial, token_label, certificate, stage, stopped_by, started,
               finished, elapsed_ms, token_ms
             FROM batch WHERE dismissed_at IS NULL ORDER BY started DESC LIMIT 1",
        )?
        .query_row([], |row| Ok(batch(row)))
        .optional()?;
    let Some(mut record) = found.transpose()? else {
        return Ok(None);
    };
    let mut query = db.prepare_cached(
        // Completion raises the level of what was signed; it keeps levels as numbers.
        "SELECT i.document, i.file, i.shown, i.title, i.page, i.x, i.y, i.width, i.height, i.state,
           i.code, i.reason, i.child,
           coalesce((SELECT CASE c.level WHEN 1 THEN 'B-T' WHEN 2 THEN 'B-LT' WHEN 3 THEN 'B-LTA' END
             FROM completion c WHERE c.file = i.file AND c.signed = i.child), i.level) AS level
         FROM batch_item i WHERE i.batch = ?1 ORDER BY i.place",
    )?;
    let mut rows = query.query(params![record.id.0.as_bytes()])?;
    while let Some(row) = rows.next()? {
        record.items.push((entry(row)?, fate(row)?));
    }
    Ok(Some(record))
}

fn batch(row: &Row<'_>) -> Result<BatchRecord> {
    let stage: String = row.get("stage")?;
    Ok(BatchRecord {
        id: BatchId(Uuid::from_bytes(row.get("id")?)),
        terms: BatchTerms {
            module: row.get("module")?,
            token_serial: row.get("token_serial")?,
            token_label: row.get("token_label")?,
            certificate: Sha256(row.get("certificate")?),
        },
        step: match stage.as_str() {
            "running" => BatchStep::Running,
            "finished" => BatchStep::Finished,
            _ => BatchStep::Stopped,
        },
        stopped_by: row.get("stopped_by")?,
        started: Timestamp(row.get("started")?),
        finished: row.get::<_, Option<i64>>("finished")?.map(Timestamp),
        elapsed_ms: crate::uint(row.get("elapsed_ms")?),
        token_ms: crate::uint(row.get("token_ms")?),
        items: Vec::new(),
    })
}

fn entry(row: &Row<'_>) -> Result<BatchEntry> {
    let page: Option<i64> = row.get("page")?;
    let placement = match page {
        None => None,
        Some(page) => Some(StoredPlacement {
            page: u32::try_from(page).ok(),
            x: row.get("x")?,
            y: row.get("y")?,
            width: row.get("width")?,
            height: row.get("height")?,
        }),
    };
    Ok(BatchEntry {
        document: DocumentId(Uuid::from_bytes(row.get("document")?)),
        file: FileId(Uuid::from_bytes(row.get("file")?)),
        shown: Sha256(row.get("shown")?),
        title: row.get("title")?,
        placement,
    })
}

fn fate(row: &Row<'_>) -> Result<ItemFate> {
    let state: String = row.get("state")?;
    let code: Option<String> = row.get("code")?;
    let (code, reason) = (code.unwrap_or_default(), row.get("reason")?);
    let child: Option<[u8; 32]> = row.get("child")?;
    let level: Option<String> = row.get("level")?;
    Ok(match (state.as_str(), child, level) {
        ("waiting", ..) => ItemFate::Waiting,
        ("skipped", ..) => ItemFate::Skipped { code, reason },
        ("failed", ..) => ItemFate::Failed { code, reason },
        ("signed", Some(child), Some(level)) => ItemFate::Signed {
            child: Sha256(child),
            level: from_word(&level)?,
        },
        _ => return Err(StoreError::Corrupt { what: "batch item" }),
    })
}
