//! Taking numbers along, bringing them back, and breaking a lease whose device is lost.

use congvan_model::{AccountId, Timestamp};
use congvan_protocol::{
    BookState, BreakAnswer, BreakRequest, Lease, LeaseRequest, ProblemCode, ReturnRequest,
    numbers::{Ask, Grant, GrantState, Holder, Series, lease_until},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{BookKey, book, code, load, on_wire, registry, save_counter, state, void};
use crate::{ProvinceError, accounts, error::Result, mutant::Mutant, office::Office};

/// A word of two officials counts for so long.
const WORD_MS: i64 = 24 * 3_600_000;

/// What came of a request about a lease.
pub(crate) type Answer<T> = std::result::Result<T, ProblemCode>;

/// A request about a book: whose it is, and when.
#[derive(Clone, Copy)]
struct Caller {
    account: AccountId,
    now: Timestamp,
}

/// The book that the caller means, when the caller's agency has it and the caller is a clerk there
/// (or a leader, where that is enough: for breaking, which is also how what a restore set aside is
/// given up, in books that no device takes along too).
fn find(
    tx: &Transaction<'_>,
    account: AccountId,
    (name, year): (&str, u16),
    leaders_too: bool,
) -> Result<Answer<BookKey>> {
    let Some(registry) = registry(tx, account)? else {
        return Ok(Err(ProblemCode::Forbidden));
    };
    if !(registry.is_clerk || leaders_too && registry.is_leader) {
        return Ok(Err(ProblemCode::Forbidden));
    }
    let key = BookKey {
        agency: registry.agency,
        book: name.to_owned(),
        year,
    };
    Ok(match book(tx, &key)? {
        Some((_, leasable)) if leasable || leaders_too => Ok(key),
        Some(_) => Err(ProblemCode::Forbidden),
        None => Err(ProblemCode::NotFound),
    })
}

/// Highest number of a lease that is on record; 0 for none.
fn recorded_hi(tx: &Transaction<'_>, key: &BookKey, grant: Option<&Grant>) -> Result<u32> {
    let Some(grant) = grant else {
        return Ok(0);
    };
    Ok(tx.query_row(
        "SELECT COALESCE(MAX(number), 0) FROM book_entry
         WHERE agency = ?1 AND book = ?2 AND year = ?3 AND number BETWEEN ?4 AND ?5",
        params![key.agency, key.book, key.year, grant.lo, grant.hi],
        |row| row.get(0),
    )?)
}

/// Writes a lease as it stands now.
pub(super) fn save(
    tx: &Transaction<'_>,
    key: &BookKey,
    grant: &Grant,
    account: AccountId,
) -> Result<()> {
    let (state, used_hi) = match grant.state {
        GrantState::Open => ("open", None),
        GrantState::Returned { used_hi } => ("returned", Some(used_hi)),
        GrantState::Broken => ("broken", None),
        GrantState::Settled { used_hi } => ("settled", Some(used_hi)),
    };
    tx.execute(
        "INSERT INTO book_lease(agency, book, year, fence, account, device, incarnation, lo, hi,
           expires_at, state, used_hi) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT(agency, book, year, fence) DO UPDATE SET hi = excluded.hi,
           expires_at = excluded.expires_at, state = excluded.state, used_hi = excluded.used_hi",
        params![
            key.agency,
            key.book,
            key.year,
            grant.fence,
            account.0,
            grant.holder.device.0.as_bytes(),
            grant.holder.incarnation,
            grant.lo,
            grant.hi,
            grant.expires_at.0,
            state,
            used_hi
        ],
    )?;
    Ok(())
}

/// A device takes numbers along, or asks again.
pub(crate) fn lease(
    office: &Office,
    account: AccountId,
    place: (&str, u16),
    request: &LeaseRequest,
) -> Result<Answer<Lease>> {
    let now = office.now();
    office.db.write(|tx| {
        let key = match find(tx, account, place, false)? {
            Ok(key) => key,
            Err(code) => return Ok(Err(code)),
        };
        let until = match lease_until(now, key.year) {
            Ok(until) => until,
            Err(refusal) => return Ok(Err(code(refusal))),
        };
        let mut series = load(tx, &key)?;
        let ask = Ask {
            holder: Holder {
                device: request.device,
                incarnation: request.incarnation.clone(),
            },
            want: request.want,
            until,
            recorded_hi: recorded_hi(tx, &key, series.open.as_ref())?,
        };
        Ok(match series.lease(&ask) {
            Err(refusal) => Err(code(refusal)),
            Ok(grant) => {
                save_counter(tx, &key, &series)?;
                save(tx, &key, &grant, account)?;
                Ok(on_wire(&key, &grant))
            }
        })
    })
}

