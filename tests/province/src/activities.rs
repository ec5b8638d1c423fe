//! The fields of activity (lĩnh vực) that agencies sort their documents by.

use congvan_protocol::FieldOfActivity;
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::error::Result;

/// What the seeded commune has: code and name.
const FIELDS: [(&str, &str); 12] = [
    ("to-chuc", "Tổ chức bộ máy, biên chế"),
    ("tai-chinh", "Tài chính, ngân sách"),
    ("dat-dai", "Đất đai, môi trường"),
    ("xay-dung", "Xây dựng, đô thị"),
    ("nong-nghiep", "Nông nghiệp, thủy lợi"),
    ("van-hoa", "Văn hóa, giáo dục"),
    ("y-te", "Y tế, an toàn thực phẩm"),
    ("lao-dong", "Lao động, chính sách xã hội"),
    ("quoc-phong", "Quốc phòng, an ninh"),
    ("tu-phap", "Tư pháp, hộ tịch"),
    ("van-thu", "Văn thư, lưu trữ"),
    ("cai-cach", "Cải cách hành chính, chuyển đổi số"),
];
/// Longest code and longest name, in characters.
const CODE_MAX: usize = 30;
const NAME_MAX: usize = 100;

/// Gives an agency the list above, unless it has one.
pub(crate) fn open(tx: &Transaction<'_>, agency: &str) -> Result<()> {
    if !of(tx, agency)?.is_empty() {
        return Ok(());
    }
    for (ordinal, (code, name)) in (1_u32..).zip(FIELDS) {
        tx.execute(
            "INSERT INTO activity(agency, code, ordinal, name) VALUES (?1, ?2, ?3, ?4)",
            params![agency, code, ordinal, name],
        )?;
    }
    Ok(())
}

/// The list of an agency, in its order.
pub(crate) fn of(tx: &Transaction<'_>, agency: &str) -> Result<Vec<FieldOfActivity>> {
    let mut statement =
        tx.prepare_cached("SELECT code, name FROM activity WHERE agency = ?1 ORDER BY ordinal")?;
    let rows = statement.query_map([agency], |row| {
        Ok(FieldOfActivity {
            code: row.get(0)?,
            name: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether what a desk sends is a field at all. One that the agency no longer has is no fault: the
/// paper was registered while it had it.
pub(crate) fn is_sane(field: &FieldOfActivity) -> bool {
    let within = |text: &str, most| (1..=most).contains(&text.trim().chars().count());
    within(&field.code, CODE_MAX) && within(&field.name, NAME_MAX)
}

/// What stands on the document: the agency's own name for it, or else what was sent.
pub(crate) fn named(
    tx: &Transaction<'_>,
    agency: &str,
    sent: &FieldOfActivity,
) -> Result<FieldOfActivity> {
    let code = sent.code.trim().to_owned();
    let own: Option<String> = tx
        .prepare_cached("SELECT name FROM activity WHERE agency = ?1 AND code = ?2")?
        .query_row(params![agency, code], |row| row.get(0))
        .optional()?;
    let name = own.unwrap_or_else(|| congvan_model::nfc(sent.name.trim()));
    Ok(FieldOfActivity { code, name })
}
