//! `page://localhost/{sha256}/{page}?w={pixels}`: a rendered page as PNG;
//! `page://localhost/copy/{op}`: a signed file that the server refused;
//! `page://localhost/export/{id}`: a file made to be saved, given once. Bytes never go through JSON.

use std::sync::Arc;

use congvan_core::{Desk, ExportedFile};
use congvan_ipc::{ErrorCode, IpcError};
use tauri::{
    Manager, UriSchemeContext, UriSchemeResponder, Wry,
    http::{Request, Response, StatusCode, header},
};

/// Answers one request from the webview, off the UI thread.
pub(crate) fn serve(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let desk = context.app_handle().state::<Arc<Desk>>().inner().clone();
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    tauri::async_runtime::spawn(async move {
        if let Some(op) = path.strip_prefix("/copy/") {
            let copy = congvan_ipc::refused_copy(&desk, op).await;
            return respond(responder, copy_answer(copy));
        }
        if let Some(id) = path.strip_prefix("/export/") {
            return respond(responder, export_answer(desk.export_take(id)));
        }
        let answer = match congvan_ipc::page_png(&desk, &path, &query).await {
            Ok(png) => Response::builder()
                .header(header::CONTENT_TYPE, "image/png")
                // The name is a hash of the content: it can be kept for ever.
                .header(
                    header::CACHE_CONTROL,
                    "private, max-age=31536000, immutable",
                )
                .body(png),
            Err(error) => refusal(&error),
        };
        respond(responder, answer);
    });
}

type Answer = Result<Response<Vec<u8>>, tauri::http::Error>;

fn respond(responder: UriSchemeResponder, answer: Answer) {
    if let Ok(response) = answer {
        responder.respond(response);
    }
}

fn refusal(error: &IpcError) -> Answer {
    Response::builder()
        .status(StatusCode::UNPROCESSABLE_ENTITY)
        .header(header::CONTENT_TYPE, "text/plain")
        .body(error.code.as_str().as_bytes().to_vec())
}

/// A file that the person saves, under the name that the page gives it.
fn export_answer(export: Option<(ExportedFile, Vec<u8>)>) -> Answer {
    let Some((file, bytes)) = export else {
        return refusal(&IpcError::new(ErrorCode::NotFound));
    };
    Response::builder()
        .header(header::CONTENT_TYPE, file.media_type)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .body(bytes)
}

/// A signed file that the person saves: fetched by the page, so its origin must be let in.
fn copy_answer(copy: Result<Vec<u8>, IpcError>) -> Answer {
    match copy {
        Ok(pdf) => Response::builder()
            .header(header::CONTENT_TYPE, "application/pdf")
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
            .body(pdf),
        Err(error) => refusal(&error),
    }
}
