//! Agencies of the directory as statistics name them: what a sender is today, and of what level it was.

use std::collections::{BTreeSet, HashMap};

use congvan_model::{AgencyCode, AgencyId, spelled_out};
use congvan_protocol::{Agency, Issuer};
use jiff::civil::Date;
use rusqlite::Connection;

use crate::{agencies, error::Result};

/// Longest way from an agency to its root, or to what it is today; more is a ring in the directory.
const STEPS_MAX: usize = 20;

/// Cấp: of what level an agency is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Level {
    /// Trung ương.
    Central,
    /// Tỉnh.
    Province,
    /// Huyện, until 30/06/2025.
    District,
    /// Xã.
    Commune,
}

impl Level {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Central => "central",
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
        }
    }
}

/// What the directory says, each agency read and judged once.
pub(super) struct Senders<'a> {
    db: &'a Connection,
    /// By code and name as on documents.
    called: HashMap<String, HashMap<String, Vec<Agency>>>,
    known: HashMap<AgencyId, Option<Agency>>,
    today: HashMap<AgencyId, (AgencyId, String)>,
    levels: HashMap<AgencyId, Option<Level>>,
}

impl<'a> Senders<'a> {
    pub(super) fn new(db: &'a Connection) -> Self {
        Self {
            db,
            called: HashMap::new(),
            known: HashMap::new(),
            today: HashMap::new(),
            levels: HashMap::new(),
        }
    }

    /// The agency that sent a document of that day; none when the directory does not tell which.
    pub(super) fn then(&mut self, issuer: &Issuer, on: Date) -> Result<Option<AgencyId>> {
        let known = self.called.get(&issuer.code);
        if known.and_then(|names| names.get(&issuer.name)).is_none() {
            let found = agencies::called(self.db, issuer)?;
            let names = self.called.entry(issuer.code.clone()).or_default();
            names.insert(issuer.name.clone(), found);
        }
        let names = self.called.get(&issuer.code);
        let found = names.and_then(|names| names.get(&issuer.name));
        let found = found.map(Vec::as_slice).unwrap_or_default();
        Ok(agencies::of_day(found, &issuer.code, on).map(|one| one.id))
    }

    /// What an agency is today and is called: its successor, and the successor of that. One that was
    /// divided among several stays what it was.
    pub(super) fn now(&mut self, id: AgencyId) -> Result<(AgencyId, String)> {
        if let Some(known) = self.today.get(&id) {
            return Ok(known.clone());
        }
        let mut now = (id, String::new());
        let mut next = self.get(id)?;
        for _ in 0..STEPS_MAX {
            let Some(agency) = next.take() else { break };
            now = (agency.id, agency.name);
            if let [successor] = agency.successors.as_slice() {
                next = self.get(*successor)?;
            }
        }
        self.today.insert(id, now.clone());
        Ok(now)
    }

    /// Name of the agency above.
    pub(super) fn above(&mut self, id: AgencyId) -> Result<Option<String>> {
        let parent = self.get(id)?.and_then(|agency| agency.parent);
        let parent = parent.map_or(Ok(None), |id| self.get(id))?;
        Ok(parent.map(|parent| parent.name))
    }

    /// The level of an agency: commune or district where it, or one above it, bears such a name
    /// (districts ended on 30/06/2025, Resolution 202/2025/QH15); else by the first group of its code,
    /// which begins with `H` for provinces alone (Decision 20/2020/QĐ-TTg). None where neither tells.
    pub(super) fn level(&mut self, id: AgencyId) -> Result<Option<Level>> {
        if let Some(known) = self.levels.get(&id) {
            return Ok(*known);
        }
        let level = self.judged(id)?;
        self.levels.insert(id, level);
        Ok(level)
    }

    fn judged(&mut self, id: AgencyId) -> Result<Option<Level>> {
        let mut seen = BTreeSet::new();
        let mut at = self.get(id)?;
        let mut root = None;
        while let Some(one) = at.take().filter(|one| seen.insert(one.id)) {
            if let Some(level) = level_named(&one) {
                return Ok(Some(level));
            }
            let codes = std::iter::once(&one.code).chain(&one.former_codes);
            let mut codes = codes.filter_map(|code| code.parse::<AgencyCode>().ok());
            root = codes.next().map(|code| code.root().to_owned()).or(root);
            at = one.parent.map_or(Ok(None), |id| self.get(id))?;
        }
        Ok(root.map(|root| match root.starts_with('H') {
            true => Level::Province,
            false => Level::Central,
        }))
    }

    fn get(&mut self, id: AgencyId) -> Result<Option<Agency>> {
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let found = agencies::get(self.db, id)?;
        self.known.insert(id, found.clone());
        Ok(found)
    }
}

/// The level that the name of a people's committee, council or party committee bears.
fn level_named(agency: &Agency) -> Option<Level> {
    let words = spelled_out(&agency.name);
    let state = ["uy ban nhan dan ", "hoi dong nhan dan "];
    let of = |bodies: &[&str]| {
        let mut bodies = bodies.iter();
        let found = bodies.find_map(|body| words.strip_prefix(body));
        found.unwrap_or_default().to_owned()
    };
    let begins = |of: String, units: &[&str]| units.iter().any(|unit| of.starts_with(unit));
    let commune = ["xa ", "phuong ", "thi tran ", "dac khu "];
    if begins(of(&state), &commune) || begins(of(&["dang uy "]), &commune) {
        return Some(Level::Commune);
    }
    // A city with a whole code of its own is a province.
    let is_city = begins(of(&state), &["thanh pho "]) && agency.code.contains('.');
    (is_city || begins(of(&state), &["huyen ", "quan ", "thi xa "])).then_some(Level::District)
}
