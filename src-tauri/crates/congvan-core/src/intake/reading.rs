//! Reading letters in the background: what the register wants to know of each, then all their words.
//!
//! The heads of all letters come first, because a person waits for them; the rest is read for search
//! when nothing else is to do ([`searching`]), and after it the files of documents, as soon as they are
//! here. Tesseract runs in processes of low priority, one for each core that reading may take, so that
//! the desk answers meanwhile. Nothing new is begun while a person signs. What is being read when the
//! program ends is read again at the next opening: a letter stays "to be read" until its reading is written.
//!
//! Invariant: of a letter that carries a mark of secrecy no word reaches the store, the log or the
//! network: it is looked for before anything that was read is written.

use std::{
    collections::{HashMap, HashSet},
    num::NonZeroUsize,
    sync::{Arc, Weak},
    time::Duration,
};

use congvan_intake::{Reading, Settled, read_letter};
use congvan_model::Sha256;
use congvan_store::{
    FieldReading, LetterFault, LetterFields, LetterId, LetterPage, LetterReading, LetterToRead,
    PaperMarks, SheetFacts, Store, StoreError,
};
use congvan_worker::{
    DocumentHandle, LetterError, LetterPage as OpenPage, LetterText, OcrClient, OcrError, OcrPaths,
    RenderClient, RenderError, read_head,
};
use tokio::task::JoinSet;

use super::{agencies, learning::Learned, letter_fields::letter_reading, searching};
use crate::{
    ChangeTag, Desk, DeskError, Result,
    register::{
        copy::USUAL,
        room::{Paper, Standing},
    },
    search::read as read_file,
    session::Session,
    signing::SignStage,
};

/// Most worker processes: each holds a core and 100 MB.
const MOST_WORKERS: usize = 4;
/// While a person signs, nothing new is begun.
const COURTESY: Duration = Duration::from_millis(500);
/// The store or a worker fails: asking again at once does not help.
const AFTER_FAULT: Duration = Duration::from_secs(30);

/// Tesseract's processes, as many as there are cores.
pub(crate) fn ocr(workers: &congvan_worker::WorkerPaths) -> OcrClient {
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let most = NonZeroUsize::new(MOST_WORKERS).unwrap_or(NonZeroUsize::MIN);
    OcrClient::new(
        OcrPaths::beside(workers.executable.clone()),
        cores.min(most),
    )
}

impl Desk {
    /// Starts reading the letters of a session that has just been opened; ends with it.
    pub(crate) fn start_reading(self: &Arc<Self>, session: &Arc<Session>) {
        let work = run(self.clone(), Arc::downgrade(session));
        let work = session.intake.tasks.track_future(work);
        self.tracker().spawn(work);
    }

    /// A person signs, or a batch runs.
    fn is_signing(&self) -> bool {
        self.sign_progress().0 != SignStage::Idle || self.batches().view().is_some()
    }

    /// Waits while a person signs.
    pub(crate) async fn after_signing(&self) {
        while self.is_signing() {
            tokio::time::sleep(COURTESY).await;
        }
    }
}

/// What came of a letter: which, and whether it may be asked for again at once.
type Landed = (LetterId, bool);

async fn run(desk: Arc<Desk>, session: Weak<Session>) {
    if let Some(session) = session.upgrade() {
        // Tesseract may have been installed since.
        let again = session.with_store(|store| store.letters_read_again(LetterFault::OcrMissing));
        if let Err(error) = again.await {
            tracing::warn!(%error, "letters that were not read are not read again");
        }
    }
    let mut work = Work::default();
    loop {
        let Some(session) = session.upgrade() else {
            break;
        };
        let here = &session.intake;
        if here.cancel.is_cancelled() {
            break;
        }
        let sleep = work.launch(&desk, &session).await;
        if work.heads.is_empty() {
            agencies::put_away(&session);
        }
        tokio::select! {
            () = here.cancel.cancelled() => break,
            () = here.letters.notified() => {}
            () = tokio::time::sleep(sleep) => {}
            Some(landed) = work.heads.join_next(), if !work.heads.is_empty() => {
                work.landed(landed.ok());
            }
            Some(landed) = work.rest.join_next(), if !work.rest.is_empty() => {
                work.landed(landed.ok());
            }
            Some(landed) = work.files.join_next(), if !work.files.is_empty() => {
                if let Ok((sha256, false)) = landed {
                    work.files_given_up.insert(sha256);
                }
            }
        }
    }
    // Each of them has the cancelled token and ends by itself.
    while work.heads.join_next().await.is_some() {}
    while work.rest.join_next().await.is_some() {}
    while work.files.join_next().await.is_some() {}
}

