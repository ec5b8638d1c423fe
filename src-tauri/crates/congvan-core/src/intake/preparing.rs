//! From durable bytes to letters: what kind of file it is, how many pages, where it falls apart.

use std::sync::{Arc, Weak};

use congvan_intake::{Boundary, PageFacts, propose_split};
use congvan_model::{ByteSource as _, Sha256, Timestamp};
use congvan_pades::inspect;
use congvan_pdf::{DECREE_DPI, ImagePage, pdf_of_image, read_range};
use congvan_store::{
    PendingStack, Piece, Proposal, ScanFile, Sheet, SheetFacts, StackContent, StackFault, Store,
    StoreError,
};
use congvan_worker::{DocumentHandle, PageSize, RenderError};

use super::{
    MOST_PAGES,
    assembling::WantedPage,
    format::{Format, format_of},
};
use crate::{ChangeTag, Desk, DeskError, Result, session::Session};

/// Dots an inch at which a page is looked at for its code and its ink.
pub(super) const LOOK_DPI: u32 = 100;
/// Below this share of ink a page looks empty, as in `congvan_intake::propose_split`.
const EMPTY: f32 = 0.0006;
/// Stacks taken from the store at once.
const AT_ONCE: u32 = 16;

impl Desk {
    /// Starts working on the scans of a session that has just been opened; ends with it.
    pub(crate) fn start_intake(self: &Arc<Self>, session: &Arc<Session>) {
        let work = run(self.clone(), Arc::downgrade(session));
        let work = session.intake.tasks.track_future(work);
        self.tracker().spawn(work);
    }
}

async fn run(desk: Arc<Desk>, session: Weak<Session>) {
    if let Some(session) = session.upgrade() {
        // What the end of the program cut off goes on first.
        let closed = session.with_store(Store::stacks_close_all).await;
        if let Err(error) = closed {
            tracing::warn!(%error, "scans that were cut off stay open");
        }
        if let Err(error) = desk.redact_stacks(&session).await {
            tracing::warn!(%error, "pages of secret letters are still here");
        }
        if let Err(error) = desk.add_what_was_wished(&session).await {
            tracing::warn!(%error, "files that were handed over are not copied yet");
        }
    }
    loop {
        let Some(session) = session.upgrade() else {
            return;
        };
        let here = &session.intake;
        if here.cancel.is_cancelled() {
            return;
        }
        let pending = session
            .with_store(|store| store.stacks_pending(AT_ONCE))
            .await;
        let pending = pending.unwrap_or_else(|error| {
            tracing::warn!(%error, "the inbox of scans cannot be read");
            Vec::new()
        });
        let mut stuck = pending.is_empty();
        for stack in pending {
            let work = desk.prepare(&session, &stack);
            match here.cancel.run_until_cancelled(work).await {
                None => return,
                Some(Ok(())) => desk.events_bus().changed(&[ChangeTag::Intake]),
                Some(Err(error)) => {
                    // The disk or the worker, not the file: it is tried again when something comes.
                    tracing::warn!(stack = %stack.id, %error, "a stack is not looked at");
                    stuck = true;
                }
            }
            here.letters.notify_one();
        }
        if stuck {
            tokio::select! {
                () = here.cancel.cancelled() => return,
                () = here.stacks.notified() => {}
            }
        }
    }
}

/// What is known of a stack before its pages are looked at.
struct Shown {
    pdf: Sha256,
    /// Of images: what each page is.
    images: Option<Vec<ImagePage>>,
    signed: bool,
}

impl Desk {
    /// Makes the letters of a stack, or writes down why there are none.
    async fn prepare(&self, session: &Session, stack: &PendingStack) -> Result<()> {
        let found = match self.content_of(session, stack).await {
            Ok(content) => Ok(content),
            Err(error) => Err(fault_of(error)?),
        };
        let (id, now) = (stack.id, self.now());
        session
            .with_store(move |store| {
                match found {
                    Ok(content) => drop(store.stack_ready(id, &content, now)?),
                    Err(fault) => store.stack_fault(id, fault, now)?,
                }
                congvan_store::fail_point("intake.prepared");
                Ok(())
            })
            .await
    }

    async fn content_of(&self, session: &Session, stack: &PendingStack) -> Result<StackContent> {
        let mut shown = Vec::with_capacity(stack.files.len());
        for file in &stack.files {
            let (file, now) = (*file, self.now());
            let one = session
                .with_store(move |store| Ok(as_pdf(store, file, now)))
                .await??;
            shown.push(one);
        }
        let shown = match <[Shown; 1]>::try_from(shown) {
            Ok([one]) => one,
            Err(parts) => self.joined(session, parts).await?,
        };
        let source = session.blob(shown.pdf).await?;
        let render = &session.intake.render;
        let document = render.open(source).await?;
        let content = self.look_at_pages(session, (document.handle, &document.pages), shown);
        let content = content.await;
        render.close(document.handle);
        content
    }

