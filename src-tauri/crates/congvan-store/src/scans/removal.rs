//! What goes: the bytes of secret letters at once, those of settled stacks after 30 days.

use congvan_model::{Sha256, Timestamp};
use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::{LetterId, ScanRefusal, StackId, stacks::refused, undo};
use crate::{
    Store,
    audit::{self, AuditEvent, AuditKind},
    error::Result,
};

/// The bytes of scans stay so long after their last letter was registered or discarded.
const KEPT_MS: i64 = 30 * 24 * 3_600_000;

/// The bytes that scans hold.
pub(crate) const HELD: &str = "SELECT sha256 FROM scan_file
     UNION SELECT pdf FROM scan_stack WHERE pdf IS NOT NULL
     UNION SELECT pdf FROM scan_letter WHERE pdf IS NOT NULL
     UNION SELECT searchable FROM scan_letter WHERE searchable IS NOT NULL";

impl Store {
    /// A letter carries a mark of secrecy. Its fields, pages and bytes go at once; that a file of
    /// this name came at this time stays. Gives the stacks that hold pages of other letters too:
    /// their PDF is to be made anew without the pages that are left over, see
    /// [`Store::stack_redacted`].
    ///
    /// # Errors
    /// [`StoreError::Scan`](crate::StoreError::Scan) when there is no such letter, or it is
    /// registered; disk errors: ask again.
    pub fn letter_secret(&self, id: LetterId, now: Timestamp) -> Result<Vec<StackId>> {
        let shared = self.write_again(|tx| {
            let stacks = stacks_of(tx, id)?;
            let key = id.0.as_bytes();
            // What was made of these stacks may hold the pages, whichever letter they were in then.
            let mut made = made_of(tx, id)?;
            for stack in &stacks {
                made.extend(hashes(tx, *stack)?);
                forget_made(tx, *stack)?;
            }
            tx.execute(
                "UPDATE scan_sheet SET secret = 1, code = NULL WHERE (stack, page) IN
                 (SELECT stack, page FROM scan_page WHERE letter = ?1)",
                params![key],
            )?;
            tx.execute("DELETE FROM scan_page WHERE letter = ?1", params![key])?;
            let found = tx.execute(
                "UPDATE scan_letter SET state = 'secret', changed_at = ?2, department = NULL,
                   pages_rev = pages_rev + 1, issuer = '', issuer_code = NULL, notation = '',
                   issued_on = '', kind = '', subject = '', urgency = 'normal',
                   signer_position = '', signer_name = '', due = '', activity = '', edited = 0, confidence = 0,
                   duplicates = '[]', code = NULL, pdf = NULL, pdf_rev = -1,
                   searchable = NULL, words_rev = -1, stamp_room = NULL
                 WHERE id = ?1 AND state IN ('reading', 'ready', 'confirmed', 'secret')",
                params![key, now.0],
            )?;
            if found == 0 {
                return Err(refused(ScanRefusal::State));
            }
            tx.execute(
                "DELETE FROM scan_text WHERE row = (SELECT row FROM scan_letter WHERE id = ?1)",
                params![key],
            )?;
            // Lessons of single letters are keyed by them and hold words of their subjects.
            tx.execute("DELETE FROM lesson WHERE key = ?1", params![id.to_string()])?;
            undo::forget(tx, id)?;
            let event = AuditEvent {
                kind: AuditKind::SecretRemoved,
                document: None,
                detail: format!("letter={id}"),
            };
            audit::append(tx, &event, now)?;
            let mut shared = Vec::new();
            for stack in stacks {
                if in_use(tx, stack)? {
                    shared.push(stack);
                } else {
                    drop_stack(tx, stack)?;
                }
            }
            release(tx, &made)?;
            Ok(shared)
        })?;
        self.sweep_condemned()?;
        Ok(shared)
    }

