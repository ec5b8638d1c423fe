use congvan_protocol::{Problem, ProblemCode};

use crate::client::whole_body;

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
    /// The proxy wants a name and a password, or refuses those it was given (407).
    #[error("the proxy wants a login")]
    ProxyAuthNeeded,
    /// The proxy answered, but did not let us through to the server.
    #[error("the proxy did not let us through")]
    ProxyRefused,
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
            Self::Unreachable
            | Self::Untrusted
            | Self::WrongNetwork { .. }
            | Self::ProxyAuthNeeded
            | Self::ProxyRefused => true,
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
        } else if let Some(fault) = proxy_fault(&error) {
            fault
        } else if speaks_no_tls(&error) {
            Self::WrongNetwork {
                what: "an answer that is not TLS",
            }
        } else {
            Self::Unreachable
        }
    }
}

/// What a proxy said instead of opening the way. The type of that error is not public, only its
/// words (hyper-util 0.1, `TunnelError`); a test with a real proxy guards them.
fn proxy_fault(error: &reqwest::Error) -> Option<RemoteError> {
    causes(error).find_map(|cause| match cause.to_string().as_str() {
        "tunnel error: proxy authorization required" => Some(RemoteError::ProxyAuthNeeded),
        "tunnel error: unsuccessful" | "tunnel error: proxy response headers too long" => {
            Some(RemoteError::ProxyRefused)
        }
        _ => None,
    })
}

/// Whoever answers a TLS greeting with something else stands between us and the server.
fn speaks_no_tls(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| {
        matches!(
            cause.downcast_ref::<rustls::Error>(),
            Some(rustls::Error::InvalidMessage(_))
        )
    })
}

/// The layers below an error. An I/O error's `source` is that of what it wraps, so what it wraps
/// must be asked for; they come wrapped in each other.
fn causes<'a>(
    error: &'a reqwest::Error,
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    let first: Option<&'a (dyn std::error::Error + 'static)> = std::error::Error::source(error);
    std::iter::successors(first, |cause| {
        match cause.downcast_ref::<std::io::Error>() {
            Some(io) => io
                .get_ref()
                .map(|inner| inner as &(dyn std::error::Error + 'static)),
            None => cause.source(),
        }
    })
}

/// Addresses carry hashes and ids only, but a log needs neither.
fn without_address(error: &reqwest::Error) -> String {
    let words: Vec<String> = causes(error).map(ToString::to_string).collect();
    words.join(": ")
}

/// Looks for rustls's verdict on the certificate below the layers of hyper and `std::io`.
pub(crate) fn is_certificate_fault(error: &reqwest::Error) -> bool {
    causes(error)
        .find_map(|cause| cause.downcast_ref::<rustls::Error>())
        .is_some_and(|tls| matches!(tls, rustls::Error::InvalidCertificate(_)))
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
    match status {
        300..400 => return RemoteError::WrongNetwork { what: "redirect" },
        407 => return RemoteError::ProxyAuthNeeded,
        // What a captive portal that knows the standard answers (RFC 6585).
        511 => {
            return RemoteError::WrongNetwork {
                what: "the network wants a login",
            };
        }
        _ => {}
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
    let body = match whole_body(response).await {
        Ok(body) => body,
        Err(broken) => return broken,
    };
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => RemoteError::Refused {
            code: problem.code,
            status,
            retryable: problem.retryable,
            retry_after_s: problem.retry_after_s.or(retry_after),
        },
        Err(_) => RemoteError::Protocol {
            what: "an unreadable problem",
        },
    }
}
