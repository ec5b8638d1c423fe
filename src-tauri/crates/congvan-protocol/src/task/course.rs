//! What an act does to a task: judged by the table, then carried out.

use congvan_model::{AccountId, DocumentId, Role, TaskId, Timestamp, nfc};
use jiff::civil::Date;

use super::{
    Task, TaskAct, TaskActKind, TaskExtension, TaskOrder, TaskParty, TaskReport, TaskSource,
    TaskState, TaskStep, TaskWho, task_rule,
};
use crate::{
    AgencyInfo,
    handling::{Actor, REASON_MAX, Refusal, TEXT_MAX},
};

/// Longest title of a task, and name of a meeting, in characters.
pub const TITLE_MAX: usize = 500;
/// Most people who support one.
pub const SUPPORTS_MAX: usize = 50;
/// Most documents that one report shows.
pub const EVIDENCE_MAX: usize = 20;

impl Task {
    /// A task as it is given.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn give(
        id: TaskId,
        order: &TaskOrder,
        actor: &Actor<'_>,
        agency: AgencyInfo,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        order.check()?;
        let mut parties = std::iter::once(&order.lead).chain(&order.supports);
        if !parties.all(|one| Self::reaches(actor, &one.unit.code)) {
            return Err(Refusal::NotYours);
        }
        Ok(Self::new(id, order, actor, agency, now))
    }

    /// A task that was judged: for the desk, which lays its own acts over the mirror.
    #[must_use]
    pub fn new(
        id: TaskId,
        order: &TaskOrder,
        actor: &Actor<'_>,
        agency: AgencyInfo,
        now: Timestamp,
    ) -> Self {
        let mut task = Self {
            id,
            agency,
            giver: actor.named(),
            given_at: now,
            order: order.tidied(),
            state: TaskState::Given,
            percent: 0,
            extension: None,
            done_on: None,
            reports: Vec::new(),
            steps: Vec::new(),
        };
        task.note(TaskActKind::Give, actor, now, ("", Some(order.due)));
        task
    }

    /// Whether a person may do an act to it now, by the table.
    ///
    /// # Errors
    /// [`Refusal::NotYours`], [`Refusal::NotNow`].
    pub fn judge(&self, act: TaskActKind, actor: &Actor<'_>) -> Result<(), Refusal> {
        let rule = task_rule(act).ok_or(Refusal::NotNow)?;
        let is_giver = self.giver.account == actor.account;
        let may = match rule.who {
            TaskWho::Director => false,
            TaskWho::Giver => is_giver,
            TaskWho::GiverOrLeader => is_giver || actor.holds(Role::Leader),
            TaskWho::Lead => self.is_led_by(actor.account),
            TaskWho::LeadOrSupport => self.is_worked_by(actor.account),
        };
        let is_asked = act != TaskActKind::AnswerExtension || self.extension.is_some();
        if !may {
            Err(Refusal::NotYours)
        } else if rule.from.contains(&self.state) && is_asked {
            Ok(())
        } else {
            Err(Refusal::NotNow)
        }
    }

    /// Does an act. Whether the documents that it names are seen is the caller's question.
    ///
    /// # Errors
    /// [`Refusal`]: then nothing has changed.
    pub fn apply(
        &mut self,
        act: &TaskAct,
        actor: &Actor<'_>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.judge(act.kind(), actor)?;
        self.check(act)?;
        self.project(act, actor, now);
        Ok(())
    }

    /// What an act that was judged makes of it: for the desk, which lays its own acts over the mirror.
    pub fn project(&mut self, act: &TaskAct, actor: &Actor<'_>, now: Timestamp) {
        let kind = act.kind();
        match act {
            TaskAct::Give { .. } => return,
            TaskAct::TakeUp {} => self.note(kind, actor, now, ("", None)),
            TaskAct::Report {
                text,
                percent,
                evidence,
            } => self.report(actor, now, (text, *percent, evidence), false),
            TaskAct::Finish { text, evidence } => {
                // What is done needs no more time.
                self.extension = None;
                self.done_on = Some(now.vietnam_date());
                self.report(actor, now, (text, 100, evidence), true);
            }
            TaskAct::Accept { note } => self.note(kind, actor, now, (note, None)),
            TaskAct::SendBack { reason } => {
                self.done_on = None;
                self.note(kind, actor, now, (reason, None));
            }
            TaskAct::AskExtension { until, reason } => {
                self.extension = Some(TaskExtension {
                    until: *until,
                    reason: nfc(reason.trim()),
                    at: now,
                });
                self.note(kind, actor, now, (reason, Some(*until)));
            }
            TaskAct::AnswerExtension { until, reason } => {
                self.extension = None;
                self.order.due = until.unwrap_or(self.order.due);
                self.note(kind, actor, now, (reason, *until));
            }
            TaskAct::Withdraw { reason } => {
                (self.extension, self.done_on) = (None, None);
                self.note(kind, actor, now, (reason, None));
            }
        }
        if let Some(to) = task_rule(kind).and_then(|rule| rule.to) {
            self.state = to;
        }
    }

    /// What a person may do to it now.
    #[must_use]
    pub fn allowed(&self, actor: &Actor<'_>) -> Vec<TaskActKind> {
        let acts = super::RULES.iter().map(|rule| rule.act);
        acts.filter(|act| self.judge(*act, actor).is_ok()).collect()
    }

    /// Whether a person leads it.
    #[must_use]
    pub fn is_led_by(&self, account: AccountId) -> bool {
        self.order.lead.account == account
    }

    /// Whether a person leads or supports it.
    #[must_use]
    pub fn is_worked_by(&self, account: AccountId) -> bool {
        self.parties().any(|one| one.account == account)
    }

    /// Whether its day is over while it is worked on, or was over when it was done.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        match self.state {
            TaskState::Given | TaskState::InProgress => today > self.order.due,
            TaskState::Reported | TaskState::Accepted => {
                self.done_on.is_some_and(|done| done > self.order.due)
            }
            TaskState::Withdrawn => false,
        }
    }

    /// Whether a person sees it.
    #[must_use]
    pub fn is_seen_by(&self, actor: &Actor<'_>) -> bool {
        let units = || self.parties().map(|one| one.unit.code.as_str());
        self.giver.account == actor.account
            || self.is_worked_by(actor.account)
            || actor.posts.iter().any(|post| match post.role {
                Role::Leader | Role::Clerk => self.agency.reaches(&post.agency.code),
                Role::Head | Role::UnitClerk => units().any(|unit| post.reaches(unit)),
                Role::Official | Role::Archivist | Role::UnitAdmin => false,
            })
    }

    /// Whether a person gives tasks at all.
    #[must_use]
    pub fn is_given_by(actor: &Actor<'_>) -> bool {
        actor.holds(Role::Leader) || actor.holds(Role::Head)
    }

    /// Whether a person gives tasks to those of a unit: a leader to everyone, a head to the people of it.
    #[must_use]
    pub fn reaches(actor: &Actor<'_>, unit: &str) -> bool {
        actor.posts.iter().any(|post| match post.role {
            Role::Leader => true,
            Role::Head => post.reaches(unit),
            Role::Clerk | Role::Official | Role::UnitClerk | Role::Archivist | Role::UnitAdmin => {
                false
            }
        })
    }

    fn parties(&self) -> impl Iterator<Item = &TaskParty> {
        std::iter::once(&self.order.lead).chain(&self.order.supports)
    }

    fn check(&self, act: &TaskAct) -> Result<(), Refusal> {
        match act {
            TaskAct::Give { .. } => Err(Refusal::NotNow),
            TaskAct::TakeUp {} => Ok(()),
            TaskAct::Report {
                text,
                percent,
                evidence,
            } => {
                sane(text, (1, TEXT_MAX), "text")?;
                distinct(evidence)?;
                let is_sane = *percent <= 100;
                is_sane.then_some(()).ok_or(Refusal::Fact("percent"))
            }
            TaskAct::Finish { text, evidence } => {
                sane(text, (1, TEXT_MAX), "text")?;
                distinct(evidence)
            }
            TaskAct::Accept { note } => sane(note, (0, REASON_MAX), "note"),
            TaskAct::SendBack { reason } | TaskAct::Withdraw { reason } => {
                sane(reason, (1, REASON_MAX), "reason")
            }
            TaskAct::AskExtension { until, reason } => {
                sane(reason, (1, REASON_MAX), "reason")?;
                self.is_later(*until)
            }
            TaskAct::AnswerExtension { until, reason } => {
                let least = usize::from(until.is_none());
                sane(reason, (least, REASON_MAX), "reason")?;
                until.map_or(Ok(()), |until| self.is_later(until))
            }
        }
    }

    fn is_later(&self, until: Date) -> Result<(), Refusal> {
        let is_later = until > self.order.due;
        is_later.then_some(()).ok_or(Refusal::Fact("until"))
    }

    fn report(
        &mut self,
        actor: &Actor<'_>,
        at: Timestamp,
        (text, percent, evidence): (&str, u8, &[DocumentId]),
        done: bool,
    ) {
        if self.is_led_by(actor.account) {
            self.percent = percent;
        }
        self.reports.push(TaskReport {
            at,
            by: actor.named(),
            text: nfc(text.trim()),
            percent,
            evidence: evidence.to_vec(),
            done,
        });
    }

    fn note(
        &mut self,
        act: TaskActKind,
        actor: &Actor<'_>,
        at: Timestamp,
        (said, until): (&str, Option<Date>),
    ) {
        self.steps.push(TaskStep {
            act,
            at,
            by: actor.named(),
            note: nfc(said.trim()),
            until,
        });
    }
}

