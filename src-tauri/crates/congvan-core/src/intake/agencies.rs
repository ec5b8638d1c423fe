//! Completing the name of an agency while it is typed, and knowing it when it is read.
//!
//! What can be offered is the province's directory, which the store searches, and before it what this
//! desk has seen: the issuers of its documents, with their codes, and what people wrote in confirmed
//! letters. Who existed on the day of the document comes first.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use congvan_intake::Listed;
use congvan_model::{AgencyCode, AgencyId, fold, spelled_out};
use congvan_store::{AgencyWish, ListedAgency, SeenIssuer, Store, StoreError};
use jiff::civil::Date;

use super::learning;
use crate::{Desk, Result, session::Session};

/// What is known is gathered anew when it is older than this and somebody types.
const OLD: Duration = Duration::from_secs(300);

/// Most names that are offered.
const MOST: usize = 50;

/// An agency that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgencyView {
    /// Its code; none when it was only learned.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// Its group in symbols, e.g. `SNV`.
    pub symbol: Option<String>,
    /// Name of the agency above it, where the directory says.
    pub parent: Option<String>,
    /// First and last day under this name, where the directory says.
    pub valid: (Option<Date>, Option<Date>),
    /// What it became when it ended.
    pub successors: Vec<String>,
    /// Whether it had this name on the day that was asked for.
    pub is_valid: bool,
}

impl AgencyView {
    /// One of which the directory says nothing.
    pub(super) fn learned(code: Option<String>, name: String, symbol: Option<String>) -> Self {
        Self {
            code: code.filter(|code| !code.is_empty()),
            name,
            symbol,
            is_valid: true,
            ..Self::default()
        }
    }

    fn listed(entry: ListedAgency, on: Date) -> Self {
        let agency = entry.agency;
        Self {
            is_valid: agency.is_valid_on(on),
            valid: (agency.valid_from, agency.valid_to),
            code: Some(agency.code).filter(|code| !code.is_empty()),
            name: agency.name,
            symbol: agency.symbol,
            parent: entry.parent,
            successors: entry.successors,
        }
    }
}

/// The names of a session, gathered when they are first needed.
#[derive(Default)]
pub(crate) struct AgencyDesk {
    /// Looking through all documents takes a second at 100,000.
    seen: RwLock<Option<(Instant, Arc<Vec<SeenIssuer>>)>>,
    /// With what was learned; none when something was learned since.
    ready: RwLock<Option<Arc<Directory>>>,
    /// The province's directory in memory, while letters are read.
    listed: RwLock<Option<Arc<congvan_intake::Directory>>>,
    /// How often the directory was put away: what began to load before is not kept.
    put_away: AtomicU64,
    gathering: tokio::sync::Mutex<()>,
}

impl AgencyDesk {
    /// Keeps what was loaded, unless it was put away since the load began: then it may be the old one.
    fn keep(&self, begun: u64, listed: &Arc<congvan_intake::Directory>) {
        let mut place = self.listed.write().unwrap_or_else(PoisonError::into_inner);
        if self.put_away.load(Ordering::SeqCst) == begun {
            *place = Some(listed.clone());
        }
    }

    fn drop_listed(&self) {
        let mut place = self.listed.write().unwrap_or_else(PoisonError::into_inner);
        self.put_away.fetch_add(1, Ordering::SeqCst);
        *place = None;
    }
}

impl Desk {
    /// Agencies whose names have words that begin with what was typed, with or without diacritics, or
    /// whose symbol begins so, or whose code it is; those that existed on that day (none is today) come
    /// first, and of them those that people wrote most here.
    ///
    /// # Errors
    /// `NotLoggedIn`; disk errors.
    pub async fn agencies_find(
        &self,
        text: &str,
        on: Option<Date>,
        limit: u32,
    ) -> Result<Vec<AgencyView>> {
        let session = self.session().await?;
        let known = directory(&session).await?;
        let limit = usize::try_from(limit).unwrap_or(MOST).clamp(1, MOST);
        let on = on.unwrap_or_else(|| self.now().vietnam_date());
        let (text, home) = (text.to_owned(), home(&session));
        session
            .with_store(move |store| {
                let seen = known.find(&text, limit);
                let listed = store.agencies_find(AgencyWish {
                    text: &text,
                    on,
                    home: home.as_deref(),
                    limit,
                })?;
                offered(store, (seen, listed), on, limit)
            })
            .await
    }

    /// The agency that a code is or once was of, as it was called on that day (none is today); none
    /// that the directory does not know.
    ///
    /// # Errors
    /// `NotLoggedIn`; disk errors.
    pub async fn agency_of_code(&self, code: &str, on: Option<Date>) -> Result<Option<AgencyView>> {
        let session = self.session().await?;
        let on = on.unwrap_or_else(|| self.now().vietnam_date());
        let code = code.to_owned();
        let found = session.with_store(move |store| store.agency_of_code(&code, on));
        let found = found.await?;
        Ok(found.map(|entry| AgencyView::listed(entry, on)))
    }
}

