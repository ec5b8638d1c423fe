//! Trình ký: what waits for this person's signature, what of it was read, what is marked, and
//! where the signature goes.

use std::collections::HashMap;

use congvan_model::{DocumentId, FileId, Sha256};
use congvan_pades::{PageSize, inspect};
use congvan_protocol::ReadingRule;
use congvan_store::{
    DocumentDetail, DocumentRow, FileView, Filter, ListQuery, PageKey, Place, Reading,
    RevisionView, Store, StoreError, StoredPlacement, TrayMark, View,
};

use crate::{
    ChangeTag, Desk, DeskError, Placement, Result, places::FoundPlaces, session::Session,
    signing::pdf_fault,
};

/// What part of the tray.
#[derive(Clone, Debug)]
pub struct TrayQuery {
    /// Only what is marked.
    pub marked_only: bool,
    /// What was typed; empty for everything.
    pub search: String,
    /// `next` of the page before.
    pub after: Option<PageKey>,
    /// Rows wanted, at most 200.
    pub limit: u32,
}

/// Part of the tray.
#[derive(Clone, Debug)]
pub struct TrayPage {
    /// Newest first.
    pub rows: Vec<TrayRow>,
    /// How many wait; counted on the first page, else 0.
    pub total: u32,
    /// How many of all are marked.
    pub marked: u32,
    /// For the next page.
    pub next: Option<PageKey>,
    /// What must be read before marking.
    pub rule: ReadingRule,
    /// Whether the rule may be overridden.
    pub unread_allowed: bool,
}

/// A document that waits for this person's signature.
#[derive(Clone, Debug)]
pub struct TrayRow {
    /// What any list shows of it.
    pub row: DocumentRow,
    /// The file to be signed; none when there is none.
    pub file: Option<TrayFile>,
    /// How much of it was read.
    pub reading: Reading,
    /// Marked, and the bytes have not changed since.
    pub marked: bool,
    /// Whether marking it would be taken.
    pub may_mark: bool,
    /// Where the signature's place would come from.
    pub placement: PlacementSource,
}

/// The file that a signature goes on.
#[derive(Clone, Debug)]
pub struct TrayFile {
    /// Names it.
    pub id: FileId,
    /// Its current bytes.
    pub head: Sha256,
    /// Their length.
    pub size: u64,
    /// Pages: ours once counted, before that the server's word.
    pub pages: Option<u32>,
    /// Whether the bytes are here.
    pub place: Place,
}

/// Where a signature's place comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlacementSource {
    /// This person put it there on a document of the same type.
    Remembered,
    /// The words of the page say it.
    Found,
    /// The usual place: lower right of the last page.
    Default,
}

/// How far a reading has come.
#[derive(Clone, Debug)]
pub struct ReadingView {
    /// What was read.
    pub reading: Reading,
    /// Whether the document may be marked now.
    pub may_mark: bool,
}

