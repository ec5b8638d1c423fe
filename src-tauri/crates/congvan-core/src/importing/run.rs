//! The dry run and the import itself: the table is read on a thread of its own, batch by batch, and waits
//! for what is done with each.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use congvan_protocol::import::ROWS_MAX;
use congvan_store::{Queued, RowWithFiles, StackFault, Store, StoreError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    FaultAt, ImportRefusal, Judgement, Office, Table, Taken,
    faults::RowNotice,
    judge::{Good, Judged},
    source::Line,
};
use crate::{Desk, DeskError, Result, intake::copy_file, session::Session};

/// Most bytes of rows in one intent; several of them travel in one round.
const BATCH_BYTES: usize = 192 * 1024;
/// Most files that one transaction adds.
const BATCH_FILES: usize = 50;
/// How often a paused import looks whether it goes on.
const PAUSED_LOOK: Duration = Duration::from_millis(100);

/// What is done with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportStep {
    /// Every row is judged; nothing is written.
    Judging,
    /// Rows are taken over.
    Importing,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportProgress {
    /// What is under way.
    pub step: ImportStep,
    /// Rows that are done.
    pub done: u32,
    /// It waits for a person to let it go on.
    pub paused: bool,
}

/// Something under way on a table.
#[derive(Clone)]
pub(super) struct Work {
    step: ImportStep,
    done: Arc<AtomicU32>,
    paused: Arc<AtomicBool>,
    cancel: CancellationToken,
}

impl Work {
    pub(super) fn progress(&self) -> ImportProgress {
        ImportProgress {
            step: self.step,
            done: self.done.load(Ordering::Relaxed),
            paused: self.paused.load(Ordering::Relaxed),
        }
    }
}

impl Desk {
    /// Begins to judge every row of the table; nothing is written.
    ///
    /// # Errors
    /// `NotLoggedIn`, `NotClerk`; [`ImportRefusal`].
    pub async fn import_judge(self: &Arc<Self>) -> Result<()> {
        self.import_begin(ImportStep::Judging).await
    }

    /// Begins to take over every good row of the table. Done again, after a kill as well, it goes on:
    /// what is here is not taken again.
    ///
    /// # Errors
    /// `NotLoggedIn`, `NotClerk`; [`ImportRefusal`], `Changed` for a table that is not the one that was
    /// judged.
    pub async fn import_start(self: &Arc<Self>) -> Result<()> {
        let session = self.session().await?;
        let table = session.importing.get().ok_or(ImportRefusal::NoTable)?;
        let source = table.source.clone();
        let is_same = tokio::task::spawn_blocking(move || source.is_unchanged()).await?;
        if table.judged.is_none() || !is_same {
            return Err(ImportRefusal::Changed.into());
        }
        self.import_begin(ImportStep::Importing).await
    }

