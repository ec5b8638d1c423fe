use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use reqwest::{Body, Method};

use super::{Outcome, must};
use crate::{
    desk::{Answer, Desk, digest_header, hash_hex, path_of, pdf},
    suite::{Stop, Suite},
};

/// An upload that has begun: its bytes and its place.
async fn begun(desk: &Desk) -> Result<(Vec<u8>, String), Stop> {
    let mut bytes = pdf();
    bytes.extend((0..100_000_u32).flat_map(|number| number.to_le_bytes()));
    let created = Answer::of(desk.create(&bytes).send().await?).await?;
    created.is(201)?;
    Ok((bytes, path_of(created.header("location"))))
}

fn part(bytes: &[u8], from: usize, to: usize) -> Vec<u8> {
    bytes.get(from..to).unwrap_or_default().to_vec()
}

fn said_offset(answer: &Answer) -> Option<u64> {
    answer.header("upload-offset").parse().ok()
}

pub(super) async fn create(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let created = Answer::of(desk.create(&pdf()).send().await?).await?;
    created.is(201)?;
    must!(!created.header("location").is_empty(), "no Location");
    must!(
        said_offset(&created) == Some(0),
        "offset {}",
        created.header("upload-offset")
    );
    must!(created.header("upload-complete") == "?0", "complete");
    must!(
        !created.header("upload-limit").is_empty(),
        "no Upload-Limit"
    );
    let version = created.header("upload-draft-interop-version");
    must!(version == "8", "interop version {version}");
    Ok("201".to_owned())
}

pub(super) async fn pieces(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (bytes, at) = begun(&desk).await?;
    let half = bytes.len() / 2;
    let sent = desk
        .patch(&at, 0, part(&bytes, 0, half), false)
        .send()
        .await?;
    Answer::of(sent).await?.is(204)?;
    let head = desk.head(&at).await?;
    head.is(204)?;
    must!(
        said_offset(&head) == Some(half as u64),
        "offset {}",
        head.header("upload-offset")
    );
    must!(
        head.header("upload-length") == bytes.len().to_string(),
        "no Upload-Length"
    );
    let rest = part(&bytes, half, bytes.len());
    let sent = Answer::of(desk.patch(&at, half as u64, rest, true).send().await?).await?;
    sent.is(204)?;
    must!(sent.header("upload-complete") == "?1", "not complete");
    let blob = desk.get(&format!("/v1/blobs/{}", hash_hex(&bytes))).await?;
    blob.is(200)?;
    must!(blob.bytes == bytes, "other bytes");
    Ok(format!("{} bytes in two pieces", bytes.len()))
}

async fn wrong_offset(suite: &Suite, at_offset: u64) -> Result<(), Stop> {
    let desk = suite.clerk();
    let (bytes, at) = begun(&desk).await?;
    let first = desk
        .patch(&at, 0, part(&bytes, 0, 1000), false)
        .send()
        .await?;
    Answer::of(first).await?.is(204)?;
    let wrong = desk
        .patch(&at, at_offset, part(&bytes, 0, 500), false)
        .send()
        .await?;
    let wrong = Answer::of(wrong).await?;
    wrong.refused(409, "OFFSET_MISMATCH")?;
    must!(
        said_offset(&wrong) == Some(1000),
        "offset {}",
        wrong.header("upload-offset")
    );
    Ok(())
}

pub(super) async fn offset(suite: &Suite) -> Outcome {
    wrong_offset(suite, 0).await?;
    wrong_offset(suite, 5000).await?;
    Ok("before and after".to_owned())
}

pub(super) async fn damaged_piece(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (bytes, at) = begun(&desk).await?;
    let piece = desk
        .patch(&at, 0, part(&bytes, 0, 1000), false)
        .header("content-digest", digest_header(b"something else"));
    let refused = Answer::of(piece.send().await?).await?;
    refused.refused(400, "DIGEST_MISMATCH")?;
    let head = desk.head(&at).await?;
    must!(
        said_offset(&head) == Some(0),
        "offset {}",
        head.header("upload-offset")
    );
    Ok("400, offset 0".to_owned())
}

