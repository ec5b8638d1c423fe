//! What becomes of a document after its registration: it is put before a leader, or withdrawn.

use congvan_model::{AccountId, DocumentId, DocumentState, ReceiverRole, Timestamp, nfc};
use congvan_protocol::{
    FlowStep, Intent, OpOutcome, ProblemCode,
    numbers::{NumberRecord, may_withdraw},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{
    intents::{Decision, Sent, touch_document, touch_removed},
    registering::{clerk_of, refused},
};
use crate::{
    accounts,
    books::{self, BookKey},
    course, entity,
    error::Result,
    mandates,
    text::word,
};

/// Longest reason of a withdrawal, in characters.
const REASON_MAX: usize = 500;

/// A clerk puts a registered document before a leader of the agency (trình).
pub(super) fn present(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    (rev, state): (u64, DocumentState),
) -> Result<Decision> {
    let Intent::PresentDocument { to } = sent.op.intent else {
        return Ok(refused("not a presentation"));
    };
    let document = sent.op.lane;
    let agency = match clerk_of(tx, sent)? {
        Ok(agency) => agency,
        Err(decision) => return Ok(decision),
    };
    let Some((entry, _)) = entry_of(tx, document)? else {
        let detail = "it is in no book";
        return Ok(Decision::rejected(ProblemCode::WrongState, detail));
    };
    if entry.agency != agency {
        let detail = "it is in the book of another agency";
        return Ok(Decision::rejected(ProblemCode::Forbidden, detail));
    }
    let leaders = accounts::leaders(tx, &agency)?;
    let Some(leader) = leaders.into_iter().find(|leader| leader.account == to) else {
        return Ok(refused("not a leader of the agency"));
    };
    if state != DocumentState::Registered {
        return Ok(match director(tx, document)? {
            Some(lead) if lead == to => Decision::settled(OpOutcome::Applied { rev }),
            // The first one stands: a document has one who leads.
            Some(lead) => Decision::settled(OpOutcome::Conflict {
                code: ProblemCode::WrongState,
                detail: accounts::full_name(tx, lead)?,
            }),
            None => Decision::rejected(ProblemCode::WrongState, "not waiting to be presented"),
        });
    }
    tx.execute(
        "INSERT INTO access(document, account, role) VALUES (?1, ?2, ?3)
         ON CONFLICT(document, account) DO UPDATE SET role = excluded.role",
        params![document.0.as_bytes(), to.0, word(&ReceiverRole::Lead)?],
    )?;
    let step = FlowStep {
        at: sent.now,
        who: accounts::full_name(tx, sent.account)?,
        state: DocumentState::Presented,
        note: format!("Trình {} {}", leader.title, leader.full_name),
    };
    let rev = entity::move_to(tx, document, &step)?;
    if let Some(after) = course::load(tx, document)? {
        mandates::show(tx, document, &after, sent.now)?;
    }
    let touches = touch_document(tx, document, rev, &entity::readers(tx, document)?)?;
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches,
    })
}

/// A clerk withdraws a document: its number becomes void, and everyone gets a tombstone.
pub(super) fn withdraw(tx: &Transaction<'_>, sent: Sent<'_>) -> Result<Decision> {
    let Intent::WithdrawRegistration { reason } = &sent.op.intent else {
        return Ok(refused("not a withdrawal"));
    };
    let reason = nfc(reason.trim());
    if !(1..=REASON_MAX).contains(&reason.chars().count()) {
        return Ok(refused("1 to 500 characters"));
    }
    let agency = match clerk_of(tx, sent)? {
        Ok(agency) => agency,
        Err(decision) => return Ok(decision),
    };
    let document = sent.op.lane;
    let Some((key, number)) = entry_of(tx, document)? else {
        return withdrawn_before(tx, document, &agency);
    };
    if key.agency != agency {
        let detail = "it is in the book of another agency";
        return Ok(Decision::rejected(ProblemCode::Forbidden, detail));
    }
    let Some((_, state, _)) = entity::standing(tx, document, sent.account)? else {
        let detail = "no such document for this account";
        return Ok(Decision::rejected(ProblemCode::NotFound, detail));
    };
    // Once directed somebody works on it: that is a matter of returning it, not of the book.
    if !matches!(state, DocumentState::Registered | DocumentState::Presented) {
        let detail = "somebody works on it";
        return Ok(Decision::rejected(ProblemCode::WrongState, detail));
    }
    if may_withdraw(books::record(tx, &key, number)?).is_err() {
        return Ok(refused("the number is on no document"));
    }
    books::withdraw(
        tx,
        &key,
        (number, document),
        (&reason, sent.account),
        sent.now,
    )?;
    debug_assert_eq!(
        books::record(tx, &key, number).ok().flatten(),
        Some(NumberRecord::Void)
    );
    let rev: u64 = tx.query_row(
        "UPDATE document SET recalled = 1, rev = rev + 1 WHERE id = ?1 RETURNING rev",
        [document.0.as_bytes()],
        |row| row.get(0),
    )?;
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches: touch_removed(tx, document, rev)?,
    })
}