    /// Puts a PDF without the pages of secret letters in the place of what a stack came as. Its
    /// pages keep their numbers: `pdf` has an empty page where one was taken out.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`](crate::StoreError::BlobMissing) when `pdf` is not durable here;
    /// disk errors.
    pub fn stack_redacted(&self, stack: StackId, pdf: Sha256) -> Result<()> {
        if !self.blob_present(pdf)? {
            return Err(crate::StoreError::BlobMissing { sha256: pdf });
        }
        self.write_again(|tx| {
            let key = stack.0.as_bytes();
            let held = hashes(tx, stack)?;
            forget_made(tx, stack)?;
            tx.execute("DELETE FROM scan_file WHERE stack = ?1", params![key])?;
            tx.execute(
                "UPDATE scan_sheet SET secret = 2 WHERE stack = ?1 AND secret = 1",
                params![key],
            )?;
            tx.execute(
                "UPDATE scan_stack SET pdf = ?2, proposal = NULL WHERE id = ?1",
                params![key, pdf.0],
            )?;
            release(tx, &held)
        })?;
        self.sweep_condemned()
    }

    /// Stacks that still hold pages of secret letters beside those of others.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stacks_to_redact(&self) -> Result<Vec<StackId>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT DISTINCT s.stack FROM scan_sheet s JOIN scan_stack k ON k.id = s.stack
                 WHERE s.secret = 1 AND k.state = 'ready'",
            )?;
            let rows = query.query_map([], |row| row.get(0))?;
            let found: Vec<[u8; 16]> = rows.collect::<rusqlite::Result<_>>()?;
            Ok(found
                .into_iter()
                .map(|id| StackId(Uuid::from_bytes(id)))
                .collect())
        })
    }

    /// The pages of a stack that were those of secret letters.
    ///
    /// # Errors
    /// Disk errors.
    pub fn stack_secret_pages(&self, stack: StackId) -> Result<Vec<u32>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT page FROM scan_sheet WHERE stack = ?1 AND secret > 0 ORDER BY page",
            )?;
            let rows = query.query_map(params![stack.0.as_bytes()], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Lets go of stacks all of whose letters were registered or discarded 30 days ago, of those that
    /// could not be taken in, and of letters that were discarded then. Says how many stacks went.
    ///
    /// # Errors
    /// Disk errors.
    pub fn scans_purge(&self, now: Timestamp) -> Result<u32> {
        let before = now.plus_ms(-KEPT_MS).0;
        let gone = self.write(|tx| {
            let mut query = tx.prepare(
                "SELECT k.id FROM scan_stack k WHERE k.at < ?1
                   AND (k.state = 'fault' OR (k.state = 'ready' AND NOT EXISTS (
                     SELECT 1 FROM scan_page p JOIN scan_letter l ON l.id = p.letter
                     WHERE p.stack = k.id AND (l.state NOT IN ('registered', 'discarded')
                       OR l.changed_at >= ?1))))",
            )?;
            let found = query.query_map(params![before], |row| row.get(0))?;
            let found: Vec<[u8; 16]> = found.collect::<rusqlite::Result<_>>()?;
            for stack in &found {
                drop_stack(tx, StackId(Uuid::from_bytes(*stack)))?;
            }
            tx.execute(
                "DELETE FROM scan_letter WHERE state = 'discarded' AND changed_at < ?1
                   AND NOT EXISTS (SELECT 1 FROM scan_page p WHERE p.letter = scan_letter.id)",
                params![before],
            )?;
            Ok(u32::try_from(found.len()).unwrap_or(u32::MAX))
        })?;
        if gone > 0 {
            self.sweep_condemned()?;
        }
        Ok(gone)
    }
}

fn stacks_of(tx: &Transaction<'_>, id: LetterId) -> Result<Vec<StackId>> {
    let mut query = tx.prepare_cached("SELECT DISTINCT stack FROM scan_page WHERE letter = ?1")?;
    let rows = query.query_map(params![id.0.as_bytes()], |row| row.get(0))?;
    let found: Vec<[u8; 16]> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(found
        .into_iter()
        .map(|id| StackId(Uuid::from_bytes(id)))
        .collect())
}

fn in_use(tx: &Transaction<'_>, stack: StackId) -> Result<bool> {
    Ok(tx
        .prepare_cached(
            "SELECT 1 FROM scan_page p JOIN scan_letter l ON l.id = p.letter
             WHERE p.stack = ?1 AND l.state <> 'discarded'",
        )?
        .exists(params![stack.0.as_bytes()])?)
}

