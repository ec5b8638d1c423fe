//! How the scan of a letter falls short of Decree 30/2020.

use congvan_intake::{ScannedPage, Shortfall, pdf_version, shortfalls};
use congvan_pdf::read_range;
use congvan_store::{Letter, LetterPage, StoreError};

use super::assembling::as_it_came;
use crate::{Desk, Result};

/// Bytes in which a PDF says its version.
const HEAD: u64 = 1_024;

impl Desk {
    /// The ways in which a letter's scan falls short, each with its pages from 1. What is no scan falls
    /// short in none; what is not known of a page is not held against it.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn intake_shortfalls(&self, letter: &Letter) -> Result<Vec<(Shortfall, Vec<u32>)>> {
        let pages: Vec<Option<ScannedPage>> = letter.pages.iter().map(scanned).collect();
        let Some(stack) = letter.pages.first().map(|page| page.stack) else {
            return Ok(Vec::new());
        };
        let session = self.session().await?;
        let letter = letter.clone();
        let version = session
            .with_store(move |store| {
                let sheets = store.stack_sheets(stack)?.len();
                // What is put together here is PDF 1.7.
                let Some(pdf) = as_it_came(&letter, sheets) else {
                    return Ok(None);
                };
                let reader = store.blob_open(pdf)?;
                let length = congvan_model::ByteSource::len(&reader).min(HEAD);
                let head = read_range(&reader, 0, usize::try_from(length).unwrap_or(0))
                    .map_err(|_| StoreError::BlobCorrupt { sha256: pdf })?;
                Ok(pdf_version(&head))
            })
            .await?;
        Ok(shortfalls(&pages, version))
    }
}

/// A page of which something is known as a picture.
fn scanned(page: &LetterPage) -> Option<ScannedPage> {
    let facts = &page.sheet.facts;
    facts.colour?;
    Some(ScannedPage {
        dpi: facts.dpi,
        is_colour: facts.colour,
        size_pt: page.turned_size(),
    })
}
