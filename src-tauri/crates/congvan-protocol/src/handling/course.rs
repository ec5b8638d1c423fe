//! What an act does to a document: judged by the table, then carried out.

use congvan_model::{
    AccountId, Deadline, Direction, DocumentState, ReceiverRole, Role, Timestamp, nfc,
};

use super::{
    ActKind, Extension, Handling, HandlingAct, Named, Next, OfficePerson, OwnDeadline, Receiver,
    Resolution, Rule, Who, deadlines::Until, issuing::check_recipients, outgoing::check_text,
    paper::check_paper, rule,
};
use crate::{Document, Post};

/// Longest reason, in characters.
pub const REASON_MAX: usize = 500;
/// Longest free words, in characters.
pub const TEXT_MAX: usize = 4_000;

/// Why an act is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Never by this person.
    NotYours,
    /// Not in this state, or no longer by this person.
    NotNow,
    /// This fact is missing, malformed or names somebody who cannot be named.
    Fact(&'static str),
}

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    /// The account.
    pub account: AccountId,
    /// The person's name.
    pub full_name: &'a str,
    /// The person's posts.
    pub posts: &'a [Post],
}

impl Actor<'_> {
    pub(crate) fn holds(&self, role: Role) -> bool {
        self.posts.iter().any(|post| post.role == role)
    }

    pub(crate) fn named(&self) -> Named {
        Named {
            account: self.account,
            full_name: self.full_name.to_owned(),
        }
    }

    /// Whether the person is the clerk of this very unit.
    pub(super) fn clerks_for(&self, unit: &str) -> bool {
        let is_its = |post: &Post| post.role == Role::UnitClerk && post.agency.code == unit;
        self.posts.iter().any(is_its)
    }

    /// Whether a unit is one of the person's, or below one.
    fn reaches(&self, unit: &str) -> bool {
        self.posts.iter().any(|post| post.reaches(unit))
    }
}

/// Where a document stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Whether it came in or goes out.
    pub direction: Direction,
    /// Its state.
    pub state: DocumentState,
    /// Its deadline.
    pub due: Option<Deadline>,
    /// Who has to do with it.
    pub handling: Handling,
}

