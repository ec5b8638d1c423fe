//! Taking files in: bytes first, then the row, then everything else.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use congvan_model::Timestamp;
use congvan_store::{
    AddedStack, BlobInfo, NewStack, StackFault, StackId, StackOrigin, Store, StoreError,
};

use super::{
    MOST_BYTES,
    format::{TAIL, format_of, is_whole},
    is_full,
};
use crate::{ChangeTag, Desk, Result, session::Session};

/// Bytes read at once.
const PART: usize = 256 * 1024;

/// What became of files that were handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddedStacks {
    /// One for each file, in order.
    pub files: Vec<AddedFile>,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedFile {
    /// Where it is; empty for bytes that came without a file.
    pub path: PathBuf,
    /// Its row in the inbox; none when not even that could be written.
    pub stack: Option<StackId>,
    /// Why it was not taken in; none: it is durable here.
    pub code: Option<StackFault>,
}

impl AddedFile {
    /// Whether its bytes are durable here, so that the file outside may go: taken in now, or before.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        matches!(self.code, None | Some(StackFault::SameFile))
    }
}

impl Desk {
    /// Takes files in: each is copied into the encrypted store, then entered. Returns when every file
    /// is durable here, or has its fault in the inbox; pages are counted and letters made in the
    /// background. The files are only read. Of a folder the files directly in it are taken.
    ///
    /// # Errors
    /// `NotLoggedIn`; disk errors before anything was written.
    pub async fn intake_add(
        self: &Arc<Self>,
        paths: Vec<PathBuf>,
        origin: StackOrigin,
    ) -> Result<AddedStacks> {
        let session = self.session().await?;
        let _one_after_the_other = session.intake.adding.lock().await;
        let paths = tokio::task::spawn_blocking(move || unfolded(paths)).await?;
        // The watched folder is looked through again by itself after a crash.
        let wishes = if origin == StackOrigin::Dropped {
            let now = self.now();
            let texts: Option<Vec<String>> = paths
                .iter()
                .map(|path| path.to_str().map(str::to_owned))
                .collect();
            match texts {
                Some(texts) => {
                    session
                        .with_store(move |store| store.scan_wishes_add(&texts, now))
                        .await?
                }
                // A path that is no text cannot be written down; its file is copied all the same.
                None => Vec::new(),
            }
        } else {
            Vec::new()
        };
        self.events_bus().changed(&[ChangeTag::Intake]);
        let mut added = AddedStacks::default();
        for (index, path) in paths.into_iter().enumerate() {
            let file = self
                .add_one(&session, (path, wishes.get(index).copied()), origin)
                .await?;
            added.files.push(file);
        }
        Ok(added)
    }

    /// Takes in bytes that come from somewhere else than a file.
    ///
    /// # Errors
    /// `NotLoggedIn`, `Store(Full)` and other disk errors: then nothing was entered.
    pub async fn intake_add_bytes(
        self: &Arc<Self>,
        name: &str,
        bytes: Box<dyn Read + Send>,
        origin: StackOrigin,
    ) -> Result<AddedFile> {
        let session = self.session().await?;
        let _one_after_the_other = session.intake.adding.lock().await;
        let (name, now) = (name.to_owned(), self.now());
        let added = session
            .with_store(move |store| {
                let file = copy_bytes(store, bytes, now)?;
                let new = NewStack {
                    name,
                    origin,
                    file,
                    wish: None,
                };
                store.stack_add(&new, now)
            })
            .await?;
        self.stack_added(&session);
        Ok(told(PathBuf::new(), added))
    }

    /// Begins a scan: its pages are one stack.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn scan_begin(&self, name: &str) -> Result<StackId> {
        let session = self.session().await?;
        let (name, now) = (name.to_owned(), self.now());
        session
            .with_store(move |store| store.stack_open(&name, now))
            .await
    }

    /// Puts a page of a scan in safety; durable when it returns. Says how many are.
    ///
    /// # Errors
    /// `INTAKE_DAMAGED` and the like as `Err(fault)`; `NotLoggedIn`, disk errors: the pages before
    /// are safe.
    pub async fn scan_page(
        &self,
        stack: StackId,
        bytes: Vec<u8>,
    ) -> Result<std::result::Result<u32, StackFault>> {
        let session = self.session().await?;
        let now = self.now();
        session
            .with_store(move |store| {
                match copy_bytes(store, Box::new(std::io::Cursor::new(bytes)), now)? {
                    Ok(info) => store.stack_page_add(stack, info).map(Ok),
                    Err(fault) => Ok(Err(fault)),
                }
            })
            .await
    }

    /// A scan is over, in good order or not: its pages are taken in.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors: the next opening takes them in.
    pub async fn scan_end(&self, stack: StackId) -> Result<()> {
        let session = self.session().await?;
        session
            .with_store(move |store| store.stack_close(stack))
            .await?;
        self.stack_added(&session);
        Ok(())
    }

    /// Takes up what the end of the program cut off.
    pub(super) async fn add_what_was_wished(&self, session: &Session) -> Result<()> {
        let _one_after_the_other = session.intake.adding.lock().await;
        let wishes = session.with_store(Store::scan_wishes).await?;
        for wish in wishes {
            if session.intake.cancel.is_cancelled() {
                return Ok(());
            }
            let path = PathBuf::from(wish.path);
            self.add_one(session, (path, Some(wish.seq)), StackOrigin::Dropped)
                .await?;
        }
        Ok(())
    }

    async fn add_one(
        &self,
        session: &Session,
        (path, wish): (PathBuf, Option<i64>),
        origin: StackOrigin,
    ) -> Result<AddedFile> {
        let now = self.now();
        let from = path.clone();
        let added = session
            .with_store(move |store| {
                let file = copy_file(store, &from, now)?;
                congvan_store::fail_point("intake.copied");
                let name = from.file_name().unwrap_or(from.as_os_str());
                let new = NewStack {
                    name: name.to_string_lossy().into_owned(),
                    origin,
                    file,
                    wish,
                };
                let added = store.stack_add(&new, now);
                congvan_store::fail_point("intake.entered");
                added
            })
            .await;
        let added = match added {
            Ok(added) => added,
            // Not even the row found room: the wish stays, the file is where it was.
            Err(error) if is_full(&error) => {
                return Ok(AddedFile {
                    path,
                    stack: None,
                    code: Some(StackFault::DiskFull),
                });
            }
            Err(error) => return Err(error),
        };
        self.stack_added(session);
        Ok(told(path, added))
    }

    fn stack_added(&self, session: &Session) {
        session.intake.stacks.notify_one();
        self.events_bus().changed(&[ChangeTag::Intake]);
    }
}

