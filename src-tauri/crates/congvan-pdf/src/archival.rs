use std::fmt;

use crate::{Dict, Document, Object, PdfError};

/// What a file says of itself: that it is made for keeping (ISO 19005, PDF/A). Nobody has checked
/// it here; but a signature must not be what makes it untrue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PdfA {
    /// Part of the standard: 1, 2, 3 or 4.
    pub part: u8,
    /// Level of conformance in lower case, `b`, `u`, `a`; `e` and `f` in part 4, which may have none.
    pub conformance: Option<char>,
}

impl fmt::Display for PdfA {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PDF/A-{}", self.part)?;
        self.conformance
            .map_or(Ok(()), |level| write!(f, "{level}"))
    }
}

/// Bytes of metadata that are looked at.
const METADATA: usize = 4 << 20;

/// The identification schema (ISO 19005-1, 6.7.11).
const SCHEMA: &str = "http://www.aiim.org/pdfa/ns/id/";

/// Which part of PDF/A the catalog's metadata names; none where there is no metadata or it cannot
/// be read.
///
/// # Errors
/// Where the catalog cannot be read.
pub fn pdf_a(document: &Document<'_>) -> Result<Option<PdfA>, PdfError> {
    let (_, catalog) = document.catalog()?;
    let Ok(metadata) = document.value(&catalog, "Metadata") else {
        return Ok(None);
    };
    let data = metadata.as_stream().map(|it| document.stream_data(it));
    let Some(Ok(mut data)) = data else {
        return Ok(None);
    };
    data.truncate(METADATA);
    // UTF-16 becomes readable enough for names that are ASCII.
    data.retain(|byte| *byte != 0);
    Ok(identification(&String::from_utf8_lossy(&data)))
}

fn identification(xmp: &str) -> Option<PdfA> {
    let prefix = prefix(xmp).unwrap_or("pdfaid");
    let part = property(xmp, prefix, "part")?.parse().ok()?;
    if !(1..=4).contains(&part) {
        return None;
    }
    let conformance = property(xmp, prefix, "conformance").and_then(|level| level.chars().next());
    Some(PdfA {
        part,
        conformance: conformance.map(|level| level.to_ascii_lowercase()),
    })
}

/// The prefix that is bound to the schema: `xmlns:PREFIX="SCHEMA"`.
fn prefix(xmp: &str) -> Option<&str> {
    let (before, _) = xmp.split_once(SCHEMA)?;
    let before = before.trim_end_matches(['"', '\'']).trim_end();
    let before = before.strip_suffix('=')?.trim_end();
    let (_, prefix) = before.rsplit_once("xmlns:")?;
    (!prefix.contains(char::is_whitespace)).then_some(prefix)
}

/// A property as an attribute, `p:name="value"`, or as an element, `<p:name>value</p:name>`.
fn property<'x>(xmp: &'x str, prefix: &str, name: &str) -> Option<&'x str> {
    let wanted = format!("{prefix}:{name}");
    xmp.match_indices(&wanted).find_map(|(at, _)| {
        let rest = xmp.get(at + wanted.len()..)?.trim_start();
        let value = if let Some(value) = rest.strip_prefix('>') {
            value.split('<').next()?
        } else {
            let value = rest.strip_prefix('=')?.trim_start();
            let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
            value.strip_prefix(quote)?.split(quote).next()?
        };
        Some(value.trim()).filter(|value| !value.is_empty())
    })
}

/// What new objects must observe so that a file stays what it says it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    part: Option<u8>,
    /// Colour components of the output intent.
    intent: Option<i64>,
}

impl Rules {
    pub(crate) fn of(document: &Document<'_>) -> Self {
        // A file that cannot be read so far cannot be signed either; the error comes from there.
        let Ok(Some(PdfA { part, .. })) = pdf_a(document) else {
            return Self::default();
        };
        Self {
            part: Some(part),
            intent: intent(document).ok().flatten(),
        }
    }

    /// Whether every field has an appearance, also one that shows nothing (ISO 19005-1, 6.9).
    pub(crate) fn needs_appearance(self) -> bool {
        self.part.is_some()
    }

