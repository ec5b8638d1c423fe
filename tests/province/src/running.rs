use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use axum_server::tls_rustls::RustlsConfig;
use congvan_model::{AgencyId, DocumentId, DocumentState, Notation, Role, Timestamp};
use congvan_protocol::{Agency, Load, Post};
use congvan_testkit::{Pki, TlsIdentity};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::sync::oneshot;

use crate::{
    AxisDelivery, AxisStatus, FaultRule, NumbersReport, ProvinceConfig, ProvinceError,
    RevisionStat, Stats, directory, error::Result, http, office::Office, seed, stats,
};

/// The door to a province.
pub struct Province;

impl Province {
    /// Opens the data (seeding it the first time) and serves it. Returns when requests are
    /// accepted. The server runs on a thread and a runtime of its own, so this may be called from
    /// anywhere, and stopping it is like killing a process.
    ///
    /// # Errors
    /// When the data cannot be opened or the port is taken.
    pub fn start(config: ProvinceConfig) -> Result<RunningProvince> {
        let tls = tls_identity(&config)?;
        let server_config = rustls_config(&tls)?;
        let listener = listen(config.bind, config.port)?;
        let admin = if config.admin {
            Some(listen(Ipv4Addr::LOCALHOST, 0)?)
        } else {
            None
        };
        let address = listener.local_addr().map_err(ProvinceError::Listen)?;
        let admin_address = admin.as_ref().and_then(|admin| admin.local_addr().ok());
        let mut config = config;
        config.port = address.port();
        let office = Arc::new(Office::open(config.clone())?);
        let (stop, stopped) = oneshot::channel();
        let (ready, wait) = mpsc::channel();
        let served = Arc::clone(&office);
        let thread = std::thread::Builder::new()
            .name("province".to_owned())
            .spawn(move || {
                let listeners = Listeners {
                    main: listener,
                    admin,
                    tls: server_config,
                };
                serve(&served, listeners, stopped, &ready);
            })
            .map_err(ProvinceError::Listen)?;
        wait.recv().map_err(|_| ProvinceError::NotStarted)??;
        Ok(RunningProvince {
            url: format!("https://{address}"),
            admin_url: admin_address.map(|address| format!("http://{address}")),
            ca_pem: tls.ca_pem,
            port: address.port(),
            config,
            office: Some(office),
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

/// A province that answers. Dropping it stops it.
pub struct RunningProvince {
    /// Base address, e.g. `https://127.0.0.1:34567`.
    pub url: String,
    /// Base address of the admin endpoint, when the configuration asks for it.
    pub admin_url: Option<String>,
    /// The authority to trust, PEM.
    pub ca_pem: String,
    /// The port on 127.0.0.1.
    pub port: u16,
    /// The configuration, with the port it got.
    pub config: ProvinceConfig,
    office: Option<Arc<Office>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl RunningProvince {
    /// Ends the server at once, in the middle of whatever it is doing, and frees the port. Gives
    /// back the configuration with which [`Province::start`] serves the same data on the same port.
    pub fn stop(mut self) -> ProvinceConfig {
        self.halt();
        self.config.clone()
    }

    /// Stops and starts again: same data, same port.
    ///
    /// # Errors
    /// As [`Province::start`].
    pub fn restart(self) -> Result<Self> {
        Province::start(self.stop())
    }

    /// Adds a rule to the faults in force.
    pub fn fault(&self, rule: FaultRule) {
        if let Some(office) = &self.office {
            office.faults.add(rule);
        }
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        if let Some(office) = &self.office {
            office.faults.clear();
        }
    }

    /// How many rules are still in force: none when each has struck as often as it should, which
    /// is how a test knows that its faults have happened.
    #[must_use]
    pub fn faults_left(&self) -> usize {
        self.office
            .as_ref()
            .map_or(0, |office| office.faults.left())
    }

    /// What the server has counted.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stats(&self) -> Result<Stats> {
        stats::read(self.office()?)
    }

    /// Every revision of every file of a document, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn revisions(&self, document: DocumentId) -> Result<Vec<RevisionStat>> {
        stats::revisions(self.office()?, document)
    }

    /// The bytes of a blob, whoever may read it.
    ///
    /// # Errors
    /// When it is not there.
    pub fn blob(&self, sha256: &congvan_model::Sha256) -> Result<Vec<u8>> {
        let path = self.office()?.blobs.path(sha256);
        std::fs::read(&path).map_err(ProvinceError::disk(&path))
    }

    /// A new incoming document, hỏa tốc, for all three accounts.
    ///
    /// # Errors
    /// When it cannot be made or stored.
    pub fn add_urgent_document(&self) -> Result<DocumentId> {
        seed::urgent_document(self.office()?)
    }

    /// A new draft that waits for the leader's signature, with these bytes as its main file.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub fn add_draft(&self, subject: &str, pdf: &[u8]) -> Result<DocumentId> {
        let state = DocumentState::AwaitingSignature;
        self.add_outgoing((subject, state), pdf)
    }

    /// As [`Self::add_draft`], in that state: `AwaitingInitials` of the seeded official, or later.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub fn add_outgoing(
        &self,
        (subject, state): (&str, DocumentState),
        pdf: &[u8],
    ) -> Result<DocumentId> {
        seed::draft(self.office()?, (subject, state), pdf, None)
    }

    /// A document that its leader has signed, with an appendix in a file of its own, and a number
    /// where one is given.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub fn add_with_appendix(
        &self,
        (notation, subject): (Option<&Notation>, &str),
        pdf: &[u8],
        appendix: &[u8],
    ) -> Result<DocumentId> {
        let beside = Some((notation, appendix));
        seed::draft(
            self.office()?,
            (subject, DocumentState::Signed),
            pdf,
            beside,
        )
    }

