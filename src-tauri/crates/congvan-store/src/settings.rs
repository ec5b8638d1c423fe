use rusqlite::{OptionalExtension as _, params};

use crate::{Store, error::Result};

/// The setting in which the account behind a store is kept, as JSON of the protocol's `AccountInfo`.
pub const OWNER_SETTING: &str = "account";

impl Store {
    /// A setting of this account, none when never set.
    ///
    /// # Errors
    /// Disk errors.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        self.read(|db| {
            Ok(db
                .query_row(
                    "SELECT value FROM setting WHERE name = ?1",
                    params![name],
                    |row| row.get(0),
                )
                .optional()?)
        })
    }

    /// Keeps a setting of this account.
    ///
    /// # Errors
    /// Disk errors.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO setting(name, value) VALUES (?1, ?2)
                 ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                params![name, value],
            )?;
            Ok(())
        })
    }
}
