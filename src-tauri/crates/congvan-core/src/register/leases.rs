//! The books of the office, the numbers that this machine took along, and whom documents go to.

use std::{sync::Arc, time::Duration};

use congvan_model::AccountId;
use congvan_protocol::{
    BookState, FieldOfActivity, LeaseRequest, ProblemCode, ReturnRequest, numbers::LEASE_MAX,
};
use congvan_remote::RemoteError;
use congvan_store::LeaseState;

use super::{DEFAULTS, RegisterDefaults, year_of};
use crate::{ChangeTag, Desk, DeskError, Result, desk::remote_fault, session::Session};

/// Setting with the books as the server last said.
const BOOKS: &str = "books";
/// A person waits for the options: what is known already does instead.
const PATIENCE: Duration = Duration::from_secs(2);

/// A book of the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeBook {
    /// Code.
    pub book: String,
    /// Name.
    pub name: String,
    /// Year.
    pub year: u16,
    /// Numbers on this machine.
    pub leased: Option<LeaseState>,
    /// Who has the numbers on another machine.
    pub held_by: Option<String>,
    /// Whether a machine may take numbers along.
    pub leasable: bool,
}

/// Somebody to put letters before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeLeader {
    /// Account.
    pub account: AccountId,
    /// Name.
    pub name: String,
    /// Position.
    pub position: String,
}

/// What a batch can be registered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterOptions {
    /// The books of this year.
    pub books: Vec<OfficeBook>,
    /// The leaders of the agency.
    pub leaders: Vec<OfficeLeader>,
    /// The fields of activity that documents are sorted by.
    pub activities: Vec<FieldOfActivity>,
    /// As last time.
    pub defaults: RegisterDefaults,
}

