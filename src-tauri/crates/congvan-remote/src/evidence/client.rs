use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use congvan_model::Timestamp;
use reqwest::{Certificate, Client, Proxy, redirect::Policy};
use tokio::{sync::Semaphore, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    EvidenceError, IssuerHosts, QuotaUse,
    exchange::{self, Failure, Question},
    health::{Blow, Circuit, Health, Permit},
    quota::Ledger,
};

/// How to get out of the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// As the system says (environment, on Windows and macOS its settings).
    #[default]
    System,
    /// No proxy, whatever the system says.
    None,
    /// This one, `http://host:port`.
    Explicit(String),
}

/// How long to wait for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection: a host that takes longer is not there.
    pub connect: Duration,
    /// For a time stamp, from the request to the last byte: the Government's authority was seen to
    /// need from 2 to 131 seconds.
    pub time_stamp: Duration,
    /// For an OCSP answer, a list or a certificate.
    pub revocation: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            time_stamp: Duration::from_secs(180),
            revocation: Duration::from_secs(60),
        }
    }
}

/// Keeps the quota ledger; called on a thread that may block, before the request that it counts is
/// sent, so that a crash can only make us ask for less.
pub type LedgerSink = Arc<dyn Fn(&[QuotaUse]) + Send + Sync>;

/// How evidence is fetched.
#[derive(Clone, Default)]
pub struct EvidenceConfig {
    /// The way out.
    pub proxy: ProxyChoice,
    /// Roots for HTTPS beside those of the system, PEM. Evidence is signed in itself, so this is
    /// about privacy and portals, not about trust.
    pub extra_roots_pem: Vec<u8>,
    /// Timeouts.
    pub patience: Patience,
    /// Whom to ask for missing certificates of issuers.
    pub issuers: IssuerHosts,
    /// What earlier runs asked of whom.
    pub quota: Vec<QuotaUse>,
    /// Where the ledger is kept; none = nowhere.
    pub ledger: Option<LedgerSink>,
}

/// When a call is made and how it is given up.
#[derive(Clone, Debug)]
pub struct Call {
    now: Timestamp,
    begun: Instant,
    cancel: CancellationToken,
}

impl Call {
    /// A call that begins now.
    #[must_use]
    pub fn new(now: Timestamp, cancel: CancellationToken) -> Self {
        Self {
            now,
            begun: Instant::now(),
            cancel,
        }
    }

    /// The time by the caller's clock; goes on while the call waits.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.now.plus_ms(passed)
    }

    pub(super) async fn cancelled(&self) {
        self.cancel.cancelled().await;
    }
}

/// How an endpoint is doing, for the diagnosis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointReport {
    /// Its address.
    pub url: String,
    /// Its circuit breaker.
    pub circuit: Circuit,
    /// How long the last good answer took.
    pub last_answer_ms: Option<u64>,
    /// What last went wrong; none after a good answer.
    pub last_error: Option<EvidenceError>,
}

/// Requests that may be under way at once.
const PARALLEL: usize = 4;
/// Redirects that are followed.
const REDIRECTS: usize = 3;

/// Fetches evidence: time stamps, OCSP answers, lists, certificates. Clones share connections,
/// health, quota and the limit of four requests at a time.
#[derive(Clone)]
pub struct EvidenceClient(Arc<Inner>);

struct Inner {
    http: Client,
    patience: Patience,
    issuers: IssuerHosts,
    ledger: Mutex<Ledger>,
    sink: Option<LedgerSink>,
    endpoints: Mutex<BTreeMap<String, Endpoint>>,
    places: Semaphore,
    has_proxy: bool,
}

#[derive(Default)]
struct Endpoint {
    health: Health,
    last_answer_ms: Option<u64>,
    last_error: Option<EvidenceError>,
}

impl EvidenceClient {
    /// Prepares the client; nothing is sent yet.
    ///
    /// # Errors
    /// [`EvidenceError::Configuration`] when the proxy's address or the roots are unusable.
    pub fn new(config: EvidenceConfig) -> Result<Self, EvidenceError> {
        Ok(Self(Arc::new(Inner {
            http: http(&config)?,
            has_proxy: matches!(config.proxy, ProxyChoice::Explicit(_)),
            patience: config.patience,
            issuers: config.issuers,
            ledger: Mutex::new(Ledger::new(config.quota)),
            sink: config.ledger,
            endpoints: Mutex::default(),
            places: Semaphore::new(PARALLEL),
        })))
    }

