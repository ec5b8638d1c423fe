//! Files that a browser drops: to disk first, then the way of a file dropped on the real window.

use std::{path::Path, sync::Arc};

use axum::{
    body::Body,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use congvan_core::{Desk, StackOrigin};
use congvan_ipc::{ErrorCode, IpcError, dto::Empty};
use futures_util::StreamExt as _;
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;

use crate::refusal;

/// `?name=`
#[derive(Deserialize)]
pub(crate) struct Dropped {
    name: String,
}

/// `POST /intake?name=...` with the bytes of one file.
pub(crate) async fn intake(
    State(desk): State<Arc<Desk>>,
    Query(dropped): Query<Dropped>,
    body: Body,
) -> Response {
    match take_in(&desk, &dropped.name, body).await {
        Ok(()) => axum::Json(Empty {}).into_response(),
        Err(error) => refusal(&error),
    }
}

async fn take_in(desk: &Arc<Desk>, name: &str, body: Body) -> Result<(), IpcError> {
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
    drop(file);
    desk.intake_add(vec![path], StackOrigin::Dropped).await?;
    Ok(())
}
