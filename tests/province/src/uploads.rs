//! Resumable uploads: rows, part files, durable offsets.
//!
//! Invariant: an offset in a row never exceeds what was fsynced.

use std::{
    collections::HashMap,
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use congvan_model::{AccountId, Sha256};
use rusqlite::{OptionalExtension as _, Transaction, params};
use tokio_util::sync::CancellationToken;

use crate::{
    ProvinceError,
    blobs::{self, hash_file, sync_dir},
    error::Result,
    keys::random,
    mutant::Mutant,
    office::Office,
};

/// Days after which an unfinished upload is given up.
const KEEP_DAYS: i64 = 7;

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UploadState {
    Open,
    Complete,
    Gone,
}

/// One upload.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) id: String,
    pub(crate) sha256: Sha256,
    pub(crate) length: u64,
    pub(crate) durable: u64,
    pub(crate) state: UploadState,
}

/// What a creation asks for.
pub(crate) struct NewUpload {
    pub(crate) account: AccountId,
    pub(crate) sha256: Sha256,
    pub(crate) length: u64,
    pub(crate) base: Option<Sha256>,
}

/// The right to write to an upload. A newer request cancels the older one and takes over, so that
/// nobody waits for a connection that died without a word.
#[derive(Default)]
struct Slot {
    turn: Arc<tokio::sync::Mutex<()>>,
    current: Mutex<CancellationToken>,
}

/// Part files and who writes to them.
pub(crate) struct Slots {
    dir: PathBuf,
    slots: Mutex<HashMap<String, Arc<Slot>>>,
}

/// Held while a request works on an upload.
pub(crate) struct Turn {
    /// Set when a newer request wants the upload: stop, flush, let go.
    pub(crate) preempted: CancellationToken,
    _guard: tokio::sync::OwnedMutexGuard<()>,
}

impl Slots {
    pub(crate) fn open(dir: PathBuf) -> Result<Self> {
        fs::create_dir_all(&dir).map_err(ProvinceError::disk(&dir))?;
        Ok(Self {
            dir,
            slots: Mutex::default(),
        })
    }

    pub(crate) fn part(&self, id: &str) -> PathBuf {
        self.dir.join(format!("{id}.part"))
    }

    /// Takes the upload over from whoever has it.
    pub(crate) async fn take(&self, id: &str) -> Turn {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(id.to_owned()).or_default())
        };
        let mine = CancellationToken::new();
        let earlier = {
            let mut current = slot.current.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *current, mine.clone())
        };
        earlier.cancel();
        Turn {
            preempted: mine,
            _guard: Arc::clone(&slot.turn).lock_owned().await,
        }
    }
}

/// Creates an upload, or gives back the open one of the same account for the same bytes: a desk
/// whose creation answer was lost finds its bytes again.
pub(crate) fn create(office: &Office, wanted: &NewUpload) -> Result<Upload> {
    let account = wanted.account;
    let earlier = office
        .db
        .read(|tx| by_digest(tx, account, &wanted.sha256))?;
    if let Some(upload) = earlier.filter(|upload| upload.length == wanted.length) {
        return Ok(upload);
    }
    let readable = office
        .db
        .read(|tx| blobs::readable(tx, &wanted.sha256, account))?;
    let id = hex::encode(random::<16>()?);
    let (durable, state) = if readable == Some(wanted.length) {
        (wanted.length, UploadState::Complete)
    } else {
        (seed_part(office, &id, wanted)?, UploadState::Open)
    };
    let upload = Upload {
        id,
        sha256: wanted.sha256,
        length: wanted.length,
        durable,
        state,
    };
    let now = office.now();
    let seeded = if state == UploadState::Open {
        durable
    } else {
        0
    };
    office.db.write(|tx| {
        tx.execute(
            "INSERT INTO upload(id, account, sha256, length, durable, seeded, state, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                upload.id,
                account.0,
                upload.sha256.0,
                upload.length,
                durable,
                seeded,
                state_word(state),
                now.0
            ],
        )?;
        Ok::<_, ProvinceError>(())
    })?;
    Ok(upload)
}

/// Makes the part file, with the bytes of the base in it when the account may read that and it is
/// shorter than the whole; the answer is the durable offset.
fn seed_part(office: &Office, id: &str, wanted: &NewUpload) -> Result<u64> {
    let part = office.slots.part(id);
    let base = match wanted.base {
        None => None,
        Some(base) => office
            .db
            .read(|tx| blobs::readable(tx, &base, wanted.account))?
            .filter(|length| *length < wanted.length)
            .map(|length| (base, length)),
    };
    let offset = match base {
        None => {
            fs::write(&part, []).map_err(ProvinceError::disk(&part))?;
            0
        }
        Some((base, length)) => {
            fs::copy(office.blobs.path(&base), &part).map_err(ProvinceError::disk(&part))?;
            length
        }
    };
    sync_part(&part)?;
    sync_dir(&office.slots.dir)?;
    Ok(offset)
}

fn sync_part(part: &Path) -> Result<()> {
    OpenOptions::new()
        .write(true)
        .open(part)
        .and_then(|file| file.sync_data())
        .map_err(ProvinceError::disk(part))
}

fn state_word(state: UploadState) -> &'static str {
    match state {
        UploadState::Open => "open",
        UploadState::Complete => "complete",
        UploadState::Gone => "gone",
    }
}