/// What is being read.
#[derive(Default)]
struct Work {
    heads: JoinSet<Landed>,
    rest: JoinSet<Landed>,
    /// Files of documents, one at a time.
    files: JoinSet<(Sha256, bool)>,
    files_given_up: HashSet<Sha256>,
    in_flight: HashSet<LetterId>,
    /// Failed in this run for reasons that are not theirs: not again before the next.
    given_up: HashSet<LetterId>,
}

impl Work {
    fn landed(&mut self, landed: Option<Landed>) {
        match landed {
            Some((id, sound)) => {
                self.in_flight.remove(&id);
                if !sound {
                    self.given_up.insert(id);
                }
            }
            // A panic, which is a fault of ours: who it was is not known.
            None => {
                tracing::error!("reading a letter panicked");
                if self.heads.is_empty() && self.rest.is_empty() {
                    let lost = std::mem::take(&mut self.in_flight);
                    self.given_up.extend(lost);
                }
            }
        }
    }

    /// Begins as much as there are places for. Says how long there is nothing to do unless something
    /// happens.
    async fn launch(&mut self, desk: &Arc<Desk>, session: &Arc<Session>) -> Duration {
        if desk.is_signing() {
            return COURTESY;
        }
        // One more than is read, so that a page is drawn while others are read.
        let places = reading_places();
        let limit = u32::try_from(places.saturating_mul(2).saturating_add(self.given_up.len()))
            .unwrap_or(u32::MAX);
        let wanted = session
            .with_store(move |store| {
                let heads = store.letters_to_read(limit)?;
                let rest = match heads.is_empty() {
                    true => store.letters_to_search(limit)?,
                    false => Vec::new(),
                };
                Ok((heads, rest))
            })
            .await;
        let (heads, rest) = match wanted {
            Ok(wanted) => wanted,
            Err(error) => {
                tracing::warn!(%error, "which letters are to be read is not known");
                return AFTER_FAULT;
            }
        };
        for letter in heads {
            if self.heads.len() >= places {
                break;
            }
            if self.takes(letter.id) {
                self.heads
                    .spawn(head(desk.clone(), session.clone(), letter));
            }
        }
        // One letter at a time, and only while nobody waits for a head.
        if self.heads.is_empty()
            && self.rest.is_empty()
            && let Some(letter) = rest.into_iter().find(|letter| self.takes(letter.id))
        {
            let work = searching::rest(desk.clone(), session.clone(), letter);
            self.rest.spawn(work);
        }
        if self.heads.is_empty() && self.rest.is_empty() && self.files.is_empty() {
            self.launch_file(desk, session).await;
        }
        AFTER_FAULT
    }

    /// A file of a document, where no letter waits.
    async fn launch_file(&mut self, desk: &Arc<Desk>, session: &Arc<Session>) {
        let limit = u32::try_from(self.files_given_up.len().saturating_add(1)).unwrap_or(u32::MAX);
        match session
            .with_store(move |store| store.files_to_read(limit))
            .await
        {
            Ok(files) => {
                let file = files
                    .into_iter()
                    .find(|file| !self.files_given_up.contains(file));
                if let Some(file) = file {
                    self.files
                        .spawn(read_file(desk.clone(), session.clone(), file));
                }
            }
            Err(error) => tracing::warn!(%error, "which files are to be read is not known"),
        }
    }

    fn takes(&mut self, id: LetterId) -> bool {
        !self.given_up.contains(&id) && self.in_flight.insert(id)
    }
}

fn reading_places() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    cores.min(MOST_WORKERS).saturating_add(1)
}

async fn head(desk: Arc<Desk>, session: Arc<Session>, letter: LetterToRead) -> Landed {
    let id = letter.id;
    let work = read_one(&desk, &session, letter);
    match session.intake.cancel.run_until_cancelled(work).await {
        None | Some(Ok(())) => {
            desk.events_bus().changed(&[ChangeTag::Intake]);
            (id, true)
        }
        Some(Err(error)) => {
            tracing::warn!(letter = %id, %error, "a letter is not read");
            (id, false)
        }
    }
}

