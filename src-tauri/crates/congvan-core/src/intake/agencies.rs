//! Completing the name of an agency while it is typed.
//!
//! The protocol has no directory of agencies, so what can be offered is what this desk has seen: the
//! issuers of its documents, with their codes, and what people wrote in confirmed letters. A national
//! directory of 120,000 names would fit the same search: see the test of its size.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use congvan_model::fold;
use congvan_store::{SeenIssuer, Store};

use super::learning;
use crate::{Desk, Result, session::Session};

/// What is known is gathered anew when it is older than this and somebody types.
const OLD: Duration = Duration::from_secs(300);

/// Most names that are offered.
const MOST: usize = 50;

/// An agency that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyView {
    /// Its code; none when it was only learned.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// Its group in symbols, e.g. `SNV`.
    pub symbol: Option<String>,
}

/// The names of a session, gathered when they are first needed.
#[derive(Default)]
pub(crate) struct AgencyDesk {
    /// Looking through all documents takes a second at 100,000.
    seen: RwLock<Option<(Instant, Arc<Vec<SeenIssuer>>)>>,
    /// With what was learned; none when something was learned since.
    ready: RwLock<Option<Arc<Directory>>>,
    gathering: tokio::sync::Mutex<()>,
}

impl Desk {
    /// Agencies whose names have words that begin with what was typed, with or without diacritics, or
    /// whose symbol begins so; those that people wrote most here first.
    ///
    /// # Errors
    /// `NotLoggedIn`; disk errors.
    pub async fn agencies_find(&self, text: &str, limit: u32) -> Result<Vec<AgencyView>> {
        let session = self.session().await?;
        let directory = directory(&session).await?;
        let limit = usize::try_from(limit).unwrap_or(MOST).clamp(1, MOST);
        let text = text.to_owned();
        Ok(tokio::task::spawn_blocking(move || directory.find(&text, limit)).await?)
    }
}

/// What is known of agencies. What was gathered long ago is renewed by the way: nobody waits for it.
pub(super) async fn directory(session: &Arc<Session>) -> Result<Arc<Directory>> {
    let desk = &session.intake.agencies;
    let is_old = get(&desk.seen).is_some_and(|(at, _)| at.elapsed() > OLD);
    if is_old {
        let renewing = session.clone();
        session.intake.tasks.spawn(async move {
            if let Err(error) = gather(&renewing).await {
                tracing::warn!(%error, "the agencies of new documents are not offered yet");
            }
        });
    }
    // Before the first documents have arrived there was nothing to gather.
    if let Some(directory) = get(&desk.ready).filter(|ready| !ready.entries.is_empty()) {
        return Ok(directory);
    }
    let seen = match get(&desk.seen) {
        Some((_, seen)) if !seen.is_empty() => seen,
        Some(_) | None => gather(session).await?,
    };
    let directory = session
        .with_store(move |store| {
            let learned = learning::agencies(store)?;
            Ok(Arc::new(Directory::known(&seen, learned)))
        })
        .await?;
    set(&desk.ready, Some(directory.clone()));
    Ok(directory)
}

/// A confirmation taught a name: it is offered with the next letter that is typed.
pub(super) fn forget(session: &Session) {
    set(&session.intake.agencies.ready, None);
}

/// Looks through the documents, once however many ask.
async fn gather(session: &Session) -> Result<Arc<Vec<SeenIssuer>>> {
    let desk = &session.intake.agencies;
    let _once = desk.gathering.lock().await;
    if let Some((at, seen)) = get(&desk.seen)
        && at.elapsed() < OLD
        && !seen.is_empty()
    {
        return Ok(seen);
    }
    let seen = Arc::new(session.with_store(Store::issuers).await?);
    set(&desk.seen, Some((Instant::now(), seen.clone())));
    set(&desk.ready, None);
    Ok(seen)
}

fn get<T: Clone>(cell: &RwLock<Option<T>>) -> Option<T> {
    cell.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn set<T>(cell: &RwLock<Option<T>>, value: Option<T>) {
    *cell.write().unwrap_or_else(PoisonError::into_inner) = value;
}

/// Names to be searched.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    entries: Vec<Entry>,
    by_name: HashMap<String, usize>,
}

#[derive(Debug)]
struct Entry {
    /// Folded words, each after a space, the symbol's too.
    words: String,
    agency: AgencyView,
    weight: u64,
}

impl Directory {
    /// Those whose documents are here, and those that people wrote, which come first.
    fn known(seen: &[SeenIssuer], learned: Vec<AgencyView>) -> Self {
        let seen = seen.iter().map(|seen| {
            let agency = AgencyView {
                code: Some(seen.code.clone()).filter(|code| !code.is_empty()),
                name: seen.name.clone(),
                symbol: None,
            };
            (agency, seen.documents)
        });
        let learned = learned.into_iter();
        let learned = learned.map(|agency| (agency, u64::from(u32::MAX)));
        Self::new(seen.chain(learned))
    }

