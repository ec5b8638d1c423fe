/// What can go wrong between the desk and a scanner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScannerError {
    /// The address is malformed, or one that a found scanner cannot have. Whoever wrote it down, or
    /// whoever announces it.
    #[error("unusable address: {what}")]
    Address {
        /// Which rule.
        what: &'static str,
    },
    /// Nobody answers, or the line broke in the middle: switched off, unplugged, another network.
    #[error("scanner unreachable")]
    Unreachable,
    /// It shows another certificate than at first contact: replaced, reset, or somebody else.
    #[error("another certificate than at first contact")]
    Untrusted,
    /// It works for somebody else and goes on doing so.
    #[error("scanner busy")]
    Busy,
    /// Paper is stuck in the feeder.
    #[error("paper jam")]
    Jam,
    /// A cover of the feeder is open.
    #[error("cover open")]
    CoverOpen,
    /// The feeder has no paper in it.
    #[error("feeder empty")]
    Empty,
    /// It gave up or refused what it was asked for. The scanner's fault, or of its settings.
    #[error("scanner failed: {what}")]
    Failed {
        /// What it said.
        what: &'static str,
    },
    /// It answered something that eSCL does not allow, or more than anybody needs.
    #[error("not eSCL: {what}")]
    Protocol {
        /// Which rule.
        what: &'static str,
    },
}

impl From<reqwest::Error> for ScannerError {
    fn from(error: reqwest::Error) -> Self {
        // The error's words name the address, which is no secret but no business of a log either.
        tracing::debug!(
            timeout = error.is_timeout(),
            connect = error.is_connect(),
            "a scanner did not answer"
        );
        if crate::error::is_certificate_fault(&error) {
            Self::Untrusted
        } else {
            Self::Unreachable
        }
    }
}
