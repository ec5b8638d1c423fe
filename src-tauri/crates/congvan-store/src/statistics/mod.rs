//! Statistics of what this person may see: documents counted by what is kept beside each of them, with
//! our acts that the server does not show yet laid over it.
//!
//! Invariant: a figure and the documents behind it come from one function ([`figures::measures`]), so
//! that no figure can differ from its own documents.

mod dossiers;
mod drill;
mod fact;
mod figures;
mod groups;
mod laid;
mod senders;

use std::collections::HashMap;

use congvan_model::{DocumentId, Timestamp};
use congvan_protocol::Document;
use jiff::civil::Date;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use uuid::Uuid;

pub use dossiers::DossierTally;
pub use drill::{CountedPage, CountedRow, CountedWish};
pub use figures::{Figures, Measure};
pub use groups::{Dimension, Group};

use self::{
    fact::Fact,
    figures::measures,
    groups::{Grouping, Groups},
};
use crate::{
    Store,
    error::{Result, StoreError},
};

/// Days, the first and the last included, as they are in Vietnam (+07:00).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// What is counted: a period, and by what it is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// When.
    pub period: Period,
    /// By what.
    pub by: Dimension,
    /// The moment that decides what is overdue.
    pub now: Timestamp,
}

/// The figures of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Of all documents, each once.
    pub total: Figures,
    /// Of each group; a document is in every group that it belongs to.
    pub groups: Vec<Group>,
    /// Whether some documents are in several groups, so that these add up to more than all.
    pub overlap: bool,
    /// The day of the earliest document that can be counted; none where there is none.
    pub since: Option<Date>,
}

impl Store {
    /// Counts the documents of a period.
    ///
    /// # Errors
    /// Disk errors.
    pub fn statistics(&self, wanted: Counted) -> Result<Statistics> {
        self.read(|db| {
            let mut grouping = Grouping::new(db, wanted.by);
            let mut groups = Groups::default();
            each(db, wanted.period, |one| {
                let found = measures(&one.fact, one.carried, wanted.now);
                if !found.is_empty() {
                    groups.count(&grouping.keys(&one)?, &found);
                }
                Ok(())
            })?;
            let (total, groups, overlap) = groups.finish(wanted.by, &mut grouping)?;
            Ok(Statistics {
                total,
                groups,
                overlap,
                since: since(db)?,
            })
        })
    }
}

/// A document that is counted.
struct One {
    document: DocumentId,
    day: Date,
    fact: Fact,
    /// It came before the period and is still to be handled.
    carried: bool,
}

/// Every document of a period, and those from before it that are still to be handled; each once.
fn each(db: &Connection, period: Period, mut with: impl FnMut(One) -> Result<()>) -> Result<()> {
    let laid = laid::over(db)?;
    let mut query = db.prepare_cached(
        "SELECT day, document, fact FROM counted WHERE day BETWEEN ?1 AND ?2
         UNION ALL
         SELECT day, document, fact FROM counted INDEXED BY counted_waiting
           WHERE waits = 1 AND day < ?1",
    )?;
    let mut rows = query.query(params![period.from.to_string(), period.to.to_string()])?;
    while let Some(row) = rows.next()? {
        let document = DocumentId(Uuid::from_bytes(row.get(1)?));
        if laid.contains_key(&document) {
            continue;
        }
        let text = |column: usize| row.get_ref(column)?.as_str().map_err(unread);
        let day = date(text(0)?)?;
        with(One {
            document,
            day,
            fact: serde_json::from_str(text(2)?)?,
            carried: day < period.from,
        })?;
    }
    for (document, found) in laid {
        let Some((day, fact)) = found else { continue };
        let carried = day < period.from;
        if day <= period.to && (!carried || fact.waits()) {
            with(One {
                document,
                day,
                fact,
                carried,
            })?;
        }
    }
    Ok(())
}

fn since(db: &Connection) -> Result<Option<Date>> {
    let first: Option<String> =
        db.query_row("SELECT min(day) FROM counted", [], |row| row.get(0))?;
    first.map(|day| date(&day)).transpose()
}

fn date(text: &str) -> Result<Date> {
    text.parse()
        .map_err(|_| StoreError::Corrupt { what: "a day" })
}

fn unread(_: rusqlite::types::FromSqlError) -> StoreError {
    StoreError::Corrupt {
        what: "what is counted",
    }
}

/// Keeps what is counted of a document whose row was just written.
pub(crate) fn keep(tx: &Transaction<'_>, document: &Document) -> Result<()> {
    let Some((day, fact)) = Fact::of(document) else {
        return Ok(());
    };
    tx.prepare_cached("INSERT INTO counted(day, document, waits, fact) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            day.to_string(),
            document.id.0.as_bytes(),
            fact.waits(),
            serde_json::to_string(&fact)?
        ])?;
    Ok(())
}

/// Fills in what is counted where a schema asks for it: all of it in one transaction, or nothing, and
/// then again at the next opening.
pub(crate) fn refill(writer: &mut Connection) -> Result<()> {
    let is_stale: bool =
        writer.query_row("SELECT EXISTS (SELECT 1 FROM counted_stale)", [], |row| {
            row.get(0)
        })?;
    if !is_stale {
        return Ok(());
    }
    let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute("DELETE FROM counted", [])?;
    {
        let mut query = tx.prepare("SELECT body FROM document ORDER BY row")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let body = row.get_ref(0)?.as_str().map_err(unread)?;
            keep(&tx, &serde_json::from_str(body)?)?;
        }
    }
    tx.execute("DELETE FROM counted_stale", [])?;
    tx.commit()?;
    Ok(())
}

/// Our acts laid over what is counted: none where the document does not count because of them.
type Laid = HashMap<DocumentId, Option<(Date, Fact)>>;
