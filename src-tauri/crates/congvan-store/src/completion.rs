//! The queue of signatures that are to be completed: what this person signed on this machine, how
//! far it has come and why no further. Fed by the transaction of every signature.

use congvan_model::{AccountId, DocumentId, FileId, OpId, Sha256, Timestamp};
use congvan_protocol::{Intent, SignatureLevel};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use crate::{
    NewRevision, Recorded, Store, acts,
    audit::{self, AuditEvent, AuditKind},
    detail, document,
    error::{Result, StoreError},
    fail,
    journal::IntentRecord,
};

/// How the completion of one file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletionRow {
    /// The document.
    pub document: DocumentId,
    /// Its file.
    pub file: FileId,
    /// Notation of the document, or its subject; none when it is no longer here.
    pub title: Option<String>,
    /// The newest revision that this person's signature or its completion made.
    pub head: Sha256,
    /// The level of the weakest signature in it.
    pub level: SignatureLevel,
    /// SHA-256 of the signer's certificate.
    pub certificate: Sha256,
    /// Who signed.
    pub author: AccountId,
    /// That person's name.
    pub author_name: String,
    /// When it was signed.
    pub at: Timestamp,
    /// Attempts that failed.
    pub attempts: u32,
    /// Not to be tried before.
    pub not_before: Timestamp,
    /// Code of the last failure.
    pub code: Option<String>,
    /// The authority whose time stamp was taken last.
    pub tsa: Option<String>,
    /// When the signer's certificate was revoked: the document is past saving, and blocked.
    pub revoked_at: Option<Timestamp>,
    /// Trying again is no use.
    pub closed: bool,
}

/// What came of an attempt that did not reach the level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompletionSetback {
    /// Try again later.
    Later {
        /// Why.
        code: String,
        /// When.
        not_before: Timestamp,
        /// Whether it was an attempt: not where nothing was even asked.
        counts: bool,
    },
    /// Trying again is no use: the document is another one now, or cannot be completed.
    Closed {
        /// Why.
        code: String,
    },
    /// The signer's certificate was revoked before the earliest proven time.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

const COLUMNS: &str = "SELECT c.document, c.file, c.head, c.level, c.certificate, c.author,
    c.author_name, c.at, c.attempts, c.not_before, c.code, c.tsa, c.revoked_at,
    coalesce(d.notation, d.subject), c.closed
  FROM completion c LEFT JOIN document d ON d.id = c.document";

impl Store {
    /// Everything below that level, and everything that is blocked: the blocked first, then the
    /// oldest.
    ///
    /// # Errors
    /// Disk errors.
    pub fn completions(&self, wanted: SignatureLevel) -> Result<Vec<CompletionRow>> {
        let sql = format!(
            "{COLUMNS} WHERE c.revoked_at IS NOT NULL OR c.level < ?1
             ORDER BY c.revoked_at IS NULL, c.at"
        );
        self.read(|db| rows(db, &sql, params![rank(wanted)]))
    }

    /// What can be tried now, what failed least and is oldest first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn completions_due(
        &self,
        wanted: SignatureLevel,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<CompletionRow>> {
        let sql = format!(
            "{COLUMNS} WHERE c.closed = 0 AND c.revoked_at IS NULL AND c.level < ?1
               AND c.not_before <= ?2
             ORDER BY c.attempts, c.at LIMIT ?3"
        );
        self.read(|db| rows(db, &sql, params![rank(wanted), now.0, limit]))
    }

    /// When the next attempt is due; none when nothing is left to be completed.
    ///
    /// # Errors
    /// Disk errors.
    pub fn completion_next(&self, wanted: SignatureLevel) -> Result<Option<Timestamp>> {
        self.read(|db| {
            let next: Option<i64> = db.query_row(
                "SELECT min(not_before) FROM completion
                 WHERE closed = 0 AND revoked_at IS NULL AND level < ?1",
                params![rank(wanted)],
                |row| row.get(0),
            )?;
            Ok(next.map(Timestamp))
        })
    }

    /// When the certificate behind a signature of this document was revoked; none where no
    /// signature of it is known to be past saving.
    ///
    /// # Errors
    /// Disk errors.
    pub fn blocked_since(&self, document: DocumentId) -> Result<Option<Timestamp>> {
        self.read(|db| {
            let found: Option<i64> = db.query_row(
                "SELECT min(revoked_at) FROM completion WHERE document = ?1",
                params![document.0.as_bytes()],
                |row| row.get(0),
            )?;
            Ok(found.map(Timestamp))
        })
    }

