//! A SoftHSM token in a folder of its own, the shim around it, and the paths of what is tested.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use aws_lc_rs::digest;
use congvan_model::Sha256;
use congvan_pkcs11_shim::file_name;
use congvan_worker::{
    Pin, SessionId, TokenClient, TokenDeadlines, TokenError, TokenInfo, WorkerPaths,
};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RsaKeySize};
use tempfile::TempDir;

pub(crate) const PIN: &str = "246810";
pub(crate) const WRONG_PIN: &str = "135791";
const SO_PIN: &str = "98765432";
pub(crate) const LABEL: &str = "Thẻ kiểm thử";

/// Paths of the program and of PDFium. `CONGVAN_WORKER` names another program, so that a long soak
/// is not disturbed by a build.
pub(crate) fn paths() -> WorkerPaths {
    let built = || env!("CARGO_BIN_EXE_congvan-worker").into();
    WorkerPaths {
        executable: std::env::var_os("CONGVAN_WORKER").map_or_else(built, PathBuf::from),
        pdfium: pdfium(),
    }
}

fn pdfium() -> PathBuf {
    let default =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/tools/pdfium/libpdfium.so");
    let path = std::env::var_os("CONGVAN_PDFIUM").map_or(default, PathBuf::from);
    assert!(
        path.is_file(),
        "no PDFium at {}: run `cargo xtask setup`",
        path.display()
    );
    path
}

pub(crate) fn softhsm() -> PathBuf {
    let known = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib64/softhsm/libsofthsm2.so",
    ];
    let found = known.iter().map(PathBuf::from).find(|path| path.is_file());
    found.expect("SoftHSM is missing: run `cargo xtask setup`")
}

/// The shim lies beside the test's own program, where cargo puts libraries of dependencies.
pub(crate) fn shim() -> PathBuf {
    let folder = std::env::current_exe()
        .unwrap()
        .parent()
        .unwrap()
        .to_path_buf();
    let path = folder.join("libcongvan_pkcs11_shim.so");
    assert!(path.is_file(), "no shim at {}", path.display());
    path
}

/// What kind of key a test token has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Rsa,
    Ec,
    /// RSA with CKA_ALWAYS_AUTHENTICATE.
    RsaAlways,
}

/// A token with one key and certificate, in a temporary folder, with the shim's state beside it.
pub(crate) struct TestToken {
    folder: TempDir,
    pub(crate) certificate: Vec<u8>,
}

