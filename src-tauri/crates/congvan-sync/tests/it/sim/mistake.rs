//! Mistakes of desk's store and server, for tests of the tests; those of the machine are its own
//! (`congvan_sync::Mutant`).

/// A mistake in the world around the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// What a list does not name is deleted.
    DeletesWhatIsNotListed,
    /// A restored server goes on as if nothing had happened.
    IgnoresTheEpoch,
    /// After a restore nothing is offered again.
    OffersNothingAgain,
    /// An unknown op is called settled because of its place in the outbox.
    BelievesTheSequence,
    /// The row says "present" before the bytes are durable.
    RowBeforeBytes,
    /// A full disk is taken for a damaged outbox, which is begun anew.
    DiskFullIsDamage,
    /// The page of a captive portal is kept as the file.
    KeepsThePortal,
    /// The cursor is stored before the page it covers.
    CursorBeforePage,
    /// A change draws its place in the feed before it is committed.
    NumbersBeforeCommit,
    /// News are asked for by the desk's clock.
    AsksByTheClock,
    /// An act made while a round is under way is overwritten by its end.
    OverwritesDuringSync,
    /// Acts are dropped when the session has ended.
    DropsOn401,
    /// An op that comes twice is done twice.
    NoDedup,
    /// The lease of a lost device is never broken.
    LockOfTheDead,
    /// The device goes on giving numbers after it asked to return the lease.
    NoStopMark,
    /// A rejected act goes without a word.
    RejectsSilently,
    /// The bodies of a comparison are taken in although a round has come between.
    TakesLateBodies,
    /// What the server said before it was restored is taken in afterwards.
    TakesTheLostHistory,
}
