//! From the leader's signature to the issue: the number, the agency's signature, the recipients, and
//! what is wanted back. Who may do what is the protocol's table.

use congvan_model::{DocumentId, DocumentState, Notation, Sha256, fold};
use congvan_protocol::{
    AgencyInfo, ProblemCode,
    handling::{ActKind, AxisCode, Course, HandlingAct, OutgoingNumber, Relation, made_from},
};
use rusqlite::{Transaction, params};

use super::{
    drafting,
    intents::{Decision, Sent},
    presenting::{entry_of, void_entry},
    registering::{clerk_of, number, refused},
};
use crate::{
    accounts,
    books::{self, Entry},
    course, delivery, entity,
    error::Result,
    mutant::Mutant,
    origin,
};

/// What an act needs of this server before it can be carried out: a number, or names of recipients. A
/// decision where it cannot be.
pub(super) fn complete(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    act: &HandlingAct,
    after: &mut Course,
) -> Result<Option<Decision>> {
    match act {
        HandlingAct::Number {} => give_number(tx, sent, after),
        HandlingAct::Issue { .. } if sent.mutant == Some(Mutant::LosesDeliveries) => {
            let out = after.handling.outgoing.as_deref_mut().into_iter();
            out.for_each(|out| out.deliveries.clear());
            Ok(None)
        }
        HandlingAct::Issue { .. } => match replaced_already(tx, after)? {
            Some(decision) => Ok(Some(decision)),
            None => name_recipients(tx, sent.op.lane, after),
        },
        // The signature itself is the act.
        HandlingAct::Seal {} if sent.mutant == Some(Mutant::TakesSealAsAct) => Ok(None),
        HandlingAct::Seal {} => Ok(Some(refused("signature"))),
        // What is made of the document is a draft of its own.
        HandlingAct::Copy {} | HandlingAct::Amend {} => Ok(Some(refused("origin"))),
        HandlingAct::Direct { .. }
        | HandlingAct::Assign { .. }
        | HandlingAct::TakeUp {}
        | HandlingAct::Resolve { .. }
        | HandlingAct::File { .. }
        | HandlingAct::Return { .. }
        | HandlingAct::HandOver { .. }
        | HandlingAct::AskExtension { .. }
        | HandlingAct::AnswerExtension { .. }
        | HandlingAct::Refuse { .. }
        | HandlingAct::AnswerRecall { .. }
        | HandlingAct::Revise { .. }
        | HandlingAct::Submit { .. }
        | HandlingAct::Approve { .. }
        | HandlingAct::CheckFormat { .. }
        | HandlingAct::Initial {}
        | HandlingAct::TakeBack {}
        | HandlingAct::Discard { .. }
        | HandlingAct::Recall { .. }
        | HandlingAct::Mail { .. }
        | HandlingAct::Lend { .. }
        | HandlingAct::TakeIn { .. } => Ok(None),
    }
}

/// The next number of the year in the book of its kind, or of all copies, with the day. Counter, entry and document
/// are written in one transaction, so that a number is neither lost nor given twice.
fn give_number(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    after: &mut Course,
) -> Result<Option<Decision>> {
    let (document, is_copy) = (sent.op.lane, after.is_copy());
    let agency = drafting::agency_of(tx, document)?;
    let (Some(agency), Some(out)) = (agency, after.handling.outgoing.as_deref_mut()) else {
        return Ok(Some(refused("not a draft")));
    };
    let key = match is_copy {
        true => books::copies(tx, &agency, sent.now)?,
        false => books::outgoing(tx, &agency, entity::fields(tx, document)?.kind, sent.now)?,
    };
    let number = match number(tx, sent, None, &key)? {
        Ok(number) => number,
        Err(decision) => return Ok(Some(decision)),
    };
    let number = match sent.mutant {
        Some(Mutant::SkipsANumber) => number * 2,
        Some(_) | None => number,
    };
    let notation: std::result::Result<Notation, _> = format!("{number}/{}", out.symbol).parse();
    let Ok(notation) = notation else {
        return Ok(Some(refused("symbol")));
    };
    let issued_on = sent.now.vietnam_date();
    tx.execute(
        "UPDATE document SET notation = ?2, issued_on = ?3 WHERE id = ?1",
        params![
            document.0.as_bytes(),
            notation.to_string(),
            issued_on.to_string()
        ],
    )?;
    let entry = Entry {
        number,
        fence: None,
        document,
        provisional: "",
        received_at: sent.now,
        duplicate_of: None,
        account: Some(sent.account),
    };
    books::enter(tx, &key, &entry, (sent.now, false))?;
    if let Some(numbered) = &mut out.numbered {
        numbered.number = Some(OutgoingNumber {
            book: key.book,
            year: key.year,
            notation,
            issued_on,
        });
    }
    Ok(None)
}

