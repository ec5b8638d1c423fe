//! The rules, in the order in which they are tried.

mod axis;
mod blobs;
mod books;
mod capacity;
mod courier;
mod deadlines;
mod directory;
mod dossiers;
mod events;
mod feed;
mod inventory;
mod leases;
mod notes;
mod ops;
mod outgoing;
mod session;
mod tasks;
mod uploads;

use futures_util::future::LocalBoxFuture;

use crate::suite::{Stop, Suite};

/// What a rule says when it holds: what was seen.
pub(crate) type Outcome = Result<String, Stop>;

/// One rule.
pub struct Rule {
    /// Its name; stays the same for ever.
    pub id: &'static str,
    /// What must hold.
    pub text: &'static str,
    pub(crate) check: for<'a> fn(&'a Suite) -> LocalBoxFuture<'a, Outcome>,
}

/// Fails the rule unless the condition holds.
macro_rules! must {
    ($condition:expr, $($words:tt)+) => {
        if !$condition {
            return Err(crate::suite::Stop::Fail(format!($($words)+)));
        }
    };
}
pub(crate) use must;

macro_rules! rules {
    ($($id:literal $check:path, $text:literal;)*) => {
        /// All of them.
        pub const RULES: &[Rule] = &[$(Rule {
            id: $id,
            text: $text,
            check: |suite| Box::pin($check(suite)),
        }),*];
    };
}

