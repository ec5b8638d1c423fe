//! Where things are on this machine: the only place that looks at the environment, but for the
//! PIN.

use std::{
    env,
    path::{Path, PathBuf},
};

use congvan_worker::{OcrPaths, WorkerPaths};

use crate::{
    fault::{Fault, Result},
    words::Code,
};

const PDFIUM: &str = if cfg!(windows) {
    "pdfium.dll"
} else if cfg!(target_os = "macos") {
    "libpdfium.dylib"
} else {
    "libpdfium.so"
};

/// Tesseract: beside the worker program where it came along, else where the system's loader finds it.
pub(crate) fn ocr() -> Result<OcrPaths> {
    Ok(OcrPaths::beside(workers()?.executable))
}

/// The folder with the certificates that this machine trusts.
pub(crate) fn trust() -> PathBuf {
    if let Some(folder) = env::var_os("CONGVAN_TRUST") {
        return PathBuf::from(folder);
    }
    if cfg!(windows) {
        let root = env::var_os("ProgramData").unwrap_or_default();
        Path::new(&root).join("CongVan").join("trust")
    } else {
        PathBuf::from("/etc/congvan/trust")
    }
}

/// Where the desk of this user keeps its data, as the shell finds it.
pub(crate) fn data() -> PathBuf {
    if let Some(folder) = env::var_os("CONGVAN_DATA") {
        return PathBuf::from(folder);
    }
    let home = || env::home_dir().unwrap_or_default();
    let local = if cfg!(windows) {
        env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        Some(home().join("Library/Application Support"))
    } else {
        let named = env::var_os("XDG_DATA_HOME").map(PathBuf::from);
        named.filter(|folder| folder.is_absolute())
    };
    let local = local.unwrap_or_else(|| home().join(".local/share"));
    local.join("vn.congvan.desk")
}

/// The worker program and PDFium, as the desk finds them: beside this program, where the
/// environment names no other.
pub(crate) fn workers() -> Result<WorkerPaths> {
    let here = env::current_exe().unwrap_or_default();
    let folder = here.parent().unwrap_or(Path::new("."));
    let beside = folder.join(format!("congvan-worker{}", env::consts::EXE_SUFFIX));
    let executable = env::var_os("CONGVAN_WORKER").map_or(beside, PathBuf::from);
    if !executable.is_file() {
        return Err(Fault::at(Code::WorkerMissing, &executable));
    }
    let mut places: Vec<PathBuf> = Vec::new();
    places.extend(env::var_os("CONGVAN_PDFIUM").map(PathBuf::from));
    places.push(folder.join(PDFIUM));
    // An installation keeps it with its resources; a development tree with its tools.
    for near in ["../lib/congvan", "../tools/pdfium"] {
        places.push(folder.join(near).join(PDFIUM));
    }
    let pdfium = places
        .iter()
        .find(|place| place.is_file())
        .or(places.first())
        .cloned()
        .unwrap_or_default();
    Ok(WorkerPaths { executable, pdfium })
}
