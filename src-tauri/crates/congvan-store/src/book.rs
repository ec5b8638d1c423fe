//! The registers of Decree 30/2020, Appendix IV, out of what is on this machine; here that of incoming
//! documents: the mirror, what waits for its number, and the numbers that the server calls void.

mod outgoing;
mod paper;
mod tracking;

use std::collections::BTreeMap;

use congvan_model::{
    Direction, DocumentId, DocumentState, DocumentType, Notation, Timestamp, fold,
};
use congvan_protocol::{Document, FieldOfActivity, Intent, VoidEntry};
use jiff::civil::Date;
use rusqlite::{Connection, params};

use crate::{
    ActFate, Store,
    document::{self, row_floor},
    error::{Result, StoreError},
    outbox,
};

pub use outgoing::{COPIES, OutgoingLine, OutgoingLines};
pub use paper::{LoanLine, MailLine, PaperLines};
pub(crate) use tracking::done_at;
pub use tracking::{Progress, TrackingLine, TrackingLines};

/// The book that documents without an entry of their own stand in: what an agency had before its
/// server kept books.
pub const MAIN_BOOK: &str = "den";

/// What is wanted of a book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BookWish {
    /// Code; of what goes out empty = every series.
    pub book: String,
    /// Year.
    pub year: u16,
    /// First day of arrival, of what goes out of the document; none = the year's beginning.
    pub from: Option<Date>,
    /// Last such day; none = the year's end.
    pub to: Option<Date>,
    /// Code of a field of activity, of what comes in; none = all.
    pub activity: Option<String>,
    /// How far it has come, in the register that follows the handling; none = all.
    pub progress: Option<Progress>,
    /// Words in issuer, notation or subject, with or without marks; empty = all.
    pub text: String,
    /// How many to leave out.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
}

/// A line of the register: its ten columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookLine {
    /// The document; none for a void number.
    pub document: Option<DocumentId>,
    /// 1. Ngày đến.
    pub arrived_on: Date,
    /// 2. Số đến; none while it waits for its number.
    pub number: Option<u32>,
    /// What stands for it until then.
    pub provisional: Option<String>,
    /// 3. Tác giả.
    pub issuer: String,
    /// 4. Số, ký hiệu.
    pub notation: String,
    /// 5. Ngày tháng văn bản.
    pub issued_on: Option<Date>,
    /// 6. Tên loại và trích yếu.
    pub subject: String,
    /// Its field of activity, which is no column of the decree.
    pub activity: Option<FieldOfActivity>,
    /// 7. Đơn vị, người nhận.
    pub receivers: String,
    /// 8. Ngày chuyển.
    pub passed_on: Option<Date>,
    /// 9. Ký nhận: who of those opened it first, and when.
    pub acknowledged: Option<(String, Timestamp)>,
    /// 10. Ghi chú; the reason of a void number.
    pub note: String,
    /// The number is void.
    pub is_void: bool,
}

/// A part of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BookLines {
    /// Lines by number; those without a number at the end, in the order of arrival.
    pub lines: Vec<BookLine>,
    /// How many there are.
    pub total: usize,
}

impl Store {
    /// A part of the register of incoming documents.
    ///
    /// # Errors
    /// Disk errors.
    pub fn book_lines(&self, wish: &BookWish) -> Result<BookLines> {
        self.read(|db| {
            let mut lines = numbered(db, wish)?;
            let mut waiting = voids_and_waiting(db, wish, &mut lines)?;
            waiting.sort_by_key(|(at, _)| *at);
            let all = lines.into_values();
            let all = all.chain(waiting.into_iter().map(|(_, line)| line));
            let text = fold(wish.text.trim());
            let fits = |line: &BookLine| {
                wish.from.is_none_or(|from| line.arrived_on >= from)
                    && wish.to.is_none_or(|to| line.arrived_on <= to)
                    && wish.activity.as_ref().is_none_or(|code| {
                        line.activity.as_ref().is_some_and(|of| of.code == *code)
                    })
                    && (text.is_empty()
                        || fold(&format!(
                            "{} {} {}",
                            line.issuer, line.notation, line.subject
                        ))
                        .contains(&text))
            };
            let kept: Vec<BookLine> = all.filter(fits).collect();
            let total = kept.len();
            let lines = kept.into_iter().skip(wish.offset).take(wish.limit);
            Ok(BookLines {
                lines: lines.collect(),
                total,
            })
        })
    }

