//! In what capacity this person acts from now on, as chosen; the transaction that records an act reads
//! it.

use congvan_protocol::{Capacity, Intent};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{Store, error::Result};

/// The setting that keeps it, as JSON; absent or empty: by all posts together.
const SETTING: &str = "capacity";

impl Store {
    /// What was chosen; none: by all posts together.
    ///
    /// # Errors
    /// Disk errors.
    pub fn capacity(&self) -> Result<Option<Capacity>> {
        Ok(self.setting(SETTING)?.and_then(|text| read(&text)))
    }

    /// Acts from now on are done in this capacity. Whether it is this person's is the caller's
    /// question.
    ///
    /// # Errors
    /// Disk errors.
    pub fn choose_capacity(&self, capacity: Option<&Capacity>) -> Result<()> {
        let text = capacity.map(serde_json::to_string).transpose()?;
        self.set_setting(SETTING, &text.unwrap_or_default())
    }
}

fn read(text: &str) -> Option<Capacity> {
    serde_json::from_str(text).ok()
}

/// The capacity in which an intent is recorded. Who stands in a leader's place directs and signs; what
/// a person reads and says is the person's own.
pub(crate) fn of(tx: &Transaction<'_>, intent: &Intent) -> Result<Option<Capacity>> {
    let chosen: Option<String> = tx
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row(params![SETTING], |row| row.get(0))
        .optional()?;
    let chosen = chosen.and_then(|text| read(&text));
    Ok(match intent {
        Intent::MarkRead => None,
        Intent::Handle { .. } | Intent::LinkRevision { .. } => chosen,
        Intent::AddOpinion { .. }
        | Intent::RegisterIncoming { .. }
        | Intent::RegisterReceived { .. }
        | Intent::VoidNumber { .. }
        | Intent::PresentDocument { .. }
        | Intent::DraftDocument { .. }
        | Intent::WithdrawRegistration { .. } => {
            chosen.filter(|one| matches!(one, Capacity::Post { .. }))
        }
    })
}