fn read_upload(row: &rusqlite::Row<'_>) -> rusqlite::Result<Upload> {
    let state: String = row.get("state")?;
    Ok(Upload {
        id: row.get("id")?,
        sha256: Sha256(row.get("sha256")?),
        length: row.get("length")?,
        durable: row.get("durable")?,
        state: match state.as_str() {
            "open" => UploadState::Open,
            "complete" => UploadState::Complete,
            _ => UploadState::Gone,
        },
    })
}

fn by_digest(tx: &Transaction<'_>, account: AccountId, sha256: &Sha256) -> Result<Option<Upload>> {
    Ok(tx
        .query_row(
            "SELECT * FROM upload WHERE account = ?1 AND sha256 = ?2 AND state = 'open'
             ORDER BY created_at DESC LIMIT 1",
            params![account.0, sha256.0],
            read_upload,
        )
        .optional()?)
}

/// An upload of that account.
pub(crate) fn find(tx: &Transaction<'_>, account: AccountId, id: &str) -> Result<Option<Upload>> {
    Ok(tx
        .query_row(
            "SELECT * FROM upload WHERE account = ?1 AND id = ?2",
            params![account.0, id],
            read_upload,
        )
        .optional()?)
}

/// Bytes are fsynced up to there.
pub(crate) fn note_durable(tx: &Transaction<'_>, id: &str, durable: u64) -> Result<()> {
    tx.execute(
        "UPDATE upload SET durable = ?2 WHERE id = ?1",
        params![id, durable],
    )?;
    Ok(())
}

/// A request's body brought so many bytes, wasted ones too.
pub(crate) fn note_received(tx: &Transaction<'_>, id: &str, bytes: u64) -> Result<()> {
    tx.execute(
        "UPDATE upload SET received = received + ?2, requests = requests + 1 WHERE id = ?1",
        params![id, bytes],
    )?;
    Ok(())
}

/// Ends an upload whose bytes are all durable: checks the hash, gives the bytes their name, then
/// writes the rows. False when they are other bytes than announced: the upload is gone then.
pub(crate) fn complete(office: &Office, account: AccountId, upload: &Upload) -> Result<bool> {
    let part = office.slots.part(&upload.id);
    let lax = office.config.mutant == Some(Mutant::TrustsDigest);
    if hash_file(&part)? != upload.sha256 && !lax {
        discard(office, &upload.id)?;
        return Ok(false);
    }
    office.blobs.adopt(&part, &upload.sha256)?;
    finish_rows(office, account, upload)?;
    Ok(true)
}

fn finish_rows(office: &Office, account: AccountId, upload: &Upload) -> Result<()> {
    let now = office.now();
    office.db.write(|tx| {
        blobs::record(tx, &upload.sha256, upload.length, now)?;
        blobs::own(tx, &upload.sha256, account)?;
        tx.execute(
            "UPDATE upload SET state = 'complete', durable = length WHERE id = ?1",
            [&upload.id],
        )?;
        Ok(())
    })
}

/// Ends an upload without its bytes.
pub(crate) fn discard(office: &Office, id: &str) -> Result<()> {
    office.db.write(|tx| {
        tx.execute("UPDATE upload SET state = 'gone' WHERE id = ?1", [id])?;
        Ok::<_, ProvinceError>(())
    })?;
    fs::remove_file(office.slots.part(id)).ok();
    Ok(())
}

/// After a crash: part files go back to what was durable, and an upload that had its bytes renamed
/// but not its rows written is finished.
pub(crate) fn recover(office: &Office) -> Result<()> {
    let oldest = office.now().plus_ms(-KEEP_DAYS * 86_400_000);
    let open: Vec<(Upload, AccountId, i64)> = office.db.read(|tx| {
        let mut statement = tx.prepare("SELECT * FROM upload WHERE state = 'open'")?;
        let rows = statement.query_map([], |row| {
            Ok((
                read_upload(row)?,
                AccountId(row.get("account")?),
                row.get("created_at")?,
            ))
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
            .map_err(ProvinceError::from)
    })?;
    clear(&office.slots.dir, &open)?;
    for (upload, account, created_at) in open {
        let part = office.slots.part(&upload.id);
        let blob = office.blobs.path(&upload.sha256);
        if !part.exists() && blob.exists() && hash_file(&blob)? == upload.sha256 {
            finish_rows(office, account, &upload)?;
        } else if !part.exists() || created_at < oldest.0 {
            discard(office, &upload.id)?;
        } else {
            truncate(&part, upload.durable)?;
        }
    }
    Ok(())
}

/// Removes part files that belong to no upload: of a courier bundle that was being taken in.
fn clear(dir: &Path, open: &[(Upload, AccountId, i64)]) -> Result<()> {
    for entry in fs::read_dir(dir).map_err(ProvinceError::disk(dir))? {
        let path = entry.map_err(ProvinceError::disk(dir))?.path();
        let of = |upload: &Upload| {
            path.file_stem()
                .is_some_and(|stem| stem == upload.id.as_str())
        };
        if !open.iter().any(|(upload, _, _)| of(upload)) {
            fs::remove_file(&path).map_err(ProvinceError::disk(&path))?;
        }
    }
    Ok(())
}

/// Cuts a part file back to an offset.
pub(crate) fn truncate(part: &Path, length: u64) -> Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .open(part)
        .map_err(ProvinceError::disk(part))?;
    file.set_len(length)
        .and_then(|()| file.sync_data())
        .map_err(ProvinceError::disk(part))
}
