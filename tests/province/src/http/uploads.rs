use std::sync::Arc;

use aws_lc_rs::digest;
use axum::{
    body::{Body, BodyDataStream},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use congvan_model::{AccountId, Sha256};
use congvan_protocol::{
    INTEROP_VERSION, PARTIAL_UPLOAD, Problem, ProblemCode, headers, parse_digest,
};
use futures_util::StreamExt as _;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use super::{Caller, Refusal, Shared, blocking};
use crate::{
    ProvinceError, keys,
    mutant::Mutant,
    uploads::{self as store, NewUpload, Turn, Upload, UploadState},
};

/// Bytes that have arrived are read from the line within this time; what comes later has not.
const ARRIVED: std::time::Duration = std::time::Duration::from_millis(200);
/// Most bytes of a refused body that are read so that the refusal can be received.
const DRAIN: usize = 4 << 20;

/// Starts an upload; a body, if any, is its beginning.
#[utoipa::path(
    post, path = "/v1/uploads", tag = "uploads", security(("bearer" = [])),
    params(
        ("upload-draft-interop-version" = String, Header, description = "8"),
        ("upload-complete" = String, Header, description = "?1 when the body is all, else ?0"),
        ("upload-length" = u64, Header, description = "Bytes of the whole"),
        ("repr-digest" = String, Header, description = "sha-256 of the whole (RFC 9530)"),
        ("base-digest" = Option<String>, Header,
         description = "sha-256 of a blob whose bytes start the whole; the server puts them in"),
    ),
    responses(
        (status = 201, description = "Location, Upload-Offset, Upload-Complete, Upload-Limit"),
        (status = 400, description = "INVALID_REQUEST or DIGEST_MISMATCH", body = Problem),
        (status = 413, description = "TOO_LARGE", body = Problem),
    )
)]
pub(crate) async fn create(
    State(office): State<Shared>,
    caller: Caller,
    request: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let wanted = NewUpload {
        account: caller.account,
        sha256: digest_of(&request, headers::REPR_DIGEST)?.ok_or_else(invalid)?,
        length: number(&request, headers::UPLOAD_LENGTH)?.ok_or_else(invalid)?,
        base: digest_of(&request, headers::BASE_DIGEST)?,
    };
    let complete = flag(&request)?.ok_or_else(invalid)?;
    if text(&request, headers::INTEROP) != Some(INTEROP_VERSION) || wanted.length == 0 {
        return Err(invalid());
    }
    if wanted.length > office.config.max_file {
        return Err(Refusal::new(ProblemCode::TooLarge));
    }
    let mut upload = blocking(&office, move |office| store::create(office, &wanted)).await?;
    let location = format!("/v1/uploads/{}", upload.id);
    if upload.durable == 0 {
        let turn = office.slots.take(&upload.id).await;
        let append = Append {
            office: Arc::clone(&office),
            account: caller.account,
            turn,
            digest: None,
        };
        upload = append
            .start(upload, 0, complete, body.into_data_stream())
            .await?;
    }
    let mut response = (StatusCode::CREATED, describe(&upload)).into_response();
    let reply = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&location) {
        reply.insert(header::LOCATION, value);
    }
    tell_limits(&office, reply);
    Ok(response)
}

/// Where the upload stands. Ends a request that is still writing to it.
#[utoipa::path(
    head, path = "/v1/uploads/{id}", tag = "uploads", security(("bearer" = [])),
    params(("id" = String, Path, description = "From Location")),
    responses(
        (status = 204, description = "Upload-Offset (durable), Upload-Length, Upload-Complete, \
         Upload-Limit"),
        (status = 404, description = "NOT_FOUND", body = Problem),
        (status = 410, description = "UPLOAD_GONE", body = Problem),
    )
)]
pub(crate) async fn state(
    State(office): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (upload, _turn) = open(&office, caller.account, &id).await?;
    let mut response = (StatusCode::NO_CONTENT, describe(&upload)).into_response();
    let reply = response.headers_mut();
    reply.insert(headers::UPLOAD_LENGTH, HeaderValue::from(upload.length));
    // Whoever resumes after a restart has forgotten what the creation said.
    tell_limits(&office, reply);
    Ok(response)
}