async fn read_one(desk: &Desk, session: &Arc<Session>, letter: LetterToRead) -> Result<()> {
    let learned = session.with_store(Learned::load).await?;
    let directory = agencies::directory(session).await?;
    let listed = agencies::listed(session).await?;
    let (id, rev) = (letter.id, letter.pages_rev);
    let read = read_pages(desk, session, &letter.pages).await;
    let mut reading = match read {
        Ok((text, stamp_room)) => {
            let mut found = read_letter(&text.pages, &learned.knowledge);
            if found.secret.is_some() {
                return refuse(desk, session, id).await;
            }
            let known = tokio::task::spawn_blocking(move || {
                let settled = listed.settle(&mut found);
                (found, settled)
            });
            let (found, settled) = known.await?;
            LetterReading {
                stamp_room,
                ..understood(&found, settled, &learned)
            }
        }
        Err(error) => unread(fault_of(error)?),
    };
    if reading.fields.issuer_code.is_none() {
        let code = directory.code_of(&reading.fields.issuer);
        reading.fields.issuer_code = code.map(str::to_owned);
    }
    let now = desk.now();
    session
        .with_store(move |store| {
            reading.duplicates = store.same_papers(id, &marks(&reading.fields))?;
            congvan_store::fail_point("intake.read");
            store.letter_read((id, rev), &reading, now).map(drop)
        })
        .await
}

fn understood(found: &Reading, settled: Settled, learned: &Learned) -> LetterReading {
    let mut reading = letter_reading(found);
    let issuer = reading.fields.issuer.clone();
    learned.apply(&mut reading);
    // What people wrote before is another name, or has its own code.
    if reading.fields.issuer_code.is_none() && reading.fields.issuer == issuer {
        reading.fields.issuer_code = settled.code;
    }
    reading
}

/// A letter of which nothing was read: a person fills the form.
fn unread(code: LetterFault) -> LetterReading {
    let fields = [
        "issuer",
        "notation",
        "issued_on",
        "kind",
        "subject",
        "signer_position",
        "signer_name",
    ];
    LetterReading {
        readings: fields
            .into_iter()
            .map(|field| FieldReading {
                field: field.to_owned(),
                confidence: 0.0,
                places: Vec::new(),
            })
            .collect(),
        code: Some(code),
        ..LetterReading::default()
    }
}

/// A secret letter goes: its bytes and everything of it but the name of its file. Where it shares a
/// stack with others, its pages are taken out of the stack.
pub(super) async fn refuse(desk: &Desk, session: &Session, id: LetterId) -> Result<()> {
    let now = desk.now();
    let shared = session
        .with_store(move |store| store.letter_secret(id, now))
        .await?;
    tracing::warn!(letter = %id, "a letter with a mark of secrecy was not kept");
    for stack in shared {
        desk.redact_stack(session, stack).await?;
    }
    Ok(())
}

/// What keeps a letter from being read; errors that say nothing of the letter come back.
fn fault_of(error: DeskLetterError) -> Result<LetterFault> {
    match error {
        DeskLetterError::Letter(LetterError::Ocr(OcrError::WorkerLost { loss })) => {
            tracing::warn!(%loss, "no letter is read: Tesseract does not start");
            Ok(LetterFault::OcrMissing)
        }
        DeskLetterError::Letter(
            LetterError::Ocr(OcrError::BadPicture | OcrError::Engine | OcrError::PictureFailed)
            | LetterError::Render(
                RenderError::Corrupt
                | RenderError::PasswordNeeded
                | RenderError::PageOutOfRange { .. }
                | RenderError::TooLarge { .. }
                | RenderError::Engine { .. }
                | RenderError::PageFailed { .. }
                | RenderError::TimedOut { .. },
            ),
        ) => Ok(LetterFault::Unreadable),
        DeskLetterError::Letter(LetterError::Render(
            error @ (RenderError::SourceFailed
            | RenderError::NotOpen
            | RenderError::WorkerLost { .. }),
        )) => Err(error.into()),
        DeskLetterError::Desk(error) => Err(error),
    }
}

/// Why the pages of a letter give no words.
pub(super) enum DeskLetterError {
    Letter(LetterError),
    Desk(DeskError),
}

