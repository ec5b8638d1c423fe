use congvan_model::{
    AccountId, DocumentId, FileId, OpId, OpinionId, RevisionId, Sha256, Timestamp,
};
use congvan_protocol::{Document, FileRef, OpinionAbout, OpinionKind, SignatureLevel};
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use crate::{
    DocumentRow, Store,
    document::{self, from_word},
    error::Result,
    handling, list,
};

/// Whether what this person did has reached the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sent {
    /// Nothing of ours is under way.
    Settled,
    /// Đã lưu trên máy: waits to be sent.
    SavedHere,
    /// Cần xử lý: a person must decide.
    NeedsAttention,
}

/// Whether bytes are on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Here.
    Here,
    /// Not yet.
    Waiting,
    /// Arrived broken and set aside; to be fetched again.
    Quarantined,
}

/// Everything about one document, with what the user did laid over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentDetail {
    /// What the list shows.
    pub row: DocumentRow,
    /// What the server said.
    pub document: Document,
    /// The files, the main one first.
    pub files: Vec<FileView>,
    /// Opinions and directions in the order they were written, ours that are unsent included.
    pub opinions: Vec<OpinionView>,
}

/// A file with our own signatures counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileView {
    /// Its id, name, role and type as the server has them.
    pub file: FileRef,
    /// Every state, oldest first, ours included.
    pub revisions: Vec<RevisionView>,
    /// Whether the last of them is on this machine.
    pub place: Place,
}

impl FileView {
    /// The current bytes, ours included; none when the server sent a file without a state.
    #[must_use]
    pub fn head(&self) -> Option<&RevisionView> {
        self.revisions.last()
    }
}

/// One state of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionView {
    /// Its id.
    pub id: RevisionId,
    /// The bytes.
    pub sha256: Sha256,
    /// Their length.
    pub size: u64,
    /// What they extend.
    pub parent: Option<Sha256>,
    /// Level of the signature they added.
    pub level: Option<SignatureLevel>,
    /// Who signed.
    pub signed_by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Our intent while the server does not show it; none for the server's own.
    pub ours: Option<(OpId, Sent)>,
}

/// An opinion or direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpinionView {
    /// Its id.
    pub id: OpinionId,
    /// Which of the two.
    pub kind: OpinionKind,
    /// The words.
    pub text: String,
    /// Who.
    pub author: AccountId,
    /// That person's name.
    pub author_name: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// When the server took it; none while only this machine has it.
    pub received_at: Option<Timestamp>,
    /// A place on a page, or the note that it settles; none for the document as a whole.
    pub about: Option<OpinionAbout>,
    /// Our intent while the server does not show it; none for what the server has.
    pub ours: Option<(OpId, Sent)>,
}

impl Store {
    /// Everything about one document; none when it is not here.
    ///
    /// # Errors
    /// Disk errors.
    pub fn document(&self, id: DocumentId, now: Timestamp) -> Result<Option<DocumentDetail>> {
        self.read(|db| {
            let Some(mut row) = list::row_of(db, id, now)? else {
                return Ok(None);
            };
            let Some((mut document, _, _)) = document::load(db, id)? else {
                return Ok(None);
            };
            handling::project(db, &mut document)?;
            // A draft that we have corrected reads as corrected.
            row.subject.clone_from(&document.subject);
            (row.kind, row.urgency) = (document.kind, document.urgency);
            let mut files = Vec::with_capacity(document.files.len());
            for file in &document.files {
                files.push(file_view(db, id, file)?);
            }
            Ok(Some(DocumentDetail {
                row,
                files,
                opinions: opinion_views(db, id)?,
                document,
            }))
        })
    }
}

