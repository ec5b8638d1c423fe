//! The rules of a book's numbers (Decree 30/2020, articles 15 and 22), without I/O: the server keeps
//! the state in its database, the model check in a state space, and both ask the same functions.
//!
//! N1: no two documents have one number. N2: every number from 1 to the last has exactly one record.
//! N3: reception times do not fall with rising numbers. N4: a number on a document never changes.
//!
//! A book's numbers come from one place at a time: from the server, or from the one device with the
//! lease. Invariant: while a lease is open the server gives none. Invariant: a number that a device
//! may have given is never given again by anybody.

use congvan_model::{DeviceId, Timestamp, VN_OFFSET, civil_date};

use crate::Lease;

/// Most numbers a device takes along.
pub const LEASE_MAX: u32 = 50;
/// Fences that may have been used since the backup a server was restored from.
pub const FENCES_SET_ASIDE: u64 = 1_000;
/// Difference between a device's and the book's reception time from which it is flagged.
pub const SKEW_MS: i64 = 5 * 60_000;

/// Who holds a lease. A clone of the machine is another holder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Holder {
    /// The installation.
    pub device: DeviceId,
    /// The life of its database.
    pub incarnation: String,
}

/// The numbers of one book in one year.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Series {
    /// The number that the server would give next.
    pub next: u32,
    /// The fence of the last lease; 0 before the first.
    pub fence: u64,
    /// The lease that is out.
    pub open: Option<Grant>,
    /// Leases that are over. Those without an effect any more (all their numbers on record, or none
    /// of them given) may be left out by whoever keeps the state.
    pub past: Vec<Grant>,
}

/// A lease as the server keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    /// Names it.
    pub fence: u64,
    /// Who has it.
    pub holder: Holder,
    /// First number.
    pub lo: u32,
    /// Last number.
    pub hi: u32,
    /// When the device stops giving numbers.
    pub expires_at: Timestamp,
    /// What became of it.
    pub state: GrantState,
}

/// What became of a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantState {
    /// The device gives numbers.
    Open,
    /// The device gave up to here and stopped; the rest went back to the server.
    Returned {
        /// The last number it gave; `lo - 1` for none.
        used_hi: u32,
    },
    /// Two officials broke it; the block is set aside until the device comes back.
    Broken,
    /// It was broken, and then the device came back: the rest of the block is void.
    Settled {
        /// The last number it gave; `lo - 1` for none.
        used_hi: u32,
    },
}

/// What a book says about one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberRecord {
    /// It is on a document.
    Registered,
    /// It will never be on one; a reason is on record.
    Void,
    /// A device has given it and said so; its document is still on the way.
    Promised,
}

/// Why a number or a lease is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Another device holds the lease.
    LeaseHeld,
    /// That lease is over, or was never given.
    LeaseStale,
    /// The number is on a document, or void.
    NumberTaken,
    /// The year has ended or not begun.
    YearClosed,
    /// The request makes no sense.
    Invalid,
}

/// What a device asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// Who asks.
    pub holder: Holder,
    /// How many numbers, 1 to [`LEASE_MAX`].
    pub want: u32,
    /// Until when, see [`lease_until`].
    pub until: Timestamp,
    /// Highest number of the open lease that has a record; 0 for none.
    pub recorded_hi: u32,
}

/// What the end of a lease leaves to be written down. The ranges are inclusive; the records that
/// exist already stay as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Closing {
    /// Given by the device: their documents come, or have come.
    pub promised: Option<(u32, u32)>,
    /// Never given, and never to be.
    pub void: Option<(u32, u32)>,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            next: 1,
            fence: 0,
            open: None,
            past: Vec::new(),
        }
    }
}

impl Series {
    /// The server gives a number (mode S).
    ///
    /// # Errors
    /// [`Refusal::LeaseHeld`] while a lease is out, whoever asks.
    pub fn issue(&mut self) -> Result<u32, Refusal> {
        if self.open.is_some() {
            return Err(Refusal::LeaseHeld);
        }
        let number = self.next;
        self.next = number.checked_add(1).ok_or(Refusal::Invalid)?;
        Ok(number)
    }

    /// A device takes numbers along, or asks again.
    ///
    /// # Errors
    /// [`Refusal::LeaseHeld`] for another device; [`Refusal::LeaseStale`] for a device whose earlier
    /// lease was broken and that has not yet said how far it got; [`Refusal::Invalid`] for a count.
    pub fn lease(&mut self, ask: &Ask) -> Result<Grant, Refusal> {
        if ask.want == 0 || ask.want > LEASE_MAX {
            return Err(Refusal::Invalid);
        }
        if let Some(open) = &mut self.open {
            if open.holder != ask.holder {
                return Err(Refusal::LeaseHeld);
            }
            let given = ask.recorded_hi.max(open.lo.saturating_sub(1));
            let left = open.hi.saturating_sub(given);
            if left < ask.want.div_ceil(2) {
                open.hi = open.hi.max(given.saturating_add(ask.want));
            }
            open.expires_at = open.expires_at.max(ask.until);
            return Ok(open.clone());
        }
        let owes = |grant: &Grant| grant.state == GrantState::Broken && grant.holder == ask.holder;
        if self.past.iter().any(owes) {
            return Err(Refusal::LeaseStale);
        }
        self.fence += 1;
        let grant = Grant {
            fence: self.fence,
            holder: ask.holder.clone(),
            lo: self.next,
            hi: self
                .next
                .checked_add(ask.want - 1)
                .ok_or(Refusal::Invalid)?,
            expires_at: ask.until,
            state: GrantState::Open,
        };
        self.open = Some(grant.clone());
        Ok(grant)
    }

