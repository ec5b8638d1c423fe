use std::io::{Read as _, Seek as _, SeekFrom};

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use congvan_model::Sha256;
use congvan_protocol::{Problem, ProblemCode, format_digest, headers};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::{Caller, Refusal, Shared, blocking};
use crate::mutant::Mutant;

/// So many bytes are read at once and kept until they are sent.
const AT_ONCE: u64 = 1 << 20;
/// Of more than that, pieces of this size.
const PIECE: usize = 1 << 18;

/// The bytes of a blob that the account may read, whole or a range of them. HEAD works too.
#[utoipa::path(
    get, path = "/v1/blobs/{sha256}", tag = "blobs", security(("bearer" = [])),
    params(
        ("sha256" = String, Path, description = "64 hexadecimal digits"),
        ("range" = Option<String>, Header, description = "bytes=first-last, one range"),
        ("if-range" = Option<String>, Header, description = "The ETag of the part already there"),
    ),
    responses(
        (status = 200, description = "All of it; the ETag is the hash in quotes",
         content_type = "application/octet-stream"),
        (status = 206, description = "The range", content_type = "application/octet-stream"),
        (status = 404, description = "NOT_FOUND: not there, or not for this account",
         body = Problem),
        (status = 416, description = "No such range; Content-Range gives the length"),
    )
)]
pub(crate) async fn download(
    State(office): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
    request: HeaderMap,
) -> Result<Response, Refusal> {
    let blob: Sha256 = name
        .parse()
        .map_err(|_| Refusal::new(ProblemCode::NotFound))?;
    let size = blocking(&office, move |office| {
        if office.config.mutant == Some(Mutant::BlobsForAll) {
            let length = std::fs::metadata(office.blobs.path(&blob)).map(|file| file.len());
            return Ok(length.ok());
        }
        office
            .db
            .read(|tx| crate::blobs::readable(tx, &blob, caller.account))
    })
    .await?
    .ok_or_else(|| Refusal::new(ProblemCode::NotFound))?;
    let etag = format!("\"{blob}\"");
    if text(&request, header::IF_NONE_MATCH).is_some_and(|value| value == etag) {
        return Ok((StatusCode::NOT_MODIFIED, describe(&blob)).into_response());
    }
    let unchanged = text(&request, header::IF_RANGE).is_none_or(|value| value == etag);
    let range = text(&request, header::RANGE)
        .filter(|_| unchanged)
        .map(|text| parse(text, size));
    let (status, start, length) = match range {
        None | Some(Wanted::Whole) => (StatusCode::OK, 0, size),
        Some(Wanted::Part { start, length }) => (StatusCode::PARTIAL_CONTENT, start, length),
        Some(Wanted::Nothing) => {
            let beyond = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, beyond).into_response());
        }
    };
    let start = match office.config.mutant {
        Some(Mutant::RangeFromStart) => 0,
        Some(_) | None => start,
    };
    let path = office.blobs.path(&blob);
    let body = if length <= AT_ONCE {
        // Each hop to a thread that may block costs more than reading a letter does.
        let read = blocking(&office, move |_| {
            read_part(&path, (start, length)).map_err(crate::ProvinceError::disk(&path))
        });
        Body::from(read.await?)
    } else {
        let mut file = tokio::fs::File::open(&path)
            .await
            .map_err(crate::ProvinceError::disk(&path))?;
        file.seek(SeekFrom::Start(start))
            .await
            .map_err(crate::ProvinceError::disk(&path))?;
        Body::from_stream(ReaderStream::with_capacity(file.take(length), PIECE))
    };
    let mut response = (status, describe(&blob), body).into_response();
    let reply = response.headers_mut();
    reply.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {start}-{}/{size}", start + length - 1);
        if let Ok(value) = HeaderValue::from_str(&range) {
            reply.insert(header::CONTENT_RANGE, value);
        }
    }
    Ok(response)
}

fn read_part(path: &std::path::Path, (start, length): (u64, u64)) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn describe(blob: &Sha256) -> HeaderMap {
    let mut map = HeaderMap::new();
    let fixed = [
        (header::ACCEPT_RANGES, "bytes"),
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "private, immutable, no-transform"),
    ];
    for (name, value) in fixed {
        map.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{blob}\"")) {
        map.insert(header::ETAG, etag);
    }
    if let Ok(digest) = HeaderValue::from_str(&format_digest(blob)) {
        map.insert(headers::REPR_DIGEST, digest);
    }
    map
}

fn text(map: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    map.get(name).and_then(|value| value.to_str().ok())
}

/// What a Range header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// Not a single byte range: the header is passed over.
    Whole,
    /// These bytes; never empty.
    Part { start: u64, length: u64 },
    /// A range that holds none of the bytes.
    Nothing,
}

fn parse(range: &str, size: u64) -> Wanted {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .filter(|rest| !rest.contains(','))
        .and_then(|rest| rest.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let bounds = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(start), Ok(end)) if start <= end => (start, end.min(size.saturating_sub(1))),
        (Ok(start), Err(_)) if last.is_empty() => (start, size.saturating_sub(1)),
        (Err(_), Ok(tail)) if first.is_empty() => {
            if tail == 0 {
                return Wanted::Nothing;
            }
            (size.saturating_sub(tail), size.saturating_sub(1))
        }
        _ => return Wanted::Whole,
    };
    if bounds.0 >= size {
        return Wanted::Nothing;
    }
    Wanted::Part {
        start: bounds.0,
        length: bounds.1 - bounds.0 + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_writes_them() {
        let part = |start, length| Wanted::Part { start, length };
        assert_eq!(parse("bytes=0-0", 10), part(0, 1));
        assert_eq!(parse("bytes=4-", 10), part(4, 6));
        assert_eq!(parse("bytes=4-99", 10), part(4, 6));
        assert_eq!(parse("bytes=-3", 10), part(7, 3));
        assert_eq!(parse("bytes=-30", 10), part(0, 10));
        assert_eq!(parse("bytes=10-", 10), Wanted::Nothing);
        assert_eq!(parse("bytes=-0", 10), Wanted::Nothing);
        for whole in [
            "bytes=1-2,4-5",
            "items=0-1",
            "bytes=x-y",
            "bytes=5-2",
            "bytes=",
        ] {
            assert_eq!(parse(whole, 10), Wanted::Whole, "{whole}");
        }
    }
}
