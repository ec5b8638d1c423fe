//! In what capacity this person acts from now on, as chosen; the transaction that records an act reads
//! it.

use congvan_model::Deadline;
use congvan_protocol::{AccountInfo, Capacity, Document, Intent, Mandate};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{
    Store,
    error::Result,
    part::{self, Part},
    settings::OWNER_SETTING,
};

/// The setting that keeps it, as JSON; absent or empty: by all posts together.
const SETTING: &str = "capacity";
/// The setting that keeps the mandates that this person holds and that are in force, as JSON.
const HELD: &str = "mandates";
/// The setting that keeps how what a document is to this person was last told; another number tells
/// it anew for everything that is open. 2: until when this person has, not the whole.
const RECKONED: &str = "reckoned";
const RECKONING: &str = "2";

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

impl Store {
    /// Who this is, with the posts held, and the mandates that this person holds and that are in
    /// force, as the server last said: what is open is in the lists of work that follow, and what lies
    /// before the givers of mandates is in them, too.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stand(&self, account: &AccountInfo, held: &[Mandate]) -> Result<()> {
        let facts = [
            (OWNER_SETTING, serde_json::to_string(account)?),
            (HELD, serde_json::to_string(held)?),
            (RECKONED, RECKONING.to_owned()),
        ];
        let mut is_known = true;
        for (name, text) in &facts {
            let known = self.setting(name)?;
            // Nobody's mandates are none.
            let known = known.or((*name == HELD).then(|| "[]".to_owned()));
            is_known &= known.as_ref() == Some(text);
        }
        if is_known {
            return Ok(());
        }
        self.write(|tx| {
            for (name, text) in &facts {
                tx.execute(
                    "INSERT INTO setting(name, value) VALUES (?1, ?2)
                     ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                    params![name, text],
                )?;
            }
            let mut waiting = tx.prepare(
                "SELECT row, body FROM document
                 WHERE state NOT IN ('resolved', 'issued', 'filed')",
            )?;
            let rows = waiting.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let found: Vec<(i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
            let mut keep = tx.prepare(
                "UPDATE document SET own_part = ?2, due = ?3, due_at = ?4 WHERE row = ?1",
            )?;
            for (row, body) in found {
                let document: Document = serde_json::from_str(&body)?;
                let own = part::of_document(tx, &document)?;
                let due = own.due.map(|due| serde_json::to_string(&due));
                let (part, due_at) = (own.part.map(Part::word), own.due.map(Deadline::instant));
                keep.execute(params![row, part, due.transpose()?, due_at.map(|at| at.0)])?;
            }
            Ok(())
        })
    }
}

/// The mandates that are in force, as last said.
pub(crate) fn held(tx: &Transaction<'_>) -> Result<Vec<Mandate>> {
    let text: Option<String> = tx
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row(params![HELD], |row| row.get(0))
        .optional()?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
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
        | Intent::WithdrawRegistration { .. }
        | Intent::Dossier { .. }
        | Intent::Task { .. }
        | Intent::ImportRows { .. }
        | Intent::ImportFile { .. }
        | Intent::Calendar { .. } => chosen.filter(|one| matches!(one, Capacity::Post { .. })),
    })
}
