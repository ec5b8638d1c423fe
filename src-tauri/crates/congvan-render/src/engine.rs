use std::{
    io::{Read, Seek},
    path::Path,
    sync::OnceLock,
};

use pdfium_render::prelude::Pdfium;

use crate::{document::Document, error::RenderError};

/// PDFium is initialised once and lives as long as the process; it cannot be loaded twice.
static PDFIUM: OnceLock<Pdfium> = OnceLock::new();

/// The loaded library.
#[derive(Clone, Copy)]
pub struct Engine {
    pdfium: &'static Pdfium,
}

impl Engine {
    /// Loads PDFium's library from a file; later calls give the one already loaded.
    ///
    /// # Errors
    /// [`RenderError::Library`].
    pub fn load(library: &Path) -> Result<Self, RenderError> {
        if let Some(pdfium) = PDFIUM.get() {
            return Ok(Self { pdfium });
        }
        let bindings = Pdfium::bind_to_library(library)?;
        Ok(Self {
            pdfium: PDFIUM.get_or_init(|| Pdfium::new(bindings)),
        })
    }

    pub(crate) fn pdfium(self) -> &'static Pdfium {
        self.pdfium
    }

    /// Opens a document; its bytes are read as they are needed, as long as it is open.
    ///
    /// # Errors
    /// [`RenderError::Corrupt`], [`RenderError::PasswordNeeded`], [`RenderError::Engine`].
    pub fn open<R: Read + Seek + Send + 'static>(self, source: R) -> Result<Document, RenderError> {
        let document = self.pdfium.load_pdf_from_reader(source, None)?;
        Ok(Document::new(document))
    }
}
