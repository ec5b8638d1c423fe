use serde::Serialize;
use ts_rs::TS;

/// Where this desk stands with courier bundles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CourierState {
    /// Whether bundles can be written: the server has told what they are sealed to.
    pub ready: bool,
}

/// A bundle that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CourierWritten {
    /// Name of the file.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// Acts in it.
    pub acts: u32,
    /// Files in it.
    pub files: u32,
    /// Acts that wait for the next one.
    pub left: u32,
}

impl From<congvan_core::BundleWritten> for CourierWritten {
    fn from(written: congvan_core::BundleWritten) -> Self {
        Self {
            name: written.name,
            size: written.size,
            acts: written.acts,
            files: written.files,
            left: written.left,
        }
    }
}

/// A bundle that was carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CourierCarried {
    /// The office whose it is.
    pub office: String,
    /// Its length in bytes.
    pub size: u64,
    /// Name of the answer's file.
    pub answer: String,
    /// The answer's length in bytes.
    pub answer_size: u64,
}

impl From<congvan_core::BundleCarried> for CourierCarried {
    fn from(carried: congvan_core::BundleCarried) -> Self {
        Self {
            office: carried.office,
            size: carried.size,
            answer: carried.answer,
            answer_size: carried.answer_size,
        }
    }
}

/// What an answer has brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CourierReceived {
    /// Acts that the server has done.
    pub applied: u32,
    /// Acts that a person must look at.
    pub trouble: u32,
    /// Documents that are new or changed.
    pub changed: u32,
    /// Documents that are gone by the server's word.
    pub removed: u32,
    /// Files that are here now.
    pub files: u32,
    /// Another bundle is needed: more records or files wait at the server, or the desk has begun anew.
    pub more: bool,
    /// The desk knew all of it already, or was further.
    pub stale: bool,
    /// Why the server did nothing of it, by the protocol's code.
    pub refused: Option<String>,
    /// The server's clock when it answered, in milliseconds since 1970.
    pub answered_at: Option<i64>,
}

impl From<congvan_core::Delivered> for CourierReceived {
    fn from(delivered: congvan_core::Delivered) -> Self {
        let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        let outcome = delivered.outcome;
        Self {
            applied: outcome.applied,
            trouble: outcome.trouble,
            changed: count(outcome.changed.len()),
            removed: count(outcome.removed.len()),
            files: delivered.files,
            more: delivered.more || delivered.anew || delivered.files_left > 0,
            stale: outcome.stale,
            refused: delivered.refused.map(|code| code.as_str().to_owned()),
            answered_at: delivered.answered_at.map(|at| at.0),
        }
    }
}
