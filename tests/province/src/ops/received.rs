//! What reached the agency without paper, over the axis, is entered in a book by a clerk.

use congvan_model::{AccountId, Direction, DocumentId, DocumentState, Sha256};
use congvan_protocol::{Intent, LeasedNumber, OpOutcome, ProblemCode};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{
    intents::{Decision, Sent},
    registering::{admitted, clerk_of, duplicate, enter, number, refused, sane_provisional},
};
use crate::{
    accounts,
    books::{self, BookKey, Entry},
    entity,
    error::Result,
    mutant::Mutant,
    text::word,
};

/// Gives a received document its number. It is here already with its file, and what its sender said of
/// it stays.
pub(super) fn register(tx: &Transaction<'_>, sent: Sent<'_>) -> Result<Decision> {
    let Intent::RegisterReceived {
        book,
        year,
        received_at,
        provisional,
        number: leased,
    } = &sent.op.intent
    else {
        return Ok(refused("not a registration"));
    };
    if let Err(detail) = sane_provisional(provisional) {
        return Ok(refused(detail));
    }
    let agency = match clerk_of(tx, sent)? {
        Ok(agency) => agency,
        Err(decision) => return Ok(decision),
    };
    let key = BookKey {
        agency,
        book: book.clone(),
        year: *year,
    };
    if books::book(tx, &key)?.is_none() {
        let detail = "the agency has no such book";
        return Ok(Decision::rejected(ProblemCode::NotFound, detail));
    }
    let document = sent.op.lane;
    let Some((rev, state, _)) = entity::standing(tx, document, sent.account)? else {
        let detail = "no such document for this account";
        return Ok(Decision::rejected(ProblemCode::NotFound, detail));
    };
    if let Some(before) = entered(tx, document)? {
        return settled_before(tx, sent, (&key, *leased), (before, rev));
    }
    if state != DocumentState::Received || !is_incoming(tx, document)? {
        let detail = "not waiting to be registered";
        return Ok(Decision::rejected(ProblemCode::WrongState, detail));
    }
    let number = match number(tx, sent, *leased, &key)? {
        Ok(number) => number,
        Err(decision) => return Ok(decision),
    };
    let fields = entity::fields(tx, document)?;
    let paper = (document, main_file(tx, document)?);
    let entry = Entry {
        number,
        fence: leased.map(|leased| leased.fence),
        document,
        provisional,
        received_at: *received_at,
        duplicate_of: duplicate(tx, paper, &fields)?,
        account: Some(sent.account),
    };
    tx.execute(
        "UPDATE document SET state = ?2, arrival_number = ?3 WHERE id = ?1",
        params![
            document.0.as_bytes(),
            word(&DocumentState::Registered)?,
            number
        ],
    )?;
    enter(tx, sent, (&key, &entry), true)
}

/// Where a document stands in a book, and by whom.
struct Entered {
    key: BookKey,
    number: u32,
    by: Option<AccountId>,
}

fn entered(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<Entered>> {
    Ok(tx
        .prepare_cached(
            "SELECT agency, book, year, number, account FROM book_entry WHERE document = ?1",
        )?
        .query_row([document.0.as_bytes()], |row| {
            Ok(Entered {
                key: BookKey {
                    agency: row.get(0)?,
                    book: row.get(1)?,
                    year: row.get(2)?,
                },
                number: row.get(3)?,
                by: row.get::<_, Option<i64>>(4)?.map(AccountId),
            })
        })
        .optional()?)
}

/// The first entry stands. Who wanted the same has it; another one learns who was first, and a number
/// that was taken out of a lease for it becomes void, so that the book has no hole.
fn settled_before(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    (key, leased): (&BookKey, Option<LeasedNumber>),
    (before, rev): (Entered, u64),
) -> Result<Decision> {
    let is_same_number = leased.is_none_or(|leased| leased.number == before.number);
    if before.by == Some(sent.account) && before.key == *key && is_same_number {
        return Ok(Decision::settled(OpOutcome::Applied { rev }));
    }
    if let Some(leased) = leased
        && books::record(tx, key, leased.number)?.is_none()
        && let Ok(number) = admitted(tx, sent, leased, key)?
    {
        let reason = format!("Văn bản đã vào sổ trước, số đến {}", before.number);
        let why = (reason.as_str(), sent.account);
        books::void(tx, key, (number, number), why, sent.now)?;
    }
    let first = before
        .by
        .filter(|_| sent.mutant != Some(Mutant::ForgetsWhoWasFirst));
    let who = first.map(|by| accounts::full_name(tx, by)).transpose()?;
    Ok(Decision::settled(OpOutcome::Conflict {
        code: ProblemCode::AlreadyRegistered,
        detail: who.unwrap_or_default(),
    }))
}

fn is_incoming(tx: &Transaction<'_>, document: DocumentId) -> Result<bool> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM document WHERE id = ?1 AND direction = ?2")?
        .exists(params![document.0.as_bytes(), word(&Direction::Incoming)?])?)
}

/// The current bytes of a document's main file.
fn main_file(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<Sha256>> {
    Ok(tx
        .prepare_cached(
            "SELECT r.sha256 FROM revision r JOIN file f ON f.id = r.file
             WHERE f.document = ?1 ORDER BY f.ordinal, r.ordinal DESC LIMIT 1",
        )?
        .query_row([document.0.as_bytes()], |row| Ok(Sha256(row.get(0)?)))
        .optional()?)
}
