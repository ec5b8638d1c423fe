//! Acts on a document: judged by the protocol's one table, carried out with who sees it, and of an
//! incoming one told to its sender over the axis.

use congvan_model::{
    AccountId, Direction, DocumentId, DocumentState, OpinionId, ReceiverRole, Role, nfc,
};
use congvan_protocol::{
    FlowStep, Intent, OpOutcome, OpinionKind, Post, ProblemCode,
    handling::{Actor, Course, HandlingAct, OfficePerson, Refusal, Who, in_words, rule},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{
    drafting,
    intents::{Decision, Sent, touch_document, touch_opinion, touch_removed},
    issuing,
    presenting::{entry_of, void_entry},
    registering::{not_uploaded, refused},
    signature::Evidence,
};
use crate::{
    accounts, axis, books,
    course::{self, opinions_of},
    entity,
    error::Result,
    mandates,
    mutant::Mutant,
    origin,
    text::word,
};

/// Does an act, or says in words why not.
pub(super) fn handle(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    rev: u64,
    evidence: Evidence,
) -> Result<Decision> {
    let Intent::Handle { act } = &sent.op.intent else {
        return Ok(refused("not an act"));
    };
    let document = sent.op.lane;
    let Some(before) = course::load(tx, document)? else {
        return Ok(refused("no such document"));
    };
    let posts = posts_of(sent, act);
    let actor = Actor {
        posts: &posts,
        ..sent.acting.actor()
    };
    if let Some(mandate) = &sent.acting.mandate
        && !mandate.covers(act.kind(), &before, mandates::kind_of(tx, document)?)
    {
        return explain(tx, (sent, document), (rev, before.state), Refusal::NotYours);
    }
    if is_of_registry(act, &before)
        && let Some(decision) = other_agency(tx, document, sent.account)?
    {
        return Ok(decision);
    }
    let people = office(tx, sent.account)?;
    let mut after = before.clone();
    if sent.mutant == Some(Mutant::IssuesUnsealed) {
        let seal = after.apply(&HandlingAct::Seal {}, &actor, None, sent.now);
        if seal.is_err() {
            after = before.clone();
        }
    }
    let act = &wrong_deadlines(sent, act, &before);
    if let Err(refusal) = after.apply(act, &actor, Some(&people), sent.now) {
        return explain(tx, (sent, document), (rev, before.state), refusal);
    }
    if let Some(decision) = issuing::complete(tx, sent, act, &mut after)? {
        return Ok(decision);
    }
    if let Some(file) = act.file()
        && let Some(decision) = not_uploaded(evidence, file)
    {
        return Ok(decision);
    }
    if let HandlingAct::Resolve {
        reply: Some(reply), ..
    } = act.as_ref()
    {
        let Some(title) = reply_title(tx, *reply, sent.account)? else {
            return Ok(refused("reply"));
        };
        if let Some(done) = &mut after.handling.resolution {
            done.reply_title = title;
        }
    }
    if sent.mutant == Some(Mutant::MoreTimeForAll)
        && let HandlingAct::AnswerExtension { granted: true, .. } = act.as_ref()
    {
        let most = before.handling.extension.as_ref().map(|asked| asked.due);
        for one in &mut after.handling.receivers {
            one.due = most;
        }
    }
    carry_out(tx, sent, act, (&before, &after))
}

/// The act as a server carries it out that does not look at deadlines.
fn wrong_deadlines(sent: Sent<'_>, act: &HandlingAct, before: &Course) -> Box<HandlingAct> {
    let mut act = act.clone();
    if let HandlingAct::Direct { due, deadlines, .. } = &mut act {
        match sent.mutant {
            Some(Mutant::OneDeadlineForAll) => deadlines.clear(),
            Some(Mutant::TakesLateDeadlines) => {
                let whole = due.or(before.due);
                let own = deadlines.iter().map(|one| one.due);
                *due = own.chain(whole).max_by_key(|due| due.instant());
            }
            Some(_) | None => {}
        }
    }
    Box::new(act)
}

/// The posts that count for an act. A server that does not look takes anybody for a clerk who asks for
/// a number.
fn posts_of(sent: Sent<'_>, act: &HandlingAct) -> Vec<Post> {
    let takes_anybody =
        sent.mutant == Some(Mutant::AnyoneNumbers) && matches!(act, HandlingAct::Number {});
    let posts = sent.acting.posts.iter();
    posts
        .map(|post| Post {
            role: if takes_anybody {
                Role::Clerk
            } else {
                post.role
            },
            ..post.clone()
        })
        .collect()
}

/// Everyone whom an act of this person may name: the people of the agency.
pub(crate) fn office(tx: &Transaction<'_>, account: AccountId) -> Result<Vec<OfficePerson>> {
    match books::registry(tx, account)? {
        Some(registry) => accounts::people(tx, &registry.agency),
        None => Ok(Vec::new()),
    }
}

fn carry_out(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    act: &HandlingAct,
    (before, after): (&Course, &Course),
) -> Result<Decision> {
    let document = sent.op.lane;
    let note = in_words(act, before, after);
    let step = FlowStep {
        at: sent.now,
        who: match sent.mutant {
            Some(Mutant::ForgetsTheGiver) => accounts::full_name(tx, sent.account)?,
            Some(_) | None => sent.acting.full_name.clone(),
        },
        state: after.state,
        note,
    };
    tell_sender(tx, sent, act)?;
    if let HandlingAct::Refuse { .. }
    | HandlingAct::AnswerRecall { agreed: true, .. }
    | HandlingAct::Discard { .. } = act
    {
        return send_away(tx, sent, &step);
    }
    if let Some(decision) = drafting::write(tx, sent, act, after)? {
        return Ok(decision);
    }
    issuing::carry_out(tx, sent, act, (before, after))?;
    let mut opinion = None;
    if let HandlingAct::Direct {
        opinion: id, text, ..
    } = act
        && !text.trim().is_empty()
    {
        let inserted = tx.execute(
            "INSERT OR IGNORE INTO opinion(id, document, kind, text, author, author_name,
             written_at, received_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                id.0.as_bytes(),
                document.0.as_bytes(),
                word(&OpinionKind::Direction)?,
                nfc(text.trim()),
                sent.account.0,
                step.who,
                sent.op.at.0,
                sent.now.0
            ],
        )?;
        opinion = (inserted > 0).then_some(*id);
    }
    let told = (step, opinion);
    show_and_tell(tx, sent, (before, after), Some(told))
}

