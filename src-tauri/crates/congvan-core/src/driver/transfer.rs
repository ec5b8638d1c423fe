//! Files on their way up and down. Whatever ends a transfer, what is durable is kept.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use congvan_model::{ByteSource, Sha256, Timestamp};
use congvan_remote::{Download, RemoteError, UploadJob, UploadProgress, UploadStop};
use congvan_store::{BlobWriter, Store, StoreError, UploadState};
use congvan_sync::{Answer, Failure};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    Changed, Shared,
    effects::{failure, on_store},
};
use crate::{ChangeTag, Transfer};

/// Bytes are handed to the disk's thread in heaps of this size: waking it for each frame of the
/// network would cost more than enciphering what is in it. A small file is handed over at once.
const HEAP: usize = 256 * 1024;
/// Heaps between the network and the disk; about a megabyte.
const IN_FLIGHT: usize = 4;
/// The line on the screen moves at most this often, in bytes.
const TELL_EVERY: u64 = 512 * 1024;

pub(super) async fn upload(
    shared: Arc<Shared>,
    (sha256, urgent): (Sha256, bool),
    told: impl Fn(u64, u64) + Send + 'static,
    stop: UploadStop,
) -> (Answer, Changed) {
    let ended = send_up(&shared, (sha256, urgent), told, stop).await;
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
    (sha256, urgent): (Sha256, bool),
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
        let remote = shared.parts.remote.hurried(urgent);
        remote.upload(&job, progress, stop).await
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

/// A file to be fetched.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) sha256: Sha256,
    /// How long the document says it is, where that is known; what comes must be as long.
    pub(super) size: Option<u64>,
    /// Somebody waits for it.
    pub(super) urgent: bool,
}

/// Fetches a file.
pub(super) async fn download(
    shared: Arc<Shared>,
    wanted: Wanted,
    told: impl Fn(u64, u64) + Send + 'static,
    cancel: CancellationToken,
) -> (Answer, Changed) {
    let sha256 = wanted.sha256;
    let ended = fetch_down(&shared, wanted, told, &cancel).await;
    shared.stopped(sha256);
    match &ended {
        Ok(()) => {
            shared.parts.events.changed(&[ChangeTag::Documents]);
            shared.to_be_read();
        }
        Err(fault) => tracing::info!(?fault, %sha256, "a download stopped"),
    }
    let changed = match ended {
        Ok(()) => Changed::File(sha256),
        Err(_) => Changed::Nothing,
    };
    (Answer::Download(ended), changed)
}

async fn fetch_down(
    shared: &Arc<Shared>,
    wanted: Wanted,
    told: impl Fn(u64, u64) + Send + 'static,
    cancel: &CancellationToken,
) -> Result<(), Failure> {
    let sha256 = wanted.sha256;
    // Most files have no beginning here: those are begun by the thread that writes them.
    let (mut writer, mut from) = (None, 0);
    if shared.parts.store.blob_has_part(&sha256) {
        let part = on_store(shared, move |store| store.blob_resume(sha256)).await?;
        from = part.written();
        writer = Some(part);
    }
    let started = tokio::select! {
        () = cancel.cancelled() => Err(RemoteError::Cancelled),
        started = start(shared, wanted, from) => started,
    };
    let mut coming = started.map_err(|error| failure(&error))?;
    if wanted.size.is_some_and(|size| size != coming.total) {
        tracing::warn!(%sha256, announced = ?wanted.size, comes = coming.total, "another length");
        return Err(Failure::Busy {
            retry_after_s: None,
        });
    }
    if coming.from != from {
        // The server begins again; what we have is not extended but written anew beside it.
        writer = Some(on_store(shared, move |store| store.blob_restart(sha256)).await?);
    }
    let mut disk = Disk::new(shared, sha256, writer);
    let line = shared.clone();
    let moved = move |transfer: Transfer| {
        told(transfer.done, transfer.total);
        line.moving(transfer);
    };
    let received = receive(&mut coming, &mut disk, moved, cancel).await;
    disk.close(received).await
}

