//! Stacks: what came, what it consists of, and why it cannot be taken in.

use congvan_model::{Sha256, Timestamp, nfc};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::{
    LetterId, Proposal, ScanRefusal, Sheet, SheetFacts, StackFault, StackId, StackOrigin, letters,
};
use crate::{
    BlobInfo, Store,
    acts::uuid_v7,
    error::{Result, StoreError},
};

/// Longest name that is kept, in characters.
const NAME_MAX: usize = 200;

/// A file that was handed over and is not copied yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanWish {
    /// Names it.
    pub seq: i64,
    /// Where the file is.
    pub path: String,
}

/// A file to be entered: its durable bytes, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStack {
    /// Name of the file.
    pub name: String,
    /// How it came.
    pub origin: StackOrigin,
    /// The bytes in the blob store, or why it cannot be taken in.
    pub file: std::result::Result<BlobInfo, StackFault>,
    /// The wish that it fulfils.
    pub wish: Option<i64>,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddedStack {
    /// Its stack; of bytes that are here already a row that says so.
    pub id: StackId,
    /// Why it was not taken in; none when it was.
    pub code: Option<StackFault>,
}

/// One file of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanFile {
    /// The bytes as they came.
    pub sha256: Sha256,
    /// How many.
    pub size: u64,
}

/// A stack whose letters are not made yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingStack {
    /// Id.
    pub id: StackId,
    /// Name of the file.
    pub name: String,
    /// What it consists of.
    pub files: Vec<ScanFile>,
}

/// A run of pages that is one letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Department of the separator sheet before it.
    pub department: Option<String>,
    /// Pages of the stack.
    pub pages: Vec<u32>,
}

/// What was found in a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct StackContent {
    /// The PDF that shows it; a blob of this store.
    pub pdf: Sha256,
    /// It carries signatures.
    pub signed: bool,
    /// Its pages.
    pub sheets: Vec<Sheet>,
    /// Its letters.
    pub pieces: Vec<Piece>,
    /// Further cuts, for a person to agree to.
    pub proposal: Option<Proposal>,
}

/// A stack that a person must look at, or asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct StackRow {
    /// Id.
    pub id: StackId,
    /// Name of the file.
    pub name: String,
    /// How it came.
    pub origin: StackOrigin,
    /// When, ms.
    pub at: i64,
    /// Pages; none while they are not counted.
    pub pages: Option<u32>,
    /// The PDF that shows it.
    pub pdf: Option<Sha256>,
    /// It carries signatures.
    pub signed: bool,
    /// Why it cannot be taken in.
    pub code: Option<StackFault>,
    /// Of the same file: the letter that has the bytes.
    pub same_as: Option<LetterId>,
    /// Cuts that wait for a word.
    pub proposal: Option<Proposal>,
}

impl Store {
    /// Writes down which files are to be copied, before the first is. Gives the numbers of the wishes
    /// in order.
    ///
    /// # Errors
    /// Disk errors: then nothing was written.
    pub fn scan_wishes_add(&self, paths: &[String], now: Timestamp) -> Result<Vec<i64>> {
        self.write_again(|tx| {
            let mut insert =
                tx.prepare_cached("INSERT INTO scan_wish(path, at) VALUES (?1, ?2)")?;
            paths
                .iter()
                .map(|path| {
                    insert.execute(params![path, now.0])?;
                    Ok(tx.last_insert_rowid())
                })
                .collect()
        })
    }

