//! What a user does: one transaction over overlay, outbox and audit, then the journal's copy. Only
//! when a call here has returned may the screen say "Đã lưu trên máy".

use congvan_model::{
    AccountId, DocumentId, FileId, OpId, OpinionId, RevisionId, Sha256, Timestamp, nfc,
};
use congvan_protocol::{
    Capacity, Intent, LeasedNumber, Op, OpinionAbout, OpinionKind, SignatureLevel,
};
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::{NoContext, Uuid};

use crate::{
    Store,
    audit::{self, AuditEvent, AuditKind},
    capacity, completion,
    document::word,
    drafts,
    error::{Result, StoreError},
    imports,
    journal::IntentRecord,
    outbox,
};

/// Longest opinion, in characters.
const OPINION_MAX: usize = 4_000;

/// An opinion or direction to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOpinion {
    /// On which document.
    pub document: DocumentId,
    /// Which of the two.
    pub kind: OpinionKind,
    /// The words; stored trimmed and in NFC, 1 to 4,000 characters.
    pub text: String,
    /// Who writes.
    pub author: AccountId,
    /// That person's name.
    pub author_name: String,
    /// A place on a page, or the note that it settles.
    pub about: Option<OpinionAbout>,
}

/// A signed revision to be linked. Its bytes are already a blob of this store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision {
    /// The document.
    pub document: DocumentId,
    /// Its file.
    pub file: FileId,
    /// What was signed.
    pub parent: Sha256,
    /// What came out.
    pub child: Sha256,
    /// Its length in bytes.
    pub size: u64,
    /// Level of the new signature.
    pub level: SignatureLevel,
    /// SHA-256 of the signer's certificate.
    pub certificate: Sha256,
    /// Who signed.
    pub author: AccountId,
    /// That person's name.
    pub author_name: String,
}

impl NewRevision {
    /// The intent that links it, under a new id.
    pub(crate) fn intent(&self, at: Timestamp) -> Intent {
        Intent::LinkRevision {
            file: self.file,
            revision: RevisionId(uuid_v7(at)),
            parent: self.parent,
            child: self.child,
            size: self.size,
            level: self.level,
            certificate: self.certificate,
        }
    }
}

/// An act that is safe on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its intent.
    pub op: OpId,
    /// The intent's place in the outbox.
    pub local_seq: u64,
}

impl Store {
    /// Writes an opinion or direction. `at` is our clock corrected by the measured offset.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`]; [`StoreError::Invalid`] for an empty or too long text; disk
    /// errors: then nothing was recorded.
    pub fn add_opinion(&self, new: &NewOpinion, at: Timestamp) -> Result<Recorded> {
        let text = nfc(new.text.trim());
        if text.is_empty() || text.chars().count() > OPINION_MAX {
            return Err(StoreError::Invalid {
                what: "an opinion has 1 to 4,000 characters",
            });
        }
        if new.about.is_some_and(|about| !about.is_sound()) {
            return Err(StoreError::Invalid {
                what: "a note's place lies on its page",
            });
        }
        let intent = Intent::AddOpinion {
            opinion: OpinionId(uuid_v7(at)),
            opinion_kind: new.kind,
            text,
            about: new.about,
        };
        let author = (new.author, new.author_name.as_str());
        self.record(new.document, intent, author, at)
    }

    /// Links a signed revision to its file.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`]; [`StoreError::BlobMissing`] when the child's bytes are not
    /// durable here; disk errors: then nothing was recorded.
    pub fn link_revision(&self, new: &NewRevision, at: Timestamp) -> Result<Recorded> {
        if !self.blob_present(new.child)? {
            return Err(StoreError::BlobMissing { sha256: new.child });
        }
        let author = (new.author, new.author_name.as_str());
        self.record(new.document, new.intent(at), author, at)
    }

    /// Marks a document as read by this account; none when it already is.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`]; disk errors.
    pub fn mark_read(
        &self,
        document: DocumentId,
        author: AccountId,
        at: Timestamp,
    ) -> Result<Option<Recorded>> {
        let read = self.read(|db| {
            Ok(db
                .query_row(
                    "SELECT read_at IS NOT NULL
                       OR EXISTS(SELECT 1 FROM overlay_read WHERE document = id)
                     FROM document WHERE id = ?1",
                    params![document.0.as_bytes()],
                    |row| row.get::<_, bool>(0),
                )
                .optional()?)
        })?;
        match read {
            None => Err(StoreError::NoDocument { id: document }),
            Some(true) => Ok(None),
            Some(false) => {
                let author = (author, "");
                self.record(document, Intent::MarkRead, author, at)
                    .map(Some)
            }
        }
    }

