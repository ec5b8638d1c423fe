//! What reached the agency without paper, over the national axis: what waits for its registration, and
//! its registration, which is one act like that of a letter.

use congvan_model::{AccountId, DeviceId, DocumentId, ProvisionalId, Timestamp, Urgency};
use congvan_protocol::Intent;
use jiff::civil::Date;
use rusqlite::{Connection, ToSql, Transaction, params};
use uuid::Uuid;

use crate::{
    Registered, Store, acts,
    error::{Result, StoreError},
    numbers,
};

/// A document that waits for its registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRow {
    /// The document.
    pub document: DocumentId,
    /// Số và ký hiệu.
    pub notation: Option<String>,
    /// Ngày văn bản.
    pub issued_on: Option<Date>,
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Trích yếu.
    pub subject: String,
    /// Độ khẩn.
    pub urgency: Urgency,
    /// When it came.
    pub arrived_at: Timestamp,
    /// Its registration, once there is one.
    pub registered: Option<RegisteredHere>,
}

/// A registration of this machine that nobody refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredHere {
    /// Số đến; none while the server has not given it.
    pub number: Option<u32>,
    /// What stands for it until then.
    pub provisional: String,
    /// Nothing of it was sent: it can be taken back.
    pub can_undo: bool,
}

/// What came without paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedList {
    /// What waits: the most urgent first, then in the order it came.
    pub waiting: Vec<ReceivedRow>,
    /// How much waits.
    pub total: u32,
    /// What this machine registered since the moment asked for, the latest first.
    pub registered: Vec<ReceivedRow>,
}

/// A received document that is to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReceived {
    /// The document.
    pub document: DocumentId,
    /// Code of the book.
    pub book: String,
    /// Its year.
    pub year: u16,
    /// When it reached the office.
    pub received_at: Timestamp,
    /// The leader that it is put before in the same act.
    pub present_to: Option<AccountId>,
    /// Whether the number is taken from the lease; else the server gives it.
    pub from_lease: bool,
    /// This installation, for the provisional id.
    pub device: DeviceId,
    /// Who registers.
    pub author: AccountId,
    /// That person's name.
    pub author_name: String,
}

/// An act of this machine that is not refused covers the state that the mirror still says: it is
/// registered, or goes back to its sender.
const WAITS: &str = "d.open = 1 AND d.state = 'received' AND d.direction = 'incoming'
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.lane = d.id AND o.kind = 'register_incoming'
      AND o.state IN ('waiting', 'applied'))
    AND NOT EXISTS (SELECT 1 FROM overlay_act a JOIN outbox o ON o.op_id = a.op_id
      WHERE a.document = d.id AND a.open = 0 AND o.state IN ('waiting', 'applied'))";

impl Store {
    /// What came without paper: so many of those that wait for their registration, and so many of those
    /// that were registered here since then.
    ///
    /// # Errors
    /// Disk errors.
    pub fn received(&self, since: Timestamp, limit: u32) -> Result<ReceivedList> {
        self.read(|db| {
            let total = db
                .prepare_cached(&format!("SELECT count(*) FROM document d WHERE {WAITS}"))?
                .query_row([], |row| row.get(0))?;
            let waiting = rows(
                db,
                &format!(
                    "SELECT {COLUMNS}, NULL, NULL, 0 FROM document d
                     WHERE {WAITS} ORDER BY d.urgency DESC, d.row LIMIT ?1"
                ),
                params![limit],
            )?;
            // The registration of a paper has a scan.
            let registered = rows(
                db,
                &format!(
                    "SELECT {COLUMNS}, o.facts, d.arrival_number,
                       o.state = 'waiting' AND o.sent_at IS NULL
                     FROM outbox o JOIN document d ON d.id = o.lane
                     WHERE o.kind = 'register_incoming' AND o.child IS NULL AND o.at >= ?2
                       AND o.state IN ('waiting', 'applied')
                     ORDER BY o.local_seq DESC LIMIT ?1"
                ),
                params![limit, since.0],
            )?;
            Ok(ReceivedList {
                waiting,
                total,
                registered,
            })
        })
    }

    /// Registers a received document: its intent, its overlay, its audit row, out of a lease its
    /// number, and its presentation behind it in the same lane, in one transaction. When this returns,
    /// the number is durable twice. Asked for a second time, the document no longer waits and nothing
    /// is done.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`] for one that does not wait; [`StoreError::NoNumber`]; disk errors:
    /// then nothing was recorded and no number was used.
    pub fn register_received(&self, new: &NewReceived, now: Timestamp) -> Result<Registered> {
        let mut journal = crate::lock(self.journal());
        self.journalled(&mut journal, |tx| {
            let document = new.document;
            if !waits(tx, document)? {
                return Err(StoreError::NoDocument { id: document });
            }
            let provisional = ProvisionalId::new(new.device, numbers::next_provisional(tx)?);
            let at = (now, new.received_at);
            let (number, received_at) =
                numbers::taken_number(tx, (&new.book, new.year), new.from_lease, at)?;
            let intent = Intent::RegisterReceived {
                book: new.book.clone(),
                year: new.year,
                received_at,
                provisional: provisional.to_string(),
                number,
            };
            let author = (new.author, new.author_name.as_str());
            let record = acts::record_in(tx, document, intent, author, now)?;
            let registered = Registered {
                op: record.op.id,
                document,
                provisional,
                number: number.map(|leased| leased.number),
            };
            let mut records = vec![record];
            if let Some(to) = new.present_to {
                let intent = Intent::PresentDocument { to };
                records.push(acts::record_in(tx, document, intent, author, now)?);
            }
            Ok((records, registered))
        })
    }
}

const COLUMNS: &str = "d.id, d.notation, d.issued_on, d.issuer, d.subject, d.urgency, d.arrived_at";

fn rows(db: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<ReceivedRow>> {
    let mut query = db.prepare_cached(sql)?;
    let mut found = query.query(values)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let issued_on: Option<String> = row.get(2)?;
        let facts: Option<String> = row.get(7)?;
        let intent: Option<Intent> = facts
            .map(|facts| serde_json::from_str(&facts))
            .transpose()?;
        let registered = match intent {
            Some(Intent::RegisterReceived {
                provisional,
                number,
                ..
            }) => Some(RegisteredHere {
                number: row
                    .get::<_, Option<u32>>(8)?
                    .or(number.map(|leased| leased.number)),
                provisional,
                can_undo: row.get(9)?,
            }),
            Some(_) | None => None,
        };
        rows.push(ReceivedRow {
            document: DocumentId(Uuid::from_bytes(row.get(0)?)),
            notation: row.get(1)?,
            issued_on: issued_on
                .map(|day| day.parse())
                .transpose()
                .map_err(|_| StoreError::Corrupt { what: "issue date" })?,
            issuer: row.get(3)?,
            subject: row.get(4)?,
            urgency: Urgency::from_priority(row.get(5)?).unwrap_or_default(),
            arrived_at: Timestamp(row.get(6)?),
            registered,
        });
    }
    Ok(rows)
}

fn waits(tx: &Transaction<'_>, document: DocumentId) -> Result<bool> {
    let sql = format!("SELECT 1 FROM document d WHERE d.id = ?1 AND {WAITS}");
    Ok(tx
        .prepare_cached(&sql)?
        .exists(params![document.0.as_bytes()])?)
}
