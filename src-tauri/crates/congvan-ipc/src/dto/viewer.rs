use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `file_search`: the words in a file, in portions. Whoever wants no more does not ask
/// for the next.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct FileSearch {
    /// The state of the file.
    pub sha256: String,
    /// What is looked for; diacritics and case do not matter.
    pub query: String,
    /// Each word by itself, where words begin so; else one after the other as they are.
    #[serde(default)]
    pub each_word: bool,
    /// Page to begin with, from 0.
    pub from: u32,
}

/// A box in fractions of the page's width and height.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HitBox {
    /// Left.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// One place where the words stand.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FileHit {
    /// Page, from 0.
    pub page: u32,
    /// One for each line.
    pub boxes: Vec<HitBox>,
}

/// Answer of `file_search`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FileHits {
    /// In reading order.
    pub hits: Vec<FileHit>,
    /// The page to go on with; none at the end.
    pub next: Option<u32>,
    /// Pages of this portion without any words.
    pub wordless: u32,
}

/// Arguments of `print_mark`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PrintArgs {
    /// The document.
    pub document: String,
    /// The state of one of its files.
    pub sha256: String,
    /// First page, from 0.
    pub first: u32,
    /// Last page.
    pub last: u32,
}

/// What stands at the foot of every printed page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PrintMark {
    /// Who prints.
    pub by: String,
    /// That person's unit.
    pub unit: String,
    /// When.
    pub at: i64,
    /// The document's number and symbol.
    pub notation: Option<String>,
    /// The state of the file.
    pub sha256: String,
}

/// Arguments of `texts_compare`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TextsCompare {
    /// The state of the file that came first.
    pub old: String,
    /// The state of the one that is compared with it.
    pub new: String,
}

/// One difference. One that replaces words has both sides.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TextChange {
    /// Where words are no longer there, one for each page.
    pub old: Vec<FileHit>,
    /// Where words are new, one for each page.
    pub new: Vec<FileHit>,
    /// The words that went; of many the first.
    pub old_text: String,
    /// The words that came; of many the first.
    pub new_text: String,
}

/// Answer of `texts_compare`: how far it is.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TextCheck {
    /// Pages read, of both files.
    pub done: u32,
    /// Pages of both.
    pub pages: u32,
    /// What came of it; none while something is left to do: ask again.
    pub comparison: Option<TextComparison>,
}

/// What differs between two files.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TextComparison {
    /// In reading order.
    pub changes: Vec<TextChange>,
    /// Pages of the first file without words: they are not compared.
    pub old_wordless: u32,
    /// Those of the other.
    pub new_wordless: u32,
}
