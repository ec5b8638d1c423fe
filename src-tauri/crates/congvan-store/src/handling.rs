//! Acts on documents: laid over the mirror until the server shows them, and taken back
//! until they are sent.
//!
//! Invariant: an act is taken back only while it was not handed to the network; the driver's taking
//! ([`Store::take_ops`]) and the taking back are transactions of the one writer, so one of them
//! comes first.

use congvan_model::{AccountId, DocumentId, DocumentState, OpId, Timestamp};
use congvan_protocol::{
    Capacity, Document, Intent, OpinionKind,
    handling::{Actor, Course, HandlingAct},
};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    Recorded, Store, acts,
    audit::{self, AuditEvent, AuditKind},
    capacity,
    document::{self, word},
    drafts,
    error::{Result, StoreError},
    journal::IntentRecord,
    part::{self, Part},
};

impl Store {
    /// Records an act on a document; it counts here at once. Whether it may be done is the
    /// caller's question.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`]; disk errors: then nothing was recorded.
    pub fn handle(
        &self,
        document: DocumentId,
        act: HandlingAct,
        author: (AccountId, &str),
        now: Timestamp,
    ) -> Result<Recorded> {
        self.handle_by(document, (act, None), author, now)
    }

    /// The same by one of several posts that the act needs, where no capacity was chosen: when that
    /// post has ended before the server takes the act, the server says which.
    ///
    /// # Errors
    /// As [`Store::handle`].
    pub fn handle_by(
        &self,
        document: DocumentId,
        (act, post): (HandlingAct, Option<Capacity>),
        author: (AccountId, &str),
        now: Timestamp,
    ) -> Result<Recorded> {
        let act = Box::new(act);
        let intent = Intent::Handle { act };
        self.then_journalled(|tx| {
            let on = (document, acts::seen_rev(tx, document)?);
            let capacity = capacity::of(tx, &intent)?.or_else(|| post.clone());
            acts::record_as(tx, on, (intent.clone(), capacity), author, now)
        })
    }

    /// Takes the latest act of this machine on a document back, which was not sent yet. The answer is
    /// its intent.
    ///
    /// # Errors
    /// [`StoreError::AlreadySent`] when nothing of it is left to be taken back; disk errors.
    pub fn undo_handling(&self, document: DocumentId, now: Timestamp) -> Result<OpId> {
        let mut journal = crate::lock(self.journal());
        let op = self.write(|tx| {
            let op = undoable(tx, document)?.ok_or(StoreError::AlreadySent)?;
            tx.execute(
                "UPDATE outbox SET state = 'withdrawn', settled_at = ?2 WHERE op_id = ?1",
                params![op.0.as_bytes(), now.0],
            )?;
            acts::drop_overlay(tx, op)?;
            let event = AuditEvent {
                kind: AuditKind::HandlingUndone,
                document: Some(document),
                detail: format!("op={op}"),
            };
            audit::append(tx, &event, now)?;
            Ok(op)
        })?;
        // The database knows it for good; the journal learns it now, or at the next opening.
        if let Err(error) = journal.settle(op) {
            tracing::warn!(%op, %error, "the journal does not know yet what was taken back");
        }
        Ok(op)
    }

    /// Whether there is an act on this document that was not sent yet.
    ///
    /// # Errors
    /// Disk errors.
    pub fn can_undo_handling(&self, document: DocumentId) -> Result<bool> {
        self.read(|db| Ok(undoable(db, document)?.is_some()))
    }
}