impl TestToken {
    pub(crate) fn new(key: Key) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tokens")).unwrap();
        fs::create_dir(folder.path().join("card")).unwrap();
        let configuration = format!(
            "directories.tokendir = {}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n",
            folder.path().display()
        );
        fs::write(folder.path().join("softhsm2.conf"), configuration).unwrap();
        let pair = match key {
            Key::Rsa | Key::RsaAlways => {
                KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap()
            }
            Key::Ec => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(),
        };
        let certificate = CertificateParams::new(Vec::new())
            .unwrap()
            .self_signed(&pair)
            .unwrap();
        let certificate = certificate.der().to_vec();
        let token = Self {
            folder,
            certificate,
        };
        token.fill(&pair, key);
        token
    }

    fn fill(&self, pair: &KeyPair, key: Key) {
        let path = |name: &str| self.folder.path().join(name).into_os_string();
        fs::write(path("certificate.der"), &self.certificate).unwrap();
        fs::write(path("key.der"), pair.serialize_der()).unwrap();
        self.run(
            "softhsm2-util",
            &[
                "--init-token",
                "--free",
                "--label",
                LABEL,
                "--so-pin",
                SO_PIN,
                "--pin",
                PIN,
            ],
            &[],
        );
        let module = softhsm().into_os_string();
        let common = [
            "--id", "a1", "--label", "ký số", "--login", "--pin", PIN, "--module",
        ];
        let mut private: Vec<&str> = vec!["--type", "privkey", "--usage-sign"];
        if key == Key::RsaAlways {
            private.push("--always-auth");
        }
        private.extend(common);
        self.run(
            "pkcs11-tool",
            &private,
            &[module.clone(), "--write-object".into(), path("key.der")],
        );
        let mut public: Vec<&str> = vec!["--type", "cert"];
        public.extend(common);
        self.run(
            "pkcs11-tool",
            &public,
            &[module, "--write-object".into(), path("certificate.der")],
        );
    }

    fn run(&self, program: &str, arguments: &[&str], more: &[OsString]) {
        let output = Command::new(program)
            .args(arguments)
            .args(more)
            .envs(self.environment())
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}: run `cargo xtask setup`"));
        assert!(output.status.success(), "{program}: {output:?}");
    }

    /// The variables a worker needs to see this token, plainly or through the shim.
    pub(crate) fn environment(&self) -> Vec<(OsString, OsString)> {
        let path = |name: &str| self.folder.path().join(name).into_os_string();
        vec![
            ("SOFTHSM2_CONF".into(), path("softhsm2.conf")),
            ("CONGVAN_SHIM_MODULE".into(), softhsm().into_os_string()),
            ("CONGVAN_SHIM_STATE".into(), path("card")),
        ]
    }

    pub(crate) fn client(&self) -> TokenClient {
        self.client_with(TokenDeadlines::default())
    }

    pub(crate) fn client_with(&self, deadlines: TokenDeadlines) -> TokenClient {
        TokenClient::with(paths(), deadlines, self.environment())
    }

    pub(crate) fn hash(&self) -> Sha256 {
        let hash = digest::digest(&digest::SHA256, &self.certificate);
        Sha256(hash.as_ref().try_into().unwrap())
    }

    /// A file of the shim's state.
    pub(crate) fn card(&self, name: &str) -> PathBuf {
        self.folder.path().join("card").join(name)
    }

    pub(crate) fn faults(&self, rules: &str) {
        fs::write(self.card(file_name::FAULTS), rules).unwrap();
    }

    pub(crate) fn tries(&self) -> u32 {
        let text = fs::read_to_string(self.card(file_name::TRIES));
        text.map_or(congvan_pkcs11_shim::TRIES, |text| {
            text.trim().parse().unwrap()
        })
    }

    pub(crate) fn set_tries(&self, tries: u32) {
        fs::write(self.card(file_name::TRIES), tries.to_string()).unwrap();
    }

    /// How often the card was asked to do this.
    pub(crate) fn calls(&self, name: &str) -> usize {
        let log = fs::read_to_string(self.card(file_name::CALLS)).unwrap_or_default();
        log.lines().filter(|line| *line == name).count()
    }

    /// The one token the module sees.
    pub(crate) async fn only(&self, client: &TokenClient, module: &Path) -> TokenInfo {
        let mut tokens = client.tokens(module).await.unwrap();
        assert_eq!(tokens.len(), 1, "{tokens:?}");
        tokens.remove(0)
    }

    /// Logs in with this PIN, without consent to the last try.
    pub(crate) async fn open(
        &self,
        client: &TokenClient,
        module: &Path,
        pin: &str,
    ) -> Result<SessionId, TokenError> {
        let serial = self.only(client, module).await.serial;
        let pin = Some(Pin::new(pin.to_owned()));
        client
            .open_session(module, &serial, self.hash(), pin, false)
            .await
    }
}

/// Deadlines for tests that wait for one to pass.
pub(crate) fn impatient() -> TokenDeadlines {
    TokenDeadlines {
        login: Duration::from_secs(1),
        sign: Duration::from_secs(1),
        ..TokenDeadlines::default()
    }
}

/// Whether a process is there and not merely waiting to be reaped.
pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ")
        .next()
        .and_then(|rest| rest.chars().next())
        .is_some_and(|s| s != 'Z')
}

pub(crate) fn signal(pid: u32, signal: &str) {
    let status = Command::new("kill")
        .args([signal, &pid.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

/// The bits of the certificate's SubjectPublicKeyInfo.
pub(crate) fn public_key(certificate: &[u8]) -> Vec<u8> {
    use x509_cert::der::Decode;
    let certificate = x509_cert::Certificate::from_der(certificate).unwrap();
    let info = certificate.tbs_certificate.subject_public_key_info;
    info.subject_public_key.as_bytes().unwrap().to_vec()
}