impl Course {
    /// Where a document stands.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        Self {
            direction: document.direction,
            state: document.state,
            due: document.due,
            handling: document.handling.as_deref().cloned().unwrap_or_default(),
        }
    }

    /// Who has it now.
    #[must_use]
    pub fn holder(&self) -> Option<&Receiver> {
        self.handling.receivers.iter().find(|one| one.holds)
    }

    /// Whether this person may do that now, by the table.
    ///
    /// # Errors
    /// [`Refusal::NotYours`], [`Refusal::NotNow`].
    pub fn judge(&self, act: ActKind, actor: &Actor<'_>) -> Result<&'static Rule, Refusal> {
        let rule = rule(act, self.direction).ok_or(Refusal::NotYours)?;
        if !self.is(rule.who, actor) {
            // Who had it and no longer has is told what happened, not that it was never theirs.
            return Err(if self.had(rule.who, actor) {
                Refusal::NotNow
            } else {
                Refusal::NotYours
            });
        }
        let handling = &self.handling;
        let is_possible = rule.from.contains(&self.state)
            && match act {
                ActKind::AskExtension => handling.extension.is_none(),
                ActKind::AnswerExtension => handling.extension.is_some(),
                ActKind::Refuse => handling.from_axis,
                ActKind::AnswerRecall => handling.recall.is_some(),
                // Directed anew only while nobody else has passed it on.
                ActKind::Direct => handling.receivers.len() <= self.directed_by(actor.account),
                ActKind::Number
                | ActKind::Seal
                | ActKind::Issue
                | ActKind::Recall
                | ActKind::Mail
                | ActKind::Lend
                | ActKind::TakeIn => self.is_ready_for(act),
                // A copy has no drafter to go back to, and is given up before it is issued.
                ActKind::Return => !self.is_copy(),
                ActKind::Discard => self.state == DocumentState::Draft || self.is_copy(),
                ActKind::Amend => !self.is_copy() && !self.is_replaced(),
                ActKind::Assign
                | ActKind::TakeUp
                | ActKind::Resolve
                | ActKind::File
                | ActKind::HandOver
                | ActKind::Revise
                | ActKind::Submit
                | ActKind::Approve
                | ActKind::CheckFormat
                | ActKind::Initial
                | ActKind::TakeBack
                | ActKind::Copy => true,
            };
        if is_possible {
            Ok(rule)
        } else {
            Err(Refusal::NotNow)
        }
    }

    /// The acts that this person may do now.
    #[must_use]
    pub fn allowed(&self, actor: &Actor<'_>) -> Vec<ActKind> {
        ActKind::ALL
            .into_iter()
            .filter(|act| self.judge(*act, actor).is_ok())
            .collect()
    }

    fn directed_by(&self, director: AccountId) -> usize {
        let receivers = self.handling.receivers.iter();
        receivers
            .filter(|one| one.given_by.account == director)
            .count()
    }

    pub(super) fn receiver(&self, account: AccountId) -> Option<&Receiver> {
        let mut receivers = self.handling.receivers.iter();
        receivers.find(|one| one.account == account)
    }

    fn supports(&self, account: AccountId) -> bool {
        self.receiver(account)
            .is_some_and(|one| one.role == ReceiverRole::Support)
    }

    fn is(&self, who: Who, actor: &Actor<'_>) -> bool {
        let holds = self
            .holder()
            .is_some_and(|holder| holder.account == actor.account);
        let directs = self
            .handling
            .director
            .as_ref()
            .is_some_and(|director| director.account == actor.account);
        match who {
            Who::Director => directs,
            Who::Holder => holds,
            Who::HolderOrSupport => holds || self.supports(actor.account),
            Who::HeadHolding if holds => actor.holds(Role::Head) || actor.holds(Role::Leader),
            Who::HeadHolding => self
                .holder()
                .is_some_and(|one| actor.clerks_for(&one.heads)),
            Who::HolderOrDirector if self.state == DocumentState::Presented => directs,
            Who::HolderOrDirector => holds,
            Who::HolderOrClerk => holds || actor.holds(Role::Clerk),
            Who::Clerk => actor.holds(Role::Clerk),
            Who::Drafter => self.drafted_it(actor.account),
            Who::DrafterOrClerk => self.drafted_it(actor.account) || actor.holds(Role::Clerk),
            Who::Reviewer => self.reviews(actor.account),
            Who::Initialler => self.initials(actor.account, true),
            Who::Checking => match self.state {
                DocumentState::ContentReview => self.reviews(actor.account),
                DocumentState::FormatReview | DocumentState::Signed => actor.holds(Role::Clerk),
                DocumentState::AwaitingInitials => self.initials(actor.account, true),
                DocumentState::AwaitingSignature => directs,
                DocumentState::Received
                | DocumentState::Registered
                | DocumentState::Presented
                | DocumentState::Directed
                | DocumentState::InProgress
                | DocumentState::Resolved
                | DocumentState::Draft
                | DocumentState::Issued
                | DocumentState::Filed => false,
            },
        }
    }

    /// Whether this person had that part, or has it at another step.
    fn had(&self, who: Who, actor: &Actor<'_>) -> bool {
        match who {
            Who::HeadHolding
            | Who::Holder
            | Who::HolderOrSupport
            | Who::HolderOrDirector
            | Who::HolderOrClerk => {
                self.handling.former.contains(&actor.account)
                    || self
                        .receiver(actor.account)
                        .is_some_and(|one| one.role == ReceiverRole::Lead && !one.holds)
            }
            Who::Initialler => self.initials(actor.account, false),
            Who::Checking => {
                self.reviews(actor.account)
                    || actor.holds(Role::Clerk)
                    || self.initials(actor.account, false)
                    || self.is(Who::Director, actor)
            }
            Who::Director | Who::Clerk | Who::Drafter | Who::DrafterOrClerk | Who::Reviewer => {
                false
            }
        }
    }

    /// Does an act. Without `people` (a desk that does not know the office) nobody's unit is checked
    /// and new names stay empty until the server answers.
    ///
    /// # Errors
    /// Then nothing is changed.
    pub fn apply(
        &mut self,
        act: &HandlingAct,
        actor: &Actor<'_>,
        people: Option<&[OfficePerson]>,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        self.judge(act.kind(), actor)?;
        check_words(act)?;
        self.carry_out(act, actor, people, at)
    }

    /// What an act makes of it that was done elsewhere, as far as a desk can tell that knows neither
    /// the office nor the person's posts. What cannot be told changes nothing.
    pub fn project(&mut self, act: &HandlingAct, actor: &Actor<'_>, at: Timestamp) {
        let mut after = self.clone();
        if after.carry_out(act, actor, None, at).is_ok() {
            *self = after;
        }
    }

    fn carry_out(
        &mut self,
        act: &HandlingAct,
        actor: &Actor<'_>,
        people: Option<&[OfficePerson]>,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let giving = Giving { actor, people, at };
        match act {
            HandlingAct::Direct {
                lead,
                supports,
                informed,
                due,
                deadlines,
                ..
            } => self.direct((*lead, supports, informed), (*due, deadlines), &giving)?,
            HandlingAct::Assign {
                lead,
                supports,
                due,
                deadlines,
                ..
            } => self.assign((*lead, supports), (*due, deadlines), &giving)?,
            HandlingAct::TakeUp {} => {}
            HandlingAct::Resolve { reply, text } => {
                self.handling.extension = None;
                self.handling.resolution = Some(Resolution {
                    reply: *reply,
                    reply_title: String::new(),
                    text: nfc(text.trim()),
                    by: actor.named(),
                    at,
                });
            }
            HandlingAct::File { dossier } => self.handling.dossier = nfc(dossier.trim()),
            HandlingAct::Return { reason } => match self.direction {
                Direction::Incoming => return self.give_back(actor),
                Direction::Outgoing => self.back_to_drafter(Some(reason), (actor, at))?,
            },
            HandlingAct::HandOver { to, .. } => self.hand_over(*to, &giving)?,
            HandlingAct::AskExtension { due, reason } => {
                let now = self.due_for(actor).map_or(at, Deadline::instant).max(at);
                if due.instant() <= now {
                    return Err(Refusal::Fact("due"));
                }
                self.handling.extension = Some(Extension {
                    due: *due,
                    reason: nfc(reason.trim()),
                    asked_by: actor.named(),
                    at,
                });
            }
            HandlingAct::AnswerExtension { granted, .. } => self.extend(*granted),
            HandlingAct::Refuse { .. } | HandlingAct::Copy {} | HandlingAct::Amend {} => {}
            HandlingAct::AnswerRecall { .. } => self.handling.recall = None,
            HandlingAct::Revise { .. }
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
            | HandlingAct::TakeIn { .. } => self.carry_out_of_draft(act, (actor, at), people)?,
        }
        match rule(act.kind(), self.direction).map_or(Next::Same, |rule| rule.next) {
            Next::To(state) => self.state = state,
            Next::Same | Next::Back | Next::Away | Next::Onward => {}
        }
        Ok(())
    }

    fn direct(
        &mut self,
        (lead, supports, informed): (AccountId, &[AccountId], &[AccountId]),
        (due, own): (Option<Deadline>, &[OwnDeadline]),
        giving: &Giving<'_>,
    ) -> Result<(), Refusal> {
        if due.is_some_and(|due| due.is_overdue(giving.at)) {
            return Err(Refusal::Fact("due"));
        }
        let due = due.or(self.due);
        let until = Until {
            all: due,
            own,
            latest: due,
        };
        let receivers = giving.all((lead, supports, informed), until)?;
        self.retire();
        self.handling.former.retain(|account| *account != lead);
        self.handling.receivers = receivers;
        self.handling.director = Some(giving.actor.named());
        self.handling.extension = None;
        self.due = due;
        Ok(())
    }

    fn assign(
        &mut self,
        (lead, supports): (AccountId, &[AccountId]),
        (due, own): (Option<Deadline>, &[OwnDeadline]),
        giving: &Giving<'_>,
    ) -> Result<(), Refusal> {
        // Nobody in the unit has longer than the unit.
        let unit = self.holder().and_then(|one| one.due).or(self.due);
        let latest = unit.map_or(Timestamp(i64::MAX), Deadline::instant);
        if due.is_some_and(|due| due.is_overdue(giving.at) || due.instant() > latest) {
            return Err(Refusal::Fact("due"));
        }
        // Who passes it on for the head gives it in the head's name: it comes back to the head.
        let head = self.holder().map(|one| Named {
            account: one.account,
            full_name: one.full_name.clone(),
        });
        let head = head.ok_or(Refusal::NotNow)?;
        let giving = Giving {
            actor: &Actor {
                account: head.account,
                full_name: &head.full_name,
                posts: giving.actor.posts,
            },
            people: giving.people,
            at: giving.at,
        };
        let until = Until {
            all: due.or(unit),
            own,
            latest: unit,
        };
        let given = giving.all((lead, supports, &[]), until)?;
        // One person has one part: who was named by the leader for something else now does this.
        self.handling
            .receivers
            .retain(|one| given.iter().all(|new| new.account != one.account));
        for one in &mut self.handling.receivers {
            one.holds = false;
        }
        self.handling.former.retain(|account| *account != lead);
        self.handling.receivers.extend(given);
        Ok(())
    }

    fn hand_over(&mut self, to: AccountId, giving: &Giving<'_>) -> Result<(), Refusal> {
        let Some(place) = self.handling.receivers.iter().position(|one| one.holds) else {
            return Err(Refusal::NotNow);
        };
        let mut next = giving.receiver((to, "to"), ReceiverRole::Lead, None)?;
        let others: Vec<Receiver> = self.handling.receivers.drain(..).collect();
        for (index, mut one) in others.into_iter().enumerate() {
            if index == place {
                (next.due, next.given_by) = (one.due, one.given_by);
                next.holds = true;
                self.handling.former.push(one.account);
                one = next.clone();
            } else if one.account == to {
                continue;
            }
            self.handling.receivers.push(one);
        }
        self.handling.former.retain(|account| *account != to);
        Ok(())
    }

    /// Back to who gave it: to the head of the unit with everything that the head gave, to the
    /// leader with the whole direction, to the registry with nothing.
    fn give_back(&mut self, actor: &Actor<'_>) -> Result<(), Refusal> {
        if self.state == DocumentState::Presented {
            self.handling.director = None;
            self.state = DocumentState::Registered;
            return Ok(());
        }
        let giver = self.holder().map(|holder| holder.given_by.account);
        let giver = giver.ok_or(Refusal::NotNow)?;
        if self.receiver(giver).is_none() {
            self.retire();
            self.forget_extension();
            self.state = DocumentState::Presented;
            return Ok(());
        }
        self.handling
            .receivers
            .retain(|one| one.given_by.account != giver);
        for one in &mut self.handling.receivers {
            one.holds = one.account == giver;
        }
        self.forget_extension();
        self.handling.former.push(actor.account);
        self.state = DocumentState::Directed;
        Ok(())
    }

    /// Nobody is named any more; who led is remembered.
    fn retire(&mut self) {
        for one in self.handling.receivers.drain(..) {
            if one.role == ReceiverRole::Lead && !self.handling.former.contains(&one.account) {
                self.handling.former.push(one.account);
            }
        }
    }
}

