//! A previous system's table and the folder with its files: the person chooses both in the system's own
//! window. Their paths go from here to the core; the page never sees one.

use std::{path::PathBuf, sync::Arc};

use congvan_core::Desk;
use congvan_ipc::IpcError;
use rfd::AsyncFileDialog;
use tauri::{State, WebviewWindow};

use crate::scans::asked;

/// What the chooser of tables shows.
const TABLES: [&str; 4] = ["csv", "txt", "tsv", "xlsx"];

/// Lets the person choose the table; false when the window is closed without a choice.
#[tauri::command]
pub(crate) async fn import_choose_table(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
) -> Result<bool, IpcError> {
    congvan_ipc::admit(&desk, "import_choose_table")?;
    let chosen = asked(&window, |dialog: AsyncFileDialog| {
        let dialog = dialog
            .set_title("Chọn bảng dữ liệu cũ")
            .add_filter("Bảng (CSV, XLSX)", &TABLES);
        let choice = dialog.pick_file();
        async { choice.await.into_iter().collect() }
    })
    .await;
    let path: Option<PathBuf> = chosen.first().map(|file| file.path().to_owned());
    match path {
        Some(path) => desk
            .import_open(path)
            .await
            .map(|()| true)
            .map_err(IpcError::from),
        None => Ok(false),
    }
}

/// Lets the person choose the folder; false when the window is closed without a choice.
#[tauri::command]
pub(crate) async fn import_choose_folder(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
) -> Result<bool, IpcError> {
    congvan_ipc::admit(&desk, "import_choose_folder")?;
    let chosen = asked(&window, |dialog: AsyncFileDialog| {
        let choice = dialog.set_title("Chọn thư mục tệp").pick_folder();
        async { choice.await.into_iter().collect() }
    })
    .await;
    let path: Option<PathBuf> = chosen.first().map(|file| file.path().to_owned());
    match path {
        Some(path) => desk
            .import_folder(path)
            .await
            .map(|()| true)
            .map_err(IpcError::from),
        None => Ok(false),
    }
}
