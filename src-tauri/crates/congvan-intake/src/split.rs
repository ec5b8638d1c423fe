//! Where a stack of scanned pages falls apart into letters.

use serde::{Deserialize, Serialize};

use crate::{page::PageText, text::contains_about};

/// What a separator sheet's code says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Separator {
    /// The department that the letters after it go to; empty for a plain sheet.
    pub department: String,
}

impl Separator {
    /// What every code of ours begins with, so that a code on a letter itself never splits it.
    const MARK: &'static str = "CONGVAN-TO-NGAN:1:";

    /// The text to print as a QR code.
    #[must_use]
    pub fn code(&self) -> String {
        format!("{}{}", Self::MARK, self.department)
    }

    /// Reads the text of a QR code; nothing for codes of others.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let department = code.trim().strip_prefix(Self::MARK)?;
        Some(Self {
            department: department.to_owned(),
        })
    }
}

/// What is known of a page of a stack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageFacts {
    /// The text of a QR code on it.
    pub code: Option<String>,
    /// The share of its dots that carry ink, 0..1, the edges left out.
    pub ink: f32,
    /// Whether it begins with the state's name and motto.
    pub has_head: bool,
}

/// A proposal for one page. Nothing is removed by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Boundary {
    /// A letter begins here.
    Begins {
        /// The department of the sheet before it.
        department: Option<String>,
    },
    /// It goes on with the letter before.
    Continues,
    /// A separator sheet of ours: belongs to no letter.
    Separator,
    /// Looks empty: a person may leave it out. It stays with the letter before until then.
    Blank,
}

/// The motto, squeezed. The state's name above it is cited in the text of letters, the motto is not.
const MOTTO: &str = "doclaptudohanhphuc";
/// So many of its letters may be read wrongly.
const MOTTO_SLIPS: usize = 3;
/// The head of a letter stands above, share of the height.
const HEAD: f32 = 0.3;

/// Whether a page begins with the motto under the state's name, as every letter of a state agency does.
/// A form that a letter encloses may begin so too: it is a reason to ask, not to cut.
#[must_use]
pub fn has_head(page: &PageText) -> bool {
    page.lines.iter().any(|line| {
        let above = line.words.iter().filter(|word| word.area.y < HEAD);
        let text: Vec<&str> = above.map(|word| word.text.as_str()).collect();
        contains_about(&text.join(" "), MOTTO, MOTTO_SLIPS)
    })
}

/// Below this share of ink a page looks empty; a line of text on a page is 0.002 and more.
const EMPTY: f32 = 0.0006;

/// A proposal for every page. A sheet begins a letter, a head begins a letter; a blank page never
/// does, and ends none: backs of sheets are blank.
#[must_use]
pub fn propose_split(pages: &[PageFacts]) -> Vec<Boundary> {
    let mut department: Option<String> = None;
    let mut begins = true;
    pages
        .iter()
        .map(|page| {
            let separator = page.code.as_deref().and_then(Separator::parse);
            if let Some(separator) = separator {
                department = Some(separator.department).filter(|name| !name.is_empty());
                begins = true;
                return Boundary::Separator;
            }
            if page.ink < EMPTY && page.code.is_none() {
                return Boundary::Blank;
            }
            if std::mem::take(&mut begins) || page.has_head {
                return Boundary::Begins {
                    department: department.clone(),
                };
            }
            Boundary::Continues
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Area, Line, Source, Word};

    fn text(y: f32, words: &str) -> PageText {
        let word = |text: &str| Word {
            text: text.to_owned(),
            area: Area {
                x: 0.5,
                y,
                w: 0.05,
                h: 0.02,
            },
            confidence: 0.9,
        };
        PageText {
            page: 0,
            ratio: 1.4,
            source: Source::Ocr,
            lines: vec![Line {
                words: words.split(' ').map(word).collect(),
            }],
            red: Vec::new(),
        }
    }

    #[test]
    fn the_motto_at_the_top_is_a_head_also_when_read_badly() {
        assert!(has_head(&text(0.08, "HUYỆN A Độc lập - Tự do - Hạnh phúc")));
        assert!(has_head(&text(0.08, "Đôc lâp ~ Tu do - Hanh phúe")));
        assert!(
            !has_head(&text(0.6, "Độc lập - Tự do - Hạnh phúc")),
            "a form below"
        );
        assert!(!has_head(&text(
            0.08,
            "Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam"
        )));
    }

    fn page(ink: f32, has_head: bool) -> PageFacts {
        PageFacts {
            ink,
            has_head,
            code: None,
        }
    }

    #[test]
    fn sheets_and_heads_begin_letters_and_blank_pages_only_propose() {
        let sheet = PageFacts {
            code: Some(
                Separator {
                    department: "PKT".to_owned(),
                }
                .code(),
            ),
            ink: 0.02,
            has_head: false,
        };
        let foreign = PageFacts {
            code: Some("https://vbpl.example".to_owned()),
            ink: 0.0,
            has_head: false,
        };
        let stack = [
            page(0.03, true),
            page(0.0001, false),
            page(0.02, false),
            sheet,
            page(0.0, false),
            page(0.03, false),
            foreign,
            page(0.03, true),
        ];
        let to = |name: Option<&str>| Boundary::Begins {
            department: name.map(str::to_owned),
        };
        assert_eq!(
            propose_split(&stack),
            [
                to(None),
                Boundary::Blank,
                Boundary::Continues,
                Boundary::Separator,
                Boundary::Blank,
                to(Some("PKT")),
                Boundary::Continues,
                to(Some("PKT"))
            ]
        );
    }

    #[test]
    fn a_code_survives_printing_and_scanning() {
        let separator = Separator {
            department: "Phòng Kinh tế".to_owned(),
        };
        assert_eq!(
            Separator::parse(&format!(" {}\n", separator.code())),
            Some(separator)
        );
        assert_eq!(Separator::parse("CONGVAN"), None);
    }
}
