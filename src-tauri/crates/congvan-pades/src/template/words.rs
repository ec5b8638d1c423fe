use congvan_pdf::{Colour, TextAlign};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{Facts, TemplateError};

/// Decree 30/2020, Appendix I: text of signatures is of size 10.
pub(super) fn decree_size() -> f64 {
    10.0
}

/// A colour as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint(pub Colour);

impl Default for Paint {
    fn default() -> Self {
        Self(Colour::BLACK)
    }
}

impl<'de> Deserialize<'de> for Paint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let part = |at: usize| {
            let digits = text.get(at..at + 2)?;
            let value = u8::from_str_radix(digits, 16).ok()?;
            Some(f64::from(value) / 255.0)
        };
        match (text.len(), text.starts_with('#'), part(1), part(3), part(5)) {
            (7, true, Some(red), Some(green), Some(blue)) => Ok(Self(Colour { red, green, blue })),
            _ => Err(D::Error::custom("a colour is #rrggbb")),
        }
    }
}

/// Where a line stands in its area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

impl From<Side> for TextAlign {
    fn from(side: Side) -> Self {
        match side {
            Side::Left => Self::Left,
            Side::Centre => Self::Centre,
            Side::Right => Self::Right,
        }
    }
}

type Reader = fn(&Facts<'_>) -> Option<String>;

/// Every placeholder, and what it stands for.
const PLACEHOLDERS: [(&str, Reader); 10] = [
    ("name", |facts| facts.name.map(str::to_owned)),
    ("position", |facts| facts.position.map(str::to_owned)),
    ("agency", |facts| facts.agency.map(str::to_owned)),
    ("notation", |facts| facts.notation.map(str::to_owned)),
    ("number", |facts| facts.number.map(str::to_owned)),
    ("date", |facts| facts.date.map(str::to_owned)),
    ("copy_form", |facts| facts.copy_form.map(str::to_owned)),
    ("passed_to", |facts| facts.passed_to.map(str::to_owned)),
    ("dossier", |facts| facts.dossier.map(str::to_owned)),
    ("time", |facts| facts.time.map(|time| time.iso_vietnam())),
];

/// A stretch of a line.
enum Piece<'t> {
    Text(&'t str),
    Placeholder {
        name: &'static str,
        read: Reader,
        default: Option<&'t str>,
    },
}

/// Cuts a line at its placeholders; a brace that is never closed is text.
fn pieces(line: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inner, tail)) = after.split_once('}') else {
            break;
        };
        found.push(Piece::Text(before));
        let (word, default) = match inner.split_once('|') {
            Some((word, default)) => (word, Some(default)),
            None => (inner, None),
        };
        let known = PLACEHOLDERS.iter().find(|(name, _)| *name == word);
        let (name, read) = known.ok_or_else(|| TemplateError::UnknownPlaceholder {
            name: word.to_owned(),
        })?;
        found.push(Piece::Placeholder {
            name,
            read: *read,
            default,
        });
        rest = tail;
    }
    found.push(Piece::Text(rest));
    Ok(found)
}

pub(super) fn check(line: &str) -> Result<(), TemplateError> {
    pieces(line).map(|_| ())
}

/// The lines with their placeholders filled in. What a fact says is never read as a placeholder.
pub(super) fn fill(lines: &[String], facts: &Facts<'_>) -> Result<Vec<String>, TemplateError> {
    let mut filled = Vec::new();
    for line in lines {
        let mut text = String::new();
        for piece in pieces(line)? {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Placeholder {
                    name,
                    read,
                    default,
                } => {
                    let value = read(facts).or_else(|| default.map(str::to_owned));
                    text.push_str(&value.ok_or(TemplateError::MissingFact { name })?);
                }
            }
        }
        filled.push(text);
    }
    Ok(filled)
}
