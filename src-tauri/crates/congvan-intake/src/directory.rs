//! What was read as the issuing agency, against a directory of the agencies that exist.
//!
//! A name of the directory takes the place of what was read only where nothing else is meant: a
//! reader's slip makes a word that is none, while a word that could be one is another commune. What
//! stays open is left as it was read, with less confidence, and a person looks.

use std::collections::HashMap;

use congvan_model::{same_marks, spelled_out};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    reading::{AgencyName, Field, Reading},
    syllable,
};

/// Confidence of what a person should look at: just below what is taken unseen.
const TO_BE_SEEN: f32 = 0.78;
/// Groups of symbols that half of all agencies have.
const COMMON: &[&str] = &["UBND", "HĐND", "VP", "BCH", "BQLDA"];

/// An agency of a directory; the shape in which `GET /v1/agencies` gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its number in the directory.
    pub id: i64,
    /// Its code; may be empty.
    pub code: String,
    /// As on its letters, without the agency above.
    pub name: String,
    /// Other ways of writing it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its group in symbols.
    #[serde(default)]
    pub symbol: Option<String>,
    /// The agency above.
    #[serde(default)]
    pub parent: Option<i64>,
    /// First day.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// Last day.
    #[serde(default)]
    pub valid_to: Option<Date>,
}

impl Listed {
    fn is_valid_on(&self, day: Option<Date>) -> bool {
        match day {
            Some(day) => {
                self.valid_from.is_none_or(|from| from <= day)
                    && self.valid_to.is_none_or(|to| day <= to)
            }
            None => self.valid_to.is_none(),
        }
    }

    /// Its name as the directory spells it, or another way of writing it, whichever has this key.
    fn spelling(&self, key: &str) -> &str {
        let all = std::iter::once(&self.name).chain(&self.aliases);
        let mut of_key = all.filter(|name| squeezed(name) == key);
        of_key.next().unwrap_or(&self.name)
    }
}

/// Agencies that exist or have existed, ready to be compared with.
#[derive(Debug, Default)]
pub struct Directory {
    agencies: Vec<Listed>,
    by_id: HashMap<i64, usize>,
    names: Vec<Name>,
    by_key: HashMap<String, usize>,
    /// Root of the codes of the own province.
    home: Option<String>,
}

/// A name in which spaces, marks and abbreviations make no difference, and who has it.
#[derive(Debug)]
struct Name {
    letters: Vec<char>,
    /// How many of the last letters tell it from others of its kind: those of the place.
    tail: usize,
    numerals: Vec<String>,
    agencies: Vec<usize>,
}

/// What the directory says of a reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// The agency's number, where one alone is meant.
    pub id: Option<i64>,
    /// Its code.
    pub code: Option<String>,
}

/// What else stands on the letter.
struct Evidence {
    day: Option<Date>,
    groups: Vec<String>,
    parent: Option<String>,
}

/// A name of the directory that was probably meant, and how far what was read is from it.
#[derive(Clone, Copy)]
struct Hit {
    name: usize,
    tail: usize,
    all: usize,
}

impl Directory {
    /// Puts a directory in order: 50 ms for 120,000. `home` is the root of the own province's codes,
    /// e.g. `H33`.
    #[must_use]
    pub fn new(agencies: Vec<Listed>, home: Option<String>) -> Self {
        let mut directory = Self {
            home,
            ..Self::default()
        };
        for (place, agency) in agencies.iter().enumerate() {
            directory.by_id.insert(agency.id, place);
            for name in std::iter::once(&agency.name).chain(&agency.aliases) {
                directory.enter(place, name);
            }
        }
        directory.agencies = agencies;
        directory
    }

