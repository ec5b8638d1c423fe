//! Figures for tests and benches.

use congvan_model::{DocumentId, Sha256};
use rusqlite::Transaction;
use serde::Serialize;

use crate::{entity, error::Result, office::Office, text::uuid};

/// What the server has counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Ops settled as applied.
    pub applied_ops: u64,
    /// Ops settled at all.
    pub settled_ops: u64,
    /// Documents, the recalled ones not counted.
    pub documents: u64,
    /// Opinions.
    pub opinions: u64,
    /// Sessions that nobody has ended.
    pub sessions: u64,
    /// Uploads, oldest first.
    pub uploads: Vec<UploadStat>,
}

/// One upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UploadStat {
    /// Its id, the last part of its address.
    pub id: String,
    /// The announced hash.
    pub sha256: Sha256,
    /// The announced length.
    pub length: u64,
    /// Bytes known to be on disk.
    pub durable: u64,
    /// Bytes taken from the base blob.
    pub seeded: u64,
    /// Bytes of request bodies, those sent in vain too.
    pub received: u64,
    /// Requests that carried a body.
    pub requests: u64,
    /// `open`, `complete` or `gone`.
    pub state: String,
}

/// One revision of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevisionStat {
    /// The file's name.
    pub file: String,
    /// The bytes.
    pub sha256: Sha256,
    /// The revision that these extend.
    pub parent: Option<Sha256>,
    /// Who signed.
    pub signed_by: Option<String>,
}

pub(crate) fn read(office: &Office) -> Result<Stats> {
    office.db.read(|tx| {
        let count = |sql: &str| -> Result<u64> { Ok(tx.query_row(sql, [], |row| row.get(0))?) };
        Ok(Stats {
            applied_ops: count(
                "SELECT COUNT(*) FROM applied_op WHERE result ->> '$.outcome.result' = 'applied'",
            )?,
            settled_ops: count("SELECT COUNT(*) FROM applied_op")?,
            documents: count("SELECT COUNT(*) FROM document WHERE recalled = 0")?,
            opinions: count("SELECT COUNT(*) FROM opinion")?,
            sessions: count("SELECT COUNT(*) FROM session WHERE revoked = 0")?,
            uploads: uploads(tx)?,
        })
    })
}

fn uploads(tx: &Transaction<'_>) -> Result<Vec<UploadStat>> {
    let mut statement = tx.prepare("SELECT * FROM upload ORDER BY created_at, rowid")?;
    let rows = statement.query_map([], |row| {
        Ok(UploadStat {
            id: row.get("id")?,
            sha256: Sha256(row.get("sha256")?),
            length: row.get("length")?,
            durable: row.get("durable")?,
            seeded: row.get("seeded")?,
            received: row.get("received")?,
            requests: row.get("requests")?,
            state: row.get("state")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every revision of every file of a document.
pub(crate) fn revisions(office: &Office, document: DocumentId) -> Result<Vec<RevisionStat>> {
    office.db.read(|tx| {
        let mut statement =
            tx.prepare("SELECT id, name FROM file WHERE document = ?1 ORDER BY ordinal")?;
        let files = statement
            .query_map([document.0.as_bytes()], |row| {
                Ok((uuid(row, "id")?, row.get("name")?))
            })?
            .collect::<rusqlite::Result<Vec<(uuid::Uuid, String)>>>()?;
        let mut all = Vec::new();
        for (id, name) in files {
            for revision in entity::revisions(tx, congvan_model::FileId(id))? {
                all.push(RevisionStat {
                    file: name.clone(),
                    sha256: revision.sha256,
                    parent: revision.parent,
                    signed_by: revision.signed_by,
                });
            }
        }
        Ok(all)
    })
}