rules! {
    "HEALTH-1" session::probe, "the probe needs no token and echoes its nonce";
    "AUTH-1" session::wrong_password, "a wrong password is 401 BAD_CREDENTIALS";
    "AUTH-2" session::no_token, "without a token everything else is 401 TOKEN_EXPIRED";
    "AUTH-3" session::lost_refresh, "a refresh token stays good until its successor is used";
    "AUTH-4" session::stolen_refresh, "a superseded refresh token ends the session";
    "AUTH-5" session::logout, "after a logout the access token is dead";
    "SESS-1" session::session, "the session names account, upload limits and receipt key";
    "PROB-1" session::problems, "every refusal is an RFC 9457 problem with code and retryable";
    "LOAD-1" session::load, "probe and sync say how busy the server is";
    "FEED-1" feed::pages, "small pages bring exactly what one big page brings";
    "FEED-2" feed::limit, "no page holds more than was wanted";
    "FEED-3" feed::live, "a change comes once after the cursor, and nothing after that";
    "FEED-4" feed::busy, "what changes during a pull is in it or after it, never lost";
    "FEED-5" feed::tombstone, "what is recalled comes as a removal";
    "FEED-6" feed::stale, "an unknown cursor is 409 CANNOT_CALCULATE_CHANGES and touches no op";
    "OPS-1" ops::effect, "the answer holds the effects of its own ops";
    "OPS-2" ops::twice, "the same op twice has one effect and the same answer, marked duplicate";
    "OPS-3" ops::at_once, "eight copies at once have one effect, and one of them is the first";
    "OPS-4" ops::other_content, "another content under a known id is refused and changes nothing";
    "OPS-5" ops::receipt, "the receipt is for this op and this outcome, signed by the session's key";
    "OPS-6" ops::lanes, "an op that waits holds its own lane and no other";
    "OPS-7" ops::rejected, "a rejected op is final and does not hold its lane";
    "OPS-8" ops::too_many, "more than 100 ops are refused";
    "OPS-9" ops::rolled_back, "a device that went back in time is 409 DEVICE_ROLLED_BACK";
    "OPS-10" ops::already_settled, "an unknown op that the device reported as settled is not done";
    "OPS-11" ops::capacity, "an op in a capacity that is not the person's is rejected with CAPACITY_ENDED";
    "INV-1" inventory::digests, "the inventory's digests are those of a pull from the start";
    "INV-2" inventory::bucket, "a bucket lists exactly its items";
    "INV-3" inventory::bodies, "bodies are given by name, and strangers are no removals";
    "DIR-1" directory::pages, "small pages bring the directory that one big page brings";
    "DIR-2" directory::unchanged, "an unchanged directory is 304 without a body";
    "DIR-3" directory::announced, "sync names the cursor behind the directory's last change";
    "DIR-4" directory::stale, "a cursor of another history is 409 CANNOT_CALCULATE_CHANGES";
    "UP-1" uploads::create, "an upload begins with 201, a place, an offset and the limits";
    "UP-2" uploads::pieces, "pieces make the whole, and HEAD says how far it is";
    "UP-3" uploads::offset, "a piece at a wrong offset is 409 and says the right one";
    "UP-4" uploads::damaged_piece, "a damaged piece is refused and the offset stays";
    "UP-5" uploads::damaged_whole, "bytes with another hash than announced never become a blob";
    "UP-6" uploads::preempts, "a new request takes an upload over from one that hangs";
    "UP-7" uploads::base, "with a base only the tail travels";
    "UP-8" uploads::cancel, "a cancelled upload is gone";
    "UP-9" uploads::strangers, "an upload of one account is not there for another";
    "UP-10" uploads::too_large, "more than the limit is 413 TOO_LARGE";
    "BLOB-1" blobs::whole, "a blob has its bytes and its hash as strong ETag";
    "BLOB-2" blobs::range, "a range brings those bytes";
    "BLOB-3" blobs::conditions, "If-Range, If-None-Match and a range beyond the end are honoured";
    "BLOB-4" blobs::strangers, "a blob is not there for an account that has no document with it";
    "EVT-1" events::first, "the event stream begins with the head";
    "EVT-2" events::hint, "a change is hinted within ten seconds";
    "EVT-3" events::ping, "the line says by a named event that it is alive";
    "EVT-4" events::long_poll, "a long poll ends with the first state";
    "BOOK-1" books::next, "a registered paper gets the next number and is in the feed with it";
    "BOOK-2" books::twice, "registering twice uses one number";
    "BOOK-3" books::at_once, "papers at the same time get consecutive numbers";
    "BOOK-4" leases::idempotent, "a lease asked for again is the same; another device is refused";
    "BOOK-5" leases::exclusive, "while a lease is out the server gives no number of the book";
    "BOOK-6" leases::fence, "a number needs the lease it is of, and no other paper may have it";
    "BOOK-7" leases::give_back, "after a return the server goes on without a gap";
    "BOOK-8" leases::broken, "a lease is broken by two, and its block is never given again";
    "BOOK-9" books::times, "reception times never fall in a book, and a large shift is flagged";
    "BOOK-10" books::duplicate, "a paper that is there already is flagged";
    "AXIS-1" axis::once, "what came over the axis gets one number, and its sender is told 03 once, that day";
    "AXIS-2" axis::second_clerk, "the second of two clerks learns who registered it first";
    "NOTE-1" notes::place_kept, "a note keeps its place, and one outside its page is refused";
    "NOTE-2" notes::settled, "only a note of the same document is called dealt with";
    "NOTE-3" notes::reopened, "only a note that was dealt with is opened again";
    "NOTE-4" notes::of_a_newer_desk, "an opinion about something unknown keeps its words";
    "CAP-1" capacity::told, "giver and holder are told of a mandate until it is revoked, and its id stays its own";
    "CAP-2" capacity::revoked, "what is done by a mandate after it was revoked is rejected with CAPACITY_ENDED";
    "CAP-3" capacity::not_passed_on, "who acts by a mandate gives none: 403 NO_REDELEGATION";
    "CAP-4" capacity::both_names, "what is done by a mandate bears both names";
    "DUE-1" deadlines::own, "each who leads or supports has the deadline given to that person";
    "DUE-2" deadlines::within_the_whole, "a deadline of a person's own is not after that of the whole";
    "DUE-3" deadlines::more_time, "more time is given to who asked, and to nobody beside";
    "OUT-1" outgoing::numbers, "documents that are signed get the numbers of their book one after the other, each once";
    "OUT-2" outgoing::by_the_registry, "only the registry gets a number for a document";
    "OUT-3" outgoing::seal_is_a_signature, "the agency's signature is no act: nobody says that it is done";
    "OUT-4" outgoing::in_order, "nothing is issued before it has its number and the agency's signature, nor twice";
    "OUT-5" outgoing::delivered, "what is issued is at its recipient at once, and 01 is told with its time";
    "OUT-6" outgoing::statuses, "03 is told when the recipient registers it, once";
    "OUT-7" outgoing::refusal, "02 is told when the recipient does not take it, and it is not wanted back then";
    "OUT-8" outgoing::recalled, "what is wanted back is asked for once, and the recipient's answer is told";
    "OUT-10" outgoing::replaced, "what replaces an issued document is named on it from its issue on, here and at its recipient";
    "OUT-9" outgoing::void, "a number that was sent back is void, and the next one follows";
    "DOS-1" dossiers::numbered, "dossiers of a year get numbers of their own";
    "DOS-2" dossiers::looked_through, "a dossier is closed only when what is found in it is gone or let stand with a reason";
    "TASK-1" tasks::accepted, "a task is done by its lead and accepted by who gave it";
    "CAL-1" tasks::calendar_kept, "the agency's calendar is changed by who manages the agency only";
    "COURIER-1" courier::refused, "what is no courier bundle is 422 BUNDLE_DAMAGED, and one that the caller has not uploaded is not there";
    "COURIER-2" courier::known_by_keys, "a desk tells its keys for courier bundles as often as it likes; what are no keys is 400";
    "EPOCH-1" feed::epoch, "probe and sync name the same history";
    "EPOCH-2" feed::new_epoch, "after a restore every older cursor is stale, and ops stay once";
}