    /// Lets the import wait, or go on.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn import_pause(&self, paused: bool) -> Result<()> {
        let session = self.session().await?;
        if let Some(work) = session.importing.get().and_then(|table| table.work) {
            work.paused.store(paused, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Ends what is under way; what was taken over stays.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn import_stop(&self) -> Result<()> {
        let session = self.session().await?;
        if let Some(work) = session.importing.get().and_then(|table| table.work) {
            work.cancel.cancel();
        }
        Ok(())
    }

    async fn import_begin(self: &Arc<Self>, step: ImportStep) -> Result<()> {
        let session = self.session().await?;
        let office = self.import_office(&session).await?;
        let work = Work {
            step,
            done: Arc::default(),
            paused: Arc::default(),
            cancel: session.intake.cancel.child_token(),
        };
        let table = {
            let mut slot = session.importing.lock();
            let table = slot.as_mut().ok_or(ImportRefusal::NoTable)?;
            if table.work.is_some() {
                return Err(ImportRefusal::Busy.into());
            }
            table.is_ready()?;
            table.work = Some(work.clone());
            table.clone()
        };
        let desk = self.clone();
        let tasks = session.intake.tasks.clone();
        let run = async move {
            match step {
                ImportStep::Judging => {
                    let judged = judge_all(&session, (table, office), &work).await;
                    session
                        .importing
                        .end(|table| table.judged = judged.map(Arc::new));
                }
                ImportStep::Importing => {
                    let taken = take_all(&desk, &session, (table, office), &work).await;
                    session.importing.end(|table| table.taken = Some(taken));
                }
            }
            desk.acted(&session);
        };
        self.tracker().spawn(tasks.track_future(run));
        Ok(())
    }
}

impl super::Importing {
    fn end(&self, with: impl FnOnce(&mut Table)) {
        if let Some(table) = self.lock().as_mut() {
            table.work = None;
            with(table);
        }
    }
}

/// Reads a table and judges its rows on a thread of its own. `with` says whether it goes on.
fn each_judged(
    store: &Store,
    (table, office): &(Table, Office),
    mut with: impl FnMut(&Line, Judged) -> bool,
) -> Result<()> {
    let mut judge = office.judge(store, &table.mapping, table.folder.as_deref());
    let mut failed = None;
    table.source.rows(|line| match judge.judge(&line) {
        Ok(judged) => with(&line, judged),
        Err(error) => {
            failed = Some(error);
            false
        }
    })?;
    match failed {
        None => Ok(()),
        Some(error) => Err(error.into()),
    }
}

/// None when it was ended, or the table could not be read to its end.
async fn judge_all(session: &Session, of: (Table, Office), work: &Work) -> Option<Judgement> {
    let (store, work) = (session.store.clone(), work.clone());
    let judging = tokio::task::spawn_blocking(move || {
        let mut found = Judgement::default();
        each_judged(&store, &of, |_, judged| {
            work.done.fetch_add(1, Ordering::Relaxed);
            count(&mut found, judged);
            !work.cancel.is_cancelled()
        })?;
        Ok::<_, DeskError>((!work.cancel.is_cancelled()).then_some(found))
    });
    match judging.await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a table was not judged to its end");
            None
        }
        Err(error) => {
            tracing::error!(%error, "judging a table panicked");
            None
        }
    }
}

fn count(found: &mut Judgement, judged: Judged) {
    match judged {
        Ok(good) => {
            let files = u32::try_from(good.files.len()).unwrap_or(u32::MAX);
            match good.here {
                None => found.good = found.good.saturating_add(1),
                Some(_) => found.already = found.already.saturating_add(1),
            }
            if needs_files(&good) {
                found.files = found.files.saturating_add(files);
                if good.here.is_some() {
                    found.more_files = found.more_files.saturating_add(1);
                }
            }
            for notice in good.notices {
                more(found.notices.entry(notice).or_default());
            }
        }
        Err(faults) => {
            found.refused = found.refused.saturating_add(1);
            let mut kinds: Vec<_> = faults.iter().map(|one| one.fault).collect();
            kinds.sort_unstable();
            kinds.dedup();
            for kind in kinds {
                more(found.faults.entry(kind).or_default());
            }
            found.all.extend(faults);
        }
    }
}

fn more(count: &mut u32) {
    *count = count.saturating_add(1);
}

/// Whether it has files that its document lacks.
fn needs_files(good: &Good) -> bool {
    good.files.len() > good.here.unwrap_or(0)
}

/// Rows that go into the outbox together.
type Batch = Vec<Good>;

