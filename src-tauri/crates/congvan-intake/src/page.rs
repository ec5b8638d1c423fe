use serde::{Deserialize, Serialize};

/// A box in fractions of a page as shown, from its top left corner; it fits any zoom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Left edge, 0..1 of the width.
    pub x: f32,
    /// Top edge, 0..1 of the height.
    pub y: f32,
    /// Width, 0..1.
    pub w: f32,
    /// Height, 0..1.
    pub h: f32,
}

impl Area {
    /// The smallest box around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self {
            x,
            y,
            w: self.right().max(other.right()) - x,
            h: self.bottom().max(other.bottom()) - y,
        }
    }

    pub(crate) fn right(self) -> f32 {
        self.x + self.w
    }

    pub(crate) fn bottom(self) -> f32 {
        self.y + self.h
    }
}

/// Where something was read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The page, from 0.
    pub page: u32,
    /// On that page.
    pub area: Area,
}

/// One word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// As read; NFC or NFD.
    pub text: String,
    /// Where.
    pub area: Area,
    /// How sure the reader was, 0..1; 1 for a text layer.
    pub confidence: f32,
}

/// Words that the reader put on one line, from left to right. Two columns may share a line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The words.
    pub words: Vec<Word>,
}

/// Where the words of a page come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The PDF has text.
    TextLayer,
    /// Read from a picture.
    Ocr,
}

/// The words of one page, or of the part of it that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// The page, from 0.
    pub page: u32,
    /// Height over width of the page.
    pub ratio: f32,
    /// Where the words come from.
    pub source: Source,
    /// What is printed, from top to bottom.
    pub lines: Vec<Line>,
    /// What was read in red ink alone: stamps, which a reading without red does not see.
    pub red: Vec<Line>,
}
