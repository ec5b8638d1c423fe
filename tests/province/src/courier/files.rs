//! The files in a bundle: assembled as an upload is, checked by their hashes, the account's own.

use std::{
    fs::{self, File},
    io::{self, Read, Write as _},
};

use congvan_model::{AccountId, Sha256};
use congvan_protocol::{BundleFile, ProblemCode};

use super::Fault;
use crate::{
    ProvinceError,
    blobs::{self, hash_file},
    error::Result,
    keys::random,
    office::Office,
};

/// Keeps the files that follow the manifest. One that cannot be put together is passed over: the op
/// that needs it is then told what is missing, as by the network.
pub(super) fn keep(
    office: &Office,
    account: AccountId,
    files: &[BundleFile],
    bundle: &mut impl Read,
) -> std::result::Result<(), Fault> {
    for file in files {
        let mut inside = bundle.take(file.inside());
        if wants(office, account, file)? {
            let id = hex::encode(random::<16>()?);
            let kept = assemble(office, (account, &id), file, &mut inside);
            // Whatever happened, only a file that was checked has left this place.
            fs::remove_file(office.slots.part(&id)).ok();
            kept?;
        }
        io::copy(&mut inside, &mut io::sink()).map_err(unreadable)?;
        if inside.limit() > 0 {
            return Err(Fault::Refused(ProblemCode::BundleDamaged));
        }
    }
    Ok(())
}

/// Whether it is not the account's already, and can be put together.
fn wants(office: &Office, account: AccountId, file: &BundleFile) -> Result<bool> {
    if file.size == 0 || file.size > office.config.max_file {
        return Ok(false);
    }
    office.db.read(|tx| {
        if blobs::readable(tx, &file.sha256, account)?.is_some() {
            return Ok(false);
        }
        Ok(match file.base {
            None => true,
            Some(base) => {
                let length = blobs::readable(tx, &base.sha256, account)?;
                length == Some(base.size) && base.size < file.size
            }
        })
    })
}

fn assemble(
    office: &Office,
    (account, id): (AccountId, &str),
    file: &BundleFile,
    inside: &mut impl Read,
) -> std::result::Result<(), Fault> {
    let path = office.slots.part(id);
    let disk = |error| ProvinceError::disk(&path)(error);
    let mut part = File::create(&path).map_err(disk)?;
    if let Some(base) = file.base {
        let mut base = File::open(office.blobs.path(&base.sha256)).map_err(disk)?;
        io::copy(&mut base, &mut part).map_err(disk)?;
    }
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = inside.read(&mut buffer).map_err(unreadable)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        part.write_all(bytes).map_err(disk)?;
    }
    part.sync_data().map_err(disk)?;
    if hash_file(&path)? != file.sha256 {
        return Ok(());
    }
    office.blobs.adopt(&path, &file.sha256)?;
    own(office, account, &file.sha256, file.size)?;
    Ok(())
}

/// Writes the rows of a blob whose bytes are durable and in their place.
pub(super) fn own(office: &Office, account: AccountId, sha256: &Sha256, size: u64) -> Result<()> {
    let now = office.now();
    office.db.write(|tx| {
        blobs::record(tx, sha256, size, now)?;
        blobs::own(tx, sha256, account)
    })
}

/// What was read once to its end and does not read again.
fn unreadable(_: io::Error) -> Fault {
    Fault::Refused(ProblemCode::BundleDamaged)
}
