//! Where a person's signature goes: remembered for the type of document, else found by the words of
//! the page (under the signer's position, above the name; a seal over the leader's picture), else
//! where one usually stands until the person puts it elsewhere.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use congvan_model::{ByteSource, DocumentId, FileId, Sha256};
use congvan_pades::{
    MmRect, PageSize, TextField, inspect,
    placement::{PageWords, Word},
    signature_places,
    template::Scene,
};
use congvan_store::{DocumentDetail, ImageRole, StoredPlacement};

use crate::{
    ChangeTag, Desk, DeskError, Placement, Result,
    engine::pdf_fault,
    look::{Look, SignatureRole},
    session::Session,
    tray::file_of,
};

/// The signer's name stands on one of the last pages; appendices of more pages are signed by hand.
const LAST_PAGES: usize = 4;
const MM_PER_POINT: f64 = 25.4 / 72.0;

/// Where a signature's place comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlacementSource {
    /// This person put it there on a document of the same type.
    Remembered,
    /// The words of the page say it.
    Found,
    /// The usual place: lower right of the last page; upper right of the first beside a document.
    Default,
}

/// No signature that a person places comes nearer to an edge than this.
pub(crate) const EDGE_MM: f64 = 5.0;

/// What a box for a signature keeps to, in millimetres: the one rule of core and face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacementRule {
    /// Distance from every edge of the page.
    pub edge: f64,
    /// Least width and height.
    pub least: (f64, f64),
    /// Greatest width and height; none as far as the page goes. A seal has its true size only.
    pub most: Option<(f64, f64)>,
}

impl PlacementRule {
    /// The same box, made to fit and moved as little as needed. A page too small for the rule has
    /// the box over its whole.
    pub(crate) fn keep(&self, box_: Placement, (width, height): (f64, f64)) -> Placement {
        let extent = |wanted: f64, least: f64, most: Option<f64>, whole: f64| {
            let room = (whole - 2.0 * self.edge).max(0.0);
            wanted.max(least).min(most.unwrap_or(room)).min(room)
        };
        let (most_width, most_height) = (self.most.map(|most| most.0), self.most.map(|m| m.1));
        let w = extent(box_.width, self.least.0, most_width, width);
        let h = extent(box_.height, self.least.1, most_height, height);
        let inside =
            |at: f64, extent: f64, whole: f64| at.min(whole - extent - self.edge).max(self.edge);
        Placement {
            page: box_.page,
            x: inside(box_.x, w, width),
            y: inside(box_.y, h, height),
            width: w,
            height: h,
        }
    }
}

/// Where a signature would go, and what a person may make of that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacementView {
    /// The place.
    pub placement: Placement,
    /// Where it comes from.
    pub source: PlacementSource,
    /// What will stand there: whose picture, or the agency's words on a file beside the document.
    pub role: SignatureRole,
    /// What a box that is moved keeps to.
    pub rule: PlacementRule,
}

/// What was found on files of this run; none where there was nothing to find.
#[derive(Default)]
pub(crate) struct FoundPlaces {
    signatures: Mutex<HashMap<(Sha256, ImageRole), Option<Placement>>>,
    /// Blanks for number and day.
    blanks: Mutex<HashMap<Sha256, Vec<TextField>>>,
}

impl FoundPlaces {
    /// What is known of a file; none when nobody has looked.
    pub(crate) fn known(&self, file: Sha256, role: ImageRole) -> Option<Option<Placement>> {
        let known = self.signatures.lock();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        known.get(&(file, role)).copied()
    }

    /// The blanks for number and day that a file is known to have; none when nobody has looked.
    pub(crate) fn known_blanks(&self, file: Sha256) -> Option<Vec<TextField>> {
        let known = self.blanks.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&file).cloned()
    }

    /// Keeps what was found on a file.
    pub(crate) fn found_blanks(&self, file: Sha256, blanks: Vec<TextField>) {
        let mut known = self.blanks.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(file, blanks);
    }
}

