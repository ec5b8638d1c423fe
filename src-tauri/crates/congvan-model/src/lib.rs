//! The office's words: identifiers, time, document notation, urgency, states, folding.
//!
//! Invariant: this crate depends on no other crate of ours, touches no file, socket, clock,
//! environment or thread; time is always an argument.

mod agency;
mod algorithm;
mod bytes;
mod calendar;
mod doctype;
mod fold;
mod ids;
mod notation;
mod provisional;
mod state;
mod time;
mod urgency;

pub use agency::{AgencyCode, AgencyCodeError};
pub use algorithm::{Hash, SignAlgorithm};
pub use bytes::{ByteSource, ReadError};
pub use calendar::{DayKind, WorkingDays};
pub use doctype::DocumentType;
pub use fold::{Tone, fold, nfc, same_marks, spelled_out, tone_apart};
pub use ids::{
    AccountId, AgencyId, CalendarId, DeviceId, DocumentId, DossierId, FileId, HashError, LoanId,
    MandateId, OpId, OpinionId, RevisionId, Sha256, TaskId,
};
pub use notation::{Notation, NotationError};
pub use provisional::{ProvisionalId, ProvisionalIdError};
pub use state::{Direction, DocumentState, ReceiverRole, Role};
pub use time::{Deadline, Timestamp, VN_OFFSET, civil_date};
pub use urgency::Urgency;
