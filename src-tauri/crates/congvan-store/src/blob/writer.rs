use std::{
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
};

use aws_lc_rs::digest;
use congvan_model::{ByteSource as _, Sha256, Timestamp};
use rusqlite::{Transaction, params};

use super::{
    cipher::{CHUNK, FileKey, HEADER, SEALED_CHUNK, chunk_at},
    listing::note_present,
};
use crate::{
    Store,
    error::{Result, StoreError},
};

/// A part is made durable this often: a cut costs at most so many bytes.
const SYNC_EVERY: u64 = 1024 * 1024;

/// What a finished blob is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobInfo {
    /// Its name.
    pub sha256: Sha256,
    /// Its length in bytes.
    pub size: u64,
}

/// Takes bytes in order, enciphers and hashes them on the way to disk.
///
/// Dropped before [`BlobWriter::finish`], new bytes are removed; a resumable download stays and is
/// taken up by the next [`Store::blob_resume`].
pub struct BlobWriter {
    store: Store,
    key: FileKey,
    file: File,
    path: PathBuf,
    /// Known from the start for downloads, which may be resumed.
    expected: Option<Sha256>,
    hash: digest::Context,
    pending: Vec<u8>,
    chunks: u64,
    unsynced: u64,
    written: u64,
    finished: bool,
}

impl Store {
    /// Starts a blob whose hash is not known yet.
    ///
    /// # Errors
    /// Disk errors.
    pub fn blob_create(&self) -> Result<BlobWriter> {
        let path = self.blob_files().scratch_path()?;
        BlobWriter::start(self.clone(), path, None)
    }

    /// Starts or goes on with the download of a blob: [`BlobWriter::written`] says from which
    /// offset. Everything before it has been read back and is sound.
    ///
    /// # Errors
    /// Disk errors.
    pub fn blob_resume(&self, sha256: Sha256) -> Result<BlobWriter> {
        let path = self.blob_files().part_path(&sha256);
        if path.exists() {
            if let Some(writer) = BlobWriter::resume(self.clone(), path.clone(), sha256)? {
                return Ok(writer);
            }
            fs::remove_file(&path)?;
        }
        BlobWriter::start(self.clone(), path, Some(sha256))
    }

    /// Whether a download of this blob was begun and not ended: [`Store::blob_resume`] goes on there.
    /// One look at the folder, short enough for a thread that must not block.
    #[must_use]
    pub fn blob_has_part(&self, sha256: &Sha256) -> bool {
        self.blob_files().part_path(sha256).exists()
    }

    /// Starts the download over, dropping what was there: the server sent the whole instead of the
    /// rest.
    ///
    /// # Errors
    /// Disk errors.
    pub fn blob_restart(&self, sha256: Sha256) -> Result<BlobWriter> {
        BlobWriter::start(
            self.clone(),
            self.blob_files().part_path(&sha256),
            Some(sha256),
        )
    }

    /// A blob that consists of another and a tail: what an incremental signature makes.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`] and [`StoreError::BlobCorrupt`] for the base, disk errors.
    pub fn blob_extend(&self, base: Sha256, tail: &[u8], now: Timestamp) -> Result<BlobInfo> {
        let info = self.blob_extend_unlisted(base, tail)?;
        note_present(self, (info.sha256, info.size), now)?;
        Ok(info)
    }

    /// As [`Store::blob_extend`], but the row is left to [`Store::link_signed`], which writes it
    /// with the link in one transaction. The bytes are durable and in their place when this
    /// returns; without a row they count for nothing.
    ///
    /// # Errors
    /// As [`Store::blob_extend`].
    pub fn blob_extend_unlisted(&self, base: Sha256, tail: &[u8]) -> Result<BlobInfo> {
        let source = self.blob_open(base)?;
        let mut writer = self.blob_create()?;
        let mut buffer = vec![0; CHUNK];
        let mut offset = 0;
        while offset < source.len() {
            let wanted = source.len().saturating_sub(offset).min(CHUNK as u64);
            let part = buffer
                .get_mut(..usize::try_from(wanted).unwrap_or(CHUNK))
                .ok_or(StoreError::Invalid { what: "buffer" })?;
            source
                .read_at(offset, part)
                .map_err(|_| StoreError::BlobCorrupt { sha256: base })?;
            writer.write(part)?;
            offset = offset.saturating_add(wanted);
        }
        writer.write(tail)?;
        let info = writer.settle()?;
        crate::fail::point("blob.published");
        Ok(info)
    }
}

impl BlobWriter {
    fn start(store: Store, path: PathBuf, expected: Option<Sha256>) -> Result<Self> {
        let key = FileKey::generate()?;
        let mut file = File::options()
            .create(true)
            .truncate(true)
            .read(true)
            .write(true)
            .open(&path)?;
        let header = key.header(&store.blob_files().wrap, PART)?;
        file.write_all(&header)?;
        Ok(Self {
            store,
            key,
            file,
            path,
            expected,
            hash: digest::Context::new(&digest::SHA256),
            pending: Vec::with_capacity(SEALED_CHUNK),
            chunks: 0,
            unsynced: 0,
            written: 0,
            finished: false,
        })
    }