    /// Keeps what the server says of the void numbers of a book. The answer is whether that is news.
    ///
    /// # Errors
    /// Disk errors.
    pub fn set_voids(&self, (book, year): (&str, u16), voids: &[VoidEntry]) -> Result<bool> {
        let before = self.read(|db| void_entries(db, book, year))?;
        if before == voids {
            return Ok(false);
        }
        self.write(|tx| {
            tx.execute(
                "DELETE FROM void_number WHERE book = ?1 AND year = ?2",
                params![book, year],
            )?;
            for entry in voids {
                tx.prepare_cached(
                    "INSERT INTO void_number(book, year, number, entry) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![
                    book,
                    year,
                    entry.number,
                    serde_json::to_string(entry)?
                ])?;
            }
            Ok(true)
        })
    }
}

/// The documents with a number of that book.
fn numbered(db: &Connection, wish: &BookWish) -> Result<BTreeMap<u32, BookLine>> {
    let mut lines = BTreeMap::new();
    for (number, document, withdrawn) in entries(db, (&wish.book, wish.year))? {
        let mut line = line_of(document);
        if let Some(reason) = withdrawn {
            (line.is_void, line.note) = (true, reason);
        }
        lines.insert(number, line);
    }
    Ok(lines)
}

/// The documents of the mirror with a number of that book, and why one is withdrawn by an act of ours.
fn entries(
    db: &Connection,
    (book, year): (&str, u16),
) -> Result<Vec<(u32, Document, Option<String>)>> {
    let (first, last) = year_rows(year)?;
    let mut query = db.prepare_cached(
        "SELECT d.body, (SELECT o.facts FROM outbox o WHERE o.lane = d.id
             AND o.kind = 'withdraw_registration' AND o.state IN ('waiting', 'applied')
             ORDER BY o.local_seq DESC LIMIT 1)
         FROM document d WHERE d.direction = 'incoming' AND d.arrival_number IS NOT NULL
           AND d.row BETWEEN ?1 AND ?2",
    )?;
    let mut rows = query.query(params![first, last])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let document: Document = serde_json::from_str(&row.get::<_, String>(0)?)?;
        let is_of_book = match &document.registration {
            Some(entry) => entry.book == book && entry.year == year,
            None => book == MAIN_BOOK,
        };
        let (true, Some(number)) = (is_of_book, document.arrival_number) else {
            continue;
        };
        let mut withdrawn = None;
        if let Some(facts) = row.get::<_, Option<String>>(1)?
            && let Intent::WithdrawRegistration { reason } = serde_json::from_str(&facts)?
        {
            withdrawn = Some(reason);
        }
        entries.push((number, document, withdrawn));
    }
    Ok(entries)
}

