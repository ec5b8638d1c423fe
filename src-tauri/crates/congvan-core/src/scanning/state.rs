//! What the desk knows of scanners and the folder, and what it tells about them.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use congvan_remote::escl::{
    CertificatePin, ScannerAddress, ScannerCapabilities, ScannerError, ScannerInput,
};
use congvan_store::StackFault;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Where scans are fetched from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanSources {
    /// The watched folder.
    pub folder: Option<PathBuf>,
    /// It cannot be read at the moment.
    pub folder_gone: bool,
    /// Scanners found or written down, by address.
    pub scanners: Vec<ScannerView>,
    /// The scan under way, or the last one that ended badly.
    pub job: Option<ScanJobView>,
}

/// A scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannerView {
    /// Its address.
    pub id: String,
    /// Make and model, or the address.
    pub name: String,
    /// Why it cannot be used.
    pub fault: Option<ScannerError>,
    /// Has a feeder.
    pub feeder: bool,
    /// The feeder scans both sides.
    pub duplex: bool,
    /// Has a glass plate.
    pub plate: bool,
    /// Dots an inch, rising.
    pub resolutions: Vec<u32>,
}

/// A scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanJobView {
    /// The scanner's id.
    pub scanner: String,
    /// Pages that are durable.
    pub pages: u32,
    /// Why it ended; none while it goes on.
    pub stop: Option<ScanStop>,
}

/// Why a scan ended before its paper did. What had arrived stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanStop {
    /// The scanner, or the line to it.
    Scanner(ScannerError),
    /// A page cannot be taken in, or one more than a stack may have.
    Page(StackFault),
    /// The data on this machine cannot be written.
    Disk,
}

/// A scanner as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) url: String,
    pub(super) name: String,
    /// Certificate of the first contact.
    pub(super) pin: Option<String>,
    /// Written down by a person, so it is shown whether it is found or not.
    pub(super) by_hand: bool,
}

/// What was seen of a scanner in this run.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) address: ScannerAddress,
    pub(super) name: String,
    /// Names of its announcement, while it announces itself.
    pub(super) service: Option<String>,
    pub(super) can: Option<ScannerCapabilities>,
    pub(super) fault: Option<ScannerError>,
    pub(super) asked: Option<Instant>,
}

/// A scan under way.
pub(super) struct Job {
    pub(super) view: ScanJobView,
    pub(super) cancel: CancellationToken,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) folder: Option<PathBuf>,
    pub(super) folder_gone: bool,
    pub(super) kept: Vec<Kept>,
    pub(super) seen: BTreeMap<String, Seen>,
    pub(super) job: Option<Job>,
    /// When a person last looked for scanners.
    pub(super) wanted: Option<Instant>,
}

/// The tasks of one person's desk.
pub(super) struct Run {
    pub(super) cancel: CancellationToken,
    pub(super) tasks: TaskTracker,
}

/// Scanners and the watched folder.
#[derive(Default)]
pub(crate) struct ScanningDesk {
    state: Mutex<State>,
    pub(super) run: Mutex<Option<Run>>,
    /// Somebody looks for scanners.
    pub(super) wanted: Notify,
    /// Another folder.
    pub(super) folder_changed: Notify,
}

/// How long what a scanner said of itself is believed.
const FRESH: Duration = Duration::from_secs(20);

impl ScanningDesk {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run of whoever is at the desk.
    pub(super) fn run<T>(&self, with: impl FnOnce(&Run) -> T) -> Option<T> {
        let run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        run.as_ref().map(with)
    }
}

impl State {
    pub(super) fn view(&self) -> ScanSources {
        ScanSources {
            folder: self.folder.clone(),
            folder_gone: self.folder_gone,
            scanners: self.seen.iter().map(|(id, seen)| view(id, seen)).collect(),
            job: self.job.as_ref().map(|job| job.view.clone()),
        }
    }

    /// The certificate that a scanner showed before.
    pub(super) fn pin(&self, id: &str) -> Option<CertificatePin> {
        let kept = self.kept.iter().find(|kept| kept.url == id)?;
        kept.pin.as_deref()?.parse().ok()
    }

    pub(super) fn is_by_hand(&self, id: &str) -> bool {
        self.kept.iter().any(|kept| kept.by_hand && kept.url == id)
    }

    /// Scanners that should be asked again.
    pub(super) fn stale(&mut self, now: Instant) -> Vec<(String, ScannerAddress)> {
        let scanning = self.job.as_ref().filter(|job| job.view.stop.is_none());
        let busy = scanning.map(|job| job.view.scanner.clone());
        let stale = |seen: &Seen| {
            seen.asked
                .is_none_or(|asked| now.saturating_duration_since(asked) > FRESH)
        };
        self.seen
            .iter_mut()
            .filter(|(id, seen)| stale(seen) && busy.as_ref() != Some(id))
            .map(|(id, seen)| {
                seen.asked = Some(now);
                (id.clone(), seen.address.clone())
            })
            .collect()
    }

    /// Those written down, as far as they were not seen yet.
    pub(super) fn recall(&mut self) {
        for kept in self.kept.iter().filter(|kept| kept.by_hand) {
            let Ok(address) = ScannerAddress::from_url(&kept.url) else {
                continue;
            };
            self.seen.entry(kept.url.clone()).or_insert(Seen {
                address,
                name: kept.name.clone(),
                service: None,
                can: None,
                fault: None,
                asked: None,
            });
        }
    }
}

fn view(id: &str, seen: &Seen) -> ScannerView {
    let can = seen.can.as_ref();
    let inputs: Vec<&ScannerInput> = can
        .into_iter()
        .flat_map(|can| can.feeder.iter().chain(&can.plate))
        .collect();
    let mut resolutions: Vec<u32> = inputs
        .iter()
        .flat_map(|input| input.resolutions.iter().copied())
        .collect();
    resolutions.sort_unstable();
    resolutions.dedup();
    let named = can.map_or(seen.name.as_str(), |can| can.make_and_model.as_str());
    let name = [named, seen.name.as_str(), id]
        .into_iter()
        .find(|name| !name.is_empty());
    ScannerView {
        id: id.to_owned(),
        name: name.unwrap_or(id).to_owned(),
        fault: seen.fault.clone(),
        feeder: can.is_some_and(|can| can.feeder.is_some()),
        duplex: can.is_some_and(|can| can.duplex),
        plate: can.is_some_and(|can| can.plate.is_some()),
        resolutions,
    }
}
