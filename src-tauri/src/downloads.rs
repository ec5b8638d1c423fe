//! Reports that a person saves: into the downloads, under a name that is free. Nothing else may be
//! downloaded by the page.

use std::path::{Path, PathBuf};

use tauri::webview::DownloadEvent;

/// A person saves more than this many reports of one name before tidying up: the last is replaced.
const NAMES: u32 = 1_000;

/// Whether a download may go ahead.
pub(crate) fn allow(event: DownloadEvent<'_>) -> bool {
    match event {
        DownloadEvent::Requested { url, destination } => {
            // What the page itself has made; an address from elsewhere is none of its business.
            let is_own = url.scheme() == "blob";
            if is_own {
                *destination = free(destination, Path::exists);
            }
            is_own
        }
        DownloadEvent::Finished { success, .. } => {
            if !success {
                tracing::warn!("a report was not saved");
            }
            true
        }
        _ => true,
    }
}

/// The name itself, or with a number behind it: `report (2).txt`.
fn free(wanted: &Path, is_taken: impl Fn(&Path) -> bool) -> PathBuf {
    let stem = wanted.file_stem().unwrap_or_default().to_string_lossy();
    let ending = wanted.extension().map(|ending| ending.to_string_lossy());
    let ending = ending.map_or_else(String::new, |ending| format!(".{ending}"));
    let numbered = |number: u32| wanted.with_file_name(format!("{stem} ({number}){ending}"));
    std::iter::once(wanted.to_owned())
        .chain((2..=NAMES).map(numbered))
        .find(|path| !is_taken(path))
        .unwrap_or_else(|| wanted.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_never_takes_the_place_of_an_earlier_one() {
        let taken = ["/d/bao-cao.txt", "/d/bao-cao (2).txt"].map(PathBuf::from);
        let is_taken = |path: &Path| taken.iter().any(|other| other == path);
        let free = |name: &str| free(Path::new(name), is_taken);
        assert_eq!(free("/d/khac.txt"), Path::new("/d/khac.txt"));
        assert_eq!(free("/d/bao-cao.txt"), Path::new("/d/bao-cao (3).txt"));
    }
}
