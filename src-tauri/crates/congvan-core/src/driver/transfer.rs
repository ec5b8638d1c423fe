//! Files on their way up and down. Whatever ends a transfer, what is durable is kept.

use std::sync::Arc;

use bytes::Bytes;
use congvan_model::{ByteSource, Sha256};
use congvan_remote::{Download, RemoteError, UploadJob, UploadProgress, UploadStop};
use congvan_store::{BlobWriter, StoreError, UploadState};
use congvan_sync::{Answer, Failure};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    Changed, Shared,
    effects::{failure, on_store},
};
use crate::{ChangeTag, Transfer};

/// Pieces between the network and the disk; about a megabyte.
const IN_FLIGHT: usize = 64;
/// The line on the screen moves at most this often, in bytes.
const TELL_EVERY: u64 = 512 * 1024;

pub(super) async fn upload(
    shared: Arc<Shared>,
    sha256: Sha256,
    told: impl Fn(u64, u64) + Send + 'static,
    stop: UploadStop,
) -> (Answer, Changed) {
    let ended = send_up(&shared, sha256, told, stop).await;
    shared.stopped(sha256);
    if let Err(fault) = &ended {
        tracing::info!(?fault, %sha256, "an upload stopped");
    }
    let changed = match ended {
        Ok(()) => Changed::Acts,
        Err(_) => Changed::Nothing,
    };
    (Answer::Upload(ended), changed)
}

async fn send_up(
    shared: &Arc<Shared>,
    sha256: Sha256,
    told: impl Fn(u64, u64) + Send + 'static,
    stop: UploadStop,
) -> Result<(), Failure> {
    let (source, need) = on_store(shared, move |store| {
        let need = store
            .outbox_items()?
            .into_iter()
            .filter_map(|item| item.upload)
            .find(|need| need.sha256 == sha256);
        Ok((store.blob_open(sha256)?, need))
    })
    .await?;
    let total = source.len();
    let (base, url) = need.map(|need| (need.base, need.url)).unwrap_or_default();
    let job = UploadJob {
        source: Arc::new(source),
        sha256,
        base: base.map(|(sha256, _)| sha256),
        resume: url.clone(),
    };
    // The address must be durable early, or a restart would begin again; saving it blocks, so it
    // runs beside the upload.
    let (steps, mut saved) = mpsc::unbounded_channel::<UploadProgress>();
    let uploading = async {
        let progress = move |step: UploadProgress| {
            let _ = steps.send(step);
        };
        shared.parts.remote.upload(&job, progress, stop).await
    };
    let saving = async {
        let mut known = url;
        let mut told_at = None;
        while let Some(step) = saved.recv().await {
            let far = told_at.is_none_or(|at: u64| step.sent.abs_diff(at) >= TELL_EVERY);
            if far || step.sent == step.done {
                told_at = Some(step.sent);
                told(step.sent, total);
                shared.moving(moving((sha256, true), step.sent, total));
            }
            if known.as_deref() != Some(step.url.as_str()) {
                known = Some(step.url.clone());
                let state = UploadState {
                    url: Some(step.url),
                    done: false,
                };
                on_store(shared, move |store| store.set_upload(sha256, &state)).await?;
            }
        }
        Ok::<_, Failure>(known)
    };
    let (uploaded, saved) = tokio::join!(uploading, saving);
    uploaded.map_err(|error| failure(&error))?;
    let state = UploadState {
        url: saved?,
        done: true,
    };
    on_store(shared, move |store| store.set_upload(sha256, &state)).await
}

/// Fetches a file; what comes must be as long as the document says, where that is known.
pub(super) async fn download(
    shared: Arc<Shared>,
    (sha256, size): (Sha256, Option<u64>),
    told: impl Fn(u64, u64) + Send + 'static,
    cancel: CancellationToken,
) -> (Answer, Changed) {
    let ended = fetch_down(&shared, (sha256, size), told, &cancel).await;
    shared.stopped(sha256);
    match &ended {
        Ok(()) => shared.parts.events.changed(&[ChangeTag::Documents]),
        Err(fault) => tracing::info!(?fault, %sha256, "a download stopped"),
    }
    let changed = match ended {
        Ok(()) => Changed::File(sha256),
        Err(_) => Changed::Nothing,
    };
    (Answer::Download(ended), changed)
}

