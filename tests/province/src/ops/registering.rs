//! Papers that are entered in a book, and numbers that are declared void.

use congvan_model::{Direction, DocumentId, DocumentState, Role, Sha256, Timestamp, nfc};
use congvan_protocol::{
    FileRole, FlowStep, Intent, LeasedNumber, OpOutcome, ProblemCode, RegisteredFile,
    RegistrationFields,
    numbers::{Holder, Refusal, Series},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{
    intents::{Decision, Sent, touch_document},
    signature::Evidence,
};
use crate::{
    accounts, activities, axis,
    books::{self, BookKey, Entry},
    entity,
    error::Result,
    mutant::Mutant,
    text::{uuid, word},
};

/// Seconds after which a desk asks again whether the book is back.
const BOOK_OUT_WAIT_S: u32 = 60;

/// The intent's parts.
struct Wanted<'a> {
    document: DocumentId,
    book: &'a str,
    year: u16,
    received_at: Timestamp,
    provisional: &'a str,
    number: Option<LeasedNumber>,
    fields: &'a RegistrationFields,
    file: &'a RegisteredFile,
}

fn wanted(intent: &Intent) -> Option<Wanted<'_>> {
    match intent {
        Intent::RegisterIncoming {
            document,
            book,
            year,
            received_at,
            provisional,
            number,
            fields,
            file,
        } => Some(Wanted {
            document: *document,
            book,
            year: *year,
            received_at: *received_at,
            provisional,
            number: *number,
            fields,
            file,
        }),
        Intent::AddOpinion { .. }
        | Intent::LinkRevision { .. }
        | Intent::MarkRead
        | Intent::VoidNumber { .. }
        | Intent::RegisterReceived { .. }
        | Intent::PresentDocument { .. }
        | Intent::DraftDocument { .. }
        | Intent::Handle { .. }
        | Intent::WithdrawRegistration { .. }
        | Intent::Dossier { .. }
        | Intent::Task { .. }
        | Intent::ImportRows { .. }
        | Intent::ImportFile { .. }
        | Intent::Calendar { .. } => None,
    }
}

/// Enters a paper: number, document, file, feed, in one transaction.
pub(super) fn register(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    evidence: Evidence,
) -> Result<Decision> {
    let Some(wanted) = wanted(&sent.op.intent) else {
        return Ok(refused("not a registration"));
    };
    if let Err(detail) = sane(sent, &wanted) {
        return Ok(refused(detail));
    }
    let registry = match clerk_of(tx, sent)? {
        Ok(agency) => agency,
        Err(decision) => return Ok(decision),
    };
    let key = BookKey {
        agency: registry,
        book: wanted.book.to_owned(),
        year: wanted.year,
    };
    if books::book(tx, &key)?.is_none() {
        let detail = "the agency has no such book";
        return Ok(Decision::rejected(ProblemCode::NotFound, detail));
    }
    let delivered = axis::awaits(tx, wanted.document, wanted.file)?;
    if !delivered && is_taken(tx, (wanted.document, wanted.file))? {
        return Ok(refused("an id is taken"));
    }
    if let Some(decision) = not_uploaded(evidence, wanted.file) {
        return Ok(decision);
    }
    let number = match number(tx, sent, wanted.number, &key)? {
        Ok(number) => number,
        Err(decision) => return Ok(decision),
    };
    store(tx, sent, &wanted, (&key, number, delivered))
}

/// Why a file that an act brings along cannot be taken.
pub(super) fn not_uploaded(evidence: Evidence, file: &RegisteredFile) -> Option<Decision> {
    match evidence {
        Evidence::NotNeeded => None,
        Evidence::Missing => Some(Decision::settled(OpOutcome::Blocked {
            missing: vec![file.sha256],
        })),
        Evidence::Refused { code, detail } => Some(Decision::rejected(code, &detail)),
        Evidence::Signed { .. } | Evidence::Completed { .. } => Some(refused("not a PDF")),
    }
}

