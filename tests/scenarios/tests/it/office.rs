//! The stage: a province, a leader's token behind the shim, and desks in folders of their own.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use congvan_core::{Desk, DeskConfig, VaultChoice, WorkerPaths};
use congvan_model::{DocumentId, Sha256};
use congvan_pkcs11_shim::file_name;
use congvan_province::{
    Clock, FaultRule, Province, ProvinceConfig, RevisionStat, RunningProvince, Seed, Stats,
};
use congvan_testkit::{LEADER, Person, Pki, SignerKind, SigningIdentity, SoftHsm, softhsm_module};
use serde_json::json;
use tempfile::TempDir;

use crate::face::Face;

/// A province and everything a desk of its leader needs. The server can be cut off and come back.
pub(crate) struct Office {
    province: Option<RunningProvince>,
    /// The configuration of the server while it is away.
    away: Option<ProvinceConfig>,
    pub(crate) url: String,
    ca_pem: String,
    token: SoftHsm,
    token_files: Vec<(PathBuf, Vec<u8>)>,
    desks: AtomicUsize,
    /// The module that the administrator named.
    module: PathBuf,
    dir: TempDir,
}

impl Office {
    pub(crate) fn open() -> Self {
        Self::open_with(|_| {})
    }

    pub(crate) fn open_with(change: impl FnOnce(&mut ProvinceConfig)) -> Self {
        let pki = Pki::new(Clock::system().now()).unwrap();
        Self::open_under(&pki, change)
    }

    /// With signers of this PKI.
    pub(crate) fn open_under(pki: &Pki, change: impl FnOnce(&mut ProvinceConfig)) -> Self {
        let identity = pki.signer(&LEADER, SignerKind::Good).unwrap();
        Self::open_for(pki, (&LEADER, identity), change)
    }

    /// Where the token is that person's, and the certificate on it registered for them.
    pub(crate) fn open_for(
        pki: &Pki,
        (person, identity): (&Person, SigningIdentity),
        change: impl FnOnce(&mut ProvinceConfig),
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let token = SoftHsm::create(&dir.path().join("token"), &identity).unwrap();
        fs::create_dir(dir.path().join("card")).unwrap();
        let mut config = ProvinceConfig::new(dir.path().join("province"));
        config.seed = Seed::Few;
        config.trust = vec![pki.root_der(), pki.intermediate_der()];
        config.signers = vec![(person.username.to_owned(), identity.certificate)];
        change(&mut config);
        let province = Province::start(config).unwrap();
        Self {
            url: province.url.clone(),
            ca_pem: province.ca_pem.clone(),
            province: Some(province),
            away: None,
            token_files: files(&dir.path().join("token/tokens")),
            token,
            desks: AtomicUsize::new(0),
            module: shim(),
            dir,
        }
    }

    /// The same office with another module than the shim.
    pub(crate) fn behind(mut self, module: PathBuf) -> Self {
        self.module = module;
        self
    }