enum ToDisk {
    Bytes(Bytes),
    Finish,
}

async fn fetch_down(
    shared: &Arc<Shared>,
    (sha256, size): (Sha256, Option<u64>),
    told: impl Fn(u64, u64) + Send + 'static,
    cancel: &CancellationToken,
) -> Result<(), Failure> {
    let (mut writer, from) = on_store(shared, move |store| {
        let writer = store.blob_resume(sha256)?;
        let from = writer.written();
        Ok((writer, from))
    })
    .await?;
    let started = tokio::select! {
        () = cancel.cancelled() => Err(RemoteError::Cancelled),
        started = start(shared, sha256, from) => started,
    };
    let mut coming = started.map_err(|error| failure(&error))?;
    if size.is_some_and(|size| size != coming.total) {
        tracing::warn!(%sha256, announced = ?size, comes = coming.total, "another length");
        return Err(Failure::Busy {
            retry_after_s: None,
        });
    }
    if coming.from != from {
        // The server begins again; what we have is not extended but written anew beside it.
        writer = on_store(shared, move |store| store.blob_restart(sha256)).await?;
    }
    let (to_disk, pieces) = mpsc::channel(IN_FLIGHT);
    let now = shared.now();
    let writing = tokio::task::spawn_blocking(move || write_down(writer, pieces, sha256, now));
    let line = shared.clone();
    let moved = move |transfer: Transfer| {
        told(transfer.done, transfer.total);
        line.moving(transfer);
    };
    let received = receive(sha256, &mut coming, &to_disk, moved, cancel).await;
    if received.is_ok() {
        let _ = to_disk.send(ToDisk::Finish).await;
    }
    drop(to_disk);
    let written = writing.await.map_err(|_| Failure::Local)?;
    received?;
    written.map_err(|error| {
        tracing::warn!(%error, %sha256, "a download was not kept");
        match error {
            // Quarantined; the next attempt starts over.
            StoreError::BlobMismatch { .. } => Failure::Busy {
                retry_after_s: None,
            },
            _ => Failure::Local,
        }
    })
}

/// Asks for the rest; where we have it all already (416), for the whole.
async fn start(shared: &Shared, sha256: Sha256, from: u64) -> Result<Download, RemoteError> {
    match shared.parts.remote.download(sha256, from).await {
        Err(RemoteError::Refused { status: 416, .. }) if from > 0 => {
            shared.parts.remote.download(sha256, 0).await
        }
        other => other,
    }
}

async fn receive(
    sha256: Sha256,
    coming: &mut Download,
    to_disk: &mpsc::Sender<ToDisk>,
    told: impl Fn(Transfer) + Send,
    cancel: &CancellationToken,
) -> Result<(), Failure> {
    let (mut done, total) = (coming.from, coming.total);
    let mut told_at = 0;
    loop {
        let piece = tokio::select! {
            () = cancel.cancelled() => return Err(Failure::Cancelled),
            piece = coming.next() => piece.map_err(|error| failure(&error))?,
        };
        let Some(bytes) = piece else { return Ok(()) };
        done += bytes.len() as u64;
        if to_disk.send(ToDisk::Bytes(bytes)).await.is_err() {
            return Err(Failure::Local);
        }
        if done.saturating_sub(told_at) >= TELL_EVERY {
            told_at = done;
            told(moving((sha256, false), done, total));
        }
    }
}

/// The machine adds rate and remaining time.
fn moving((sha256, upload): (Sha256, bool), done: u64, total: u64) -> Transfer {
    Transfer {
        sha256,
        upload,
        done,
        total,
        rate: None,
        remaining_s: None,
        document: None,
    }
}

/// Takes pieces to the disk until told to finish; without that word, keeps what it has.
fn write_down(
    mut writer: BlobWriter,
    mut pieces: mpsc::Receiver<ToDisk>,
    sha256: Sha256,
    now: congvan_model::Timestamp,
) -> Result<(), StoreError> {
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            ToDisk::Bytes(bytes) => writer.write(&bytes)?,
            ToDisk::Finish => return writer.finish(Some(sha256), now).map(drop),
        }
    }
    writer.pause()
}
