//! Groups of recipients (nhóm nơi nhận): agencies that this person sends to together. They are this
//! machine's own and need no network.

use congvan_model::{fold, nfc};
use congvan_protocol::AgencyInfo;
use rusqlite::{OptionalExtension as _, params};

use crate::{
    Store,
    error::{Result, StoreError},
};

/// Agencies under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipientGroup {
    /// Its number on this machine.
    pub id: i64,
    /// What this person calls it.
    pub name: String,
    /// The agencies, in the order of naming.
    pub members: Vec<AgencyInfo>,
}

impl Store {
    /// All groups, by name.
    ///
    /// # Errors
    /// Disk errors.
    pub fn recipient_groups(&self) -> Result<Vec<RecipientGroup>> {
        self.read(|db| {
            let mut query =
                db.prepare_cached("SELECT id, name, body FROM recipient_group ORDER BY name_key")?;
            let mut rows = query.query([])?;
            let mut groups = Vec::new();
            while let Some(row) = rows.next()? {
                groups.push(RecipientGroup {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    members: serde_json::from_str(&row.get::<_, String>(2)?)?,
                });
            }
            Ok(groups)
        })
    }

    /// Keeps agencies under a new name, or puts name and agencies in the place of a known group's.
    /// Whether they make sense is the caller's question. False when there is no such group any more.
    ///
    /// # Errors
    /// [`StoreError::GroupTaken`] when another group is called so; disk errors.
    pub fn put_recipient_group(
        &self,
        id: Option<i64>,
        (name, members): (&str, &[AgencyInfo]),
    ) -> Result<bool> {
        let name = nfc(name.trim());
        let (key, body) = (fold(&name), serde_json::to_string(members)?);
        self.write(|tx| {
            let taken: Option<i64> = tx
                .query_row(
                    "SELECT id FROM recipient_group WHERE name_key = ?1",
                    params![key],
                    |row| row.get(0),
                )
                .optional()?;
            if taken.is_some() && taken != id {
                return Err(StoreError::GroupTaken);
            }
            let changed = match id {
                None => tx.execute(
                    "INSERT INTO recipient_group(name, name_key, body) VALUES (?1, ?2, ?3)",
                    params![name, key, body],
                )?,
                Some(id) => tx.execute(
                    "UPDATE recipient_group SET name = ?2, name_key = ?3, body = ?4 WHERE id = ?1",
                    params![id, name, key, body],
                )?,
            };
            Ok(changed > 0)
        })
    }

    /// Forgets a group; none is no error.
    ///
    /// # Errors
    /// Disk errors.
    pub fn remove_recipient_group(&self, id: i64) -> Result<()> {
        self.write(|tx| {
            tx.execute("DELETE FROM recipient_group WHERE id = ?1", params![id])?;
            Ok(())
        })
    }
}
