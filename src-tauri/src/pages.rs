//! `page://localhost/{sha256}/{page}?w={pixels}`: a rendered page as PNG. Bytes never go through
//! JSON.

use std::sync::Arc;

use congvan_core::Desk;
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
        let answer = match congvan_ipc::page_png(&desk, &path, &query).await {
            Ok(png) => Response::builder()
                .header(header::CONTENT_TYPE, "image/png")
                // The name is a hash of the content: it can be kept for ever.
                .header(
                    header::CACHE_CONTROL,
                    "private, max-age=31536000, immutable",
                )
                .body(png),
            Err(error) => Response::builder()
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .header(header::CONTENT_TYPE, "text/plain")
                .body(error.code.as_str().as_bytes().to_vec()),
        };
        if let Ok(response) = answer {
            responder.respond(response);
        }
    });
}