    /// Files that were handed over and are not copied yet.
    ///
    /// # Errors
    /// Disk errors.
    pub fn scan_wishes(&self) -> Result<Vec<ScanWish>> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT seq, path FROM scan_wish ORDER BY seq")?;
            let rows = query.query_map([], |row| {
                Ok(ScanWish {
                    seq: row.get(0)?,
                    path: row.get(1)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Enters a file in the inbox, or says why it is not taken in. Bytes that the inbox has already
    /// make no second stack, however often and from where they come: the row only says so.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`] when its bytes are not durable here; disk errors: then nothing was
    /// entered and the wish stays.
    pub fn stack_add(&self, new: &NewStack, now: Timestamp) -> Result<AddedStack> {
        if let Ok(info) = &new.file
            && !self.blob_present(info.sha256)?
        {
            return Err(StoreError::BlobMissing {
                sha256: info.sha256,
            });
        }
        self.write_again(|tx| {
            if let Some(wish) = new.wish {
                tx.execute("DELETE FROM scan_wish WHERE seq = ?1", params![wish])?;
            }
            add(tx, new, now)
        })
    }

    /// Begins the stack of a scan: its pages come one by one.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stack_open(&self, name: &str, now: Timestamp) -> Result<StackId> {
        self.write_again(|tx| {
            let new = NewStack {
                name: name.to_owned(),
                origin: StackOrigin::Scanner,
                file: Err(StackFault::Empty),
                wish: None,
            };
            insert(tx, &new, ("open", None, None), now)
        })
    }

    /// Puts a page (or several, as one file) at the end of a scan that goes on. Durable when it
    /// returns.
    ///
    /// # Errors
    /// [`StoreError::Scan`] when the scan is over; [`StoreError::BlobMissing`]; disk errors.
    pub fn stack_page_add(&self, stack: StackId, file: BlobInfo) -> Result<u32> {
        if !self.blob_present(file.sha256)? {
            return Err(StoreError::BlobMissing {
                sha256: file.sha256,
            });
        }
        self.write_again(|tx| {
            let is_open = tx
                .prepare_cached("SELECT 1 FROM scan_stack WHERE id = ?1 AND state = 'open'")?
                .exists(params![stack.0.as_bytes()])?;
            if !is_open {
                return Err(refused(ScanRefusal::State));
            }
            let part: u32 = tx.query_row(
                "SELECT count(*) FROM scan_file WHERE stack = ?1",
                params![stack.0.as_bytes()],
                |row| row.get(0),
            )?;
            insert_file(tx, stack, part, file)?;
            Ok(part.saturating_add(1))
        })
    }

    /// A scan is over: what came of it is taken in, and nothing of it is lost. Without pages it never
    /// was.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stack_close(&self, stack: StackId) -> Result<()> {
        self.write_again(|tx| close_open(tx, Some(stack)).map(drop))
    }

    /// Scans that were cut off by the end of the program are over. Says how many had pages.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stacks_close_all(&self) -> Result<u32> {
        self.write(|tx| close_open(tx, None))
    }

    /// Stacks whose letters are to be made, in order of arrival.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stacks_pending(&self, limit: u32) -> Result<Vec<PendingStack>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT id, name FROM scan_stack WHERE state = 'raw' ORDER BY row LIMIT ?1",
            )?;
            let found = query.query_map(params![limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let found: Vec<([u8; 16], String)> = found.collect::<rusqlite::Result<_>>()?;
            found
                .into_iter()
                .map(|(id, name)| {
                    let id = StackId(Uuid::from_bytes(id));
                    Ok(PendingStack {
                        id,
                        name,
                        files: files(db, id)?,
                    })
                })
                .collect()
        })
    }

    /// A stack cannot be taken in; its bytes stay for 30 days.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stack_fault(&self, stack: StackId, fault: StackFault, now: Timestamp) -> Result<()> {
        self.write_again(|tx| {
            tx.execute(
                "UPDATE scan_stack SET state = 'fault', code = ?2, at = ?3
                 WHERE id = ?1 AND state IN ('open', 'raw')",
                params![stack.0.as_bytes(), fault.word(), now.0],
            )?;
            Ok(())
        })
    }

    /// Makes the letters of a stack, once: a stack that has them already keeps them.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`] when its PDF is not durable here; disk errors.
    pub fn stack_ready(
        &self,
        stack: StackId,
        content: &StackContent,
        now: Timestamp,
    ) -> Result<Vec<LetterId>> {
        if !self.blob_present(content.pdf)? {
            return Err(StoreError::BlobMissing {
                sha256: content.pdf,
            });
        }
        let proposal = content.proposal.as_ref();
        let proposal = proposal.map(serde_json::to_string).transpose()?;
        self.write_again(|tx| {
            let name: Option<String> = tx
                .query_row(
                    "UPDATE scan_stack SET state = 'ready', pdf = ?2, signed = ?3, proposal = ?4
                     WHERE id = ?1 AND state = 'raw' RETURNING name",
                    params![stack.0.as_bytes(), content.pdf.0, content.signed, proposal],
                    |row| row.get(0),
                )
                .optional()?;
            let Some(name) = name else {
                return Ok(Vec::new());
            };
            for (page, sheet) in (0_u32..).zip(&content.sheets) {
                insert_sheet(tx, (stack, page), sheet)?;
            }
            letters::make(tx, (stack, &name, content.signed), &content.pieces, now)
        })
    }

    /// Writes down what is known of a page; what was known and is not said stays.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stack_facts(&self, stack: StackId, page: u32, facts: &SheetFacts) -> Result<()> {
        self.write(|tx| {
            tx.prepare_cached(
                "UPDATE scan_sheet SET ink = coalesce(?3, ink), blank = ?4 OR (blank AND ?3 IS NULL),
                   code = coalesce(?5, code), has_head = coalesce(?6, has_head),
                   skew = coalesce(?7, skew), dpi = coalesce(?8, dpi), colour = coalesce(?9, colour)
                 WHERE stack = ?1 AND page = ?2",
            )?
            .execute(params![
                stack.0.as_bytes(),
                page,
                facts.ink,
                facts.blank,
                facts.code,
                facts.has_head,
                facts.skew,
                facts.dpi,
                facts.colour
            ])?;
            Ok(())
        })
    }

    /// Changes what is proposed for a stack, as long as nobody has settled it otherwise: call it when
    /// more is known of its pages. Nothing is taken back that a person decided.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stack_propose(&self, stack: StackId, proposal: Option<&Proposal>) -> Result<()> {
        let text = proposal.map(serde_json::to_string).transpose()?;
        self.write(|tx| {
            tx.execute(
                "UPDATE scan_stack SET proposal = ?2 WHERE id = ?1 AND state = 'ready'
                   AND dismissed_at IS NULL AND signed = 0",
                params![stack.0.as_bytes(), text],
            )?;
            Ok(())
        })
    }

    /// The pages of a stack.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stack_sheets(&self, stack: StackId) -> Result<Vec<Sheet>> {
        self.read(|db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT {SHEET} FROM scan_sheet s WHERE s.stack = ?1 ORDER BY s.page"
            ))?;
            let rows = query.query_map(params![stack.0.as_bytes()], |row| sheet(row, 0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Stacks that a person must look at: a fault that nobody has seen, or cuts that are proposed.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stacks_shown(&self) -> Result<Vec<StackRow>> {
        self.read(|db| {
            let mut query = db.prepare_cached(&format!(
                "{STACK} WHERE k.dismissed_at IS NULL
                   AND (k.code IS NOT NULL OR k.proposal IS NOT NULL) ORDER BY k.row"
            ))?;
            let mut rows = query.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(stack_row(row)?);
            }
            Ok(found)
        })
    }

    /// A stack; none when it never was.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stack(&self, stack: StackId) -> Result<Option<StackRow>> {
        self.read(|db| {
            let mut query = db.prepare_cached(&format!("{STACK} WHERE k.id = ?1"))?;
            let mut rows = query.query(params![stack.0.as_bytes()])?;
            rows.next()?.map(|row| stack_row(row)).transpose()
        })
    }

    /// Files that are being copied or looked at: wishes, open scans and stacks without letters.
    ///
    /// # Errors
    /// Disk errors.
    pub fn scans_pending(&self) -> Result<u32> {
        self.read(|db| {
            Ok(db
                .prepare_cached(
                    "SELECT (SELECT count(*) FROM scan_wish)
                       + (SELECT count(*) FROM scan_stack WHERE state IN ('open', 'raw'))",
                )?
                .query_row([], |row| row.get(0))?)
        })
    }
}

