//! The answer to a bundle: the round's results and pages, and files, sealed to the desk.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
};

use congvan_courier::{Head, Kind, seal as seal_to};
use congvan_model::{AccountId, Sha256};
use congvan_protocol::{BundleAnswer, BundleFile, CarryAnswer, Entity, SyncResponse};

use super::{Bundle, Desk, Fault, fault, files::own};
use crate::{
    ProvinceError,
    blobs::{self, hash_file},
    error::Result,
    keys::random,
    office::Office,
    round,
};

/// Pages of the feed in one answer, about a megabyte each.
const PAGES: usize = 16;

/// Judges the bundle's round and seals what comes of it; the blob belongs to the carrier.
pub(super) fn seal(
    office: &Office,
    (desk, asked): (&Desk, &Head),
    bundle: &Bundle,
    carrier: AccountId,
) -> std::result::Result<CarryAnswer, Fault> {
    let answer = judge(office, desk, bundle)?;
    let head = Head {
        kind: Kind::Answer,
        province: office.config.province.clone(),
        office: asked.office.clone(),
        bundle: asked.bundle.clone(),
        to: desk.sealing.id(),
    };
    let manifest = serde_json::to_vec(&answer).map_err(ProvinceError::from)?;
    let path = office.slots.part(&hex::encode(random::<16>()?));
    let disk = |error| ProvinceError::disk(&path)(error);
    let sink = BufWriter::new(File::create(&path).map_err(disk)?);
    let keys = office.keys();
    let mut sealer = seal_to(&head, &desk.sealing, &keys.answers, &manifest, sink)
        .map_err(|error| fault(error, &path))?;
    for file in &answer.files {
        let mut source = File::open(office.blobs.path(&file.sha256)).map_err(disk)?;
        io::copy(&mut source, &mut sealer).map_err(disk)?;
    }
    let mut sink = sealer.finish().map_err(|error| fault(error, &path))?;
    sink.flush().map_err(disk)?;
    sink.get_ref().sync_data().map_err(disk)?;
    let size = fs::metadata(&path).map_err(disk)?.len();
    let sha256 = hash_file(&path)?;
    office.blobs.adopt(&path, &sha256)?;
    own(office, carrier, &sha256, size)?;
    Ok(CarryAnswer {
        answer: sha256,
        size,
    })
}

/// The round as the network would have it, and as much of what follows as an answer holds.
fn judge(office: &Office, desk: &Desk, bundle: &Bundle) -> Result<BundleAnswer> {
    let mut answer = BundleAnswer {
        incarnation: bundle.sync.incarnation.clone(),
        cursor: bundle.sync.cursor.clone(),
        refused: None,
        pages: Vec::new(),
        files: Vec::new(),
        files_left: 0,
    };
    let mut page = match round::settle(office, desk.account, &bundle.sync)? {
        Ok(page) => page,
        Err(code) => {
            answer.refused = Some(code);
            return Ok(answer);
        }
    };
    loop {
        let (more, cursor) = (page.more, page.cursor.clone());
        answer.pages.push(page);
        if !more || answer.pages.len() == PAGES {
            break;
        }
        let asked = (Some(cursor.as_str()), bundle.sync.want);
        let Ok(mut next) = round::pull(office, desk.account, asked)? else {
            break;
        };
        next.changes
            .retain(|change| bundle.sync.takes(change.entity));
        page = next;
    }
    choose_files(office, desk.account, bundle, &mut answer)?;
    Ok(answer)
}

/// Files for which there is room: those of what has changed, then those that the desk asks for.
fn choose_files(
    office: &Office,
    account: AccountId,
    bundle: &Bundle,
    answer: &mut BundleAnswer,
) -> Result<()> {
    let mut room = bundle.room.min(office.config.max_file);
    let mut seen: HashSet<Sha256> = HashSet::new();
    let has: HashSet<&str> = bundle.has.iter().map(String::as_str).collect();
    let changed: Vec<Sha256> = answer.pages.iter().flat_map(heads).collect();
    for sha256 in changed.iter().chain(&bundle.wanted) {
        let digits: String = sha256.to_hex().chars().take(16).collect();
        if has.contains(digits.as_str()) || !seen.insert(*sha256) {
            continue;
        }
        let size = office.db.read(|tx| blobs::readable(tx, sha256, account))?;
        match size {
            Some(size) if size <= room => {
                room -= size;
                answer.files.push(BundleFile {
                    sha256: *sha256,
                    size,
                    base: None,
                });
            }
            Some(_) => answer.files_left = answer.files_left.saturating_add(1),
            None => {}
        }
    }
    Ok(())
}

/// The files of a page's documents as they stand.
fn heads(page: &SyncResponse) -> Vec<Sha256> {
    let documents = page.changes.iter().filter_map(|change| match &change.body {
        Some(Entity::Document(document)) => Some(document),
        Some(Entity::Opinion(_) | Entity::Dossier(_) | Entity::Task(_) | Entity::Calendar(_))
        | None => None,
    });
    let files = documents.flat_map(|document| &document.files);
    let heads = files.filter_map(|file| file.head());
    heads.map(|revision| revision.sha256).collect()
}