    /// How the endpoints are doing that were asked so far.
    #[must_use]
    pub fn endpoints(&self) -> Vec<EndpointReport> {
        let endpoints = lock(&self.0.endpoints);
        endpoints
            .iter()
            .map(|(url, one)| EndpointReport {
                url: url.clone(),
                circuit: one.health.circuit(),
                last_answer_ms: one.last_answer_ms,
                last_error: one.last_error.clone(),
            })
            .collect()
    }

    /// What was asked of which authority.
    #[must_use]
    pub fn quota(&self) -> Vec<QuotaUse> {
        lock(&self.0.ledger).uses().to_vec()
    }

    /// Forgets all rests: a person pressed "try now", or the network came back.
    pub fn reset_health(&self) {
        lock(&self.0.endpoints).clear();
    }

    /// The answer of an endpoint was read and is worthless: it rests at once, because asking again
    /// would spend quota on the same.
    pub fn blame(&self, url: &str, what: &'static str, now: Timestamp) {
        let mut endpoints = lock(&self.0.endpoints);
        let endpoint = endpoints.entry(url.to_owned()).or_default();
        endpoint.last_error = Some(EvidenceError::Garbage { what });
        if let Ok(permit) = endpoint.health.permit(now) {
            let at = (now, chance());
            endpoint.health.failed(permit, Blow::Strong, None, at);
        }
    }

    /// An endpoint failed in a way that says nothing about the next question to it.
    pub(super) fn forgive(&self, url: &str) {
        lock(&self.0.endpoints).remove(url);
    }

    pub(super) fn issuer_hosts(&self) -> IssuerHosts {
        self.0.issuers
    }

    pub(super) fn patience(&self) -> Patience {
        self.0.patience
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.0.ledger)
    }

    /// Makes the ledger durable.
    pub(super) async fn keep_ledger(&self) {
        let Some(sink) = self.0.sink.clone() else {
            return;
        };
        let uses = self.quota();
        if tokio::task::spawn_blocking(move || sink(&uses))
            .await
            .is_err()
        {
            tracing::error!("the keeper of the quota ledger failed");
        }
    }

    /// Asks one endpoint, if its breaker permits; waits for one of the four places.
    pub(super) async fn ask(
        &self,
        question: &Question<'_>,
        call: &Call,
        judge: impl Fn(&[u8]) -> Result<(), EvidenceError>,
    ) -> Result<Vec<u8>, Failure> {
        let place = tokio::select! {
            () = call.cancelled() => return Err(EvidenceError::Cancelled.into()),
            place = self.0.places.acquire() => place,
        };
        // Never closed.
        let _place = place.map_err(|_| EvidenceError::Cancelled)?;
        let mut turn = self.turn(question.endpoint, call)?;
        let begun = Instant::now();
        let answer = tokio::select! {
            () = call.cancelled() => return Err(EvidenceError::Cancelled.into()),
            answer = exchange::ask(&self.0.http, question) => answer,
        };
        let answer = match answer {
            Ok(bytes) => judge(&bytes).map(|()| bytes).map_err(Failure::from),
            Err(failure) => Err(self.at_proxy(question, failure)),
        };
        turn.settle(&answer, begun.elapsed());
        answer
    }

    /// Where there is a proxy, it is the proxy that was not reached when no connection came about
    /// for a plain request.
    fn at_proxy(&self, question: &Question<'_>, failure: Failure) -> Failure {
        let is_plain = !question.url.to_ascii_lowercase().starts_with("https:");
        if self.0.has_proxy && is_plain && failure.unsent {
            return Failure {
                error: EvidenceError::Proxy { status: None },
                ..failure
            };
        }
        failure
    }

    fn turn<'a>(&'a self, url: &str, call: &'a Call) -> Result<Turn<'a>, EvidenceError> {
        let mut endpoints = lock(&self.0.endpoints);
        let endpoint = endpoints.entry(url.to_owned()).or_default();
        match endpoint.health.permit(call.now()) {
            Ok(permit) => Ok(Turn {
                client: self,
                call,
                url: url.to_owned(),
                permit: Some(permit),
            }),
            Err(until) => Err(EvidenceError::Resting { until }),
        }
    }
}

