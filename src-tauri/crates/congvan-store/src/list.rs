//! The lists of the desk, newest first, with what the user did laid over the mirror.

use std::{fmt, str::FromStr};

use congvan_model::{
    Deadline, Direction, DocumentId, DocumentState, DocumentType, ReceiverRole, Sha256, Timestamp,
    Urgency,
};
use rusqlite::{Connection, Row, named_params};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    Sent, Store,
    document::from_word,
    error::{Result, StoreError},
    search,
};

/// The lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Văn bản đến, chờ xử lý.
    IncomingPending,
    /// Văn bản đến, quá hạn.
    IncomingOverdue,
    /// Văn bản đến, sắp đến hạn: within three days.
    IncomingDueSoon,
    /// Văn bản đến, chờ cho ý kiến: this person is asked for a word.
    IncomingSay,
    /// Văn bản đến, được giao: it is with this person.
    IncomingHold,
    /// Văn bản đến, phối hợp.
    IncomingSupport,
    /// Văn bản đến, để biết.
    IncomingInform,
    /// Văn bản đến, đã giải quyết.
    IncomingDone,
    /// Văn bản đến, tất cả.
    IncomingAll,
    /// Dự thảo của tôi: this person drafted it, and it is not issued.
    Drafts,
    /// Chờ tôi duyệt, kiểm tra thể thức hoặc ký nháy.
    OutgoingCheck,
    /// Trình ký: waits for this person's signature.
    ToSign,
    /// Chờ cấp số, ký số cơ quan và phát hành, by this person.
    OutgoingIssue,
    /// Đã phát hành.
    OutgoingIssued,
    /// Văn bản đi, tất cả.
    OutgoingAll,
    /// Everything, for search across the desk.
    All,
}

impl View {
    fn condition(self) -> &'static str {
        match self {
            Self::IncomingPending => {
                "d.open = 1 AND NOT EXISTS (
                   SELECT 1 FROM overlay_act a JOIN outbox o ON o.op_id = a.op_id
                   WHERE a.document = d.id AND a.open = 0 AND o.state IN ('waiting', 'applied'))"
            }
            Self::IncomingOverdue => {
                "d.open = 1 AND d.due_at < :now AND NOT EXISTS (
                   SELECT 1 FROM overlay_act a JOIN outbox o ON o.op_id = a.op_id
                   WHERE a.document = d.id AND a.open = 0 AND o.state IN ('waiting', 'applied'))"
            }
            Self::IncomingDueSoon => {
                "d.open = 1 AND d.due_at >= :now AND d.due_at < :now + 259200000 AND NOT EXISTS (
                   SELECT 1 FROM overlay_act a JOIN outbox o ON o.op_id = a.op_id
                   WHERE a.document = d.id AND a.open = 0 AND o.state IN ('waiting', 'applied'))"
            }
            Self::IncomingSay => "d.part = 'say'",
            Self::IncomingHold => "d.part = 'hold'",
            Self::IncomingSupport => "d.part = 'support'",
            Self::IncomingInform => "d.part = 'inform'",
            Self::IncomingDone => "d.part = 'done'",
            Self::IncomingAll => "d.direction = 'incoming'",
            Self::ToSign => {
                "d.part = 'sign' AND NOT EXISTS (
                   SELECT 1 FROM overlay_revision v JOIN outbox o ON o.op_id = v.op_id
                   WHERE v.document = d.id AND o.state IN ('waiting', 'applied'))"
            }
            Self::Drafts => "d.part = 'mine'",
            Self::OutgoingCheck => "d.part = 'check'",
            Self::OutgoingIssue => "d.part = 'issue'",
            Self::OutgoingIssued => "d.part = 'issued'",
            Self::OutgoingAll => "d.direction = 'outgoing'",
            Self::All => "1",
        }
    }
}

/// What narrows a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what this account has not opened.
    pub unread: bool,
    /// Only khẩn and above.
    pub urgent: bool,
}

/// Where a page ended. Opaque outside; as text it is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageKey(i64);

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PageKey {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self> {
        text.parse().map(Self).map_err(|_| StoreError::Invalid {
            what: "not a page key",
        })
    }
}

