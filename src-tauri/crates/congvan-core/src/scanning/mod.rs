//! Where scans come from: network scanners and a watched folder; and the sheets that separate them.
//!
//! Invariant: a page of a scan is durable before the scanner is asked for the next one.
//! Invariant: a file of the watched folder is moved away only after its bytes are durable here, and
//! is never deleted.

mod folder;
mod job;
mod scanners;
mod separators;
mod state;
mod watching;

use std::{path::PathBuf, sync::Arc, time::Instant};

use congvan_remote::escl::{ScanSettings, ScannerError};
use congvan_store::Store;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) use state::ScanningDesk;
pub use state::{ScanJobView, ScanSources, ScanStop, ScannerView};

use state::{Kept, Run};

use crate::{ChangeTag, Desk, DeskError, ExportedFile, Result, session::Session};

/// Name of the setting with the watched folder.
const FOLDER: &str = "scan_folder";
/// Name of the setting with the scanners that are kept.
const SCANNERS: &str = "scanners";
/// Scanners that are kept at most; whoever announces thousands fills no disk.
const KEPT: usize = 200;

impl Desk {
    /// Where scans are fetched from. Looks for scanners in the background for a while; what is found
    /// is told by `Intake`.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn scan_sources(&self) -> Result<ScanSources> {
        self.session().await?;
        let scanning = self.scanning();
        scanning.state().wanted = Some(Instant::now());
        scanning.wanted.notify_one();
        Ok(scanning.state().view())
    }

    /// Watches another folder, or none.
    ///
    /// # Errors
    /// `FolderUnreachable` when it is no folder that can be listed; `NotLoggedIn`, disk errors.
    pub async fn scan_folder_set(&self, folder: Option<PathBuf>) -> Result<ScanSources> {
        let session = self.session().await?;
        if let Some(folder) = folder.clone() {
            let readable = tokio::task::spawn_blocking(move || {
                folder.is_absolute() && std::fs::read_dir(&folder).is_ok()
            });
            if !readable.await? {
                return Err(DeskError::FolderUnreachable);
            }
        }
        let text = folder.as_ref().map_or(Some(""), |folder| folder.to_str());
        let text = text.ok_or(DeskError::FolderUnreachable)?.to_owned();
        session
            .with_store(move |store| store.set_setting(FOLDER, &text))
            .await?;
        let scanning = self.scanning();
        {
            let mut state = scanning.state();
            state.folder = folder;
            state.folder_gone = false;
        }
        scanning.folder_changed.notify_one();
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(scanning.state().view())
    }

    /// Keeps a scanner that announces itself to nobody: its host name or address, with a port where
    /// it is not 80.
    ///
    /// # Errors
    /// `Scanner(..)` when it is no address or no scanner answers there; `NotLoggedIn`, disk errors.
    pub async fn scanner_add(&self, address: &str) -> Result<ScanSources> {
        let session = self.session().await?;
        let (kept, seen) = scanners::answers_at(address).await?;
        let scanning = self.scanning();
        {
            let mut state = scanning.state();
            state.seen.insert(kept.url.clone(), seen);
            state.kept.retain(|other| other.url != kept.url);
            if state.kept.len() >= KEPT {
                state.kept.remove(0);
            }
            state.kept.push(kept);
        }
        self.keep_scanners(&session).await?;
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(scanning.state().view())
    }

    /// Forgets a scanner that was written down, and the certificate it showed. One that announces
    /// itself is found again.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn scanner_forget(&self, scanner: &str) -> Result<ScanSources> {
        let session = self.session().await?;
        let scanning = self.scanning();
        {
            let mut state = scanning.state();
            state.kept.retain(|kept| kept.url != scanner);
            state.seen.remove(scanner);
        }
        self.keep_scanners(&session).await?;
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(scanning.state().view())
    }

    /// Begins to scan; answers at once, `scan_sources` tells the rest. The pages become one stack.
    ///
    /// # Errors
    /// `Scanner(Busy)` while this desk scans; `NotFound` for a scanner that is not known.
    pub async fn scan_start(self: &Arc<Self>, scanner: &str, settings: ScanSettings) -> Result<()> {
        self.session().await?;
        self.begin_scan(scanner, settings)
    }

    /// Stops scanning. The pages that arrived stay.
    ///
    /// # Errors
    /// `NotLoggedIn`.
    pub async fn scan_cancel(&self) -> Result<()> {
        self.session().await?;
        self.cancel_scan();
        Ok(())
    }

    /// Sheets to print and lay between letters, one for each department; an empty name makes a plain
    /// sheet.
    ///
    /// # Errors
    /// `TextTooLong` when a name or the list is; `NotLoggedIn`.
    pub async fn scan_separators(&self, departments: Vec<String>) -> Result<ExportedFile> {
        self.session().await?;
        let too_long = |limit| DeskError::TextTooLong { limit };
        if departments.len() > separators::SHEETS {
            return Err(too_long(separators::SHEETS));
        }
        let is_long = |name: &String| name.trim().chars().count() > separators::NAME;
        if departments.iter().any(is_long) {
            return Err(too_long(separators::NAME));
        }
        let departments = if departments.is_empty() {
            vec![String::new()]
        } else {
            departments
        };
        let made = tokio::task::spawn_blocking(move || separators::sheets(&departments)).await?;
        let pdf = made.map_err(|error| DeskError::Internal(error.to_string()))?;
        let name = "to-ngan-van-ban.pdf".to_owned();
        Ok(self.exports().put(name, "application/pdf", pdf))
    }

    /// Begins to watch and to look for scanners for the person who has come.
    pub(crate) fn start_scanning(self: &Arc<Self>, store: &Store) {
        let run = Run {
            cancel: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        {
            let mut state = self.scanning().state();
            *state = state::State::default();
            // Without these the person sets folder and scanners anew; nothing else depends on them.
            let setting = |name| store.setting(name).ok().flatten();
            state.folder = setting(FOLDER)
                .filter(|text| !text.is_empty())
                .map(PathBuf::from);
            let kept = setting(SCANNERS).and_then(|text| serde_json::from_str(&text).ok());
            state.kept = kept.unwrap_or_default();
            state.recall();
        }
        let (cancel, desk) = (run.cancel.clone(), self.clone());
        run.tasks
            .spawn(async move { desk.watch_folder(cancel).await });
        let (cancel, desk) = (run.cancel.clone(), self.clone());
        run.tasks
            .spawn(async move { desk.find_scanners(cancel).await });
        *self
            .scanning()
            .run
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(run);
    }

    /// Ends watching and scanning; what had arrived is safe.
    pub(crate) async fn stop_scanning(&self) {
        let run = self
            .scanning()
            .run
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        if let Some(run) = run {
            run.cancel.cancel();
            run.tasks.close();
            run.tasks.wait().await;
        }
        *self.scanning().state() = state::State::default();
        self.exports().clear();
    }

    /// Writes down the scanners that were added and the certificates that were seen.
    async fn keep_scanners(&self, session: &Session) -> Result<()> {
        let kept: Vec<Kept> = self.scanning().state().kept.clone();
        let text =
            serde_json::to_string(&kept).map_err(|error| DeskError::Internal(error.to_string()))?;
        session
            .with_store(move |store| store.set_setting(SCANNERS, &text))
            .await
    }
}

impl From<ScannerError> for DeskError {
    fn from(error: ScannerError) -> Self {
        Self::Scanner(error)
    }
}
