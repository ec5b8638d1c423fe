//! Which agencies the documents of this desk came from.

use congvan_protocol::Document;
use rusqlite::{OptionalExtension as _, params};

use crate::{Store, error::Result};

/// An agency that has issued documents of this desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenIssuer {
    /// Its name as its latest document has it.
    pub name: String,
    /// Its code on that document; may be empty.
    pub code: String,
    /// How many documents have that name.
    pub documents: u64,
}

impl Store {
    /// The agencies whose documents are here, as their names are written. Looks at every document: a
    /// second at 100,000, so the answer is to be kept.
    ///
    /// # Errors
    /// Disk errors.
    pub fn issuers(&self) -> Result<Vec<SeenIssuer>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT issuer, count(*), max(row) FROM document WHERE issuer <> '' GROUP BY issuer",
            )?;
            let rows = query.query_map([], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            })?;
            let rows: Vec<(String, i64, i64)> = rows.collect::<rusqlite::Result<_>>()?;
            let mut body = db.prepare_cached("SELECT body FROM document WHERE row = ?1")?;
            let mut seen = Vec::with_capacity(rows.len());
            for (name, documents, latest) in rows {
                let text: Option<String> = body
                    .query_row(params![latest], |row| row.get(0))
                    .optional()?;
                let latest: Option<Document> = text
                    .map(|text| serde_json::from_str(&text))
                    .transpose()?;
                seen.push(SeenIssuer {
                    name,
                    code: latest.map(|document| document.issuer.code).unwrap_or_default(),
                    documents: crate::uint(documents),
                });
            }
            Ok(seen)
        })
    }
}
