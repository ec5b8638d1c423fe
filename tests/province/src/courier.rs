//! Courier bundles (gói chuyển tay): a desk's round, sealed into a file, that arrives by another's hands.
//!
//! Invariant: a bundle is read to its end, every byte of it authenticated and its desk known, before
//! anything of it is done. Invariant: its ops are judged by what judges those of the network.

mod answer;
mod files;

use std::{fs::File, io::BufReader, path::Path};

use congvan_courier::{CourierError, Kind, SealedTo, Trusted, VerifyingKey, look};
use congvan_model::{AccountId, DeviceId, Sha256, Timestamp};
use congvan_protocol::{BUNDLE_DAYS, BundleFile, CarryAnswer, DeskKeys, ProblemCode};
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{ProvinceError, error::Result, office::Office, ops::Envelope};

/// Days for which a bundle and its answer can be fetched again.
const KEEP_DAYS: i64 = 7;
const DAY_MS: i64 = 86_400_000;

/// Why a bundle was not taken in.
enum Fault {
    /// It is the bundle's.
    Refused(ProblemCode),
    /// It is ours.
    Broken(ProvinceError),
}

impl<E: Into<ProvinceError>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

/// The manifest as it came; its ops are read one by one.
#[derive(serde::Deserialize)]
struct Bundle {
    made_at: Timestamp,
    sync: Envelope,
    files: Vec<BundleFile>,
    wanted: Vec<Sha256>,
    #[serde(default)]
    has: Vec<String>,
    room: u64,
}

/// A desk that has told its keys, under a login that is in force.
struct Desk {
    account: AccountId,
    device: DeviceId,
    signing: VerifyingKey,
    sealing: SealedTo,
}

/// Keeps what a desk is known by.
pub(crate) fn know(
    office: &Office,
    (account, session): (AccountId, i64),
    keys: &DeskKeys,
) -> Result<std::result::Result<(), ProblemCode>> {
    let parsed = VerifyingKey::parse(&keys.signing).and_then(|signing| {
        SealedTo::parse(&keys.sealing)?;
        Ok(signing.id())
    });
    let Ok(signer) = parsed else {
        return Ok(Err(ProblemCode::InvalidRequest));
    };
    office.db.write(|tx| {
        // Who has seen another's keys must not take that desk's bundles over.
        let changed = tx.execute(
            "INSERT INTO courier_desk(signer, session, signing, sealing) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT(signer) DO UPDATE SET session = excluded.session, sealing = excluded.sealing
               WHERE signing = excluded.signing
                 AND (SELECT account FROM session WHERE id = courier_desk.session) = ?5",
            params![signer.0, session, keys.signing, keys.sealing, account.0],
        )?;
        Ok(if changed == 0 {
            Err(ProblemCode::Forbidden)
        } else {
            Ok(())
        })
    })
}

/// Takes in the bundle among the blobs and puts the answer there, for the carrier to fetch.
pub(crate) fn carry(
    office: &Office,
    carrier: AccountId,
    bundle: &Sha256,
) -> Result<std::result::Result<CarryAnswer, ProblemCode>> {
    match take_in(office, carrier, bundle) {
        Ok(answer) => Ok(Ok(answer)),
        Err(Fault::Refused(code)) => {
            tracing::info!(code = code.as_str(), "a courier bundle was refused");
            Ok(Err(code))
        }
        Err(Fault::Broken(error)) => Err(error),
    }
}

fn take_in(
    office: &Office,
    carrier: AccountId,
    bundle: &Sha256,
) -> std::result::Result<CarryAnswer, Fault> {
    let path = office.blobs.path(bundle);
    let (desk, trusted) = opened(office, &path)?;
    let head = trusted.head.clone();
    let said: Bundle = serde_json::from_slice(&trusted.manifest)
        .map_err(|_| Fault::Refused(ProblemCode::BundleDamaged))?;
    if said.sync.device != desk.device {
        return Err(Fault::Refused(ProblemCode::BundleUnknownDesk));
    }
    let now = office.now();
    if now.0.saturating_sub(said.made_at.0) > BUNDLE_DAYS * DAY_MS {
        return Err(Fault::Refused(ProblemCode::BundleTooOld));
    }
    trusted.to_the_end().map_err(|error| fault(error, &path))?;
    let (_, mut again) = opened(office, &path)?;
    files::keep(office, desk.account, &said.files, &mut again)?;
    let answer = answer::seal(office, (&desk, &head), &said, carrier)?;
    sweep(office, [bundle, &answer.answer], now)?;
    tracing::info!(
        ops = said.sync.ops.len(),
        files = said.files.len(),
        "a courier bundle was taken in"
    );
    Ok(answer)
}

