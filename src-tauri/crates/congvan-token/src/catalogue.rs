//! The known products and cards: data, shipped with the program.

use std::{ffi::OsStr, path::PathBuf, sync::OnceLock};

use serde::Deserialize;

/// The data file.
const KNOWN: &str = include_str!("../modules.toml");

/// A kind of card, recognised by its answer to reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCard {
    /// Its name for people.
    pub name: String,
    /// The products whose modules serve it, best first.
    pub products: Vec<String>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Catalogue {
    pub(crate) module: Vec<Product>,
    #[serde(default)]
    card: Vec<CardEntry>,
}

/// A product that installs a module.
#[derive(Deserialize)]
pub(crate) struct Product {
    pub(crate) name: String,
    pub(crate) vendor: String,
    #[serde(default)]
    pub(crate) simulator: bool,
    /// File names it is known by besides those of its paths.
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    parameters: Option<String>,
    /// Its tokens sit in the card service's readers, and it sees them as soon as the service does. To
    /// be measured, not believed; the others are asked twice a second as well.
    #[serde(default)]
    pub(crate) in_readers: bool,
    #[serde(default)]
    pub(crate) linux: Vec<PathBuf>,
    #[serde(default)]
    pub(crate) windows: Vec<PathBuf>,
    #[serde(default)]
    macos: Vec<PathBuf>,
}

/// An answer to reset: hexadecimal, `..` for a byte that may be anything, `*` at either end for
/// any number of bytes.
#[derive(Deserialize)]
struct CardEntry {
    name: String,
    atrs: Vec<String>,
    products: Vec<String>,
}

impl Product {
    /// Where it installs itself on this system.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        if cfg!(windows) {
            &self.windows
        } else if cfg!(target_os = "macos") {
            &self.macos
        } else {
            &self.linux
        }
    }

    /// Whether a file of this name belongs to it: the same library is installed in many places.
    pub(crate) fn has_file(&self, name: &OsStr) -> bool {
        let known = |path: &PathBuf| path.file_name() == Some(name);
        self.paths().iter().any(known) || self.files.iter().any(|file| name == file.as_str())
    }

    /// What its C_Initialize is told, with `{home}` replaced by the user's folder.
    pub(crate) fn parameters(&self) -> Option<String> {
        let home = std::env::var("HOME").or_else(|_| std::env::var("USERPROFILE"));
        let text = self.parameters.as_ref()?;
        Some(text.replace("{home}", &home.unwrap_or_default()))
    }
}

/// The data file, read once. It is part of the program and a test parses it.
pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| toml::from_str(KNOWN).unwrap_or_default())
}

/// The kind of card an answer to reset belongs to; the file's first match wins.
#[must_use]
pub fn known_card(atr: &[u8]) -> Option<KnownCard> {
    let entry = catalogue()
        .card
        .iter()
        .find(|card| card.atrs.iter().any(|pattern| matches(pattern, atr)))?;
    Some(KnownCard {
        name: entry.name.clone(),
        products: entry.products.clone(),
    })
}

/// Whether an answer to reset fits a pattern.
fn matches(pattern: &str, atr: &[u8]) -> bool {
    let words: Vec<&str> = pattern.split_whitespace().collect();
    let fits = |words: &[&str], bytes: &[u8]| {
        words.len() == bytes.len()
            && words.iter().zip(bytes).all(|(word, byte)| {
                *word == ".." || u8::from_str_radix(word, 16).is_ok_and(|known| known == *byte)
            })
    };
    match words.as_slice() {
        [] => false,
        ["*", middle @ .., "*"] => atr.windows(middle.len().max(1)).any(|w| fits(middle, w)),
        ["*", end @ ..] => atr
            .len()
            .checked_sub(end.len())
            .and_then(|at| atr.get(at..))
            .is_some_and(|bytes| fits(end, bytes)),
        [start @ .., "*"] => atr
            .get(..start.len())
            .is_some_and(|bytes| fits(start, bytes)),
        all => fits(all, atr),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_file_is_sound_and_its_cards_name_products_of_it() {
        let catalogue: Catalogue = toml::from_str(KNOWN).unwrap();
        for card in &catalogue.card {
            for product in &card.products {
                let known = catalogue
                    .module
                    .iter()
                    .any(|module| module.name == *product);
                assert!(known, "{}: no module {product}", card.name);
            }
            for word in card.atrs.iter().flat_map(|atr| atr.split_whitespace()) {
                let byte = word.len() == 2 && u8::from_str_radix(word, 16).is_ok();
                assert!(byte || word == ".." || word == "*", "{}: {word}", card.name);
            }
        }
    }

    #[test]
    fn the_data_file_names_the_tokens_of_vietnamese_agencies() {
        let catalogue: Catalogue = toml::from_str(KNOWN).unwrap();
        let files: Vec<String> = catalogue
            .module
            .iter()
            .flat_map(|product| product.linux.iter().chain(&product.windows))
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        for needed in [
            "libbit4xpki.so",
            "bit4xpki.dll",
            "libeToken.so",
            "eTPKCS11.dll",
        ] {
            assert!(files.iter().any(|file| file.ends_with(needed)), "{needed}");
        }
        let simulators: Vec<&str> = catalogue
            .module
            .iter()
            .filter(|product| product.simulator)
            .map(|product| product.name.as_str())
            .collect();
        assert_eq!(simulators, ["openCryptoki (soft)", "NSS", "SoftHSM 2"]);
    }

    #[test]
    fn tokens_of_agencies_are_recognised_by_their_answer_to_reset() {
        let etoken = [
            0x3b, 0xd5, 0x18, 0x00, 0x81, 0x31, 0xfe, 0x7d, 0x80, 0x73, 0xc8, 0x21, 0x10, 0xf4,
        ];
        let card = known_card(&etoken).unwrap();
        assert_eq!(card.products, ["GCA-01 (SafeNet eToken)"]);
        let bit4id = b"\x3b\x9f\x11\x81\x31\xfe\x9f\x00kBIT4ID 3.0\x00\x90\x00\xcf";
        let card = known_card(bit4id).unwrap();
        assert_eq!(card.products, ["VGCA Token (bit4id)"]);
        assert_eq!(known_card(&[0x3b, 0x00]), None);
    }

    #[test]
    fn patterns_fit_whole_answers_beginnings_ends_and_parts() {
        let atr = [0x3b, 0xd5, 0x18, 0xff];
        for pattern in [
            "3B D5 18 FF",
            "3B .. 18 FF",
            "3B D5 *",
            "* 18 FF",
            "* D5 18 *",
        ] {
            assert!(matches(pattern, &atr), "{pattern}");
        }
        for pattern in [
            "3B D5",
            "3B D5 18 FF 00",
            "* D5 18",
            "D5 *",
            "* FF 18 *",
            "",
        ] {
            assert!(!matches(pattern, &atr), "{pattern}");
        }
    }
}
