//! How letters stood before a change of pages, and going back there.

use congvan_model::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{LetterId, ScanRefusal, StackId, stacks::refused};
use crate::{Store, error::Result};

/// So many changes can be undone one after the other.
const KEPT: u32 = 50;

/// A page in a letter, by numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PageRef {
    pub(super) stack: StackId,
    pub(super) page: u32,
    pub(super) turns: u8,
    pub(super) straighten: bool,
}

/// How a letter stood.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LetterBefore {
    pub(super) id: LetterId,
    pub(super) place: i64,
    pub(super) state: String,
    pub(super) pages: Vec<PageRef>,
}

/// How everything stood that a change touched.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Before {
    pub(super) letters: Vec<LetterBefore>,
    /// Letters that were made by the change.
    pub(super) made: Vec<LetterId>,
    /// Of a stack: what was proposed, and when its fault was seen.
    pub(super) stack: Option<(StackId, Option<String>, Option<i64>)>,
}

impl Store {
    /// Whether there is a change of pages to go back on.
    ///
    /// # Errors
    /// Disk errors.
    pub fn pages_can_undo(&self) -> Result<bool> {
        self.read(|db| Ok(db.prepare_cached("SELECT 1 FROM scan_undo")?.exists([])?))
    }

    /// Goes back on the last change of pages. What people wrote in the fields stays.
    ///
    /// # Errors
    /// [`StoreError::Scan`](crate::StoreError::Scan) when there is none; disk errors.
    pub fn pages_undo(&self, now: Timestamp) -> Result<()> {
        self.write_again(|tx| {
            let last: Option<(i64, String)> = tx
                .query_row(
                    "SELECT seq, before FROM scan_undo ORDER BY seq DESC LIMIT 1",
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let (seq, text) = last.ok_or_else(|| refused(ScanRefusal::NotThere))?;
            tx.execute("DELETE FROM scan_undo WHERE seq = ?1", params![seq])?;
            go_back(tx, &serde_json::from_str(&text)?, now)
        })
    }
}

pub(super) fn remember(tx: &Transaction<'_>, before: &Before, now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO scan_undo(at, before) VALUES (?1, ?2)",
        params![now.0, serde_json::to_string(before)?],
    )?;
    tx.execute(
        "DELETE FROM scan_undo WHERE seq <= (SELECT max(seq) FROM scan_undo) - ?1",
        params![KEPT],
    )?;
    Ok(())
}

/// A letter is settled: changes that touched it, and those before them, are not gone back on.
pub(super) fn forget(tx: &Transaction<'_>, id: LetterId) -> Result<()> {
    tx.execute(
        "DELETE FROM scan_undo WHERE seq <=
           (SELECT max(seq) FROM scan_undo WHERE instr(before, ?1) > 0)",
        params![id.to_string()],
    )?;
    Ok(())
}

fn go_back(tx: &Transaction<'_>, before: &Before, now: Timestamp) -> Result<()> {
    for id in &before.made {
        tx.execute(
            "DELETE FROM scan_page WHERE letter = ?1",
            params![id.0.as_bytes()],
        )?;
        tx.execute(
            "DELETE FROM scan_letter WHERE id = ?1",
            params![id.0.as_bytes()],
        )?;
    }
    for letter in &before.letters {
        let key = letter.id.0.as_bytes();
        tx.execute(
            "UPDATE scan_letter SET state = ?2, place = ?3, changed_at = ?4,
               pages_rev = pages_rev + 1 WHERE id = ?1",
            params![key, letter.state, letter.place, now.0],
        )?;
        write_pages(tx, letter.id, &letter.pages)?;
    }
    if let Some((stack, proposal, dismissed)) = &before.stack {
        tx.execute(
            "UPDATE scan_stack SET proposal = ?2, dismissed_at = ?3 WHERE id = ?1",
            params![stack.0.as_bytes(), proposal, dismissed],
        )?;
    }
    Ok(())
}

pub(super) fn read_pages(tx: &Transaction<'_>, id: LetterId) -> Result<Vec<PageRef>> {
    let mut query = tx.prepare_cached(
        "SELECT stack, page, turns, straighten FROM scan_page WHERE letter = ?1 ORDER BY place",
    )?;
    let rows = query.query_map(params![id.0.as_bytes()], |row| {
        Ok(PageRef {
            stack: StackId(Uuid::from_bytes(row.get(0)?)),
            page: row.get(1)?,
            turns: row.get(2)?,
            straighten: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn write_pages(tx: &Transaction<'_>, id: LetterId, pages: &[PageRef]) -> Result<()> {
    tx.execute(
        "DELETE FROM scan_page WHERE letter = ?1",
        params![id.0.as_bytes()],
    )?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO scan_page(letter, place, stack, page, turns, straighten)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (place, page) in (0_u32..).zip(pages) {
        insert.execute(params![
            id.0.as_bytes(),
            place,
            page.stack.0.as_bytes(),
            page.page,
            page.turns,
            page.straighten
        ])?;
    }
    Ok(())
}
