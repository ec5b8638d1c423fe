/// Why a page cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OcrError {
    /// Tesseract's library does not load, or is too old; the installation is at fault.
    #[error("Tesseract does not load: {detail}")]
    Library {
        /// The loader's words.
        detail: String,
    },
    /// The model of a language is missing or damaged; the installation is at fault.
    #[error("no model for {language}")]
    Model {
        /// As Tesseract names it: `vie`.
        language: String,
    },
    /// The picture has no dots, too many, or fewer bytes than it says; our own mistake.
    #[error("not a picture of {width} x {height}")]
    Picture {
        /// Dots.
        width: u32,
        /// Dots.
        height: u32,
    },
    /// Tesseract gave up on this picture.
    #[error("Tesseract failed")]
    Engine,
}
