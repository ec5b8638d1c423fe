//! Thống kê: figures of the documents that this desk has, and the documents behind each. Nothing is
//! asked of the server: what a person sees is here, with what was done and is not sent yet.

mod export;

use congvan_model::{Role, Timestamp};
use congvan_store::{
    Counted, CountedPage, CountedWish, Dimension, DossierTally, Period, Statistics,
};

use crate::{Desk, DeskError, Result, session::Session};

/// Most documents of one page of those behind a figure.
const PAGE_MAX: usize = 200;

/// Whose documents are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Those of the agency: its registry sees them all.
    Agency,
    /// Those that this person was given, presented or named on.
    Own,
}

/// The figures of a period, as far as this person sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatisticsView {
    /// The figures.
    pub found: Statistics,
    /// The dossiers of the years that the period is in.
    pub dossiers: DossierTally,
    /// Whose documents these are.
    pub sight: Sight,
    /// The moment that decided what is overdue.
    pub at: Timestamp,
}

impl Desk {
    /// Counts a period.
    ///
    /// # Errors
    /// `ActField` with `to` when it ends before it begins; `NotLoggedIn`, disk errors.
    pub async fn statistics(&self, period: Period, by: Dimension) -> Result<StatisticsView> {
        check(period)?;
        let (session, at) = (self.session().await?, self.now());
        let wanted = Counted {
            period,
            by,
            now: at,
        };
        let (found, dossiers) = session
            .with_store(move |store| Ok((store.statistics(wanted)?, store.dossier_tally(period)?)))
            .await?;
        Ok(StatisticsView {
            found,
            dossiers,
            sight: sight(&session, at),
            at,
        })
    }

    /// A part of the documents behind a figure.
    ///
    /// # Errors
    /// As [`Desk::statistics`].
    pub async fn counted(&self, mut wish: CountedWish) -> Result<CountedPage> {
        check(wish.of.period)?;
        wish.limit = wish.limit.clamp(1, PAGE_MAX);
        let session = self.session().await?;
        session.with_store(move |store| store.counted(&wish)).await
    }
}

fn check(period: Period) -> Result<()> {
    match period.from <= period.to {
        true => Ok(()),
        false => Err(DeskError::ActField { field: "to" }),
    }
}

fn sight(session: &Session, now: Timestamp) -> Sight {
    let mut posts = session.account.posts.iter();
    match posts.any(|post| post.role == Role::Clerk && post.is_held(now)) {
        true => Sight::Agency,
        false => Sight::Own,
    }
}
