use congvan_protocol::{Problem, ProblemCode};

/// What can go wrong between the desk and the server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// Nobody answered: no route, refused, timed out, cut in the middle.
    #[error("server unreachable")]
    Unreachable,
    /// The server's certificate does not lead to the province's CA, or not to this host.
    #[error("server certificate not trusted")]
    Untrusted,
    /// Something answered that is not the province's server: a captive portal, another network.
    #[error("not the province's server: {what}")]
    WrongNetwork {
        /// What gave it away.
        what: &'static str,
    },
    /// The refresh token is gone or refused: a person must log in.
    #[error("login needed")]
    LoginNeeded,
    /// The server refused with a problem (RFC 9457).
    #[error("server refused: {}", code.as_str())]
    Refused {
        /// Why.
        code: ProblemCode,
        /// HTTP status.
        status: u16,
        /// The same request may succeed later.
        retryable: bool,
        /// Seconds to wait at least.
        retry_after_s: Option<u32>,
    },
    /// The server answered something the protocol does not allow. The server's fault, or ours.
    #[error("protocol: {what}")]
    Protocol {
        /// Which rule.
        what: &'static str,
    },
    /// The bytes to be uploaded could not be read.
    #[error("the source of the upload failed")]
    Source,
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The CA file or the address is unusable. The administrator's fault.
    #[error("configuration: {what}")]
    Configuration {
        /// Which part.
        what: &'static str,
    },
}

/// Result of a call to the server.
pub type Result<T> = std::result::Result<T, RemoteError>;

impl RemoteError {
    /// Whether the server, or the way to it, is at fault rather than this request.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Unreachable | Self::Untrusted | Self::WrongNetwork { .. } => true,
            Self::Refused { status, .. } => *status >= 500,
            Self::LoginNeeded
            | Self::Protocol { .. }
            | Self::Source
            | Self::Cancelled
            | Self::Configuration { .. } => false,
        }
    }
}

impl From<reqwest::Error> for RemoteError {
    fn from(error: reqwest::Error) -> Self {
        tracing::debug!(error = %without_address(&error), "a request failed");
        if is_certificate_fault(&error) {
            Self::Untrusted
        } else if error.is_decode() {
            Self::Protocol {
                what: "unreadable answer",
            }
        } else {
            Self::Unreachable
        }
    }
}

/// Addresses carry hashes and ids only, but a log needs neither.
fn without_address(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut source: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(cause) = source {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Looks for rustls's verdict on the certificate below the layers of hyper and `std::io`.
pub(crate) fn is_certificate_fault(error: &reqwest::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return matches!(tls, rustls::Error::InvalidCertificate(_));
        }
        // An I/O error's `source` is that of what it wraps, so what it wraps must be asked for.
        // They come wrapped in each other.
        source = match cause.downcast_ref::<std::io::Error>() {
            Some(io) => io
                .get_ref()
                .map(|inner| inner as &(dyn std::error::Error + 'static)),
            None => cause.source(),
        };
    }
    false
}

/// Turns an answer that is no success into the problem it carries.
pub(crate) async fn refusal(response: reqwest::Response) -> RemoteError {
    let status = response.status().as_u16();
    let retry_after = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse().ok());
    let is_json = response
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.contains("json"));
    if (300..400).contains(&status) {
        return RemoteError::WrongNetwork { what: "redirect" };
    }
    if !is_json {
        // Our server always explains itself; a bare 502 is the proxy before it.
        return if status >= 500 {
            RemoteError::Refused {
                code: ProblemCode::Overloaded,
                status,
                retryable: true,
                retry_after_s: retry_after,
            }
        } else {
            RemoteError::WrongNetwork {
                what: "an answer that is no problem document",
            }
        };
    }
    match response.json::<Problem>().await {
        Ok(problem) => RemoteError::Refused {
            code: problem.code,
            status,
            retryable: problem.retryable,
            retry_after_s: problem.retry_after_s.or(retry_after),
        },
        Err(error) => error.into(),
    }
}
