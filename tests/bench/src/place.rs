//! Where a bench works: a folder of its own, a token, a PKI and papers.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, ensure};
use congvan_model::Timestamp;
use congvan_testkit::{LEADER, Pki, SignerKind, SoftHsm, softhsm_module};

use crate::paper;

pub(crate) struct Place {
    folder: tempfile::TempDir,
    pub(crate) token: SoftHsm,
    pub(crate) module: PathBuf,
    /// Root and authority, PEM or DER files.
    pub(crate) root: PathBuf,
    pub(crate) authority: PathBuf,
    /// The same two, DER, as a province takes them.
    pub(crate) trust: Vec<Vec<u8>>,
    /// The leader's certificate, DER.
    pub(crate) certificate: Vec<u8>,
}

impl Place {
    /// On the disk that the programs were built on, for a temporary folder may be memory.
    pub(crate) fn new() -> Result<Self> {
        let target =
            env::var_os("CONGVAN_BENCH_TARGET").context("run it by `cargo xtask bench`")?;
        let base = PathBuf::from(target).join("bench");
        fs::create_dir_all(&base)?;
        let folder = tempfile::tempdir_in(base)?;
        let pki = Pki::new(now()?)?;
        let identity = pki.signer(&LEADER, SignerKind::Good)?;
        let token = SoftHsm::create(&folder.path().join("token"), &identity)?;
        let (root, authority) = (folder.path().join("root.pem"), folder.path().join("ca.der"));
        fs::write(&root, pki.root_pem())?;
        fs::write(&authority, pki.intermediate_der())?;
        Ok(Self {
            trust: vec![pki.root_der(), pki.intermediate_der()],
            certificate: identity.certificate,
            folder,
            token,
            module: softhsm_module()?,
            root,
            authority,
        })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Papers of a size, by name `paper-0.pdf` and so on in a folder of their own.
    pub(crate) fn papers(&self, name: &str, bytes: u64, count: usize) -> Result<Vec<PathBuf>> {
        let folder = self.path(name);
        fs::create_dir_all(&folder)?;
        let first = folder.join("paper-0.pdf");
        paper::write(&first, bytes)?;
        let mut all = vec![first.clone()];
        for number in 1..count {
            let copy = folder.join(format!("paper-{number}.pdf"));
            fs::copy(&first, &copy)?;
            all.push(copy);
        }
        Ok(all)
    }

    /// A fresh, empty folder for what is made.
    pub(crate) fn outputs(&self) -> Result<PathBuf> {
        let folder = self.path("out");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

/// A program of ours that was built for release.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    let folder = env::var_os("CONGVAN_PROGRAMS").context("run it by `cargo xtask bench`")?;
    let program = Path::new(&folder).join(format!("{name}{}", env::consts::EXE_SUFFIX));
    ensure!(program.is_file(), "{} is missing", program.display());
    Ok(program)
}

/// Python with pyHanko.
pub(crate) fn python() -> Result<PathBuf> {
    let python = env::var_os("CONGVAN_PYTHON").context("run it by `cargo xtask bench`")?;
    Ok(python.into())
}

#[expect(
    clippy::disallowed_methods,
    reason = "other programs sign by the clock too"
)]
fn now() -> Result<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp(i64::try_from(since.as_millis())?))
}