fn add(tx: &Transaction<'_>, new: &NewStack, now: Timestamp) -> Result<AddedStack> {
    let info = match new.file {
        Ok(info) => info,
        Err(fault) => {
            let id = insert(tx, new, ("fault", Some(fault), None), now)?;
            return Ok(AddedStack {
                id,
                code: Some(fault),
            });
        }
    };
    if let Some(same) = same_stack(tx, info.sha256)? {
        let told: Option<[u8; 16]> = tx
            .query_row(
                "UPDATE scan_stack SET at = ?3 WHERE same_stack = ?1 AND name = ?2
                   AND dismissed_at IS NULL RETURNING id",
                params![same.0.as_bytes(), clean(&new.name), now.0],
                |row| row.get(0),
            )
            .optional()?;
        let fault = StackFault::SameFile;
        let id = match told {
            Some(id) => StackId(Uuid::from_bytes(id)),
            None => insert(tx, new, ("fault", Some(fault), Some(same)), now)?,
        };
        return Ok(AddedStack {
            id,
            code: Some(fault),
        });
    }
    let id = insert(tx, new, ("raw", None, None), now)?;
    insert_file(tx, id, 0, info)?;
    Ok(AddedStack { id, code: None })
}

/// The stack that has these bytes and still stands for them: letters that were all discarded may
/// come again.
fn same_stack(tx: &Transaction<'_>, sha256: Sha256) -> Result<Option<StackId>> {
    let found: Option<[u8; 16]> = tx
        .query_row(
            "SELECT k.id FROM scan_file f JOIN scan_stack k ON k.id = f.stack
             WHERE f.sha256 = ?1 AND k.origin <> 'scanner' AND (k.state = 'raw'
               OR (k.state = 'ready' AND EXISTS (SELECT 1 FROM scan_page p
                 JOIN scan_letter l ON l.id = p.letter
                 WHERE p.stack = k.id AND l.state <> 'discarded')))
             ORDER BY k.row LIMIT 1",
            params![sha256.0],
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.map(|id| StackId(Uuid::from_bytes(id))))
}

