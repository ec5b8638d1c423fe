//! Files on the screen: which documents the render worker holds open, pages and their words.

use std::{collections::VecDeque, sync::Arc};

use congvan_model::{ByteSource, Sha256};
use congvan_worker::{DocumentHandle, OpenDocument, PageSize, PageText, RenderClient};
use tokio::sync::{Mutex, OnceCell};

use crate::{DeskError, Result, compare::TextChecks, format::FormatChecks, session::Session};

/// Documents held open at once. Each costs the worker a few megabytes; people go back and forth
/// between two or three.
const HELD_OPEN: usize = 6;

/// Samples of training mode held in memory: one signed batch and the sample itself.
const SAMPLES: usize = 51;

/// Widest page that is drawn: an A3 page at 300 dpi.
const MAX_WIDTH_PX: u32 = 5_000;

type Slot = Arc<OnceCell<OpenDocument>>;

/// The render worker and what it holds open, the most recently used last.
pub(crate) struct Viewer {
    render: RenderClient,
    open: Mutex<VecDeque<(Sha256, Slot)>>,
    /// What is shown without being stored: the sample of training mode and its signed copies.
    samples: Mutex<VecDeque<(Sha256, Arc<dyn ByteSource>)>>,
    pub(crate) checks: FormatChecks,
    pub(crate) texts: TextChecks,
}

impl Viewer {
    pub(crate) fn new(render: RenderClient) -> Self {
        Self {
            render,
            open: Mutex::default(),
            samples: Mutex::default(),
            checks: FormatChecks::default(),
            texts: TextChecks::default(),
        }
    }

    /// The sizes of a file's pages; opens it when it is not open yet.
    pub(crate) async fn pages(&self, session: &Session, sha256: Sha256) -> Result<Vec<PageSize>> {
        let slot = self.slot(sha256).await;
        Ok(self.opened(&slot, session, sha256).await?.pages.clone())
    }

    /// A page as PNG.
    pub(crate) async fn page_png(
        &self,
        session: &Session,
        sha256: Sha256,
        page: u32,
        width_px: u32,
    ) -> Result<Vec<u8>> {
        let handle = self.handle(session, sha256).await?;
        Ok(self
            .render
            .page_png(handle, page, width_px.clamp(16, MAX_WIDTH_PX))
            .await?)
    }

    /// The words of a page.
    pub(crate) async fn page_text(
        &self,
        session: &Session,
        sha256: Sha256,
        page: u32,
    ) -> Result<PageText> {
        let handle = self.handle(session, sha256).await?;
        Ok(self.render.page_text(handle, page).await?)
    }

    /// How a page is set.
    pub(crate) async fn page_typeset(
        &self,
        session: &Session,
        sha256: Sha256,
        page: u32,
    ) -> Result<congvan_format::Page> {
        let handle = self.handle(session, sha256).await?;
        Ok(self.render.page_typeset(handle, page).await?)
    }

    /// Closes everything: the account has changed.
    pub(crate) async fn close_all(&self) {
        self.checks.clear().await;
        self.texts.clear().await;
        for (_, slot) in self.open.lock().await.drain(..) {
            close(&self.render, &slot);
        }
    }

    /// Makes bytes visible that are in no store; the oldest give way, the first stays.
    pub(crate) async fn show(&self, bytes: Vec<u8>) -> Sha256 {
        let (sha256, source) = crate::training::shown(bytes);
        let mut samples = self.samples.lock().await;
        if !samples.iter().any(|(held, _)| *held == sha256) {
            samples.push_back((sha256, source));
        }
        while samples.len() > SAMPLES {
            samples.remove(1);
        }
        sha256
    }

    /// Forgets what was made visible by [`Viewer::show`].
    pub(crate) async fn show_no_more(&self) {
        self.samples.lock().await.clear();
    }

    async fn source(&self, session: &Session, sha256: Sha256) -> Result<Arc<dyn ByteSource>> {
        let samples = self.samples.lock().await;
        if let Some((_, source)) = samples.iter().find(|(held, _)| *held == sha256) {
            return Ok(source.clone());
        }
        drop(samples);
        session.blob(sha256).await
    }

    async fn handle(&self, session: &Session, sha256: Sha256) -> Result<DocumentHandle> {
        let slot = self.slot(sha256).await;
        Ok(self.opened(&slot, session, sha256).await?.handle)
    }

    /// Opens the file once, however many pages are asked for at the same time.
    async fn opened<'a>(
        &self,
        slot: &'a Slot,
        session: &Session,
        sha256: Sha256,
    ) -> Result<&'a OpenDocument> {
        slot.get_or_try_init(|| async {
            let source = self.source(session, sha256).await?;
            Ok::<_, DeskError>(self.render.open(source).await?)
        })
        .await
    }

    /// The file's place in the list, made and moved to the end; the oldest gives way.
    async fn slot(&self, sha256: Sha256) -> Slot {
        let mut open = self.open.lock().await;
        let place = open.iter().position(|(held, _)| *held == sha256);
        let entry = place
            .and_then(|index| open.remove(index))
            .unwrap_or_else(|| (sha256, Slot::default()));
        let slot = entry.1.clone();
        open.push_back(entry);
        while open.len() > HELD_OPEN {
            if let Some((_, oldest)) = open.pop_front() {
                close(&self.render, &oldest);
            }
        }
        slot
    }
}

fn close(render: &RenderClient, slot: &Slot) {
    if let Some(document) = slot.get() {
        render.close(document.handle);
    }
}
