use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use congvan_protocol::BASE_PATH;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;

use crate::{
    auth::{Auth, Tickets, TokenSink},
    config::{Pools, ProxyChoice, RemoteConfig},
    error::{RemoteError, Result, refusal},
    pace::{Bandwidth, Pace, Traffic},
    path_health::{PathBook, PathHealth, ServerPath},
};

/// No answer other than a blob is longer.
const LONGEST_ANSWER: usize = 32 * 1024 * 1024;

/// What a request says when somebody waits for its answer (RFC 9218, section 4.1).
const PRESSING: &str = "u=0";

/// The server, as the desk sees it. Clones share connections and tokens.
#[derive(Clone)]
pub struct RemoteClient {
    inner: Arc<Inner>,
    urgent: bool,
}

struct Inner {
    pools: RwLock<Pools>,
    config: RemoteConfig,
    base: String,
    auth: Auth,
    paths: PathBook,
    pace: Pace,
    proxy: Mutex<ProxyChoice>,
}

/// An answer, and when it came: what the server's clock is compared by.
#[derive(Clone, Debug)]
pub struct Timed<T> {
    /// The answer.
    pub value: T,
    /// From the last byte handed over to the first byte of the answer, as far as can be seen from
    /// here; the server read its clock somewhere in between.
    pub took: Duration,
    /// When its first byte came.
    pub arrived: Instant,
}

impl<T> Deref for Timed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// How long a response took; travels with it.
#[derive(Clone, Copy)]
struct Took(Duration, Instant);

impl RemoteClient {
    /// Prepares the client; nothing is sent yet. `sink` keeps each new refresh token.
    ///
    /// # Errors
    /// [`RemoteError::Configuration`] when the CA, the address or the proxy is unusable.
    pub fn new(config: &RemoteConfig, sink: TokenSink) -> Result<Self> {
        if !config.base_url.starts_with("https://") {
            return Err(RemoteError::Configuration {
                what: "the address is not https",
            });
        }
        let inner = Inner {
            pools: RwLock::new(Pools::new(config)?),
            base: format!("{}{BASE_PATH}", config.base_url.trim_end_matches('/')),
            config: config.clone(),
            auth: Auth {
                tickets: tokio::sync::Mutex::new(Tickets::default()),
                sink,
            },
            paths: PathBook::default(),
            pace: Pace::default(),
            proxy: Mutex::new(config.proxy.clone()),
        };
        Ok(Self {
            inner: Arc::new(inner),
            urgent: false,
        })
    }

    /// The same server, told with each request whether somebody waits for the answer
    /// (`Priority: u=0`, RFC 9218). A server in need serves nothing else but acts.
    #[must_use]
    pub fn hurried(&self, urgent: bool) -> Self {
        Self {
            inner: self.inner.clone(),
            urgent,
        }
    }

    /// How each door of the server has answered since the start.
    #[must_use]
    pub fn paths(&self) -> Vec<PathHealth> {
        self.inner.paths.read()
    }

    /// Limits how fast files travel from now on, those under way too.
    pub fn set_bandwidth(&self, bandwidth: Bandwidth) {
        self.inner.pace.set(bandwidth);
    }

