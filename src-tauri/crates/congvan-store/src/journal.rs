//! The second copy of every unsent intent: an append-only file, enciphered, synced at each record.
//!
//! File: `"CVJ1"`, file id (16). Record: length of the sealed part (u32), sequence (u64), nonce
//! (12), sealed part, CRC-32 over all of it; integers little-endian. The sealed part is bound to
//! file id and sequence, so records cannot be moved.

use std::{
    collections::{BTreeMap, HashSet},
    fs::{self, File},
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};
use congvan_model::{AccountId, OpId, Sha256};
use congvan_protocol::{Intent, Op};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    blob::aead_key,
    error::{Result, StoreError},
    home::{rename_patiently, sync_dir},
    keys::{AccountKey, Purpose, random},
};

const MAGIC: &[u8; 4] = b"CVJ1";
const HEADER: usize = 20;
const RECORD_HEAD: usize = 4 + 8 + 12;
const CRC: usize = 4;
/// Larger than any intent can be; a length above it is damage.
const RECORD_MAX: usize = 1024 * 1024;
const COMPACT_ABOVE: u64 = 1024 * 1024;

/// An intent with what its overlay needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IntentRecord {
    pub(crate) op: Op,
    pub(crate) author: AccountId,
    pub(crate) author_name: String,
    /// What else belongs to a registration, for when only the journal has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) besides: Option<Besides>,
}

/// What belongs to the registration of a letter besides its intents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Besides {
    /// The letter.
    pub(crate) letter: Option<uuid::Uuid>,
    /// Whether its scan waits for the organisation's signature, and with the stamp.
    pub(crate) seal: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "r", rename_all = "snake_case")]
enum Record {
    Intent(Box<IntentRecord>),
    Settled {
        op: OpId,
    },
    Highest {
        local_seq: u64,
    },
    /// How far a lease is used up, so that a database that is lost or goes back in time does not
    /// issue a number again.
    Lease(LeaseMark),
    /// The audit head that the server has.
    Anchor {
        seq: u64,
        hash: Sha256,
    },
}

/// What the journal knows of the lease of a book and year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LeaseMark {
    pub(crate) book: String,
    pub(crate) year: u16,
    pub(crate) fence: u64,
    /// The highest number issued; 0 when none was.
    pub(crate) used: u32,
    pub(crate) stopped: bool,
}

pub(crate) struct Journal {
    path: PathBuf,
    raw_key: Zeroizing<[u8; 32]>,
    key: LessSafeKey,
    file: File,
    file_id: [u8; 16],
    next: u64,
    length: u64,
    /// Its length after it was last written anew.
    compacted: u64,
    live: Vec<IntentRecord>,
    /// The ids of `live`, so that adding one costs the same however many wait.
    live_ids: HashSet<OpId>,
    highest: u64,
    leases: BTreeMap<(String, u16), LeaseMark>,
    anchor: Option<(u64, Sha256)>,
    /// A record that was to be withdrawn may still be in the file.
    distrusted: bool,
    /// Records that could not be written (disk full); written before the next one.
    owed: Vec<IntentRecord>,
}

impl Journal {
    pub(crate) fn open(path: &Path, key: &AccountKey) -> Result<Self> {
        let raw_key = key.derive(Purpose::Journal)?;
        let key = aead_key(&raw_key)?;
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let header = bytes
            .get(..HEADER)
            .and_then(|head| head.strip_prefix(MAGIC.as_slice()))
            .and_then(|id| <[u8; 16]>::try_from(id).ok());
        let Some(file_id) = header else {
            if !bytes.is_empty() {
                set_tail_aside(path, &bytes)?;
            }
            return Self::create(path, raw_key);
        };
        let scan = scan(&key, &file_id, &bytes);
        if let Some(tail) = bytes.get(scan.good..).filter(|tail| !tail.is_empty()) {
            set_tail_aside(path, tail)?;
        }
        let mut file = File::options().write(true).open(path)?;
        file.set_len(scan.good as u64)?;
        file.seek(SeekFrom::End(0))?;
        let mut journal = Self {
            path: path.to_owned(),
            raw_key,
            key,
            file,
            file_id,
            next: scan.next,
            length: scan.good as u64,
            compacted: 0,
            live: Vec::new(),
            live_ids: HashSet::new(),
            highest: 0,
            leases: BTreeMap::new(),
            anchor: None,
            distrusted: false,
            owed: Vec::new(),
        };
        for record in scan.records {
            journal.learn(record);
        }
        Ok(journal)
    }

