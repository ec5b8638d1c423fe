//! The command table over HTTP, so that a browser can drive the UI on the real core. For tests and
//! development on this machine only: it listens on the loopback interface and is never shipped.

mod importing;
mod outside;
mod scans;

use std::{convert::Infallible, path::PathBuf, sync::Arc};

use anyhow::Context;
use axum::{
    Json, Router,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{get, post},
};
use congvan_core::{
    Desk, DeskConfig, DeskEvent, NoticeTarget, ProvinceConfig, VaultChoice, WorkerPaths,
};
use congvan_ipc::{ErrorCode, IpcError, dto};
use futures_util::{Stream, stream};
use serde_json::{Value, json};
use tower_http::services::ServeDir;

struct Options {
    config: Option<PathBuf>,
    data: PathBuf,
    ui: PathBuf,
    port: u16,
    keyring: VaultChoice,
}

fn options() -> anyhow::Result<Options> {
    let mut options = Options {
        config: None,
        data: "web-host-data".into(),
        ui: "ui/dist".into(),
        port: 0,
        keyring: VaultChoice::System,
    };
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let value = args
            .next()
            .with_context(|| format!("{name} wants a value"))?;
        match name.as_str() {
            "--config" => options.config = Some(value.into()),
            "--data" => options.data = value.into(),
            "--ui" => options.ui = value.into(),
            "--port" => options.port = value.parse()?,
            "--keyring" => {
                options.keyring = match value.as_str() {
                    "system" => VaultChoice::System,
                    "memory" => VaultChoice::Memory,
                    other => anyhow::bail!("--keyring is system or memory, not {other}"),
                }
            }
            other => anyhow::bail!("unknown option {other}"),
        }
    }
    Ok(options)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("CONGVAN_LOG")
                .unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let options = options()?;
    let province = options
        .config
        .as_deref()
        .map(ProvinceConfig::load)
        .transpose()?;
    let here = std::env::current_exe()?;
    let folder = here.parent().context("the program is in a folder")?;
    let pdfium = std::env::var_os("CONGVAN_PDFIUM").map_or_else(
        || folder.join("../tools/pdfium/libpdfium.so"),
        PathBuf::from,
    );
    let workers = WorkerPaths {
        executable: folder.join("congvan-worker"),
        pdfium,
    };
    let desk = Desk::launch(DeskConfig {
        data_dir: options.data,
        vault: options.keyring,
        province,
        workers,
        started: None,
    });
    let app = Router::new()
        .route("/ipc/{name}", post(call))
        .route("/page/{sha}/{page}", get(page))
        .route("/events", get(events))
        .route("/intake", post(scans::intake))
        .route("/draft-file", post(scans::draft_file))
        .route("/courier/write", post(outside::write))
        .route("/courier/carry", post(outside::carry))
        .route("/courier/receive", post(outside::receive))
        .route("/dossier-package/{id}", post(outside::package))
        .route("/import/table", post(importing::table))
        .route("/import/folder", post(importing::begin))
        .route("/import/file", post(importing::file))
        .route("/import/chosen", post(importing::chosen))
        .fallback_service(ServeDir::new(&options.ui))
        .with_state(desk.clone());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", options.port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    announce(&json!({ "url": url }));
    axum::serve(listener, app)
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    desk.shut_down().await;
    Ok(())
}

/// The one line on standard output that whoever started us waits for.
#[allow(clippy::print_stdout)]
fn announce(line: &Value) {
    println!("{line}");
}

async fn call(
    State(desk): State<Arc<Desk>>,
    Path(name): Path<String>,
    Json(args): Json<Value>,
) -> Response {
    match congvan_ipc::dispatch(&desk, &name, args).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refusal(&error),
    }
}

pub(crate) fn refusal(error: &IpcError) -> Response {
    let status = match error.code {
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, Json(error.clone())).into_response()
}

async fn page(
    State(desk): State<Arc<Desk>>,
    Path((sha, page)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    if sha == "export" {
        return match desk.export_take(&page) {
            Some((file, bytes)) => {
                ([(header::CONTENT_TYPE, file.media_type)], bytes).into_response()
            }
            None => refusal(&IpcError::new(ErrorCode::NotFound)),
        };
    }
    if sha == "copy" {
        return match congvan_ipc::refused_copy(&desk, &page).await {
            Ok(pdf) => ([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response(),
            Err(error) => refusal(&error),
        };
    }
    let path = format!("/{sha}/{page}");
    match congvan_ipc::page_png(&desk, &path, &query.unwrap_or_default()).await {
        Ok(png) => Response::builder()
            .header(header::CONTENT_TYPE, "image/png")
            .header(
                header::CACHE_CONTROL,
                "private, max-age=31536000, immutable",
            )
            .body(Body::from(png))
            .unwrap_or_default(),
        Err(error) => refusal(&error),
    }
}

async fn events(
    State(desk): State<Arc<Desk>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let receiver = desk.events();
    let stream = stream::unfold((receiver, desk), |(mut receiver, desk)| async move {
        loop {
            let event = match receiver.recv().await {
                Ok(DeskEvent::Changed(tags)) => Event::default()
                    .event("changed")
                    .json_data(dto::Changed::from(tags.as_slice())),
                Ok(DeskEvent::PinWanted(request)) => Event::default()
                    .event("pin")
                    .json_data(json!({ "url": congvan_ipc::pin_page(&request, &[]) })),
                // A page shows it by name, and a covered desk names nothing.
                Ok(DeskEvent::Notify(_)) if desk.is_locked() => continue,
                Ok(DeskEvent::Notify(notice)) => {
                    let document = match notice.opens {
                        NoticeTarget::Document(document) => Some(document),
                        NoticeTarget::Tasks => None,
                    };
                    let notice = json!({ "document": document, "title": notice.title });
                    Event::default().event("notify").json_data(notice)
                }
                Ok(DeskEvent::PinClosed(_))
                | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => continue,
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return None,
            };
            if let Ok(event) = event {
                return Some((Ok(event), (receiver, desk)));
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