    /// What has travelled since the start.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.inner.pace.traffic()
    }

    /// Drops all pooled connections: after a sleep they are dead, and finding out costs a timeout
    /// each.
    pub fn reset_connections(&self) {
        let proxy = self.proxy().clone();
        if let Err(error) = self.connect_anew(proxy) {
            tracing::error!(%error, "connections cannot be set up again");
        }
    }

    /// Reaches the server another way from now on.
    ///
    /// # Errors
    /// [`RemoteError::Configuration`] when the proxy's address is unusable; then nothing changed.
    pub fn set_proxy(&self, proxy: ProxyChoice) -> Result<()> {
        self.connect_anew(proxy.clone())?;
        *self.proxy() = proxy;
        Ok(())
    }

    fn connect_anew(&self, proxy: ProxyChoice) -> Result<()> {
        let pools = Pools::new(&RemoteConfig {
            proxy,
            ..self.inner.config.clone()
        })?;
        *self
            .inner
            .pools
            .write()
            .unwrap_or_else(PoisonError::into_inner) = pools;
        Ok(())
    }

    /// Nothing came within our patience: whatever is asked next over the same connection would wait
    /// behind the same silence, and when the line comes back the server would first finish telling
    /// what nobody waits for any more. The next request makes a connection of its own.
    pub(crate) fn give_up_when_silent(&self, path: ServerPath, error: &reqwest::Error) {
        if !error.is_timeout() || error.is_connect() {
            return;
        }
        let Ok(fresh) = Pools::new(&RemoteConfig {
            proxy: self.proxy().clone(),
            ..self.inner.config.clone()
        }) else {
            return;
        };
        let mut pools = self
            .inner
            .pools
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        match path {
            ServerPath::Blobs | ServerPath::Uploads => {
                pools.blobs = fresh.blobs;
                pools.patient = fresh.patient;
            }
            ServerPath::Events => pools.patient = fresh.patient,
            ServerPath::Health
            | ServerPath::Auth
            | ServerPath::Session
            | ServerPath::Sync
            | ServerPath::Inventory
            | ServerPath::Books
            | ServerPath::Directory => pools.metadata = fresh.metadata,
        }
    }

    fn proxy(&self) -> std::sync::MutexGuard<'_, ProxyChoice> {
        self.inner
            .proxy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request and notes how the door answered.
    pub(crate) async fn send(&self, path: ServerPath, request: RequestBuilder) -> Result<Response> {
        let started = Instant::now();
        let request = if self.urgent {
            request.header("priority", PRESSING)
        } else {
            request
        };
        match request.send().await {
            Ok(mut response) => {
                let took = started.elapsed();
                self.inner.paths.answered(path, took);
                response.extensions_mut().insert(Took(took, Instant::now()));
                Ok(response)
            }
            Err(error) => {
                self.give_up_when_silent(path, &error);
                let fault = RemoteError::from(error);
                self.inner.paths.failed(path, &fault);
                Err(fault)
            }
        }
    }

    /// Sends a request with a good access token; renews it once when the server calls it expired.
    pub(crate) async fn authorised(
        &self,
        path: ServerPath,
        build: impl Fn() -> RequestBuilder,
    ) -> Result<Response> {
        let (access, generation) = self.access().await?;
        let first = build().bearer_auth(access.expose_secret());
        let response = self.send(path, first).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        self.expired(generation).await?;
        let (access, _) = self.access().await?;
        let again = build().bearer_auth(access.expose_secret());
        let response = self.send(path, again).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(RemoteError::LoginNeeded);
        }
        Ok(response)
    }

    pub(crate) fn config(&self) -> &RemoteConfig {
        &self.inner.config
    }

    pub(crate) fn pace(&self) -> &Pace {
        &self.inner.pace
    }

    pub(crate) fn path_failed(&self, path: ServerPath, fault: &RemoteError) {
        self.inner.paths.failed(path, fault);
    }

    pub(crate) fn http(&self) -> Client {
        self.pool(|pools| &pools.metadata)
    }

    pub(crate) fn blob_http(&self) -> Client {
        self.pool(|pools| &pools.blobs)
    }

    pub(crate) fn patient_http(&self) -> Client {
        self.pool(|pools| &pools.patient)
    }

    fn pool(&self, which: impl FnOnce(&Pools) -> &Client) -> Client {
        which(
            &self
                .inner
                .pools
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
        .clone()
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.inner.auth
    }

    /// The address of a path of this version.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.inner.base)
    }

    /// The address of what a `Location` header names: on our server, absolute or from its root.
    /// Anything else would carry the access token to a stranger.
    pub(crate) fn resolve(&self, location: &str) -> Result<String> {
        let host = self
            .inner
            .base
            .strip_suffix(BASE_PATH)
            .unwrap_or(&self.inner.base);
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

/// The body of an answer. A page is a portal's; bytes that end early are a broken line, and only
/// bytes that are whole and still no answer are the server's fault.
pub(crate) async fn json<T: DeserializeOwned>(response: Response) -> Result<T> {
    if !response.status().is_success() {
        return Err(refusal(response).await);
    }
    if is_page(&response) {
        return Err(RemoteError::WrongNetwork {
            what: "a web page in place of an answer",
        });
    }
    let bytes = whole_body(response).await?;
    serde_json::from_slice(&bytes).map_err(|_| RemoteError::Protocol {
        what: "unreadable answer",
    })
}

/// The same, with when it came.
pub(crate) async fn timed<T: DeserializeOwned>(response: Response) -> Result<Timed<T>> {
    let took = response.extensions().get::<Took>().copied();
    let Took(took, arrived) = took.unwrap_or_else(|| Took(Duration::ZERO, Instant::now()));
    Ok(Timed {
        value: json(response).await?,
        took,
        arrived,
    })
}

/// All of a body, within reason.
pub(crate) async fn whole_body(mut response: Response) -> Result<Vec<u8>> {
    let announced = response.content_length();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + piece.len() > LONGEST_ANSWER {
            return Err(RemoteError::Protocol {
                what: "an answer without end",
            });
        }
        body.extend_from_slice(&piece);
    }
    if announced.is_some_and(|length| (body.len() as u64) < length) {
        return Err(RemoteError::Unreachable);
    }
    Ok(body)
}

/// A body that stops in the middle is a line that broke, whatever the decoder calls it.
pub(crate) fn broken(error: &reqwest::Error) -> RemoteError {
    tracing::debug!(kind = ?error, "an answer broke off");
    RemoteError::Unreachable
}

pub(crate) fn is_page(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| {
            kind.trim_start()
                .to_ascii_lowercase()
                .starts_with("text/html")
        })
}
