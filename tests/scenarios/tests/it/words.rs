//! The sentences that people read, in both languages.

use serde_json::Value;

use crate::{face::Refusal, office::checkout};

/// Facts that the screen adds to an error's own.
const OF_THE_SCREEN: [&str; 1] = ["token"];

impl Refusal {
    /// The refusal has this code, and both catalogues say what happened, what is safe and what to
    /// do now, with every fact that their sentences name.
    pub(crate) fn is_told(&self, code: &str) {
        assert_eq!(self.code, code, "{self:?}");
        for language in ["vi", "en"] {
            let catalogue = catalogue(language);
            for part in ["err", "safe", "rec"] {
                let sentence = catalogue[part][code].as_str().unwrap_or_default();
                assert!(!sentence.trim().is_empty(), "{language}: no {part}.{code}");
                for fact in facts(sentence) {
                    let known = self.args.get(fact).is_some() || OF_THE_SCREEN.contains(&fact);
                    assert!(known, "{language}: {part}.{code} wants {fact}: {self:?}");
                }
            }
        }
    }
}

/// The word of the network line is explained in both languages.
pub(crate) fn network_is_told(word: &str) {
    for language in ["vi", "en"] {
        let network = &catalogue(language)["network"];
        for sentence in [&network[word], &network["explain"][word]] {
            assert!(
                !sentence.as_str().unwrap_or_default().is_empty(),
                "{language}: {word}"
            );
        }
    }
}

/// The words that stand for a code, e.g. why a document refuses a signature.
pub(crate) fn word_is_told(group: &str, code: &str) {
    for language in ["vi", "en"] {
        let word = catalogue(language)[group][code].clone();
        assert!(
            !word.as_str().unwrap_or_default().is_empty(),
            "{language}: {group}.{code}"
        );
    }
}

fn catalogue(language: &str) -> Value {
    let path = checkout(&format!("ui/src/i18n/{language}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The names between double braces.
fn facts(sentence: &str) -> Vec<&str> {
    let pieces = sentence.split("{{").skip(1);
    pieces
        .filter_map(|piece| Some(piece.split_once("}}")?.0.trim()))
        .collect()
}
