//! The life of a document at the desk, in and out: what this person may do, doing it, taking it back
//! until it is sent. The table is the protocol's; the server judges again.

use std::sync::Arc;

use congvan_model::{
    AccountId, Direction, DocumentId, DocumentState, FileId, LoanId, OpinionId, Timestamp,
};
use congvan_protocol::{
    Acting, FileRole,
    handling::{ActKind, Course, Done, Handling, HandlingAct, Named, OfficePerson, Refusal},
};
use congvan_store::{DocumentDetail, StoreError};
use uuid::Uuid;

use crate::{Desk, DeskError, Result, session::Session};

/// How a document is being handled, our acts that the server does not show yet counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlingView {
    /// State, deadline and who has to do with it.
    pub course: Course,
    /// What this person may do now.
    pub allowed: Vec<ActKind>,
    /// Whether it waits for this person's signature.
    pub may_sign: bool,
    /// Whether the last act can be taken back: it was not sent.
    pub undoable: bool,
    /// Whether it is a draft that was never sent, so that the whole of it can be taken back.
    pub only_here: bool,
}

/// A fresh id for the direction among the opinions that an act leaves.
#[must_use]
pub fn new_opinion_id() -> OpinionId {
    OpinionId(Uuid::now_v7())
}

/// Id of a file copy that is about to be given out.
#[must_use]
pub fn new_loan_id() -> LoanId {
    LoanId(Uuid::now_v7())
}

impl Desk {
    /// The people whom acts may name, the person aside; empty before the first contact.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn office_people(&self) -> Result<Vec<OfficePerson>> {
        let (session, now) = (self.session().await?, self.now());
        let own = session.account.id;
        let people = session.info().map(|info| info.people.clone());
        let mut people = people.unwrap_or_default();
        people.retain(|person| person.account != own);
        for person in &mut people {
            person.further.retain(|post| post.is_held(now));
        }
        Ok(people)
    }

    /// How a document is being handled.
    ///
    /// # Errors
    /// `NotFound`, disk errors.
    pub async fn handling(&self, document: DocumentId) -> Result<HandlingView> {
        let session = self.session().await?;
        let detail = self.document(document).await?;
        let now = self.now();
        let handling = detail.document.handling.as_deref();
        let others: Vec<DocumentId> = handling.map(related).unwrap_or_default();
        let (undo, here) = session
            .with_store(move |store| {
                let undoable = store.can_undo_handling(document)?;
                let mut here = Vec::new();
                for other in others {
                    if store.document(other, now)?.is_some() {
                        here.push(other);
                    }
                }
                Ok(((undoable, store.can_undo_draft(document)?), here))
            })
            .await?;
        let mut view = view(&session, &detail, undo, now);
        only_here(&mut view.course.handling, &here);
        Ok(view)
    }

    /// Does an act: durable and counted here when this returns, at the server when it answers.
    ///
    /// # Errors
    /// `ActForbidden`, `ActWrongState`, `ActField` by the table, as the desk knows the document;
    /// `NotFound`, disk errors. Then nothing was recorded.
    pub async fn act(&self, document: DocumentId, act: HandlingAct) -> Result<HandlingView> {
        let (session, now) = (self.session().await?, self.now());
        let detail = self.document(document).await?;
        let info = session.info();
        let people = info.as_ref().map(|info| info.people.as_slice());
        let people = people.filter(|people| !people.is_empty());
        let mut course = course_of(&detail, own(&session));
        let acting = session.acting(now)?;
        if !acting.covers(act.kind(), &course, detail.document.kind) {
            return Err(DeskError::ActForbidden);
        }
        let before = course.clone();
        course.apply(&act, &acting.actor(), people, now)?;
        let by = session.post_for(now, |acting| {
            let mut course = before.clone();
            course.apply(&act, &acting.actor(), people, now).is_ok()
        });
        if let HandlingAct::Seal {} = &act {
            // The signature is the act: see `Desk::sign`.
            return Err(DeskError::ActField { field: "signature" });
        }
        if let HandlingAct::Revise {
            fields: Some(fields),
            ..
        } = &act
            && course.handling.origin.is_some()
            && fields.kind != detail.document.kind
        {
            return Err(DeskError::ActField { field: "kind" });
        }
        if let HandlingAct::Copy {} | HandlingAct::Amend {} = &act {
            // A draft of its own is the act: see `Desk::make_copy`, `Desk::draft_about`.
            return Err(DeskError::ActField { field: "origin" });
        }
        if let HandlingAct::Resolve {
            reply: Some(reply), ..
        } = &act
        {
            self.check_reply(*reply).await?;
        }
        // In a leader's place it counts here as the leader's, as at the server.
        let author = (acting.account, acting.full_name);
        session
            .with_store(move |store| {
                store.handle_by(document, (act, by), (author.0, &author.1), now)
            })
            .await?;
        self.acted(&session);
        self.handling(document).await
    }

    /// Takes this machine's last act on a document back.
    ///
    /// # Errors
    /// `ActSent` when nothing is left to be taken back, `NotFound`; disk errors.
    pub async fn undo_act(&self, document: DocumentId) -> Result<HandlingView> {
        let (session, now) = (self.session().await?, self.now());
        let undone = session
            .with_store(move |store| store.undo_handling(document, now))
            .await;
        match undone {
            Ok(_) => {}
            Err(DeskError::Store(StoreError::AlreadySent)) => return Err(DeskError::ActSent),
            Err(error) => return Err(error),
        }
        self.acted(&session);
        self.handling(document).await
    }

    /// An answer is a signed document that goes out.
    async fn check_reply(&self, reply: DocumentId) -> Result<()> {
        let fault = DeskError::ActField { field: "reply" };
        let found = match self.document(reply).await {
            Ok(found) => found.document,
            Err(DeskError::NotFound) => return Err(fault),
            Err(error) => return Err(error),
        };
        let is_signed = matches!(
            found.state,
            DocumentState::Signed | DocumentState::Issued | DocumentState::Filed
        );
        if found.direction == Direction::Outgoing && is_signed {
            Ok(())
        } else {
            Err(fault)
        }
    }
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotYours => Self::ActForbidden,
            Refusal::NotNow => Self::ActWrongState,
            Refusal::Fact(field) => Self::ActField { field },
        }
    }
}

