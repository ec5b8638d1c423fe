//! The books as rows. The rules are [`congvan_protocol::numbers`]; here they are read, asked and
//! written down, always inside the transaction of the act.

mod check;
mod lease;
mod outgoing;
mod restored;

use congvan_model::{AccountId, DeviceId, DocumentId, Timestamp};
use congvan_protocol::{
    Acknowledged, BookState, Lease, LeaseInfo, ProblemCode, Registration, VoidEntry,
    WithdrawnEntry,
    import::in_book,
    numbers::{Grant, GrantState, Holder, NumberRecord, Refusal, Series, booked_at, is_skewed},
};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use crate::{ProvinceError, accounts, entity, error::Result, text::uuid};

pub use check::NumbersReport;
pub(crate) use check::check;
pub(crate) use lease::{break_lease, give_back, lease};
pub(crate) use outgoing::{copies, outgoing, series_of};
pub(crate) use restored::{claim, set_aside, widen};

/// One book of one year of one agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BookKey {
    pub(crate) agency: String,
    pub(crate) book: String,
    pub(crate) year: u16,
}

/// The books that a new agency gets: code, name, whether devices may take numbers along.
const BOOKS: [(&str, &str, bool); 2] = [
    ("den", "Sổ văn bản đến", true),
    ("don-thu", "Sổ đơn, thư", false),
];

/// Makes the books of an agency whose first book continues at that number in that year.
pub(crate) fn open(tx: &Transaction<'_>, agency: &str, year: u16, first: u32) -> Result<()> {
    let exists: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM book WHERE agency = ?1)",
        [agency],
        |row| row.get(0),
    )?;
    if exists {
        return Ok(());
    }
    for (ordinal, (code, name, leasable)) in BOOKS.into_iter().enumerate() {
        tx.execute(
            "INSERT INTO book(agency, code, ordinal, name, leasable) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![agency, code, ordinal, name, leasable],
        )?;
    }
    let (code, ..) = BOOKS[0];
    tx.execute(
        "INSERT INTO series(agency, book, year, first, next) VALUES (?1, ?2, ?3, ?4, ?4)",
        params![agency, code, year, first],
    )?;
    Ok(())
}

/// The agency whose books a person writes in: the nearest above the person's main unit that has
/// any, with whether the person may write there (a clerk) and may speak for it (a clerk or leader).
pub(crate) struct Registry {
    pub(crate) agency: String,
    pub(crate) is_clerk: bool,
    pub(crate) is_leader: bool,
}

pub(crate) fn registry(tx: &Transaction<'_>, account: AccountId) -> Result<Option<Registry>> {
    let posts = accounts::info(tx, account)?.posts;
    let Some(main) = posts.first() else {
        return Ok(None);
    };
    let mut unit = main.agency.code.as_str();
    loop {
        let has_books: bool = tx
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM book WHERE agency = ?1)")?
            .query_row([unit], |row| row.get(0))?;
        if has_books {
            let holds = |role| posts.iter().any(|post| post.role == role);
            return Ok(Some(Registry {
                agency: unit.to_owned(),
                is_clerk: holds(congvan_model::Role::Clerk),
                is_leader: holds(congvan_model::Role::Leader),
            }));
        }
        match unit.rsplit_once('.') {
            Some((above, _)) => unit = above,
            None => return Ok(None),
        }
    }
}

/// Whether an agency has books here, and so a registry.
pub(crate) fn is_registry(tx: &Transaction<'_>, agency: &str) -> Result<bool> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM book WHERE agency = ?1")?
        .exists([agency])?)
}

/// The clerks of an agency: those whose unit is it or below it.
pub(crate) fn clerks(tx: &Transaction<'_>, agency: &str) -> Result<Vec<AccountId>> {
    below(tx, "clerk", agency)
}

/// The archivists of an agency, as its clerks.
pub(crate) fn archivists(tx: &Transaction<'_>, agency: &str) -> Result<Vec<AccountId>> {
    below(tx, "archivist", agency)
}

