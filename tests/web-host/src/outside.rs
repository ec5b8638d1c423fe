//! Courier bundles and packages of dossiers through a browser, which knows no paths: the bytes of a file
//! come and go, and between they are on a disk as on a stick.

use std::{path::Path, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::{self, Query, State},
    response::{IntoResponse as _, Response},
};
use congvan_core::Desk;
use congvan_ipc::{
    ErrorCode, IpcError,
    dto::{CourierCarried, CourierReceived, CourierWritten, DossierPacked},
};
use serde::Serialize;

use crate::{
    refusal,
    scans::{Dropped, on_disk},
};

/// Says beside the bytes of a file what was done.
const SAID: &str = "x-said";

/// `POST /courier/write`: the bytes of a bundle.
pub(crate) async fn write(State(desk): State<Arc<Desk>>) -> Response {
    let written = async {
        congvan_ipc::admit(&desk, "courier_write")?;
        let folder = tempfile::tempdir().map_err(|_| IpcError::new(ErrorCode::Internal))?;
        let path = folder.path().join(desk.courier_name());
        let written = CourierWritten::from(desk.courier_write(path.clone()).await?);
        file(&written, &path).await
    };
    answer(written.await)
}

/// `POST /dossier-package/{id}`: the bytes of the package.
pub(crate) async fn package(
    State(desk): State<Arc<Desk>>,
    extract::Path(id): extract::Path<String>,
) -> Response {
    let written = async {
        congvan_ipc::admit(&desk, "dossier_package")?;
        let id = congvan_ipc::dossier_id(&id)?;
        let folder = tempfile::tempdir().map_err(|_| IpcError::new(ErrorCode::Internal))?;
        let path = folder.path().join(desk.dossier_package_name(id).await?);
        let packed = DossierPacked::from(desk.dossier_package(id, path.clone()).await?);
        file(&packed, &path).await
    };
    answer(written.await)
}

/// `POST /courier/carry?name=...` with the bytes of a bundle: those of its answer.
pub(crate) async fn carry(
    State(desk): State<Arc<Desk>>,
    Query(dropped): Query<Dropped>,
    body: Body,
) -> Response {
    let carried = async {
        congvan_ipc::admit(&desk, "courier_carry")?;
        let (folder, path) = on_disk(&dropped.name, body).await?;
        let carried = CourierCarried::from(desk.courier_carry(path).await?);
        file(&carried, &folder.path().join(&carried.answer)).await
    };
    answer(carried.await)
}

/// `POST /courier/receive?name=...` with the bytes of an answer.
pub(crate) async fn receive(
    State(desk): State<Arc<Desk>>,
    Query(dropped): Query<Dropped>,
    body: Body,
) -> Response {
    let received = async {
        congvan_ipc::admit(&desk, "courier_receive")?;
        let (_folder, path) = on_disk(&dropped.name, body).await?;
        let received = CourierReceived::from(desk.courier_receive(path).await?);
        Ok(Json(received).into_response())
    };
    answer(received.await)
}

fn answer(done: Result<Response, IpcError>) -> Response {
    done.unwrap_or_else(|error| refusal(&error))
}

async fn file(said: &impl Serialize, path: &Path) -> Result<Response, IpcError> {
    let failed = || IpcError::new(ErrorCode::Internal);
    let bytes = tokio::fs::read(path).await.map_err(|_| failed())?;
    let said = serde_json::to_string(said).map_err(|_| failed())?;
    Ok(([(SAID, ascii(&said))], bytes).into_response())
}

/// The same JSON in letters that a header holds.
fn ascii(json: &str) -> String {
    json.encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect()
}