    /// The pages of a scan in one PDF.
    async fn joined(&self, session: &Session, parts: Vec<Shown>) -> Result<Shown> {
        let render = &session.intake.render;
        let (mut wanted, mut images) = (Vec::new(), Some(Vec::new()));
        for part in parts {
            let document = render.open(session.blob(part.pdf).await?).await?;
            render.close(document.handle);
            for page in 0..u32::try_from(document.pages.len()).unwrap_or(u32::MAX) {
                wanted.push(WantedPage::Page {
                    pdf: part.pdf,
                    page,
                    turns: 0,
                    skew: 0.0,
                });
            }
            images = images.zip(part.images).map(|(mut all, own)| {
                all.extend(own);
                all
            });
        }
        if wanted.len() > MOST_PAGES {
            return Err(DeskError::IntakeFault(StackFault::TooLong));
        }
        Ok(Shown {
            pdf: self.assembled(session, wanted).await?.sha256,
            images,
            signed: false,
        })
    }

    async fn look_at_pages(
        &self,
        session: &Session,
        (document, sizes): (DocumentHandle, &[PageSize]),
        shown: Shown,
    ) -> Result<StackContent> {
        if sizes.len() > MOST_PAGES {
            return Err(DeskError::IntakeFault(StackFault::TooLong));
        }
        let mut sheets: Vec<Sheet> = sizes
            .iter()
            .map(|size| Sheet {
                width_pt: size.width_pt,
                height_pt: size.height_pt,
                facts: SheetFacts::default(),
            })
            .collect();
        for (sheet, image) in sheets.iter_mut().zip(shown.images.iter().flatten()) {
            sheet.facts.dpi = image
                .has_density
                .then_some(image.dpi.0.min(image.dpi.1))
                // Without a density only what is too coarse even for A4 is known to be.
                .or_else(|| (image.dpi.0 < DECREE_DPI - 1.0).then_some(image.dpi.0));
            sheet.facts.colour = Some(image.is_colour);
        }
        // One page falls apart into nothing, and what is signed is not cut.
        if sheets.len() > 1 && !shown.signed {
            for (page, sheet) in (0_u32..).zip(&mut sheets) {
                look_at_page(session, (document, page), &mut sheet.facts).await?;
            }
        }
        let (pieces, proposal) = cut(&sheets, shown.signed);
        Ok(StackContent {
            pdf: shown.pdf,
            signed: shown.signed,
            sheets,
            pieces,
            proposal,
        })
    }
}