fn below(tx: &Transaction<'_>, role: &str, agency: &str) -> Result<Vec<AccountId>> {
    let mut statement = tx.prepare_cached(
        "SELECT DISTINCT account FROM post WHERE role = ?2
         AND (agency_code = ?1 OR substr(agency_code, 1, length(?1) + 1) = ?1 || '.')
         ORDER BY account",
    )?;
    let rows = statement.query_map([agency, role], |row| Ok(AccountId(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Name and leasability of a book for what comes in; none when the agency has no such book.
pub(crate) fn book(tx: &Transaction<'_>, key: &BookKey) -> Result<Option<(String, bool)>> {
    Ok(tx
        .query_row(
            "SELECT name, leasable FROM book
             WHERE agency = ?1 AND code = ?2 AND direction = 'incoming'",
            params![key.agency, key.book],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?)
}

/// Whether an agency has that book, of what comes in or of what goes out.
pub(crate) fn exists(tx: &Transaction<'_>, key: &BookKey) -> Result<bool> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM book WHERE agency = ?1 AND code = ?2")?
        .exists(params![key.agency, key.book])?)
}

/// The counter and all leases of a book; those of a year that nobody has written in yet are new.
pub(crate) fn load(tx: &Transaction<'_>, key: &BookKey) -> Result<Series> {
    let counter = tx
        .prepare_cached(
            "SELECT next, fence FROM series WHERE agency = ?1 AND book = ?2 AND year = ?3",
        )?
        .query_row(params![key.agency, key.book, key.year], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let mut series = Series::default();
    if let Some((next, fence)) = counter {
        series.next = next;
        series.fence = fence;
    }
    let mut statement = tx.prepare_cached(
        "SELECT * FROM book_lease WHERE agency = ?1 AND book = ?2 AND year = ?3 ORDER BY fence",
    )?;
    for row in statement.query_map(params![key.agency, key.book, key.year], grant)? {
        let grant = row??;
        if grant.state == GrantState::Open {
            series.open = Some(grant);
        } else {
            series.past.push(grant);
        }
    }
    Ok(series)
}

fn grant(row: &Row<'_>) -> rusqlite::Result<Result<Grant>> {
    let state: String = row.get("state")?;
    let used_hi: Option<u32> = row.get("used_hi")?;
    let used_hi = used_hi.unwrap_or(0);
    let grant = Grant {
        fence: row.get("fence")?,
        holder: Holder {
            device: DeviceId(uuid(row, "device")?),
            incarnation: row.get("incarnation")?,
        },
        lo: row.get("lo")?,
        hi: row.get("hi")?,
        expires_at: Timestamp(row.get("expires_at")?),
        state: GrantState::Open,
    };
    let state = match state.as_str() {
        "open" => GrantState::Open,
        "returned" => GrantState::Returned { used_hi },
        "broken" => GrantState::Broken,
        "settled" => GrantState::Settled { used_hi },
        _ => return Ok(Err(ProvinceError::Stored("state of a lease"))),
    };
    Ok(Ok(Grant { state, ..grant }))
}

/// Writes the counter.
pub(crate) fn save_counter(tx: &Transaction<'_>, key: &BookKey, series: &Series) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO series(agency, book, year, first, next, fence) VALUES (?1, ?2, ?3, 1, ?4, ?5)
         ON CONFLICT(agency, book, year) DO UPDATE SET next = excluded.next, fence = excluded.fence",
    )?
    .execute(params![
        key.agency,
        key.book,
        key.year,
        series.next,
        series.fence
    ])?;
    Ok(())
}

/// What the book says about a number, and of which lease.
pub(crate) fn record(
    tx: &Transaction<'_>,
    key: &BookKey,
    number: u32,
) -> Result<Option<NumberRecord>> {
    let state: Option<String> = tx
        .prepare_cached(
            "SELECT state FROM book_entry
             WHERE agency = ?1 AND book = ?2 AND year = ?3 AND number = ?4",
        )?
        .query_row(params![key.agency, key.book, key.year, number], |row| {
            row.get(0)
        })
        .optional()?;
    match state.as_deref() {
        None => Ok(None),
        Some("registered") => Ok(Some(NumberRecord::Registered)),
        Some("void") => Ok(Some(NumberRecord::Void)),
        Some("promised") => Ok(Some(NumberRecord::Promised)),
        Some(_) => Err(ProvinceError::Stored("state of a number")),
    }
}

/// A document that is entered.
pub(crate) struct Entry<'a> {
    pub(crate) number: u32,
    pub(crate) fence: Option<u64>,
    pub(crate) document: DocumentId,
    pub(crate) provisional: &'a str,
    pub(crate) received_at: Timestamp,
    pub(crate) duplicate_of: Option<DocumentId>,
    pub(crate) account: Option<AccountId>,
}

/// Writes the entry of a document; the answer is the time that stands in the book. The reception
/// time never falls with rising numbers, whatever the devices' clocks say (N3).
pub(crate) fn enter(
    tx: &Transaction<'_>,
    key: &BookKey,
    entry: &Entry<'_>,
    (now, times_may_fall): (Timestamp, bool),
) -> Result<Timestamp> {
    let neighbour = |sql: &str| -> Result<Option<Timestamp>> {
        let sql = format!(
            "SELECT booked_at FROM book_entry WHERE agency = ?1 AND book = ?2 AND year = ?3
             AND state = 'registered' AND {sql} LIMIT 1"
        );
        let found: Option<i64> = tx
            .prepare_cached(&sql)?
            .query_row(
                params![key.agency, key.book, key.year, entry.number],
                |row| row.get(0),
            )
            .optional()?;
        Ok(found.map(Timestamp))
    };
    let before = neighbour("number < ?4 ORDER BY number DESC")?;
    let after = neighbour("number > ?4 ORDER BY number")?;
    let booked = if times_may_fall {
        entry.received_at
    } else {
        booked_at(entry.received_at, before, after, now)
    };
    tx.prepare_cached(
        "INSERT INTO book_entry(agency, book, year, number, state, document, provisional,
           received_at, booked_at, skewed, duplicate_of, fence, account, at)
         VALUES (?1, ?2, ?3, ?4, 'registered', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT(agency, book, year, number) DO UPDATE SET state = 'registered',
           document = excluded.document, provisional = excluded.provisional,
           received_at = excluded.received_at, booked_at = excluded.booked_at,
           skewed = excluded.skewed, duplicate_of = excluded.duplicate_of,
           fence = excluded.fence, account = excluded.account, at = excluded.at",
    )?
    .execute(params![
        key.agency,
        key.book,
        key.year,
        entry.number,
        entry.document.0.as_bytes(),
        entry.provisional,
        entry.received_at.0,
        booked.0,
        is_skewed(entry.received_at, booked),
        entry.duplicate_of.map(|id| id.0.into_bytes()),
        entry.fence,
        entry.account.map(|account| account.0),
        now.0
    ])?;
    Ok(booked)
}

/// Records numbers, none of which has a document, as void.
pub(crate) fn void(
    tx: &Transaction<'_>,
    key: &BookKey,
    (from, to): (u32, u32),
    (reason, account): (&str, AccountId),
    now: Timestamp,
) -> Result<()> {
    for number in from..=to {
        tx.prepare_cached(
            "INSERT INTO book_entry(agency, book, year, number, state, reason, account, at)
             VALUES (?1, ?2, ?3, ?4, 'void', ?5, ?6, ?7)
             ON CONFLICT(agency, book, year, number) DO UPDATE SET state = 'void',
               reason = excluded.reason, account = excluded.account, at = excluded.at
             WHERE state = 'promised'",
        )?
        .execute(params![
            key.agency, key.book, key.year, number, reason, account.0, now.0
        ])?;
    }
    Ok(())
}

/// A document is withdrawn: what stood in the book is kept beside it, and its number is void.
pub(crate) fn withdraw(
    tx: &Transaction<'_>,
    key: &BookKey,
    (number, document): (u32, DocumentId),
    (reason, account): (&str, AccountId),
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO withdrawn(agency, book, year, number, document, booked_at)
         SELECT agency, book, year, number, document, booked_at FROM book_entry
         WHERE agency = ?1 AND book = ?2 AND year = ?3 AND number = ?4 AND document = ?5",
        params![
            key.agency,
            key.book,
            key.year,
            number,
            document.0.as_bytes()
        ],
    )?;
    tx.execute(
        "UPDATE book_entry SET state = 'void', document = NULL, booked_at = NULL, reason = ?5,
           account = ?6, at = ?7
         WHERE agency = ?1 AND book = ?2 AND year = ?3 AND number = ?4",
        params![
            key.agency, key.book, key.year, number, reason, account.0, now.0
        ],
    )?;
    Ok(())
}

/// The void numbers of a book, with what stood there before where a document was withdrawn.
pub(crate) fn voids(tx: &Transaction<'_>, key: &BookKey) -> Result<Vec<VoidEntry>> {
    let mut statement = tx.prepare_cached(
        "SELECT e.number, e.reason, e.at, w.document, w.booked_at FROM book_entry e
         LEFT JOIN withdrawn w ON w.agency = e.agency AND w.book = e.book AND w.year = e.year
           AND w.number = e.number
         WHERE e.agency = ?1 AND e.book = ?2 AND e.year = ?3 AND e.state = 'void'
         ORDER BY e.number",
    )?;
    let mut rows = statement.query(params![key.agency, key.book, key.year])?;
    let mut voids = Vec::new();
    while let Some(row) = rows.next()? {
        let document: Option<[u8; 16]> = row.get(3)?;
        let withdrawn = match document {
            Some(id) => {
                let document = DocumentId(uuid::Uuid::from_bytes(id));
                Some(Box::new(WithdrawnEntry {
                    document,
                    booked_at: Timestamp(row.get(4)?),
                    fields: entity::fields(tx, document)?,
                }))
            }
            None => None,
        };
        voids.push(VoidEntry {
            number: row.get(0)?,
            reason: row.get(1)?,
            at: Timestamp(row.get(2)?),
            withdrawn,
        });
    }
    Ok(voids)
}

/// Who sees in the book that this account has opened a document it leads on: the registry's clerks.
pub(crate) fn acknowledging(
    tx: &Transaction<'_>,
    document: DocumentId,
    account: AccountId,
) -> Result<Vec<AccountId>> {
    let agency: Option<String> = tx
        .prepare_cached(
            "SELECT e.agency FROM book_entry e JOIN access a ON a.document = e.document
             WHERE e.document = ?1 AND a.account = ?2 AND a.role = 'lead'",
        )?
        .query_row(params![document.0.as_bytes(), account.0], |row| row.get(0))
        .optional()?;
    match agency {
        Some(agency) => clerks(tx, &agency),
        None => Ok(Vec::new()),
    }
}

/// The entry of a document, for those who may see the book: what this server entered, or where it stood
/// in the book of a previous system.
pub(crate) fn registration(
    tx: &Transaction<'_>,
    document: DocumentId,
    account: AccountId,
) -> Result<Option<Registration>> {
    match entered(tx, document, account)? {
        Some(entry) => Ok(Some(entry)),
        None => taken_over(tx, document),
    }
}

fn taken_over(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<Registration>> {
    let sql = "SELECT i.book, i.year, i.number, d.arrived_at FROM imported i
               JOIN document d ON d.id = i.document
               WHERE i.document = ?1 AND i.direction = 'incoming'";
    Ok(tx
        .prepare_cached(sql)?
        .query_row([document.0.as_bytes()], |row| {
            let at = Timestamp(row.get("arrived_at")?);
            let book = (row.get("book")?, row.get("year")?);
            Ok(in_book(book, row.get("number")?, at))
        })
        .optional()?)
}

fn entered(
    tx: &Transaction<'_>,
    document: DocumentId,
    account: AccountId,
) -> Result<Option<Registration>> {
    // A copy that the account may not see is none of its business.
    let sql = "SELECT e.*, (SELECT a.document FROM access a
                 WHERE a.document = e.duplicate_of AND a.account = ?2) AS shown_duplicate,
                 o.full_name AS taken_by, a.read_at AS taken_at
               FROM book_entry e
               JOIN book b ON b.agency = e.agency AND b.code = e.book AND b.direction = 'incoming'
               LEFT JOIN access a ON a.document = e.document AND a.role = 'lead'
                 AND a.read_at IS NOT NULL
               LEFT JOIN account o ON o.id = a.account
               WHERE e.document = ?1 ORDER BY a.read_at LIMIT 1";
    Ok(tx
        .prepare_cached(sql)?
        .query_row(params![document.0.as_bytes(), account.0], |row| {
            let duplicate: Option<[u8; 16]> = row.get("shown_duplicate")?;
            Ok(Registration {
                book: row.get("book")?,
                year: row.get("year")?,
                number: row.get("number")?,
                provisional: row.get("provisional")?,
                received_at: Timestamp(row.get("received_at")?),
                booked_at: Timestamp(row.get("booked_at")?),
                skewed: row.get("skewed")?,
                duplicate_of: duplicate.map(|id| DocumentId(uuid::Uuid::from_bytes(id))),
                acknowledged: match row.get::<_, Option<String>>("taken_by")? {
                    Some(who) => Some(Acknowledged {
                        who,
                        at: Timestamp(row.get("taken_at")?),
                    }),
                    None => None,
                },
            })
        })
        .optional()?)
}

/// The books for what comes in of an agency as they stand: this year's, and next year's once it can be opened.
pub(crate) fn states(tx: &Transaction<'_>, agency: &str, now: Timestamp) -> Result<Vec<BookState>> {
    let mut codes = tx.prepare_cached(
        "SELECT code FROM book WHERE agency = ?1 AND direction = 'incoming' ORDER BY ordinal",
    )?;
    let codes = codes
        .query_map([agency], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    let this_year = year_of(now);
    let mut states = Vec::new();
    for book in codes {
        for year in [this_year.saturating_sub(1), this_year, this_year + 1] {
            let key = BookKey {
                agency: agency.to_owned(),
                book: book.clone(),
                year,
            };
            let Some(state) = state(tx, &key)? else {
                continue;
            };
            // Last year's book is shown only while numbers of it are still out.
            let is_shown = match year {
                year if year == this_year => true,
                year if year > this_year => {
                    congvan_protocol::numbers::lease_until(now, year).is_ok()
                }
                _ => state.lease.is_some(),
            };
            if is_shown {
                states.push(state);
            }
        }
    }
    Ok(states)
}

/// One book as it stands.
pub(crate) fn state(tx: &Transaction<'_>, key: &BookKey) -> Result<Option<BookState>> {
    let Some((name, leasable)) = book(tx, key)? else {
        return Ok(None);
    };
    let series = load(tx, key)?;
    let lease = match &series.open {
        None => None,
        Some(open) => Some(LeaseInfo {
            device: open.holder.device,
            holder: holder_name(tx, key, open.fence)?,
            lease: on_wire(key, open),
        }),
    };
    Ok(Some(BookState {
        book: key.book.clone(),
        name,
        year: key.year,
        next: series.next,
        leasable,
        lease,
    }))
}

fn holder_name(tx: &Transaction<'_>, key: &BookKey, fence: u64) -> Result<String> {
    Ok(tx.query_row(
        "SELECT a.full_name FROM book_lease l JOIN account a ON a.id = l.account
         WHERE l.agency = ?1 AND l.book = ?2 AND l.year = ?3 AND l.fence = ?4",
        params![key.agency, key.book, key.year, fence],
        |row| row.get(0),
    )?)
}

pub(crate) fn on_wire(key: &BookKey, grant: &Grant) -> Lease {
    Lease {
        book: key.book.clone(),
        year: key.year,
        fence: grant.fence,
        lo: grant.lo,
        hi: grant.hi,
        expires_at: grant.expires_at,
    }
}

/// The year in Vietnam.
pub(crate) fn year_of(now: Timestamp) -> u16 {
    u16::try_from(now.vietnam_date().year()).unwrap_or(0)
}

pub(crate) fn code(refusal: Refusal) -> ProblemCode {
    match refusal {
        Refusal::LeaseHeld => ProblemCode::LeaseHeld,
        Refusal::LeaseStale => ProblemCode::LeaseStale,
        Refusal::NumberTaken => ProblemCode::NumberTaken,
        Refusal::YearClosed => ProblemCode::YearClosed,
        Refusal::Invalid => ProblemCode::InvalidRequest,
    }
}
