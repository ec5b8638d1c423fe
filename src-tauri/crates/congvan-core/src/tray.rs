//! Trình ký: what waits for this person's signature, what of it was read and what is marked.

use std::collections::HashMap;

use congvan_model::{DocumentId, FileId, Sha256};
use congvan_protocol::ReadingRule;
use congvan_store::{
    DocumentDetail, DocumentRow, FileView, Filter, ListQuery, PageKey, Place, Reading,
    RevisionView, Store, StoreError, TrayMark, View,
};

use crate::{
    ChangeTag, Desk, DeskError, PlacementSource, Result, look::role_of, session::Session,
    shown::Judge,
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

/// Why a person signs what was not on the screen as far as the province's rule asks. Codes, since
/// the audit holds no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnreadReason {
    /// The paper was read.
    ReadOnPaper,
    /// The same text was read elsewhere or before.
    ReadBefore,
    /// Those who prepared it have reported on it.
    Reported,
    /// There is no time to read it.
    Urgent,
}

impl UnreadReason {
    /// The word in the audit; frozen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ReadOnPaper => "read_on_paper",
            Self::ReadBefore => "read_before",
            Self::Reported => "reported",
            Self::Urgent => "urgent",
        }
    }
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
        let (places, judge) = (self.places().clone(), self.judge(&session));
        let role = role_of(&session.signing_account(self.now())?, None);
        let list = ListQuery {
            view: View::ToSign,
            search: query.search,
            filter: Filter::default(),
            after: query.after,
            skip: 0,
            limit: query.limit,
            now: self.now(),
        };
        session
            .with_store(move |store| {
                let (marks, mut marked) = marked_rows(store, &judge)?;
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
                    let Some(detail) = store.document(row.id, list.now)? else {
                        continue;
                    };
                    if let Some((file, _)) = signable(&detail) {
                        judge.follow(store, file)?;
                    }
                    let found = |head| places.known(head, role).flatten().is_some();
                    let mark = marks.get(&row.id);
                    rows.push(tray_row(store, &detail, mark, (policy.rule, &found))?);
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
    /// allows that: an act of its own, with its reason in the audit.
    ///
    /// # Errors
    /// `ShownIsStale`, `FileNotHere`, `ReadingRequired`, `NotFound`, disk errors: then it is not
    /// marked.
    pub async fn mark(
        &self,
        document: DocumentId,
        shown: Sha256,
        unread: Option<UnreadReason>,
    ) -> Result<()> {
        let session = self.session().await?;
        let policy = session.reading_policy();
        let detail = self.document(document).await?;
        let (file, _) = signable(&detail).ok_or(DeskError::NotFound)?;
        let shown = self.still_shown(&session, file, shown).await?;
        if file.place != Place::Here {
            session.driver.want(shown);
            return Err(DeskError::FileNotHere);
        }
        let now = self.now();
        let marked = session
            .with_store(move |store| {
                let is_read = is_read(policy.rule, &store.reading(shown)?);
                let overridden = unread.filter(|_| policy.unread_allowed && !is_read);
                if !is_read && overridden.is_none() {
                    return Ok(false);
                }
                store.mark((document, shown), overridden.map(UnreadReason::word), now)?;
                Ok(true)
            })
            .await?;
        if !marked {
            return Err(DeskError::ReadingRequired);
        }
        self.events_bus().changed(&[ChangeTag::Signing]);
        Ok(())
    }

    /// The current bytes of a file, which are what was shown or complete it.
    ///
    /// # Errors
    /// `ShownIsStale`; disk errors.
    pub(crate) async fn still_shown(
        &self,
        session: &Session,
        file: &FileView,
        shown: Sha256,
    ) -> Result<Sha256> {
        let head = file.head().ok_or(DeskError::NotFound)?.sha256;
        if head == shown {
            return Ok(shown);
        }
        let (judge, file) = (self.judge(session), file.clone());
        let found = session
            .with_store(move |store| judge.still_shown(store, &file, shown))
            .await?;
        found.ok_or(DeskError::ShownIsStale)
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
        let shown = self.still_shown(&session, view, shown).await?;
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
            let look = self.look(&session, None).await?;
            self.found_place(&session, &detail, (shown, &look)).await;
        }
        self.events_bus().changed(&[ChangeTag::Signing]);
        Ok(ReadingView {
            may_mark: is_read(rule, &reading),
            reading,
        })
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

type Marks = HashMap<DocumentId, TrayMark>;

/// Every mark, and the rows of those that count. A mark goes along with a completion.
fn marked_rows(
    store: &Store,
    judge: &Judge,
) -> std::result::Result<(Marks, Vec<DocumentRow>), StoreError> {
    let (mut marks, mut rows) = (Marks::new(), Vec::new());
    for mut mark in store.marks()? {
        if let Some(detail) = store.document(mark.document, judge.now)? {
            if let Some((file, _)) = signable(&detail)
                && let Some(head) = judge.still_shown(store, file, mark.sha256)?
            {
                mark.sha256 = head;
            }
            if counts(&detail, &mark) {
                rows.push(detail.row);
            }
        }
        marks.insert(mark.document, mark);
    }
    Ok((marks, rows))
}

fn tray_row(
    store: &Store,
    detail: &DocumentDetail,
    mark: Option<&TrayMark>,
    (rule, has_place): (ReadingRule, &dyn Fn(Sha256) -> bool),
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
        } else if found.is_some_and(|(_, head)| has_place(head.sha256)) {
            PlacementSource::Found
        } else {
            PlacementSource::Default
        },
        row: detail.row.clone(),
        file,
        reading,
    })
}
