use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;
use congvan_model::Timestamp;
use congvan_testkit::{
    CLERK, LEADER, Pki, PkiServer, Service, ServiceFault, SignerKind, SoftHsm, softhsm_module,
    write_pem,
};
use serde_json::Value;

use crate::{
    card::Card,
    process::{Process, programs},
};

/// Whose certificate the agency's token has.
const AGENCY: &str = "ỦY BAN NHÂN DÂN XÃ BÌNH MINH ĐÔNG";

/// The stage: the province's server, the leader's token, and where the desk keeps its data.
pub(crate) struct Office {
    root: PathBuf,
    token: SoftHsm,
    /// The agency's token, at the clerk's desk.
    agency_token: SoftHsm,
    /// The token as a card: pulled, plugged in, with few tries left.
    pub(crate) card: Card,
    /// Time stamps and revocation.
    services: PkiServer,
    province: Option<Process>,
    /// Base address of the server.
    pub(crate) url: String,
    admin: String,
    config: PathBuf,
    http: reqwest::Client,
}

impl Office {
    /// Makes the token, seeds the province and starts it.
    pub(crate) async fn open(root: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(root)?;
        let services = PkiServer::start()?;
        let pki = Pki::served(now()?, &services.url)?;
        services.install(&pki)?;
        let trust = root.join("trust");
        pki.write_trust(&trust)?;
        write_pem(&root.join("root.pem"), "CERTIFICATE", &pki.root_der())?;
        write_pem(
            &root.join("intermediate.pem"),
            "CERTIFICATE",
            &pki.intermediate_der(),
        )?;
        let identity = pki.signer(&LEADER, SignerKind::Good)?;
        let token = SoftHsm::create(&root.join("token"), &identity)?;
        fs::write(root.join("signer.der"), &token.certificate)?;
        let identity = pki.signer_named(AGENCY, SignerKind::Good)?;
        let agency_token = SoftHsm::create(&root.join("agency-token"), &identity)?;
        fs::write(root.join("agency.der"), &agency_token.certificate)?;
        fs::create_dir_all(root.join("agency-card"))?;
        let mut office = Self {
            root: root.to_owned(),
            card: Card::new(&root.join("card"))?,
            token,
            agency_token,
            services,
            province: None,
            url: String::new(),
            admin: String::new(),
            config: PathBuf::new(),
            http: reqwest::Client::new(),
        };
        office.services_answer(false);
        office.make_downloads()?;
        office.connect().await?;
        Ok(office)
    }

    /// A folder of downloads of its own, as the system's user directories name it.
    fn make_downloads(&self) -> anyhow::Result<()> {
        fs::create_dir_all(self.downloads())?;
        let system = self.root.join("system");
        fs::create_dir_all(&system)?;
        let line = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", self.downloads().display());
        Ok(fs::write(system.join("user-dirs.dirs"), line)?)
    }

    /// The network is there: starts the server, on the same port as before.
    pub(crate) async fn connect(&mut self) -> anyhow::Result<()> {
        let port = self
            .url
            .rsplit(':')
            .next()
            .filter(|port| !port.is_empty())
            .unwrap_or("0");
        let mut command = Command::new(programs()?.join("congvan-province"));
        command
            .arg("--data")
            .arg(self.root.join("province"))
            .args(["--port", port, "--admin"])
            .arg("--signer-cert")
            .arg(self.root.join("signer.der"))
            .arg("--signer-cert")
            .arg(format!(
                "{}={}",
                CLERK.username,
                self.root.join("agency.der").display()
            ))
            .arg("--trust")
            .arg(self.root.join("trust"))
            .args(["--tsa", &self.services.tsa_url()])
            .arg("--cache")
            .arg(programs()?.join("../demo-cache"));
        let (process, ready) =
            Process::start_and_wait("province", &mut command, &self.root.join("logs"))?;
        self.province = Some(process);
        self.url = text(&ready, "url")?;
        self.admin = text(&ready, "admin")?;
        self.config = desk_config(Path::new(&text(&ready, "client")?))?;
        Ok(())
    }

    /// Whether the servers for time stamps and revocation answer, or hang up on everybody.
    pub(crate) fn services_answer(&self, answer: bool) {
        let fault = if answer {
            ServiceFault::None
        } else {
            ServiceFault::HangsUp
        };
        for service in [Service::TimeStamps, Service::Ocsp, Service::Lists] {
            self.services.fault(service, fault.clone());
        }
    }

    /// The network is cut: the server is gone in the middle of whatever it did.
    pub(crate) fn cut(&mut self) -> anyhow::Result<()> {
        self.province.take().context("the server runs")?.kill()
    }