/// The latest unsent act, unless something that was done after it is under way already.
fn undoable(db: &Connection, document: DocumentId) -> Result<Option<OpId>> {
    let found: Option<[u8; 16]> = db
        .prepare_cached(
            "SELECT op_id FROM outbox WHERE lane = ?1 AND kind = 'handle' AND state = 'waiting'
               AND sent_at IS NULL ORDER BY local_seq DESC LIMIT 1",
        )?
        .query_row(params![document.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(found.map(|id| OpId(Uuid::from_bytes(id))))
}

/// What our acts that the server does not show yet make of a document.
pub(crate) fn project(db: &Connection, document: &mut Document) -> Result<()> {
    let mut query = db.prepare_cached(
        "SELECT o.facts, o.author, o.author_name, o.at FROM overlay_act a
         JOIN outbox o ON o.op_id = a.op_id
         WHERE a.document = ?1 AND o.state IN ('waiting', 'applied') ORDER BY o.local_seq",
    )?;
    let mut rows = query.query(params![document.id.0.as_bytes()])?;
    let mut course: Option<Course> = None;
    while let Some(row) = rows.next()? {
        let intent: Intent = serde_json::from_str(&row.get::<_, String>(0)?)?;
        let Intent::Handle { act } = intent else {
            continue;
        };
        let name: String = row.get(2)?;
        let actor = Actor {
            account: AccountId(row.get(1)?),
            full_name: &name,
            posts: &[],
        };
        let (course, at) = (
            course.get_or_insert_with(|| Course::of(document)),
            Timestamp(row.get(3)?),
        );
        course.project(&act, &actor, at);
        drafts::revise(document, &act, at);
    }
    if let Some(course) = course {
        document.state = course.state;
        document.due = course.due;
        document.handling = Some(Box::new(course.handling));
    }
    Ok(())
}

/// Whether an act of ours that the server does not show yet takes a document away.
pub(crate) fn is_away(db: &Connection, document: DocumentId) -> Result<bool> {
    let mut query = db.prepare_cached(
        "SELECT o.facts FROM overlay_act a JOIN outbox o ON o.op_id = a.op_id
         WHERE a.document = ?1 AND o.state IN ('waiting', 'applied')",
    )?;
    let mut rows = query.query(params![document.0.as_bytes()])?;
    while let Some(row) = rows.next()? {
        if let Intent::Handle { act } = serde_json::from_str(&row.get::<_, String>(0)?)?
            && takes_away(&act)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn takes_away(act: &HandlingAct) -> bool {
    matches!(
        act,
        HandlingAct::Refuse { .. }
            | HandlingAct::AnswerRecall { agreed: true, .. }
            | HandlingAct::Discard { .. }
    )
}

/// The rows that show an act in lists before the server has it.
pub(crate) fn lay_over(
    tx: &Transaction<'_>,
    record: &IntentRecord,
    act: &HandlingAct,
) -> Result<usize> {
    let op = &record.op;
    if let HandlingAct::Direct { opinion, text, .. } = act
        && !text.trim().is_empty()
    {
        tx.execute(
            "INSERT INTO overlay_opinion(id, op_id, document, kind, text, author, author_name,
               written_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(id) DO NOTHING",
            params![
                opinion.0.as_bytes(),
                op.id.0.as_bytes(),
                op.lane.0.as_bytes(),
                word(&OpinionKind::Direction)?,
                text.trim(),
                record.author.0,
                record.author_name,
                op.at.0
            ],
        )?;
    }
    if let Some(file) = act.file() {
        drafts::need_upload(tx, file)?;
    }
    // Out of the journal alone its document may not be here any more.
    let Some((mut document, _, _)) = document::load(tx, op.lane)? else {
        return Ok(0);
    };
    project(tx, &mut document)?;
    let mut course = Course::of(&document);
    let actor = Actor {
        account: record.author,
        full_name: &record.author_name,
        posts: &[],
    };
    course.project(act, &actor, op.at);
    let is_away = takes_away(act);
    let due = part::due(tx, &course)?.map(|due| serde_json::to_string(&due));
    let part = match is_away {
        true => None,
        false => part::of_course(tx, &course)?,
    };
    Ok(tx.execute(
        "INSERT INTO overlay_act(op_id, document, state, open, due, part, seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(op_id) DO NOTHING",
        params![
            op.id.0.as_bytes(),
            op.lane.0.as_bytes(),
            word(&course.state)?,
            !is_away && waits(course.state),
            due.transpose()?,
            part.map(Part::word),
            crate::int(op.local_seq)
        ],
    )?)
}

/// The mirror has the effect of an act: it need not be laid over it any more.
pub(crate) fn settled(tx: &Transaction<'_>, op: OpId, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM overlay_act WHERE op_id = ?1
           AND EXISTS (SELECT 1 FROM document d WHERE d.id = document AND d.rev >= ?2)",
    )?
    .execute(params![op.0.as_bytes(), crate::int(rev)])?;
    Ok(())
}

/// The server's newer word on a document has what was applied in it.
pub(crate) fn shown(tx: &Transaction<'_>, document: DocumentId) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM overlay_act WHERE document = ?1 AND op_id IN
           (SELECT op_id FROM outbox WHERE lane = ?1 AND state = 'applied')",
    )?
    .execute(params![document.0.as_bytes()])?;
    Ok(())
}

/// Whether an incoming document in this state is still to be handled.
pub(crate) fn waits(state: DocumentState) -> bool {
    match state {
        DocumentState::Received
        | DocumentState::Registered
        | DocumentState::Presented
        | DocumentState::Directed
        | DocumentState::InProgress => true,
        DocumentState::Resolved
        | DocumentState::Draft
        | DocumentState::ContentReview
        | DocumentState::FormatReview
        | DocumentState::AwaitingInitials
        | DocumentState::AwaitingSignature
        | DocumentState::Signed
        | DocumentState::Issued
        | DocumentState::Filed => false,
    }
}