/// The same was done under another op id, or there is nothing to withdraw.
fn withdrawn_before(tx: &Transaction<'_>, document: DocumentId, agency: &str) -> Result<Decision> {
    let rev: Option<u64> = tx
        .query_row(
            "SELECT d.rev FROM withdrawn w JOIN document d ON d.id = w.document
             WHERE w.document = ?1 AND w.agency = ?2",
            params![document.0.as_bytes(), agency],
            |row| row.get(0),
        )
        .optional()?;
    Ok(match rev {
        Some(rev) => Decision::settled(OpOutcome::Applied { rev }),
        None => Decision::rejected(ProblemCode::NotFound, "it is in no book"),
    })
}

/// The book and the number of a document.
pub(super) fn entry_of(
    tx: &Transaction<'_>,
    document: DocumentId,
) -> Result<Option<(BookKey, u32)>> {
    Ok(tx
        .prepare_cached("SELECT agency, book, year, number FROM book_entry WHERE document = ?1")?
        .query_row([document.0.as_bytes()], |row| {
            let key = BookKey {
                agency: row.get(0)?,
                book: row.get(1)?,
                year: row.get(2)?,
            };
            Ok((key, row.get(3)?))
        })
        .optional()?)
}

/// Before whom a document is, or who directed it.
fn director(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<AccountId>> {
    let course = course::load(tx, document)?;
    let director = course.and_then(|course| course.handling.director);
    match director {
        Some(director) => Ok(Some(director.account)),
        None => lead(tx, document),
    }
}

/// Makes the number of a document void, with the reason; one that is void already stays as it is.
pub(super) fn void_entry(
    tx: &Transaction<'_>,
    (key, number, document): (&BookKey, u32, DocumentId),
    (reason, account): (&str, AccountId),
    now: Timestamp,
) -> Result<()> {
    if may_withdraw(books::record(tx, key, number)?).is_err() {
        return Ok(());
    }
    books::withdraw(tx, key, (number, document), (reason, account), now)
}

/// Who leads on a document.
fn lead(tx: &Transaction<'_>, document: DocumentId) -> Result<Option<AccountId>> {
    Ok(tx
        .query_row(
            "SELECT account FROM access WHERE document = ?1 AND role = ?2 ORDER BY account",
            params![document.0.as_bytes(), word(&ReceiverRole::Lead)?],
            |row| Ok(AccountId(row.get(0)?)),
        )
        .optional()?)
}

/// Whether a clerk may put the agency's signature on a scan: a registered document of the clerk's
/// own agency, whose bytes nobody has signed here.
pub(super) fn may_seal(tx: &Transaction<'_>, sent: Sent<'_>, head_ordinal: i64) -> Result<bool> {
    let document = sent.op.lane;
    let Some((key, _)) = entry_of(tx, document)? else {
        return Ok(false);
    };
    if books::book(tx, &key)?.is_none() {
        return Ok(false);
    }
    Ok(match clerk_of(tx, sent)? {
        Ok(agency) => agency == key.agency && head_ordinal == 1,
        Err(_) => false,
    })
}
