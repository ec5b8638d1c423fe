use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{DocumentType, nfc};

/// Số và ký hiệu of a document, e.g. `15/QĐ-BNV` or `123/UBND-VX`
/// (Decree 30/2020, Appendix I, Part I, section II.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Notation {
    number: u32,
    symbol: String,
}

/// The text is not `number/symbol`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotationError {
    /// There is no `/` between number and symbol.
    #[error("no slash between number and symbol")]
    NoSlash,
    /// The part before the `/` is no number from 1 up.
    #[error("the number is missing or not a number")]
    NoNumber,
    /// Nothing, or white space, after the `/`.
    #[error("the symbol is missing or has spaces")]
    NoSymbol,
}

impl Notation {
    /// The number of the year, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The symbol after the slash, e.g. `QĐ-UBND`.
    #[must_use]
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// The kind of document that the symbol names; none for an official letter (công văn), whose
    /// symbol starts with the agency.
    #[must_use]
    pub fn document_type(&self) -> Option<DocumentType> {
        let first = self.symbol.split('-').next()?;
        DocumentType::ALL
            .iter()
            .copied()
            .find(|kind| !kind.abbreviation().is_empty() && kind.abbreviation() == first)
    }
}

impl FromStr for Notation {
    type Err = NotationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = nfc(text.trim());
        let (number, symbol) = text.split_once('/').ok_or(NotationError::NoSlash)?;
        let number: u32 = number.trim().parse().map_err(|_| NotationError::NoNumber)?;
        let symbol = symbol.trim();
        if number == 0 {
            return Err(NotationError::NoNumber);
        }
        if symbol.is_empty() || symbol.contains(char::is_whitespace) {
            return Err(NotationError::NoSymbol);
        }
        Ok(Self {
            number,
            symbol: symbol.to_owned(),
        })
    }
}

impl fmt::Display for Notation {
    // The decree: a number below ten gets a leading zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{}", self.number, self.symbol)
    }
}

impl TryFrom<String> for Notation {
    type Error = NotationError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Notation> for String {
    fn from(notation: Notation) -> Self {
        notation.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_below_ten_gets_a_leading_zero() {
        let notation: Notation = "5/GM-UBND".parse().expect("parses");
        assert_eq!(notation.to_string(), "05/GM-UBND");
        assert_eq!(notation.document_type(), Some(DocumentType::Invitation));
    }

    #[test]
    fn the_symbol_of_an_official_letter_names_no_type() {
        let notation: Notation = "123/UBND-VX".parse().expect("parses");
        assert_eq!((notation.number(), notation.symbol()), (123, "UBND-VX"));
        assert_eq!(notation.document_type(), None);
    }

    #[test]
    fn decomposed_and_composed_spellings_are_one_notation() {
        let composed: Notation = "45/QĐ-UBND".parse().expect("parses");
        assert_eq!(composed.document_type(), Some(DocumentType::Decision));
        for bad in ["45", "/QĐ-UBND", "0/QĐ-UBND", "45/", "x/QĐ", "45/QĐ UBND"] {
            assert!(bad.parse::<Notation>().is_err(), "{bad}");
        }
    }
}