/// Adds the void numbers; the answer is what waits for its number, with its reception time.
fn voids_and_waiting(
    db: &Connection,
    wish: &BookWish,
    lines: &mut BTreeMap<u32, BookLine>,
) -> Result<Vec<(Timestamp, BookLine)>> {
    for entry in void_entries(db, &wish.book, wish.year)? {
        let number = entry.number;
        lines.insert(number, void_line(entry));
    }
    let mut waiting = Vec::new();
    let mut query = db.prepare_cached(&format!(
        "{} WHERE o.kind IN ('register_incoming', 'void_number') AND o.state <> 'withdrawn'
           AND (o.kind = 'void_number'
             OR NOT EXISTS (SELECT 1 FROM document m WHERE m.id = o.lane AND m.state <> 'received'))
         ORDER BY o.local_seq",
        outbox::ACT_COLUMNS
    ))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let act = outbox::act_entry(row)?;
        let is_open = match act.fate {
            ActFate::Waiting { .. } | ActFate::Applied => true,
            ActFate::Conflict { .. } | ActFate::Rejected { .. } => act.dismissed_at.is_none(),
        };
        let is_applied = act.fate == ActFate::Applied;
        if !is_open {
            continue;
        }
        let of_book = |book: &str, year: u16| book == wish.book && year == wish.year;
        match &act.op.intent {
            Intent::VoidNumber {
                book,
                year,
                number,
                reason,
            } if of_book(book, *year) => {
                lines.entry(*number).or_insert_with(|| {
                    void_line(VoidEntry {
                        number: *number,
                        reason: reason.clone(),
                        at: act.op.at,
                        withdrawn: None,
                    })
                });
            }
            // Applied and not in the mirror: withdrawn, recalled, or on its way in the next page.
            Intent::RegisterIncoming { book, year, .. } if of_book(book, *year) && !is_applied => {
                let (at, line) = waiting_line(act.op.lane, &act.op.intent)?;
                match line.number {
                    Some(number) => {
                        lines.entry(number).or_insert(line);
                    }
                    None => waiting.push((at, line)),
                }
            }
            Intent::RegisterReceived {
                book,
                year,
                received_at,
                provisional,
                number,
            } if of_book(book, *year) && !is_applied => {
                let number = number.map(|leased| leased.number);
                let Some((document, _, _)) = document::load(db, act.op.lane)? else {
                    continue;
                };
                let mut line = line_of(document);
                line.arrived_on = received_at.vietnam_date();
                line.number = number;
                match number {
                    Some(number) => {
                        lines.entry(number).or_insert(line);
                    }
                    None => {
                        line.provisional = Some(provisional.clone());
                        waiting.push((*received_at, line));
                    }
                }
            }
            Intent::VoidNumber { .. }
            | Intent::RegisterIncoming { .. }
            | Intent::RegisterReceived { .. }
            | Intent::AddOpinion { .. }
            | Intent::LinkRevision { .. }
            | Intent::MarkRead
            | Intent::PresentDocument { .. }
            | Intent::DraftDocument { .. }
            | Intent::Handle { .. }
            | Intent::WithdrawRegistration { .. }
            | Intent::Dossier { .. }
            | Intent::Task { .. }
            | Intent::ImportRows { .. }
            | Intent::ImportFile { .. }
            | Intent::Calendar { .. } => {}
        }
    }
    Ok(waiting)
}

fn void_entries(db: &Connection, book: &str, year: u16) -> Result<Vec<VoidEntry>> {
    let mut query = db.prepare_cached(
        "SELECT entry FROM void_number WHERE book = ?1 AND year = ?2 ORDER BY number",
    )?;
    let mut rows = query.query(params![book, year])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(serde_json::from_str(&row.get::<_, String>(0)?)?);
    }
    Ok(entries)
}

/// The rows of the mirror whose documents arrived in that year, in Vietnam.
fn year_rows(year: u16) -> Result<(i64, i64)> {
    let start = |year: u16| {
        i16::try_from(year)
            .ok()
            .and_then(|year| congvan_model::civil_date(year, 1, 1))
            .and_then(|day| {
                congvan_model::VN_OFFSET
                    .to_timestamp(day.at(0, 0, 0, 0))
                    .ok()
            })
            .map(|at| row_floor(Timestamp(at.as_millisecond())))
            .ok_or(StoreError::Invalid { what: "a year" })
    };
    Ok((
        start(year)?,
        start(year.saturating_add(1))?.saturating_sub(1),
    ))
}

fn line_of(document: Document) -> BookLine {
    let (receivers, passed_on) = passed(&document);
    let acknowledged = document
        .registration
        .as_ref()
        .and_then(|entry| entry.acknowledged.clone())
        .map(|taken| (taken.who, taken.at));
    debug_assert_eq!(document.direction, Direction::Incoming);
    BookLine {
        document: Some(document.id),
        arrived_on: document.arrived_at.vietnam_date(),
        number: document.arrival_number,
        provisional: None,
        issuer: document.issuer.name,
        notation: shown(document.notation.as_ref()),
        issued_on: document.issued_on,
        subject: titled(document.kind, &document.subject),
        activity: document.activity,
        receivers,
        passed_on,
        acknowledged,
        note: String::new(),
        is_void: false,
    }
}

