//! Writing a bundle: the acts that wait, in their order, and the bytes they need.

use std::{
    collections::HashSet,
    io::{self, Write},
};

use congvan_courier::{Head, Kind, SealedTo, Sealer, seal};
use congvan_model::{ByteSource as _, DeviceId, DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::{Bundle, BundleBase, BundleFile, EntityType, SyncRequest};
use uuid::Uuid;

use super::{CourierWatch, envelope, stick};
use crate::{
    OutboxItem, Store, UploadNeed,
    error::{Result, StoreError},
};

/// Changes on a page of the answer.
const PAGE: u32 = 500;
/// Files that are asked for, and files that need not come again.
const WANTED: u32 = 500;
const HAS: u32 = 20_000;
/// Bytes that are read of a file at a time.
const AT_ONCE: u64 = 256 * 1024;

/// What a bundle is written for.
#[derive(Clone, Debug)]
pub struct BundleOrder {
    /// The province's key.
    pub to: SealedTo,
    /// The province's code; stands on the bundle in clear.
    pub province: String,
    /// The office's name; stands on the bundle in clear.
    pub office: String,
    /// This installation.
    pub device: DeviceId,
    /// Documents whose acts rest by a person's wish.
    pub resting: Vec<DocumentId>,
    /// Most bytes of files in the bundle.
    pub room: u64,
    /// Most bytes of files in the answer.
    pub answer_room: u64,
    /// Our clock.
    pub now: Timestamp,
}

/// What is in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Its name, random.
    pub bundle: String,
    /// How many acts.
    pub acts: u32,
    /// How many files.
    pub files: u32,
    /// How many acts wait for the next bundle, since their files do not fit or are not here.
    pub left: u32,
}

impl Store {
    /// Writes what waits into a bundle. The acts in it count as sent from here on
    /// ([`Store::take_ops`]) and still wait, to be sent by whatever way comes first.
    ///
    /// # Errors
    /// [`StoreError::Courier`] for the sink and when it is given up, disk errors.
    pub fn courier_pack<W: Write>(
        &self,
        order: &BundleOrder,
        sink: W,
        watch: &CourierWatch,
    ) -> Result<(Packed, W)> {
        let chosen = self.choose(order)?;
        let manifest = serde_json::to_vec(&self.bundle(order, &chosen)?)?;
        let bytes = chosen.files.iter().map(BundleFile::inside).sum::<u64>();
        watch.begin(bytes.saturating_add(manifest.len() as u64));
        let head = Head {
            kind: Kind::Outgoing,
            province: order.province.clone(),
            office: order.office.clone(),
            bundle: Uuid::new_v4().simple().to_string(),
            to: order.to.id(),
        };
        let keys = self.courier_keys()?;
        let mut sealer =
            seal(&head, &order.to, &keys.signing, &manifest, sink).map_err(envelope)?;
        watch.moved(manifest.len() as u64);
        for file in &chosen.files {
            self.put(file, &mut sealer, watch)?;
        }
        let packed = Packed {
            bundle: head.bundle,
            acts: count(chosen.ops.len()),
            files: count(chosen.files.len()),
            left: chosen.left,
        };
        Ok((packed, sealer.finish().map_err(envelope)?))
    }

    fn choose(&self, order: &BundleOrder) -> Result<Chosen> {
        let whole = self.answered_once()?;
        let mut choice = Chosen::default();
        let mut room = order.room;
        // Inside a lane the order is strict: what comes behind an act that stays, stays.
        let mut staying: HashSet<DocumentId> = order.resting.iter().copied().collect();
        let mut inside: HashSet<Sha256> = HashSet::new();
        for item in self.outbox_items()? {
            let need = item.upload.as_ref();
            let need = need.filter(|need| !need.done && !inside.contains(&need.sha256));
            let file = need.map(|need| file(need, whole.contains(&item.op)));
            let fits = match &file {
                Some(file) => file.inside() <= room && self.blob_present(file.sha256)?,
                None => true,
            };
            if !fits || staying.contains(&item.lane) {
                choice.stays(&item, &mut staying);
                continue;
            }
            choice.ops.push(item.op);
            if let Some(file) = file {
                room = room.saturating_sub(file.inside());
                inside.insert(file.sha256);
                choice.files.push(file);
            }
        }
        Ok(choice)
    }

    /// Acts that the server has answered once without a last word: it may have missed the file or its
    /// base, so that the whole goes.
    fn answered_once(&self) -> Result<HashSet<OpId>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT op_id FROM outbox WHERE state = 'waiting' AND attempts > 0",
            )?;
            let found = query.query_map([], |row| Ok(OpId(Uuid::from_bytes(row.get(0)?))))?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    fn bundle(&self, order: &BundleOrder, chosen: &Chosen) -> Result<Bundle> {
        let head = self.audit_head()?;
        let wanted = self.wanted_blobs(WANTED, order.now)?;
        Ok(Bundle {
            made_at: order.now,
            sync: SyncRequest {
                device: order.device,
                incarnation: self.incarnation()?,
                cursor: self.cursor()?,
                settled_through: self.settled_through()?,
                // What was sent later may be there earlier.
                highest_seq: 0,
                audit_head: Some(format!("{}:{}", head.seq, head.hash)),
                ops: self.take_ops(&chosen.ops, order.now)?,
                given: self.given_numbers(&chosen.ops)?,
                want: PAGE,
                takes: vec![EntityType::Dossier],
            },
            files: chosen.files.clone(),
            wanted: wanted.blobs.iter().map(|blob| blob.sha256).collect(),
            has: self.present_beginnings()?,
            room: order.answer_room,
        })
    }

    fn present_beginnings(&self) -> Result<Vec<String>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT sha256 FROM blob WHERE state = 'present' ORDER BY at DESC LIMIT ?1",
            )?;
            let found = query.query_map([HAS], |row| row.get::<_, [u8; 32]>(0))?;
            let beginning = |sha256: [u8; 32]| Sha256(sha256).to_hex().chars().take(16).collect();
            Ok(found
                .map(|sha256| sha256.map(beginning))
                .collect::<rusqlite::Result<_>>()?)
        })
    }

    fn put<W: Write>(
        &self,
        file: &BundleFile,
        sealer: &mut Sealer<W>,
        watch: &CourierWatch,
    ) -> Result<()> {
        let source = self.blob_open(file.sha256)?;
        let mut offset = file.base.map_or(0, |base| base.size);
        let mut out = watch.over(sealer);
        while offset < file.size {
            let length = file.size.saturating_sub(offset).min(AT_ONCE);
            let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
            source
                .read_at(offset, &mut bytes)
                .map_err(|_| StoreError::BlobCorrupt {
                    sha256: file.sha256,
                })?;
            out.write_all(&bytes)
                .map_err(|error: io::Error| stick(&error))?;
            offset = offset.saturating_add(length);
        }
        Ok(())
    }
}

/// What goes into a bundle.
#[derive(Default)]
struct Chosen {
    ops: Vec<OpId>,
    files: Vec<BundleFile>,
    left: u32,
}

impl Chosen {
    fn stays(&mut self, item: &OutboxItem, staying: &mut HashSet<DocumentId>) {
        staying.insert(item.lane);
        self.left = self.left.saturating_add(1);
    }
}

fn file(need: &UploadNeed, whole: bool) -> BundleFile {
    let base = need.base.filter(|(_, size)| !whole && *size < need.size);
    BundleFile {
        sha256: need.sha256,
        size: need.size,
        base: base.map(|(sha256, size)| BundleBase { sha256, size }),
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
