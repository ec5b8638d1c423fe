//! The register of documents that go out (Decree 30/2020, Appendix IV) out of what is on this machine:
//! the numbers that the server gave, those it calls void, and what waits for its number. A number is
//! never made up here.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{Direction, DocumentId, DocumentType, Timestamp, fold};
use congvan_protocol::{
    Document, Intent, VoidEntry,
    handling::{AxisCode, Delivery, HandlingAct, Origin, Outgoing, OutgoingNumber, Relation},
};
use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::{BookWish, shown, titled, void_entries};
use crate::{Store, error::Result, handling};

/// The series of copies of every form: one of a year.
pub const COPIES: &str = "sao";

/// A line of the register of what goes out: its ten columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingLine {
    /// The document; none for a void number.
    pub document: Option<DocumentId>,
    /// Code of its series.
    pub book: String,
    /// Its number; none while it waits for one.
    pub number: Option<u32>,
    /// 1. Số, ký hiệu; of what waits, the symbol alone.
    pub notation: String,
    /// 2. Ngày tháng văn bản: of the number.
    pub issued_on: Option<Date>,
    /// 3. Tên loại và trích yếu.
    pub subject: String,
    /// 4. Người ký.
    pub signer: String,
    /// 5. Nơi nhận.
    pub recipients: String,
    /// 6. Đơn vị, người nhận bản lưu: what “Lưu:” names.
    pub kept: String,
    /// 7. Số lượng bản: to how many agencies it was sent; none before. Paper is not on record.
    pub copies: Option<u32>,
    /// 8. Ngày chuyển.
    pub sent_on: Option<Date>,
    /// 9. Ký nhận: how many of those agencies said that it has come.
    pub received: u32,
    /// 10. Ghi chú; the reason of a void number.
    pub note: String,
    /// The number is void.
    pub is_void: bool,
}

/// A part of the register of what goes out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutgoingLines {
    /// By series and number; those without a number at the end, in the order of asking.
    pub lines: Vec<OutgoingLine>,
    /// How many there are.
    pub total: usize,
    /// How many numbers lie between others of their series and are not on this machine: documents
    /// that this account does not see.
    pub unseen: usize,
    /// The series of that year, by their codes.
    pub books: Vec<String>,
    /// The years that have documents, the latest first.
    pub years: Vec<u16>,
}

impl Store {
    /// A part of the register of what goes out; an empty `book` is every series of the year.
    ///
    /// # Errors
    /// Disk errors.
    pub fn outgoing_lines(&self, wish: &BookWish) -> Result<OutgoingLines> {
        self.read(|db| {
            let mut all = Register::default();
            all.read(db, wish.year)?;
            let books = match wish.book.as_str() {
                "" => all.books(),
                one => vec![one.to_owned()],
            };
            for book in &books {
                for entry in void_entries(db, book, wish.year)? {
                    all.void(book, entry);
                }
            }
            let mut answer = OutgoingLines {
                books: all.books(),
                years: years(db)?,
                unseen: all.unseen(&wish.book),
                ..OutgoingLines::default()
            };
            let kept: Vec<OutgoingLine> = all.lines().filter(|line| fits(line, wish)).collect();
            answer.total = kept.len();
            let part = kept.into_iter().skip(wish.offset).take(wish.limit);
            answer.lines = part.collect();
            Ok(answer)
        })
    }
}

/// Every line of a year.
#[derive(Default)]
struct Register {
    /// By series, number and symbol: a previous system may have numbered two symbols in what is one
    /// series here.
    numbers: BTreeMap<(String, u32, String), OutgoingLine>,
    waiting: Vec<(Timestamp, OutgoingLine)>,
}

impl Register {
    fn read(&mut self, db: &Connection, year: u16) -> Result<()> {
        // What has its number of that year, and what may wait for one: the leader has signed it, or an
        // act of ours lies over it.
        let mut query = db.prepare_cached(
            "SELECT d.body, EXISTS (SELECT 1 FROM overlay_act a WHERE a.document = d.id)
             FROM document d WHERE d.direction = 'outgoing'
               AND ((d.notation IS NOT NULL AND substr(d.issued_on, 1, 4) = ?1)
                 OR (d.notation IS NULL AND (d.state = 'signed'
                   OR EXISTS (SELECT 1 FROM overlay_act a WHERE a.document = d.id))))
             ORDER BY d.row",
        )?;
        let mut rows = query.query(params![format!("{year:04}")])?;
        while let Some(row) = rows.next()? {
            let mut document: Document = serde_json::from_str(&row.get::<_, String>(0)?)?;
            let given = given(&document);
            let mut gone = None;
            if row.get(1)? {
                handling::project(db, &mut document)?;
                gone = given_back(db, document.id)?;
            }
            match given {
                Some(given) if given.year == year => {
                    let mut line = line_of(&document, Some(&given));
                    if let Some(reason) = gone {
                        (line.is_void, line.note) = (true, reason);
                    }
                    let symbol = given.notation.symbol().to_owned();
                    let place = (given.book, given.notation.number(), symbol);
                    self.numbers.insert(place, line);
                }
                Some(_) => {}
                None => {
                    let asked = outgoing(&document).and_then(|out| out.numbered.as_ref());
                    let is_of = |at: Timestamp| u16::try_from(at.vietnam_date().year()) == Ok(year);
                    if let Some(asked) = asked.filter(|asked| gone.is_none() && is_of(asked.at)) {
                        self.waiting.push((asked.at, line_of(&document, None)));
                    }
                }
            }
        }
        self.waiting.sort_by_key(|(at, _)| *at);
        Ok(())
    }