    /// The process that holds the shim for a desk of this office, by its id.
    pub(crate) fn token_worker(&self) -> Option<u32> {
        let state = format!("CONGVAN_SHIM_STATE={}", self.file("card").display());
        let ids = fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let name = entry.ok()?.file_name();
            name.to_str()?.parse::<u32>().ok()
        });
        // A process may go while it is looked at.
        let has = |id: &u32, file: &str, wanted: &str| {
            let text = fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
            let mut words = text.split(|byte| *byte == 0);
            words.any(|word| word == wanted.as_bytes())
        };
        let mut workers = ids.filter(|id| {
            let module = self.module.to_string_lossy();
            has(id, "cmdline", "token") && has(id, "cmdline", &module) && has(id, "environ", &state)
        });
        workers.next()
    }

    /// Waits until this call of the card hangs as the rule says: before or after its work.
    pub(crate) async fn card_hangs(&self, call: &str, number: usize, hang: &str) {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(40);
        let done = format!("{call} {number} done");
        let is_there = || match hang {
            "hang" => self.card_calls(call) >= number,
            _ => self.card_calls(&done) > 0,
        };
        while !is_there() {
            assert!(
                tokio::time::Instant::now() < deadline,
                "the card was never asked for {call} {number}"
            );
            // A file makes no event here.
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// The network is cut in the middle of whatever the server does.
    pub(crate) fn cut(&mut self) {
        self.away = Some(self.province.take().unwrap().stop());
    }

    /// The network is there again: the same server, on the same port.
    pub(crate) fn connect(&mut self) {
        let config = self.away.take().unwrap();
        self.province = Some(Province::start(config).unwrap());
    }

    /// The same server and port with another configuration, for as long as `connect` is not called.
    pub(crate) fn connect_as(
        &mut self,
        change: impl FnOnce(&mut ProvinceConfig),
    ) -> RunningProvince {
        let mut config = self.away.clone().unwrap();
        change(&mut config);
        Province::start(config).unwrap()
    }

    pub(crate) fn province(&self) -> &RunningProvince {
        self.province.as_ref().unwrap()
    }

    pub(crate) fn fault(&self, rule: FaultRule) {
        self.province().fault(rule);
    }

    pub(crate) fn stats(&self) -> Stats {
        self.province().stats().unwrap()
    }

    pub(crate) fn revisions(&self, document: &str) -> Vec<RevisionStat> {
        let id: DocumentId = document.parse().unwrap();
        self.province().revisions(id).unwrap()
    }

    /// The hashes of the signed states that the server holds of a document.
    pub(crate) fn signed(&self, document: &str) -> Vec<String> {
        let revisions = self.revisions(document);
        let signed = revisions.iter().filter(|state| state.signed_by.is_some());
        signed.map(|state| state.sha256.to_hex()).collect()
    }

    /// The bytes at the server.
    pub(crate) fn blob(&self, sha256: &str) -> Vec<u8> {
        let sha256: Sha256 = sha256.parse().unwrap();
        self.province().blob(&sha256).unwrap()
    }

    /// A draft for the leader to sign, with these bytes.
    pub(crate) fn add_draft(&self, subject: &str, pdf: &[u8]) -> String {
        self.province().add_draft(subject, pdf).unwrap().to_string()
    }

    /// What the administrator hands out, as a file. The token is behind the shim.
    pub(crate) fn client_toml(&self) -> PathBuf {
        let (ca, file) = (self.file("ca.pem"), self.file("client.toml"));
        fs::write(&ca, &self.ca_pem).unwrap();
        let text = format!(
            "server_url = {:?}\nprovince = \"H99\"\nname = \"Tỉnh H99\"\nca_file = {ca:?}\n\
             pkcs11_modules = [{:?}]\npkcs11_only_listed = true\nevidence_proxy = \"none\"\n\
             signature_templates = \"templates\"\n",
            self.url, self.module,
        );
        fs::write(&file, text).unwrap();
        file
    }

    /// The office's own template of a signature.
    pub(crate) fn template(&self, file: &str, json: &str) {
        let folder = self.file("templates");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(file), json).unwrap();
    }

    /// A new desk in this process; nobody is logged in.
    pub(crate) fn desk(&self) -> Face {
        self.desk_trusting(&self.ca_pem)
    }

    /// A new desk whose administrator gave it this authority.
    pub(crate) fn desk_trusting(&self, ca_pem: &str) -> Face {
        self.launch(ca_pem, self.workers())
    }

    fn launch(&self, ca_pem: &str, workers: WorkerPaths) -> Face {
        let province = congvan_core::ProvinceConfig::load(&self.client_toml()).unwrap();
        let folder = self.file(&format!(
            "desk-{}",
            self.desks.fetch_add(1, Ordering::Relaxed)
        ));
        fs::create_dir(&folder).unwrap();
        let ca_file = folder.join("ca.pem");
        fs::write(&ca_file, ca_pem).unwrap();
        Face::here(Desk::launch(DeskConfig {
            data_dir: folder.join("data"),
            vault: VaultChoice::Memory,
            province: Some(congvan_core::ProvinceConfig {
                ca_file,
                ..province
            }),
            workers,
            started: None,
        }))
    }

    /// A new desk at which that token lies, behind a shim of its own; nobody is logged in.
    pub(crate) fn desk_with(&self, token: &SoftHsm) -> Face {
        let state = self.file(&format!("card-{}", self.desks.load(Ordering::Relaxed)));
        fs::create_dir(&state).unwrap();
        let environment = [
            ("SOFTHSM2_CONF", token.conf.clone()),
            ("CONGVAN_SHIM_MODULE", softhsm_module().unwrap()),
            ("CONGVAN_SHIM_STATE", state.clone()),
        ];
        self.launch(&self.ca_pem, worker(&state.join("worker"), &environment))
    }

    /// A new desk of the leader, with everything pulled.
    pub(crate) async fn leader(&self) -> Face {
        let desk = self.desk();
        desk.log_in(&LEADER).await.unwrap();
        desk.everything_pulled().await;
        desk
    }

    /// The token's and the shim's variables.
    pub(crate) fn environment(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("SOFTHSM2_CONF", self.token.conf.clone()),
            ("CONGVAN_SHIM_MODULE", softhsm_module().unwrap()),
            ("CONGVAN_SHIM_STATE", self.file("card")),
        ]
    }

    fn workers(&self) -> WorkerPaths {
        worker(&self.file("worker"), &self.environment())
    }

    /// SoftHSM writes its token's file in place at each login, so a process killed in that moment
    /// leaves it empty. A card keeps its memory when the computer dies: this puts it back.
    pub(crate) fn mend_token(&self) {
        for (path, bytes) in &self.token_files {
            fs::write(path, bytes).unwrap();
        }
    }

    /// A file of the stage.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Rules of misbehaviour for the token's module.
    pub(crate) fn token_faults(&self, rules: &str) {
        fs::write(self.card(file_name::FAULTS), rules).unwrap();
    }

    pub(crate) fn card(&self, name: &str) -> PathBuf {
        self.file("card").join(name)
    }

    /// How often the card was asked to do this.
    pub(crate) fn card_calls(&self, call: &str) -> usize {
        let log = fs::read_to_string(self.card(file_name::CALLS)).unwrap_or_default();
        log.lines().filter(|line| *line == call).count()
    }

    /// PIN tries left on the card.
    pub(crate) fn tries(&self) -> u32 {
        let text = fs::read_to_string(self.card(file_name::TRIES));
        text.map_or(congvan_pkcs11_shim::TRIES, |text| {
            text.trim().parse().unwrap()
        })
    }

    /// SHA-256 of the leader's certificate.
    pub(crate) fn certificate(&self) -> Sha256 {
        let config = &self.province().config;
        congvan_pades::read_certificate(&config.signers[0].1)
            .unwrap()
            .sha256
    }

    pub(crate) fn pin(&self) -> &'static str {
        self.token.pin
    }
}

