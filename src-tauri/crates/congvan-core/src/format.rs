//! Checking a letter's format (ADR 26): page by page, in portions, so that a face can say how far it
//! is and whoever asks may stop at any time.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use congvan_format::{Page, Review};
use congvan_model::Sha256;
use tokio::sync::Mutex;

use crate::{Desk, DeskError, Result, session::Session};

/// Pages of a letter that is checked, or of a text that is compared: a letter has a few, and a book
/// is neither.
pub(crate) const PAGES_LIMIT: usize = 200;
/// A portion ends after this much time, but never before it has looked at one page.
const PORTION: Duration = Duration::from_millis(300);
/// Letters whose checks are held: the one on the screen, the version before it, a draft being made.
const HELD: usize = 4;

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

type Slot = Arc<Mutex<Looked>>;

/// What has been looked at so far of one letter.
#[derive(Default)]
struct Looked {
    pages: Vec<Page>,
    review: Option<Arc<FormatReview>>,
}

/// The letters that are being checked, the most recently asked for last. Of what was checked only the
/// findings are kept.
#[derive(Default)]
pub(crate) struct FormatChecks {
    held: Mutex<VecDeque<(Sha256, Slot)>>,
}

impl FormatChecks {
    /// Forgets everything: the account has changed.
    pub(crate) async fn clear(&self) {
        self.held.lock().await.clear();
    }

    async fn slot(&self, sha256: Sha256) -> Slot {
        let mut held = self.held.lock().await;
        let place = held.iter().position(|(one, _)| *one == sha256);
        let entry = place
            .and_then(|index| held.remove(index))
            .unwrap_or_else(|| (sha256, Slot::default()));
        let slot = entry.1.clone();
        held.push_back(entry);
        if held.len() > HELD {
            held.pop_front();
        }
        slot
    }
}

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
        let began = Instant::now();
        while looked.pages.len() < count {
            let page = u32::try_from(looked.pages.len()).unwrap_or(u32::MAX);
            let set = self.viewer().page_typeset(session, sha256, page).await?;
            looked.pages.push(set);
            if began.elapsed() >= PORTION && looked.pages.len() < count {
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
