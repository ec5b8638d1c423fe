//! Bytes on the move: where uploads stand, what should be downloaded, what must go.

use congvan_model::{DocumentId, Sha256, Timestamp, Urgency};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::{Store, document, error::Result};

/// How far back documents that need nothing are still fetched ahead.
const PREFETCH_DAYS: i64 = 30;

/// Where the upload of some bytes stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UploadState {
    /// The upload resource at the server.
    pub url: Option<String>,
    /// Whether the server has confirmed the whole.
    pub done: bool,
}

/// A file that should be on this machine and is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedBlob {
    /// Which bytes.
    pub sha256: Sha256,
    /// How many.
    pub size: u64,
    /// The document they belong to.
    pub document: DocumentId,
    /// Its urgency.
    pub urgency: Urgency,
    /// Whether this account leads or supports the work, or is to sign.
    pub mine: bool,
    /// Last moment of the document's deadline.
    pub due: Option<Timestamp>,
}

/// Files of open documents, of what waits for a signature, and of what arrived since `?1`, whose
/// bytes are not here.
const WANTED: &str = "FROM document d
    JOIN file_blob f ON f.document = d.id AND f.head = 1
    WHERE d.row IN (SELECT row FROM document WHERE open = 1
        UNION SELECT row FROM document WHERE state = 'awaiting_signature'
        UNION SELECT row FROM document WHERE row >= ?1)
      AND NOT EXISTS (SELECT 1 FROM blob b
        WHERE b.sha256 = f.sha256 AND b.state = 'present')";

impl Store {
    /// Where the upload of these bytes stands.
    ///
    /// # Errors
    /// Disk errors.
    pub fn upload(&self, sha256: Sha256) -> Result<UploadState> {
        self.read(|db| {
            let found: Option<(Option<String>, bool)> = db
                .query_row(
                    "SELECT url, done FROM upload WHERE sha256 = ?1",
                    params![sha256.0],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let (url, done) = found.unwrap_or_default();
            Ok(UploadState { url, done })
        })
    }

    /// Notes where an upload stands, so that the next run goes on there.
    ///
    /// # Errors
    /// Disk errors.
    pub fn set_upload(&self, sha256: Sha256, state: &UploadState) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO upload(sha256, url, done) VALUES (?1, ?2, ?3)
                 ON CONFLICT(sha256) DO UPDATE SET url = excluded.url, done = excluded.done",
                params![sha256.0, state.url, state.done],
            )?;
            Ok(())
        })
    }

    /// The files to be fetched, the most needed first: urgent documents, then mine, then the rest
    /// of the last 30 days; inside a class the earliest deadline first, then the smallest.
    ///
    /// # Errors
    /// Disk errors.
    pub fn wanted_blobs(&self, limit: u32, now: Timestamp) -> Result<Vec<WantedBlob>> {
        let since = document::row_floor(now.plus_ms(-PREFETCH_DAYS * 24 * 3_600_000));
        self.read(|db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT f.sha256, f.size, d.id, d.urgency,
                        (d.role IN ('lead', 'support') OR d.state = 'awaiting_signature') IS TRUE
                          AS mine, d.due_at
                     {WANTED} GROUP BY f.sha256
                     ORDER BY d.urgency >= 1 DESC, mine DESC,
                              d.due_at IS NULL, d.due_at, f.size LIMIT ?2"
            ))?;
            let mut rows = query.query(params![since, limit])?;
            let mut wanted = Vec::new();
            while let Some(row) = rows.next()? {
                wanted.push(WantedBlob {
                    sha256: Sha256(row.get(0)?),
                    size: crate::uint(row.get(1)?),
                    document: DocumentId(Uuid::from_bytes(row.get(2)?)),
                    urgency: Urgency::from_priority(row.get(3)?).unwrap_or_default(),
                    mine: row.get(4)?,
                    due: row.get::<_, Option<i64>>(5)?.map(Timestamp),
                });
            }
            Ok(wanted)
        })
    }

    /// How many files there are to be fetched.
    ///
    /// # Errors
    /// Disk errors.
    pub fn wanted_count(&self, now: Timestamp) -> Result<u32> {
        let since = document::row_floor(now.plus_ms(-PREFETCH_DAYS * 24 * 3_600_000));
        self.read(|db| {
            let mut query =
                db.prepare_cached(&format!("SELECT COUNT(DISTINCT f.sha256) {WANTED}"))?;
            Ok(query.query_row(params![since], |row| row.get(0))?)
        })
    }

    /// Removes the bytes that the server's word has condemned.
    pub(crate) fn sweep_condemned(&self) -> Result<()> {
        let condemned: Vec<[u8; 32]> = self.read(|db| {
            let mut query = db.prepare("SELECT sha256 FROM blob WHERE state = 'condemned'")?;
            let found = query.query_map([], |row| row.get(0))?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })?;
        for sha256 in condemned {
            self.blob_files().remove(&Sha256(sha256))?;
            self.write(|tx| {
                tx.execute(
                    "DELETE FROM blob WHERE sha256 = ?1 AND state = 'condemned'",
                    params![sha256],
                )?;
                Ok(())
            })?;
        }
        Ok(())
    }
}