fn told(path: PathBuf, added: AddedStack) -> AddedFile {
    AddedFile {
        path,
        stack: Some(added.id),
        code: added.code,
    }
}

/// Files as they are, folders as the files directly in them, by name.
fn unfolded(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let Ok(entries) = std::fs::read_dir(&path) else {
            files.push(path);
            continue;
        };
        let mut inside: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_file() && !is_hidden(path))
            .collect();
        inside.sort();
        files.extend(inside);
    }
    files
}

fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Besides the usual: what Windows and macOS leave in every folder.
    name.starts_with('.') || name.eq_ignore_ascii_case("thumbs.db") || name == "desktop.ini"
}

/// Copies a file, or says why not. Only errors of our own disk are errors.
pub(crate) fn copy_file(
    store: &Store,
    path: &Path,
    now: Timestamp,
) -> std::result::Result<std::result::Result<BlobInfo, StackFault>, StoreError> {
    let Ok(mut file) = File::open(path) else {
        return Ok(Err(StackFault::Unreadable));
    };
    let look = |file: &File| {
        let meta = file.metadata().ok()?;
        meta.is_file().then(|| (meta.len(), meta.modified().ok()))
    };
    let Some(before) = look(&file) else {
        return Ok(Err(StackFault::Unreadable));
    };
    if before.0 > MOST_BYTES {
        return Ok(Err(StackFault::TooLong));
    }
    let copied = copy_bytes(store, &mut file, now)?;
    let Ok(info) = copied else {
        return Ok(copied);
    };
    // Still being written: half a letter must not look like a whole one.
    if look(&file) != Some(before) || info.size != before.0 {
        return Ok(Err(StackFault::Damaged));
    }
    Ok(Ok(info))
}

/// Copies bytes into the store, hashing and enciphering them on the way.
fn copy_bytes(
    store: &Store,
    mut from: impl Read,
    now: Timestamp,
) -> std::result::Result<std::result::Result<BlobInfo, StackFault>, StoreError> {
    let mut part = vec![0; PART];
    let (mut head, mut tail): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut length = 0_u64;
    let mut writer = None;
    let mut format = None;
    loop {
        let Ok(count) = fill(&mut from, &mut part) else {
            return Ok(Err(StackFault::Unreadable));
        };
        let read = part.get(..count).unwrap_or_default();
        length = length.saturating_add(read.len() as u64);
        if length > MOST_BYTES {
            return Ok(Err(StackFault::TooLong));
        }
        if read.is_empty() {
            break;
        }
        if writer.is_none() {
            format = format_of(read);
            if format.is_none() {
                return Ok(Err(StackFault::Format));
            }
            head = read
                .get(..read.len().min(1024))
                .unwrap_or_default()
                .to_vec();
            writer = match store.blob_create() {
                Ok(writer) => Some(writer),
                Err(StoreError::Full) => return Ok(Err(StackFault::DiskFull)),
                Err(error) => return Err(error),
            };
        }
        if let Some(writer) = &mut writer {
            match writer.write(read) {
                Ok(()) => {}
                Err(StoreError::Full) => return Ok(Err(StackFault::DiskFull)),
                Err(error) => return Err(error),
            }
        }
        tail.extend_from_slice(read);
        let over = tail.len().saturating_sub(TAIL);
        tail.drain(..over);
    }
    let (Some(writer), Some(format)) = (writer, format) else {
        return Ok(Err(StackFault::Empty));
    };
    if !is_whole(format, (&head, &tail), length) {
        return Ok(Err(StackFault::Damaged));
    }
    match writer.finish(None, now) {
        Ok(info) => Ok(Ok(info)),
        Err(StoreError::Full) => Ok(Err(StackFault::DiskFull)),
        Err(error) => Err(error),
    }
}

/// Reads until the part is full or nothing more comes.
fn fill(from: &mut impl Read, part: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = part.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
