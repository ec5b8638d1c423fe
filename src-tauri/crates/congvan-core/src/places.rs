//! The place for a signature that the words of the page say: under the signer's position, above the
//! name.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use congvan_model::Sha256;
use congvan_pades::{
    MmRect,
    placement::{PageWords, Word, leader_place},
};
use congvan_store::DocumentDetail;

use crate::{Desk, Placement, session::Session, tray::SIZE};

/// The signer's name stands on one of the last pages; appendices of more pages are signed by hand.
const LAST_PAGES: usize = 4;
const MM_PER_POINT: f64 = 25.4 / 72.0;

/// What was found on files of this run; none where there was nothing to find.
#[derive(Default)]
pub(crate) struct FoundPlaces(Mutex<HashMap<Sha256, Option<Placement>>>);

impl FoundPlaces {
    /// What is known of a file; none when nobody has looked.
    pub(crate) fn known(&self, file: Sha256) -> Option<Option<Placement>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&file).copied()
    }
}

impl Desk {
    /// Looks for the signer's name on the last pages; once for each file and run. A file that cannot
    /// be read has no such place.
    pub(crate) async fn found_place(
        &self,
        session: &Session,
        detail: &DocumentDetail,
        file: Sha256,
    ) -> Option<Placement> {
        if let Some(known) = self.places().known(file) {
            return known;
        }
        let words = self.last_words(session, file).await?;
        let signer = &detail.document.signer;
        let who = (signer.full_name.as_str(), signer.position.as_str());
        let found = leader_place(&words, who, SIZE).map(|place| Placement {
            page: place.page,
            x: place.rect.x,
            y: place.rect.y,
            width: place.rect.width,
            height: place.rect.height,
        });
        let mut known = self
            .places()
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert(file, found);
        found
    }

    /// The words of the last pages in millimetres; the pages before them are left empty.
    async fn last_words(&self, session: &Session, file: Sha256) -> Option<Vec<PageWords>> {
        let pages = self.viewer().pages(session, file).await.ok()?;
        let first = pages.len().saturating_sub(LAST_PAGES);
        let mut found = Vec::with_capacity(pages.len());
        for (number, size) in pages.iter().enumerate() {
            let (width_mm, height_mm) = (
                f64::from(size.width_pt) * MM_PER_POINT,
                f64::from(size.height_pt) * MM_PER_POINT,
            );
            let mut words = Vec::new();
            if number >= first {
                let number = u32::try_from(number).ok()?;
                let text = self.viewer().page_text(session, file, number).await.ok()?;
                let of_lines = text.lines.into_iter().flat_map(|line| line.words);
                words.extend(of_lines.map(|word| Word {
                    area: MmRect {
                        x: f64::from(word.x) * width_mm,
                        y: f64::from(word.y) * height_mm,
                        width: f64::from(word.w) * width_mm,
                        height: f64::from(word.h) * height_mm,
                    },
                    text: word.text,
                }));
            }
            found.push(PageWords {
                width_mm,
                height_mm,
                words,
            });
        }
        Some(found)
    }
}