async fn take_all(
    desk: &Arc<Desk>,
    session: &Arc<Session>,
    of: (Table, Office),
    work: &Work,
) -> Taken {
    let mut taken = Taken::default();
    let (agency, source) = (of.1.agency.code.clone(), of.0.source.sha256);
    let (sender, mut batches) = mpsc::channel::<(Batch, u32)>(2);
    let (store, cancel) = (session.store.clone(), work.cancel.clone());
    let reading = tokio::task::spawn_blocking(move || read_batches(&store, &of, &sender, &cancel));
    while let Some(Some((batch, done))) = work.cancel.run_until_cancelled(batches.recv()).await {
        while work.paused.load(Ordering::Relaxed) && !work.cancel.is_cancelled() {
            tokio::time::sleep(PAUSED_LOOK).await;
        }
        if work.cancel.is_cancelled() {
            break;
        }
        let agency = agency.clone();
        let (author, now) = (session.account.clone(), desk.now());
        let recorded = session
            .with_store(move |store| {
                let (rows, lost) = with_files(store, batch, now)?;
                congvan_store::fail_point("import.batch");
                let author = (author.id, author.full_name.as_str());
                let queued = store.import_rows((&agency, source), &rows, author, now)?;
                Ok((queued, lost))
            })
            .await;
        match recorded {
            Ok((Queued { rows, files }, lost)) => {
                taken.rows = taken.rows.saturating_add(rows);
                taken.files = taken.files.saturating_add(files);
                taken.lost_files = taken.lost_files.saturating_add(lost);
                work.done.store(done, Ordering::Relaxed);
                desk.acted(session);
            }
            Err(error) => {
                taken.disk_full = matches!(error, DeskError::Store(StoreError::Full));
                taken.stopped = true;
                tracing::warn!(%error, "an import ends before its last row");
                break;
            }
        }
    }
    drop(batches);
    let read = reading.await;
    taken.stopped |= work.cancel.is_cancelled() || !matches!(read, Ok(Ok(())));
    tracing::info!(
        rows = taken.rows,
        files = taken.files,
        stopped = taken.stopped,
        "rows of a previous system were taken over"
    );
    taken
}

/// Sends the good rows in batches, each with how many rows of the table are done by then.
fn read_batches(
    store: &Store,
    of: &(Table, Office),
    to: &mpsc::Sender<(Batch, u32)>,
    cancel: &CancellationToken,
) -> Result<()> {
    let (mut batch, mut done) = (Batch::new(), 0_u32);
    let (mut bytes, mut files) = (0, 0);
    each_judged(store, of, |_, judged| {
        done = done.saturating_add(1);
        let wanted = judged
            .ok()
            .filter(|good| good.here.is_none() || needs_files(good));
        let Some(good) = wanted else {
            return !cancel.is_cancelled();
        };
        bytes += serde_json::to_vec(&good.row).map_or(0, |row| row.len());
        files += good.files.len();
        batch.push(good);
        if batch.len() < ROWS_MAX && bytes < BATCH_BYTES && files < BATCH_FILES {
            return !cancel.is_cancelled();
        }
        (bytes, files) = (0, 0);
        to.blocking_send((std::mem::take(&mut batch), done)).is_ok()
    })?;
    // Whoever does not take it has ended.
    let _ = to.blocking_send((batch, done));
    Ok(())
}

/// Copies the files of a batch into the store; those that are no longer there are counted.
fn with_files(
    store: &Store,
    batch: Batch,
    now: congvan_model::Timestamp,
) -> std::result::Result<(Vec<RowWithFiles>, u32), StoreError> {
    let (mut rows, mut lost) = (Vec::with_capacity(batch.len()), 0_u32);
    for good in batch {
        let mut files = Vec::new();
        let wanted: Vec<(PathBuf, String)> = match needs_files(&good) {
            true => good.files,
            false => Vec::new(),
        };
        for (path, name) in wanted {
            match copy_file(store, &path, now)? {
                Ok(info) => files.push((info.sha256, info.size, name)),
                Err(StackFault::DiskFull) => return Err(StoreError::Full),
                Err(_) => more(&mut lost),
            }
        }
        rows.push(RowWithFiles {
            row: good.row,
            files,
        });
    }
    Ok((rows, lost))
}

/// The faults and notices of a dry run by their codes, for whoever shows or compares them.
impl Judgement {
    /// A part of the faults, of one kind or all.
    #[must_use]
    pub fn part(
        &self,
        kind: Option<super::RowFault>,
        (offset, limit): (usize, usize),
    ) -> (Vec<FaultAt>, usize) {
        let of_kind = |one: &&FaultAt| kind.is_none_or(|kind| one.fault == kind);
        let total = self.all.iter().filter(of_kind).count();
        let part = self.all.iter().filter(of_kind).skip(offset).take(limit);
        (part.copied().collect(), total)
    }

    /// How many rows have a notice.
    #[must_use]
    pub fn noticed(&self, notice: RowNotice) -> u32 {
        self.notices.get(&notice).copied().unwrap_or_default()
    }
}