/// Keeps where a document stands, with the step that led there and the opinion that came with it;
/// shows it to whom it concerns and tells everyone who sees it.
pub(super) fn show_and_tell(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    (before, after): (&Course, &Course),
    told: Option<(FlowStep, Option<OpinionId>)>,
) -> Result<Decision> {
    let document = sent.op.lane;
    course::save(tx, document, after)?;
    let had = entity::readers(tx, document)?;
    grant(tx, (document, sent.account), before, after)?;
    mandates::show(tx, document, after, sent.now)?;
    let (rev, opinion) = match told {
        Some((step, opinion)) => (entity::move_to(tx, document, &step)?, opinion),
        None => (entity::bump(tx, document)?, None),
    };
    let readers = entity::readers(tx, document)?;
    let mut touches = touch_document(tx, document, rev, &readers)?;
    if readers.iter().any(|reader| !had.contains(reader)) {
        // Who sees it from here on sees what was said before, too.
        for id in opinions_of(tx, document)? {
            touches.extend(touch_opinion(tx, document, id)?);
        }
    } else if let Some(id) = opinion {
        touches.extend(touch_opinion(tx, document, id)?);
    }
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches,
    })
}

/// Who is named sees the document from here on, with what it is to them; who was named keeps seeing
/// it, and nobody else does.
fn grant(
    tx: &Transaction<'_>,
    (document, by): (DocumentId, AccountId),
    before: &Course,
    after: &Course,
) -> Result<()> {
    let set = |account: AccountId, role: ReceiverRole| -> Result<()> {
        tx.prepare_cached(
            "INSERT INTO access(document, account, role) VALUES (?1, ?2, ?3)
             ON CONFLICT(document, account) DO UPDATE SET role = excluded.role",
        )?
        .execute(params![document.0.as_bytes(), account.0, word(&role)?])?;
        Ok(())
    };
    // Who has seen it keeps seeing it; a leader who was named and not asked yet has not.
    let initials = before.handling.outgoing.as_deref().into_iter();
    let initials = initials.flat_map(|out| out.initials.iter().map(|one| one.person.account));
    let director = before.handling.director.iter().map(|one| one.account);
    let receivers = before.handling.receivers.iter().map(|one| one.account);
    for gone in receivers.chain(director).chain(initials) {
        tx.prepare_cached("UPDATE access SET role = NULL WHERE document = ?1 AND account = ?2")?
            .execute(params![document.0.as_bytes(), gone.0])?;
    }
    if let Some(director) = &after.handling.director {
        // Before it is initialled by all who were named, the leader is not asked yet.
        let role = match after.state {
            DocumentState::Presented | DocumentState::AwaitingSignature => Some(ReceiverRole::Lead),
            DocumentState::AwaitingInitials => None,
            DocumentState::Received
            | DocumentState::Registered
            | DocumentState::Directed
            | DocumentState::InProgress
            | DocumentState::Resolved
            | DocumentState::Draft
            | DocumentState::ContentReview
            | DocumentState::FormatReview
            | DocumentState::Signed
            | DocumentState::Issued
            | DocumentState::Filed => Some(ReceiverRole::Inform),
        };
        if let Some(role) = role {
            set(director.account, role)?;
        }
    }
    let named = after.handling.outgoing.as_deref();
    for one in named.into_iter().flat_map(|out| &out.initials) {
        set(one.person.account, ReceiverRole::Support)?;
    }
    for named in &after.handling.receivers {
        set(named.account, named.role)?;
    }
    let mut others = Vec::new();
    if after.state == DocumentState::FormatReview
        && let Some(agency) = drafting::agency_of(tx, document)?
    {
        others.extend(books::clerks(tx, &agency)?);
    }
    // What comes to a unit its clerk sees with its head.
    for named in &after.handling.receivers {
        if !named.heads.is_empty() {
            others.extend(accounts::of_role(tx, Role::UnitClerk, &named.heads)?);
        }
    }
    if after.state == DocumentState::Filed {
        let entered = entry_of(tx, document)?.map(|(key, _)| key.agency);
        let agency = match entered.or(drafting::agency_of(tx, document)?) {
            Some(agency) => Some(agency),
            // It is in no book: of the agency of who files it.
            None => books::registry(tx, by)?.map(|registry| registry.agency),
        };
        if let Some(agency) = agency {
            others.extend(books::archivists(tx, &agency)?);
        }
    }
    for account in others {
        tx.prepare_cached("INSERT OR IGNORE INTO access(document, account) VALUES (?1, ?2)")?
            .execute(params![document.0.as_bytes(), account.0])?;
    }
    Ok(())
}