    /// Keeps why an attempt did not reach the level.
    ///
    /// # Errors
    /// Disk errors.
    pub fn completion_failed(
        &self,
        row: &CompletionRow,
        setback: &CompletionSetback,
        now: Timestamp,
    ) -> Result<()> {
        const REVOKED: &str = "COMPLETION_REVOKED";
        let (code, not_before, revoked_at, (closed, counts)) = match setback {
            CompletionSetback::Later {
                code,
                not_before,
                counts,
            } => (code.as_str(), not_before.0, None, (false, *counts)),
            CompletionSetback::Closed { code } => (code.as_str(), 0, None, (true, true)),
            CompletionSetback::Revoked { at } => (REVOKED, 0, Some(at.0), (false, true)),
        };
        self.write(|tx| {
            tx.execute(
                "UPDATE completion SET attempts = attempts + ?6, code = ?2, not_before = ?3,
                   revoked_at = ?4, closed = ?5 WHERE file = ?1",
                params![
                    row.file.0.as_bytes(),
                    code,
                    not_before,
                    revoked_at,
                    closed,
                    counts
                ],
            )?;
            if revoked_at.is_some() {
                let event = AuditEvent {
                    kind: AuditKind::Blocked,
                    document: Some(row.document),
                    detail: format!("certificate={}", row.certificate),
                };
                audit::append(tx, &event, now)?;
            }
            Ok(())
        })
    }

    /// Makes everything due at once, of one file or of all.
    ///
    /// # Errors
    /// Disk errors.
    pub fn completion_retry(&self, file: Option<FileId>) -> Result<()> {
        let file = file.map(|file| *file.0.as_bytes());
        self.write(|tx| {
            tx.execute(
                "UPDATE completion SET not_before = 0, attempts = 0, closed = 0
                 WHERE revoked_at IS NULL AND (?1 IS NULL OR file = ?1)",
                params![file],
            )?;
            Ok(())
        })
    }

    /// The network is back: nothing waits any longer for an endpoint to recover.
    ///
    /// # Errors
    /// Disk errors.
    pub fn completion_hasten(&self, now: Timestamp) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "UPDATE completion SET not_before = ?1 WHERE closed = 0 AND revoked_at IS NULL
                   AND not_before > ?1 AND code LIKE 'EVIDENCE_%' AND code <> 'EVIDENCE_QUOTA'",
                params![now.0],
            )?;
            Ok(())
        })
    }

    /// Links a completed revision: overlay, outbox, audit and the queue in one transaction. None,
    /// and nothing recorded, where the file's current state is no longer the one that was
    /// completed, or a batch that is under way is about to sign it.
    ///
    /// # Errors
    /// As [`Store::link_revision`].
    pub fn link_completion(
        &self,
        new: &NewRevision,
        tsa: Option<&str>,
        at: Timestamp,
    ) -> Result<Option<Recorded>> {
        if !self.blob_present(new.child)? {
            return Err(StoreError::BlobMissing { sha256: new.child });
        }
        let mut journal = crate::lock(self.journal());
        fail::point("completion.before-commit");
        let record = self.write(|tx| {
            let is_current = head_of(tx, new.document, new.file)? == Some(new.parent);
            if !is_current || waits_in_batch(tx, new.document)? {
                return Ok(None);
            }
            link(tx, new, tsa, at).map(Some)
        })?;
        fail::point("completion.committed");
        let Some(record) = record else {
            return Ok(None);
        };
        if let Err(error) = journal
            .append(&record)
            .and_then(|()| journal.compact_when_large())
        {
            tracing::warn!(op = %record.op.id, %error, "intent is not in the journal yet");
        }
        Ok(Some(Recorded {
            op: record.op.id,
            local_seq: record.op.local_seq,
        }))
    }

    /// Completions that the server did not take, because somebody signed meanwhile or refused them:
    /// nothing that a person did is lost, so no person is asked. They are closed, and the file is
    /// completed anew from its present state. Gives how many there were.
    ///
    /// # Errors
    /// Disk errors.
    pub fn reopen_refused_completions(&self, now: Timestamp) -> Result<usize> {
        let refused = self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT o.op_id, c.file FROM completion c
                 JOIN outbox o ON o.child = c.head AND o.kind = 'link_revision'
                 WHERE c.head <> c.signed AND o.state IN ('conflict', 'rejected')
                   AND o.dismissed_at IS NULL",
            )?;
            let found = query.query_map([], |row| {
                Ok((
                    OpId(Uuid::from_bytes(row.get(0)?)),
                    row.get::<_, [u8; 16]>(1)?,
                ))
            })?;
            Ok(found.collect::<rusqlite::Result<Vec<_>>>()?)
        })?;
        for (op, file) in &refused {
            self.dismiss(*op, now)?;
            self.write(|tx| {
                tx.execute(
                    "UPDATE completion SET head = signed, level = signed_level,
                       attempts = attempts + 1, not_before = ?2 WHERE file = ?1",
                    params![file, now.plus_ms(AFTER_REFUSAL_MS).0],
                )?;
                Ok(())
            })?;
        }
        Ok(refused.len())
    }
}

