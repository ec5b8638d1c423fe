use std::{
    fs,
    path::{Path, PathBuf},
};

use aws_lc_rs::{aead::LessSafeKey, hmac};
use congvan_model::Sha256;

use super::cipher::aead_key;
use crate::{
    error::Result,
    home::{rename_patiently, sync_dir},
    keys::{AccountKey, Purpose, random},
};

/// The folder of blobs, without knowledge of the database.
pub(crate) struct BlobFiles {
    dir: PathBuf,
    pub(super) wrap: LessSafeKey,
    name_key: hmac::Key,
}

impl BlobFiles {
    pub(crate) fn open(dir: &Path, key: &AccountKey) -> Result<Self> {
        for part in ["", "incoming", "quarantine"] {
            fs::create_dir_all(dir.join(part))?;
        }
        make_shelves(dir)?;
        let files = Self {
            dir: dir.to_owned(),
            wrap: aead_key(&*key.derive(Purpose::BlobWrap)?)?,
            name_key: hmac::Key::new(hmac::HMAC_SHA256, key.derive(Purpose::BlobName)?.as_slice()),
        };
        files.sweep_scratch()?;
        Ok(files)
    }

    /// Keyed hash of the content's hash.
    pub(super) fn name(&self, sha256: &Sha256) -> String {
        hex::encode(hmac::sign(&self.name_key, &sha256.0).as_ref())
    }

    pub(crate) fn path(&self, sha256: &Sha256) -> PathBuf {
        let name = self.name(sha256);
        let shelf = name.get(..2).unwrap_or("00").to_owned();
        self.dir.join(shelf).join(name)
    }

    /// Where a download waits until it is whole.
    pub(super) fn part_path(&self, sha256: &Sha256) -> PathBuf {
        self.dir
            .join("incoming")
            .join(format!("{}.part", self.name(sha256)))
    }

    /// A new name for bytes whose hash is not known yet.
    pub(super) fn scratch_path(&self) -> Result<PathBuf> {
        let mut id = [0; 16];
        random(&mut id)?;
        Ok(self
            .dir
            .join("incoming")
            .join(format!("{}.scratch", hex::encode(id))))
    }

    /// Puts finished, synced bytes in their place; durable when this returns.
    pub(super) fn publish(&self, from: &Path, sha256: &Sha256) -> Result<()> {
        let to = self.path(sha256);
        if let Some(shelf) = to.parent() {
            if !shelf.is_dir() {
                fs::create_dir_all(shelf)?;
                sync_dir(&self.dir)?;
            }
            rename_patiently(from, &to)?;
            sync_dir(shelf)?;
        }
        Ok(())
    }

    /// Sets a file aside for inspection; it is never served again.
    pub(crate) fn quarantine(&self, path: &Path) -> Result<()> {
        if let Some(name) = path.file_name() {
            rename_patiently(path, &self.dir.join("quarantine").join(name))?;
        }
        Ok(())
    }

    /// Removes the bytes of a blob, the waiting part included. Absence is fine.
    pub(crate) fn remove(&self, sha256: &Sha256) -> Result<()> {
        for path in [self.path(sha256), self.part_path(sha256)] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Every finished file.
    pub(crate) fn published(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for shelf in fs::read_dir(&self.dir)? {
            let shelf = shelf?;
            let name = shelf.file_name();
            // Shelves have two digits; the other folders are not for finished files.
            if name.len() == 2 && shelf.file_type()?.is_dir() {
                for file in fs::read_dir(shelf.path())? {
                    found.push(file?.path());
                }
            }
        }
        Ok(found)
    }

    // What a killed process left: bytes that were never finished and that nothing refers to.
    // Parts of downloads stay, they are resumed.
    fn sweep_scratch(&self) -> Result<()> {
        for entry in fs::read_dir(self.dir.join("incoming"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|ext| ext == "scratch") {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// The 256 folders of finished files, durable once and for all, so that no file waits for its own.
fn make_shelves(dir: &Path) -> Result<()> {
    if dir.join("ff").is_dir() {
        return Ok(());
    }
    for shelf in 0..=u8::MAX {
        fs::create_dir_all(dir.join(hex::encode([shelf])))?;
    }
    sync_dir(dir)
}
