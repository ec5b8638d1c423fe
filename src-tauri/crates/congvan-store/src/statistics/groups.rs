//! By what figures are told apart, and the order that groups have.

use std::{
    cmp::{Ordering, Reverse},
    collections::{HashMap, HashSet},
};

use congvan_model::fold;
use rusqlite::Connection;

use super::{
    Figures, Measure, One,
    fact::{Came, Lead, Way},
    senders::Senders,
};
use crate::{document::word, error::Result};

/// By what figures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Đơn vị: each that leads. Of incoming documents only: what goes out does not say whose it is.
    Unit,
    /// Người: each who leads; who drafted what goes out.
    Person,
    /// Tháng.
    Month,
    /// Lĩnh vực. Of incoming documents only: others have none.
    Activity,
    /// Loại văn bản.
    Kind,
    /// Nơi gửi, as it is today. Of incoming documents only.
    Sender,
    /// Cấp of the sender, as it was. Of incoming documents only.
    Level,
}

/// The figures of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Names it in a question for its documents; empty for those that belong to none.
    pub key: String,
    /// What people call it; of a kind, a level and a month what its key says.
    pub name: String,
    /// Its place among the groups by documents handled in time, where that is asked; equals share one.
    pub place: Option<u32>,
    /// Its figures.
    pub figures: Figures,
}

/// Tells of a document to which groups it belongs.
pub(super) struct Grouping<'a> {
    by: Dimension,
    senders: Senders<'a>,
}

impl<'a> Grouping<'a> {
    pub(super) fn new(db: &'a Connection, by: Dimension) -> Self {
        Self {
            by,
            senders: Senders::new(db),
        }
    }

    /// Keys and names of the groups that a document belongs to; none of what the dimension does not
    /// tell apart.
    pub(super) fn keys(&mut self, one: &One) -> Result<Vec<(String, String)>> {
        let same = |key: String| vec![(key.clone(), key)];
        Ok(match (self.by, &one.fact.way) {
            // A month before the period is none of its months.
            (Dimension::Month, _) if one.carried => Vec::new(),
            (Dimension::Month, _) => same(one.day.strftime("%Y-%m").to_string()),
            (Dimension::Kind, _) => same(word(&one.fact.kind)?),
            (Dimension::Person, Way::In(came)) => or_none(persons(&came.leads)),
            (Dimension::Person, Way::Out(went)) => {
                let drafter = went.drafter.as_ref();
                or_none(drafter.map(|(id, name)| (id.0.to_string(), name.clone())))
            }
            (Dimension::Unit, Way::In(came)) => or_none(self.units(came, one)?),
            (Dimension::Activity, Way::In(came)) => or_none(came.activity.clone()),
            (Dimension::Sender, Way::In(came)) => vec![self.sender(came, one)?],
            (Dimension::Level, Way::In(came)) => same(self.level(came, one)?.to_owned()),
            (
                Dimension::Unit | Dimension::Activity | Dimension::Sender | Dimension::Level,
                Way::Out(_),
            ) => Vec::new(),
        })
    }

    /// The units that lead, each once, by their names of today.
    fn units(&mut self, came: &Came, one: &One) -> Result<Vec<(String, String)>> {
        let mut units = Vec::new();
        for lead in came.leads.iter().filter(|lead| !lead.unit.is_empty()) {
            let mut name = lead.unit.clone();
            if !lead.code.is_empty() {
                let unit = congvan_protocol::Issuer {
                    code: lead.code.clone(),
                    name: lead.unit.clone(),
                };
                if let Some(then) = self.senders.then(&unit, one.day)? {
                    name = self.senders.now(then)?.1;
                }
            }
            units.push((name.clone(), name));
        }
        Ok(units)
    }

    fn sender(&mut self, came: &Came, one: &One) -> Result<(String, String)> {
        let on = came.issued_on.unwrap_or(one.day);
        Ok(match self.senders.then(&came.issuer, on)? {
            Some(then) => {
                let (id, name) = self.senders.now(then)?;
                (id.0.to_string(), name)
            }
            None => (
                format!("={}", fold(&came.issuer.name)),
                came.issuer.name.clone(),
            ),
        })
    }