/// The mirror needs a round with the server to know what is there now.
const AFTER_REFUSAL_MS: i64 = 60_000;

fn link(
    tx: &Transaction<'_>,
    new: &NewRevision,
    tsa: Option<&str>,
    at: Timestamp,
) -> Result<IntentRecord> {
    let file = new.file.0.as_bytes();
    let signed: Option<([u8; 32], i64, i64)> = tx
        .query_row(
            "SELECT signed, signed_level, at FROM completion WHERE file = ?1",
            params![file],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let author = (new.author, new.author_name.as_str());
    // Evidence is added to what is signed already, in no capacity.
    let on = (new.document, acts::seen_rev(tx, new.document)?);
    let record = acts::record_as(tx, on, (new.intent(at), None), author, at)?;
    if let Some((signed, level, signed_at)) = signed {
        tx.execute(
            "UPDATE completion SET signed = ?2, signed_level = ?3, at = ?4, tsa = ?5 WHERE file = ?1",
            params![file, signed, level, signed_at, tsa],
        )?;
    }
    Ok(record)
}

/// Notes a revision of ours in the queue, in the transaction that links it.
pub(crate) fn note(tx: &Transaction<'_>, record: &IntentRecord) -> Result<()> {
    let Intent::LinkRevision {
        file,
        child,
        level,
        certificate,
        ..
    } = &record.op.intent
    else {
        return Ok(());
    };
    tx.prepare_cached(
        "INSERT INTO completion(file, document, signed, signed_level, head, level, certificate,
           author, author_name, at) VALUES (?1, ?2, ?3, ?4, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT(file) DO UPDATE SET signed = ?3, signed_level = ?4, head = ?3, level = ?4,
           certificate = ?5, author = ?6, author_name = ?7, at = ?8, attempts = 0,
           not_before = 0, code = NULL, closed = 0",
    )?
    .execute(params![
        file.0.as_bytes(),
        record.op.lane.0.as_bytes(),
        child.0,
        rank(*level),
        certificate.0,
        record.author.0,
        record.author_name,
        record.op.at.0
    ])?;
    Ok(())
}

fn head_of(db: &Connection, document: DocumentId, file: FileId) -> Result<Option<Sha256>> {
    let Some((body, _, _)) = document::load(db, document)? else {
        return Err(StoreError::NoDocument { id: document });
    };
    let Some(file) = body.files.iter().find(|one| one.id == file) else {
        return Ok(None);
    };
    let view = detail::file_view(db, document, file)?;
    Ok(view.head().map(|head| head.sha256))
}

/// Whether a batch is going to sign the document's present bytes.
fn waits_in_batch(db: &Connection, document: DocumentId) -> Result<bool> {
    Ok(db.query_row(
        "SELECT EXISTS(SELECT 1 FROM batch b JOIN batch_item i ON i.batch = b.id
           WHERE b.stage = 'running' AND b.dismissed_at IS NULL
             AND i.state = 'waiting' AND i.document = ?1)",
        params![document.0.as_bytes()],
        |row| row.get(0),
    )?)
}

fn rows(db: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<CompletionRow>> {
    let mut query = db.prepare_cached(sql)?;
    let found = query.query_map(values, row_from)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn row_from(row: &Row<'_>) -> rusqlite::Result<CompletionRow> {
    Ok(CompletionRow {
        document: DocumentId(Uuid::from_bytes(row.get(0)?)),
        file: FileId(Uuid::from_bytes(row.get(1)?)),
        head: Sha256(row.get(2)?),
        level: level_of(row.get(3)?),
        certificate: Sha256(row.get(4)?),
        author: AccountId(row.get(5)?),
        author_name: row.get(6)?,
        at: Timestamp(row.get(7)?),
        attempts: row.get(8)?,
        not_before: Timestamp(row.get(9)?),
        code: row.get(10)?,
        tsa: row.get(11)?,
        revoked_at: row.get::<_, Option<i64>>(12)?.map(Timestamp),
        title: row.get(13)?,
        closed: row.get(14)?,
    })
}

/// Levels as numbers that SQL can compare.
fn rank(level: SignatureLevel) -> i64 {
    match level {
        SignatureLevel::BB => 0,
        SignatureLevel::BT => 1,
        SignatureLevel::BLT => 2,
        SignatureLevel::BLTA => 3,
    }
}

fn level_of(rank: i64) -> SignatureLevel {
    match rank {
        0 => SignatureLevel::BB,
        1 => SignatureLevel::BT,
        2 => SignatureLevel::BLT,
        3.. | i64::MIN..=-1 => SignatureLevel::BLTA,
    }
}
