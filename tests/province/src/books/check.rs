//! The four promises about numbers, asked of the rows.

use rusqlite::Transaction;
use serde::Serialize;

use crate::error::Result;

/// What a check of all books found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NumbersReport {
    /// Each broken promise, in words; empty when all hold.
    pub violations: Vec<String>,
    /// Numbers that a device has given and whose documents have not come: none at rest.
    pub promised: u64,
    /// Numbers of blocks that are set aside for a lost device: none at rest.
    pub set_aside: u64,
    /// Numbers with a document.
    pub registered: u64,
    /// Numbers that are void.
    pub void: u64,
}

/// Each query gives one line for each violation.
const RULES: [(&str, &str); 8] = [
    (
        "N1 one number, one document",
        "SELECT e.book || '/' || e.year || ' ' || e.number FROM book_entry e
         JOIN document d ON d.id = e.document WHERE e.number IS NOT CASE d.direction
           WHEN 'incoming' THEN d.arrival_number ELSE CAST(d.notation AS INTEGER) END",
    ),
    (
        "N1 one document, one number",
        "SELECT hex(document) FROM book_entry WHERE document IS NOT NULL
         GROUP BY document HAVING COUNT(*) > 1",
    ),
    (
        "N2 no number without a record",
        "WITH RECURSIVE n(agency, book, year, number, stop) AS (
           SELECT agency, book, year, first, next FROM series WHERE first < next
           UNION ALL SELECT agency, book, year, number + 1, stop FROM n WHERE number + 1 < stop)
         SELECT n.book || '/' || n.year || ' ' || n.number FROM n
         WHERE NOT EXISTS (SELECT 1 FROM book_entry e WHERE e.agency = n.agency
             AND e.book = n.book AND e.year = n.year AND e.number = n.number)
           AND NOT EXISTS (SELECT 1 FROM book_lease l WHERE l.agency = n.agency
             AND l.book = n.book AND l.year = n.year AND l.state = 'broken'
             AND n.number BETWEEN l.lo AND l.hi)",
    ),
    (
        "N2 no record ahead of the book",
        "SELECT e.book || '/' || e.year || ' ' || e.number FROM book_entry e
         LEFT JOIN series s ON s.agency = e.agency AND s.book = e.book AND s.year = e.year
         WHERE e.number >= COALESCE(s.next, 0)
           AND NOT EXISTS (SELECT 1 FROM book_lease l WHERE l.agency = e.agency
             AND l.book = e.book AND l.year = e.year AND l.state = 'open'
             AND e.number BETWEEN l.lo AND l.hi)",
    ),
    (
        "N2 a void has a reason",
        "SELECT book || '/' || year || ' ' || number FROM book_entry
         WHERE state = 'void' AND trim(COALESCE(reason, '')) = ''",
    ),
    (
        "N3 reception times do not fall",
        "SELECT place FROM (SELECT book || '/' || year || ' ' || number AS place, booked_at,
           LAG(booked_at) OVER (PARTITION BY agency, book, year ORDER BY number) AS before
           FROM book_entry WHERE state = 'registered') WHERE before > booked_at",
    ),
    (
        "N4 the number of a withdrawn document is void",
        "SELECT w.book || '/' || w.year || ' ' || w.number FROM withdrawn w
         JOIN document d ON d.id = w.document
         LEFT JOIN book_entry e ON e.agency = w.agency AND e.book = w.book AND e.year = w.year
           AND e.number = w.number
         WHERE e.state IS NOT 'void' OR (d.direction = 'incoming'
           AND (d.arrival_number IS NOT w.number OR d.recalled = 0))",
    ),
    (
        "N4 a final number never changes",
        "SELECT 'the trigger is gone' WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema
           WHERE type = 'trigger' AND name = 'a_final_number_never_changes')",
    ),
];

/// Asks all of them.
pub(crate) fn check(tx: &Transaction<'_>) -> Result<NumbersReport> {
    let mut report = NumbersReport::default();
    for (rule, sql) in RULES {
        let mut statement = tx.prepare(sql)?;
        let places = statement.query_map([], |row| row.get::<_, String>(0))?;
        for place in places {
            report.violations.push(format!("{rule}: {}", place?));
        }
    }
    let count = |sql: &str| -> Result<u64> { Ok(tx.query_row(sql, [], |row| row.get(0))?) };
    let of_state = |state: &str| {
        count(&format!(
            "SELECT COUNT(*) FROM book_entry WHERE state = '{state}'"
        ))
    };
    report.promised = of_state("promised")?;
    report.registered = of_state("registered")?;
    report.void = of_state("void")?;
    report.set_aside = count(
        "SELECT COALESCE(SUM(l.hi - l.lo + 1 - (SELECT COUNT(*) FROM book_entry e
           WHERE e.agency = l.agency AND e.book = l.book AND e.year = l.year
             AND e.number BETWEEN l.lo AND l.hi)), 0) FROM book_lease l WHERE l.state = 'broken'",
    )?;
    Ok(report)
}
