//! What was understood, as an expression of the index and bounds on rows.

use congvan_model::{DocumentState, Timestamp, VN_OFFSET};
use jiff::civil::Date;

use super::{
    AskedField, DueAsked, EVERY, Narrow, direction_fact, folded_words, issuer_fact, kind_fact,
    language::{Term, Typed},
    marked, urgency_fact,
};
use crate::document::row_floor;

/// How what is looked for is asked of the database.
pub(super) struct Plan {
    /// Everything that is found.
    pub(super) every: String,
    /// The best first: each has what the ones before it have not.
    pub(super) tiers: Vec<String>,
    /// Lowest and highest row.
    pub(super) rows: (i64, i64),
    /// States of which one must hold, each.
    pub(super) states: Vec<Vec<DocumentState>>,
    pub(super) dues: Vec<DueAsked>,
}

impl Plan {
    pub(super) fn of(typed: &Typed, narrow: &Narrow) -> Self {
        let mut wanted: Vec<String> = Vec::new();
        let mut unwanted: Vec<String> = Vec::new();
        let mut put = |expression: String, not: bool| match not {
            true => unwanted.push(expression),
            false => wanted.push(expression),
        };
        for term in &typed.terms {
            if let Some(expression) = expression(term) {
                put(expression, term.not);
            }
        }
        for (kinds, not) in &typed.kinds {
            put(one_of(kinds.iter().map(|kind| kind_fact(*kind))), *not);
        }
        for (direction, not) in &typed.directions {
            put(one_of([direction_fact(*direction)]), *not);
        }
        for (urgencies, not) in &typed.urgencies {
            put(one_of(urgencies.iter().map(|one| urgency_fact(*one))), *not);
        }
        let chosen = [
            narrow.direction.map(direction_fact),
            narrow.kind.map(kind_fact),
            narrow.urgency.map(urgency_fact),
            narrow.issuer.as_deref().map(issuer_fact),
        ];
        for fact in chosen.into_iter().flatten() {
            put(one_of([fact]), false);
        }
        if wanted.is_empty() {
            wanted.push(format!("\"{EVERY}\""));
        }
        let mut every = wanted.join(" AND ");
        if !unwanted.is_empty() {
            every = format!("({every}) NOT ({})", unwanted.join(" OR "));
        }
        let mut states = typed.states.clone();
        states.extend(narrow.state.map(|state| vec![state]));
        Self {
            tiers: tiers(&every, typed),
            every,
            rows: rows(typed, narrow),
            states,
            dues: typed.dues.clone(),
        }
    }
}

/// Best first: the words as they stand in number or subject, one after the other; then all of them
/// whole, with the marks that were typed; then the rest.
fn tiers(every: &str, typed: &Typed) -> Vec<String> {
    let free: Vec<&str> = typed
        .terms
        .iter()
        .filter(|term| term.field.is_none() && !term.not)
        .map(|term| term.text.as_str())
        .collect();
    let text = free.join(" ");
    let (folded, marked) = (folded_words(&text), marked(&text));
    if folded.is_empty() {
        return vec![every.to_owned()];
    }
    // A word typed without marks says nothing of how it is written.
    let has_marks = |place: usize| {
        let plain = folded
            .get(place)
            .map(|word| format!("{}{word}", super::EXACT));
        marked.get(place) != plain.as_ref()
    };
    let is_marked = marked.len() == folded.len() && (0..folded.len()).any(has_marks);
    let phrase = match is_marked {
        true => format!("exact : \"{}\"", marked.join(" ")),
        false => format!("{{number subject}} : \"{}\"", folded.join(" ")),
    };
    let words: Vec<String> = (0..folded.len())
        .filter_map(|place| match is_marked && has_marks(place) {
            true => Some(format!("exact : \"{}\"", marked.get(place)?)),
            false => Some(format!("\"{}\"", folded.get(place)?)),
        })
        .collect();
    let words = words.join(" AND ");
    vec![
        format!("({every}) AND ({phrase})"),
        format!("(({every}) AND ({words})) NOT ({phrase})"),
        format!("({every}) NOT (({phrase}) OR ({words}))"),
    ]
}

