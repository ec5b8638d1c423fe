//! What each intent does. Facts in, decisions out; the caller commits them with the op log.

use congvan_model::{
    AccountId, DeviceId, DocumentId, DocumentState, FileId, OpinionId, Role, Sha256, Timestamp, nfc,
};
use congvan_protocol::{
    Acting, ChangeKind, EntityType, FlowStep, Intent, Op, OpOutcome, OpinionAbout, OpinionKind,
    ProblemCode, SignatureLevel, handling::SEALED,
};
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    accounts, books, course, entity,
    error::Result,
    feed::{Touch, priority},
    mandates,
    mutant::Mutant,
    text::{uuid, word},
};

use super::{
    calendars, dossiers, drafting, handling, importing, issuing, presenting, received, registering,
    signature::Evidence, tasks,
};

/// Longest opinion, in characters.
const OPINION_MAX: usize = 4000;

/// An outcome and what it changes in the feeds.
pub(super) struct Decision {
    pub(super) outcome: OpOutcome,
    pub(super) touches: Vec<Touch>,
}

impl Decision {
    pub(super) fn rejected(code: ProblemCode, detail: &str) -> Self {
        let outcome = OpOutcome::Rejected {
            code,
            detail: detail.to_owned(),
        };
        Self {
            outcome,
            touches: Vec::new(),
        }
    }

    pub(super) fn settled(outcome: OpOutcome) -> Self {
        Self {
            outcome,
            touches: Vec::new(),
        }
    }
}

/// An op, whose it is, from where and when it came.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    pub(super) account: AccountId,
    pub(super) device: DeviceId,
    pub(super) op: &'a Op,
    /// In whose place and by which posts.
    pub(super) acting: &'a Acting,
    pub(super) now: Timestamp,
    /// The number that its document had before this server was restored.
    pub(super) given: Option<u32>,
    /// Whether dossiers are numbered under each heading.
    pub(super) dossiers_per_heading: bool,
    /// A seeded fault of this server.
    pub(super) mutant: Option<Mutant>,
}

pub(super) fn decide(tx: &Transaction<'_>, sent: Sent<'_>, evidence: Evidence) -> Result<Decision> {
    let Sent { account, op, .. } = sent;
    // Who stands in a leader's place directs and signs, and nothing else.
    let is_covered = matches!(
        op.intent,
        Intent::Handle { .. } | Intent::LinkRevision { .. }
    );
    if sent.acting.mandate.is_some() && !is_covered {
        let detail = "the mandate does not cover it";
        return Ok(Decision::rejected(ProblemCode::Forbidden, detail));
    }
    match &op.intent {
        Intent::RegisterIncoming { .. } => return registering::register(tx, sent, evidence),
        Intent::RegisterReceived { .. } => return received::register(tx, sent),
        Intent::VoidNumber { .. } => return registering::void_number(tx, sent),
        Intent::WithdrawRegistration { .. } => return presenting::withdraw(tx, sent),
        Intent::DraftDocument { .. } => return drafting::draft(tx, sent, evidence),
        Intent::Dossier { act } => return dossiers::act(tx, sent, act),
        Intent::Task { act } => return tasks::act(tx, sent, act),
        Intent::Calendar { act } => return calendars::act(tx, sent, act),
        Intent::ImportRows { .. } => return importing::rows(tx, sent),
        Intent::ImportFile { file } => return importing::file(tx, sent, file, evidence),
        Intent::AddOpinion { .. }
        | Intent::LinkRevision { .. }
        | Intent::MarkRead
        | Intent::PresentDocument { .. }
        | Intent::Handle { .. } => {}
    }
    let Some((rev, state, _)) = entity::standing(tx, op.lane, account)? else {
        return Ok(Decision::rejected(
            ProblemCode::NotFound,
            "no such document for this account",
        ));
    };
    match &op.intent {
        Intent::MarkRead => mark_read(tx, account, op, rev),
        Intent::AddOpinion {
            opinion,
            opinion_kind,
            text,
            about,
        } => {
            let wanted = NewOpinion {
                id: *opinion,
                kind: *opinion_kind,
                text: nfc(text.trim()),
                about: *about,
            };
            add_opinion(tx, sent, &wanted, state)
        }
        Intent::LinkRevision { .. } => link_revision(tx, sent, state, evidence),
        Intent::PresentDocument { .. } => presenting::present(tx, sent, (rev, state)),
        Intent::Handle { .. } => handling::handle(tx, sent, rev, evidence),
        // Decided before: they are not about a document that is there.
        Intent::RegisterIncoming { .. }
        | Intent::RegisterReceived { .. }
        | Intent::VoidNumber { .. }
        | Intent::DraftDocument { .. }
        | Intent::WithdrawRegistration { .. }
        | Intent::Dossier { .. }
        | Intent::Task { .. }
        | Intent::ImportRows { .. }
        | Intent::ImportFile { .. }
        | Intent::Calendar { .. } => Ok(Decision::rejected(
            ProblemCode::InvalidRequest,
            "not about a document",
        )),
    }
}

