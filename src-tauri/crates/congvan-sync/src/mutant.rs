//! Mistakes of other programs, built in on purpose and switched on by tests only, to see that the
//! tests would catch them.

#![cfg_attr(
    not(feature = "mutants"),
    expect(unreachable_pub, reason = "public with the feature")
)]

/// A mistake. Without the feature `mutants` none can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// One refused file or act holds up everything behind it.
    PoisonBlocksAll,
    /// After a sleep the dead connections stay, and nothing is tried anew.
    SleepsOn,
    /// What stays silent is waited for until it speaks.
    NoWatchdog,
    /// A fixed wait after a failure, and none after a reconnection: all desks come at once.
    NoJitter,
    /// Intents of a document travel in any order.
    NoLaneOrder,
    /// A pull waits until every intent is through.
    PullWaitsForPush,
    /// After the server's restore only the cursor is forgotten; nothing is offered again.
    ForgetsToReoffer,
    /// A poll is forgotten when the event stream is silent.
    TrustsTheStream,
    /// The inventory is never compared.
    NeverCompares,
    /// A file too large for the server is tried over and over.
    RepeatsTheHopeless,
    /// An end of the session is taken as "offline": nobody is asked to log in.
    SwallowsLogout,
}