fn rows(typed: &Typed, narrow: &Narrow) -> (i64, i64) {
    let start = |day: Date| {
        let at = VN_OFFSET.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
        Some(row_floor(Timestamp(at.as_millisecond())))
    };
    let year = |year: i16| congvan_model::civil_date(year, 1, 1).and_then(start);
    let mut low = typed.from.and_then(start).unwrap_or(i64::MIN);
    let next = typed.to.and_then(|day| day.tomorrow().ok());
    let mut high = next.and_then(start).map_or(i64::MAX, |row| row - 1);
    if let Some(chosen) = narrow.year {
        low = low.max(year(chosen).unwrap_or(i64::MIN));
        high = high.min(year(chosen.saturating_add(1)).map_or(i64::MAX, |row| row - 1));
    }
    (low, high)
}

fn one_of(facts: impl IntoIterator<Item = String>) -> String {
    let facts: Vec<String> = facts
        .into_iter()
        .map(|fact| format!("\"{fact}\""))
        .collect();
    match facts.as_slice() {
        [one] => one.clone(),
        _ => format!("({})", facts.join(" OR ")),
    }
}

/// The words of a term; none when there is no letter or digit in it.
fn expression(term: &Term) -> Option<String> {
    let column = match term.field {
        None => None,
        Some(AskedField::Number | AskedField::Arrival) => Some("number"),
        Some(AskedField::Day) => Some("day"),
        Some(AskedField::Agency) => Some("agency"),
        Some(AskedField::Signer) => Some("signer"),
        Some(AskedField::Subject) => Some("subject"),
        Some(AskedField::Pages) => Some("pages"),
        Some(AskedField::Other) => Some("other"),
        // They narrow by facts, rows and states, not by words.
        Some(
            AskedField::From
            | AskedField::To
            | AskedField::Year
            | AskedField::Kind
            | AskedField::Direction
            | AskedField::Urgency
            | AskedField::State
            | AskedField::Due
            | AskedField::Without,
        ) => None,
    };
    let words = folded_words(&term.text);
    if words.is_empty() {
        return None;
    }
    let is_digits = |word: &String| word.bytes().all(|b| b.is_ascii_digit());
    let found = match term.field {
        Some(AskedField::Arrival) => format!("\"den {}\"", words.join(" ")),
        // Who names the field means this number and not those that begin so.
        Some(AskedField::Number) if words.len() == 1 && words.iter().all(is_digits) => {
            format!("\"{}\"", words.concat())
        }
        _ if term.is_phrase => format!("\"{}\"", words.join(" ")),
        _ => {
            let terms: Vec<String> = term.text.split_whitespace().filter_map(word_term).collect();
            terms.join(" AND ")
        }
    };
    Some(match column {
        Some(column) => format!("{column} : ({found})"),
        None => found,
    })
}

/// One word as it is typed: the beginning of a word; of a notation or a date only its last part.
pub(super) fn word_term(word: &str) -> Option<String> {
    let parts = folded_words(word);
    let (last, before) = parts.split_last()?;
    // A separator at the end says that the part before it is whole: "12/" is not "123".
    let is_whole = word.ends_with(['/', '-']);
    if before.is_empty() && !is_whole {
        return Some(match other_spelling(last) {
            Some(other) => format!("(\"{last}\"* OR \"{other}\"*)"),
            None => format!("\"{last}\"*"),
        });
    }
    let star = if is_whole { "" } else { "*" };
    Some(format!("\"{}\"{star}", parts.join(" ")))
}

/// "quy" for "qui", "kỹ" for "kĩ": at the end of these syllables `i` and `y` are one sound.
fn other_spelling(word: &str) -> Option<String> {
    let stem = word.strip_suffix(['i', 'y'])?;
    let is_such = matches!(stem, "h" | "k" | "l" | "m" | "qu" | "s" | "t");
    let other = if word.ends_with('i') { 'y' } else { 'i' };
    is_such.then(|| format!("{stem}{other}"))
}
