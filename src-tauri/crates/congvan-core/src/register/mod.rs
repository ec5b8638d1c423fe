//! From confirmed letters to the book: registering a batch as one act, taking back, withdrawing, the
//! numbers of this machine, the organisation's signature, the book.
//!
//! A letter is registered by one transaction that holds its number, its intent, its presentation and
//! the letter's own state. So the batch may end after any letter, by a fault, a kill or a full disk:
//! done again it goes on with those that are still confirmed, and doubles none.

pub(crate) mod book;
pub(crate) mod copy;
mod leases;
mod received;
pub(crate) mod room;
mod seal;

use std::sync::Arc;

use congvan_model::{AccountId, FileId, RevisionId, Sha256, Timestamp, VN_OFFSET};
use congvan_protocol::RegisteredFile;
use congvan_store::{
    LeaseState, Letter, LetterAct, LetterId, LetterQuery, LetterState, NewRegistration, Registered,
    StoreError,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use book::{BookFormat, BookWanted, Register, RegisterColumn, series_name};
pub use leases::{OfficeBook, OfficeLeader, RegisterOptions};
pub use received::{ReceivedOutcome, WhatCame};

use crate::{
    ChangeTag, Desk, DeskError, Result,
    intake::{confirmed_fields, known_activities},
    session::Session,
};

/// Setting with what was chosen last.
const DEFAULTS: &str = "register_defaults";
/// Most letters of one act.
const LETTERS_MAX: u32 = 1_000;

/// What holds for all letters of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterDefaults {
    /// Code of the book.
    pub book: String,
    /// Ngày đến; none = today.
    pub received_on: Option<Date>,
    /// The leader that the letters are put before.
    pub present_to: Option<AccountId>,
    /// With the stamp ĐẾN; drawn by the organisation's signature, so only with `sign`.
    pub stamp: bool,
    /// Sign the scans with the organisation's certificate.
    pub sign: bool,
}

/// What became of one letter.
#[derive(Debug)]
pub struct LetterOutcome {
    /// The letter.
    pub letter: LetterId,
    /// Its registration, or why there is none.
    pub outcome: Result<Registered>,
}

impl Desk {
    /// Registers confirmed letters in this order; none listed = all of them in the order of the
    /// inbox. What is answered as registered is durable here. A fault of one letter does not stop
    /// the others.
    ///
    /// Numbers come out of this machine's lease while it has any; then, and without one, the server
    /// gives them and a provisional id stands for each.
    ///
    /// # Errors
    /// `NotLoggedIn`, `NotClerk`, `IntakeField` for what holds for all letters, disk errors before the
    /// first.
    pub async fn register_letters(
        &self,
        letters: Vec<LetterId>,
        defaults: RegisterDefaults,
    ) -> Result<Vec<LetterOutcome>> {
        let session = self.session().await?;
        let received_at = self.terms_of(&session, &defaults).await?;
        let letters = match letters.is_empty() {
            true => confirmed(&session).await?,
            false => letters,
        };
        let year = year_of(self.now());
        self.renew_lease(&session, (&defaults.book, year), letters.len())
            .await;
        let mut outcomes = Vec::with_capacity(letters.len());
        for (done, letter) in letters.into_iter().enumerate() {
            let terms = (&defaults, year, received_at);
            let outcome = self.register_one(&session, letter, terms).await;
            if let Err(error) = &outcome {
                tracing::info!(letter = %letter.0, %error, "a letter is not registered");
            }
            outcomes.push(LetterOutcome { letter, outcome });
            // The first go out while the last are still being written.
            if done % 10 == 9 {
                self.events_bus().changed(&[ChangeTag::Intake]);
            }
        }
        self.acted(&session);
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(outcomes)
    }

    /// Looks at what holds for a whole batch before anything of it happens, and remembers it. The
    /// answer is when it reached the office.
    async fn terms_of(
        &self,
        session: &Arc<Session>,
        defaults: &RegisterDefaults,
    ) -> Result<Timestamp> {
        check_clerk(session)?;
        let received_at = self.reception(defaults)?;
        self.check_leader(session, defaults)?;
        let kept = serde_json::to_string(&RegisterDefaults {
            received_on: None,
            ..defaults.clone()
        })
        .map_err(|error| DeskError::Internal(error.to_string()))?;
        session
            .with_store(move |store| store.set_setting(DEFAULTS, &kept))
            .await?;
        Ok(received_at)
    }

