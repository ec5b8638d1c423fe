//! Blobs that nothing refers to: files without a row, which a crash between file and row leaves, and
//! versions that were made here and that no document has any more.

use std::{collections::HashSet, fs, path::PathBuf, time::SystemTime};

use congvan_model::{Sha256, Timestamp};
use rusqlite::params;

use crate::{Store, backup::remove, error::Result};

/// Younger files may be on their way to their row, and younger rows to their document.
const OLD_MS: u64 = 24 * 3_600_000;

/// Versions made here, which alone are to be uploaded, older than ?1 and needed by nobody. An act that
/// arrived is remembered for 45 days, in which a restored server may ask for its bytes again.
const MADE_HERE: &str = "SELECT b.sha256 FROM blob b JOIN upload u ON u.sha256 = b.sha256
  WHERE b.state = 'present' AND b.at < ?1
  AND NOT EXISTS (SELECT 1 FROM file_blob f WHERE f.sha256 = b.sha256)
  EXCEPT SELECT child FROM outbox WHERE child IS NOT NULL AND state <> 'withdrawn'
  EXCEPT SELECT parent FROM outbox WHERE parent IS NOT NULL AND state <> 'withdrawn'
  EXCEPT SELECT child FROM overlay_revision EXCEPT SELECT parent FROM overlay_revision
  EXCEPT SELECT shown FROM batch_item
  EXCEPT SELECT child FROM batch_item WHERE child IS NOT NULL
  EXCEPT SELECT head FROM completion EXCEPT SELECT signed FROM completion
  EXCEPT SELECT sha256 FROM tray_mark";

/// What tidying did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Files that something refers to and that have a row again.
    pub adopted: u32,
    /// Files that nothing refers to and that are gone.
    pub removed: u32,
    /// Versions made here that no document and no act has any more, and that are gone.
    pub released: u32,
}

impl Store {
    /// Gives files without a row their row back where a document or an unsent intent refers to
    /// them, and removes those that nothing has referred to for a day. Lets go of the versions of
    /// drafts that were made here and are of no document any more: their drafts were taken back, or
    /// the server let them go and their acts are forgotten. Nothing is removed from a desk that has
    /// not been told everything by the server. Call it once a day.
    ///
    /// # Errors
    /// Disk errors.
    pub fn tidy_blobs(&self, now: Timestamp) -> Result<Tidied> {
        let (listed, referred) = self.read(|db| {
            let all = |sql: &str| -> Result<Vec<Sha256>> {
                let mut query = db.prepare(sql)?;
                let found = query.query_map([], |row| row.get(0).map(Sha256))?;
                Ok(found.collect::<rusqlite::Result<_>>()?)
            };
            let listed = all("SELECT sha256 FROM blob")?;
            let referred = all(&format!(
                "SELECT sha256 FROM file_blob
                 UNION SELECT child FROM outbox WHERE child IS NOT NULL
                 UNION SELECT parent FROM outbox WHERE parent IS NOT NULL
                 UNION SELECT child FROM overlay_revision
                 UNION SELECT shown FROM batch_item
                 UNION SELECT head FROM completion UNION SELECT signed FROM completion
                 UNION {}",
                crate::scans::HELD
            ))?;
            Ok((listed, referred))
        })?;
        let mut tidied = Tidied::default();
        let listed: HashSet<Sha256> = listed.into_iter().collect();
        let mut known: HashSet<PathBuf> = HashSet::new();
        for sha256 in &listed {
            known.insert(self.blob_files().path(sha256));
        }
        for sha256 in referred.iter().filter(|sha256| !listed.contains(sha256)) {
            let path = self.blob_files().path(sha256);
            if path.exists() && self.adopt_blob(*sha256, now)? {
                tidied.adopted = tidied.adopted.saturating_add(1);
            }
            known.insert(path);
        }
        if self.synced_at()?.is_none() {
            return Ok(tidied);
        }
        for path in self.blob_files().published()? {
            if !known.contains(&path) && is_old(&path, now) {
                remove(&path)?;
                tidied.removed = tidied.removed.saturating_add(1);
            }
        }
        tidied.released = self.release_versions(now)?;
        Ok(tidied)
    }

    fn release_versions(&self, now: Timestamp) -> Result<u32> {
        let released = self.write(|tx| {
            let before = now.plus_ms(-crate::int(OLD_MS)).0;
            let free: Vec<[u8; 32]> = tx
                .prepare(&format!(
                    "{MADE_HERE} EXCEPT SELECT * FROM ({})",
                    crate::scans::HELD
                ))?
                .query_map(params![before], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for sha256 in &free {
                tx.prepare_cached("UPDATE blob SET state = 'condemned' WHERE sha256 = ?1")?
                    .execute(params![sha256])?;
                tx.prepare_cached("DELETE FROM upload WHERE sha256 = ?1")?
                    .execute(params![sha256])?;
            }
            Ok(u32::try_from(free.len()).unwrap_or(u32::MAX))
        })?;
        if released > 0 {
            self.sweep_condemned()?;
        }
        Ok(released)
    }
}

fn is_old(path: &PathBuf, now: Timestamp) -> bool {
    let modified = fs::metadata(path).and_then(|meta| meta.modified());
    let Ok(age) = modified.map(|at| at.duration_since(SystemTime::UNIX_EPOCH)) else {
        return false;
    };
    let at = age.map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
    crate::uint(now.0) > at.saturating_add(OLD_MS)
}
