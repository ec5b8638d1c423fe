//! The PDF of a letter: what is shown of its stacks, in the order and turned as a person left it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use congvan_model::{Sha256, Timestamp};
use congvan_store::{
    BlobInfo, BlobWriter, Letter, LetterId, LetterPage, StackId, Store, StoreError,
};
use congvan_worker::{DocumentHandle, PagePart, RenderError};

use crate::{Desk, DeskError, Result, session::Session};

impl Desk {
    /// The PDF of a letter and how many pages it has: what is registered, signed and kept.
    ///
    /// A letter that is one whole stack, unturned, is the stack's PDF, byte for byte, so that
    /// signatures stay valid. Any other is made anew out of its pages: pictures go over as the bytes
    /// they are, turning and straightening are entries of the page. It is made once and kept until
    /// the pages change.
    ///
    /// # Errors
    /// `NotFound` when the letter has no pages; render and disk errors.
    pub async fn letter_pdf(&self, id: LetterId) -> Result<(Sha256, u32)> {
        let session = self.session().await?;
        if let Some(made) = session
            .with_store(move |store| store.letter_pdf(id))
            .await?
        {
            return Ok(made);
        }
        let _one_at_a_time = session.intake.assembling.lock().await;
        let (letter, whole) = session
            .with_store(move |store| {
                let letter = store.letter(id)?;
                let stack = letter
                    .as_ref()
                    .and_then(|letter| letter.pages.first().map(|page| page.stack));
                let whole = stack.map(|stack| store.stack_sheets(stack)).transpose()?;
                Ok((letter, whole.map_or(0, |sheets| sheets.len())))
            })
            .await?;
        let letter = letter.filter(|letter| !letter.pages.is_empty());
        let letter = letter.ok_or(DeskError::NotFound)?;
        let pages = u32::try_from(letter.pages.len()).unwrap_or(u32::MAX);
        let pdf = match as_it_came(&letter, whole) {
            Some(pdf) => pdf,
            None => {
                let parts = letter.pages.iter().map(part).collect();
                self.assembled(&session, parts).await?.sha256
            }
        };
        let rev = letter.row.pages_rev;
        session
            .with_store(move |store| store.letter_pdf_set((id, rev), (pdf, pages)))
            .await?;
        Ok((pdf, pages))
    }

    /// Takes out what is left of secret letters.
    pub(super) async fn redact_stacks(&self, session: &Session) -> Result<()> {
        let stacks = session.with_store(Store::stacks_to_redact).await?;
        for stack in stacks {
            self.redact_stack(session, stack).await?;
        }
        Ok(())
    }

    /// Takes the pages of secret letters out of a stack that others share: it gets a PDF with an
    /// empty page in their place, and what it came as goes.
    ///
    /// # Errors
    /// Render and disk errors: the bytes are still here then, ask again.
    pub(super) async fn redact_stack(&self, session: &Session, stack: StackId) -> Result<()> {
        let _one_at_a_time = session.intake.assembling.lock().await;
        let (row, sheets, secret) = session
            .with_store(move |store| {
                Ok((
                    store.stack(stack)?,
                    store.stack_sheets(stack)?,
                    store.stack_secret_pages(stack)?,
                ))
            })
            .await?;
        let pdf = row.and_then(|row| row.pdf).ok_or(DeskError::NotFound)?;
        let parts = (0_u32..)
            .zip(sheets)
            .map(|(page, sheet)| match secret.contains(&page) {
                true => WantedPage::Empty {
                    width_pt: sheet.width_pt,
                    height_pt: sheet.height_pt,
                },
                false => WantedPage::Page {
                    pdf,
                    page,
                    turns: 0,
                    skew: 0.0,
                },
            })
            .collect();
        let made = self.assembled(session, parts).await?;
        session
            .with_store(move |store| store.stack_redacted(stack, made.sha256))
            .await
    }

