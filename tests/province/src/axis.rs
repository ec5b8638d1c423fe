//! The smallest true national axis: a document that another agency's system delivers, and what the
//! sender is told about it (status codes of the edXML messages: 01 đã đến, 03 đã tiếp nhận). The
//! wire of the axis itself is not played: what a sender would fetch lies in a table.

use congvan_model::{
    Direction, DocumentId, DocumentState, DocumentType, Notation, Timestamp, Urgency,
};
use congvan_protocol::{FileRole, Issuer, Signer};
use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::{
    ProvinceError, books, course, delivery, entity,
    error::Result,
    feed,
    office::Office,
    ops::touch_document,
    seed::{self, NewDocument, NewFile, Step},
    text::uuid,
};

/// The document was delivered.
const DELIVERED: &str = "01";
/// It was registered.
const REGISTERED: &str = "03";
/// Its sender wants it back.
const RECALLED: &str = "13";
/// The first step of what came over the axis.
pub(crate) const CAME: &str = "Gửi đến qua trục liên thông";

/// A document as it comes over the axis.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AxisDelivery {
    /// The sender's identifier of the document; unique.
    pub axis_id: String,
    /// Code of the sending agency.
    pub sender: String,
    /// Its name.
    pub sender_name: String,
    /// Số và ký hiệu.
    pub notation: Notation,
    /// Trích yếu.
    pub subject: String,
}

/// What a sender was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AxisStatus {
    /// The sender's identifier of the document.
    pub axis_id: String,
    /// To whom.
    pub sender: String,
    /// 01 delivered, 02 not taken, 03 registered, 04 directed, 05 taken up, 06 done, 13 wanted back,
    /// 15 given back, 16 kept.
    pub code: String,
    /// Why, where a code needs a reason; else empty.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Takes a document in: the clerks see it, and the sender is told that it is here. The same
/// identifier again is the same document.
pub(crate) fn deliver(office: &Office, new: &AxisDelivery, pdf: &[u8]) -> Result<DocumentId> {
    let now = office.now();
    office.db.write(|tx| {
        let known = tx
            .query_row(
                "SELECT document FROM axis_delivery WHERE axis_id = ?1",
                [&new.axis_id],
                |row| uuid(row, "document"),
            )
            .optional()?;
        if let Some(known) = known {
            return Ok(DocumentId(known));
        }
        let clerks = books::clerks(tx, seed::OWN_CODE)?;
        let document = NewDocument {
            id: DocumentId(uuid::Uuid::now_v7()),
            direction: Direction::Incoming,
            state: DocumentState::Received,
            notation: Some(new.notation.to_string()),
            issued_on: Some(now.vietnam_date()),
            arrival_number: None,
            arrived_at: now,
            kind: new
                .notation
                .document_type()
                .unwrap_or(DocumentType::OfficialLetter),
            issuer: Issuer {
                code: new.sender.clone(),
                name: new.sender_name.clone(),
            },
            subject: new.subject.clone(),
            urgency: Urgency::Normal,
            due: None,
            signer: Signer {
                position: String::new(),
                full_name: String::new(),
            },
            files: vec![NewFile {
                name: "van-ban.pdf".to_owned(),
                role: FileRole::Main,
                bytes: pdf.to_vec(),
                pages: None,
            }],
            access: clerks
                .into_iter()
                .map(|clerk| (clerk, None, None))
                .collect(),
            flow: vec![Step {
                at: now,
                who: new.sender_name.clone(),
                state: DocumentState::Received,
                note: CAME.to_owned(),
            }],
        };
        seed::insert_document(tx, office, &document)?;
        came(tx, document.id, (&new.axis_id, &new.sender), now)?;
        Ok::<_, ProvinceError>(document.id)
    })
}

/// A document that stands in the tables came over the axis, and its sender is told that it is here.
pub(crate) fn came(
    tx: &Transaction<'_>,
    document: DocumentId,
    (axis_id, sender): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO axis_delivery(document, axis_id, sender) VALUES (?1, ?2, ?3)",
        params![document.0.as_bytes(), axis_id, sender],
    )?;
    tell(tx, document, DELIVERED, now)
}