/// Asks for the rest; where we have it all already (416), for the whole.
async fn start(shared: &Shared, wanted: Wanted, from: u64) -> Result<Download, RemoteError> {
    let remote = shared.parts.remote.hurried(wanted.urgent);
    match remote.download(wanted.sha256, from).await {
        Err(RemoteError::Refused { status: 416, .. }) if from > 0 => {
            remote.download(wanted.sha256, 0).await
        }
        other => other,
    }
}

async fn receive(
    coming: &mut Download,
    disk: &mut Disk,
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
        disk.take(bytes).await?;
        if done.saturating_sub(told_at) >= TELL_EVERY {
            told_at = done;
            told(moving((disk.sha256, false), done, total));
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

enum ToDisk {
    Bytes(BytesMut),
    Finish,
}

/// The way of a file to the disk: a thread that may block, begun with the first heap.
struct Disk {
    sha256: Sha256,
    heap: BytesMut,
    heaps: mpsc::Sender<ToDisk>,
    /// What the thread will work with, until there is something to write.
    idle: Option<Idle>,
    writing: Option<JoinHandle<Result<(), StoreError>>>,
}

struct Idle {
    store: Store,
    /// Where an earlier try has left off, or the server begins again.
    writer: Option<BlobWriter>,
    heaps: mpsc::Receiver<ToDisk>,
    now: Timestamp,
}

impl Disk {
    fn new(shared: &Shared, sha256: Sha256, writer: Option<BlobWriter>) -> Self {
        let (heaps, to_come) = mpsc::channel(IN_FLIGHT);
        Self {
            sha256,
            heap: BytesMut::new(),
            heaps,
            idle: Some(Idle {
                store: shared.parts.store.clone(),
                writer,
                heaps: to_come,
                now: shared.now(),
            }),
            writing: None,
        }
    }

    async fn take(&mut self, bytes: Bytes) -> Result<(), Failure> {
        self.heap.extend_from_slice(&bytes);
        if self.heap.len() >= HEAP {
            self.hand_over().await?;
            self.begin();
        }
        Ok(())
    }

    async fn hand_over(&mut self) -> Result<(), Failure> {
        let heap = std::mem::take(&mut self.heap);
        let sent = self.heaps.send(ToDisk::Bytes(heap)).await;
        sent.map_err(|_| Failure::Local)
    }

    fn begin(&mut self) {
        let sha256 = self.sha256;
        if let Some(idle) = self.idle.take() {
            self.writing = Some(tokio::task::spawn_blocking(move || {
                write_down(idle, sha256)
            }));
        }
    }

    /// The last bytes; whatever ended it, what has come is kept. Ends when it is on the disk.
    async fn close(mut self, received: Result<(), Failure>) -> Result<(), Failure> {
        // When the thread has died, its own word below says why.
        if !self.heap.is_empty() {
            let _ = self.hand_over().await;
            self.begin();
        }
        if received.is_ok() {
            let _ = self.heaps.send(ToDisk::Finish).await;
            self.begin();
        }
        let sha256 = self.sha256;
        let Self { heaps, writing, .. } = self;
        drop(heaps);
        let written = match writing {
            Some(writing) => writing.await.map_err(|_| Failure::Local)?,
            None => Ok(()),
        };
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
}

/// Takes heaps to the disk until told to finish; without that word, keeps what it has.
fn write_down(idle: Idle, sha256: Sha256) -> Result<(), StoreError> {
    let Idle {
        store,
        writer,
        mut heaps,
        now,
    } = idle;
    let mut writer = match writer {
        Some(writer) => writer,
        None => store.blob_resume(sha256)?,
    };
    while let Some(heap) = heaps.blocking_recv() {
        match heap {
            ToDisk::Bytes(bytes) => writer.write(&bytes)?,
            ToDisk::Finish => return writer.finish(Some(sha256), now).map(drop),
        }
    }
    writer.pause()
}
