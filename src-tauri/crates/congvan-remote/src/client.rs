use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use congvan_protocol::{BASE_PATH, Health, SessionInfo, SyncRequest, SyncResponse};
use reqwest::{Certificate, Client, RequestBuilder, Response, StatusCode, redirect::Policy};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{
    auth::{Auth, Tickets, TokenSink},
    error::{RemoteError, Result, refusal},
};

/// Communes' lines need seconds to answer; a server that takes longer to accept is not there.
const CONNECT: Duration = Duration::from_secs(6);
/// No byte for so long means the line is dead, however long the transfer.
const SILENCE: Duration = Duration::from_secs(25);
/// A probe is for deciding, so it is impatient.
const PROBE: Duration = Duration::from_secs(5);
/// The whole of one sync round, which is at most a few hundred kilobytes.
const ROUND: Duration = Duration::from_secs(60);

/// Which server, and how to know it.
#[derive(Clone, Debug)]
pub struct RemoteConfig {
    /// `https://host[:port]`, without a path.
    pub base_url: String,
    /// The province's CA, PEM; the only one trusted.
    pub ca_pem: Vec<u8>,
    /// The province's code, compared with the one in the probe's answer.
    pub province: String,
}

/// The server, as the desk sees it. Clones share connections and tokens.
#[derive(Clone)]
pub struct RemoteClient(Arc<Inner>);

struct Inner {
    pools: RwLock<Pools>,
    config: RemoteConfig,
    base: String,
    auth: Auth,
}

/// Apart, because a long blob on a lossy line must not hold up the metadata behind it.
struct Pools {
    metadata: Client,
    blobs: Client,
    /// For sending pieces: no byte comes back until a whole piece has gone up, so silence says
    /// nothing there.
    uploads: Client,
}

impl Pools {
    fn new(config: &RemoteConfig) -> Result<Self> {
        Ok(Self {
            metadata: http(config, Some(SILENCE))?,
            blobs: http(config, Some(SILENCE))?,
            uploads: http(config, None)?,
        })
    }
}

impl RemoteClient {
    /// Prepares the client; nothing is sent yet. `sink` keeps each new refresh token.
    ///
    /// # Errors
    /// [`RemoteError::Configuration`] when the CA or the address is unusable.
    pub fn new(config: &RemoteConfig, sink: TokenSink) -> Result<Self> {
        if !config.base_url.starts_with("https://") {
            return Err(RemoteError::Configuration {
                what: "the address is not https",
            });
        }
        Ok(Self(Arc::new(Inner {
            pools: RwLock::new(Pools::new(config)?),
            base: format!("{}{BASE_PATH}", config.base_url.trim_end_matches('/')),
            config: config.clone(),
            auth: Auth {
                tickets: Mutex::new(Tickets::default()),
                sink,
            },
        })))
    }

    /// Asks whether the province's server is there: a fresh nonce, so that no cache and no captive
    /// portal can answer in its place.
    ///
    /// # Errors
    /// [`RemoteError::Unreachable`], [`RemoteError::Untrusted`], [`RemoteError::WrongNetwork`],
    /// or the server's own refusal.
    pub async fn probe(&self) -> Result<Health> {
        let nonce = Uuid::new_v4().simple().to_string();
        let url = format!("{}/health?n={nonce}", self.0.base);
        let response = self.http().get(url).timeout(PROBE).send().await?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let health: Health = response
            .json()
            .await
            .map_err(|_| RemoteError::WrongNetwork {
                what: "no health in the answer",
            })?;
        if health.nonce != nonce {
            return Err(RemoteError::WrongNetwork {
                what: "another nonce",
            });
        }
        if health.province != self.0.config.province {
            return Err(RemoteError::WrongNetwork {
                what: "another province",
            });
        }
        Ok(health)
    }

    /// Who is logged in, limits, trust.
    ///
    /// # Errors
    /// As [`RemoteClient::sync`].
    pub async fn session(&self) -> Result<SessionInfo> {
        json(
            self.authorised(|| self.http().get(self.url("/session")).timeout(ROUND))
                .await?,
        )
        .await
    }

    /// One round: intents up, changes down.
    ///
    /// # Errors
    /// [`RemoteError::LoginNeeded`], the server's refusals, outages. After an outage the round may
    /// or may not have happened: the same ops are sent again.
    pub async fn sync(&self, request: &SyncRequest) -> Result<SyncResponse> {
        let call = || {
            self.http()
                .post(self.url("/sync"))
                .timeout(ROUND)
                .json(request)
        };
        json(self.authorised(call).await?).await
    }

    /// Sends a request with a good access token; renews it once when the server calls it expired.
    pub(crate) async fn authorised(&self, build: impl Fn() -> RequestBuilder) -> Result<Response> {
        let (access, generation) = self.access().await?;
        let response = build().bearer_auth(access.expose_secret()).send().await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        self.expired(generation).await?;
        let (access, _) = self.access().await?;
        let response = build().bearer_auth(access.expose_secret()).send().await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(RemoteError::LoginNeeded);
        }
        Ok(response)
    }

    /// Drops all pooled connections: after a sleep they are dead, and finding out costs a timeout
    /// each.
    pub fn reset_connections(&self) {
        match Pools::new(&self.0.config) {
            Ok(pools) => *self.0.pools.write().unwrap_or_else(PoisonError::into_inner) = pools,
            Err(error) => tracing::error!(%error, "connections cannot be set up again"),
        }
    }

    pub(crate) fn http(&self) -> Client {
        self.0
            .pools
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .metadata
            .clone()
    }

    pub(crate) fn blob_http(&self) -> Client {
        self.0
            .pools
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .blobs
            .clone()
    }

    pub(crate) fn upload_http(&self) -> Client {
        self.0
            .pools
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .uploads
            .clone()
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.0.auth
    }

    /// The address of a path of this version.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0.base)
    }

    /// The address of what a `Location` header names: on our server, absolute or from its root.
    /// Anything else would carry the access token to a stranger.
    pub(crate) fn resolve(&self, location: &str) -> Result<String> {
        let host = self.0.base.strip_suffix(BASE_PATH).unwrap_or(&self.0.base);
        let path = location.strip_prefix(host).unwrap_or(location);
        if path.starts_with('/') && !path.starts_with("//") {
            Ok(format!("{host}{path}"))
        } else {
            Err(RemoteError::Protocol {
                what: "an address outside the server",
            })
        }
    }
}

fn http(config: &RemoteConfig, silence: Option<Duration>) -> Result<Client> {
    let roots =
        Certificate::from_pem_bundle(&config.ca_pem).map_err(|_| RemoteError::Configuration {
            what: "the CA file is unreadable",
        })?;
    if roots.is_empty() {
        return Err(RemoteError::Configuration {
            what: "the CA file has no certificate",
        });
    }
    let builder = match silence {
        Some(patience) => Client::builder().read_timeout(patience),
        None => Client::builder(),
    };
    // Bytes that nobody has acknowledged for so long are on a dead line.
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    let builder = builder.tcp_user_timeout(SILENCE);
    builder
        .tls_certs_only(roots)
        .https_only(true)
        // Whoever redirects is not our server.
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .pool_idle_timeout(Duration::from_secs(60))
        .user_agent(concat!("congvan/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| RemoteError::Configuration {
            what: "TLS cannot be set up",
        })
}

async fn json<T: DeserializeOwned>(response: Response) -> Result<T> {
    if response.status().is_success() {
        Ok(response.json().await?)
    } else {
        Err(refusal(response).await)
    }
}
