use reqwest::StatusCode;
use tokio::time::Instant;

use super::{Scanner, ScannerError, ScannerPage, ScannerStatus, client::refusal};

/// A scan under way at the scanner. Ask for pages until there are no more; whoever stops earlier
/// says [`ScannerJob::cancel`], or the scanner keeps its paper in the feeder for nobody.
#[derive(Debug)]
pub struct ScannerJob {
    scanner: Scanner,
    path: String,
    feeder: bool,
    pages: u32,
}

impl ScannerJob {
    pub(super) fn new(scanner: Scanner, path: String, feeder: bool) -> Self {
        Self {
            scanner,
            path,
            feeder,
            pages: 0,
        }
    }

    /// How many pages have begun to come.
    #[must_use]
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// The next page as it begins to come; none after the last. Waits while a sheet is drawn in. The
    /// one before must have been read to its end.
    ///
    /// # Errors
    /// What ended the scan early: [`ScannerError::Jam`], [`ScannerError::Unreachable`] and the like.
    pub async fn next_page(&mut self) -> Result<Option<ScannerPage>, ScannerError> {
        // A plate has one page; some scan it again and again if asked.
        if !self.feeder && self.pages > 0 {
            return Ok(None);
        }
        let given_up = Instant::now() + self.scanner.patience.busy;
        loop {
            let url = self.scanner.address.at_path(&self.path);
            let request = self.scanner.http.get(format!("{url}/NextDocument"));
            let response = request.timeout(self.scanner.patience.page).send().await?;
            match response.status() {
                StatusCode::OK => {
                    self.pages += 1;
                    return Ok(Some(ScannerPage::new(response)));
                }
                // 410 and, of a few, 409: the job has ended.
                StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::CONFLICT => {
                    return self.ended().await;
                }
                StatusCode::SERVICE_UNAVAILABLE => {
                    if let Some(fault) = self.fault(&self.scanner.status().await?) {
                        return Err(fault);
                    }
                    if Instant::now() >= given_up {
                        return Err(ScannerError::Busy);
                    }
                    tokio::time::sleep(self.scanner.pause(&response)).await;
                }
                status => {
                    let fault = self.fault(&self.scanner.status().await?);
                    return Err(fault.unwrap_or_else(|| refusal(status)));
                }
            }
        }
    }

    /// Ends the scan at the scanner. What it is in the middle of may still run through. A scanner
    /// that does not answer has ended it already.
    pub async fn cancel(self) {
        let url = self.scanner.address.at_path(&self.path);
        let request = self.scanner.http.delete(url);
        let sent = request.timeout(self.scanner.patience.answer).send().await;
        if sent.is_err() {
            tracing::debug!("a scanner did not hear that its job is over");
        }
    }

    /// No more pages: because the paper is through, or because something happened.
    async fn ended(&self) -> Result<Option<ScannerPage>, ScannerError> {
        let status = self.scanner.status().await?;
        if let Some(fault) = self.fault(&status) {
            return Err(fault);
        }
        let gave_up = status.aborted.iter().any(|uri| uri.ends_with(&self.path));
        match (gave_up, self.pages) {
            (true, _) => Err(ScannerError::Failed {
                what: "it gave the job up",
            }),
            (false, 0) if self.feeder => Err(ScannerError::Empty),
            (false, 0) => Err(ScannerError::Failed {
                what: "a scan without a page",
            }),
            (false, _) => Ok(None),
        }
    }

    /// An empty feeder is how a scan ends; everything else is a fault.
    fn fault(&self, status: &ScannerStatus) -> Option<ScannerError> {
        let fault = status.fault(self.feeder)?;
        (fault != ScannerError::Empty).then_some(fault)
    }
}
