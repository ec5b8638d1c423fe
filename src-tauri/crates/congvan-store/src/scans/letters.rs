//! Letters: making, listing, confirming, registering.

use congvan_model::{DocumentId, Sha256, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, Transaction, params};
use uuid::Uuid;

use super::{
    Letter, LetterFault, LetterFields, LetterId, LetterPage, LetterRow, LetterState, Piece,
    ScanRefusal, StackId,
    stacks::{self, SHEET, refused},
};
use crate::{Store, acts::uuid_v7, error::Result};

/// Which letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterQuery {
    /// In these states; none = all but registered and discarded ones.
    pub states: Vec<LetterState>,
    /// How many to leave out.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// A part of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct LetterList {
    /// Letters in the order of the inbox.
    pub rows: Vec<LetterRow>,
    /// How many there are in these states.
    pub total: u32,
}

/// How many letters stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LetterCounts {
    /// Waiting for their words.
    pub reading: u32,
    /// Waiting for a person.
    pub ready: u32,
    /// Confirmed.
    pub confirmed: u32,
    /// Registered since the beginning of the day.
    pub registered_today: u32,
}

impl Store {
    /// Letters in the order of the inbox.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letters(&self, query: &LetterQuery) -> Result<LetterList> {
        let states = match query.states.as_slice() {
            [] => &[
                LetterState::Reading,
                LetterState::Ready,
                LetterState::Confirmed,
                LetterState::Secret,
            ],
            some => some,
        };
        let states: Vec<&str> = states.iter().map(|state| state.word()).collect();
        let states = serde_json::to_string(&states)?;
        self.read(|db| {
            let total = db
                .prepare_cached(
                    "SELECT count(*) FROM scan_letter
                     WHERE state IN (SELECT value FROM json_each(?1))",
                )?
                .query_row(params![states], |row| row.get(0))?;
            let rows = rows(
                db,
                "WHERE l.state IN (SELECT value FROM json_each(?1))
                 ORDER BY l.place, l.row LIMIT ?2 OFFSET ?3",
                params![states, query.limit, query.offset],
            )?;
            Ok(LetterList { rows, total })
        })
    }

    /// Everything about a letter; none when there is no such one or it was discarded.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letter(&self, id: LetterId) -> Result<Option<Letter>> {
        self.read(|db| letter(db, id))
    }

    /// How many letters stand where; "today" begins at `day`.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letter_counts(&self, day: Timestamp) -> Result<LetterCounts> {
        self.read(|db| {
            Ok(db
                .prepare_cached(
                    "SELECT count(*) FILTER (WHERE state = 'reading'),
                       count(*) FILTER (WHERE state = 'ready'),
                       count(*) FILTER (WHERE state = 'confirmed'),
                       count(*) FILTER (WHERE state = 'registered' AND changed_at >= ?1)
                     FROM scan_letter",
                )?
                .query_row(params![day.0], |row| {
                    Ok(LetterCounts {
                        reading: row.get(0)?,
                        ready: row.get(1)?,
                        confirmed: row.get(2)?,
                        registered_today: row.get(3)?,
                    })
                })?)
        })
    }

    /// Keeps what a person wrote. A reading that comes later does not replace it.
    ///
    /// # Errors
    /// [`StoreError::Scan`](crate::StoreError::Scan) when the letter is not one that can be edited;
    /// disk errors.
    pub fn letter_save(&self, id: LetterId, fields: &LetterFields) -> Result<()> {
        self.write_again(|tx| {
            editable(tx, id)?;
            write_fields(tx, id, fields)?;
            tx.execute(
                "UPDATE scan_letter SET edited = 1 WHERE id = ?1",
                params![id.0.as_bytes()],
            )?;
            Ok(())
        })
    }

    /// As [`Store::letter_save`], and the letter is confirmed.
    ///
    /// # Errors
    /// As [`Store::letter_save`].
    pub fn letter_confirm(
        &self,
        id: LetterId,
        fields: &LetterFields,
        now: Timestamp,
    ) -> Result<()> {
        self.write_again(|tx| {
            editable(tx, id)?;
            write_fields(tx, id, fields)?;
            tx.execute(
                "UPDATE scan_letter SET edited = 1, state = 'confirmed', changed_at = ?2,
                   confidence = 1 WHERE id = ?1",
                params![id.0.as_bytes(), now.0],
            )?;
            Ok(())
        })
    }

    /// A confirmed letter waits for a person again.
    ///
    /// # Errors
    /// [`StoreError::Scan`](crate::StoreError::Scan) when it is not confirmed; disk errors.
    pub fn letter_reopen(&self, id: LetterId, now: Timestamp) -> Result<()> {
        self.write_again(|tx| {
            let changed = tx.execute(
                "UPDATE scan_letter SET state = 'ready', changed_at = ?2
                 WHERE id = ?1 AND state = 'confirmed'",
                params![id.0.as_bytes(), now.0],
            )?;
            match changed {
                0 => Err(refused(ScanRefusal::State)),
                _ => Ok(()),
            }
        })
    }

    /// The letter to look at next: the most doubtful of those that wait for a person, besides this
    /// one.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letter_next(&self, besides: Option<LetterId>) -> Result<Option<LetterId>> {
        self.read(|db| {
            let found: Option<[u8; 16]> = db
                .prepare_cached(
                    "SELECT id FROM scan_letter WHERE state = 'ready' AND id IS NOT ?1
                     ORDER BY confidence, place, row LIMIT 1",
                )?
                .query_row(params![besides.map(|id| *id.0.as_bytes())], |row| {
                    row.get(0)
                })
                .optional()?;
            Ok(found.map(|id| LetterId(Uuid::from_bytes(id))))
        })
    }

    /// Remembers the PDF that was made of the pages as they stood at `pages_rev`; of no effect when
    /// they have changed since.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letter_pdf_set(
        &self,
        (id, pages_rev): (LetterId, u32),
        (pdf, pages): (Sha256, u32),
    ) -> Result<()> {
        self.write_again(|tx| {
            let before: Option<[u8; 32]> = tx
                .query_row(
                    "SELECT pdf FROM scan_letter WHERE id = ?1",
                    params![id.0.as_bytes()],
                    |row| row.get(0),
                )
                .optional()?
                .flatten();
            tx.execute(
                "UPDATE scan_letter SET pdf = ?3, pdf_pages = ?4, pdf_rev = ?2
                 WHERE id = ?1 AND pages_rev = ?2",
                params![id.0.as_bytes(), pages_rev, pdf.0, pages],
            )?;
            super::removal::release(tx, before.as_slice())
        })?;
        self.sweep_condemned()
    }

    /// The PDF of a letter and how many pages it has, if it was made of the pages as they stand.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letter_pdf(&self, id: LetterId) -> Result<Option<(Sha256, u32)>> {
        self.read(|db| {
            Ok(db
                .prepare_cached(
                    "SELECT pdf, pdf_pages FROM scan_letter
                     WHERE id = ?1 AND pdf IS NOT NULL AND pdf_rev = pages_rev",
                )?
                .query_row(params![id.0.as_bytes()], |row| {
                    Ok((Sha256(row.get(0)?), row.get(1)?))
                })
                .optional()?)
        })
    }

    /// Remembers the copy of a letter that has a layer of text.
    ///
    /// # Errors
    /// Disk errors.
    pub fn letter_searchable_set(
        &self,
        (id, pages_rev): (LetterId, u32),
        pdf: Sha256,
    ) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "UPDATE scan_letter SET searchable = ?3 WHERE id = ?1 AND pages_rev = ?2",
                params![id.0.as_bytes(), pages_rev, pdf.0],
            )?;
            Ok(())
        })
    }
}