/// Opens a bundle and finds out whose it is.
fn opened(
    office: &Office,
    path: &Path,
) -> std::result::Result<(Desk, Trusted<BufReader<File>>), Fault> {
    let file = File::open(path).map_err(ProvinceError::disk(path))?;
    let sealed = look(BufReader::new(file)).map_err(|error| fault(error, path))?;
    let head = &sealed.head;
    if head.kind != Kind::Outgoing || head.province != office.config.province {
        return Err(Fault::Refused(ProblemCode::BundleForeign));
    }
    let opened = sealed
        .open(&office.keys().courier)
        .map_err(|error| fault(error, path))?;
    let signer = opened.signer();
    let desk = office.db.read(|tx| desk(tx, signer.0))?;
    let desk = desk.ok_or(Fault::Refused(ProblemCode::BundleUnknownDesk))?;
    let trusted = opened
        .trust(&desk.signing)
        .map_err(|error| fault(error, path))?;
    Ok((desk, trusted))
}

fn desk(tx: &Transaction<'_>, signer: [u8; 8]) -> Result<Option<Desk>> {
    let found: Option<(i64, [u8; 16], String, String)> = tx
        .query_row(
            "SELECT s.account, s.device, d.signing, d.sealing FROM courier_desk d
             JOIN session s ON s.id = d.session AND s.revoked = 0 WHERE d.signer = ?1",
            [signer],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()?;
    let Some((account, device, signing, sealing)) = found else {
        return Ok(None);
    };
    let stored = |_| ProvinceError::Stored("courier_desk");
    Ok(Some(Desk {
        account: AccountId(account),
        device: DeviceId(Uuid::from_bytes(device)),
        signing: VerifyingKey::parse(&signing).map_err(stored)?,
        sealing: SealedTo::parse(&sealing).map_err(stored)?,
    }))
}

/// Whose fault it is that a bundle does not open.
fn fault(error: CourierError, path: &Path) -> Fault {
    match error {
        CourierError::NotOurs | CourierError::Damaged | CourierError::TooLong => {
            Fault::Refused(ProblemCode::BundleDamaged)
        }
        CourierError::Version { .. } => Fault::Refused(ProblemCode::BundleVersion),
        CourierError::OtherKey => Fault::Refused(ProblemCode::BundleForeign),
        CourierError::NotSigned => Fault::Refused(ProblemCode::BundleUnknownDesk),
        CourierError::Key => Fault::Broken(ProvinceError::Key("courier key")),
        CourierError::Io(source) => Fault::Broken(ProvinceError::disk(path)(source)),
    }
}

/// Notes these as bundles, and removes those that nobody has fetched for days.
fn sweep(office: &Office, fresh: [&Sha256; 2], now: Timestamp) -> Result<()> {
    let old: Vec<[u8; 32]> = office.db.write(|tx| {
        for sha256 in fresh {
            tx.execute(
                "INSERT INTO courier_blob(sha256, at) VALUES (?1, ?2)
                 ON CONFLICT(sha256) DO UPDATE SET at = excluded.at",
                params![sha256.0, now.0],
            )?;
        }
        let oldest = now.plus_ms(-KEEP_DAYS * DAY_MS).0;
        let mut gone = tx.prepare("DELETE FROM courier_blob WHERE at < ?1 RETURNING sha256")?;
        let rows = gone.query_map([oldest], |row| row.get(0))?;
        let old: Vec<[u8; 32]> = rows.collect::<rusqlite::Result<_>>()?;
        for sha256 in &old {
            tx.execute("DELETE FROM blob_owner WHERE sha256 = ?1", [sha256])?;
            tx.execute("DELETE FROM blob WHERE sha256 = ?1", [sha256])?;
        }
        Ok::<_, ProvinceError>(old)
    })?;
    for sha256 in old {
        std::fs::remove_file(office.blobs.path(&Sha256(sha256))).ok();
    }
    Ok(())
}
