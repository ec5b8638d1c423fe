//! Files of blobs that no row speaks of: what a crash between file and row leaves.

use std::{collections::HashSet, fs, path::PathBuf, time::SystemTime};

use congvan_model::{Sha256, Timestamp};

use crate::{Store, backup::remove, error::Result};

/// Younger files may be on their way to their row.
const OLD_MS: u64 = 24 * 3_600_000;

/// What tidying did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Files that something refers to and that have a row again.
    pub adopted: u32,
    /// Files that nothing refers to and that are gone.
    pub removed: u32,
}

impl Store {
    /// Gives files without a row their row back where a document or an unsent intent refers to
    /// them, and removes those that nothing has referred to for a day. Nothing is removed from a
    /// desk that has not been told everything by the server. Call it once a day.
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
        Ok(tidied)
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