    /// A device has stopped and says how far it got. Saying it again changes nothing.
    ///
    /// # Errors
    /// [`Refusal::LeaseStale`] for an unknown lease or another last number than the first time;
    /// [`Refusal::Invalid`] for a last number outside the lease or below one that is on record.
    pub fn give_back(
        &mut self,
        fence: u64,
        used_hi: u32,
        recorded_hi: u32,
    ) -> Result<Closing, Refusal> {
        let is_it = |grant: &Grant| grant.fence == fence;
        if let Some(mut grant) = self.open.take_if(|grant| is_it(grant)) {
            if let Err(refusal) = grant.check_used(used_hi, recorded_hi) {
                self.open = Some(grant);
                return Err(refusal);
            }
            self.next = used_hi.saturating_add(1);
            grant.state = GrantState::Returned { used_hi };
            let closing = Closing {
                promised: range(grant.lo, used_hi),
                void: None,
            };
            self.past.push(grant);
            return Ok(closing);
        }
        let grant = self.past.iter_mut().find(|grant| is_it(grant));
        let grant = grant.ok_or(Refusal::LeaseStale)?;
        match grant.state {
            GrantState::Open => Err(Refusal::Invalid),
            GrantState::Returned { used_hi: said } | GrantState::Settled { used_hi: said } => {
                if said == used_hi {
                    Ok(Closing::default())
                } else {
                    Err(Refusal::LeaseStale)
                }
            }
            GrantState::Broken => {
                grant.check_used(used_hi, recorded_hi)?;
                grant.state = GrantState::Settled { used_hi };
                Ok(Closing {
                    promised: range(grant.lo, used_hi),
                    void: range(used_hi.saturating_add(1), grant.hi),
                })
            }
        }
    }

    /// The device with the lease is lost: the server goes on behind its block. The answer is the
    /// broken lease; none when there was none.
    pub fn break_lease(&mut self) -> Option<Grant> {
        let mut grant = self.open.take()?;
        grant.state = GrantState::Broken;
        self.next = grant.hi.saturating_add(1);
        self.past.push(grant.clone());
        Some(grant)
    }

    /// The server was restored from a backup: up to `margin` numbers may have been given since, and
    /// leases with higher fences may be out. The block is set aside like that of a lost device, under
    /// the name of `holder`; a lease that was out in the backup is broken and its block made longer,
    /// because it may have been extended since, or returned and its rest given. The answer is what
    /// is set aside; papers that come again with their numbers find them free in it.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] when the numbers are used up, or for a margin of 0.
    pub fn set_aside(
        &mut self,
        margin: u32,
        holder: Holder,
        now: Timestamp,
    ) -> Result<Grant, Refusal> {
        let lo = self.open.as_ref().map_or(self.next, |open| open.lo);
        let from = self.open.as_ref().map_or(self.next, |open| open.hi + 1);
        let hi = from
            .checked_add(margin)
            .and_then(|end| end.checked_sub(1))
            .filter(|hi| margin > 0 && *hi < u32::MAX)
            .ok_or(Refusal::Invalid)?;
        self.fence = self.fence.saturating_add(FENCES_SET_ASIDE);
        let fence = self.fence;
        let mut grant = self.open.take().unwrap_or(Grant {
            fence,
            holder,
            lo,
            hi,
            expires_at: now,
            state: GrantState::Broken,
        });
        grant.hi = hi;
        grant.state = GrantState::Broken;
        self.next = hi + 1;
        self.past.push(grant.clone());
        Ok(grant)
    }

    /// The lease with that fence.
    #[must_use]
    pub fn grant(&self, fence: u64) -> Option<&Grant> {
        let mut all = self.open.iter().chain(&self.past);
        all.find(|grant| grant.fence == fence)
    }

    /// The lease whose block holds a number; the latest where blocks overlap because the rest of an
    /// earlier one went back.
    #[must_use]
    pub fn grant_of(&self, number: u32) -> Option<&Grant> {
        let all = self.open.iter().chain(&self.past);
        all.filter(|grant| grant.lo <= number && number <= grant.hi)
            .max_by_key(|grant| grant.fence)
    }
}

