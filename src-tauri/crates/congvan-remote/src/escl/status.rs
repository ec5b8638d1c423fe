use super::{
    ScannerError,
    xml::{self, Element},
};

/// What the scanner does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScannerState {
    /// Waits for work.
    Idle,
    /// Scans, for us or for others, or tests itself.
    Processing,
    /// Something must be done at it first.
    Stopped,
}

/// What the feeder says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeederState {
    /// Paper is in, or it does not say.
    Ready,
    /// No paper.
    Empty,
    /// Paper is stuck, or several sheets were taken at once.
    Jam,
    /// A cover is open.
    CoverOpen,
    /// Another fault.
    Failed,
}

/// The answer of `ScannerStatus`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannerStatus {
    /// What it does.
    pub state: ScannerState,
    /// Its feeder.
    pub feeder: FeederState,
    /// Paths of jobs that it gave up by itself.
    pub(super) aborted: Vec<String>,
}

impl ScannerStatus {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ScannerError> {
        let root = xml::parse(bytes, "ScannerStatus")?;
        let state = match root.text_of("State").unwrap_or_default() {
            "Processing" | "Testing" => ScannerState::Processing,
            "Stopped" | "Down" => ScannerState::Stopped,
            // What is not in the standard is no reason not to try.
            _ => ScannerState::Idle,
        };
        let feeder = match root.text_of("AdfState").unwrap_or_default() {
            "ScannerAdfEmpty" => FeederState::Empty,
            "ScannerAdfJam" | "ScannerAdfMispick" | "ScannerAdfMultipickDetected" => {
                FeederState::Jam
            }
            "ScannerAdfHatchOpen" => FeederState::CoverOpen,
            "ScannerAdfDuplexPageTooShort"
            | "ScannerAdfDuplexPageTooLong"
            | "ScannerAdfInputTrayFailed"
            | "ScannerAdfInputTrayOverloaded" => FeederState::Failed,
            _ => FeederState::Ready,
        };
        let aborted = root.all("JobInfo").filter_map(aborted).take(64).collect();
        Ok(Self {
            state,
            feeder,
            aborted,
        })
    }

    /// Why nothing can be scanned from the feeder, or from the plate.
    #[must_use]
    pub fn fault(&self, feeder: bool) -> Option<ScannerError> {
        match self.feeder {
            FeederState::Jam => Some(ScannerError::Jam),
            FeederState::CoverOpen => Some(ScannerError::CoverOpen),
            FeederState::Failed if feeder => Some(ScannerError::Failed {
                what: "the feeder reports a fault",
            }),
            FeederState::Empty if feeder => Some(ScannerError::Empty),
            FeederState::Ready | FeederState::Empty | FeederState::Failed => match self.state {
                ScannerState::Stopped => Some(ScannerError::Failed {
                    what: "it has stopped",
                }),
                ScannerState::Idle | ScannerState::Processing => None,
            },
        }
    }
}

/// The address of a job that the scanner gave up. A cancelled one was ended by a person.
fn aborted(job: &Element) -> Option<String> {
    let is_aborted = job.text_of("JobState") == Some("Aborted");
    let uri = job.text_of("JobUri").filter(|_| is_aborted)?;
    Some(uri.to_owned())
}