impl From<LetterError> for DeskLetterError {
    fn from(error: LetterError) -> Self {
        Self::Letter(error)
    }
}

impl From<RenderError> for DeskLetterError {
    fn from(error: RenderError) -> Self {
        Self::Letter(error.into())
    }
}

impl From<DeskError> for DeskLetterError {
    fn from(error: DeskError) -> Self {
        Self::Desk(error)
    }
}

async fn read_pages(
    desk: &Desk,
    session: &Arc<Session>,
    pages: &[LetterPage],
) -> std::result::Result<(LetterText, Option<bool>), DeskLetterError> {
    let opened = Opened::open(session, pages).await?;
    look_at_pictures(session, &opened, pages).await?;
    let read = read_head(&session.intake.render, desk.ocr(), &opened.pages).await?;
    let room = match opened.pages.first() {
        Some(first) => stamp_room(&session.intake.render, *first).await,
        None => None,
    };
    Ok((read, room))
}

/// Whether the first page has blank paper for the stamp, so that a person hears of it before the letter
/// is registered. Where the stamp goes is found out then, on the page as it is registered.
async fn stamp_room(render: &RenderClient, first: OpenPage) -> Option<bool> {
    let ink = render.page_ink(first.document, first.page).await.ok()?;
    let paper = Paper::new(&ink.turned(first.turns))?;
    let words = paper.words().map(|spot| spot.rect);
    let found = paper.stamp(USUAL, words)?;
    Some(found.standing != Standing::OnPrint)
}

/// Notes how dense the pictures of pages are and whether they have colour, where that is not known:
/// of images it is known since they came.
async fn look_at_pictures(
    session: &Arc<Session>,
    opened: &Opened,
    pages: &[LetterPage],
) -> std::result::Result<(), DeskLetterError> {
    for (page, place) in pages.iter().zip(&opened.pages) {
        if page.sheet.facts.colour.is_some() {
            continue;
        }
        let text = session
            .intake
            .render
            .page_text(place.document, place.page)
            .await?;
        let Some(picture) = text.picture else {
            continue;
        };
        let facts = SheetFacts {
            dpi: (picture.dpi > 0.0).then_some(picture.dpi),
            colour: Some(picture.is_colour),
            ..SheetFacts::default()
        };
        let (stack, number) = (page.stack, page.page);
        session
            .with_store(move |store| store.stack_facts(stack, number, &facts))
            .await?;
    }
    Ok(())
}

/// The PDFs of a letter's stacks, open in the worker until this is dropped.
pub(super) struct Opened {
    render: RenderClient,
    handles: HashMap<Sha256, DocumentHandle>,
    /// The letter's pages in order.
    pub(super) pages: Vec<OpenPage>,
}

impl Opened {
    pub(super) async fn open(
        session: &Session,
        pages: &[LetterPage],
    ) -> std::result::Result<Self, DeskLetterError> {
        let mut opened = Self {
            render: session.intake.render.clone(),
            handles: HashMap::new(),
            pages: Vec::with_capacity(pages.len()),
        };
        for page in pages {
            let document = match opened.handles.get(&page.pdf) {
                Some(handle) => *handle,
                None => {
                    let source = session.blob(page.pdf).await?;
                    let handle = opened.render.open(source).await?.handle;
                    opened.handles.insert(page.pdf, handle);
                    handle
                }
            };
            opened.pages.push(OpenPage {
                document,
                page: page.page,
                turns: page.turns,
            });
        }
        Ok(opened)
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        for handle in self.handles.values() {
            self.render.close(*handle);
        }
    }
}

/// What a letter says of itself, for finding the same paper.
fn marks(fields: &LetterFields) -> PaperMarks {
    PaperMarks {
        notation: fields.notation.clone(),
        issued_on: fields.issued_on.clone(),
        issuer: fields.issuer.clone(),
        issuer_code: fields.issuer_code.clone(),
    }
}

/// Looks for the same paper again, with the fields as a person has written them. Blocks.
pub(super) fn renew_duplicates(
    store: &Store,
    id: LetterId,
    fields: &LetterFields,
) -> std::result::Result<(), StoreError> {
    let found = store.same_papers(id, &marks(fields))?;
    store.letter_duplicates_set(id, &found)
}
