use serde::Serialize;
use ts_rs::TS;

use super::HitBox;

/// Answer of `document_format`: how far the check is. Whoever wants no more does not ask again.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FormatCheck {
    /// The state of the file.
    pub sha256: String,
    /// Pages looked at.
    pub done: u32,
    /// Pages of the file.
    pub pages: u32,
    /// What came of it; none while pages are left.
    pub review: Option<FormatReview>,
}

/// What came of checking a letter.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FormatReview {
    /// Whether it has text that could be checked. A scan has none and is neither clean nor wrong.
    pub checked: bool,
    /// Pages, from 0, of a letter with text that are images and could not be checked.
    pub unchecked: Vec<u32>,
    /// Pages, from 0, on which nothing stands.
    pub empty: Vec<u32>,
    /// From the first page to the last, from top to bottom.
    pub findings: Vec<FormatFinding>,
}

/// How much a rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FormatSeverity {
    /// The decree gives a value, and the letter has another.
    Must,
    /// A smaller matter of typing that many letters get wrong.
    Should,
}

/// Something measured, or wanted.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "unit", rename_all = "snake_case")]
pub enum FormatValue {
    /// Millimetres on the page.
    Mm {
        /// How many.
        value: f32,
    },
    /// Points of type.
    Pt {
        /// How many.
        value: f32,
    },
    /// A ratio: of lines to single spacing, of a stroke to the words above it.
    Times {
        /// How many.
        value: f32,
    },
    /// Paper, in millimetres.
    Paper {
        /// Across.
        width: f32,
        /// Down.
        height: f32,
    },
    /// What stands on the page, or should.
    Text {
        /// In its own words.
        text: String,
    },
}

/// One place where a letter is not as the decree asks.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FormatFinding {
    /// Of which part of the letter, e.g. `margin_left`: one of `FORMAT_RULES`.
    pub part: String,
    /// What about it, e.g. `size`.
    pub aspect: String,
    /// How much it weighs.
    pub severity: FormatSeverity,
    /// Section, point and letter of Part I of Appendix I of the decree.
    pub clause: String,
    /// Page, from 0.
    pub page: u32,
    /// Where on it; none where something is missing that has no place yet.
    pub place: Option<HitBox>,
    /// What is there; none where there is nothing to measure.
    pub measured: Option<FormatValue>,
    /// One value, the least and the most, or nothing.
    pub wanted: Vec<FormatValue>,
}