impl Desk {
    /// Where this person's signature goes on a file. Which of the person's roles it is follows from
    /// the certificate, where one is named.
    ///
    /// # Errors
    /// `NotFound`, `FileNotHere`, `PdfCorrupt`, `PdfPassword`, `SignRefused` for a template that
    /// cannot be used.
    pub async fn placement(
        &self,
        (document, file): (DocumentId, FileId),
        certificate: Option<Sha256>,
    ) -> Result<PlacementView> {
        let session = self.session().await?;
        let detail = self.document(document).await?;
        let view = file_of(&detail, file).ok_or(DeskError::NotFound)?;
        let head = view.head().ok_or(DeskError::NotFound)?.sha256;
        let kind = detail.row.kind;
        let source = session.blob(head).await?;
        let subject = certificate.and_then(|wanted| registered(&session, wanted));
        let look = self.look(&session, subject.as_deref()).await?;
        let look = look.on(&detail.document, view.file.role);
        let found = self.found_place(&session, &detail, (head, &look)).await;
        let (role, rule) = (look.signs_as(), look.rule());
        let (placement, source) = session
            .with_store(move |store| {
                let remembered = store.placement(kind)?;
                let pages = inspect(source.as_ref()).map_err(|error| pdf_fault(&error));
                Ok(pages.and_then(|file| place_on(&file.pages, &look, (remembered, found))))
            })
            .await??;
        Ok(PlacementView {
            placement,
            source,
            role,
            rule,
        })
    }

    /// Remembers the place for all documents of this one's type, as far as the rule lets it be
    /// there; none forgets it.
    ///
    /// # Errors
    /// `NotFound`, `FileNotHere`, `PdfCorrupt`, `PdfPassword`, disk errors.
    pub async fn remember_placement(
        &self,
        (document, file): (DocumentId, FileId),
        placement: Option<Placement>,
    ) -> Result<()> {
        let session = self.session().await?;
        let detail = self.document(document).await?;
        let view = file_of(&detail, file).ok_or(DeskError::NotFound)?;
        let head = view.head().ok_or(DeskError::NotFound)?.sha256;
        let kind = detail.row.kind;
        let source = session.blob(head).await?;
        let rule = self.look(&session, None).await?.rule();
        session
            .with_store(move |store| {
                let pages = match inspect(source.as_ref()) {
                    Ok(found) => found.pages,
                    Err(error) => return Ok(Err(pdf_fault(&error))),
                };
                let last = pages.len().saturating_sub(1);
                let kept = placement.and_then(|at| keep(&rule, at, &pages));
                if placement.is_some() && kept.is_none() {
                    return Ok(Err(DeskError::NotFound));
                }
                // A signature on the last page belongs on the last page, however many there are.
                let stored = kept.map(|at| StoredPlacement {
                    page: u32::try_from(at.page).ok().filter(|_| at.page != last),
                    x: at.x,
                    y: at.y,
                    width: at.width,
                    height: at.height,
                });
                store.set_placement(kind, stored).map(Ok)
            })
            .await??;
        self.events_bus().changed(&[ChangeTag::Signing]);
        Ok(())
    }

    /// Looks for the place that the document itself says; once for each file, role and run. A file
    /// that cannot be read has no such place.
    pub(crate) async fn found_place(
        &self,
        session: &Session,
        detail: &DocumentDetail,
        (file, look): (Sha256, &Look),
    ) -> Option<Placement> {
        // A copy has the bytes of its source, whose places are others.
        if look.is_copy() {
            let rect = self.copy_words(session, file).await?;
            return Some(Placement {
                page: 0,
                x: rect.x,
                y: rect.y,
                width: rect.width,
                height: rect.height,
            });
        }
        if let Some(known) = self.places().known(file, look.role) {
            return known;
        }
        let words = if look.wants_words() {
            self.last_words(session, file).await?
        } else {
            Vec::new()
        };
        let sizes = self.sizes(session, file).await?;
        let leader = if look.wants_leader() {
            leader_on(session, file).await
        } else {
            None
        };
        let scene = Scene {
            sizes: &sizes,
            words: &words,
            leader,
            ..Scene::default()
        };
        let found = look.find(&detail.document, &scene);
        let mut known = self
            .places()
            .signatures
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert((file, look.role), found);
        found
    }

    async fn sizes(&self, session: &Session, file: Sha256) -> Option<Vec<PageSize>> {
        let pages = self.viewer().pages(session, file).await.ok()?;
        let size = |page: &congvan_worker::PageSize| PageSize {
            width_mm: f64::from(page.width_pt) * MM_PER_POINT,
            height_mm: f64::from(page.height_pt) * MM_PER_POINT,
            rotate: 0,
        };
        Some(pages.iter().map(size).collect())
    }