/// Monotone: the earliest opening stays; others see nothing of it.
fn mark_read(tx: &Transaction<'_>, account: AccountId, op: &Op, rev: u64) -> Result<Decision> {
    let changed = tx.execute(
        "UPDATE access SET read_at = ?3 WHERE document = ?1 AND account = ?2
         AND (read_at IS NULL OR read_at > ?3)",
        params![op.lane.0.as_bytes(), account.0, op.at.0],
    )?;
    if changed == 0 {
        return Ok(Decision::settled(OpOutcome::Applied { rev }));
    }
    let rev = entity::bump(tx, op.lane)?;
    // The registry sees in its book who has taken the document over.
    let mut concerned = vec![account];
    for reader in books::acknowledging(tx, op.lane, account)? {
        if reader != account {
            concerned.push(reader);
        }
    }
    concerned.sort();
    let touches = touch_document(tx, op.lane, rev, &concerned)?;
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches,
    })
}

struct NewOpinion {
    id: OpinionId,
    kind: OpinionKind,
    text: String,
    about: Option<OpinionAbout>,
}

/// Appends; never conflicts. A leader's direction on a presented document directs it.
fn add_opinion(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    wanted: &NewOpinion,
    state: DocumentState,
) -> Result<Decision> {
    let Sent {
        account, op, now, ..
    } = sent;
    let length = wanted.text.chars().count();
    if length == 0 || length > OPINION_MAX {
        return Ok(Decision::rejected(
            ProblemCode::InvalidRequest,
            "1 to 4000 characters",
        ));
    }
    if wanted.kind == OpinionKind::Direction && !sent.acting.holds(Role::Leader) {
        return Ok(Decision::rejected(
            ProblemCode::Forbidden,
            "only a leader directs",
        ));
    }
    if !is_about_this(tx, sent, wanted)? {
        return Ok(Decision::rejected(
            ProblemCode::InvalidRequest,
            "no such place, or no such note on this document",
        ));
    }
    let author_name = accounts::full_name(tx, account)?;
    // A server that forgets what it did would append it once more.
    let id = match sent.mutant {
        Some(Mutant::ReappliesDuplicates) => Uuid::now_v7(),
        Some(_) | None => wanted.id.0,
    };
    let inserted = tx.execute(
        "INSERT OR IGNORE INTO opinion(id, document, kind, text, author, author_name, written_at,
         received_at, about) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            id.as_bytes(),
            op.lane.0.as_bytes(),
            word(&wanted.kind)?,
            wanted.text,
            account.0,
            author_name,
            op.at.0,
            now.0,
            wanted
                .about
                .filter(|_| sent.mutant != Some(Mutant::KeepsNoPlaces))
                .as_ref()
                .map(serde_json::to_string)
                .transpose()?
        ],
    )?;
    if inserted == 0 {
        return Ok(Decision::rejected(
            ProblemCode::InvalidRequest,
            "the opinion id is taken",
        ));
    }
    let mut touches = touch_opinion(tx, op.lane, OpinionId(id))?;
    if wanted.kind == OpinionKind::Direction && state == DocumentState::Presented {
        let step = FlowStep {
            at: now,
            who: author_name,
            state: DocumentState::Directed,
            note: "Cho ý kiến chỉ đạo".to_owned(),
        };
        let rev = entity::move_to(tx, op.lane, &step)?;
        touches.extend(touch_document(
            tx,
            op.lane,
            rev,
            &entity::readers(tx, op.lane)?,
        )?);
    }
    Ok(Decision {
        outcome: OpOutcome::Applied { rev: 1 },
        touches,
    })
}

