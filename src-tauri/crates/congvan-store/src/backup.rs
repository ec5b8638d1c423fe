//! Copies of the database: one a day, three kept. Blobs are not in them, they come again.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use congvan_model::Timestamp;

use crate::{
    Store,
    db::{self, Db},
    error::{Result, StoreError},
    happening,
    home::{rename_patiently, sync_dir},
};

/// A new one when the last is so old: a little less than a day, so that it does not wander.
const EVERY_MS: i64 = 20 * 3_600_000;
const KEPT: usize = 3;

impl Store {
    /// Makes the day's copy when it is due: consistent, enciphered under the same key, read back
    /// and found sound before an older one goes. Reading and acting go on meanwhile. Says whether
    /// one was made.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the copy does not check out: the older copies stay. Disk
    /// errors.
    pub fn back_up_if_due(&self, now: Timestamp) -> Result<bool> {
        let dir = self.dir().join("backup");
        fs::create_dir_all(&dir)?;
        let kept = copies(&dir)?;
        let newest = kept.first().map(|(at, _)| *at);
        // A date in the future is a clock that was wrong; it must not stop the copies.
        if newest.is_some_and(|at| at.0 <= now.0 && now.0.saturating_sub(at.0) < EVERY_MS) {
            return Ok(false);
        }
        let unfinished = dir.join("unfinished.db");
        remove(&unfinished)?;
        self.copy_aside(&unfinished)?;
        File::open(&unfinished)?.sync_all()?;
        db::check_file(&unfinished, self.database_key())?;
        let name = format!("desk-{}.db", now.0);
        rename_patiently(&unfinished, &dir.join(name))?;
        sync_dir(&dir)?;
        for (_, old) in copies(&dir)?.into_iter().skip(KEPT) {
            remove(&old)?;
        }
        let bytes = self.database_bytes();
        self.write(|tx| happening::note(tx, "BACKED_UP", (bytes, ""), now))?;
        Ok(true)
    }

    // On a connection of its own: the writer stays free.
    fn copy_aside(&self, to: &Path) -> Result<()> {
        let connection = db::connect(self.database_path(), self.database_key())?;
        crate::upkeep::copy_into(&connection, to)
    }
}

/// The newest copy that opens under the key and is sound; the ones that are not are left alone.
pub(crate) fn newest_sound(dir: &Path, key: &[u8; 32]) -> Result<Option<(Timestamp, PathBuf)>> {
    for (at, path) in copies(&dir.join("backup"))? {
        match db::check_file(&path, key).and_then(|()| Db::known_schema(&path, key)) {
            Ok(()) => return Ok(Some((at, path))),
            Err(error) => tracing::warn!(%error, "a backup is of no use"),
        }
    }
    Ok(None)
}

/// The copies with their moments, newest first.
fn copies(dir: &Path) -> Result<Vec<(Timestamp, PathBuf)>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut copies = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let at = name
            .and_then(|name| name.strip_prefix("desk-")?.strip_suffix(".db"))
            .and_then(|at| at.parse().ok());
        if let Some(at) = at {
            copies.push((Timestamp(at), path));
        }
    }
    copies.sort_by(|a, b| b.cmp(a));
    Ok(copies)
}

pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::from(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
