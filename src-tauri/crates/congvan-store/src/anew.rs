//! An act that the server did not take, done once more: the same facts under new ids.

use congvan_model::{AccountId, DocumentId, OpId, OpinionId, RevisionId, Sha256, Timestamp};
use congvan_protocol::Intent;
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::{
    Recorded, Store,
    acts::{self, uuid_v7},
    audit::{self, AuditEvent, AuditKind},
    error::{Result, StoreError},
    outbox::{OP_COLUMNS, op_from},
};

impl Store {
    /// Does a refused act again and closes the refusal, in one transaction: never both, never none.
    /// Opinions and signed revisions can be done again; the words and the bytes are those of then.
    ///
    /// # Errors
    /// [`StoreError::NoIntent`] when it is not an open conflict or rejection of such an act;
    /// [`StoreError::NoDocument`] when its document is no longer here; disk errors: then the refusal
    /// stays open.
    pub fn do_again(&self, refused: OpId, at: Timestamp) -> Result<Recorded> {
        // Held over both, so that the journal has the intents in the outbox's order.
        let mut journal = crate::lock(self.journal());
        let record = self.write_again(|tx| {
            let missing = || StoreError::NoIntent { id: refused };
            let found = tx
                .query_row(
                    &format!(
                        "{OP_COLUMNS} WHERE op_id = ?1 AND state IN ('conflict', 'rejected')
                           AND dismissed_at IS NULL"
                    ),
                    params![refused.0.as_bytes()],
                    |row| Ok((op_from(row), row.get("author")?, row.get("author_name")?)),
                )
                .optional()?;
            let (op, author, name): (_, i64, String) = found.ok_or_else(missing)?;
            let op = op?;
            let intent = anew(op.intent, at).ok_or_else(missing)?;
            tx.execute(
                "UPDATE outbox SET dismissed_at = ?2 WHERE op_id = ?1",
                params![refused.0.as_bytes(), at.0],
            )?;
            acts::drop_overlay(tx, refused)?;
            let event = AuditEvent {
                kind: AuditKind::TroubleClosed,
                document: Some(op.lane),
                detail: format!("op={refused} again"),
            };
            audit::append(tx, &event, at)?;
            let author = (AccountId(author), name.as_str());
            acts::record_in(tx, op.lane, intent, author, at)
        })?;
        // As for every act: the journal owes the record and writes it at the latest at the next
        // opening.
        if let Err(error) = journal
            .append(&record)
            .and_then(|()| journal.compact_when_large())
        {
            tracing::warn!(op = %record.op.id, %error, "intent is not in the journal yet");
        }
        Ok(Recorded {
            op: record.op.id,
            local_seq: record.op.local_seq,
        })
    }

    /// A document's notation, or its subject; none when it is not here.
    ///
    /// # Errors
    /// Disk errors.
    pub fn document_title(&self, document: DocumentId) -> Result<Option<String>> {
        self.read(|db| {
            let mut query = db
                .prepare_cached("SELECT coalesce(notation, subject) FROM document WHERE id = ?1")?;
            let found = query.query_row(params![document.0.as_bytes()], |row| row.get(0));
            Ok(found.optional()?)
        })
    }

    /// Of which document these bytes are, with its notation, or its subject; none when none is here.
    ///
    /// # Errors
    /// Disk errors.
    pub fn document_of(&self, sha256: Sha256) -> Result<Option<(DocumentId, String)>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT d.id, coalesce(d.notation, d.subject) FROM document d
                 WHERE d.id = coalesce(
                   (SELECT document FROM file_blob WHERE sha256 = ?1 LIMIT 1),
                   (SELECT lane FROM outbox WHERE child = ?1 ORDER BY local_seq DESC LIMIT 1))",
            )?;
            Ok(query
                .query_row(params![sha256.0], |row| {
                    Ok((DocumentId(Uuid::from_bytes(row.get(0)?)), row.get(1)?))
                })
                .optional()?)
        })
    }
}

/// The same facts under ids of their own; none for what cannot be done twice.
fn anew(intent: Intent, at: Timestamp) -> Option<Intent> {
    match intent {
        Intent::AddOpinion {
            opinion: _,
            opinion_kind,
            text,
            about,
        } => Some(Intent::AddOpinion {
            opinion: OpinionId(uuid_v7(at)),
            opinion_kind,
            text,
            about,
        }),
        Intent::LinkRevision {
            file,
            revision: _,
            parent,
            child,
            size,
            level,
            certificate,
        } => Some(Intent::LinkRevision {
            file,
            revision: RevisionId(uuid_v7(at)),
            parent,
            child,
            size,
            level,
            certificate,
        }),
        // Reading again says nothing new; a number is never given twice.
        Intent::MarkRead
        | Intent::RegisterIncoming { .. }
        | Intent::RegisterReceived { .. }
        | Intent::VoidNumber { .. }
        | Intent::PresentDocument { .. }
        | Intent::DraftDocument { .. }
        | Intent::Handle { .. }
        | Intent::WithdrawRegistration { .. }
        | Intent::Dossier { .. }
        | Intent::Task { .. }
        | Intent::ImportRows { .. }
        | Intent::ImportFile { .. }
        | Intent::Calendar { .. } => None,
    }
}
