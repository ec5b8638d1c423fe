//! The task that looks into the watched folder.

use std::{collections::BTreeSet, io, path::PathBuf, sync::Arc, time::Duration};

use congvan_store::{StackFault, StackOrigin};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::folder::WatchedFolder;
use crate::{ChangeTag, Desk};

/// Between two looks while a file is being written.
const SOON: Duration = Duration::from_millis(1_500);
/// Between two looks else; a share across the province is asked no oftener.
const LATER: Duration = Duration::from_secs(4);
/// Between two looks while the folder cannot be read.
const GONE: Duration = Duration::from_secs(10);
/// A share that does not answer for so long has gone, whatever the system still waits for.
const HUNG: Duration = Duration::from_secs(15);
/// Name of the setting with the versions of files that were refused.
const LEFT: &str = "scan_folder_left";

type Looked = (WatchedFolder, io::Result<Vec<PathBuf>>);

impl Desk {
    /// Looks until the person leaves.
    pub(super) async fn watch_folder(self: Arc<Self>, cancel: CancellationToken) {
        let mut watched: Option<WatchedFolder> = None;
        loop {
            let wanted = self.scanning().state().folder.clone();
            let is_same = watched.as_ref().map(WatchedFolder::folder) == wanted.as_deref();
            if !is_same {
                watched = match wanted {
                    Some(folder) => Some(WatchedFolder::new(folder, self.left_before().await)),
                    None => None,
                };
            }
            let pause = match watched.take() {
                None => None,
                Some(folder) => {
                    let looked = tokio::select! {
                        () = cancel.cancelled() => return,
                        looked = self.look_into(folder) => looked,
                    };
                    let Some((mut folder, result)) = looked else {
                        return;
                    };
                    let pause = match result {
                        Ok(ready) => {
                            self.folder_gone(false);
                            folder = self.take_in(folder, ready, &cancel).await;
                            if folder.is_waiting() { SOON } else { LATER }
                        }
                        Err(_) => {
                            self.folder_gone(true);
                            GONE
                        }
                    };
                    watched = Some(folder);
                    Some(pause)
                }
            };
            let rest = async {
                match pause {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = cancel.cancelled() => return,
                () = self.scanning().folder_changed.notified() => {}
                () = rest => {}
            }
        }
    }

    /// One look, on a thread that may hang as long as the share does.
    async fn look_into(&self, mut folder: WatchedFolder) -> Option<Looked> {
        let mut looking: JoinHandle<Looked> = tokio::task::spawn_blocking(move || {
            let looked = folder.look();
            (folder, looked)
        });
        if let Ok(looked) = tokio::time::timeout(HUNG, &mut looking).await {
            return looked.ok();
        }
        self.folder_gone(true);
        looking.await.ok()
    }

    /// Hands files over one by one, so that each is put away as soon as it is safe.
    async fn take_in(
        self: &Arc<Self>,
        mut folder: WatchedFolder,
        ready: Vec<PathBuf>,
        cancel: &CancellationToken,
    ) -> WatchedFolder {
        let before = folder.left().clone();
        let some = !ready.is_empty();
        for path in ready {
            if cancel.is_cancelled() {
                break;
            }
            let added = self
                .intake_add(vec![path.clone()], StackOrigin::Folder)
                .await;
            let file = added.ok().and_then(|added| added.files.into_iter().next());
            let moved = tokio::task::spawn_blocking(move || {
                match file {
                    Some(file) if file.is_safe() => folder.put_away(&path),
                    Some(file) if is_passing(file.code) => folder.later(&path),
                    Some(_) => folder.leave(&path),
                    None => folder.later(&path),
                }
                folder
            });
            match moved.await {
                Ok(moved) => folder = moved,
                Err(_) => return WatchedFolder::new(PathBuf::new(), BTreeSet::new()),
            }
        }
        if some {
            // They are out of the folder now.
            self.events_bus().changed(&[ChangeTag::Intake]);
        }
        if *folder.left() != before {
            self.write_left(folder.left()).await;
        }
        folder
    }

    fn folder_gone(&self, gone: bool) {
        let mut state = self.scanning().state();
        if std::mem::replace(&mut state.folder_gone, gone) != gone {
            drop(state);
            tracing::info!(gone, "the watched folder");
            self.events_bus().changed(&[ChangeTag::Intake]);
        }
    }

    async fn left_before(&self) -> BTreeSet<String> {
        let Ok(session) = self.session().await else {
            return BTreeSet::new();
        };
        let text = session.with_store(|store| store.setting(LEFT)).await;
        let text = text.ok().flatten().unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn write_left(&self, left: &BTreeSet<String>) {
        let Ok(text) = serde_json::to_string(left) else {
            return;
        };
        if let Ok(session) = self.session().await
            && let Err(error) = session
                .with_store(move |store| store.set_setting(LEFT, &text))
                .await
        {
            tracing::warn!(%error, "what was refused of the folder was not written down");
        }
    }
}

/// Whether the same file may be taken in later.
fn is_passing(code: Option<StackFault>) -> bool {
    matches!(code, Some(StackFault::DiskFull | StackFault::Unreadable))
}
