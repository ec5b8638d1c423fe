//! Drafts of documents that go out, from the moment they are made here.
//!
//! A draft that the server does not show yet has its row in the mirror's table all the same, at
//! revision 0, so that lists, search, acts and the viewer need no second way to it; `overlay_draft`
//! says so. The server's word on the document takes its place.

use congvan_model::{
    AccountId, Direction, DocumentId, FileId, OpId, ReceiverRole, RevisionId, Sha256, Timestamp,
};
use congvan_protocol::{
    Document, FileRef, FileRole, FlowStep, Intent, Issuer, RegisteredFile, Signer,
    handling::{Actor, Course, DRAFTED, DraftFields, HandlingAct, Origin, made_of},
};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    Store, acts,
    audit::{self, AuditEvent, AuditKind},
    document,
    error::{Result, StoreError},
    journal::IntentRecord,
    outbox, part, search,
};

/// A PDF of this store that is to be a version of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftFile {
    /// Its bytes.
    pub sha256: Sha256,
    /// Their length.
    pub size: u64,
    /// Display name, NFC, 1 to 200 characters.
    pub name: String,
    /// Pages, where known.
    pub pages: Option<u32>,
}

impl DraftFile {
    /// As a new state of that file.
    #[must_use]
    pub fn version_of(self, file: FileId, at: Timestamp) -> RegisteredFile {
        RegisteredFile {
            file,
            revision: RevisionId(acts::uuid_v7(at)),
            sha256: self.sha256,
            size: self.size,
            name: self.name,
            pages: self.pages,
        }
    }
}

impl Store {
    /// Records a new draft; it is here at once. Whether its fields are right is the caller's
    /// question.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`] when its bytes are not durable here; disk errors: then nothing
    /// was recorded.
    pub fn draft_document(
        &self,
        fields: DraftFields,
        file: DraftFile,
        author: (AccountId, &str),
        now: Timestamp,
    ) -> Result<DocumentId> {
        self.make_of(None, (fields, file), author, now)
    }

    /// As [`Store::draft_document`], of another document: a copy of it, or the draft of what corrects
    /// or replaces it.
    ///
    /// # Errors
    /// As [`Store::draft_document`].
    pub fn make_of(
        &self,
        origin: Option<Origin>,
        (fields, file): (DraftFields, DraftFile),
        author: (AccountId, &str),
        now: Timestamp,
    ) -> Result<DocumentId> {
        if !self.blob_present(file.sha256)? {
            return Err(StoreError::BlobMissing {
                sha256: file.sha256,
            });
        }
        let document = DocumentId(acts::uuid_v7(now));
        let intent = Intent::DraftDocument {
            fields: Box::new(fields),
            file: Box::new(file.version_of(FileId(acts::uuid_v7(now)), now)),
            origin: origin.map(Box::new),
        };
        self.then_journalled(|tx| acts::record_on(tx, (document, 0), intent.clone(), author, now))?;
        Ok(document)
    }

    /// Takes a draft back that was never sent, with everything that was done to it.
    ///
    /// # Errors
    /// [`StoreError::AlreadySent`]; disk errors.
    pub fn undo_draft(&self, document: DocumentId, now: Timestamp) -> Result<()> {
        let mut journal = crate::lock(self.journal());
        let withdrawn = self.write(|tx| {
            let seq = unsent(tx, document)?.ok_or(StoreError::AlreadySent)?;
            let withdrawn = outbox::withdraw_from(tx, (document, seq), true, now)?;
            let event = AuditEvent {
                kind: AuditKind::HandlingUndone,
                document: Some(document),
                detail: format!("ops={}", withdrawn.len()),
            };
            audit::append(tx, &event, now)?;
            Ok(withdrawn)
        })?;
        let told = withdrawn.into_iter().try_for_each(|op| journal.settle(op));
        if let Err(error) = told {
            tracing::warn!(%error, "the journal does not know yet what was taken back");
        }
        Ok(())
    }

    /// Whether a draft can be taken back: it was never sent.
    ///
    /// # Errors
    /// Disk errors.
    pub fn can_undo_draft(&self, document: DocumentId) -> Result<bool> {
        self.read(|db| Ok(unsent(db, document)?.is_some()))
    }
}

