//! Numbers of a book while the server is out of reach, and papers registered here.
//!
//! Invariant: a number is durable in database and journal before anyone sees it, and no number is
//! issued twice, whatever of the two is lost or goes back in time. A stop is for ever: only a new
//! lease, with a higher fence, issues again.

use congvan_model::{AccountId, DeviceId, DocumentId, OpId, ProvisionalId, Timestamp, nfc};
use congvan_protocol::{Intent, Lease, LeasedNumber, RegisteredFile, RegistrationFields};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use crate::{
    Store, acts,
    audit::{self, AuditEvent, AuditKind},
    error::{NumberRefusal, Result, StoreError},
    journal::{Besides, IntentRecord, Journal, LeaseMark},
};

/// Longest reason of a void, in characters.
const REASON_MAX: usize = 500;

/// A lease as it stands on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseState {
    /// What the server gave.
    pub lease: Lease,
    /// The number that is issued next; above `hi` when all are used.
    pub next: u32,
    /// Since when nothing more is issued out of it.
    pub stopped_at: Option<Timestamp>,
}

impl LeaseState {
    /// The last number issued; `lo - 1` when none was.
    #[must_use]
    pub fn used_hi(&self) -> u32 {
        self.next.saturating_sub(1)
    }

    /// How many numbers are left.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.lease.hi.saturating_add(1).saturating_sub(self.next)
    }
}

/// A paper to be entered in a book. The bytes of its scan are a blob of this store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRegistration {
    /// Code of the book.
    pub book: String,
    /// Its year.
    pub year: u16,
    /// When the paper reached the office.
    pub received_at: Timestamp,
    /// What stands on it.
    pub fields: RegistrationFields,
    /// Its scan.
    pub file: RegisteredFile,
    /// Whether the number is taken from the lease; else the server gives it.
    pub from_lease: bool,
    /// This installation, for the provisional id.
    pub device: DeviceId,
    /// Who registers.
    pub author: AccountId,
    /// That person's name.
    pub author_name: String,
}

/// A paper that is safe on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Its intent.
    pub op: OpId,
    /// Its document.
    pub document: DocumentId,
    /// What to write on it while it has no number.
    pub provisional: ProvisionalId,
    /// Its number, for good, when it came out of a lease.
    pub number: Option<u32>,
}

impl Store {
    /// Keeps a lease that the server gave, or one it answered again. What was already issued out of
    /// it stays issued, and a stopped one stays stopped.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a lease without numbers; disk errors.
    pub fn take_lease(&self, lease: &Lease, now: Timestamp) -> Result<LeaseState> {
        if lease.lo == 0 || lease.hi < lease.lo {
            return Err(StoreError::Invalid {
                what: "a lease has numbers from 1",
            });
        }
        let marks = crate::lock(self.journal()).leases();
        self.write(|tx| {
            tx.execute(
                "INSERT INTO lease(book, year, fence, lo, hi, next, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?6)
                 ON CONFLICT(book, year) DO UPDATE SET
                   next = CASE WHEN excluded.fence > fence THEN excluded.lo ELSE next END,
                   stopped_at = CASE WHEN excluded.fence > fence THEN NULL ELSE stopped_at END,
                   lo = CASE WHEN excluded.fence > fence THEN excluded.lo ELSE lo END,
                   hi = CASE WHEN excluded.fence > fence THEN excluded.hi
                        ELSE max(hi, excluded.hi) END,
                   expires_at = excluded.expires_at,
                   fence = excluded.fence
                 WHERE excluded.fence >= fence",
                params![
                    lease.book,
                    lease.year,
                    crate::int(lease.fence),
                    lease.lo,
                    lease.hi,
                    lease.expires_at.0
                ],
            )?;
            catch_up(tx, &marks, now)?;
            one(tx, &lease.book, lease.year)?.ok_or(StoreError::NoNumber {
                why: NumberRefusal::NoLease,
            })
        })
    }

