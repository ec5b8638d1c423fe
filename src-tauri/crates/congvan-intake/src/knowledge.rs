//! What this machine has learned: data that the caller keeps and hands in.

use congvan_model::{Notation, fold};
use serde::{Deserialize, Serialize};

use crate::{
    reading::Reading,
    text::{distance, squeeze},
};

/// An agency that people confirmed or a directory lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAgency {
    /// As the register writes it.
    pub name: String,
    /// The agency above it.
    pub parent: Option<String>,
    /// Its groups in symbols: `SNV`.
    pub symbols: Vec<String>,
}

/// All that was learned. Empty on a new machine; the reading works without.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knowledge {
    /// Agencies.
    pub agencies: Vec<KnownAgency>,
}

/// One thing to learn from a correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lesson {
    /// This agency exists, is spelled so, and uses this group in its symbols.
    Agency {
        /// As the person wrote it.
        name: String,
        /// Its group in symbols, where the notation has one.
        symbol: Option<String>,
    },
}

impl Knowledge {
    /// Takes in a lesson; the same lesson twice changes nothing.
    pub fn learn(&mut self, lesson: Lesson) {
        let Lesson::Agency { name, symbol } = lesson;
        let place = self
            .agencies
            .iter()
            .position(|agency| fold(&agency.name) == fold(&name));
        match place.and_then(|place| self.agencies.get_mut(place)) {
            Some(agency) => {
                agency.name = name;
                agency.symbols.extend(
                    symbol
                        .filter(|symbol| !agency.symbols.contains(symbol))
                        .into_iter()
                        .collect::<Vec<_>>(),
                );
            }
            None => self.agencies.push(KnownAgency {
                name,
                parent: None,
                symbols: symbol.into_iter().collect(),
            }),
        }
    }

    /// Groups of symbols that are known.
    pub(crate) fn symbols(&self) -> impl Iterator<Item = &str> {
        self.agencies
            .iter()
            .flat_map(|agency| agency.symbols.iter().map(String::as_str))
    }

    /// The known agency whose name is what was read but for a few slips. A known symbol that does
    /// not fit speaks against it: neighbouring communes differ by one letter.
    pub(crate) fn agency_like(&self, printed: &str, symbol: Option<&str>) -> Option<&KnownAgency> {
        let read = squeeze(printed);
        let (slips, agency) = self
            .agencies
            .iter()
            .map(|agency| (distance(&squeeze(&agency.name), &read), agency))
            .min_by_key(|(slips, _)| *slips)?;
        let fits = symbol.is_none_or(|symbol| {
            agency.symbols.is_empty()
                || symbol
                    .split('-')
                    .any(|group| agency.symbols.iter().any(|known| known == group))
        });
        let allowed = if fits { read.len() / 12 } else { 0 };
        (slips <= allowed).then_some(agency)
    }
}

/// What a person's confirmed fields teach: the agency as they wrote it, with the group of the symbol
/// that names it.
#[must_use]
pub fn lessons(read: &Reading, agency: &str, notation: &Notation) -> Vec<Lesson> {
    let was = read.agency.as_ref().map(|field| field.value.name.as_str());
    let groups: Vec<&str> = notation.symbol().split('-').collect();
    // Named documents have the type first; official letters the agency.
    let group = if notation.document_type().is_some() {
        groups.get(1)
    } else {
        groups.first()
    };
    let symbol = group.map(|group| (*group).to_owned());
    if was == Some(agency) && symbol.is_none() {
        return Vec::new();
    }
    vec![Lesson::Agency {
        name: agency.to_owned(),
        symbol,
    }]
}