/// The documents that one is something to, or that are something to it.
fn related(handling: &Handling) -> Vec<DocumentId> {
    let origin = handling.origin.iter().filter_map(|origin| origin.document);
    let derived = handling.derived.iter().filter_map(|one| one.document);
    origin.chain(derived).collect()
}

/// Names only those that can be opened here.
fn only_here(handling: &mut Handling, here: &[DocumentId]) {
    let is_gone = |id: &mut DocumentId| !here.contains(id);
    if let Some(origin) = handling.origin.as_deref_mut() {
        origin.document.take_if(is_gone);
    }
    for one in &mut handling.derived {
        one.document.take_if(is_gone);
    }
}

/// The person at this desk.
pub(crate) fn own(session: &Session) -> (AccountId, &str) {
    (session.account.id, &session.account.full_name)
}

/// Where a document stands, our signature counted in that the server does not show yet.
pub(crate) fn course_of(detail: &DocumentDetail, me: (AccountId, &str)) -> Course {
    let mut course = Course::of(&detail.document);
    if detail.row.signed_here && course.state == DocumentState::AwaitingSignature {
        course.state = DocumentState::Signed;
    }
    count_seal(detail, me, &mut course);
    course
}

/// Our signature for the agency that the server does not show yet. It is the act of the person at
/// this desk, whoever asked for the number and whomever the certificate names.
fn count_seal(detail: &DocumentDetail, (account, name): (AccountId, &str), course: &mut Course) {
    let main = detail.files.iter();
    let main = main
        .filter(|view| view.file.role == FileRole::Main)
        .find_map(|view| view.head().filter(|head| head.ours.is_some()));
    let is_signed = matches!(
        course.state,
        DocumentState::Signed | DocumentState::Issued | DocumentState::Filed
    );
    let Some(head) = main.filter(|_| is_signed) else {
        return;
    };
    let Some(out) = course.handling.outgoing.as_deref_mut() else {
        return;
    };
    let numbered = out.numbered.as_ref();
    if numbered.is_some_and(|one| one.number.is_some()) && out.sealed.is_none() {
        out.sealed = Some(Done {
            by: Named {
                account,
                full_name: name.to_owned(),
            },
            at: head.at,
        });
    }
}

