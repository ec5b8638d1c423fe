use serde::{Deserialize, Serialize};

/// How a worker process was lost. Evidence for the diagnosis view; never the user's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Loss {
    /// The program could not be started: not installed, or the system refuses.
    #[error("worker did not start: {reason}")]
    NotStarted {
        /// The system's words.
        reason: String,
    },
    /// It ended in the middle of a call, with a status code or killed by a signal.
    #[error("worker ended (code {code:?}, signal {signal:?})")]
    Ended {
        /// The exit code, if it ended by itself.
        code: Option<i32>,
        /// The signal that ended it (Unix).
        signal: Option<i32>,
    },
    /// What it wrote is not our protocol: native code scribbled on the pipe, or memory is corrupt.
    #[error("worker answered garbage")]
    Garbage,
    /// It speaks another version of the protocol: an incomplete update of the installation.
    #[error("worker speaks protocol {theirs}, expected {ours}")]
    Version {
        /// The version we speak.
        ours: u16,
        /// The version it speaks.
        theirs: u16,
    },
    /// The supervising thread is gone; only possible while the program shuts down.
    #[error("supervisor stopped")]
    Stopped,
}