    /// The leases on this machine.
    ///
    /// # Errors
    /// Disk errors.
    pub fn leases(&self) -> Result<Vec<LeaseState>> {
        self.read(|db| {
            let mut query = db.prepare_cached(&format!("{LEASE} ORDER BY year DESC, book"))?;
            let mut rows = query.query([])?;
            let mut leases = Vec::new();
            while let Some(row) = rows.next()? {
                leases.push(lease_state(row)?);
            }
            Ok(leases)
        })
    }

    /// From here on nothing is issued out of this lease: in the journal first, then in the
    /// database, and only then may it be given back. Without the mark, a lost answer of the server
    /// would lead to two papers with one number. Asked again it answers the same.
    ///
    /// # Errors
    /// [`StoreError::NoNumber`] when there is no lease; disk errors: it may then be stopped already,
    /// ask again.
    pub fn stop_issuing(&self, book: &str, year: u16, now: Timestamp) -> Result<LeaseState> {
        let mut journal = crate::lock(self.journal());
        let state = self.read(|db| one(db, book, year))?;
        let state = state.ok_or(StoreError::NoNumber {
            why: NumberRefusal::NoLease,
        })?;
        if state.stopped_at.is_some() {
            return Ok(state);
        }
        journal.mark_lease(LeaseMark {
            stopped: true,
            ..mark_of(&state)
        })?;
        self.write(|tx| {
            tx.execute(
                "UPDATE lease SET stopped_at = ?3 WHERE book = ?1 AND year = ?2",
                params![book, year, now.0],
            )?;
            let event = AuditEvent {
                kind: AuditKind::NumbersStopped,
                document: None,
                detail: format!(
                    "year={year} fence={} used={}",
                    state.lease.fence,
                    state.used_hi()
                ),
            };
            audit::append(tx, &event, now)?;
            one(tx, book, year)?.ok_or(StoreError::NoNumber {
                why: NumberRefusal::NoLease,
            })
        })
    }

    /// The server has taken the lease back.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when it was not stopped before; disk errors.
    pub fn lease_returned(&self, book: &str, year: u16, fence: u64) -> Result<()> {
        self.write(|tx| {
            let running = tx
                .prepare(
                    "SELECT 1 FROM lease WHERE book = ?1 AND year = ?2 AND fence = ?3
                       AND stopped_at IS NULL",
                )?
                .exists(params![book, year, crate::int(fence)])?;
            if running {
                return Err(StoreError::Invalid {
                    what: "a lease is stopped before it is returned",
                });
            }
            tx.execute(
                "DELETE FROM lease WHERE book = ?1 AND year = ?2 AND fence = ?3",
                params![book, year, crate::int(fence)],
            )?;
            Ok(())
        })
    }

    /// Registers a paper: its intent, its overlay, its audit row and, out of a lease, its number.
    /// When this returns, the number is durable twice and may be stamped.
    ///
    /// # Errors
    /// [`StoreError::NoNumber`]; [`StoreError::BlobMissing`] when the scan is not durable here; disk
    /// errors: then nothing was recorded and no number was used.
    pub fn register_incoming(&self, new: &NewRegistration, now: Timestamp) -> Result<Registered> {
        self.register_paper(new, (DocumentId(acts::uuid_v7(now)), now, None), |_, _| {
            Ok(Vec::new())
        })
    }

