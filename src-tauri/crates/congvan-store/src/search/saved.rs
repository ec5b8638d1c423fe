//! Searches that this person keeps. They are this machine's own and are sent nowhere.

use congvan_model::{Timestamp, fold, nfc};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::{
    Narrow,
    find::{Asking, COUNT_MAX},
    language,
};
use crate::{Store, error::Result};

/// A search under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSearch {
    /// Its number on this machine.
    pub id: i64,
    /// What this person calls it.
    pub name: String,
    /// As typed.
    pub text: String,
    /// What was chosen.
    pub narrow: Narrow,
    /// How many it finds now, up to 10,000.
    pub count: u32,
    /// There are more.
    pub is_more: bool,
}

#[derive(Serialize, Deserialize)]
struct Body {
    text: String,
    narrow: Narrow,
}

impl Store {
    /// All of them by name, with what they find now.
    ///
    /// # Errors
    /// Disk errors.
    pub fn saved_searches(&self, now: Timestamp) -> Result<Vec<SavedSearch>> {
        self.read(|db| {
            let mut query =
                db.prepare_cached("SELECT id, name, body FROM saved_search ORDER BY name_key")?;
            let mut rows = query.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let body: Body = serde_json::from_str(&row.get::<_, String>(2)?)?;
                let typed = language::understand(&body.text, now.vietnam_date());
                let (count, is_more) =
                    Asking::of(db, &typed, &body.narrow, now)?.count(db, COUNT_MAX)?;
                all.push(SavedSearch {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    text: body.text,
                    narrow: body.narrow,
                    count,
                    is_more,
                });
            }
            Ok(all)
        })
    }

    /// Keeps a search under a name; one that is called so already gives way to it.
    ///
    /// # Errors
    /// Disk errors.
    pub fn put_saved_search(&self, name: &str, text: &str, narrow: &Narrow) -> Result<()> {
        let name = nfc(name.trim());
        let body = serde_json::to_string(&Body {
            text: nfc(text),
            narrow: narrow.clone(),
        })?;
        self.write(|tx| {
            tx.execute(
                "INSERT INTO saved_search(name, name_key, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT(name_key) DO UPDATE SET name = excluded.name, body = excluded.body",
                params![name, fold(&name), body],
            )?;
            Ok(())
        })
    }

    /// Forgets one; none is no error.
    ///
    /// # Errors
    /// Disk errors.
    pub fn remove_saved_search(&self, id: i64) -> Result<()> {
        self.write(|tx| {
            tx.execute("DELETE FROM saved_search WHERE id = ?1", params![id])?;
            Ok(())
        })
    }
}
