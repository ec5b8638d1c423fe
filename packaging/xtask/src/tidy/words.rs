use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

/// Endings by which i18next chooses among plurals; Vietnamese has one form, English two.
const PLURALS: [&str; 6] = ["_zero", "_one", "_two", "_few", "_many", "_other"];

/// Texts by their key, plurals under one key.
type Words = BTreeMap<String, Vec<String>>;

/// Both languages have the same keys with the same blanks, and every error code says in both what
/// happened (`err.`) and what to do now (`rec.`).
pub(super) fn check(vietnamese: &str, english: &str, codes: &str) -> Result<Vec<String>> {
    let vi = flatten(vietnamese).context("vi.json")?;
    let en = flatten(english).context("en.json")?;
    let mut wrong = Vec::new();
    for (file, words, others) in [("vi.json", &vi, &en), ("en.json", &en, &vi)] {
        for key in others.keys().filter(|key| !words.contains_key(*key)) {
            wrong.push(format!("{file}: `{key}` is missing"));
        }
        for (key, _) in words
            .iter()
            .filter(|(_, texts)| texts.iter().any(|text| text.trim().is_empty()))
        {
            wrong.push(format!("{file}: `{key}` is empty"));
        }
        for code in error_codes(codes) {
            for part in ["err", "rec"] {
                let key = format!("{part}.{code}");
                if !words.contains_key(&key) && !others.contains_key(&key) {
                    wrong.push(format!("{file}: `{key}` is missing"));
                }
            }
        }
    }
    for (key, texts) in &vi {
        if let Some(others) = en.get(key)
            && blanks(texts) != blanks(others)
        {
            wrong.push(format!("en.json: `{key}` has other blanks than vi.json"));
        }
    }
    Ok(wrong)
}

fn flatten(text: &str) -> Result<Words> {
    let mut words = Words::new();
    add(&mut words, "", &serde_json::from_str(text)?);
    Ok(words)
}

fn add(words: &mut Words, prefix: &str, value: &Value) {
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                let key = if prefix.is_empty() {
                    name.clone()
                } else {
                    format!("{prefix}.{name}")
                };
                add(words, &key, value);
            }
        }
        other => {
            let plural = PLURALS
                .iter()
                .find_map(|ending| prefix.strip_suffix(ending));
            let text = other
                .as_str()
                .map_or_else(|| other.to_string(), str::to_owned);
            words
                .entry(plural.unwrap_or(prefix).to_owned())
                .or_default()
                .push(text);
        }
    }
}

/// The names between double braces.
fn blanks(texts: &[String]) -> BTreeSet<&str> {
    texts
        .iter()
        .flat_map(|text| text.split("{{").skip(1))
        .filter_map(|rest| rest.split("}}").next())
        .map(|name| name.split(',').next().unwrap_or_default().trim())
        .collect()
}

/// The strings of the generated list.
fn error_codes(typescript: &str) -> Vec<&str> {
    typescript
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODES: &str = "export const ERROR_CODES = [\n  \"PIN_LOCKED\",\n] as const;\n";
    const VI: &str = r#"{"err":{"PIN_LOCKED":"PIN của {{token}} bị khóa"},"rec":{"PIN_LOCKED":"Gọi"},
        "rows_other":"{{count}} văn bản"}"#;
    const EN: &str = r#"{"err":{"PIN_LOCKED":"{{token}} is locked"},"rec":{"PIN_LOCKED":"Call"},
        "rows_one":"One letter","rows_other":"{{count}} letters"}"#;

    #[test]
    fn both_languages_in_step_are_in_order_whatever_their_plurals() {
        assert_eq!(check(VI, EN, CODES).expect("json"), Vec::<String>::new());
    }

    #[test]
    fn a_code_without_a_remedy_is_found() {
        let without = |text: &str| text.replace("\"rec\"", "\"other\"");
        let wrong = check(&without(VI), &without(EN), CODES).expect("json");
        assert!(
            wrong.iter().any(|line| line.contains("rec.PIN_LOCKED")),
            "{wrong:?}"
        );
    }

    #[test]
    fn a_key_or_a_blank_that_only_one_language_has_is_found() {
        let missing = EN.replace("\"rows_one\":\"One letter\",\"rows_other\"", "\"lines\"");
        assert_eq!(check(VI, &missing, CODES).expect("json").len(), 2);
        assert_eq!(
            check(VI, &EN.replace("{{token}}", "It"), CODES)
                .expect("json")
                .len(),
            1
        );
        assert_eq!(
            check(VI, &EN.replace("Call", ""), CODES)
                .expect("json")
                .len(),
            1
        );
    }
}
