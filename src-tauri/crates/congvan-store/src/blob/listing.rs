use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use congvan_model::{Sha256, Timestamp};
use rusqlite::Transaction;

use super::writer::list_present;
use crate::{Store, error::Result};

/// Blobs that became durable at the same time get their rows in one transaction: what one costs is
/// the commit.
///
/// Whoever commits takes along all that wait. Nobody returns before its own row is committed: the
/// word for that is the number up to which rows are, not that someone took it along.
#[derive(Default)]
pub(crate) struct Listing {
    queue: Mutex<Queue>,
    committed: AtomicU64,
}

#[derive(Default)]
struct Queue {
    last: u64,
    rows: Vec<(Sha256, u64, Timestamp)>,
}

impl Listing {
    fn join(&self, row: (Sha256, u64, Timestamp)) -> u64 {
        let mut queue = crate::lock(&self.queue);
        queue.rows.push(row);
        queue.last += 1;
        queue.last
    }

    fn write_all(&self, tx: &Transaction<'_>) -> Result<u64> {
        let (rows, last) = {
            let mut queue = crate::lock(&self.queue);
            (std::mem::take(&mut queue.rows), queue.last)
        };
        for (sha256, size, at) in rows {
            list_present(tx, (sha256, size), at)?;
        }
        Ok(last)
    }
}

/// Lists a durable blob as present; returns when the row is durable too.
pub(super) fn note_present(
    store: &Store,
    (sha256, size): (Sha256, u64),
    now: Timestamp,
) -> Result<()> {
    let listing = store.listing();
    loop {
        let mine = listing.join((sha256, size, now));
        if listing.committed.load(Ordering::Acquire) >= mine {
            return Ok(());
        }
        let last = store.write(|tx| listing.write_all(tx))?;
        listing.committed.fetch_max(last, Ordering::AcqRel);
        if listing.committed.load(Ordering::Acquire) >= mine {
            return Ok(());
        }
        // Another took the row along and failed: it is queued again, which changes nothing if not.
    }
}