    /// The environment of the leader's desk.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        self.desk("desk", &self.token, "card")
    }

    /// The environment of the clerk's desk: another machine, with the agency's token.
    pub(crate) fn clerks_environment(&self) -> Vec<(String, String)> {
        self.desk("clerks-desk", &self.agency_token, "agency-card")
    }

    fn desk(&self, data: &str, token: &SoftHsm, card: &str) -> Vec<(String, String)> {
        [
            ("CONGVAN_CONFIG", self.config.clone()),
            ("CONGVAN_DATA", self.root.join(data)),
            ("SOFTHSM2_CONF", token.conf.clone()),
            ("CONGVAN_SHIM_MODULE", softhsm_module().unwrap_or_default()),
            ("CONGVAN_SHIM_STATE", self.root.join(card)),
            // Where the system says that downloads are.
            ("XDG_CONFIG_HOME", self.root.join("system")),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.display().to_string()))
        .collect()
    }

    /// The PDF that was saved under a name that begins so, once it is whole.
    pub(crate) fn downloaded_pdf(&self, begins: &str) -> anyhow::Result<Option<PathBuf>> {
        for entry in fs::read_dir(self.downloads())? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // WebKit writes under another name first.
            if name.starts_with(begins) && name.ends_with(".pdf") && entry.metadata()?.len() > 0 {
                return Ok(Some(entry.path()));
            }
        }
        Ok(None)
    }

    /// What was saved by now: the text of the one file in the downloads.
    pub(crate) fn downloaded(&self) -> anyhow::Result<Option<String>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.downloads())? {
            files.push(entry?.path());
        }
        let [file] = files.as_slice() else {
            anyhow::ensure!(files.is_empty(), "more than one file: {files:?}");
            return Ok(None);
        };
        // WebKit writes under another name first.
        let is_whole = file.extension().is_some_and(|ending| ending == "txt");
        Ok(if is_whole {
            Some(fs::read_to_string(file)?)
        } else {
            None
        })
    }

    fn downloads(&self) -> PathBuf {
        self.root.join("tai-xuong")
    }

    pub(crate) fn pin(&self) -> &str {
        self.token.pin
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// A file of the stage, e.g. the test root.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Asks the server's loopback admin door.
    pub(crate) async fn ask(&self, path: &str) -> anyhow::Result<Value> {
        let answer = self
            .http
            .get(format!("{}{path}", self.admin))
            .send()
            .await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// Tells the server's loopback admin door to do something.
    pub(crate) async fn tell(&self, path: &str) -> anyhow::Result<Value> {
        let answer = self
            .http
            .post(format!("{}{path}", self.admin))
            .send()
            .await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// Fetches a blob from the server as an account would: over TLS, with a login of its own.
    pub(crate) async fn blob(&self, sha256: &str, file: &Path) -> anyhow::Result<u64> {
        let ca = fs::read(self.config.with_file_name("ca.pem"))?;
        let roots = reqwest::Certificate::from_pem_bundle(&ca)?;
        let client = reqwest::Client::builder().tls_certs_only(roots).build()?;
        let login = serde_json::json!({
            "username": LEADER.username,
            "password": LEADER.password,
            "device": "01990000-0000-7000-8000-000000000001",
            "device_name": "judge",
        });
        let answer = client
            .post(format!("{}/v1/auth/login", self.url))
            .json(&login)
            .send()
            .await?;
        let tokens: Value = answer.error_for_status()?.json().await?;
        let answer = client
            .get(format!("{}/v1/blobs/{sha256}", self.url))
            .bearer_auth(text(&tokens, "access_token")?)
            .send()
            .await?;
        let bytes = answer.error_for_status()?.bytes().await?;
        fs::write(file, &bytes)?;
        Ok(bytes.len() as u64)
    }
}

/// The administrator's file with the token's module in it: behind the shim, and no other.
fn desk_config(client: &Path) -> anyhow::Result<PathBuf> {
    let shim = programs()?.join("deps/libcongvan_pkcs11_shim.so");
    anyhow::ensure!(shim.is_file(), "no shim at {}", shim.display());
    let text = fs::read_to_string(client)?;
    let module = format!(
        "\npkcs11_only_listed = true\n\n[[pkcs11]]\npath = \"{}\"\nname = \"Token mô phỏng\"\n",
        shim.display()
    );
    let file = client.with_file_name("desk.toml");
    fs::write(&file, format!("{text}{module}"))?;
    Ok(file)
}

/// The clock of the people in the story: today's.
#[allow(clippy::disallowed_methods)] // A story in the real world has the real time.
fn now() -> anyhow::Result<Timestamp> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(Timestamp(i64::try_from(since.as_millis())?))
}

pub(crate) fn text(value: &Value, name: &str) -> anyhow::Result<String> {
    Ok(value
        .get(name)
        .and_then(Value::as_str)
        .with_context(|| format!("no {name}"))?
        .to_owned())
}