/// A place lies on its page, a note that is settled is one of the same document, one that is opened
/// again was settled, and a direction is about the document as a whole.
fn is_about_this(tx: &Transaction<'_>, sent: Sent<'_>, wanted: &NewOpinion) -> Result<bool> {
    let Some(about) = wanted.about else {
        return Ok(true);
    };
    if wanted.kind == OpinionKind::Direction || !about.is_sound() {
        return Ok(false);
    }
    let said = abouts(tx, sent.op.lane)?;
    let has_fault = |mutant| sent.mutant == Some(mutant);
    let is_note = |note| {
        let is_it = |(id, about): &(OpinionId, OpinionAbout)| {
            *id == note && matches!(about, OpinionAbout::Place { .. })
        };
        said.iter().any(is_it)
    };
    Ok(match about {
        OpinionAbout::Place { .. } => true,
        OpinionAbout::Other => !has_fault(Mutant::RefusesNewerAbout),
        OpinionAbout::Settled { note } => is_note(note) || has_fault(Mutant::SettlesAnything),
        OpinionAbout::Reopened { note } => {
            let settled = OpinionAbout::Settled { note };
            let was_settled = said.iter().any(|(_, about)| *about == settled);
            is_note(note) && (was_settled || has_fault(Mutant::ReopensAnything))
        }
    })
}

/// What the opinions on a document are about, where it is not the document as a whole.
fn abouts(tx: &Transaction<'_>, document: DocumentId) -> Result<Vec<(OpinionId, OpinionAbout)>> {
    let mut query = tx.prepare_cached(
        "SELECT id, about FROM opinion WHERE document = ?1 AND about IS NOT NULL",
    )?;
    let mut rows = query.query(params![document.0.as_bytes()])?;
    let mut said = Vec::new();
    while let Some(row) = rows.next()? {
        let id = OpinionId(Uuid::from_bytes(row.get(0)?));
        said.push((id, serde_json::from_str(&row.get::<_, String>(1)?)?));
    }
    Ok(said)
}

/// Child extends the current head by a signature of a certificate of the account, while the
/// document waits for one, or completes a signature of the account; a head that moved is a conflict
/// that a person resolves.
fn link_revision(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    state: DocumentState,
    evidence: Evidence,
) -> Result<Decision> {
    let Sent { account, op, .. } = sent;
    let Intent::LinkRevision {
        file,
        parent,
        child,
        certificate,
        ..
    } = &op.intent
    else {
        return Ok(Decision::rejected(
            ProblemCode::InvalidRequest,
            "not a revision",
        ));
    };
    let Some(head) = head_of(tx, op.lane, *file)? else {
        return Ok(Decision::rejected(
            ProblemCode::NotFound,
            "no such file in the document",
        ));
    };
    if is_linked(tx, *file, child)? {
        // Already there: the same bytes were linked under another op id, e.g. after a re-offer.
        let (rev, ..) =
            entity::standing(tx, op.lane, account)?.unwrap_or((0, state, Default::default()));
        return Ok(Decision::settled(OpOutcome::Applied { rev }));
    }
    if head.sha256 != *parent {
        return Ok(head.moved());
    }
    match evidence {
        // What is in them is not known yet, so neither is the rule that they must keep.
        Evidence::NotNeeded | Evidence::Missing => Ok(Decision::settled(OpOutcome::Blocked {
            missing: vec![*child],
        })),
        Evidence::Refused { code, detail } => {
            // After that it can only be meant as a completion, which has rules of its own.
            let is_signing = state == DocumentState::AwaitingSignature;
            let refusal = if is_signing {
                may_not_sign(tx, sent, state)?
            } else {
                None
            };
            Ok(refusal.unwrap_or_else(|| Decision::rejected(code, &detail)))
        }
        Evidence::Signed {
            certificate: found,
            level,
        } => {
            // The agency signs its scan of a paper, whatever has become of the document meanwhile.
            let is_copy = presenting::may_seal(tx, sent, head.ordinal)?;
            // Who was named to initial it does so with a signature of their own, or without.
            let is_initials = state == DocumentState::AwaitingInitials && head.is_main;
            let initialled = if is_initials {
                drafting::initialled(tx, sent)?
            } else {
                None
            };
            // What the leader has signed and what has its number is signed for the agency.
            let is_signed = state == DocumentState::Signed;
            let sealed = if is_signed && head.is_main {
                issuing::sealed(tx, sent)?
            } else {
                None
            };
            let is_beside =
                is_signed && !head.is_main && issuing::may_seal_beside(tx, sent, head.ordinal)?;
            let is_agencys = sealed.is_some() || is_beside;
            if !is_copy
                && !is_agencys
                && initialled.is_none()
                && let Some(refusal) = may_not_sign(tx, sent, state)?
            {
                return Ok(refusal);
            }
            if found != *certificate || !accounts::may_sign(tx, account, &found)? {
                return Ok(Decision::rejected(
                    ProblemCode::SignerMismatch,
                    "the certificate is not registered for the account",
                ));
            }
            if is_agencys && !issuing::is_agencys(tx, sent, &found)? {
                return Ok(Decision::rejected(
                    ProblemCode::SignerMismatch,
                    "the certificate is a person's own",
                ));
            }
            let added = match &initialled {
                Some(after) => Added::Initials(after.state),
                None if is_agencys => Added::Seal {
                    is_main: head.is_main,
                },
                None if is_copy => Added::Copy(state),
                None => Added::Signature,
            };
            let decision = store_revision(tx, sent, &head, (level, added))?;
            if !is_applied(&decision.outcome) {
                return Ok(decision);
            }
            if let Some(after) = &sealed {
                course::save(tx, op.lane, after)?;
            }
            match initialled {
                Some(after) => drafting::after_initials(tx, sent, &after),
                None => Ok(decision),
            }
        }
        Evidence::Completed { signatures } => {
            let own = signatures
                .iter()
                .rev()
                .find(|(found, _)| found == certificate);
            let is_author = accounts::may_sign(tx, account, certificate)?;
            match own.filter(|_| is_author) {
                Some((_, level)) => store_revision(tx, sent, &head, (*level, Added::Completion)),
                None => Ok(Decision::rejected(
                    ProblemCode::SignerMismatch,
                    "only the author of a signature completes it",
                )),
            }
        }
    }
}

