use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{SigningIdentity, write_pem};

/// The token's label, as the reader lists it.
pub const TOKEN_LABEL: &str = "VGCA Token (mô phỏng)";
/// The user PIN of every test token.
pub const TOKEN_PIN: &str = "123456";
const SO_PIN: &str = "12345678";
const KEY_ID: &str = "a1";

/// A software token (SoftHSM 2) in a directory of its own, with one signing key and its
/// certificate. The program under test must run with `SOFTHSM2_CONF` set to [`SoftHsm::conf`].
pub struct SoftHsm {
    /// Value for the environment variable `SOFTHSM2_CONF`.
    pub conf: PathBuf,
    /// The user PIN.
    pub pin: &'static str,
    /// The token's label.
    pub label: &'static str,
    /// The certificate on it, DER.
    pub certificate: Vec<u8>,
}

impl SoftHsm {
    /// Makes a token in `dir` (created; anything of an earlier token in it is replaced) and puts
    /// the identity on it.
    ///
    /// # Errors
    /// When `softhsm2-util` or `pkcs11-tool` is missing or refuses; the message names the package.
    pub fn create(dir: &Path, identity: &SigningIdentity) -> Result<Self> {
        let tokens = dir.join("tokens");
        if tokens.exists() {
            std::fs::remove_dir_all(&tokens).context("remove the earlier token")?;
        }
        std::fs::create_dir_all(&tokens).context("make the token directory")?;
        let conf = dir.join("softhsm2.conf");
        std::fs::write(
            &conf,
            format!(
                "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n\
                 slots.removable = false\n",
                tokens.display()
            ),
        )?;
        let token = Self {
            conf,
            pin: TOKEN_PIN,
            label: TOKEN_LABEL,
            certificate: identity.certificate.clone(),
        };
        token.initialise()?;
        token.import(dir, identity)?;
        Ok(token)
    }

    fn initialise(&self) -> Result<()> {
        self.run(
            "softhsm2-util",
            "softhsm2",
            &[
                "--init-token",
                "--free",
                "--label",
                self.label,
                "--so-pin",
                SO_PIN,
                "--pin",
                self.pin,
            ],
        )
    }

    fn import(&self, dir: &Path, identity: &SigningIdentity) -> Result<()> {
        let key = dir.join("key.pem");
        write_pem(&key, "PRIVATE KEY", &identity.key_pkcs8)?;
        let imported = self.run(
            "softhsm2-util",
            "softhsm2",
            &[
                "--import",
                &key.to_string_lossy(),
                "--token",
                self.label,
                "--label",
                "Ký số",
                "--id",
                KEY_ID,
                "--pin",
                self.pin,
            ],
        );
        // The key must live on the token only, as with a real one.
        std::fs::remove_file(&key).ok();
        imported?;
        let certificate = dir.join("certificate.der");
        std::fs::write(&certificate, &identity.certificate)?;
        let module = softhsm_module()?;
        self.run(
            "pkcs11-tool",
            "opensc",
            &[
                "--module",
                &module.to_string_lossy(),
                "--token-label",
                self.label,
                "--login",
                "--pin",
                self.pin,
                "--write-object",
                &certificate.to_string_lossy(),
                "--type",
                "cert",
                "--id",
                KEY_ID,
                "--label",
                "Ký số",
            ],
        )
    }

    fn run(&self, tool: &str, package: &str, arguments: &[&str]) -> Result<()> {
        let output = Command::new(tool)
            .args(arguments)
            .env("SOFTHSM2_CONF", &self.conf)
            .output()
            .with_context(|| format!("{tool} is missing: install the package {package}"))?;
        ensure!(
            output.status.success(),
            "{tool} failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }
}

/// Where the PKCS#11 module of SoftHSM 2 lies.
///
/// # Errors
/// When it is not installed.
pub fn softhsm_module() -> Result<PathBuf> {
    let places = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so",
    ];
    match places.iter().map(PathBuf::from).find(|path| path.exists()) {
        Some(path) => Ok(path),
        None => bail!("libsofthsm2.so not found: install the package softhsm2"),
    }
}
