//! Pages, thumbnails and text of PDFs, rendered in a process that can touch nothing.

mod client;
mod supervisor;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Loss;

pub use client::{DocumentHandle, OpenDocument, PagePart, RenderClient, RenderDeadlines};

/// The size of a page as shown: rotation, crop box and /UserUnit (ISO 32000-2, 7.7.3.3) applied.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    /// In points of 1/72 inch.
    pub width_pt: f32,
    /// In points of 1/72 inch.
    pub height_pt: f32,
}

/// The text of a page in reading order. Every box is in fractions of the page as shown, from its
/// top left corner, so it fits any zoom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// From top to bottom as the file writes them.
    pub lines: Vec<TextLine>,
    /// The pictures that cover the page, if they do: it is a scan, and its text somebody's reading
    /// of it.
    pub picture: Option<PagePicture>,
}

/// A page that is a picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PagePicture {
    /// Dots per inch of the sharpest of its large pictures, the lesser of across and down; 0 where that cannot be
    /// told.
    pub dpi: f32,
    /// Whether any of its pictures has colour.
    pub is_colour: bool,
}

/// One line of text. A box is 0..1 of the page's width (x, w) and height (y, h).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    /// The whole line, words separated by single spaces.
    pub text: String,
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// Its words, left to right.
    pub words: Vec<TextWord>,
}

/// One word and its box, as in [`TextLine`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextWord {
    /// As extracted: NFC or NFD as the file has it.
    pub text: String,
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// The upper part of a page for reading: grey without red ink, and the red ink by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageScan {
    /// What is printed.
    pub print: GreyPicture,
    /// Dots that the whole page would have from top to bottom.
    pub page_height: u32,
    /// The red ink, if there is enough for a word, and where its picture begins: dots from the
    /// page's left and top edge.
    pub red: Option<(GreyPicture, (u32, u32))>,
    /// The text of a QR code on the part, as long as our own can be.
    pub code: Option<String>,
    /// The share of the part's dots that carry ink of any colour, 0..1, the edges left out.
    pub ink: f32,
}

/// How much ink each square millimetre of a page as shown carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageInk {
    /// Cells across.
    pub columns: u32,
    /// Cells down.
    pub rows: u32,
    /// `columns * rows` counts of inked dots, of the 16 of a cell, row by row from the top left.
    #[serde(with = "serde_bytes")]
    pub cells: Vec<u8>,
}

/// A picture in grey, one byte a dot, row by row, black is 0.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GreyPicture {
    /// Dots.
    pub width: u32,
    /// Dots.
    pub height: u32,
    /// Dots per inch.
    pub dpi: u32,
    /// `width * height` bytes.
    #[serde(with = "serde_bytes")]
    pub pixels: Vec<u8>,
}

/// Without the dots: they are the document's content.
impl fmt::Debug for GreyPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            width, height, dpi, ..
        } = self;
        write!(f, "GreyPicture {{ {width} x {height}, {dpi} dpi }}")
    }
}

/// What a render worker was refused when it tried; all true on Linux with landlock and seccomp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxProbe {
    /// Opening a file outside the font folders was refused.
    pub file_refused: bool,
    /// Making a file was refused.
    pub write_refused: bool,
    /// Making a network socket was refused.
    pub socket_refused: bool,
    /// Starting a program was refused.
    pub program_refused: bool,
}

/// Why a page cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RenderError {
    /// The file is not a PDF or too damaged to show; the sender is at fault.
    #[error("not a readable PDF")]
    Corrupt,
    /// The file needs a password to be opened; only the sender can help.
    #[error("password needed")]
    PasswordNeeded,
    /// There is no such page; our own mistake or a page counted before a change.
    #[error("page out of range, the document has {pages}")]
    PageOutOfRange {
        /// How many pages there are.
        pages: u32,
    },
    /// The picture would have more pixels than is ever useful.
    #[error("more than {max_pixels} pixels")]
    TooLarge {
        /// The limit.
        max_pixels: u64,
    },
    /// The bytes could not be read: the blob is missing, damaged or was tampered with.
    #[error("the document's bytes could not be read")]
    SourceFailed,
    /// The handle was closed, or never was.
    #[error("document is not open")]
    NotOpen,
    /// PDFium failed in another way, in its own words.
    #[error("PDFium failed: {detail}")]
    Engine {
        /// PDFium's words.
        detail: String,
    },
    /// This page ended the worker, or held it beyond the deadline, twice. The other pages still
    /// work; the page is not tried again while the document is open.
    #[error("page {page} cannot be rendered")]
    PageFailed {
        /// From 0.
        page: u32,
    },
    /// The worker could not be started or ended although it was given a second chance.
    #[error("render worker lost: {loss}")]
    WorkerLost {
        /// How.
        loss: Loss,
    },
    /// The call took longer than its deadline; the worker was ended.
    #[error("no answer within {seconds} s")]
    TimedOut {
        /// The deadline.
        seconds: u64,
    },
}
