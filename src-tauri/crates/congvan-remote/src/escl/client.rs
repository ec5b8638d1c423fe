use std::{net::SocketAddr, sync::Arc, time::Duration};

use reqwest::{Client, Response, StatusCode, header, redirect::Policy};

use super::{
    CertificatePin, ScanSettings, ScannerAddress, ScannerCapabilities, ScannerError, ScannerJob,
    ScannerStatus, tls::PinOnFirstUse, xml,
};

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanPatience {
    /// A scanner in the office's network accepts at once or is not there; one asleep takes seconds.
    pub connect: Duration,
    /// The whole of a question about itself.
    pub answer: Duration,
    /// No byte for so long means the line is dead: a sheet at 600 dpi is drawn in before it comes.
    pub silence: Duration,
    /// The whole of one page.
    pub page: Duration,
    /// How long a busy scanner is asked again, and a page waited for that is not ready.
    pub busy: Duration,
    /// Shortest pause before asking again.
    pub again: Duration,
}

impl Default for ScanPatience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(15),
            silence: Duration::from_secs(60),
            page: Duration::from_secs(240),
            busy: Duration::from_secs(45),
            again: Duration::from_millis(500),
        }
    }
}

/// The longest pause that a scanner's `Retry-After` is believed.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// One scanner. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Scanner {
    pub(super) address: ScannerAddress,
    pub(super) http: Client,
    pub(super) patience: ScanPatience,
    tls: Arc<PinOnFirstUse>,
}

impl Scanner {
    /// Prepares a client for this scanner only. `pin` is the certificate of an earlier contact; none
    /// = the first certificate seen is accepted, and known from then on.
    ///
    /// # Errors
    /// [`ScannerError::Address`] when TLS cannot be set up for it.
    pub fn new(
        address: ScannerAddress,
        pin: Option<CertificatePin>,
        patience: ScanPatience,
    ) -> Result<Self, ScannerError> {
        let unusable = ScannerError::Address {
            what: "no client for it",
        };
        let tls = PinOnFirstUse::new(pin);
        let config = tls.config().map_err(|_| unusable.clone())?;
        let (host, at) = address.place();
        // Where it was found is where it is: no name server is asked, so none can answer another.
        let places: Vec<SocketAddr> = at.into_iter().collect();
        let mut builder = Client::builder()
            .tls_backend_preconfigured(config)
            .https_only(address.is_secure())
            .http1_only()
            .no_zstd()
            // It is in this network; a proxy would only learn of it.
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(patience.connect)
            .read_timeout(patience.silence)
            // Small servers hang up between two questions and tell nobody.
            .pool_idle_timeout(Duration::from_secs(5))
            .user_agent(concat!("congvan/", env!("CARGO_PKG_VERSION")));
        if !places.is_empty() {
            builder = builder.resolve_to_addrs(host, &places);
        }
        Ok(Self {
            http: builder.build().map_err(|_| unusable)?,
            address,
            patience,
            tls,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> &ScannerAddress {
        &self.address
    }

    /// The certificate that is accepted, to be remembered; none before the first contact and without
    /// TLS.
    #[must_use]
    pub fn pin(&self) -> Option<CertificatePin> {
        self.tls.pin()
    }

    /// What it can do.
    ///
    /// # Errors
    /// [`ScannerError`].
    pub async fn capabilities(&self) -> Result<ScannerCapabilities, ScannerError> {
        ScannerCapabilities::parse(&self.ask("ScannerCapabilities").await?)
    }

    /// What it does at the moment.
    ///
    /// # Errors
    /// [`ScannerError`].
    pub async fn status(&self) -> Result<ScannerStatus, ScannerError> {
        ScannerStatus::parse(&self.ask("ScannerStatus").await?)
    }

    /// Makes it begin to scan. A busy scanner is asked again for a while.
    ///
    /// # Errors
    /// What keeps it from scanning: [`ScannerError::Empty`], [`ScannerError::Jam`],
    /// [`ScannerError::Busy`] and the like.
    pub async fn scan(&self, settings: &ScanSettings) -> Result<ScannerJob, ScannerError> {
        let order = settings.order(&self.capabilities().await?)?;
        if let Some(fault) = self.status().await?.fault(settings.feeder) {
            return Err(fault);
        }
        let given_up = tokio::time::Instant::now() + self.patience.busy;
        loop {
            let request = self
                .http
                .post(self.address.below("ScanJobs"))
                .header(header::CONTENT_TYPE, "text/xml")
                .timeout(self.patience.answer)
                .body(order.clone());
            let response = request.send().await?;
            match response.status() {
                StatusCode::CREATED => {
                    let path = self.address.job_path(location(&response)?)?;
                    return Ok(ScannerJob::new(self.clone(), path, settings.feeder));
                }
                StatusCode::SERVICE_UNAVAILABLE => {
                    // Some say the same of an open cover.
                    if let Some(fault) = self.status().await?.fault(settings.feeder) {
                        return Err(fault);
                    }
                    if tokio::time::Instant::now() >= given_up {
                        return Err(ScannerError::Busy);
                    }
                    tokio::time::sleep(self.pause(&response)).await;
                }
                StatusCode::CONFLICT | StatusCode::BAD_REQUEST => {
                    let fault = self.status().await?.fault(settings.feeder);
                    return Err(fault.unwrap_or(ScannerError::Failed {
                        what: "it refuses the settings",
                    }));
                }
                status => return Err(refusal(status)),
            }
        }
    }

    /// How long to wait before asking again.
    pub(super) fn pause(&self, response: &Response) -> Duration {
        let asked = response.headers().get(header::RETRY_AFTER);
        let asked = asked.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let asked = asked.map_or(self.patience.again, Duration::from_secs);
        asked.clamp(self.patience.again, LONGEST_PAUSE.max(self.patience.again))
    }

    async fn ask(&self, what: &str) -> Result<Vec<u8>, ScannerError> {
        let request = self.http.get(self.address.below(what));
        let mut response = request.timeout(self.patience.answer).send().await?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::SERVICE_UNAVAILABLE => return Err(ScannerError::Busy),
            status => return Err(refusal(status)),
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await? {
            if body.len() + piece.len() > xml::LONGEST {
                return Err(ScannerError::Protocol {
                    what: "an answer without end",
                });
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

fn location(response: &Response) -> Result<&str, ScannerError> {
    let location = response.headers().get(header::LOCATION);
    let text = location.and_then(|value| value.to_str().ok());
    text.ok_or(ScannerError::Protocol {
        what: "a job without an address",
    })
}

/// What a status means that nothing else explains.
pub(super) fn refusal(status: StatusCode) -> ScannerError {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ScannerError::Failed {
            what: "it wants a login",
        },
        StatusCode::NOT_FOUND => ScannerError::Protocol {
            what: "no eSCL at this address",
        },
        status if status.is_server_error() => ScannerError::Failed {
            what: "a fault inside it",
        },
        _ => ScannerError::Protocol {
            what: "a status that eSCL does not know",
        },
    }
}