/// The sender over the axis is told each stage once: 04 directed, 05 taken up, 06 done; 02 not
/// taken; 15 and 16 to a recall.
fn tell_sender(tx: &Transaction<'_>, sent: Sent<'_>, act: &HandlingAct) -> Result<()> {
    let (code, reason) = match act {
        HandlingAct::Direct { .. } => ("04", ""),
        HandlingAct::TakeUp {} => ("05", ""),
        HandlingAct::Resolve { .. } => ("06", ""),
        HandlingAct::Refuse { .. } if sent.mutant == Some(Mutant::ForgetsRefusals) => return Ok(()),
        HandlingAct::Refuse { reason } => ("02", reason.trim()),
        HandlingAct::AnswerRecall {
            agreed: true,
            reason,
        } => ("15", reason.trim()),
        HandlingAct::AnswerRecall {
            agreed: false,
            reason,
        } => ("16", reason.trim()),
        HandlingAct::Assign { .. }
        | HandlingAct::File { .. }
        | HandlingAct::Return { .. }
        | HandlingAct::HandOver { .. }
        | HandlingAct::AskExtension { .. }
        | HandlingAct::AnswerExtension { .. }
        | HandlingAct::Revise { .. }
        | HandlingAct::Submit { .. }
        | HandlingAct::Approve { .. }
        | HandlingAct::CheckFormat { .. }
        | HandlingAct::Initial {}
        | HandlingAct::TakeBack {}
        | HandlingAct::Discard { .. }
        | HandlingAct::Number {}
        | HandlingAct::Seal {}
        | HandlingAct::Issue { .. }
        | HandlingAct::Recall { .. }
        | HandlingAct::Mail { .. }
        | HandlingAct::Lend { .. }
        | HandlingAct::TakeIn { .. }
        | HandlingAct::Copy {}
        | HandlingAct::Amend {} => return Ok(()),
    };
    axis::tell_of(tx, sent.op.lane, (code, &nfc(reason)), sent.now)
}

/// The document goes back to its sender: everyone gets a tombstone, its number becomes void.
fn send_away(tx: &Transaction<'_>, sent: Sent<'_>, step: &FlowStep) -> Result<Decision> {
    let document = sent.op.lane;
    if let Some((key, number)) = entry_of(tx, document)? {
        void_entry(
            tx,
            (&key, number, document),
            (&step.note, sent.account),
            sent.now,
        )?;
    }
    entity::add_step(tx, document, step)?;
    let rev: u64 = tx.query_row(
        "UPDATE document SET recalled = 1, rev = rev + 1 WHERE id = ?1 RETURNING rev",
        [document.0.as_bytes()],
        |row| row.get(0),
    )?;
    origin::given_up(tx, document)?;
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches: touch_removed(tx, document, rev)?,
    })
}