impl Grant {
    fn check_used(&self, used_hi: u32, recorded_hi: u32) -> Result<(), Refusal> {
        let is_in = self.lo.saturating_sub(1) <= used_hi && used_hi <= self.hi;
        if is_in && recorded_hi <= used_hi {
            Ok(())
        } else {
            Err(Refusal::Invalid)
        }
    }

    /// Whether a document may have a number of this lease.
    ///
    /// # Errors
    /// [`Refusal::NumberTaken`] when another document has it or it is void; [`Refusal::LeaseStale`]
    /// when the device said that it had not given it; [`Refusal::Invalid`] for one of another block.
    pub fn admit(&self, number: u32, record: Option<NumberRecord>) -> Result<(), Refusal> {
        if number < self.lo || number > self.hi {
            return Err(Refusal::Invalid);
        }
        match record {
            Some(NumberRecord::Registered | NumberRecord::Void) => Err(Refusal::NumberTaken),
            Some(NumberRecord::Promised) => Ok(()),
            None => match self.state {
                GrantState::Open | GrantState::Broken => Ok(()),
                GrantState::Returned { .. } | GrantState::Settled { .. } => {
                    Err(Refusal::LeaseStale)
                }
            },
        }
    }

    /// Whether a device may declare a number void: it must have it from this lease, and no document
    /// may have it.
    ///
    /// # Errors
    /// [`Refusal::NumberTaken`] when a document has it; [`Refusal::LeaseHeld`] for another device;
    /// [`Refusal::LeaseStale`] and [`Refusal::Invalid`] as [`Grant::admit`]. A number that is void
    /// already is fine.
    pub fn may_void(
        &self,
        number: u32,
        by: &Holder,
        record: Option<NumberRecord>,
    ) -> Result<(), Refusal> {
        if self.holder != *by {
            return Err(Refusal::LeaseHeld);
        }
        match record {
            Some(NumberRecord::Void) => Ok(()),
            Some(NumberRecord::Registered | NumberRecord::Promised) | None => {
                self.admit(number, record)
            }
        }
    }
}

/// Whether the document of a number may be withdrawn, which makes the number void for ever: it must
/// have one. A number never becomes free by that (N1, N4), and has a record before and after (N2).
///
/// # Errors
/// [`Refusal::Invalid`] for a number without a document.
pub fn may_withdraw(record: Option<NumberRecord>) -> Result<(), Refusal> {
    match record {
        Some(NumberRecord::Registered) => Ok(()),
        Some(NumberRecord::Void | NumberRecord::Promised) | None => Err(Refusal::Invalid),
    }
}

fn range(from: u32, to: u32) -> Option<(u32, u32)> {
    (from <= to).then_some((from, to))
}

/// Until when a lease that is asked for now is good: the end of the day in Vietnam, so at most 24
/// hours. Next year's book can be taken from 20 December on; that lease is good through 1 January.
///
/// # Errors
/// [`Refusal::YearClosed`] for any other year.
pub fn lease_until(now: Timestamp, year: u16) -> Result<Timestamp, Refusal> {
    let today = now.vietnam_date();
    let this_year = today.year();
    let year = i16::try_from(year).map_err(|_| Refusal::YearClosed)?;
    let day = if year == this_year {
        today
    } else if year == this_year.saturating_add(1) && today.month() == 12 && today.day() >= 20 {
        civil_date(year, 1, 1).ok_or(Refusal::YearClosed)?
    } else {
        return Err(Refusal::YearClosed);
    };
    VN_OFFSET
        .to_timestamp(day.at(23, 59, 59, 999_000_000))
        .map(|end| Timestamp(end.as_millisecond()))
        .map_err(|_| Refusal::YearClosed)
}

/// The number that a device may give now; none when the block is used up, the lease is over, its
/// year is not this one, or the device has written down that it stopped. `used_hi` is the last one it
/// gave out of this lease, 0 before the first.
#[must_use]
pub fn next_leased(lease: &Lease, used_hi: u32, stopped: bool, now: Timestamp) -> Option<u32> {
    let is_year = i16::try_from(lease.year) == Ok(now.vietnam_date().year());
    if stopped || now > lease.expires_at || !is_year {
        return None;
    }
    let number = used_hi.saturating_add(1).max(lease.lo);
    (number <= lease.hi).then_some(number)
}

/// The reception time as it stands in the book, between those of the entries before and after and
/// never in the future.
#[must_use]
pub fn booked_at(
    received_at: Timestamp,
    before: Option<Timestamp>,
    after: Option<Timestamp>,
    now: Timestamp,
) -> Timestamp {
    let mut booked = received_at.min(now);
    if let Some(before) = before {
        booked = booked.max(before);
    }
    if let Some(after) = after {
        booked = booked.min(after);
    }
    booked
}

/// Whether the book's time is so far from the device's that someone should look.
#[must_use]
pub fn is_skewed(received_at: Timestamp, booked: Timestamp) -> bool {
    received_at.0.abs_diff(booked.0) > SKEW_MS.unsigned_abs()
}

#[cfg(test)]
mod tests;