/// What part of which list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// Which list.
    pub view: View,
    /// What the user typed; empty for the whole list.
    pub search: String,
    /// What narrows it.
    pub filter: Filter,
    /// `next` of the page before; none for the first.
    pub after: Option<PageKey>,
    /// Rows passed over first: a place far down is reached without reading what lies between.
    pub skip: u32,
    /// Rows wanted; at most 200 are given.
    pub limit: u32,
    /// The moment that decides what is overdue.
    pub now: Timestamp,
}

/// Part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    /// The rows, newest first.
    pub rows: Vec<DocumentRow>,
    /// Rows in the whole list; counted on the first page only (`after` none, nothing skipped), else 0. In a search
    /// counting stops at 10,000.
    pub total: u32,
    /// For the next page; none at the end.
    pub next: Option<PageKey>,
}

/// A document as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its id.
    pub id: DocumentId,
    /// The server's revision of it.
    pub rev: u64,
    /// In or out.
    pub direction: Direction,
    /// State with our own signature counted in: signed here is `Signed`.
    pub state: DocumentState,
    /// Số và ký hiệu.
    pub notation: Option<String>,
    /// Số đến.
    pub arrival_number: Option<u32>,
    /// When it reached the office.
    pub arrived_at: Timestamp,
    /// Ngày văn bản.
    pub issued_on: Option<jiff::civil::Date>,
    /// Tên loại.
    pub kind: DocumentType,
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Trích yếu.
    pub subject: String,
    /// Độ khẩn.
    pub urgency: Urgency,
    /// Thời hạn: this person's own.
    pub due: Option<Deadline>,
    /// Past its deadline and not done.
    pub overdue: bool,
    /// What this account has to do with it.
    pub role: Option<ReceiverRole>,
    /// Not opened by this account, neither here nor anywhere.
    pub unread: bool,
    /// How many files.
    pub files: u32,
    /// Head of its first file as the server has it.
    pub main_blob: Option<Sha256>,
    /// Whether that head is on this machine.
    pub main_here: bool,
    /// Whether our acts on it (reading aside) have arrived.
    pub sent: Sent,
    /// Signed here, and the server does not show it yet.
    pub signed_here: bool,
    /// A copy (sao y, sao lục, trích sao) that the agency has not signed yet, whatever its state says.
    pub unsigned_copy: bool,
}

/// How many documents each list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewCounts {
    /// Chờ xử lý.
    pub incoming_pending: u32,
    /// Quá hạn.
    pub incoming_overdue: u32,
    /// Sắp đến hạn.
    pub incoming_due_soon: u32,
    /// Chờ cho ý kiến.
    pub incoming_say: u32,
    /// Được giao.
    pub incoming_hold: u32,
    /// Phối hợp.
    pub incoming_support: u32,
    /// Để biết.
    pub incoming_inform: u32,
    /// Tất cả văn bản đến.
    pub incoming_all: u32,
    /// Văn bản đến chưa đọc.
    pub incoming_unread: u32,
    /// Dự thảo của tôi.
    pub drafts: u32,
    /// Chờ tôi duyệt, kiểm tra.
    pub outgoing_check: u32,
    /// Trình ký.
    pub to_sign: u32,
    /// Chờ cấp số và phát hành.
    pub outgoing_issue: u32,
    /// Văn bản đi.
    pub outgoing_all: u32,
}

