//! Where things are on this machine: the only place that looks at the environment.

use std::{
    env,
    path::{Path, PathBuf},
};

use congvan_core::{DeskConfig, ProvinceConfig, VaultChoice, WorkerPaths};
use tauri::{AppHandle, Manager};

const PDFIUM: &str = if cfg!(windows) {
    "pdfium.dll"
} else if cfg!(target_os = "macos") {
    "libpdfium.dylib"
} else {
    "libpdfium.so"
};

/// Gathers what the core needs to start.
pub(crate) fn desk_config(app: &AppHandle) -> anyhow::Result<DeskConfig> {
    let data_dir = match env::var_os("CONGVAN_DATA") {
        Some(folder) => PathBuf::from(folder),
        None => app.path().app_local_data_dir()?,
    };
    let province = province_file(app).and_then(|file| match ProvinceConfig::load(&file) {
        Ok(config) => Some(config),
        Err(error) => {
            tracing::warn!(%error, "the province's configuration is unusable");
            None
        }
    });
    Ok(DeskConfig {
        data_dir,
        vault: VaultChoice::System,
        province,
        workers: worker_paths(app)?,
        started: None,
    })
}

/// The administrator's file: named by the environment, for this user, or for the machine.
fn province_file(app: &AppHandle) -> Option<PathBuf> {
    if let Some(file) = env::var_os("CONGVAN_CONFIG") {
        return Some(PathBuf::from(file));
    }
    let for_user = app
        .path()
        .app_config_dir()
        .ok()
        .map(|folder| folder.join("client.toml"));
    let for_machine = if cfg!(windows) {
        env::var_os("ProgramData").map(|root| Path::new(&root).join("CongVan").join("client.toml"))
    } else {
        Some(PathBuf::from("/etc/congvan/client.toml"))
    };
    [for_user, for_machine]
        .into_iter()
        .flatten()
        .find(|file| file.is_file())
}

fn worker_paths(app: &AppHandle) -> anyhow::Result<WorkerPaths> {
    let here = env::current_exe()?;
    let folder = here.parent().unwrap_or(Path::new("."));
    let executable = folder.join(format!("congvan-worker{}", env::consts::EXE_SUFFIX));
    let mut places: Vec<PathBuf> = Vec::new();
    places.extend(env::var_os("CONGVAN_PDFIUM").map(PathBuf::from));
    places.push(folder.join(PDFIUM));
    if let Ok(resources) = app.path().resource_dir() {
        places.push(resources.join(PDFIUM));
    }
    // A development tree: target/debug/congvan beside target/tools/pdfium.
    places.extend(
        folder
            .parent()
            .map(|target| target.join("tools/pdfium").join(PDFIUM)),
    );
    let pdfium = places
        .iter()
        .find(|place| place.is_file())
        .or(places.first())
        .cloned()
        .unwrap_or_default();
    Ok(WorkerPaths { executable, pdfium })
}