/// The place in the outbox of a draft that was not handed to the network.
fn unsent(db: &Connection, document: DocumentId) -> Result<Option<i64>> {
    Ok(db
        .prepare_cached(
            "SELECT local_seq FROM outbox WHERE lane = ?1 AND kind = 'draft_document'
               AND state = 'waiting' AND sent_at IS NULL",
        )?
        .query_row(params![document.0.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// Puts a draft that the server does not have where documents are.
pub(crate) fn lay_over(
    tx: &Transaction<'_>,
    record: &IntentRecord,
    (fields, file, origin): (&DraftFields, &RegisteredFile, Option<&Origin>),
) -> Result<usize> {
    let op = &record.op;
    need_upload(tx, file)?;
    // Out of the journal alone the server's document may be here already.
    if document::local_rev(tx, op.lane)?.is_some() {
        return Ok(0);
    }
    let actor = Actor {
        account: record.author,
        full_name: &record.author_name,
        posts: &[],
    };
    let copied = origin.filter(|origin| origin.relation.is_copy());
    let drafted = match copied {
        Some(origin) => Course::copied((fields, file), origin, &actor),
        None => Course::drafted(fields, file, &actor, op.at),
    };
    let Ok(mut course) = drafted else {
        return Ok(0);
    };
    course.handling.origin = origin.cloned().map(Box::new);
    let unit = part::owner(tx)?.and_then(|owner| owner.posts.into_iter().next());
    let issuer = unit.map_or_else(
        || Issuer {
            code: String::new(),
            name: String::new(),
        },
        |post| Issuer {
            code: post.agency.code,
            name: post.agency.name,
        },
    );
    let drafted = Document {
        id: op.lane,
        direction: Direction::Outgoing,
        state: course.state,
        notation: None,
        issued_on: None,
        arrival_number: None,
        registration: None,
        arrived_at: op.at,
        kind: fields.kind,
        issuer,
        subject: fields.subject.trim().to_owned(),
        urgency: fields.urgency,
        due: None,
        activity: None,
        signer: Signer {
            position: String::new(),
            full_name: String::new(),
        },
        role: copied.is_none().then_some(ReceiverRole::Lead),
        read_at: Some(op.at),
        files: vec![FileRef {
            id: file.file,
            name: file.name.clone(),
            role: FileRole::Main,
            media_type: "application/pdf".to_owned(),
            pages: file.pages,
            revisions: vec![file.first_state(op.at)],
        }],
        flow: vec![FlowStep {
            at: op.at,
            who: record.author_name.clone(),
            state: course.state,
            note: match origin {
                Some(origin) => made_of(origin.relation, &origin.title),
                None => DRAFTED.to_owned(),
            },
        }],
        handling: Some(Box::new(course.handling)),
    };
    document::upsert(tx, &drafted, 0)?;
    ours(tx, op.lane, op.id)
}

/// The bytes of a version go to the server before its act.
pub(crate) fn need_upload(tx: &Transaction<'_>, file: &RegisteredFile) -> Result<()> {
    tx.execute(
        "INSERT INTO upload(sha256) VALUES (?1) ON CONFLICT(sha256) DO NOTHING",
        params![file.sha256.0],
    )?;
    Ok(())
}

/// What an act of ours changes on the document itself.
pub(crate) fn revise(document: &mut Document, act: &HandlingAct, at: Timestamp) {
    let HandlingAct::Revise { file, fields, .. } = act else {
        return;
    };
    if let Some(fields) = fields {
        document.kind = fields.kind;
        fields.subject.trim().clone_into(&mut document.subject);
        document.urgency = fields.urgency;
    }
    let Some(file) = file else {
        return;
    };
    let known = document.files.iter_mut().find(|one| one.id == file.file);
    let Some(known) = known else {
        return;
    };
    let is_new = known.revisions.iter().all(|one| one.id != file.revision);
    if is_new {
        known.revisions.push(file.first_state(at));
        known.name.clone_from(&file.name);
        known.pages = file.pages;
    }
}

/// A draft that was taken back, or that the server did not take, goes with its intent.
pub(crate) fn drop_with(tx: &Transaction<'_>, op: OpId) -> Result<()> {
    let mut query = tx.prepare_cached("SELECT document FROM overlay_draft WHERE op_id = ?1")?;
    let documents = query
        .query_map(params![op.0.as_bytes()], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<[u8; 16]>>>()?;
    for document in documents {
        remove(tx, DocumentId(Uuid::from_bytes(document)))?;
    }
    Ok(())
}

/// A document at revision 0 that is ours until the server shows it.
pub(crate) fn ours(tx: &Transaction<'_>, document: DocumentId, op: OpId) -> Result<usize> {
    Ok(tx
        .prepare_cached(
            "INSERT INTO overlay_draft(document, op_id) VALUES (?1, ?2)
             ON CONFLICT(document) DO NOTHING",
        )?
        .execute(params![document.0.as_bytes(), op.0.as_bytes()])?)
}

/// Whether a document is here by that intent of ours alone.
pub(crate) fn is_of(tx: &Transaction<'_>, document: DocumentId, op: OpId) -> Result<bool> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM overlay_draft WHERE document = ?1 AND op_id = ?2")?
        .exists(params![document.0.as_bytes(), op.0.as_bytes()])?)
}

/// Takes a document off the desk that the server never had.
pub(crate) fn remove(tx: &Transaction<'_>, document: DocumentId) -> Result<()> {
    shown(tx, document)?;
    let row: Option<i64> = tx
        .query_row(
            "DELETE FROM document WHERE id = ?1 AND rev = 0 RETURNING row",
            params![document.0.as_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(row) = row {
        search::remove(tx, row)?;
        tx.execute(
            "DELETE FROM file_blob WHERE document = ?1",
            params![document.0.as_bytes()],
        )?;
    }
    Ok(())
}

/// The server shows the document: its row is the server's from here on.
pub(crate) fn shown(tx: &Transaction<'_>, document: DocumentId) -> Result<()> {
    tx.prepare_cached("DELETE FROM overlay_draft WHERE document = ?1")?
        .execute(params![document.0.as_bytes()])?;
    Ok(())
}
