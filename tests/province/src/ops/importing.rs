//! Rows of a previous system's registers, taken over one by one: each is added, here already, or
//! refused by itself.
//!
//! Invariant: no counter and no entry of a book is read for writing or written; what is imported stands
//! where this server never gives a number.

use congvan_model::{AccountId, Direction, DocumentId, DocumentState, Sha256};
use congvan_protocol::{
    Intent, OpOutcome, ProblemCode, RegisteredFile,
    handling::{Course, Handling},
    import::{ImportRow, ROWS_MAX, RefusedRow, RowRefusal, imported_file, shown_file},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{
    intents::{Decision, Sent, touch_document},
    registering::{NewRow, clerk_of, insert_document, not_uploaded, refused},
    signature::Evidence,
};
use crate::{
    accounts, activities,
    books::{self, BookKey},
    course, entity,
    error::Result,
    feed::Touch,
    text::word,
};

/// What became of a row.
enum Taken {
    Added(Vec<Touch>),
    Already(Vec<Touch>),
    Refused(RowRefusal),
}

/// Judges every row and takes in those that can be.
pub(super) fn rows(tx: &Transaction<'_>, sent: Sent<'_>) -> Result<Decision> {
    let Intent::ImportRows {
        agency: named,
        source,
        rows,
    } = &sent.op.intent
    else {
        return Ok(refused("no rows"));
    };
    if rows.is_empty() || rows.len() > ROWS_MAX {
        return Ok(refused("1 to 200 rows"));
    }
    let agency = match clerk_of(tx, sent)? {
        Ok(agency) => agency,
        Err(decision) => return Ok(decision),
    };
    if *named != agency {
        let detail = "another registry";
        return Ok(Decision::rejected(ProblemCode::Forbidden, detail));
    }
    let registry = Registry {
        readers: readers(tx, &agency, sent)?,
        who: accounts::full_name(tx, sent.account)?,
        agency,
        source,
    };
    let (mut added, mut already, mut refused, mut touches) = (0, 0, Vec::new(), Vec::new());
    for row in rows {
        match take(tx, sent, &registry, row)? {
            Taken::Added(told) => {
                added += 1;
                touches.extend(told);
            }
            Taken::Already(told) => {
                already += 1;
                touches.extend(told);
            }
            Taken::Refused(why) => refused.push(RefusedRow {
                line: row.line,
                document: row.document(&registry.agency),
                why,
            }),
        }
    }
    let outcome = OpOutcome::TakenIn {
        added,
        already,
        refused,
    };
    Ok(Decision { outcome, touches })
}

/// Where rows are taken over, and by whom.
struct Registry<'a> {
    agency: String,
    readers: Vec<AccountId>,
    who: String,
    source: &'a Sha256,
}

/// Who sees what is filed: the registry and the archive.
fn readers(tx: &Transaction<'_>, agency: &str, sent: Sent<'_>) -> Result<Vec<AccountId>> {
    let mut readers = books::clerks(tx, agency)?;
    readers.extend(books::archivists(tx, agency)?);
    readers.push(sent.account);
    readers.sort();
    readers.dedup();
    Ok(readers)
}

fn take(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    registry: &Registry<'_>,
    row: &ImportRow,
) -> Result<Taken> {
    let fields = &row.fields;
    let is_sane = row.check(sent.now.vietnam_date()).is_ok()
        && fields.activity.as_ref().is_none_or(activities::is_sane);
    if !is_sane {
        return Ok(Taken::Refused(RowRefusal::Invalid));
    }
    let document = row.document(&registry.agency);
    if is_imported(tx, document)? {
        return again(tx, sent, document, row);
    }
    if row.direction == Direction::Incoming && books::book(tx, &key(registry, row))?.is_none() {
        return Ok(Taken::Refused(RowRefusal::NoBook));
    }
    if is_of_this_system(tx, sent, registry, row)? {
        return Ok(Taken::Refused(RowRefusal::OfThisSystem));
    }
    if !claim(tx, sent, registry, (row, document))? {
        return Ok(Taken::Refused(RowRefusal::NumberTaken));
    }
    store(tx, sent, registry, row)?;
    for reader in &registry.readers {
        see(tx, document, *reader, sent)?;
    }
    let touches = touch_document(tx, document, 1, &registry.readers)?;
    Ok(Taken::Added(touches))
}

