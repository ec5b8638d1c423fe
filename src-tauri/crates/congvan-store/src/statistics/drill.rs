//! The documents behind a figure.

use std::cmp::Reverse;

use congvan_model::{Deadline, Direction, DocumentId, DocumentType};
use congvan_protocol::Intent;
use jiff::civil::Date;
use rusqlite::Connection;

use super::{Counted, Grouping, Measure, each, laid, measures};
use crate::{Store, document, error::Result, handling};

/// Which documents are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedWish {
    /// As the figure was counted.
    pub of: Counted,
    /// The figure.
    pub measure: Measure,
    /// Key of a group; none for all.
    pub group: Option<String>,
    /// How many to leave out.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
}

/// A part of the documents behind a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountedPage {
    /// The latest first.
    pub rows: Vec<CountedRow>,
    /// How many there are: the figure.
    pub total: usize,
}

/// A document behind a figure, as it was called on its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedRow {
    /// The document.
    pub document: DocumentId,
    /// Whether it can be opened: a registration that waits to be sent has no document yet.
    pub here: bool,
    /// By which way it went.
    pub direction: Direction,
    /// The day that it counts on.
    pub day: Date,
    /// Số đến.
    pub number: Option<u32>,
    /// Số, ký hiệu; empty when it has none.
    pub notation: String,
    /// Tên loại.
    pub kind: DocumentType,
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Trích yếu.
    pub subject: String,
    /// Thời hạn.
    pub due: Option<Deadline>,
}

impl Store {
    /// The documents behind a figure.
    ///
    /// # Errors
    /// Disk errors.
    pub fn counted(&self, wish: &CountedWish) -> Result<CountedPage> {
        self.read(|db| {
            let mut grouping = Grouping::new(db, wish.of.by);
            let mut found: Vec<(Date, DocumentId)> = Vec::new();
            each(db, wish.of.period, |one| {
                let has = measures(&one.fact, one.carried, wish.of.now).contains(&wish.measure);
                let belongs = |keys: Vec<(String, String)>, group: &String| {
                    keys.iter().any(|(key, _)| key == group)
                };
                let is_wanted = has
                    && match &wish.group {
                        Some(group) => belongs(grouping.keys(&one)?, group),
                        None => true,
                    };
                if is_wanted {
                    found.push((one.day, one.document));
                }
                Ok(())
            })?;
            found.sort_by_key(|(day, id)| Reverse((*day, id.0)));
            let total = found.len();
            let part = found.into_iter().skip(wish.offset).take(wish.limit);
            let mut rows = Vec::new();
            for (day, id) in part {
                rows.extend(row(db, id, day)?);
            }
            Ok(CountedPage { rows, total })
        })
    }
}

fn row(db: &Connection, id: DocumentId, day: Date) -> Result<Option<CountedRow>> {
    if let Some((mut found, _, _)) = document::load(db, id)? {
        handling::project(db, &mut found)?;
        return Ok(Some(CountedRow {
            document: id,
            here: true,
            direction: found.direction,
            day,
            number: found.arrival_number,
            notation: found.notation.map_or_else(String::new, |of| of.to_string()),
            kind: found.kind,
            issuer: found.issuer.name,
            subject: found.subject,
            due: found.due,
        }));
    }
    let Some(Intent::RegisterIncoming { fields, number, .. }) = laid::waiting(db, id)? else {
        return Ok(None);
    };
    let notation = fields.notation.as_ref();
    Ok(Some(CountedRow {
        document: id,
        here: false,
        direction: Direction::Incoming,
        day,
        number: number.map(|leased| leased.number),
        notation: notation.map_or_else(String::new, |of| of.to_string()),
        kind: fields.kind,
        issuer: fields.issuer_name,
        subject: fields.subject,
        due: fields.due,
    }))
}
