use pdfium_render::prelude::{PdfiumError, PdfiumInternalError};

/// Why a page cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// PDFium's library does not load; the installation is at fault.
    #[error("PDFium does not load: {detail}")]
    Library {
        /// The loader's words.
        detail: String,
    },
    /// Not a PDF, or too damaged; the sender is at fault.
    #[error("not a readable PDF")]
    Corrupt,
    /// Encrypted with a password for opening.
    #[error("password needed")]
    PasswordNeeded,
    /// No such page.
    #[error("page out of range, the document has {pages}")]
    PageOutOfRange {
        /// How many there are.
        pages: u32,
    },
    /// The picture would have more pixels than allowed.
    #[error("more than {max_pixels} pixels")]
    TooLarge {
        /// The limit.
        max_pixels: u64,
    },
    /// PDFium failed in another way.
    #[error("PDFium failed: {detail}")]
    Engine {
        /// PDFium's words.
        detail: String,
    },
}

impl From<PdfiumError> for RenderError {
    fn from(error: PdfiumError) -> Self {
        #[expect(clippy::wildcard_enum_match_arm, reason = "pdfium-render's own enum")]
        match error {
            PdfiumError::LoadLibraryError(error) => Self::Library {
                detail: error.to_string(),
            },
            PdfiumError::PdfiumLibraryInternalError(internal) => match internal {
                PdfiumInternalError::PasswordError | PdfiumInternalError::SecurityError => {
                    Self::PasswordNeeded
                }
                PdfiumInternalError::FileError | PdfiumInternalError::FormatError => Self::Corrupt,
                PdfiumInternalError::PageError | PdfiumInternalError::Unknown => Self::Engine {
                    detail: format!("{internal:?}"),
                },
            },
            other => Self::Engine {
                detail: format!("{other:?}"),
            },
        }
    }
}