/// Who gives something to others, out of whom, and when.
struct Giving<'a> {
    actor: &'a Actor<'a>,
    people: Option<&'a [OfficePerson]>,
    at: Timestamp,
}

impl Giving<'_> {
    /// Everyone once, the first leading.
    fn all(
        &self,
        (lead, supports, informed): (AccountId, &[AccountId], &[AccountId]),
        until: Until<'_>,
    ) -> Result<Vec<Receiver>, Refusal> {
        until.check((lead, supports), self.at)?;
        let due = until.of(lead, ReceiverRole::Lead);
        let mut first = self.receiver((lead, "lead"), ReceiverRole::Lead, due)?;
        first.holds = true;
        let mut all = vec![first];
        let others = supports
            .iter()
            .map(|account| (*account, "supports", ReceiverRole::Support))
            .chain(
                informed
                    .iter()
                    .map(|account| (*account, "informed", ReceiverRole::Inform)),
            );
        for (account, fact, role) in others {
            if all.iter().any(|one: &Receiver| one.account == account) {
                return Err(Refusal::Fact(fact));
            }
            let due = until.of(account, role);
            all.push(self.receiver((account, fact), role, due)?);
        }
        Ok(all)
    }

    fn receiver(
        &self,
        (account, fact): (AccountId, &'static str),
        role: ReceiverRole,
        due: Option<Deadline>,
    ) -> Result<Receiver, Refusal> {
        if account == self.actor.account {
            return Err(Refusal::Fact(fact));
        }
        let mut receiver = Receiver {
            account,
            full_name: String::new(),
            unit: String::new(),
            heads: String::new(),
            role,
            holds: false,
            due,
            given_by: self.actor.named(),
            at: self.at,
        };
        if let Some(people) = self.people {
            let person = people
                .iter()
                .find(|person| person.account == account && self.actor.reaches(&person.unit.code))
                .ok_or(Refusal::Fact(fact))?;
            receiver.full_name.clone_from(&person.full_name);
            receiver.unit.clone_from(&person.unit.name);
            if person.role == Role::Head {
                receiver.heads.clone_from(&person.unit.code);
            }
        }
        Ok(receiver)
    }
}

