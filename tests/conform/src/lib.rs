//! Does a server speak the protocol? A suite of rules over plain HTTP, one line each: what the rule
//! is, whether it holds, and what was seen. It knows nothing of any server but its address and two
//! accounts.
//!
//! Invariant: no crate of ours is used; what stands on the wire is written here a second time, so
//! that a slip in our types is seen. Invariant: nothing that stood on the server before is changed,
//! except that numbers of a book are used up and that, with `--admin`, a document of the suite's own
//! is recalled and a new history begins.

#![expect(
    clippy::indexing_slicing,
    reason = "JSON is read with serde_json's index, which gives null for what is not there"
)]

mod desk;
mod rules;
mod suite;

pub use rules::{RULES, Rule};
pub use suite::{Account, Line, Report, Stop, Suite, Target, Verdict, run};
