//! When the database is damaged: it is set aside whole, and made anew from the newest sound copy or
//! from nothing; journal and server bring the rest. Nothing is deleted.

use std::{
    fs,
    path::{Path, PathBuf},
};

use congvan_model::{ByteSource as _, Sha256, Timestamp};
use rusqlite::params;

use crate::{
    Store,
    audit::{self, AuditEvent, AuditKind},
    backup,
    blob::list_present,
    error::{Result, StoreError},
    home::{rename_patiently, sync_dir},
    incarnation,
    keys::{AccountKey, Purpose},
    store::{check_key, take_lock},
};

/// Kept while the database is believed to be damaged; the next opening looks closely.
pub(crate) const DAMAGED: &str = "desk.damaged";

/// What a rebuild found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// When the copy was made that it started from; none when there was no sound one.
    pub from_backup: Option<Timestamp>,
    /// Where the damaged files are.
    pub quarantine: PathBuf,
    /// Unsent intents that came back from the journal.
    pub replayed: u32,
}

impl Store {
    /// Opens a store whose database is damaged ([`StoreError::Corrupt`] from [`Store::open`]). The
    /// files are set aside under `quarantine`, the newest sound copy takes their place, or an empty
    /// database does; unsent intents come back from the journal, the bytes they need are found
    /// again, and the desk pulls anew as a new incarnation.
    ///
    /// # Errors
    /// As [`Store::open`]. Until the new database is in place, an error leaves the damaged one where
    /// it is, and the call may be repeated.
    pub fn rebuild(dir: &Path, key: &AccountKey, now: Timestamp) -> Result<(Self, Rebuilt)> {
        let lock = take_lock(dir)?;
        check_key(dir, key)?;
        let database_key = key.derive(Purpose::Database)?;
        let sound = backup::newest_sound(dir, &database_key)?;
        let fresh = dir.join("desk.rebuilt");
        backup::remove(&fresh)?;
        if let Some((_, copy)) = &sound {
            fs::copy(copy, &fresh)?;
            fs::File::open(&fresh)?.sync_all()?;
        }
        let quarantine = set_aside(dir, now)?;
        let path = dir.join("desk.db");
        // The log of the damaged file must never be applied to another.
        for suffix in ["-wal", "-shm"] {
            backup::remove(&dir.join(format!("desk.db{suffix}")))?;
        }
        if sound.is_some() {
            rename_patiently(&fresh, &path)?;
        } else {
            backup::remove(&path)?;
        }
        backup::remove(&dir.join(DAMAGED))?;
        sync_dir(dir)?;
        drop(lock);
        let (store, opened) = Self::open(dir, key, now)?;
        let from_backup = sound.map(|(at, _)| at);
        store.write(|tx| {
            let event = AuditEvent {
                kind: AuditKind::Rebuilt,
                document: None,
                detail: match from_backup {
                    Some(at) => format!("from=backup at={}", at.0),
                    None => "from=nothing".to_owned(),
                },
            };
            audit::append(tx, &event, now)?;
            incarnation::renew(tx, "REBUILT", now)?;
            Ok(())
        })?;
        store.find_unsent_bytes(now)?;
        let rebuilt = Rebuilt {
            from_backup,
            quarantine,
            replayed: opened.replayed,
        };
        Ok((store, rebuilt))
    }

    /// Lists bytes that lie in their place on disk without a row, after reading them through. Says
    /// whether they are here now.
    ///
    /// # Errors
    /// Disk errors.
    pub fn adopt_blob(&self, sha256: Sha256, now: Timestamp) -> Result<bool> {
        if self.blob_present(sha256)? {
            return Ok(true);
        }
        let Ok(reader) = self.blob_open_unlisted(sha256) else {
            return Ok(false);
        };
        let mut hash = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        let mut buffer = vec![0; 64 * 1024];
        let mut offset = 0;
        while offset < reader.len() {
            let wanted = reader.len().saturating_sub(offset).min(buffer.len() as u64);
            let part = buffer
                .get_mut(..usize::try_from(wanted).unwrap_or(0))
                .ok_or(StoreError::Invalid { what: "buffer" })?;
            if reader.read_at(offset, part).is_err() {
                return Ok(false);
            }
            hash.update(part);
            offset = offset.saturating_add(wanted);
        }
        if hash.finish().as_ref() != sha256.0 {
            return Ok(false);
        }
        self.write(|tx| list_present(tx, (sha256, reader.len()), now))?;
        Ok(true)
    }

    /// The bytes that unsent intents need and that have no row: a rebuilt database has none.
    pub(crate) fn find_unsent_bytes(&self, now: Timestamp) -> Result<()> {
        let needed: Vec<[u8; 32]> = self.read(|db| {
            let mut query = db.prepare(
                "SELECT child FROM outbox WHERE state = 'waiting' AND child IS NOT NULL
                   AND child NOT IN (SELECT sha256 FROM blob WHERE state = 'present')
                 UNION
                 SELECT parent FROM outbox WHERE state = 'waiting' AND parent IS NOT NULL
                   AND parent NOT IN (SELECT sha256 FROM blob WHERE state = 'present')",
            )?;
            let found = query.query_map(params![], |row| row.get(0))?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })?;
        for sha256 in needed {
            if !self.adopt_blob(Sha256(sha256), now)? {
                tracing::warn!(sha256 = %Sha256(sha256), "bytes of an unsent intent are not here");
            }
        }
        Ok(())
    }
}

/// Copies database, log and index, so that what was there can be looked at for ever.
fn set_aside(dir: &Path, now: Timestamp) -> Result<PathBuf> {
    let aside = dir.join("quarantine").join(now.0.to_string());
    fs::create_dir_all(&aside)?;
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("desk.db{suffix}");
        let (from, to) = (dir.join(&name), aside.join(&name));
        if !from.exists() || to.exists() {
            continue;
        }
        // A second name costs no room, and the damaged file is only ever replaced, not written.
        if fs::hard_link(&from, &to).is_err() {
            fs::copy(&from, &to)?;
            fs::File::open(&to)?.sync_all()?;
        }
    }
    sync_dir(&aside)?;
    sync_dir(&dir.join("quarantine"))?;
    Ok(aside)
}