/// The row was taken over before: it says the same, or something else.
fn again(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    document: DocumentId,
    row: &ImportRow,
) -> Result<Taken> {
    let mut touches = Vec::new();
    if see(tx, document, sent.account, sent)? {
        let rev = entity::bump(tx, document)?;
        touches = touch_document(tx, document, rev, &entity::readers(tx, document)?)?;
    }
    let known = entity::document(tx, document, sent.account)?;
    Ok(match known {
        Some(known) if row.stands_as(&known) => Taken::Already(touches),
        Some(_) | None => Taken::Refused(RowRefusal::Differs),
    })
}

fn is_imported(tx: &Transaction<'_>, document: DocumentId) -> Result<bool> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM imported WHERE document = ?1")?
        .exists([document.0.as_bytes()])?)
}

/// Lets an account see it, as read: nobody has to look at what was handled years ago. Whether that is
/// new.
fn see(
    tx: &Transaction<'_>,
    document: DocumentId,
    account: AccountId,
    sent: Sent<'_>,
) -> Result<bool> {
    let changed = tx
        .prepare_cached(
            "INSERT INTO access(document, account, role, read_at) VALUES (?1, ?2, NULL, ?3)
             ON CONFLICT(document, account) DO NOTHING",
        )?
        .execute(params![document.0.as_bytes(), account.0, sent.now.0])?;
    Ok(changed > 0)
}

fn key(registry: &Registry<'_>, row: &ImportRow) -> BookKey {
    BookKey {
        agency: registry.agency.clone(),
        book: match row.direction {
            Direction::Incoming => row.book.clone(),
            Direction::Outgoing => books::series_of(row.fields.kind),
        },
        year: row.year,
    }
}

/// Whether the number is one that this server has given or may give: from the one on with which its
/// book of that year began here, and all of a year that is not over. What goes out of the agency in a
/// year whose series has not begun is let in, since the series goes on behind it.
fn is_of_this_system(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    registry: &Registry<'_>,
    row: &ImportRow,
) -> Result<bool> {
    let key = key(registry, row);
    let first: Option<u32> = tx
        .prepare_cached("SELECT first FROM series WHERE agency = ?1 AND book = ?2 AND year = ?3")?
        .query_row(params![key.agency, key.book, key.year], |row| row.get(0))
        .optional()?;
    let goes_on_behind = row.direction == Direction::Outgoing
        && row.fields.issuer_code.as_deref() == Some(registry.agency.as_str());
    Ok(match first {
        Some(first) => row.number >= first,
        None => row.year >= books::year_of(sent.now) && !goes_on_behind,
    })
}

/// Writes it and its place down; false when another imported document stands there.
fn claim(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    registry: &Registry<'_>,
    (row, document): (&ImportRow, DocumentId),
) -> Result<bool> {
    let symbol = match row.direction {
        Direction::Incoming => "",
        Direction::Outgoing => row.fields.notation.as_ref().map_or("", |one| one.symbol()),
    };
    let taken = tx
        .prepare_cached(
            "SELECT 1 FROM imported WHERE agency = ?1 AND direction = ?2 AND book = ?3 AND year = ?4
               AND number = ?5 AND symbol = ?6",
        )?
        .exists(params![
            registry.agency,
            word(&row.direction)?,
            row.book,
            row.year,
            row.number,
            symbol
        ])?;
    if taken {
        return Ok(false);
    }
    let new = NewRow {
        document,
        place: (row.direction, DocumentState::Filed),
        number: (row.direction == Direction::Incoming).then_some(row.number),
        at: row.at(),
    };
    insert_document(tx, &new, &row.fields)?;
    tx.prepare_cached(
        "INSERT INTO imported(document, agency, direction, book, year, number, symbol, source, line,
           account, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        document.0.as_bytes(),
        registry.agency,
        word(&row.direction)?,
        row.book,
        row.year,
        row.number,
        symbol,
        registry.source.0,
        row.line,
        sent.account.0,
        sent.now.0
    ])?;
    Ok(true)
}