pub(super) fn refused(detail: &str) -> Decision {
    Decision::rejected(ProblemCode::InvalidRequest, detail)
}

/// Whether the fields are there and not too long.
fn sane(sent: Sent<'_>, wanted: &Wanted<'_>) -> std::result::Result<(), &'static str> {
    let within = |text: &str, most: usize| (1..=most).contains(&text.trim().chars().count());
    let fields = wanted.fields;
    if wanted.document != sent.op.lane {
        return Err("the lane is another document");
    }
    if !within(&fields.issuer_name, 300) || !within(&fields.subject, 2000) {
        return Err("issuer or subject is missing or too long");
    }
    if fields
        .activity
        .as_ref()
        .is_some_and(|field| !activities::is_sane(field))
    {
        return Err("a field of activity is missing its code or name, or one is too long");
    }
    if !within(&wanted.file.name, 200) {
        return Err("a name is missing or too long");
    }
    sane_provisional(wanted.provisional)
}

pub(super) fn sane_provisional(provisional: &str) -> std::result::Result<(), &'static str> {
    if provisional.chars().count() > 100 {
        return Err("a name is missing or too long");
    }
    // What looks like a number of the book would be taken for one.
    if provisional.parse::<u64>().is_ok() {
        return Err("a provisional id must not look like a number");
    }
    Ok(())
}

pub(super) fn clerk_of(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
) -> Result<std::result::Result<String, Decision>> {
    let registry = books::registry(tx, sent.account)?;
    let is_clerk = sent.acting.holds(Role::Clerk) && sent.acting.mandate.is_none();
    Ok(match registry.filter(|_| is_clerk) {
        Some(registry) => Ok(registry.agency),
        None => Err(Decision::rejected(
            ProblemCode::Forbidden,
            "only a clerk writes in the books",
        )),
    })
}

/// Whether another document, file or revision has one of these ids.
pub(super) fn is_taken(
    tx: &Transaction<'_>,
    (document, file): (DocumentId, &RegisteredFile),
) -> Result<bool> {
    Ok(tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM document WHERE id = ?1)
             OR EXISTS (SELECT 1 FROM file WHERE id = ?2)
             OR EXISTS (SELECT 1 FROM revision WHERE id = ?3)",
        params![
            document.0.as_bytes(),
            file.file.0.as_bytes(),
            file.revision.0.as_bytes()
        ],
        |row| row.get(0),
    )?)
}

/// The number that the document gets; the counter is written in this transaction, so a number is
/// neither lost nor given twice.
pub(super) fn number(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    leased: Option<LeasedNumber>,
    key: &BookKey,
) -> Result<std::result::Result<u32, Decision>> {
    if let Some(leased) = leased {
        return admitted(tx, sent, leased, key);
    }
    if let Some(number) = sent.given {
        books::widen(tx, key, number, sent.now)?;
        let series = books::load(tx, key)?;
        let claimed = books::claim(tx, key, &series, (number, None))?;
        return Ok(claimed.map_err(|refusal| taken(key, number, refusal)));
    }
    if books::year_of(sent.now) != key.year {
        let detail = "the book's year has ended or not begun";
        return Ok(Err(Decision::rejected(ProblemCode::YearClosed, detail)));
    }
    let mut series = books::load(tx, key)?;
    match issue(&mut series, sent.mutant) {
        Ok(number) => {
            books::save_counter(tx, key, &series)?;
            Ok(Ok(number))
        }
        // The book is with a device; the paper waits until it is back (chờ vào sổ).
        Err(_) => Ok(Err(Decision::settled(OpOutcome::Deferred {
            retry_after_s: BOOK_OUT_WAIT_S,
        }))),
    }
}