    /// Whether part of an image may be half transparent: not in part 1 (6.4), and otherwise only
    /// where the output intent says in which colours to blend (ISO 19005-2, 6.2.10).
    pub(crate) fn permits_soft_masks(self) -> bool {
        match self.part {
            None => true,
            Some(1) => false,
            Some(_) => self.intent.is_some(),
        }
    }

    /// The colour space of red, green and blue: of the device only where the output intent has
    /// these colours (ISO 19005-1, 6.2.3.3; ISO 19005-2, 6.2.4.3), else sRGB by its numbers.
    pub(crate) fn rgb(self) -> Object {
        if self.part.is_none() || self.intent == Some(3) {
            Object::name("DeviceRGB")
        } else {
            calibrated()
        }
    }

    /// Whether a subset says which letters it has. Part 1 asks for it (6.3.5); from part 2 on it
    /// may be left out but not be incomplete, and what is complete is disputed among checkers.
    pub(crate) fn lists_letters(self) -> bool {
        self.part.is_none_or(|part| part == 1)
    }

    /// Whether a letter that the font lacks may be drawn as a box (ISO 19005-2, 6.2.11.8).
    pub(crate) fn permits_missing_letters(self) -> bool {
        self.part.is_none_or(|part| part == 1)
    }

    /// Bytes of the longest string (ISO 19005-1, 6.1.12; ISO 19005-2, 6.1.13). One less than the
    /// standard says, because a checker that is in use counts so.
    pub(crate) fn longest_string(self) -> usize {
        match self.part {
            None => usize::MAX,
            Some(1) => 65_534,
            Some(_) => 32_766,
        }
    }
}

/// Number of colour components of the PDF/A output intent's profile.
fn intent(document: &Document<'_>) -> Result<Option<i64>, PdfError> {
    let (_, catalog) = document.catalog()?;
    let intents = document.value(&catalog, "OutputIntents")?;
    for intent in intents.as_array().unwrap_or_default().iter().take(16) {
        let intent = document.resolve(intent)?;
        let Some(intent) = intent.as_dict().filter(|it| it.is("S", "GTS_PDFA1")) else {
            continue;
        };
        let profile = document.value(intent, "DestOutputProfile")?;
        if let Some(profile) = profile.as_dict() {
            return Ok(document.value(profile, "N")?.as_int());
        }
    }
    Ok(None)
}

/// sRGB as a calibrated space (8.6.5.3): white point D65 and primaries of IEC 61966-2-1.
fn calibrated() -> Object {
    let numbers =
        |values: &[f64]| Object::Array(values.iter().copied().map(Object::real).collect());
    let matrix = [
        0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505,
    ];
    let space = Dict::new()
        .with("WhitePoint", numbers(&[0.9505, 1.0, 1.089]))
        .with("Gamma", numbers(&[2.2, 2.2, 2.2]))
        .with("Matrix", numbers(&matrix));
    Object::Array(vec![Object::name("CalRGB"), Object::Dict(space)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_is_found_as_attribute_and_as_element_and_under_any_prefix() {
        let of = |text: &str| identification(text).map(|found| found.to_string());
        let bound = format!("xmlns:pdfaid='{SCHEMA}'");
        let own = format!("xmlns:x = \"{SCHEMA}\"");
        for (xmp, expected) in [
            (
                format!("<a {bound} pdfaid:part='1' pdfaid:conformance='B'/>"),
                Some("PDF/A-1b"),
            ),
            (
                format!(
                    "<a {bound}><pdfaid:part> 2 </pdfaid:part>\n<pdfaid:conformance>U</pdfaid:conformance></a>"
                ),
                Some("PDF/A-2u"),
            ),
            (format!("<a {own} x:part=\"4\"/>"), Some("PDF/A-4")),
            ("<a pdfaid:part='3'/>".to_owned(), Some("PDF/A-3")),
            ("<a pdfaid:part='9'/>".to_owned(), None),
            ("<a part='1'/>".to_owned(), None),
            ("pdfaid:part".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(of(&xmp).as_deref(), expected, "{xmp}");
        }
    }
}
