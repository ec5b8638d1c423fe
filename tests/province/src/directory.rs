//! The directory of agencies: latest states in the order of their changes, one for all accounts.

use congvan_model::AgencyId;
use congvan_protocol::{Agency, AgencyPage};
use rusqlite::{Transaction, params};

use crate::{error::Result, office::Office};

/// Most agencies on a page.
pub(crate) const PAGE_ITEMS: usize = 1_000;
/// So much of the epoch's name tells two histories apart.
const HISTORY: usize = 8;

/// The place behind the last change; 0 while nothing was ever entered.
pub(crate) fn head(tx: &Transaction<'_>) -> Result<i64> {
    let head = "SELECT COALESCE(MAX(seq), 0) FROM agency";
    Ok(tx.prepare_cached(head)?.query_row([], |row| row.get(0))?)
}

/// A place as the wire says it; nothing secret is in it.
pub(crate) fn cursor(office: &Office, seq: i64) -> String {
    let epoch: String = office.keys().epoch.chars().take(HISTORY).collect();
    format!("{epoch}-{seq}")
}

/// The place that a cursor means; none for one of another history.
pub(crate) fn place(office: &Office, cursor: &str) -> Option<i64> {
    let (epoch, seq) = cursor.split_once('-')?;
    let is_ours = epoch.len() == HISTORY && office.keys().epoch.starts_with(epoch);
    seq.parse().ok().filter(|seq| is_ours && *seq >= 0)
}

/// What changed behind a place; none when the place is ahead of the head.
pub(crate) fn page(office: &Office, after: i64, want: usize) -> Result<Option<AgencyPage>> {
    let want = want.clamp(1, PAGE_ITEMS);
    office.db.read(|tx| {
        let head = head(tx)?;
        if after > head {
            return Ok(None);
        }
        let mut statement = tx.prepare_cached(
            "SELECT id, seq, body FROM agency WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let mut rows = statement.query(params![after, want])?;
        let mut page = AgencyPage::default();
        let mut last = after;
        while let Some(row) = rows.next()? {
            last = row.get(1)?;
            let body: Option<String> = row.get(2)?;
            match body {
                Some(body) => page.agencies.push(serde_json::from_str(&body)?),
                None => page.removed.push(AgencyId(row.get(0)?)),
            }
        }
        page.more = last < head;
        page.cursor = cursor(office, last);
        Ok(Some(page))
    })
}

/// Enters agencies, or what changed of them.
pub(crate) fn put(tx: &Transaction<'_>, agencies: &[Agency]) -> Result<()> {
    for agency in agencies {
        write(tx, agency.id, Some(&serde_json::to_string(agency)?))?;
    }
    Ok(())
}

/// Takes out what was entered by mistake.
pub(crate) fn remove(tx: &Transaction<'_>, id: AgencyId) -> Result<()> {
    write(tx, id, None)
}

fn write(tx: &Transaction<'_>, id: AgencyId, body: Option<&str>) -> Result<()> {
    let seq = head(tx)? + 1;
    tx.prepare_cached(
        "INSERT INTO agency(id, seq, body) VALUES (?1, ?2, ?3)
         ON CONFLICT(id) DO UPDATE SET seq = excluded.seq, body = excluded.body",
    )?
    .execute(params![id.0, seq, body])?;
    Ok(())
}
