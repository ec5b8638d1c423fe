//! Full-text search: what a document says of itself in columns, folded; its words as written; and
//! what it can be narrowed by. What a user types becomes quoted terms; nothing typed can reach the
//! query syntax.
//!
//! Three kinds of terms share the index and never meet: folded words as they are, words as written
//! behind [`EXACT`], facts behind [`FACT`]. So a word that is looked for anywhere needs no filter of
//! columns, which is what makes it fast.

mod facets;
mod find;
mod language;
mod plan;
mod saved;
mod stale;
mod text;

use congvan_model::{Direction, DocumentType, Tone, Urgency, fold, nfc, tone_apart};
use congvan_protocol::{Document, Opinion};
use rusqlite::{Transaction, params};

pub use facets::{Facet, Facets};
pub use find::{Excerpt, FoundPage, FoundRow, SearchOrder, SearchQuery};
pub use language::{Asked, AskedField, DueAsked, Narrow};
pub use saved::SavedSearch;
pub(crate) use stale::refill;

use crate::{error::Result, scans};

/// Words of a query beyond these are ignored: nobody types them, a pasted page does.
const WORDS_MAX: usize = 16;
/// Stands before a word as written. It is a digit to the tokenizer and no key types it.
const EXACT: char = '¹';
/// Stands before a fact.
const FACT: char = '²';
/// The columns of what a document says of itself.
const SAID: &str = "{number day agency signer subject other}";
/// The fact of every document.
const EVERY: &str = "²all";

/// Puts a document's words into the index under its row; those of its pages too, as far as they were
/// read.
pub(crate) fn index(
    tx: &Transaction<'_>,
    row: i64,
    document: &Document,
    opinions: &[Opinion],
) -> Result<()> {
    let mut pages = String::new();
    for words in scans::words_of(tx, document.id)? {
        push(&mut pages, &words);
    }
    for words in text::of_document(tx, document)? {
        push(&mut pages, &words);
    }
    let mut number = String::new();
    if let Some(notation) = &document.notation {
        push(&mut number, &notation.to_string());
    }
    if let Some(arrival) = document.arrival_number {
        push(&mut number, &format!("đến {arrival}"));
    }
    let day = document.issued_on.map_or_else(String::new, day_words);
    let agency = format!("{}\n{}", document.issuer.name, document.issuer.code);
    let signer = format!(
        "{}\n{}",
        document.signer.full_name, document.signer.position
    );
    let other = other(document, opinions);
    let exact: String = [&number, &agency, &signer, &document.subject, &other]
        .into_iter()
        .flat_map(|text| marked(text))
        .collect::<Vec<_>>()
        .join(" ");
    tx.prepare_cached(
        "INSERT INTO search(rowid, number, day, agency, signer, subject, other, pages, exact, fact)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        row,
        plain(&number),
        plain(&day),
        plain(&agency),
        plain(&signer),
        plain(&document.subject),
        plain(&other),
        plain(&pages),
        exact,
        facts(document)
    ])?;
    Ok(())
}

/// Takes a row's words out again.
pub(crate) fn remove(tx: &Transaction<'_>, row: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM search WHERE rowid = ?1")?
        .execute(params![row])?;
    Ok(())
}

/// Everything that has no column of its own: kind, field of activity, files, opinions, who had to do
/// with it and how it went.
fn other(document: &Document, opinions: &[Opinion]) -> String {
    let mut text = String::new();
    push(&mut text, document.kind.name());
    if let Some(activity) = &document.activity {
        push(&mut text, &activity.name);
    }
    for file in &document.files {
        push(&mut text, &file.name);
    }
    for opinion in opinions {
        push(&mut text, &opinion.text);
        push(&mut text, &opinion.author_name);
    }
    if let Some(handling) = &document.handling {
        for receiver in &handling.receivers {
            push(&mut text, &receiver.full_name);
        }
        push(&mut text, &handling.dossier);
    }
    for step in &document.flow {
        push(&mut text, &step.note);
    }
    text
}

fn push(text: &mut String, more: &str) {
    if !text.is_empty() {
        // A line end is no letter, so phrases do not run from one part into the next by accident of
        // spelling; position-wise they may, which only adds hits.
        text.push('\n');
    }
    text.push_str(more);
}

fn day_words(day: jiff::civil::Date) -> String {
    format!("{}/{}/{}", day.day(), day.month(), day.year())
}

fn facts(document: &Document) -> String {
    [
        EVERY.to_owned(),
        direction_fact(document.direction),
        kind_fact(document.kind),
        urgency_fact(document.urgency),
        issuer_fact(&document.issuer.name),
    ]
    .join(" ")
}

fn direction_fact(direction: Direction) -> String {
    match direction {
        Direction::Incoming => format!("{FACT}in"),
        Direction::Outgoing => format!("{FACT}out"),
    }
}

fn kind_fact(kind: DocumentType) -> String {
    format!("{FACT}k{}", kind.code())
}

fn urgency_fact(urgency: Urgency) -> String {
    format!("{FACT}u{}", urgency.priority())
}