/// Whether a document that the leader has signed waits for the agency's signature, by this person.
///
/// # Errors
/// `SignRefused` with `NO_NUMBER_YET`; `ActForbidden`, `ActWrongState`.
pub(crate) fn check_sealing(
    session: &Session,
    detail: &DocumentDetail,
    (file, now): (FileId, Timestamp),
) -> Result<()> {
    let course = course_of(detail, own(session));
    let out = course.handling.outgoing.as_deref();
    let is_main = detail
        .files
        .iter()
        .any(|view| view.file.id == file && view.file.role == FileRole::Main);
    let Some(out) = out.filter(|_| is_main && course.state == DocumentState::Signed) else {
        return Ok(());
    };
    let acting = session.acting(now)?;
    if !acting.covers(ActKind::Seal, &course, detail.document.kind) {
        return Err(DeskError::ActForbidden);
    }
    if let Err(refusal) = course.judge(ActKind::Seal, &acting.actor()) {
        let has_number = out
            .numbered
            .as_ref()
            .is_some_and(|one| one.number.is_some());
        return Err(match refusal {
            Refusal::NotNow if !has_number => DeskError::SignRefused {
                reason: "NO_NUMBER_YET",
            },
            other => other.into(),
        });
    }
    Ok(())
}

/// Whether a document that waits for a signature waits for this person's.
///
/// # Errors
/// `ActForbidden`: it was put before another leader. `MandateNarrower`: not by the mandate that this
/// person acts by.
pub(crate) fn check_signer(detail: &DocumentDetail, acting: &Acting) -> Result<()> {
    let course = course_of(detail, (acting.account, &acting.full_name));
    let waits = course.state == DocumentState::AwaitingSignature;
    if waits && !course.handling.may_sign(acting.account) {
        return Err(DeskError::ActForbidden);
    }
    if waits && !acting.covers_signing(detail.document.kind) {
        return Err(DeskError::MandateNarrower);
    }
    Ok(())
}

fn view(
    session: &Arc<Session>,
    detail: &DocumentDetail,
    (undoable, only_here): (bool, bool),
    now: Timestamp,
) -> HandlingView {
    let mut course = course_of(detail, own(session));
    // Nothing is offered in a capacity that has ended.
    let acting = session.acting(now).ok();
    let (allowed, may_sign) = acting.map_or_else(Default::default, |acting| {
        let (actor, kind) = (acting.actor(), detail.document.kind);
        let mut allowed = course.allowed(&actor);
        allowed.retain(|act| acting.covers(*act, &course, kind));
        let may_sign = course.awaits_signature_of(&actor) && acting.covers_signing(kind);
        (allowed, may_sign)
    });
    if let Some(info) = session.info() {
        name(&mut course, &info.people);
    }
    HandlingView {
        course,
        allowed,
        may_sign,
        undoable,
        only_here,
    }
}

/// Whom we named ourselves, the mirror does not name yet.
fn name(course: &mut Course, people: &[OfficePerson]) {
    let known = |one: &Named| {
        let known = people.iter().find(|person| person.account == one.account);
        known.filter(|_| one.full_name.is_empty())
    };
    for one in &mut course.handling.receivers {
        let named = Named {
            account: one.account,
            full_name: one.full_name.clone(),
        };
        if let Some(person) = known(&named) {
            one.full_name.clone_from(&person.full_name);
            one.unit.clone_from(&person.unit.name);
        }
        if let Some(person) = known(&one.given_by) {
            one.given_by.full_name.clone_from(&person.full_name);
        }
    }
    let handling = &mut course.handling;
    let out = handling.outgoing.as_deref_mut().into_iter();
    let named = out.flat_map(|out| {
        let initials = out.initials.iter_mut().map(|one| &mut one.person);
        initials.chain(out.reviewer.as_mut())
    });
    for one in named.chain(handling.director.as_mut()) {
        if let Some(person) = known(one) {
            one.full_name.clone_from(&person.full_name);
        }
    }
}