    /// The same name twice is one entry that has what either knew.
    pub(super) fn new(agencies: impl Iterator<Item = (AgencyView, u64)>) -> Self {
        let mut directory = Self::default();
        for (agency, weight) in agencies {
            let key = spelled_out(&agency.name);
            let known = directory.by_name.get(&key).copied();
            match known.and_then(|place| directory.entries.get_mut(place)) {
                Some(entry) => {
                    // As people write it here, or else as most documents do.
                    if weight > entry.weight {
                        entry.agency.name = agency.name;
                    }
                    entry.weight = entry.weight.saturating_add(weight);
                    entry.agency.code = entry.agency.code.take().or(agency.code);
                    entry.agency.symbol = entry.agency.symbol.take().or(agency.symbol);
                    entry.words = words(&entry.agency);
                }
                None => {
                    directory.by_name.insert(key, directory.entries.len());
                    directory.entries.push(Entry {
                        words: words(&agency),
                        agency,
                        weight,
                    });
                }
            }
        }
        directory
    }

    /// The code of the agency with this name.
    pub(super) fn code_of(&self, name: &str) -> Option<&str> {
        let place = self.by_name.get(&spelled_out(name))?;
        self.entries.get(*place)?.agency.code.as_deref()
    }

    /// The best entries for what was typed.
    pub(super) fn find(&self, typed: &str, limit: usize) -> Vec<AgencyView> {
        let folded = fold(typed);
        let wanted: Vec<String> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| format!(" {word}"))
            .collect();
        let begins = wanted.concat();
        let mut hits: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| wanted.iter().all(|word| entry.words.contains(word)))
            .collect();
        let rank = |entry: &&Entry| {
            (
                !entry.words.starts_with(&begins),
                std::cmp::Reverse(entry.weight),
                entry.words.len(),
            )
        };
        let by = |one: &&Entry, other: &&Entry| {
            rank(one)
                .cmp(&rank(other))
                .then_with(|| one.words.cmp(&other.words))
        };
        if hits.len() > limit {
            hits.select_nth_unstable_by(limit, by);
            hits.truncate(limit);
        }
        hits.sort_unstable_by(by);
        hits.into_iter().map(|entry| entry.agency.clone()).collect()
    }
}

/// The words of a name, and those that its abbreviations stand for.
fn words(agency: &AgencyView) -> String {
    let written = split(&agency.name);
    let spelled = spelled_out(&agency.name);
    let mut words = written.clone();
    if spelled != written {
        words.push_str(&spelled);
    }
    words.push_str(&split(agency.symbol.as_deref().unwrap_or_default()));
    words
}

/// Folded words, each after a space.
fn split(text: &str) -> String {
    let folded = fold(text);
    let mut words = String::with_capacity(folded.len().saturating_add(1));
    for word in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        words.push(' ');
        words.push_str(word);
    }
    words
}

/// The same with the two commonest abbreviations written out, so that a name is one however it is
/// written.
fn spelled_out(name: &str) -> String {
    split(name)
        .replace(" ubnd", " uy ban nhan dan")
        .replace(" hdnd", " hoi dong nhan dan")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agency(name: &str, code: Option<&str>, symbol: Option<&str>) -> AgencyView {
        AgencyView {
            code: code.map(str::to_owned),
            name: name.to_owned(),
            symbol: symbol.map(str::to_owned),
        }
    }

    #[test]
    fn words_are_found_by_their_beginnings_without_diacritics_and_by_the_symbol() {
        let directory = Directory::new(
            [
                (agency("Sở Nội vụ", Some("H99.1"), None), 3),
                (
                    agency("Sở Nông nghiệp và Môi trường", None, Some("SNNMT")),
                    9,
                ),
                (agency("Ủy ban nhân dân xã Bình Minh", None, None), 1),
                (agency("SỞ NỘI VỤ", None, Some("SNV")), 1),
            ]
            .into_iter(),
        );
        let names = |typed: &str| -> Vec<String> {
            let found = directory.find(typed, 10).into_iter();
            found.map(|agency| agency.name).collect()
        };
        assert_eq!(names("so noi"), ["Sở Nội vụ"]);
        assert_eq!(names("sở n"), ["Sở Nông nghiệp và Môi trường", "Sở Nội vụ"]);
        assert_eq!(names("snv"), ["Sở Nội vụ"], "the symbol that was learned");
        assert_eq!(names("uy ban binh"), ["Ủy ban nhân dân xã Bình Minh"]);
        assert_eq!(names("bộ"), Vec::<String>::new());
        assert_eq!(directory.code_of("sở nội vụ"), Some("H99.1"));
        assert_eq!(
            names("ubnd xa"),
            Vec::<String>::new(),
            "nobody writes it so here"
        );
        let short = [(agency("UBND tỉnh H99", Some("H99"), None), 1)];
        let directory = Directory::new(short.into_iter());
        assert_eq!(directory.find("uy ban tinh", 5).len(), 1);
        assert_eq!(directory.find("ubnd tinh", 5).len(), 1);
        assert_eq!(directory.code_of("Ủy ban nhân dân tỉnh H99"), Some("H99"));
    }

    #[test]
    fn among_many_names_only_those_with_all_words_are_offered() {
        let names = (0..12_000).map(|number| {
            let name = format!("Ủy ban nhân dân xã Tân Lập {number}, tỉnh H{}", number % 97);
            (agency(&name, Some("H99.101"), None), 1)
        });
        let directory = Directory::new(names);
        let start = Instant::now();
        let found = directory.find("uy ban tan lap 1199", 50);
        println!("{:?} for 12,000 names", start.elapsed());
        assert_eq!(found.len(), 11, "1199 and those that begin with it");
    }
}
