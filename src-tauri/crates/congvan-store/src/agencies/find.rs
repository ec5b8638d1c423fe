//! Finding agencies by what is typed, and by codes.
//!
//! Invariant: at most a few hundred rows are looked at for one key, however large the directory is.

use std::collections::BTreeSet;

use congvan_model::{AgencyId, fold, spelled_out};
use congvan_protocol::{Agency, Issuer};
use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::get;
use crate::{Store, error::Result};

/// Words of what was typed beyond these are ignored.
const WORDS_MAX: usize = 12;
/// Agencies of the own province that are ranked for one key.
const AT_HOME: u32 = 400;
/// Those of all provinces, and those whose name begins with what was typed.
const ANYWHERE: u32 = 200;

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct AgencyWish<'a> {
    /// As typed: words in any order, with or without diacritics, the last ones begun; or a code.
    pub text: &'a str,
    /// The day of the document: who existed then comes first.
    pub on: Date,
    /// Root of the codes of the own province, e.g. `H33`: its agencies come first.
    pub home: Option<&'a str>,
    /// Most that are wanted.
    pub limit: usize,
}

/// An agency with the names that people need beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAgency {
    /// The entry.
    pub agency: Agency,
    /// Name of the agency above.
    pub parent: Option<String>,
    /// Names of what it became.
    pub successors: Vec<String>,
}

impl Store {
    /// Agencies of the directory for what was typed, the likeliest first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn agencies_find(&self, wish: AgencyWish<'_>) -> Result<Vec<ListedAgency>> {
        self.read(|db| {
            let ids = candidates(db, wish)?;
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                found.extend(get(db, id)?);
            }
            let begins = spelled_out(wish.text);
            found.sort_by_cached_key(|agency| rank(agency, wish, &begins));
            found.truncate(wish.limit);
            found.into_iter().map(|agency| listed(db, agency)).collect()
        })
    }

    /// The agency that a code is or was of. Where several had it one after the other, the one of that
    /// day, or else the latest.
    ///
    /// # Errors
    /// Disk errors.
    pub fn agency_of_code(&self, code: &str, on: Date) -> Result<Option<ListedAgency>> {
        self.read(|db| {
            let of_code = coded(db, code)?;
            let first = of_day(&of_code, code, on).cloned();
            first.map(|agency| listed(db, agency)).transpose()
        })
    }

    /// The agency that issued a document of a day: by its code, or else by its name where there is no
    /// doubt.
    ///
    /// # Errors
    /// Disk errors.
    pub fn issuer_on(&self, (code, name): (&str, &str), on: Date) -> Result<Option<Agency>> {
        let issuer = Issuer {
            code: code.to_owned(),
            name: name.to_owned(),
        };
        self.read(|db| Ok(of_day(&called(db, &issuer)?, code, on).cloned()))
    }

    /// The agencies that are called exactly that, however it is written.
    ///
    /// # Errors
    /// Disk errors.
    pub fn agencies_named(&self, name: &str) -> Result<Vec<ListedAgency>> {
        self.read(|db| {
            let all = named(db, name)?.into_iter();
            all.map(|agency| listed(db, agency)).collect()
        })
    }
}

/// The agencies that stand for whoever issued a document: those with its code, or else of its name.
pub(crate) fn called(db: &Connection, issuer: &Issuer) -> Result<Vec<Agency>> {
    let of_code = coded(db, &issuer.code)?;
    match of_code.is_empty() {
        true => named(db, &issuer.name),
        false => Ok(of_code),
    }
}

/// Of those, the one of a day: with the code the one that had it then, or else the latest; by name
/// alone only where there is no doubt.
pub(crate) fn of_day<'a>(called: &'a [Agency], code: &str, on: Date) -> Option<&'a Agency> {
    let code = code.trim();
    let has_code =
        |one: &&Agency| one.code == code || one.former_codes.iter().any(|old| old == code);
    let rank = |one: &&Agency| {
        let then = !one.is_valid_on(on);
        (then, one.code != code, std::cmp::Reverse(one.id))
    };
    let coded = called.iter().filter(has_code).min_by_key(rank);
    coded.or_else(|| {
        let then: Vec<&Agency> = called.iter().filter(|one| one.is_valid_on(on)).collect();
        match (then.as_slice(), called) {
            ([one], _) => Some(*one),
            ([], [one]) => Some(one),
            _ => None,
        }
    })
}

