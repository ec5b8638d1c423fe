use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect::Policy};
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::{RemoteError, Result};

/// Which server, and how to know and reach it.
#[derive(Clone, Debug)]
pub struct RemoteConfig {
    /// `https://host[:port]`, without a path.
    pub base_url: String,
    /// The province's CA, PEM; the only one trusted.
    pub ca_pem: Vec<u8>,
    /// The province's code, compared with the one in the probe's answer.
    pub province: String,
    /// The way out of the office's network.
    pub proxy: ProxyChoice,
    /// How long to wait for what.
    pub patience: Patience,
}

impl RemoteConfig {
    /// A server reached as the system says, with the usual patience.
    #[must_use]
    pub fn new(base_url: String, ca_pem: Vec<u8>, province: String) -> Self {
        Self {
            base_url,
            ca_pem,
            province,
            proxy: ProxyChoice::System,
            patience: Patience::default(),
        }
    }
}

/// The way out of the office's network.
#[derive(Clone, Debug, Default)]
pub enum ProxyChoice {
    /// As the operating system or the environment says. A script (PAC) that the system names is not
    /// run: where only a script is configured, the proxy it would choose must be entered by hand.
    #[default]
    System,
    /// Straight to the server.
    None,
    /// This one.
    Manual(ManualProxy),
}

/// A proxy entered by a person.
#[derive(Clone, Debug)]
pub struct ManualProxy {
    /// `http://host:port`.
    pub url: String,
    /// Name and password where it wants them (Basic; others are not spoken).
    pub login: Option<(String, SecretString)>,
}

/// How long to wait for what before the line counts as dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Communes' lines need seconds to answer; a server that takes longer to accept is not there.
    pub connect: Duration,
    /// No byte of an answer for so long means the line is dead, however long the transfer.
    pub silence: Duration,
    /// A probe is for deciding, so it is impatient.
    pub probe: Duration,
    /// The whole of one sync round, which is at most a few hundred kilobytes.
    pub round: Duration,
    /// Asking where an upload stands moves no bytes, so it is answered at once or not at all.
    pub ask: Duration,
    /// A piece on its way up may stand still for so long; no byte comes back before it is through.
    pub piece: Duration,
    /// The event stream, which has a heartbeat, may be silent for so long.
    pub events: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(6),
            silence: Duration::from_secs(25),
            probe: Duration::from_secs(5),
            round: Duration::from_secs(60),
            ask: Duration::from_secs(30),
            piece: Duration::from_secs(120),
            events: Duration::from_secs(60),
        }
    }
}

/// Apart, because a long blob on a lossy line must not hold up the metadata behind it.
pub(crate) struct Pools {
    pub(crate) metadata: Client,
    pub(crate) blobs: Client,
    /// For pieces on their way up and for the event stream: where nothing comes back for long,
    /// silence of the answer says nothing, and the caller watches otherwise.
    pub(crate) patient: Client,
}

impl Pools {
    pub(crate) fn new(config: &RemoteConfig) -> Result<Self> {
        let silence = config.patience.silence;
        Ok(Self {
            metadata: finish(builder(config)?.read_timeout(silence))?,
            blobs: finish(builder(config)?.read_timeout(silence))?,
            patient: finish(
                builder(config)?
                    // A line that died while nobody sent is found out by asking.
                    .http2_keep_alive_interval(Duration::from_secs(20))
                    .http2_keep_alive_timeout(silence),
            )?,
        })
    }
}

fn builder(config: &RemoteConfig) -> Result<ClientBuilder> {
    let roots =
        Certificate::from_pem_bundle(&config.ca_pem).map_err(|_| RemoteError::Configuration {
            what: "the CA file is unreadable",
        })?;
    if roots.is_empty() {
        return Err(RemoteError::Configuration {
            what: "the CA file has no certificate",
        });
    }
    let builder = Client::builder();
    // Bytes that nobody has acknowledged for so long are on a dead line.
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    let builder = builder.tcp_user_timeout(config.patience.silence);
    let builder = builder
        .tls_certs_only(roots)
        .https_only(true)
        // Whoever redirects is not our server.
        .redirect(Policy::none())
        .connect_timeout(config.patience.connect)
        .pool_idle_timeout(Duration::from_secs(60))
        .user_agent(concat!("congvan/", env!("CARGO_PKG_VERSION")));
    Ok(match &config.proxy {
        ProxyChoice::System => builder,
        ProxyChoice::None => builder.no_proxy(),
        ProxyChoice::Manual(manual) => builder.no_proxy().proxy(proxy(manual)?),
    })
}

fn proxy(manual: &ManualProxy) -> Result<Proxy> {
    let proxy = Proxy::https(&manual.url).map_err(|_| RemoteError::Configuration {
        what: "the proxy's address is unusable",
    })?;
    Ok(match &manual.login {
        Some((name, password)) => proxy.basic_auth(name, password.expose_secret()),
        None => proxy,
    })
}

fn finish(builder: ClientBuilder) -> Result<Client> {
    builder.build().map_err(|_| RemoteError::Configuration {
        what: "TLS cannot be set up",
    })
}