    /// A letter for the leader for each size in bytes, of bytes that depend on `seed` alone; a size
    /// of 0 is a letter on paper, without a file.
    ///
    /// # Errors
    /// When they cannot be stored.
    pub fn add_letters(&self, sizes: &[u64], seed: u64) -> Result<Vec<DocumentId>> {
        seed::letters(self.office()?, sizes, seed)
    }

    /// Changes the record of these documents, and none of their files.
    ///
    /// # Errors
    /// When one is not there, or the database fails.
    pub fn amend(&self, documents: &[DocumentId]) -> Result<()> {
        seed::amend(self.office()?, documents)
    }

    /// Recalls a document: tombstones for everyone who has it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recall(&self, document: DocumentId) -> Result<()> {
        seed::recall(self.office()?, document)
    }

    /// Registers a signing certificate (DER) for an account.
    ///
    /// # Errors
    /// When there is no such account, or these bytes are no certificate.
    pub fn bind_signer(&self, username: &str, certificate: &[u8]) -> Result<()> {
        let office = self.office()?;
        office.db.write(|tx| {
            let (account, _) = crate::accounts::by_name(tx, username)?
                .ok_or_else(|| ProvinceError::NoAccount(username.to_owned()))?;
            crate::accounts::bind_signer(tx, account, certificate)
        })
    }

    /// Makes a person a clerk of the agency too, beside the posts that the person has.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn appoint_clerk(&self, username: &str) -> Result<()> {
        let main = self.posts_of(username)?.into_iter().next();
        let agency = main.map(|post| post.agency);
        let agency = agency.ok_or_else(|| ProvinceError::NoAccount(username.to_owned()))?;
        let post = Post {
            role: Role::Clerk,
            title: "Văn thư kiêm nhiệm".to_owned(),
            agency,
            since: None,
            until: None,
        };
        self.appoint(username, &post)
    }

    /// Gives a person one more post (kiêm nhiệm), for as long as it says.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn appoint(&self, username: &str, post: &Post) -> Result<()> {
        let office = self.office()?;
        office.db.write(|tx| {
            let (account, _) = crate::accounts::by_name(tx, username)?
                .ok_or_else(|| ProvinceError::NoAccount(username.to_owned()))?;
            if post.since.is_none() && post.until.is_none() {
                crate::accounts::appoint(tx, account, post)
            } else {
                crate::posts::set(tx, account, post, office.now())
            }
        })
    }

    /// Takes a post from a person; the main one stays.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn dismiss(&self, username: &str, unit: &str, role: Role) -> Result<()> {
        let office = self.office()?;
        office.db.write(|tx| {
            let (account, _) = crate::accounts::by_name(tx, username)?
                .ok_or_else(|| ProvinceError::NoAccount(username.to_owned()))?;
            crate::accounts::dismiss(tx, account, (unit, role))
        })
    }

    /// Gives a person of no seed an account with a main post.
    ///
    /// # Errors
    /// When the name is taken, or the database fails.
    pub fn hire(&self, person: &congvan_testkit::Person) -> Result<()> {
        let office = self.office()?;
        office
            .db
            .write(|tx| crate::accounts::insert(tx, person).map(|_| ()))
    }

    fn posts_of(&self, username: &str) -> Result<Vec<Post>> {
        let office = self.office()?;
        office.db.read(|tx| {
            let (account, _) = crate::accounts::by_name(tx, username)?
                .ok_or_else(|| ProvinceError::NoAccount(username.to_owned()))?;
            Ok(crate::accounts::info(tx, account)?.posts)
        })
    }

    /// The clerk presents a registered document to the leader.
    ///
    /// # Errors
    /// When the database fails.
    pub fn present(&self, document: DocumentId) -> Result<()> {
        seed::present(self.office()?, document)
    }

    /// Another agency's document arrives over the axis.
    ///
    /// # Errors
    /// When the database fails.
    pub fn deliver_by_axis(&self, new: &AxisDelivery, pdf: &[u8]) -> Result<DocumentId> {
        crate::axis::deliver(self.office()?, new, pdf)
    }

    /// The sender of a document wants it back. False when there is none, or no longer.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recall_by_axis(&self, axis_id: &str, reason: &str) -> Result<bool> {
        crate::axis::recall(self.office()?, axis_id, reason)
    }

    /// What senders over the axis were told, in its order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn axis_statuses(&self) -> Result<Vec<AxisStatus>> {
        crate::axis::statuses(self.office()?)
    }

    /// Says how busy the server is; what it measures itself can only add to that.
    pub fn say_load(&self, load: Load) {
        if let Some(office) = &self.office {
            office.say_load(load);
        }
    }

    /// Asks the rows whether the promises about numbers hold.
    ///
    /// # Errors
    /// When the database fails.
    pub fn check_numbers(&self) -> Result<NumbersReport> {
        self.office()?.db.read(crate::books::check)
    }

    /// Forgets the results that are old and that their devices have stored; how many.
    ///
    /// # Errors
    /// When the database fails.
    pub fn prune(&self) -> Result<usize> {
        crate::ops::prune(self.office()?)
    }

    /// Enters agencies in the directory, or what changed of them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn put_agencies(&self, agencies: &[Agency]) -> Result<()> {
        self.office()?.db.write(|tx| directory::put(tx, agencies))
    }

    /// Takes an agency out of the directory: a tombstone for everyone.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_agency(&self, agency: AgencyId) -> Result<()> {
        self.office()?.db.write(|tx| directory::remove(tx, agency))
    }

    /// Starts a new history, as an operator does after a restore from backup.
    ///
    /// # Errors
    /// When the database fails.
    pub fn new_epoch(&self) -> Result<()> {
        self.office()?.new_epoch()
    }

    /// The server's clock now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    fn office(&self) -> Result<&Office> {
        self.office.as_deref().ok_or(ProvinceError::NotStarted)
    }

    fn halt(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
        self.office = None;
    }
}