impl Desk {
    /// A page of the tray, newest first.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn tray(&self, query: TrayQuery) -> Result<TrayPage> {
        let session = self.session().await?;
        let policy = session.reading_policy();
        let places = self.places().clone();
        let list = ListQuery {
            view: View::ToSign,
            search: query.search,
            filter: Filter::default(),
            after: query.after,
            limit: query.limit,
            now: self.now(),
        };
        session
            .with_store(move |store| {
                let marks: HashMap<DocumentId, TrayMark> = store
                    .marks()?
                    .into_iter()
                    .map(|mark| (mark.document, mark))
                    .collect();
                let mut marked = Vec::new();
                for mark in marks.values() {
                    if let Some(detail) = store.document(mark.document, list.now)?
                        && counts(&detail, mark)
                    {
                        marked.push(detail.row);
                    }
                }
                let marked_count = u32::try_from(marked.len()).unwrap_or(u32::MAX);
                let (found, total, next) = if query.marked_only {
                    marked.sort_by_key(|row| std::cmp::Reverse((row.arrived_at, row.id)));
                    (marked, marked_count, None)
                } else {
                    let page = store.list(&list)?;
                    (page.rows, page.total, page.next)
                };
                let mut rows = Vec::with_capacity(found.len());
                for row in found {
                    if let Some(detail) = store.document(row.id, list.now)? {
                        let mark = marks.get(&row.id);
                        rows.push(tray_row(store, &detail, mark, (policy.rule, &places))?);
                    }
                }
                Ok(TrayPage {
                    rows,
                    total,
                    marked: marked_count,
                    next,
                    rule: policy.rule,
                    unread_allowed: policy.unread_allowed,
                })
            })
            .await
    }

    /// Marks a document to be signed. `unread` overrides the rule of reading where the province
    /// allows that, and is audited.
    ///
    /// # Errors
    /// `ShownIsStale`, `FileNotHere`, `ReadingRequired`, `NotFound`, disk errors: then it is not
    /// marked.
    pub async fn mark(&self, document: DocumentId, shown: Sha256, unread: bool) -> Result<()> {
        let session = self.session().await?;
        let policy = session.reading_policy();
        let detail = self.document(document).await?;
        let (file, head) = signable(&detail).ok_or(DeskError::NotFound)?;
        if head.sha256 != shown {
            return Err(DeskError::ShownIsStale);
        }
        if file.place != Place::Here {
            session.driver.want(shown);
            return Err(DeskError::FileNotHere);
        }
        let now = self.now();
        let marked = session
            .with_store(move |store| {
                let is_read = is_read(policy.rule, &store.reading(shown)?);
                let may = is_read || (unread && policy.unread_allowed);
                if !may {
                    return Ok(false);
                }
                let mark = TrayMark {
                    document,
                    sha256: shown,
                    unread: !is_read,
                };
                store.mark(mark, now)?;
                Ok(true)
            })
            .await?;
        if !marked {
            return Err(DeskError::ReadingRequired);
        }
        self.events_bus().changed(&[ChangeTag::Signing]);
        Ok(())
    }

    /// Takes a mark away.
    ///
    /// # Errors
    /// Disk errors.
    pub async fn unmark(&self, document: DocumentId) -> Result<()> {
        let session = self.session().await?;
        session
            .with_store(move |store| store.unmark(document))
            .await?;
        self.events_bus().changed(&[ChangeTag::Signing]);
        Ok(())
    }

    /// A page of a file has been on the screen. Only the file's present bytes count.
    ///
    /// # Errors
    /// `ShownIsStale`, `NotFound` for an unknown file or page; the errors of [`Desk::pages`].
    pub async fn page_seen(
        &self,
        (document, file): (DocumentId, FileId),
        shown: Sha256,
        page: u32,
    ) -> Result<ReadingView> {
        let session = self.session().await?;
        let detail = self.document(document).await?;
        let view = file_of(&detail, file).ok_or(DeskError::NotFound)?;
        if view.head().is_none_or(|head| head.sha256 != shown) {
            return Err(DeskError::ShownIsStale);
        }
        // The renderer holds it open: it was on the screen.
        let pages = self.viewer().pages(&session, shown).await?.len();
        let pages = u32::try_from(pages).unwrap_or(u32::MAX);
        if page >= pages {
            return Err(DeskError::NotFound);
        }
        let (rule, now) = (session.reading_policy().rule, self.now());
        let reading = session
            .with_store(move |store| store.page_seen((document, shown), page, pages, now))
            .await?;
        if reading.is_whole() {
            // The renderer has it at hand now; later each document would have to be opened again.
            self.found_place(&session, &detail, shown).await;
        }
        self.events_bus().changed(&[ChangeTag::Signing]);
        Ok(ReadingView {
            may_mark: is_read(rule, &reading),
            reading,
        })
    }

    /// Where this person's signature goes on a file.
    ///
    /// # Errors
    /// `NotFound`, `FileNotHere`, `PdfCorrupt`, `PdfPassword`.
    pub async fn placement(
        &self,
        document: DocumentId,
        file: FileId,
    ) -> Result<(Placement, PlacementSource)> {
        let session = self.session().await?;
        let detail = self.document(document).await?;
        let view = file_of(&detail, file).ok_or(DeskError::NotFound)?;
        let head = view.head().ok_or(DeskError::NotFound)?.sha256;
        let kind = detail.row.kind;
        let source = session.blob(head).await?;
        let found = self.found_place(&session, &detail, head).await;
        session
            .with_store(move |store| {
                let remembered = store.placement(kind)?;
                let pages = inspect(source.as_ref()).map_err(|error| pdf_fault(&error));
                Ok(pages.and_then(|file| place_on(&file.pages, remembered, found)))
            })
            .await?
    }

    /// Remembers the place for all documents of this one's type; none forgets it.
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
        session
            .with_store(move |store| {
                let last = match inspect(source.as_ref()) {
                    Ok(found) => found.pages.len().saturating_sub(1),
                    Err(error) => return Ok(Err(pdf_fault(&error))),
                };
                // A signature on the last page belongs on the last page, however many there are.
                let stored = placement.map(|at| StoredPlacement {
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
}

/// What the province asks of a person who signs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadingPolicy {
    pub(crate) rule: ReadingRule,
    pub(crate) unread_allowed: bool,
}

impl Session {
    /// The province's rule; the strictest before the first contact.
    pub(crate) fn reading_policy(&self) -> ReadingPolicy {
        let signing = self.info().map(|info| info.signing).unwrap_or_default();
        ReadingPolicy {
            rule: signing.reading,
            unread_allowed: signing.unread_allowed,
        }
    }
}

/// Whether a reading satisfies a rule.
pub(crate) fn is_read(rule: ReadingRule, reading: &Reading) -> bool {
    match rule {
        ReadingRule::EveryPage => reading.is_whole(),
        ReadingRule::FirstPage => reading.seen.contains(&0),
        ReadingRule::Nothing => true,
    }
}

/// The file that a signature goes on, and its current bytes: the main one.
pub(crate) fn signable(detail: &DocumentDetail) -> Option<(&FileView, &RevisionView)> {
    let file = detail
        .files
        .iter()
        .find(|view| view.file.media_type == "application/pdf")?;
    Some((file, file.head()?))
}

pub(crate) fn file_of(detail: &DocumentDetail, file: FileId) -> Option<&FileView> {
    detail.files.iter().find(|view| view.file.id == file)
}

/// Whether a mark still says what the person saw, and the document still waits.
pub(crate) fn counts(detail: &DocumentDetail, mark: &TrayMark) -> bool {
    use congvan_model::DocumentState;
    detail.row.state == DocumentState::AwaitingSignature
        && signable(detail).is_some_and(|(_, head)| head.sha256 == mark.sha256)
}

fn tray_row(
    store: &Store,
    detail: &DocumentDetail,
    mark: Option<&TrayMark>,
    (rule, places): (ReadingRule, &FoundPlaces),
) -> std::result::Result<TrayRow, StoreError> {
    let found = signable(detail);
    let reading = match found {
        Some((_, head)) => store.reading(head.sha256)?,
        None => Reading::default(),
    };
    let file = found.map(|(view, head)| TrayFile {
        id: view.file.id,
        head: head.sha256,
        size: head.size,
        pages: Some(reading.pages)
            .filter(|pages| *pages > 0)
            .or(view.file.pages),
        place: view.place,
    });
    let here = file.as_ref().is_some_and(|file| file.place == Place::Here);
    Ok(TrayRow {
        marked: mark.is_some_and(|mark| counts(detail, mark)),
        may_mark: here && is_read(rule, &reading),
        placement: if store.placement(detail.row.kind)?.is_some() {
            PlacementSource::Remembered
        } else if found.is_some_and(|(_, head)| places.known(head.sha256).flatten().is_some()) {
            PlacementSource::Found
        } else {
            PlacementSource::Default
        },
        row: detail.row.clone(),
        file,
        reading,
    })
}

/// The usual place: the room that the decree leaves between the signer's position and name, for a
/// two-line signature. Millimetres from the lower right corner of the last page.
const USUAL: (f64, f64) = (95.0, 95.0);
/// Width and height of a signature that nobody has sized, in millimetres.
pub(crate) const SIZE: (f64, f64) = (70.0, 25.0);
/// No signature comes nearer to an edge than this.
const EDGE_MM: f64 = 5.0;

/// The place on a document's own pages: remembered, else found, else the usual one. A remembered place that lies outside of them is moved in.
pub(crate) fn place_on(
    pages: &[PageSize],
    remembered: Option<StoredPlacement>,
    found: Option<Placement>,
) -> Result<(Placement, PlacementSource)> {
    if let (None, Some(found)) = (remembered, found) {
        return Ok((found, PlacementSource::Found));
    }
    let last = pages.len().saturating_sub(1);
    let (wanted, origin) = match remembered {
        Some(at) => (at, PlacementSource::Remembered),
        None => {
            let size = pages.last().ok_or(DeskError::PdfCorrupt)?;
            let ((right, bottom), (width, height)) = (USUAL, SIZE);
            let at = StoredPlacement {
                page: None,
                x: size.width_mm - right,
                y: size.height_mm - bottom,
                width,
                height,
            };
            (at, PlacementSource::Default)
        }
    };
    let page = wanted
        .page
        .and_then(|page| usize::try_from(page).ok())
        .map_or(last, |page| page.min(last));
    let size = pages.get(page).ok_or(DeskError::PdfCorrupt)?;
    let inside =
        |at: f64, extent: f64, whole: f64| at.min(whole - extent - EDGE_MM).max(EDGE_MM.min(whole));
    let placement = Placement {
        page,
        x: inside(wanted.x, wanted.width, size.width_mm),
        y: inside(wanted.y, wanted.height, size.height_mm),
        width: wanted.width.min(size.width_mm - 2.0 * EDGE_MM),
        height: wanted.height.min(size.height_mm - 2.0 * EDGE_MM),
    };
    Ok((placement, origin))
}