/// A number out of a lease, where the lease is this device's and has it.
pub(super) fn admitted(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    leased: LeasedNumber,
    key: &BookKey,
) -> Result<std::result::Result<u32, Decision>> {
    let series = books::load(tx, key)?;
    if sent.mutant == Some(Mutant::IgnoresFence) {
        return Ok(Ok(leased.number));
    }
    let record = books::record(tx, key, leased.number)?;
    let admitted = match series.grant(leased.fence) {
        Some(grant) if grant.holder.device == sent.device => grant.admit(leased.number, record),
        Some(_) => Err(Refusal::LeaseStale),
        // Perhaps of a lease that was given after the backup this server was restored from.
        None => {
            let claim = (leased.number, Some(leased.fence));
            books::claim(tx, key, &series, claim)?.map(drop)
        }
    };
    Ok(match admitted {
        Ok(()) => Ok(leased.number),
        Err(Refusal::Invalid) => Err(refused("the number is not of that lease")),
        Err(refusal) => Err(taken(key, leased.number, refusal)),
    })
}

/// It is printed on a paper already: a person decides.
fn taken(key: &BookKey, number: u32, refusal: Refusal) -> Decision {
    Decision::settled(OpOutcome::Conflict {
        code: books::code(refusal),
        detail: format!("{}/{} {number}", key.book, key.year),
    })
}

fn issue(series: &mut Series, mutant: Option<Mutant>) -> std::result::Result<u32, Refusal> {
    if mutant == Some(Mutant::IssuesWhileLeased) {
        let open = series.open.take();
        let number = series.issue();
        series.open = open;
        return number;
    }
    series.issue()
}

fn store(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    wanted: &Wanted<'_>,
    (key, number, delivered): (&BookKey, u32, bool),
) -> Result<Decision> {
    let paper = (wanted.document, Some(wanted.file.sha256));
    let duplicate_of = duplicate(tx, paper, wanted.fields)?;
    if delivered {
        enter_delivered(tx, wanted, number)?;
    } else {
        let new = NewRow {
            document: wanted.document,
            place: (Direction::Incoming, DocumentState::Registered),
            number: Some(number),
            at: wanted.received_at,
        };
        insert_document(tx, &new, wanted.fields)?;
        insert_file(tx, (wanted.document, wanted.file), sent.now)?;
    }
    if let Some(field) = &wanted.fields.activity {
        let field = activities::named(tx, &key.agency, field)?;
        tx.execute(
            "UPDATE document SET activity_code = ?2, activity_name = ?3 WHERE id = ?1",
            params![wanted.document.0.as_bytes(), field.code, field.name],
        )?;
    }
    let entry = Entry {
        number,
        fence: wanted.number.map(|leased| leased.fence),
        document: wanted.document,
        provisional: wanted.provisional,
        received_at: wanted.received_at,
        duplicate_of,
        account: Some(sent.account),
    };
    enter(tx, sent, (key, &entry), delivered)
}