    fn create(path: &Path, raw_key: Zeroizing<[u8; 32]>) -> Result<Self> {
        let key = aead_key(&raw_key)?;
        let mut file_id = [0; 16];
        random(&mut file_id)?;
        let mut file = File::options()
            .create(true)
            .truncate(true)
            .write(true)
            .open(path)?;
        file.write_all(MAGIC)?;
        file.write_all(&file_id)?;
        file.sync_all()?;
        if let Some(dir) = path.parent() {
            sync_dir(dir)?;
        }
        Ok(Self {
            path: path.to_owned(),
            raw_key,
            key,
            file,
            file_id,
            next: 0,
            length: HEADER as u64,
            compacted: 0,
            live: Vec::new(),
            live_ids: HashSet::new(),
            highest: 0,
            leases: BTreeMap::new(),
            anchor: None,
            distrusted: false,
            owed: Vec::new(),
        })
    }

    /// Intents without a settled mark, in the order they were made.
    pub(crate) fn unsettled(&self) -> Vec<IntentRecord> {
        self.live.clone()
    }

    /// The highest `local_seq` ever written, settled ones included.
    pub(crate) fn highest_seq(&self) -> u64 {
        self.highest
    }

    /// Adds an intent; durable when this returns.
    pub(crate) fn append(&mut self, record: &IntentRecord) -> Result<()> {
        self.append_all(std::slice::from_ref(record))
    }

    /// Adds intents with one sync; all durable when this returns.
    pub(crate) fn append_all(&mut self, records: &[IntentRecord]) -> Result<()> {
        let mut owed = std::mem::take(&mut self.owed);
        owed.extend_from_slice(records);
        let mut fault = None;
        let mut written = 0;
        for record in &owed {
            match self.write(&Record::Intent(Box::new(record.clone()))) {
                Ok(()) => written += 1,
                Err(error) => {
                    fault = Some(error);
                    break;
                }
            }
        }
        if let Err(error) = self.sync() {
            // What may not be durable is written once more: reading passes over a second copy.
            self.owed = owed;
            return Err(error);
        }
        self.owed = owed.split_off(written);
        for record in owed {
            self.learn(Record::Intent(Box::new(record)));
        }
        fault.map_or(Ok(()), Err)
    }

    /// Adds the intents of one act before the database has them, all or none; durable when this
    /// returns. On an error it is as if nothing had been asked: they are taken back and not owed.
    pub(crate) fn append_all_first(&mut self, records: &[IntentRecord]) -> Result<()> {
        let (length, next) = (self.length, self.next);
        let mut written = Ok(());
        for record in records {
            written = self.write(&Record::Intent(Box::new(record.clone())));
            if written.is_err() {
                break;
            }
        }
        if let Err(error) = written.and_then(|()| self.sync()) {
            self.length = length;
            self.next = next;
            self.file.set_len(length)?;
            self.file.seek(SeekFrom::Start(length))?;
            return Err(error);
        }
        for record in records {
            self.learn(Record::Intent(Box::new(record.clone())));
        }
        Ok(())
    }

    /// Takes back an intent of [`Journal::append_all_first`] that the database refused.
    pub(crate) fn withdraw(&mut self, op: OpId) {
        if let Err(error) = self.settle(op).and_then(|()| self.sync()) {
            tracing::error!(%op, %error, "an intent could not be withdrawn");
            self.distrusted = true;
        }
    }

    /// Whether reading the file again is the only way to know what is in it.
    pub(crate) fn is_distrusted(&self) -> bool {
        self.distrusted
    }

    /// What is known of leases, from every number ever issued here.
    pub(crate) fn leases(&self) -> Vec<LeaseMark> {
        self.leases.values().cloned().collect()
    }

    /// From here on nothing is issued out of a lease; durable when this returns.
    pub(crate) fn mark_lease(&mut self, mark: LeaseMark) -> Result<()> {
        self.write(&Record::Lease(mark.clone()))?;
        self.sync()?;
        self.learn(Record::Lease(mark));
        Ok(())
    }