pub(crate) const COLUMNS: &str =
    "d.row, d.id, d.rev, d.direction, d.state, d.notation, d.arrival_number,
  d.arrived_at, d.issued_on, d.kind, d.issuer, d.subject, d.urgency, d.due, d.open, d.role,
  d.read_at IS NULL AND NOT EXISTS (SELECT 1 FROM overlay_read r WHERE r.document = d.id) AS unread,
  d.files, d.main_blob,
  EXISTS (SELECT 1 FROM blob b WHERE b.sha256 = d.main_blob AND b.state = 'present') AS main_here,
  EXISTS (SELECT 1 FROM overlay_revision v JOIN outbox o ON o.op_id = v.op_id
    WHERE v.document = d.id AND o.state IN ('waiting', 'applied')) AS signed_here,
  CASE WHEN d.state = 'signed' AND d.direction = 'outgoing' THEN coalesce(
      json_extract(d.body, '$.handling.origin.relation') IN ('true_copy', 'copy_of_copy', 'extract')
      AND json_extract(d.body, '$.handling.outgoing.sealed') IS NULL, 0)
    ELSE 0 END AS unsigned_copy,
  EXISTS (SELECT 1 FROM overlay_registration g JOIN outbox o ON o.op_id = g.op_id
    WHERE g.document = d.id AND o.state IN ('waiting', 'applied')) AS registered_here,
  (SELECT g.number FROM overlay_registration g JOIN outbox o ON o.op_id = g.op_id
    WHERE g.document = d.id AND o.state IN ('waiting', 'applied')) AS number_here,
  (SELECT json_object('state', a.state, 'open', a.open, 'due', a.due)
    FROM overlay_act a JOIN outbox o ON o.op_id = a.op_id
    WHERE a.document = d.id AND o.state IN ('waiting', 'applied')
    ORDER BY o.local_seq DESC LIMIT 1) AS act_here,
  EXISTS (SELECT 1 FROM outbox o WHERE o.lane = d.id AND o.state = 'waiting'
    AND o.kind <> 'mark_read') AS saved,
  EXISTS (SELECT 1 FROM outbox o WHERE o.lane = d.id AND o.dismissed_at IS NULL
    AND o.state IN ('conflict', 'rejected')) AS trouble";

/// Counting a search stops here: more hits than this are "many".
const COUNT_MAX: u32 = 10_000;

impl Store {
    /// A page of a list.
    ///
    /// # Errors
    /// Disk errors.
    pub fn list(&self, query: &ListQuery) -> Result<ListPage> {
        self.read(|db| list(db, query))
    }

    /// One row as the lists show it; none when the document is not here.
    ///
    /// # Errors
    /// Disk errors.
    pub fn document_row(&self, id: DocumentId, now: Timestamp) -> Result<Option<DocumentRow>> {
        self.read(|db| row_of(db, id, now))
    }

    /// How many documents each list has, from indexes alone: it is asked after every change.
    ///
    /// # Errors
    /// Disk errors.
    pub fn counts(&self, now: Timestamp) -> Result<ViewCounts> {
        self.read(|db| {
            let count = |sql: &str| -> Result<u32> {
                let sql = format!("SELECT count(*) FROM {sql} AND :now = :now");
                Ok(db
                    .prepare_cached(&sql)?
                    .query_row(named_params! {":now": now.0}, |row| row.get(0))?)
            };
            let unread = count(
                "document INDEXED BY document_by_reading
                 WHERE direction = 'incoming' AND read_at IS NULL",
            )?;
            // CROSS JOIN keeps the few in front that were opened here and are not yet told of.
            let read_here = count(
                "overlay_read r CROSS JOIN document d ON d.id = r.document
                 WHERE d.direction = 'incoming' AND d.read_at IS NULL",
            )?;
            // The same for the few that our own acts have closed.
            let done_here = "(SELECT DISTINCT a.document FROM overlay_act a
                 JOIN outbox o ON o.op_id = a.op_id
                 WHERE a.open = 0 AND o.state IN ('waiting', 'applied')) c
               CROSS JOIN document d ON d.id = c.document WHERE d.open = 1";
            let pending = count("document INDEXED BY document_by_due WHERE open = 1")?;
            let overdue =
                count("document INDEXED BY document_by_due WHERE open = 1 AND due_at < :now")?;
            let overdue_done = count(&format!("{done_here} AND d.due_at < :now"))?;
            let soon = "due_at >= :now AND due_at < :now + 259200000";
            let due_soon = count(&format!(
                "document INDEXED BY document_by_due WHERE open = 1 AND {soon}"
            ))?;
            let soon_done = count(&format!("{done_here} AND {soon}"))?;
            let part = |view: View| count(&format!("document d WHERE {}", view.condition()));
            Ok(ViewCounts {
                incoming_pending: pending.saturating_sub(count(done_here)?),
                incoming_overdue: overdue.saturating_sub(overdue_done),
                incoming_due_soon: due_soon.saturating_sub(soon_done),
                incoming_say: part(View::IncomingSay)?,
                incoming_hold: part(View::IncomingHold)?,
                incoming_support: part(View::IncomingSupport)?,
                incoming_inform: part(View::IncomingInform)?,
                incoming_all: count("document WHERE direction = 'incoming'")?,
                incoming_unread: unread.saturating_sub(read_here),
                drafts: part(View::Drafts)?,
                outgoing_check: part(View::OutgoingCheck)?,
                to_sign: part(View::ToSign)?,
                outgoing_issue: part(View::OutgoingIssue)?,
                outgoing_all: count("document WHERE direction = 'outgoing'")?,
            })
        })
    }
}