/// Writes the entry of a document that stands in the tables with its number, and tells everyone who
/// has to know. What was delivered was received when it came.
pub(super) fn enter(
    tx: &Transaction<'_>,
    sent: Sent<'_>,
    (key, entry): (&BookKey, &Entry<'_>),
    delivered: bool,
) -> Result<Decision> {
    let (document, number) = (entry.document, entry.number);
    let may_fall = sent.mutant == Some(Mutant::TimesFall);
    let booked = books::enter(tx, key, entry, (sent.now, may_fall))?;
    tx.execute(
        "UPDATE document SET arrived_at = ?2 WHERE id = ?1",
        params![document.0.as_bytes(), booked.0],
    )?;
    let mut readers = books::clerks(tx, &key.agency)?;
    if !readers.contains(&sent.account) {
        readers.push(sent.account);
        readers.sort();
    }
    for reader in &readers {
        let read_at = (*reader == sent.account).then_some(sent.now.0);
        tx.execute(
            "INSERT INTO access(document, account, role, read_at) VALUES (?1, ?2, NULL, ?3)
             ON CONFLICT(document, account) DO UPDATE SET
               read_at = COALESCE(read_at, excluded.read_at)",
            params![document.0.as_bytes(), reader.0, read_at],
        )?;
    }
    let who = accounts::full_name(tx, sent.account)?;
    match sent.mutant {
        Some(Mutant::SilentToSenders) => {}
        Some(Mutant::TellsAnotherStep) => axis::tell_of(tx, document, ("04", ""), sent.now)?,
        Some(_) | None => axis::registered(tx, document, sent.now)?,
    }
    let steps = [
        (
            booked,
            DocumentState::Received,
            "Tiếp nhận, quét".to_owned(),
        ),
        (
            sent.now,
            DocumentState::Registered,
            format!("Vào sổ văn bản đến, số đến {number}"),
        ),
    ];
    for (at, state, note) in steps.into_iter().skip(usize::from(delivered)) {
        let who = who.clone();
        let step = FlowStep {
            at,
            who,
            state,
            note,
        };
        entity::add_step(tx, document, &step)?;
    }
    let rev = if delivered {
        entity::bump(tx, document)?
    } else {
        1
    };
    let touches = touch_document(tx, document, rev, &readers)?;
    Ok(Decision {
        outcome: OpOutcome::Applied { rev },
        touches,
    })
}

/// The row of a document that somebody enters, besides what stands on it.
pub(crate) struct NewRow {
    pub(crate) document: DocumentId,
    /// Whether it comes in or goes out, and where it stands.
    pub(crate) place: (Direction, DocumentState),
    pub(crate) number: Option<u32>,
    pub(crate) at: Timestamp,
}

pub(crate) fn insert_document(
    tx: &Transaction<'_>,
    new: &NewRow,
    fields: &RegistrationFields,
) -> Result<()> {
    tx.execute(
        "INSERT INTO document(id, direction, state, notation, issued_on, arrival_number, arrived_at,
         kind, issuer_code, issuer_name, subject, urgency, due, signer_position, signer_name, rev)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 1)",
        params![
            new.document.0.as_bytes(),
            word(&new.place.0)?,
            word(&new.place.1)?,
            fields.notation.as_ref().map(ToString::to_string),
            fields.issued_on.map(|date| date.to_string()),
            new.number,
            new.at.0,
            word(&fields.kind)?,
            fields.issuer_code.as_deref().unwrap_or_default(),
            nfc(fields.issuer_name.trim()),
            nfc(fields.subject.trim()),
            fields.urgency.priority(),
            fields
                .due
                .map(|due| serde_json::to_string(&due))
                .transpose()?,
            nfc(fields.signer.position.trim()),
            nfc(fields.signer.full_name.trim())
        ],
    )?;
    Ok(())
}

/// A document that came over the axis is here already, with its file: it gets its number, and what the
/// clerk confirmed.
fn enter_delivered(tx: &Transaction<'_>, wanted: &Wanted<'_>, number: u32) -> Result<()> {
    let fields = wanted.fields;
    tx.execute(
        "UPDATE document SET state = ?2, arrival_number = ?3, kind = ?4, subject = ?5, urgency = ?6,
           due = ?7, signer_position = ?8, signer_name = ?9 WHERE id = ?1",
        params![
            wanted.document.0.as_bytes(),
            word(&DocumentState::Registered)?,
            number,
            word(&fields.kind)?,
            nfc(fields.subject.trim()),
            fields.urgency.priority(),
            fields
                .due
                .map(|due| serde_json::to_string(&due))
                .transpose()?,
            nfc(fields.signer.position.trim()),
            nfc(fields.signer.full_name.trim())
        ],
    )?;
    Ok(())
}