    /// Whether it has nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.agencies.is_empty()
    }

    fn enter(&mut self, agency: usize, written: &str) {
        let words = spelled_out(written);
        let key = words.replace(' ', "");
        if key.is_empty() {
            return;
        }
        let known = self.by_key.get(&key).copied();
        match known.and_then(|known| self.names.get_mut(known)) {
            Some(name) => {
                if name.agencies.last() != Some(&agency) {
                    name.agencies.push(agency);
                }
            }
            None => {
                self.by_key.insert(key.clone(), self.names.len());
                self.names.push(Name {
                    letters: key.chars().collect(),
                    tail: tail(&words).replace(' ', "").chars().count(),
                    numerals: numerals(written),
                    agencies: vec![agency],
                });
            }
        }
    }

    /// Puts the directory's spelling in the place of what was read as the issuing agency, where one
    /// name alone is meant, and says which agency that is, where one alone has the name.
    pub fn settle(&self, reading: &mut Reading) -> Settled {
        let symbol = reading.notation.as_ref().map(|field| field.value.symbol());
        let groups = symbol.map(|symbol| symbol.split('-').map(str::to_owned).collect());
        let Some(field) = reading.agency.as_mut() else {
            return Settled::default();
        };
        let evidence = Evidence {
            day: reading.date.as_ref().map(|field| field.value),
            groups: groups.unwrap_or_default(),
            parent: field.value.parent.clone(),
        };
        self.mend_split(field);
        let evidence = Evidence {
            parent: field.value.parent.clone(),
            ..evidence
        };
        let read = field.value.meant().to_owned();
        match self.nearest(&read) {
            Near::One(hit) => self.take((field, &read), hit, &evidence),
            Near::Several => {
                field.confidence = field.confidence.min(0.7);
                Settled::default()
            }
            Near::None => self.by_symbol(field, &evidence).unwrap_or_default(),
        }
    }

    /// Where the lines of the head were parted wrongly between the agency above and the one that
    /// issues: a part of them that is a name, below a part that is the name above it.
    fn mend_split(&self, field: &mut Field<AgencyName>) {
        let (printed, parent) = (field.value.meant(), &field.value.parent);
        if self.by_key.contains_key(&squeezed(printed)) {
            return;
        }
        let whole = format!("{} {printed}", parent.as_deref().unwrap_or_default());
        let words: Vec<&str> = whole.split_whitespace().collect();
        for at in 1..words.len() {
            let (Some(above), Some(own)) = (words.get(..at), words.get(at..)) else {
                continue;
            };
            let (above, own) = (above.join(" "), own.join(" "));
            let Some(name) = self.named(&squeezed(&own)) else {
                continue;
            };
            let fits = |agency: &usize| {
                let agency = self.agencies.get(*agency);
                agency.is_some_and(|agency| self.is_below(agency, &above) == Some(true))
            };
            if name.agencies.iter().any(fits) {
                field.value.name.clone_from(&own);
                field.value.printed = own;
                field.value.parent = Some(above);
                return;
            }
        }
    }

    fn named(&self, key: &str) -> Option<&Name> {
        self.names.get(*self.by_key.get(key)?)
    }

    /// The one name that is near enough to what was read, if it is one.
    fn nearest(&self, printed: &str) -> Near {
        let read: Vec<char> = squeezed(printed).chars().collect();
        let key: String = read.iter().collect();
        if let Some(name) = self.by_key.get(&key) {
            return Near::One(Hit {
                name: *name,
                tail: 0,
                all: 0,
            });
        }
        let numerals = numerals(printed);
        let (mut best, mut next): (Option<Hit>, Option<Hit>) = (None, None);
        for (place, name) in self.names.iter().enumerate() {
            let allowed = 1 + name.letters.len() / 12;
            if name.letters.len().abs_diff(read.len()) > allowed || name.numerals != numerals {
                continue;
            }
            let Some(all) = within(&read, &name.letters, allowed) else {
                continue;
            };
            let Some(tail) = name.tail_slips(&read) else {
                continue;
            };
            let hit = Hit {
                name: place,
                tail,
                all,
            };
            if best.is_none_or(|best| hit.far() < best.far()) {
                next = best.replace(hit);
            } else if next.is_none_or(|next| hit.far() < next.far()) {
                next = Some(hit);
            }
        }
        match (best, next) {
            (None, _) => Near::None,
            // One letter more or less in what tells them apart is no difference to build on.
            (Some(best), Some(next)) if next.tail <= best.tail => Near::Several,
            (Some(best), _) => Near::One(best),
        }
    }

    fn take(
        &self,
        (field, printed): (&mut Field<AgencyName>, &str),
        hit: Hit,
        evidence: &Evidence,
    ) -> Settled {
        let Some(name) = self.names.get(hit.name) else {
            return Settled::default();
        };
        let key: String = name.letters.iter().collect();
        let with_name: Vec<&Listed> = name
            .agencies
            .iter()
            .filter_map(|place| self.agencies.get(*place))
            .collect();
        let exact: Vec<&Listed> = with_name
            .iter()
            .copied()
            .filter(|agency| same_marks(agency.spelling(&key), printed))
            .collect();
        let is_exact = !exact.is_empty();
        let pool = if is_exact { exact } else { with_name };
        let Some((best, is_alone)) = self.best(&pool, evidence) else {
            return Settled::default();
        };
        let spelling = best.spelling(&key);
        let spellings_differ = pool
            .iter()
            .any(|agency| !same_marks(agency.spelling(&key), spelling));
        let borne_out = self.bears_out(best, evidence);
        if spellings_differ && !(is_alone == Alone::Yes && borne_out) {
            field.confidence = field.confidence.min(0.7);
            return Settled::default();
        }
        let could_be_another = !is_exact && is_plausible(printed, spelling);
        let sure = match (is_exact, hit.all, could_be_another, borne_out) {
            (true, ..) => field.confidence.max(0.97),
            (false, 0, true, true) => 0.93,
            (false, 0, true, false) => TO_BE_SEEN,
            (false, 0, false, _) => 0.93,
            (false, _, true, false) => {
                // A name one letter off that could be a name: perhaps of an agency that is not listed.
                field.confidence = field.confidence.min(0.75);
                return Settled::default();
            }
            (false, _, true, true) => 0.82,
            (false, _, false, true) => 0.92,
            (false, _, false, false) => 0.85,
        };
        field.value.name = spelling.to_owned();
        field.confidence = match (best.is_valid_on(evidence.day), is_alone) {
            (false, _) => sure.min(0.75),
            (true, Alone::AtHome) => sure.min(TO_BE_SEEN),
            (true, Alone::Yes | Alone::No) => sure,
        };
        if is_alone == Alone::No {
            return Settled::default();
        }
        if let Some(parent) = self.parent(best) {
            field.value.parent = Some(parent.name.clone());
        }
        settled(best)
    }

    /// What was hardly read follows from a symbol that one agency has, where what was read speaks not
    /// against it.
    fn by_symbol(&self, field: &mut Field<AgencyName>, evidence: &Evidence) -> Option<Settled> {
        if field.confidence >= 0.6 {
            return None;
        }
        let read: Vec<char> = squeezed(&field.value.printed).chars().collect();
        let of_symbol: Vec<&Listed> = self
            .agencies
            .iter()
            .filter(|agency| {
                let symbol = agency.symbol.as_deref().unwrap_or_default();
                let letters: Vec<char> = squeezed(&agency.name).chars().collect();
                !COMMON.contains(&symbol)
                    && evidence.groups.iter().any(|group| group == symbol)
                    && agency.is_valid_on(evidence.day)
                    && within(&read, &letters, letters.len() / 3).is_some()
            })
            .collect();
        let (best, alone) = self.best(&of_symbol, evidence)?;
        let one_name = of_symbol.iter().all(|agency| agency.name == best.name);
        if !one_name {
            return None;
        }
        field.value.name.clone_from(&best.name);
        field.confidence = 0.7;
        (alone == Alone::Yes).then(|| settled(best))
    }

    /// The likeliest of several, and whether it is so by more than a guess.
    fn best<'a>(&self, pool: &[&'a Listed], evidence: &Evidence) -> Option<(&'a Listed, Alone)> {
        let weigh = |agency: &Listed| (self.weight(agency, evidence), self.is_home(agency));
        let best = pool
            .iter()
            .copied()
            .max_by_key(|agency| (weigh(agency), std::cmp::Reverse(agency.id)))?;
        let mut rivals = pool.iter().filter(|agency| agency.id != best.id);
        let own = weigh(best);
        let alone = if rivals.clone().any(|agency| weigh(agency) == own) {
            Alone::No
        } else if rivals.any(|agency| weigh(agency).0 == own.0) {
            Alone::AtHome
        } else {
            Alone::Yes
        };
        Some((best, alone))
    }

    fn weight(&self, agency: &Listed, evidence: &Evidence) -> i32 {
        let mut weight = 0;
        if agency.is_valid_on(evidence.day) {
            weight += 4;
        }
        let parent = evidence.parent.as_deref();
        weight += match parent.and_then(|parent| self.is_below(agency, parent)) {
            Some(true) => 3,
            Some(false) => -3,
            None => 0,
        };
        if let Some(symbol) = &agency.symbol
            && !evidence.groups.is_empty()
        {
            weight += if evidence.groups.contains(symbol) {
                1
            } else {
                -1
            };
        }
        weight
    }

    fn is_home(&self, agency: &Listed) -> bool {
        self.home.as_deref().is_some_and(|home| {
            let rest = agency.code.strip_prefix(home);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether something else on the letter names the agency too.
    fn bears_out(&self, agency: &Listed, evidence: &Evidence) -> bool {
        let parent = evidence.parent.as_deref();
        if let Some(is_below) = parent.and_then(|parent| self.is_below(agency, parent)) {
            return is_below;
        }
        let symbol = agency.symbol.as_ref();
        symbol.is_some_and(|symbol| {
            !COMMON.contains(&symbol.as_str()) && evidence.groups.contains(symbol)
        })
    }

    fn parent(&self, agency: &Listed) -> Option<&Listed> {
        self.agencies.get(*self.by_id.get(&agency.parent?)?)
    }

    /// Whether the line above is the agency above it, but for slips; nothing when the directory
    /// knows of none.
    fn is_below(&self, agency: &Listed, above: &str) -> Option<bool> {
        let parent = self.parent(agency)?;
        let read: Vec<char> = squeezed(above).chars().collect();
        let names = std::iter::once(&parent.name).chain(&parent.aliases);
        let mut near = names.map(|name| {
            let letters: Vec<char> = squeezed(name).chars().collect();
            within(&read, &letters, letters.len() / 10).is_some()
        });
        Some(near.any(|near| near))
    }
}

impl AgencyName {
    /// What was printed, or what people wrote before where it was read so.
    fn meant(&self) -> &str {
        if squeezed(&self.name) == squeezed(&self.printed) {
            &self.printed
        } else {
            &self.name
        }
    }
}

/// What is near to what was read.
enum Near {
    None,
    Several,
    One(Hit),
}

/// Whether one agency alone is meant by a name that several may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alone {
    Yes,
    /// Only because it is of the own province.
    AtHome,
    No,
}

impl Hit {
    fn far(self) -> (usize, usize) {
        (self.tail, self.all)
    }
}

impl Name {
    /// Slips in the letters that tell this name from others of its kind, if they are few enough.
    fn tail_slips(&self, read: &[char]) -> Option<usize> {
        let allowed = self.tail / 6;
        let own = self.letters.get(self.letters.len() - self.tail..)?;
        let ends = self.tail.saturating_sub(1)..=self.tail + 1;
        ends.filter_map(|length| {
            let end = read.get(read.len().checked_sub(length)?..)?;
            within(end, own, allowed)
        })
        .min()
    }
}

fn settled(agency: &Listed) -> Settled {
    Settled {
        id: Some(agency.id),
        code: (!agency.code.is_empty()).then(|| agency.code.clone()),
    }
}

fn squeezed(name: &str) -> String {
    spelled_out(name).replace(' ', "")
}

/// What is left of a name without what it is and of which level.
fn tail(words: &str) -> &str {
    const KINDS: &[&str] = &[
        "uy ban nhan dan ",
        "hoi dong nhan dan ",
        "cong an ",
        "bao hiem xa hoi ",
        "kho bac nha nuoc ",
        "toa an nhan dan ",
        "vien kiem sat nhan dan ",
        "bo chi huy quan su ",
        "thue ",
        "truong trung hoc pho thong ",
        "truong trung hoc co so ",
        "truong tieu hoc ",
        "truong mam non ",
    ];
    const LEVELS: &[&str] = &[
        "xa ",
        "phuong ",
        "dac khu ",
        "tinh ",
        "thanh pho ",
        "huyen ",
        "quan ",
        "thi xa ",
        "thi tran ",
        "khu vuc ",
    ];
    let Some(rest) = KINDS.iter().find_map(|kind| words.strip_prefix(kind)) else {
        return words;
    };
    let level = LEVELS.iter().find_map(|level| rest.strip_prefix(level));
    level.unwrap_or(rest)
}

/// Numbers in a name, Roman ones too: one stroke makes another agency of it.
fn numerals(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = String::new();
    for word in name.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let roman = word.chars().all(|c| "IVXL".contains(c));
        let counts = roman && matches!(before.as_str(), "vuc" | "so" | "hang");
        if !word.is_empty() && (counts || word.chars().all(|c| c.is_ascii_digit())) {
            found.push(word.to_owned());
        }
        before = congvan_model::fold(word);
    }
    found
}

/// Whether every word that was read otherwise than it is spelled could be a word itself.
fn is_plausible(printed: &str, spelling: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let all = lower.split(|c: char| !c.is_alphanumeric());
        all.filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let spelled = words(spelling);
    words(printed)
        .iter()
        .filter(|word| !spelled.iter().any(|known| same_marks(known, word)))
        .all(|word| syllable::is_possible(word))
}

/// The distance of two texts (Levenshtein) when it is at most `limit`.
fn within(one: &[char], other: &[char], limit: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.iter().enumerate() {
        let mut corner = line;
        let mut left = line + 1;
        let mut least = left;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, against) in row.iter_mut().skip(1).zip(other) {
            let change = corner + usize::from(letter != against);
            corner = *cell;
            *cell = change.min(corner + 1).min(left + 1);
            left = *cell;
            least = least.min(left);
        }
        if least > limit {
            return None;
        }
    }
    row.last().copied().filter(|slips| *slips <= limit)
}