/// Appends at an offset. A newer request for the same upload ends this one at a durable offset.
#[utoipa::path(
    patch, path = "/v1/uploads/{id}", tag = "uploads", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "From Location"),
        ("upload-offset" = u64, Header, description = "Where the body starts"),
        ("upload-complete" = String, Header, description = "?1 when this is the rest"),
        ("content-digest" = Option<String>, Header, description = "sha-256 of the body"),
    ),
    request_body(content_type = "application/partial-upload", content = String),
    responses(
        (status = 204, description = "Upload-Offset, Upload-Complete"),
        (status = 400, description = "INVALID_REQUEST, or DIGEST_MISMATCH of body or whole",
         body = Problem),
        (status = 409, description = "OFFSET_MISMATCH; Upload-Offset says where it stands",
         body = Problem),
        (status = 410, description = "UPLOAD_GONE", body = Problem),
        (status = 413, description = "TOO_LARGE", body = Problem),
    )
)]
pub(crate) async fn append(
    State(office): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    request: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let mut body = body.into_data_stream();
    let offset = number(&request, headers::UPLOAD_OFFSET)?.ok_or_else(invalid)?;
    let complete = flag(&request)?.ok_or_else(invalid)?;
    if text(&request, header::CONTENT_TYPE.as_str()) != Some(PARTIAL_UPLOAD) {
        return Err(invalid());
    }
    let digest = digest_of(&request, headers::CONTENT_DIGEST)?;
    let announced = number(&request, header::CONTENT_LENGTH.as_str())?;
    if announced.is_some_and(|length| length > office.config.max_append) {
        return Err(Refusal::new(ProblemCode::TooLarge));
    }
    let (upload, turn) = open(&office, caller.account, &id).await?;
    let over = upload.state == UploadState::Complete && announced != Some(0);
    let lax = office.config.mutant == Some(Mutant::IgnoresOffset);
    if (offset != upload.durable && !lax) || over {
        drain(&mut body).await;
        return Err(mismatch(&upload));
    }
    if upload.state == UploadState::Complete {
        return Ok((StatusCode::NO_CONTENT, describe(&upload)).into_response());
    }
    let append = Append {
        office: Arc::clone(&office),
        account: caller.account,
        turn,
        digest,
    };
    let offset = offset.min(upload.durable);
    let upload = append.start(upload, offset, complete, body).await?;
    Ok((StatusCode::NO_CONTENT, describe(&upload)).into_response())
}

