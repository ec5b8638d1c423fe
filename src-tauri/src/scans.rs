//! Files that a person drops on the window or chooses in the system's own window: scans, and the PDF
//! of a draft. Their paths go from here to the core; the page never sees one.

use std::{path::PathBuf, sync::Arc};

use congvan_core::{Desk, StackOrigin};
use congvan_ipc::{IpcError, dto::DraftFileDto};
use rfd::{AsyncFileDialog, FileHandle};
use tauri::{DragDropEvent, Emitter as _, Manager as _, State, WebviewWindow, Window, WindowEvent};

/// What the chooser of drafts shows: PDF, and what becomes one by LibreOffice.
const DRAFTS: [&str; 4] = ["pdf", "docx", "odt", "doc"];
/// What the chooser of scans shows.
const ENDINGS: [&str; 6] = ["pdf", "tif", "tiff", "jpg", "jpeg", "png"];

/// Takes in what was dropped on the main window. What cannot be taken in says so in the inbox.
pub(crate) fn dropped(window: &Window, event: &WindowEvent) {
    let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event else {
        return;
    };
    if window.label() != "main" || paths.is_empty() {
        return;
    }
    let desk = window.state::<Arc<Desk>>().inner().clone();
    let paths = paths.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = desk.intake_add(paths, StackOrigin::Dropped).await {
            tracing::warn!(%error, "what was dropped was not taken in");
        }
    });
}

/// Lets the person choose scans and takes them in; nothing when the window is closed without a
/// choice.
#[tauri::command]
pub(crate) async fn choose_scans(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
) -> Result<(), IpcError> {
    let chosen = asked(&window, |dialog| {
        let dialog = dialog
            .set_title("Chọn bản quét")
            .add_filter("Bản quét (PDF, TIFF, JPEG, PNG)", &ENDINGS);
        let choice = dialog.pick_files();
        async { choice.await.unwrap_or_default() }
    })
    .await;
    let paths: Vec<PathBuf> = chosen.iter().map(|file| file.path().to_owned()).collect();
    if !paths.is_empty() {
        desk.intake_add(paths, StackOrigin::Dropped).await?;
    }
    Ok(())
}

/// Lets the person choose the file of a draft and keeps it; none when the window is closed without a
/// choice.
#[tauri::command]
pub(crate) async fn choose_draft_file(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
) -> Result<Option<DraftFileDto>, IpcError> {
    let chosen = asked(&window, |dialog| {
        let dialog = dialog
            .set_title("Chọn tệp dự thảo")
            .add_filter("Dự thảo (PDF, Word, OpenDocument)", &DRAFTS);
        let choice = dialog.pick_file();
        async { choice.await.into_iter().collect() }
    })
    .await;
    let Some(path) = chosen.first().map(|file| file.path().to_owned()) else {
        return Ok(None);
    };
    // A page that does not hear it offers nothing to give up.
    let _ = window.emit_to("main", "draft-chosen", Desk::converts(&path));
    Ok(Some(desk.keep_draft_file(path).await?.into()))
}

/// Lets the person choose the folder that is watched for scans.
#[tauri::command]
pub(crate) async fn choose_scan_folder(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
) -> Result<(), IpcError> {
    let chosen = asked(&window, |dialog| {
        let choice = dialog.set_title("Chọn thư mục theo dõi").pick_folder();
        async { choice.await.into_iter().collect() }
    })
    .await;
    if let Some(folder) = chosen.first() {
        desk.scan_folder_set(Some(folder.path().to_owned())).await?;
    }
    Ok(())
}

/// Opens a window of the system above the desk's. It must begin on the main thread (macOS) and ends
/// whenever the person likes.
pub(crate) async fn asked<F, W>(window: &WebviewWindow, ask: F) -> Vec<FileHandle>
where
    F: FnOnce(AsyncFileDialog) -> W + Send + 'static,
    W: Future<Output = Vec<FileHandle>> + Send + 'static,
{
    let (answer, answered) = tokio::sync::oneshot::channel();
    let parent = window.clone();
    let begun = window.run_on_main_thread(move || {
        let asking = ask(AsyncFileDialog::new().set_parent(&parent));
        tauri::async_runtime::spawn(async move {
            // The page has gone meanwhile: nobody waits for the choice.
            let _ = answer.send(asking.await);
        });
    });
    match begun {
        Ok(()) => answered.await.unwrap_or_default(),
        Err(error) => {
            tracing::warn!(%error, "no window to choose files");
            Vec::new()
        }
    }
}
