//! Rows of a previous system's registers on their way to the server, and their files.
//!
//! A row that the server does not show yet has its document in the mirror's table at revision 0, like a
//! draft: it is found at once. A row is the same document whoever imports it and however often, so what
//! is here is not sent again.

use congvan_model::{AccountId, DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::{
    Document, Intent, RegisteredFile,
    import::{ImportRow, RefusedRow, RowRefusal, imported_file, shown_file},
};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::{
    Store, acts, document, drafts,
    error::{Result, StoreError},
    journal::IntentRecord,
    outbox,
};

/// A row with its files, whose bytes are durable here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowWithFiles {
    /// The row.
    pub row: ImportRow,
    /// Bytes, their length and their display name; the first is the document itself.
    pub files: Vec<(Sha256, u64, String)>,
}

/// How a row stands to what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowHere {
    /// It is not here.
    New,
    /// It is here, with every one of so many files.
    Same {
        /// How many files its document has.
        files: usize,
    },
    /// It is here and says something else.
    Differs,
}

/// What one call has put into the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// Rows that are new here.
    pub rows: u32,
    /// Files that are new on their documents.
    pub files: u32,
}

/// What is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportWaiting {
    /// Rows that the server does not show yet.
    pub rows: u32,
    /// Files that it does not have yet.
    pub files: u32,
}

impl Store {
    /// How rows stand to what is here.
    ///
    /// # Errors
    /// Disk errors.
    pub fn import_known(&self, agency: &str, rows: &[ImportRow]) -> Result<Vec<RowHere>> {
        self.read(|db| rows.iter().map(|row| known(db, agency, row)).collect())
    }

    /// Records rows of one table, at most [`congvan_protocol::import::ROWS_MAX`], and their files, all of
    /// it or nothing; they count here at once. What is here already is left out, so that the same rows
    /// can be recorded any number of times.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`] when bytes are not durable here; disk errors: then nothing was
    /// recorded.
    pub fn import_rows(
        &self,
        (agency, source): (&str, Sha256),
        rows: &[RowWithFiles],
        author: (AccountId, &str),
        now: Timestamp,
    ) -> Result<Queued> {
        for (sha256, ..) in rows.iter().flat_map(|one| &one.files) {
            if !self.blob_present(*sha256)? {
                return Err(StoreError::BlobMissing { sha256: *sha256 });
            }
        }
        let mut journal = crate::lock(self.journal());
        self.journalled(&mut journal, |tx| {
            let (mut fresh, mut records) = (Vec::new(), Vec::new());
            for one in rows {
                if document::local_rev(tx, one.row.document(agency))?.is_none() {
                    fresh.push(one.row.clone());
                }
            }
            let mut queued = Queued {
                rows: u32::try_from(fresh.len()).unwrap_or(u32::MAX),
                files: 0,
            };
            if !fresh.is_empty() {
                let lane = DocumentId(acts::uuid_v7(now));
                let intent = Intent::ImportRows {
                    agency: agency.to_owned(),
                    source,
                    rows: fresh,
                };
                records.push(acts::record_on(tx, (lane, 0), intent, author, now)?);
            }
            for one in rows {
                let document = one.row.document(agency);
                for (sha256, size, name) in &one.files {
                    let bytes = (*sha256, *size);
                    let file = imported_file(document, bytes, (name.clone(), None));
                    if has_file(tx, document, &file)? {
                        continue;
                    }
                    let intent = Intent::ImportFile {
                        file: Box::new(file),
                    };
                    records.push(acts::record_in(tx, document, intent, author, now)?);
                    queued.files = queued.files.saturating_add(1);
                }
            }
            Ok((records, queued))
        })
    }

    /// What is on its way to the server.
    ///
    /// # Errors
    /// Disk errors.
    pub fn import_waiting(&self) -> Result<ImportWaiting> {
        self.read(|db| {
            let count = |sql: &str| db.query_row(sql, [], |row| row.get(0));
            Ok(ImportWaiting {
                rows: count(
                    "SELECT count(*) FROM overlay_draft d JOIN outbox o ON o.op_id = d.op_id
                     WHERE o.kind = 'import_rows'",
                )?,
                files: count(
                    "SELECT count(*) FROM outbox WHERE kind = 'import_file' AND state = 'waiting'",
                )?,
            })
        })
    }

    /// The rows of a table that the server did not take, with their rows there, the first first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn import_refused(&self, source: Sha256) -> Result<Vec<(u32, RowRefusal)>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT line, why FROM import_refused WHERE source = ?1 ORDER BY line",
            )?;
            let mut rows = query.query([source.0])?;
            let mut refused = Vec::new();
            while let Some(row) = rows.next()? {
                let why = document::from_word(&row.get::<_, String>(1)?)?;
                refused.push((row.get(0)?, why));
            }
            Ok(refused)
        })
    }
}