/// A confirmed letter has become a document: in the transaction of its registration.
///
/// # Errors
/// `ScanRefusal::State` when it is not confirmed: then nothing may be registered.
pub(crate) fn registered_in(
    tx: &Transaction<'_>,
    id: LetterId,
    document: DocumentId,
    now: Timestamp,
) -> Result<()> {
    let changed = tx.execute(
        "UPDATE scan_letter SET state = 'registered', document = ?2, changed_at = ?3
         WHERE id = ?1 AND state = 'confirmed'",
        params![id.0.as_bytes(), document.0.as_bytes(), now.0],
    )?;
    if changed == 0 {
        return Err(refused(ScanRefusal::State));
    }
    super::undo::forget(tx, id)
}

/// A registration was taken back: its letter, if it had one, is confirmed again.
pub(crate) fn unregistered_in(
    tx: &Transaction<'_>,
    document: DocumentId,
    now: Timestamp,
) -> Result<Option<LetterId>> {
    let found: Option<[u8; 16]> = tx
        .query_row(
            "UPDATE scan_letter SET state = 'confirmed', document = NULL, changed_at = ?2
             WHERE document = ?1 AND state = 'registered' RETURNING id",
            params![document.0.as_bytes(), now.0],
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.map(|id| LetterId(Uuid::from_bytes(id))))
}