    fn level(&mut self, came: &Came, one: &One) -> Result<&'static str> {
        let on = came.issued_on.unwrap_or(one.day);
        let level = match self.senders.then(&came.issuer, on)? {
            Some(then) => self.senders.level(then)?,
            None => None,
        };
        Ok(level.map(|level| level.word()).unwrap_or_default())
    }

    /// Senders that are called alike are told apart by the agency above.
    fn told_apart(&mut self, groups: &mut [Group]) -> Result<()> {
        let mut called: HashMap<String, u32> = HashMap::new();
        for group in groups.iter() {
            *called.entry(group.name.clone()).or_default() += 1;
        }
        for group in groups {
            let is_alone = called.get(&group.name) == Some(&1);
            let Some(id) = group.key.parse().ok().filter(|_| !is_alone) else {
                continue;
            };
            if let Some(above) = self.senders.above(congvan_model::AgencyId(id))? {
                group.name = format!("{} – {above}", group.name);
            }
        }
        Ok(())
    }
}

fn persons(leads: &[Lead]) -> Vec<(String, String)> {
    let person = |lead: &Lead| (lead.account.0.to_string(), lead.name.clone());
    leads.iter().map(person).collect()
}

/// What belongs to no group is in the one without a name.
fn or_none(found: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut seen = HashSet::new();
    let found = found.into_iter();
    let found: Vec<_> = found.filter(|(key, _)| seen.insert(key.clone())).collect();
    match found.is_empty() {
        true => vec![Default::default()],
        false => found,
    }
}

/// Figures of all and of each group.
#[derive(Default)]
pub(super) struct Groups {
    total: Figures,
    found: HashMap<String, (String, Figures)>,
    overlap: bool,
}

impl Groups {
    pub(super) fn count(&mut self, keys: &[(String, String)], measures: &[Measure]) {
        self.overlap |= keys.len() > 1;
        for measure in measures {
            self.total.add(*measure);
        }
        for (key, name) in keys {
            let (known, figures) = self.found.entry(key.clone()).or_default();
            // A desk does not know every name before the server tells it.
            if known.is_empty() {
                known.clone_from(name);
            }
            for measure in measures {
                figures.add(*measure);
            }
        }
    }

    /// The total, the groups in their order, and whether they overlap.
    pub(super) fn finish(
        self,
        by: Dimension,
        grouping: &mut Grouping<'_>,
    ) -> Result<(Figures, Vec<Group>, bool)> {
        let found = self.found.into_iter();
        let mut groups: Vec<Group> = found
            .map(|(key, (name, figures))| Group {
                key,
                name,
                place: None,
                figures,
            })
            .collect();
        match by {
            Dimension::Unit | Dimension::Person => rank(&mut groups),
            Dimension::Month => groups.sort_by(|one, other| one.key.cmp(&other.key)),
            Dimension::Sender => {
                grouping.told_apart(&mut groups)?;
                groups.sort_by_cached_key(by_size);
            }
            Dimension::Activity | Dimension::Kind | Dimension::Level => {
                groups.sort_by_cached_key(by_size);
            }
        }
        Ok((self.total, groups, self.overlap))
    }
}

/// The largest first; what belongs to none last.
fn by_size(group: &Group) -> (bool, Reverse<u32>, String) {
    let of = |measure| group.figures.of(measure);
    let size = of(Measure::Incoming).saturating_add(of(Measure::Outgoing));
    (group.key.is_empty(), Reverse(size), fold(&group.name))
}

/// By the part handled in time of what is decided, then by how much that is. Who has nothing decided
/// has no place.
fn rank(groups: &mut [Group]) {
    groups.sort_by(|one, other| {
        let last = |group: &Group| (group.key.is_empty(), group.figures.decided() == 0);
        last(one)
            .cmp(&last(other))
            .then_with(|| standing(one, other))
            .then_with(|| by_size(one).cmp(&by_size(other)))
    });
    let mut before: Option<Group> = None;
    for (at, group) in (1_u32..).zip(groups.iter_mut()) {
        if group.key.is_empty() || group.figures.decided() == 0 {
            continue;
        }
        let equal = before.as_ref().filter(|one| standing(one, group).is_eq());
        group.place = equal.map_or(Some(at), |one| one.place);
        before = Some(group.clone());
    }
}

fn standing(one: &Group, other: &Group) -> Ordering {
    let facts = |group: &Group| {
        let in_time = u64::from(group.figures.of(Measure::DoneInTime));
        (in_time, u64::from(group.figures.decided()))
    };
    let ((in_time, decided), (others_in_time, others_decided)) = (facts(one), facts(other));
    let (share, others) = (
        in_time.saturating_mul(others_decided),
        others_in_time.saturating_mul(decided),
    );
    others.cmp(&share).then(others_in_time.cmp(&in_time))
}
