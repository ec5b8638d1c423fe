use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use congvan_protocol::{CompletionRules, SigningRules};
use congvan_testkit::TlsIdentity;

use crate::{Clock, Mutant, ProvinceError, error::Result};

/// What stands in the database on the first start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// The three accounts and no document.
    Empty,
    /// Twelve incoming documents and three that wait for the leader's signature, all small:
    /// under a second.
    Few,
    /// The demo's office: more than sixty incoming documents, fourteen that wait for signature,
    /// scans, one document of 200 pages and one of 60 MB.
    Full,
}

/// How a province is set up.
#[derive(Clone)]
pub struct ProvinceConfig {
    /// Where database, blobs and TLS keys live; created when absent.
    pub data_dir: PathBuf,
    /// The address to listen on; the loopback interface, but for measuring between two network
    /// namespaces.
    pub bind: Ipv4Addr,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// Opens a second port on 127.0.0.1, plain HTTP, with the faults and figures of `/admin`.
    pub admin: bool,
    /// The province's code.
    pub province: String,
    /// What people call the server.
    pub name: String,
    /// What to write on the first start.
    pub seed: Seed,
    /// How many documents wait for the leader's signature; none = as many as the seed has. Beyond
    /// the seed's own they repeat with other numbers, for measuring.
    pub drafts: Option<usize>,
    /// Whether there is a directory of agencies whatever the seed; the full seed always has one.
    pub directory: bool,
    /// What the desks ask of a person who signs.
    pub signing: SigningRules,
    /// How far signatures are brought, and by whose time stamps.
    pub completion: CompletionRules,
    /// Where big generated files are kept between seedings; none makes them anew.
    pub cache_dir: Option<PathBuf>,
    /// Certificates, DER; self-signed ones become roots, others intermediates.
    pub trust: Vec<Vec<u8>>,
    /// Whether a second agency has its people and its books here, so that documents can be sent to it.
    pub neighbour: bool,
    /// Whether the numbers of a year's dossiers begin anew under each large heading.
    pub dossiers_per_heading: bool,
    /// Whether the seed has people of the other roles of the office, too: the clerk of a unit, the
    /// archivist, who manages the agency's units.
    pub other_roles: bool,
    /// Whether the agency's calendar begins with the national holidays whatever the seed; that of the full
    /// seed always does.
    pub holidays: bool,
    /// Signing certificates, DER, by the account they may sign for.
    pub signers: Vec<(String, Vec<u8>)>,
    /// The TLS identity; none makes one on the first start and keeps it in `data_dir`.
    pub tls: Option<TlsIdentity>,
    /// Seconds an access token is good for.
    pub access_ttl_s: u32,
    /// Wrong passwords after which an account must wait, and for how many seconds.
    pub login_limit: (u32, u32),
    /// The most that `/v1/health` gives as the spread of reconnecting desks; it gives this when they
    /// come by the thousand.
    pub reconnect_window_s: u32,
    /// What `/v1/sync` gives as the time to the next poll.
    pub next_poll_s: u32,
    /// Largest file, bytes.
    pub max_file: u64,
    /// Largest single PATCH, bytes.
    pub max_append: u64,
    /// Bytes between two fsyncs of an upload.
    pub fsync_every: u64,
    /// Days for which a settled op is kept at least. A desk offers again what was acknowledged in
    /// the last 45 days, by its own clock; the rest is margin.
    pub keep_ops_days: u32,
    /// Requests that are served at a time, and how many of one class may wait, for how long.
    pub max_running: usize,
    /// See [`ProvinceConfig::max_running`].
    pub max_waiting: usize,
    /// See [`ProvinceConfig::max_running`]. Milliseconds.
    pub patience_ms: u64,
    /// Transfers of files at a time.
    pub max_transfers: usize,
    /// Event streams at a time.
    pub max_listeners: usize,
    /// A seeded fault, for the tests of the conformance suite.
    pub mutant: Option<Mutant>,
    /// The clock.
    pub clock: Clock,
}

impl ProvinceConfig {
    /// The defaults of the protocol, in that directory, on a free port, with few documents.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            bind: Ipv4Addr::LOCALHOST,
            port: 0,
            admin: false,
            province: "H99".to_owned(),
            name: "Tỉnh H99 (mô phỏng)".to_owned(),
            seed: Seed::Few,
            drafts: None,
            dossiers_per_heading: false,
            directory: false,
            neighbour: false,
            other_roles: false,
            holidays: false,
            signing: SigningRules::default(),
            completion: CompletionRules::default(),
            cache_dir: None,
            trust: Vec::new(),
            signers: Vec::new(),
            tls: None,
            access_ttl_s: 600,
            login_limit: (5, 60),
            reconnect_window_s: 120,
            next_poll_s: 60,
            max_file: 512 << 20,
            max_append: 16 << 20,
            fsync_every: 1 << 20,
            keep_ops_days: 60,
            max_running: 64,
            max_waiting: 256,
            patience_ms: 2000,
            max_transfers: 256,
            max_listeners: 20_000,
            mutant: None,
            clock: Clock::system(),
        }
    }
}

/// Every `*.der` and `*.cer` file of a directory, for [`ProvinceConfig::trust`].
///
/// # Errors
/// When the directory cannot be read.
pub fn read_trust(dir: &Path) -> Result<Vec<Vec<u8>>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir)
        .map_err(ProvinceError::disk(dir))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "der" || end == "cer")
        })
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).map_err(ProvinceError::disk(path)))
        .collect()
}
