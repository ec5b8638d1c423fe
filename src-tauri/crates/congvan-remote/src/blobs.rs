use bytes::Bytes;
use congvan_model::Sha256;
use reqwest::{Response, StatusCode, header};

use crate::{
    client::RemoteClient,
    error::{RemoteError, Result, refusal},
};

/// Bytes on their way down. The caller writes them and checks the hash of the whole.
pub struct Download {
    response: Response,
    /// First byte that will come; 0 when the server would not continue where we stopped.
    pub from: u64,
    /// Length of the whole blob.
    pub total: u64,
    received: u64,
}

impl RemoteClient {
    /// Starts or continues the download of a blob.
    ///
    /// # Errors
    /// `NOT_FOUND` when the account may not read it (any more); outages;
    /// [`RemoteError::WrongNetwork`] when what comes is no blob (a portal's page).
    pub async fn download(&self, sha256: Sha256, from: u64) -> Result<Download> {
        let url = self.url(&format!("/blobs/{sha256}"));
        let call = || {
            let request = self.blob_http().get(&url);
            if from == 0 {
                return request;
            }
            request
                .header(header::RANGE, format!("bytes={from}-"))
                .header(header::IF_RANGE, format!("\"{sha256}\""))
        };
        let response = self.authorised(call).await?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let is_page = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("text/html"));
        if is_page {
            return Err(RemoteError::WrongNetwork {
                what: "a web page in place of a blob",
            });
        }
        let (from, total) = if response.status() == StatusCode::PARTIAL_CONTENT {
            content_range(&response)
                .filter(|(start, _)| *start == from)
                .ok_or(RemoteError::Protocol {
                    what: "a range that was not asked for",
                })?
        } else {
            let length = response.content_length().ok_or(RemoteError::Protocol {
                what: "a blob without a length",
            })?;
            (0, length)
        };
        Ok(Download {
            response,
            from,
            total,
            received: from,
        })
    }
}

impl Download {
    /// The next bytes; none at the end of the blob.
    ///
    /// # Errors
    /// [`RemoteError::Unreachable`] when the line broke before the end: ask again from there.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        match self.response.chunk().await? {
            Some(bytes) => {
                self.received += bytes.len() as u64;
                Ok(Some(bytes))
            }
            None if self.received < self.total => Err(RemoteError::Unreachable),
            None => Ok(None),
        }
    }
}

/// First byte and whole length of `Content-Range: bytes 5-9/10`.
fn content_range(response: &Response) -> Option<(u64, u64)> {
    let value = response
        .headers()
        .get(header::CONTENT_RANGE)?
        .to_str()
        .ok()?;
    let (range, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.parse().ok()?, total.parse().ok()?))
}