/// A document was registered: its sender is told the same day, once, where it came over the axis.
pub(crate) fn registered(tx: &Transaction<'_>, document: DocumentId, now: Timestamp) -> Result<()> {
    let came: bool = tx
        .prepare_cached("SELECT 1 FROM axis_delivery WHERE document = ?1")?
        .exists([document.0.as_bytes()])?;
    if came {
        tell(tx, document, REGISTERED, now)?;
    }
    Ok(())
}

/// Whether this document came over the axis with this file and waits for its registration.
pub(crate) fn awaits(
    tx: &Transaction<'_>,
    document: DocumentId,
    file: &congvan_protocol::RegisteredFile,
) -> Result<bool> {
    Ok(tx
        .prepare_cached(
            "SELECT 1 FROM axis_delivery x JOIN document d ON d.id = x.document
             JOIN file f ON f.document = d.id AND f.id = ?2
             JOIN revision r ON r.file = f.id AND r.id = ?3 AND r.sha256 = ?4
             WHERE x.document = ?1 AND d.state = 'received' AND d.recalled = 0",
        )?
        .exists(params![
            document.0.as_bytes(),
            file.file.0.as_bytes(),
            file.revision.0.as_bytes(),
            file.sha256.0
        ])?)
}

fn tell(tx: &Transaction<'_>, document: DocumentId, code: &str, now: Timestamp) -> Result<()> {
    tell_with(tx, document, (code, ""), now)
}

fn tell_with(
    tx: &Transaction<'_>,
    document: DocumentId,
    (code, reason): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO axis_status(document, code, at, reason) VALUES (?1, ?2, ?3, ?4)",
        params![document.0.as_bytes(), code, now.0, reason],
    )?;
    delivery::tell(tx, document, (code, reason), now)
}

/// The sender of a document is told this, once, where it came over the axis.
pub(crate) fn tell_of(
    tx: &Transaction<'_>,
    document: DocumentId,
    (code, reason): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    let came: bool = tx
        .prepare_cached("SELECT 1 FROM axis_delivery WHERE document = ?1")?
        .exists([document.0.as_bytes()])?;
    if came {
        tell_with(tx, document, (code, reason), now)?;
    }
    Ok(())
}

/// The sender wants a document back: everyone who has it sees why, and its registry is to answer.
/// False when there is none, or it was sent away already.
pub(crate) fn recall(office: &Office, axis_id: &str, reason: &str) -> Result<bool> {
    let now = office.now();
    office.db.write(|tx| {
        let known = tx
            .query_row(
                "SELECT document FROM axis_delivery WHERE axis_id = ?1",
                [axis_id],
                |row| uuid(row, "document"),
            )
            .optional()?;
        match known.map(DocumentId) {
            Some(document) => ask_back(tx, document, reason, now),
            None => Ok(false),
        }
    })
}

/// Everyone who has a document sees that its sender wants it back. False when it was sent away
/// already.
pub(crate) fn ask_back(
    tx: &Transaction<'_>,
    document: DocumentId,
    reason: &str,
    now: Timestamp,
) -> Result<bool> {
    let Some(mut course) = course::load(tx, document)? else {
        return Ok(false);
    };
    course.handling.recall = Some(reason.to_owned());
    course::save(tx, document, &course)?;
    tell_with(tx, document, (RECALLED, reason), now)?;
    let rev = entity::bump(tx, document)?;
    let readers = entity::readers(tx, document)?;
    feed::append(tx, touch_document(tx, document, rev, &readers)?)?;
    Ok(true)
}

/// Everything that senders were told, in its order.
pub(crate) fn statuses(office: &Office) -> Result<Vec<AxisStatus>> {
    office.db.read(|tx| {
        let mut statement = tx.prepare(
            "SELECT x.axis_id, x.sender, s.code, s.at, s.reason FROM axis_status s
             JOIN axis_delivery x ON x.document = s.document ORDER BY s.at, x.axis_id, s.code",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(AxisStatus {
                axis_id: row.get(0)?,
                sender: row.get(1)?,
                code: row.get(2)?,
                at: Timestamp(row.get(3)?),
                reason: row.get(4)?,
            })
        })?;
        Ok::<_, ProvinceError>(rows.collect::<rusqlite::Result<_>>()?)
    })
}