pub(crate) fn file_view(db: &Connection, document: DocumentId, file: &FileRef) -> Result<FileView> {
    let mut revisions: Vec<RevisionView> = file
        .revisions
        .iter()
        .map(|revision| RevisionView {
            id: revision.id,
            sha256: revision.sha256,
            size: revision.size,
            parent: revision.parent,
            level: revision.level,
            signed_by: revision.signed_by.clone(),
            at: revision.at,
            ours: None,
        })
        .collect();
    revisions.extend(own_revisions(db, document, file.id)?);
    let place = match revisions.last() {
        Some(head) => place(db, head.sha256)?,
        None => Place::Waiting,
    };
    Ok(FileView {
        file: file.clone(),
        revisions,
        place,
    })
}

// A revision that was refused is not the file's current state: it stays in the sync screen, with
// its bytes, until a person closes it.
fn own_revisions(db: &Connection, document: DocumentId, file: FileId) -> Result<Vec<RevisionView>> {
    let mut query = db.prepare_cached(
        "SELECT v.id, v.child, v.size, v.parent, v.level, v.signed_by, v.at, v.op_id
         FROM overlay_revision v JOIN outbox o ON o.op_id = v.op_id
         WHERE v.document = ?1 AND v.file = ?2 AND o.state IN ('waiting', 'applied')
         ORDER BY o.local_seq",
    )?;
    let mut rows = query.query(params![document.0.as_bytes(), file.0.as_bytes()])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(RevisionView {
            id: RevisionId(Uuid::from_bytes(row.get(0)?)),
            sha256: Sha256(row.get(1)?),
            size: crate::uint(row.get(2)?),
            parent: Some(Sha256(row.get(3)?)),
            level: Some(from_word(&row.get::<_, String>(4)?)?),
            signed_by: Some(row.get(5)?),
            at: Timestamp(row.get(6)?),
            ours: Some((OpId(Uuid::from_bytes(row.get(7)?)), Sent::SavedHere)),
        });
    }
    Ok(out)
}

fn opinion_views(db: &Connection, document: DocumentId) -> Result<Vec<OpinionView>> {
    let mut views: Vec<OpinionView> = document::opinions(db, document)?
        .into_iter()
        .map(|opinion| OpinionView {
            id: opinion.id,
            kind: opinion.kind,
            text: opinion.text,
            author: opinion.author,
            author_name: opinion.author_name,
            written_at: opinion.written_at,
            received_at: Some(opinion.received_at),
            about: opinion.about,
            ours: None,
        })
        .collect();
    let mut query = db.prepare_cached(
        "SELECT v.id, v.kind, v.text, v.author, v.author_name, v.written_at, v.op_id,
                o.state IN ('conflict', 'rejected'), v.about
         FROM overlay_opinion v LEFT JOIN outbox o ON o.op_id = v.op_id
         WHERE v.document = ?1 ORDER BY v.written_at, v.id",
    )?;
    let mut rows = query.query(params![document.0.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let trouble: Option<bool> = row.get(7)?;
        let sent = if trouble == Some(true) {
            Sent::NeedsAttention
        } else {
            Sent::SavedHere
        };
        views.push(OpinionView {
            id: OpinionId(Uuid::from_bytes(row.get(0)?)),
            kind: from_word(&row.get::<_, String>(1)?)?,
            text: row.get(2)?,
            author: AccountId(row.get(3)?),
            author_name: row.get(4)?,
            written_at: Timestamp(row.get(5)?),
            received_at: None,
            about: row
                .get::<_, Option<String>>(8)?
                .map(|text| serde_json::from_str(&text))
                .transpose()?,
            ours: Some((OpId(Uuid::from_bytes(row.get(6)?)), sent)),
        });
    }
    views.sort_by_key(|view| (view.written_at, view.id));
    Ok(views)
}

pub(crate) fn place(db: &Connection, sha256: Sha256) -> Result<Place> {
    let state: Option<String> = db
        .prepare_cached("SELECT state FROM blob WHERE sha256 = ?1")?
        .query_row(params![sha256.0], |row| row.get(0))
        .optional()?;
    Ok(match state.as_deref() {
        Some("present") => Place::Here,
        Some("quarantined") => Place::Quarantined,
        Some(_) | None => Place::Waiting,
    })
}