    /// The audit head that the server was last given.
    pub(crate) fn anchor(&self) -> Option<(u64, Sha256)> {
        self.anchor
    }

    /// Notes the audit head that the server has. Not synced: a lost note is the one before.
    pub(crate) fn note_anchor(&mut self, seq: u64, hash: Sha256) -> Result<()> {
        if self.anchor != Some((seq, hash)) {
            self.write(&Record::Anchor { seq, hash })?;
            self.learn(Record::Anchor { seq, hash });
        }
        Ok(())
    }

    /// Marks an intent as settled. Not synced: a lost mark only means one more question to the
    /// server, which answers the same again.
    pub(crate) fn settle(&mut self, op: OpId) -> Result<()> {
        if self.live_ids.contains(&op) {
            self.write(&Record::Settled { op })?;
            self.learn(Record::Settled { op });
        }
        self.owed.retain(|record| record.op.id != op);
        Ok(())
    }

    /// Rewrites the file with the live intents only, once it has grown.
    pub(crate) fn compact_when_large(&mut self) -> Result<()> {
        // What is all alive, thousands of imported rows, is not written anew for each of them.
        if self.length <= COMPACT_ABOVE.max(self.compacted.saturating_mul(2)) {
            return Ok(());
        }
        let new_path = self.path.with_extension("journal-new");
        let mut fresh = Self::create(&new_path, self.raw_key.clone())?;
        fresh.write(&Record::Highest {
            local_seq: self.highest,
        })?;
        for mark in self.leases.values() {
            fresh.write(&Record::Lease(mark.clone()))?;
        }
        if let Some((seq, hash)) = self.anchor {
            fresh.write(&Record::Anchor { seq, hash })?;
        }
        for record in &self.live {
            fresh.write(&Record::Intent(Box::new(record.clone())))?;
        }
        fresh.file.sync_all()?;
        rename_patiently(&new_path, &self.path)?;
        if let Some(dir) = self.path.parent() {
            sync_dir(dir)?;
        }
        self.file = fresh.file;
        self.file_id = fresh.file_id;
        self.next = fresh.next;
        self.length = fresh.length;
        self.compacted = fresh.length;
        Ok(())
    }

    fn write(&mut self, record: &Record) -> Result<()> {
        let mut nonce = [0; 12];
        random(&mut nonce)?;
        let mut sealed = serde_json::to_vec(record)?;
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(bound_to(&self.file_id, self.next)),
                &mut sealed,
            )
            .map_err(|_| StoreError::Invalid {
                what: "journal seal",
            })?;
        let length = u32::try_from(sealed.len()).map_err(|_| StoreError::Invalid {
            what: "journal record too long",
        })?;
        let mut frame = Vec::with_capacity(sealed.len().saturating_add(RECORD_HEAD + CRC));
        frame.extend_from_slice(&length.to_le_bytes());
        frame.extend_from_slice(&self.next.to_le_bytes());
        frame.extend_from_slice(&nonce);
        frame.extend_from_slice(&sealed);
        frame.extend_from_slice(&crc32fast::hash(&frame).to_le_bytes());
        if let Err(error) = self.file.write_all(&frame) {
            // A half-written record would hide the ones after it.
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            return Err(error.into());
        }
        self.next = self.next.saturating_add(1);
        self.length = self.length.saturating_add(frame.len() as u64);
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        Ok(self.file.sync_data()?)
    }

    fn learn(&mut self, record: Record) {
        match record {
            Record::Intent(record) => {
                self.highest = self.highest.max(record.op.local_seq);
                if let Some(mark) = issued(&record.op) {
                    self.learn_lease(mark);
                }
                if self.live_ids.insert(record.op.id) {
                    self.live.push(*record);
                }
            }
            Record::Settled { op } => {
                if self.live_ids.remove(&op) {
                    self.live.retain(|live| live.op.id != op);
                }
            }
            Record::Highest { local_seq } => self.highest = self.highest.max(local_seq),
            Record::Lease(mark) => self.learn_lease(mark),
            Record::Anchor { seq, hash } => self.anchor = Some((seq, hash)),
        }
    }

    fn learn_lease(&mut self, mark: LeaseMark) {
        let key = (mark.book.clone(), mark.year);
        match self.leases.get_mut(&key) {
            Some(known) if known.fence > mark.fence => {}
            Some(known) if known.fence == mark.fence => {
                known.used = known.used.max(mark.used);
                known.stopped |= mark.stopped;
            }
            Some(_) | None => {
                self.leases.insert(key, mark);
            }
        }
    }
}