    /// The words of the last pages in millimetres; the pages before them are left empty.
    async fn last_words(&self, session: &Session, file: Sha256) -> Option<Vec<PageWords>> {
        let count = self.viewer().pages(session, file).await.ok()?.len();
        let first = count.saturating_sub(LAST_PAGES);
        self.words_of(session, file, first..count).await
    }

    /// The words of the first page alone.
    pub(crate) async fn first_words(
        &self,
        session: &Session,
        file: Sha256,
    ) -> Option<Vec<PageWords>> {
        self.words_of(session, file, 0..1).await
    }

    async fn words_of(
        &self,
        session: &Session,
        file: Sha256,
        wanted: std::ops::Range<usize>,
    ) -> Option<Vec<PageWords>> {
        let pages = self.viewer().pages(session, file).await.ok()?;
        let mut found = Vec::with_capacity(pages.len());
        for (number, size) in pages.iter().enumerate() {
            let (width_mm, height_mm) = (
                f64::from(size.width_pt) * MM_PER_POINT,
                f64::from(size.height_pt) * MM_PER_POINT,
            );
            let mut words = Vec::new();
            if wanted.contains(&number) {
                let number = u32::try_from(number).ok()?;
                let text = self.viewer().page_text(session, file, number).await.ok()?;
                let of_lines = text.lines.into_iter().flat_map(|line| line.words);
                words.extend(of_lines.map(|word| Word {
                    area: MmRect {
                        x: f64::from(word.x) * width_mm,
                        y: f64::from(word.y) * height_mm,
                        width: f64::from(word.w) * width_mm,
                        height: f64::from(word.h) * height_mm,
                    },
                    text: word.text,
                }));
            }
            found.push(PageWords {
                width_mm,
                height_mm,
                words,
            });
        }
        Some(found)
    }
}

/// The subject of a certificate that the office has registered for this account.
fn registered(session: &Session, certificate: Sha256) -> Option<String> {
    let info = session.info()?;
    let mut signers = info.signers.iter();
    let found = signers.find(|signer| signer.certificate == certificate)?;
    Some(found.subject.clone())
}

/// The signature that was made last and can be seen: the leader's, which a seal goes over.
async fn leader_on(session: &Session, file: Sha256) -> Option<congvan_pades::placement::Place> {
    let source = session.blob(file).await.ok()?;
    let seen = move || signature_places(source.as_ref()).ok()?.pop();
    let (_, place) = tokio::task::spawn_blocking(seen).await.ok()??;
    Some(place)
}

/// The place on a document's own pages: remembered, else found, else the usual one. A remembered
/// place that lies outside of them is moved in. A seal is never remembered: it follows the leader's
/// picture.
pub(crate) fn place_on(
    pages: &[PageSize],
    look: &Look,
    (remembered, found): (Option<StoredPlacement>, Option<Placement>),
) -> Result<(Placement, PlacementSource)> {
    let remembered = remembered.filter(|_| look.role != ImageRole::Seal);
    if let (None, Some(found)) = (remembered, found) {
        return Ok((found, PlacementSource::Found));
    }
    let last = pages.len().saturating_sub(1);
    let (wanted, origin) = match remembered {
        Some(at) => {
            let page = at.page.and_then(|page| usize::try_from(page).ok());
            let placement = Placement {
                page: page.map_or(last, |page| page.min(last)),
                x: at.x,
                y: at.y,
                width: at.width,
                height: at.height,
            };
            (placement, PlacementSource::Remembered)
        }
        None => {
            let usual = look.usual(pages).ok_or(DeskError::PdfCorrupt)?;
            (usual, PlacementSource::Default)
        }
    };
    let placement = keep(&look.rule(), wanted, pages).ok_or(DeskError::PdfCorrupt)?;
    Ok((placement, origin))
}

/// A place as the rule lets it be; none on a page that is not there.
pub(crate) fn keep(
    rule: &PlacementRule,
    placement: Placement,
    pages: &[PageSize],
) -> Option<Placement> {
    let size = pages.get(placement.page)?;
    Some(rule.keep(placement, (size.width_mm, size.height_mm)))
}

/// As [`keep`], on a file. Reads its structure only; blocks.
///
/// # Errors
/// `NotFound` for a page that is not there; `PdfCorrupt`, `PdfPassword`.
pub(crate) fn keep_on(
    source: &dyn ByteSource,
    placement: Placement,
    rule: &PlacementRule,
) -> Result<Placement> {
    let found = inspect(source).map_err(|error| pdf_fault(&error))?;
    keep(rule, placement, &found.pages).ok_or(DeskError::NotFound)
}
