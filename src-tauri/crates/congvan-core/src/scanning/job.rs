//! A scan under way: each page is durable before the next one is asked for.

use std::sync::Arc;

use congvan_remote::escl::{
    ScanPatience, ScanSettings, Scanner, ScannerAddress, ScannerError, ScannerJob, ScannerPage,
};
use congvan_store::{StackFault, StackId, StoreError};
use tokio_util::sync::CancellationToken;

use super::state::{Job, ScanJobView, ScanStop};
use crate::{
    ChangeTag, Desk, DeskError, Result,
    intake::{MOST_BYTES, MOST_PAGES},
};

/// How a scan ended.
enum End {
    /// The paper is through.
    Done,
    /// A person ended it.
    Cancelled,
    /// Something else did.
    Stopped(ScanStop),
}

impl Desk {
    pub(super) fn begin_scan(self: &Arc<Self>, id: &str, settings: ScanSettings) -> Result<()> {
        let scanning = self.scanning();
        let cancel = scanning
            .run(|run| run.cancel.child_token())
            .ok_or(DeskError::NotLoggedIn)?;
        let address = {
            let mut state = scanning.state();
            let goes_on = |job: &Job| job.view.stop.is_none();
            if state.job.as_ref().is_some_and(goes_on) {
                return Err(ScannerError::Busy.into());
            }
            let seen = state.seen.get(id).ok_or(DeskError::NotFound)?;
            let address = seen.address.clone();
            state.job = Some(Job {
                view: ScanJobView {
                    scanner: id.to_owned(),
                    pages: 0,
                    stop: None,
                },
                cancel: cancel.clone(),
            });
            address
        };
        let (desk, id) = (self.clone(), id.to_owned());
        scanning.run(|run| {
            run.tasks.spawn(async move {
                let end = desk.scan(&id, address, (settings, cancel)).await;
                desk.scan_ended(end);
            })
        });
        self.events_bus().changed(&[ChangeTag::Intake]);
        Ok(())
    }

    pub(super) fn cancel_scan(&self) {
        let mut state = self.scanning().state();
        match &state.job {
            Some(job) if job.view.stop.is_none() => job.cancel.cancel(),
            // It has ended, and the person has seen why.
            Some(_) => state.job = None,
            None => return,
        }
        drop(state);
        self.events_bus().changed(&[ChangeTag::Intake]);
    }

    fn scan_ended(&self, end: End) {
        let mut state = self.scanning().state();
        match (end, &mut state.job) {
            (End::Stopped(stop), Some(job)) => job.view.stop = Some(stop),
            (End::Done | End::Cancelled, job) => *job = None,
            (End::Stopped(_), None) => {}
        }
        drop(state);
        self.events_bus().changed(&[ChangeTag::Intake]);
    }

    async fn scan(
        &self,
        id: &str,
        address: ScannerAddress,
        (settings, cancel): (ScanSettings, CancellationToken),
    ) -> End {
        let pin = self.scanning().state().pin(id);
        let scanner = match Scanner::new(address, pin, ScanPatience::default()) {
            Ok(scanner) => scanner,
            Err(error) => return End::Stopped(ScanStop::Scanner(error)),
        };
        let begun = tokio::select! {
            () = cancel.cancelled() => return End::Cancelled,
            begun = scanner.scan(&settings) => begun,
        };
        self.remember_pin(id, &scanner).await;
        let job = match begun {
            Ok(job) => job,
            Err(error) => return End::Stopped(ScanStop::Scanner(error)),
        };
        let at = self.now().vietnam_date();
        let name = format!("Quét {:02}-{:02}-{:04}", at.day(), at.month(), at.year());
        let stack = match self.scan_begin(&name).await {
            Ok(stack) => stack,
            Err(error) => {
                job.cancel().await;
                return End::Stopped(disk(&error));
            }
        };
        let end = self.fetch_pages(job, stack, &cancel).await;
        if let Err(error) = self.scan_end(stack).await {
            // The pages are durable; the next opening takes them in.
            tracing::warn!(%error, "the stack of a scan was not closed");
        }
        end
    }

    /// Fetches until there are no more pages. The job is told when it is not wanted any more.
    async fn fetch_pages(
        &self,
        mut job: ScannerJob,
        stack: StackId,
        cancel: &CancellationToken,
    ) -> End {
        let mut bytes_safe = 0_u64;
        loop {
            let fetched = tokio::select! {
                () = cancel.cancelled() => {
                    job.cancel().await;
                    return End::Cancelled;
                }
                fetched = fetch(&mut job) => fetched,
            };
            let page = match fetched {
                Ok(Some(page)) => page,
                Ok(None) => return End::Done,
                Err(error) => {
                    let is_there = error != ScannerError::Unreachable;
                    if is_there {
                        job.cancel().await;
                    }
                    return End::Stopped(ScanStop::Scanner(error));
                }
            };
            bytes_safe = bytes_safe.saturating_add(page.len() as u64);
            let over = bytes_safe > MOST_BYTES || job.pages() as usize > MOST_PAGES;
            let kept = if over {
                Ok(Err(StackFault::TooLong))
            } else {
                self.scan_page(stack, page).await
            };
            let stop = match kept {
                Ok(Ok(pages)) => {
                    self.page_is_safe(pages);
                    continue;
                }
                Ok(Err(fault)) => ScanStop::Page(fault),
                Err(error) => disk(&error),
            };
            job.cancel().await;
            return End::Stopped(stop);
        }
    }

    fn page_is_safe(&self, pages: u32) {
        if let Some(job) = &mut self.scanning().state().job {
            job.view.pages = pages;
        }
        self.events_bus().changed(&[ChangeTag::Intake]);
    }
}

/// The next page, whole.
async fn fetch(job: &mut ScannerJob) -> std::result::Result<Option<Vec<u8>>, ScannerError> {
    let Some(mut page) = job.next_page().await? else {
        return Ok(None);
    };
    whole(&mut page).await.map(Some)
}

async fn whole(page: &mut ScannerPage) -> std::result::Result<Vec<u8>, ScannerError> {
    let mut bytes = Vec::new();
    while let Some(piece) = page.chunk().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn disk(error: &DeskError) -> ScanStop {
    tracing::warn!(%error, "a scanned page was not kept");
    match error {
        DeskError::Store(StoreError::Full) => ScanStop::Page(StackFault::DiskFull),
        _ => ScanStop::Disk,
    }
}