    /// Reads back what an earlier run wrote, up to the first chunk that is not sound. None when
    /// there is nothing to keep: then a new file with a new key is better.
    fn resume(store: Store, path: PathBuf, expected: Sha256) -> Result<Option<Self>> {
        let mut file = File::options().read(true).write(true).open(&path)?;
        let mut header = [0; HEADER];
        if file.read_exact(&mut header).is_err() {
            return Ok(None);
        }
        let Ok(key) = FileKey::from_header(&header, &store.blob_files().wrap, PART) else {
            return Ok(None);
        };
        let mut hash = digest::Context::new(&digest::SHA256);
        let mut chunks = 0_u64;
        let mut sealed = vec![0; SEALED_CHUNK];
        while file.read_exact(&mut sealed).is_ok() {
            let Ok(plain) = key.open(chunks, false, &mut sealed) else {
                break;
            };
            hash.update(plain);
            chunks = chunks.saturating_add(1);
        }
        if chunks == 0 {
            return Ok(None);
        }
        file.set_len(chunk_at(chunks))?;
        file.seek(SeekFrom::End(0))?;
        Ok(Some(Self {
            store,
            key,
            file,
            path,
            expected: Some(expected),
            hash,
            pending: Vec::with_capacity(SEALED_CHUNK),
            chunks,
            unsynced: 0,
            written: chunks.saturating_mul(CHUNK as u64),
            finished: false,
        }))
    }

    /// Bytes taken so far, those of an earlier run included.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// Disk errors; the writer is then of no more use, a resumable part stays on disk.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.written = self.written.saturating_add(bytes.len() as u64);
        while !bytes.is_empty() {
            // A full chunk is sealed only when more follows: the last one carries a flag.
            if self.pending.len() == CHUNK {
                self.seal(false)?;
            }
            let room = CHUNK.saturating_sub(self.pending.len()).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.pending.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal(&mut self, last: bool) -> Result<()> {
        let plain = self.pending.len() as u64;
        self.key.seal(self.chunks, last, &mut self.pending)?;
        self.file.write_all(&self.pending)?;
        self.pending.clear();
        self.chunks = self.chunks.saturating_add(1);
        self.unsynced = self.unsynced.saturating_add(plain);
        if self.expected.is_some() && self.unsynced >= SYNC_EVERY {
            self.file.sync_data()?;
            self.unsynced = 0;
        }
        Ok(())
    }

    /// Makes what is there durable so that the next run can go on: for a download that stops.
    ///
    /// # Errors
    /// Disk errors.
    pub fn pause(mut self) -> Result<()> {
        self.file.sync_data()?;
        self.finished = true;
        Ok(())
    }

    /// Checks the hash, makes the bytes durable, puts them in their place, and only then writes
    /// the row. `expected` of [`Store::blob_resume`] counts too.
    ///
    /// # Errors
    /// [`StoreError::BlobMismatch`]: the bytes are in quarantine. Disk errors: nothing is present.
    pub fn finish(mut self, expected: Option<Sha256>, now: Timestamp) -> Result<BlobInfo> {
        self.seal(true)?;
        let found = self.hashed();
        let files = self.store.blob_files();
        for wanted in [expected, self.expected].into_iter().flatten() {
            if wanted != found {
                self.file.sync_all()?;
                files.quarantine(&self.path)?;
                self.finished = true;
                note_quarantine(&self.store, wanted, self.written, now)?;
                return Err(StoreError::BlobMismatch { expected: wanted });
            }
        }
        let info = self.publish(found)?;
        note_present(&self.store, (info.sha256, info.size), now)?;
        Ok(info)
    }

    /// Hashes the last bytes and puts everything in its place; no row is written.
    fn settle(mut self) -> Result<BlobInfo> {
        self.seal(true)?;
        let found = self.hashed();
        self.publish(found)
    }

    fn hashed(&mut self) -> Sha256 {
        let hash = std::mem::replace(&mut self.hash, digest::Context::new(&digest::SHA256));
        let mut found = Sha256([0; 32]);
        found.0.copy_from_slice(hash.finish().as_ref());
        found
    }

    /// Makes the bytes durable under their name.
    fn publish(&mut self, found: Sha256) -> Result<BlobInfo> {
        let files = self.store.blob_files();
        // Until now the header was bound to no name; from here it is bound to this content.
        let header = self.key.header(&files.wrap, &files.name(&found))?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&header)?;
        // Bytes and length; nobody asks when the file was changed.
        self.file.sync_data()?;
        files.publish(&self.path, &found)?;
        self.finished = true;
        Ok(BlobInfo {
            sha256: found,
            size: self.written,
        })
    }
}

/// The name that the header of an unfinished file is bound to.
const PART: &str = "part";

impl Drop for BlobWriter {
    fn drop(&mut self) {
        if !self.finished && self.expected.is_none() {
            // A left-over is swept at the next opening.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Lists bytes that are durable in their place.
pub(crate) fn list_present(
    tx: &Transaction<'_>,
    (sha256, size): (Sha256, u64),
    now: Timestamp,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO blob(sha256, size, state, at) VALUES (?1, ?2, 'present', ?3)
         ON CONFLICT(sha256) DO UPDATE SET size = excluded.size, state = 'present',
           at = excluded.at",
    )?
    .execute(params![sha256.0, crate::int(size), now.0])?;
    Ok(())
}

pub(super) fn note_quarantine(
    store: &Store,
    sha256: Sha256,
    size: u64,
    now: Timestamp,
) -> Result<()> {
    store.write(|tx| {
        tx.execute(
            "INSERT INTO blob(sha256, size, state, at) VALUES (?1, ?2, 'quarantined', ?3)
             ON CONFLICT(sha256) DO UPDATE SET state = 'quarantined', at = excluded.at",
            params![sha256.0, crate::int(size), now.0],
        )?;
        Ok(())
    })
}