/// The worker program. A test cannot change its own environment, so the token's variables are set by a
/// script that becomes the worker.
fn worker(executable: &Path, environment: &[(&str, PathBuf)]) -> WorkerPaths {
    let variables: String = environment
        .iter()
        .map(|(name, value)| format!("export {name}='{}'\n", value.display()))
        .collect();
    let program = program("congvan-worker");
    let script = format!(
        "#!/bin/sh\n{variables}exec '{}' \"$@\"\n",
        program.display()
    );
    if !executable.exists() {
        fs::write(executable, script).unwrap();
        fs::set_permissions(executable, fs::Permissions::from_mode(0o755)).unwrap();
    }
    WorkerPaths {
        executable: executable.to_owned(),
        pdfium: pdfium(),
    }
}

/// Every file below a folder of folders, with its bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = |folder: &Path| {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
    };
    let paths = entries(folder).flat_map(|inner| entries(&inner).collect::<Vec<_>>());
    let with_bytes = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        (path, bytes)
    };
    paths.map(with_bytes).collect()
}

/// A body for `login`.
pub(crate) fn login_args(username: &str, password: &str) -> serde_json::Value {
    json!({ "username": username, "password": password })
}

/// The folder of built programs: the parent of the one with the tests.
fn built() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    here.ancestors().nth(2).unwrap().to_owned()
}

pub(crate) fn program(name: &str) -> PathBuf {
    let path = built().join(name);
    assert!(
        path.is_file(),
        "no program {}: run `cargo build --workspace`",
        path.display()
    );
    path
}

/// Cargo puts libraries of dependencies beside the tests.
fn shim() -> PathBuf {
    let path = built().join("deps/libcongvan_pkcs11_shim.so");
    assert!(path.is_file(), "no shim at {}", path.display());
    path
}

pub(crate) fn pdfium() -> PathBuf {
    let default = built().join("../tools/pdfium/libpdfium.so");
    let path = std::env::var_os("CONGVAN_PDFIUM").map_or(default, PathBuf::from);
    assert!(
        path.is_file(),
        "no PDFium at {}: run `cargo xtask setup`",
        path.display()
    );
    path
}

/// A file of the checkout.
pub(crate) fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}
