//! Resumable upload (draft-ietf-httpbis-resumable-upload-12, interop version 8).

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use aws_lc_rs::digest;
use bytes::Bytes;
use congvan_model::{ByteSource, Sha256};
use congvan_protocol::{INTEROP_VERSION, PARTIAL_UPLOAD, ProblemCode, format_digest, headers};
use futures_util::stream;
use reqwest::{Body, Response, StatusCode, header};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    client::RemoteClient,
    error::{RemoteError, Result, refusal},
    path_health::ServerPath,
    piece::{FIRST, LARGEST, SMALLEST, adapt},
};

/// A piece is handed to the line in parts of this size: the bandwidth's grain, and the screen's.
const PART: usize = 64 * 1024;
/// A line may break this often without a byte getting through before the caller hears of it.
const STRIKES: u32 = 3;

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
    /// Bytes handed to the line, of which the server has not confirmed all.
    pub sent: u64,
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

/// When to stop.
#[derive(Clone, Debug, Default)]
pub struct UploadStop {
    /// At once; what has arrived is kept.
    pub now: CancellationToken,
    /// When the piece under way is through: nothing is sent twice.
    pub at_border: CancellationToken,
}

impl From<&CancellationToken> for UploadStop {
    fn from(now: &CancellationToken) -> Self {
        Self {
            now: now.clone(),
            at_border: CancellationToken::new(),
        }
    }
}

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
        stop: impl Into<UploadStop> + Send,
    ) -> Result<()> {
        let stop = stop.into();
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
                sent: place.offset,
                total,
            });
            if place.complete {
                return Ok(());
            }
            if stop.at_border.is_cancelled() {
                return Err(RemoteError::Cancelled);
            }
            let started = Instant::now();
            let length = piece.min(place.limit.unwrap_or(LARGEST));
            let sent = tokio::select! {
                () = stop.now.cancelled() => return Err(RemoteError::Cancelled),
                sent = self.append(job, &place, length, &progress) => sent,
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
                        () = stop.now.cancelled() => return Err(RemoteError::Cancelled),
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
                .timeout(self.config().patience.piece)
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
        let response = self.authorised(ServerPath::Uploads, call).await?;
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
                .timeout(self.config().patience.ask)
                .header(headers::INTEROP, INTEROP_VERSION)
        };
        let response = self.authorised(ServerPath::Uploads, call).await?;
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
    async fn append(
        &self,
        job: &UploadJob,
        place: &Place,
        piece: u64,
        progress: &(impl Fn(UploadProgress) + Send),
    ) -> Result<Place> {
        let total = job.source.len();
        let length = piece.min(total.saturating_sub(place.offset));
        let last = place.offset + length == total;
        let (body, hash) = read_piece(job.source.clone(), place.offset, length).await?;
        let watch = Arc::new(Watch::default());
        let call = || {
            watch.begin();
            self.patient_http()
                .patch(&place.url)
                .header(headers::INTEROP, INTEROP_VERSION)
                .header(header::CONTENT_TYPE, PARTIAL_UPLOAD)
                .header(header::CONTENT_LENGTH, length)
                .header(headers::UPLOAD_OFFSET, place.offset)
                .header(headers::UPLOAD_COMPLETE, if last { "?1" } else { "?0" })
                .header(headers::CONTENT_DIGEST, format_digest(&hash))
                .body(self.paced(body.clone(), watch.clone()))
        };
        let watching = async {
            while watch.moved(self.config().patience.piece).await {
                progress(UploadProgress {
                    url: place.url.clone(),
                    done: place.offset,
                    sent: place.offset + watch.sent.load(Ordering::Relaxed),
                    total,
                });
            }
        };
        let response = tokio::select! {
            response = self.authorised(ServerPath::Uploads, call) => response?,
            () = watching => {
                self.path_failed(ServerPath::Uploads, &RemoteError::Unreachable);
                return Err(RemoteError::Unreachable);
            }
        };
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        if response.headers().get(headers::UPLOAD_OFFSET).is_none() {
            return Err(RemoteError::WrongNetwork {
                what: "an answer to a piece that names no offset",
            });
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

    /// A body that goes as fast as it may, and says how far it is.
    fn paced(&self, body: Bytes, watch: Arc<Watch>) -> Body {
        let client = self.clone();
        Body::wrap_stream(stream::unfold(body, move |mut rest| {
            let (client, watch) = (client.clone(), watch.clone());
            async move {
                if rest.is_empty() {
                    return None;
                }
                let part = rest.split_to(rest.len().min(PART));
                client.pace().up.take(part.len()).await;
                watch.note(part.len());
                Some((Ok::<_, std::io::Error>(part), rest))
            }
        }))
    }
}

/// How far a piece is, and when it last got further.
#[derive(Default)]
struct Watch {
    sent: AtomicU64,
    last: Mutex<Option<Instant>>,
    changed: Notify,
}

impl Watch {
    /// A request begins; a repeated one begins again.
    fn begin(&self) {
        self.sent.store(0, Ordering::Relaxed);
        self.touch();
    }

    fn note(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
        self.touch();
        self.changed.notify_one();
    }

    fn touch(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Waits for the next part to go; false when none has gone for so long. Counted from the last
    /// part, because a slow line that moves is no dead one.
    async fn moved(&self, patience: Duration) -> bool {
        loop {
            let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let quiet = last.map(|at| at.elapsed()).unwrap_or_default();
            let Some(left) = patience.checked_sub(quiet).filter(|left| !left.is_zero()) else {
                return false;
            };
            if tokio::time::timeout(left, self.changed.notified())
                .await
                .is_ok()
            {
                return true;
            }
        }
    }
}

/// The bytes of a piece, and their hash.
async fn read_piece(
    source: Arc<dyn ByteSource>,
    from: u64,
    length: u64,
) -> Result<(Bytes, Sha256)> {
    tokio::task::spawn_blocking(move || {
        let mut body = vec![0; usize::try_from(length).map_err(|_| RemoteError::Source)?];
        source
            .read_at(from, &mut body)
            .map_err(|_| RemoteError::Source)?;
        let hash = digest::digest(&digest::SHA256, &body);
        let hash = Sha256(hash.as_ref().try_into().map_err(|_| RemoteError::Source)?);
        Ok((Bytes::from(body), hash))
    })
    .await
    .map_err(|_| RemoteError::Source)?
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