fn insert(
    tx: &Transaction<'_>,
    new: &NewStack,
    (state, fault, same): (&str, Option<StackFault>, Option<StackId>),
    now: Timestamp,
) -> Result<StackId> {
    let id = StackId(uuid_v7(now));
    tx.execute(
        "INSERT INTO scan_stack(id, name, origin, at, state, code, same_stack)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id.0.as_bytes(),
            clean(&new.name),
            new.origin.word(),
            now.0,
            state,
            fault.map(StackFault::word),
            same.map(|same| *same.0.as_bytes()),
        ],
    )?;
    Ok(id)
}

fn insert_file(tx: &Transaction<'_>, stack: StackId, part: u32, file: BlobInfo) -> Result<()> {
    tx.execute(
        "INSERT INTO scan_file(stack, part, sha256, size) VALUES (?1, ?2, ?3, ?4)",
        params![
            stack.0.as_bytes(),
            part,
            file.sha256.0,
            crate::int(file.size)
        ],
    )?;
    Ok(())
}

fn insert_sheet(tx: &Transaction<'_>, (stack, page): (StackId, u32), sheet: &Sheet) -> Result<()> {
    let facts = &sheet.facts;
    tx.prepare_cached(
        "INSERT INTO scan_sheet(stack, page, width_pt, height_pt, ink, blank, code, has_head, skew,
           dpi, colour) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        stack.0.as_bytes(),
        page,
        sheet.width_pt,
        sheet.height_pt,
        facts.ink,
        facts.blank,
        facts.code,
        facts.has_head,
        facts.skew,
        facts.dpi,
        facts.colour
    ])?;
    Ok(())
}