impl Drop for RunningProvince {
    fn drop(&mut self) {
        self.halt();
    }
}

struct Listeners {
    main: TcpListener,
    admin: Option<TcpListener>,
    tls: rustls::ServerConfig,
}

fn serve(
    office: &Arc<Office>,
    listeners: Listeners,
    stopped: oneshot::Receiver<()>,
    ready: &mpsc::Sender<Result<()>>,
) {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("province-worker")
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            ready.send(Err(ProvinceError::Listen(error))).ok();
            return;
        }
    };
    runtime.block_on(async {
        let tls = RustlsConfig::from_config(Arc::new(listeners.tls));
        let main = match axum_server::from_tcp_rustls(listeners.main, tls) {
            Ok(server) => server.map(http::CutAcceptor),
            Err(error) => {
                ready.send(Err(ProvinceError::Listen(error))).ok();
                return;
            }
        };
        let main = main.serve(http::router(Arc::clone(office)).into_make_service());
        let admin = async {
            match listeners.admin.map(axum_server::from_tcp) {
                Some(Ok(server)) => {
                    let router = http::admin_router(Arc::clone(office));
                    server.serve(router.into_make_service()).await
                }
                Some(Err(error)) => Err(error),
                None => std::future::pending().await,
            }
        };
        // The listening sockets exist already: what connects from now on waits for the accept loop.
        ready.send(Ok(())).ok();
        tokio::select! {
            _ = stopped => {}
            result = main => tracing::error!(?result, "the server ended"),
            result = admin => tracing::error!(?result, "the admin endpoint ended"),
        }
    });
    // Every task ends here, as with a killed process; work on the blocking pool is waited for,
    // because the next start opens the same files.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
}

fn listen(bind: Ipv4Addr, port: u16) -> Result<TcpListener> {
    let address = SocketAddr::from((bind, port));
    let listener = TcpListener::bind(address).map_err(ProvinceError::Listen)?;
    listener
        .set_nonblocking(true)
        .map_err(ProvinceError::Listen)?;
    Ok(listener)
}

fn tls_identity(config: &ProvinceConfig) -> Result<TlsIdentity> {
    if let Some(identity) = &config.tls {
        return Ok(identity.clone());
    }
    let dir = config.data_dir.join("tls");
    let paths: [PathBuf; 3] = ["server.pem", "server.key", "ca.pem"].map(|name| dir.join(name));
    let [certificate, key, ca] = &paths;
    if !ca.exists() {
        let made =
            Pki::tls(config.clock.now()).map_err(|error| ProvinceError::Tls(error.to_string()))?;
        std::fs::create_dir_all(&dir).map_err(ProvinceError::disk(&dir))?;
        let texts = [&made.certificate_pem, &made.key_pem, &made.ca_pem];
        for (path, text) in paths.iter().zip(texts) {
            std::fs::write(path, text).map_err(ProvinceError::disk(path))?;
        }
        return Ok(made);
    }
    let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(ProvinceError::disk(path));
    Ok(TlsIdentity {
        certificate_pem: read(certificate)?,
        key_pem: read(key)?,
        ca_pem: read(ca)?,
    })
}

fn rustls_config(identity: &TlsIdentity) -> Result<rustls::ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(identity.certificate_pem.as_bytes())
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|error| ProvinceError::Tls(error.to_string()))?;
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes())
        .map_err(|error| ProvinceError::Tls(error.to_string()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ProvinceError::Tls(error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| ProvinceError::Tls(error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