/// Why an account may not sign a document now.
fn may_not_sign(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    state: DocumentState,
) -> Result<Option<Decision>> {
    let document = sent.op.lane;
    if state != DocumentState::AwaitingSignature {
        let detail = "not waiting for a signature";
        return Ok(Some(Decision::rejected(ProblemCode::WrongState, detail)));
    }
    if !sent.acting.holds(Role::Leader) {
        let detail = "only a leader signs";
        return Ok(Some(Decision::rejected(ProblemCode::Forbidden, detail)));
    }
    let is_for_another = course::load(tx, document)?
        .is_some_and(|course| !course.handling.may_sign(sent.acting.account));
    if is_for_another {
        let detail = "it was put before another leader";
        return Ok(Some(Decision::rejected(ProblemCode::Forbidden, detail)));
    }
    if !sent.acting.covers_signing(mandates::kind_of(tx, document)?) {
        let detail = "the mandate does not cover it";
        return Ok(Some(Decision::rejected(ProblemCode::Forbidden, detail)));
    }
    Ok(None)
}

/// What a revision adds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Added {
    Signature,
    /// The agency's signature on its scan, which leaves the document where it stands.
    Copy(DocumentState),
    /// Initials, which lead there.
    Initials(DocumentState),
    /// The agency's signature on what goes out, or on a file beside it.
    Seal {
        is_main: bool,
    },
    Completion,
}

fn is_applied(outcome: &OpOutcome) -> bool {
    matches!(outcome, OpOutcome::Applied { .. })
}

struct Head {
    sha256: Sha256,
    ordinal: i64,
    signed_by: Option<String>,
    at: Timestamp,
    is_main: bool,
}

impl Head {
    fn moved(self) -> Decision {
        let detail = format!(
            "{} {}",
            self.signed_by.unwrap_or_else(|| "?".to_owned()),
            self.at.iso_vietnam()
        );
        Decision::settled(OpOutcome::Conflict {
            code: ProblemCode::HeadMoved,
            detail,
        })
    }
}

fn head_of(tx: &Transaction<'_>, document: DocumentId, file: FileId) -> Result<Option<Head>> {
    Ok(tx
        .query_row(
            "SELECT r.sha256, r.ordinal, r.signed_by, r.at, f.role FROM revision r
             JOIN file f ON f.id = r.file WHERE f.id = ?1 AND f.document = ?2
             ORDER BY r.ordinal DESC LIMIT 1",
            params![file.0.as_bytes(), document.0.as_bytes()],
            |row| {
                let role: String = row.get(4)?;
                Ok(Head {
                    sha256: Sha256(row.get(0)?),
                    ordinal: row.get(1)?,
                    signed_by: row.get(2)?,
                    at: Timestamp(row.get(3)?),
                    is_main: role == "main",
                })
            },
        )
        .optional()?)
}

fn is_linked(tx: &Transaction<'_>, file: FileId, child: &Sha256) -> Result<bool> {
    Ok(tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM revision WHERE file = ?1 AND sha256 = ?2)",
        params![file.0.as_bytes(), child.0],
        |row| row.get(0),
    )?)
}

