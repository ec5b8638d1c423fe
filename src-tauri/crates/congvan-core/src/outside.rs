//! Files where a person keeps them, outside the desk: on a stick, in a folder. One is written, carried
//! or read at a time; it is looked at how far it is, and it can be given up.
//!
//! Invariant: a file is written beside its name and takes it when it is whole and on the disk.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use congvan_model::{ByteSource, ReadError};
use congvan_store::{CourierRefusal, CourierWatch, StoreError};
use tokio_util::sync::CancellationToken;

use crate::{ChangeTag, Desk, DeskError, Result};

type Stored<T> = std::result::Result<T, StoreError>;

/// The file that is being written, carried or read; one at a time.
#[derive(Default)]
pub(crate) struct Outside(Mutex<Option<Work>>);

#[derive(Clone)]
pub(crate) struct Work {
    pub(crate) watch: CourierWatch,
    pub(crate) cancel: CancellationToken,
}

/// Ends the work when it goes.
pub(crate) struct UnderWay<'a> {
    desk: &'a Desk,
    pub(crate) work: Work,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        *self.desk.outside_work() = None;
        self.desk.events_bus().changed(&[ChangeTag::Sync]);
    }
}

impl Desk {
    /// How far the file is that is being written, carried or read: bytes done and of how many, 0 of 0
    /// while that is not known; none when there is none.
    pub fn outside(&self) -> Option<(u64, u64)> {
        let work = self.outside_work();
        work.as_ref().map(|work| work.watch.progress())
    }

    /// Gives up the file under way; nothing when there is none.
    pub fn give_up_outside(&self) {
        if let Some(work) = self.outside_work().as_ref() {
            work.watch.give_up();
            work.cancel.cancel();
        }
    }

    /// # Errors
    /// [`StoreError::Courier`] while another is under way.
    pub(crate) fn begin_outside(&self) -> Result<UnderWay<'_>> {
        let mut under_way = self.outside_work();
        if under_way.is_some() {
            return Err(DeskError::Store(StoreError::Courier {
                why: CourierRefusal::Busy,
            }));
        }
        let work = Work {
            watch: CourierWatch::default(),
            cancel: self.ending().child_token(),
        };
        *under_way = Some(work.clone());
        drop(under_way);
        Ok(UnderWay { desk: self, work })
    }

    fn outside_work(&self) -> MutexGuard<'_, Option<Work>> {
        let work = &self.outside_slot().0;
        work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a file that is there whole or not at all, and is on the disk when this returns; with its
/// length in bytes.
pub(crate) fn write<T>(
    path: &Path,
    fill: impl FnOnce(BufWriter<File>) -> Stored<(T, BufWriter<File>)>,
) -> Stored<(T, u64)> {
    let beside = beside(path);
    let written = create(&beside).and_then(|file| {
        let (value, mut file) = fill(file)?;
        file.flush().map_err(|error| refused(&error))?;
        let file = file.get_ref();
        file.sync_all().map_err(|error| refused(&error))?;
        let length = file.metadata().map_err(|error| refused(&error))?.len();
        fs::rename(&beside, path).map_err(|error| refused(&error))?;
        Ok((value, length))
    });
    if written.is_err() {
        // What cannot be removed opens nowhere.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// The beginning of a file that is being written.
pub(crate) fn create(beside: &Path) -> Stored<BufWriter<File>> {
    let file = File::create(beside).map_err(|error| refused(&error))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

/// Where a file is while it is not whole.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// The name of a file, for people.
pub(crate) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The length of a file in bytes.
pub(crate) fn length(path: &Path) -> Stored<u64> {
    Ok(fs::metadata(path).map_err(|error| refused(&error))?.len())
}

/// What the disk says.
pub(crate) fn refused(error: &io::Error) -> StoreError {
    let why = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            CourierRefusal::StickFull
        }
        _ => CourierRefusal::Stick,
    };
    StoreError::Courier { why }
}

/// A file outside as an upload reads it.
pub(crate) struct OnStick {
    path: PathBuf,
    length: u64,
}

impl OnStick {
    pub(crate) fn new(path: PathBuf) -> Stored<Self> {
        Ok(Self {
            length: length(&path)?,
            path,
        })
    }
}

impl ByteSource for OnStick {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::result::Result<(), ReadError> {
        use std::io::{Read as _, Seek as _, SeekFrom};
        if offset.saturating_add(buffer.len() as u64) > self.length {
            return Err(ReadError::PastEnd);
        }
        // A stick that is pulled out and put back is read again from here.
        let read = File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(offset))?;
            file.read_exact(buffer)
        });
        read.map_err(|error| ReadError::Source(error.kind().to_string()))
    }
}