/// What this desk has seen and what the directory has, each agency once: as people write it here, with
/// what the directory says of it.
fn offered(
    store: &Store,
    (seen, listed): (Vec<AgencyView>, Vec<ListedAgency>),
    on: Date,
    limit: usize,
) -> std::result::Result<Vec<AgencyView>, StoreError> {
    let mut taken: HashSet<AgencyId> = HashSet::new();
    let mut all = Vec::with_capacity(seen.len().saturating_add(listed.len()));
    for known in seen {
        match entry_of(store, &known, on)? {
            None => all.push(known),
            Some(entry) => {
                if taken.insert(entry.agency.id) {
                    let name = known.name;
                    all.push(AgencyView {
                        name,
                        symbol: known.symbol.or_else(|| entry.agency.symbol.clone()),
                        ..AgencyView::listed(entry, on)
                    });
                }
            }
        }
    }
    let others = listed
        .into_iter()
        .filter(|entry| taken.insert(entry.agency.id));
    all.extend(others.map(|entry| AgencyView::listed(entry, on)));
    all.sort_by_key(|agency| !agency.is_valid);
    all.truncate(limit);
    Ok(all)
}

/// The directory's entry for what this desk has seen: by the code where the entry is called so, or
/// else by the name where only one agency of that day has it. A code outlives the name of its agency,
/// and a name that was seen before is not the new one's.
fn entry_of(
    store: &Store,
    known: &AgencyView,
    on: Date,
) -> std::result::Result<Option<ListedAgency>, StoreError> {
    if let Some(code) = &known.code
        && let Some(entry) = store.agency_of_code(code, on)?
        && is_called(&entry, &known.name)
    {
        return Ok(Some(entry));
    }
    let mut named = store.agencies_named(&known.name)?;
    if named.len() > 1 {
        named.retain(|entry| entry.agency.is_valid_on(on));
    }
    Ok(named.pop().filter(|_| named.is_empty()))
}

/// Whether this is a name of the entry, however it is written.
fn is_called(entry: &ListedAgency, name: &str) -> bool {
    let wanted = spelled_out(name);
    let names = std::iter::once(&entry.agency.name).chain(&entry.agency.aliases);
    names.into_iter().any(|name| spelled_out(name) == wanted)
}

/// The province whose agencies are meant before others of their name.
fn home(session: &Session) -> Option<String> {
    let post = session.account.posts.first()?;
    let code: AgencyCode = post.agency.code.parse().ok()?;
    Some(code.root().to_owned())
}

/// The directory, to compare with what is read; in memory until [`put_away`]. Loaded once however
/// many ask: it takes tens of megabytes.
pub(super) async fn listed(session: &Arc<Session>) -> Result<Arc<congvan_intake::Directory>> {
    let desk = &session.intake.agencies;
    if let Some(listed) = get(&desk.listed) {
        return Ok(listed);
    }
    let _once = desk.gathering.lock().await;
    if let Some(listed) = get(&desk.listed) {
        return Ok(listed);
    }
    let begun = desk.put_away.load(Ordering::SeqCst);
    let home = home(session);
    let listed = session.with_store(move |store| {
        let all = store.agencies_all()?.into_iter().map(|agency| Listed {
            id: agency.id.0,
            code: agency.code,
            name: agency.name,
            aliases: agency.aliases,
            symbol: agency.symbol,
            parent: agency.parent.map(|parent| parent.0),
            valid_from: agency.valid_from,
            valid_to: agency.valid_to,
        });
        Ok(Arc::new(congvan_intake::Directory::new(
            all.collect(),
            home,
        )))
    });
    let listed = listed.await?;
    desk.keep(begun, &listed);
    Ok(listed)
}

/// Nothing is being read, or the directory has changed: it is not held in memory.
pub(crate) fn put_away(session: &Session) {
    session.intake.agencies.drop_listed();
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
            let code = Some(seen.code.clone());
            let agency = AgencyView::learned(code, seen.name.clone(), None);
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
    let spelled = split(&spelled_out(&agency.name));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn agency(name: &str, code: Option<&str>, symbol: Option<&str>) -> AgencyView {
        AgencyView::learned(
            code.map(str::to_owned),
            name.to_owned(),
            symbol.map(str::to_owned),
        )
    }

    #[test]
    fn a_directory_that_was_put_away_while_it_loaded_is_not_kept() {
        let desk = AgencyDesk::default();
        let loaded = Arc::new(congvan_intake::Directory::new(Vec::new(), None));
        let begun = desk.put_away.load(Ordering::SeqCst);
        desk.drop_listed();
        desk.keep(begun, &loaded);
        assert!(get(&desk.listed).is_none(), "the old one");
        desk.keep(desk.put_away.load(Ordering::SeqCst), &loaded);
        assert!(get(&desk.listed).is_some());
    }

    #[test]
    fn an_entry_is_known_by_each_of_its_names_and_not_by_a_name_before_them() {
        let entry = ListedAgency {
            agency: congvan_protocol::Agency {
                id: AgencyId(7),
                code: "H99.7".to_owned(),
                former_codes: Vec::new(),
                name: "Sở Nông nghiệp và Môi trường".to_owned(),
                aliases: vec!["UBND xã Tân Lập".to_owned()],
                symbol: None,
                parent: None,
                successors: Vec::new(),
                valid_from: None,
                valid_to: None,
            },
            parent: None,
            successors: Vec::new(),
        };
        assert!(is_called(&entry, "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"));
        assert!(is_called(&entry, "Ủy ban nhân dân xã Tân Lập"));
        assert!(!is_called(&entry, "Sở Tài nguyên và Môi trường"));
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