fn store_revision(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    head: &Head,
    (level, added): (SignatureLevel, Added),
) -> Result<Decision> {
    let Sent { op, now, .. } = sent;
    let Intent::LinkRevision {
        file,
        revision,
        parent,
        child,
        ..
    } = &op.intent
    else {
        return Ok(Decision::rejected(
            ProblemCode::InvalidRequest,
            "not a revision",
        ));
    };
    let who = sent.acting.full_name.clone();
    let inserted = tx.execute(
        "INSERT OR IGNORE INTO revision(id, file, ordinal, sha256, parent, level, signed_by, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            revision.0.as_bytes(),
            file.0.as_bytes(),
            head.ordinal + 1,
            child.0,
            parent.0,
            word(&level)?,
            who,
            now.0
        ],
    )?;
    if inserted == 0 {
        return Ok(Decision::rejected(
            ProblemCode::InvalidRequest,
            "the revision id is taken",
        ));
    }
    let reached = match added {
        Added::Signature if head.is_main => Some((DocumentState::Signed, "Ký số")),
        Added::Copy(state) => Some((state, "Ký số của cơ quan trên bản số hóa")),
        Added::Initials(state) => Some((state, "Ký nháy")),
        Added::Seal { is_main: true } => Some((DocumentState::Signed, SEALED)),
        Added::Seal { is_main: false } => {
            Some((DocumentState::Signed, "Ký số của cơ quan trên phụ lục"))
        }
        // A completion says nothing new about the document's course.
        Added::Signature | Added::Completion => None,
    };
    if added == Added::Signature
        && head.is_main
        && let Some(mandate) = &sent.acting.mandate
    {
        // Whose name stands under it, and in whose place.
        tx.execute(
            "UPDATE document SET signer_position = ?2, signer_name = ?3 WHERE id = ?1",
            params![
                op.lane.0.as_bytes(),
                mandate.title(),
                mandate.holder.full_name
            ],
        )?;
    }
    let rev = match reached {
        Some((state, note)) => {
            let step = FlowStep {
                at: now,
                who,
                state,
                note: note.to_owned(),
            };
            entity::move_to(tx, op.lane, &step)?
        }
        None => entity::bump(tx, op.lane)?,
    };
    let touches = touch_document(tx, op.lane, rev, &entity::readers(tx, op.lane)?)?;
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches,
    })
}

/// The document's feed rows for those accounts.
pub(crate) fn touch_document(
    tx: &Transaction<'_>,
    document: DocumentId,
    rev: u64,
    accounts: &[AccountId],
) -> Result<Vec<Touch>> {
    let mut touches = Vec::new();
    for account in accounts {
        let Some((_, state, urgency)) = entity::standing(tx, document, *account)? else {
            continue;
        };
        touches.push(Touch {
            account: *account,
            entity: EntityType::Document,
            id: document.0,
            change: ChangeKind::Upsert,
            rev,
            prio: priority(EntityType::Document, state, urgency),
        });
    }
    Ok(touches)
}

/// An opinion's feed rows for everyone who may see its document.
pub(crate) fn touch_opinion(
    tx: &Transaction<'_>,
    document: DocumentId,
    opinion: OpinionId,
) -> Result<Vec<Touch>> {
    let mut touches = Vec::new();
    for account in entity::readers(tx, document)? {
        let Some((_, state, urgency)) = entity::standing(tx, document, account)? else {
            continue;
        };
        touches.push(Touch {
            account,
            entity: EntityType::Opinion,
            id: opinion.0,
            change: ChangeKind::Upsert,
            rev: 1,
            prio: priority(EntityType::Opinion, state, urgency),
        });
    }
    Ok(touches)
}

/// Tombstones for everyone who has the document, and for the opinions on it.
pub(crate) fn touch_removed(
    tx: &Transaction<'_>,
    document: DocumentId,
    rev: u64,
) -> Result<Vec<Touch>> {
    let mut things = vec![(EntityType::Document, document.0, rev)];
    let mut statement = tx.prepare_cached("SELECT id FROM opinion WHERE document = ?1")?;
    for id in statement.query_map([document.0.as_bytes()], |row| uuid(row, "id"))? {
        things.push((EntityType::Opinion, id?, 2));
    }
    let mut touches = Vec::new();
    for account in entity::readers(tx, document)? {
        for (entity, id, rev) in &things {
            let (entity, id, rev) = (*entity, *id, *rev);
            let change = ChangeKind::Remove;
            touches.push(Touch {
                account,
                entity,
                id,
                change,
                rev,
                prio: 100,
            });
        }
    }
    Ok(touches)
}