impl Desk {
    /// The books, the leaders and what was chosen last; as last known while the server does not
    /// answer.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn register_options(&self) -> Result<RegisterOptions> {
        let session = self.session().await?;
        let asked = tokio::time::timeout(PATIENCE, session.remote.books()).await;
        if let Ok(Ok(states)) = asked {
            keep_books(&session, &states).await?;
        }
        let books = self.office_books(&session).await?;
        let kept = session.with_store(|store| store.setting(DEFAULTS)).await?;
        let kept = kept.and_then(|text| serde_json::from_str(&text).ok());
        let leaders: Vec<OfficeLeader> = session
            .info()
            .iter()
            .flat_map(|info| info.leaders.clone())
            .map(|leader| OfficeLeader {
                account: leader.account,
                name: leader.full_name,
                position: leader.title,
            })
            .collect();
        let mut defaults = kept.unwrap_or_else(|| RegisterDefaults {
            book: books
                .first()
                .map_or_else(|| "den".to_owned(), |book| book.book.clone()),
            received_on: None,
            present_to: leaders.first().map(|leader| leader.account),
            stamp: true,
            sign: true,
        });
        // Who has left the office is presented nothing any more.
        defaults.present_to = defaults
            .present_to
            .filter(|to| leaders.iter().any(|leader| leader.account == *to));
        Ok(RegisterOptions {
            books,
            leaders,
            activities: crate::intake::known_activities(&session),
            defaults,
        })
    }

    /// Takes numbers of a book along, so that letters get theirs while the server is out of reach.
    ///
    /// # Errors
    /// `BookHeld`, `ServerRefused`, `Unreachable`; disk errors.
    pub async fn lease_take(&self, book: String, year: u16) -> Result<OfficeBook> {
        let session = self.session().await?;
        self.take_lease(&session, (&book, year)).await?;
        self.refreshed(&session, (&book, year)).await
    }

    /// Gives the numbers back that were not used. From here on this machine gives none, durably,
    /// even when the server does not answer: done again it goes on.
    ///
    /// # Errors
    /// `NoNumber` without a lease; `Unreachable`, `ServerRefused`; disk errors.
    pub async fn lease_return(&self, book: String, year: u16) -> Result<OfficeBook> {
        let session = self.session().await?;
        self.give_back(&session, (&book, year)).await?;
        self.acted(&session);
        self.refreshed(&session, (&book, year)).await
    }

    /// Before a batch: prolongs a lease that would not reach, where the server answers. A lease that
    /// is over goes back, so that the server can number what follows.
    pub(super) async fn renew_lease(
        &self,
        session: &Arc<Session>,
        (book, year): (&str, u16),
        wanted: usize,
    ) {
        let Ok(leases) = session.with_store(|store| store.leases()).await else {
            return;
        };
        let now = self.now();
        let own = leases
            .into_iter()
            .find(|state| state.lease.book == book && state.lease.year == year);
        let Some(state) = own else {
            return;
        };
        let is_over = state.stopped_at.is_some();
        let falls_short = (state.left() as usize) < wanted || now >= state.lease.expires_at;
        let done = async {
            if is_over {
                self.give_back(session, (book, year)).await
            } else if falls_short {
                self.take_lease(session, (book, year)).await
            } else {
                Ok(())
            }
        };
        match tokio::time::timeout(PATIENCE, done).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::info!(%error, "the numbers are not renewed"),
            Err(_) => tracing::info!("the server is too slow to renew the numbers"),
        }
    }

    async fn take_lease(&self, session: &Arc<Session>, (book, year): (&str, u16)) -> Result<()> {
        let incarnation = session.with_store(|store| store.incarnation()).await?;
        let request = LeaseRequest {
            device: session.known.device,
            incarnation,
            want: LEASE_MAX,
        };
        let lease = session.remote.lease(book, year, &request).await;
        let lease = lease.map_err(|error| lease_fault(&error))?;
        let now = self.now();
        session
            .with_store(move |store| store.take_lease(&lease, now))
            .await?;
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(())
    }

    async fn give_back(&self, session: &Arc<Session>, (book, year): (&str, u16)) -> Result<()> {
        let (name, now) = (book.to_owned(), self.now());
        let state = session
            .with_store(move |store| store.stop_issuing(&name, year, now))
            .await?;
        let (fence, used_hi) = (state.lease.fence, state.used_hi());
        let request = ReturnRequest { fence, used_hi };
        let answer = session.remote.return_lease(book, year, &request).await;
        answer.map_err(|error| lease_fault(&error))?;
        let name = book.to_owned();
        session
            .with_store(move |store| store.lease_returned(&name, year, fence))
            .await?;
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(())
    }

    async fn refreshed(
        &self,
        session: &Arc<Session>,
        (book, year): (&str, u16),
    ) -> Result<OfficeBook> {
        if let Ok(Ok(states)) = tokio::time::timeout(PATIENCE, session.remote.books()).await {
            keep_books(session, &states).await?;
        }
        let books = self.office_books(session).await?;
        books
            .into_iter()
            .find(|known| known.book == book && known.year == year)
            .ok_or(DeskError::NotFound)
    }

    pub(crate) async fn office_books(&self, session: &Session) -> Result<Vec<OfficeBook>> {
        let (kept, leases) = session
            .with_store(|store| Ok((store.setting(BOOKS)?, store.leases()?)))
            .await?;
        let states: Vec<BookState> = kept
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let this_year = year_of(self.now());
        Ok(books_of(states, &leases, (session, this_year)))
    }
}

fn books_of(
    mut states: Vec<BookState>,
    leases: &[LeaseState],
    (session, this_year): (&Session, u16),
) -> Vec<OfficeBook> {
    // What was said last year holds for this one, but for the numbers.
    if !states.iter().any(|state| state.year == this_year) {
        for state in &mut states {
            (state.year, state.lease) = (this_year, None);
        }
        states.dedup_by(|a, b| a.book == b.book);
    }
    let of = |state: &BookState| {
        let mut own = leases.iter();
        own.find(|held| held.lease.book == state.book && held.lease.year == state.year)
            .cloned()
    };
    states
        .iter()
        .map(|state| OfficeBook {
            leased: of(state),
            held_by: state
                .lease
                .as_ref()
                .filter(|held| held.device != session.known.device)
                .map(|held| held.holder.clone()),
            book: state.book.clone(),
            name: state.name.clone(),
            year: state.year,
            leasable: state.leasable,
        })
        .collect()
}

async fn keep_books(session: &Session, states: &[BookState]) -> Result<()> {
    let text =
        serde_json::to_string(states).map_err(|error| DeskError::Internal(error.to_string()))?;
    session
        .with_store(move |store| {
            if store.setting(BOOKS)?.as_ref() == Some(&text) {
                return Ok(());
            }
            store.set_setting(BOOKS, &text)
        })
        .await
}

fn lease_fault(error: &RemoteError) -> DeskError {
    match error {
        RemoteError::Refused {
            code: ProblemCode::LeaseHeld,
            ..
        } => DeskError::BookHeld,
        other => remote_fault(other),
    }
}
