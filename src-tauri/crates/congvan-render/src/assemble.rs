//! A new PDF out of pages of others. Pictures go over as the bytes they are: PDFium copies objects and
//! decodes nothing, so no dot changes.

use std::io::Write;

use pdfium_render::prelude::{
    PdfDocument, PdfMatrix, PdfPageIndex, PdfPagePaperSize, PdfPageRenderRotation, PdfPoints,
    PdfRect,
};

use crate::{Document, Engine, error::RenderError};

/// A page of the PDF to be made.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// A page of another document.
    Page {
        /// That document.
        document: &'a Document,
        /// From 0.
        page: u32,
        /// Quarter turns clockwise on top of its own, 0..=3.
        turns: u8,
        /// Degrees clockwise by which it lies askew and is turned back.
        skew: f32,
    },
    /// An empty page.
    Empty {
        /// In points.
        width_pt: f32,
        /// In points.
        height_pt: f32,
    },
}

/// Angles are measured in twentieths of a degree; less than half of one is none. The screen turns by
/// any angle, so both must agree.
const STRAIGHT: f32 = 0.025;

/// Further than this no scanner pulls a sheet askew: it is a drawing, or a mistake.
const STEEPEST: f32 = 15.0;

impl Engine {
    /// Writes a PDF 1.7 of these pages.
    ///
    /// # Errors
    /// [`RenderError::PageOutOfRange`], [`RenderError::Engine`], also when `out` fails.
    pub fn assemble<W: Write + 'static>(
        self,
        parts: &[Part<'_>],
        out: &mut W,
    ) -> Result<(), RenderError> {
        let mut new = self.pdfium().create_new_pdf()?;
        let mut rest = parts;
        while let Some(first) = rest.first() {
            let run = match first {
                Part::Page { document, .. } => import(&mut new, document, rest)?,
                Part::Empty {
                    width_pt,
                    height_pt,
                } => {
                    let size = PdfPagePaperSize::from_points(
                        PdfPoints::new(*width_pt),
                        PdfPoints::new(*height_pt),
                    );
                    new.pages_mut().create_page_at_end(size)?;
                    1
                }
            };
            rest = rest.get(run.max(1)..).unwrap_or_default();
        }
        for (index, part) in parts.iter().enumerate() {
            if let Part::Page { turns, skew, .. } = part {
                lay(&mut new, index, (*turns, *skew))?;
            }
        }
        new.save_to_writer(out)?;
        Ok(())
    }
}

/// Copies the pages at the beginning of `parts` that come from this document, in one go, so that what
/// they share (fonts) is there once. Says how many.
fn import(
    new: &mut PdfDocument<'static>,
    document: &Document,
    parts: &[Part<'_>],
) -> Result<usize, RenderError> {
    let pages = document.page_count();
    let mut numbers = Vec::new();
    for part in parts {
        match part {
            Part::Page {
                document: other,
                page,
                ..
            } if std::ptr::eq(*other, document) => {
                if *page >= pages {
                    return Err(RenderError::PageOutOfRange { pages });
                }
                numbers.push((page + 1).to_string());
            }
            Part::Page { .. } | Part::Empty { .. } => break,
        }
    }
    let end = new.pages().len();
    new.pages_mut()
        .copy_pages_from_document(document.inner(), &numbers.join(","), end)?;
    Ok(numbers.len())
}

/// Turns a page, and turns it back from lying askew.
fn lay(
    new: &mut PdfDocument<'static>,
    index: usize,
    (turns, skew): (u8, f32),
) -> Result<(), RenderError> {
    let is_askew = skew.abs() >= STRAIGHT && skew.abs() <= STEEPEST;
    if turns.is_multiple_of(4) && !is_askew {
        return Ok(());
    }
    let pages = u32::try_from(new.pages().len()).unwrap_or(0);
    let index = PdfPageIndex::try_from(index).map_err(|_| RenderError::PageOutOfRange { pages })?;
    let mut page = new.pages().get(index)?;
    if is_askew {
        let rect = page.boundaries().bounding()?.bounds;
        let (x, y) = (
            f32::midpoint(rect.left().value, rect.right().value),
            f32::midpoint(rect.bottom().value, rect.top().value),
        );
        // Anticlockwise in PDF's axes, which point up: the page lies askew clockwise.
        let (sin, cos) = skew.to_radians().sin_cos();
        let matrix = PdfMatrix::new(
            cos,
            sin,
            -sin,
            cos,
            x - x * cos + y * sin,
            y - x * sin - y * cos,
        );
        page.apply_matrix_with_clip(matrix, PdfRect::MAX)?;
    }
    let own = quarter(page.rotation()?);
    let all = [
        PdfPageRenderRotation::None,
        PdfPageRenderRotation::Degrees90,
        PdfPageRenderRotation::Degrees180,
        PdfPageRenderRotation::Degrees270,
    ];
    if let Some(turned) = all.get(usize::from((own + turns) % 4)) {
        page.set_rotation(*turned);
    }
    Ok(())
}

fn quarter(rotation: PdfPageRenderRotation) -> u8 {
    match rotation {
        PdfPageRenderRotation::None => 0,
        PdfPageRenderRotation::Degrees90 => 1,
        PdfPageRenderRotation::Degrees180 => 2,
        PdfPageRenderRotation::Degrees270 => 3,
    }
}