/// The number that an intent took out of a lease.
fn issued(op: &Op) -> Option<LeaseMark> {
    match &op.intent {
        Intent::RegisterIncoming {
            book,
            year,
            number: Some(leased),
            ..
        }
        | Intent::RegisterReceived {
            book,
            year,
            number: Some(leased),
            ..
        } => Some(LeaseMark {
            book: book.clone(),
            year: *year,
            fence: leased.fence,
            used: leased.number,
            stopped: false,
        }),
        // A void names no lease; the caller marks the lease itself.
        Intent::RegisterIncoming { number: None, .. }
        | Intent::RegisterReceived { number: None, .. }
        | Intent::VoidNumber { .. }
        | Intent::PresentDocument { .. }
        | Intent::DraftDocument { .. }
        | Intent::Handle { .. }
        | Intent::WithdrawRegistration { .. }
        | Intent::Dossier { .. }
        | Intent::Task { .. }
        | Intent::ImportRows { .. }
        | Intent::ImportFile { .. }
        | Intent::Calendar { .. }
        | Intent::AddOpinion { .. }
        | Intent::LinkRevision { .. }
        | Intent::MarkRead => None,
    }
}

struct Scan {
    records: Vec<Record>,
    good: usize,
    next: u64,
}

/// Reads records up to the first that cannot be delimited. One that is whole but damaged inside is
/// passed over, so that it does not hide the ones after it.
fn scan(key: &LessSafeKey, file_id: &[u8; 16], bytes: &[u8]) -> Scan {
    let mut scan = Scan {
        records: Vec::new(),
        good: HEADER,
        next: 0,
    };
    while let Some((seq, nonce, sealed, end)) = frame_at(bytes, scan.good) {
        scan.good = end;
        scan.next = scan.next.max(seq.saturating_add(1));
        let mut sealed = sealed.to_vec();
        let opened = key.open_in_place(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound_to(file_id, seq)),
            &mut sealed,
        );
        match opened.map(|plain| serde_json::from_slice::<Record>(plain)) {
            Ok(Ok(record)) => scan.records.push(record),
            Ok(Err(_)) | Err(_) => tracing::error!(seq, "journal record unreadable, passed over"),
        }
    }
    scan
}

fn frame_at(bytes: &[u8], at: usize) -> Option<(u64, [u8; 12], &[u8], usize)> {
    let head = bytes.get(at..at.checked_add(RECORD_HEAD)?)?;
    let (length, rest) = head.split_at_checked(4)?;
    let (seq, nonce) = rest.split_at_checked(8)?;
    let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
    if length > RECORD_MAX {
        return None;
    }
    let sealed_at = at.checked_add(RECORD_HEAD)?;
    let crc_at = sealed_at.checked_add(length)?;
    let end = crc_at.checked_add(CRC)?;
    let crc = u32::from_le_bytes(bytes.get(crc_at..end)?.try_into().ok()?);
    if crc32fast::hash(bytes.get(at..crc_at)?) != crc {
        // The length itself may be what is damaged, so nothing after it can be delimited.
        return None;
    }
    Some((
        u64::from_le_bytes(seq.try_into().ok()?),
        nonce.try_into().ok()?,
        bytes.get(sealed_at..crc_at)?,
        end,
    ))
}

fn bound_to(file_id: &[u8; 16], seq: u64) -> [u8; 24] {
    let mut bound = [0; 24];
    let (id, number) = bound.split_at_mut(16);
    id.copy_from_slice(file_id);
    number.copy_from_slice(&seq.to_le_bytes());
    bound
}

/// What does not read as records is kept beside the journal for inspection.
fn set_tail_aside(path: &Path, tail: &[u8]) -> Result<()> {
    let aside = path.with_extension("journal-torn");
    let mut file = File::options().create(true).append(true).open(aside)?;
    file.write_all(tail)?;
    Ok(file.sync_all()?)
}
