//! One question and its answer over HTTP, with limits on everything.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Client, Response, StatusCode, header};

use super::EvidenceError;
use crate::error::is_certificate_fault;

/// A question.
pub(super) struct Question<'a> {
    /// Names the endpoint whose health is at stake: its address as it is configured.
    pub(super) endpoint: &'a str,
    pub(super) url: &'a str,
    /// Posted; none = GET.
    pub(super) body: Option<(&'static str, Bytes)>,
    /// The media type of a right answer.
    pub(super) expects: &'static str,
    /// From the first byte sent to the last received.
    pub(super) patience: Duration,
    /// Most bytes of the answer.
    pub(super) most: usize,
}

/// Why there is no answer, and how long the other side asks us to wait.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: EvidenceError,
    pub(super) retry_after: Option<Duration>,
    /// Whether the request certainly never reached the service.
    pub(super) unsent: bool,
}

impl From<EvidenceError> for Failure {
    fn from(error: EvidenceError) -> Self {
        Self {
            error,
            retry_after: None,
            unsent: false,
        }
    }
}

/// Bytes of an error page that are looked at.
const PAGE: usize = 4096;

/// Asks, and gives the bytes of an answer that has the right form.
pub(super) async fn ask(http: &Client, question: &Question<'_>) -> Result<Vec<u8>, Failure> {
    if !is_http(question.url) {
        return Err(EvidenceError::NoAddress.into());
    }
    let request = match &question.body {
        Some((kind, body)) => http
            .post(question.url)
            .header(header::CONTENT_TYPE, *kind)
            .body(body.clone()),
        None => http.get(question.url),
    };
    let request = request
        .header(header::ACCEPT, question.expects)
        .timeout(question.patience);
    let response = request.send().await.map_err(|error| unanswered(&error))?;
    if !response.status().is_success() {
        return Err(refusal(response).await);
    }
    let is_page = media_type(&response)
        .is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/xhtml"));
    if is_page {
        return Err(garbage("a web page"));
    }
    let is_right = media_type(&response).is_none_or(|kind| fits(&kind, question.expects));
    if !is_right {
        return Err(garbage("another media type"));
    }
    let bytes = read(response, question.most).await?;
    match bytes.first() {
        // Every answer is an ASN.1 SEQUENCE; a list or a certificate may come as PEM.
        Some(0x30) => Ok(bytes),
        Some(b'-') if bytes.starts_with(b"-----BEGIN ") => Ok(bytes),
        Some(_) => Err(garbage("no ASN.1")),
        None => Err(garbage("nothing")),
    }
}

/// Addresses come from certificates, so they may be anything.
fn is_http(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

fn garbage(what: &'static str) -> Failure {
    EvidenceError::Garbage { what }.into()
}

fn media_type(response: &Response) -> Option<String> {
    let value = response.headers().get(header::CONTENT_TYPE)?;
    let value = value.to_str().ok()?.split(';').next()?;
    Some(value.trim().to_ascii_lowercase())
}

/// Servers of lists and certificates are plain file servers, which know no better than these.
fn fits(kind: &str, expects: &str) -> bool {
    const BLANK: [&str; 4] = [
        "application/octet-stream",
        "binary/octet-stream",
        "application/x-download",
        "",
    ];
    let is_file = expects != TIME_STAMP && expects != OCSP;
    kind == expects
        || BLANK.contains(&kind)
        || (expects == TIME_STAMP && kind == "application/timestamp-response")
        || (is_file && (kind.starts_with("application/") || kind == "text/plain"))
}

/// The media type of a time stamp (RFC 3161, 3.4).
pub(super) const TIME_STAMP: &str = "application/timestamp-reply";
/// The media type of an OCSP answer (RFC 6960, appendix A).
pub(super) const OCSP: &str = "application/ocsp-response";

async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, Failure> {
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).is_ok_and(|length| length > most) {
        return Err(garbage("too long"));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unanswered(&error))? {
        if bytes.len() + chunk.len() > most {
            return Err(garbage("too long"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What a status that is no success means.
async fn refusal(response: Response) -> Failure {
    let status = response.status();
    let retry_after = retry_after(&response);
    let failure = |error| Failure {
        error,
        retry_after,
        unsent: false,
    };
    match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED | StatusCode::NETWORK_AUTHENTICATION_REQUIRED => {
            failure(EvidenceError::Proxy {
                status: Some(status.as_u16()),
            })
        }
        StatusCode::TOO_MANY_REQUESTS | StatusCode::PAYMENT_REQUIRED => {
            failure(EvidenceError::Quota { until: None })
        }
        StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST => {
            let page = first_bytes(response).await;
            if speaks_of_quota(&page) {
                return failure(EvidenceError::Quota { until: None });
            }
            failure(EvidenceError::Service {
                status: status.as_u16(),
            })
        }
        other if other.is_redirection() => garbage("too many redirects"),
        other => failure(EvidenceError::Service {
            status: other.as_u16(),
        }),
    }
}

async fn first_bytes(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < PAGE {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(PAGE);
    String::from_utf8_lossy(&bytes).to_lowercase()
}

/// Whether an authority's words are about a quota. Their wording is theirs; these are the words
/// that public authorities use.
pub(super) fn speaks_of_quota(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "quota",
        "limit",
        "exceed",
        "too many",
        "hạn mức",
        "vượt quá",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// Seconds only: the other form, a date, would have to be compared with a clock that may be wrong.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?;
    let seconds: u64 = value.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn unanswered(error: &reqwest::Error) -> Failure {
    let unsent = error.is_connect();
    let text = chain_of(error);
    tracing::debug!(%text, "a question for evidence got no answer");
    let error = if is_certificate_fault(error) {
        EvidenceError::Host
    } else if text.contains("proxy") || text.contains("tunnel") {
        // A tunnel through the proxy that was not made (hyper-util's words).
        let refused = text.contains("407") || text.contains("authorization required");
        EvidenceError::Proxy {
            status: refused.then_some(407),
        }
    } else if error.is_redirect() {
        EvidenceError::Garbage {
            what: "too many redirects",
        }
    } else if error.is_timeout() && !unsent {
        EvidenceError::TimedOut
    } else {
        EvidenceError::Host
    };
    Failure {
        error,
        retry_after: None,
        unsent,
    }
}

fn chain_of(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(&cause.to_string().to_lowercase());
        text.push_str("; ");
        source = cause.source();
    }
    text
}