    /// The server's word on a void number; what stands on it here is older.
    fn void(&mut self, book: &str, entry: VoidEntry) {
        let before = entry.withdrawn.map(|before| *before);
        let subject = before
            .as_ref()
            .map(|before| titled(before.fields.kind, &before.fields.subject));
        let line = OutgoingLine {
            document: None,
            book: book.to_owned(),
            number: Some(entry.number),
            notation: format!("{:02}", entry.number),
            issued_on: before.map(|before| before.booked_at.vietnam_date()),
            subject: subject.unwrap_or_default(),
            signer: String::new(),
            recipients: String::new(),
            kept: String::new(),
            copies: None,
            sent_on: None,
            received: 0,
            note: entry.reason,
            is_void: true,
        };
        self.numbers
            .retain(|(of, number, _), _| (of.as_str(), *number) != (book, entry.number));
        let place = (book.to_owned(), entry.number, String::new());
        self.numbers.insert(place, line);
    }

    fn books(&self) -> Vec<String> {
        let waiting = self.waiting.iter().map(|(_, line)| line.book.clone());
        let numbered = self.numbers.keys().map(|(book, ..)| book.clone());
        let books: BTreeSet<String> = numbered.chain(waiting).collect();
        books.into_iter().collect()
    }

    fn unseen(&self, book: &str) -> usize {
        let mut spans: BTreeMap<&str, (u32, u32, usize)> = BTreeMap::new();
        let numbers = self.numbers.keys().map(|(of, number, _)| (of, number));
        for (of, number) in numbers.collect::<BTreeSet<_>>() {
            if book.is_empty() || of == book {
                let span = spans.entry(of).or_insert((*number, *number, 0));
                *span = (span.0.min(*number), span.1.max(*number), span.2 + 1);
            }
        }
        let gaps = spans.values().map(|(first, last, known)| {
            let span = last.saturating_sub(*first).saturating_add(1) as usize;
            span.saturating_sub(*known)
        });
        gaps.sum()
    }

    fn lines(self) -> impl Iterator<Item = OutgoingLine> {
        let waiting = self.waiting.into_iter().map(|(_, line)| line);
        self.numbers.into_values().chain(waiting)
    }
}

/// The number that the server gave; of what is older than its books, what stands on the document.
fn given(document: &Document) -> Option<OutgoingNumber> {
    let numbered = outgoing(document).and_then(|out| out.numbered.as_ref());
    if let Some(number) = numbered.and_then(|one| one.number.as_ref()) {
        return Some(number.clone());
    }
    let issued_on = document.issued_on?;
    let is_copy = origin(document).is_some_and(|origin| origin.relation.is_copy());
    Some(OutgoingNumber {
        book: series(document.kind, is_copy),
        year: u16::try_from(issued_on.year()).ok()?,
        notation: document.notation.clone()?,
        issued_on,
    })
}

/// The code of the series that a document is numbered in.
fn series(kind: DocumentType, is_copy: bool) -> String {
    match (is_copy, kind.abbreviation()) {
        (true, _) => COPIES.to_owned(),
        (false, "") => "di-CV".to_owned(),
        (false, abbreviation) => format!("di-{abbreviation}"),
    }
}

fn outgoing(document: &Document) -> Option<&Outgoing> {
    document.handling.as_ref()?.outgoing.as_deref()
}

fn origin(document: &Document) -> Option<&Origin> {
    document.handling.as_ref()?.origin.as_deref()
}

/// Why a document is sent back or given up by an act of ours that the server does not show yet.
fn given_back(db: &Connection, document: DocumentId) -> Result<Option<String>> {
    let mut query = db.prepare_cached(
        "SELECT o.facts FROM overlay_act a JOIN outbox o ON o.op_id = a.op_id
         WHERE a.document = ?1 AND o.state IN ('waiting', 'applied') ORDER BY o.local_seq",
    )?;
    let mut rows = query.query(params![document.0.as_bytes()])?;
    while let Some(row) = rows.next()? {
        if let Intent::Handle { act } = serde_json::from_str(&row.get::<_, String>(0)?)?
            && let HandlingAct::Return { reason } | HandlingAct::Discard { reason } = *act
        {
            return Ok(Some(reason));
        }
    }
    Ok(None)
}