/// The bytes that a stack and what was made of it hold.
fn hashes(tx: &Transaction<'_>, stack: StackId) -> Result<Vec<[u8; 32]>> {
    let mut query = tx.prepare_cached(
        "SELECT sha256 FROM scan_file WHERE stack = ?1
         UNION SELECT pdf FROM scan_stack WHERE id = ?1 AND pdf IS NOT NULL
         UNION SELECT l.pdf FROM scan_letter l JOIN scan_page p ON p.letter = l.id
           WHERE p.stack = ?1 AND l.pdf IS NOT NULL
         UNION SELECT l.searchable FROM scan_letter l JOIN scan_page p ON p.letter = l.id
           WHERE p.stack = ?1 AND l.searchable IS NOT NULL",
    )?;
    let rows = query.query_map(params![stack.0.as_bytes()], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What was made of a letter's pages.
fn made_of(tx: &Transaction<'_>, id: LetterId) -> Result<Vec<[u8; 32]>> {
    let mut query = tx.prepare_cached(
        "SELECT pdf FROM scan_letter WHERE id = ?1 AND pdf IS NOT NULL
         UNION SELECT searchable FROM scan_letter WHERE id = ?1 AND searchable IS NOT NULL",
    )?;
    let rows = query.query_map(params![id.0.as_bytes()], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What was made of a stack's pages for letters that are not registered is made anew when it is
/// wanted.
fn forget_made(tx: &Transaction<'_>, stack: StackId) -> Result<()> {
    tx.execute(
        "UPDATE scan_text SET words = NULL WHERE row IN
         (SELECT row FROM scan_letter WHERE document IS NULL
            AND id IN (SELECT letter FROM scan_page WHERE stack = ?1))",
        params![stack.0.as_bytes()],
    )?;
    tx.execute(
        "UPDATE scan_letter SET pdf = NULL, pdf_rev = -1, searchable = NULL, words_rev = -1
         WHERE document IS NULL AND id IN (SELECT letter FROM scan_page WHERE stack = ?1)",
        params![stack.0.as_bytes()],
    )?;
    Ok(())
}

/// The stack is gone: its row says only that it was.
fn drop_stack(tx: &Transaction<'_>, stack: StackId) -> Result<()> {
    let key = stack.0.as_bytes();
    let held = hashes(tx, stack)?;
    tx.execute(
        "UPDATE scan_letter SET pdf = NULL, pdf_rev = -1, searchable = NULL
         WHERE id IN (SELECT letter FROM scan_page WHERE stack = ?1)",
        params![key],
    )?;
    for table in ["scan_page", "scan_sheet", "scan_file"] {
        tx.execute(
            &format!("DELETE FROM {table} WHERE stack = ?1"),
            params![key],
        )?;
    }
    tx.execute(
        "UPDATE scan_stack SET state = 'gone', pdf = NULL, proposal = NULL, code = NULL
         WHERE id = ?1",
        params![key],
    )?;
    release(tx, &held)
}

/// Condemns bytes that nothing else holds.
pub(super) fn release(tx: &Transaction<'_>, held: &[[u8; 32]]) -> Result<()> {
    let mut condemn = tx.prepare_cached(&format!(
        "UPDATE blob SET state = 'condemned' WHERE sha256 = ?1
           AND sha256 NOT IN ({HELD})
           AND NOT EXISTS (SELECT 1 FROM file_blob f WHERE f.sha256 = blob.sha256)
           AND NOT EXISTS (SELECT 1 FROM overlay_revision v
             WHERE v.child = blob.sha256 OR v.parent = blob.sha256)
           AND NOT EXISTS (SELECT 1 FROM completion c
             WHERE c.head = blob.sha256 OR c.signed = blob.sha256)
           AND NOT EXISTS (SELECT 1 FROM batch_item i
             WHERE i.shown = blob.sha256 OR i.child = blob.sha256)
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.child = blob.sha256
             OR o.parent = blob.sha256)"
    ))?;
    for sha256 in held {
        condemn.execute(params![sha256])?;
    }
    Ok(())
}
