//! Resumable upload (draft-ietf-httpbis-resumable-upload-12, interop version 8).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aws_lc_rs::digest;
use congvan_model::{ByteSource, Sha256};
use congvan_protocol::{INTEROP_VERSION, PARTIAL_UPLOAD, ProblemCode, format_digest, headers};
use reqwest::{Response, StatusCode, header};
use tokio_util::sync::CancellationToken;

use crate::{
    client::RemoteClient,
    error::{RemoteError, Result, refusal},
};

const SMALLEST: u64 = 256 * 1024;
const FIRST: u64 = 1024 * 1024;
const LARGEST: u64 = 16 * 1024 * 1024;
/// A piece should take about this long: short enough that a line which drops each minute gets
/// somewhere, long enough that round trips do not count.
const TARGET: Duration = Duration::from_secs(8);
/// A whole piece may take this long before it counts as hung.
const PIECE: Duration = Duration::from_secs(120);

/// What to upload.
#[derive(Clone)]
pub struct UploadJob {
    /// The bytes.
    pub source: Arc<dyn ByteSource>,
    /// Their hash.
    pub sha256: Sha256,
    /// A blob at the server that these bytes start with: only the rest is sent.
    pub base: Option<Sha256>,
    /// Address of an upload that was begun earlier.
    pub resume: Option<String>,
}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadProgress {
    /// Its address: keep it, to resume after a restart.
    pub url: String,
    /// Bytes the server has durably.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// Where an upload stands.
struct Place {
    url: String,
    offset: u64,
    complete: bool,
    /// Largest piece the server takes; none when it has not said.
    limit: Option<u64>,
}

/// Asking where an upload stands moves no bytes, so it is answered at once or not at all.
const ASK: Duration = Duration::from_secs(30);
/// A line may break this often without a byte getting through before the caller hears of it.
const STRIKES: u32 = 3;

impl RemoteClient {
    /// Uploads a blob, from where an earlier run stopped. `progress` is told each durable step.
    ///
    /// # Errors
    /// Outages: call again with the last address. A new upload is begun only when the server says
    /// that the old one is gone (404, 410), never on any other failure.
    pub async fn upload(
        &self,
        job: &UploadJob,
        progress: impl Fn(UploadProgress) + Send,
        cancel: &CancellationToken,
    ) -> Result<()> {
        let mut place = match &job.resume {
            Some(url) => match self.find_offset(&self.resolve(url)?).await {
                Err(error) if is_gone(&error) => self.begin(job).await?,
                other => other?,
            },
            None => self.begin(job).await?,
        };
        let total = job.source.len();
        let mut piece = FIRST;
        let mut strikes = 0;
        loop {
            progress(UploadProgress {
                url: place.url.clone(),
                done: place.offset,
                total,
            });
            if place.complete {
                return Ok(());
            }
            let started = Instant::now();
            let sent = tokio::select! {
                () = cancel.cancelled() => return Err(RemoteError::Cancelled),
                sent = self.append(job, &place, piece.min(place.limit.unwrap_or(LARGEST))) => sent,
            };
            let next = match sent {
                Ok(next) => {
                    piece = adapt(piece, started.elapsed());
                    next
                }
                Err(error) if strikes >= STRIKES => return Err(error),
                // The server is elsewhere than we thought (an answer was lost): ask and go on.
                Err(RemoteError::Refused {
                    code: ProblemCode::OffsetMismatch,
                    ..
                }) => self.find_offset(&place.url).await?,
                // The line broke, or is too slow for such a piece. What arrived is kept; if the
                // server still answers, go on from there with less.
                Err(RemoteError::Unreachable) => {
                    piece = (piece / 2).max(SMALLEST);
                    tokio::select! {
                        () = cancel.cancelled() => return Err(RemoteError::Cancelled),
                        found = self.find_offset(&place.url) => found?,
                    }
                }
                Err(error) if is_gone(&error) => self.begin(job).await?,
                Err(error) => return Err(error),
            };
            strikes = if next.offset > place.offset {
                0
            } else {
                strikes + 1
            };
            let limit = next.limit.or(place.limit);
            place = Place { limit, ..next };
        }
    }

    /// Creates an upload. With a base the server seeds it and answers with that length.
    async fn begin(&self, job: &UploadJob) -> Result<Place> {
        let call = || {
            let request = self
                .blob_http()
                .post(self.url("/uploads"))
                .timeout(PIECE)
                .header(headers::INTEROP, INTEROP_VERSION)
                .header(headers::UPLOAD_COMPLETE, "?0")
                .header(headers::UPLOAD_LENGTH, job.source.len())
                .header(headers::REPR_DIGEST, format_digest(&job.sha256))
                .header(header::CONTENT_LENGTH, 0);
            match &job.base {
                Some(base) => request.header(headers::BASE_DIGEST, format_digest(base)),
                None => request,
            }
        };
        let response = self.authorised(call).await?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let complete = is_complete(&response);
        let location = response
            .headers()
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok());
        let url = match location {
            Some(location) => self.resolve(location)?,
            // The server had it already.
            None if complete => String::new(),
            None => {
                return Err(RemoteError::Protocol {
                    what: "an upload without an address",
                });
            }
        };
        Ok(Place {
            url,
            offset: offset(&response).unwrap_or(0),
            complete,
            limit: limit(&response),
        })
    }

    /// Asks how far an upload is.
    async fn find_offset(&self, url: &str) -> Result<Place> {
        let call = || {
            self.blob_http()
                .head(url)
                .timeout(ASK)
                .header(headers::INTEROP, INTEROP_VERSION)
        };
        let response = self.authorised(call).await?;
        if response.status() == StatusCode::NOT_FOUND || response.status() == StatusCode::GONE {
            // A HEAD has no body to explain itself.
            return Err(RemoteError::Refused {
                code: ProblemCode::UploadGone,
                status: response.status().as_u16(),
                retryable: false,
                retry_after_s: None,
            });
        }
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let offset = offset(&response).ok_or(RemoteError::Protocol {
            what: "an upload without an offset",
        })?;
        Ok(Place {
            url: url.to_owned(),
            offset,
            complete: is_complete(&response),
            limit: limit(&response),
        })
    }

    /// Sends the next piece.
    async fn append(&self, job: &UploadJob, place: &Place, piece: u64) -> Result<Place> {
        let total = job.source.len();
        let length = piece.min(total.saturating_sub(place.offset));
        let last = place.offset + length == total;
        let (source, from) = (job.source.clone(), place.offset);
        let body = tokio::task::spawn_blocking(move || {
            let mut body = vec![0; usize::try_from(length).map_err(|_| RemoteError::Source)?];
            source
                .read_at(from, &mut body)
                .map_err(|_| RemoteError::Source)?;
            Ok::<_, RemoteError>(bytes::Bytes::from(body))
        })
        .await
        .map_err(|_| RemoteError::Source)??;
        let hash = digest::digest(&digest::SHA256, &body);
        let hash = Sha256(hash.as_ref().try_into().map_err(|_| RemoteError::Source)?);
        let call = || {
            self.upload_http()
                .patch(&place.url)
                .timeout(PIECE)
                .header(headers::INTEROP, INTEROP_VERSION)
                .header(header::CONTENT_TYPE, PARTIAL_UPLOAD)
                .header(headers::UPLOAD_OFFSET, place.offset)
                .header(headers::UPLOAD_COMPLETE, if last { "?1" } else { "?0" })
                .header(headers::CONTENT_DIGEST, format_digest(&hash))
                .body(body.clone())
        };
        let response = self.authorised(call).await?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let complete = is_complete(&response);
        let next = offset(&response).unwrap_or(place.offset + length);
        Ok(Place {
            url: place.url.clone(),
            offset: next,
            complete,
            limit: place.limit,
        })
    }
}

