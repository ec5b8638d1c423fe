use pdfium_render::prelude::{PdfDocument, PdfPage, PdfPageIndex};

use crate::{
    error::RenderError,
    image,
    ink::{self, PageInk},
    picture::Lone,
    scan::{self, Scan},
    text::{self, PageText},
    typeset::{self, Typeset},
};

/// The size of a page as shown: rotation and crop box applied, /UserUnit (ISO 32000-2, 7.7.3.3) not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageSize {
    /// In points of 1/72 inch.
    pub width_pt: f32,
    /// In points of 1/72 inch.
    pub height_pt: f32,
}

/// An open document.
pub struct Document {
    document: PdfDocument<'static>,
}

impl Document {
    pub(crate) fn new(document: PdfDocument<'static>) -> Self {
        Self { document }
    }

    pub(crate) fn inner(&self) -> &PdfDocument<'static> {
        &self.document
    }

    /// How many pages it has.
    #[must_use]
    pub fn page_count(&self) -> u32 {
        u32::try_from(self.document.pages().len()).unwrap_or(0)
    }

    /// The sizes of all pages, without loading them. A page whose size cannot be read is given
    /// the size of A4, so that one broken page does not hide the others.
    #[must_use]
    pub fn page_sizes(&self) -> Vec<PageSize> {
        let pages = self.document.pages();
        let a4 = PageSize {
            width_pt: 595.276,
            height_pt: 841.89,
        };
        pages
            .as_range()
            .map(|index| {
                pages.page_size(index).map_or(a4, |rect| PageSize {
                    width_pt: rect.width().value,
                    height_pt: rect.height().value,
                })
            })
            .collect()
    }

    /// One page, from 0, as a PNG file `width_px` wide, with annotations and form fields, on white.
    ///
    /// `lone` is asked of a page that looks like a scan whether it is nothing but its
    /// picture, which then is scaled instead of drawn.
    ///
    /// # Errors
    /// [`RenderError::PageOutOfRange`], [`RenderError::TooLarge`], [`RenderError::Engine`].
    pub fn page_png(
        &self,
        page: u32,
        width_px: u32,
        lone: impl FnOnce() -> Lone,
    ) -> Result<Vec<u8>, RenderError> {
        image::page_png(&self.page(page)?, width_px, lone)
    }

    /// The upper part of a page, from 0, for reading: grey at `dpi` dots per inch without red ink,
    /// and the red ink by itself. `unit` is the page's /UserUnit, `part` how much of the height, 0..1.
    ///
    /// # Errors
    /// [`RenderError::PageOutOfRange`], [`RenderError::TooLarge`], [`RenderError::Engine`].
    pub fn page_scan(
        &self,
        page: u32,
        unit: f32,
        (dpi, part): (u32, f32),
    ) -> Result<Scan, RenderError> {
        scan::page_scan(&self.page(page)?, unit, dpi, part)
    }

    /// Where a page, from 0, carries ink, in cells of a millimetre. `unit` is its /UserUnit.
    ///
    /// # Errors
    /// [`RenderError::PageOutOfRange`], [`RenderError::TooLarge`], [`RenderError::Engine`].
    pub fn page_ink(&self, page: u32, unit: f32) -> Result<PageInk, RenderError> {
        ink::page_ink(&self.page(page)?, unit)
    }

    /// The text of one page, from 0, with positions.
    ///
    /// # Errors
    /// [`RenderError::PageOutOfRange`], [`RenderError::Engine`].
    pub fn page_text(&self, page: u32) -> Result<PageText, RenderError> {
        text::page_text(&self.page(page)?)
    }

    /// How one page, from 0, is set: its words with face, size and colour, and its strokes. `unit` is
    /// its /UserUnit.
    ///
    /// # Errors
    /// [`RenderError::PageOutOfRange`], [`RenderError::Engine`].
    pub fn page_typeset(&self, page: u32, unit: f32) -> Result<Typeset, RenderError> {
        typeset::page_typeset(&self.page(page)?, unit)
    }

    fn page(&self, page: u32) -> Result<PdfPage<'_>, RenderError> {
        let pages = self.page_count();
        let index = PdfPageIndex::try_from(page).ok().filter(|_| page < pages);
        let index = index.ok_or(RenderError::PageOutOfRange { pages })?;
        Ok(self.document.pages().get(index)?)
    }
}
