use serde::Serialize;
use ts_rs::TS;

/// The file that is being written, carried or read where a person keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OutsideState {
    /// How far it is; none when there is none.
    pub under_way: Option<OutsideProgress>,
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OutsideProgress {
    /// Bytes.
    pub done: u64,
    /// Of how many; 0 while that is not known.
    pub total: u64,
}
