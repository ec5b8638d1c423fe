//! What is found, counted by what it can be narrowed to.

use std::collections::BTreeMap;

use congvan_model::{Direction, DocumentState, DocumentType, Timestamp, Urgency};
use rusqlite::named_params;

use super::{
    find::{Asking, COUNT_MAX, SearchQuery},
    language,
};
use crate::{
    Store,
    document::{SALT_BITS, from_word},
    error::Result,
};

/// Agencies that are told; the rest has too few each to be chosen.
const ISSUERS: usize = 12;

/// A value and how many have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet<T> {
    /// The value.
    pub value: T,
    /// How many of those that were counted.
    pub count: u32,
}

/// Counts of what was found: of all of it, or of the newest 10,000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facets {
    /// In and out.
    pub directions: Vec<Facet<Direction>>,
    /// Tên loại, the most frequent first.
    pub kinds: Vec<Facet<DocumentType>>,
    /// Cơ quan ban hành, the twelve most frequent.
    pub issuers: Vec<Facet<String>>,
    /// Years of arrival, the latest first.
    pub years: Vec<Facet<i16>>,
    /// Where they stand, with our own acts counted in.
    pub states: Vec<Facet<DocumentState>>,
    /// Độ khẩn.
    pub urgencies: Vec<Facet<Urgency>>,
    /// How many were counted.
    pub counted: u32,
    /// There are more.
    pub is_more: bool,
}

impl Store {
    /// Counts what a query finds; its order and place are of no account.
    ///
    /// # Errors
    /// Disk errors.
    pub fn facets(&self, query: &SearchQuery) -> Result<Facets> {
        let typed = language::understand(&query.text, query.now.vietnam_date());
        self.read(|db| {
            let asking = Asking::of(db, &typed, &query.narrow, query.now)?;
            let (from, conditions) = asking.sources(true)?;
            let sql = format!(
                "SELECT search.rowid, f.direction, f.kind, f.issuer, f.state, f.urgency
                 FROM {from} WHERE {conditions} ORDER BY search.rowid DESC LIMIT :most"
            );
            let mut statement = db.prepare_cached(&sql)?;
            let mut found = statement.query(named_params! {
                ":match": asking.plan.every,
                ":low": asking.plan.rows.0,
                ":high": asking.plan.rows.1,
                ":most": COUNT_MAX + 1,
            })?;
            let mut counts = Counts::default();
            let mut is_more = false;
            while let Some(row) = found.next()? {
                if counts.all == COUNT_MAX {
                    is_more = true;
                    break;
                }
                counts.all += 1;
                let place: i64 = row.get(0)?;
                let text =
                    |column: usize| row.get_ref(column).and_then(|value| Ok(value.as_str()?));
                add(&mut counts.directions, text(1)?);
                add(&mut counts.kinds, text(2)?);
                add(&mut counts.issuers, text(3)?);
                match asking.state_here(place) {
                    Some(state) => add(&mut counts.states, &crate::document::word(&state)?),
                    None => add(&mut counts.states, text(4)?),
                }
                *counts.urgencies.entry(row.get(5)?).or_default() += 1;
                let year = Timestamp(place >> SALT_BITS).vietnam_date().year();
                *counts.years.entry(year).or_default() += 1;
            }
            counts.facets(is_more)
        })
    }
}

#[derive(Default)]
struct Counts {
    all: u32,
    directions: BTreeMap<String, u32>,
    kinds: BTreeMap<String, u32>,
    issuers: BTreeMap<String, u32>,
    states: BTreeMap<String, u32>,
    urgencies: BTreeMap<u8, u32>,
    years: BTreeMap<i16, u32>,
}

impl Counts {
    fn facets(self, is_more: bool) -> Result<Facets> {
        let mut issuers = often(self.issuers, Ok)?;
        issuers.truncate(ISSUERS);
        let years = self.years.into_iter().rev();
        Ok(Facets {
            directions: often(self.directions, |word| from_word(&word))?,
            kinds: often(self.kinds, |word| from_word(&word))?,
            issuers,
            years: years.map(|(value, count)| Facet { value, count }).collect(),
            states: often(self.states, |word| from_word(&word))?,
            urgencies: often(self.urgencies, |priority| {
                Ok(Urgency::from_priority(priority).unwrap_or_default())
            })?,
            counted: self.all,
            is_more,
        })
    }
}

fn add(counts: &mut BTreeMap<String, u32>, word: &str) {
    match counts.get_mut(word) {
        Some(count) => *count += 1,
        None => {
            counts.insert(word.to_owned(), 1);
        }
    }
}

/// The most frequent first.
fn often<K: Ord, T>(
    counts: BTreeMap<K, u32>,
    value: impl Fn(K) -> Result<T>,
) -> Result<Vec<Facet<T>>> {
    let mut all: Vec<(K, u32)> = counts.into_iter().collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all.into_iter()
        .map(|(key, count)| {
            Ok(Facet {
                value: value(key)?,
                count,
            })
        })
        .collect()
}
