//! Full-text search: two columns, as written and folded. What a user types becomes quoted prefixes
//! of folded words; nothing typed can reach the query syntax.

use congvan_model::{fold, nfc};
use congvan_protocol::{Document, Opinion};
use rusqlite::{Transaction, params};

use crate::{error::Result, scans};

/// Words of a query beyond these are ignored: nobody types them, a pasted page does.
const WORDS_MAX: usize = 16;

/// Puts a document's words into the index under its row; those of the scan it was registered from
/// too.
pub(crate) fn index(
    tx: &Transaction<'_>,
    row: i64,
    document: &Document,
    opinions: &[Opinion],
) -> Result<()> {
    let mut text = text_of(document, opinions);
    for words in scans::words_of(tx, document.id)? {
        text.push('\n');
        text.push_str(&words);
    }
    let exact = nfc(&text);
    let folded = fold(&exact);
    tx.prepare_cached("INSERT INTO search(rowid, exact, folded) VALUES (?1, ?2, ?3)")?
        .execute(params![row, exact, folded])?;
    Ok(())
}

/// Takes a row's words out again.
pub(crate) fn remove(tx: &Transaction<'_>, row: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM search WHERE rowid = ?1")?
        .execute(params![row])?;
    Ok(())
}

fn text_of(document: &Document, opinions: &[Opinion]) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(notation) = &document.notation {
        parts.push(notation.to_string());
        // "5/GM" must find "05/GM-UBND".
        parts.push(format!("{}/{}", notation.number(), notation.symbol()));
    }
    if let Some(number) = document.arrival_number {
        parts.push(number.to_string());
    }
    if let Some(day) = document.issued_on {
        parts.push(format!(
            "{:02}/{:02}/{}",
            day.day(),
            day.month(),
            day.year()
        ));
    }
    parts.push(document.kind.name().to_owned());
    parts.push(document.subject.clone());
    parts.push(document.issuer.name.clone());
    parts.push(document.issuer.code.clone());
    parts.push(document.signer.full_name.clone());
    parts.push(document.signer.position.clone());
    parts.extend(document.files.iter().map(|file| file.name.clone()));
    parts.extend(opinions.iter().map(|opinion| opinion.text.clone()));
    // A line end is no letter, so phrases do not run from one part into the next by accident of
    // spelling; position-wise they may, which only adds hits.
    parts.join("\n")
}

/// The query for what was typed; none when there is no letter or digit in it.
///
/// Every word counts, as a prefix. Letters and digits joined by `/`, `-` or `.` (a notation, a
/// date, a code) are one phrase: "12/qd" finds "12/QĐ-UBND" and not "12" here and "qd" there; its
/// last part is a prefix, the ones before are whole.
pub(crate) fn query(typed: &str) -> Option<String> {
    let folded = fold(typed);
    let mut terms = Vec::new();
    for word in folded.split_whitespace().take(WORDS_MAX) {
        let parts: Vec<&str> = word
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            continue;
        }
        // A separator at the end says that the part before it is whole: "12/" is not "123".
        let whole = word.ends_with(['/', '-']);
        let star = if whole { "" } else { "*" };
        terms.push(format!("folded : \"{}\"{star}", parts.join(" ")));
    }
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_words_become_folded_prefixes() {
        assert_eq!(
            query("  Điều  động ").as_deref(),
            Some("folded : \"dieu\"* AND folded : \"dong\"*")
        );
        assert_eq!(query("12/qđ").as_deref(), Some("folded : \"12 qd\"*"));
        assert_eq!(query("12/").as_deref(), Some("folded : \"12\""));
        assert_eq!(query(" -- \"*() "), None);
    }

    proptest::proptest! {
        #[test]
        fn no_typed_text_leaves_its_quotes(typed in "\\PC{0,60}") {
            if let Some(query) = query(&typed) {
                proptest::prop_assert_eq!(query.matches('"').count() % 2, 0);
                let outside: String = query.split('"').step_by(2).collect();
                let known = outside.replace("folded : ", "").replace(" AND ", "").replace('*', "");
                proptest::prop_assert_eq!(known, "");
            }
        }
    }
}
