//! Room on the disk: a reserve for the moment it is full, and which files go first.

use std::{
    fs::{self, File},
    io::Write as _,
};

use congvan_model::{Sha256, Timestamp};
use rusqlite::params;

use crate::{Store, error::Result, keys::random};

/// Nothing is fetched ahead below one part in twenty of the disk,
const FLOOR_PART: u64 = 20;
/// but never is more kept free than this: on a large disk a twentieth is more than all the letters
/// of an office, and they belong on this machine.
const FLOOR_MOST: u64 = 1024 * 1024 * 1024;
/// Nor less than this: what comes in while the disk is looked at must fit.
const FLOOR_LEAST: u64 = 256 * 1024 * 1024;
/// The reserve that is given up when the disk is full.
pub const BALLAST: u64 = 64 * 1024 * 1024;
const BALLAST_FILE: &str = "ballast";

/// How much room the disk of the store has, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Free for this user.
    pub free: u64,
    /// The whole disk.
    pub total: u64,
}

impl Room {
    /// Whether files may be fetched ahead of need.
    #[must_use]
    pub fn allows_prefetch(self) -> bool {
        self.free > self.floor()
    }

    /// How many bytes must go until files may be fetched ahead again.
    #[must_use]
    pub fn missing(self) -> u64 {
        self.floor().saturating_sub(self.free)
    }

    fn floor(self) -> u64 {
        let part = self.total.checked_div(FLOOR_PART).unwrap_or(0);
        part.clamp(FLOOR_LEAST, FLOOR_MOST)
    }
}

/// What was let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trimmed {
    /// Files.
    pub files: u32,
    /// Their bytes.
    pub bytes: u64,
}

impl Store {
    /// The room on the disk of this store.
    ///
    /// # Errors
    /// Disk errors.
    pub fn room(&self) -> Result<Room> {
        Ok(Room {
            free: fs4::available_space(self.dir())?,
            total: fs4::total_space(self.dir())?,
        })
    }

    /// Makes sure that the reserve is there: call it when the disk has room, e.g. once a day.
    ///
    /// # Errors
    /// Disk errors; the reserve is then not there.
    pub fn keep_ballast(&self, bytes: u64) -> Result<()> {
        let path = self.dir().join(BALLAST_FILE);
        if fs::metadata(&path).is_ok_and(|meta| meta.len() == bytes) {
            return Ok(());
        }
        let written = (|| {
            let mut file = File::create(&path)?;
            // Random, since some disks compress.
            let mut part = vec![0; 256 * 1024];
            random(&mut part)?;
            let mut left = bytes;
            while left > 0 {
                let now = usize::try_from(left.min(part.len() as u64)).unwrap_or(0);
                file.write_all(part.get(..now).unwrap_or_default())?;
                left = left.saturating_sub(now as u64);
            }
            Ok(file.sync_all()?)
        })();
        if written.is_err() {
            self.release_ballast();
        }
        written
    }

    pub(crate) fn has_ballast(&self) -> bool {
        self.dir().join(BALLAST_FILE).exists()
    }

    /// Gives the reserve up. Says whether there was one.
    pub(crate) fn release_ballast(&self) -> bool {
        let released = fs::remove_file(self.dir().join(BALLAST_FILE)).is_ok();
        if released {
            tracing::warn!("the disk is full; the reserve was given up");
        }
        released
    }

    /// Lets go of files until `bytes` are free or nothing more may go, the longest here first.
    /// Never goes: what an unsent intent, a batch or an open completion needs, and the files of
    /// documents that are open (assigned ones are, until they are resolved) or on their way out. What goes can be fetched again.
    ///
    /// # Errors
    /// Disk errors.
    pub fn trim_blobs(&self, bytes: u64) -> Result<Trimmed> {
        let candidates: Vec<([u8; 32], u64)> = self.read(|db| {
            let mut query = db.prepare(UNNEEDED)?;
            let mut rows = query.query([])?;
            let mut found = Vec::new();
            let mut sum = 0_u64;
            while let Some(row) = rows.next()? {
                if sum >= bytes {
                    break;
                }
                let size = crate::uint(row.get(1)?);
                sum = sum.saturating_add(size);
                found.push((row.get(0)?, size));
            }
            Ok(found)
        })?;
        if candidates.is_empty() {
            return Ok(Trimmed::default());
        }
        let mut trimmed = Trimmed::default();
        self.write(|tx| {
            for (sha256, size) in &candidates {
                // Asked again inside: an intent may have come meanwhile that needs it.
                let sql = format!(
                    "UPDATE blob SET state = 'condemned' WHERE sha256 = ?1
                       AND sha256 IN (SELECT sha256 FROM ({UNNEEDED}))"
                );
                if tx.prepare_cached(&sql)?.execute(params![sha256])? > 0 {
                    trimmed.files = trimmed.files.saturating_add(1);
                    trimmed.bytes = trimmed.bytes.saturating_add(*size);
                }
            }
            Ok(())
        })?;
        self.sweep_condemned()?;
        Ok(trimmed)
    }

    /// Room is short: what is not needed goes until files may be fetched ahead again.
    ///
    /// # Errors
    /// Disk errors.
    pub fn trim_when_short(&self, now: Timestamp) -> Result<Trimmed> {
        let missing = self.room()?.missing();
        if missing == 0 {
            return Ok(Trimmed::default());
        }
        let trimmed = self.trim_blobs(missing)?;
        if trimmed.files > 0 {
            self.note("TRIMMED", u64::from(trimmed.files), "", now)?;
        }
        Ok(trimmed)
    }

    /// Whether these bytes may go; for tests of the rule.
    ///
    /// # Errors
    /// Disk errors.
    pub fn is_unneeded(&self, sha256: Sha256) -> Result<bool> {
        self.read(|db| {
            let sql = format!("SELECT 1 FROM ({UNNEEDED}) WHERE sha256 = ?1");
            Ok(db.prepare_cached(&sql)?.exists(params![sha256.0])?)
        })
    }
}

const UNNEEDED: &str = "SELECT b.sha256, b.size FROM blob b
  WHERE b.state = 'present'
    AND EXISTS (SELECT 1 FROM file_blob f WHERE f.sha256 = b.sha256)
    AND NOT EXISTS (SELECT 1 FROM file_blob f JOIN document d ON d.id = f.document
      WHERE f.sha256 = b.sha256
        AND (d.open = 1 OR d.state IN ('draft', 'content_review',
          'format_review', 'awaiting_initials', 'awaiting_signature', 'signed')))
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.state = 'waiting'
      AND (o.child = b.sha256 OR o.parent = b.sha256))
    AND NOT EXISTS (SELECT 1 FROM overlay_revision v
      WHERE v.child = b.sha256 OR v.parent = b.sha256)
    AND NOT EXISTS (SELECT 1 FROM completion c WHERE c.closed = 0
      AND (c.head = b.sha256 OR c.signed = b.sha256))
    AND NOT EXISTS (SELECT 1 FROM batch_item i JOIN batch t ON t.id = i.batch
      WHERE t.stage = 'running' AND (i.shown = b.sha256 OR i.child = b.sha256))
    AND NOT EXISTS (SELECT 1 FROM tray_mark m WHERE m.sha256 = b.sha256)
    AND NOT EXISTS (SELECT 1 FROM scan_file s WHERE s.sha256 = b.sha256)
    AND NOT EXISTS (SELECT 1 FROM scan_stack s WHERE s.pdf = b.sha256)
    AND NOT EXISTS (SELECT 1 FROM scan_letter s
      WHERE s.pdf = b.sha256 OR s.searchable = b.sha256)
  ORDER BY b.at, b.sha256";
