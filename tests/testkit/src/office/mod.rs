//! Office documents in the layout of Decree 30/2020, as PDFs with text and as scans.

mod font;
mod layout;
mod letter;
mod pdf;
mod scan;
mod words;

use std::path::Path;

use anyhow::{Context, Result};

use font::Fonts;
pub use letter::{Block, Letter, Stationery};
pub(crate) use pdf::deflate;
pub use scan::{SCAN_DPI, ScanOptions};
pub use words::{Topic, body};

/// A PDF with text, fonts embedded as subsets.
///
/// # Errors
/// When a letter has no glyph in the face or the fonts are damaged.
pub fn letter_pdf(letter: &Letter) -> Result<Vec<u8>> {
    let fonts = Fonts::load()?;
    pdf::text_pdf(&fonts, &layout::lay_out(&fonts, letter)?, &letter.subject)
}

/// A PDF whose pages are pictures, as an office scanner makes it: slightly askew, paper texture,
/// no text behind.
///
/// # Errors
/// As [`letter_pdf`].
pub fn scan_pdf(letter: &Letter, options: &ScanOptions) -> Result<Vec<u8>> {
    let fonts = Fonts::load()?;
    scan::scan_pdf(&fonts, &layout::lay_out(&fonts, letter)?, options)
}

/// The same pages as an office scanner hands them over one by one: JPEG that says its resolution.
///
/// # Errors
/// As [`letter_pdf`].
pub fn scan_jpegs(letter: &Letter, options: &ScanOptions) -> Result<Vec<Vec<u8>>> {
    let fonts = Fonts::load()?;
    scan::scan_jpegs(&fonts, &layout::lay_out(&fonts, letter)?, options)
}

/// A document of exactly so many pages of text with tables: the long scheme of the demo.
///
/// # Errors
/// As [`letter_pdf`].
pub fn long_scheme_pdf(letter: &Letter, pages: usize) -> Result<Vec<u8>> {
    let fonts = Fonts::load()?;
    let mut letter = letter.clone();
    letter.blocks = words::long_scheme(pages * 3 + 20);
    let mut laid = layout::lay_out(&fonts, &letter)?;
    laid.truncate(pages);
    anyhow::ensure!(
        laid.len() == pages,
        "the text is too short for {pages} pages"
    );
    pdf::text_pdf(&fonts, &laid, &letter.subject)
}

/// The file `name` in `dir`, made by `make` when it is not there yet. For what takes seconds to
/// make and is the same every time.
///
/// # Errors
/// When making or writing fails.
pub fn cached(dir: &Path, name: &str, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let path = dir.join(name);
    if let Ok(bytes) = std::fs::read(&path) {
        return Ok(bytes);
    }
    std::fs::create_dir_all(dir).context("make the cache directory")?;
    let bytes = make()?;
    // Two seedings may run at once: each writes a file of its own and the rename is atomic.
    let part = dir.join(format!("{name}.{}.part", std::process::id()));
    std::fs::write(&part, &bytes)?;
    std::fs::rename(&part, &path)?;
    Ok(bytes)
}