/// One term for a whole name: its letters and digits.
fn issuer_fact(name: &str) -> String {
    let letters: String = fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
    format!("{FACT}a{letters}")
}

/// Folded words; a number is itself whether zeros stand before it or not.
fn folded_words(text: &str) -> Vec<String> {
    fold(text)
        .split(is_between)
        .filter(|word| !word.is_empty())
        .map(without_zeros)
        .collect()
}

fn plain(text: &str) -> String {
    folded_words(text).join(" ")
}

fn without_zeros(word: &str) -> String {
    let is_number = word.bytes().all(|b| b.is_ascii_digit());
    match (is_number, word.trim_start_matches('0')) {
        (true, "") => "0".to_owned(),
        (true, rest) => rest.to_owned(),
        (false, _) => word.to_owned(),
    }
}

/// Words as written, behind [`EXACT`]. On which vowel of a syllable a tone stands is not told: it
/// stands at the end, so that "hòa" and "hoà" are one word.
fn marked(text: &str) -> Vec<String> {
    nfc(text)
        .to_lowercase()
        .split(is_between)
        .filter(|word| !word.is_empty())
        .map(|word| {
            let (letters, tone) = tone_apart(word);
            let tone = tone.map(|tone| match tone {
                Tone::Grave => '¹',
                Tone::Acute => '²',
                Tone::Hook => '³',
                Tone::Tilde => '⁴',
                Tone::Dot => '⁵',
            });
            let mut out = format!("{EXACT}{}", without_zeros(&letters));
            out.extend(tone);
            out
        })
        .collect()
}

/// What no word has. The signs that stand before other kinds of terms are none of a word's, so that
/// "m²" is found by "m" and nobody's text looks like a fact.
fn is_between(c: char) -> bool {
    !c.is_alphanumeric() || matches!(c, '¹' | '²' | '³' | '⁴' | '⁵')
}

/// The query for what was typed into the field of a list; none when there is no letter or digit in it.
///
/// Every word counts, as a prefix, in what a document says of itself: its pages have every common
/// word, and a list that is narrowed by those is not narrowed. Several words may stand together on
/// pages instead. Letters and digits joined by `/`, `-` or `.` (a notation, a date, a code) are one
/// phrase: "12/qd" finds "12/QĐ-UBND" and not "12" here and "qd" there; its last part is a prefix,
/// the ones before are whole.
pub(crate) fn query(typed: &str) -> Option<String> {
    let words = || typed.split_whitespace().take(WORDS_MAX);
    let terms: Vec<String> = words().filter_map(plan::word_term).collect();
    if terms.is_empty() {
        return None;
    }
    let said = format!("{SAID} : ({})", terms.join(" AND "));
    let together: Vec<String> = words().flat_map(folded_words).collect();
    Some(match together.len() {
        1 => said,
        _ => format!("({said}) OR pages : \"{}\"*", together.join(" ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(terms: &str) -> Option<String> {
        Some(format!("{SAID} : ({terms})"))
    }

    #[test]
    fn typed_words_become_folded_prefixes() {
        assert_eq!(query("điều"), said("\"dieu\"*"));
        assert_eq!(query("0012/"), said("\"12\""));
        assert_eq!(query(" -- \"*() "), None);
    }

    #[test]
    fn words_of_pages_count_where_they_stand_together() {
        let both = |terms: &str, phrase: &str| {
            Some(format!("({SAID} : ({terms})) OR pages : \"{phrase}\"*"))
        };
        assert_eq!(
            query("  Điều  động "),
            both("\"dieu\"* AND \"dong\"*", "dieu dong")
        );
        assert_eq!(query("12/qđ"), both("\"12 qd\"*", "12 qd"));
    }

    #[test]
    fn i_and_y_at_the_end_of_a_syllable_are_one_letter() {
        assert_eq!(query("quy"), said("(\"quy\"* OR \"qui\"*)"));
        assert_eq!(query("kĩ"), said("(\"ki\"* OR \"ky\"*)"));
        assert_eq!(query("hai"), said("\"hai\"*"));
    }

    #[test]
    fn a_tone_is_told_and_its_place_is_not() {
        assert_eq!(marked("Hòa BÌNH"), marked("hoà bình"));
        assert_eq!(marked("thuỷ"), marked("thủy"));
        assert_ne!(marked("bão"), marked("bao"));
        assert_ne!(marked("đất"), marked("dất"));
        assert_ne!(marked("bão"), marked("bảo"));
    }

    proptest::proptest! {
        #[test]
        fn no_typed_text_leaves_its_quotes(typed in "\\PC{0,60}") {
            if let Some(query) = query(&typed) {
                proptest::prop_assert_eq!(query.matches('"').count() % 2, 0);
                let outside: String = query.split('"').step_by(2).collect();
                let known = outside
                    .replace(SAID, "")
                    .replace(" OR pages : ", "")
                    .replace(" AND ", "")
                    .replace(" OR ", "")
                    .replace(['*', '(', ')', ':', ' '], "");
                proptest::prop_assert_eq!(known, "");
            }
        }
    }
}
