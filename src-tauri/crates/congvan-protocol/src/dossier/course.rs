//! What an act does to a dossier: judged by the table, then carried out.

use congvan_model::{DossierId, Role, Timestamp, nfc};
use jiff::{ToSpan as _, civil::Date};

use super::{
    Dossier, DossierAct, DossierActKind, DossierFields, DossierItem, DossierState, DossierStep,
    DossierWho, Retention, dossier_rule,
};
use crate::{
    AgencyInfo, REFERENCE_MAX,
    handling::{Actor, Named, REASON_MAX, Refusal},
};

/// Longest letters of a dossier's symbol, in characters.
pub const CODE_MAX: usize = 30;
/// Longest title of a dossier, and of a heading, in characters.
pub const TITLE_MAX: usize = 500;
/// Longest note, in characters.
const NOTE_MAX: usize = 500;
/// How long a dossier may be kept back after it was due, in years (Art. 30).
pub const KEPT_BACK_MAX_YEARS: i32 = 2;

impl Dossier {
    /// A dossier as an act makes it.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn make(
        id: DossierId,
        act: &DossierAct,
        actor: &Actor<'_>,
        (agency, unit): (AgencyInfo, AgencyInfo),
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let fields = act.makes().ok_or(Refusal::NotNow)?;
        check_fields(fields)?;
        let rule = dossier_rule(act.kind()).ok_or(Refusal::NotNow)?;
        if rule.who == DossierWho::Planner && !plans(actor) {
            return Err(Refusal::NotYours);
        }
        let started_on = match act {
            DossierAct::Start { started_on, .. } => Some(*started_on),
            DossierAct::Plan { .. }
            | DossierAct::Approve {}
            | DossierAct::Strike { .. }
            | DossierAct::Open { .. }
            | DossierAct::Amend { .. }
            | DossierAct::Add { .. }
            | DossierAct::Remove { .. }
            | DossierAct::Close { .. }
            | DossierAct::Reopen { .. }
            | DossierAct::KeepBack { .. }
            | DossierAct::HandOver {}
            | DossierAct::Receive {}
            | DossierAct::SendBack { .. } => None,
        };
        let listed = started_on.is_none();
        if !listed && fields.creator.account != actor.account {
            return Err(Refusal::Fact("creator"));
        }
        let mut dossier = Self {
            id,
            agency,
            unit,
            fields: tidied(fields),
            listed,
            state: rule.to.unwrap_or(DossierState::Planned),
            started_on,
            ended_on: None,
            kept_until: None,
            inside: true,
            count: 0,
            items: Vec::new(),
            steps: Vec::new(),
        };
        dossier.note(act.kind(), actor, (now, ""));
        Ok(dossier)
    }

    /// Whether a person may do an act to it now, by the table.
    ///
    /// # Errors
    /// [`Refusal::NotYours`], [`Refusal::NotNow`].
    pub fn judge(&self, act: DossierActKind, actor: &Actor<'_>) -> Result<(), Refusal> {
        let rule = dossier_rule(act).ok_or(Refusal::NotNow)?;
        let holds = |role| actor.posts.iter().any(|post| post.role == role);
        let is_creator = self.is_of(actor.account);
        let is_of_unit = |role: Option<Role>| {
            actor.posts.iter().any(|post| {
                post.agency.code == self.unit.code && role.is_none_or(|role| post.role == role)
            })
        };
        let may = match rule.who {
            DossierWho::Anyone => true,
            DossierWho::Planner => plans(actor),
            DossierWho::Leader => holds(Role::Leader),
            DossierWho::Creator => is_creator,
            DossierWho::CreatorOrHead => {
                // Who makes the list corrects it while nobody has begun the dossier.
                let is_list = matches!(self.state, DossierState::Planned | DossierState::Listed);
                is_creator || is_of_unit(Some(Role::Head)) || is_list && plans(actor)
            }
            DossierWho::Unit => is_creator || is_of_unit(None),
            DossierWho::Archivist => holds(Role::Archivist),
        };
        if !may {
            Err(Refusal::NotYours)
        } else if rule.from.contains(&self.state) {
            Ok(())
        } else {
            Err(Refusal::NotNow)
        }
    }

    /// Does an act. Findings on closing, and what can be known of documents, are the caller's.
    ///
    /// # Errors
    /// [`Refusal`]: then nothing has changed.
    pub fn apply(
        &mut self,
        act: &DossierAct,
        actor: &Actor<'_>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.judge(act.kind(), actor)?;
        self.check(act)?;
        self.project(act, actor, now);
        Ok(())
    }

    /// What an act that was judged makes of it: for the desk, which lays its own acts over the mirror.
    pub fn project(&mut self, act: &DossierAct, actor: &Actor<'_>, now: Timestamp) {
        let mut said = String::new();
        match act {
            DossierAct::Add { document } => {
                if self.items.iter().all(|item| item.document != *document) {
                    let last = self.items.iter().map(|item| item.ordinal).max();
                    self.items.push(DossierItem {
                        document: *document,
                        ordinal: last.unwrap_or(0).saturating_add(1),
                        by: named(actor),
                        at: now,
                    });
                    self.count = self.count.saturating_add(1);
                }
                return;
            }
            DossierAct::Remove { document } => {
                self.items.retain(|item| item.document != *document);
                self.count = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
                return;
            }
            DossierAct::Amend { fields } => {
                let kept = (
                    self.fields.year,
                    self.fields.number,
                    self.fields.creator.clone(),
                );
                self.fields = tidied(fields);
                (self.fields.year, self.fields.number, self.fields.creator) = kept;
            }
            DossierAct::Open { started_on } => self.started_on = Some(*started_on),
            DossierAct::Close { ended_on, settled } => {
                self.ended_on = Some(*ended_on);
                for (item, place) in self.items.iter_mut().zip(1_u32..) {
                    item.ordinal = place;
                }
                let reasons: Vec<&str> = settled.iter().map(|one| one.reason.trim()).collect();
                said = reasons.join("; ");
            }
            DossierAct::KeepBack {
                until,
                reference,
                reason,
            } => {
                self.kept_until = Some(*until);
                said = format!("{}: {}", reference.trim(), reason.trim());
            }
            DossierAct::Reopen { reason } => {
                (self.ended_on, self.kept_until) = (None, None);
                said.clone_from(reason);
            }
            DossierAct::SendBack { reason } | DossierAct::Strike { reason } => {
                said.clone_from(reason);
            }
            DossierAct::Plan { .. }
            | DossierAct::Start { .. }
            | DossierAct::Approve {}
            | DossierAct::HandOver {}
            | DossierAct::Receive {} => {}
        }
        if let Some(to) = dossier_rule(act.kind()).and_then(|rule| rule.to) {
            self.state = to;
        }
        self.note(act.kind(), actor, (now, &said));
    }

    /// What a person may do to it now.
    #[must_use]
    pub fn allowed(&self, actor: &Actor<'_>) -> Vec<DossierActKind> {
        super::RULES
            .iter()
            .map(|rule| rule.act)
            .filter(|act| self.judge(*act, actor).is_ok())
            .collect()
    }

    /// The last day to hand it over to the archive: a year after it was ended (Art. 30), or until when
    /// it is kept back. None while it is not ended, is there already, or need not go.
    #[must_use]
    pub fn hand_over_by(&self) -> Option<Date> {
        let waits = self.state == DossierState::Closed && self.fields.retention.is_handed_over();
        self.ended_on
            .filter(|_| waits)
            .and_then(|ended| self.kept_until.or(ended.checked_add(1.year()).ok()))
    }

    /// Whether a person sees what is inside.
    #[must_use]
    pub fn is_seen_by(&self, actor: &Actor<'_>) -> bool {
        let is_archived = matches!(
            self.state,
            DossierState::HandedOver | DossierState::Archived
        );
        self.is_of(actor.account)
            || actor.posts.iter().any(|post| {
                post.agency.code == self.unit.code
                    || post.role == Role::Leader
                    || is_archived && post.role == Role::Archivist
            })
    }

    /// Whether a person makes the year's list.
    #[must_use]
    pub fn is_planned_by(actor: &Actor<'_>) -> bool {
        plans(actor)
    }

    /// The same for everyone of the agency: without what is inside.
    pub fn hide_inside(&mut self) {
        self.inside = false;
        self.items.clear();
        self.steps.clear();
    }

    fn check(&self, act: &DossierAct) -> Result<(), Refusal> {
        let sane = |text: &str, longest: usize, fact| {
            let length = nfc(text.trim()).chars().count();
            let is_sane = (1..=longest).contains(&length);
            is_sane.then_some(()).ok_or(Refusal::Fact(fact))
        };
        match act {
            DossierAct::Plan { .. } | DossierAct::Start { .. } => Err(Refusal::NotNow),
            DossierAct::Amend { fields } => check_fields(fields),
            DossierAct::Strike { reason }
            | DossierAct::Reopen { reason }
            | DossierAct::SendBack { reason } => sane(reason, REASON_MAX, "reason"),
            DossierAct::Remove { document } => {
                let is_in = self.items.iter().any(|item| item.document == *document);
                is_in.then_some(()).ok_or(Refusal::Fact("document"))
            }
            DossierAct::Close { ended_on, .. } => {
                let is_after = self.started_on.is_none_or(|started| started <= *ended_on);
                is_after.then_some(()).ok_or(Refusal::Fact("ended_on"))
            }
            DossierAct::KeepBack {
                until,
                reference,
                reason,
            } => {
                sane(reference, REFERENCE_MAX, "reference")?;
                sane(reason, REASON_MAX, "reason")?;
                let due = self.ended_on.and_then(|on| on.checked_add(1.year()).ok());
                let most = due.and_then(|on| on.checked_add(KEPT_BACK_MAX_YEARS.years()).ok());
                let is_sane =
                    due.is_some_and(|due| *until > due) && most.is_some_and(|most| *until <= most);
                is_sane.then_some(()).ok_or(Refusal::Fact("until"))
            }
            DossierAct::Approve {}
            | DossierAct::Open { .. }
            | DossierAct::Add { .. }
            | DossierAct::HandOver {}
            | DossierAct::Receive {} => Ok(()),
        }
    }

    fn note(&mut self, act: DossierActKind, actor: &Actor<'_>, (at, said): (Timestamp, &str)) {
        self.steps.push(DossierStep {
            act,
            at,
            by: named(actor),
            note: nfc(said.trim()),
        });
    }
}