pub(super) fn insert_file(
    tx: &Transaction<'_>,
    (document, file): (DocumentId, &RegisteredFile),
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO file(id, document, ordinal, name, role, media_type, pages)
         VALUES (?1, ?2, 1, ?3, ?4, 'application/pdf', ?5)",
        params![
            file.file.0.as_bytes(),
            document.0.as_bytes(),
            nfc(file.name.trim()),
            word(&FileRole::Main)?,
            file.pages
        ],
    )?;
    tx.execute(
        "INSERT INTO revision(id, file, ordinal, sha256, at) VALUES (?1, ?2, 1, ?3, ?4)",
        params![
            file.revision.0.as_bytes(),
            file.file.0.as_bytes(),
            file.sha256.0,
            now.0
        ],
    )?;
    Ok(())
}

/// A document of the office that is probably the same paper: notation, day and issuer agree, or the
/// bytes do.
pub(super) fn duplicate(
    tx: &Transaction<'_>,
    (document, sha256): (DocumentId, Option<Sha256>),
    fields: &RegistrationFields,
) -> Result<Option<DocumentId>> {
    let by_bytes = tx
        .prepare_cached(
            "SELECT f.document FROM revision r JOIN file f ON f.id = r.file
             JOIN document d ON d.id = f.document
             WHERE r.sha256 = ?1 AND d.direction = 'incoming' AND d.recalled = 0 AND d.id <> ?2
             LIMIT 1",
        )?
        .query_row(
            params![sha256.map(|sha256| sha256.0), document.0.as_bytes()],
            |row| uuid(row, "document"),
        )
        .optional()?;
    if let Some(id) = by_bytes {
        return Ok(Some(DocumentId(id)));
    }
    let (Some(notation), Some(issued_on)) = (&fields.notation, fields.issued_on) else {
        return Ok(None);
    };
    let mut statement = tx.prepare_cached(
        "SELECT id, issuer_code, issuer_name FROM document
         WHERE direction = 'incoming' AND recalled = 0 AND notation = ?1 AND issued_on = ?2
           AND id <> ?3",
    )?;
    let rows = statement.query_map(
        params![
            notation.to_string(),
            issued_on.to_string(),
            document.0.as_bytes()
        ],
        |row| Ok((uuid(row, "id")?, row.get(1)?, row.get(2)?)),
    )?;
    for row in rows {
        let (id, code, name): (uuid::Uuid, String, String) = row?;
        let same_code = fields.issuer_code.as_deref().is_some_and(|own| own == code);
        let same_name =
            congvan_model::fold(&name) == congvan_model::fold(fields.issuer_name.trim());
        if same_code || same_name {
            return Ok(Some(DocumentId(id)));
        }
    }
    Ok(None)
}

/// Declares a number of the device's own lease void.
pub(super) fn void_number(tx: &Transaction<'_>, sent: Sent<'_>) -> Result<Decision> {
    let Intent::VoidNumber {
        book,
        year,
        number,
        reason,
    } = &sent.op.intent
    else {
        return Ok(refused("not a void number"));
    };
    let reason = nfc(reason.trim());
    if !(1..=500).contains(&reason.chars().count()) {
        return Ok(refused("1 to 500 characters"));
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
    let series = books::load(tx, &key)?;
    let record = books::record(tx, &key, *number)?;
    let Some(grant) = series.grant_of(*number) else {
        return Ok(refused("the number is not of a lease"));
    };
    // A new incarnation of the same machine answers for what the old one printed.
    let by = Holder {
        device: sent.device,
        incarnation: grant.holder.incarnation.clone(),
    };
    match grant.may_void(*number, &by, record) {
        Ok(()) => {}
        Err(Refusal::Invalid) => return Ok(refused("the number is not of that lease")),
        Err(refusal) => return Ok(Decision::rejected(books::code(refusal), "not void")),
    }
    books::void(
        tx,
        &key,
        (*number, *number),
        (&reason, sent.account),
        sent.now,
    )?;
    Ok(Decision::settled(OpOutcome::Applied { rev: 1 }))
}
