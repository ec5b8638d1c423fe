use super::{DossierActKind, DossierState};

/// Who may do an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DossierWho {
    /// Everyone of the agency.
    Anyone,
    /// Who makes the list: heads of units, the registry, the archive, leaders.
    Planner,
    /// A leader.
    Leader,
    /// Its creator.
    Creator,
    /// Its creator, and the head of the creator's unit.
    CreatorOrHead,
    /// Everyone of the creator's unit.
    Unit,
    /// An archivist.
    Archivist,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DossierRule {
    /// The act.
    pub act: DossierActKind,
    /// From which states; none: there is no such dossier yet.
    pub from: &'static [DossierState],
    /// By whom.
    pub who: DossierWho,
    /// To which state; none: it stays.
    pub to: Option<DossierState>,
}

const fn line(
    act: DossierActKind,
    from: &'static [DossierState],
    who: DossierWho,
    to: Option<DossierState>,
) -> DossierRule {
    DossierRule { act, from, who, to }
}

/// Every act on a dossier: from where, by whom, to where.
pub const RULES: [DossierRule; 14] = {
    use DossierActKind as A;
    use DossierState as S;
    use DossierWho as W;
    [
        // Art. 28: the list is made at the beginning of the year and issued by the head.
        line(A::Plan, &[], W::Planner, Some(S::Planned)),
        // Art. 29(1): one that is not in the list is added by who handles the work.
        line(A::Start, &[], W::Anyone, Some(S::Open)),
        line(A::Approve, &[S::Planned], W::Leader, Some(S::Listed)),
        line(A::Strike, &[S::Planned, S::Listed], W::Planner, None),
        line(A::Open, &[S::Listed], W::Creator, Some(S::Open)),
        line(
            A::Amend,
            &[S::Planned, S::Listed, S::Open],
            W::CreatorOrHead,
            None,
        ),
        // Art. 29(2): every document of the work is gathered.
        line(A::Add, &[S::Open], W::Unit, None),
        line(A::Remove, &[S::Open], W::CreatorOrHead, None),
        // Art. 29(3): looked through, put in order and ended when the work is.
        line(A::Close, &[S::Open], W::CreatorOrHead, Some(S::Closed)),
        line(A::Reopen, &[S::Closed], W::CreatorOrHead, Some(S::Open)),
        // Art. 30: handed over within a year; kept back with the head's written consent.
        line(A::KeepBack, &[S::Closed], W::CreatorOrHead, None),
        line(
            A::HandOver,
            &[S::Closed],
            W::CreatorOrHead,
            Some(S::HandedOver),
        ),
        line(
            A::Receive,
            &[S::HandedOver],
            W::Archivist,
            Some(S::Archived),
        ),
        line(A::SendBack, &[S::HandedOver], W::Archivist, Some(S::Closed)),
    ]
};

/// The line of an act.
#[must_use]
pub fn dossier_rule(act: DossierActKind) -> Option<&'static DossierRule> {
    RULES.iter().find(|rule| rule.act == act)
}