/// A request under way; tells the breaker its outcome, also when it is dropped.
struct Turn<'a> {
    client: &'a EvidenceClient,
    call: &'a Call,
    url: String,
    permit: Option<Permit>,
}

impl Turn<'_> {
    fn settle(&mut self, answer: &Result<Vec<u8>, Failure>, took: Duration) {
        let Some(permit) = self.permit.take() else {
            return;
        };
        let mut endpoints = lock(&self.client.0.endpoints);
        let endpoint = endpoints.entry(self.url.clone()).or_default();
        let now = self.call.now();
        let failure = match answer {
            Ok(_) => {
                endpoint.health.succeeded(permit);
                endpoint.last_error = None;
                endpoint.last_answer_ms = u64::try_from(took.as_millis()).ok();
                return;
            }
            Err(failure) => failure,
        };
        endpoint.last_error = Some(failure.error.clone());
        match verdict(&failure.error) {
            Verdict::Fails(blow) => {
                let at = (now, chance());
                endpoint
                    .health
                    .failed(permit, blow, failure.retry_after, at);
            }
            Verdict::Works => endpoint.health.succeeded(permit),
            Verdict::Unknown => endpoint.health.abandoned(permit, now),
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            let mut endpoints = lock(&self.client.0.endpoints);
            if let Some(endpoint) = endpoints.get_mut(&self.url) {
                endpoint.health.abandoned(permit, self.call.now());
            }
        }
    }
}

/// What a failure says of the endpoint.
enum Verdict {
    Fails(Blow),
    /// It works and only said no.
    Works,
    /// Nothing: it was not reached.
    Unknown,
}

fn verdict(error: &EvidenceError) -> Verdict {
    /// PKIFailureInfo (RFC 3161, 2.4.2): the clock is not available; the system fails.
    const ITS_OWN_TROUBLE: [u8; 2] = [14, 25];
    match error {
        EvidenceError::Host | EvidenceError::TimedOut => Verdict::Fails(Blow::Weak),
        EvidenceError::Service { status } if *status >= 500 => Verdict::Fails(Blow::Weak),
        EvidenceError::Refused {
            failure: Some(failure),
            ..
        } if ITS_OWN_TROUBLE.contains(failure) => Verdict::Fails(Blow::Weak),
        EvidenceError::Quota { .. }
        | EvidenceError::Garbage { .. }
        | EvidenceError::Service { .. } => Verdict::Fails(Blow::Strong),
        EvidenceError::Refused { .. } => Verdict::Works,
        EvidenceError::Proxy { .. }
        | EvidenceError::Resting { .. }
        | EvidenceError::NoAddress
        | EvidenceError::Cancelled
        | EvidenceError::Configuration { .. } => Verdict::Unknown,
    }
}

fn http(config: &EvidenceConfig) -> Result<Client, EvidenceError> {
    let bad = |what| EvidenceError::Configuration { what };
    let roots = Certificate::from_pem_bundle(&config.extra_roots_pem)
        .map_err(|_| bad("the roots are unreadable"))?;
    let builder = Client::builder()
        // Answers are small and their limits are on what is unpacked: nothing is packed.
        .no_zstd()
        .connect_timeout(config.patience.connect)
        .redirect(Policy::custom(|attempt| {
            let plain = matches!(attempt.url().scheme(), "http" | "https");
            if !plain || attempt.previous().len() > REDIRECTS {
                attempt.stop()
            } else {
                attempt.follow()
            }
        }))
        .referer(false)
        .pool_idle_timeout(Duration::from_secs(60))
        .user_agent(concat!("congvan/", env!("CARGO_PKG_VERSION")));
    let builder = if roots.is_empty() {
        builder
    } else {
        builder.tls_certs_merge(roots)
    };
    let builder = match &config.proxy {
        ProxyChoice::System => builder,
        ProxyChoice::None => builder.no_proxy(),
        ProxyChoice::Explicit(url) => {
            builder.proxy(Proxy::all(url).map_err(|_| bad("the proxy's address is unusable"))?)
        }
    };
    builder.build().map_err(|_| bad("TLS cannot be set up"))
}

/// From 0 to 1. Where the system has no randomness to give, everything else fails too.
pub(super) fn chance() -> f64 {
    let mut bytes = [0; 4];
    aws_lc_rs::rand::fill(&mut bytes).ok();
    f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