fn close_open(tx: &Transaction<'_>, only: Option<StackId>) -> Result<u32> {
    let only = only.map(|id| *id.0.as_bytes());
    tx.execute(
        "DELETE FROM scan_stack WHERE state = 'open' AND (?1 IS NULL OR id = ?1)
           AND NOT EXISTS (SELECT 1 FROM scan_file f WHERE f.stack = scan_stack.id)",
        params![only],
    )?;
    let closed = tx.execute(
        "UPDATE scan_stack SET state = 'raw' WHERE state = 'open' AND (?1 IS NULL OR id = ?1)",
        params![only],
    )?;
    Ok(u32::try_from(closed).unwrap_or(u32::MAX))
}

pub(super) fn files(db: &Connection, stack: StackId) -> Result<Vec<ScanFile>> {
    let mut query =
        db.prepare_cached("SELECT sha256, size FROM scan_file WHERE stack = ?1 ORDER BY part")?;
    let rows = query.query_map(params![stack.0.as_bytes()], |row| {
        Ok(ScanFile {
            sha256: Sha256(row.get(0)?),
            size: crate::uint(row.get(1)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const STACK: &str = "SELECT k.id, k.name, k.origin, k.at, k.pdf, k.signed, k.code, k.proposal,
    (SELECT count(*) FROM scan_sheet s WHERE s.stack = k.id),
    (SELECT l.id FROM scan_page p JOIN scan_letter l ON l.id = p.letter
     WHERE p.stack = k.same_stack AND l.state <> 'discarded' ORDER BY l.place LIMIT 1)
  FROM scan_stack k";

fn stack_row(row: &rusqlite::Row<'_>) -> Result<StackRow> {
    let origin: String = row.get(2)?;
    let code: Option<String> = row.get(6)?;
    let proposal: Option<String> = row.get(7)?;
    let pages: u32 = row.get(8)?;
    Ok(StackRow {
        id: StackId(Uuid::from_bytes(row.get(0)?)),
        name: row.get(1)?,
        origin: StackOrigin::from_word(&origin).unwrap_or(StackOrigin::Dropped),
        at: row.get(3)?,
        pages: (pages > 0).then_some(pages),
        pdf: row.get::<_, Option<[u8; 32]>>(4)?.map(Sha256),
        signed: row.get(5)?,
        code: code.as_deref().and_then(StackFault::from_word),
        same_as: row
            .get::<_, Option<[u8; 16]>>(9)?
            .map(|id| LetterId(Uuid::from_bytes(id))),
        proposal: proposal.as_deref().map(serde_json::from_str).transpose()?,
    })
}

/// The columns of a page under the alias `s`, as [`sheet`] reads them.
pub(super) const SHEET: &str =
    "s.width_pt, s.height_pt, s.ink, s.blank, s.code, s.has_head, s.skew, s.dpi, s.colour";

/// Reads [`SHEET`] from column `from` on.
pub(super) fn sheet(row: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<Sheet> {
    let at = |offset: usize| from.saturating_add(offset);
    Ok(Sheet {
        width_pt: row.get(at(0))?,
        height_pt: row.get(at(1))?,
        facts: SheetFacts {
            ink: row.get(at(2))?,
            blank: row.get(at(3))?,
            code: row.get(at(4))?,
            has_head: row.get(at(5))?,
            skew: row.get(at(6))?,
            dpi: row.get(at(7))?,
            colour: row.get(at(8))?,
        },
    })
}

pub(super) fn refused(why: ScanRefusal) -> StoreError {
    StoreError::Scan { why }
}

/// NFC, without what a name of a file never has, and not too long.
fn clean(name: &str) -> String {
    nfc(name)
        .chars()
        .filter(|letter| !letter.is_control())
        .take(NAME_MAX)
        .collect()
}
