//! Registering what came over the national axis: one act for several documents, as for letters.

use std::sync::Arc;

use congvan_model::{DocumentId, Timestamp, VN_OFFSET};
use congvan_store::{NewReceived, ReceivedList, Registered, StoreError};

use super::{RegisterDefaults, is_usable, year_of};
use crate::{ChangeTag, Desk, DeskError, Result, session::Session};

/// Most documents of one list and of one act.
const DOCUMENTS_MAX: u32 = 500;

/// What came over the axis, as the clerk sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhatCame {
    /// Whether this person registers it: a clerk does. Else the lists are empty.
    pub is_clerk: bool,
    /// What waits, and what was registered today on this machine.
    pub list: ReceivedList,
}

/// What became of one document.
#[derive(Debug)]
pub struct ReceivedOutcome {
    /// The document.
    pub document: DocumentId,
    /// Its registration, or why there is none.
    pub outcome: Result<Registered>,
}

impl Desk {
    /// What came over the axis and waits for its registration, and what was registered here today.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn received(&self) -> Result<WhatCame> {
        let session = self.session().await?;
        if super::check_clerk(&session).is_err() {
            return Ok(WhatCame::default());
        }
        let today = self.now().vietnam_date().at(0, 0, 0, 0);
        let since = VN_OFFSET
            .to_timestamp(today)
            .map_or(0, |at| at.as_millisecond());
        let list = session
            .with_store(move |store| store.received(Timestamp(since), DOCUMENTS_MAX))
            .await?;
        Ok(WhatCame {
            is_clerk: true,
            list,
        })
    }

    /// Registers documents that came over the axis, in this order, as [`Desk::register_letters`] does
    /// letters. What is answered as registered is durable here. A fault of one does not stop the
    /// others.
    ///
    /// # Errors
    /// `NotLoggedIn`, `NotClerk`, `IntakeField` for what holds for all, disk errors before the first.
    pub async fn register_received(
        &self,
        documents: Vec<DocumentId>,
        defaults: RegisterDefaults,
    ) -> Result<Vec<ReceivedOutcome>> {
        let session = self.session().await?;
        let received_at = self.terms_of(&session, &defaults).await?;
        let year = year_of(self.now());
        self.renew_lease(&session, (&defaults.book, year), documents.len())
            .await;
        let mut outcomes = Vec::with_capacity(documents.len());
        for document in documents {
            let new = NewReceived {
                document,
                book: defaults.book.clone(),
                year,
                received_at,
                present_to: defaults.present_to,
                from_lease: false,
                device: session.known.device,
                author: session.account.id,
                author_name: session.account.full_name.clone(),
            };
            let outcome = self.register_came(&session, new).await;
            if let Err(error) = &outcome {
                tracing::info!(%document, %error, "a document is not registered");
            }
            outcomes.push(ReceivedOutcome { document, outcome });
        }
        self.acted(&session);
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(outcomes)
    }

    async fn register_came(&self, session: &Arc<Session>, new: NewReceived) -> Result<Registered> {
        let now = self.now();
        let done = session
            .with_store(move |store| {
                let book = (new.book.as_str(), new.year);
                let leases = store.leases()?;
                if !leases.iter().any(|lease| is_usable(lease, book, now)) {
                    return store.register_received(&new, now);
                }
                let leased = NewReceived {
                    from_lease: true,
                    ..new.clone()
                };
                match store.register_received(&leased, now) {
                    // The lease has ended between two documents: the server numbers the rest.
                    Err(StoreError::NoNumber { .. }) => store.register_received(&new, now),
                    other => other,
                }
            })
            .await;
        match done {
            // Registered meanwhile, or recalled.
            Err(DeskError::Store(StoreError::NoDocument { .. })) => Err(DeskError::NotFound),
            other => other,
        }
    }
}
