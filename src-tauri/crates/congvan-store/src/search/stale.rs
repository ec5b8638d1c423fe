//! Filling the index again after an upgrade that changed it.

use congvan_protocol::Document;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::index;
use crate::{document, error::Result};

/// Fills the index where a schema has emptied it: all of it in one transaction, or nothing, and then
/// again at the next opening.
pub(crate) fn refill(writer: &mut Connection) -> Result<()> {
    let is_stale: bool =
        writer.query_row("SELECT EXISTS (SELECT 1 FROM search_stale)", [], |row| {
            row.get(0)
        })?;
    if !is_stale {
        return Ok(());
    }
    let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute("INSERT INTO search(search) VALUES ('delete-all')", [])?;
    fill(&tx)?;
    tx.execute("DELETE FROM search_stale", [])?;
    tx.commit()?;
    Ok(())
}

fn fill(tx: &Transaction<'_>) -> Result<()> {
    let mut query = tx.prepare("SELECT row, body FROM document ORDER BY row")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let body: Document = serde_json::from_str(&row.get::<_, String>(1)?)?;
        index(tx, row.get(0)?, &body, &document::opinions(tx, body.id)?)?;
    }
    Ok(())
}
