//! Bytes on the move: where uploads stand, what should be downloaded, what must go.

use std::collections::HashSet;

use congvan_model::{DocumentId, Sha256, Timestamp, Urgency};
use rusqlite::{OptionalExtension as _, Row, params};
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

/// What is to be fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedBlobs {
    /// The most needed first.
    pub blobs: Vec<WantedBlob>,
    /// So many more there are; one that two documents have counts for each.
    pub beyond: u32,
}

/// What documents need that are open or to be signed, the most needed first.
const KEPT: &str = "SELECT sha256, size, document, urgency, rank % 2 = 0, due_at
    FROM file_missing INDEXED BY file_missing_kept WHERE kept = 1 AND ?2 = ?2
    ORDER BY rank, due_at, size LIMIT ?1";

/// What arrived since `?2` and needs nothing, the newest first.
const OTHER: &str = "SELECT sha256, size, document, urgency, rank % 2 = 0, due_at
    FROM file_missing INDEXED BY file_missing_other WHERE kept = 0 AND row >= ?2
    ORDER BY row DESC LIMIT ?1";

const COUNT: &str = "SELECT
    (SELECT COUNT(*) FROM file_missing INDEXED BY file_missing_kept WHERE kept = 1)
    + (SELECT COUNT(*) FROM file_missing INDEXED BY file_missing_other
       WHERE kept = 0 AND row >= ?1)";

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

    /// The files to be fetched, the most needed first: those of urgent documents, then mine, then
    /// the others, inside a class the earliest deadline first, then the smallest; last those of the
    /// documents of the last 30 days that need nothing any more. Its cost is that of what it gives.
    ///
    /// # Errors
    /// Disk errors.
    pub fn wanted_blobs(&self, limit: u32, now: Timestamp) -> Result<WantedBlobs> {
        let since = document::row_floor(now.plus_ms(-PREFETCH_DAYS * 24 * 3_600_000));
        self.read(|db| {
            let mut wanted = WantedBlobs::default();
            // Two documents may have the same file.
            let mut seen = HashSet::new();
            let mut room = limit;
            for sql in [KEPT, OTHER] {
                let mut query = db.prepare_cached(sql)?;
                let mut rows = query.query(params![room, since])?;
                while let Some(row) = rows.next()? {
                    room = room.saturating_sub(1);
                    let blob = wanted_blob(row)?;
                    if seen.insert(blob.sha256) {
                        wanted.blobs.push(blob);
                    }
                }
            }
            if room == 0 {
                let all: u32 = db
                    .prepare_cached(COUNT)?
                    .query_row(params![since], |row| row.get(0))?;
                wanted.beyond = all.saturating_sub(limit);
            }
            Ok(wanted)
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

fn wanted_blob(row: &Row<'_>) -> Result<WantedBlob> {
    let due: i64 = row.get(5)?;
    Ok(WantedBlob {
        sha256: Sha256(row.get(0)?),
        size: crate::uint(row.get(1)?),
        document: DocumentId(Uuid::from_bytes(row.get(2)?)),
        urgency: Urgency::from_priority(row.get(3)?).unwrap_or_default(),
        mine: row.get(4)?,
        due: (due != i64::MAX).then_some(Timestamp(due)),
    })
}