    async fn register_one(
        &self,
        session: &Arc<Session>,
        id: LetterId,
        (defaults, year, received_at): (&RegisterDefaults, u16, Timestamp),
    ) -> Result<Registered> {
        let letter = session
            .with_store(move |store| store.letter(id))
            .await?
            .filter(|letter| letter.row.state == LetterState::Confirmed)
            .ok_or(DeskError::NotFound)?;
        let fields = confirmed_fields(&letter.row.fields, &known_activities(session), self.now())?;
        let (sha256, pages) = self.letter_pdf(id).await?;
        let size = session
            .with_store(move |store| store.blob_open(sha256))
            .await?;
        let size = congvan_model::ByteSource::len(&size);
        let new = NewRegistration {
            book: defaults.book.clone(),
            year,
            received_at,
            fields,
            file: scan_of(&letter, (sha256, size), pages),
            from_lease: false,
            device: session.known.device,
            author: session.account.id,
            author_name: session.account.full_name.clone(),
        };
        let act = LetterAct {
            letter: Some(id),
            present_to: defaults.present_to,
            // What came signed is an original, not a copy that the agency makes: it stays as it is.
            seal: match defaults.sign && !letter.row.signed {
                true => Some(seal::wish(session, (&letter, sha256), defaults.stamp).await),
                false => None,
            },
        };
        let now = self.now();
        session
            .with_store(move |store| {
                let leases = store.leases()?;
                let book = (new.book.as_str(), new.year);
                let leased = leases.iter().any(|lease| is_usable(lease, book, now));
                let first = store.register_letter(
                    &NewRegistration {
                        from_lease: leased,
                        ..new.clone()
                    },
                    act,
                    now,
                );
                match first {
                    // The lease has ended between two letters: the server numbers the rest.
                    Err(StoreError::NoNumber { .. }) if leased => {
                        store.register_letter(&new, act, now)
                    }
                    other => other,
                }
            })
            .await
    }

    /// Takes a registration back that the server does not have. The answer is the number that became
    /// void by it, where it was out of a lease.
    ///
    /// # Errors
    /// `AlreadySent`, `ReasonMissing`, `NotFound`; disk errors.
    pub async fn undo_registration(
        &self,
        document: congvan_model::DocumentId,
        reason: String,
    ) -> Result<Option<u32>> {
        let (session, now) = (self.session().await?, self.now());
        let author = (session.account.id, session.account.full_name.clone());
        let void = session
            .with_store(move |store| {
                store.undo_registration(document, &reason, (author.0, &author.1), now)
            })
            .await?;
        self.acted(&session);
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(void)
    }

    /// Withdraws a document that was sent: its number becomes void in the book, with the reason.
    ///
    /// # Errors
    /// `ReasonMissing`, `NotFound`; disk errors.
    pub async fn withdraw_registration(
        &self,
        document: congvan_model::DocumentId,
        reason: String,
    ) -> Result<()> {
        let (session, now) = (self.session().await?, self.now());
        let author = (session.account.id, session.account.full_name.clone());
        session
            .with_store(move |store| {
                store.withdraw_registration(document, &reason, (author.0, &author.1), now)
            })
            .await?;
        self.acted(&session);
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(())
    }

    /// When the letters reached the office: now, or on the chosen day at the end of its office hours.
    fn reception(&self, defaults: &RegisterDefaults) -> Result<Timestamp> {
        let (now, field) = (self.now(), "received_on");
        let today = now.vietnam_date();
        match defaults.received_on {
            None => Ok(now),
            Some(day) if day == today => Ok(now),
            // A number of this year's book is for what came this year.
            Some(day) if day > today || day.year() != today.year() => {
                Err(DeskError::IntakeField { field })
            }
            Some(day) => {
                let closing = VN_OFFSET
                    .to_timestamp(day.at(17, 0, 0, 0))
                    .map_err(|_| DeskError::IntakeField { field })?;
                Ok(Timestamp(closing.as_millisecond()))
            }
        }
    }

    fn check_leader(&self, session: &Session, defaults: &RegisterDefaults) -> Result<()> {
        let Some(to) = defaults.present_to else {
            return Ok(());
        };
        let known = session
            .info()
            .is_some_and(|info| info.leaders.iter().any(|leader| leader.account == to));
        match known {
            true => Ok(()),
            false => Err(DeskError::IntakeField {
                field: "present_to",
            }),
        }
    }
}

/// The server would refuse each of them later; while nothing is known of the person, it decides.
fn check_clerk(session: &Session) -> Result<()> {
    match session.info() {
        Some(info) if info.registry.is_none() => Err(DeskError::NotClerk),
        Some(_) | None => Ok(()),
    }
}

async fn confirmed(session: &Session) -> Result<Vec<LetterId>> {
    let query = LetterQuery {
        states: vec![LetterState::Confirmed],
        offset: 0,
        limit: LETTERS_MAX,
    };
    let list = session
        .with_store(move |store| store.letters(&query))
        .await?;
    Ok(list.rows.into_iter().map(|row| row.id).collect())
}

fn scan_of(letter: &Letter, (sha256, size): (Sha256, u64), pages: u32) -> RegisteredFile {
    let stem = letter.row.name.rsplit_once('.');
    let stem = stem.map_or(letter.row.name.as_str(), |(stem, _)| stem);
    let stem: String = stem.chars().take(190).collect();
    let name = match stem.trim() {
        "" => "van-ban.pdf".to_owned(),
        stem => format!("{stem}.pdf"),
    };
    RegisteredFile {
        file: FileId(Uuid::now_v7()),
        revision: RevisionId(Uuid::now_v7()),
        sha256,
        size,
        name: congvan_model::nfc(&name),
        pages: Some(pages),
    }
}

fn is_usable(state: &LeaseState, (book, year): (&str, u16), now: Timestamp) -> bool {
    state.lease.book == book
        && state.lease.year == year
        && state.stopped_at.is_none()
        && state.left() > 0
        && now < state.lease.expires_at
}

/// The year in Vietnam.
pub(crate) fn year_of(now: Timestamp) -> u16 {
    u16::try_from(now.vietnam_date().year()).unwrap_or(0)
}