/// The table behind the index that leaves the fewest rows. SQLite has no statistics here and would
/// walk a whole direction.
fn narrowest(query: &ListQuery) -> &'static str {
    match (query.view, query.filter.urgent, query.filter.unread) {
        // Their own indexes are as short.
        (
            View::IncomingPending
            | View::IncomingOverdue
            | View::IncomingDueSoon
            | View::IncomingSay
            | View::IncomingHold
            | View::IncomingSupport
            | View::IncomingInform
            | View::IncomingDone
            | View::Drafts
            | View::OutgoingCheck
            | View::ToSign
            | View::OutgoingIssue
            | View::OutgoingIssued,
            _,
            _,
        ) => "document d",
        (View::IncomingAll | View::OutgoingAll | View::All, true, _) => {
            "document d INDEXED BY document_urgent"
        }
        (View::IncomingAll | View::OutgoingAll | View::All, false, true) => {
            "document d INDEXED BY document_unread_any"
        }
        (View::IncomingAll | View::OutgoingAll | View::All, false, false) => "document d",
    }
}

fn list(db: &Connection, query: &ListQuery) -> Result<ListPage> {
    let limit = query.limit.clamp(1, 200);
    let typed = search::query(&query.search);
    // Something was typed, but no letter or digit: nothing can match, and showing everything would
    // look like a hit.
    if typed.is_none() && !query.search.trim().is_empty() {
        return Ok(ListPage {
            rows: Vec::new(),
            total: 0,
            next: None,
        });
    }
    let (from, row_column) = match typed {
        // CROSS JOIN keeps the index in front: its rows come in order and reading stops early.
        Some(_) => (
            "search CROSS JOIN document d ON d.row = search.rowid",
            "search.rowid",
        ),
        None => (narrowest(query), "d.row"),
    };
    let mut conditions = vec![query.view.condition().to_owned()];
    if typed.is_some() {
        conditions.push("search MATCH :typed".to_owned());
    }
    if query.filter.unread {
        conditions.push(
            "d.read_at IS NULL AND NOT EXISTS (
               SELECT 1 FROM overlay_read r WHERE r.document = d.id)"
                .to_owned(),
        );
    }
    if query.filter.urgent {
        conditions.push("d.urgency >= 1".to_owned());
    }
    let conditions = conditions.join(" AND ");
    let sql = format!(
        "SELECT {COLUMNS} FROM {from} WHERE {conditions} AND {row_column} < :after
           AND :now = :now AND :typed IS :typed
         ORDER BY {row_column} DESC LIMIT :limit OFFSET :skip"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut found = statement.query(named_params! {
        ":typed": typed,
        ":after": query.after.map_or(i64::MAX, |key| key.0),
        ":now": query.now.0,
        ":limit": limit.saturating_add(1),
        ":skip": query.skip,
    })?;
    let mut rows = Vec::new();
    let mut last = None;
    let mut more = false;
    while let Some(row) = found.next()? {
        if rows.len() >= limit as usize {
            more = true;
            break;
        }
        last = Some(PageKey(row.get(0)?));
        rows.push(document_row(row, query.now)?);
    }
    let total = if query.after.is_some() || query.skip > 0 {
        0
    } else {
        // The index knows its hits; documents are looked up only where they narrow them further.
        let plain = typed.is_some() && query.view == View::All && query.filter == Filter::default();
        let (from, conditions) = match plain {
            true => ("search", "search MATCH :typed"),
            false => (from, conditions.as_str()),
        };
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {conditions}
               AND :now = :now AND :typed IS :typed LIMIT :most)"
        );
        let most = if typed.is_some() { COUNT_MAX } else { u32::MAX };
        db.prepare_cached(&sql)?.query_row(
            named_params! {":typed": typed, ":now": query.now.0, ":most": most},
            |row| row.get(0),
        )?
    };
    Ok(ListPage {
        rows,
        total,
        next: last.filter(|_| more),
    })
}