/// A document is replaced once: of two drafts that would, the first that is issued does.
fn replaced_already(tx: &Transaction<'_>, after: &Course) -> Result<Option<Decision>> {
    let origin = after.handling.origin.as_deref();
    let replaces = origin.filter(|origin| origin.relation == Relation::Replacement);
    let Some(source) = replaces.and_then(|origin| origin.document) else {
        return Ok(None);
    };
    let derived = origin::derived(tx, source)?;
    let mut derived = derived.iter();
    let by = derived.find(|one| one.relation == Relation::Replacement);
    Ok(by.map(|by| {
        let detail = made_from(Relation::Replacement, &by.title);
        Decision::rejected(ProblemCode::WrongState, &detail)
    }))
}

/// Each recipient has a code that somebody answers to, and is not the sender; the names are those of
/// the directory.
fn name_recipients(
    tx: &Transaction<'_>,
    document: DocumentId,
    after: &mut Course,
) -> Result<Option<Decision>> {
    let own = drafting::agency_of(tx, document)?;
    let out = after.handling.outgoing.as_deref_mut().into_iter();
    for one in out.flat_map(|out| &mut out.deliveries) {
        let AgencyInfo { code, name } = &mut one.agency;
        let known = delivery::known(tx, code)?;
        match known.filter(|_| own.as_deref() != Some(code.as_str())) {
            Some(known) => *name = known,
            None => return Ok(Some(refused("to"))),
        }
    }
    Ok(None)
}

/// What an act does besides where it leads: sends the document out, asks for it back, makes the number
/// of what is sent back void.
pub(super) fn carry_out(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    act: &HandlingAct,
    (before, after): (&Course, &Course),
) -> Result<()> {
    let document = sent.op.lane;
    let deliveries = |course: &Course| {
        let out = course.handling.outgoing.as_deref();
        out.map(|out| out.deliveries.clone()).unwrap_or_default()
    };
    if let HandlingAct::Number {} = act {
        return origin::numbered(tx, document, sent.now);
    }
    if let HandlingAct::Issue { .. } = act {
        delivery::send(tx, document, &deliveries(after), sent.now)?;
        if sent.mutant == Some(Mutant::HidesReplacements) {
            return Ok(());
        }
        return origin::issued(tx, document, sent.now);
    }
    if let HandlingAct::Recall { reason, .. } = act
        && sent.mutant != Some(Mutant::DeafToRecalls)
    {
        let had = deliveries(before);
        let now_asked = deliveries(after);
        let asked: Vec<&str> = now_asked
            .iter()
            .zip(&had)
            .filter(|(is, was)| is.has(AxisCode::Recalled) && !was.has(AxisCode::Recalled))
            .map(|(is, _)| is.agency.code.as_str())
            .collect();
        return delivery::recall(tx, (document, &asked), reason.trim(), sent.now);
    }
    if let HandlingAct::Return { reason } = act
        && before.state == DocumentState::Signed
        && let Some((key, number)) = entry_of(tx, document)?
    {
        let why = (reason.trim(), sent.account);
        void_entry(tx, (&key, number, document), why, sent.now)?;
        if sent.mutant != Some(Mutant::KeepsVoidNumbers) {
            delivery::clear_number(tx, document)?;
        }
    }
    Ok(())
}

/// Where a document stands once this person has signed it for the agency; none where that is not
/// this person's, or not yet.
pub(super) fn sealed(tx: &Transaction<'_>, sent: Sent<'_>) -> Result<Option<Course>> {
    let document = sent.op.lane;
    let Some(mut course) = course::load(tx, document)? else {
        return Ok(None);
    };
    if !is_own_registry(tx, sent)? {
        return Ok(None);
    }
    let actor = sent.acting.actor();
    if course.judge(ActKind::Seal, &actor).is_err() {
        return Ok(None);
    }
    let done = course.apply(&HandlingAct::Seal {}, &actor, None, sent.now);
    Ok(done.is_ok().then_some(course))
}

/// Whether a file beside a document that goes out may be signed for the agency: it has its number, is
/// not issued, and nobody has signed the file.
pub(super) fn may_seal_beside(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    head_ordinal: i64,
) -> Result<bool> {
    let Some(course) = course::load(tx, sent.op.lane)? else {
        return Ok(false);
    };
    let out = course.handling.outgoing.as_deref();
    let has_number = out
        .and_then(|out| out.numbered.as_ref())
        .is_some_and(|numbered| numbered.number.is_some());
    let waits = has_number && course.state == DocumentState::Signed && head_ordinal == 1;
    Ok(waits && is_own_registry(tx, sent)?)
}

fn is_own_registry(tx: &Transaction<'_>, sent: Sent<'_>) -> Result<bool> {
    let Ok(registry) = clerk_of(tx, sent)? else {
        return Ok(false);
    };
    Ok(drafting::agency_of(tx, sent.op.lane)?.as_deref() == Some(registry.as_str()))
}

/// Whether a certificate of an account is the agency's and not the person's own: it does not bear
/// that person's name.
pub(super) fn is_agencys(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    certificate: &Sha256,
) -> Result<bool> {
    let person = fold(&accounts::full_name(tx, sent.account)?);
    let signers = accounts::signers(tx, sent.account)?;
    let mut known = signers.iter();
    Ok(known.any(|one| one.certificate == *certificate && !fold(&one.subject).contains(&person)))
}