pub(super) async fn damaged_whole(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (bytes, at) = begun(&desk).await?;
    let mut other = bytes.clone();
    if let Some(last) = other.last_mut() {
        *last ^= 1;
    }
    let sent = desk.patch(&at, 0, other.clone(), true).send().await?;
    Answer::of(sent).await?.refused(400, "DIGEST_MISMATCH")?;
    for hash in [hash_hex(&bytes), hash_hex(&other)] {
        desk.get(&format!("/v1/blobs/{hash}")).await?.is(404)?;
    }
    Ok("400, and no blob".to_owned())
}

pub(super) async fn preempts(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (bytes, at) = begun(&desk).await?;
    let start = Bytes::from(part(&bytes, 0, 4096));
    let hangs = stream::unfold(Some(start), |left| async {
        match left {
            Some(chunk) => Some((Ok::<_, std::io::Error>(chunk), None)),
            None => std::future::pending().await,
        }
    });
    let hanging = desk
        .piece(&at, 0, false)
        .body(Body::wrap_stream(hangs))
        .send();
    let mut hanging = Box::pin(hanging);
    // Sent, and never finished: it goes on hanging while others ask.
    let waited = tokio::time::timeout(Duration::from_millis(500), &mut hanging).await;
    must!(waited.is_err(), "half a request was answered");
    let ask = tokio::time::timeout(Duration::from_secs(10), desk.head(&at));
    let (asked, ()) = futures_util::join!(ask, async {
        // Whether and how it ends is its own affair.
        tokio::time::timeout(Duration::from_secs(1), &mut hanging)
            .await
            .ok();
    });
    let Ok(head) = asked else {
        return Err(Stop::Fail("no answer for ten seconds".to_owned()));
    };
    let head = head?;
    head.is(204)?;
    let from = said_offset(&head).unwrap_or(u64::MAX);
    must!(from <= 4096, "offset {from}");
    drop(hanging);
    let from_here = usize::try_from(from).unwrap_or(0);
    let rest = part(&bytes, from_here, bytes.len());
    let sent = desk.patch(&at, from, rest, true).send().await?;
    Answer::of(sent).await?.is(204)?;
    Ok(format!("resumed at {from}"))
}

pub(super) async fn base(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (before, _) = begun(&desk).await?;
    desk.upload(&before).await?;
    let mut after = before.clone();
    after.extend_from_slice(b"% a tail");
    let request = desk
        .create(&after)
        .header("base-digest", digest_header(&before));
    let created = Answer::of(request.send().await?).await?;
    created.is(201)?;
    let found = created.header("upload-offset");
    must!(
        found == before.len().to_string(),
        "offset {found} instead of {}",
        before.len()
    );
    let at = path_of(created.header("location"));
    let tail = part(&after, before.len(), after.len());
    let sent = desk
        .patch(&at, before.len() as u64, tail, true)
        .send()
        .await?;
    Answer::of(sent).await?.is(204)?;
    let blob = desk.get(&format!("/v1/blobs/{}", hash_hex(&after))).await?;
    must!(blob.bytes == after, "other bytes");
    Ok(format!("8 bytes instead of {}", after.len()))
}

pub(super) async fn cancel(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let (_, at) = begun(&desk).await?;
    let gone = desk.request(Method::DELETE, &at).send().await?;
    Answer::of(gone).await?.is(204)?;
    let head = desk.head(&at).await?;
    must!(matches!(head.status, 404 | 410), "{} after it", head.status);
    Ok(format!("204, then {}", head.status))
}

pub(super) async fn strangers(suite: &Suite) -> Outcome {
    let (_, at) = begun(&suite.clerk()).await?;
    let other = suite.second()?;
    other.head(&at).await?.is(404)?;
    let sent = other.patch(&at, 0, vec![1], false).send().await?;
    Answer::of(sent).await?.is(404)?;
    Ok("404".to_owned())
}

pub(super) async fn too_large(suite: &Suite) -> Outcome {
    let desk = suite.clerk();
    let session = desk.get("/v1/session").await?.body;
    let most = session["upload"]["max_file"].as_u64().unwrap_or(0);
    let request = desk
        .request(Method::POST, "/v1/uploads")
        .header("upload-draft-interop-version", "8")
        .header("upload-complete", "?0")
        .header("upload-length", most.saturating_add(1))
        .header("repr-digest", digest_header(&pdf()));
    Answer::of(request.send().await?)
        .await?
        .refused(413, "TOO_LARGE")?;
    Ok(format!("{most} bytes at most"))
}
