use std::{
    collections::VecDeque,
    fs::File,
    io,
    sync::{Arc, Mutex},
};

use congvan_model::{ByteSource, ReadError, Sha256, Timestamp};
use rusqlite::{OptionalExtension as _, params};

use super::{
    cipher::{CHUNK, FileKey, HEADER, SEALED_CHUNK, chunk_at, plain_len},
    writer::note_quarantine,
};
use crate::{
    Store,
    error::{Result, StoreError},
};

/// Deciphered chunks kept per reader: a PDF reader jumps between the page it shows and the
/// cross-reference table at the end.
const KEPT_CHUNKS: usize = 8;

/// A blob's bytes, deciphered a chunk at a time. Reads anywhere, from any thread.
pub struct BlobReader {
    sha256: Sha256,
    key: FileKey,
    file: File,
    len: u64,
    kept: Mutex<VecDeque<(u64, Arc<Vec<u8>>)>>,
}

impl Store {
    /// Opens a blob that is on this machine. Its last chunk is checked at once, so a truncated
    /// file is noticed here and not in the middle of a page.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`]; [`StoreError::BlobCorrupt`] (then call
    /// [`Store::blob_quarantine`]); disk errors.
    pub fn blob_open(&self, sha256: Sha256) -> Result<BlobReader> {
        if !self.blob_present(sha256)? {
            return Err(StoreError::BlobMissing { sha256 });
        }
        self.blob_open_unlisted(sha256)
    }

    /// The bytes in their place on disk, with or without a row.
    pub(crate) fn blob_open_unlisted(&self, sha256: Sha256) -> Result<BlobReader> {
        let files = self.blob_files();
        let file = match File::open(files.path(&sha256)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StoreError::BlobCorrupt { sha256 });
            }
            Err(error) => return Err(error.into()),
        };
        let corrupt = || StoreError::BlobCorrupt { sha256 };
        let mut header = [0; HEADER];
        read_exact_at(&file, 0, &mut header).map_err(|_| corrupt())?;
        let key = FileKey::from_header(&header, &files.wrap, &files.name(&sha256))
            .map_err(|_| corrupt())?;
        let len = plain_len(file.metadata()?.len()).ok_or_else(corrupt)?;
        let reader = BlobReader {
            sha256,
            key,
            file,
            len,
            kept: Mutex::new(VecDeque::new()),
        };
        reader.chunk(reader.last_chunk()).map_err(|_| corrupt())?;
        Ok(reader)
    }

    /// Whether the bytes are on this machine.
    ///
    /// # Errors
    /// Disk errors.
    pub fn blob_present(&self, sha256: Sha256) -> Result<bool> {
        self.read(|db| {
            let state: Option<String> = db
                .query_row(
                    "SELECT state FROM blob WHERE sha256 = ?1",
                    params![sha256.0],
                    |row| row.get(0),
                )
                .optional()?;
            Ok(state.as_deref() == Some("present"))
        })
    }

    /// Sets a damaged blob aside, so that it is fetched again.
    ///
    /// # Errors
    /// Disk errors.
    pub fn blob_quarantine(&self, sha256: Sha256, now: Timestamp) -> Result<()> {
        note_quarantine(self, sha256, 0, now)?;
        let path = self.blob_files().path(&sha256);
        if path.exists() {
            self.blob_files().quarantine(&path)?;
        }
        Ok(())
    }
}

impl BlobReader {
    /// The blob's name.
    #[must_use]
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    fn last_chunk(&self) -> u64 {
        self.len
            .saturating_sub(1)
            .checked_div(CHUNK as u64)
            .unwrap_or(0)
    }

    fn chunk(&self, number: u64) -> std::result::Result<Arc<Vec<u8>>, ReadError> {
        if let Some(found) = self.kept_chunk(number) {
            return Ok(found);
        }
        let start = number.saturating_mul(CHUNK as u64);
        let plain = usize::try_from(self.len.saturating_sub(start).min(CHUNK as u64))
            .map_err(|_| ReadError::PastEnd)?;
        let sealed_len = plain.saturating_add(SEALED_CHUNK.saturating_sub(CHUNK));
        let mut sealed = vec![0; sealed_len];
        read_exact_at(&self.file, chunk_at(number), &mut sealed)
            .map_err(|error| ReadError::Source(error.kind().to_string()))?;
        self.key
            .open(number, number == self.last_chunk(), &mut sealed)
            .map_err(|_| ReadError::Source(format!("blob {} is damaged", self.sha256)))?;
        sealed.truncate(plain);
        let chunk = Arc::new(sealed);
        let mut kept = crate::lock(&self.kept);
        kept.push_front((number, Arc::clone(&chunk)));
        kept.truncate(KEPT_CHUNKS);
        Ok(chunk)
    }

    fn kept_chunk(&self, number: u64) -> Option<Arc<Vec<u8>>> {
        let mut kept = crate::lock(&self.kept);
        let at = kept.iter().position(|(kept, _)| *kept == number)?;
        let entry = kept.remove(at)?;
        let chunk = Arc::clone(&entry.1);
        kept.push_front(entry);
        Some(chunk)
    }
}

impl ByteSource for BlobReader {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::result::Result<(), ReadError> {
        let end = offset
            .checked_add(buffer.len() as u64)
            .ok_or(ReadError::PastEnd)?;
        if end > self.len {
            return Err(ReadError::PastEnd);
        }
        let mut at = offset;
        let mut rest = buffer;
        while !rest.is_empty() {
            let number = at.checked_div(CHUNK as u64).unwrap_or(0);
            let chunk = self.chunk(number)?;
            let inside = usize::try_from(at.saturating_sub(number.saturating_mul(CHUNK as u64)))
                .map_err(|_| ReadError::PastEnd)?;
            let found = chunk.get(inside..).ok_or(ReadError::PastEnd)?;
            let take = found.len().min(rest.len());
            let (now, later) = rest.split_at_mut(take);
            now.copy_from_slice(found.get(..take).ok_or(ReadError::PastEnd)?);
            rest = later;
            at = at.saturating_add(take as u64);
        }
        Ok(())
    }
}

/// Reads without moving a shared position.
fn read_exact_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
    }
    #[cfg(windows)]
    {
        let mut offset = offset;
        let mut rest = buffer;
        while !rest.is_empty() {
            let read = std::os::windows::fs::FileExt::seek_read(file, rest, offset)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            offset = offset.saturating_add(read as u64);
            rest = rest.split_at_mut(read).1;
        }
        Ok(())
    }
}