    /// The same for a document with that id, with what else belongs to the act: its intents follow in
    /// the same lane, and all of it is one transaction.
    pub(crate) fn register_paper(
        &self,
        new: &NewRegistration,
        (document, now, kept): (DocumentId, Timestamp, Option<Besides>),
        besides: impl FnOnce(&Transaction<'_>, &Registered) -> Result<Vec<IntentRecord>>,
    ) -> Result<Registered> {
        if !self.blob_present(new.file.sha256)? {
            return Err(StoreError::BlobMissing {
                sha256: new.file.sha256,
            });
        }
        let mut journal = crate::lock(self.journal());
        self.journalled(&mut journal, |tx| {
            let provisional = ProvisionalId::new(new.device, next_provisional(tx)?);
            let at = (now, new.received_at);
            let (number, received_at) =
                taken_number(tx, (&new.book, new.year), new.from_lease, at)?;
            let intent = Intent::RegisterIncoming {
                document,
                book: new.book.clone(),
                year: new.year,
                received_at,
                provisional: provisional.to_string(),
                number,
                fields: Box::new(new.fields.clone()),
                file: new.file.clone(),
            };
            let author = (new.author, new.author_name.as_str());
            let mut record = acts::record_on(tx, (document, 0), intent, author, now)?;
            record.besides = kept;
            let registered = Registered {
                op: record.op.id,
                document,
                provisional,
                number: number.map(|leased| leased.number),
            };
            let mut records = vec![record];
            records.extend(besides(tx, &registered)?);
            Ok((records, registered))
        })
    }

    /// Records the next number of a lease as void: a spoiled stamp, a paper withdrawn.
    ///
    /// # Errors
    /// As [`Store::register_incoming`]; [`StoreError::Invalid`] without a reason.
    pub fn void_next_number(
        &self,
        (book, year): (&str, u16),
        reason: &str,
        (author, author_name): (AccountId, &str),
        now: Timestamp,
    ) -> Result<u32> {
        let reason = nfc(reason.trim());
        if reason.is_empty() || reason.chars().count() > REASON_MAX {
            return Err(StoreError::Invalid {
                what: "a reason has 1 to 500 characters",
            });
        }
        let mut journal = crate::lock(self.journal());
        // The intent names no lease, so the lease is marked by itself, before the intent is.
        let state = self.read(|db| one(db, book, year))?;
        let state = state.ok_or(StoreError::NoNumber {
            why: NumberRefusal::NoLease,
        })?;
        let number = self.journalled_with(&mut journal, |tx, journal| {
            let (leased, _) = issue(tx, (book, year), (now, now))?;
            journal.mark_lease(LeaseMark {
                used: leased.number,
                ..mark_of(&state)
            })?;
            let intent = Intent::VoidNumber {
                book: book.to_owned(),
                year,
                number: leased.number,
                reason,
            };
            let lane = DocumentId(acts::uuid_v7(now));
            let record = acts::record_on(tx, (lane, 0), intent, (author, author_name), now)?;
            Ok((vec![record], leased.number))
        })?;
        tracing::info!(number, "a number is void");
        Ok(number)
    }

    pub(crate) fn journalled<T>(
        &self,
        journal: &mut Journal,
        work: impl FnOnce(&Transaction<'_>) -> Result<(Vec<IntentRecord>, T)>,
    ) -> Result<T> {
        self.journalled_with(journal, |tx, _| work(tx))
    }

    /// A transaction whose intents are durable in the journal before it commits: when this returns,
    /// both have them. A crash in between leaves them in the journal, and the next opening replays them.
    fn journalled_with<T>(
        &self,
        journal: &mut Journal,
        work: impl FnOnce(&Transaction<'_>, &mut Journal) -> Result<(Vec<IntentRecord>, T)>,
    ) -> Result<T> {
        if journal.is_distrusted() {
            return Err(StoreError::Locked);
        }
        let mut written = Vec::new();
        let done = self.write(|tx| {
            let (records, out) = work(tx, journal)?;
            journal.append_all_first(&records)?;
            written.extend(records.iter().map(|record| record.op.id));
            crate::fail::point("number.journalled");
            Ok(out)
        });
        if done.is_err() {
            // The commit failed: the journal must not bring back what the person was told failed,
            // or its number, issued once more, would be on two papers. Where it cannot be told so,
            // nothing is issued until the next opening has read it.
            for op in written {
                journal.withdraw(op);
            }
        }
        done
    }
}

/// The number of a registration, where it comes out of the lease, and the time that stands beside it.
pub(crate) fn taken_number(
    tx: &Transaction<'_>,
    book: (&str, u16),
    from_lease: bool,
    (now, received_at): (Timestamp, Timestamp),
) -> Result<(Option<LeasedNumber>, Timestamp)> {
    if !from_lease {
        return Ok((None, received_at));
    }
    let (leased, at) = issue(tx, book, (now, received_at))?;
    Ok((Some(leased), at))
}

/// Takes the next number of a lease inside the transaction of what it is for.
fn issue(
    tx: &Transaction<'_>,
    (book, year): (&str, u16),
    (now, received_at): (Timestamp, Timestamp),
) -> Result<(LeasedNumber, Timestamp)> {
    let refused = |why| Err(StoreError::NoNumber { why });
    let Some(state) = one(tx, book, year)? else {
        return refused(NumberRefusal::NoLease);
    };
    let last_at: i64 = tx.query_row(
        "SELECT last_at FROM lease WHERE book = ?1 AND year = ?2",
        params![book, year],
        |row| row.get(0),
    )?;
    if state.stopped_at.is_some() {
        return refused(NumberRefusal::Stopped);
    }
    if now.0 < last_at {
        return refused(NumberRefusal::ClockWentBack);
    }
    if now >= state.lease.expires_at {
        return refused(NumberRefusal::Expired);
    }
    if state.left() == 0 {
        return refused(NumberRefusal::UsedUp);
    }
    // The decree: numbers follow the order of reception.
    let received_at = Timestamp(received_at.0.clamp(last_at, now.0));
    tx.execute(
        "UPDATE lease SET next = next + 1, last_at = ?3 WHERE book = ?1 AND year = ?2",
        params![book, year, received_at.0],
    )?;
    let leased = LeasedNumber {
        fence: state.lease.fence,
        number: state.next,
    };
    Ok((leased, received_at))
}

/// Brings the leases up to what the journal knows.
pub(crate) fn catch_up(tx: &Transaction<'_>, marks: &[LeaseMark], now: Timestamp) -> Result<()> {
    for mark in marks {
        tx.execute(
            "UPDATE lease SET next = max(next, ?4),
               stopped_at = CASE WHEN ?5 THEN coalesce(stopped_at, ?6) ELSE stopped_at END
             WHERE book = ?1 AND year = ?2 AND fence = ?3",
            params![
                mark.book,
                mark.year,
                crate::int(mark.fence),
                mark.used.saturating_add(1),
                mark.stopped,
                now.0
            ],
        )?;
        // A lease older than one the journal has seen is a ghost of an old database.
        tx.execute(
            "UPDATE lease SET stopped_at = coalesce(stopped_at, ?4)
             WHERE book = ?1 AND year = ?2 AND fence < ?3",
            params![mark.book, mark.year, crate::int(mark.fence), now.0],
        )?;
    }
    Ok(())
}

fn mark_of(state: &LeaseState) -> LeaseMark {
    LeaseMark {
        book: state.lease.book.clone(),
        year: state.lease.year,
        fence: state.lease.fence,
        used: state.used_hi(),
        stopped: false,
    }
}

/// The place of the coming intent in the outbox: given once only, even when the database is lost.
pub(crate) fn next_provisional(tx: &Transaction<'_>) -> Result<u32> {
    let next = crate::outbox::highest_seq(tx)?.saturating_add(1);
    u32::try_from(next).map_err(|_| StoreError::Invalid {
        what: "no provisional ids left",
    })
}

const LEASE: &str = "SELECT book, year, fence, lo, hi, next, expires_at, stopped_at FROM lease";

fn one(db: &Connection, book: &str, year: u16) -> Result<Option<LeaseState>> {
    let mut query = db.prepare_cached(&format!("{LEASE} WHERE book = ?1 AND year = ?2"))?;
    Ok(query
        .query_row(params![book, year], lease_state)
        .optional()?)
}

fn lease_state(row: &Row<'_>) -> rusqlite::Result<LeaseState> {
    let stopped_at: Option<i64> = row.get(7)?;
    Ok(LeaseState {
        lease: Lease {
            book: row.get(0)?,
            year: row.get(1)?,
            fence: crate::uint(row.get(2)?),
            lo: row.get(3)?,
            hi: row.get(4)?,
            expires_at: Timestamp(row.get(6)?),
        },
        next: row.get(5)?,
        stopped_at: stopped_at.map(Timestamp),
    })
}
