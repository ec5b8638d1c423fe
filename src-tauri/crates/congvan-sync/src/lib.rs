//! The sync state machine: when to probe, when to talk, what to send, what to fetch, how long to
//! wait. It says what to do; others do it.
//!
//! [`Machine::step`] takes an event, the time and randomness and answers with effects; every effect
//! that ends has a [`Ticket`], and its end comes back as [`Event::Answered`]. What must survive a
//! restart (intents, cursor, addresses of uploads) is the store's and comes in as [`Facts`]; what
//! people want of the traffic comes in as [`Wishes`].
//!
//! - Pulling never waits for a stuck upload; one poisoned act or file delays no other document.
//! - Inside a document the order of acts is strict; between documents there is none.
//! - Reachability is the probe's word, never the operating system's.
//! - Hints (event stream, long poll) only make it faster: polls go on without them.
//! - A server restored from a backup and a desk restored from an image delete nothing here.
//! - What stands still for two minutes is started anew, and counted.
//!
//! Invariant: no I/O, no clock, no thread, no async; the same events, times and random numbers give
//! the same effects.

mod backoff;
mod event;
mod flight;
mod machine;
mod meter;
mod mutant;
mod plan;
mod status;
mod wishes;

pub use event::{
    Answer, Compared, Effect, Event, Facts, Failure, Healthy, Listen, Now, Pending, PendingUpload,
    Round, Ticket, Wanted, Why, Wishes,
};
pub use machine::Machine;
#[cfg(feature = "mutants")]
pub use mutant::Mutant;
pub use plan::{BULK_PER_ROUND, OPS_PER_ROUND, sendable};
pub use status::{Moving, Network, Status, Trouble};
pub use wishes::{Schedule, Window};