    pub(crate) fn record(
        &self,
        document: DocumentId,
        intent: Intent,
        (author, author_name): (AccountId, &str),
        at: Timestamp,
    ) -> Result<Recorded> {
        let author = (author, author_name);
        self.then_journalled(|tx| record_in(tx, document, intent.clone(), author, at))
    }

    /// Writes an act's rows, then the journal's copy.
    pub(crate) fn then_journalled(
        &self,
        act: impl Fn(&Transaction<'_>) -> Result<IntentRecord>,
    ) -> Result<Recorded> {
        // Held over both, so that the journal has the intents in the outbox's order.
        let mut journal = crate::lock(self.journal());
        let record = self.write_again(act)?;
        // The act is durable now. A full disk here costs the second copy for a while, never the
        // act: the journal owes the record and writes it first next time, or at the next opening.
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
}

/// An act's rows in the transaction of its caller, who owes the journal the record.
pub(crate) fn record_in(
    tx: &Transaction<'_>,
    document: DocumentId,
    intent: Intent,
    (author, author_name): (AccountId, &str),
    at: Timestamp,
) -> Result<IntentRecord> {
    let on = (document, seen_rev(tx, document)?);
    record_on(tx, on, intent, (author, author_name), at)
}

/// The revision of a document that the person saw.
pub(crate) fn seen_rev(tx: &Transaction<'_>, document: DocumentId) -> Result<u64> {
    let rev: Option<i64> = tx
        .prepare_cached("SELECT rev FROM document WHERE id = ?1")?
        .query_row(params![document.0.as_bytes()], |row| row.get(0))
        .optional()?;
    rev.map(crate::uint)
        .ok_or(StoreError::NoDocument { id: document })
}

/// The same for a document that need not be here yet, with the revision that the person saw.
pub(crate) fn record_on(
    tx: &Transaction<'_>,
    (document, base_rev): (DocumentId, u64),
    intent: Intent,
    (author, author_name): (AccountId, &str),
    at: Timestamp,
) -> Result<IntentRecord> {
    let capacity = capacity::of(tx, &intent)?;
    record_as(
        tx,
        (document, base_rev),
        (intent, capacity),
        (author, author_name),
        at,
    )
}

/// The same in a capacity that the caller knows.
pub(crate) fn record_as(
    tx: &Transaction<'_>,
    (document, base_rev): (DocumentId, u64),
    (intent, capacity): (Intent, Option<Capacity>),
    (author, author_name): (AccountId, &str),
    at: Timestamp,
) -> Result<IntentRecord> {
    let kind = match &intent {
        Intent::AddOpinion { .. } => AuditKind::OpinionAdded,
        Intent::LinkRevision { .. } => AuditKind::Signed,
        Intent::MarkRead => AuditKind::MarkedRead,
        Intent::RegisterIncoming { .. } | Intent::RegisterReceived { .. } => AuditKind::Registered,
        Intent::VoidNumber { .. } => AuditKind::NumberVoided,
        Intent::PresentDocument { .. } => AuditKind::Presented,
        Intent::Handle { .. } => AuditKind::Handled,
        Intent::DraftDocument { .. } => AuditKind::Drafted,
        Intent::WithdrawRegistration { .. } => AuditKind::RegistrationWithdrawn,
        Intent::Dossier { .. } => AuditKind::DossierHandled,
        Intent::Task { .. } => AuditKind::TaskHandled,
        Intent::Calendar { .. } => AuditKind::CalendarChanged,
        Intent::ImportRows { .. } | Intent::ImportFile { .. } => AuditKind::Imported,
    };
    let mut record = IntentRecord {
        op: Op {
            id: OpId(uuid_v7(at)),
            local_seq: 0,
            lane: document,
            base_rev,
            at,
            intent,
            capacity,
        },
        author,
        author_name: author_name.to_owned(),
        besides: None,
    };
    record.op.local_seq = outbox::insert(tx, &record)?;
    insert_overlay(tx, &record)?;
    let event = AuditEvent {
        kind,
        document: Some(document),
        detail: format!("op={} seq={}", record.op.id, record.op.local_seq),
    };
    audit::append(tx, &event, at)?;
    Ok(record)
}

/// Shows an intent's effect before the server has it.
pub(crate) fn insert_overlay(tx: &Transaction<'_>, record: &IntentRecord) -> Result<()> {
    let op = &record.op;
    let (op_id, document) = (op.id.0.as_bytes(), op.lane.0.as_bytes());
    match &op.intent {
        Intent::AddOpinion {
            opinion,
            opinion_kind,
            text,
            about,
        } => tx.execute(
            "INSERT INTO overlay_opinion(id, op_id, document, kind, text, author, author_name,
               written_at, about) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT(id) DO NOTHING",
            params![
                opinion.0.as_bytes(),
                op_id,
                document,
                word(opinion_kind)?,
                text,
                record.author.0,
                record.author_name,
                op.at.0,
                about.as_ref().map(serde_json::to_string).transpose()?
            ],
        )?,
        Intent::LinkRevision {
            file,
            revision,
            parent,
            child,
            size,
            level,
            certificate: _,
        } => {
            completion::note(tx, record)?;
            tx.execute(
                "INSERT INTO upload(sha256) VALUES (?1) ON CONFLICT(sha256) DO NOTHING",
                params![child.0],
            )?;
            tx.execute(
                "INSERT INTO overlay_revision(id, op_id, document, file, parent, child, size,
                   level, signed_by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT(id) DO NOTHING",
                params![
                    revision.0.as_bytes(),
                    op_id,
                    document,
                    file.0.as_bytes(),
                    parent.0,
                    child.0,
                    crate::int(*size),
                    word(level)?,
                    record.author_name,
                    op.at.0
                ],
            )?
        }
        Intent::MarkRead => tx.execute(
            "INSERT INTO overlay_read(document, op_id, at) VALUES (?1, ?2, ?3)
             ON CONFLICT(document) DO NOTHING",
            params![document, op_id, op.at.0],
        )?,
        Intent::RegisterIncoming {
            provisional,
            number,
            file,
            ..
        } => {
            tx.execute(
                "INSERT INTO upload(sha256) VALUES (?1) ON CONFLICT(sha256) DO NOTHING",
                params![file.sha256.0],
            )?;
            insert_registration(tx, op, (provisional, *number))?
        }
        Intent::RegisterReceived {
            provisional,
            number,
            ..
        } => insert_registration(tx, op, (provisional, *number))?,
        Intent::VoidNumber { .. }
        | Intent::PresentDocument { .. }
        | Intent::WithdrawRegistration { .. } => 0,
        Intent::Handle { act } => crate::handling::lay_over(tx, record, act)?,
        Intent::Dossier { .. } => crate::dossiers::lay_over(tx, record)?,
        Intent::ImportRows { agency, rows, .. } => imports::lay_over(tx, record, (agency, rows))?,
        Intent::ImportFile { file } => imports::lay_file_over(tx, record, file)?,
        Intent::Task { .. } | Intent::Calendar { .. } => crate::laid::lay_over(tx, record)?,
        Intent::DraftDocument {
            fields,
            file,
            origin,
        } => drafts::lay_over(tx, record, (fields, file, origin.as_deref()))?,
    };
    Ok(())
}

fn insert_registration(
    tx: &Transaction<'_>,
    op: &Op,
    (provisional, number): (&str, Option<LeasedNumber>),
) -> Result<usize> {
    // A refused one that nobody has closed yet gives way to the next.
    Ok(tx.execute(
        "INSERT INTO overlay_registration(document, op_id, provisional, number, at)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT(document) DO UPDATE SET
           op_id = excluded.op_id, provisional = excluded.provisional, number = excluded.number,
           at = excluded.at
         WHERE op_id IN (SELECT op_id FROM outbox WHERE state IN ('conflict', 'rejected'))",
        params![
            op.lane.0.as_bytes(),
            op.id.0.as_bytes(),
            provisional,
            number.map(|leased| leased.number),
            op.at.0
        ],
    )?)
}

/// Takes an intent's effect off the screen.
pub(crate) fn drop_overlay(tx: &Transaction<'_>, op: OpId) -> Result<()> {
    for table in [
        "overlay_opinion",
        "overlay_read",
        "overlay_revision",
        "overlay_registration",
        "overlay_act",
        "overlay_dossier",
        "overlay_thing",
    ] {
        tx.execute(
            &format!("DELETE FROM {table} WHERE op_id = ?1"),
            params![op.0.as_bytes()],
        )?;
    }
    imports::drop_with(tx, op)?;
    drafts::drop_with(tx, op)
}

pub(crate) fn uuid_v7(at: Timestamp) -> Uuid {
    let ms = crate::uint(at.0);
    let nanos = u32::try_from(ms % 1_000)
        .unwrap_or(0)
        .saturating_mul(1_000_000);
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, ms / 1_000, nanos))
}
