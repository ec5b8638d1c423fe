//! Letters before a person's eyes: listing, changing pages, confirming.

use std::sync::Arc;

use congvan_model::Timestamp;
use congvan_protocol::FieldOfActivity;
use congvan_store::{
    Letter, LetterCounts, LetterFields, LetterId, LetterQuery, LetterRow, PagesAct, ScanRefusal,
    SheetFacts, StackRow, StoreError,
};

use super::{
    activities, agencies, learning, preparing::LOOK_DPI, reading, registration_fields,
    skew::skew_of,
};
use crate::{ChangeTag, Desk, DeskError, Result, session::Session};

/// The inbox of scans.
#[derive(Clone, Debug, PartialEq)]
pub struct IntakeList {
    /// Letters in the order of the inbox.
    pub letters: Vec<LetterRow>,
    /// How many there are in the wanted states.
    pub total: u32,
    /// Stacks that need a person.
    pub stacks: Vec<StackRow>,
    /// How many letters stand where.
    pub counts: LetterCounts,
    /// Files still being copied or looked at.
    pub copying: u32,
    /// Whether the last change of pages can be undone.
    pub can_undo: bool,
}

/// A letter with all that is known of it.
pub type LetterDetail = Letter;

impl Desk {
    /// The inbox of scans.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn intake_list(&self, query: LetterQuery) -> Result<IntakeList> {
        let session = self.session().await?;
        let day = start_of_day(self.now());
        session
            .with_store(move |store| {
                let list = store.letters(&query)?;
                Ok(IntakeList {
                    letters: list.rows,
                    total: list.total,
                    stacks: store.stacks_shown()?,
                    counts: store.letter_counts(day)?,
                    copying: store.scans_pending()?,
                    can_undo: store.pages_can_undo()?,
                })
            })
            .await
    }

    /// Everything about a letter. While nobody has written in it, it has the field of activity that
    /// the letters before it speak for, with its confidence.
    ///
    /// # Errors
    /// `NotFound`, `NotLoggedIn`, disk errors.
    pub async fn intake_letter(&self, id: LetterId) -> Result<LetterDetail> {
        let session = self.session().await?;
        let known = activities::known(&session);
        let letter = session
            .with_store(move |store| {
                let mut letter = store.letter(id)?;
                if let Some(letter) = &mut letter {
                    activities::propose(store, letter, &known)?;
                }
                Ok(letter)
            })
            .await?;
        letter.ok_or(DeskError::NotFound)
    }

    /// The fields of activity that this person's agency sorts its documents by, as the server last
    /// said.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn activities(&self) -> Result<Vec<FieldOfActivity>> {
        Ok(activities::known(&*self.session().await?))
    }

    /// Keeps what the clerk wrote so far; nothing is checked yet.
    ///
    /// # Errors
    /// `NotFound`, `NotLoggedIn`, disk errors.
    pub async fn intake_save(
        self: &Arc<Self>,
        id: LetterId,
        fields: LetterFields,
    ) -> Result<LetterDetail> {
        let session = self.session().await?;
        session
            .with_store(move |store| {
                store.letter_save(id, &fields)?;
                reading::renew_duplicates(store, id, &fields)
            })
            .await?;
        self.letters_changed();
        self.intake_letter(id).await
    }

    /// Confirms a letter. Gives the one to look at next.
    ///
    /// # Errors
    /// `IntakeField`; `IntakeDuplicate` unless `despite_duplicate`; `NotFound`: nothing is confirmed
    /// then. Disk errors.
    pub async fn intake_confirm(
        self: &Arc<Self>,
        id: LetterId,
        fields: LetterFields,
        despite_duplicate: bool,
    ) -> Result<Option<LetterId>> {
        let session = self.session().await?;
        let known = activities::known(&session);
        registration_fields(&fields, &known, self.now())?;
        let before = self.intake_letter(id).await?;
        let letter = self.intake_save(id, fields.clone()).await?;
        if !letter.duplicates.is_empty() && !despite_duplicate {
            return Err(DeskError::IntakeDuplicate);
        }
        let now = self.now();
        let next = session
            .with_store(move |store| {
                store.letter_confirm(id, &fields, now)?;
                let read = Some(&before.row.fields).filter(|_| !before.row.edited);
                learning::learn(store, read, &fields, now)?;
                // Who has no list chooses nothing, and leaving it out means nothing.
                if !known.is_empty() {
                    activities::learn(store, id, &fields, now)?;
                }
                store.letter_next(Some(id))
            })
            .await?;
        agencies::forget(&session);
        self.letters_changed();
        Ok(next)
    }

    /// A confirmed letter waits for a person again.
    ///
    /// # Errors
    /// `Store(Scan)` when it is not confirmed; disk errors.
    pub async fn intake_reopen(&self, id: LetterId) -> Result<()> {
        let session = self.session().await?;
        let now = self.now();
        session
            .with_store(move |store| store.letter_reopen(id, now))
            .await?;
        self.letters_changed();
        Ok(())
    }

    /// Changes pages as a person asks; durable when it returns.
    ///
    /// # Errors
    /// `Store(Scan)`: nothing was changed; disk errors.
    pub async fn intake_pages(&self, act: PagesAct) -> Result<()> {
        let session = self.session().await?;
        let now = self.now();
        if let PagesAct::Straighten {
            letter,
            page,
            on: true,
        } = &act
        {
            self.measure_skew(&session, *letter, *page).await?;
        }
        session
            .with_store(move |store| store.pages_act(&act, now))
            .await?;
        session.intake.letters.notify_one();
        self.letters_changed();
        Ok(())
    }

    /// Finds out by how much a page lies askew, unless it is known.
    async fn measure_skew(&self, session: &Session, letter: LetterId, page: u32) -> Result<()> {
        let found = session
            .with_store(move |store| store.letter(letter))
            .await?;
        let place = usize::try_from(page).unwrap_or(usize::MAX);
        let found = found.and_then(|letter| letter.pages.into_iter().nth(place));
        let Some(page) = found.filter(|page| page.sheet.facts.skew.is_none()) else {
            return Ok(());
        };
        let render = &session.intake.render;
        let document = render.open(session.blob(page.pdf).await?).await?.handle;
        let scan = render.page_scan(document, page.page, (LOOK_DPI, 1.0)).await;
        render.close(document);
        let print = scan?.print;
        let skew = tokio::task::spawn_blocking(move || skew_of(&print)).await?;
        let facts = SheetFacts {
            skew: Some(skew),
            ..SheetFacts::default()
        };
        session
            .with_store(move |store| store.stack_facts(page.stack, page.page, &facts))
            .await
    }

    /// Goes back on the last change of pages.
    ///
    /// # Errors
    /// `NotFound` when there is none; disk errors.
    pub async fn intake_undo(&self) -> Result<()> {
        let session = self.session().await?;
        let now = self.now();
        let done = session.with_store(move |store| store.pages_undo(now)).await;
        match done {
            Err(DeskError::Store(StoreError::Scan {
                why: ScanRefusal::NotThere,
            })) => Err(DeskError::NotFound),
            done => {
                done?;
                session.intake.letters.notify_one();
                self.letters_changed();
                Ok(())
            }
        }
    }

    pub(crate) fn letters_changed(&self) {
        self.events_bus().changed(&[ChangeTag::Intake]);
    }
}

/// Midnight in Vietnam.
fn start_of_day(now: Timestamp) -> Timestamp {
    const DAY: i64 = 86_400_000;
    const OFFSET: i64 = 7 * 3_600_000;
    let local = now.0.saturating_add(OFFSET);
    Timestamp(
        local
            .saturating_sub(local.rem_euclid(DAY))
            .saturating_sub(OFFSET),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_vietnam() {
        let morning = start_of_day(Timestamp(1_795_320_000_000));
        assert!(
            morning.iso_vietnam().ends_with("T00:00:00+07:00"),
            "{morning}"
        );
        assert_eq!(start_of_day(morning), morning);
        assert_eq!(start_of_day(morning.plus_ms(86_399_999)), morning);
    }
}