/// A device has stopped and says how far it got.
pub(crate) fn give_back(
    office: &Office,
    account: AccountId,
    place: (&str, u16),
    request: &ReturnRequest,
) -> Result<Answer<BookState>> {
    let caller = Caller {
        account,
        now: office.now(),
    };
    let leaves_gap = office.config.mutant == Some(Mutant::GapAfterReturn);
    office.db.write(|tx| {
        let key = match find(tx, account, place, false)? {
            Ok(key) => key,
            Err(code) => return Ok(Err(code)),
        };
        if !is_of(tx, &key, request.fence, account)? {
            return Ok(Err(ProblemCode::LeaseStale));
        }
        let mut series = load(tx, &key)?;
        let grant = series.grant(request.fence);
        let recorded = recorded_hi(tx, &key, grant)?;
        let hi = grant.map_or(0, |grant| grant.hi);
        // Blocks overlap where the rest of an earlier lease went back: what was recorded there later
        // is not of this lease.
        let recorded = match grant.map(|grant| grant.state) {
            Some(GrantState::Open | GrantState::Broken) => recorded,
            Some(GrantState::Returned { .. } | GrantState::Settled { .. }) | None => 0,
        };
        let closing = match series.give_back(request.fence, request.used_hi, recorded) {
            Ok(closing) => closing,
            Err(refusal) => return Ok(Err(code(refusal))),
        };
        if leaves_gap {
            series.next = series.next.max(hi.saturating_add(1));
        }
        save_counter(tx, &key, &series)?;
        if let Some(grant) = series.grant(request.fence) {
            save(tx, &key, grant, account)?;
        }
        if let Some((from, to)) = closing.promised {
            promise(tx, &key, (from, to), request.fence, caller)?;
        }
        if let Some(range) = closing.void {
            let reason = "Số bỏ trống: quyền cấp số đã bị thu hồi trước khi dùng";
            void(tx, &key, range, (reason, account), caller.now)?;
        }
        Ok(state(tx, &key)?.ok_or(ProblemCode::NotFound))
    })
}

/// Whether the account took that lease: nobody else knows how far its device got.
fn is_of(tx: &Transaction<'_>, key: &BookKey, fence: u64, account: AccountId) -> Result<bool> {
    Ok(tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM book_lease WHERE agency = ?1 AND book = ?2 AND year = ?3
           AND fence = ?4 AND account = ?5)",
        params![key.agency, key.book, key.year, fence, account.0],
        |row| row.get(0),
    )?)
}

/// Writes down that a device has given these numbers; documents that came already stay.
fn promise(
    tx: &Transaction<'_>,
    key: &BookKey,
    (from, to): (u32, u32),
    fence: u64,
    caller: Caller,
) -> Result<()> {
    for number in from..=to {
        tx.prepare_cached(
            "INSERT INTO book_entry(agency, book, year, number, state, fence, account, at)
             VALUES (?1, ?2, ?3, ?4, 'promised', ?5, ?6, ?7)
             ON CONFLICT(agency, book, year, number) DO NOTHING",
        )?
        .execute(params![
            key.agency,
            key.book,
            key.year,
            number,
            fence,
            caller.account.0,
            caller.now.0
        ])?;
    }
    Ok(())
}

/// One official's word that the device with the lease is lost; takes effect with the second's.
pub(crate) fn break_lease(
    office: &Office,
    account: AccountId,
    place: (&str, u16),
    request: &BreakRequest,
) -> Result<Answer<BreakAnswer>> {
    let caller = Caller {
        account,
        now: office.now(),
    };
    let reuses = office.config.mutant == Some(Mutant::ReusesBrokenBlock);
    let length = request.reason.trim().chars().count();
    if length == 0 || length > 500 {
        return Ok(Err(ProblemCode::InvalidRequest));
    }
    office.db.write(|tx| {
        let key = match find(tx, account, place, true)? {
            Ok(key) => key,
            Err(code) => return Ok(Err(code)),
        };
        let Some(second) = other_official(tx, account, (&key.agency, &request.second))? else {
            return Ok(Err(ProblemCode::InvalidRequest));
        };
        let mut series = load(tx, &key)?;
        let Some(fence) = wanted(&series, request.give_up) else {
            return Ok(Err(ProblemCode::LeaseStale));
        };
        note_word(tx, &key, (fence, second), request, caller)?;
        if !is_agreed(tx, &key, (fence, second), request.give_up, caller)? {
            let book = state(tx, &key)?.ok_or(ProvinceError::Stored("book"))?;
            return Ok(Ok(BreakAnswer {
                done: false,
                waiting_for: Some(request.second.clone()),
                book,
            }));
        }
        carry_out(tx, &key, &mut series, (fence, reuses), (request, caller))?;
        let book = state(tx, &key)?.ok_or(ProvinceError::Stored("book"))?;
        Ok(Ok(BreakAnswer {
            done: true,
            waiting_for: None,
            book,
        }))
    })
}

