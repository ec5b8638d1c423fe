//! The least that signing a copy can cost: read, write, SHA-256, one signature by the token.

use std::{fs, fs::File, io::Write as _, path::Path, path::PathBuf, time::Instant};

use anyhow::{Context, Result};
use aws_lc_rs::digest::{SHA256, digest};
use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    mechanism::Mechanism,
    object::{Attribute, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    types::AuthPin,
};

/// DigestInfo of SHA-256 up to the digest (RFC 8017, 9.2, note 1).
const PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

pub(crate) struct Floor {
    session: Session,
    key: ObjectHandle,
}

impl Floor {
    /// Logs in; the caller has set `SOFTHSM2_CONF`.
    pub(crate) fn open(module: &Path, pin: &str) -> Result<Self> {
        let library = Pkcs11::new(module)?;
        library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))?;
        let slots = library.get_slots_with_initialized_token()?;
        let slot = *slots.first().context("no token")?;
        let session = library.open_ro_session(slot)?;
        session.login(UserType::User, Some(&AuthPin::new(pin.to_owned().into())))?;
        let found = session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)])?;
        let key = *found.first().context("no key")?;
        Ok(Self { session, key })
    }

    /// Copies and signs each file, one after the other; waits for the disk where `sync` says so.
    /// Milliseconds per document.
    pub(crate) fn round(&self, files: &[PathBuf], out: &Path, sync: bool) -> Result<f64> {
        let started = Instant::now();
        for file in files {
            let bytes = fs::read(file)?;
            let mut copy = File::create(out.join(file.file_name().context("no name")?))?;
            copy.write_all(&bytes)?;
            let signature = self.signature(&bytes)?;
            copy.write_all(&signature)?;
            if sync {
                copy.sync_all()?;
            }
        }
        Ok(started.elapsed().as_secs_f64() * 1000.0 / files.len() as f64)
    }

    /// One signature and nothing else; milliseconds.
    pub(crate) fn one(&self) -> Result<f64> {
        let started = Instant::now();
        self.signature(b"alone")?;
        Ok(started.elapsed().as_secs_f64() * 1000.0)
    }

    fn signature(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        let info = [&PREFIX[..], digest(&SHA256, bytes).as_ref()].concat();
        Ok(self.session.sign(&Mechanism::RsaPkcs, self.key, &info)?)
    }
}
