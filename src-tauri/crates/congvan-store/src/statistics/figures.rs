//! The figures: what each document adds to which of them.

use congvan_model::Timestamp;

use super::fact::{Came, Fact, Way, Went};

/// One figure. Each has its definition in the glossary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Văn bản đến: registered, by the day of arrival.
    Incoming,
    /// Đã giải quyết đúng hạn: before the deadline, or without one.
    DoneInTime,
    /// Đã giải quyết quá hạn.
    DoneLate,
    /// Đang giải quyết, trong hạn.
    Open,
    /// Đang giải quyết, quá hạn.
    Overdue,
    /// Đến qua trục liên thông: with no paper.
    ByAxis,
    /// Tồn từ trước kỳ: came before the period and is still to be handled.
    Carried,
    /// Of those, quá hạn.
    CarriedOverdue,
    /// Văn bản đi: issued, by the day that stands on the document.
    Outgoing,
    /// Văn bản đi that a person signs: all but copies.
    Personal,
    /// Of those, signed by that person.
    Signed,
    /// Văn bản đi signed for the agency.
    Sealed,
    /// Văn bản đi hoàn toàn điện tử: bears every digital signature that it needs, so that nothing of
    /// it has to be on paper.
    Electronic,
}

impl Measure {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 13] = [
        Self::Incoming,
        Self::DoneInTime,
        Self::DoneLate,
        Self::Open,
        Self::Overdue,
        Self::ByAxis,
        Self::Carried,
        Self::CarriedOverdue,
        Self::Outgoing,
        Self::Personal,
        Self::Signed,
        Self::Sealed,
        Self::Electronic,
    ];
}

/// How many documents each figure has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures([u32; Measure::ALL.len()]);

impl Figures {
    /// One of them.
    #[must_use]
    pub fn of(&self, measure: Measure) -> u32 {
        self.0.get(measure as usize).copied().unwrap_or_default()
    }

    /// Documents whose deadline has been decided: kept, or passed.
    #[must_use]
    pub fn decided(&self) -> u32 {
        let late = self
            .of(Measure::DoneLate)
            .saturating_add(self.of(Measure::Overdue));
        self.of(Measure::DoneInTime).saturating_add(late)
    }

    pub(super) fn add(&mut self, measure: Measure) {
        if let Some(figure) = self.0.get_mut(measure as usize) {
            *figure = figure.saturating_add(1);
        }
    }
}

/// The figures that a document counts in at a moment; `carried` when it came before the period.
pub(super) fn measures(fact: &Fact, carried: bool, now: Timestamp) -> Vec<Measure> {
    match &fact.way {
        Way::In(came) if carried => carried_over(came, now),
        Way::In(came) => incoming(came, now),
        Way::Out(went) => outgoing(went),
    }
}

fn is_overdue(came: &Came, now: Timestamp) -> bool {
    came.due.is_some_and(|due| now > due)
}

fn carried_over(came: &Came, now: Timestamp) -> Vec<Measure> {
    match (came.waits, is_overdue(came, now)) {
        (false, _) => Vec::new(),
        (true, false) => vec![Measure::Carried],
        (true, true) => vec![Measure::Carried, Measure::CarriedOverdue],
    }
}

fn incoming(came: &Came, now: Timestamp) -> Vec<Measure> {
    if came.imported {
        return vec![Measure::Incoming];
    }
    let is_late = came.done_at.is_some_and(|at| is_overdue(came, at));
    let handling = match (came.waits, is_overdue(came, now)) {
        (true, false) => Measure::Open,
        (true, true) => Measure::Overdue,
        (false, _) if is_late => Measure::DoneLate,
        (false, _) => Measure::DoneInTime,
    };
    let mut found = vec![Measure::Incoming, handling];
    if came.by_axis {
        found.push(Measure::ByAxis);
    }
    found
}

fn outgoing(went: &Went) -> Vec<Measure> {
    let mut found = vec![Measure::Outgoing];
    if went.imported {
        return found;
    }
    if !went.copy {
        found.push(Measure::Personal);
    }
    if !went.copy && went.signed {
        found.push(Measure::Signed);
    }
    if went.sealed {
        found.push(Measure::Sealed);
    }
    if went.sealed && (went.copy || went.signed) {
        found.push(Measure::Electronic);
    }
    found
}