    /// A new PDF of these pages, durable in the store.
    pub(crate) async fn assembled(
        &self,
        session: &Session,
        parts: Vec<WantedPage>,
    ) -> Result<BlobInfo> {
        let mut open = Opened {
            session,
            handles: HashMap::new(),
        };
        let made = self.assemble_from(&mut open, &parts).await;
        for handle in open.handles.values() {
            session.intake.render.close(*handle);
        }
        made
    }

    async fn assemble_from(&self, open: &mut Opened<'_>, parts: &[WantedPage]) -> Result<BlobInfo> {
        let mut pages = Vec::with_capacity(parts.len());
        for part in parts {
            pages.push(match *part {
                WantedPage::Page {
                    pdf,
                    page,
                    turns,
                    skew,
                } => PagePart::Page {
                    document: open.handle(pdf).await?,
                    page,
                    turns,
                    skew,
                },
                WantedPage::Empty {
                    width_pt,
                    height_pt,
                } => PagePart::Empty {
                    width_pt,
                    height_pt,
                },
            });
        }
        let session = open.session;
        let writer = session.with_store(|store| store.blob_create()).await?;
        let out = Arc::new(Mutex::new(Out {
            writer: Some(writer),
            fault: None,
        }));
        let sink = out.clone();
        let made = session
            .intake
            .render
            .assemble(pages, move |bytes| take(&sink, bytes))
            .await;
        let now = self.now();
        tokio::task::spawn_blocking(move || finish(&out, made, now)).await?
    }
}

/// A page of a PDF to be made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum WantedPage {
    /// A page of a PDF in the store.
    Page {
        /// That PDF.
        pdf: Sha256,
        /// From 0.
        page: u32,
        /// Quarter turns clockwise.
        turns: u8,
        /// Degrees clockwise by which it lies askew and is turned back.
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

fn part(page: &LetterPage) -> WantedPage {
    WantedPage::Page {
        pdf: page.pdf,
        page: page.page,
        turns: page.turns,
        skew: match page.straighten {
            true => page.sheet.facts.skew.unwrap_or(0.0),
            false => 0.0,
        },
    }
}

/// The stack's own PDF, where the letter is the whole of it and nothing was changed.
pub(super) fn as_it_came(letter: &Letter, pages_of_stack: usize) -> Option<Sha256> {
    let first = letter.pages.first()?;
    let unchanged = (0_u32..).zip(&letter.pages).all(|(place, page)| {
        page.stack == first.stack && page.page == place && page.turns == 0 && !page.straighten
    });
    (unchanged && letter.pages.len() == pages_of_stack).then_some(first.pdf)
}

/// The documents that the render worker holds open for one PDF.
struct Opened<'a> {
    session: &'a Session,
    handles: HashMap<Sha256, DocumentHandle>,
}

impl Opened<'_> {
    async fn handle(&mut self, pdf: Sha256) -> Result<DocumentHandle> {
        if let Some(handle) = self.handles.get(&pdf) {
            return Ok(*handle);
        }
        let source = self.session.blob(pdf).await?;
        let handle = self.session.intake.render.open(source).await?.handle;
        self.handles.insert(pdf, handle);
        Ok(handle)
    }
}

/// Where the pieces go, and what the store said when it took no more.
struct Out {
    writer: Option<BlobWriter>,
    fault: Option<StoreError>,
}

fn take(out: &Mutex<Out>, bytes: &[u8]) -> bool {
    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(writer) = &mut out.writer else {
        return false;
    };
    match writer.write(bytes) {
        Ok(()) => true,
        Err(error) => {
            // Dropped, it removes what it has written.
            out.writer = None;
            out.fault = Some(error);
            false
        }
    }
}

fn finish(
    out: &Mutex<Out>,
    made: std::result::Result<u64, RenderError>,
    now: Timestamp,
) -> Result<BlobInfo> {
    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(fault) = out.fault.take() {
        return Err(fault.into());
    }
    let length = made?;
    let writer = out.writer.take();
    let writer = writer.ok_or_else(|| DeskError::Internal("no writer".to_owned()))?;
    if writer.written() != length {
        return Err(DeskError::Internal("a PDF came short".to_owned()));
    }
    Ok(writer.finish(None, now)?)
}
