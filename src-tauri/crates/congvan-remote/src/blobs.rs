use std::time::{Duration, Instant};

use bytes::Bytes;
use congvan_model::Sha256;
use reqwest::{Response, StatusCode, header};

use crate::{
    client::{RemoteClient, broken, is_page},
    error::{RemoteError, Result, refusal},
    path_health::ServerPath,
    piece::{FIRST, adapt},
};

/// Bytes on their way down. The caller writes them and checks the hash of the whole.
///
/// They come in pieces (ranges) that take about as long as those of an upload: between two, the
/// server may give its line to something more urgent.
pub struct Download {
    client: RemoteClient,
    sha256: Sha256,
    response: Response,
    /// First byte that will come; 0 when the server would not continue where we stopped.
    pub from: u64,
    /// Length of the whole blob.
    pub total: u64,
    received: u64,
    /// Where the present answer ends.
    until: u64,
    piece: u64,
    piece_from: u64,
    started: Instant,
}

/// What an answer brings.
struct Coming {
    response: Response,
    from: u64,
    until: u64,
    total: u64,
}

impl RemoteClient {
    /// Starts or continues the download of a blob.
    ///
    /// # Errors
    /// `NOT_FOUND` when the account may not read it (any more); outages;
    /// [`RemoteError::WrongNetwork`] when what comes is no blob (a portal's page).
    pub async fn download(&self, sha256: Sha256, from: u64) -> Result<Download> {
        let started = Instant::now();
        let coming = self.range(sha256, from, FIRST).await?;
        Ok(Download {
            client: self.clone(),
            sha256,
            response: coming.response,
            from: coming.from,
            total: coming.total,
            received: coming.from,
            until: coming.until,
            piece: FIRST,
            piece_from: coming.from,
            started,
        })
    }

    /// Asks for so many bytes from there on.
    async fn range(&self, sha256: Sha256, from: u64, length: u64) -> Result<Coming> {
        let url = self.url(&format!("/blobs/{sha256}"));
        let last = from.saturating_add(length.saturating_sub(1));
        let call = || {
            self.blob_http()
                .get(&url)
                .header(header::RANGE, format!("bytes={from}-{last}"))
                .header(header::IF_RANGE, format!("\"{sha256}\""))
        };
        let response = self.authorised(ServerPath::Blobs, call).await?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        if is_page(&response) {
            return Err(RemoteError::WrongNetwork {
                what: "a web page in place of a blob",
            });
        }
        if response.status() != StatusCode::PARTIAL_CONTENT {
            let total = response.content_length().ok_or(RemoteError::Protocol {
                what: "a blob without a length",
            })?;
            not_empty(total)?;
            return Ok(Coming {
                response,
                from: 0,
                until: total,
                total,
            });
        }
        let (start, end, total) = content_range(&response)
            .filter(|(start, end, total)| *start == from && start <= end && end < total)
            .ok_or(RemoteError::Protocol {
                what: "a range that was not asked for",
            })?;
        not_empty(total)?;
        Ok(Coming {
            response,
            from: start,
            until: end + 1,
            total,
        })
    }
}

/// No document is empty; an empty answer is what broken caches give (and a desk that believed one
/// would show nothing where a letter was).
fn not_empty(total: u64) -> Result<()> {
    if total == 0 {
        return Err(RemoteError::Protocol {
            what: "an empty blob",
        });
    }
    Ok(())
}

impl Download {
    /// The next bytes; none at the end of the blob.
    ///
    /// # Errors
    /// [`RemoteError::Unreachable`] when the line broke before the end: ask again from there.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            match self.response.chunk().await.map_err(|error| {
                self.client.give_up_when_silent(ServerPath::Blobs, &error);
                broken(&error)
            })? {
                Some(bytes) => {
                    self.client.pace().down.take(bytes.len()).await;
                    self.received += bytes.len() as u64;
                    if self.received > self.until {
                        return Err(RemoteError::Protocol {
                            what: "more bytes than announced",
                        });
                    }
                    return Ok(Some(bytes));
                }
                None if self.received < self.until => return Err(RemoteError::Unreachable),
                None if self.received >= self.total => return Ok(None),
                None => self.ask_on().await?,
            }
        }
    }

    /// Asks for the next piece, as long as this line takes to carry in the target time.
    async fn ask_on(&mut self) -> Result<()> {
        let took = self.started.elapsed().max(Duration::from_millis(1));
        let brought = self.until.saturating_sub(self.piece_from);
        if brought >= self.piece {
            self.piece = adapt(self.piece, took);
        }
        self.started = Instant::now();
        let coming = self
            .client
            .range(self.sha256, self.received, self.piece)
            .await?;
        // A server that forgot ranges in the middle of a file would begin it again.
        if coming.from != self.received || coming.total != self.total {
            return Err(RemoteError::Unreachable);
        }
        self.piece_from = coming.from;
        self.until = coming.until;
        self.response = coming.response;
        Ok(())
    }
}

/// First and last byte and whole length of `Content-Range: bytes 5-9/10`.
fn content_range(response: &Response) -> Option<(u64, u64, u64)> {
    let value = response
        .headers()
        .get(header::CONTENT_RANGE)?
        .to_str()
        .ok()?;
    let (range, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.split_once('-')?;
    Some((start.parse().ok()?, end.parse().ok()?, total.parse().ok()?))
}