fn line_of(document: &Document, given: Option<&OutgoingNumber>) -> OutgoingLine {
    debug_assert_eq!(document.direction, Direction::Outgoing);
    let out = outgoing(document);
    let is_copy = origin(document).is_some_and(|origin| origin.relation.is_copy());
    let symbol = out.map(|out| out.symbol.clone()).unwrap_or_default();
    let issued = out.and_then(|out| out.issued.as_ref());
    let deliveries = out.map(|out| out.deliveries.as_slice()).unwrap_or_default();
    let before = document
        .handling
        .as_ref()
        .and_then(|all| all.imported.as_ref());
    let places = out
        .map(|out| &out.places)
        .or(before.map(|before| &before.places));
    let places = places.map(Vec::as_slice).unwrap_or_default();
    let (kept, others): (Vec<&String>, Vec<&String>) =
        places.iter().partition(|line| keeper(line).is_some());
    let agencies = deliveries.iter().map(|one| one.agency.name.as_str());
    let recipients: Vec<&str> = agencies
        .chain(others.into_iter().map(|line| trimmed(line)))
        .collect();
    let kept: Vec<&str> = kept.into_iter().filter_map(|line| keeper(line)).collect();
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    let arrived = deliveries.iter().filter(|one| has_come(one));
    OutgoingLine {
        document: Some(document.id),
        book: given.map_or_else(
            || series(document.kind, is_copy),
            |given| given.book.clone(),
        ),
        number: given.map(|given| given.notation.number()),
        notation: given.map_or(symbol, |given| shown(Some(&given.notation))),
        issued_on: given.map(|given| given.issued_on),
        subject: titled(document.kind, &document.subject),
        signer: document.signer.full_name.clone(),
        recipients: recipients.join("; "),
        kept: kept.join("; "),
        copies: (!deliveries.is_empty()).then(|| count(deliveries.len())),
        sent_on: issued.map(|done| done.at.vietnam_date()),
        received: count(arrived.count()),
        note: note(document),
        is_void: false,
    }
}

fn has_come(delivery: &Delivery) -> bool {
    delivery.has(AxisCode::Arrived) || delivery.has(AxisCode::Registered)
}

/// What a line of “Nơi nhận” says without its dash.
fn trimmed(line: &str) -> &str {
    line.trim().trim_start_matches(['-', '–']).trim_start()
}

/// Who keeps the file copy, where a line of “Nơi nhận” says so (`- Lưu: VT, KT`).
fn keeper(line: &str) -> Option<&str> {
    let rest = trimmed(line).strip_prefix("Lưu")?.trim_start();
    let named = rest.strip_prefix(':')?.trim();
    Some(named.trim_end_matches(['.', ';']))
}

/// What became of a document: what it is to another one, what took its place, who was asked to give it
/// back.
fn note(document: &Document) -> String {
    let mut said = Vec::new();
    if let Some(origin) = origin(document) {
        said.push(format!("{} {}", origin.relation.words(), origin.title));
    }
    let derived = document.handling.iter().flat_map(|all| &all.derived);
    for one in derived {
        match one.relation {
            Relation::Replacement => said.push(format!("Được thay thế bằng {}", one.title)),
            Relation::Correction => said.push(format!("Được đính chính bằng {}", one.title)),
            Relation::TrueCopy | Relation::CopyOfCopy | Relation::Extract => {}
        }
    }
    let deliveries = outgoing(document)
        .into_iter()
        .flat_map(|out| &out.deliveries);
    let recalled: Vec<&str> = deliveries
        .clone()
        .filter(|one| one.has(AxisCode::Recalled))
        .map(|one| one.agency.name.as_str())
        .collect();
    let mut reasons = deliveries
        .flat_map(|one| &one.statuses)
        .filter(|status| status.code == AxisCode::Recalled);
    if let Some(first) = reasons.next() {
        said.push(format!(
            "Thu hồi ({}): {}",
            recalled.join(", "),
            first.reason
        ));
    }
    said.join("; ")
}

fn fits(line: &OutgoingLine, wish: &BookWish) -> bool {
    let text = fold(wish.text.trim());
    // What has no day yet belongs to every period: it is still to get one.
    let in_time = line.issued_on.is_none_or(|day| {
        wish.from.is_none_or(|from| day >= from) && wish.to.is_none_or(|to| day <= to)
    });
    (wish.book.is_empty() || line.book == wish.book)
        && in_time
        && (text.is_empty()
            || fold(&format!(
                "{} {} {} {}",
                line.notation, line.subject, line.signer, line.recipients
            ))
            .contains(&text))
}

fn years(db: &Connection) -> Result<Vec<u16>> {
    let mut query = db.prepare_cached(
        "SELECT DISTINCT CAST(substr(issued_on, 1, 4) AS INTEGER) FROM document
         WHERE direction = 'outgoing' AND notation IS NOT NULL AND issued_on IS NOT NULL
         ORDER BY 1 DESC",
    )?;
    let rows = query.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
