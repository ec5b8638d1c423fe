//! Copies of documents that the office holds, and drafts of what corrects or replaces one: what may be
//! made of which document is the protocol's table.

use congvan_model::{DocumentId, DocumentType};
use congvan_protocol::{
    FileRole, ProblemCode, RegisteredFile, RegistrationFields,
    handling::{ActKind, Origin, Relation},
};
use rusqlite::{Transaction, params};

use super::{
    handling::{explain, other_agency},
    intents::{Decision, Sent},
    registering::refused,
};
use crate::{books, course, entity, error::Result, origin, text::word};

/// The document that something is made of.
pub(super) struct Source {
    pub(super) document: DocumentId,
    pub(super) relation: Relation,
    /// Number and symbol, or subject.
    pub(super) title: String,
}

/// Whether this person may make that of its source now, and the file is what it says.
pub(super) fn source(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    wanted: &Origin,
    (kind, file): (DocumentType, &RegisteredFile),
) -> Result<std::result::Result<Source, Decision>> {
    let Some(id) = wanted.document else {
        return Ok(Err(refused("origin")));
    };
    let Some(seen) = entity::document(tx, id, sent.account)? else {
        let detail = "no such document for this account";
        return Ok(Err(Decision::rejected(ProblemCode::NotFound, detail)));
    };
    let Some(course) = course::load(tx, id)? else {
        return Ok(Err(refused("origin")));
    };
    let act = match wanted.relation.is_copy() {
        true => ActKind::Copy,
        false => ActKind::Amend,
    };
    if let Err(refusal) = course.judge(act, &sent.acting.actor()) {
        return explain(tx, (sent, id), (0, course.state), refusal).map(Err);
    }
    if let Some(decision) = other_agency(tx, id, sent.account)? {
        return Ok(Err(decision));
    }
    if !course.takes(wanted.relation, (seen.kind, kind)) {
        return Ok(Err(refused("relation")));
    }
    if wanted.relation.is_copy() {
        let is_whole = wanted.relation != Relation::Extract;
        if is_state_of(tx, id, file)? != is_whole {
            return Ok(Err(refused("file")));
        }
    }
    Ok(Ok(Source {
        document: id,
        relation: wanted.relation,
        title: seen
            .notation
            .map_or(seen.subject, |notation| notation.to_string()),
    }))
}

/// What stands on a copy: what stands on its source, and the agency that copies.
pub(super) fn fields(
    tx: &Transaction<'_>,
    source: DocumentId,
    own: RegistrationFields,
) -> Result<RegistrationFields> {
    let of_source = entity::fields(tx, source)?;
    Ok(RegistrationFields {
        kind: of_source.kind,
        subject: of_source.subject,
        urgency: of_source.urgency,
        signer: of_source.signer,
        ..own
    })
}

/// A copy was made: the registry sees it, and everyone who sees its source reads of it.
pub(super) fn made(
    tx: &Transaction<'_>,
    (document, source): (DocumentId, DocumentId),
    agency: &str,
) -> Result<()> {
    for clerk in books::clerks(tx, agency)? {
        tx.prepare_cached("INSERT OR IGNORE INTO access(document, account) VALUES (?1, ?2)")?
            .execute(params![document.0.as_bytes(), clerk.0])?;
    }
    origin::show(tx, source)
}

/// Whether these bytes are a state of the main file of a document.
fn is_state_of(tx: &Transaction<'_>, document: DocumentId, file: &RegisteredFile) -> Result<bool> {
    Ok(tx
        .prepare_cached(
            "SELECT 1 FROM revision r JOIN file f ON f.id = r.file
             WHERE f.document = ?1 AND f.role = ?2 AND r.sha256 = ?3",
        )?
        .exists(params![
            document.0.as_bytes(),
            word(&FileRole::Main)?,
            file.sha256.0
        ])?)
}
