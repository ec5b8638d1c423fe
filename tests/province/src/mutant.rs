//! Servers that are wrong on purpose: a conformance suite that passes them proves nothing.

use serde::{Deserialize, Serialize};

macro_rules! mutants {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// One seeded fault. Never set outside tests.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Mutant {
            $($(#[$doc])* $name,)*
        }
        impl Mutant {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name on the command line.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

mutants! {
    /// Forgets which ops it has settled, and does them again.
    ReappliesDuplicates = "reapplies_duplicates";
    /// Answers another content under a known op id as if it were the first.
    TakesOtherContent = "takes_other_content";
    /// Lets an op pass one of its own lane that waits.
    OvertakesInLane = "overtakes_in_lane";
    /// Hands out a cursor one change too far.
    CursorSkips = "cursor_skips";
    /// Never sends tombstones.
    ForgetsTombstones = "forgets_tombstones";
    /// Sends more changes than were wanted.
    IgnoresLimit = "ignores_limit";
    /// Takes cursors of a history that is over.
    KeepsOldCursors = "keeps_old_cursors";
    /// Does not notice a device that went back in time.
    MissesRollback = "misses_rollback";
    /// Computes inventories without the revs.
    InventoryWithoutRev = "inventory_without_rev";
    /// Signs receipts with bytes of its own choice.
    ForgesReceipts = "forges_receipts";
    /// Takes a piece of an upload at any offset.
    IgnoresOffset = "ignores_offset";
    /// Takes the announced hash of an upload on trust.
    TrustsDigest = "trusts_digest";
    /// Ignores the base of an upload.
    IgnoresBase = "ignores_base";
    /// Answers ranges with the bytes from the start.
    RangeFromStart = "range_from_start";
    /// Serves any blob to anyone who knows its hash.
    BlobsForAll = "blobs_for_all";
    /// Describes errors as plain JSON of its own.
    PlainErrors = "plain_errors";
    /// Keeps tokens good after the end of their session.
    ForgetsLogout = "forgets_logout";
    /// Sends no hints.
    SilentEvents = "silent_events";
    /// Gives numbers while a device has them.
    IssuesWhileLeased = "issues_while_leased";
    /// Takes a number of any lease, or of none.
    IgnoresFence = "ignores_fence";
    /// Gives a broken block again.
    ReusesBrokenBlock = "reuses_broken_block";
    /// Goes on behind the block after a return, which leaves a gap.
    GapAfterReturn = "gap_after_return";
    /// Lets reception times fall.
    TimesFall = "times_fall";
    /// Never tells a sender over the axis that its document is registered.
    SilentToSenders = "silent_to_senders";
    /// Does not say who registered a document first.
    ForgetsWhoWasFirst = "forgets_who_was_first";
    /// Keeps the words of a note without its place.
    KeepsNoPlaces = "keeps_no_places";
    /// Lets anything be called dealt with.
    SettlesAnything = "settles_anything";
    /// Lets a note be opened again that is open.
    ReopensAnything = "reopens_anything";
    /// Refuses an opinion that is about something it does not know.
    RefusesNewerAbout = "refuses_newer_about";
    /// Tells nobody what mandates there are.
    HidesMandates = "hides_mandates";
    /// Takes what is done by a mandate that was revoked.
    OutlivesRevocation = "outlives_revocation";
    /// Lets who acts by a mandate give one.
    PassesMandatesOn = "passes_mandates_on";
    /// Writes down who acted without the leader in whose place.
    ForgetsTheGiver = "forgets_the_giver";
    /// Gives everyone the deadline of the whole.
    OneDeadlineForAll = "one_deadline_for_all";
    /// Takes deadlines after that of the whole.
    TakesLateDeadlines = "takes_late_deadlines";
    /// Gives more time to everyone when one has asked.
    MoreTimeForAll = "more_time_for_all";
    /// Gives every other number to documents that go out.
    SkipsANumber = "skips_a_number";
    /// Gives a number to whoever asks.
    AnyoneNumbers = "anyone_numbers";
    /// Takes the word that it is done for the agency's signature.
    TakesSealAsAct = "takes_seal_as_act";
    /// Issues what the agency has not signed.
    IssuesUnsealed = "issues_unsealed";
    /// Sends nothing to the recipients of what is issued.
    LosesDeliveries = "loses_deliveries";
    /// Tells senders another step than the one that was taken.
    TellsAnotherStep = "tells_another_step";
    /// Does not tell senders what was not taken.
    ForgetsRefusals = "forgets_refusals";
    /// Does not ask recipients for what is wanted back.
    DeafToRecalls = "deaf_to_recalls";
    /// Tells nobody that a document was replaced.
    HidesReplacements = "hides_replacements";
    /// Leaves a number that is void on its document.
    KeepsVoidNumbers = "keeps_void_numbers";
    /// Gives the number of another dossier.
    RepeatsDossierNumbers = "repeats_dossier_numbers";
    /// Closes a dossier whatever is found in it.
    ClosesUnlooked = "closes_unlooked";
    /// Lets everyone do everything to a task.
    AnyoneEndsTasks = "anyone_ends_tasks";
    /// Lets everyone change the calendar.
    AnyoneKeepsCalendars = "anyone_keeps_calendars";
}