/// Whether the words of an act are there where they must be, and not too long.
fn check_words(act: &HandlingAct) -> Result<(), Refusal> {
    let (text, fact, least, most) = match act {
        HandlingAct::Direct { text, .. }
        | HandlingAct::Assign { text, .. }
        | HandlingAct::Revise { text, .. }
        | HandlingAct::Submit { text, .. }
        | HandlingAct::Approve { text }
        | HandlingAct::CheckFormat { text, .. } => return check_text(text),
        HandlingAct::Resolve { reply, text } => {
            (text, "text", usize::from(reply.is_none()), TEXT_MAX)
        }
        HandlingAct::File { dossier } => (dossier, "dossier", 0, REASON_MAX),
        HandlingAct::Return { reason }
        | HandlingAct::HandOver { reason, .. }
        | HandlingAct::AskExtension { reason, .. }
        | HandlingAct::Refuse { reason }
        | HandlingAct::Recall { reason, .. }
        | HandlingAct::Discard { reason } => (reason, "reason", 1, REASON_MAX),
        HandlingAct::AnswerExtension { granted, text } => {
            (text, "text", usize::from(!granted), REASON_MAX)
        }
        HandlingAct::AnswerRecall { agreed, reason } => {
            (reason, "reason", usize::from(!agreed), REASON_MAX)
        }
        HandlingAct::Issue { to, places } => return check_recipients(to, places),
        HandlingAct::Mail { .. } | HandlingAct::Lend { .. } => return check_paper(act),
        HandlingAct::TakeUp {}
        | HandlingAct::Initial {}
        | HandlingAct::TakeBack {}
        | HandlingAct::Number {}
        | HandlingAct::Seal {}
        | HandlingAct::TakeIn { .. }
        | HandlingAct::Copy {}
        | HandlingAct::Amend {} => {
            return Ok(());
        }
    };
    let length = nfc(text.trim()).chars().count();
    if (least..=most).contains(&length) {
        Ok(())
    } else {
        Err(Refusal::Fact(fact))
    }
}