fn named(actor: &Actor<'_>) -> Named {
    Named {
        account: actor.account,
        full_name: actor.full_name.to_owned(),
    }
}

/// Whether a person makes the year's list.
fn plans(actor: &Actor<'_>) -> bool {
    let makes = [Role::Leader, Role::Clerk, Role::Head, Role::Archivist];
    actor.posts.iter().any(|post| makes.contains(&post.role))
}

fn check_fields(fields: &DossierFields) -> Result<(), Refusal> {
    let length = |text: &str| nfc(text.trim()).chars().count();
    let fault = if !(1..=CODE_MAX).contains(&length(&fields.code)) {
        "code"
    } else if !(1..=TITLE_MAX).contains(&length(&fields.title)) {
        "title"
    } else if length(&fields.large) > TITLE_MAX || length(&fields.small) > TITLE_MAX {
        "heading"
    } else if length(&fields.note) > NOTE_MAX {
        "note"
    } else if !(2000..=2999).contains(&fields.year) {
        "year"
    } else if fields
        .number
        .is_some_and(|number| !(1..=9999).contains(&number))
    {
        "number"
    } else if matches!(fields.retention, Retention::Years { years } if !(1..=99).contains(&years)) {
        "retention"
    } else {
        return Ok(());
    };
    Err(Refusal::Fact(fault))
}

fn tidied(fields: &DossierFields) -> DossierFields {
    let tidy = |text: &str| nfc(text.trim());
    DossierFields {
        code: tidy(&fields.code),
        large: tidy(&fields.large),
        small: tidy(&fields.small),
        title: tidy(&fields.title),
        note: tidy(&fields.note),
        ..fields.clone()
    }
}
