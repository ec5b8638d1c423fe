//! The leader's tray: what was read, what is marked, where signatures go.

use std::collections::BTreeSet;

use congvan_model::{DocumentId, DocumentType, Sha256, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    Store,
    audit::{self, AuditEvent, AuditKind},
    document::word,
    error::Result,
};

/// How much of some bytes has been on this person's screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Pages they have, counted by us; 0 before the first was shown.
    pub pages: u32,
    /// Pages shown, from 0.
    pub seen: BTreeSet<u32>,
}

impl Reading {
    /// Whether every page was shown.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.pages > 0 && self.seen.len() as u64 == u64::from(self.pages)
    }
}

/// A mark: this person wants these bytes signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrayMark {
    /// The document.
    pub document: DocumentId,
    /// The bytes that were shown.
    pub sha256: Sha256,
    /// The rule of reading was overridden.
    pub unread: bool,
}

/// Where a signature goes on documents of one type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StoredPlacement {
    /// Page from 0; none is the last page.
    pub page: Option<u32>,
    /// Left edge, millimetres from the left of the page as displayed.
    pub x: f64,
    /// Top edge, millimetres from the top.
    pub y: f64,
    /// Width, millimetres.
    pub width: f64,
    /// Height, millimetres.
    pub height: f64,
}