/// Makes letters at the end of the inbox.
pub(super) fn make(
    tx: &Transaction<'_>,
    (stack, name, signed): (StackId, &str, bool),
    pieces: &[Piece],
    now: Timestamp,
) -> Result<Vec<LetterId>> {
    let last: i64 = tx.query_row(
        "SELECT coalesce(max(place), 0) FROM scan_letter",
        [],
        |row| row.get(0),
    )?;
    let mut made = Vec::with_capacity(pieces.len());
    for (place, piece) in (last.saturating_add(1)..).zip(pieces) {
        let id = LetterId(uuid_v7(now));
        tx.execute(
            "INSERT INTO scan_letter(id, place, state, name, at, changed_at, signed, department)
             VALUES (?1, ?2, 'reading', ?3, ?4, ?4, ?5, ?6)",
            params![
                id.0.as_bytes(),
                place,
                name,
                now.0,
                signed,
                piece.department
            ],
        )?;
        for (place, page) in (0_u32..).zip(&piece.pages) {
            tx.prepare_cached(
                "INSERT INTO scan_page(letter, place, stack, page) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![id.0.as_bytes(), place, stack.0.as_bytes(), page])?;
        }
        made.push(id);
    }
    Ok(made)
}

pub(super) fn letter(db: &Connection, id: LetterId) -> Result<Option<Letter>> {
    let found = rows(
        db,
        "WHERE l.id = ?1 AND l.state <> 'discarded'",
        params![id.0.as_bytes()],
    )?;
    let Some(row) = found.into_iter().next() else {
        return Ok(None);
    };
    let (readings, duplicates, stamp_room): (String, String, Option<bool>) = db.query_row(
        "SELECT coalesce(t.readings, '[]'), l.duplicates, l.stamp_room
         FROM scan_letter l LEFT JOIN scan_text t ON t.row = l.row WHERE l.id = ?1",
        params![id.0.as_bytes()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(Some(Letter {
        row,
        pages: pages(db, id, u32::MAX)?,
        readings: serde_json::from_str(&readings)?,
        duplicates: serde_json::from_str(&duplicates)?,
        stamp_room,
    }))
}

pub(super) fn pages(db: &Connection, id: LetterId, limit: u32) -> Result<Vec<LetterPage>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT p.stack, p.page, k.pdf, p.turns, p.straighten, {SHEET}
         FROM scan_page p JOIN scan_stack k ON k.id = p.stack
           JOIN scan_sheet s ON s.stack = p.stack AND s.page = p.page
         WHERE p.letter = ?1 AND k.pdf IS NOT NULL ORDER BY p.place LIMIT ?2"
    ))?;
    let rows = query.query_map(params![id.0.as_bytes(), limit], |row| {
        Ok(LetterPage {
            stack: StackId(Uuid::from_bytes(row.get(0)?)),
            page: row.get(1)?,
            pdf: Sha256(row.get(2)?),
            turns: row.get(3)?,
            straighten: row.get(4)?,
            sheet: stacks::sheet(row, 5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn rows(db: &Connection, condition: &str, args: &[&dyn ToSql]) -> Result<Vec<LetterRow>> {
    let mut query = db.prepare_cached(&format!("{LETTER} {condition}"))?;
    let mut rows = query.query(args)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let mut letter = letter_row(row)?;
        letter.cover = pages(db, letter.id, 1)?.into_iter().next();
        found.push(letter);
    }
    Ok(found)
}

const LETTER: &str = "SELECT l.id, l.state, l.name, l.at, l.signed, l.department, l.pages_rev,
    l.issuer, l.issuer_code, l.notation, l.issued_on, l.kind, l.subject, l.urgency,
    l.signer_position, l.signer_name, l.due, l.edited, l.confidence, l.duplicates <> '[]', l.code,
    l.document, (SELECT count(*) FROM scan_page p WHERE p.letter = l.id),
    EXISTS (SELECT 1 FROM scan_page p JOIN scan_sheet s ON s.stack = p.stack AND s.page = p.page
      WHERE p.letter = l.id AND (s.dpi < 199 OR s.colour = 0)),
    coalesce(r.number, d.arrival_number), r.provisional,
    EXISTS (SELECT 1 FROM outbox o WHERE o.lane = l.document AND o.kind = 'register_incoming'
      AND o.state = 'waiting' AND o.sent_at IS NULL),
    l.activity
  FROM scan_letter l
    LEFT JOIN overlay_registration r ON r.document = l.document
    LEFT JOIN document d ON d.id = l.document";

fn letter_row(row: &Row<'_>) -> Result<LetterRow> {
    let state: String = row.get(1)?;
    let code: Option<String> = row.get(20)?;
    Ok(LetterRow {
        id: LetterId(Uuid::from_bytes(row.get(0)?)),
        state: LetterState::from_word(&state).unwrap_or(LetterState::Discarded),
        name: row.get(2)?,
        at: row.get(3)?,
        signed: row.get(4)?,
        department: row.get(5)?,
        pages_rev: row.get(6)?,
        fields: LetterFields {
            issuer: row.get(7)?,
            issuer_code: row.get(8)?,
            notation: row.get(9)?,
            issued_on: row.get(10)?,
            kind: row.get(11)?,
            subject: row.get(12)?,
            urgency: row.get(13)?,
            signer_position: row.get(14)?,
            signer_name: row.get(15)?,
            due: row.get(16)?,
            activity: row.get(27)?,
        },
        edited: row.get(17)?,
        confidence: row.get(18)?,
        duplicate: row.get(19)?,
        code: code.as_deref().and_then(LetterFault::from_word),
        document: row
            .get::<_, Option<[u8; 16]>>(21)?
            .map(|id| DocumentId(Uuid::from_bytes(id))),
        pages: row.get(22)?,
        poor: row.get(23)?,
        number: row.get(24)?,
        provisional: row.get(25)?,
        can_undo: row.get(26)?,
        cover: None,
    })
}

fn editable(tx: &Transaction<'_>, id: LetterId) -> Result<()> {
    let state: Option<String> = tx
        .query_row(
            "SELECT state FROM scan_letter WHERE id = ?1",
            params![id.0.as_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    match state.as_deref().and_then(LetterState::from_word) {
        Some(LetterState::Reading | LetterState::Ready | LetterState::Confirmed) => Ok(()),
        Some(LetterState::Registered | LetterState::Secret) => Err(refused(ScanRefusal::State)),
        Some(LetterState::Discarded) | None => Err(refused(ScanRefusal::NotThere)),
    }
}

pub(super) fn write_fields(
    tx: &Transaction<'_>,
    id: LetterId,
    fields: &LetterFields,
) -> Result<()> {
    tx.prepare_cached(
        "UPDATE scan_letter SET issuer = ?2, issuer_code = ?3, notation = ?4, issued_on = ?5,
           kind = ?6, subject = ?7, urgency = ?8, signer_position = ?9, signer_name = ?10, due = ?11,
           activity = ?12
         WHERE id = ?1",
    )?
    .execute(params![
        id.0.as_bytes(),
        fields.issuer,
        fields.issuer_code,
        fields.notation,
        fields.issued_on,
        fields.kind,
        fields.subject,
        fields.urgency,
        fields.signer_position,
        fields.signer_name,
        fields.due,
        fields.activity
    ])?;
    Ok(())
}
