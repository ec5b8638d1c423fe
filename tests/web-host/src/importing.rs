//! A previous system's table and files through a browser, which knows no paths: the bytes come one file
//! after the other and stay on a disk as long as this program runs.

use std::{
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json,
    body::Body,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use congvan_core::Desk;
use congvan_ipc::{ErrorCode, IpcError, dto::Empty};
use tempfile::TempDir;

use crate::{
    refusal,
    scans::{Dropped, on_disk},
};

/// What was chosen, the last behind the others.
static CHOSEN: Mutex<Vec<TempDir>> = Mutex::new(Vec::new());

/// `POST /import/table?name=...` with the bytes of a table.
pub(crate) async fn table(
    State(desk): State<Arc<Desk>>,
    Query(dropped): Query<Dropped>,
    body: Body,
) -> Response {
    let opened = async {
        congvan_ipc::admit(&desk, "import_choose_table")?;
        let (folder, path) = on_disk(&dropped.name, body).await?;
        keep(folder);
        desk.import_open(path).await.map_err(IpcError::from)
    };
    answer(opened.await)
}

/// `POST /import/folder`: a new folder, to be filled.
pub(crate) async fn begin() -> Response {
    let made = tempfile::tempdir().map_err(|_| IpcError::new(ErrorCode::Internal));
    answer(made.map(keep))
}

/// `POST /import/file?name=a/b.pdf` with the bytes of a file of the folder that was begun last.
pub(crate) async fn file(Query(dropped): Query<Dropped>, body: Body) -> Response {
    answer(add(&dropped.name, body).await)
}

/// `POST /import/chosen`: the folder has all its files.
pub(crate) async fn chosen(State(desk): State<Arc<Desk>>) -> Response {
    let told = async {
        congvan_ipc::admit(&desk, "import_choose_folder")?;
        desk.import_folder(last()?).await.map_err(IpcError::from)
    };
    answer(told.await)
}

async fn add(name: &str, body: Body) -> Result<(), IpcError> {
    let failed = |_| IpcError::new(ErrorCode::Internal);
    let inside = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !inside {
        return Err(IpcError::new(ErrorCode::InvalidRequest));
    }
    let (_folder, from) = on_disk(name, body).await?;
    let to = last()?.join(name);
    if let Some(above) = to.parent() {
        tokio::fs::create_dir_all(above).await.map_err(failed)?;
    }
    tokio::fs::copy(from, to).await.map_err(failed)?;
    Ok(())
}

fn keep(folder: TempDir) {
    let mut all = CHOSEN.lock().unwrap_or_else(PoisonError::into_inner);
    all.push(folder);
}

fn last() -> Result<PathBuf, IpcError> {
    let all = CHOSEN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = all.last().map(|folder| folder.path().to_owned());
    folder.ok_or_else(|| IpcError::new(ErrorCode::InvalidRequest))
}

fn answer(done: Result<(), IpcError>) -> Response {
    match done {
        Ok(()) => Json(Empty {}).into_response(),
        Err(error) => refusal(&error),
    }
}