/// What belongs to the document besides its row.
fn store(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    registry: &Registry<'_>,
    row: &ImportRow,
) -> Result<()> {
    let document = row.document(&registry.agency);
    if let Some(field) = &row.fields.activity {
        let field = activities::named(tx, &registry.agency, field)?;
        tx.prepare_cached(
            "UPDATE document SET activity_code = ?2, activity_name = ?3 WHERE id = ?1",
        )?
        .execute(params![document.0.as_bytes(), field.code, field.name])?;
    }
    entity::add_step(tx, document, &row.step(&registry.who, sent.now))?;
    let course = Course {
        direction: row.direction,
        state: DocumentState::Filed,
        due: None,
        handling: Handling {
            imported: Some(Box::new(row.besides())),
            ..Handling::default()
        },
    };
    course::save(tx, document, &course)
}

/// Adds a file to an imported document of the clerk's registry.
pub(super) fn file(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    file: &RegisteredFile,
    evidence: Evidence,
) -> Result<Decision> {
    let agency = match clerk_of(tx, sent)? {
        Ok(agency) => agency,
        Err(decision) => return Ok(decision),
    };
    let document = sent.op.lane;
    let of_agency = tx
        .prepare_cached("SELECT 1 FROM imported WHERE document = ?1 AND agency = ?2")?
        .exists(params![document.0.as_bytes(), agency])?;
    let Some((rev, ..)) = entity::standing(tx, document, sent.account)?.filter(|_| of_agency)
    else {
        let detail = "no imported document of this registry";
        return Ok(Decision::rejected(ProblemCode::NotFound, detail));
    };
    let bytes = (file.sha256, file.size);
    let expected = imported_file(document, bytes, (file.name.clone(), file.pages));
    let is_named = (1..=200).contains(&file.name.trim().chars().count());
    if *file != expected || !is_named {
        return Ok(refused("the file's ids or name are others"));
    }
    let known = tx
        .prepare_cached("SELECT 1 FROM file WHERE id = ?1")?
        .exists([file.file.0.as_bytes()])?;
    if known {
        return Ok(Decision::settled(OpOutcome::Applied { rev }));
    }
    if let Some(decision) = not_uploaded(evidence, file) {
        return Ok(decision);
    }
    insert_file(tx, document, file, sent)?;
    let rev = entity::bump(tx, document)?;
    let touches = touch_document(tx, document, rev, &entity::readers(tx, document)?)?;
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches,
    })
}

/// Behind the files that it has; the first is the document itself.
fn insert_file(
    tx: &Transaction<'_>,
    document: DocumentId,
    file: &RegisteredFile,
    sent: Sent<'_>,
) -> Result<()> {
    let last: u32 = tx
        .prepare_cached("SELECT COALESCE(MAX(ordinal), 0) FROM file WHERE document = ?1")?
        .query_row([document.0.as_bytes()], |row| row.get(0))?;
    let shown = shown_file(file, last == 0, sent.now);
    tx.prepare_cached(
        "INSERT INTO file(id, document, ordinal, name, role, media_type, pages)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        shown.id.0.as_bytes(),
        document.0.as_bytes(),
        last + 1,
        shown.name,
        word(&shown.role)?,
        shown.media_type,
        shown.pages
    ])?;
    tx.prepare_cached(
        "INSERT INTO revision(id, file, ordinal, sha256, at) VALUES (?1, ?2, 1, ?3, ?4)",
    )?
    .execute(params![
        file.revision.0.as_bytes(),
        file.file.0.as_bytes(),
        file.sha256.0,
        sent.now.0
    ])?;
    Ok(())
}
