//! Checking a letter's format (ADR 26): page by page, in portions, so that a face can say how far it
//! is and whoever asks may stop at any time.

use std::sync::Arc;

use congvan_format::{Page, Review};
use congvan_model::Sha256;

use crate::{
    Desk, DeskError, Result,
    portions::{Portion, Portions},
    session::Session,
};

/// Pages of a letter that is checked: a letter has a few, and a book is none.
const PAGES_LIMIT: usize = 200;
/// How far a check is.
#[derive(Clone, Debug, PartialEq)]
pub struct FormatCheck {
    /// Pages looked at.
    pub done: u32,
    /// Pages of the letter.
    pub pages: u32,
    /// What came of it; none while pages are left: ask again.
    pub review: Option<Arc<FormatReview>>,
}

/// What came of checking a letter, with the sizes that the places on its pages are measured by.
#[derive(Clone, Debug, PartialEq)]
pub struct FormatReview {
    /// The findings, or that nothing could be checked.
    pub review: Review,
    /// Width and height of each page, in millimetres as displayed.
    pub sizes: Vec<(f32, f32)>,
}

/// What has been looked at so far of one letter.
#[derive(Default)]
pub(crate) struct Looked {
    pages: Vec<Page>,
    review: Option<Arc<FormatReview>>,
}

/// The letters that are being checked. Of what was checked only the findings are kept.
pub(crate) type FormatChecks = Portions<Sha256, Looked>;

impl Desk {
    /// Goes on checking the format of a file, for a portion of time. Pages are taken apart in the
    /// render worker.
    ///
    /// # Errors
    /// As [`Desk::page_png`]; `TooManyPages` for what is no letter.
    pub async fn check_format(&self, sha256: Sha256) -> Result<FormatCheck> {
        let session = self.session().await?;
        let count = self.viewer().pages(&session, sha256).await?.len();
        if count > PAGES_LIMIT {
            return Err(DeskError::TooManyPages { limit: PAGES_LIMIT });
        }
        let slot = self.viewer().checks.slot(sha256).await;
        let mut looked = slot.lock().await;
        if looked.review.is_none() {
            self.look_on(&session, sha256, (&mut looked, count)).await?;
        }
        let all = u32::try_from(count).unwrap_or(u32::MAX);
        let so_far = u32::try_from(looked.pages.len()).unwrap_or(u32::MAX);
        Ok(FormatCheck {
            done: if looked.review.is_some() { all } else { so_far },
            pages: all,
            review: looked.review.clone(),
        })
    }

    /// Looks at more pages, and judges them when they are all there.
    async fn look_on(
        &self,
        session: &Session,
        sha256: Sha256,
        (looked, count): (&mut Looked, usize),
    ) -> Result<()> {
        let mut portion = Portion::begin();
        while looked.pages.len() < count {
            let page = u32::try_from(looked.pages.len()).unwrap_or(u32::MAX);
            let set = self.viewer().page_typeset(session, sha256, page).await?;
            looked.pages.push(set);
            portion.spend();
            if portion.is_over() && looked.pages.len() < count {
                return Ok(());
            }
        }
        let pages = std::mem::take(&mut looked.pages);
        let judged = tokio::task::spawn_blocking(move || FormatReview {
            review: congvan_format::review(&pages),
            sizes: pages.iter().map(|page| (page.width, page.height)).collect(),
        });
        looked.review = Some(Arc::new(judged.await?));
        Ok(())
    }
}