fn is_gone(error: &RemoteError) -> bool {
    matches!(
        error,
        RemoteError::Refused {
            status: 404 | 410,
            ..
        }
    )
}

fn offset(response: &Response) -> Option<u64> {
    response
        .headers()
        .get(headers::UPLOAD_OFFSET)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// `max-append-size` of `Upload-Limit`, within our own bounds.
fn limit(response: &Response) -> Option<u64> {
    response
        .headers()
        .get(headers::UPLOAD_LIMIT)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| {
            text.split(',')
                .find_map(|part| part.trim().strip_prefix("max-append-size="))
        })
        .and_then(|number| number.trim().parse().ok())
        .map(|limit: u64| limit.clamp(1, LARGEST))
}

fn is_complete(response: &Response) -> bool {
    response
        .headers()
        .get(headers::UPLOAD_COMPLETE)
        .is_some_and(|value| value == "?1")
}

/// The next piece's size from how long this one took: at most doubled, at most halved.
fn adapt(piece: u64, took: Duration) -> u64 {
    let ideal = piece as f64 * TARGET.as_secs_f64() / took.as_secs_f64().max(0.001);
    let bounded = ideal.clamp(piece as f64 / 2.0, piece as f64 * 2.0);
    (bounded as u64).clamp(SMALLEST, LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_grow_on_a_fast_line_and_shrink_on_a_slow_one_within_bounds() {
        assert_eq!(adapt(FIRST, Duration::from_millis(100)), 2 * FIRST);
        assert_eq!(adapt(FIRST, Duration::from_secs(60)), FIRST / 2);
        assert_eq!(adapt(LARGEST, Duration::from_millis(1)), LARGEST);
        assert_eq!(adapt(SMALLEST, Duration::from_secs(600)), SMALLEST);
    }
}
