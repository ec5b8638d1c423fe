use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Mã định danh of an agency: `H99.101` (Decision 20/2020/QĐ-TTg) or the older
/// `000.01.05.H33` (QCVN 102:2016/BTTTT).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyCode(String);

/// The text is in neither of the two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an agency code")]
pub struct AgencyCodeError;

impl AgencyCode {
    /// The ministry or province that it is of: `H99` of `H99.101`, `H33` of `000.01.05.H33`.
    #[must_use]
    pub fn root(&self) -> &str {
        let mut parts = self.0.split('.');
        parts.find(|part| is_root(part)).unwrap_or_default()
    }

    /// The code as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_root(part: &str) -> bool {
    let mut chars = part.chars();
    part.len() == 3
        && chars.next().is_some_and(|c| c.is_ascii_uppercase())
        && chars.all(|c| c.is_ascii_digit())
}

fn is_level(part: &str) -> bool {
    (2..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit())
}

impl FromStr for AgencyCode {
    type Err = AgencyCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.trim().split('.').collect();
        let valid = match parts.as_slice() {
            [root, levels @ ..] if is_root(root) => {
                levels.len() <= 4 && levels.iter().all(|level| is_level(level))
            }
            [levels @ .., root] if is_root(root) => {
                (1..=4).contains(&levels.len()) && levels.iter().all(|level| is_level(level))
            }
            _ => false,
        };
        if valid {
            Ok(Self(text.trim().to_owned()))
        } else {
            Err(AgencyCodeError)
        }
    }
}

impl fmt::Display for AgencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AgencyCode {
    type Error = AgencyCodeError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AgencyCode> for String {
    fn from(code: AgencyCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_old_and_new_are_read_and_others_refused() {
        for good in ["H99", "H99.101", "H33.05.01", "000.01.05.H33"] {
            assert_eq!(
                good.parse::<AgencyCode>().map(|c| c.to_string()).as_deref(),
                Ok(good)
            );
        }
        let root = |code: &str| {
            code.parse::<AgencyCode>()
                .map(|code| code.root().to_owned())
        };
        assert_eq!(root("H99.101.02").as_deref(), Ok("H99"));
        assert_eq!(root("000.01.05.H33").as_deref(), Ok("H33"));
        for bad in ["", "99", "H9", "H99.1", "H99.1234", "000.01.05", "h99.101"] {
            assert!(bad.parse::<AgencyCode>().is_err(), "{bad}");
        }
    }
}
