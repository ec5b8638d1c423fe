//! Numbers after a restore from a backup: what may have been given since is given to nobody else, and
//! a paper that comes again keeps the number it has (N1, N4). What nobody claims is declared void by
//! two officials, as after the loss of a device (N2).

use congvan_model::{DeviceId, Timestamp};
use congvan_protocol::numbers::{Grant, GrantState, Holder, LEASE_MAX, Refusal, Series};
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::{BookKey, clerks, lease, load, record, save_counter, year_of};
use crate::{ProvinceError, error::Result};

/// Numbers set aside in every book, however quiet it was.
const LEAST: u32 = 20;
/// Most numbers that are set aside by reckoning; more only by an operator's word.
const MOST: u32 = 10_000;
const DAY_MS: i64 = 86_400_000;

/// Sets numbers aside in every book that may have been written in since the backup: as many as the
/// operator says, else as many as twice the busiest week would have given. The answer is each book's
/// block.
pub(crate) fn set_aside(
    tx: &Transaction<'_>,
    numbers: Option<u32>,
    now: Timestamp,
) -> Result<Vec<(BookKey, u32, u32)>> {
    let books: Vec<(String, String, bool)> = tx
        .prepare("SELECT agency, code, leasable FROM book ORDER BY agency, ordinal")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let this_year = year_of(now);
    let mut blocks = Vec::new();
    for (agency, book, leasable) in books {
        for year in [this_year.saturating_sub(1), this_year, this_year + 1] {
            let key = BookKey {
                agency: agency.clone(),
                book: book.clone(),
                year,
            };
            let begun = tx
                .prepare("SELECT 1 FROM series WHERE agency = ?1 AND book = ?2 AND year = ?3")?
                .exists(params![agency, book, year])?;
            if begun || year == this_year {
                let margin = match numbers {
                    Some(numbers) => numbers.max(1),
                    None => reckon(tx, &key, leasable, now)?,
                };
                let grant = set_aside_in(tx, &key, margin, now)?;
                blocks.push((key, grant.lo, grant.hi));
            }
        }
    }
    Ok(blocks)
}

/// Twice what the busiest of the last weeks gave a day, for each day since the last entry.
fn reckon(tx: &Transaction<'_>, key: &BookKey, leasable: bool, now: Timestamp) -> Result<u32> {
    let (last, busiest): (Option<i64>, Option<i64>) = tx.query_row(
        "SELECT MAX(last), MAX(entries) FROM (SELECT MAX(at) AS last, COUNT(*) AS entries
           FROM book_entry WHERE agency = ?1 AND book = ?2 AND year = ?3 AND at > ?4
           GROUP BY at / (7 * ?5))",
        params![key.agency, key.book, key.year, now.0 - 60 * DAY_MS, DAY_MS],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let days = last.map_or(0, |last| (now.0 - last).max(0) / DAY_MS + 1);
    let given = busiest.unwrap_or(0).saturating_mul(2 * days).div_euclid(7);
    let given = u32::try_from(given).unwrap_or(MOST).min(MOST);
    let carried = if leasable { LEASE_MAX } else { 0 };
    Ok(given + carried + LEAST)
}

fn set_aside_in(tx: &Transaction<'_>, key: &BookKey, margin: u32, now: Timestamp) -> Result<Grant> {
    let mut series = load(tx, key)?;
    let fence_from = series.fence;
    let nobody = Holder {
        device: DeviceId(Uuid::nil()),
        incarnation: "restored".to_owned(),
    };
    let grant = series
        .set_aside(margin, nobody, now)
        .map_err(|_| ProvinceError::Stored("numbers of a book"))?;
    save_counter(tx, key, &series)?;
    // A row needs a person; nobody answers for what a restore set aside.
    let account = match clerks(tx, &key.agency)?.first() {
        Some(clerk) => *clerk,
        None => tx.query_row("SELECT MIN(id) FROM account", [], |row| {
            Ok(congvan_model::AccountId(row.get(0)?))
        })?,
    };
    lease::save(tx, key, &grant, account)?;
    tx.execute(
        "UPDATE book_lease SET minutes = 'Khôi phục từ bản sao lưu'
         WHERE agency = ?1 AND book = ?2 AND year = ?3 AND fence = ?4",
        params![key.agency, key.book, key.year, grant.fence],
    )?;
    tx.execute(
        "INSERT INTO book_restored(agency, book, year, lo, hi, fence_from, fence_to, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            key.agency,
            key.book,
            key.year,
            grant.lo,
            grant.hi,
            fence_from,
            series.fence,
            now.0
        ],
    )?;
    Ok(grant)
}

/// Whether a restore set this number aside; with a fence, also whether that lease may have been given
/// since the backup.
fn is_set_aside(
    tx: &Transaction<'_>,
    key: &BookKey,
    number: u32,
    fence: Option<u64>,
) -> Result<bool> {
    Ok(tx
        .prepare_cached(
            "SELECT 1 FROM book_restored WHERE agency = ?1 AND book = ?2 AND year = ?3
               AND ?4 BETWEEN lo AND hi
               AND (?5 IS NULL OR ?5 > fence_from AND ?5 <= fence_to)",
        )?
        .exists(params![key.agency, key.book, key.year, number, fence])?)
}

/// The number that a paper has had since before a restore, when it may have it again.
pub(crate) fn claim(
    tx: &Transaction<'_>,
    key: &BookKey,
    series: &Series,
    (number, fence): (u32, Option<u64>),
) -> Result<std::result::Result<u32, Refusal>> {
    if !is_set_aside(tx, key, number, fence)? {
        return Ok(Err(Refusal::LeaseStale));
    }
    let all = series.past.iter().rev();
    let mut broken = all.filter(|grant| grant.state == GrantState::Broken);
    let Some(grant) = broken.find(|grant| (grant.lo..=grant.hi).contains(&number)) else {
        return Ok(Err(Refusal::NumberTaken));
    };
    Ok(grant
        .admit(number, record(tx, key, number)?)
        .map(|()| number))
}

/// Where a paper comes with a number behind what was set aside: more were given since the backup than
/// was reckoned. What lies between is set aside too, while nobody was given anything of it.
pub(crate) fn widen(
    tx: &Transaction<'_>,
    key: &BookKey,
    number: u32,
    now: Timestamp,
) -> Result<()> {
    let series = load(tx, key)?;
    let restored: Option<i64> = tx
        .prepare_cached(
            "SELECT MAX(at) FROM book_restored WHERE agency = ?1 AND book = ?2 AND year = ?3",
        )?
        .query_row(params![key.agency, key.book, key.year], |row| row.get(0))
        .optional()?
        .flatten();
    if restored.is_some() && series.open.is_none() && number >= series.next {
        let margin = number.saturating_sub(series.next).saturating_add(1);
        if margin <= MOST {
            set_aside_in(tx, key, margin, now)?;
        }
    }
    Ok(())
}