fn known(db: &Connection, agency: &str, row: &ImportRow) -> Result<RowHere> {
    Ok(match document::load(db, row.document(agency))? {
        None => RowHere::New,
        Some((document, ..)) if row.stands_as(&document) => RowHere::Same {
            files: document.files.len(),
        },
        Some(_) => RowHere::Differs,
    })
}

fn has_file(db: &Connection, document: DocumentId, file: &RegisteredFile) -> Result<bool> {
    let found = document::load(db, document)?;
    Ok(found.is_some_and(|(known, ..)| known.files.iter().any(|one| one.id == file.file)))
}

/// Puts rows that the server does not have where documents are.
pub(crate) fn lay_over(
    tx: &Transaction<'_>,
    record: &IntentRecord,
    (agency, rows): (&str, &[ImportRow]),
) -> Result<usize> {
    let op = &record.op;
    for row in rows {
        let document = row.to_document(agency, &record.author_name, op.at);
        // Out of the journal alone the server's document may be here already.
        if document::local_rev(tx, document.id)?.is_some() {
            continue;
        }
        document::upsert(tx, &document, 0)?;
        drafts::ours(tx, document.id, op.id)?;
    }
    Ok(rows.len())
}

/// Shows a file on its document before the server does.
pub(crate) fn lay_file_over(
    tx: &Transaction<'_>,
    record: &IntentRecord,
    file: &RegisteredFile,
) -> Result<usize> {
    drafts::need_upload(tx, file)?;
    let Some((mut document, _, row)) = document::load(tx, record.op.lane)? else {
        return Ok(0);
    };
    add(&mut document, file, record.op.at);
    document::set_files(tx, row, &document)?;
    Ok(1)
}

fn add(document: &mut Document, file: &RegisteredFile, at: Timestamp) {
    if document.files.iter().all(|one| one.id != file.file) {
        let is_first = document.files.is_empty();
        document.files.push(shown_file(file, is_first, at));
    }
}

/// Lays our files that wait over what the server says of an imported document.
pub(crate) fn with_files(tx: &Transaction<'_>, document: &mut Document) -> Result<()> {
    let mut query = tx.prepare_cached(
        "SELECT facts, at FROM outbox WHERE lane = ?1 AND kind = 'import_file'
           AND state = 'waiting' ORDER BY local_seq",
    )?;
    let mut rows = query.query([document.id.0.as_bytes()])?;
    while let Some(row) = rows.next()? {
        if let Intent::ImportFile { file } = serde_json::from_str(&row.get::<_, String>(0)?)? {
            add(document, &file, Timestamp(row.get(1)?));
        }
    }
    Ok(())
}

/// A file that the server did not take goes from its document with its intent.
pub(crate) fn drop_with(tx: &Transaction<'_>, op: OpId) -> Result<()> {
    let found: Option<(String, [u8; 16])> = tx
        .prepare_cached("SELECT facts, lane FROM outbox WHERE op_id = ?1 AND kind = 'import_file'")?
        .query_row([op.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((facts, lane)) = found else {
        return Ok(());
    };
    let lane = DocumentId(uuid::Uuid::from_bytes(lane));
    if let Intent::ImportFile { file } = serde_json::from_str(&facts)?
        && let Some((mut document, _, row)) = document::load(tx, lane)?
    {
        document.files.retain(|one| one.id != file.file);
        document::set_files(tx, row, &document)?;
    }
    Ok(())
}

/// Takes in which rows of an intent the server did not take: they are written down for the report, and
/// their documents go with the acts on them. The answer is these acts.
pub(crate) fn settled(
    tx: &Transaction<'_>,
    op: OpId,
    refused: &[RefusedRow],
    now: Timestamp,
) -> Result<Vec<OpId>> {
    let facts: Option<String> = tx
        .prepare_cached("SELECT facts FROM outbox WHERE op_id = ?1 AND kind = 'import_rows'")?
        .query_row([op.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let mut withdrawn = Vec::new();
    let Some(facts) = facts.filter(|_| !refused.is_empty()) else {
        return Ok(withdrawn);
    };
    let Intent::ImportRows { source, .. } = serde_json::from_str(&facts)? else {
        return Ok(withdrawn);
    };
    for one in refused {
        tx.prepare_cached(
            "INSERT INTO import_refused(source, line, why) VALUES (?1, ?2, ?3)
             ON CONFLICT(source, line) DO UPDATE SET why = excluded.why",
        )?
        .execute(params![source.0, one.line, document::word(&one.why)?])?;
        if drafts::is_of(tx, one.document, op)? {
            withdrawn.extend(outbox::withdraw_from(tx, (one.document, 0), true, now)?);
            drafts::remove(tx, one.document)?;
        }
    }
    Ok(withdrawn)
}