async fn look_at_page(
    session: &Session,
    (document, page): (DocumentHandle, u32),
    facts: &mut SheetFacts,
) -> Result<()> {
    let render = &session.intake.render;
    let scan = match render.page_scan(document, page, (LOOK_DPI, 1.0)).await {
        Ok(scan) => scan,
        // A page that cannot be shown is not blank and no sheet; the letter keeps it.
        Err(
            RenderError::PageFailed { .. }
            | RenderError::TooLarge { .. }
            | RenderError::Engine { .. },
        ) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    facts.ink = Some(scan.ink);
    facts.blank = scan.ink < EMPTY && scan.code.is_none();
    facts.code = scan
        .code
        .filter(|code| congvan_intake::Separator::parse(code).is_some());
    Ok(())
}

/// What is wrong with a file; errors that are not the file's come back.
fn fault_of(error: DeskError) -> Result<StackFault> {
    match error {
        DeskError::IntakeFault(fault) => Ok(fault),
        DeskError::PdfCorrupt => Ok(StackFault::Damaged),
        DeskError::PdfPassword => Ok(StackFault::Password),
        DeskError::Render(
            RenderError::Engine { .. }
            | RenderError::PageFailed { .. }
            | RenderError::TimedOut { .. },
        ) => Ok(StackFault::Damaged),
        other => Err(other),
    }
}

/// The PDF that shows a file: itself, or one with its picture in it, dot for dot. Blocks.
fn as_pdf(store: &Store, file: ScanFile, now: Timestamp) -> Result<Shown> {
    let reader = store.blob_open(file.sha256)?;
    let read = |length: u64| {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        read_range(&reader, 0, length).map_err(|_| {
            DeskError::Store(StoreError::BlobCorrupt {
                sha256: file.sha256,
            })
        })
    };
    let head = read(reader.len().min(1024))?;
    match format_of(&head) {
        None => Err(DeskError::IntakeFault(StackFault::Format)),
        Some(Format::Pdf) => Ok(Shown {
            pdf: file.sha256,
            images: None,
            // What cannot be inspected has no signature that anybody could validate.
            signed: inspect(&reader).is_ok_and(|found| !found.signed_fields.is_empty()),
        }),
        Some(Format::Jpeg | Format::Png | Format::Tiff) => {
            let bytes = read(reader.len())?;
            let made =
                pdf_of_image(&bytes).map_err(|_| DeskError::IntakeFault(StackFault::Damaged))?;
            drop(bytes);
            let mut writer = store.blob_create()?;
            writer.write(&made.bytes)?;
            Ok(Shown {
                pdf: writer.finish(None, now)?.sha256,
                images: Some(made.pages),
                signed: false,
            })
        }
    }
}

/// The letters of a stack, cut at our own separator sheets, and the cuts that are only proposed.
pub(super) fn cut(sheets: &[Sheet], signed: bool) -> (Vec<Piece>, Option<Proposal>) {
    let facts: Vec<PageFacts> = sheets
        .iter()
        .map(|sheet| PageFacts {
            code: sheet.facts.code.clone(),
            // What was not looked at is no blank page.
            ink: sheet.facts.ink.unwrap_or(1.0),
            has_head: sheet.facts.has_head.unwrap_or(false),
        })
        .collect();
    let heads_known = sheets.iter().any(|sheet| sheet.facts.has_head.is_some());
    let boundaries = match signed {
        true => vec![Boundary::Continues; sheets.len()],
        false => propose_split(&facts),
    };
    let mut cutter = Cutter::default();
    let mut after_blank = false;
    for (page, boundary) in (0_u32..).zip(boundaries) {
        match boundary {
            Boundary::Separator => cutter.sheet(page),
            Boundary::Blank => {
                cutter.blank(page);
                after_blank = true;
                continue;
            }
            Boundary::Begins { department } => cutter.page(page, department, true),
            // A letter may begin behind an empty back, as long as nothing is known of heads.
            Boundary::Continues => cutter.page(page, None, after_blank && !heads_known),
        }
        after_blank = false;
    }
    cutter.done()
}

#[derive(Default)]
struct Cutter {
    pieces: Vec<Piece>,
    proposal: Proposal,
    /// A sheet was there: the next page that is not empty begins a letter.
    due: bool,
    /// Empty pages before the first letter.
    leading: Vec<u32>,
}

impl Cutter {
    fn sheet(&mut self, page: u32) {
        self.due = true;
        self.proposal.sheets.push(page);
    }

    fn blank(&mut self, page: u32) {
        self.proposal.blank.push(page);
        match self.pieces.last_mut() {
            // Also the back of a sheet: it stays with the letter before.
            Some(piece) => piece.pages.push(page),
            None => self.leading.push(page),
        }
    }

    fn page(&mut self, page: u32, department: Option<String>, begins: bool) {
        match self.pieces.last_mut() {
            Some(piece) if !self.due => {
                if begins {
                    self.proposal.begins.push(page);
                }
                piece.pages.push(page);
            }
            Some(_) | None => {
                let mut pages = std::mem::take(&mut self.leading);
                pages.push(page);
                self.pieces.push(Piece { department, pages });
            }
        }
        self.due = false;
    }

    fn done(mut self) -> (Vec<Piece>, Option<Proposal>) {
        if !self.leading.is_empty() {
            self.pieces.push(Piece {
                department: None,
                pages: std::mem::take(&mut self.leading),
            });
        }
        let asks = !self.proposal.begins.is_empty();
        (self.pieces, asks.then_some(self.proposal))
    }
}

#[cfg(test)]
mod tests {
    use congvan_intake::Separator;

    use super::*;

    fn sheet(ink: f32, code: Option<&str>) -> Sheet {
        Sheet {
            facts: SheetFacts {
                ink: Some(ink),
                code: code.map(|to| {
                    let department = to.to_owned();
                    Separator { department }.code()
                }),
                ..SheetFacts::default()
            },
            ..Sheet::default()
        }
    }

    #[test]
    fn our_sheets_cut_at_once_and_no_page_but_them_is_left_out() {
        let stack = [
            sheet(0.02, Some("VP")),
            sheet(0.0, None),
            sheet(0.03, None),
            sheet(0.03, None),
            sheet(0.02, Some("")),
            sheet(0.0, None),
            sheet(0.03, None),
        ];
        let (pieces, proposal) = cut(&stack, false);
        let told: Vec<(Option<&str>, &[u32])> = pieces
            .iter()
            .map(|piece| (piece.department.as_deref(), piece.pages.as_slice()))
            .collect();
        assert_eq!(told, [(Some("VP"), &[1, 2, 3, 5][..]), (None, &[6][..])]);
        assert_eq!(proposal, None);
    }

    #[test]
    fn blank_backs_only_propose() {
        let stack = [
            sheet(0.03, None),
            sheet(0.0, None),
            sheet(0.03, None),
            sheet(0.03, None),
        ];
        let (pieces, proposal) = cut(&stack, false);
        assert_eq!(pieces.len(), 1);
        assert_eq!(pieces[0].pages, [0, 1, 2, 3]);
        let proposal = proposal.unwrap();
        assert_eq!((proposal.begins, proposal.blank), (vec![2], vec![1]));
    }

    #[test]
    fn a_signed_stack_is_one_letter_whatever_is_on_it() {
        let stack = [sheet(0.02, Some("VP")), sheet(0.0, None), sheet(0.03, None)];
        let (pieces, proposal) = cut(&stack, true);
        assert_eq!(pieces.len(), 1);
        assert_eq!(pieces[0].pages, [0, 1, 2]);
        assert_eq!(proposal, None);
    }

    #[test]
    fn a_stack_of_empty_pages_is_a_letter_of_empty_pages() {
        let (pieces, _) = cut(&[sheet(0.0, None), sheet(0.0, None)], false);
        assert_eq!(pieces.len(), 1);
        assert_eq!(pieces[0].pages, [0, 1]);
    }
}
