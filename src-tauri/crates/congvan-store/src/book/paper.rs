//! The registers of what went by post and of who used a file copy (Decree 30/2020, Appendix IV) out of
//! what is on this machine, our own acts laid over it.

use std::collections::BTreeMap;

use congvan_model::{DocumentId, fold};
use congvan_protocol::{Document, handling::Outgoing};
use jiff::civil::Date;
use rusqlite::Connection;

use super::{BookWish, shown, titled};
use crate::{Store, dossiers, error::Result, handling};

/// A line of “Sổ gửi văn bản đi bưu điện”. Its fifth column, the receipt and stamp of the post office,
/// is filled on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailLine {
    /// The document.
    pub document: DocumentId,
    /// 1. Ngày chuyển.
    pub on: Date,
    /// 2. Số, ký hiệu văn bản.
    pub notation: String,
    /// 3. Nơi nhận văn bản.
    pub to: String,
    /// 4. Số lượng bì.
    pub envelopes: u16,
    /// 6. Ghi chú.
    pub note: String,
    /// What it is about, which is no column of the decree.
    pub subject: String,
}

/// A line of “Sổ sử dụng bản lưu”. Its sixth column, the borrower's signature, is filled on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanLine {
    /// The document.
    pub document: DocumentId,
    /// 1. Ngày tháng.
    pub on: Date,
    /// 2. Họ và tên người sử dụng.
    pub borrower: String,
    /// 3. Số, ký hiệu, ngày tháng văn bản.
    pub described: String,
    /// 4. Tên loại và trích yếu nội dung.
    pub subject: String,
    /// 5. Số và ký hiệu hồ sơ.
    pub dossier: String,
    /// 7. Ngày trả; none while it is out.
    pub returned_on: Option<Date>,
    /// 8. Người cho phép sử dụng.
    pub permitted_by: String,
    /// 9. Ghi chú.
    pub note: String,
}

/// A part of one of these registers, by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperLines<T> {
    /// Its lines.
    pub lines: Vec<T>,
    /// How many there are.
    pub total: usize,
    /// The years that have lines, the latest first.
    pub years: Vec<u16>,
}

impl Store {
    /// A part of the register of what went by post in a year.
    ///
    /// # Errors
    /// Disk errors.
    pub fn mail_lines(&self, wish: &BookWish) -> Result<PaperLines<MailLine>> {
        self.read(|db| {
            let mut lines = Vec::new();
            for_each(db, |document, out| {
                lines.extend(out.mailings.iter().map(|one| MailLine {
                    document: document.id,
                    on: one.on,
                    notation: notation(document, out),
                    to: one.to.clone(),
                    envelopes: one.envelopes,
                    note: one.note.clone(),
                    subject: titled(document.kind, &document.subject),
                }));
            })?;
            let words = |line: &MailLine| format!("{} {} {}", line.notation, line.to, line.subject);
            Ok(part(lines, wish, |line| line.on, words))
        })
    }

    /// A part of the register of who used a file copy in a year.
    ///
    /// # Errors
    /// Disk errors.
    pub fn loan_lines(&self, wish: &BookWish) -> Result<PaperLines<LoanLine>> {
        self.read(|db| {
            let mut lines = Vec::new();
            for_each(db, |document, out| {
                let filed = document.handling.as_ref().map(|all| all.dossier.clone());
                lines.extend(out.loans.iter().map(|one| LoanLine {
                    document: document.id,
                    on: one.on,
                    borrower: one.borrower.clone(),
                    described: described(document, out),
                    subject: titled(document.kind, &document.subject),
                    dossier: filed.clone().unwrap_or_default(),
                    returned_on: one.returned_on,
                    permitted_by: one.permitted_by.clone(),
                    note: one.note.clone(),
                }));
            })?;
            let dossiers = match lines.is_empty() {
                true => BTreeMap::new(),
                false => dossiers::by_document(db)?,
            };
            for line in &mut lines {
                if let Some(notation) = dossiers.get(&line.document) {
                    line.dossier.clone_from(notation);
                }
            }
            let words =
                |line: &LoanLine| format!("{} {} {}", line.described, line.borrower, line.subject);
            Ok(part(lines, wish, |line| line.on, words))
        })
    }
}

/// Every document that goes out of which something on paper may be written down.
fn for_each(db: &Connection, mut each: impl FnMut(&Document, &Outgoing)) -> Result<()> {
    let mut query = db.prepare_cached(
        "SELECT d.body, EXISTS (SELECT 1 FROM overlay_act a WHERE a.document = d.id)
         FROM document d WHERE d.id IN (
           SELECT id FROM document WHERE body -> '$.handling.outgoing.mailings' IS NOT NULL
             OR body -> '$.handling.outgoing.loans' IS NOT NULL
           UNION SELECT document FROM overlay_act)
         ORDER BY d.row",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let mut document: Document = serde_json::from_str(&row.get::<_, String>(0)?)?;
        if row.get(1)? {
            handling::project(db, &mut document)?;
        }
        let handling = document.handling.as_ref();
        if let Some(out) = handling.and_then(|all| all.outgoing.as_deref()) {
            each(&document, out);
        }
    }
    Ok(())
}

fn part<T>(
    mut lines: Vec<T>,
    wish: &BookWish,
    on: impl Fn(&T) -> Date,
    words: impl Fn(&T) -> String,
) -> PaperLines<T> {
    let year_of = |line: &T| u16::try_from(on(line).year()).unwrap_or_default();
    let mut years: Vec<u16> = lines.iter().map(year_of).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    let text = fold(wish.text.trim());
    lines.retain(|line| {
        let day = on(line);
        year_of(line) == wish.year
            && wish.from.is_none_or(|from| day >= from)
            && wish.to.is_none_or(|to| day <= to)
            && (text.is_empty() || fold(&words(line)).contains(&text))
    });
    lines.sort_by_key(on);
    let total = lines.len();
    let part = lines.into_iter().skip(wish.offset).take(wish.limit);
    PaperLines {
        lines: part.collect(),
        total,
        years,
    }
}

fn notation(document: &Document, out: &Outgoing) -> String {
    match document.notation.as_ref() {
        None => out.symbol.clone(),
        given => shown(given),
    }
}

fn described(document: &Document, out: &Outgoing) -> String {
    let notation = notation(document, out);
    match document.issued_on {
        Some(day) => format!(
            "{notation} ngày {:02}/{:02}/{:04}",
            day.day(),
            day.month(),
            day.year()
        ),
        None => notation,
    }
}
