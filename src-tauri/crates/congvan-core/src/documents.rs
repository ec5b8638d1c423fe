//! Lists, documents, opinions: everything a person reads and writes besides signing.

use std::{collections::BTreeMap, sync::Arc};

use congvan_model::{DocumentId, FileId, OpId, Sha256, Timestamp};
use congvan_protocol::{OpinionAbout, OpinionKind};
use congvan_store::{
    ActEntry, DocumentDetail, ListPage, ListQuery, NewOpinion, OpinionView, Place, ViewCounts,
};
use congvan_worker::{PageSize, PageText};
use jiff::civil::Date;

use crate::{ChangeTag, Desk, DeskError, Result};

const PDF: &str = "application/pdf";
const OPINION_LIMIT: usize = 4_000;
const ACTS_SHOWN: u32 = 200;
/// Settings with this prefix belong to the machine, not to the person: the login screen needs them.
const MACHINE_SETTINGS: [&str; 2] = ["theme", "language"];

impl Desk {
    /// A page of a list, newest first.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn list(&self, query: ListQuery) -> Result<ListPage> {
        self.session()
            .await?
            .with_store(move |store| store.list(&query))
            .await
    }

    /// How many documents each list has.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn counts(&self) -> Result<ViewCounts> {
        let now = self.now();
        self.session()
            .await?
            .with_store(move |store| store.counts(now))
            .await
    }

    /// Everything about one document.
    ///
    /// # Errors
    /// `NotFound` when it is not here (any more), disk errors.
    pub async fn document(&self, id: DocumentId) -> Result<DocumentDetail> {
        let now = self.now();
        self.session()
            .await?
            .with_store(move |store| store.document(id, now))
            .await?
            .ok_or(DeskError::NotFound)
    }

    /// What the agency of a code has become that a letter of that day is from, by its names; none
    /// where it goes on, or the directory does not know it.
    ///
    /// # Errors
    /// Disk errors.
    pub async fn agency_became(&self, code: String, on: Date) -> Result<Vec<String>> {
        let today = self.now().vietnam_date();
        let session = self.session().await?;
        let listed = session
            .with_store(move |store| store.agency_of_code(&code, on))
            .await?;
        Ok(listed
            .filter(|listed| !listed.agency.is_valid_on(today))
            .map(|listed| listed.successors)
            .unwrap_or_default())
    }

    /// The person has opened a document: marks it read here at once and at the server later, and
    /// moves its files to the front of the downloads.
    ///
    /// # Errors
    /// `NotFound`, disk errors.
    pub async fn opened(&self, id: DocumentId) -> Result<()> {
        let session = self.session().await?;
        let (author, at) = (session.account.id, self.now());
        let recorded = session
            .with_store(move |store| store.mark_read(id, author, at))
            .await?;
        if recorded.is_some() {
            self.acted(&session);
        }
        Ok(())
    }

    /// Writes an opinion or direction, a note on a place of a page, or that a note is settled. Durable on this machine when it returns.
    ///
    /// # Errors
    /// `TextEmpty`, `TextTooLong`, `NotFound`, disk errors; then nothing was recorded.
    pub async fn add_opinion(
        &self,
        document: DocumentId,
        kind: OpinionKind,
        text: String,
        about: Option<OpinionAbout>,
    ) -> Result<OpinionView> {
        let length = text.trim().chars().count();
        if length == 0 {
            return Err(DeskError::TextEmpty);
        }
        if length > OPINION_LIMIT {
            return Err(DeskError::TextTooLong {
                limit: OPINION_LIMIT,
            });
        }
        let session = self.session().await?;
        let new = NewOpinion {
            document,
            kind,
            text,
            author: session.account.id,
            author_name: session.account.full_name.clone(),
            about,
        };
        let at = self.now();
        let detail = session
            .with_store(move |store| {
                store.add_opinion(&new, at)?;
                store.document(document, at)
            })
            .await?
            .ok_or(DeskError::NotFound)?;
        self.acted(&session);
        let written = detail
            .opinions
            .into_iter()
            .rfind(|opinion| opinion.received_at.is_none());
        written.ok_or_else(|| DeskError::Internal("the new opinion is not shown".to_owned()))
    }

    /// The sizes of a file's pages, in points as displayed.
    ///
    /// # Errors
    /// `FileNotHere`, `PdfCorrupt`, `PdfPassword`, worker errors.
    pub async fn pages(&self, sha256: Sha256) -> Result<Vec<PageSize>> {
        let session = self.session().await?;
        self.viewer().pages(&session, sha256).await
    }

    /// The head of a document's file, by default of its first, and the sizes of its pages. None where
    /// that is no PDF or is not here: it would be sent for before what somebody waits for.
    ///
    /// # Errors
    /// `NotFound`, as [`Desk::pages`].
    pub async fn pages_of(
        &self,
        document: DocumentId,
        file: Option<FileId>,
    ) -> Result<Option<(Sha256, Vec<PageSize>)>> {
        let files = self.document(document).await?.files;
        let listed = || files.iter().filter_map(|view| Some((view, view.head()?)));
        let wanted = listed().find(|(view, _)| Some(view.file.id) == file);
        match wanted.or_else(|| listed().next()) {
            Some((view, head)) if view.place == Place::Here && view.file.media_type == PDF => {
                Ok(Some((head.sha256, self.pages(head.sha256).await?)))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// A page as PNG, so many pixels wide.
    ///
    /// # Errors
    /// As [`Desk::pages`], and `NotFound` past the last page.
    pub async fn page_png(&self, sha256: Sha256, page: u32, width_px: u32) -> Result<Vec<u8>> {
        let session = self.session().await?;
        self.viewer()
            .page_png(&session, sha256, page, width_px)
            .await
    }

    /// The words of a page with their places; of a scan those that were read of it, once they were.
    ///
    /// # Errors
    /// As [`Desk::page_png`].
    pub async fn page_text(&self, sha256: Sha256, page: u32) -> Result<PageText> {
        let session = self.session().await?;
        let text = self.viewer().page_text(&session, sha256, page).await?;
        if !text.lines.is_empty() {
            return Ok(text);
        }
        let copy = session
            .with_store(move |store| store.searchable_copy(sha256))
            .await?;
        match copy {
            Some(copy) => self.viewer().page_text(&session, copy, page).await,
            None => Ok(text),
        }
    }

    /// What waits, what failed, what arrived: trouble first, then newest first.
    ///
    /// # Errors
    /// Disk errors.
    pub async fn acts(&self) -> Result<Vec<ActEntry>> {
        self.session()
            .await?
            .with_store(|store| store.acts(ACTS_SHOWN))
            .await
    }

    /// The person has seen a conflict or rejection and lets it go.
    ///
    /// # Errors
    /// `NotFound` when there is no such act in that state.
    pub async fn dismiss(&self, op: OpId) -> Result<()> {
        let now = self.now();
        self.session()
            .await?
            .with_store(move |store| store.dismiss(op, now))
            .await?;
        self.events_bus()
            .changed(&[ChangeTag::Sync, ChangeTag::Documents]);
        Ok(())
    }

    /// What the face remembers: the machine's settings and the person's.
    ///
    /// # Errors
    /// Disk errors.
    pub async fn settings(&self) -> Result<BTreeMap<String, String>> {
        let home = self.home().await?;
        let mut values: BTreeMap<String, String> = MACHINE_SETTINGS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), home.setting(name)?)))
            .collect();
        if let Ok(session) = self.session().await {
            let own = session
                .with_store(|store| store.setting(FACE_SETTINGS))
                .await?
                .and_then(|text| serde_json::from_str::<BTreeMap<String, String>>(&text).ok())
                .unwrap_or_default();
            values.extend(own);
        }
        Ok(values)
    }

    /// Remembers one thing for the face. A draft or phrase that is empty is forgotten, so that what
    /// is read together does not grow with every document.
    ///
    /// # Errors
    /// `TextTooLong`, disk errors.
    pub async fn set_setting(&self, key: String, value: String) -> Result<()> {
        let limit = match key.starts_with(DRAFT) {
            true => DRAFT_MAX,
            false => 4_096,
        };
        if key.is_empty() || key.len() > 64 || value.len() > limit {
            return Err(DeskError::TextTooLong { limit });
        }
        if MACHINE_SETTINGS.contains(&key.as_str()) {
            let home = self.home().await?;
            tokio::task::spawn_blocking(move || home.set_setting(&key, &value)).await??;
        } else {
            let session = self.session().await?;
            let _order = self.settings_order().lock().await;
            session
                .with_store(move |store| {
                    let mut values: BTreeMap<String, String> = store
                        .setting(FACE_SETTINGS)?
                        .and_then(|text| serde_json::from_str(&text).ok())
                        .unwrap_or_default();
                    let passes = [DRAFT, PHRASE].iter().any(|kind| key.starts_with(kind));
                    if value.is_empty() && passes {
                        values.remove(&key);
                    } else {
                        values.insert(key, value);
                    }
                    store.set_setting(FACE_SETTINGS, &serde_json::to_string(&values)?)
                })
                .await?;
        }
        self.events_bus().changed(&[ChangeTag::Settings]);
        Ok(())
    }

    /// The face tells when it became usable; kept, so that anyone can read how fast the start was.
    ///
    /// # Errors
    /// Disk errors.
    pub async fn report_startup(&self, first_paint: Timestamp, usable: Timestamp) -> Result<()> {
        let started = self.started_at();
        let paint_ms = first_paint.0.saturating_sub(started.0);
        let usable_ms = usable.0.saturating_sub(started.0);
        tracing::info!(paint_ms, usable_ms, "the desk is usable");
        for (name, value) in [
            ("startup.paint_ms", paint_ms),
            ("startup.usable_ms", usable_ms),
            // Last: who sees this run's start time sees this run's figures.
            ("startup.started_at", started.0),
        ] {
            self.set_setting(name.to_owned(), value.to_string()).await?;
        }
        Ok(())
    }

    /// After an act: tell the face and the driver.
    pub(crate) fn acted(&self, session: &Arc<crate::session::Session>) {
        session.driver.acted();
        session.completion.wake();
        self.events_bus()
            .changed(&[ChangeTag::Documents, ChangeTag::Sync]);
    }
}

/// One row for all the face's own settings: it reads them together.
const FACE_SETTINGS: &str = "face";
/// What was begun and not sent.
const DRAFT: &str = "draft.";
/// Longest draft in bytes: the 4,000 characters of a direction with all their marks, and the names.
const DRAFT_MAX: usize = 24_576;
/// Phrases of the person's own.
const PHRASE: &str = "phrase.";
