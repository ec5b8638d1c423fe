use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use congvan_model::ByteSource;
use tokio::sync::{mpsc, oneshot};

use super::{
    PageInk, PageScan, PageSize, PageText, RenderError, SandboxProbe,
    supervisor::{self, Job},
};
use crate::{Loss, Sandbox, WorkerPaths, process::Launch, wire::Role};

/// A document the render worker knows. Cheap to copy; say [`RenderClient::close`] when done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DocumentHandle(pub(super) u64);

/// What is known after opening.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenDocument {
    /// For the calls that follow.
    pub handle: DocumentHandle,
    /// The sizes of all pages, in order.
    pub pages: Vec<PageSize>,
}

/// A page of a PDF to be made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PagePart {
    /// A page of an open document.
    Page {
        /// The document.
        document: DocumentHandle,
        /// From 0.
        page: u32,
        /// Quarter turns clockwise on top of its own, 0..=3.
        turns: u8,
        /// Degrees clockwise by which it lies askew and is turned back; 0 leaves it.
        skew: f32,
    },
    /// An empty page.
    Empty {
        /// In points.
        width_pt: f32,
        /// In points.
        height_pt: f32,
    },
}

/// How long each call may take before the worker is ended.
#[derive(Clone, Copy, Debug)]
pub struct RenderDeadlines {
    /// Opening, including reading all the page sizes.
    pub open: Duration,
    /// One page as PNG, or its text.
    pub page: Duration,
}

impl Default for RenderDeadlines {
    /// A page of a 300-dpi scan takes 0.1 s; a map with a million lines takes seconds.
    fn default() -> Self {
        Self {
            open: Duration::from_secs(30),
            page: Duration::from_secs(20),
        }
    }
}

/// The desk's door to PDFium. Clones share one worker process; calls queue, and of the waiting
/// pages the newest request goes first, because it is what the user looks at now. Dropping a call's
/// future takes it out of the queue. When the last clone goes, the process goes.
#[derive(Clone)]
pub struct RenderClient {
    jobs: mpsc::UnboundedSender<Job>,
    last_document: Arc<AtomicU64>,
}

impl RenderClient {
    /// Prepares the supervisor; the process starts with the first call.
    #[must_use]
    pub fn new(paths: WorkerPaths) -> Self {
        Self::with_deadlines(paths, RenderDeadlines::default())
    }

    /// As [`RenderClient::new`] with other deadlines.
    #[must_use]
    pub fn with_deadlines(paths: WorkerPaths, deadlines: RenderDeadlines) -> Self {
        let launch = Launch {
            parameters: None,
            executable: paths.executable,
            role: Role::Render,
            library: Some(paths.pdfium),
            environment: Vec::new(),
        };
        Self {
            jobs: supervisor::start(launch, deadlines),
            last_document: Arc::new(AtomicU64::new(0)),
        }
    }

    /// Opens a document. Its bytes are read in ranges as PDFium needs them: a page of a 348 MB
    /// scan reads about 2 MB. The source stays with the client until the document is closed and
    /// is read on the client's own thread, so it may block.
    ///
    /// # Errors
    /// [`RenderError::Corrupt`], [`RenderError::PasswordNeeded`], [`RenderError::SourceFailed`],
    /// [`RenderError::TimedOut`], [`RenderError::WorkerLost`].
    pub async fn open(&self, source: Arc<dyn ByteSource>) -> Result<OpenDocument, RenderError> {
        let handle = DocumentHandle(self.last_document.fetch_add(1, Ordering::Relaxed) + 1);
        let pages = self
            .ask(|answer| Job::Open {
                handle,
                source,
                answer,
            })
            .await??;
        Ok(OpenDocument { handle, pages })
    }

    /// One page, `page` from 0, as a PNG file `width_px` wide. Thumbnails are small pages.
    ///
    /// # Errors
    /// [`RenderError::PageFailed`] when this page ended the worker twice; every other variant as
    /// its name says.
    pub async fn page_png(
        &self,
        handle: DocumentHandle,
        page: u32,
        width_px: u32,
    ) -> Result<Vec<u8>, RenderError> {
        self.ask(|answer| Job::Png {
            handle,
            page,
            width_px,
            answer,
        })
        .await?
    }