/// Gives an upload up.
#[utoipa::path(
    delete, path = "/v1/uploads/{id}", tag = "uploads", security(("bearer" = [])),
    params(("id" = String, Path, description = "From Location")),
    responses(
        (status = 204, description = "Gone"),
        (status = 404, description = "NOT_FOUND", body = Problem),
    )
)]
pub(crate) async fn cancel(
    State(office): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let (upload, _turn) = open(&office, caller.account, &id).await?;
    blocking(&office, move |office| store::discard(office, &upload.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The upload of that account, with the right to work on it.
async fn open(office: &Shared, account: AccountId, id: &str) -> Result<(Upload, Turn), Refusal> {
    let find = |id: String| {
        blocking(office, move |office| {
            office.db.read(|tx| store::find(tx, account, &id))
        })
    };
    // Ids of strangers must not fill the table of turns.
    find(id.to_owned())
        .await?
        .ok_or_else(|| Refusal::new(ProblemCode::NotFound))?;
    let turn = office.slots.take(id).await;
    let upload = find(id.to_owned())
        .await?
        .ok_or_else(|| Refusal::new(ProblemCode::NotFound))?;
    if upload.state == UploadState::Gone {
        return Err(Refusal::new(ProblemCode::UploadGone));
    }
    Ok((upload, turn))
}

/// One append under way.
struct Append {
    office: Shared,
    account: AccountId,
    turn: Turn,
    digest: Option<Sha256>,
}

/// How a body ended.
enum Ending {
    All,
    /// The connection died, or a newer request took over.
    CutShort,
    /// More bytes than announced.
    TooMany,
}

impl Append {
    /// Runs in a task of its own: when the connection dies, the request's future is dropped with
    /// it, and what has come must still be made durable.
    async fn start(
        self,
        upload: Upload,
        start: u64,
        complete: bool,
        body: BodyDataStream,
    ) -> Result<Upload, Refusal> {
        let tasks = self.office.tasks.clone();
        let task = tasks.spawn(async move { self.run(upload, start, complete, body).await });
        task.await
            .map_err(|_| Refusal::new(ProblemCode::Internal))?
    }

    /// Writes the body and answers with the upload as it then stands.
    async fn run(
        &self,
        mut upload: Upload,
        start: u64,
        complete: bool,
        body: BodyDataStream,
    ) -> Result<Upload, Refusal> {
        let (end, hash, ending) = self.write(&upload, start, body).await?;
        let received = end - start;
        let id = upload.id.clone();
        blocking(&self.office, move |office| {
            office
                .db
                .write(|tx| store::note_received(tx, &id, received))
        })
        .await?;
        let all = matches!(ending, Ending::All);
        let wrong = all && self.digest.is_some_and(|wanted| wanted != hash);
        if wrong || matches!(ending, Ending::TooMany) {
            self.rewind(&upload.id, start).await?;
            return Err(if wrong {
                Refusal::new(ProblemCode::DigestMismatch)
            } else {
                invalid()
            });
        }
        upload.durable = end;
        if !all {
            // Nobody may be listening any more; whoever is learns where the upload stands.
            return Err(mismatch(&upload));
        }
        if !complete {
            return Ok(upload);
        }
        if end < upload.length {
            return Err(invalid().with(headers::UPLOAD_OFFSET, &end.to_string()));
        }
        self.finish(upload).await
    }

    async fn write(
        &self,
        upload: &Upload,
        start: u64,
        mut body: BodyDataStream,
    ) -> Result<(u64, Sha256, Ending), Refusal> {
        let path = self.office.slots.part(&upload.id);
        let disk = || ProvinceError::disk(&path);
        let mut file = tokio::fs::OpenOptions::new()
            .write(true)
            .open(&path)
            .await
            .map_err(disk())?;
        file.seek(std::io::SeekFrom::Start(start))
            .await
            .map_err(disk())?;
        let (mut offset, mut durable) = (start, start);
        let mut hash = digest::Context::new(&digest::SHA256);
        let ending = loop {
            let Some(chunk) = self.next(&mut body).await else {
                break Ending::CutShort;
            };
            let Some(chunk) = chunk else {
                break Ending::All;
            };
            if offset + chunk.len() as u64 > upload.length
                || offset - start + chunk.len() as u64 > self.office.config.max_append
            {
                break Ending::TooMany;
            }
            file.write_all(&chunk).await.map_err(disk())?;
            hash.update(&chunk);
            offset += chunk.len() as u64;
            if offset - durable >= self.office.config.fsync_every {
                file.flush().await.map_err(disk())?;
                file.sync_data().await.map_err(disk())?;
                durable = offset;
                self.note(&upload.id, durable).await?;
            }
        };
        file.flush().await.map_err(disk())?;
        if offset > durable {
            file.sync_data().await.map_err(disk())?;
            self.note(&upload.id, offset).await?;
        }
        Ok((offset, keys::finish(hash.finish()), ending))
    }

    /// The next chunk, `Some(None)` at the end, `None` when there will be no more.
    async fn next(&self, body: &mut BodyDataStream) -> Option<Option<Bytes>> {
        let chunk = tokio::select! {
            biased;
            chunk = body.next() => chunk,
            // What has arrived is kept before the turn is given away: a client that lost its line
            // asks at once where it stands, and would send those bytes again.
            () = self.turn.preempted.cancelled() => {
                tokio::time::timeout(ARRIVED, body.next()).await.ok()?
            }
        };
        match chunk {
            None => Some(None),
            Some(Ok(chunk)) => Some(Some(chunk)),
            Some(Err(_)) => None,
        }
    }

    async fn note(&self, id: &str, durable: u64) -> Result<(), Refusal> {
        let id = id.to_owned();
        blocking(&self.office, move |office| {
            office.db.write(|tx| store::note_durable(tx, &id, durable))
        })
        .await
    }

    async fn rewind(&self, id: &str, start: u64) -> Result<(), Refusal> {
        let id = id.to_owned();
        blocking(&self.office, move |office| {
            office.db.write(|tx| store::note_durable(tx, &id, start))?;
            store::truncate(&office.slots.part(&id), start)
        })
        .await
    }

    async fn finish(&self, mut upload: Upload) -> Result<Upload, Refusal> {
        let (account, ending) = (self.account, upload.clone());
        let sound = blocking(&self.office, move |office| {
            store::complete(office, account, &ending)
        })
        .await?;
        if !sound {
            return Err(Refusal::new(ProblemCode::DigestMismatch));
        }
        upload.state = UploadState::Complete;
        Ok(upload)
    }
}

fn tell_limits(office: &Shared, reply: &mut HeaderMap) {
    let limit = format!(
        "max-size={}, max-append-size={}",
        office.config.max_file, office.config.max_append
    );
    if let Ok(value) = HeaderValue::from_str(&limit) {
        reply.insert(headers::UPLOAD_LIMIT, value);
    }
}

fn describe(upload: &Upload) -> HeaderMap {
    let mut map = HeaderMap::new();
    let complete = if upload.state == UploadState::Complete {
        "?1"
    } else {
        "?0"
    };
    map.insert(headers::INTEROP, HeaderValue::from_static(INTEROP_VERSION));
    map.insert(headers::UPLOAD_COMPLETE, HeaderValue::from_static(complete));
    map.insert(headers::UPLOAD_OFFSET, HeaderValue::from(upload.durable));
    map.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    map
}

fn mismatch(upload: &Upload) -> Refusal {
    let complete = if upload.state == UploadState::Complete {
        "?1"
    } else {
        "?0"
    };
    Refusal::new(ProblemCode::OffsetMismatch)
        .with(headers::UPLOAD_OFFSET, &upload.durable.to_string())
        .with(headers::UPLOAD_COMPLETE, complete)
}

/// Reads some of a body that is not wanted: a client that is still sending would otherwise meet a
/// closed connection before it meets the answer.
async fn drain(body: &mut BodyDataStream) {
    let mut left = DRAIN;
    while let Some(Ok(chunk)) = body.next().await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            break;
        }
    }
}

fn invalid() -> Refusal {
    Refusal::new(ProblemCode::InvalidRequest)
}

fn text<'a>(map: &'a HeaderMap, name: &str) -> Option<&'a str> {
    map.get(name).and_then(|value| value.to_str().ok())
}

fn number(map: &HeaderMap, name: &str) -> Result<Option<u64>, Refusal> {
    text(map, name)
        .map(|value| value.parse().map_err(|_| invalid()))
        .transpose()
}

fn flag(map: &HeaderMap) -> Result<Option<bool>, Refusal> {
    match text(map, headers::UPLOAD_COMPLETE) {
        None => Ok(None),
        Some("?1") => Ok(Some(true)),
        Some("?0") => Ok(Some(false)),
        Some(_) => Err(invalid()),
    }
}

fn digest_of(map: &HeaderMap, name: &str) -> Result<Option<Sha256>, Refusal> {
    text(map, name)
        .map(|value| parse_digest(value).ok_or_else(invalid))
        .transpose()
}