impl TaskOrder {
    /// Whether it says what it must. That its day is not over is the desk's question: what was given
    /// with the network down is late on the way.
    fn check(&self) -> Result<(), Refusal> {
        sane(&self.title, (1, TITLE_MAX), "title")?;
        sane(&self.text, (0, TEXT_MAX), "text")?;
        if let TaskSource::Meeting { name, .. } = &self.source {
            sane(name, (1, TITLE_MAX), "meeting")?;
        }
        let accounts: Vec<AccountId> = self.supports.iter().map(|one| one.account).collect();
        let is_twice = (accounts.iter().enumerate())
            .any(|(index, one)| accounts.iter().skip(index + 1).any(|other| other == one));
        if is_twice || accounts.contains(&self.lead.account) || accounts.len() > SUPPORTS_MAX {
            return Err(Refusal::Fact("supports"));
        }
        Ok(())
    }

    fn tidied(&self) -> Self {
        let tidy = |text: &str| nfc(text.trim());
        Self {
            title: tidy(&self.title),
            text: tidy(&self.text),
            source: match &self.source {
                TaskSource::Meeting { name, held_on } => TaskSource::Meeting {
                    name: tidy(name),
                    held_on: *held_on,
                },
                TaskSource::Document { .. } | TaskSource::Alone {} => self.source.clone(),
            },
            ..self.clone()
        }
    }
}

fn sane(text: &str, (least, most): (usize, usize), fact: &'static str) -> Result<(), Refusal> {
    let length = nfc(text.trim()).chars().count();
    let is_sane = (least..=most).contains(&length);
    is_sane.then_some(()).ok_or(Refusal::Fact(fact))
}

fn distinct(evidence: &[DocumentId]) -> Result<(), Refusal> {
    let is_twice = |(index, one)| {
        let mut others = evidence.iter().skip(index + 1);
        others.any(|other: &DocumentId| other == one)
    };
    let is_wrong = evidence.len() > EVIDENCE_MAX || evidence.iter().enumerate().any(is_twice);
    (!is_wrong).then_some(()).ok_or(Refusal::Fact("evidence"))
}
