//! Courier bundles and packages of dossiers: the person says in the system's own window where one is.
//! Its path goes from here to the core; the page never sees one.

use std::{path::PathBuf, sync::Arc};

use congvan_core::Desk;
use congvan_ipc::{
    IpcError,
    dto::{CourierCarried, CourierReceived, CourierWritten, DossierPacked},
};
use tauri::{State, WebviewWindow};

use crate::scans::asked;

/// What the choosers of bundles show.
static BUNDLES: [&str; 1] = ["cvct"];

/// Lets the person choose where the bundle goes and writes it; none when the window is closed without
/// a choice.
#[tauri::command]
pub(crate) async fn courier_write(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
) -> Result<Option<CourierWritten>, IpcError> {
    congvan_ipc::admit(&desk, "courier_write")?;
    let name = desk.courier_name();
    let bundles = ("Gói chuyển tay", BUNDLES.as_slice());
    match placed(&window, ("Ghi gói chuyển tay", name), bundles).await {
        Some(path) => Ok(Some(desk.courier_write(path).await?.into())),
        None => Ok(None),
    }
}

/// Lets the person choose where the package of a dossier goes and writes it; none without a choice.
#[tauri::command]
pub(crate) async fn dossier_package(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
    id: String,
) -> Result<Option<DossierPacked>, IpcError> {
    congvan_ipc::admit(&desk, "dossier_package")?;
    let id = congvan_ipc::dossier_id(&id)?;
    let name = desk.dossier_package_name(id).await?;
    let packages = ("Gói hồ sơ", ["zip"].as_slice());
    match placed(&window, ("Lưu hồ sơ kèm tệp", name), packages).await {
        Some(path) => Ok(Some(desk.dossier_package(id, path).await?.into())),
        None => Ok(None),
    }
}

/// Lets the person choose a bundle and carries it to the server; none without a choice.
#[tauri::command]
pub(crate) async fn courier_carry(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
) -> Result<Option<CourierCarried>, IpcError> {
    congvan_ipc::admit(&desk, "courier_carry")?;
    match chosen(&window, "Chọn gói cần chuyển hộ").await {
        Some(path) => Ok(Some(desk.courier_carry(path).await?.into())),
        None => Ok(None),
    }
}

/// Lets the person choose an answer and takes it in; none without a choice.
#[tauri::command]
pub(crate) async fn courier_receive(
    window: WebviewWindow,
    desk: State<'_, Arc<Desk>>,
) -> Result<Option<CourierReceived>, IpcError> {
    congvan_ipc::admit(&desk, "courier_receive")?;
    match chosen(&window, "Chọn gói trả lời").await {
        Some(path) => Ok(Some(desk.courier_receive(path).await?.into())),
        None => Ok(None),
    }
}

async fn chosen(window: &WebviewWindow, title: &'static str) -> Option<PathBuf> {
    let chosen = asked(window, move |dialog| {
        let dialog = dialog
            .set_title(title)
            .add_filter("Gói chuyển tay", &BUNDLES);
        let choice = dialog.pick_file();
        async { choice.await.into_iter().collect() }
    })
    .await;
    chosen.first().map(|file| file.path().to_owned())
}

/// Where the person wants a file to be that is not there yet.
async fn placed(
    window: &WebviewWindow,
    (title, name): (&'static str, String),
    (kind, endings): (&'static str, &'static [&'static str]),
) -> Option<PathBuf> {
    let chosen = asked(window, move |dialog| {
        let dialog = dialog
            .set_title(title)
            .set_file_name(name)
            .add_filter(kind, endings);
        let choice = dialog.save_file();
        async { choice.await.into_iter().collect() }
    })
    .await;
    chosen.first().map(|file| file.path().to_owned())
}
