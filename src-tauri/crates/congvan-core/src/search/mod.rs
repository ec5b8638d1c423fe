//! Tra cứu: everything a desk holds, found by what a person types and chooses; searches that are kept;
//! and what was found as a file.

mod export;
mod pages;

use congvan_model::DocumentId;
use congvan_store::{Excerpt, Facets, FoundPage, Narrow, SavedSearch, SearchOrder, SearchQuery};

pub use export::FoundColumn;
pub(crate) use pages::read;

use crate::{Desk, DeskError, Result};

/// Longest text of a search, in characters: more was pasted.
const TEXT_MAX: usize = 500;
/// Longest name of a search that is kept, in characters.
const NAME_MAX: usize = 100;
/// Searches that one person keeps: each is counted whenever they are shown.
const SAVED_MAX: usize = 50;
/// Documents whose excerpts are asked for at once.
const EXCERPTS_MAX: usize = 60;

impl Desk {
    /// What is looked for.
    ///
    /// # Errors
    /// `TextTooLong`.
    pub fn search_query(
        &self,
        text: String,
        narrow: Narrow,
        order: SearchOrder,
    ) -> Result<SearchQuery> {
        checked(&text, TEXT_MAX)?;
        Ok(SearchQuery {
            text,
            narrow,
            order,
            skip: 0,
            limit: 0,
            now: self.now(),
        })
    }

    /// A page of what is found.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn find(&self, query: SearchQuery) -> Result<FoundPage> {
        let session = self.session().await?;
        session.with_store(move |store| store.find(&query)).await
    }

    /// What is found, counted by what it can be narrowed to.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn facets(&self, query: SearchQuery) -> Result<Facets> {
        let session = self.session().await?;
        session.with_store(move |store| store.facets(&query)).await
    }

    /// Where the words stand in these documents, of the first sixty.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn excerpts(&self, text: String, mut of: Vec<DocumentId>) -> Result<Vec<Excerpt>> {
        of.truncate(EXCERPTS_MAX);
        let now = self.now();
        let session = self.session().await?;
        session
            .with_store(move |store| store.excerpts(&text, now, &of))
            .await
    }

    /// The searches that this person keeps, with what they find now.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn saved_searches(&self) -> Result<Vec<SavedSearch>> {
        let now = self.now();
        let session = self.session().await?;
        session
            .with_store(move |store| store.saved_searches(now))
            .await
    }

    /// Keeps a search under a name, in the place of one that is called so; answers all of them.
    ///
    /// # Errors
    /// `TextEmpty`, `TextTooLong` of name or text, and of the fifty-first; disk errors.
    pub async fn save_search(
        &self,
        name: String,
        text: String,
        narrow: Narrow,
    ) -> Result<Vec<SavedSearch>> {
        if name.trim().is_empty() {
            return Err(DeskError::TextEmpty);
        }
        checked(name.trim(), NAME_MAX)?;
        checked(&text, TEXT_MAX)?;
        if self.saved_searches().await?.len() >= SAVED_MAX {
            return Err(DeskError::TextTooLong { limit: SAVED_MAX });
        }
        let session = self.session().await?;
        session
            .with_store(move |store| store.put_saved_search(&name, &text, &narrow))
            .await?;
        self.saved_searches().await
    }

    /// Forgets a search; answers those that are left.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn forget_search(&self, id: i64) -> Result<Vec<SavedSearch>> {
        let session = self.session().await?;
        session
            .with_store(move |store| store.remove_saved_search(id))
            .await?;
        self.saved_searches().await
    }
}

fn checked(text: &str, limit: usize) -> Result<()> {
    match text.chars().count() > limit {
        true => Err(DeskError::TextTooLong { limit }),
        false => Ok(()),
    }
}