pub(crate) fn row_of(
    db: &Connection,
    id: DocumentId,
    now: Timestamp,
) -> Result<Option<DocumentRow>> {
    let sql = format!("SELECT {COLUMNS} FROM document d WHERE d.id = ?1");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params![id.0.as_bytes()])?;
    match rows.next()? {
        Some(row) => Ok(Some(document_row(row, now)?)),
        None => Ok(None),
    }
}

/// What our latest act makes of a document that the server does not show so yet.
#[derive(Deserialize)]
struct ActHere {
    state: DocumentState,
    open: i64,
    /// JSON inside JSON, as the column has it.
    due: Option<String>,
}

impl ActHere {
    fn due(&self) -> Result<Option<Deadline>> {
        let due = self.due.as_deref().map(serde_json::from_str);
        Ok(due.transpose()?)
    }
}

pub(crate) fn document_row(row: &Row<'_>, now: Timestamp) -> Result<DocumentRow> {
    let text = |column: &str| -> Result<String> { Ok(row.get(column)?) };
    let optional = |column: &str| -> Result<Option<String>> { Ok(row.get(column)?) };
    let due: Option<Deadline> = optional("due")?
        .map(|due| serde_json::from_str(&due))
        .transpose()?;
    let open: bool = row.get("open")?;
    let act_here: Option<ActHere> = optional("act_here")?
        .map(|text| serde_json::from_str(&text))
        .transpose()?;
    let (due, open) = match &act_here {
        Some(act) => (act.due()?, act.open != 0),
        None => (due, open),
    };
    let signed_here: bool = row.get("signed_here")?;
    let registered_here: bool = row.get("registered_here")?;
    let state: DocumentState = from_word(&text("state")?)?;
    let main_blob: Option<[u8; 32]> = row.get("main_blob")?;
    let sent = match (row.get("trouble")?, row.get("saved")?) {
        (true, _) => Sent::NeedsAttention,
        (false, true) => Sent::SavedHere,
        (false, false) => Sent::Settled,
    };
    Ok(DocumentRow {
        id: DocumentId(Uuid::from_bytes(row.get("id")?)),
        rev: crate::uint(row.get("rev")?),
        direction: from_word(&text("direction")?)?,
        state: match (act_here, state) {
            (Some(act), _) => act.state,
            (None, DocumentState::AwaitingSignature) if signed_here => DocumentState::Signed,
            (None, DocumentState::Received) if registered_here => DocumentState::Registered,
            (None, state) => state,
        },
        notation: optional("notation")?,
        arrival_number: row
            .get::<_, Option<u32>>("arrival_number")?
            .or(row.get("number_here")?),
        arrived_at: Timestamp(row.get("arrived_at")?),
        issued_on: optional("issued_on")?
            .map(|day| day.parse())
            .transpose()
            .map_err(|_| StoreError::Corrupt { what: "issue date" })?,
        kind: from_word(&text("kind")?)?,
        issuer: text("issuer")?,
        subject: text("subject")?,
        urgency: Urgency::from_priority(row.get("urgency")?).unwrap_or_default(),
        due,
        overdue: open && due.is_some_and(|due| due.is_overdue(now)),
        role: optional("role")?.map(|role| from_word(&role)).transpose()?,
        unread: row.get("unread")?,
        files: row.get("files")?,
        main_blob: main_blob.map(Sha256),
        main_here: row.get("main_here")?,
        sent,
        signed_here,
        unsigned_copy: !signed_here && row.get::<_, bool>("unsigned_copy")?,
    })
}