/// The account of the other official, when it is another clerk or leader of the same agency.
fn other_official(
    tx: &Transaction<'_>,
    account: AccountId,
    (agency, name): (&str, &str),
) -> Result<Option<AccountId>> {
    let name = name.trim().to_lowercase();
    let Some((second, _)) = accounts::by_name(tx, &name)?.filter(|(id, _)| *id != account) else {
        return Ok(None);
    };
    let registry = registry(tx, second)?;
    let fits = registry.is_some_and(|registry| {
        registry.agency == agency && (registry.is_clerk || registry.is_leader)
    });
    Ok(fits.then_some(second))
}

/// The lease that is meant: the open one, or for giving up also the last broken one.
fn wanted(series: &Series, give_up: bool) -> Option<u64> {
    if let Some(open) = &series.open {
        return Some(open.fence);
    }
    let broken = |grant: &&Grant| grant.state == GrantState::Broken;
    let last = series.past.iter().rev().find(broken);
    last.filter(|_| give_up).map(|grant| grant.fence)
}

fn note_word(
    tx: &Transaction<'_>,
    key: &BookKey,
    (fence, second): (u64, AccountId),
    request: &BreakRequest,
    caller: Caller,
) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO break_word(agency, book, year, fence, account, second, reason,
           give_up, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            key.agency,
            key.book,
            key.year,
            fence,
            caller.account.0,
            second.0,
            request.reason.trim(),
            request.give_up,
            caller.now.0
        ],
    )?;
    Ok(())
}

/// Whether the other one has named the caller for the same lease and the same consequence lately.
fn is_agreed(
    tx: &Transaction<'_>,
    key: &BookKey,
    (fence, second): (u64, AccountId),
    give_up: bool,
    caller: Caller,
) -> Result<bool> {
    Ok(tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM break_word WHERE agency = ?1 AND book = ?2 AND year = ?3
           AND fence = ?4 AND account = ?5 AND second = ?6 AND give_up = ?7 AND at >= ?8)",
        params![
            key.agency,
            key.book,
            key.year,
            fence,
            second.0,
            caller.account.0,
            give_up,
            caller.now.0 - WORD_MS
        ],
        |row| row.get(0),
    )?)
}

fn carry_out(
    tx: &Transaction<'_>,
    key: &BookKey,
    series: &mut Series,
    (fence, reuses): (u64, bool),
    (request, caller): (&BreakRequest, Caller),
) -> Result<()> {
    if let Some(grant) = series.break_lease() {
        if reuses {
            series.next = grant.lo;
        }
        save_counter(tx, key, series)?;
        save(tx, key, &grant, caller.account)?;
    }
    let minutes: String = tx
        .query_row(
            "SELECT group_concat(a.username || ': ' || w.reason, '; ')
             FROM break_word w JOIN account a ON a.id = w.account
             WHERE w.agency = ?1 AND w.book = ?2 AND w.year = ?3 AND w.fence = ?4",
            params![key.agency, key.book, key.year, fence],
            |row| row.get(0),
        )
        .optional()?
        .unwrap_or_default();
    tx.execute(
        "UPDATE book_lease SET minutes = ?5
         WHERE agency = ?1 AND book = ?2 AND year = ?3 AND fence = ?4",
        params![key.agency, key.book, key.year, fence, minutes],
    )?;
    if !request.give_up {
        return Ok(());
    }
    // Nobody will ever say how far the device got: what has no document is void now.
    let Some(grant) = series.grant(fence).cloned() else {
        return Ok(());
    };
    let recorded = recorded_hi(tx, key, Some(&grant))?;
    let used_hi = recorded.max(grant.lo.saturating_sub(1));
    series
        .give_back(fence, used_hi, recorded)
        .map_err(|_| ProvinceError::Stored("state of a lease"))?;
    save_counter(tx, key, series)?;
    if let Some(grant) = series.grant(fence) {
        save(tx, key, grant, caller.account)?;
    }
    let reason = format!("Số bỏ trống: máy giữ quyền cấp số đã mất ({minutes})");
    for number in grant.lo..=grant.hi {
        if super::record(tx, key, number)?.is_none() {
            void(
                tx,
                key,
                (number, number),
                (&reason, caller.account),
                caller.now,
            )?;
        }
    }
    Ok(())
}