/// To whom a document was passed, by the notes of its course, and on which day first.
fn passed(document: &Document) -> (String, Option<Date>) {
    let mut receivers: Vec<String> = Vec::new();
    let mut first = None;
    for step in &document.flow {
        let is_passing = match step.state {
            DocumentState::Presented | DocumentState::Directed | DocumentState::InProgress => true,
            DocumentState::Received
            | DocumentState::Registered
            | DocumentState::Resolved
            | DocumentState::Draft
            | DocumentState::ContentReview
            | DocumentState::FormatReview
            | DocumentState::AwaitingInitials
            | DocumentState::AwaitingSignature
            | DocumentState::Signed
            | DocumentState::Issued
            | DocumentState::Filed => false,
        };
        if !is_passing {
            continue;
        }
        let note = step.note.trim();
        let to = ["Trình ", "Chuyển xử lý: "]
            .iter()
            .find_map(|words| note.strip_prefix(words));
        let Some(to) = to else {
            continue;
        };
        if !receivers.iter().any(|known| known == to) {
            receivers.push(to.to_owned());
        }
        first.get_or_insert(step.at.vietnam_date());
    }
    // A previous system's own words.
    let handling = document.handling.as_ref();
    let before = handling.and_then(|all| all.imported.as_ref());
    receivers.extend(before.map(|before| before.handled_by.clone()));
    (receivers.join("; "), first)
}

fn void_line(entry: VoidEntry) -> BookLine {
    let withdrawn = entry.withdrawn.map(|withdrawn| *withdrawn);
    let mut line = BookLine {
        document: None,
        arrived_on: entry.at.vietnam_date(),
        number: Some(entry.number),
        provisional: None,
        issuer: String::new(),
        notation: String::new(),
        issued_on: None,
        subject: String::new(),
        activity: None,
        receivers: String::new(),
        passed_on: None,
        acknowledged: None,
        note: entry.reason,
        is_void: true,
    };
    if let Some(before) = withdrawn {
        line.arrived_on = before.booked_at.vietnam_date();
        line.issuer = before.fields.issuer_name;
        line.notation = shown(before.fields.notation.as_ref());
        line.issued_on = before.fields.issued_on;
        line.subject = titled(before.fields.kind, &before.fields.subject);
        line.activity = before.fields.activity;
    }
    line
}

/// A registration that the mirror does not have yet.
fn waiting_line(document: DocumentId, intent: &Intent) -> Result<(Timestamp, BookLine)> {
    let Intent::RegisterIncoming {
        received_at,
        provisional,
        number,
        fields,
        ..
    } = intent
    else {
        return Err(StoreError::Corrupt {
            what: "a registration",
        });
    };
    let number = number.map(|leased| leased.number);
    let line = BookLine {
        document: Some(document),
        arrived_on: received_at.vietnam_date(),
        number,
        provisional: number.is_none().then(|| provisional.clone()),
        issuer: fields.issuer_name.clone(),
        notation: shown(fields.notation.as_ref()),
        issued_on: fields.issued_on,
        subject: titled(fields.kind, &fields.subject),
        activity: fields.activity.clone(),
        receivers: String::new(),
        passed_on: None,
        acknowledged: None,
        note: String::new(),
        is_void: false,
    };
    Ok((*received_at, line))
}

fn shown(notation: Option<&Notation>) -> String {
    notation.map(ToString::to_string).unwrap_or_default()
}

/// Tên loại và trích yếu.
fn titled(kind: DocumentType, subject: &str) -> String {
    match kind.name() {
        "" => subject.to_owned(),
        name => format!("{name}: {subject}"),
    }
}