fn coded(db: &Connection, code: &str) -> Result<Vec<Agency>> {
    let mut of_code = Vec::new();
    for id in with_code(db, code.trim())? {
        of_code.extend(get(db, id)?);
    }
    Ok(of_code)
}

fn named(db: &Connection, name: &str) -> Result<Vec<Agency>> {
    let mut query = db.prepare_cached("SELECT id FROM agency WHERE name_key = ?1 LIMIT ?2")?;
    let rows = query.query_map(params![spelled_out(name), ANYWHERE], |row| row.get(0))?;
    let ids: Vec<i64> = rows.collect::<rusqlite::Result<_>>()?;
    let mut named = Vec::new();
    for id in ids {
        named.extend(get(db, AgencyId(id))?);
    }
    Ok(named)
}

fn candidates(db: &Connection, wish: AgencyWish<'_>) -> Result<BTreeSet<AgencyId>> {
    let mut ids: BTreeSet<AgencyId> = with_code(db, wish.text.trim())?.into_iter().collect();
    let folded = fold(wish.text);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    if words.is_empty() {
        return Ok(ids);
    }
    let anywhere = words.join(" AND ");
    if let Some(home) = wish.home {
        let at_home = format!("{anywhere} AND \"{}\"", fold(home).replace('"', ""));
        matching(db, &at_home, AT_HOME, &mut ids)?;
    }
    matching(db, &anywhere, ANYWHERE, &mut ids)?;
    let begins = spelled_out(wish.text);
    let mut query = db.prepare_cached(
        "SELECT id FROM agency WHERE name_key >= ?1 AND name_key < ?1 || char(1114111)
         ORDER BY name_key LIMIT ?2",
    )?;
    let rows = query.query_map(params![begins, ANYWHERE], |row| row.get(0).map(AgencyId))?;
    for id in rows {
        ids.insert(id?);
    }
    Ok(ids)
}

fn matching(db: &Connection, query: &str, limit: u32, ids: &mut BTreeSet<AgencyId>) -> Result<()> {
    let sql = "SELECT rowid FROM search_agency WHERE search_agency MATCH ?1 LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![query, limit], |row| row.get(0).map(AgencyId))?;
    for id in rows {
        ids.insert(id?);
    }
    Ok(())
}

fn with_code(db: &Connection, code: &str) -> Result<Vec<AgencyId>> {
    let mut query = db.prepare_cached("SELECT agency FROM agency_code WHERE code = ?1 LIMIT ?2")?;
    let rows = query.query_map(params![code, ANYWHERE], |row| row.get(0).map(AgencyId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Who existed on the day comes before who did not, a name that begins so before one that has the
/// words somewhere, the own province before others, what is high up before what is below.
fn rank(agency: &Agency, wish: AgencyWish<'_>, begins: &str) -> (bool, bool, bool, usize, String) {
    let key = spelled_out(&agency.name);
    let is_home = wish.home.is_some_and(|home| {
        let rest = agency.code.strip_prefix(home);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    (
        !agency.is_valid_on(wish.on),
        !key.starts_with(begins),
        !is_home,
        agency.code.split('.').count(),
        key,
    )
}

fn listed(db: &Connection, agency: Agency) -> Result<ListedAgency> {
    let name =
        |id: AgencyId| -> Result<Option<String>> { Ok(get(db, id)?.map(|agency| agency.name)) };
    let parent = agency.parent.map_or(Ok(None), name)?;
    let mut successors = Vec::with_capacity(agency.successors.len());
    for id in &agency.successors {
        successors.extend(name(*id)?);
    }
    Ok(ListedAgency {
        parent,
        successors,
        agency,
    })
}
