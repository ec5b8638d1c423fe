//! Immutable bytes on disk, named by their SHA-256.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use aws_lc_rs::digest;
use congvan_model::{AccountId, ByteSource, ReadError, Sha256, Timestamp};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{ProvinceError, error::Result, keys};

/// The directory of the blobs.
pub(crate) struct BlobStore {
    dir: PathBuf,
}

impl BlobStore {
    pub(crate) fn open(dir: PathBuf) -> Result<Self> {
        fs::create_dir_all(&dir).map_err(ProvinceError::disk(&dir))?;
        Ok(Self { dir })
    }

    pub(crate) fn path(&self, blob: &Sha256) -> PathBuf {
        self.dir.join(blob.to_hex())
    }

    /// Takes a file whose bytes are durable and have that hash; the row may follow.
    pub(crate) fn adopt(&self, part: &Path, blob: &Sha256) -> Result<()> {
        let path = self.path(blob);
        fs::rename(part, &path).map_err(ProvinceError::disk(&path))?;
        sync_dir(&self.dir)
    }

    /// Writes bytes that the server itself made.
    pub(crate) fn put(&self, tx: &Transaction<'_>, bytes: &[u8], now: Timestamp) -> Result<Sha256> {
        let blob = keys::sha256(bytes);
        let path = self.path(&blob);
        if !path.exists() {
            let part = self.dir.join(format!("{}.new", blob.to_hex()));
            let mut file = File::create(&part).map_err(ProvinceError::disk(&part))?;
            file.write_all(bytes).map_err(ProvinceError::disk(&part))?;
            file.sync_data().map_err(ProvinceError::disk(&part))?;
            self.adopt(&part, &blob)?;
        }
        record(tx, &blob, bytes.len() as u64, now)?;
        Ok(blob)
    }
}

/// Writes the row of a blob whose bytes are durable.
pub(crate) fn record(tx: &Transaction<'_>, blob: &Sha256, size: u64, now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO blob(sha256, size, at) VALUES (?1, ?2, ?3)",
        params![blob.0, size, now.0],
    )?;
    Ok(())
}

pub(crate) fn own(tx: &Transaction<'_>, blob: &Sha256, account: AccountId) -> Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO blob_owner(sha256, account) VALUES (?1, ?2)",
        params![blob.0, account.0],
    )?;
    Ok(())
}

/// Size of a blob that the account may read: a revision of a document it has, or its own upload.
/// Whether others have it is nobody's business.
pub(crate) fn readable(
    tx: &Transaction<'_>,
    blob: &Sha256,
    account: AccountId,
) -> Result<Option<u64>> {
    let sql = "SELECT b.size FROM blob b WHERE b.sha256 = ?1 AND (
                 EXISTS (SELECT 1 FROM revision r JOIN file f ON f.id = r.file
                         JOIN document d ON d.id = f.document AND d.recalled = 0
                         JOIN access a ON a.document = f.document
                         WHERE r.sha256 = b.sha256 AND a.account = ?2)
                 OR EXISTS (SELECT 1 FROM blob_owner o
                            WHERE o.sha256 = b.sha256 AND o.account = ?2))";
    Ok(tx
        .prepare_cached(sql)?
        .query_row(params![blob.0, account.0], |row| row.get(0))
        .optional()?)
}

/// SHA-256 of a file, streamed.
pub(crate) fn hash_file(path: &Path) -> Result<Sha256> {
    let mut file = File::open(path).map_err(ProvinceError::disk(path))?;
    let mut context = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = file.read(&mut buffer).map_err(ProvinceError::disk(path))?;
        let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else {
            break;
        };
        context.update(chunk);
    }
    Ok(keys::finish(context.finish()))
}

pub(crate) fn sync_dir(dir: &Path) -> Result<()> {
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(ProvinceError::disk(dir))
}

/// A blob as the signature engine reads it.
pub(crate) struct BlobSource {
    file: File,
    length: u64,
}

impl BlobSource {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(ProvinceError::disk(path))?;
        let length = file.metadata().map_err(ProvinceError::disk(path))?.len();
        Ok(Self { file, length })
    }
}

impl ByteSource for BlobSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::result::Result<(), ReadError> {
        use std::os::unix::fs::FileExt as _;
        if offset.saturating_add(buffer.len() as u64) > self.length {
            return Err(ReadError::PastEnd);
        }
        self.file
            .read_exact_at(buffer, offset)
            .map_err(|error| ReadError::Source(error.kind().to_string()))
    }
}
