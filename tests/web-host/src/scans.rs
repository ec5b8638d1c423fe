//! Files that a browser drops or chooses: to disk first, then the way of a file that the real window
//! was given.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Json,
    body::Body,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use congvan_core::{Desk, StackOrigin};
use congvan_ipc::{
    ErrorCode, IpcError,
    dto::{DraftFileDto, Empty},
};
use futures_util::StreamExt as _;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;

use crate::refusal;

/// `?name=`
#[derive(Deserialize)]
pub(crate) struct Dropped {
    pub(crate) name: String,
}

/// `POST /intake?name=...` with the bytes of one file.
pub(crate) async fn intake(
    State(desk): State<Arc<Desk>>,
    Query(dropped): Query<Dropped>,
    body: Body,
) -> Response {
    match take_in(&desk, &dropped.name, body).await {
        Ok(()) => Json(Empty {}).into_response(),
        Err(error) => refusal(&error),
    }
}

/// `POST /draft-file?name=...` with the bytes of a PDF that is to be a draft; answers how it is kept.
pub(crate) async fn draft_file(
    State(desk): State<Arc<Desk>>,
    Query(dropped): Query<Dropped>,
    body: Body,
) -> Response {
    match keep(&desk, &dropped.name, body).await {
        Ok(file) => Json(file).into_response(),
        Err(error) => refusal(&error),
    }
}

async fn take_in(desk: &Arc<Desk>, name: &str, body: Body) -> Result<(), IpcError> {
    let (_folder, path) = on_disk(name, body).await?;
    desk.intake_add(vec![path], StackOrigin::Dropped).await?;
    Ok(())
}

async fn keep(desk: &Arc<Desk>, name: &str, body: Body) -> Result<DraftFileDto, IpcError> {
    let (_folder, path) = on_disk(name, body).await?;
    Ok(desk.keep_draft_file(path).await?.into())
}

/// The bytes under that name in a folder of their own, which goes with the first of the pair.
pub(crate) async fn on_disk(name: &str, body: Body) -> Result<(TempDir, PathBuf), IpcError> {
    let failed = |_| IpcError::new(ErrorCode::Internal);
    let folder = tempfile::tempdir().map_err(failed)?;
    let name = Path::new(name).file_name();
    let path = folder
        .path()
        .join(name.ok_or_else(|| IpcError::new(ErrorCode::InvalidRequest))?);
    let mut file = tokio::fs::File::create(&path).await.map_err(failed)?;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| IpcError::new(ErrorCode::InvalidRequest))?;
        file.write_all(&piece).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    Ok((folder, path))
}
