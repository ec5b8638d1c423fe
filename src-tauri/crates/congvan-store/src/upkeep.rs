//! Checks and copies. A failed check is reported, never repaired by deleting.

use std::path::Path;

use rusqlite::params;

use crate::{
    Store,
    error::{Result, StoreError},
};

impl Store {
    /// Looks the whole database over: pages, indexes, full-text index, audit chain. Takes seconds
    /// for a large store; call it after an unclean end and once a week.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the part that is damaged; disk errors.
    pub fn check(&self) -> Result<()> {
        self.read(crate::db::check)?;
        self.write(|tx| {
            tx.execute("INSERT INTO search(search) VALUES ('integrity-check')", [])?;
            Ok(())
        })
        .map_err(|error| match error {
            StoreError::Corrupt { .. } => StoreError::Corrupt {
                what: "search index",
            },
            other => other,
        })?;
        match self.audit_verify()? {
            None => Ok(()),
            Some(_) => Err(StoreError::Corrupt {
                what: "audit chain",
            }),
        }
    }

    /// The quick part of [`Store::check`], for the background after an unclean end. Damage is
    /// remembered: writing stops, and the next opening answers [`StoreError::Corrupt`].
    ///
    /// # Errors
    /// As [`Store::check`].
    pub fn check_pages(&self) -> Result<()> {
        self.read(crate::db::check)
    }

    /// Writes a consistent, enciphered copy of the database (not of the blobs) under the same key.
    /// The file must not exist yet.
    ///
    /// # Errors
    /// Disk errors.
    pub fn copy_database(&self, to: &Path) -> Result<()> {
        self.outside_transaction(|db| copy_into(db, to))
    }
}

pub(crate) fn copy_into(db: &rusqlite::Connection, to: &Path) -> Result<()> {
    let to = to.to_str().ok_or(StoreError::Invalid {
        what: "a path that is no text",
    })?;
    db.execute("VACUUM INTO ?1", params![to])?;
    Ok(())
}