    /// The text of one page, `page` from 0, with positions, for selection and screen readers.
    ///
    /// # Errors
    /// As [`RenderClient::page_png`].
    pub async fn page_text(
        &self,
        handle: DocumentHandle,
        page: u32,
    ) -> Result<PageText, RenderError> {
        self.ask(|answer| Job::Text {
            handle,
            page,
            answer,
        })
        .await?
    }

    /// The upper part of a page for reading by OCR, `page` from 0, at `dpi` dots per inch; `part` is
    /// how much of the height, 0..1.
    ///
    /// # Errors
    /// As [`RenderClient::page_png`].
    pub async fn page_scan(
        &self,
        handle: DocumentHandle,
        page: u32,
        (dpi, part): (u32, f32),
    ) -> Result<PageScan, RenderError> {
        self.ask(|answer| Job::Scan {
            handle,
            page,
            detail: (dpi, part),
            answer,
        })
        .await?
    }

    /// Where a page, from 0, carries ink, in cells of a millimetre.
    ///
    /// # Errors
    /// As [`RenderClient::page_png`].
    pub async fn page_ink(
        &self,
        handle: DocumentHandle,
        page: u32,
    ) -> Result<PageInk, RenderError> {
        self.ask(|answer| Job::Ink {
            handle,
            page,
            answer,
        })
        .await?
    }

    /// How a page, from 0, is set, for checking its format.
    ///
    /// # Errors
    /// As [`RenderClient::page_png`].
    pub async fn page_typeset(
        &self,
        handle: DocumentHandle,
        page: u32,
    ) -> Result<congvan_format::Page, RenderError> {
        self.ask(|answer| Job::Typeset {
            handle,
            page,
            answer,
        })
        .await?
    }

    /// How all pages of a PDF are set, in order, for checking its format.
    ///
    /// # Errors
    /// As [`RenderClient::open`] and [`RenderClient::page_png`].
    pub async fn typeset(
        &self,
        source: Arc<dyn ByteSource>,
    ) -> Result<Vec<congvan_format::Page>, RenderError> {
        let document = self.open(source).await?;
        let mut pages = Vec::with_capacity(document.pages.len());
        for page in (0..).take(document.pages.len()) {
            match self.page_typeset(document.handle, page).await {
                Ok(set) => pages.push(set),
                Err(error) => {
                    self.close(document.handle);
                    return Err(error);
                }
            }
        }
        self.close(document.handle);
        Ok(pages)
    }

    /// Makes a new PDF (1.7) out of pages of open documents. Pictures go over as the bytes they are.
    /// `sink` is handed the bytes in order, on the client's own thread, so it may block; when it
    /// answers false the work ends. Says how many bytes there are.
    ///
    /// # Errors
    /// [`RenderError::NotOpen`], [`RenderError::PageOutOfRange`], [`RenderError::SourceFailed`] (the
    /// sink too), [`RenderError::WorkerLost`], [`RenderError::TimedOut`]: what the sink was handed is
    /// then nothing.
    pub async fn assemble(
        &self,
        pages: Vec<PagePart>,
        sink: impl FnMut(&[u8]) -> bool + Send + 'static,
    ) -> Result<u64, RenderError> {
        self.ask(|answer| Job::Assemble {
            pages,
            sink: Box::new(sink),
            answer,
        })
        .await?
    }

    /// Forgets a document and its source. Needs no answer.
    pub fn close(&self, handle: DocumentHandle) {
        if self.jobs.send(Job::Close { handle }).is_err() {
            tracing::debug!("render supervisor already gone");
        }
    }

    /// Starts the worker if needed and lets it try what its sandbox must refuse; for the diagnosis
    /// view.
    ///
    /// # Errors
    /// [`RenderError::WorkerLost`], [`RenderError::TimedOut`].
    pub async fn probe(&self) -> Result<SandboxProbe, RenderError> {
        self.ask(|answer| Job::Probe { answer }).await?
    }

    /// The protections the running worker reports and its process id; nothing while none runs.
    pub async fn status(&self) -> Option<(u32, Sandbox)> {
        self.ask(|answer| Job::Status { answer })
            .await
            .ok()
            .flatten()
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<T, RenderError> {
        let stopped = || RenderError::WorkerLost {
            loss: Loss::Stopped,
        };
        let (answer, result) = oneshot::channel();
        self.jobs.send(job(answer)).map_err(|_| stopped())?;
        result.await.map_err(|_| stopped())
    }
}