impl Store {
    /// A page of some bytes has been on the screen. `pages` is our own count.
    ///
    /// # Errors
    /// Disk errors.
    pub fn page_seen(
        &self,
        (document, sha256): (DocumentId, Sha256),
        page: u32,
        pages: u32,
        at: Timestamp,
    ) -> Result<Reading> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO reading(sha256, document, pages) VALUES (?1, ?2, ?3)
                 ON CONFLICT(sha256) DO UPDATE SET pages = excluded.pages",
                params![sha256.0, document.0.as_bytes(), pages],
            )?;
            tx.execute(
                "INSERT INTO reading_page(sha256, page, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT(sha256, page) DO NOTHING",
                params![sha256.0, page, at.0],
            )?;
            reading(tx, sha256)
        })
    }

    /// How much of some bytes has been read.
    ///
    /// # Errors
    /// Disk errors.
    pub fn reading(&self, sha256: Sha256) -> Result<Reading> {
        self.read(|db| reading(db, sha256))
    }

    /// Whether something of what was read or marked of the first bytes is not so of the second.
    ///
    /// # Errors
    /// Disk errors.
    pub fn reading_lags(&self, (before, after): (Sha256, Sha256)) -> Result<bool> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM tray_mark WHERE sha256 = ?1)
                   OR EXISTS(SELECT 1 FROM reading_page p WHERE p.sha256 = ?1
                        AND NOT EXISTS(SELECT 1 FROM reading_page q
                                       WHERE q.sha256 = ?2 AND q.page = p.page))",
            )?;
            Ok(query.query_row(params![before.0, after.0], |row| row.get(0))?)
        })
    }

    /// The second bytes show exactly what the first do: what was read and marked counts for them
    /// too. The caller has judged that from the bytes.
    ///
    /// # Errors
    /// Disk errors.
    pub fn follow_completion(&self, (before, after): (Sha256, Sha256)) -> Result<()> {
        self.write(|tx| {
            for sql in [
                "INSERT INTO reading(sha256, document, pages)
                 SELECT ?2, document, pages FROM reading WHERE sha256 = ?1
                 ON CONFLICT(sha256) DO NOTHING",
                "INSERT INTO reading_page(sha256, page, at)
                 SELECT ?2, page, at FROM reading_page WHERE sha256 = ?1
                 ON CONFLICT(sha256, page) DO NOTHING",
                "UPDATE tray_mark SET sha256 = ?2 WHERE sha256 = ?1",
            ] {
                tx.prepare_cached(sql)?
                    .execute(params![before.0, after.0])?;
            }
            Ok(())
        })
    }

    /// Marks a document to be signed. `unread` says why the rule of reading was overridden, as a
    /// code: that is audited.
    ///
    /// # Errors
    /// Disk errors: then it is not marked.
    pub fn mark(
        &self,
        (document, sha256): (DocumentId, Sha256),
        unread: Option<&str>,
        at: Timestamp,
    ) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO tray_mark(document, sha256, unread, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT(document) DO UPDATE SET sha256 = excluded.sha256,
                   unread = excluded.unread, at = excluded.at",
                params![document.0.as_bytes(), sha256.0, unread.is_some(), at.0],
            )?;
            let Some(reason) = unread else {
                return Ok(());
            };
            let event = AuditEvent {
                kind: AuditKind::RuleOverridden,
                document: Some(document),
                detail: format!("rule=reading reason={reason} sha256={}", sha256.to_hex()),
            };
            audit::append(tx, &event, at)
        })
    }

    /// Takes a mark away; no mark is no error.
    ///
    /// # Errors
    /// Disk errors.
    pub fn unmark(&self, document: DocumentId) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "DELETE FROM tray_mark WHERE document = ?1",
                params![document.0.as_bytes()],
            )?;
            Ok(())
        })
    }

    /// All marks in the order they were made, those whose bytes are no longer current included.
    ///
    /// # Errors
    /// Disk errors.
    pub fn marks(&self) -> Result<Vec<TrayMark>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT document, sha256, unread FROM tray_mark ORDER BY at, document",
            )?;
            let mut rows = query.query([])?;
            let mut marks = Vec::new();
            while let Some(row) = rows.next()? {
                marks.push(TrayMark {
                    document: DocumentId(uuid::Uuid::from_bytes(row.get(0)?)),
                    sha256: Sha256(row.get(1)?),
                    unread: row.get(2)?,
                });
            }
            Ok(marks)
        })
    }

    /// Where this person put the signature on documents of that type; none when nowhere yet.
    ///
    /// # Errors
    /// Disk errors.
    pub fn placement(&self, kind: DocumentType) -> Result<Option<StoredPlacement>> {
        self.read(|db| {
            let found = db
                .prepare_cached("SELECT page, x, y, width, height FROM placement WHERE kind = ?1")?
                .query_row(params![word(&kind)?], |row| {
                    let page: i64 = row.get(0)?;
                    Ok(StoredPlacement {
                        page: u32::try_from(page).ok(),
                        x: row.get(1)?,
                        y: row.get(2)?,
                        width: row.get(3)?,
                        height: row.get(4)?,
                    })
                })
                .optional()?;
            Ok(found)
        })
    }

    /// Remembers where the signature goes on documents of that type; none forgets it.
    ///
    /// # Errors
    /// Disk errors.
    pub fn set_placement(&self, kind: DocumentType, place: Option<StoredPlacement>) -> Result<()> {
        let kind = word(&kind)?;
        self.write(|tx| {
            match place {
                None => tx.execute("DELETE FROM placement WHERE kind = ?1", params![kind])?,
                Some(place) => tx.execute(
                    "INSERT INTO placement(kind, page, x, y, width, height)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT(kind) DO UPDATE SET page = excluded.page, x = excluded.x,
                       y = excluded.y, width = excluded.width, height = excluded.height",
                    params![
                        kind,
                        place.page.map_or(-1, i64::from),
                        place.x,
                        place.y,
                        place.width,
                        place.height
                    ],
                )?,
            };
            Ok(())
        })
    }
}

fn reading(db: &Connection, sha256: Sha256) -> Result<Reading> {
    let pages: Option<u32> = db
        .prepare_cached("SELECT pages FROM reading WHERE sha256 = ?1")?
        .query_row(params![sha256.0], |row| row.get(0))
        .optional()?;
    let Some(pages) = pages else {
        return Ok(Reading::default());
    };
    let mut query =
        db.prepare_cached("SELECT page FROM reading_page WHERE sha256 = ?1 AND page < ?2")?;
    let mut rows = query.query(params![sha256.0, pages])?;
    let mut seen = BTreeSet::new();
    while let Some(row) = rows.next()? {
        seen.insert(row.get(0)?);
    }
    Ok(Reading { pages, seen })
}
