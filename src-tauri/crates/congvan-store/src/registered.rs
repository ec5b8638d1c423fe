//! Papers that were registered here, and the numbers they have.

use congvan_model::{DocumentId, OpId, Timestamp};
use congvan_protocol::{GivenNumber, Intent};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{ActFate, Store, error::Result};

/// A paper in the list of what was registered here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredPaper {
    /// Its document.
    pub document: DocumentId,
    /// Its provisional id as written.
    pub provisional: String,
    /// The book and its year.
    pub book: (String, u16),
    /// Its number: out of the lease, or as the server gave it; none while it waits.
    pub number: Option<u32>,
    /// Trích yếu.
    pub subject: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// Where its intent stands.
    pub fate: ActFate,
}

impl Store {
    /// What was registered here and the server may not have, the latest first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn registrations(&self, limit: u32) -> Result<Vec<RegisteredPaper>> {
        self.read(|db| papers(db, limit))
    }

    /// Of these intents, those that a restored server has to be told the number of, registrations and
    /// numbers of what goes out: it gave it before, it stands on the paper, and the server may have
    /// forgotten it.
    ///
    /// # Errors
    /// Disk errors.
    pub fn given_numbers(&self, ops: &[OpId]) -> Result<Vec<GivenNumber>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT CASE o.kind WHEN 'handle' THEN CAST(d.notation AS INTEGER)
                   ELSE d.arrival_number END
                 FROM outbox o JOIN document d ON d.id = o.lane
                 WHERE o.op_id = ?1 AND o.offered_again = 1 AND o.state = 'waiting'
                   AND ((o.kind = 'register_incoming' AND d.arrival_number IS NOT NULL)
                     OR (o.kind = 'handle' AND d.notation IS NOT NULL
                       AND json_extract(o.facts, '$.act.act') = 'number'))",
            )?;
            let mut given = Vec::new();
            for op in ops {
                let number = query
                    .query_row(params![op.0.as_bytes()], |row| row.get(0))
                    .optional()?;
                given.extend(number.map(|number| GivenNumber { op: *op, number }));
            }
            Ok(given)
        })
    }
}

fn papers(db: &Connection, limit: u32) -> Result<Vec<RegisteredPaper>> {
    let mut query = db.prepare_cached(&format!(
        "{} WHERE o.kind = 'register_incoming' AND o.state <> 'withdrawn' ORDER BY o.local_seq DESC LIMIT ?1",
        crate::outbox::ACT_COLUMNS
    ))?;
    let mut rows = query.query(params![limit])?;
    let mut papers = Vec::new();
    while let Some(row) = rows.next()? {
        let entry = crate::outbox::act_entry(row)?;
        let document = entry.op.lane;
        let (book, year, received_at, provisional, number, subject) = match entry.op.intent {
            Intent::RegisterIncoming {
                document: _,
                book,
                year,
                received_at,
                provisional,
                number,
                fields,
                file: _,
            } => (book, year, received_at, provisional, number, fields.subject),
            Intent::RegisterReceived {
                book,
                year,
                received_at,
                provisional,
                number,
            } => {
                let known = crate::document::load(db, document)?;
                let subject = known.map(|(known, _, _)| known.subject).unwrap_or_default();
                (book, year, received_at, provisional, number, subject)
            }
            Intent::AddOpinion { .. }
            | Intent::LinkRevision { .. }
            | Intent::MarkRead
            | Intent::VoidNumber { .. }
            | Intent::PresentDocument { .. }
            | Intent::DraftDocument { .. }
            | Intent::Handle { .. }
            | Intent::WithdrawRegistration { .. }
            | Intent::Dossier { .. }
            | Intent::Task { .. }
            | Intent::ImportRows { .. }
            | Intent::ImportFile { .. }
            | Intent::Calendar { .. } => continue,
        };
        let given: Option<u32> = db
            .query_row(
                "SELECT arrival_number FROM document WHERE id = ?1",
                params![document.0.as_bytes()],
                |row| row.get(0),
            )
            .optional()?
            .flatten();
        papers.push(RegisteredPaper {
            document,
            provisional,
            book: (book, year),
            number: number.map(|leased| leased.number).or(given),
            subject,
            received_at,
            fate: entry.fate,
        });
    }
    Ok(papers)
}
