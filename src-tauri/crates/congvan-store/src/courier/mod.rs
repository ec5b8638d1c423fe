//! Courier bundles (gói chuyển tay): what waits here goes into a file that another machine's desk
//! carries, and the server's answer comes back in one. Both are taken in by the transactions of the
//! network, so that they may come in any order with it, twice or never.

mod keys;
mod pack;
mod take;
mod watch;

pub use keys::CourierKeys;
pub use pack::{BundleOrder, Packed};
pub use take::{Delivered, ServerOfBundles, bundle_head};
pub use watch::{CourierWatch, Watched};

use std::io;

use congvan_courier::CourierError;

use crate::error::StoreError;

/// Why a courier bundle is not written, or not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CourierRefusal {
    /// The file is no courier bundle.
    NotOurs,
    /// It is of a newer version of the program.
    Newer,
    /// A byte of it was changed or lost; it is fetched or written again.
    Damaged,
    /// It is for another desk than this one, or for this one before it was made anew.
    OtherDesk,
    /// It is of another province.
    OtherProvince,
    /// The server has not signed it.
    NotSigned,
    /// It goes to the server, and is no answer from there.
    Outgoing,
    /// It comes from the server, and is not to be carried there.
    Answer,
    /// The file cannot be read or written: the stick was pulled out, or is write-protected.
    Stick,
    /// There is no room on the stick.
    StickFull,
    /// The server does not know whose it is: that desk's login has ended.
    UnknownDesk,
    /// It was written so long ago that the server refuses it; another is written.
    TooOld,
    /// The server has not told what bundles are sealed to: this desk has to reach it once.
    NotReady,
    /// Another bundle is being written, carried or received.
    Busy,
    /// A person gave it up.
    Cancelled,
}

pub(crate) fn refused(why: CourierRefusal) -> StoreError {
    StoreError::Courier { why }
}

/// What the envelope's errors mean at a desk.
pub(crate) fn envelope(error: CourierError) -> StoreError {
    match error {
        CourierError::NotOurs => refused(CourierRefusal::NotOurs),
        CourierError::Version { .. } => refused(CourierRefusal::Newer),
        CourierError::OtherKey => refused(CourierRefusal::OtherDesk),
        CourierError::Damaged => refused(CourierRefusal::Damaged),
        CourierError::NotSigned => refused(CourierRefusal::NotSigned),
        CourierError::TooLong => StoreError::Invalid {
            what: "a manifest that is too long",
        },
        CourierError::Key => StoreError::Invalid {
            what: "a key of a courier bundle",
        },
        CourierError::Io(error) => stick(&error),
    }
}

/// What the stick says.
pub(crate) fn stick(error: &io::Error) -> StoreError {
    refused(match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            CourierRefusal::StickFull
        }
        watch::GIVEN_UP => CourierRefusal::Cancelled,
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => CourierRefusal::Damaged,
        _ => CourierRefusal::Stick,
    })
}