/// Whether the table has the registry do it there, for whom being a clerk of anywhere is not enough.
fn is_of_registry(act: &HandlingAct, before: &Course) -> bool {
    rule(act.kind(), before.direction).is_some_and(|rule| match rule.who {
        Who::Clerk | Who::HolderOrClerk | Who::DrafterOrClerk => true,
        Who::Checking => matches!(
            before.state,
            DocumentState::FormatReview | DocumentState::Signed
        ),
        Who::Director
        | Who::HeadHolding
        | Who::Holder
        | Who::HolderOrSupport
        | Who::HolderOrDirector
        | Who::Drafter
        | Who::Reviewer
        | Who::Initialler => false,
    })
}

/// A clerk of another agency, who sees a document all the same, is not its registry.
pub(super) fn other_agency(
    tx: &Transaction<'_>,
    document: DocumentId,
    account: AccountId,
) -> Result<Option<Decision>> {
    let entered = entry_of(tx, document)?.map(|(key, _)| key.agency);
    let Some(agency) = entered.or(drafting::agency_of(tx, document)?) else {
        return Ok(None);
    };
    let own = books::registry(tx, account)?.map(|registry| registry.agency);
    Ok((own.as_deref() != Some(agency.as_str())).then(|| {
        let detail = "it is a document of another agency";
        Decision::rejected(ProblemCode::Forbidden, detail)
    }))
}

/// Notation, or subject, of a signed outgoing document that this account sees.
fn reply_title(
    tx: &Transaction<'_>,
    reply: DocumentId,
    account: AccountId,
) -> Result<Option<String>> {
    let Some(document) = entity::document(tx, reply, account)? else {
        return Ok(None);
    };
    let is_signed = matches!(
        document.state,
        DocumentState::Signed | DocumentState::Issued | DocumentState::Filed
    );
    if document.direction != Direction::Outgoing || !is_signed {
        return Ok(None);
    }
    let notation = document.notation.map(|notation| notation.to_string());
    Ok(Some(notation.unwrap_or(document.subject)))
}

/// The refusal in words that a person understands: who did what, where somebody was first.
pub(super) fn explain(
    tx: &Transaction<'_>,
    (sent, document): (Sent<'_>, DocumentId),
    (rev, state): (u64, DocumentState),
    refusal: Refusal,
) -> Result<Decision> {
    match refusal {
        Refusal::Fact(fact) => Ok(refused(fact)),
        Refusal::NotYours => {
            let detail = "Việc này không thuộc phần của bạn trên văn bản";
            Ok(Decision::rejected(ProblemCode::Forbidden, detail))
        }
        Refusal::NotNow => {
            let last: Option<(String, String, i64)> = tx
                .prepare_cached(
                    "SELECT who, note, at FROM flow WHERE document = ?1
                     ORDER BY ordinal DESC LIMIT 1",
                )?
                .query_row([document.0.as_bytes()], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            let own = sent.acting.full_name.clone();
            Ok(match last {
                Some((who, note, at)) if rev != sent.op.base_rev && who != own => {
                    let at = congvan_model::Timestamp(at).vietnam();
                    let (hour, minute) = (at.hour(), at.minute());
                    let (day, month) = (at.day(), at.month());
                    Decision::settled(OpOutcome::Conflict {
                        code: ProblemCode::WrongState,
                        detail: format!(
                            "{who}: {note} ({hour:02}:{minute:02} {day:02}/{month:02})"
                        ),
                    })
                }
                Some(_) | None => {
                    let detail = format!("Văn bản đang ở bước: {}", state_words(state));
                    Decision::rejected(ProblemCode::WrongState, &detail)
                }
            })
        }
    }
}

fn state_words(state: DocumentState) -> &'static str {
    match state {
        DocumentState::Received => "chờ tiếp nhận",
        DocumentState::Registered => "đã vào sổ",
        DocumentState::Presented => "đã trình lãnh đạo",
        DocumentState::Directed => "đã có ý kiến chỉ đạo",
        DocumentState::InProgress => "đang xử lý",
        DocumentState::Resolved => "đã hoàn thành",
        DocumentState::Filed => "đã lưu hồ sơ",
        DocumentState::Draft => "dự thảo",
        DocumentState::ContentReview => "chờ duyệt nội dung",
        DocumentState::FormatReview => "chờ duyệt thể thức",
        DocumentState::AwaitingInitials => "chờ ký nháy",
        DocumentState::AwaitingSignature => "chờ ký",
        DocumentState::Signed => "đã ký",
        DocumentState::Issued => "đã phát hành",
    }
}
