//! Words of scanned pages, read by Tesseract in processes of their own with low priority.

mod client;
mod supervisor;

use std::{
    env, fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::Loss;

pub use client::{OcrClient, OcrTurn};

/// Where the native parts are installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcrPaths {
    /// The `congvan-worker` program.
    pub executable: PathBuf,
    /// Tesseract's library; a bare name is looked for by the system's loader.
    pub library: PathBuf,
    /// The folder with `vie.traineddata`; without it Tesseract looks where it was installed.
    pub models: Option<PathBuf>,
}

/// Tesseract's library as systems name it.
const TESSERACT: &str = if cfg!(windows) {
    "libtesseract-5.dll"
} else if cfg!(target_os = "macos") {
    "libtesseract.5.dylib"
} else {
    "libtesseract.so.5"
};

impl OcrPaths {
    /// Tesseract as `CONGVAN_TESSERACT` and `CONGVAN_TESSDATA` name it, else beside the worker program
    /// where it came along, else where the system's loader finds it.
    #[must_use]
    pub fn beside(executable: PathBuf) -> Self {
        let named = |variable: &str| env::var_os(variable).map(PathBuf::from);
        let beside = |name: &str| executable.with_file_name(name);
        let shipped = Some(beside(TESSERACT)).filter(|library| library.is_file());
        let models = Some(beside("tessdata")).filter(|folder| folder.is_dir());
        Self {
            library: named("CONGVAN_TESSERACT")
                .or(shipped)
                .unwrap_or_else(|| Path::new(TESSERACT).to_owned()),
            models: named("CONGVAN_TESSDATA").or(models),
            executable,
        }
    }
}

/// How a picture is laid out, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OcrLayout {
    /// Columns and blocks of text, to be found.
    Page,
    /// Scattered pieces: stamps.
    Sparse,
    /// One block of lines.
    Block,
}

/// Words that were put on one line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OcrLine {
    /// From left to right.
    pub words: Vec<OcrWord>,
}

/// One word; its box is in fractions of the picture, from its top left corner.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct OcrWord {
    /// As read.
    pub text: String,
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// How sure the reader is, 0..1.
    pub confidence: f32,
}

/// Without the text: it is the document's content.
impl fmt::Debug for OcrWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "OcrWord({} bytes, {:.2})",
            self.text.len(),
            self.confidence
        )
    }
}

/// Why a picture was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum OcrError {
    /// The picture is not one; our own mistake.
    #[error("not a picture")]
    BadPicture,
    /// Tesseract gave up on it.
    #[error("Tesseract failed")]
    Engine,
    /// This picture ended the worker, or held it beyond the deadline, twice. Others still work.
    #[error("the picture cannot be read")]
    PictureFailed,
    /// The worker could not be started: Tesseract or its Vietnamese model is not installed, or the
    /// installation is damaged.
    #[error("OCR worker lost: {loss}")]
    WorkerLost {
        /// How.
        loss: Loss,
    },
}
