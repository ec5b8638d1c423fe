use serde::{Deserialize, Serialize};

/// A box in millimetres from the top left corner of a page as shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
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

    /// Right edge.
    #[must_use]
    pub fn right(self) -> f32 {
        self.x + self.w
    }

    /// Bottom edge.
    #[must_use]
    pub fn bottom(self) -> f32 {
        self.y + self.h
    }

    /// The middle, across and down.
    #[must_use]
    pub fn centre(self) -> (f32, f32) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }
}

/// How letters are set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// The face as the file names it, subset mark and all; empty where it does not say.
    pub font: String,
    /// Size as shown, in points.
    pub size_pt: f32,
    /// Bold, by the face or by a stroke around the letters.
    pub is_bold: bool,
    /// Italic, by the face or by slanting the letters.
    pub is_italic: bool,
    /// Red, green, blue.
    pub colour: [u8; 3],
}

/// A word in the style of its first letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// As the file has it: NFC or NFD.
    pub text: String,
    /// From the ascent to the descent of the face.
    pub area: Area,
    /// Where the letters stand, in millimetres from the top.
    pub baseline: f32,
    /// How it is set.
    pub style: Style,
}

/// Words that stand on one line; two columns may share it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// From left to right.
    pub words: Vec<Word>,
}

/// A stroke across or down, however it was drawn: a line, a thin box, a side of a frame, a picture
/// of a line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// Its box; one of the sides is its thickness.
    pub area: Area,
}

impl Stroke {
    /// Whether it goes across.
    #[must_use]
    pub fn is_across(self) -> bool {
        self.area.w >= self.area.h
    }
}

/// How one page is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Width as shown, in millimetres.
    pub width: f32,
    /// Height as shown, in millimetres.
    pub height: f32,
    /// In the file's order.
    pub lines: Vec<Line>,
    /// Lines that are drawn.
    pub strokes: Vec<Stroke>,
    /// Whether the strokes are all there are: a page may hold drawings that are not looked into.
    pub is_drawn_whole: bool,
    /// Pictures cover the page: its text, if any, is somebody's reading of them.
    pub is_picture: bool,
    /// Nothing stands on it: no word, no drawing, no picture.
    pub is_empty: bool,
}
