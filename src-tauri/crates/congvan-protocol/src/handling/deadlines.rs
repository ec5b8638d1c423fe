//! Deadlines of a document: that of the whole, and those of each who leads or supports (Art. 23(2):
//! who leads, who supports, and until when each agency, unit or person).

use std::iter::successors;

use congvan_model::{AccountId, Deadline, ReceiverRole, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, Course, Receiver, Refusal};

/// A deadline of somebody's own, beside that of all whom an act names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnDeadline {
    /// Who leads or supports by the same act.
    #[schema(value_type = i64)]
    pub account: AccountId,
    /// Until when, not after the deadline of the whole.
    #[schema(value_type = Object)]
    pub due: Deadline,
}

/// Until when those work whom one act names.
#[derive(Clone, Copy)]
pub(super) struct Until<'a> {
    /// Who has none of their own; none without a deadline.
    pub(super) all: Option<Deadline>,
    /// The others.
    pub(super) own: &'a [OwnDeadline],
    /// Nobody works longer than that.
    pub(super) latest: Option<Deadline>,
}

impl Until<'_> {
    /// Whether all of it can be kept, by these who lead and support.
    ///
    /// # Errors
    /// `due`, `deadlines`.
    pub(super) fn check(
        &self,
        (lead, supports): (AccountId, &[AccountId]),
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let latest = self.latest.map_or(Timestamp(i64::MAX), |due| due.instant());
        let is_wrong = |due: Deadline| due.is_overdue(at) || due.instant() > latest;
        for (index, one) in self.own.iter().enumerate() {
            let is_named = one.account == lead || supports.contains(&one.account);
            let mut before = self.own.iter().take(index);
            let is_twice = before.any(|other| other.account == one.account);
            if !is_named || is_twice || is_wrong(one.due) {
                return Err(Refusal::Fact("deadlines"));
            }
        }
        Ok(())
    }

    /// That of one of them. Who is informed has nothing to do until any day.
    pub(super) fn of(&self, account: AccountId, role: ReceiverRole) -> Option<Deadline> {
        let own = self.own.iter().find(|one| one.account == account);
        let due = own.map(|one| one.due).or(self.all);
        due.filter(|_| role != ReceiverRole::Inform)
    }
}

impl Course {
    /// Until when that is that this person does: the person's own deadline, where one was named; for
    /// the clerk of a unit that of its head; else that of the whole.
    #[must_use]
    pub fn due_for(&self, actor: &Actor<'_>) -> Option<Deadline> {
        let mut receivers = self.handling.receivers.iter();
        let own = self.receiver(actor.account);
        let own = own.or_else(|| receivers.find(|one| actor.clerks_for(&one.heads)));
        own.and_then(|one| one.due).or(self.due)
    }

    /// More time is given to who asked for it; who gave it to that person, and the whole, have as much
    /// at least.
    pub(super) fn extend(&mut self, granted: bool) {
        let Some(extension) = self.handling.extension.take().filter(|_| granted) else {
            return;
        };
        let more = extension.due;
        let receivers = &mut self.handling.receivers;
        // Who asked may have handed it over since.
        let asked = receivers
            .iter()
            .find(|one| one.account == extension.asked_by.account)
            .or_else(|| receivers.iter().find(|one| one.holds));
        let Some(asked) = asked.map(|one| one.account) else {
            return;
        };
        let giver = |of: AccountId| {
            let one = receivers.iter().find(|one| one.account == of)?;
            Some(one.given_by.account)
        };
        let most = receivers.len();
        let above: Vec<AccountId> = successors(giver(asked), |one| giver(*one))
            .take(most)
            .collect();
        let had = receivers.iter().find(|one| one.account == asked);
        let had = had.and_then(|one| one.due).or(self.due);
        for one in receivers.iter_mut() {
            if one.account == asked {
                one.due = Some(more);
            } else if above.contains(&one.account) {
                one.due = one.due.map(|due| later(due, more));
            }
        }
        self.due = match self.due {
            Some(due) => Some(later(due, more)),
            None => had.is_none().then_some(more),
        };
    }

    /// Nobody answers who is no longer asked to do it.
    pub(super) fn forget_extension(&mut self) {
        let supports = |account: AccountId| {
            let mut receivers = self.handling.receivers.iter();
            receivers
                .any(|one: &Receiver| one.account == account && one.role == ReceiverRole::Support)
        };
        let asked = self.handling.extension.as_ref();
        if asked.is_some_and(|asked| !supports(asked.asked_by.account)) {
            self.handling.extension = None;
        }
    }
}

fn later(one: Deadline, other: Deadline) -> Deadline {
    if other.instant() > one.instant() {
        other
    } else {
        one
    }
}
