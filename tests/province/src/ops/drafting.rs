//! Drafts of documents that go out: making them, what stands on them, their versions, and initials by
//! signature. Who may do what is the protocol's table.

use congvan_model::{Direction, DocumentId, ReceiverRole, Timestamp, nfc};
use congvan_protocol::{
    FileRole, FlowStep, Intent, OpOutcome, ProblemCode, RegisteredFile, RegistrationFields, Signer,
    handling::{ActKind, Course, DRAFTED, DraftFields, HandlingAct, Refusal, made_of},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{
    copying,
    handling::show_and_tell,
    intents::{Decision, Sent, touch_document},
    registering::{NewRow, insert_document, insert_file, is_taken, not_uploaded, refused},
    signature::Evidence,
};
use crate::{
    accounts, books, course, entity,
    error::Result,
    origin,
    text::{uuid, word},
};

/// Makes a draft: document, file, who drafted it, in one transaction.
pub(super) fn draft(tx: &Transaction<'_>, sent: Sent<'_>, evidence: Evidence) -> Result<Decision> {
    let Intent::DraftDocument {
        fields,
        file,
        origin,
    } = &sent.op.intent
    else {
        return Ok(refused("not a draft"));
    };
    let document = sent.op.lane;
    let Some(registry) = books::registry(tx, sent.account)? else {
        let detail = "nobody of an agency";
        return Ok(Decision::rejected(ProblemCode::Forbidden, detail));
    };
    let actor = sent.acting.actor();
    let origin = origin.as_deref();
    let copied = origin.filter(|origin| origin.relation.is_copy());
    let drafted = match copied {
        Some(origin) => Course::copied((fields, file), origin, &actor),
        None => Course::drafted(fields, file, &actor, sent.now),
    };
    let course = match drafted {
        Ok(course) => course,
        Err(Refusal::Fact(fact)) => return Ok(refused(fact)),
        Err(Refusal::NotYours | Refusal::NotNow) => return Ok(refused("not a draft")),
    };
    let source = match origin {
        Some(origin) => match copying::source(tx, sent, origin, (fields.kind, file))? {
            Ok(source) => Some(source),
            Err(decision) => return Ok(decision),
        },
        None => None,
    };
    if is_taken(tx, (document, file))? {
        return Ok(refused("an id is taken"));
    }
    if let Some(decision) = not_uploaded(evidence, file) {
        return Ok(decision);
    }
    let issuer = accounts::agency(tx, &registry.agency)?;
    let new = NewRow {
        document,
        place: (Direction::Outgoing, course.state),
        number: None,
        at: sent.now,
    };
    let own = RegistrationFields {
        issuer_code: Some(issuer.code),
        issuer_name: issuer.name,
        notation: None,
        issued_on: None,
        kind: fields.kind,
        subject: fields.subject.clone(),
        urgency: fields.urgency,
        signer: nobody(),
        due: None,
        activity: None,
    };
    let written = match source.as_ref().filter(|_| copied.is_some()) {
        Some(source) => copying::fields(tx, source.document, own)?,
        None => own,
    };
    insert_document(tx, &new, &written)?;
    insert_file(tx, (document, file), sent.now)?;
    if let Some(origin) = origin {
        origin::keep(tx, document, origin)?;
    }
    tx.execute(
        "INSERT INTO access(document, account, role, read_at) VALUES (?1, ?2, ?3, ?4)",
        params![
            document.0.as_bytes(),
            sent.account.0,
            word(&ReceiverRole::Lead)?,
            sent.now.0
        ],
    )?;
    course::save(tx, document, &course)?;
    let step = FlowStep {
        at: sent.now,
        who: sent.acting.full_name.clone(),
        state: course.state,
        note: match &source {
            Some(source) => made_of(source.relation, &source.title),
            None => DRAFTED.to_owned(),
        },
    };
    entity::add_step(tx, document, &step)?;
    if let Some(source) = source.filter(|_| copied.is_some()) {
        copying::made(tx, (document, source.document), &registry.agency)?;
    }
    Ok(Decision {
        outcome: OpOutcome::Applied { rev: 1 },
        touches: touch_document(tx, document, 1, &entity::readers(tx, document)?)?,
    })
}

fn nobody() -> Signer {
    Signer {
        position: String::new(),
        full_name: String::new(),
    }
}

/// What an act changes on the document itself. A decision where it cannot be.
pub(super) fn write(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    act: &HandlingAct,
    after: &Course,
) -> Result<Option<Decision>> {
    let document = sent.op.lane;
    if after.direction != Direction::Outgoing {
        return Ok(None);
    }
    if let HandlingAct::Revise { file, fields, .. } = act {
        // What corrects or replaces another document is of the kind that does so.
        let is_about = after.handling.origin.is_some();
        if let Some(fields) = fields.as_deref().filter(|_| is_about)
            && fields.kind != entity::fields(tx, document)?.kind
        {
            return Ok(Some(refused("kind")));
        }
        if let Some(file) = file
            && !add_version(tx, (document, file), sent.now)?
        {
            return Ok(Some(refused("file")));
        }
        if let Some(fields) = fields {
            write_fields(tx, document, fields)?;
        }
    }
    if after.is_copy() {
        return Ok(None);
    }
    // Who will sign it stands on it while it lies before that leader.
    let signer = match &after.handling.director {
        Some(leader) => {
            let leaders = leaders_of(tx, document)?;
            let known = leaders
                .into_iter()
                .find(|one| one.account == leader.account);
            known.map_or_else(nobody, |known| Signer {
                position: known.title,
                full_name: known.full_name,
            })
        }
        None => nobody(),
    };
    tx.execute(
        "UPDATE document SET signer_position = ?2, signer_name = ?3 WHERE id = ?1",
        params![document.0.as_bytes(), signer.position, signer.full_name],
    )?;
    Ok(None)
}

/// The agency that a document goes out from.
pub(super) fn agency_of(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<String>> {
    Ok(tx
        .prepare_cached(
            "SELECT issuer_code FROM document WHERE id = ?1 AND direction = 'outgoing'",
        )?
        .query_row([document.0.as_bytes()], |row| row.get(0))
        .optional()?)
}

fn leaders_of(
    tx: &Transaction<'_>,
    document: DocumentId,
) -> Result<Vec<congvan_protocol::LeaderInfo>> {
    match agency_of(tx, document)? {
        Some(agency) => accounts::leaders(tx, &agency),
        None => Ok(Vec::new()),
    }
}

fn write_fields(tx: &Transaction<'_>, document: DocumentId, fields: &DraftFields) -> Result<()> {
    tx.execute(
        "UPDATE document SET kind = ?2, subject = ?3, urgency = ?4 WHERE id = ?1",
        params![
            document.0.as_bytes(),
            word(&fields.kind)?,
            nfc(fields.subject.trim()),
            fields.urgency.priority()
        ],
    )?;
    Ok(())
}

/// Puts a new version behind those before; false where it is not one of this document's main file.
fn add_version(
    tx: &Transaction<'_>,
    (document, file): (DocumentId, &RegisteredFile),
    now: Timestamp,
) -> Result<bool> {
    let main: Option<uuid::Uuid> = tx
        .prepare_cached("SELECT id FROM file WHERE document = ?1 AND role = ?2")?
        .query_row(
            params![document.0.as_bytes(), word(&FileRole::Main)?],
            |row| uuid(row, "id"),
        )
        .optional()?;
    if main != Some(file.file.0) {
        return Ok(false);
    }
    let inserted = tx.execute(
        "INSERT OR IGNORE INTO revision(id, file, ordinal, sha256, at)
         SELECT ?1, ?2, max(ordinal) + 1, ?3, ?4 FROM revision WHERE file = ?2",
        params![
            file.revision.0.as_bytes(),
            file.file.0.as_bytes(),
            file.sha256.0,
            now.0
        ],
    )?;
    if inserted == 0 {
        return Ok(false);
    }
    tx.execute(
        "UPDATE file SET name = ?2, pages = ?3 WHERE id = ?1",
        params![file.file.0.as_bytes(), nfc(file.name.trim()), file.pages],
    )?;
    Ok(true)
}

/// Where a draft stands once this person has initialled it; none where that is not this person's.
pub(super) fn initialled(tx: &Transaction<'_>, sent: Sent<'_>) -> Result<Option<Course>> {
    let Some(mut course) = course::load(tx, sent.op.lane)? else {
        return Ok(None);
    };
    let actor = sent.acting.actor();
    if sent.acting.mandate.is_some() || course.judge(ActKind::Initial, &actor).is_err() {
        return Ok(None);
    }
    let done = course.apply(&HandlingAct::Initial {}, &actor, None, sent.now);
    Ok(done.is_ok().then_some(course))
}

/// Keeps that; everyone who sees the draft is told, and the leader from here on.
pub(super) fn after_initials(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    after: &Course,
) -> Result<Decision> {
    let Some(before) = course::load(tx, sent.op.lane)? else {
        return Ok(refused("not a draft"));
    };
    show_and_tell(tx, sent, (&before, after), None)
}
