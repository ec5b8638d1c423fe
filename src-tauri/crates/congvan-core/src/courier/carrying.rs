//! Carrying a bundle, whoever's it is: up as any file, its answer down beside it. Nothing of either can
//! be read here.

use std::{
    fs::{self, File},
    io::{BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use aws_lc_rs::digest::{Context, SHA256};
use congvan_model::Sha256;
use congvan_protocol::{CarryAnswer, ProblemCode};
use congvan_remote::{RemoteClient, RemoteError, UploadJob, UploadProgress, UploadStop};
use congvan_store::{CourierRefusal, CourierWatch, StoreError, bundle_head};

use super::{BundleCarried, refusal};
use crate::{
    Desk, DeskError, Result,
    desk::remote_fault,
    outside::{self, Work},
};

impl Desk {
    /// Carries a bundle to the server under this person's login and puts the answer beside it.
    ///
    /// # Errors
    /// `NotLoggedIn`, `Unreachable` and what else keeps from the server: carried again, the upload goes
    /// on. [`StoreError::Courier`] when it is no bundle for this server, damaged, too old, of a desk that
    /// is not known, for the stick, or when it was given up.
    pub async fn courier_carry(&self, path: PathBuf) -> Result<BundleCarried> {
        let session = self.session().await?;
        let under_way = self.begin_outside()?;
        let work = under_way.work.clone();
        let bundle = path.clone();
        let (office, sha256, size) = tokio::task::spawn_blocking(move || look(&bundle)).await??;
        let remote = session.remote.hurried(true);
        send(&remote, (&path, sha256), &work).await?;
        let answered = tokio::select! {
            () = work.cancel.cancelled() => Err(RemoteError::Cancelled),
            answered = remote.carry_bundle(sha256) => answered,
        };
        let answer = answered.map_err(|error| fault(&error))?;
        let answer_path = beside(&path);
        fetch(&remote, (&answer_path, answer), &work).await?;
        tracing::info!(size, "a courier bundle was carried");
        Ok(BundleCarried {
            office,
            size,
            answer: outside::name(&answer_path),
            answer_size: answer.size,
        })
    }
}

/// Whose it is, and its name at the server. Blocks.
fn look(path: &Path) -> std::result::Result<(String, Sha256, u64), StoreError> {
    let open = || File::open(path).map_err(|error| outside::refused(&error));
    let head = bundle_head(BufReader::new(open()?))?;
    let mut hash = Context::new(&SHA256);
    let mut file = open()?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = file
            .read(&mut buffer)
            .map_err(|error| outside::refused(&error))?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        hash.update(bytes);
    }
    Ok((head.office, finished(hash), outside::length(path)?))
}

async fn send(remote: &RemoteClient, (path, sha256): (&Path, Sha256), work: &Work) -> Result<()> {
    let source = Arc::new(outside::OnStick::new(path.to_owned())?);
    let job = UploadJob {
        source,
        sha256,
        base: None,
        resume: None,
    };
    let told = told(work.watch.clone());
    let sent = remote.upload(&job, told, UploadStop::from(&work.cancel));
    sent.await.map_err(|error| match error {
        RemoteError::Source => refusal(CourierRefusal::Stick),
        other => fault(&other),
    })
}

fn told(watch: CourierWatch) -> impl Fn(UploadProgress) + Send {
    move |step| {
        watch.begin(step.total);
        watch.moved(step.sent);
    }
}

async fn fetch(
    remote: &RemoteClient,
    (path, answer): (&Path, CarryAnswer),
    work: &Work,
) -> Result<()> {
    let part = outside::beside(path);
    let fetched = fetch_part(remote, (&part, answer), work).await;
    let done =
        fetched.and_then(|()| Ok(fs::rename(&part, path).map_err(|e| outside::refused(&e))?));
    if done.is_err() {
        // What cannot be removed opens nowhere.
        let _ = fs::remove_file(&part);
    }
    done
}

async fn fetch_part(
    remote: &RemoteClient,
    (part, answer): (&Path, CarryAnswer),
    work: &Work,
) -> Result<()> {
    let disk = |error: std::io::Error| DeskError::Store(outside::refused(&error));
    let mut file = outside::create(part)?;
    let mut hash = Context::new(&SHA256);
    let started = remote.download(answer.answer, 0).await;
    let mut coming = started.map_err(|error| fault(&error))?;
    work.watch.begin(coming.total);
    loop {
        let piece = tokio::select! {
            () = work.cancel.cancelled() => Err(RemoteError::Cancelled),
            piece = coming.next() => piece,
        };
        let Some(bytes) = piece.map_err(|error| fault(&error))? else {
            break;
        };
        hash.update(&bytes);
        work.watch.moved(bytes.len() as u64);
        file = tokio::task::spawn_blocking(move || file.write_all(&bytes).map(|()| file))
            .await?
            .map_err(disk)?;
    }
    if finished(hash) != answer.answer {
        return Err(DeskError::ServerBusy);
    }
    tokio::task::spawn_blocking(move || {
        file.flush()?;
        file.get_ref().sync_all()
    })
    .await?
    .map_err(disk)
}

fn finished(hash: Context) -> Sha256 {
    let mut name = [0; 32];
    name.copy_from_slice(hash.finish().as_ref());
    Sha256(name)
}

/// Beside the bundle, under its name.
fn beside(bundle: &Path) -> PathBuf {
    let stem = bundle.file_stem().unwrap_or_default().to_string_lossy();
    bundle.with_file_name(format!("{stem}-tra-loi.cvct"))
}

/// What the server says of a bundle.
fn fault(error: &RemoteError) -> DeskError {
    let RemoteError::Refused { code, .. } = error else {
        return match error {
            RemoteError::Cancelled => refusal(CourierRefusal::Cancelled),
            other => remote_fault(other),
        };
    };
    refusal(match code {
        ProblemCode::BundleDamaged => CourierRefusal::Damaged,
        ProblemCode::BundleForeign => CourierRefusal::OtherProvince,
        ProblemCode::BundleVersion => CourierRefusal::Newer,
        ProblemCode::BundleUnknownDesk => CourierRefusal::UnknownDesk,
        ProblemCode::BundleTooOld => CourierRefusal::TooOld,
        _ => return remote_fault(error),
    })
}
